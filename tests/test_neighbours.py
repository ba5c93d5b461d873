"""Tests of what last year's folder of a unit supplies: 上年决算数 where nothing states it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from builders import make_folder, write_xlsx
from evaluated import BASIC, PROJECTS, evaluate, findings, line

from notebooks import traced
from selfeval.budget import neighbours
from selfeval.budget.neighbours import other_unit_names
from selfeval.evaluation.finding import unit_place
from selfeval.evaluation.load import load_unit
from selfeval.page.appendix import about_html
from selfeval.plain_files import read_plain
from selfeval.scoring.score import score
from selfeval.unit import UNIT_FILE

WAN = 1_000_000
THIS = {
    "basic": [line("人员经费", "", 100, 10, 110, 105.5), line("公用经费", "", 20, -1, 19, 18.5)],
    "projects": [line("窗口服务专项", "", 50, 5, 55, 54), line("新项目", "", 5, 0, 5, 5)],
}


def two_years(tmp_path, last, this):
    """Evaluate a unit of 2021 beside its folder of 2020."""
    evaluate(tmp_path, settings={"fiscal_year": 2020}, **last)
    return evaluate(tmp_path, **this)


def prior(evaluation, name):
    """Return a line's 上年决算数 in 万元, and where it comes from."""
    quantity = evaluation.quantities[f"{name}.prior_final_accounts"]
    return quantity.value and quantity.value / WAN, quantity.source


def test_what_last_years_folder_spent_is_the_prior_final_accounts_with_its_cell(tmp_path):
    evaluation = two_years(tmp_path, {"basic": BASIC, "projects": PROJECTS}, THIS)

    assert prior(evaluation, "personnel") == (
        105.5, "2020/T001/基本支出.csv › 基本支出 › G4"
    )  # fmt: skip
    assert prior(evaluation, "basic") == (124, "2020/T001/基本支出.csv › 基本支出 › G6")
    assert prior(evaluation, "project:窗口服务专项")[0] == 54
    assert prior(evaluation, "project:新项目")[0] is None
    # One of last year's projects is no longer there: its money still is.
    assert prior(evaluation, "project")[0] == 83
    assert prior(evaluation, "total")[0] == 207
    assert [f.outcome for f in findings(evaluation, "MISS-04")] == ["pass"]
    assert [f for f in findings(evaluation, "SUM-02") if "上年决算数" in f.message] == []


def test_a_total_that_last_years_folder_does_not_print_is_added_with_each_cell(tmp_path):
    last = {"basic": BASIC[:2], "projects": PROJECTS[:2]}
    evaluation = two_years(tmp_path, last, THIS)

    assert prior(evaluation, "project") == (83, "2020/T001/项目支出.csv › 项目支出 › G4＋G5")


def test_the_trace_and_the_inputs_of_the_page_name_last_years_files(tmp_path):
    evaluation = score(two_years(tmp_path, {"basic": BASIC, "projects": PROJECTS}, THIS))

    assert "2020/T001/基本支出.csv" in traced(evaluation)
    assert "<code>2020/T001/基本支出.csv</code>" in about_html(evaluation)
    assert "2020/T001/unit.yaml" in evaluation.unit.inputs()


def test_final_accounts_in_last_years_folder_are_this_years_prior_ones(tmp_path):
    before = make_folder(tmp_path, fiscal_year=2020)
    write_xlsx(before / "2020年决算.xlsx", 支出=[
        ["支出决算表"], ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"], ["合计", "", 80, 50, 30],
    ])  # fmt: skip
    evaluation = evaluate(tmp_path, **THIS)

    assert prior(evaluation, "total") == (80, "2020/T001/2020年决算.xlsx › 支出 › C4")


def test_a_correction_of_last_years_source_is_told_where_its_number_is_used(tmp_path):
    before = make_folder(tmp_path, fiscal_year=2020)
    write_xlsx(before / "2020年决算.xlsx", 支出=[
        ["支出决算表"], ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"], ["合计", "", 80, 50, 30],
    ])  # fmt: skip
    mend = {"file": "2020年决算.xlsx", "sheet": "支出", "cell": "C4", "expect": "80",
            "correct": "81.00", "reason": "写错了", "status": "open"}  # fmt: skip
    text = yaml.safe_dump({"corrections": [mend]}, allow_unicode=True)
    (before / "corrections.yaml").write_text(text, encoding="utf-8")
    evaluation = evaluate(tmp_path, **THIS)

    assert prior(evaluation, "total") == (
        81, "2020/T001/2020年决算.xlsx › 支出 › C4（已更正，原为“80”）"
    )  # fmt: skip
    assert prior(evaluation, "basic") == (50, "2020/T001/2020年决算.xlsx › 支出 › D4")
    assert [f.outcome for f in findings(evaluation, "READ-05")] == ["pass"]


def test_what_is_stated_holds_and_a_difference_from_last_years_folder_is_told(tmp_path):
    stated = [line("人员经费", 90, 100, 10, 110, 105.5), line("公用经费", 18.5, 20, -1, 19, 18)]
    evaluation = two_years(tmp_path, {"basic": BASIC}, {"basic": stated})
    told = {f.item: f for f in findings(evaluation, "SAME-02")}

    assert prior(evaluation, "personnel")[0] == 90
    assert {item: f.outcome for item, f in told.items()} == {
        "人员经费": "fail", "公用经费": "pass", "基本支出": "fail",
    }  # fmt: skip
    assert told["人员经费"].severity == "warning"
    assert told["人员经费"].message == (
        "人员经费上年决算数为90.00万元，2020年的文件夹里全年执行数为105.50万元，不同。"
        "请核对；上年数后来调整过的，请说明。"
    )
    assert [str(place) for place in told["人员经费"].places] == [
        "基本支出.csv › 基本支出 › C4", "2020/T001/基本支出.csv › 基本支出 › G4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "outcome"), [(105.50, "pass"), (105.51, "rounding"), (105.52, "fail")]
)
def test_a_form_is_compared_with_last_years_folder_to_the_last_digit(tmp_path, stated, outcome):
    this = [line("人员经费", stated, 100, 10, 110, 105.5)]
    evaluation = two_years(tmp_path, {"basic": BASIC}, {"basic": this})

    assert [f.outcome for f in findings(evaluation, "SAME-02") if f.item == "人员经费"] == [outcome]


def test_what_does_not_apply_is_left_as_it_is(tmp_path):
    this = [line("人员经费", "—", 100, 10, 110, 105.5)]
    evaluation = two_years(tmp_path, {"basic": BASIC}, {"basic": this})

    assert prior(evaluation, "personnel") == (None, "")


def test_a_folder_of_last_year_that_cannot_be_read_supplies_nothing_and_is_told(tmp_path):
    bad = [line("人员经费", "约九十", 100)]
    with pytest.raises(Exception, match="约九十"):
        evaluate(tmp_path, settings={"fiscal_year": 2020}, basic=bad)
    evaluation = evaluate(tmp_path, **THIS)
    (finding,) = findings(evaluation, "SAME-02")

    assert prior(evaluation, "personnel")[0] is None
    assert finding.outcome == "not_computable"
    told = "2020年的文件夹没有使用，没有取上年决算数，也没有与上年的指标比较："
    assert finding.message.startswith(told)
    assert finding.places != (unit_place(evaluation.unit, "2020"),)


@pytest.mark.parametrize(
    ("last", "also", "is_own"),
    [
        ("星桥区教育局", [], False),
        ("示例市星桥区司法局", [], True),
        ("星桥区法律服务中心", [], False),
        ("星桥区法律服务中心", ["星桥区法律服务中心"], True),
    ],
)
def test_last_years_folder_of_another_unit_supplies_nothing(tmp_path, last, also, is_own):
    evaluate(tmp_path, settings={"fiscal_year": 2020, "unit_name": last}, basic=BASIC)
    own = {"unit_name": "星桥区司法局", "also_named": also}
    evaluation = evaluate(tmp_path, settings=own, **THIS)
    told = [f.message for f in findings(evaluation, "SAME-02") if f.outcome == "not_computable"]

    assert prior(evaluation, "personnel")[0] == (105.5 if is_own else None)
    assert told == ([] if is_own else [
        "2020年的文件夹没有使用，没有取上年决算数，也没有与上年的指标比较："
        f"它的 unit.yaml 里单位名称是“{last}”，不是“星桥区司法局”。"
        "改过名称的，请把原名写进 also_named。"
    ])  # fmt: skip


def test_without_a_folder_of_last_year_nothing_is_told(tmp_path):
    evaluation = evaluate(tmp_path, **THIS)

    assert findings(evaluation, "SAME-02") == []
    assert load_unit(evaluation.unit.folder).tables.prior_spending == ()


def test_the_name_of_another_unit_is_read_again_only_where_it_was_changed(tmp_path, monkeypatch):
    unit = evaluate(tmp_path).unit
    other = unit.folder.parent / "T002" / UNIT_FILE
    other.parent.mkdir()
    (unit.folder.parent / "说明.txt").touch()
    opened = []

    def read(path, largest):
        opened.append(path)
        return read_plain(path, largest)

    monkeypatch.setattr(neighbours, "read_plain", read)

    def names_told(written):
        other.write_text(f"unit_name: {written}\n", encoding="utf-8")
        return [list(other_unit_names(unit)) for _ in range(2)]

    assert names_told("甲局") == [["甲局"]] * 2
    assert names_told("乙街道办") == [["乙街道办"]] * 2
    assert opened == [other, other]
    other.unlink()
    assert list(other_unit_names(unit)) == []


def test_a_year_that_was_read_at_once_is_to_each_unit_what_reading_it_anew_would_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_AT_ONCE", {})
    said = "# 一、部门（单位）基本情况\n\n开展了全年的巡查和养护工作。各科室分工明确而且有记录。\n"
    for number, text in enumerate(
        (said, said.replace("各科室", "各股室"), "别的话说得也够长了吧。")
    ):
        folder = tmp_path / "2021" / f"T00{number}"
        folder.mkdir(parents=True)
        (folder / "unit.yaml").write_text(f"unit_name: 局{number}\n", encoding="utf-8")
        (folder / "narrative.md").write_text(text, encoding="utf-8")
    units = [
        SimpleNamespace(folder=tmp_path / f"2021/T00{n}", code=f"T00{n}", year=2021)
        for n in range(3)
    ]
    wanted = frozenset(neighbours.sentences(said))

    def told() -> list[object]:
        return [
            (list(neighbours.other_unit_names(unit)), dict(neighbours.held_by_others(unit, wanted)))
            for unit in units
        ]

    anew = told()
    neighbours.read_year(tmp_path / "2021")

    assert told() == anew
    assert anew[0][0] == ["局1", "局2"]
    assert {*map(tuple, anew[1][1].values())} == {(tmp_path / "2021/T000/narrative.md",)}
