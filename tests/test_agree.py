"""Tests of selfeval.schemes.agree: a scheme that names what does not exist is refused."""

import datetime as dt
import inspect
import shutil
import sys
from datetime import MAXYEAR
from typing import get_args

import pytest
from builders import SCHEMES
from click.testing import CliRunner

from selfeval.annex.entries import indicator_entries, project_entries, unit_entries
from selfeval.checks import NOT_RECONCILED, RULES, SCORE_RULES, check
from selfeval.checks.explanations import STALE_EXPLANATION
from selfeval.cli import cli
from selfeval.errors import SelfEvalError
from selfeval.evaluation.load import load_unit
from selfeval.page.index import rule_rows
from selfeval.page.public import _GENERATED
from selfeval.schemes import known_names as names
from selfeval.schemes.agree import load_relations, load_schemes
from selfeval.schemes.annex_forms import INDICATOR_NAMES, PROJECT_NAMES, UNIT_NAMES, load_forms
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import _FIELDS
from selfeval.schemes.layouts import load_layouts
from selfeval.schemes.ratios import load_framework
from selfeval.schemes.reviewer import Fact, load_criteria
from selfeval.scoring.reviewer import _FACTS
from selfeval.scoring.score import score

PACKAGE = SCHEMES.parent.parent / "selfeval"
BUDGET, WORDS = "layouts/official/budget.yaml", "layouts/official/words.yaml"
RULES_FILE, RELATIONS = "checks/rules.yaml", "checks/relations.yaml"
SELF = "layouts/official/self-evaluation.yaml"
CITED = "citations/regulations.yaml"
FORM, RATIOS = "layouts/form.yaml", "ratios/framework-2013.yaml"
INCOME = "{rule: I4, whole: final_summary/revenue/current_total, parts: [final_income/total/total]}"


def slip(file, old, new, said, id):
    return pytest.param(file, old, new, said, id=id)


SLIPS = [
    slip(RELATIONS, INCOME, INCOME.replace("final_income/total/total", "final_incme/total/totl"),
         "没有一张表读得到“final_incme/total/totl”。是不是“final_income/total/total”？", "table"),
    slip(RELATIONS, INCOME, INCOME.replace("revenue/", "revenu/"),
         "没有一张表读得到“final_summary/revenu/current_total”。"
         "是不是“final_summary/revenue/current_total”？", "block"),
    slip(RELATIONS, INCOME, INCOME.replace("current_total", "curent_total"),
         "是不是“final_summary/revenue/current_total”？", "item"),
    slip(RELATIONS, "total/current_total@general_public_budget, parts: [final_general",
         "total/current_total@general_public_budgt, parts: [final_general",
         "是不是“final_fiscal_summary/total/current_total@general_public_budget”？", "fund"),
    slip(RELATIONS, "total#full_year", "total#ful_year", "没有阶段“ful_year”。是不是“full_year”？",
         "phase"),
    slip(RELATIONS, "final_general_basic/basic/30217", "final_general_basic/basic/39917",
         "没有科目“39917”", "code"),
    slip(RELATIONS, INCOME, INCOME.replace("I4", "I99"), "里没有“I99”这个名称", "rule"),
    slip(RELATIONS, INCOME, INCOME.replace("I4", "SUM-01"), "里没有“SUM-01”这个名称",
         "rule that looks elsewhere"),
    slip(RELATIONS, INCOME, INCOME.replace("/total/total", "/total"),
         "“final_income/total”应写到行为止", "column for a number"),
    slip(RELATIONS, INCOME, INCOME.replace("revenue/current_total", "total/classes"),
         "“final_summary/total/classes”是一组数，这里只能写一个数", "group for a number"),
    slip(RELATIONS, INCOME, INCOME.replace("income/total/total", "summary/total/others"),
         "没有一张表读得到“final_summary/total/others”", "others of fixed rows"),
    slip(RELATIONS, "table: final_income, whole: total", "table: final_incme, whole: total",
         "没有表“final_incme”。是不是“final_income”？", "table of rows"),
    slip(RELATIONS, "parts: [basic, project, payments_to_superior",
         "parts: [basc, project, payments_to_superior", "没有栏“basc”。是不是“basic”？", "column"),
    slip(RELATIONS, "table: final_government_funds, spent", "table: final_goverment_funds, spent",
         "没有表“final_goverment_funds”。是不是“final_government_funds”？", "empty table"),
    slip(RELATIONS, "overviews:\n  revenue: [final_summary/revenue",
         "overviews:\n  revenue: [final_summary/revenu", "是不是“final_summary/revenue”？",
         "overview"),
    slip(RELATIONS, "  procurement: [", "  procurment: [", "是不是“procurement”", "line"),
    slip(CITED, "replaced_by: 国务院令第729号", "replaced_by: 国务院令第739号",
         "没有文件“国务院令第739号”，是不是“国务院令第729号”", "replacement"),
    slip(CITED, "国发〔2021〕5号", "财预〔2020〕10号", "“财预〔2020〕10号”出现了两次", "twice"),
    slip(CITED, "国发〔2021〕5号", "国发〔2021〕05号", "国发〔2021〕05号", "number"),
    slip(CITED, "ed: 2020-02-25", "ed: 2010-02-25", "repealed 应在 effective 之后", "dates"),
    slip(CITED, "repealed: 2020-02-25,", "", "repealed 和 replaced_by 应当一起写", "half end"),
    slip(RULES_FILE, "  SUM-02: {title", "  SUM-2: {title", "是不是“SUM-02”", "rules"),
    slip(RULES_FILE, "without_form: [MISS-01,", "without_form: [MISS-99,", "没有规则编号“MISS-99”",
         "without_form"),
    slip(RULES_FILE, "  SUM-01: 基本支出合计", "  SUM-91: 基本支出合计", "没有规则编号“SUM-91”",
         "draft_marks"),
    slip(RULES_FILE, "problem: 大项不等于明细之和",
         "problem: 大项的数与列在它下面的各项明细之和不相等", "SUM-03.problem",
         "problem that is too long for a line"),
    slip(RULES_FILE, "rule: PRIV-04", "rule: PRIV-05", "不在允许之列", "personal"),
    slip(RULES_FILE, "needs: [staffing]", "needs: [stafing]", "是不是“staffing”", "needs"),
    slip(RULES_FILE, "  money_spent:\n", "  money_spnt:\n",
         "里没有“money_spnt”这个名称，是不是“money_spent”", "word list"),
    slip(RULES_FILE, "  low_execution_rate:\n", "  low_execution_rat:\n",
         "里没有“low_execution_rat”这个名称，是不是“low_execution_rate”", "threshold"),
    slip(RULES_FILE, "  people:\n", "  peple:\n", "是不是“people”", "ways of writing"),
    slip(FORM, "table: measures", "table: mesures", "是不是“measures”", "form table"),
    slip(FORM, "field: priority", "field: prioriti", "没有栏目“prioriti”，是不是“priority”",
         "form column"),
    slip(FORM, "block: personnel", "block: personel", "没有行目“personel”，是不是“personnel”",
         "form item"),
    slip(FORM, "accepts: [", "accepts: [spended, ", "里没有“spended”这个名称", "accepted words"),
    slip(RATIOS, "numerator: [priority.initial_budget]", "numerator: [prioriti.initial_budget]",
         "没有数“prioriti.initial_budget”，是不是“priority.initial_budget”", "number of a ratio"),
    slip(RATIOS, "at: [final_assets/assets/fixed_assets]", "at: [final_assets/assets/fixed_aset]",
         "没有一张表读得到“final_assets/assets/fixed_aset”", "input"),
    slip(RATIOS, "last_year:initial_budget", "last_year:initial_budgt",
         "没有阶段“initial_budgt”。是不是“initial_budget”？", "phase of an input"),
    slip("scoring/hunan-2017.yaml", "ratio: staffing_rate", "ratio: stafing_rate",
         "没有比率“stafing_rate”，是不是“staffing_rate”", "ratio of a profile"),
    slip("scoring/hunan-2017.yaml", "method: tiers", "method: tier",
         "rule.method”的值“tier”不在允许之列（可用的有：deduct、tiers、proportional），是不是“tiers”",
         "method"),
    slip("outlines/wangcheng-2021.yaml", "id: measures", "id: mesures",
         "没有程序能写的部分“mesures”，是不是“measures”", "section"),
    slip("annex/hunan-base-data.yaml", "line: procurement", "line: procurment",
         "没有预算行“procurment”，是不是“procurement”", "line of an official form"),
    slip("annex/hunan-base-data.yaml", "value: staff.staffing_rate", "value: staff.stafing_rate",
         "没有数或文字“staff.stafing_rate”，是不是“staff.staffing_rate”",
         "value of an official form"),
    slip("annex/hunan-base-data.yaml", "{preparer}", "{preparor}", "是不是“preparer”",
         "text of an official form"),
    slip("annex/hunan-base-data.yaml", "sum: [projects]", "sum: [projects.]",
         "应是符合格式的值",
         "sum of an official form"),
    slip("review/criteria-14.yaml", "rule: LINT-12", "rule: LINT-2", "是不是“LINT-12”",
         "criterion"),
    slip("review/criteria-14.yaml", "degree: medium", "degree: medum", "是不是“medium”", "degree"),
    slip("review/criteria-14.yaml", "spares: 3", "spares: 33", "没有第 33 条", "spared criterion"),
    slip("classifications/classifications.yaml", 'under: ["301"', 'under: ["399999"',
         "没有科目“399999”", "code of a list"),
    slip("readings/values.yaml", "falls: 降", "falls: 跌", "没有增减“跌”", "word of values"),
    slip("glossary/plain.yaml", "terms:\n", "terms:\n  - {term: 三公, meaning: 甲}\n"
         "  - {term: 三公, meaning: 乙}\n", "“三公”出现了两次", "glossary"),
    slip(BUDGET, "columns: basic_economic", "columns: basic_econmic",
         "没有栏目组“basic_econmic”，是不是“basic_economic”", "columns of a layout"),
    slip(BUDGET, "phase: initial_budget", "phase: initial_bugdet",
         "没有阶段“initial_bugdet”。是不是“initial_budget”？", "phase of a layout"),
    slip(BUDGET, "{block: education_fees,", "{block: education_fee,",
         "“education_fee”只出现一次，与“education_fees”只差一个字母", "block of a layout"),
    slip("layouts/official/objectives.yaml", "after: [own_funds]", "after: [own_fund]",
         "没有行目“own_fund”，是不是“own_funds”", "row before another"),
    slip(WORDS, "  效益指标: [", "  效益指标类: [", "是不是“效益指标”", "family"),
    slip(BUDGET, "\n  - table: budget_income\n", "\n  - table: budget_ncome\n",
         "名称“budget_ncome”只出现一次，与“budget_income”只差一个字母", "table of a layout"),
    slip(BUDGET, "{block: basic, headings: [基本支出, 基本支出/小计",
         "{block: baic, headings: [基本支出, 基本支出/小计",
         "名称“baic”只出现一次，与“basic”只差一个字母", "short block"),
    slip(BUDGET, "    has: [收支|收入支出, 总表|总体情况|预算表]\n", "", "哪张表都不会认成它",
         "table without a title"),
    slip(BUDGET, "\ncolumns:\n", "\ncolumns:\n  mony: [{headings: [金额]}]\n",
         "没有一张表用到栏目组“mony”", "columns that no table takes"),
    slip(SELF, "measure: indicator_name", "measure: indicatr_name",
         "没有指标的栏目“indicatr_name”，是不是“indicator_name”", "field of an indicator"),
    slip("layouts/official/objectives.yaml", "measure: name", "measure: nam", "缺少“name”的栏",
         "names of rows"),
    slip(RELATIONS, "sides: {revenue:", "sides: {revnue:", "没有栏“revnue”。是不是“revenue”？",
         "side"),
    slip(RELATIONS, "phases: {", "phases: {executed: 决算数, ", "阶段“executed”出现了两次",
         "phase that budget lines have"),
    slip(RELATIONS, INCOME, INCOME.replace("summary/revenue/current_total", "income/total/total"),
         "totals 第 16 条的 whole 又是它自己的一部分", "relation of a number to itself"),
    slip(RELATIONS, INCOME, f"{INCOME}\n  - {INCOME}", "与前面的一条相同", "relation told twice"),
    slip(RELATIONS, INCOME, INCOME.replace("[final_income/total/total]", "[{either: [[]]}]"),
         "至少 1 项的清单", "nothing to add up"),
    slip(RELATIONS, INCOME, INCOME.replace("final_summary/revenue", "final_summary／revenue"),
         "是不是“final_summary/revenue/current_total”？", "full-width stroke"),
    slip(RULES_FILE, 'values: {2013-01-01: "2"}', "values: {}", "至少 1 项",
         "threshold without value"),
    slip(RULES_FILE, "needs: [staffing]", "neds: [staffing]", "是不是“needs”", "key of a rule"),
    slip(RULES_FILE, 'SUM-03: "{item}', 'SUM-03: "{itme}', "没有数或文字“itme”，是不是“item”",
         "item of a draft mark"),
    slip(RULES_FILE, "EXEC-01: {column: note", "EXEC-01: {column: notes",
         "没有栏“notes”。是不是“note”？", "column of an answer"),
    slip(RULES_FILE, "合计应为{expected}", "合计应为{expectd}", "是不是“expected”",
         "number of an answer"),
    slip(RULES_FILE, "expression: '(?:1[1-5]", "expression: '((?:1[1-5]", "应是正则表达式",
         "expression"),
    slip("review/criteria-14.yaml", "LINT-10, degree: no_survey", "LINT-10, degree: light",
         "没有LINT-10 的程度“light”", "degree of another rule"),
    slip("review/criteria-14.yaml", "rule: EVID-03", "rule: EVID-3",
         "found_by 第 4 条的 rule”：没有规则编号“EVID-3”，是不是“EVID-03”", "rule of a sign"),
    slip("outlines/wangcheng-2021.yaml", 'title: "{year}', 'title: "{yaer}',
         "没有数或文字“yaer”，是不是“year”", "title"),
    slip("annex/hunan-base-data.yaml", "{year}年决算数", "｛year｝年决算数",
         "花括号不成对，或者是全角的",
         "full-width braces"),
    slip("annex/hunan-base-data.yaml", "{year}年决算数", "{Year}年决算数", "是不是“year”",
         "capital"),
    slip("annex/hunan-base-data.yaml", 'at: "F:G", value', 'at: "F:K", value', "没有栏“F:K”",
         "column of an official form"),
]  # fmt: skip


@pytest.fixture
def schemes(tmp_path):
    return shutil.copytree(SCHEMES, tmp_path / "params" / "schemes")


@pytest.mark.parametrize(("file", "old", "new", "said"), SLIPS)
def test_one_slip_in_a_scheme_is_refused_with_its_file_and_the_nearest_name(
    schemes, file, old, new, said
):
    path = schemes / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SelfEvalError) as caught:
        load_schemes(schemes)

    assert said in str(caught.value)
    assert file.partition("/")[0] in str(caught.value)


def test_a_number_that_no_table_has_is_told_with_its_relation_and_the_nearest_number(schemes):
    path = schemes / RELATIONS
    first = "{rule: I1, whole: final_summary/revenue/grand_total"
    slipped = first.replace("final_summary", "final_sumary").replace("grand_total", "grand_totl")
    path.write_text(path.read_text(encoding="utf-8").replace(first, slipped), encoding="utf-8")

    with pytest.raises(SelfEvalError) as caught:
        load_schemes(schemes)

    assert str(caught.value) == (
        "schemes/checks/relations.yaml › totals 第 1 条（I1）："
        "没有一张表读得到“final_sumary/revenue/grand_totl”。是不是“final_summary/revenue/grand_total”？"
    )


def test_slips_in_two_schemes_are_told_together_each_once(schemes):
    for file, old, new in (
        (RELATIONS, "sides: {revenue:", "sides: {revnue:"),
        (RATIOS, "numerator: [priority.", "numerator: [prioriti."),
    ):
        path = schemes / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SelfEvalError) as caught:
        load_schemes(schemes)

    assert str(caught.value).count("prioriti") == 1


@pytest.mark.parametrize("command", ["run", "check", "score", "annex", "rules", "layouts"])
def test_a_slip_in_any_scheme_is_told_before_the_first_unit(schemes, command):
    project = schemes.parent.parent
    shutil.copytree(SCHEMES.parent / "2021" / "S001", project / "params/2021/S001")
    unused = schemes / "scoring" / "hunan-2017.yaml"
    text = unused.read_text(encoding="utf-8")
    unused.write_text(text.replace("ratio: staffing_rate", "ratio: stafing_rate"), encoding="utf-8")

    done = CliRunner().invoke(cli, ["--project", str(project), command])

    assert "没有比率“stafing_rate”，是不是“staffing_rate”" in str(done.exception)
    assert not done.output
    assert not (project / "outputs").exists()


def test_the_schemes_of_the_package_agree():
    load_schemes(SCHEMES)


# --- the names the schemes are held to are those the code serves and asks for ------------------


def test_every_rule_has_a_function_and_every_function_a_rule():
    served = {*RULES, *SCORE_RULES, NOT_RECONCILED, STALE_EXPLANATION}

    assert served == set(get_args(names.RuleCode))
    assert set(get_args(names.RelationRule)) | set(get_args(names.PersonalRule)) <= served


@pytest.mark.parametrize("kind", [names.WordsName, names.ThresholdName, names.PatternsName])
def test_every_list_and_threshold_that_a_scheme_must_have_is_used(kind):
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "known_names.py"
    )

    assert [name for name in get_args(kind) if f'"{name}"' not in source] == []


def test_every_degree_is_one_that_its_rule_tells():
    assert names.DEGREES.keys() <= set(get_args(names.RuleCode))
    for rule, degrees in names.DEGREES.items():
        own = inspect.getsource(sys.modules[(RULES | SCORE_RULES)[rule].__module__])
        assert [degree for degree in degrees if f'"{degree}"' not in own] == []


def test_the_page_writes_every_section_that_a_scheme_may_ask_it_to():
    assert set(_GENERATED) == set(get_args(names.Generated))


def test_the_form_has_every_table_that_the_package_asks_for():
    assert set(_FIELDS) == set(get_args(names.FormTable))


def test_reviewers_see_every_fact_a_criterion_may_name():
    assert set(_FACTS) == set(get_args(Fact))


def test_what_a_cell_of_an_official_form_may_hold_is_what_a_unit_has():
    unit = score(check(load_unit(SCHEMES.parent / "2021" / "S001")))
    of_unit = unit_entries(unit).keys()
    of_projects = next(project_entries(unit)).keys()
    of_indicators = next(indicator_entries(unit)).keys()

    fixed = {name for name in UNIT_NAMES if "." not in name or name.startswith(("score", "exec"))}
    assert fixed <= of_unit
    assert of_projects >= PROJECT_NAMES
    assert of_indicators == INDICATOR_NAMES


# --- whence, since when, and whether anyone looked -----------------------------------------------


def entries(schemes):
    """Yield every entry of the schemes that says whence it is."""
    checks, relations, layouts = (
        load_checks(schemes),
        load_relations(schemes),
        load_layouts(schemes),
    )
    for named in (checks.rules, checks.thresholds, checks.words, checks.forms):
        yield from named.values()
    yield from (*checks.personal, *load_criteria(schemes).criteria, *load_forms(schemes, MAXYEAR))
    yield from (table for table, _ in layouts.tables)
    yield from layouts.forms.forms
    yield from (*relations.totals, *relations.rows, *relations.items, *relations.limits)
    yield from (*relations.empty, relations.levels)
    for ratio in load_framework(schemes).ratios:
        yield from (ratio, *ratio.variants)


def test_every_entry_says_whence_it_is_since_when_and_whether_anyone_looked():
    for entry in entries(SCHEMES):
        assert entry.reference
        assert entry.effective <= dt.date.today()
        assert entry.verified in (True, False)


CLAIMS = [
    slip(RULES_FILE, "reference: 经验值，没有文件规定\n    values: {2013-01-01: \"2\"}",
         "reference: 某手册，原文尚未核实\n    values: {2013-01-01: \"2\"}",
         "verified 是 true，来源里却写着“未核实”", "threshold that nobody looked up"),
    slip("glossary/plain.yaml", "reference: 按部门", "# 按部门",
         "缺少键“reference”", "file without a source"),
    slip(RULES_FILE, "\neffective: 2013-01-01\n", "\n", "缺少键“effective”", "file without a date"),
    slip(BUDGET, "表式的了解写成\n    verified: false", "表式的了解写成\n    verified: true",
         "来源里却写着“只凭”", "table that nobody saw"),
    slip("glossary/plain.yaml", "不是法定定义。", "不是法定定义，原文待核实。",
         "来源里却写着“待核实”",
         "source still to be seen"),
    slip("glossary/plain.yaml", "不是法定定义。", "不是法定定义 (not verified).",
         "写着“not verified”",
         "doubt in English"),
    slip("glossary/plain.yaml",
         "reference: 按部门预决算公开的通行解释改写为通俗说法，不是法定定义。",
         "reference: ' '", "“reference”的值", "blank source"),
    slip(RELATIONS, "effective: 2015-01-01", "effective: 2105-01-01", "还没有到这一年",
         "date of another century"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), CLAIMS)
def test_a_scheme_that_claims_what_nobody_looked_up_or_says_no_source_is_refused(
    schemes, file, old, new, said
):
    test_one_slip_in_a_scheme_is_refused_with_its_file_and_the_nearest_name(
        schemes, file, old, new, said
    )


def test_an_entry_has_the_source_of_its_group_or_file_unless_it_says_another():
    checks = load_checks(SCHEMES)

    assert checks.rules["SUM-01"].effective == checks.effective
    assert checks.rules["SUM-01"].reference != checks.reference
    assert checks.words["more"].reference == checks.words["less"].reference
    assert not checks.words["more"].verified
    assert checks.verified


def test_the_rules_say_since_when_and_which_nobody_held_against_an_original():
    rules = {row["code"]: row["reference"] for row in rule_rows(load_checks(SCHEMES))}

    assert rules["SUM-01"] == "部门决算公开表的分类关系（自2013年1月1日起）"
    assert rules["IND-04"].endswith("（自2013年1月1日起，尚未对照原文核实）")
