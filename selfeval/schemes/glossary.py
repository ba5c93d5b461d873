"""The plain-language glossary at the end of a report."""

from __future__ import annotations

from pathlib import Path

from ..strict import Strict, Text
from .loading import Sourced, load_scheme


class Term(Strict):
    """A term and what it means in plain words."""

    term: Text
    meaning: Text


class Glossary(Sourced):
    """The plain-language glossary at the end of a report."""

    terms: tuple[Term, ...]


def load_glossary(folder: Path) -> Glossary:
    """Load the glossary."""
    return load_scheme(folder, "glossary", "plain", Glossary)
