"""Tests of what an indicator's record tells: past years from the unit's own folders."""

from __future__ import annotations

from evaluated import evaluate, indicator

from selfeval.evaluation.history import past_actuals


def in_year(tmp_path, year, *rows, **settings):
    return evaluate(tmp_path, settings={"fiscal_year": year, **settings}, indicators=list(rows))


def test_two_years_before_are_told_the_latest_first_and_no_third(tmp_path):
    for year, reached in ((2018, "17"), (2019, "18"), (2020, "19")):
        in_year(tmp_path, year, indicator(actual_value=reached))

    past = past_actuals(in_year(tmp_path, 2021, indicator(actual_value="21")))

    assert list(past.values()) == [((2020, "19场"), (2019, "18场"))]


def test_a_year_without_a_folder_ends_the_record(tmp_path):
    in_year(tmp_path, 2019, indicator(actual_value="18"))

    assert past_actuals(in_year(tmp_path, 2021, indicator())) == {}


def test_an_indicator_of_another_project_or_name_has_a_record_of_its_own(tmp_path):
    in_year(tmp_path, 2020, indicator(actual_value="19"), indicator(indicator_name="另一项"))

    past = past_actuals(in_year(tmp_path, 2021, indicator()))

    assert past[("培训场次", "")] == ((2020, "19场"),)
    assert ("另一项", "") in past


def test_an_indicator_without_a_value_is_not_told(tmp_path):
    in_year(tmp_path, 2020, indicator(actual_value=""))

    assert past_actuals(in_year(tmp_path, 2021, indicator())) == {}


def test_what_the_form_says_of_past_years_stands_where_no_folder_does(tmp_path):
    in_year(tmp_path, 2020, indicator(actual_value="19"))

    now = in_year(tmp_path, 2021, indicator(last_actual="77", earlier_actual="18"))

    assert past_actuals(now)[("培训场次", "")] == ((2020, "19场"), (2019, "18场"))
