"""Invented workbooks: 500 of the 10,000 that ``make fuzz`` reads."""

import pytest
from fuzzing import MOST_REFUSED, run_files

BATCH = 50


@pytest.mark.parametrize("first", range(0, 500, BATCH))
def test_no_number_of_an_invented_workbook_is_read_wrong_lost_or_made_up(first):
    outcomes = list(run_files(first, BATCH))

    clean = [outcome for outcome in outcomes if not outcome.dirt]
    refused = [str(outcome) for outcome in clean if outcome.refused or outcome.unread]
    assert {str(outcome): outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(refused) <= MOST_REFUSED * len(clean), refused
    assert sum(outcome.amounts for outcome in outcomes) > BATCH
