"""Tests of selfeval.unit."""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from builders import BASIC, NARRATIVE, SCHEMES, make_folder, sheet_of, write_csv
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.errors import InputErrors, ParamsError
from selfeval.strict import LARGEST_TEXT, LONGEST_LINE, MOST_LINES
from selfeval.unit import bare_heading, load_folder

SAMPLES = sorted((SCHEMES.parent / "2021").iterdir())


def unit_folder(tmp_path, **settings):
    folder = make_folder(tmp_path, **settings)
    write_csv(folder / "基本支出.csv", sheet_of("basic", BASIC))
    return folder


@pytest.fixture
def folder(tmp_path):
    return unit_folder(tmp_path)


def refusal(folder):
    with pytest.raises((ParamsError, InputErrors)) as caught:
        load_folder(folder)
    text = str(caught.value)
    assert folder.name in text
    assert getattr(caught.value, "remedy", "")
    return text


def rewrite(folder, old, new):
    path = folder / "unit.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def narrative(folder, text):
    (folder / "narrative.md").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_sample_unit_loads(sample):
    assert load_folder(sample).code == sample.name


def test_the_smallest_unit_loads_with_defaults(folder):
    unit = load_folder(folder)

    assert (unit.code, unit.name, unit.year) == ("T001", "测试单位", 2021)
    assert unit.settings.rounding == "half_up"
    assert unit.title == "2021年度测试单位部门整体支出预算绩效自评报告"
    assert [path.name for path in unit.table_files] == ["基本支出.csv"]


def test_a_name_with_braces_is_printed_as_it_is(tmp_path):
    unit = load_folder(unit_folder(tmp_path, unit_name="局{year}{0.__class__}"))

    assert unit.title == "2021年度局{year}{0.__class__}部门整体支出预算绩效自评报告"


def test_a_unit_can_be_named_from_within_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)

    assert load_folder(".").code == "T001"
    assert load_folder(Path("..") / "T001").code == "T001"


def test_a_folder_that_is_a_link_has_the_rules_of_the_project_it_is_linked_into(
    tmp_path, monkeypatch
):
    real = unit_folder(tmp_path / "elsewhere")
    schemes = shutil.copytree(SCHEMES, tmp_path / "params" / "schemes")
    link = tmp_path / "params" / "2021" / "T001"
    link.parent.mkdir()
    link.symlink_to(real)
    monkeypatch.chdir(tmp_path)

    assert load_folder(link).schemes == schemes
    assert load_folder(Path("params/2021/T001")).schemes == schemes
    assert load_folder(real).schemes != schemes


def test_two_codes_that_differ_in_case_alone_are_refused_by_name(folder):
    shutil.copytree(folder, folder.with_name("t001"))

    assert refusal(folder) == (
        "2021/T001：与“t001”只有大小写不同，有的系统会把两者当作同一个文件夹。请换一个单位代码。"
    )


@pytest.mark.parametrize("name", ["甲\n乙.csv", "甲\x7f.csv", "甲\u202e.csv"])
def test_a_file_with_what_cannot_be_seen_in_its_name_is_refused_by_name(folder, name):
    (folder / "基本支出.csv").rename(folder / name)

    assert refusal(folder) == (
        f"2021/T001/{repr(name)[1:-1]}：文件名里有换行、看不见的字符或乱码。请改名。"
    )


def test_a_folder_with_a_line_break_in_its_name_is_refused_on_one_line(folder):
    broken = folder.rename(folder.with_name("T001\n"))

    with pytest.raises(ParamsError) as caught:
        load_folder(broken)
    assert "文件夹名是“T001\\n”" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_path_with_a_nul_is_refused(folder):
    with pytest.raises(ParamsError, match="没有这个单位文件夹"):
        load_folder(f"{folder}\0")


def test_the_inputs_are_known_by_their_content(folder):
    before = load_folder(folder).inputs()
    narrative(folder, NARRATIVE + "\n")
    after = load_folder(folder).inputs()

    assert set(before) == {"unit.yaml", "narrative.md", "基本支出.csv"}
    assert {name for name in before if before[name] != after[name]} == {"narrative.md"}


# --- unit.yaml -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit_code: T001", "unit_code: T002", "单位代码（unit_code）是“T002”，文件夹名是“T001”"),
        (
            "fiscal_year: 2021",
            "fiscal_year: 2022",
            "预算年度（fiscal_year）是 2022，上级文件夹是 2021",
        ),
        ("fiscal_year: 2021", "fiscal_year: 二〇二一", "应是整数"),
        ("fiscal_year: 2021", "fiscal_year: 1921", "不小于 2000"),
        ("fiscal_year: 2021", "", "缺少键“fiscal_year”"),
        ("unit_name", "unit_nmae", "不认识的键“unit_nmae”，是不是“unit_name”"),
        ("unit_name: 测试单位", "unit_name: 局", "至少 2 个字"),
        ("unit_code: T001", "unit_code: 101", "应是文字（必要时加引号）"),
        ("unit_code: T001", "unit_code: ../T001", "应是 1 至 32 位字母"),
        ("unit_code: T001", "unit_code: 单位", "应是 1 至 32 位字母"),
        ("unit_code: T001", "unit_code: con", "应是 1 至 32 位字母"),
        ("unit_code: T001", "unit_code: T001\nunit_code: T001", "键“unit_code”重复"),
        ("unit_name: 测试单位", 'unit_name: "测试\\n单位"', "单位名称里有换行或看不见的字符"),
        ("unit_name: 测试单位", 'unit_name: "测试\\0单位"', "单位名称里有换行或看不见的字符"),
        ("unit_name: 测试单位", "office_contacts: [无]\nunit_name: 测试单位", "“无”不是电话号码"),
        ("unit_name: 测试单位", "unit_name: &n 测试单位\nsignatory: *n", "不允许使用引用"),
        (
            "unit_name: 测试单位",
            "unit_name: 测试单位\nrounding: bankers",
            "“rounding”的值“bankers”不在允许之列（可用的有：half_up、half_even）",
        ),
        ("unit_name: 测试单位", "unit_name: 测试单位\nreport_date: 2022.4.20", "不是日期"),
        ("unit_name: 测试单位", "unit_name: 测试单位\nexplanations:", "应是清单"),
        (
            "unit_name: 测试单位",
            "unit_name: 测试单位\nexplanations: [{finding: SUM-01, txt: 已改}]",
            "“explanations 第 1 条的 txt”，是不是“text”",
        ),
        (
            "unit_name: 测试单位",
            "unit_name: 测试单位\noutline: wangcheng-2012",
            "没有名为“wangcheng-2012”的方案（现有：hunan-ten-part、wangcheng-2021）。"
            "是不是“wangcheng-2021”？",
        ),
        (
            "unit_name: 测试单位",
            "unit_name: 测试单位\nscoring: mof-2021",
            "没有名为“mof-2021”的方案（现有：city-20-80、",
        ),
    ],
)
def test_a_wrong_unit_yaml_is_refused_in_words_to_act_on(folder, old, new, said):
    rewrite(folder, old, new)

    with pytest.raises((ParamsError, InputErrors)) as caught:
        load_folder(folder)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "清单"), ("unit_name: 单位".encode("gb18030"), "UTF-8"), (b"- a\n- b\n", "清单")],
)
def test_a_unit_yaml_that_is_no_list_of_keys_is_refused(folder, content, said):
    (folder / "unit.yaml").write_bytes(content)

    assert said in refusal(folder)


@pytest.mark.parametrize("code", ["0101", "010", "NO", "1e5", "2021-01", "0x1F", "1_000", "NA"])
def test_a_code_that_looks_like_a_number_or_a_word_of_yaml_stays_as_written(tmp_path, code):
    folder = unit_folder(tmp_path, unit_code=code)
    path = folder / "unit.yaml"
    keys = path.read_text(encoding="utf-8").splitlines()[1:]
    path.write_text("\n".join([f"unit_code: {code}", *keys]), encoding="utf-8")

    assert load_folder(folder).code == code


# --- the folder ----------------------------------------------------------------------------


def test_a_missing_folder_is_named_with_its_year(tmp_path):
    assert "没有这个单位文件夹" in refusal(tmp_path / "2021" / "T009")


def test_a_folder_without_unit_yaml_is_refused(folder):
    (folder / "unit.yaml").unlink()

    assert "文件夹里没有 unit.yaml" in refusal(folder)


def test_a_folder_without_narrative_is_refused(folder):
    (folder / "narrative.md").unlink()

    assert "T001 › narrative.md：没有这个文件" in refusal(folder)


@pytest.mark.parametrize("name", ["unit.yaml", "narrative.md"])
def test_a_file_that_an_editor_gave_another_ending_is_recognised(folder, name):
    (folder / name).rename(folder / f"{name}.txt")

    assert f"文件夹里有“{name}.txt”，请改名为“{name}”" in refusal(folder)


def test_a_folder_without_tables_is_refused(tmp_path):
    folder = make_folder(tmp_path)
    assert "文件夹里没有表格。" in refusal(folder)

    (folder / "决算.pdf").write_bytes(b"")
    assert "文件夹里没有表格（有：决算.pdf）。" in refusal(folder)


def test_what_office_programs_leave_beside_an_open_workbook_is_no_table(folder):
    for name in ("~$填报.xlsx", ".~lock.填报.xlsx#", ".~填报.xlsx", ".隐藏.xlsx", "说明.docx"):
        (folder / name).write_bytes(b"x")

    assert [path.name for path in load_folder(folder).table_files] == ["基本支出.csv"]


def test_table_files_are_read_in_the_order_of_their_names_whatever_their_case(folder):
    for name in ("b.XLSX", "a.xls", "c.Csv"):
        (folder / name).write_bytes(b"x")

    names = [path.name for path in load_folder(folder).table_files]
    assert names == ["a.xls", "b.XLSX", "c.Csv", "基本支出.csv"]


def test_a_year_folder_that_is_no_year_is_not_compared(tmp_path):
    folder = unit_folder(tmp_path)
    other = folder.parent.rename(folder.parent.parent / "²")

    assert load_folder(other / "T001").year == 2021


def test_faults_of_the_folder_the_yaml_and_the_narrative_are_told_together(tmp_path):
    folder = make_folder(tmp_path, narrative="# 没有的标题\n", scoring="none", unit_name="某局")
    shutil.move(folder, folder.parent / "T002")

    text = refusal(folder.parent / "T002")
    assert text.startswith("共 4 处需要更正：")
    for said in ("单位代码（unit_code）是", "没有名为“none”", "没有标题“没有的标题”", "没有表格"):
        assert said in text


# --- narrative.md --------------------------------------------------------------------------


def test_text_is_found_under_its_heading_with_its_line(folder):
    found = load_folder(folder).narrative

    assert found.texts["profile.duties"].text == "办理各项业务。"
    part = found.texts["profile.organisation"]
    assert (part.heading, part.line, part.text_line) == ("机构设置", 3, 5)


@pytest.mark.parametrize(
    "heading",
    [
        "一、部门、单位基本情况",
        "部门、单位基本情况",
        "（一）部门、单位基本情况",
        "1.部门、单位基本情况",
        "第一、部门、单位基本情况",
        "部门、 单位基本情况 #",
    ],
)
@pytest.mark.parametrize("mark", ["# ", "#", "  # ", "\u3000＃", "\t＃ ", "<!-- 一 --># "])
def test_a_heading_is_known_with_or_without_its_number_and_however_far_in(folder, heading, mark):
    narrative(folder, f"{mark}{heading}\n\n## （二）机构设置\n\n三个科室。\n")

    assert load_folder(folder).narrative.texts["profile.organisation"].text == "三个科室。"


def test_the_unit_names_its_own_parts_where_the_outline_lets_it(folder):
    narrative(folder, "# 部门整体支出绩效情况\n\n## （一）改革\n\n甲。\n\n## 服务\n\n乙。\n")

    parts = load_folder(folder).narrative.free["performance"]
    assert [(part.heading, part.text) for part in parts] == [("改革", "甲。"), ("服务", "乙。")]


@pytest.mark.parametrize("heading", ["3.15消费者权益日", "学习C#", "2021年", "十项举措"])
def test_a_heading_of_the_units_own_keeps_what_is_no_number_of_it(folder, heading):
    narrative(folder, f"# 部门整体支出绩效情况\n\n## （一）{heading}\n\n## {heading}二 ##\n")

    parts = load_folder(folder).narrative.free["performance"]
    assert [part.heading for part in parts] == [heading, f"{heading}二"]


def test_every_piece_of_text_is_among_all_parts(folder):
    narrative(folder, "# 部门整体支出绩效情况\n总说。\n## 改革\n甲。\n")

    assert {part.text for part in load_folder(folder).narrative.all_parts()} == {"总说。", "甲。"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("前言。\n\n# 部门、单位基本情况\n", "第 1 行：第一个标题之前有文字"),
        ("# 部门单位情况\n", "第 1 行：提纲里没有标题“部门单位情况”。是不是“部门、单位基本情况”？"),
        ("# 附件\n", "可用的标题：部门、单位基本情况、"),
        (
            "# 部门、单位基本情况\n\n## 机构设定\n",
            "第 3 行：提纲里没有标题“机构设定”。是不是“机构设置”",
        ),
        ("# 存在的问题及原因分析\n## 问题一\n", "这一部分不分二级标题"),
        (
            "# 部门、单位基本情况\n# 一、部门、单位基本情况\n",
            "第 2 行：标题“部门、单位基本情况”出现了两次",
        ),
        (
            "# 部门、单位基本情况\n## 机构设置\n甲\n## （二）机构设置\n乙\n",
            "第 4 行：标题“机构设置”出现了两次",
        ),
        (
            "# 部门整体支出绩效情况\n## 改革\n甲\n## （二）改革\n乙\n",
            "第 4 行：标题“（二）改革”出现了两次",
        ),
        ("# 部门整体支出绩效情况\n##\n甲\n", "第 2 行：标题是空的"),
        ("## 机构设置\n", "第 1 行：标题“机构设置”之前没有一级标题"),
        ("# 部门、单位基本情况\n### 机构设置\n", "第 2 行：标题“机构设置”的级别不对"),
        ("\n\n前言。\n# 部门、单位基本情况\n", "第 3 行：第一个标题之前有文字"),
        (
            "# 部门、单位基本情况\n甲<!-- 写三段\n乙\n# 改进措施\n丙",
            "第 2 行：提示的开头“<!--”之后没有",
        ),
        ("# 部门、单位基本情况\n<!-- 一\n乙\n<!-- 二 -->\n丙", "第 2 行：提示的开头“<!--”之后没有"),
        ("# 部门、单位基本情况\n甲\n`<!--`\n", "第 3 行：提示的开头“<!--”之后没有"),
        ("# 部门、单位基本情况\n甲\n提示 -->\n", "第 3 行：提示的结尾“-->”之前没有开头"),
        ("# 部门、单位基本情况\n<!-- 一\n二 --> -->", "第 3 行：提示的结尾“-->”之前没有开头"),
        ("# 部门、单位基本情况\n> # 改进措施\n", "第 2 行：“# 改进措施”前面有别的字符"),
        ("# 部门、单位基本情况\n- ## 改进措施\n", "第 2 行：“## 改进措施”前面有别的字符"),
        ("# 部门、单位基本情况\n1. # 改进措施\n", "第 2 行：“# 改进措施”前面有别的字符"),
        ("# 部门、单位基本情况\n\u200b# 改进措施\n", "第 2 行：“# 改进措施”前面有别的字符"),
        ("# 部门、单位基本情况\n改进措施\n====\n甲", "第 3 行：这一行只有“===”"),
        ("# 部门、单位基本情况\n改进措施\n-----\n甲", "第 3 行：这一行只有“---”"),
    ],
)
def test_a_heading_out_of_place_is_refused_with_its_line(folder, text, said):
    narrative(folder, text)

    told = refusal(folder)
    assert said in told
    assert "T001 › narrative.md › 第 " in told


def test_a_hint_is_left_out_wherever_it_stands_and_moves_no_line(folder):
    narrative(
        folder,
        "# 部门、单位基本情况\r\n## 机构设置 <!-- 一\n二 -->\r甲<!-- 三 -->乙<!---->\n\n丙{{一}}",
    )

    part = load_folder(folder).narrative.texts["profile.organisation"]
    assert (part.line, part.text_line) == (2, 4)
    assert part.text == "甲乙\n\n丙{{一}}"


def test_a_mark_within_a_line_or_a_table_makes_no_heading(folder):
    text = "1 #楼和#2井\n| # | 项 |\n| --- | --- |\n-12 # 3"
    narrative(folder, f"# 部门、单位基本情况\n## 机构设置\n{text}\n")

    assert load_folder(folder).narrative.texts["profile.organisation"].text == text


@pytest.mark.parametrize("mark", ["<!--", "-->", "<!-- -->", "#" + " " * 50, "> ", "=", "1."])
def test_a_long_narrative_is_read_in_one_pass(folder, mark):
    narrative(folder, "# 部门、单位基本情况\n" + mark * 20_000)

    with suppress(ParamsError, InputErrors):
        load_folder(folder)


def test_every_line_of_a_narrative_stands_under_the_heading_above_it_or_is_refused(folder):
    headings = [
        "# 部门整体支出绩效情况",
        "## 甲",
        "# 改进措施",
        "＃ 存在的问题及原因分析",
        "  ## 乙",
    ]
    others = ["<!-- 丁 -->", "", "- ", "| # |", "\x0b", "\u2028", "====", "<!--", "> # 丙"]
    lines = st.sampled_from([*"一二三一二三", *headings, *others])

    @given(st.lists(lines, max_size=8))
    @settings(max_examples=50)
    def holds(typed):
        narrative(folder, "# 部门、单位基本情况\n" + "\n".join(typed))
        with suppress(ParamsError, InputErrors):
            parts = load_folder(folder).narrative.all_parts()
            heading, under = "部门、单位基本情况", []
            for line in typed:
                if line.strip().lstrip("#＃ ") != line.strip():
                    heading = line.strip().lstrip("#＃ ")
                elif line in ("一", "二", "三"):
                    under.append((heading, line))
            kept = [
                (part.heading, word) for part in parts for word in re.findall("[一二三]", part.text)
            ]
            assert sorted(kept) == sorted(under)

    holds()


def test_parts_of_an_unknown_section_are_not_complained_of_as_well(folder):
    narrative(folder, "# 别的部分\n## 甲\n文字\n## 乙\n文字\n")

    with pytest.raises(ParamsError, match="没有标题“别的部分”") as caught:
        load_folder(folder)
    assert not isinstance(caught.value, InputErrors)


def test_several_wrong_headings_are_told_together(folder):
    narrative(folder, "前言\n# 甲部分\n# 部门、单位基本情况\n## 乙部分\n#### 丙\n")

    assert "共 4 处需要更正" in refusal(folder)


def test_an_empty_narrative_is_one_without_text(folder):
    narrative(folder, "")

    assert load_folder(folder).narrative.all_parts() == []


def test_a_narrative_that_is_not_utf8_is_refused(folder):
    (folder / "narrative.md").write_bytes(NARRATIVE.encode("gb18030"))

    assert "文件不是 UTF-8 编码" in refusal(folder)


def test_a_byte_order_mark_before_the_first_heading_is_no_text(folder):
    (folder / "narrative.md").write_bytes(NARRATIVE.encode("utf-8-sig"))

    assert "profile.organisation" in load_folder(folder).narrative.texts


def test_a_folder_named_narrative_is_an_error_not_a_traceback(folder):
    os.remove(folder / "narrative.md")
    (folder / "narrative.md").mkdir()

    assert "文件打不开" in refusal(folder)


@pytest.mark.parametrize("name", ["unit.yaml", "narrative.md", "corrections.yaml", "evidence.yaml"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "文件打不开（不是普通文件）"),
        (lambda path: path.symlink_to("/dev/zero"), "文件打不开（不是普通文件）"),
        (lambda path: path.write_bytes(b"x" * (LARGEST_TEXT + 1)), "文件超过 256 KB"),
        (lambda path: path.write_bytes(b"\n" * (MOST_LINES + 1)), "文件超过 10000 行"),
        (lambda path: path.write_text("\n" + "甲" * (LONGEST_LINE + 1), "utf-8"),
         "第 2 行：这一行超过 10000 个字"),
    ],
)  # fmt: skip
def test_a_text_that_never_ends_or_is_too_long_is_refused_by_name(folder, name, make, said):
    (folder / name).unlink(missing_ok=True)
    make(folder / name)

    told = refusal(folder)
    assert f"T001 › {name}" in told
    assert said in told


def test_headings_are_compared_without_numbers_spaces_and_width():
    assert bare_heading("（二） 机构 设置") == bare_heading("2．机构设置") == "机构设置"
