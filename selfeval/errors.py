"""Errors that stop a unit or a run. Numbers that merely disagree are findings: see checks."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import Final, Literal, TypeVar

_Read = TypeVar("_Read")
_CAUSES: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "磁盘是只读的",
    errno.ENOENT: "文件不存在",
    errno.ELOOP: "是链接，绕了一圈又指向自己",
    errno.ENAMETOOLONG: "名称太长",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "上一级是文件，不是文件夹",
    errno.EMFILE: "同时打开的文件太多",
    errno.ENXIO: "不是普通文件",
}


def cause(error: OSError) -> str:
    """Return why a file could not be read or written: the system says so in English only."""
    return _CAUSES.get(error.errno or 0, f"系统错误 {error.errno}")


class SelfEvalError(Exception):
    """Any error this package raises on purpose: where, what is wrong, what to do.

    Parameters
    ----------
    place : str
        Where the reader can find the fault: unit, file, sheet, cell. May be empty.
    fault : str
        What was found, in Chinese, one sentence.
    remedy : str
        What to do about it, in Chinese.
    """

    def __init__(self, place: str, fault: str, remedy: str = "") -> None:
        super().__init__(place, fault, remedy)
        self.place, self.fault, self.remedy = place, fault, remedy

    def __str__(self) -> str:
        head = f"{self.place}：" if self.place else ""
        return f"{head}{self.fault}{self.remedy}"

    def _render_traceback_(self) -> list[str]:
        """Return what JupyterLab shows: the analyst's own lines that led here, then the sentence.

        Where our own code was is no help to an analyst.
        """
        return [*_own_lines(self), str(self)]


def _own_lines(error: SelfEvalError) -> list[str]:
    """Return the lines of cells and of the analyst's own files that an error came through."""
    import sysconfig
    import traceback

    folders = [str(Path(__file__).parent), *map(sysconfig.get_path, ("stdlib", "purelib"))]
    told = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.line and not frame.filename.startswith(tuple(folders)):
            is_cell = frame.filename.startswith("<") or "ipykernel_" in frame.filename
            where = "单元格" if is_cell else Path(frame.filename).name
            told.append(f"{where}第 {frame.lineno} 行：{frame.line}")
    return told


class UsageError(SelfEvalError):
    """The command was asked for something that does not exist. Nothing was started."""


class ParamsError(SelfEvalError):
    """A unit folder, its unit.yaml or narrative.md, or a scheme does not say what is needed."""


class TableError(SelfEvalError):
    """A source table cannot be read as the table it should be."""


class NotebookError(SelfEvalError):
    """A notebook raised, ran out of time, lost its kernel, or did not finish.

    ``detail`` is what Python or the kernel said: for the log, never for a page. ``status`` is
    what becomes of the unit by it, one of ``RUN_STATES``.
    """

    def __init__(
        self,
        place: str,
        fault: str,
        remedy: str = "",
        detail: str = "",
        status: Literal["crashed", "timed_out", "out_of_memory", "killed"] = "crashed",
    ) -> None:
        super().__init__(place, fault, remedy)
        self.detail = detail
        self.status = status


class ProgramError(SelfEvalError):
    """A fault of ours that one unit brought to light; told so that the others can go on."""


def own_fault(place: str, error: Exception) -> ProgramError:
    """Return a fault of ours in words to hand on, at a command's boundary only."""
    import traceback

    [*_, last] = traceback.extract_tb(error.__traceback__)
    text = " ".join(str(error).split())[:200]
    kind = f"{type(error).__name__}：{text}" if text else type(error).__name__
    return ProgramError(
        place,
        f"程序内部出错（{kind}；{PurePath(last.filename).name} 第 {last.lineno} 行）。",
        "这不是填报的错，请把这段话交给维护人员。",
    )


class InputErrors(SelfEvalError):  # noqa: N818 - it is several
    """Several faults of one unit's input, told together so that they are mended together."""

    def __init__(self, errors: Sequence[SelfEvalError]) -> None:
        self.errors = tuple(flatten(errors))
        first = self.errors[0]
        super().__init__(first.place, first.fault, first.remedy)

    def __reduce__(self) -> tuple[type[InputErrors], tuple[tuple[SelfEvalError, ...]]]:
        return (InputErrors, (self.errors,))

    def __str__(self) -> str:
        if len(self.errors) == 1:
            return str(self.errors[0])
        lines = [f"共 {len(self.errors)} 处需要更正："]
        lines += [f"  {number}. {error}" for number, error in enumerate(self.errors, 1)]
        return "\n".join(lines)


def flatten(errors: Iterable[SelfEvalError]) -> Iterator[SelfEvalError]:
    """Yield the single faults, also those that were told together before."""
    for error in errors:
        if isinstance(error, InputErrors):
            yield from error.errors
        else:
            yield error


def attempt(errors: list[SelfEvalError], read: Callable[[], _Read]) -> _Read | None:
    """Return what a reader reads; None if it is at fault, which joins the others to be told."""
    try:
        return read()
    except SelfEvalError as error:
        errors.append(error)
        return None


def raise_all(errors: Iterable[SelfEvalError]) -> None:
    """Raise nothing, the one error, or all of them as one."""
    found = list(flatten(errors))
    if len(found) == 1:
        raise found[0]
    if found:
        raise InputErrors(found)
