"""Recognised tables → records: staffing, projects, indicators, measures, notes.

Every function yields a record for a row, and an error for what is wrong of it; a row may have both.
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
from ...terms import INDICATOR_COLUMNS, PRIORITIES
from .reader import FormTable, Row, read_points

Record = dict[str, object]
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


def staffing_records(form: FormTable) -> Iterator[Record | TableError]:
    """Yield one record per kind of staff, and one for the printed total."""
    columns = {column.field: column for column in form.layout.columns}
    for row in form.rows:
        record: Record = {
            "kind": row.text("kind"),
            "is_total": row.is_total,
            "note": row.text("note"),
            "file": form.grid.file,
            "sheet": form.grid.sheet,
            "note_cell": _cell(row, "note"),
        }
        numbers = _numbers(row, [columns["authorised_posts"], columns["staff_in_post"]])
        for field, number in numbers.items():
            if isinstance(number, TableError):
                yield number
                continue
            record[field] = None if number is None else int(number)
            record[f"{field}_state"] = cell_state(row.cells[field])
            record[f"{field}_cell"] = row.places[field].cell
        if not any(isinstance(number, TableError) for number in numbers.values()):
            yield record


def _cell(row: Row, field: str) -> str:
    """Return the address of a cell, "" where the table has no such column."""
    return row.places[field].cell if field in row.places else ""


def _numbers(row: Row, columns: Iterable[OwnColumn]) -> dict[str, Decimal | TableError | None]:
    found: dict[str, Decimal | TableError | None] = {}
    for column in columns:
        try:
            found[column.field] = read_points(row, column)
        except TableError as error:
            found[column.field] = error
    return found


def project_records(form: FormTable) -> Iterator[Record | TableError]:
    """Yield one record per project; a parent is written as it is named in its own row.

    A project whose parent or priority is wrong is told, and stays without them.
    """
    rows = [row for row in form.rows if not row.is_total]
    names = {fold(row.text("item")): row.text("item") for row in rows}
    parents = {fold(row.text("item")): fold(row.text("parent")) for row in rows}
    for row in rows:
        faults = [*_bad_parent(row, names, parents), *_bad_priority(form, row)]
        yield from faults
        place = row.places["item"]
        yield {
            "project": row.text("item"),
            "parent": "" if faults else names.get(fold(row.text("parent")), ""),
            "note": row.text("note"),
            "priority": "" if faults else _PRIORITY_OF.get(fold(row.text("priority")), ""),
            "file": place.file,
            "sheet": place.sheet,
            "cell": place.cell,
            "note_cell": _cell(row, "note"),
        }


def _bad_parent(
    row: Row, names: Mapping[str, str], parents: Mapping[str, str]
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


def _bad_priority(form: FormTable, row: Row) -> Iterator[TableError]:
    """Yield what is wrong with a mark; none is no fault: then the unit does not say."""
    columns = [column for column in form.layout.columns if column.field == "priority"]
    if row.text("priority"):
        yield from _bad_choices(row, columns)


def _circles(name: str, parents: Mapping[str, str]) -> bool:
    above = parents[name]
    for _ in parents:
        if above == name:
            return True
        above = parents.get(above, "")
    return False


def indicator_records(form: FormTable) -> Iterator[Record | TableError]:
    """Yield one record per indicator."""
    columns = {column.field: column for column in form.layout.columns}
    for row in form.rows:
        if row.is_total:
            continue
        record: Record = {f: row.text(f) for f in INDICATOR_COLUMNS if f in columns}
        faults = list(_bad_choices(row, columns.values()))
        for field, number in _numbers(row, [columns["weight"], columns["self_score"]]).items():
            if isinstance(number, TableError):
                faults.append(number)
            record[field] = None if isinstance(number, TableError) else number
        yield from faults
        cells = {field: place.cell for field, place in row.places.items()}
        place = {"file": form.grid.file, "sheet": form.grid.sheet, "row": row.number + 1}
        yield record | place | {"cells": cells}


def _bad_choices(row: Row, columns: Iterable[OwnColumn]) -> Iterator[TableError]:
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


def measure_records(form: FormTable) -> Iterator[Record]:
    """Yield one record per problem and its measure."""
    for row in form.rows:
        yield {
            field: row.text(field)
            for field in ("problem", "cause", "measure", "owner", "due", "project")
        } | {"file": form.grid.file, "sheet": form.grid.sheet, "row": row.number + 1}


def note_records(forms: Mapping[str, FormTable]) -> Iterator[Record]:
    """Yield what the fixed rows' money is for, and their explanations."""
    for name in ("basic", "other"):
        for row in forms[name].rows if name in forms else ():
            if row.item:
                yield {
                    "table": name,
                    "block": row.item.block,
                    "use": row.text("use"),
                    "note": row.text("note"),
                    "file": forms[name].grid.file,
                    "sheet": forms[name].grid.sheet,
                    "note_cell": _cell(row, "note"),
                }


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
