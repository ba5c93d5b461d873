"""What a unit says in the official forms beside its numbers: keys of unit.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from ..errors import ParamsError
from ..folding import fold
from ..strict import Strict, Text, nearest


class ProjectTexts(Strict):
    """The texts of one project's form; an office that is not named is the unit's own."""

    project: Text
    annual_goal: str = ""
    annual_result: str = ""
    supervisor: str = ""


class AnnexTexts(Strict):
    """The texts of the unit's forms, "" where a form is to stay blank."""

    annual_goal: str = ""
    annual_result: str = ""
    thrift_measures: str = ""
    supervisor: str = ""
    preparer: Annotated[str, Field(strict=True)] = ""
    telephone: Annotated[str, Field(strict=True)] = ""
    projects: tuple[ProjectTexts, ...] = ()

    @property
    def by_project(self) -> dict[str, ProjectTexts]:
        """The texts of each project, by its folded name."""
        return {fold(own.project): own for own in reversed(self.projects)}


def unknown_project_texts(
    texts: AnnexTexts, projects: Iterable[str], place: str
) -> Iterator[ParamsError]:
    """Yield an error for each text of a project that no table has, or that has two."""
    known = {fold(name): name for name in projects}
    seen: set[str] = set()
    for own in texts.projects:
        name = fold(own.project)
        if name not in known:
            close = nearest(own.project, known.values())
            hint = f"是不是“{close}”？" if close else "请写与填报表完全相同的项目名称。"
            yield ParamsError(
                place, f"附表文字（annex）里的项目“{own.project}”不在填报表里。", hint
            )
        elif name in seen:
            yield ParamsError(
                place, f"附表文字（annex）里的项目“{own.project}”写了两次。", "请合并为一处。"
            )
        seen.add(name)
