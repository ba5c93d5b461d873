"""What the unit hands in: its form against itself, its files, what is missing or personal."""
