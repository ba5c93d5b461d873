"""What LibreOffice makes of the forms: it opens them, and computes what is stored in them."""

from __future__ import annotations

import pytest
from annexes import BASE, OVERALL, PROJECTS, converted, printed_pages, sheets_of, without_results
from evaluated import COMPLETE, INDICATORS, indicator, sample, scored

from selfeval.annex import build_annexes


@pytest.mark.office
def test_libreoffice_computes_the_results_that_are_stored(soffice, tmp_path):
    whole = [indicator(project="窗口服务专项", weight=90, self_score=90, actual_value="13")]
    evaluations = [
        scored(tmp_path / "一"),
        scored(tmp_path / "二", **(COMPLETE | {"indicators": whole})),
        scored(tmp_path / "三", **(COMPLETE | {"indicators": INDICATORS[:2]})),
        sample("S001"),
        sample("G001"),
    ]
    stored = {
        f"{index}-{name}": content
        for index, evaluation in enumerate(evaluations)
        for name, content in build_annexes(evaluation).items()
    }
    bare = {name: without_results(content) for name, content in stored.items()}

    made = converted(soffice, tmp_path, "xlsx", {name: pair[0] for name, pair in bare.items()})

    assert {name[2:] for name, (_, count) in bare.items() if count} == {BASE, OVERALL, PROJECTS}
    for path, content in zip(made, stored.values(), strict=True):
        for ours, theirs in zip(sheets_of(content), sheets_of(path.read_bytes()), strict=True):
            assert theirs.title == ours.title
            for row in ours.iter_rows():
                for cell in row:
                    found = theirs[cell.coordinate].value
                    expected = cell.value
                    if isinstance(expected, (int, float)):
                        # The last of 15 digits is a matter of binary arithmetic.
                        expected = pytest.approx(expected, rel=1e-13, abs=1e-13)
                    assert found == expected, (path.name, ours.title, cell.coordinate)


@pytest.mark.office
def test_each_form_of_a_sample_prints_on_one_page_and_a_long_one_breaks_where_it_says(
    soffice, tmp_path
):
    forms = build_annexes(sample("S001"))
    hunan = {"scoring": "hunan-2017"}
    long = build_annexes(scored(tmp_path / "长", settings=hunan))[OVERALL]

    made = converted(soffice, tmp_path, "pdf", forms | {f"长-{OVERALL}": long})

    (sheet,) = sheets_of(long)
    pages = [printed_pages(path) for path in made]
    breaks = len(sheet.row_breaks.brk)
    assert breaks
    assert pages == [1, 1, len(sample("S001").tables.projects), breaks + 1]
