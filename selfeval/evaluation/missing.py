"""What of the form is not there at all: told as a finding, or as a fault beside others."""

from __future__ import annotations

from ..errors import SelfEvalError, TableError
from ..sheets import Place
from . import Evaluation


def missing_table_faults(case: Evaluation, waiting: bool) -> list[SelfEvalError]:
    """Return the same as faults, for where others keep the unit from being checked.

    Where texts are ``waiting`` for projects, official tables that tell their sum do not help.
    """
    tables, missing = case.tables, missing_tables(case)
    if waiting and tables.present and tables.all_told and "projects" not in tables.present:
        missing |= {"projects": case.unit.form.heading("projects")}
    place = " › ".join([case.unit.code, *map(str, form_place(case))])
    return [
        TableError(place, f"{told_missing(case, table, sheet)}。", PUT_BACK)
        for table, sheet in missing.items()
    ]


def names_projects(case: Evaluation) -> bool:
    """Return whether it is known which projects there are: what names another is wrong."""
    tables = case.tables
    if tables.present:
        return "projects" in tables.named and bool(tables.projects)
    return tables.all_told and bool(tables.reading.tables)


def unfilled_project_faults(case: Evaluation, waiting: bool) -> list[SelfEvalError]:
    """Return a fault if no project is filled in and others name some; ``waiting`` if texts do."""
    tables = case.tables
    if "projects" not in tables.named or bool(tables.projects):
        return []
    named = [*(row.project for row in tables.indicators), *(row.project for row in tables.measures)]
    if not waiting and not any(named):
        return []
    sheet = case.unit.form.heading("projects")
    place = " › ".join([case.unit.code, *map(str, form_place(case)), sheet])
    return [
        TableError(
            place,
            "一个项目也没有填，别的表或文字里却写到了项目。",
            "请补填各个项目；确实没有的，请清空“关联项目”栏，删去文字里这些项目的占位符。",
        )
    ]


def missing_tables(case: Evaluation) -> dict[str, str]:
    """Return the tables that a unit's own form lacks and nothing else tells: id and sheet."""
    tables = case.tables
    if not (tables.present and tables.all_told):
        return {}
    others = any(line.parent == "other" for line in case.budget_lines.values())
    is_empty = {
        "staffing": not tables.staffing,
        "basic": case.fen("basic", "initial_budget") is None,
        "projects": case.fen("project", "initial_budget") is None,
        "other": not others,
        "indicators": not tables.indicators,
        "measures": not tables.measures,
    }
    return {
        layout.table: layout.sheet
        for layout in case.unit.form.tables
        if layout.table not in tables.present and is_empty.get(layout.table)
    }


PUT_BACK = "请放回这张表；找不到的，可以用 selfeval new 新建一份填报表，从里面复制。"


def told_missing(case: Evaluation, table: str, sheet: str) -> str:
    """Say which table is not there."""
    titles = {layout.table: layout.title for layout in case.unit.form.tables}
    return f"没有“{sheet}”这张表（{titles[table]}）"


def form_place(case: Evaluation) -> tuple[Place, ...]:
    """Return the file of the form, where there is just one."""
    files = case.tables.form_files
    return (Place(files[0], ""),) if len(files) == 1 else ()
