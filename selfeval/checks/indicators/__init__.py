"""Indicators: their wording, weights, values, evidence, and the score as a whole."""
