"""Tests of whose table it is: the name printed on it against the unit's own and other names."""

import pytest
from builders import (
    BASIC,
    FORM,
    FORM_FILE,
    SCHEMES,
    make_folder,
    sheet_of,
    write_csv,
    write_form,
    write_xlsx,
)
from official_tables import LAYOUTS, drawn, reading

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.schemes.checks import load_checks
from selfeval.tables.owners import Names

WAN = 1_000_000
CHECKS = load_checks(SCHEMES)
OWN = "望城区行政审批服务局"


def names(own, *also):
    telling = "".join(CHECKS.words["telling_characters"].words)
    return Names((own, *also), LAYOUTS.words, telling, CHECKS.threshold("name_difference", 2021))


# --- one name against another ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "printed"),
    [
        (OWN, "望城区行政审批服务局"),
        (OWN, "长沙市望城区行政审批服务局"),
        (OWN, "湖南省长沙市望城区行政审批服务局"),
        (OWN, "长沙望城区行政审批服务局"),
        (OWN, "行政审批服务局"),
        (OWN, "审批服务局"),
        (OWN, "区行政审批服务局"),
        (OWN, "区审批局"),
        (OWN, "长沙市望城区审批局"),
        (OWN, "望城区行政审批服务局本级"),
        (OWN, "望城区行政审批服务局（本级）"),
        (OWN, "望城区行政审批服务局机关"),
        (OWN, "望城区行政审批服务局部门"),
        (OWN, "望城区行政审批服务局（汇总）"),
        (OWN, "３０７００１　望城区行政 审批服务局"),
        (OWN, "307001-望城区行政审批服务局"),
        (OWN, "[307001]望城区行政审批服务局"),
        (OWN, "望城区行政申批服务局"),
        (OWN, "望城区"),
        (OWN, "财务科"),
        (OWN, "办公室"),
        (OWN, "本单位"),
        (OWN, "××局"),
        (OWN, "望城区行政审批服务局（望城区政务服务中心）"),
        ("示例一：星桥区图书馆", "星桥区图书馆"),
        ("示例一：星桥区图书馆", "星桥区图书馆（示例）"),
        ("星桥区图书馆", "示例一：星桥区图书馆"),
        ("星桥区社区学院", "社区学院"),
        ("上海市普陀区规划和自然资源局", "上海市普陀区规划与自然资源局"),
        ("上海市普陀区人民政府万里街道办事处", "普陀区万里街道办事处"),
        ("上海市普陀区人民政府办公室", "普陀区政府办"),
        ("中国共产党江苏省委员会办公厅", "中共江苏省委办公厅"),
        ("江苏省政协办公厅", "中国人民政治协商会议江苏省委员会办公厅"),
        ("星桥区人力资源和社会保障局", "区人社局"),
        ("星桥区发展和改革委员会", "星桥区发改委"),
        ("星桥区住房和城乡建设局", "区住建局"),
        ("星桥区卫生健康委员会", "卫健委"),
        ("江苏省高级人民法院", "江苏省高级人民法院（本级）"),
        ("星桥区第一中学", "星桥一中"),
        ("星桥区人民医院（星桥区红十字会医院）", "星桥区红十字会医院"),
        (OWN, "望城区政务服务中心（区行政审批服务局）"),
        (OWN, "望城区行政审批服务局、望城区政务服务中心"),
        (OWN, "望城区行政审批服务局部门本级"),
        (OWN, "望城区行政审批服务局及所属单位"),
        (OWN, "望城区行政审批服务局办公室"),
        (OWN, "望城区行政审批服务局2021年"),
        ("示例市公安局星桥分局", "星桥区公安局"),
        ("星桥区公安局", "示例市公安局星桥分局"),
        ("中共星桥区委政法委员会", "中共示例市星桥区委政法委"),
        ("中共星桥县纪律检查委员会", "星桥县纪委监委"),
        ("星桥县人大", "星桥县人民代表大会常务委员会"),
        ("共青团示例市委", "中国共产主义青年团示例市委员会"),
        ("星桥区文化和旅游局", "示例自治州星桥区文旅局"),
        ("示例土家族苗族自治州星桥市教育局", "示例州星桥市教育局"),
        ("杭州市星桥区教育局", "杭州星桥区教育局"),
        ("东桥市虎头镇人民政府", "虎头镇"),
        ("东桥市虎头镇人民政府", "中共东桥市虎头镇委员会"),
        ("星桥区市场监督管理局", "星桥市监局"),
        ("星桥区信访局", "星桥区委区政府信访局"),
        ("星桥区社会福利院", "社会福利院"),
    ],
)
def test_the_units_own_name_is_its_own_however_it_is_written(own, printed):
    assert names(own).kinship(printed) == "own"


@pytest.mark.parametrize(
    ("own", "printed"),
    [
        (OWN, "望城区教育局"),
        (OWN, "长沙市望城区财政局"),
        (OWN, "岳麓区行政审批服务局"),
        (OWN, "长沙市行政审批服务局"),
        (OWN, "区财政局"),
        ("示例一：星桥区图书馆", "星桥区文化馆"),
        ("示例三：星桥区公园管理所", "星桥区环境监测站"),
        ("星桥区第一小学", "星桥区第二小学"),
        ("星桥区应急管理局", "星桥区市场监督管理局"),
        ("星桥区水务局", "星桥区税务局"),
        ("江苏省政协办公厅", "江苏省高级人民法院"),
        ("上海市普陀区司法局", "上海市普陀区商务委员会"),
        ("上海市普陀区人民政府办公室", "上海市普陀区人民政府万里街道办事处"),
        ("示例市财政局", "示例市星桥区财政局"),
        ("甲州市星桥区财政局", "乙州市星桥区财政局"),
        ("国家税务总局示例市星桥区税务局", "示例市鹿鸣区税务局"),
        ("示例市公安局星桥分局", "示例市公安局鹿鸣分局"),
        ("共青团星桥区委", "中共星桥区委"),
        ("星桥区图书馆", "星桥区少年儿童图书馆"),
        ("星桥区少年儿童图书馆", "星桥区图书馆"),
        ("星桥区城管局", "星桥区城市更新局"),
        ("星桥区人民医院", "星桥区第二人民医院"),
        ("星桥区财政局", "星桥区财政局国库支付中心"),
        ("星桥区教育局", "鹿鸣县教育局部门本级"),
        ("星桥区教育局", "鹿鸣县教育局、鹿鸣县体育局"),
        ("星桥区教育局", "鹿鸣县教育局2021年"),
        ("东桥市虎头镇人民政府", "长角镇"),
        ("东桥市虎头镇人民政府", "虎头镇财政所"),
        ("星桥县人大", "星桥县政协常委会"),
    ],
)
def test_another_offices_name_is_a_strangers(own, printed):
    assert names(own).kinship(printed) == "stranger"
    assert names(own, printed).kinship(printed) == "own"


@pytest.mark.parametrize(
    ("own", "printed"),
    [
        ("上海市普陀区规划和自然资源局", "上海市规划和自然资源局"),
        ("星桥区财政局国库支付中心", "星桥区财政局"),
    ],
)
def test_the_same_office_one_level_up_is_in_doubt(own, printed):
    assert names(own).kinship(printed) == "doubtful"


# --- what a table prints ---------------------------------------------------------------------

SPENDING = "科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出\n合计 | | 80 | 50 | 30"


@pytest.mark.parametrize(
    ("above", "printed"),
    [
        ("支出决算表\n编制单位：望城区教育局 | | 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n编制单位：望城区教育局 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n编制单位： | 望城区教育局 | 单位：万元", ("望城区教育局", "B2")),
        ("支出决算表\n填报单位（盖章）：望城区教育局 填报日期：2022年3月\n单位：万元",
         ("望城区教育局", "A2")),
        ("支出决算表\n部门：望城区教育局 | | 金额单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n单位名称：望城区教育局\n单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n单位：望城区教育局 | | 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n编制单位 望城区教育局 | | 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n编制单位：望城区教育局、望城区体育局\n单位：万元",
         ("望城区教育局、望城区体育局", "A2")),
        ("支出决算表\n编制单位：望城区教育局 2021年度 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n填报单位：望城区教育局 联系人：甲\n单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n单位：望城区教育局 公开03表 单位：万元", ("望城区教育局", "A2")),
        ("支出决算表\n制表单位：望城区财政局\n单位：万元", None),
        ("2021年望城区教育局部门支出决算表\n单位：万元", ("望城区教育局", "A1")),
        ("支出决算表\n编报单位：望城区教育局 | | 单位：万元", ("望城区教育局", "A2")),
        ("望城区教育局2021年支出决算表\n单位：万元", ("望城区教育局", "A1")),
        ("2021年望城区教育局支出决算表\n单位：万元", ("望城区教育局", "A1")),
        ("望城区教育局支出决算表\n单位：万元", ("望城区教育局", "A1")),
        ("望城区教育局部门决算\n支出决算表\n单位：万元", ("望城区教育局", "A1")),
        ("2021年支出决算表\n单位：万元", None),
        ("望城区2021年部门决算支出决算表\n单位：万元", None),
        ("支出决算表\n主管部门：望城区教育局\n单位：万元", None),
        ("支出决算表\n单位：万元、人", None),
        ("支出决算表\n编制单位： | | 单位：万元", None),
    ],
)  # fmt: skip
def test_the_words_above_a_table_name_its_owner_with_the_cell(above, printed):
    (table,) = reading(f"{above}\n{SPENDING}").tables
    owner = table.owner

    assert (owner and (owner.name, owner.place.cell)) == printed


def test_a_form_names_its_owner_and_the_office_above_it_is_none():
    own = reading("""
        部门整体支出绩效自评表
        （2021年度）
        部门名称 | 望城区教育局 | |
        年度预算申请（万元） | 全年预算数 | 执行数 | 执行率
        年度资金总额 | 10 | 9 | 90%
    """)
    project = reading("""
        项目支出绩效自评表
        （2021年度）
        项目名称 | 校舍维修 | |
        主管部门 | 望城区教育局 | 实施单位 | 第一小学
        项目资金（万元） | 全年预算数 | 执行数 | 执行率
        年度资金总额 | 10 | 9 | 90%
    """)

    assert {table.owner and table.owner.name for table in own.tables} == {"望城区教育局"}
    assert {table.owner for table in project.tables} == {None}


# --- a stranger's workbook -------------------------------------------------------------------


def accounts(*above, total=80):
    rows = [["支出决算表"], *([line] for line in above), ["单位：万元"]]
    return [
        *rows,
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", "", total, total - 30, 30],
    ]


def evaluated(tmp_path, files, **settings):
    keys = {"unit_name": OWN} | settings
    folder = make_folder(tmp_path, **keys)
    write_csv(folder / "基本支出.csv", sheet_of("basic", BASIC))
    for name, sheets in files.items():
        write_xlsx(folder / name, **sheets)
    return check(load_unit(folder))


def found(evaluation, code):
    return [f for f in evaluation.all_findings if f.code == code]


def test_a_strangers_table_is_not_used_and_its_name_is_quoted_with_the_cell(tmp_path):
    sheets = {"支出": accounts("编制单位：望城区教育局")}
    evaluation = evaluated(tmp_path, {"2021年决算.xlsx": sheets})
    (finding,) = found(evaluation, "READ-08")

    assert evaluation.quantities["project.executed"].value is None
    assert "2021年决算.xlsx" not in {a.place.file for a in evaluation.tables.amounts}
    assert (finding.outcome, finding.severity, finding.blocks) == ("fail", "error", True)
    assert [str(place) for place in finding.places] == ["2021年决算.xlsx › 支出 › A2"]
    assert finding.message == (
        "2021年决算.xlsx 里的支出决算表印的是“望城区教育局”，不是“望城区行政审批服务局”。"
        "它的3个数没有使用，也没有核对。放错了的，请移走，或写进 unit.yaml 的 ignore；"
        "是本单位的另一个牌子、原名或所属单位的，请写进 also_named: [\"望城区教育局\"]。"
    )  # fmt: skip


def test_another_name_that_unit_yaml_declares_is_the_units(tmp_path):
    sheets = {"支出": accounts("编制单位：望城区政务服务中心")}
    files = {"2021年决算.xlsx": sheets}

    assert len(found(evaluated(tmp_path / "一", files), "READ-08")) == 1
    named = evaluated(tmp_path / "二", files, also_named=["望城区政务服务中心"])
    assert found(named, "READ-08") == []
    assert named.quantities["project.executed"].value == 30 * WAN


def test_a_sheet_without_a_name_goes_with_the_strangers_of_its_file(tmp_path):
    other = [["政府采购情况表"], ["单位：万元"], ["项目", "金额"], ["合计", 3], ["草稿", "约3"]]
    sheets = {"支出": accounts("编制单位：望城区教育局"), "采购": other}
    evaluation = evaluated(tmp_path, {"2021年决算.xlsx": sheets})
    (finding,) = found(evaluation, "READ-08")

    assert "支出决算表、政府采购情况表印的是“望城区教育局”" in finding.message
    assert found(evaluation, "READ-02") == []


def test_a_cover_names_the_owner_of_its_file(tmp_path):
    sheets = {"封面": [["部门决算"], ["单位名称：望城区教育局"]], "支出": accounts()}
    (finding,) = found(evaluated(tmp_path, {"2021年决算.xlsx": sheets}), "READ-08")

    assert [str(place) for place in finding.places] == ["2021年决算.xlsx › 封面 › A2"]


def test_only_the_strangers_table_of_a_file_is_left_out(tmp_path):
    sheets = {
        "支出": accounts("编制单位：望城区审批服务局"),
        "所属": [["政府采购情况表"], ["编制单位：望城区教育局"], ["单位：万元"], ["项目", "金额"],
               ["合计", 3]],
    }  # fmt: skip
    evaluation = evaluated(tmp_path, {"2021年决算.xlsx": sheets})

    assert evaluation.quantities["project.executed"].value == 30 * WAN
    assert evaluation.quantities["procurement.executed"].value is None
    assert [f.item for f in found(evaluation, "READ-08")] == ["望城区教育局"]


def test_a_table_of_the_office_above_is_used_and_told(tmp_path):
    sheets = {"支出": accounts("编制单位：星桥区财政局")}
    own = "星桥区财政局国库支付中心"
    (finding,) = found(evaluated(tmp_path, {"2021年决算.xlsx": sheets}, unit_name=own), "READ-08")

    assert (finding.outcome, finding.severity) == ("not_computable", "warning")
    assert finding.message == (
        "2021年决算.xlsx 里的支出决算表印的是“星桥区财政局”，像是“星桥区财政局国库支付中心”的"
        "上级单位，看不出是不是本单位的表。它的数照常使用。是上级单位的，请移走，或写进 unit.yaml "
        '的 ignore；是本单位的，请写进 also_named: ["星桥区财政局"]。'
    )


def test_units_named_in_the_rows_of_a_table_are_not_its_owner(tmp_path):
    rows = [
        ["2021年部门支出预算总表"], ["编制单位：望城区行政审批服务局"], ["单位：万元"],
        ["单位名称", "科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计", "", "", 8, 5, 3],
        ["望城区教育局", "201", "一般公共服务支出", 8, 5, 3],
    ]  # fmt: skip
    evaluation = evaluated(tmp_path, {"预算.xlsx": {"支出": rows}})

    assert found(evaluation, "READ-08") == []


def test_a_file_that_is_named_after_another_office_is_used_and_told(tmp_path):
    files = {"望城区教育局2021年决算.xlsx": {"支出": accounts()}}
    evaluation = evaluated(tmp_path, files)
    (finding,) = found(evaluation, "READ-08")

    assert evaluation.quantities["project.executed"].value == 30 * WAN
    assert (finding.outcome, finding.severity) == ("not_computable", "warning")
    assert finding.message == (
        "望城区教育局2021年决算.xlsx 的文件名写的是“望城区教育局”，表上没有写是哪个单位的，"
        "看不出是不是“望城区行政审批服务局”的表。它的数照常使用。放错了的，请移走；"
        "没有放错的，请改文件名。"
    )


def test_a_copied_form_of_another_unit_or_year_is_told(tmp_path):
    folder = make_folder(tmp_path, unit_name=OWN)
    rows = {"basic": BASIC}
    write_form(folder / FORM_FILE, FORM, "望城区教育局　2020年度", rows)
    evaluation = check(load_unit(folder))
    (owner,), (year,) = found(evaluation, "READ-08"), found(evaluation, "READ-09")

    assert owner.blocks
    assert year.blocks
    assert [str(place) for place in owner.places] == ["填报.xlsx › 填报说明 › A2"]
    assert owner.message == (
        "填报.xlsx 里写着“望城区教育局”，不是“望城区行政审批服务局”，像是照搬了别的单位的填报表。"
        "里面的数现在照常使用。请逐项核对；核对无误的，把这里改成本单位的名称。"
    )
    assert year.message == (
        "填报.xlsx 里写着“望城区教育局　2020年度”，unit.yaml 的预算年度是2021年，像是照搬了"
        "别的年度的填报表。里面的数现在按2021年使用。请逐项核对；核对无误的，把这里改成2021年度。"
    )


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("编制单位：望城区教育局", {"READ-08"}),
        ("（2020年度）", {"READ-09"}),
        ("2020年度基本支出情况表", {"READ-09"}),
        ("编制单位：区行政审批服务局", set()),
        ("（2021年度）", set()),
        ("上年决算数取自2020年部门决算", set()),
        ("填报日期：2022年3月5日", set()),
    ],
)
def test_what_a_table_of_the_own_form_prints_above_is_compared(tmp_path, line, codes):
    folder = make_folder(tmp_path, unit_name=OWN)
    write_csv(folder / "基本支出.csv", [[line], *sheet_of("basic", BASIC)])
    findings = check(load_unit(folder)).all_findings

    assert {f.code for f in findings if f.code in ("READ-08", "READ-09")} == codes


@pytest.mark.parametrize("code", ["G001", "S001", "S003", "S004", "S005"])
def test_the_sample_units_print_their_own_names_and_year(code):
    evaluation = check(load_unit(SCHEMES.parent / "2021" / code))

    assert not [f for f in evaluation.all_findings if f.code in ("READ-08", "READ-09")]


def test_with_nothing_but_a_strangers_workbook_the_finding_is_still_told(tmp_path):
    folder = make_folder(tmp_path, unit_name=OWN)
    write_xlsx(folder / "2021年决算.xlsx", 支出=accounts("编制单位：望城区教育局"))

    assert len(found(check(load_unit(folder)), "READ-08")) == 1


def test_a_drawn_sheet_of_no_table_names_nobody_by_its_rows():
    read = reading(drawn("望城区教育局 | 5\n望城区财政局 | 6", "草稿"))

    assert read.cover_owners == []
