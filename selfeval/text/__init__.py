"""The unit's words: paragraphs, the numbers in them, and what each number says."""
