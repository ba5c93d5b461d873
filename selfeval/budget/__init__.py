"""Budget lines, every quantity that follows from them, and where to fill in what is missing."""
