"""Indicators and a profile → scores, compared, previewed as a reviewer, and beside their peers."""
