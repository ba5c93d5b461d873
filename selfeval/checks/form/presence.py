"""MISS-01 to MISS-08, SECT-01, SECT-02, FILE-01, FILE-02: what a report must have and lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...evaluation import Evaluation
from ...evaluation.finding import Finding, Verdict, unit_place
from ...evaluation.missing import PUT_BACK, form_place, missing_tables, told_missing
from ...evaluation.rows import own_row
from ...schemes.known_names import WordsName
from ...schemes.outlines import Part
from ...sheets import Place
from ...terms import (
    BLOCKS,
    CAPTIONS,
    EVIDENCE_FOLDERS,
    NOT_SUPPLIED,
    PHASES,
    SCORE_TOTAL,
    STAFFING,
)
from ...text.numbers import AMOUNT
from ...text.paragraphs import plain_line
from ...unit import NARRATIVE_FILE, UNIT_FILE
from ...unit.folder import is_named

_UNREAD: Final[Mapping[WordsName, tuple[str, str]]] = {
    "document_files": (
        "文字材料和 PDF 不能直接读",
        "里面的数请抄进填报表，文字请抄进 narrative.md；有现成公开表的，"
        "请把表复制出来，另存为 .xlsx 再放入；",
    ),
    "picture_files": ("是图片", "图里的数请抄进填报表；"),
    "archive_files": ("是压缩包", "请解压后放入要用的表格；"),
}
"""What is said of a file that is not read, by the list its name is in, and what to do."""
_FOLDER = ("子文件夹里的文件都不读取", "要用的表格请移到单位文件夹里；")
_UNKNOWN = ("不认识这种文件", "里面有要用的表格的，请另存为 .xlsx 再放入；")


def check_tables_present(case: Evaluation) -> Iterator[Verdict]:
    """FILE-02: the unit's own form has all its tables."""
    for table, sheet in missing_tables(case).items():
        told = told_missing(case, table, sheet)
        yield Verdict(
            message=f"{told}，报告里的这一部分和用到它的核对都没有数。{PUT_BACK}",
            places=form_place(case),
            item=sheet,
            of=SCORE_TOTAL if table == "indicators" else "",
        )


def check_files_used(case: Evaluation) -> Iterator[Verdict]:
    """FILE-01: every file in the unit's folder is read, is evidence, or is to be ignored."""
    for name in case.unit.contents.unread:
        found = (of for words, of in _UNREAD.items() if is_named(name, case.words(words)))
        kind, remedy = _FOLDER if name.endswith("/") else next(found, _UNKNOWN)
        yield Verdict(
            message=f"“{name}”没有读取：{kind}。{remedy}作佐证的，"
            f"请放进 {EVIDENCE_FOLDERS[0]} 文件夹；"
            f"不用的，请移走，或在 {UNIT_FILE} 的 ignore 里写明“{name}”。",
            places=(unit_place(case.unit, name),),
            item=name,
        )


def check_three_public_supplied(case: Evaluation) -> Iterator[Verdict]:
    """MISS-01: “三公”经费 is supplied."""
    yield _supplied(case, ["three_public_expenses"], ("initial_budget", "executed"))


def check_procurement_supplied(case: Evaluation) -> Iterator[Verdict]:
    """MISS-02: 政府采购 is supplied."""
    yield _supplied(case, ["procurement"], ("initial_budget", "executed"))


def check_carryover_supplied(case: Evaluation) -> Iterator[Verdict]:
    """MISS-03: 结转和结余 at both ends of the year is supplied."""
    blocks = ["opening_carryover_and_surplus", "closing_carryover_and_surplus"]
    yield _supplied(case, blocks, ("executed",))


def check_prior_year_supplied(case: Evaluation) -> Iterator[Verdict]:
    """MISS-04: 上年决算数 of basic and project spending is supplied."""
    yield _supplied(case, ["basic", "project"], ("prior_final_accounts",))


def _supplied(case: Evaluation, blocks: list[str], phases: tuple[str, ...]) -> Verdict:
    names = "、".join(BLOCKS[block] for block in blocks)
    stages = "、".join(PHASES[phase] for phase in phases)
    gaps, cells = [], list[Place]()
    for block in blocks:
        for phase in phases:
            known = block in case.budget_lines
            if known and _is_stated(case, block, phase):
                continue
            gaps.append(f"{BLOCKS[block]}{PHASES[phase] if known else ''}")
            cells += _cells(case, block, phase)
    if not gaps:
        return Verdict(outcome="pass", message=f"{names}的{stages}已提供。", item=names)
    what = "、".join(dict.fromkeys(gaps))
    return Verdict(
        message=f"{what}{NOT_SUPPLIED}；没有发生的请填0，不适用请填“—”。",
        item=names,
        write=tuple(dict.fromkeys(cells)),
    )


def _cells(case: Evaluation, line: str, phase: str) -> Iterator[Place]:
    """Yield the cells of the form that a line's amount is missing in, of its parts if it has any.

    Where the form has no row of it, its table is the place.
    """
    parts = [part for part in case.parts(line) if not _is_stated(case, part, phase)]
    if parts:
        for part in parts:
            yield from _cells(case, part, phase)
        return
    row = own_row(case, line)
    if row is not None and row.address(phase):
        yield row.place_of(phase)
    else:
        layouts = {item.block: t.sheet for t in case.unit.form.tables for item in t.items}
        yield from (Place(own.file, layouts[line]) for own in form_place(case) if line in layouts)


def _is_stated(case: Evaluation, block: str, phase: str) -> bool:
    """Return whether there is an amount, or 不适用; a budget of unknown kind is told by itself."""
    phases = [phase, *(["stated_budget"] if phase == "initial_budget" else [])]
    return any(case.fen(block, p) is not None or case.is_dash(block, p) for p in phases)


def check_other_budgets_stated(case: Evaluation) -> Iterator[Verdict]:
    """MISS-05: 政府性基金 and 国有资本经营 have numbers, or the text says there were none."""
    for block in ("government_managed_funds", "state_capital_operations"):
        name = BLOCKS[block]
        has_number = block in case.budget_lines and any(
            case.fen(block, phase) is not None for phase in ("initial_budget", "executed")
        )
        says = _says_there_is_none(case, block) or any(
            table.fund == block
            and table.year == case.unit.year
            and table.is_empty
            and table.says_empty
            for table in case.tables.reading.tables
        )
        if has_number or says:
            yield Verdict(outcome="pass", message=f"{name}已交代。", item=name)
        else:
            yield Verdict(
                message=f"{name}既没有数，也没有写明“无”。请填数；没有的填0或在文字中写明。",
                item=name,
                write=tuple(
                    dict.fromkeys(
                        cell
                        for phase in ("initial_budget", "executed")
                        for cell in _cells(case, block, phase)
                    )
                ),
            )


def _says_there_is_none(case: Evaluation, block: str) -> bool:
    """Return whether the fund's own section, or a sentence that names it, says there is none."""
    none = "|".join(re.escape(word) for word in case.words("no_such_funds"))
    stem = re.escape(BLOCKS[block].removesuffix("预算支出"))
    named = re.compile(f"(?:{none})[^，,。；;]{{0,6}}{stem}|{stem}[^，,。；;]{{0,12}}(?:{none})")
    narrative = case.unit.narrative
    if any(named.search(part.text) for part in narrative.all_parts()):
        return True
    own = narrative.texts.get(block)
    # An amount in its own section speaks of money there was, whatever else the text denies.
    return (
        own is not None
        and not AMOUNT.search(plain_line(own.text))
        and bool(re.search(none, own.text))
    )


def check_indicators_supplied(case: Evaluation) -> Iterator[Verdict]:
    """MISS-06: there are performance indicators and a self-score."""
    indicators = case.tables.indicators
    item = case.unit.form.heading("indicators")
    if not indicators:
        yield Verdict(
            message="没有填报绩效指标、完成值和得分，自评得分和等级不可计算；文字所述成绩也没有对应的年度指标值。",
            item=item,
            of=SCORE_TOTAL,
            write=tuple(Place(own.file, item) for own in form_place(case)),
        )
    elif all(row.self_score is None for row in indicators):
        cells = tuple(row.place_of("self_score") for row in indicators)
        yield Verdict(message="绩效指标没有填自评得分。", item=item, write=cells)
    else:
        yield Verdict(outcome="pass", message=f"已填报绩效指标{len(indicators)}项。", item=item)


def check_signature(case: Evaluation) -> Iterator[Verdict]:
    """MISS-07: who signs, who answers questions, and the date."""
    settings = case.unit.settings
    keys = {
        "负责人（signatory）": settings.signatory,
        "联系科室（contact）": settings.contact,
        "报告日期（report_date）": settings.report_date,
    }
    gaps = [key for key, value in keys.items() if not value]
    place = (unit_place(case.unit, UNIT_FILE),)
    if gaps:
        yield Verdict(message=f"没有写明{'、'.join(gaps)}。请在 {UNIT_FILE} 里补填。", places=place)
    else:
        yield Verdict(outcome="pass", message="负责人、联系科室和日期齐全。", places=place)


def check_form(case: Evaluation) -> Iterator[Verdict]:
    """MISS-08: the unit's own form is filled in; public tables alone may be checked without it."""
    if case.has_only_public_tables:
        also, only = ("和文字", "") if _writes(case) else ("", "和文字")
        what = "、".join((STAFFING["staff"], *(CAPTIONS[name] for name in ("targets", "measures"))))
        yield Verdict(
            message=f"没有填报表，只核对公开表{also}；填报表{only}里才有的内容（{what}等）没有检查。"
            "要写自评报告，请用 selfeval new 新建一个单位，"
            "把它的填报.xlsx 移到本单位文件夹里填写。",
            item=CAPTIONS["form"],
        )


def told_by_form(case: Evaluation, found: Sequence[Finding]) -> list[Finding]:
    """Return the findings without those that MISS-08 stands for.

    A unit that has begun to write its text is still told what its own files lack.
    """
    if not case.has_only_public_tables:
        return list(found)
    writes, codes = _writes(case), case.unit.checks.without_form
    return [f for f in found if not (f.is_open and f.code in codes) or (writes and f.places)]


def _writes(case: Evaluation) -> bool:
    """Return whether a unit has begun to write its text."""
    return any(part.text.strip() for part in case.unit.narrative.all_parts())


def check_required_sections(case: Evaluation) -> Iterator[Verdict]:
    """SECT-01: every part the unit must write has text."""
    outline, narrative = case.unit.outline, case.unit.narrative
    for section in outline.sections:
        parts: list[tuple[str, Part]] = [(section.id, section)]
        parts += [(f"{section.id}.{part.id}", part) for part in section.parts]
        for key, part in parts:
            if part.text != "required":
                continue
            written = narrative.texts.get(key)
            has_text = bool(written and written.text.strip()) or any(
                free.text.strip() for free in narrative.free.get(key, ())
            )
            # The page says itself what a table says there was not.
            has_text = has_text or any(
                case.quantities[f"{key}.{phase}"].is_none
                for phase in ("initial_budget", "executed")
                if f"{key}.{phase}" in case.quantities
            )
            to_do = "的这个标题下写文字" if written else "里写上这个标题和文字"
            yield Verdict(
                outcome="pass" if has_text else "fail",
                message=f"“{part.heading}”已有文字。"
                if has_text
                else f"“{part.heading}”没有文字。请在 {NARRATIVE_FILE} {to_do}。",
                places=(
                    unit_place(
                        case.unit, NARRATIVE_FILE, f"第 {written.line} 行" if written else ""
                    ),
                ),
                item=part.heading,
            )
    yield from _generated_sections(case)


def _generated_sections(case: Evaluation) -> Iterator[Verdict]:
    tables, missing = case.tables, missing_tables(case)
    for table, name, empty in (
        ("staffing", "人员情况", not tables.staffing),
        ("basic", BLOCKS["basic"], case.fen("basic", "initial_budget") is None),
        ("projects", BLOCKS["project"], not tables.projects),
        ("measures", "问题与改进措施", not tables.measures),
    ):
        if empty and table not in missing:
            yield Verdict(message=f"{name}没有数据，这一部分写不出来。", item=name)


def check_expected_sections(case: Evaluation) -> Iterator[Verdict]:
    """SECT-02: parts that other outlines ask for where the unit is, and this one lacks."""
    for expected in case.unit.outline.expected:
        if not any(place in case.unit.name for place in expected.places):
            continue
        yield Verdict(
            message=f"所用提纲没有“{expected.heading}”。依据：{expected.reference}",
            item=expected.heading,
        )
