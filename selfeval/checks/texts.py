"""The unit's own words against its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction


from ..money import FEN_PER, parse_number
from ..tables import Place, same_text
from ..terms import BLOCKS, NOT_SUPPLIED, PHASES
from ..unit import NARRATIVE_FILE
from .finding import Case, Finding, unit_place

_AMOUNT = re.compile(r"(?P<number>\d[\d,，]*(?:\.\d+)?)\s*(?P<unit>亿元|万元|千元|元)")
_BARE = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*[万亿](?P<next>[^\s]{0,2})")
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*[%％]|百分之")
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_NEAR = 30
_PHASE_WORDS = (
    ("prior_final_accounts", ("上年决算", "上年度决算", "上年支出")),
    ("adjusted_budget", ("调整后", "全年预算")),
    ("initial_budget", ("年初", "预算", "安排")),
    ("executed", ("使用", "支出", "执行", "支付", "决算", "花费")),
)


def _sentences(case: Case) -> Iterator[tuple[Place, str]]:
    """Yield the unit's own sentences with the line they stand on; placeholders blanked."""
    for part in case.unit.narrative.all_parts():
        for number, line in enumerate(part.text.splitlines(), part.text_line):
            for match in _SENTENCE.finditer(_PLACEHOLDER.sub("", line)):
                yield unit_place(case.unit, NARRATIVE_FILE, f"第 {number} 行"), match[0].strip()
    for row in case.tables.measures.to_dict("records"):
        for field in ("problem", "cause", "measure"):
            yield Place(row["file"], row["sheet"], f"第 {row['row']} 行"), str(row[field])


def check_slow_but_overspent(case: Case) -> Iterator[Finding]:
    """TEXT-01: a problem says a project is slow or unpaid, while it overspent."""
    words = case.words("slow_execution")
    for row in case.tables.measures.to_dict("records"):
        text = f"{row['problem']}{row['cause']}"
        said = next((word for word in words if word in text), "")
        for line in _named_projects(case, row, text) if said else ():
            executed = case.fen(line, "executed")
            budget = case.fen(line, "adjusted_budget")
            phase = "adjusted_budget"
            if budget is None:
                budget, phase = case.fen(line, "initial_budget"), "initial_budget"
            place = Place(row["file"], row["sheet"], f"第 {row['row']} 行")
            if executed is None or budget is None:
                continue
            item = case.name(line)
            key = "execution_rate" if phase == "adjusted_budget" else "initial_rate"
            facts = (
                f"{item}支出{case.money(executed)}，为{PHASES[phase]}{case.money(budget)}的"
                f"{case.rate(f'{line}.{key}')}"
            )
            if executed > budget:
                yield case.finding(
                    "TEXT-01",
                    "fail",
                    f"问题中说“{said}”、款项付不出去，而{facts}，超出"
                    f"{case.money(executed - budget)}。两种说法不能同时成立，请核实。",
                    (place, *case.places(line, phase, "executed")),
                    item=item,
                )
            else:
                yield case.finding(
                    "TEXT-01", "pass", f"问题中说“{said}”，{facts}，不矛盾。", (place,), item=item
                )


def _named_projects(case: Case, row: dict[str, object], text: str) -> list[str]:
    linked = same_text(str(row["project"]))
    lines = [line for line in case.lines.index if line.startswith("project:")]
    if linked:
        return [line for line in lines if line == f"project:{linked}"]
    return [line for line in lines if case.name(line) in text]


def check_amount_units(case: Case) -> Iterator[Finding]:
    """TEXT-02: an amount in the text lacks 元, as in 40万."""
    counted = case.words("not_yuan")
    for place, sentence in _sentences(case):
        for match in _BARE.finditer(sentence):
            if any(match["next"].startswith(word) for word in counted):
                continue
            shown = match[0][: len(match[0]) - len(match["next"])]
            yield case.finding(
                "TEXT-02",
                "fail",
                f"“{shown}”漏写“元”，应为“{match['number']}万元”：“{_excerpt(sentence, match)}”。",
                (place,),
                f"{match['number']}万元",
                shown,
            )


def check_literal_amounts(case: Case) -> Iterator[Finding]:
    """TEXT-03: an amount typed in the text contradicts the table of the item it speaks of."""
    names = _spoken_names(case)
    agreed = 0
    for place, sentence in _sentences(case):
        for match in _AMOUNT.finditer(sentence):
            line, gap = _subject(sentence[: match.start()], names)
            if line is None or len(gap) > _NEAR:
                continue
            phases = _phases(gap)
            known = {p: case.fen(line, p) for p in phases if case.fen(line, p) is not None}
            if not known or (len(gap) > 4 and phases == tuple(PHASES)):
                continue
            if any(value is not None and _same(match, value) for value in known.values()):
                agreed += 1
                continue
            stated = "、".join(
                f"{PHASES[p]}{case.money(v)}" for p, v in known.items() if v is not None
            )
            yield case.finding(
                "TEXT-03",
                "fail",
                f"文中写{case.name(line)}{match[0]}，表中{stated}：“{_excerpt(sentence, match)}”。"
                "建议改用占位符，由工具填数。",
                (place, *case.places(line, *known)),
                stated,
                match[0],
                case.name(line),
            )
    if agreed:
        yield case.finding("TEXT-03", "pass", f"文字中有{agreed}处金额与表格相符。")


def _spoken_names(case: Case) -> list[tuple[str, str]]:
    names = [(case.name(line), line) for line in case.lines.index]
    names += [
        (block_name, block) for block, block_name in BLOCKS.items() if block in case.lines.index
    ]
    return sorted(set(names), key=lambda pair: -len(pair[0]))


def _subject(before: str, names: list[tuple[str, str]]) -> tuple[str | None, str]:
    """Return the line named last before an amount, and the words between."""
    best: tuple[int, int, str] | None = None
    for name, line in names:
        at = before.rfind(name)
        if at >= 0 and (best is None or at + len(name) > best[0]):
            best = (at + len(name), len(name), line)
    if best is None:
        return None, ""
    return best[2], before[best[0] :]


def _phases(gap: str) -> tuple[str, ...]:
    last: tuple[int, str] | None = None
    for phase, words in _PHASE_WORDS:
        for word in words:
            at = gap.rfind(word)
            if at >= 0 and (last is None or at > last[0]):
                last = (at, phase)
    return tuple(PHASES) if last is None else (last[1],)


def _same(match: re.Match[str], fen: int) -> bool:
    number = parse_number(match["number"].replace("，", ","))
    if number is None:
        return False
    unit = FEN_PER[match["unit"]]
    decimals = len(match["number"].rpartition(".")[2]) if "." in match["number"] else 0
    half_digit = Fraction(unit, 2 * 10**decimals)
    return abs(Fraction(number) * unit - fen) <= half_digit


def check_claims_have_evidence(case: Case) -> Iterator[Finding]:
    """TEXT-04: a rate of satisfaction or the like in the text, without indicator or evidence."""
    words = case.words("satisfaction")
    indicators = case.tables.indicators
    for place, sentence in _sentences(case):
        for word in words:
            if word not in sentence or not _PERCENT.search(sentence):
                continue
            stem = word.rstrip("度率")
            matching = indicators[indicators["indicator_name"].str.contains(stem, regex=False)]
            backed = matching[matching["evidence"] != ""]
            if backed.empty:
                lack = "没有相应的绩效指标" if matching.empty else f"指标的佐证材料{NOT_SUPPLIED}"
                yield case.finding(
                    "TEXT-04",
                    "fail",
                    f"文中的“{word}”{lack}，也看不到调查样本或来源：“{_clip(sentence, word)}”。",
                    (place,),
                    item=word,
                )
            else:
                yield case.finding(
                    "TEXT-04", "pass", f"文中的“{word}”有指标和佐证材料。", (place,), item=word
                )


def check_template_residue(case: Case) -> Iterator[Finding]:
    """TEXT-05: text left over from a template."""
    for place, sentence in _sentences(case):
        for word in case.words("template_residue"):
            if word in sentence:
                yield case.finding(
                    "TEXT-05",
                    "fail",
                    f"有未填写的模板文字“{word}”：“{_clip(sentence, word)}”。",
                    (place,),
                )


def check_personnel_cost_in_projects(case: Case) -> Iterator[Finding]:
    """TEXT-06: a project whose name speaks of paying people."""
    words = case.words("personnel_cost")
    for row in case.tables.projects.to_dict("records"):
        name = str(row["project"])
        said = next((word for word in words if word in name), "")
        if said and not row["note"]:
            yield case.finding(
                "TEXT-06",
                "fail",
                f"“{name}”列在{BLOCKS['project']}，名称含“{said}”。"
                f"属于{BLOCKS['personnel']}的应列{BLOCKS['basic']}；确属项目的请说明。",
                (Place(str(row["file"]), str(row["sheet"]), str(row["cell"])),),
                item=name,
            )


def check_problems_have_measures(case: Case) -> Iterator[Finding]:
    """PAIR-01: each problem has a measure and each measure a problem."""
    rows = case.tables.measures.to_dict("records")
    unpaired = False
    for row in rows:
        gaps = [
            name for name, field in (("问题", "problem"), ("措施", "measure")) if not row[field]
        ]
        if gaps:
            unpaired = True
            yield case.finding(
                "PAIR-01",
                "fail",
                f"这一行没有{'、'.join(gaps)}，问题与措施不能一一对应。",
                (Place(row["file"], row["sheet"], f"第 {row['row']} 行"),),
            )
    if rows and not unpaired:
        message = f"问题{len(rows)}个，措施{len(rows)}条，一一对应。"
        yield case.finding("PAIR-01", "pass", message)


def check_measures_have_owners(case: Case) -> Iterator[Finding]:
    """PAIR-02: each measure says who does it by when."""
    for row in case.tables.measures.to_dict("records"):
        gaps = [
            name for name, field in (("责任部门", "owner"), ("完成时限", "due")) if not row[field]
        ]
        if row["measure"] and gaps:
            yield case.finding(
                "PAIR-02",
                "fail",
                f"措施没有写明{'、'.join(gaps)}：“{_shorten(str(row['measure']))}”。",
                (Place(row["file"], row["sheet"], f"第 {row['row']} 行"),),
            )


def _excerpt(sentence: str, match: re.Match[str]) -> str:
    return sentence[max(0, match.start() - 18) : match.end() + 6].strip("，、 ")


def _clip(sentence: str, word: str) -> str:
    at = sentence.find(word)
    return sentence[max(0, at - 12) : at + len(word) + 14].strip("，、 ")


def _shorten(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}……"
