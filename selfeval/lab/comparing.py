"""Units, years or trials side by side: one row of each thing, one column of each evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pandas as pd

from ..budget.printer import Printer
from ..checks import check
from ..errors import UsageError
from ..evaluation import Evaluation
from ..evaluation.load import load_unit
from ..evaluation.numbers import ShownDecimal, ShownFraction
from ..evaluation.shown import ShownFrame, shown_frame
from ..scoring.score import score
from ..strict import nearest
from ..terms import CAPTIONS, PHASES, RATES, TABLE_HEADS, TRIAL
from ..unit import UNIT_FILE

_MEASURES: Final = {name: key for key, name in (PHASES | RATES).items() if key != "share"}


@dataclass(frozen=True)
class _Comparable:
    """What can be compared: its frame, the columns that name a row, the column of the number.

    ``absent`` is what an evaluation has of a row that is not in its frame. What is ``text`` has no
    difference.
    """

    frame: Callable[[Evaluation], ShownFrame]
    names: tuple[str, ...]
    value: str
    absent: object = pd.NA
    by_phase: bool = False
    is_text: bool = False


def _kinds() -> dict[str, _Comparable]:
    heads = TABLE_HEADS
    return {
        "lines": _Comparable(
            lambda one: one.lines, (heads["line"], heads["parent"]), "", by_phase=True
        ),
        "ratios": _Comparable(
            lambda one: one.ratios, (heads["indicator"], heads["criterion"]), heads["outcome"]
        ),
        "scores": _Comparable(
            lambda one: one.scores, (heads["indicator"], heads["family"]), heads["computed"]
        ),
        "indicators": _Comparable(
            _reached, (heads["indicator"], heads["aspect"]), heads["actual"], is_text=True
        ),
        "findings": _Comparable(
            _open_findings, (heads["rule"], heads["name"]), heads["open"], ShownDecimal(0)
        ),
    }


def _reached(one: Evaluation) -> ShownFrame:
    """Return what was reached of each indicator, as the unit wrote it, with its unit of measure."""
    columns = {TABLE_HEADS[name]: "str" for name in ("indicator", "aspect", "actual")}
    rows = [
        [row.indicator_name, row.indicator_aspect, f"{row.actual_value}{row.measure_unit}"]
        for row in one.tables.indicators
    ]
    return shown_frame(columns, rows)


def _open_findings(one: Evaluation) -> ShownFrame:
    """Return how many findings of each rule are open."""
    rule, name, waiting = (TABLE_HEADS[head] for head in ("rule", "name", "open"))
    found = one.findings
    counts = Counter(found.loc[found[waiting], rule])
    titles = dict(zip(found[rule], found[name], strict=True))
    rows = [[code, titles[code], ShownDecimal(count)] for code, count in sorted(counts.items())]
    return shown_frame({rule: "str", name: "str", waiting: "object"}, rows)


def compare(
    evaluations: Evaluation | str | Iterable[Evaluation | str],
    what: str = "lines",
    phase: str = "",
    *,
    totals: bool = True,
) -> ShownFrame:
    """Put units or years side by side; one alone beside its own year before.

    Parameters
    ----------
    evaluations : Evaluation, str or several of them
        As ``load_unit`` returns them, or codes; what was not checked or scored yet is.
    what : str
        ``lines`` (budget lines), ``ratios``, ``indicators`` (what was reached), ``scores``, or
        ``findings`` (how many are open).
    phase : str
        Which number of budget lines, by its Chinese name or ours: 全年执行数 unless told.
    totals : bool
        Whether lines that are sums of others are among them.

    Raises
    ------
    UsageError
        If there is no such unit, no year before, or nothing of that name to compare.

    Examples
    --------
    >>> compare(["S001", "S002"], phase="预算执行率").head(2)
    对照：预算执行率
    支出项目     上级 合计   S001   S002          增减
    支出合计            是 98.23% 98.17% -0.06个百分点
    基本支出 支出合计   是 98.80% 98.63% -0.16个百分点
    >>> compare(["S001", "S002"], what="ratios").columns.tolist()
    ['指标', '口径', 'S001', 'S002', '增减']
    """
    kinds = _kinds()
    if what not in kinds:
        close = nearest(what, kinds)
        hint = f"是不是“{close}”？" if close else ""
        raise UsageError(
            "compare(…)", f"不能对照“{what}”。", f"{hint}可用的有：{'、'.join(kinds)}。"
        )
    kind = kinds[what]
    own = [_ready(one, what) for one in _several(evaluations)]
    labels = _labels(own)
    value = _phase_name(phase) if kind.by_phase else kind.value
    total, change = TABLE_HEADS["total"], TABLE_HEADS["change"]
    found: dict[tuple[object, ...], dict[str, object]] = {}
    wholes: set[tuple[object, ...]] = set()
    for one, label in zip(own, labels, strict=True):
        for row in kind.frame(one).to_dict("records"):
            key = tuple(row[name] for name in kind.names)
            found.setdefault(key, {})[label] = row.get(value, pd.NA)
            wholes |= {key} if row.get(total) else set()
    columns = dict.fromkeys(kind.names, "str") | {total: "bool"}
    columns |= dict.fromkeys(labels, "object") | {change: "object"}
    rows = []
    for key, values in found.items():
        cells = [values.get(label, kind.absent) for label in labels]
        rows.append([*key, key in wholes, *cells, _change(own[-1].printer, cells)])
    told = value if kind.by_phase else CAPTIONS.get(what, value)
    frame = shown_frame(columns, rows, f"{CAPTIONS['compared']}：{told}")
    frame = frame if totals else frame.without_totals()
    has_change = len(labels) == 2 and not kind.is_text
    unsaid = [*([] if wholes and totals else [total]), *([] if has_change else [change])]
    return ShownFrame(frame.drop(columns=unsaid)).captioned(frame.caption)


def _several(evaluations: object) -> Sequence[Evaluation | str]:
    if isinstance(evaluations, Evaluation | str):
        one = _loaded(evaluations)
        return [_year_before(one), one]
    if isinstance(evaluations, Iterable) and (several := list(evaluations)):
        return several if len(several) > 1 else _several(several[0])
    raise UsageError("compare(…)", "没有要对照的单位。", '例如 compare(["S001", "S002"])。')


def _loaded(one: object) -> Evaluation:
    if isinstance(one, Evaluation):
        return one
    if isinstance(one, str):
        return load_unit(one)
    raise UsageError("compare(…)", "只能对照 load_unit 的结果或者单位代码。")


def _ready(one: object, what: str) -> Evaluation:
    case = _loaded(one)
    if what == "scores":
        return score(case)
    return check(case) if what == "findings" else case


def _year_before(one: Evaluation) -> Evaluation:
    folder = one.unit.prior_folder
    if not (folder / UNIT_FILE).is_file():
        raise UsageError(
            "compare(…)",
            f"没有上年的文件夹 params/{folder.parent.name}/{folder.name}。",
            "只有一年的，请写两个单位来对照。",
        )
    return load_unit(folder)


def _labels(own: Sequence[Evaluation]) -> list[str]:
    """Return the fewest words that tell evaluations apart: their codes, their years, or both."""
    codes, years = {one.unit.code for one in own}, {one.unit.year for one in own}
    labels: list[str] = []
    for one in own:
        parts = [one.unit.code] if len(codes) > 1 else []
        parts += [f"{one.unit.year}年"] if len(years) > 1 or len(codes) == 1 else []
        label = " ".join(parts) + (f"（{TRIAL}）" if one.is_trial else "")
        again = sum(label == other.partition("·")[0] for other in labels)
        labels.append(f"{label}·{again + 1}" if again else label)
    return labels


def _phase_name(phase: str) -> str:
    """Return the column of a phase or rate by its Chinese name or our own."""
    names = PHASES | RATES
    if not phase:
        return PHASES["executed"]
    if phase in _MEASURES:
        return phase
    if _MEASURES.get(names.get(phase, "")):
        return names[phase]
    close = nearest(phase, [*_MEASURES, *_MEASURES.values()])
    hint = f"是不是“{close}”？" if close else ""
    raise UsageError(
        "compare(…)", f"没有叫“{phase}”的口径。", f"{hint}可用的有：{'、'.join(_MEASURES)}。"
    )


def _change(printer: Printer, cells: Sequence[object]) -> object:
    """Return by how much the last number differs from the first, NA where one is unknown."""
    before, after = cells[0], cells[-1]
    source = f"＝{after}－{before}"
    if isinstance(before, ShownDecimal) and isinstance(after, ShownDecimal):
        return ShownDecimal(Decimal(after) - Decimal(before), source)
    if isinstance(before, ShownFraction) and isinstance(after, ShownFraction):
        change = Fraction(after) - Fraction(before)
        is_rate = after.text.endswith("%")
        text = f"{printer.decimal(change * 100, 2)}个百分点" if is_rate else printer.points(change)
        return ShownFraction(change, text, source)
    return pd.NA
