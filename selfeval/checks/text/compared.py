"""The amounts a comparison is of: beside it in the text, or in the tables; only where certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ...budget.quantities import missing_reason
from ...evaluation import Evaluation
from ...sheets import Place
from ...terms import PHASES
from ...text.numbers import (
    Computed,
    Printed,
    change,
    computed,
    growth,
    growth_of,
    money,
    plus,
    share,
)
from ...text.paragraphs import OPAQUE, Paragraph, one_of
from .amounts import phases_said
from .comparisons import (
    SIGNS,
    Comparison,
    SaidAmount,
    Speech,
    amounts_said,
    is_rough,
    names_level,
    year_of,
)
from .stated import budgeted

_NEAREST = 6
"""How many amounts before a comparison may be what it is of, one or several together."""


@dataclass(frozen=True)
class Basis:
    """What may be computed for one comparison, one entry for each way to read it.

    ``missing`` says why nothing can be.
    """

    rates: tuple[Computed | None, ...] = ()
    changes: tuple[Computed | None, ...] = ()
    shown: str = ""
    places: tuple[Place, ...] = ()
    missing: str = ""


def basis_of(speaking: Speech, paragraph: Paragraph, said: Comparison) -> Basis | None:
    """Return what a comparison can be recomputed from, None if that is not certain."""
    if said.against == "budget" and not said.base_amount:
        return _of_budget(speaking, paragraph, said)
    if said.against == "budget":
        return _in_text(speaking, paragraph, said)
    return _in_text(speaking, paragraph, said) or _in_tables(speaking, paragraph, said)


def _in_text(speaking: Speech, paragraph: Paragraph, said: Comparison) -> Basis | None:
    news = _new_amounts(speaking, paragraph, said)
    old = _old_amount(speaking, paragraph, said, news)
    if news and old:
        return _from_both([(money(news[0].text), money(old))], f"文中{old}、{news[0].text}")
    if not said.amount or not said.rate:
        return None
    change, sign = money(said.amount), SIGNS[said.direction]
    if old:
        signed = Printed(sign * change.value, change.half)
        return Basis((computed(share, signed, money(old)),), (), f"文中{old}、{said.amount}")
    if news:
        # 甲5万元、乙3万元，比上年增加…: of one of them, or of all.
        amounts = [money(one.text) for one in news]
        sums = [*amounts, *accumulate(amounts, plus)]
        rates = tuple(computed(growth_of(sign), amount, change) for amount in sums)
        return Basis(rates, (), f"文中{news[0].text}、{said.amount}")
    return None


def _from_both(
    pairs: Sequence[tuple[Printed, Printed]], shown: str, places: tuple[Place, ...] = ()
) -> Basis:
    rates = tuple(computed(growth, new, old) for new, old in pairs)
    changes = tuple(computed(change, new, old) for new, old in pairs)
    return Basis(rates, changes, shown, places)


def _new_amounts(speaking: Speech, paragraph: Paragraph, said: Comparison) -> list[SaidAmount]:
    """Return the amount a comparison surely speaks of, then others of the same sentence."""
    start, text = paragraph.unit(said.start)[0], paragraph.text
    own = amounts_said(paragraph, start, said.start)
    between = text[own[-1].end if own else start : said.start]
    if not own and start:
        start, end = paragraph.units_before(said.start, 1)[0]
        own = amounts_said(paragraph, start, end)
        if len(own) != 1:
            return []
    if not own or not speaking.is_aside(between):
        return []
    respectively = one_of(speaking.case.words("respectively"))
    vague = f"{OPAQUE}|{respectively}"
    if re.search(vague, text[start : said.start]) or is_rough(speaking.case, paragraph, own[-1]):
        return []
    label = own[-1].label
    if not speaking.is_linking(said.subject) and said.subject not in label:
        return []
    year = year_of(speaking.case, label)
    if not names_level(speaking.case, label) or (year and year == _year(speaking.case, said)):
        return []
    return own[: -_NEAREST - 1 : -1]


def _old_amount(
    speaking: Speech, paragraph: Paragraph, said: Comparison, news: Sequence[SaidAmount]
) -> str:
    """Return the amount compared with: in the comparison itself, or labelled as it is."""
    if said.base_amount:
        return said.base_amount
    if not news or not speaking.is_linking(news[0].label):
        return ""
    start = paragraph.sentence(said.start)[0]
    year, phases = _year(speaking.case, said), set(phases_said(said.base))
    found = [
        one
        for one in amounts_said(paragraph, start, news[0].start)
        if year_of(speaking.case, one.label) == year
        and (not phases or not one.phases or phases & set(one.phases))
        and _is_plain(speaking, one.label)
        and not is_rough(speaking.case, paragraph, one)
    ]
    return found[0].text if len(found) == 1 else ""


def _is_plain(speaking: Speech, label: str) -> bool:
    """Return whether only linking words follow the year a label names."""
    last_year = one_of(speaking.case.words("last_year"))
    named = rf"20\d\d年度?|{last_year}"
    return speaking.is_linking(re.split(named, label)[-1])


def _year(case: Evaluation, said: Comparison) -> int | None:
    return year_of(case, said.base) if said.base else case.unit.year - 1


def _of_budget(speaking: Speech, paragraph: Paragraph, said: Comparison) -> Basis | None:
    """Return spending against budget; which of them is larger is the matter of another rule."""
    if not said.rate and not said.amount:
        return None
    of = budgeted(speaking, paragraph, said.start, said.phases)
    if of is None or of.executed is None or of.missing:
        return None
    pairs = [(of.executed.number, budget.number) for budget in of.of(said.phases)]
    return _from_both(pairs, of.shown(said.phases), of.places) if pairs else None


def _in_tables(speaking: Speech, paragraph: Paragraph, said: Comparison) -> Basis | None:
    line = _line_of(speaking, paragraph, said)
    if line is None:
        return None
    case = speaking.case
    phases = ("prior_final_accounts", "executed")
    old, new = (case.fen(line, phase) for phase in phases)
    if old is None or new is None:
        gap = phases[0] if old is None else phases[1]
        return Basis(missing=missing_reason(case.lines, line, gap))
    shown = f"表中{case.name(line)}" + "、".join(
        f"{PHASES[phase]}{case.printer.money(fen)}"
        for phase, fen in zip(phases, (old, new), strict=True)
    )
    pair = (Printed(Fraction(new)), Printed(Fraction(old)))
    return _from_both([pair], shown, case.places(line, *phases))


def _line_of(speaking: Speech, paragraph: Paragraph, said: Comparison) -> str | None:
    """Return the line whose spending is surely compared with the year before."""
    case = speaking.case
    before = paragraph.text[paragraph.sentence(said.start)[0] : said.start]
    if any(word in before for word in case.words("part_of_year")):
        return None
    if _year(case, said) != case.unit.year - 1:
        return None
    if phases_said(f"{said.base}{said.subject}") not in {(), ("executed",)}:
        return None
    named = speaking.named(said.subject)
    if named is None and not speaking.is_linking(said.subject):
        return None
    spoken = named or speaking.line(paragraph, said.start)
    if spoken is None or phases_said("".join(spoken[1])) != ("executed",):
        return None
    return spoken[0]
