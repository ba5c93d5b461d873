"""Recognised tables → rows: staffing, projects, indicators, measures, notes.

Every function yields each row as a typed one, an error for what is wrong of it, or both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ...errors import TableError
from ...folding import fold
from ...money import cell_state
from ...schemes.form import OwnColumn
from ...sheets import Place
from ...strict import nearest
from ...terms import PRIORITIES
from ..rows import Indicator, Measure, Note, SpendingProject, Staff
from .reader import FormTable, RawRow, read_points

_KEYED = {"basic", "projects", "other", "staffing"}
_PRIORITY_OF = {fold(name): key for key, name in PRIORITIES.items()}


def repeated_names(forms: Iterable[FormTable]) -> Iterator[TableError]:
    """Yield an error for each row that names what a row above it named."""
    for form in forms:
        if form.layout.table not in _KEYED:
            continue
        seen: dict[tuple[str, str], Place] = {}
        key = form.layout.columns[0]
        for row in form.rows:
            name = row.text(key.field)
            if row.item:
                same = ("item", row.item.block)
            else:
                same = ("total", "") if row.is_total else ("name", fold(name))
            if same in seen:
                yield TableError(
                    str(row.places[key.field]),
                    f"“{name}”与 {seen[same].cell} 重复。",
                    "请合并为一行，或改成不同的名称。",
                )
            seen.setdefault(same, row.places[key.field])


def staff_rows(form: FormTable) -> Iterator[Staff | TableError]:
    """Yield one row per kind of staff, and one for the printed total."""
    columns = {column.field: column for column in form.layout.columns}
    for row in form.rows:
        numbers = _numbers(row, [columns["authorised_posts"], columns["staff_in_post"]])
        counts: dict[str, int | None] = {}
        for field, number in numbers.items():
            if isinstance(number, TableError):
                yield number
            else:
                counts[field] = None if number is None else int(number)
        if len(counts) < len(numbers):
            continue
        yield form.typed(
            Staff,
            row,
            is_total=row.is_total,
            authorised_posts=counts["authorised_posts"],
            staff_in_post=counts["staff_in_post"],
            authorised_posts_state=cell_state(row.cells["authorised_posts"]),
            staff_in_post_state=cell_state(row.cells["staff_in_post"]),
        )


def _numbers(row: RawRow, columns: Iterable[OwnColumn]) -> dict[str, Decimal | TableError | None]:
    found: dict[str, Decimal | TableError | None] = {}
    for column in columns:
        try:
            found[column.field] = read_points(row, column)
        except TableError as error:
            found[column.field] = error
    return found


def project_rows(form: FormTable) -> Iterator[SpendingProject | TableError]:
    """Yield one row per project; a parent is written as it is named in its own row.

    A project whose parent or priority is wrong is told, and stays without them.
    """
    rows = [row for row in form.rows if not row.is_total]
    names = {fold(row.text("item")): row.text("item") for row in rows}
    parents = {fold(row.text("item")): fold(row.text("parent")) for row in rows}
    for row in rows:
        faults = [*_bad_parent(row, names, parents), *_bad_priority(form, row)]
        yield from faults
        yield form.typed(
            SpendingProject,
            row,
            project=row.text("item"),
            parent="" if faults else names.get(fold(row.text("parent")), ""),
            priority="" if faults else _PRIORITY_OF.get(fold(row.text("priority")), ""),
        )


def _bad_parent(
    row: RawRow, names: Mapping[str, str], parents: Mapping[str, str]
) -> Iterator[TableError]:
    """Yield what is wrong with a parent: it is no project, or leads back to its own part."""
    parent = row.text("parent")
    own, above = fold(row.text("item")), fold(parent)
    if above and above not in names:
        close = nearest(parent, names.values())
        hint = f"是不是“{close}”？" if close else ""
        yield TableError(
            str(row.places["parent"]),
            f"上级项目“{parent}”不在项目名称之列。",
            f"{hint}请写与某一行完全相同的项目名称，或留空。",
        )
    elif _circles(own, parents):
        yield TableError(
            str(row.places["parent"]),
            f"上级项目“{parent}”又归到了“{row.text('item')}”自己之下。",
            "请改正上级项目，或留空。",
        )


def _bad_priority(form: FormTable, row: RawRow) -> Iterator[TableError]:
    """Yield what is wrong with a mark; none is no fault: then the unit does not say."""
    columns = [column for column in form.layout.columns if column.field == "priority"]
    if row.text("priority"):
        yield from _bad_choices(row, columns)


def _circles(name: str, parents: Mapping[str, str]) -> bool:
    above = parents[name]
    for _ in parents:
        if above == name:
            return True
        if above not in parents:
            return False
        above = parents[above]
    return False


def indicator_rows(
    form: FormTable, fiscal_year: int | None = None
) -> Iterator[Indicator | TableError]:
    """Yield one row per indicator; its times are of the fiscal year."""
    columns = {column.field: column for column in form.layout.columns}
    for row in form.rows:
        if row.is_total:
            continue
        yield from _bad_choices(row, columns.values())
        points: dict[str, Decimal | None] = {}
        for field, number in _numbers(row, [columns["weight"], columns["self_score"]]).items():
            if isinstance(number, TableError):
                yield number
            points[field] = None if isinstance(number, TableError) else number
        yield form.typed(
            Indicator,
            row,
            weight=points["weight"],
            self_score=points["self_score"],
            fiscal_year=fiscal_year,
            last_actual=row.text("last_actual"),
            earlier_actual=row.text("earlier_actual"),
        )


def _bad_choices(row: RawRow, columns: Iterable[OwnColumn]) -> Iterator[TableError]:
    for column in columns:
        text = row.text(column.field)
        allowed = {fold(choice) for choice in (*column.choices, *column.accepts)}
        if column.type == "choice" and allowed and fold(text) not in allowed:
            close = nearest(text, column.choices)
            hint = f"是不是“{close}”？" if close else ""
            said = f"的“{text}”不在可选之列" if text else "没有填"
            yield TableError(
                str(row.places.get(column.field, row.places[next(iter(row.places))])),
                f"“{column.heading}”栏{said}。",
                f"{hint}请从下拉列表选：{'、'.join(column.choices)}。",
            )


def measure_rows(form: FormTable) -> Iterator[Measure]:
    """Yield one row per problem and its measure."""
    yield from (form.typed(Measure, row) for row in form.rows)


def note_rows(forms: Mapping[str, FormTable]) -> Iterator[Note]:
    """Yield what the fixed rows' money is for, and their explanations."""
    for name in ("basic", "other"):
        for row in forms[name].rows if name in forms else ():
            if row.item:
                yield forms[name].typed(Note, row, table=name, block=row.item.block)


def unknown_projects(forms: Mapping[str, FormTable]) -> Iterator[TableError]:
    """Yield an error for each indicator or measure of a project that is not in its table."""
    rows = forms["projects"].rows if "projects" in forms else ()
    names = {fold(row.text("item")): row.text("item") for row in rows if not row.is_total}
    if not names:  # told once, where they are to be filled in
        return
    for table in ("indicators", "measures"):
        for row in forms[table].rows if table in forms else ():
            name = row.text("project")
            if name and fold(name) not in names:
                close = nearest(name, names.values())
                hint = f"是不是“{close}”？" if close else ""
                yield TableError(
                    str(row.places["project"]),
                    f"关联项目“{name}”不在“项目支出”表中。",
                    f"{hint}请写与该表完全相同的项目名称，或留空。",
                )
