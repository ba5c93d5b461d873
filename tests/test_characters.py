"""Tests of PAGE-01 and selfeval.glyphs: characters that readers may see as boxes."""

import pytest
from builders import NARRATIVE, make_unit
from evaluated import COMPLETE, evaluate, findings, indicator, line

from selfeval.checks import check
from selfeval.errors import TableError
from selfeval.evaluation.load import load_unit
from selfeval.glyphs import is_rare
from selfeval.page.contained import check_page


def places(evaluation):
    return {f.item: [str(place) for place in f.places] for f in findings(evaluation, "PAGE-01")}


@pytest.mark.parametrize("common", list("通喆堃龘䶮㐂𬭎①⑳Ⅻ㎡√□■★•™✓“—…·‑α°≥￥𫓧"))
def test_what_the_national_lists_and_common_fonts_have_is_not_rare(common):
    assert not is_rare(common)


@pytest.mark.parametrize("rare", ["𠮷", "😀", "✅", "\U00031350"])
def test_what_fonts_may_lack_is_rare(rare):
    assert is_rare(rare)


def test_a_rare_character_is_named_with_its_cell_and_stops_nothing(tmp_path):
    rows = COMPLETE | {
        "projects": [line("𠮷祥项目", "", 1)],
        "indicators": [indicator("😀\ufe0f度")],
    }
    evaluation = check(load_unit(make_unit(tmp_path, **rows)))

    assert places(evaluation) == {
        "𠮷": ["填报.xlsx › 项目支出 › A6"], "😀": ["填报.xlsx › 绩效指标 › 第 6 行"],
    }  # fmt: skip
    finding = findings(evaluation, "PAGE-01")[0]
    assert finding.message == (
        "“𠮷”（U+20BB7）不在通用的字库里，有的手机和电脑上会显示成方框。"
        "能用通用汉字的请改用；名称确实如此的，请写说明。"
    )
    assert finding.severity == "warning"


def test_a_rare_character_of_the_text_and_of_unit_yaml_is_named_with_its_line(tmp_path):
    narrative = NARRATIVE.replace("三个科室", "三个科室✅")
    evaluation = evaluate(tmp_path, narrative=narrative, settings={"contact": "办公室😀"})

    assert places(evaluation) == {
        "✅": ["T001 › narrative.md › 第 5 行"], "😀": ["T001 › unit.yaml"],
    }  # fmt: skip


def test_a_rare_name_that_is_explained_is_settled(tmp_path):
    said = {"finding": "PAGE-01", "item": "𠮷", "text": "地名如此"}
    evaluation = evaluate(
        tmp_path, projects=[line("𠮷祥项目", "", 1)], settings={"explanations": [said]}
    )

    assert [f.is_open for f in findings(evaluation, "PAGE-01")] == [False]


def test_an_ordinary_unit_has_no_such_finding(tmp_path):
    assert places(evaluate(tmp_path)) == {}


@pytest.mark.parametrize("character", ["\ue123", "\U000f1234", "\x01", "\ufffe"])
def test_a_character_that_no_other_machine_has_is_named_and_its_page_refused(tmp_path, character):
    evaluation = evaluate(tmp_path, projects=[line(f"甲{character}", "", 1)])

    (finding,) = findings(evaluation, "PAGE-01")
    assert finding.message.startswith(f"字符 U+{ord(character):04X} 是自造字或控制字符，")
    assert [str(place) for place in finding.places] == ["项目支出.csv › 项目支出 › A4"]
    with pytest.raises(TableError, match=f"字符 U[+]{ord(character):04X} 是自造字.*的 PAGE-01"):
        check_page(f"<html><body><p>甲{character}</p></body></html>", tmp_path, tmp_path / "T001")
