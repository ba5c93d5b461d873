"""Layouts of evaluation forms: their parts, columns, rows and labels, from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from ..errors import ParamsError
from ..folding import fold
from ..strict import Strict, Text
from .form import INDICATOR_FIELDS
from .loading import FromSource, Sourced, lacking, require, unknown

Kind = Literal["amount", "count", "rate", "points", "area", "text", "skip"]
Rows = Literal["single", "items", "names", "indicators", "text"]
Names = Annotated[tuple[str, ...], Field(min_length=1)]
_Held = TypeVar("_Held")
_INDICATOR_FIELDS = INDICATOR_FIELDS | {"adjusted_target", "coefficient", "is_core"}


class Column(Strict):
    """One column of a table or form, under any of its headings ("a/b": b below a).

    ``item`` is what its numbers are of, where no row says it.
    """

    headings: Names
    block: str = ""
    item: str = ""
    fund: str = ""
    phase: str = ""
    optional: bool = False

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The headings as folded paths."""
        return tuple(tuple(fold(part) for part in path.split("/")) for path in self.headings)


class FormColumn(Column):
    """One column of a part of a form.

    ``measure`` is what a number that is no money measures, or the field of an indicator;
    ``year`` the year its heading names, counted from the form's own; ``units`` what may stand
    behind its numbers.
    """

    kind: Kind = "amount"
    measure: str = ""
    year: int | None = None
    units: tuple[str, ...] = ()


class FormItem(Strict):
    """One fixed row, or one label with its value beside or behind it.

    ``opens`` is the block of the rows under it that bear names of their own; ``after`` the items
    one of which must come just before, where the name alone could mean several.
    """

    item: Text
    names: Names
    kind: Kind = "amount"
    measure: str = ""
    block: str = ""
    fund: str = ""
    phase: str = ""
    table: str = ""
    opens: str = ""
    after: tuple[str, ...] = ()

    @cached_property
    def folded(self) -> frozenset[str]:
        """The names folded."""
        return frozenset(map(fold, self.names))


class FormBand(Strict):
    """A part of a form with a header of its own.

    ``rows`` says what a row is: one of ``items``, a line under a name of its own, an indicator,
    nothing but what the columns say (``single``), or prose. ``unlabelled`` is the item of a row
    without a label; ``weighs`` what the points in its heading are the weight of.
    """

    table: Text
    title: Text
    rows: Rows
    columns: str | tuple[FormColumn, ...]
    items: str | tuple[FormItem, ...] = ()
    block: str = ""
    phase: str = ""
    unlabelled: str = ""
    weighs: Literal["execution", "indicators", ""] = ""

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every word of every heading, folded."""
        return frozenset(w for c in form_columns(self) for path in c.paths for w in path)


class Titled(FromSource):
    """What is known by its title: each of ``has`` is in it ("a|b": one of them), no ``lacks``."""

    title: Text
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def titled(self, title: str) -> bool:
        """Return whether a folded title may be its own."""
        for part in self._has:  # in plain loops: each title is held against every table
            for word in part:
                if word in title:
                    break
            else:
                return False
        return bool(self._has) and not any(word in title for word in self._lacks)

    @cached_property
    def _has(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(fold(word) for word in part.split("|")) for part in self.has)

    @cached_property
    def _lacks(self) -> tuple[str, ...]:
        return tuple(map(fold, self.lacks))


class EvaluationForm(Titled):
    """One form.

    The last of ``has`` ends the title: a sentence about the form goes on behind it.
    ``project`` where it is of one project, named in it. ``labels`` are pairs of a label and a
    value, which belong to ``labels_table``.
    """

    form: Text
    has: Names
    project: bool = False
    bands: Annotated[tuple[FormBand, ...], Field(min_length=1)]
    labels: str | tuple[FormItem, ...] = ()
    labels_table: str = ""
    labels_title: str = ""
    labels_phase: str = ""

    def titled(self, title: str) -> bool:
        """Return whether a folded title may be this form's."""
        return super().titled(title) and any(_ends(title, word) for word in self._has[-1])


class FormFile(Sourced):
    """One file of forms, with the columns, items and words that forms of any file may use.

    ``ends`` begin the rows after a part; what stands beside a label with one of ``passed`` in
    it is nobody's figure (persons, telephones, dates, codes); ``totals`` name the last row of
    the indicators.
    """

    entries = ("forms",)
    columns: dict[str, tuple[FormColumn, ...]] = Field(default_factory=dict)
    items: dict[str, tuple[FormItem, ...]] = Field(default_factory=dict)
    ends: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    forms: tuple[EvaluationForm, ...]

    @property
    def table_ids(self) -> frozenset[str]:
        """The tables its forms are of."""
        labels = (form.labels_table for form in self.forms if form.labels_table)
        return frozenset([*(band.table for form in self.forms for band in form.bands), *labels])

    @model_validator(mode="after")
    def _names_known(self) -> FormFile:
        inline = [band.items for form in self.forms for band in form.bands]
        inline += [form.labels for form in self.forms]
        for rows in (*self.items.values(), *(rows for rows in inline if not isinstance(rows, str))):
            require("行目", (name for row in rows for name in row.after), {r.item for r in rows})
        return self


@dataclass(frozen=True)
class EvaluationForms:
    """All forms in force, their columns and items filled in; ``files`` name each form's file."""

    forms: tuple[EvaluationForm, ...] = ()
    files: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    totals: frozenset[str] = frozenset()

    def titles(self) -> Iterator[tuple[str, str]]:
        """Yield each table of the forms with what it is called."""
        for form in self.forms:
            yield from ((band.table, band.title) for band in form.bands)
            yield form.labels_table, form.labels_title

    def fund_name(self, table: str, fund: str) -> str:
        """Return what the row of one fund is called in a table of a form, "" if it has none."""
        bands = (band for form in self.forms for band in form.bands if band.table == table)
        rows = (item for band in bands for item in form_items(band.items) if band.rows == "items")
        return next((row.names[0] for row in rows if fund and row.fund == fund), "")


def _ends(title: str, word: str) -> bool:
    _, found, after = title.rpartition(word)
    return bool(found) and not ("一" <= after[:1] <= "龥")


def form_columns(band: FormBand) -> tuple[FormColumn, ...]:
    """Return a filled-in band's columns."""
    assert not isinstance(band.columns, str)
    return band.columns


def form_items(held: tuple[FormItem, ...] | str) -> tuple[FormItem, ...]:
    """Return filled-in items or labels."""
    assert not isinstance(held, str)
    return held


def join_forms(files: Mapping[str, FormFile]) -> EvaluationForms:
    """Join the forms of all files.

    Raises
    ------
    ParamsError
        If a form names columns or items that no file has.
    """
    columns = {name: own for file in files.values() for name, own in file.columns.items()}
    items = {name: own for file in files.values() for name, own in file.items.items()}
    forms, places = [], []
    for place, file in files.items():
        for form in file.forms:
            bands = tuple(
                band.model_copy(
                    update={
                        "columns": _named(band.columns, columns, place, form.title),
                        "items": _named(band.items, items, place, form.title),
                    }
                )
                for band in form.bands
            )
            for fault in (fault for band in bands for fault in _strange_columns(band)):
                raise ParamsError(place, f"“{form.title}”：{fault}。", "请改正 measure。")
            labels = _named(form.labels, items, place, form.title)
            forms.append(form.model_copy(update={"bands": bands, "labels": labels}))
            places.append(PurePosixPath(place).stem)
    return EvaluationForms(
        tuple(forms),
        tuple(places),
        tuple(fold(word) for file in files.values() for word in file.ends),
        tuple(fold(word) for file in files.values() for word in file.passed),
        frozenset(fold(word) for file in files.values() for word in file.totals),
    )


def _strange_columns(band: FormBand) -> Iterator[str]:
    """Yield what is wrong with the columns that tables are read by."""
    measures = [column.measure for column in form_columns(band) if column.measure]
    if band.rows == "names" and "name" not in measures:
        yield f"“{band.title}”{lacking(measures, ['name'])}的栏"
    if band.rows == "indicators":
        strange = (name for name in measures if name not in _INDICATOR_FIELDS)
        yield from (unknown("指标的栏目", name, _INDICATOR_FIELDS) for name in strange)


def _named(
    held: str | tuple[_Held, ...], known: Mapping[str, tuple[_Held, ...]], place: str, title: str
) -> tuple[_Held, ...]:
    if not isinstance(held, str):
        return held
    if held not in known:
        fault = f"“{title}”：{unknown('栏目组、行目组', held, known)}。"
        raise ParamsError(place, fault, "请改正名称，或补上定义。")
    return known[held]
