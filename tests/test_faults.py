"""Tests of what is told of a unit whose input has several faults: all at once, each once."""

from pathlib import Path

from builders import LAYOUTS, NARRATIVE, make_folder, sheet_of, write_csv
from evaluated import COMPLETE, fails, indicator, line, measure

from selfeval.checks import check
from selfeval.errors import SelfEvalError, flatten
from selfeval.evaluation.load import load_unit

PROJECTS = [
    line("窗口服务专项", 40, 50, 5, 55, 54, note="追加设备"),
    line("宣传", 28, 30, 0, 30, 29),
]


def unit(tmp_path: Path, narrative: str = NARRATIVE, settings=None, **tables) -> Path:
    folder = make_folder(tmp_path, narrative, **(settings or {}))
    for table, rows in (COMPLETE | {"projects": PROJECTS} | tables).items():
        write_csv(folder / f"{LAYOUTS[table].sheet}.csv", sheet_of(table, rows))
    return folder


def told(folder: Path) -> list[str]:
    """Return each fault that keeps a unit from being read."""
    try:
        load_unit(folder)
    except SelfEvalError as error:
        return [str(fault) for fault in flatten([error])]
    return []


SLIPS = {
    "narrative": (
        "# 一、部门、单位基本情况\n\n## （二）机构设制\n\n{{窗口服务.全年执行数}}三个科室。\n\n"
        "# 三、部门整体支出绩效情况\n\n共{{支出合计.全年执行}}。\n"
    ),
    "settings": {"annex": {"projects": [{"project": "宣传专项", "annual_goal": "十场"}]}},
    "projects": [
        line("窗口服务专项", 40, "五十", 5, 55, 54, note="追加设备"),
        line("宣传", 28, 30, 0, 30, "29万元"),
    ],
    "indicators": [indicator(weight=40, project="窗口专项"), *COMPLETE["indicators"][1:]],
    "measures": [measure(project="宣传培训")],
}
"""Eight slips of a first fill: a heading, two cells, two names of projects, two placeholders and
a text of a project; and the weights, which only a check finds."""


def test_all_slips_of_a_first_fill_are_told_in_one_run_and_the_findings_in_the_next(tmp_path):
    faults = told(unit(tmp_path, **SLIPS))

    for said in (
        "提纲里没有标题“（二）机构设制”。是不是“机构设置”",
        "“年初预算数”栏的“五十”",
        "“全年执行数”栏的“29万元”",
        "关联项目“窗口专项”不在“项目支出”表中",
        "关联项目“宣传培训”不在“项目支出”表中",
        "占位符里的“窗口服务”不在表中",
        "占位符里的“全年执行”不是可用的栏目",
        "附表文字（annex）里的项目“宣传专项”不在填报表里",
    ):
        assert [fault for fault in faults if said in fault], said
    assert len(faults) == 8

    mended = {key: value for key, value in SLIPS.items() if key == "indicators"}
    mended["indicators"] = [
        row | {"project": "窗口服务专项"} if row.get("project") else row
        for row in SLIPS["indicators"]
    ]
    evaluation = check(load_unit(unit(tmp_path / "2", **mended)))
    assert fails(evaluation, "IND-01")


def test_faults_of_unit_yaml_are_told_with_those_of_the_tables_and_the_text(tmp_path):
    settings = {"contct": "办公室", "report_date": "2022.4.20", "outline": "wangcheng-2021"}
    narrative = NARRATIVE.replace("机构设置", "机构设制")

    faults = told(unit(tmp_path, narrative, settings, projects=SLIPS["projects"]))

    assert len(faults) == 4
    assert "不认识的键“contct”" in faults[0]
    assert "report_date" in faults[0]


def test_headings_are_not_judged_by_an_outline_that_may_not_be_meant(tmp_path):
    settings = {"outlin": "hunan-ten-part"}

    (fault,) = told(unit(tmp_path, "# 一、部门概况\n", settings))

    assert "不认识的键“outlin”，是不是“outline”" in fault


def test_an_outline_that_does_not_exist_hides_no_fault_of_the_tables(tmp_path):
    faults = told(unit(tmp_path, settings={"outline": "无"}, projects=SLIPS["projects"]))

    assert len(faults) == 3
    assert "没有名为“无”的方案" in faults[0]


def test_a_row_that_cannot_be_read_makes_no_name_of_a_project_unknown(tmp_path):
    folder = unit(
        tmp_path,
        NARRATIVE + "\n{{甲.全年执行数}}和{{支出合计.全年执行}}\n",
        {"annex": {"projects": [{"project": "甲", "annual_goal": "十场"}]}},
        measures=[measure(project="甲")],
    )
    path = folder / "项目支出.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("宣传,", ",", 1), encoding="utf-8")

    faults = told(folder)

    assert [fault.partition("：")[2][:9] for fault in faults] == [
        "这一行没有填“项目",
        "占位符里的“全年执",
    ]


def test_a_project_with_a_wrong_parent_is_still_a_project_to_all_others(tmp_path):
    projects = [PROJECTS[0] | {"parent": "大项"}, PROJECTS[1]]
    narrative = NARRATIVE + "\n{{窗口服务专项.全年执行数}}\n"

    (fault,) = told(
        unit(tmp_path, narrative, projects=projects, measures=[measure(project="窗口服务专项")])
    )

    assert "上级项目“大项”不在项目名称之列" in fault


def test_an_indicator_with_a_bad_weight_is_still_an_indicator_to_the_ledger(tmp_path):
    evidence = [{"indicator_name": "培训场次", "material": "签到表"}]
    indicators = [indicator(weight="五十"), *COMPLETE["indicators"][1:]]

    (fault,) = told(unit(tmp_path, indicators=indicators, evidence=evidence))

    assert "“分值”栏的“五十”" in fault


def test_text_under_a_refused_heading_is_looked_at_as_well(tmp_path):
    faults = told(
        unit(tmp_path, "甲{{一}}\n\n# 没有的部分\n\n## 乙\n\n{{二}}\n\n### 丙\n\n{{三}}\n")
    )

    assert [fault for fault in faults if "写得不完整" in fault and "第 1 行" in fault]
    assert sum("写得不完整" in fault for fault in faults) == 3


def test_a_line_that_no_table_has_is_not_supplied_rather_than_unknown(tmp_path):
    narrative = NARRATIVE + "\n三公{{三公经费.全年执行数}}，{{三公经费.预算执行率}}。\n"
    tables = {table: rows for table, rows in COMPLETE.items() if table != "other"}
    folder = make_folder(tmp_path, narrative)
    for table, rows in tables.items():
        write_csv(folder / f"{LAYOUTS[table].sheet}.csv", sheet_of(table, rows))

    quantity = load_unit(folder).quantities["three_public_expenses.executed"]

    assert quantity.value is None
    assert quantity.missing == "“三公”经费的全年执行数未提供"


def test_where_the_projects_have_no_table_that_is_said_once(tmp_path):
    narrative = NARRATIVE + "\n{{甲.全年执行数}}、{{乙.全年执行数}}\n\n{{丙.全年执行数}}\n"
    settings = {"annex": {"projects": [{"project": "甲", "annual_goal": "十场"}]}}
    folder = unit(tmp_path, narrative, settings, measures=[measure(project="甲")])
    (folder / "项目支出.csv").unlink()

    (fault,) = told(folder)

    assert fault == (
        "T001：没有“项目支出”这张表（项目支出情况表）。"
        "请放回这张表；找不到的，可以用 selfeval new 新建一份填报表，从里面复制。"
    )


def test_missing_tables_are_told_with_the_faults_of_the_others(tmp_path):
    folder = unit(tmp_path, projects=SLIPS["projects"])
    for sheet in ("基本支出", "问题与措施"):
        (folder / f"{sheet}.csv").unlink()

    faults = told(folder)

    assert len(faults) == 4
    assert ["没有“基本支出”" in faults[2], "没有“问题与措施”" in faults[3]] == [True, True]


def test_a_table_that_may_be_in_an_unread_file_is_not_said_to_be_missing(tmp_path):
    folder = unit(tmp_path, NARRATIVE + "\n{{甲.全年执行数}}\n", measures=[measure(project="甲")])
    (folder / "项目支出.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")

    (fault,) = told(folder)

    assert "不是本工具认识的表" in fault


def test_a_wrong_heading_hides_no_wrong_amount_and_makes_no_project_unknown(tmp_path):
    narrative = NARRATIVE + "\n{{宣传.全年执行数}}、{{甲.全年执行数}}\n"
    folder = unit(tmp_path, narrative, projects=SLIPS["projects"], measures=[measure(project="乙")])
    path = folder / "项目支出.csv"
    text = path.read_text(encoding="utf-8").replace("全年执行数", "全年执行", 1)
    path.write_text(text, encoding="utf-8")

    faults = told(folder)

    assert [fault.partition("：")[2][:6] for fault in faults] == [
        "“项目支出情", "“年初预算数", "关联项目“乙", "占位符里的“",
    ]  # fmt: skip


def test_an_unfilled_table_of_projects_is_told_once(tmp_path):
    narrative = NARRATIVE + "\n{{甲.全年执行数}}、{{乙.全年执行数}}\n"
    folder = unit(tmp_path, narrative, projects=[], measures=[measure(project="甲")])

    (fault,) = told(folder)

    assert fault == (
        "T001 › 项目支出：一个项目也没有填，别的表或文字里却写到了项目。"
        "请补填各个项目；确实没有的，请清空“关联项目”栏，删去文字里这些项目的占位符。"
    )
