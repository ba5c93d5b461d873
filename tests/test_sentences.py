"""Tests of selfeval.page.sentences: every sentence reads as one, whatever is missing."""

import re
from itertools import combinations

import pytest
from evaluated import COMPLETE, PHASES, indicator, line, measure, sample, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP, as_plain, plain_texts

from selfeval.page import sentences as narrative
from selfeval.terms import ordinal

BAD = re.compile(
    r"None|nan|<?NA>?|。。|，。|，，|、，|，、|、。|；。|：。|；，|，；|。，|（）|“”|，）|（，|^，|^。|\s"
)
# A word for a missing number may stand only where a name of something missing stands before it.
GLUED = re.compile(
    r"(?:调增|调减|调整后预算|全年预算|全年执行|年初预算|占|其中|为|超出|增加|减少|增长|下降|编制|人员|"
    r"已知支出|覆盖年初预算的|计算为|为年初预算的)(?:未提供|不可计算)"
)


def sentences(evaluation):
    texts = [
        [narrative.describe_overview(evaluation)],
        narrative.describe_staffing(evaluation),
        narrative.describe_spending(evaluation),
        narrative.describe_basic(evaluation),
        narrative.describe_projects(evaluation),
        *(narrative.describe_fund(evaluation, block)
          for block in ("government_managed_funds", "state_capital_operations")),
        narrative.describe_performance(evaluation),
        narrative.describe_problems(evaluation),
        narrative.describe_measures(evaluation),
    ]  # fmt: skip
    return [as_plain(text) for part in texts for text in part]


def reads_well(evaluation):
    for sentence in sentences(evaluation):
        assert sentence.endswith("。"), sentence
        assert not BAD.search(sentence), sentence
        assert not GLUED.search(sentence), sentence


def without(rows, *fields):
    return [{key: value for key, value in row.items() if key not in fields} for row in rows]


# --- a complete unit -------------------------------------------------------------------------


def test_a_complete_unit_reads_from_budget_to_spending_to_last_year(tmp_path):
    evaluation = scored(tmp_path)

    assert as_plain(narrative.describe_overview(evaluation)) == (
        "2021年，部门整体支出年初预算200.00万元，调整后预算214.00万元，全年执行207.00万元，"
        "预算执行率96.73%（按年初预算为103.50%）。"
    )
    assert plain_texts(narrative.describe_spending(evaluation)) == (
        "部门整体支出年初预算200.00万元，其中基本支出120.00万元，占60.00%，"
        "项目支出80.00万元，占40.00%。年中调增14.00万元，调整后预算214.00万元。"
        "全年执行207.00万元，预算执行率96.73%，按年初预算计算为103.50%。"
        "比上年决算数增加31.00万元，增长17.61%。"
    )
    assert as_plain(narrative.describe_staffing(evaluation)[0]) == (
        "年末在职实有人员16人，其中行政编制10人、事业编制6人。核定编制18人，在职人员控制率88.89%。"
    )
    assert as_plain(narrative.describe_projects(evaluation)[2]) == (
        "二是宣传培训专项，年初预算30.00万元，其中宣传10.00万元、培训20.00万元。"
        "年中没有调整，全年预算30.00万元。全年执行29.00万元，预算执行率96.67%。"
        "比上年决算数增加1.00万元，增长3.57%。"
    )
    reads_well(evaluation)


def test_a_budget_that_was_not_adjusted_has_one_rate(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲", "", 50, "", 50, 40)])

    assert as_plain(narrative.describe_overview(scored(tmp_path / "b", other=[
        line("支出合计", "", 50, "", 50, 40)]))) == (
        "2021年，部门整体支出年初预算50.00万元，年中没有调整，全年执行40.00万元，预算执行率80.00%。"
    )  # fmt: skip
    for texts in (narrative.describe_projects(evaluation), narrative.describe_spending(evaluation)):
        assert "按年初预算" not in plain_texts(texts)


def test_a_sum_that_is_known_in_part_says_of_how_much_of_the_budget(tmp_path):
    rows = [line("甲", "", 1300, "", "", 1683.71), line("乙", "", 878.7)]

    assert as_plain(narrative.describe_overview(scored(tmp_path, projects=rows, basic=[
        line("基本支出合计", "", 2.73)]))).startswith(
        "2021年，部门整体支出年初预算2181.43万元，其中1300.00万元（占59.59%）有全年执行数，"
        "这部分支出1683.71万元；其余没有全年执行数，整体预算执行率不可计算；"
    )  # fmt: skip


def test_spending_without_an_adjusted_budget_is_told_against_the_initial_one(tmp_path):
    evaluation = scored(tmp_path, other=[line("支出合计", "", 50, "", "", 40)])

    assert as_plain(narrative.describe_overview(evaluation)) == (
        "2021年，部门整体支出年初预算50.00万元，全年执行40.00万元，为年初预算的80.00%，"
        "预算执行率不可计算。"
    )


# --- something is missing --------------------------------------------------------------------

AMOUNTS = ("basic", "projects", "other")
COLUMNS = [(table, phase) for table in AMOUNTS for phase in PHASES
           if (table, phase) != ("other", "budget_adjustment")]  # fmt: skip


@pytest.mark.parametrize(("table", "phase"), COLUMNS)
def test_sentences_read_well_without_a_column_of_a_table(tmp_path, table, phase):
    tables = COMPLETE | {table: without(COMPLETE[table], phase)}

    reads_well(scored(tmp_path, **tables))


@pytest.mark.parametrize(
    "phases", [pair for count in (1, 2, 4) for pair in combinations(PHASES, count)], ids="-".join
)
def test_sentences_read_well_without_a_phase_of_all_tables(tmp_path, phases):
    tables = COMPLETE | {table: without(COMPLETE[table], *phases) for table in AMOUNTS}

    reads_well(scored(tmp_path, **tables))


@pytest.mark.parametrize("table", sorted(COMPLETE))
def test_sentences_read_well_without_a_table(tmp_path, table):
    reads_well(scored(tmp_path, **{name: rows for name, rows in COMPLETE.items() if name != table}))


@pytest.mark.parametrize("table", sorted(COMPLETE))
def test_sentences_read_well_with_one_table_only(tmp_path, table):
    reads_well(scored(tmp_path, **{table: COMPLETE[table]}))


@settings(max_examples=8)
@given(st.data())
def test_sentences_read_well_whatever_cells_are_blank_zero_or_negative(tmp_path_factory, data):
    cell = st.sampled_from(["keep", "", 0, "—", -5])
    tables = dict(COMPLETE)
    for table in ("basic", "projects", "other", "staffing"):
        rows = []
        for row in COMPLETE[table]:
            changed = dict(row)
            for field in (*PHASES, "authorised_posts", "staff_in_post"):
                value = data.draw(cell) if field in row else "keep"
                if value != "keep" and (table != "staffing" or value != -5):
                    changed[field] = value
            rows.append(changed)
        tables[table] = rows

    reads_well(scored(tmp_path_factory.mktemp("unit"), **tables))


@pytest.mark.parametrize("code", ["G001", "S001", "S002", "S003", "S004", "S005"])
def test_sentences_of_the_samples_read_well(code):
    reads_well(sample(code))


def test_without_an_initial_budget_nothing_is_said_of_an_adjustment(tmp_path):
    evaluation = scored(tmp_path, projects=[line("甲", "", "", "", 50, 40)])

    assert as_plain(narrative.describe_projects(evaluation)[1]) == (
        "一是甲，年初预算数未提供。全年预算50.00万元。全年执行40.00万元，预算执行率80.00%。"
    )


def test_staff_of_unknown_total_are_told_by_the_kinds_that_are_known(tmp_path):
    rows = [{"kind": "行政编制", "staff_in_post": 3}, {"kind": "事业编制"}]

    assert as_plain(narrative.describe_staffing(scored(tmp_path, staffing=rows))[0]) == (
        "年末在职实有人员总数未提供，已填报行政编制3人。编制数未提供，在职人员控制率不可计算。"
    )


# --- reasons and explanations ----------------------------------------------------------------


def test_reasons_and_explanations_are_printed_with_the_line_they_are_of(tmp_path):
    rows = [line("大项", "", 10, "", "", 12, note="汛后抢修。"),
            line("小项", "", 10, "", "", 12, parent="大项", note="材料涨价；")]  # fmt: skip
    basic = [line("人员经费", "", 10, "", "", 12), line("公用经费", "", 1)]
    explanations = [{"finding": "EXEC-01", "item": "人员经费", "text": "政策性调资。"}]
    evaluation = scored(tmp_path, projects=rows, basic=basic,
                        settings={"explanations": explanations})  # fmt: skip

    assert as_plain(narrative.describe_projects(evaluation)[1]).endswith(
        "单位说明：“汛后抢修”。关于小项，单位说明：“材料涨价”。"
    )
    assert "关于人员经费，单位说明：“政策性调资”。" in sentences(evaluation)


def test_the_first_screen_names_the_largest_overspending_and_whether_it_is_explained(tmp_path):
    rows = [line("甲", "", 10, "", "", 12), line("乙", "", 10, "", "", 15)]
    bare = scored(tmp_path / "a", projects=rows)
    told = scored(tmp_path / "b", projects=rows, settings={
        "explanations": [{"finding": "EXEC-01", "item": "乙", "text": "汛后抢修"}]
    })  # fmt: skip

    assert as_plain(narrative.describe_overview(bare)).endswith(
        "；乙超出年初预算5.00万元，没有说明原因。"
    )
    assert as_plain(narrative.describe_overview(told)).endswith(
        "；乙超出年初预算5.00万元，单位说明：“汛后抢修”。"
    )


def test_the_first_screen_says_that_a_copied_adjustment_says_nothing():
    assert as_plain(narrative.describe_overview(sample("S004"))).endswith(
        "；调整后预算数与执行数完全相同，执行率不能说明执行情况。"
    )


def test_a_copied_budget_of_hospitality_is_not_what_the_first_screen_leads_with(tmp_path):
    evaluation = scored(tmp_path, other=[line("公务接待费", "", 2, "", 1, 1)])

    assert any(f.code == "EXEC-03" for f in evaluation.all_findings)
    assert narrative.copied_adjustment(evaluation) is None


def test_empty_words_are_not_printed_as_the_cause_of_a_problem(tmp_path):
    evaluation = scored(tmp_path, measures=[measure(cause="无")])

    assert as_plain(narrative.describe_problems(evaluation)[0]) == "（一）窗口偏少。"


def test_marks_at_the_end_of_the_units_words_are_not_doubled(tmp_path):
    rows = [measure("问题一；", cause="场地有限。", measure="措施一！")]
    evaluation = scored(tmp_path, measures=rows)

    assert as_plain(narrative.describe_problems(evaluation)[0]) == "（一）问题一。原因：场地有限。"
    assert as_plain(narrative.describe_measures(evaluation)[0]) == (
        "（一）措施一（责任部门：办公室；完成时限：2022年6月30日）。"
    )


def test_indicators_without_a_score_say_how_many_were_reached_and_why_there_is_none(tmp_path):
    rows = [indicator(), indicator("乙", actual_value="")]

    assert plain_texts(
        narrative.describe_performance(scored(tmp_path, indicators=rows))
    ).startswith(
        "全年填报绩效指标2项，达到年度指标值1项，1项无法判断。自评得分不可计算，有2项不能计分："
    )


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"),
     (100, "100"), (120, "120")],
)  # fmt: skip
def test_ordinals_are_chinese_up_to_ninety_nine(number, shown):
    assert ordinal(number) == shown


def test_a_quantity_is_shown_by_its_kind_and_a_missing_one_in_words(tmp_path):
    known = scored(tmp_path, projects=[line("甲", "", 10, "", "", 12)]).quantities

    assert HALF_UP.quantity(known["project:甲.executed"]) == "12.00万元"
    assert HALF_UP.quantity(known["project:甲.initial_rate"]) == "120.00%"
    assert HALF_UP.quantity(known["project:甲.adjusted_budget"]) == "未提供"
    assert HALF_UP.quantity(known["project:甲.execution_rate"]) == "不可计算"
