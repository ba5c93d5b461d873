"""Notebooks shown, run and exported: one unit, or all of them."""
