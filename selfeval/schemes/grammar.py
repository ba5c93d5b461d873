"""The words of budget prose: what names money, which phase they are of, how they join."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from ..strict import Text
from .known_names import GrammarWords, ReachedWords
from .loading import FromSource, Sourced, lacking, load_scheme

Side = Literal["", "revenue", "expenditure", "both"]
Total = Literal["", "grand", "current"]
LevelPhase = Literal["initial_budget", "adjusted_budget", "executed"]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class NameWords(FromSource):
    """Words that name money, and what they say of it; what several say adds up."""

    words: Words
    side: Side = ""
    fund: str = ""
    block: str = ""
    item: str = ""
    total: Total = ""


class PhaseWords(FromSource):
    """Words that say which phase a number may be of, in this year or the last."""

    words: Words
    phases: Annotated[tuple[LevelPhase, ...], Field(min_length=1)]
    last_year: bool = False


class RoleWords(FromSource):
    """Words that do one thing in a sentence."""

    words: Words
    description: Text


class Closed(FromSource):
    """Names that add up to a whole, each of several words that say it together."""

    whole: Words
    parts: Words


class ProseGrammar(Sourced):
    """The words of budget prose by what they do."""

    entries = ("names", "phases", "words", "alone", "units", "project_tails", "closed", "reached")
    names: tuple[NameWords, ...]
    phases: tuple[PhaseWords, ...]
    words: dict[GrammarWords, RoleWords]
    alone: dict[Literal["more", "less"], RoleWords]
    units: RoleWords
    project_tails: RoleWords
    closed: tuple[Closed, ...]
    reached: dict[ReachedWords, RoleWords]

    __hash__ = object.__hash__

    @model_validator(mode="after")
    def _complete(self) -> ProseGrammar:
        if fault := lacking(self.words, get_args(GrammarWords)):
            raise ValueError(f"words 里{fault}")
        if fault := lacking(self.reached, get_args(ReachedWords)):
            raise ValueError(f"reached 里{fault}")
        return self


def load_grammar(folder: Path) -> ProseGrammar:
    """Load the words of budget prose."""
    return load_scheme(folder, "text", "grammar", ProseGrammar)
