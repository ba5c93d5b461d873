"""Tests of selfeval.schemes and selfeval.strict."""

import pickle
import shutil
from decimal import Decimal

import pytest
import yaml
from builders import SCHEMES
from pydantic import Field

from selfeval.errors import InputErrors, ParamsError, SelfEvalError, TableError, raise_all
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import load_form
from selfeval.schemes.loading import scheme_names, schemes_folder
from selfeval.schemes.outlines import load_outline
from selfeval.schemes.scoring import load_scoring
from selfeval.strict import Exact, IsoDate, Strict, Text, load_yaml, nearest, parse_model


@pytest.fixture
def schemes(tmp_path):
    return shutil.copytree(SCHEMES, tmp_path / "params" / "schemes")


def loaded(tmp_path, content):
    path = tmp_path / "unit.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_yaml(path)


def refusal(tmp_path, content):
    with pytest.raises(ParamsError) as caught:
        loaded(tmp_path, content)
    assert caught.value.place.startswith("unit.yaml")
    assert caught.value.remedy
    return str(caught.value)


class NoAliases(yaml.SafeDumper):
    """Writes out what occurs twice."""

    def ignore_aliases(self, data):
        return True


def change(schemes, kind, name, edit):
    """Rewrite one scheme of the copy after editing its content in place."""
    path = schemes / kind / f"{name}.yaml"
    data = load_yaml(path)
    edit(data)
    path.write_text(yaml.dump(data, Dumper=NoAliases, allow_unicode=True), encoding="utf-8")


# --- YAML ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0101", "0101"),
        ("010", "010"),
        ("NO", "NO"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2022-04-20", "2022-04-20"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("None", "None"),
        ("NA", "NA"),
        ("Null", "Null"),
        ("True", "True"),
        ("9" * 30, "9" * 30),
        ("2021", 2021),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ('"2021"', "2021"),
    ],
)
def test_yaml_takes_a_plain_word_for_what_is_written(tmp_path, written, read):
    found = loaded(tmp_path, f"key: {written}\n")["key"]

    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "第 3 行第 1 列：键“a”重复"),
        ("a:\n  b: 1\n  b: 2\n", "第 3 行第 3 列：键“b”重复"),
        ("a: &x 1\nb: *x\n", "第 2 行第 4 列：不允许使用引用"),
        ("a: !!int x\n", "不允许使用标签"),
        ("a: !!python/object/apply:os.system [ls]\n", "不允许使用标签"),
        ("1: a\n", "键“1”不是文字"),
        ("true: a\n", "键“true”不是文字"),
        ("? [a]\n: b\n", "不是文字"),
        ("a: [1, 2\n", "不是正确的 YAML"),
        ("a: 1\n---\nb: 2\n", "不是正确的 YAML"),
        ("a:\tb: c\n", "不是正确的 YAML"),
        ("a: \x07\n", "不允许的字符"),
        ("[" * 3000, "嵌套超过 16 层"),
        ("- " * 17 + "a", "嵌套超过 16 层"),
        ("a: " * 3000, "不是正确的 YAML"),
        ("a: 单位\n".encode("gb18030"), "不是 UTF-8 编码"),
        (b"# " + b"x" * 300_000, "超过"),
    ],
)
def test_yaml_that_could_mean_two_things_is_refused(tmp_path, content, said):
    assert said in refusal(tmp_path, content)


def test_a_byte_order_mark_before_yaml_is_no_fault(tmp_path):
    assert loaded(tmp_path, b"\xef\xbb\xbfa: 1\n") == {"a": 1}


def test_a_missing_yaml_file_is_named(tmp_path):
    with pytest.raises(ParamsError, match=r"schemes/x\.yaml：没有这个文件"):
        load_yaml(tmp_path / "x.yaml", "schemes/x.yaml")


def test_a_folder_in_place_of_a_yaml_file_is_an_error_not_a_traceback(tmp_path):
    with pytest.raises(ParamsError, match="文件打不开"):
        load_yaml(tmp_path)


# --- models --------------------------------------------------------------------------------


class Inner(Strict):
    heading: Text
    from_: int = Field(0, alias="from")


class Example(Strict):
    name: Text
    number: int = 0
    exact: Exact = Decimal(0)
    date: IsoDate | None = None
    inner: tuple[Inner, ...] = ()


def faults(data):
    with pytest.raises(ParamsError) as caught:
        parse_model(Example, data, "x.yaml")
    assert caught.value.place == "x.yaml"
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": "a", "numbre": 1}, "不认识的键“numbre”，是不是“number”"),
        (
            {"name": "a", "inner": [{"heading": "b", "form": 1}]},
            "“inner 第 1 条的 form”，是不是“from”",
        ),
        ({}, "缺少键“name”"),
        ({"name": 101}, "“name”的值“101”不对，应是文字（必要时加引号）"),
        ({"name": ""}, "至少 1 个字"),
        ({"name": "a", "number": "x"}, "应是整数"),
        ({"name": "a", "number": 1.5}, "应是整数"),
        ({"name": "a", "exact": "x"}, "“x”不是数字"),
        ({"name": "a", "exact": True}, "不是数字"),
        ({"name": "a", "date": "2022-4-20"}, "不是日期，应如 2022-04-20"),
        ({"name": "a", "date": "2022-02-30"}, "不是日期"),
        ({"name": "a", "date": 20220420}, "不是日期"),
        ({"name": "a", "date": "1650412800"}, "不是日期"),
        ({"name": "a", "inner": None}, "应是清单"),
        ({"name": "a", "inner": ["b"]}, "应是“键: 值”的清单"),
        (None, "内容应是“键: 值”的清单"),
        ([], "内容应是“键: 值”的清单"),
        ("text", "内容应是“键: 值”的清单"),
    ],
)
def test_a_wrong_key_or_value_is_told_in_chinese_with_the_nearest_name(data, said):
    assert said in faults(data)


def test_all_faults_of_one_file_are_told_together():
    text = faults({"numbre": 1, "number": "x"})

    assert "不认识的键“numbre”" in text
    assert "缺少键“name”" in text
    assert "应是整数" in text


def test_an_exact_number_keeps_the_digits_as_written():
    assert parse_model(Example, {"name": "a", "exact": 0.1}, "x").exact == Decimal("0.1")


def test_nothing_is_nearest_to_a_word_unlike_all():
    assert nearest("完全不同", ["年初预算数", "全年执行数"]) == ""
    assert nearest("年初预算", ["年初预算数", "全年执行数"]) == "年初预算数"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        (">=", "="),
        ("三公经费", "公用经费"),
        ("人员经费", "公用经费"),
        ("基本支出合计", "项目支出合计"),
        ("收入合计", "支出合计"),
        ("年末预算数", "年初预算数"),
        ("上年预算数", "本年预算数"),
        ("未达成", "达成"),
    ],
)
def test_a_hint_never_changes_what_was_meant(typed, known):
    assert nearest(typed, [known]) == ""


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("公务接侍费", "公务接待费"),
        ("人员经费用", "人员经费"),
        ("部门单位情况", "部门、单位基本情况"),
        ("numbre", "number"),
        ("A0O1", "A001"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(typed, known):
    assert nearest(typed, [known]) == known


# --- schemes -------------------------------------------------------------------------------


def test_every_scheme_that_comes_with_the_package_loads():
    assert load_form(SCHEMES).tables
    assert load_checks(SCHEMES).rules
    assert all(load_outline(SCHEMES, name) for name in scheme_names(SCHEMES, "outlines"))
    assert all(load_scoring(SCHEMES, name) for name in scheme_names(SCHEMES, "scoring"))


def test_a_scheme_rewritten_without_change_still_loads(schemes):
    change(schemes, "scoring", "mof-2020", lambda data: None)

    assert load_scoring(schemes, "mof-2020") == load_scoring(SCHEMES, "mof-2020")


def test_a_folder_with_its_own_schemes_uses_those(schemes, tmp_path):
    assert schemes_folder(tmp_path / "params") == schemes


def test_a_folder_without_schemes_uses_the_ones_of_the_package(tmp_path):
    assert schemes_folder(tmp_path / "params") == SCHEMES


def test_a_scheme_edited_in_a_running_session_is_read_again(schemes):
    load_scoring(schemes, "mof-2020")
    change(schemes, "scoring", "mof-2020", lambda data: data["grades"][0].update({"from": 95}))

    assert load_scoring(schemes, "mof-2020").grades[0].from_ == 95


@pytest.mark.parametrize("load", [load_outline, load_scoring])
def test_an_unknown_scheme_names_those_there_are(load):
    with pytest.raises(ParamsError) as caught:
        load(SCHEMES, "no-such-thing")

    assert "没有名为“no-such-thing”的方案（现有：" in str(caught.value)
    assert caught.value.remedy


def test_a_misspelt_scheme_is_told_its_nearest_name():
    with pytest.raises(ParamsError, match="是不是“mof-2020”？"):
        load_scoring(SCHEMES, "mof-2021")


def test_a_scheme_name_cannot_leave_the_folder():
    with pytest.raises(ParamsError, match="没有名为"):
        load_scoring(SCHEMES, "../scoring/mof-2020")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda table: table["example"].pop(), "填写示例与栏目数不同"),
        (lambda table: table["columns"][2].update(heading="支出项目"), "“支出项目”出现了两次"),
        (lambda table: table["items"].append(table["items"][0]), "“personnel”出现了两次"),
        (
            lambda table: table["items"][2].update(sum_of=["personel"]),
            "没有行目“personel”，是不是“personnel”",
        ),
        (lambda table: table["items"][2].update(sum_of=["basic"]), "没有行目“basic”"),
        (lambda table: table.update(adds_up=True), "写了 adds_up，没有写 totals"),
        (
            lambda table: table["columns"][1].update(offers=["projects", "itm"]),
            "没有栏目“itm”，是不是“item”",
        ),
    ],
)
def test_a_layout_that_names_a_thing_twice_or_what_is_not_there_is_refused(schemes, edit, said):
    change(schemes, "layouts", "form", lambda data: edit(data["tables"][1]))

    with pytest.raises(ParamsError, match=said):
        load_form(schemes)


def test_an_outline_with_two_equal_headings_is_refused(schemes):
    change(
        schemes,
        "outlines",
        "wangcheng-2021",
        lambda data: data["sections"][4].update(heading="存在的问题及原因分析"),
    )

    with pytest.raises(ParamsError, match="“存在的问题及原因分析”出现了两次"):
        load_outline(schemes, "wangcheng-2021")


def test_a_threshold_is_the_latest_one_in_force_at_the_years_end(schemes):
    values = {"2013-01-01": "0.90", "2022-12-31": "0.95"}
    change(
        schemes,
        "checks",
        "rules",
        lambda data: data["thresholds"]["low_execution_rate"].update(values=values),
    )
    checks = load_checks(schemes)

    assert checks.threshold("low_execution_rate", 2021) == Decimal("0.90")
    assert checks.threshold("low_execution_rate", 2022) == Decimal("0.95")
    with pytest.raises(ParamsError, match=r"2012 年没有“low_execution_rate”的阈值"):
        checks.threshold("low_execution_rate", 2012)


# --- errors --------------------------------------------------------------------------------


def test_one_fault_is_raised_as_itself_and_none_not_at_all():
    raise_all([])
    with pytest.raises(TableError, match="甲：坏了。修好。"):
        raise_all([TableError("甲", "坏了。", "修好。")])


def test_faults_told_together_are_numbered_once_however_they_were_gathered():
    one, two, three = (TableError(place, "坏了。") for place in "甲乙丙")

    with pytest.raises(InputErrors) as caught:
        raise_all([one, InputErrors([two, three])])
    assert str(caught.value).splitlines() == [
        "共 3 处需要更正：",
        "  1. 甲：坏了。",
        "  2. 乙：坏了。",
        "  3. 丙：坏了。",
    ]


def test_errors_survive_the_way_back_from_a_worker_process():
    error = InputErrors([TableError("甲", "坏了。", "修好。"), ParamsError("乙", "缺了。")])

    for sent in (error, error.errors[0]):
        back = pickle.loads(pickle.dumps(sent))
        assert type(back) is type(sent)
        assert str(back) == str(sent)
        assert isinstance(back, SelfEvalError)
