"""One unit's evaluation, as it grows: loaded, checked, scored. All later stages look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..budget.lines import Lines
from ..budget.printer import Limits, Printer
from ..budget.quantities import Quantity
from ..budget.ratios import Ratio
from ..errors import UsageError
from ..folding import fold
from ..indicators.attainment import Attainment, attainment
from ..money import DISPLAY_UNIT
from ..schemes.checks import Patterns
from ..schemes.classifications import kind_of, load_classifications
from ..schemes.known_names import PatternsName, ThresholdName, WordsName
from ..schemes.privacy import masked_text
from ..sheets import Place
from ..tables import Tables
from ..tables.rows import Amount, Indicator, Material
from ..terms import CAPTIONS, TRIAL
from ..text.statements import Judged
from ..unit import Unit
from ..unit.corrections import Trial, with_trials
from .finding import Finding, Verdict, is_draft
from .said import SubjectNames
from .score import Score

if TYPE_CHECKING:
    import pandas as pd

    from .shown import ShownFrame


CHECKED, SCORED = "checked", "scored"
"""What ``kept`` may hold of a unit that a batch holds: it checked, and that scored."""


@dataclass(frozen=True)
class Evaluation:
    """A unit, its tables, and what was found and scored so far.

    ``tables`` and ``budget_lines`` hold rows, ``ratio_rows`` the ratios of the common framework,
    ``frame`` makes frames of all of them to explore; ``judged``, what the text says and what came
    of it, and ``found`` are filled by ``check``, ``scored`` by ``score``. ``is_trial`` where a
    number or a scheme was changed in memory; ``remake`` evaluates a unit that was so changed.
    """

    unit: Unit
    tables: Tables
    budget_lines: Lines
    quantities: Mapping[str, Quantity]
    found: tuple[Finding, ...] | None = None
    scored: Score | None = None
    ratio_rows: tuple[Ratio, ...] = ()
    judged: tuple[Judged, ...] = ()
    is_trial: bool = False
    remake: Callable[[Unit], Evaluation] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("budget_lines", "quantities"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @cached_property
    def printer(self) -> Printer:
        """How the unit's numbers are printed, on pages, in forms and in findings."""
        return Printer(self.unit.settings.rounding)

    @property
    def subject_names(self) -> SubjectNames:
        """The names of what the numbers of the text are of."""
        return SubjectNames(self.budget_lines, self.tables.amounts, self.unit.grammar)

    @cached_property
    def kept(self) -> dict[object, object]:
        """What several rules work out of it, kept beside it."""
        return {}

    def frame(self, name: str, *, totals: bool = True) -> pd.DataFrame:
        """Return some of its rows as a new typed frame, with the English columns of ``frames``.

        Amounts are whole 分. For people there are ``lines``, ``amounts``, ``findings`` and others.

        Parameters
        ----------
        name : str
            ``lines``, ``findings``, ``statements``, ``score``, ``ratios``, ``stated``, ``amounts``
            or another of the unit's tables; ``amounts`` has every amount that was read, ``stated``
            those the report is made of.
        totals : bool
            Whether rows that are sums of others are among them.

        Raises
        ------
        ParamsError
            If there is none of that name; with the nearest one.

        Examples
        --------
        >>> lines = load_unit("S001").frame("lines", totals=False)
        >>> int(lines.at["personnel", "executed"])  # 分
        430160000
        """
        from . import frames  # only the analyst needs pandas

        makers: dict[str, frames.Maker] = {
            own: partial(frames.rows_frame, own, getattr(self.tables, own))
            for own in frames.COLUMNS
        }
        makers |= {
            "lines": lambda: frames.lines_frame(self.budget_lines),
            "findings": lambda: frames.findings_frame(self.all_findings, self.unit.code),
            "statements": lambda: frames.statements_frame(
                self.judged, self.subject_names, self.unit.code
            ),
            "score": lambda: frames.score_frame(self.final_score.rows),
            "ratios": lambda: frames.ratios_frame(self.ratio_rows, self.printer),
        }
        made = frames.maker_of(name, makers)()
        is_total = made.get("is_total")
        return made if totals or is_total is None else made[~is_total]

    def _show(self, quantity: Quantity | None) -> object:
        from .numbers import shown_quantity

        return shown_quantity(quantity, self.printer, self.unit.year_and_code)

    def _caption(self, of: str, unit: str = "") -> str:
        told = [self.unit.name, f"{self.unit.year}年", *([TRIAL] if self.is_trial else [])]
        return f"{CAPTIONS[of]}（{'，'.join([' '.join(told), *filter(None, [unit])])}）"

    @property
    def lines(self) -> ShownFrame:
        """Every budget line: its amounts in 万元, its rates, where each comes from on hover.

        Examples
        --------
        >>> lines = load_unit("S001").lines
        >>> slow = lines[lines["预算执行率"] < 0.9]
        >>> slow[["支出项目", "全年执行数", "预算执行率"]].head(2)
        预算与执行情况（示例一：星桥区图书馆 2021年，万元）
          支出项目 全年执行数 预算执行率
        公务接待费       0.32     64.00%
        """
        from .people import shown_lines

        caption = self._caption("execution", DISPLAY_UNIT)
        lines, known = self.budget_lines, self.quantities
        return shown_lines(lines, known, self.unit.form, self._show, caption)

    @property
    def projects(self) -> ShownFrame:
        """The projects as the unit listed them: amounts in 万元, rates, reasons.

        Examples
        --------
        >>> projects = load_unit("S001").projects
        >>> projects.sort_values("全年执行数").iloc[-1]["项目名称"]
        '文献资源购置专项'
        """
        from .people import shown_projects

        caption = self._caption("projects", DISPLAY_UNIT)
        rows, lines, known = self.tables.projects, self.budget_lines, self.quantities
        return shown_projects(rows, lines, known, self.unit.form, self._show, caption)

    @property
    def amounts(self) -> ShownFrame:
        """Every amount that was read: in 万元, from which cell, and what stands there.

        Examples
        --------
        >>> amounts = load_unit("S001").amounts
        >>> amounts[amounts["项目"] == "人员经费"][["口径", "数额", "位置"]].head(2)
        读到的数额（示例一：星桥区图书馆 2021年，万元）
              口径   数额                      位置
        上年决算数 398.62 填报.xlsx › 基本支出 › C6
        年初预算数 412.35 填报.xlsx › 基本支出 › D6
        """
        from .people import shown_amounts

        titles = {layout.table: layout.title for layout in self.unit.form.tables}
        titles |= {table.layout: table.name for table in self.tables.reading.tables}
        caption = self._caption("amounts", DISPLAY_UNIT)
        return shown_amounts(self.tables.amounts, titles, self.unit.year, caption)

    @property
    def findings(self) -> ShownFrame:
        """What the checks found: by rule, what waits for an answer marked, with its cells.

        Raises
        ------
        UsageError
            If nothing was checked yet.

        Examples
        --------
        >>> findings = check(load_unit("G001")).findings
        >>> findings[findings["严重问题"]][["规则", "程度", "位置"]].head(1)
        检查结果（望城区行政审批服务局 2021年）
           规则 程度                                 位置
        EXEC-01 严重 G001 › 填报.xlsx › 项目支出 › D6、G6
        """
        from .people import shown_findings

        rules = self.unit.checks.rules
        return shown_findings(
            self.all_findings,
            lambda code: rules[code].title if code in rules else "",
            self.unit.code,
            self._caption("findings"),
        )

    @property
    def indicators(self) -> ShownFrame:
        """The unit's indicators as filled in, and the points of each once it is scored.

        Examples
        --------
        >>> indicators = score(load_unit("S001")).indicators
        >>> short = indicators[indicators["计算得分"] < indicators["分值"]]
        >>> short[["三级指标", "分值", "计算得分"]]
        绩效指标（示例一：星桥区图书馆 2021年）
                          三级指标 分值 计算得分
        馆舍设施维修改造按期完工率   10     9.00
                        年到馆人次   10     9.55
        """
        from .people import shown_indicators

        caption = self._caption("targets")
        return shown_indicators(
            self.tables.indicators, self.scored, self.unit.form, self._show, caption
        )

    @property
    def scores(self) -> ShownFrame:
        """Every line of the score: weight, points, and how they came about; the total last.

        Raises
        ------
        UsageError
            If nothing was scored yet.

        Examples
        --------
        >>> score(load_unit("S001")).scores[["指标", "分值", "计算得分"]].tail(1)
        绩效指标完成情况和得分（示例一：星桥区图书馆 2021年）
        指标   分值 计算得分
        合计 100.00    98.37
        """
        from .people import shown_scores

        return shown_scores(self.final_score, self._show, self._caption("indicators"))

    @property
    def ratios(self) -> ShownFrame:
        """The common framework's ratios: the result, or why there is none and what to fill in.

        Examples
        --------
        >>> ratios = load_unit("S001").ratios
        >>> ratios[ratios["结果"].notna()][["指标", "口径", "结果"]].head(1)
        共性指标（示例一：星桥区图书馆 2021年）
                  指标 口径   结果
        在职人员控制率      92.86%
        """
        from .people import shown_ratios

        return shown_ratios(self.ratio_rows, self.printer, self._show, self._caption("ratios"))

    @property
    def statements(self) -> ShownFrame:
        """The numbers and claims of the unit's text, and what came of each once it is checked.

        Examples
        --------
        >>> statements = check(load_unit("S001")).statements
        >>> statements[statements["状态"] == "相符"][["原文", "规则", "位置"]].tail(1)
        文字里的数和说法（示例一：星桥区图书馆 2021年）
                    原文    规则                       位置
        到馆人次少于预期 TEXT-25 填报.xlsx › 绩效指标 › J11
        """
        from .people import shown_statements

        names, code = self.subject_names, self.unit.code
        return shown_statements(self.judged, names, code, self._caption("statements"))

    def with_amounts(self, changes: Mapping[str, object]) -> Evaluation:
        """Return a trial (试算): the unit as it would be with other amounts. Nothing is written.

        All that follows is computed anew from the unit's files as they are now; nothing is
        checked yet. What is shown of it is marked, and it can be no report.

        Parameters
        ----------
        changes : mapping of str
            New amounts in 万元, None to leave them out, by names as placeholders have them.

        Raises
        ------
        UsageError
            If there is no such amount, no cell holds it, or the value is none.

        Examples
        --------
        >>> trial = score(load_unit("S001").with_amounts({"人员经费.全年执行数": "380"}))
        >>> trial.is_trial
        True
        >>> trial.lines.loc[2, "全年执行数"]
        380.00
        """
        from .trial import amount_trials

        stated, known = self.tables.stated, self.quantities
        return self._tried(amount_trials(changes, stated, known, self.unit.form))

    def with_indicators(self, changes: Mapping[str, Mapping[str, object]]) -> Evaluation:
        """Return a trial (试算) with other cells of indicators: weights, targets, actual values.

        Parameters
        ----------
        changes : mapping of str to mapping
            For indicators by name: new cells by the headings of the form.

        Raises
        ------
        UsageError
            If there is no such indicator or column.

        Examples
        --------
        >>> unit = load_unit("S001")
        >>> trial = score(unit.with_indicators({"举办阅读推广活动场次": {"实际完成值": "100"}}))
        >>> trial.scores.loc[1, "计算得分"]
        8.33
        """
        from .trial import indicator_trials

        rows, form = self.tables.indicators, self.unit.form
        return self._tried(indicator_trials(changes, rows, form))

    def _tried(self, trials: Iterable[Trial]) -> Evaluation:
        corrections = with_trials(self.unit.corrections, list(trials))
        if self.remake is None:
            raise UsageError("", "只有 load_unit 读进来的单位可以试算。")
        return replace(self.remake(replace(self.unit, corrections=corrections)), is_trial=True)

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings; an error of the caller if nothing was checked yet."""
        if self.found is None:
            raise UsageError("", "还没有检查。", "请先运行 check(evaluation)。")
        return self.found

    @property
    def final_score(self) -> Score:
        """The score; an error of the caller if nothing was scored yet."""
        if self.scored is None:
            raise UsageError("", "还没有计分。", "请先运行 score(evaluation)。")
        return self.scored

    @property
    def is_draft(self) -> bool:
        """Whether unresolved severe fails keep the public edition a draft."""
        return is_draft(self.all_findings)

    def __repr__(self) -> str:
        checked = "" if self.found is None else f"，检查结果 {len(self.found)} 条"
        return (
            f"<{self.unit.name} {self.unit.year}年度：读到数额 {len(self.tables.amounts)} 个，"
            f"项目 {len(self.tables.projects)} 个，指标 {len(self.tables.indicators)} 项{checked}"
            f"{f'，{TRIAL}' if self.is_trial else ''}>"
        )

    def finding(self, code: str, verdict: Verdict) -> Finding:
        """Return a rule's verdict with the severity and the action the scheme gives the rule."""
        rule = self.unit.checks.rules[code]
        unknown = verdict.outcome == "not_computable"
        severity = (rule.when_unknown if unknown else None) or rule.severity
        own = self.unit.settings.office_contacts
        message = masked_text(verdict.message, self.unit.checks, own)
        told = {**vars(verdict), "message": message}
        return Finding(code=code, severity=severity, action=rule.action, **told)

    def threshold(self, name: ThresholdName) -> Decimal:
        """Return a threshold of the scheme in force in the unit's year."""
        return self.unit.checks.threshold(name, self.unit.year)

    def words(self, name: WordsName) -> tuple[str, ...]:
        """Return a word list of the scheme, empty before the date it is of."""
        return self.unit.checks.listed(name, self.unit.year)

    def form(self, name: PatternsName) -> Patterns:
        """Return the ways to write something, none before the date they are of."""
        forms = self.unit.checks.forms[name]
        return forms.model_copy(update={"words": forms.in_force(self.unit.year)})

    def name(self, line: str) -> str:
        """Return a budget line's name."""
        return self.budget_lines[line].name

    def fen(self, line: str, phase: str) -> int | None:
        """Return a line's amount in 分, None where it is unknown."""
        return self.budget_lines[line].fen(phase)

    @cached_property
    def _read(self) -> dict[tuple[str, str], Amount]:
        known = [amount for amount in self.tables.stated if amount.fen is not None]
        return {(amount.item_code, amount.phase): amount for amount in reversed(known)}

    @cached_property
    def _dashes(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (amount.item_code, amount.phase)
            for amount in self.tables.stated
            if amount.state in ("dash", "none")
        )

    @property
    def has_only_public_tables(self) -> bool:
        """Whether the unit evaluates nothing itself: no table of our form, no 自评表 of its own."""
        return not self.tables.present and not self.tables.indicators

    @cached_property
    def attained(self) -> list[tuple[Indicator, Attainment]]:
        """The indicators to be scored, each with what it reached by the unit's profile."""
        scoring, printer = self.unit.scoring, self.printer
        return [(row, attainment(row, scoring, printer)) for row in self.tables.indicators]

    @cached_property
    def ledger(self) -> dict[str, list[Material]]:
        """The rows of the ledger of evidence, by the folded name of their indicator."""
        found: dict[str, list[Material]] = {}
        for row in self.tables.evidence:
            found.setdefault(fold(row.indicator_name), []).append(row)
        return found

    def read(self, line: str, phase: str) -> Amount | None:
        """Return the amount that was read for a line, None if none was."""
        return self._read.get((line, phase))

    def parts(self, line: str) -> list[str]:
        """Return the lines right below a line."""
        return self._below.get(line, [])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for key, line in self.budget_lines.items():
            if line.parent != key:  # what is left over stands among the rest
                below.setdefault(line.parent, []).append(key)
        return below

    def printed(self, line: str, phase: str) -> list[Amount]:
        """Return the amounts that were read for a line, or that its amount is derived from."""
        row = self.read(line, phase)
        if row is not None:
            return [row]
        parts = self.parts(line)
        if parts and all(self.fen(part, phase) is not None for part in parts):
            return [found for part in parts for found in self.printed(part, phase)]
        # An adjusted budget that is not printed is the initial one plus the adjustment.
        both = [self.read(line, own) for own in ("initial_budget", "budget_adjustment")]
        return [found for found in both if found is not None]

    def is_official(self, amount: Amount) -> bool:
        """Return whether an amount was read from an official table."""
        return self.tables.book.has(amount.table)

    def named_by_code(self, entry: Amount) -> bool:
        """Return whether a row is what its code says, as far as its name does not deny it."""
        if not entry.item_code.isdecimal() or not entry.item_name:
            return True
        lists = load_classifications(self.unit.schemes)
        kind = kind_of(entry.item_code)
        return lists.agrees(kind, entry.item_code, entry.item_name, self.unit.year) is not False

    def is_dash(self, line: str, phase: str) -> bool:
        """Return whether a line's amount is marked as not applicable, or said to be none."""
        return (line, phase) in self._dashes

    def rate(self, key: str, limits: Limits = ()) -> str:
        """Return a rate as printed in messages, beside limits, or why there is none."""
        quantity = self.quantities[key]
        if quantity.value is None:
            return f"不可计算（{quantity.missing}）"
        return self.printer.rate(quantity.value, (*quantity.limits, *limits))

    def as_printed(self, rate: Fraction, limits: Limits = ()) -> str:
        """Return a rate that a message computes, as the pages print one of the unit's like it."""
        return self.printer.rate(rate, (*self._limits.get(rate, ()), *limits))

    @cached_property
    def _limits(self) -> dict[Fraction, tuple[Fraction, ...]]:
        rates = (one for one in self.quantities.values() if one.kind == "rate" and one.limits)
        return {one.value: one.limits for one in rates if one.value is not None}

    def places(self, line: str, *phases: str) -> tuple[Place, ...]:
        """Return where a line's amounts were read."""
        read = [self.read(line, phase) for phase in phases]
        return tuple(amount.place for amount in read if amount is not None)
