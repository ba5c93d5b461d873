"""The form we hand out: written, read strictly, and a new unit's folder made with it."""
