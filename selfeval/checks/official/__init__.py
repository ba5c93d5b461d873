"""Official tables and forms: what was read of them, and whether their numbers agree."""
