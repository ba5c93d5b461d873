"""Tests of every sentence of the public page: each reads as one, whatever is missing."""

import re
from itertools import combinations

import pytest
from evaluated import COMPLETE, PHASES, line, sample, scored
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import HALF_UP, pairs_of, paragraphs_of

from selfeval.page import opening, performance, public, spending
from selfeval.page.html import paragraphs_html
from selfeval.page.sentences import spending_of
from selfeval.terms import ordinal

BAD = re.compile(
    r"None|nan|<?NA>?|。。|，。|，，|、，|，、|、。|；。|：。|；，|，；|。，|（）|“”|，）|（，|^，|^。|\s"
    r"|支出支出|：$"
)
# A word for a missing number may stand only where a name of something missing stands before it.
GLUED = re.compile(
    r"(?:调增|调减|调整后预算|全年支出|年初预算|占|其中|为|是|多|少|超出|增加|减少|增长|下降|编制|人员|"
    r"在职|得|达到|相差)(?:未提供|不可计算)"
)
NUMBERED = re.compile(r"^(?:\d+\. |（\d+）)")


def generated(evaluation):
    """Return the public page without what the unit wrote itself."""
    funds = ("government_managed_funds", "state_capital_operations")
    return [
        opening.overview(evaluation).html,
        paragraphs_html(evaluation, public.describe_staffing(evaluation)),
        spending.spending_html(evaluation),
        paragraphs_html(evaluation, spending.describe_basic(evaluation)),
        paragraphs_html(evaluation, spending.describe_projects(evaluation)),
        *(paragraphs_html(evaluation, spending.describe_fund(evaluation, fund)) for fund in funds),
        spending.spending_end(evaluation),
        performance.performance_html(evaluation),
        performance.problems_html(evaluation),
        performance.measures_html(evaluation),
        opening.letter_opening(evaluation),
    ]


def reads_well(evaluation):
    page = generated(evaluation)
    sentences = [text for part in page for text in paragraphs_of(part)]
    assert len(sentences) >= 5
    for sentence in sentences:
        assert sentence.endswith("。"), sentence
        assert not BAD.search(NUMBERED.sub("", sentence)), sentence
        assert not GLUED.search(sentence), sentence
    said = [one for text in sentences for one in re.findall("[^。]{12,}。", text)]
    assert [one for one in said if said.count(one) > 1] == []
    facts = pairs_of(page[0], "facts")
    assert len(facts) == 3
    for name, fact in facts:
        assert not BAD.search(fact), fact
        assert not GLUED.search(fact), fact
        assert name not in fact
    for _, amount in pairs_of(page[0], "strip"):
        assert re.fullmatch(r"[＋－＝]?-?\d+\.\d\d万元", amount)


def without(rows, *fields):
    return [{key: value for key, value in row.items() if key not in fields} for row in rows]


def test_a_complete_unit_reads_well(tmp_path):
    reads_well(scored(tmp_path))


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


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九"),
     (100, "100"), (120, "120")],
)  # fmt: skip
def test_ordinals_are_chinese_up_to_ninety_nine(number, shown):
    assert ordinal(number) == shown


def test_spending_is_named_once_where_a_lines_name_says_that_it_is_spending():
    assert spending_of("培训专项") == "培训专项支出"
    assert spending_of("其他项目支出") == "其他项目支出"


def test_a_quantity_is_shown_by_its_kind_and_a_missing_one_in_words(tmp_path):
    known = scored(tmp_path, projects=[line("甲", "", 10, "", "", 12)]).quantities

    assert HALF_UP.quantity(known["project:甲.executed"]) == "12.00万元"
    assert HALF_UP.quantity(known["project:甲.initial_rate"]) == "120.00%"
    assert HALF_UP.quantity(known["project:甲.adjusted_budget"]) == "未提供"
    assert HALF_UP.quantity(known["project:甲.execution_rate"]) == "不可计算"
