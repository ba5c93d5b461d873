"""What LibreOffice makes of the fill-in workbook: what it computes, and what it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from annexes import converted, printed_pages, without_results
from builders import FORM
from evaluated import PARAMS

from selfeval.tables.inspection import inspect_files
from selfeval.tables.own_form.workbook import FORM_FILE, write_form

CODES = ("S001", "S003", "S004", "S005", "G001")


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The forms of the samples, and one that nobody has filled in yet."""
    blank = tmp_path_factory.mktemp("blank") / FORM_FILE
    write_form(blank, FORM, "测试单位　2021年度")
    paths = {f"{code}.xlsx": PARAMS / "2021" / code / FORM_FILE for code in CODES}
    return {name: path.read_bytes() for name, path in (paths | {"blank.xlsx": blank}).items()}


def read(path: Path) -> list[object]:
    """Return the numbers of a form, of which none may be left unread."""
    (file,) = inspect_files([path], PARAMS / "schemes")
    assert [file.error, *file.unread] == [""]
    return [number.record() for table in file.tables for number in table.held]


@pytest.mark.office
def test_libreoffice_computes_what_is_stored(
    soffice: str, tmp_path: Path, forms: dict[str, bytes]
) -> None:
    bare = {name: without_results(content)[0] for name, content in forms.items()}

    for path in converted(soffice, tmp_path, "xlsx", bare):
        (tmp_path / path.name).write_bytes(forms[path.name])
        assert read(path) == read(tmp_path / path.name)


@pytest.mark.office
def test_each_sheet_of_a_form_prints_on_one_page(
    soffice: str, tmp_path: Path, forms: dict[str, bytes]
) -> None:
    made = converted(soffice, tmp_path, "pdf", forms)

    assert {path.name: printed_pages(path) for path in made} == {
        path.name: 1 + len(FORM.tables) for path in made
    }
