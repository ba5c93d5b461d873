"""Rules, headings and terms are data: the package's code holds none of them."""

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from selfeval import terms
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import load_form
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.outlines import load_outline
from selfeval.schemes.scoring import load_scoring

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "selfeval"
SCHEMES = ROOT / "params" / "schemes"
JUDGES = {"checks", "scoring", "attainment"}
"""The rooms and modules where a number above ten may be points or a weight."""
WORDS = {"text", "written"}
"""The room and module where a number above ten is a length: how many characters."""
ORDINARY = {"说明", "单位", "问题", "措施", "原因", "项目", "指标", "材料", "内容", "名称", "人员",
            "序号", "表", "总分", "执行率", "文件",
            "相符", "合计", "应为", "在职人员",
            "年度", "增减", "等级", "文件夹", "主管部门", "笔记本", "报告", "支出"}  # fmt: skip
"""Terms that are also ordinary words of a sentence."""


def literals(path: Path) -> Iterator[tuple[int, object]]:
    """Yield the constants of a module with their lines, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in said:
            yield node.lineno, node.value


def term_values() -> set[str]:
    """Return every Chinese term of terms.py."""
    values = [value for value in vars(terms).values() if isinstance(value, str)]
    for mapping in (value for value in vars(terms).values() if isinstance(value, dict)):
        values += [value for value in mapping.values() if isinstance(value, str)]
    return {value for value in values if len(value) > 1 and not value.isascii()}


def scheme_headings() -> set[str]:
    """Return every heading, row name and alias of the layouts and outlines."""
    found = set()
    for table in load_form(SCHEMES).tables:
        found |= {table.sheet, table.title, *table.totals}
        found |= {name for column in table.columns for name in (column.heading, *column.aliases)}
        found |= {name for item in table.items for name in (item.name, *item.aliases)}
    for name in scheme_names(SCHEMES, "outlines"):
        for section in load_outline(SCHEMES, name).sections:
            found |= {section.heading, *(part.heading for part in section.parts)}
    return found


def points() -> set[Decimal]:
    """Return every weight of the scoring profiles and every bound of their grades."""
    found: set[Decimal] = set()
    for profile in (load_scoring(SCHEMES, name) for name in scheme_names(SCHEMES, "scoring")):
        found |= {band.from_ for band in profile.grades}
        for variant in profile.variants:
            found |= {one.points for one in (*variant.blocks, *variant.lines)}
    return found


def thresholds() -> set[Decimal]:
    """Return the thresholds of the checks.

    A small whole number counts things everywhere, a hundred the characters of a passage; only the
    others can be told to be one.
    """
    dated = load_checks(SCHEMES).thresholds.items()
    dated = [own for name, own in dated if not name.endswith("_characters")]
    values = {value for threshold in dated for value in threshold.values.values()}
    return {value for value in values if value != int(value) or value > 10}


def test_no_term_heading_weight_or_threshold_stands_in_the_code():
    words = (term_values() | scheme_headings()) - ORDINARY
    limits, weights = thresholds(), {value for value in points() if value > 10}
    found = []
    for path in sorted({*PACKAGE.rglob("*.py")} - {Path(terms.__file__)}):
        module = path.relative_to(PACKAGE)
        rooms = {*module.with_suffix("").parts}
        numbers = limits | weights if JUDGES & rooms and not WORDS & rooms else limits
        # A batch counts seconds, and judges no unit.
        numbers = set() if "run" in rooms else numbers
        for line, value in literals(path):
            if isinstance(value, str) and value in words:
                found.append(f"{module}:{line} {value}")
            elif isinstance(value, int | float) and not isinstance(value, bool):
                found += [f"{module}:{line} {value}"] if Decimal(str(value)) in numbers else []

    assert found == [], "\n".join(found)
