"""Errors planted in texts: some of those that ``make fuzz`` plants."""

from functools import cache
from random import Random

import pytest
from planting import COMPARED, FOUND, LEAST_FOUND, changes, fictions, outcome_of, share_found

from selfeval.unit import NARRATIVE_FILE

UNITS = ["S001", "S005"]
CHANGED = 60
LEAST_COMPARED = 0.6


@cache
def fiction(unit):
    """Return a unit whose text is made to be compared."""
    return dict(fictions())[unit]


@pytest.mark.parametrize("unit", UNITS)
def test_a_true_text_gives_no_finding_and_most_of_its_numbers_are_compared(unit):
    told = fiction(unit).judged
    outcomes = [one.outcome for one in told if one.said.paragraph.place(0).file == NARRATIVE_FILE]

    assert [judged for judged in told if judged.outcome == "fail"] == []
    assert sum(outcome in COMPARED for outcome in outcomes) > LEAST_COMPARED * len(outcomes)


@pytest.mark.parametrize("unit", UNITS)
def test_a_number_that_is_changed_is_found_where_it_stands_and_never_agrees(unit):
    case = fiction(unit)
    planted = Random(unit).sample(list(changes(case, Random(unit))), CHANGED)

    done = [(change, outcome_of(case, change)) for change in planted]

    assert [str(change) for change, outcome in done if outcome == "passed"] == []
    missed = [f"{outcome} {change}" for change, outcome in done if outcome not in FOUND | {"fits"}]
    assert share_found(done) >= LEAST_FOUND, missed
