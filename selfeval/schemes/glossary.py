"""The plain-language glossary at the end of a report."""

from __future__ import annotations

from pathlib import Path

from pydantic import model_validator

from ..strict import Strict, Text
from .loading import Sourced, differ, load_scheme


class Term(Strict):
    """A term and what it means in plain words."""

    term: Text
    meaning: Text


class Glossary(Sourced):
    """The plain-language glossary at the end of a report."""

    terms: tuple[Term, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Glossary:
        differ(term.term for term in self.terms)
        return self


def load_glossary(folder: Path) -> Glossary:
    """Load the glossary."""
    return load_scheme(folder, "glossary", "plain", Glossary)
