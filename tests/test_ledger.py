"""Tests of the sheet of evidence: what a row of the ledger becomes, or what is said of it."""

import datetime as dt

import pytest
from builders import LAYOUTS, make_folder, sheet_of, write_csv, write_xlsx
from evaluated import indicator, satisfaction

from selfeval.errors import InputErrors, TableError
from selfeval.project import Project
from selfeval.tables import load_tables
from selfeval.tables.inspection import inspect_files
from selfeval.tables.own_form.new_unit import new_unit
from selfeval.tables.rows import Material
from selfeval.unit import load_folder

DIGEST = "0123456789abcdef" * 4
INDICATORS = [indicator(), satisfaction()]


def material(**more):
    """Return a row of the ledger: material on paper for the first indicator."""
    return {"indicator_name": "培训场次", "material": "签到表"} | more


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path)


def read(folder, *rows, indicators=INDICATORS):
    """Load a unit whose one workbook holds indicators and a ledger."""
    sheets = {"indicators": indicators, "evidence": rows}
    write_xlsx(folder / "表.xlsx", **{name: sheet_of(name, sheets[name]) for name in sheets})
    return load_tables(load_folder(folder))


def told(folder, *rows, **more):
    """Return place, fault and remedy of all that is said of a ledger that is refused."""
    with pytest.raises((TableError, InputErrors)) as caught:
        read(folder, *rows, **more)
    faults = getattr(caught.value, "errors", [caught.value])
    return [(f.place.removeprefix("T001 › 表.xlsx › evidence › "), f.fault, f.remedy)
            for f in faults]  # fmt: skip


# --- what a row becomes ------------------------------------------------------------------------


def test_a_row_keeps_all_its_columns_and_the_cell_of_its_file(folder):
    row = material(
        evidence_file="签到表.txt", page="3—5", date="2021-11-20", holder="人事科",
        sample_size=400, recovered="386", sha256=DIGEST, note="复印件",
    )  # fmt: skip
    (found,) = read(folder, row).evidence

    seen = {"file": "表.xlsx", "sheet": "evidence", "cells": found.cells}
    state = {"state": "missing", "expected_sha256": DIGEST}
    assert found.place.cell == "C3"
    assert found == Material(**row | {"recovered": 386} | seen | state)


def test_material_on_paper_needs_nothing_but_its_indicator_and_its_name(folder):
    (found,) = read(folder, material()).evidence

    assert (found.state, found.evidence_file, found.date) == ("paper", "", "")
    assert found.sample_size is None


def test_only_the_first_three_columns_are_needed_and_a_csv_file_will_do(folder):
    write_csv(folder / "绩效指标.csv", sheet_of("indicators", INDICATORS))
    rows = [row[:3] for row in sheet_of("evidence", [material(evidence_file="—")])[1:]]
    write_csv(folder / "台账.csv", rows)

    (found,) = load_tables(load_folder(folder)).evidence

    assert (found.material, found.state, found.date) == ("签到表", "paper", "")
    assert found.sample_size is None


def test_without_the_sheet_the_files_are_listed_all_the_same(folder):
    (folder / "evidence").mkdir()
    (folder / "evidence" / "签到.txt").write_text("签到", encoding="utf-8")
    write_csv(folder / "绩效指标.csv", sheet_of("indicators", INDICATORS))

    assert load_tables(load_folder(folder)).unnamed_evidence == ("签到.txt",)


def test_a_unit_without_the_sheet_has_an_empty_ledger_and_is_not_refused_for_its_folders(folder):
    for name in ("evidence", "佐证材料"):
        (folder / name).mkdir()
    write_csv(folder / "绩效指标.csv", sheet_of("indicators", INDICATORS))

    tables = load_tables(load_folder(folder))

    assert (tables.evidence, tables.unnamed_evidence) == ((), ())


def test_a_new_unit_has_the_sheet_with_its_example_unread(tmp_path):
    (tmp_path / "params").mkdir()
    folder = new_unit(Project(tmp_path), "U001", 2021, "星桥区档案馆", "wangcheng-2021")

    tables = load_tables(load_folder(folder))

    assert "evidence" in tables.present
    assert tables.evidence == ()


def test_an_indicator_is_known_by_its_name_however_it_is_spaced(folder):
    assert len(read(folder, material(indicator_name="培训 场次")).evidence) == 1


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2021-11-20", "2021-11-20"),
        ("2021/1/5", "2021-01-05"),
        ("2021.12.31", "2021-12-31"),
        ("2021年12月31日", "2021-12-31"),
        ("２０２１年３月", "2021-03"),
        ("2021-12", "2021-12"),
        ("2021年", "2021"),
        (2021, "2021"),
        (dt.date(2021, 11, 20), "2021-11-20"),
        ("—", ""),
        ("", ""),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(folder, written, read_as):
    assert read(folder, material(date=written)).evidence[0].date == read_as


@pytest.mark.parametrize("written", [DIGEST, DIGEST.upper(), f"{DIGEST[:32]} {DIGEST[32:]}"])
def test_a_hash_may_be_in_capitals_or_spaced(folder, written):
    row = material(evidence_file="甲.txt", sha256=written)

    assert read(folder, row).evidence[0].sha256 == DIGEST


@pytest.mark.parametrize(
    "written", ["子\\签到.txt", "evidence/子/签到.txt", "佐证材料/子/签到.txt"]
)
def test_a_file_is_named_within_the_folder_however_it_was_typed(folder, written):
    row = material(evidence_file=written)

    assert read(folder, row).evidence[0].evidence_file == "子/签到.txt"


def test_the_command_counts_the_rows_of_a_ledger(folder):
    path = write_xlsx(folder / "表.xlsx", 台账=sheet_of("evidence", [material(), material()]))

    (survey,) = inspect_files([path], load_folder(folder).schemes)

    assert [(one.layout, one.rows) for one in survey.tables] == [("form_evidence", 2)]


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "place", "fault"),
    [
        ({"material": ""}, "B3", "这一行没有写材料名称。"),
        ({"indicator_name": ""}, "B3", "这一行没有填“三级指标”。"),
        ({"evidence_file": "../甲.txt"}, "C3", "“文件”栏的“../甲.txt”里有“..”或空的一级"),
        ({"page": dt.date(2021, 3, 5)}, "D3", "“页码”栏的“2021-03-05”是日期，像是被表格软件改动过"),
        ({"date": "去年底"}, "E3", "“材料日期”栏的“去年底”不是日期。"),
        ({"date": "2021-13-01"}, "E3", "“材料日期”栏的“2021-13-01”不是日历上的日期。"),
        ({"date": "2021-02-29"}, "E3", "“材料日期”栏的“2021-02-29”不是日历上的日期。"),
        ({"date": 44520}, "E3", "“材料日期”栏的“44520”不是日期。"),
        ({"sample_size": "四百"}, "G3", "“问卷份数”栏的“四百”不是数字。"),
        ({"sample_size": 1.5}, "G3", "“问卷份数”栏的“1.5”不是 0 至 10 亿之间的整数。"),
        ({"recovered": -1}, "H3", "“回收份数”栏的“-1”不是 0 至 10 亿之间的整数。"),
        (
            {"evidence_file": "甲.txt", "sha256": DIGEST[:-1]},
            "I3",
            f"“SHA-256”栏的“{DIGEST[:-1]}”不是 64 位十六进制的校验值。",
        ),
        ({"sha256": DIGEST}, "I3", "填了校验值，没有写是哪个文件的。"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_told_with_its_address(folder, row, place, fault):
    ((at, said, remedy),) = told(folder, material(**row))

    assert at == place
    assert said.startswith(fault)
    assert remedy


def test_every_fault_of_a_row_is_told(folder):
    row = material(evidence_file="/甲.txt", date="去年", sample_size="多")

    assert [place for place, _, _ in told(folder, row)] == ["C3", "E3", "G3"]


@pytest.mark.parametrize(("name", "hint"), [("培训场资", "是不是“培训场次”？"), ("别的", "")])
def test_an_indicator_that_is_not_in_its_table_is_told_with_the_nearest_name(folder, name, hint):
    (found,) = told(folder, material(), material(indicator_name=name))

    assert found == (
        "A4",
        f"三级指标“{name}”不在绩效指标之列。",
        f"{hint}请写与绩效指标表完全相同的名称。",
    )


def test_the_total_of_the_indicators_is_none(folder):
    total = {"indicator_family": "合计", "indicator_name": "合计"}
    (found,) = told(folder, material(indicator_name="合计"), indicators=[*INDICATORS, total])

    assert found[1] == "三级指标“合计”不在绩效指标之列。"


def test_indicators_that_cannot_be_read_make_no_name_unknown(folder):
    broken = [indicator(indicator_family="", indicator_name="甲")]
    found = told(folder, material(), indicators=broken)

    assert [fault for _, fault, _ in found] == ["这一行没有填“一级指标”。"]


def test_the_sheet_is_told_apart_from_that_of_the_indicators():
    required = [column.field for column in LAYOUTS["evidence"].columns if not column.optional]

    assert required == ["indicator_name", "material", "evidence_file"]
    assert not {"材料名称", "文件"} & {column.heading for column in LAYOUTS["indicators"].columns}
