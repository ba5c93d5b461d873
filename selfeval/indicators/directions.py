"""Which way an indicator is to go: signs and words read where they stand, cost, or nothing said.

A direction is never guessed: where nothing says it and it matters, or where two places say
different ones, there is none, with the reason and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ..folding import fold
from ..schemes.checks import Checks
from ..schemes.known_names import WordsName
from ..schemes.readings import ValueWords
from ..schemes.scoring import Scoring
from ..tables.rows import Indicator, ValueField
from ..terms import COMPARISONS, FAMILIES, TABLE_HEADS
from .deadlines import Time, read_time
from .readings import (
    ReadNumber,
    UnreadValue,
    arabic,
    end_of,
    measure,
    plain_value,
    read_number,
    read_numbers,
    start_of,
    unit_of,
    with_unit,
)

STRICT: Final = {"more_than": "at_least", "less_than": "at_most"}
"""The comparisons that leave the number itself out, and those that take it in."""

_SIDES = {"at_least": 1, "more_than": 1, "equal": 0, "at_most": -1, "less_than": -1}
_SPENDING: Final[tuple[WordsName, ...]] = ("cost_names", "spending_names")
_LEVEL_TAIL = re.compile(r"(?:\([^()]*\)|指标|等)$")
_BRACKETS = re.compile(r"\([^()]*\)$")
_YEAR = len("2021")
_BETWEEN_SIGNS = re.compile(r"(?<=[^\w\s])\s+(?=[^\w\s])")
_BEFORE_SIGNS = ":)"
_REACH = 2
"""How many characters before a word may turn it round: 不会低于."""
_Ways = Mapping[WordsName, str]
_SAYS: Final[_Ways] = {
    "direction_at_least": "at_least",
    "direction_at_most": "at_most",
    "direction_more_than": "more_than",
    "direction_less_than": "less_than",
    "direction_equal": "equal",
}
_LEADS: Final[_Ways] = {
    "direction_at_least_leads": "at_least",
    "direction_at_most_leads": "at_most",
}
_BEHIND_SAYS: Final[_Ways] = {
    "direction_at_least_behind": "at_least",
    "direction_at_most_behind": "at_most",
}
_NAMED: Final[_Ways] = {
    "direction_at_least_named": "at_least",
    "direction_at_most_named": "at_most",
}


@dataclass(frozen=True)
class Direction:
    """Which way an indicator goes, and its target without the sign or words that say so.

    ``comparison`` is a key of ``COMPARISONS``, or "" where it cannot be told: ``why`` then says
    so, ``remedy`` what to write, ``field`` in which column, and ``readings`` are the comparisons
    it may mean, if any. ``before`` and ``behind`` are what was printed around the ``text``.
    """

    comparison: str
    text: str
    before: str = ""
    behind: str = ""
    why: str = ""
    remedy: str = ""
    field: str = ""
    readings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Grammar:
    """The words of a scheme, as they are looked for.

    ``lead_in`` is what may stand before a number or its sign and changes neither.
    """

    means: dict[str, str]
    leads: dict[str, str]
    behind: dict[str, str]
    named: dict[str, str]
    included: tuple[str, ...]
    negations: frozenset[str]
    sentences: frozenset[str]
    qualitative: frozenset[str]
    silent: frozenset[str]
    every: re.Pattern[str]
    lead_in: re.Pattern[str]
    before: re.Pattern[str]
    opening: re.Pattern[str]
    symbols: frozenset[str]


@dataclass(frozen=True)
class _Target:
    """A cell taken apart: signs, text, words; the comparisons these say, firmly or loosely."""

    printed: str
    text: str
    before: str = ""
    behind: str = ""
    firm: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    label: str = ""
    opens: bool = False
    """Whether it begins with a sign, or has one where it says nothing clear."""
    change: str = ""
    is_task: bool = False
    """Whether the number is said to be what was done of a task: 完成."""

    def in_words(self) -> _Target:
        """Return the cell as words that say no direction."""
        return _Target(self.printed, self.printed)


@lru_cache(maxsize=4096)
def _bare_level(heading: str) -> str:
    """Return what a first or second level is about: 成本 of 成本指标（10分）."""
    shorter, bare = fold(heading), ""
    while shorter != bare:
        bare, shorter = shorter, _LEVEL_TAIL.sub("", shorter)
    return bare


def is_level(heading: str, names: Iterable[str]) -> bool:
    """Return whether a first or second level is one of these, with more before it or not."""
    return _bare_level(heading).endswith(tuple(map(_bare_level, names)))


def family_of(row: Indicator) -> str:
    """Return our id of an indicator's family (一级指标), "" if an official form has another."""
    heading = row.indicator_family
    return next((own for own, name in FAMILIES.items() if is_level(heading, [name])), "")


def is_cost(row: Indicator, scoring: Scoring) -> bool:
    """Return whether an indicator is about what something costs: by its levels or its name."""
    aspect = row.indicator_aspect
    if family_of(row) == "cost" or is_level(aspect, scoring.checks.listed("cost_aspects")):
        return True
    return family_of(row) not in {"outcome", "satisfaction"} and _ends(row, scoring, *_SPENDING)


def is_saving(row: Indicator, scoring: Scoring) -> bool:
    """Return whether an indicator of cost is about what is not spent."""
    said = fold(f"{row.indicator_name}{row.measure_unit}")
    return any(word in said for word in scoring.checks.listed("saving"))


def comparison_of(row: Indicator, scoring: Scoring) -> str:
    """Return how an indicator is compared, "" where that cannot be told."""
    return direction_of(row, scoring).comparison


def direction_of(row: Indicator, scoring: Scoring) -> Direction:
    """Return which way an indicator goes: by its own column, the words of its target, or its kind.

    A target that nothing says a direction of is read as the profile says for its family where
    every reader would; a target in words is qualitative.
    """
    grammar = _grammar(scoring.checks, scoring.words)
    target = _parts(row.target_value, scoring)
    counts = any(map(str.isdigit, arabic(row.actual_value, scoring.words.counters)))
    if is_none(row, "target_value", scoring) and (counts or is_none(row, "actual_value", scoring)):
        target = _Target(target.printed, "0")
    elif not counts and (target.change or target.is_task) and not target.firm:
        target = target.in_words()  # 完成20场 may be answered by 达成
    number = read_number(target.text, "target", scoring.words)
    is_number = (
        isinstance(number, ReadNumber)
        and not set(number.unit) & grammar.sentences
        and _time(row, target, scoring) is None
    )
    if not is_number and not target.opens:
        target = target.in_words()  # they speak of more than a number
    if is_marked_qualitative(row, scoring):
        if not target.firm or target.label:
            return Direction("qualitative", target.printed)
        return _unclear(
            target,
            "comparison",
            f"写的是“{target.printed}”，指标性质却是“{row.comparison}”",
            "请核对：用数考核的，指标性质改成这个数的方向；不用数的，年度指标值写要达到的程度。",
        )
    return _combined(row, scoring, target, is_number)


def shown_target(row: Indicator, scoring: Scoring) -> str:
    """Return an indicator's target as it is printed: its sign once, its unit once."""
    told, unit, words = direction_of(row, scoring), row.measure_unit, scoring.words
    if told.comparison == "qualitative":
        return with_unit(row.target_value, unit, words)
    says = told.before or told.behind or time_limit(row, scoring)
    sign = "" if says or not told.comparison else COMPARISONS[told.comparison]
    text = (
        told.text if told.behind and told.text[-1:].isalpha() else with_unit(told.text, unit, words)
    )
    return f"{sign}{told.before}{text}{told.behind}"


def time_limit(row: Indicator, scoring: Scoring) -> Time | None:
    """Return the time by which something was to be done, None where the target is none."""
    return _time(row, _parts(row.target_value, scoring), scoring)


def _time(row: Indicator, target: _Target, scoring: Scoring) -> Time | None:
    said, unit = target.text, unit_of(row.measure_unit, scoring.words)
    number = read_number(said, "target", scoring.words)
    if isinstance(number, ReadNumber) and not number.unit:
        # 10 in a column of 月底前 is a time as well, in one of 月 where the name says so.
        is_month = unit in scoring.words.months and names_date(row, scoring)
        by_then = is_month or unit.endswith(scoring.words.by_then)
        if not (by_then if unit else _is_dated(row, said, scoring)):
            return None
        said = f"{said}{unit}"
    return read_time(said, row.fiscal_year, scoring.words)


def _is_dated(row: Indicator, digits: str, scoring: Scoring) -> bool:
    """Return whether digits may be those of a date: 2021.12, 20211231, or a year by its name."""
    aspect = fold(row.indicator_aspect)
    is_timely = aspect in _listed(scoring, "timeliness_aspects") and len(digits) > _YEAR
    return is_timely or names_date(row, scoring)


def names_date(row: Indicator, scoring: Scoring) -> bool:
    """Return whether an indicator is by its name a date."""
    return _bare_name(row).endswith(tuple(map(fold, scoring.words.date_names)))


@dataclass(frozen=True)
class SaidActual:
    """An actual value: the sign or words of a limit in it, "" if it is exact, and its number.

    ``change`` is the way in which something changed by that number, ``is_task`` whether the
    number says how much of a task was done.
    """

    bound: str
    text: str
    change: str = ""
    is_task: bool = False


def is_never_negative(row: Indicator, unit: str, scoring: Scoring) -> bool:
    """Return whether a number is an amount or a count, and not how much more or less there is."""
    words = scoring.words
    counted = measure(unit, words)[0].partition("/")[0]
    differs = change_of(row, scoring) or any(w in _bare_name(row) for w in words.differences)
    return not differs and (counted in words.counters or counted in words.alike.values())


def is_marked_qualitative(row: Indicator, scoring: Scoring) -> bool:
    """Return whether the column of signs says that an indicator is judged by degrees."""
    return fold(row.comparison) in _grammar(scoring.checks, scoring.words).qualitative


def own_direction(row: Indicator, scoring: Scoring) -> str:
    """Return the comparison that a target says in its own words, "" if it says none."""
    return _narrowest(_parts(row.target_value, scoring).firm)


def said_of(value: object, scoring: Scoring) -> SaidActual:
    """Return what an actual value says, without the words that say it."""
    parts = _parts(value, scoring)
    bound = _narrowest(parts.firm)
    if parts.label or (parts.firm and not bound):
        return SaidActual("", parts.printed)
    done = end_of(parts.text, scoring.words.task_after)
    is_task = parts.is_task or bool(done)
    return SaidActual(bound, parts.text.removesuffix(done), parts.change, is_task)


def is_none(row: Indicator, field: ValueField, scoring: Scoring) -> bool:
    """Return whether a value says that nothing happened: 无 of accidents, 零事故, 未发生事故.

    What an actual value says did not happen must stand in the target or the indicator's name:
    未发生重大事故 does not tell that there was no accident.
    """
    said = fold(row.value(field)).rstrip("。;")
    found = start_of(said, scoring.words.nothing)
    rest = said.removeprefix(found)
    if not found:
        return False
    if field == "actual_value":
        return rest in f"{fold(row.target_value)}\n{_bare_name(row)}"
    if not rest:
        return _is_adverse(row, scoring)
    return rest.endswith(_listed(scoring, "direction_adverse_names"))


def change_of(row: Indicator, scoring: Scoring) -> str:
    """Return what change a target is one of, by its own words or the indicator's name."""
    own = _parts(row.target_value, scoring).change
    return own or next((way for way in scoring.words.changes if _names(row, way, scoring)), "")


def changed_alike(row: Indicator, scoring: Scoring) -> bool:
    """Return whether a target and an actual value are of one change: 增长8%, and 增长 again.

    Where only one of them says it, the indicator's name has to.
    """
    target, actual = (_parts(value, scoring) for value in (row.target_value, row.actual_value))
    if target.change == actual.change:
        return True
    if target.change and actual.change:
        return False
    return _names(row, target.change or actual.change, scoring)


def _names(row: Indicator, change: str, scoring: Scoring) -> bool:
    name = _bare_name(row)
    return any(word in name for word in scoring.words.changes[change])


def number_of(row: Indicator, field: ValueField, scoring: Scoring) -> Fraction | None:
    """Return an indicator's target or actual value as a number, None if it is none.

    What is no amount of the thing itself is none: a change, a share of a task, a date in digits.
    """
    parts = _parts(row.value(field), scoring)
    if parts.change or parts.is_task or _time(row, parts, scoring) is not None:
        return None
    found = read_numbers(parts.text, parts.text, row.measure_unit, scoring.words)
    return None if isinstance(found, UnreadValue) else found[0].value


# --- the cell ----------------------------------------------------------------------------------


def _parts(value: object, scoring: Scoring) -> _Target:
    return _read(plain_value(value), scoring.checks, scoring.words)


@lru_cache(maxsize=4096)
def _read(printed: str, checks: Checks, words: ValueWords) -> _Target:
    grammar, text = _grammar(checks, words), arabic(printed, words.counters)
    opening = grammar.lead_in.match(text)
    if opening is None:
        return replace(_taken_apart(text, grammar), printed=printed)
    told = _taken_apart(text[opening.end() :], grammar)
    return replace(
        told,
        printed=printed,
        before=f"{opening[0]}{told.before}",
        change=next((w for w, names in words.changes.items() if opening["change"] in names), ""),
        is_task=any(word in opening["doing"] for word in words.task),
    )


@lru_cache(maxsize=8)
def _grammar(checks: Checks, words: ValueWords) -> _Grammar:
    def listed(name: WordsName) -> tuple[str, ...]:
        return tuple(map(fold, checks.listed(name)))

    means, leads, behind, named = (
        {word: way for name, way in lists.items() for word in listed(name)}
        for lists in (_SAYS, _LEADS, _BEHIND_SAYS, _NAMED)
    )
    every = _any_of([*means, *leads])
    doing, since = _any_of([*words.doing, *words.task]), _any_of(words.since)
    changes = _any_of(name for names in words.changes.values() for name in names)
    signs = [word for word in means if not any(map(str.isalpha, word))]
    return _Grammar(
        means=means,
        leads=leads,
        behind=behind,
        named=named,
        included=listed("direction_included"),
        negations=frozenset("".join(listed("direction_negations"))),
        sentences=frozenset("".join(listed("direction_sentences"))),
        qualitative=frozenset(listed("direction_qualitative")),
        silent=frozenset([*listed("direction_silent"), *words.no_unit]),
        every=re.compile(every),
        lead_in=re.compile(
            rf"(?P<doing>{doing}*)(?:{since}?(?P<change>{changes}))?(?={every}?\s*[-+.]?[0-9])"
        ),
        before=re.compile(
            rf"(?P<label>[^0-9]{{0,30}}?)(?P<signs>(?:{every}\s*){{1,4}})(?P<body>[-+.]?[0-9].*)",
            re.DOTALL,
        ),
        opening=re.compile(
            rf"(?P<label>)(?P<signs>(?:{_any_of(signs)}\s*){{1,4}})(?P<body>.*)", re.DOTALL
        ),
        symbols=frozenset("".join(signs)),
    )


def _any_of(words: Iterable[str]) -> str:
    longest = sorted(words, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, longest))})"


def _taken_apart(printed: str, grammar: _Grammar) -> _Target:
    """Take a cell apart: what stands before its number, the number, what stands behind it."""
    text = _BETWEEN_SIGNS.sub("", printed)
    found = grammar.before.fullmatch(text) or grammar.opening.fullmatch(text)
    label, signs, body = found.groups() if found else ("", "", text)
    if not found and not text.lstrip("-+.")[:1].isdigit():
        return _Target(printed, printed)
    text, word = _cut_behind(body, grammar)
    said = grammar.every.findall(signs)
    firm = {grammar.means[sign] for sign in said if sign in grammar.means}
    if word:
        firm.add(grammar.behind[word])
    label = label.strip()
    turned = set(label[-_REACH:]) & grammar.negations
    strange = label and not label[-1].isalpha() and label[-1] not in _BEFORE_SIGNS
    if turned or strange or set(text) & grammar.symbols:  # 不会低于90%, 》=90%, ≥90%且≤100%
        firm = set(_SIDES)
    return _Target(
        printed,
        text.strip(),
        f"{label}{signs}".rstrip(),
        body.removeprefix(text).strip(),
        frozenset(firm),
        frozenset(grammar.leads[word] for word in said if word in grammar.leads),
        label,
        opens=printed[:1] in grammar.symbols or len(firm) == len(_SIDES),
    )


def _cut_behind(text: str, grammar: _Grammar) -> tuple[str, str]:
    """Return a text without what stands behind its number, and the word that says a direction."""
    bare = _without_included(text.rstrip(), grammar)
    word = end_of(bare, grammar.behind)
    rest = _without_included(bare.removesuffix(word), grammar) if word else bare
    return (rest, word) if any(map(str.isdigit, rest)) else (text, "")


def _without_included(text: str, grammar: _Grammar) -> str:
    for word in grammar.included:
        text = text.removesuffix(word)
    return text.rstrip()


# --- what it says together with the column -----------------------------------------------------


def _combined(row: Indicator, scoring: Scoring, target: _Target, is_number: bool) -> Direction:
    grammar, column = _grammar(scoring.checks, scoring.words), fold(row.comparison)
    own = (grammar.means | grammar.behind | grammar.leads).get(column, "")
    if own == "equal" and not any(map(str.isdigit, target.printed)):
        return Direction("qualitative", target.printed)
    named = grammar.named.get(column, "")
    loose = target.loose | {named} - {""}
    if (target.firm or (loose and not own)) and not _narrowest(target.firm or loose):
        return _unclear(target, "target_value", f"“{target.printed}”的方向看不明白", _ONE_DIRECTION)
    firm = _narrowest(target.firm | {own} - {""})
    opposed = _SIDES.get(firm, 0) * _SIDES.get(named, 0) < 0
    if opposed or (own and not firm):
        return _unclear(
            target,
            "comparison",
            f"写的是“{target.printed}”，与指标性质“{row.comparison}”说的不是一个方向",
            "请核对后把两处改成同一个方向。",
        )
    if own and not target.firm:
        return Direction(own, target.text, target.before if target.change else "")
    if firm or loose:
        return Direction(firm or _narrowest(loose), target.text, target.before, target.behind)
    if not is_number:
        return Direction("qualitative", target.printed)
    if target.change:
        return Direction("at_least", target.text, target.before, target.behind)
    return _unstated(row, scoring, target, "" if column in grammar.silent else column)


_ONE_DIRECTION = "请在数前面只写一个方向，如“≥90%”；要求在两个数之间的，请分成两项指标。"


def _narrowest(ways: frozenset[str]) -> str:
    """Return the one comparison that is all of some, "" if there is none: ≤ and < are <."""
    if len(ways) == 1:
        return next(iter(ways))
    return next((way for way, wider in STRICT.items() if ways == {way, wider}), "")


def _unclear(
    target: _Target, field: str, fault: str, remedy: str, readings: tuple[str, ...] = ()
) -> Direction:
    why = f"{TABLE_HEADS['target']}{fault}"
    return Direction("", target.text, target.before, target.behind, why, remedy, field, readings)


# --- nothing says it ---------------------------------------------------------------------------


def _unstated(row: Indicator, scoring: Scoring, target: _Target, unknown: str) -> Direction:
    """Return the direction of a number that is without one, where every reader sees the same."""
    usual = _usual(row, scoring, target)
    if target.text == "0" or number_of(row, "target_value", scoring) == 0:
        usual = "at_most"  # to reach at least nothing asks nothing
    if usual and not unknown:
        return Direction(usual, target.text)
    column = row.comparison
    said = f"，指标性质“{column}”也看不出方向" if column else "，指标性质也没有写"
    return _unclear(
        target,
        "comparison",
        f"“{target.text}”没有写方向{said}，按“≥”和按“≤”得分不同",
        "请在“指标性质”写“≥”（越多越好）或“≤”（越少越好）；表里没有这一栏的，写在数的前面，"
        f"如“≤{target.text}”。",
        ("at_least", "at_most"),
    )


def _usual(row: Indicator, scoring: Scoring, target: _Target) -> str:
    """Return how a profile reads a number without a sign, "" where readers would differ."""
    cost, unstated = is_cost(row, scoring), scoring.quantitative.unstated
    number = read_number(target.text, "target", scoring.words)
    unit = plain_value(row.measure_unit) or (number.unit if isinstance(number, ReadNumber) else "")
    takes_time = fold(unit) in _listed(scoring, "direction_unclear_units")
    if takes_time or _ends(row, scoring, "direction_unclear_names") or _is_adverse(row, scoring):
        return ""
    if cost and is_saving(row, scoring):
        return unstated.other
    if cost:
        return "" if _ends(row, scoring, "not_a_cost", "money_spent_names") else unstated.cost
    return "" if _ends(row, scoring, *_SPENDING) else unstated.other


def _is_adverse(row: Indicator, scoring: Scoring) -> bool:
    """Return whether an indicator's name is of what nobody wants more of."""
    name, adverse = _bare_name(row), _listed(scoring, "direction_adverse_names")
    if any(word in name for word in _listed(scoring, "direction_handled")):
        return False
    measures = ("", *_listed(scoring, "direction_adverse_measures"))
    return any(name.removesuffix(end).endswith(adverse) for end in measures)


def _ends(row: Indicator, scoring: Scoring, *names: WordsName) -> bool:
    """Return whether an indicator's name ends with a word of these lists."""
    return _bare_name(row).endswith(_listed(scoring, *names))


def _listed(scoring: Scoring, *names: WordsName) -> tuple[str, ...]:
    return tuple(fold(word) for name in names for word in scoring.checks.listed(name))


def _bare_name(row: Indicator) -> str:
    return _BRACKETS.sub("", fold(row.indicator_name))
