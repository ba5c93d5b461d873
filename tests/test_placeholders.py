"""Tests of selfeval.budget.placeholders: {{项目名称.全年执行数}} → a number of the tables."""

import pytest
from builders import NARRATIVE, make_unit
from evaluated import COMPLETE, evaluate, text

from selfeval.budget.placeholders import item_names, resolve
from selfeval.errors import InputErrors, ParamsError, SelfEvalError
from selfeval.evaluation.load import load_unit


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluate(tmp_path_factory.mktemp("unit"), **COMPLETE)


@pytest.mark.parametrize(
    ("item", "measure", "key"),
    [
        ("窗口服务专项", "全年执行数", "project:窗口服务专项.executed"),
        ("窗口 服务专项", "年初预算数", "project:窗口服务专项.initial_budget"),
        ("支出合计", "预算执行率", "total.execution_rate"),
        ("部门整体支出", "预算执行率", "total.execution_rate"),
        ("三公经费", "全年执行数", "three_public_expenses.executed"),
        ("“三公”经费", "全年执行数", "three_public_expenses.executed"),
        ("日常公用经费", "上年决算数", "operating.prior_final_accounts"),
        ("人员", "年末实有", "staff.staff_in_post"),
        ("人员", "在职人员控制率", "staff.staffing_rate"),
    ],
)
def test_a_placeholder_names_a_line_as_the_form_does(evaluation, item, measure, key):
    names = item_names(evaluation.quantities, evaluation.unit.form)
    found = resolve(item, measure, names, evaluation.quantities)

    assert found is evaluation.quantities[key]


def test_a_project_wins_over_a_fixed_row_of_the_same_name(tmp_path):
    from evaluated import line

    own = evaluate(tmp_path, projects=[line("公务接待", "", 7)])
    names = item_names(own.quantities, own.unit.form)

    assert resolve("公务接待", "年初预算数", names, own.quantities).key.startswith("project:")


@pytest.mark.parametrize(
    ("typed", "fault", "remedy"),
    [
        (
            "{{窗口服务专向.全年执行数}}",
            "占位符里的“窗口服务专向”不在表中。",
            "是不是“窗口服务专项”？",
        ),
        (
            "{{窗口服务专项.全年执行}}",
            "占位符里的“全年执行”不是可用的栏目。",
            "是不是“全年执行数”？",
        ),
        ("{{窗口服务专项}}", "占位符“{{窗口服务专项}}”写得不完整。", "格式是"),
        ("{{窗口服务专项.全年执行数", "占位符“{{”写得不完整。", "格式是"),
        ("{{a.__class__}}", "占位符里的“a”不在表中。", "请写表中的项目名称"),
    ],
)
def test_a_placeholder_that_names_nothing_is_refused_with_its_line_and_a_hint(
    tmp_path, typed, fault, remedy
):
    with pytest.raises(ParamsError) as caught:
        evaluate(tmp_path, narrative=text("第一行。", f"共{typed}。"), **COMPLETE)

    assert caught.value.place == "T001 › narrative.md › 第 15 行"
    assert caught.value.fault == fault
    assert caught.value.remedy.startswith(remedy)


def test_all_wrong_placeholders_are_told_together(tmp_path):
    with pytest.raises(InputErrors) as caught:
        evaluate(tmp_path, narrative=text("{{甲.全年执行数}}和{{乙.全年执行数}}。"), **COMPLETE)

    assert len(caught.value.errors) == 2


def test_a_placeholder_in_a_heading_is_refused_because_it_would_not_be_filled(tmp_path):
    narrative = text("## （一）支出{{支出合计.全年执行数}}", "完成。")
    with pytest.raises(ParamsError, match="标题里有占位符"):
        evaluate(tmp_path, narrative=narrative, **COMPLETE)


def test_a_project_whose_name_has_a_dot_can_be_named(tmp_path):
    from evaluated import line

    own = evaluate(
        tmp_path, narrative=text("{{5.1项目.年初预算数}}"), projects=[line("5.1项目", "", 7)]
    )

    assert own.quantities["project:5.1项目.initial_budget"].value == 7_000_000


def test_a_placeholder_in_a_table_is_refused_with_its_row(tmp_path):
    measures = [{"problem": "超出{{项目支出.年初预算数}}", "cause": "甲", "measure": "乙"}]

    with pytest.raises(SelfEvalError) as caught:
        load_unit(make_unit(tmp_path, measures=measures))

    assert str(caught.value) == (
        "T001 › 填报.xlsx › 问题与措施 › 第 6 行：单元格里有占位符“{{项目支出.年初预算数}}”。"
        "占位符只用在 narrative.md 里；表中请直接写文字或数。"
    )


def test_a_bare_total_is_not_a_name_in_a_sentence(tmp_path):
    folder = make_unit(tmp_path, narrative=NARRATIVE.replace("。", "{{合计.年初预算数}}。", 1))

    with pytest.raises(SelfEvalError, match="占位符里的“合计”不在表中"):
        load_unit(folder)
