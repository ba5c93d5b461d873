import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from selfeval.errors import SelfEvalError
from selfeval.schemes.classifications import HEADER, load_classifications
from selfeval.strict import load_yaml

SCHEMES = Path(__file__).resolve().parent.parent / "params" / "schemes"
LISTS = SCHEMES / "classifications"
FUNCTIONAL, DEPARTMENTAL = "functional", "departmental_economic"
GOVERNMENT = "government_economic"


@pytest.fixture(scope="module")
def lists():
    return load_classifications(SCHEMES)


def rows(name):
    with (LISTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def schemes_with(folder, *lines, **index):
    """Write a small set of lists whose functional one has these lines; return the folder."""
    sourced = {
        "description": "试",
        "reference": "试",
        "verified": False,
        "effective": "2015-01-01",
    }
    files = {
        FUNCTIONAL: {**sourced, "file": "f.csv", "levels": [3, 5, 7], **index},
        DEPARTMENTAL: {**sourced, "file": "d.csv", "levels": [3, 5]},
        GOVERNMENT: {**sourced, "file": "g.csv", "levels": [3, 5]},
    }
    lists = folder / "classifications"
    lists.mkdir()
    (lists / "classifications.yaml").write_text(
        json.dumps({**sourced, "files": files}, ensure_ascii=False), encoding="utf-8"
    )
    head = ",".join(HEADER)
    for name, content in (
        ("f.csv", lines),
        ("d.csv", ["301,工资福利支出,2018,,,"]),
        ("g.csv", ["501,机关工资福利支出,2018,,,"]),
    ):
        (lists / name).write_text("\n".join([head, *content]) + "\n", encoding="utf-8")
    return folder


# --- what the lists say --------------------------------------------------------------------


def test_a_code_has_the_name_of_its_year(lists):
    assert lists.name(FUNCTIONAL, "2080501", 2018) == "归口管理的行政单位离退休"
    assert lists.name(FUNCTIONAL, "2080501", 2024) == "行政单位离退休"


def test_a_code_that_was_abolished_has_no_name_afterwards(lists):
    assert lists.name(FUNCTIONAL, "2080504", 2019) == "未归口管理的行政单位离退休"
    assert lists.name(FUNCTIONAL, "2080504", 2022) is None
    assert not lists.known(FUNCTIONAL, "2080504", 2022)


def test_the_economic_classification_changed_in_2018(lists):
    assert lists.name(DEPARTMENTAL, "30311", 2017) == "住房公积金"
    assert lists.name(DEPARTMENTAL, "30113", 2018) == "住房公积金"
    assert lists.name(DEPARTMENTAL, "30307", 2017) == "医疗费"
    assert lists.name(DEPARTMENTAL, "30307", 2018) == "医疗费补助"
    assert not lists.known(GOVERNMENT, "50101", 2017)
    assert lists.name(GOVERNMENT, "50101", 2018) == "工资奖金津补贴"


def test_a_name_of_another_code_does_not_agree(lists):
    assert lists.agrees(DEPARTMENTAL, "30213", "其他商品和服务支出", 2024) is False
    assert lists.agrees(DEPARTMENTAL, "30301", "退休费", 2024) is False


@pytest.mark.parametrize("printed", ["维修（护）费", "维修(护)费", " 维修 (护) 费"])
def test_width_and_spaces_do_not_make_a_name_disagree(lists, printed):
    assert lists.agrees(DEPARTMENTAL, "30213", printed, 2024) is True


def test_quotation_marks_do_not_make_a_name_disagree(lists):
    assert lists.agrees(FUNCTIONAL, "2040506", '"两庭"建设', 2024) is True


def test_an_unknown_code_neither_agrees_nor_disagrees(lists):
    assert lists.agrees(FUNCTIONAL, "2080577", "行政单位离退休", 2024) is None


def test_an_old_name_is_let_pass_for_one_year_only(lists):
    old = "行政事业单位离退休"

    assert [lists.agrees(FUNCTIONAL, "20805", old, y) for y in (2019, 2020, 2021)] == [
        True,
        True,
        False,
    ]


def test_a_new_name_is_let_pass_one_year_early(lists):
    assert lists.agrees(FUNCTIONAL, "20805", "行政事业单位养老支出", 2019) is True
    assert lists.agrees(FUNCTIONAL, "20805", "行政事业单位养老支出", 2018) is False


@pytest.mark.parametrize(
    ("printed", "year", "code"),
    [
        ("八、社会保障和就业支出", 2024, "208"),
        ("社会保障和就业支出", 2024, "208"),
        ("（八）社会保障和就业支出", 2024, "208"),
        ("社会保障和就业支出（208类）", 2024, "208"),
        ("一般公共服务支出", 2024, "201"),
        ("一、一般公共服务支出", 2024, "201"),
        ("三、医疗卫生与计划生育支出", 2024, "210"),
        ("二十一、其他支出", 2024, "229"),
        ("一、基本支出", 2024, None),
        ("合计", 2024, None),
    ],
)
def test_a_row_names_its_functional_class(lists, printed, year, code):
    assert lists.class_of(printed, year) == code


def test_a_missing_code_is_certain_only_where_the_list_is_complete(lists):
    assert lists.exhaustive(DEPARTMENTAL, "30210", 2024)
    assert lists.exhaustive(FUNCTIONAL, "299", 2024)
    assert not lists.exhaustive(FUNCTIONAL, "2080577", 2024)
    assert not lists.exhaustive(DEPARTMENTAL, "30210", 2017)
    assert not lists.exhaustive(DEPARTMENTAL, "39977", 2024)


def test_only_what_was_seen_in_print_is_confirmed(lists):
    assert lists.confirmed(FUNCTIONAL, "2080505", 2024)
    assert not lists.confirmed(FUNCTIONAL, "2050401", 2024)
    assert not lists.confirmed(FUNCTIONAL, "2080504", 2024)


# --- the files -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.csv")), ids=lambda p: p.stem)
def test_a_list_is_sorted_and_without_a_byte_order_mark(path):
    keys = [(row[0], row[2]) for row in rows(path.name)[1:]]

    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.csv")), ids=lambda p: p.stem)
def test_an_alias_is_not_the_name_itself(path):
    assert not [row for row in rows(path.name)[1:] if row[1] in row[4].split("|")]


@pytest.mark.parametrize("kind", [FUNCTIONAL, DEPARTMENTAL, GOVERNMENT])
def test_siblings_of_one_year_differ_in_name(lists, kind):
    seen = {}
    for code, periods in lists.lists[kind].items():
        for period in periods:
            for year in range(period.first, (period.last or 2026) + 1):
                key = (code[:-2] if len(code) > 3 else "", period.name, year)
                assert key not in seen, (code, seen.get(key))
                seen[key] = code


def test_every_list_of_the_index_is_there_and_every_file_is_in_it():
    index = load_yaml(LISTS / "classifications.yaml")

    named = {entry["file"] for entry in index["files"].values()}
    assert named == {path.name for path in LISTS.glob("*.csv")}


def test_nothing_is_called_verified_that_was_not():
    index = load_yaml(LISTS / "classifications.yaml")
    unseen = [row for path in LISTS.glob("*.csv") for row in rows(path.name)[1:] if not row[5]]

    assert unseen
    assert not index["verified"]
    assert not any(entry["verified"] for entry in index["files"].values())


def test_most_items_in_force_are_listed(lists):
    items = [c for c in lists.lists[FUNCTIONAL] if len(c) == 7 and lists.known(FUNCTIONAL, c, 2025)]

    assert len(items) > 1000


# --- what is refused -----------------------------------------------------------------------


def test_small_lists_are_read(tmp_path):
    folder = schemes_with(
        tmp_path,
        "201,甲支出,2015,2018,,",
        "201,乙支出,2019,,丙支出|丁支出,yes",
        "20101,某事务,2015,,,",
    )

    lists = load_classifications(folder)

    assert lists.name(FUNCTIONAL, "201", 2018) == "甲支出"
    assert lists.agrees(FUNCTIONAL, "201", "丁支出", 2030) is True
    assert lists.class_of("一、甲支出", 2030) == "201"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (["201,甲,2015,2019,,", "201,乙,2019,,,"], "时段重叠"),
        (["201,甲,2015,,,", "201,甲,2019,,,"], "时段重叠"),
        (["20101,某事务,2015,,,"], "没有上级科目"),
        (["201,甲,2015,2018,,", "20101,某事务,2015,,,"], "没有上级科目"),
        (["201,甲,2018,,,", "20101,某事务,2015,,,"], "没有上级科目"),
        (["2O1,甲,2015,,,"], "“2O1”的格式不对"),
        (["2011,甲,2015,,,"], "“2011”的格式不对"),
        (["201,,2015,,,"], "名称为空"),
        (["201,甲,15,,,"], "不是四位年份"),
        (["201,甲,2019,2018,,"], "早于起年"),
        (["201,甲,2015,,,是"], "seen 栏"),
        (["201,甲,2015"], "应有 6 栏"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(tmp_path, lines, fault):
    folder = schemes_with(tmp_path, *lines)

    with pytest.raises(SelfEvalError, match=fault):
        load_classifications(folder)


def test_a_faulty_line_is_told_by_file_and_number(tmp_path):
    folder = schemes_with(tmp_path, "201,甲,2015,,,", "20199,,2015,,,")

    with pytest.raises(SelfEvalError) as caught:
        load_classifications(folder)

    assert str(caught.value) == (
        "schemes/classifications/f.csv › 第 3 行："
        "科目“20199”的名称为空，或前后有空格。请改正这一行。"
    )


def test_a_missing_file_is_named(tmp_path):
    folder = schemes_with(tmp_path, "201,甲,2015,,,", file="x.csv")

    with pytest.raises(SelfEvalError, match=r"读不到文件“x\.csv”"):
        load_classifications(folder)


def test_other_headings_are_refused(tmp_path):
    folder = schemes_with(tmp_path, "201,甲,2015,,,")
    path = folder / "classifications" / "f.csv"
    path.write_text("编码,名称\n201,甲\n", encoding="utf-8")

    with pytest.raises(SelfEvalError, match="表头不对"):
        load_classifications(folder)


def test_an_edited_list_is_read_again(tmp_path):
    folder = schemes_with(tmp_path, "201,甲,2015,,,")
    before = load_classifications(folder)
    path = folder / "classifications" / "f.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("甲", "乙"), encoding="utf-8")

    after = load_classifications(folder)

    assert before.name(FUNCTIONAL, "201", 2020) == "甲"
    assert after.name(FUNCTIONAL, "201", 2020) == "乙"


def test_the_module_does_not_import_pandas():
    code = "import sys, selfeval.schemes.classifications; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
