"""The unit's own words against its numbers, and against themselves."""
