"""The index of a year and the state of its units, from their records alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..project import LIST_FILE, RECORD_FILE, Project
from ..schemes.checks import load_checks
from ..schemes.loading import schemes_folder
from ..unit import visible
from ..unit.register import identity
from .plan import Plan
from .publishing import digests, publish, read_record, record_bytes


def write_index(plan: Plan, year: str) -> Path:
    """Write the index of a year from the records of its units.

    Of the editions, the workbook of the units and the page of rules too.
    """
    from ..annex.year_list import year_list
    from ..page.index import index_page, rules_page
    from ..scoring.desk import desk_units
    from ..scoring.distribution import score_distributions

    project, own = plan.project, plan.project.notebook
    folder = project.outputs / year
    records: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    units = {visible(unit.name): unit for unit in project.unit_folders(int(year))}
    stale: dict[str, str] = {}
    for path in sorted(folder.glob(f"*/{RECORD_FILE}")):
        # A unit whose folder was removed from params is no longer part of the year.
        if unit := units.get(path.parent.name):
            records.append(_read_record(project, path))
            files[f"{path.parent.name}/{RECORD_FILE}"] = path.read_bytes()
            if records[-1]["status"] == "done" and (why := plan.why(unit)):
                stale[path.parent.name] = why
    desk = desk_units(records, stale)
    if own is None:
        checks = load_checks(schemes_folder(project.params))
        scores = score_distributions(checks, int(year), desk)
        made = {
            # First, for it may be open in a program that lets nobody replace it.
            LIST_FILE: year_list(int(year), desk),
            "rules.html": rules_page(checks).encode(),
            "index.html": index_page(int(year), desk, scores).encode(),
        }
    else:
        made = {"index.html": index_page(int(year), desk, notebook=own.stem).encode()}
    for name, data in made.items():
        publish(folder / name, data)
        files[name] = data
    # Whoever keeps the digest of this one record holds every file of the year.
    record = {"fiscal_year": int(year), "files": digests(files)}
    publish(folder / RECORD_FILE, record_bytes(record))
    return folder / "index.html"


def unit_status(project: Project, folders: Sequence[Path]) -> list[dict[str, Any]]:
    """Return how far each unit's report is: its state, why it is stale, why it failed.

    The state is "done", "draft", "not_scored", "stale", "failed", or "" without a report.
    """
    from ..scoring.desk import record_state

    plan, found = Plan(project), []
    for folder in folders:
        path = plan.record_path(folder)
        record = identity(folder) | (_read_record(project, path) if path.exists() else {})
        state, why = "failed" if record.get("status") else "", ""
        if record.get("status") == "done":
            why = plan.why(folder)
            state = "stale" if why else record_state(record)
        found.append(
            {
                "unit_code": record["unit_code"],
                "unit_name": record["unit_name"],
                "fiscal_year": int(folder.parent.name),
                "group": str(record.get("group", "")),
                "state": state,
                "why": why,
                "reason": str(record.get("reason", "")),
            }
        )
    return found


def _read_record(project: Project, path: Path) -> dict[str, Any]:
    """Return a unit's record; one that is damaged, or elsewhere, counts as failed."""
    reason = f"{RECORD_FILE} 损坏，请重新运行这个单位。"
    try:
        project.require_own(path)
        record = read_record(path) or {}
        if record["status"] != "done" or record["report"]["title"]:
            return record
    except UsageError as error:
        reason = str(error)
    except (KeyError, TypeError):
        pass
    return {
        "unit_code": path.parent.name,
        "unit_name": "",
        "status": "crashed",
        "reason": reason,
    }
