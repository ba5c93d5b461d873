"""The words of budget prose: what names money, which phase they are of, how they join."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from ..strict import Text
from .known_names import CountingWords, GrammarWords, RankWords, ReachedWords
from .loading import FromSource, Sourced, differ, lacking, load_scheme, require

Side = Literal["", "revenue", "expenditure", "both"]
Total = Literal["", "grand", "current"]
Bound = Literal["about", "near", "least", "most", "none"]
LevelPhase = Literal["initial_budget", "adjusted_budget", "executed"]
Words = Annotated[tuple[Text, ...], Field(min_length=1)]


class NameWords(FromSource):
    """Words that name money, and what they say of it; what several say adds up.

    Those that name it only where no other word stands beside them are ``alone``; those of an item
    ``of`` another name it only where that is spoken of.
    """

    words: Words
    side: Side = ""
    fund: str = ""
    block: str = ""
    item: str = ""
    total: Total = ""
    alone: bool = False
    of: str = ""


class PhaseWords(FromSource):
    """Words that say which phase a number may be of, in this year or the last."""

    words: Words
    phases: Annotated[tuple[LevelPhase, ...], Field(min_length=1)]
    last_year: bool = False


class RoleWords(FromSource):
    """Words that do one thing in a sentence."""

    words: Words
    description: Text


class ThingWords(FromSource):
    """Something that is counted alike in every document, and the words that name it.

    ``noun`` stands before or after its number too, if not "".
    """

    item: str
    name: Text
    words: Words
    units: Words
    noun: str = ""


class Closed(FromSource):
    """Names that add up to a whole, each of several words that say it together."""

    whole: Words
    parts: Words


class HedgeWords(FromSource):
    """Words before or after a number that say only about how much it is, at least or at most."""

    bound: Bound
    before: Words
    after: tuple[Text, ...] = ()


class ProseGrammar(Sourced):
    """The words of budget prose by what they do."""

    entries = (
        "names", "phases", "words", "alone", "units", "hedges", "project_tails", "ranks", "closed",
        "reached", "counting", "things",
    )  # fmt: skip
    names: tuple[NameWords, ...]
    phases: tuple[PhaseWords, ...]
    words: dict[GrammarWords, RoleWords]
    alone: dict[Literal["more", "less", "afterwards", "link"], RoleWords]
    units: RoleWords
    hedges: tuple[HedgeWords, ...]
    project_tails: RoleWords
    ranks: dict[RankWords, RoleWords]
    closed: tuple[Closed, ...]
    reached: dict[ReachedWords, RoleWords]
    counting: dict[CountingWords, RoleWords]
    things: tuple[ThingWords, ...]

    __hash__ = object.__hash__

    @property
    def _by_use(self) -> tuple[NameWords | PhaseWords | RoleWords, ...]:
        """The lists that a sentence's words are looked up in: a word does one thing."""
        return (*self.names, *self.phases, *self.words.values())

    @model_validator(mode="after")
    def _complete(self) -> ProseGrammar:
        if fault := lacking(self.words, get_args(GrammarWords)):
            raise ValueError(f"words 里{fault}")
        differ(word for own in self._by_use for word in own.words)
        items = {one.item for one in self.names}
        require("科目", (one.of for one in self.names if one.of), items, "names 的 of 里")
        if fault := lacking(self.ranks, get_args(RankWords)):
            raise ValueError(f"ranks 里{fault}")
        if fault := lacking(self.reached, get_args(ReachedWords)):
            raise ValueError(f"reached 里{fault}")
        if fault := lacking(self.counting, get_args(CountingWords)):
            raise ValueError(f"counting 里{fault}")
        return self


def load_grammar(folder: Path) -> ProseGrammar:
    """Load the words of budget prose."""
    return load_scheme(folder, "text", "grammar", ProseGrammar)
