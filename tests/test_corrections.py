"""Tests of corrections.yaml: used and told where they fit, refused loudly where they do not."""

from random import Random

import pytest
import yaml
from builders import make_folder, make_unit, sheet_of, write_csv, write_xlsx
from evaluated import line
from table_sets import Plan, final_accounts

from notebooks import traced
from selfeval.checks import check
from selfeval.errors import InputErrors, ParamsError
from selfeval.evaluation.load import load_unit
from selfeval.page.appendix import about_html
from selfeval.scoring.score import score
from selfeval.sheets import Grid, Place
from selfeval.unit import load_folder as load_folder
from selfeval.unit.corrections import Correction, apply_corrections

WAN = 1_000_000
REASON = "录入时写错了"


def correction(**keys):
    return {
        "file": "决算.xlsx", "sheet": "支出", "cell": "C5", "expect": "80", "correct": "90.00",
        "reason": REASON, "status": "open",
    } | keys  # fmt: skip


SPENT = [
    ["支出决算表"], ["单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    ["", "", "", "", ""],
    ["合计", "", 80, 60, 30],
    ["201", "一般公共服务支出", 90, 60, 30],
]  # fmt: skip


def folder_with(tmp_path, *corrections, **sheets):
    folder = make_folder(tmp_path, years={"决算.xlsx": 2021})
    write_xlsx(folder / "决算.xlsx", **(sheets or {"支出": SPENT}))
    if corrections:
        text = yaml.safe_dump({"corrections": list(corrections)}, allow_unicode=True)
        (folder / "corrections.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder):
    with pytest.raises((ParamsError, InputErrors)) as error:
        load_unit(folder)
    return str(error.value)


# --- that fit --------------------------------------------------------------------------------


def test_a_corrected_amount_is_used_and_its_trace_says_what_it_was(tmp_path):
    evaluation = score(check(load_unit(folder_with(tmp_path, correction()))))
    total = evaluation.quantities["total.executed"]

    assert total.value == 90 * WAN
    assert total.source == "决算.xlsx › 支出 › C5（已更正，原为“80”）"
    assert "决算.xlsx › 支出</th>" in traced(evaluation)
    assert ">C5（已更正，原为“80”）</td>" in traced(evaluation)
    assert f"决算.xlsx › 支出 › C5原为“80”，按“90.00”使用。{REASON}" in about_html(evaluation)


def test_the_checks_see_what_was_corrected(tmp_path):
    def fails(folder):
        found = check(load_unit(folder)).all_findings
        return {f.code for f in found if f.outcome == "fail" and f.code in ("I5", "I6")}

    assert fails(folder_with(tmp_path / "a")) == {"I5", "I6"}
    assert fails(folder_with(tmp_path / "b", correction())) == set()


@pytest.mark.parametrize(
    ("status", "basis", "said"),
    [
        (
            "open",
            "",
            f"来源中的“80”按“90.00”使用：{REASON}。尚未向发布单位提出。来源文件没有改动。",
        ),
        (
            "reported",
            "明细账",
            f"来源中的“80”按“90.00”使用：{REASON}。依据：明细账。已向发布单位提出。来源文件没有改动。",
        ),
    ],
)
def test_a_correction_in_force_is_told_with_its_reason_and_how_far_it_is(
    tmp_path, status, basis, said
):
    folder = folder_with(tmp_path, correction(status=status, basis=basis))
    (finding,) = [f for f in check(load_unit(folder)).all_findings if f.code == "READ-05"]

    assert (finding.outcome, finding.message) == ("pass", said)
    assert [str(place) for place in finding.places] == ["决算.xlsx › 支出 › C5"]


def test_the_source_is_never_changed(tmp_path):
    folder = folder_with(tmp_path, correction())
    before = (folder / "决算.xlsx").read_bytes()
    load_unit(folder)

    assert (folder / "决算.xlsx").read_bytes() == before


def test_a_corrected_cell_among_several_that_were_added_is_named(tmp_path):
    sheets = final_accounts(Plan(Random(1)))
    basic = [[*row[:3], "", "", ""] for row in sheets["基本"]]
    basic = [row for row in basic if "合计" not in str(row[0])]
    row = next(n for n, cells in enumerate(basic, 1) if cells[0] == "303")
    spent = [*sheets["支出"]]
    mend = correction(sheet="基本", cell=f"C{row}", expect=str(basic[row - 1][2]), correct="7.00")
    folder = folder_with(tmp_path, mend, 支出=spent, 基本=basic, 一般=sheets["一般"])
    source = load_unit(folder).quantities["personnel.executed"].source

    assert source.endswith(f"＋C{row}（C{row}已更正，原为“{basic[row - 1][2]}”）")


def test_a_cell_of_the_units_own_form_may_be_corrected_too(tmp_path):
    folder = make_folder(tmp_path)
    rows = [line("人员经费", "", 100), line("公用经费", "", 20)]
    write_csv(folder / "基本支出.csv", sheet_of("basic", rows))
    text = yaml.safe_dump({"corrections": [
        correction(file="基本支出.csv", sheet="", cell="D4", expect="100", correct="101"),
    ]}, allow_unicode=True)  # fmt: skip
    (folder / "corrections.yaml").write_text(text, encoding="utf-8")

    assert load_unit(folder).quantities["personnel.initial_budget"].value == 101 * WAN


def test_the_corrections_are_among_the_inputs(tmp_path):
    with_them = load_folder(folder_with(tmp_path / "a", correction())).inputs()
    without = load_folder(folder_with(tmp_path / "b")).inputs()

    assert set(with_them) - set(without) == {"corrections.yaml"}


# --- that do not -----------------------------------------------------------------------------

PLACE = "T001 › corrections.yaml › 决算.xlsx"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"expect": "70"},
            f"{PLACE} › 支出 › C5：更正里写明原来是（expect）“70”，单元格现在是“80”。"
            "来源已经改变：已更正的，请删去这一条；改成了别的数的，请重新核对。",
        ),
        (
            {"cell": "D4"},
            f"{PLACE} › 支出 › D4：更正里写明原来是（expect）“80”，单元格现在是空的。",
        ),
        ({"cell": "C99"}, f"{PLACE} › 支出 › C99：工作表里没有这个单元格。"),
        ({"cell": "AA5"}, f"{PLACE} › 支出 › AA5：工作表里没有这个单元格。"),
        ({"sheet": "收入"}, f"{PLACE} › 收入 › C5：没有这个文件或工作表。"),
        (
            {"file": "旧.xlsx"},
            "T001 › corrections.yaml › 旧.xlsx › 支出 › C5：没有这个文件或工作表。"
            "请检查文件名（file）和工作表名（sheet），或删去这一条。",
        ),
    ],
)
def test_a_correction_that_no_longer_fits_is_refused_by_unit_file_sheet_and_cell(
    tmp_path, keys, message
):
    assert refused(folder_with(tmp_path, correction(**keys))).startswith(message)


def test_two_corrections_of_one_cell_are_refused_also_where_one_leaves_out_the_sheet(tmp_path):
    other = correction(correct="91")
    again = correction(sheet="", correct="91")

    for second in (other, again):
        assert refused(folder_with(tmp_path, correction(), second)) == (
            f"{PLACE} › 支出 › C5：同一个单元格有两条更正。请只留一条。"
        )


def test_a_correction_without_a_sheet_is_refused_in_a_workbook_of_several(tmp_path):
    folder = folder_with(tmp_path, correction(sheet=""), 支出=SPENT, 另一张=SPENT)

    assert refused(folder) == (
        f"{PLACE} › C5：文件有2张工作表，没有写是哪一张。请补上工作表名（sheet）。"
    )


def test_all_corrections_that_do_not_fit_are_told_at_once(tmp_path):
    text = refused(folder_with(tmp_path, correction(expect="1"), correction(cell="D5", expect="2")))

    assert "共 2 处需要更正" in text
    assert "› C5：" in text
    assert "› D5：" in text


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"cell": "5C"}, "“corrections 第 1 条的 cell”的值“5C”不对"),
        ({"expect": 80}, "“corrections 第 1 条的 expect”的值“80”不对，应是文字（必要时加引号）"),
        ({"status": "done"}, "“corrections 第 1 条的 status”的值“done”不在允许之列"),
        ({"reason": ""}, "“corrections 第 1 条的 reason”的值（是空的）不对，应是至少 2 个字"),
        (
            {"correct": "80"},
            "“corrections 第 1 条”：原来的内容（expect）与更正后的（correct）相同，没有更正什么",
        ),
        ({"corect": "80"}, "不认识的键“corrections 第 1 条的 corect”，是不是“correct”"),
    ],
)
def test_a_correction_that_is_not_well_written_is_refused_with_its_key(tmp_path, keys, fault):
    text = refused(folder_with(tmp_path, correction(**keys)))

    assert text.startswith("T001 › corrections.yaml：")
    assert fault in text


def test_a_unit_without_corrections_has_none(tmp_path):
    evaluation = load_unit(make_unit(tmp_path))

    assert evaluation.unit.corrections == ()
    assert evaluation.tables.corrected == {}


def test_a_correction_beyond_the_end_of_a_short_row_is_refused():
    grid = Grid("f", "s", (("a", "b"), ("c",)))
    wrong = Correction(**correction(file="f", sheet="s", cell="B2", expect="", correct="x"))
    right = Correction(**correction(file="f", sheet="s", cell="B1", expect="b", correct="x"))

    _, applied, errors = apply_corrections([grid], [wrong], "u")
    assert applied == {}
    assert [error.fault for error in errors] == ["工作表里没有这个单元格。"]

    (mended,), applied, errors = apply_corrections([grid], [right], "u")
    assert mended.rows == (("a", "x"), ("c",))
    assert applied == {Place("f", "s", "B1"): right}
    assert errors == []
    assert grid.rows[0] == ("a", "b")
