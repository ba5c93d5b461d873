"""Rules, headings and terms are data: the package's code holds none of them."""

import ast
import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest

from selfeval import terms
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import load_form
from selfeval.schemes.loading import scheme_names
from selfeval.schemes.outlines import load_outline
from selfeval.schemes.scoring import load_scoring

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "selfeval"
SCHEMES = ROOT / "params" / "schemes"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "terms.py")


def literals(path):
    """Return the constants of a module, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in documentation
    ]


def term_values():
    """Return every Chinese term of terms.py."""
    values = set()
    for value in vars(terms).values():
        if isinstance(value, dict):
            values |= {text for text in value.values() if isinstance(text, str)}
        elif isinstance(value, str):
            values.add(value)
    return {value for value in values if len(value) > 1 and not value.isascii()}


def scheme_headings():
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


# Also ordinary words of a sentence.
ORDINARY = {
    "说明",
    "单位",
    "问题",
    "措施",
    "原因",
    "项目",
    "指标",
    "材料",
    "内容",
    "名称",
    "人员",
    "序号",
    "表",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_term_or_heading_stands_in_the_code(path):
    strings = {value for value in literals(path) if isinstance(value, str)}

    assert not strings & ((term_values() | scheme_headings()) - ORDINARY)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_weight_threshold_or_band_stands_in_the_code(path):
    scoring = [load_scoring(SCHEMES, name) for name in scheme_names(SCHEMES, "scoring")]
    numbers = {
        number
        for profile in scoring
        for variant in profile.variants
        for number in (*(b.points for b in variant.blocks), *(x.points for x in variant.lines))
    }
    numbers |= {band.from_ for profile in scoring for band in profile.grades}
    # A small whole number counts things everywhere; only the others can be told to be a threshold.
    thresholds = {
        value
        for dated in load_checks(SCHEMES).thresholds.values()
        for value in dated.values.values()
        if value != int(value) or value > 10
    }
    judging = path.parent.name == "checks" or path.stem in {"scoring", "indicators"}
    found = {
        value
        for value in literals(path)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }

    assert not {value for value in found if Decimal(str(value)) in thresholds}
    assert not judging or not {value for value in found if value > 10} & numbers


def test_every_frame_column_is_named_once_in_terms():
    assert all(
        isinstance(columns, dict) and columns
        for name, columns in vars(terms).items()
        if name.endswith("_COLUMNS")
    )
    assert not any(dataclasses.is_dataclass(value) for value in vars(terms).values())
