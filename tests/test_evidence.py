"""Tests of the files of evidence: there or not, changed or not, and never outside their folder."""

import datetime as dt
import hashlib
import os
import re
import sys
import tracemalloc

import pytest
import yaml
from builders import SCHEMES, made, make_folder, sheet_of, write_csv
from evaluated import indicator
from hypothesis import given, settings
from hypothesis import strategies as st

from selfeval.errors import InputErrors, ParamsError, TableError
from selfeval.schemes.checks import load_checks
from selfeval.tables import load_tables
from selfeval.tables.own_form.evidence import (
    evidence_folder,
    file_states,
    inner_path,
    record_hashes,
    unnamed_files,
)
from selfeval.tables.rows import Material
from selfeval.unit import load_folder
from selfeval.unit.hashes import EVIDENCE_FILE, RecordedHash, load_recorded, recorded_text

links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
LINE = "2021年阅读推广活动签到2680人次\n".encode()
RIGHT = hashlib.sha256(LINE).hexdigest()
WRONG = "0" * 64
SYSTEM_FILES = load_checks(SCHEMES).listed("system_files", 2021)
DAY = dt.date(2022, 4, 20)
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters='/\\:*?"<>|'),
    min_size=1,
    max_size=20,
).filter(lambda name: name.strip(" .") and not name.startswith((".", "~$")))


def row(name="签到.txt", sha256=""):
    """Return a row of the ledger as it is read from its sheet."""
    place = {"file": "表.xlsx", "sheet": "佐证材料", "cells": (("evidence_file", "C3"),)}
    return made(Material, indicator_name="场次", evidence_file=name, sha256=sha256, **place)


@pytest.fixture
def folder(tmp_path):
    """A unit's folder with one file of evidence."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "签到.txt").write_bytes(LINE)
    return tmp_path


def states(folder, *rows, recorded=None):
    """Return the rows with the states of their files; none may be refused."""
    found = list(file_states(rows, folder, recorded or {}))
    assert not any(isinstance(one, TableError) for one in found), found
    return found


def refused(folder, name):
    """Return what is said of a file that is not looked at."""
    (found,) = file_states([row(name)], folder, {})
    assert isinstance(found, TableError), found
    assert found.place == "表.xlsx › 佐证材料 › C3"
    return found.fault


# --- the states --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "in_the_sheet", "recorded", "state"),
    [
        ("签到.txt", RIGHT, None, "present"),
        ("签到.txt", "", RIGHT, "present"),
        ("签到.txt", "", None, "unhashed"),
        ("签到.txt", WRONG, None, "changed"),
        ("签到.txt", "", WRONG, "changed"),
        ("签到.txt", RIGHT, WRONG, "present"),  # the sheet wins
        ("签到.txt", WRONG, RIGHT, "changed"),
        ("没有.txt", "", None, "missing"),
        ("没有.txt", RIGHT, RIGHT, "missing"),
        ("", "", None, "paper"),
    ],
)
def test_the_state_of_a_file_follows_from_the_hash_it_should_have(
    folder, name, in_the_sheet, recorded, state
):
    hashes = {name: RecordedHash(sha256=recorded)} if recorded else {}
    (found,) = states(folder, row(name, in_the_sheet), recorded=hashes)

    assert found.state == state
    assert found.expected_sha256 == (in_the_sheet or recorded or "")


def test_a_file_that_is_there_is_measured_and_hashed(folder):
    (found,) = states(folder, row())

    assert (found.size, found.found_sha256) == (len(LINE), RIGHT)


def test_without_a_folder_every_file_is_missing_and_none_is_unnamed(tmp_path):
    assert [found.state for found in states(tmp_path, row(), row(""))] == ["missing", "paper"]
    assert unnamed_files(tmp_path, []) == ()


def test_a_file_in_a_folder_below_is_found(folder):
    (folder / "evidence" / "培训").mkdir()
    (folder / "evidence" / "培训" / "签到.txt").write_bytes(LINE)

    assert states(folder, row("培训/签到.txt"))[0].found_sha256 == RIGHT


def test_the_folder_may_have_its_chinese_name(folder):
    (folder / "evidence").rename(folder / "佐证材料")

    assert states(folder, row())[0].state == "unhashed"


def test_two_folders_of_evidence_are_refused(folder):
    (folder / "佐证材料").mkdir()

    with pytest.raises(ParamsError, match="有evidence、佐证材料两个文件夹"):
        evidence_folder(folder)


def test_a_large_file_is_hashed_piece_by_piece(folder):
    size = 24 * 2**20
    with (folder / "evidence" / "录像.mp4").open("wb") as file:
        file.truncate(size)
    tracemalloc.start()

    (found,) = states(folder, row("录像.mp4"))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.size, found.found_sha256) == (size, hashlib.sha256(bytes(size)).hexdigest())
    assert peak < size / 8


@settings(max_examples=10)
@given(st.dictionaries(NAMES, st.binary(max_size=40), min_size=1, max_size=4), st.data())
def test_what_was_recorded_is_present_until_it_changes_or_is_renamed(tmp_path_factory, files, data):
    folder = tmp_path_factory.mktemp("unit")
    (folder / "evidence").mkdir()
    for name, content in files.items():
        (folder / "evidence" / name).write_bytes(content)
    rows = states(folder, *(row(name) for name in files))
    text = recorded_text(record_hashes(rows, {}, DAY).files)
    (folder / EVIDENCE_FILE).write_text(text, encoding="utf-8")
    recorded = load_recorded(folder)

    def now():
        again = states(folder, *(row(name) for name in files), recorded=recorded)
        return {found.evidence_file: found.state for found in again}, again

    assert set(now()[0].values()) == {"present"}
    assert unnamed_files(folder, rows) == ()

    one = data.draw(st.sampled_from(sorted(files)))
    path = folder / "evidence" / one
    path.write_bytes(files[one] + b"x")
    assert [name for name, state in now()[0].items() if state != "present"] == [one]
    assert now()[0][one] == "changed"

    path.rename(folder / "evidence" / "改名后的另一个文件名称总共二十一个字以上.txt")
    found, again = now()
    assert found[one] == "missing"
    assert unnamed_files(folder, again) == ("改名后的另一个文件名称总共二十一个字以上.txt",)


# --- never outside -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "tricks"),
    [
        (
            "绝对路径或网址",
            ["/etc/passwd", "//server/share/a", "\\\\server\\share\\a", "\\a", "C:\\a", "c:a",
             "file:///etc/passwd", "https://example.org/a", "a.txt:stream"],
        ),
        (
            "里有“..”或空的一级",
            ["..", "../unit.yaml", "a/../../unit.yaml", "evidence/../unit.yaml", "..\\unit.yaml",
             "a\\..\\..\\b", "./b", "a/./b", "a//b", "a/", "evidence/", ".. /b", "... /b"],
        ),
        ("看不见的字符", ["a\x00b", "a\x07b", "a\x7f"]),
        ("太长", ["甲" * 86]),
    ],
)  # fmt: skip
def test_a_path_that_may_lead_elsewhere_is_refused(why, tricks):
    for trick in tricks:
        with pytest.raises(ValueError, match=re.escape(why)):
            inner_path(trick)


@pytest.mark.parametrize(
    ("typed", "inner"),
    [
        ("签到表（2021年）.pdf", "签到表（2021年）.pdf"),
        ("总结　终稿 2.docx", "总结　终稿 2.docx"),
        ("a..b", "a..b"),
        ("..a/b..", "..a/b.."),
        ("培训\\签到.pdf", "培训/签到.pdf"),
        ("evidence/a.txt", "a.txt"),
        ("evidence/evidence/a.txt", "evidence/a.txt"),
        ("佐证材料\\a.txt", "a.txt"),
        ("evidence", "evidence"),
        ("~/a.txt", "~/a.txt"),
        ("甲" * 85, "甲" * 85),
    ],
)
def test_any_other_path_is_within_the_folder_of_evidence(typed, inner):
    assert inner_path(typed) == inner


@links
@pytest.mark.parametrize(
    ("link", "target", "name"),
    [
        ("密.txt", "../unit.yaml", "密.txt"),
        ("密.txt", "/etc/hostname", "密.txt"),
        ("密.txt", "/没有/这个文件", "密.txt"),
        ("外", "..", "外/unit.yaml"),
        ("外", "/", "外/etc/hostname"),
    ],
)
def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder, link, target, name):
    (folder / "unit.yaml").write_text("x", encoding="utf-8")
    os.symlink(target, folder / "evidence" / link)

    assert refused(folder, name) == f"文件“{name}”是指向佐证材料文件夹以外的链接。"


@links
def test_a_link_to_a_file_inside_is_followed_and_needs_no_row_of_its_own(folder):
    os.symlink("签到.txt", folder / "evidence" / "链接.txt")
    found = states(folder, row("链接.txt"))

    assert found[0].found_sha256 == RIGHT
    assert unnamed_files(folder, found) == ()


@links
def test_a_folder_of_evidence_that_is_a_link_elsewhere_is_refused(tmp_path):
    (tmp_path / "别处").mkdir()
    (tmp_path / "单位").mkdir()
    os.symlink("../别处", tmp_path / "单位" / "evidence")

    with pytest.raises(ParamsError, match="单位/evidence：是指向单位文件夹以外的链接"):
        evidence_folder(tmp_path / "单位")


@links
def test_links_that_go_round_in_a_circle_are_no_file(folder):
    os.symlink("乙", folder / "evidence" / "甲")
    os.symlink("甲", folder / "evidence" / "乙")

    (found,) = file_states([row("甲")], folder, {})

    assert isinstance(found, TableError) or found.state == "missing"


@links
def test_what_is_no_plain_file_is_refused_unopened(folder):
    os.mkfifo(folder / "evidence" / "管道")
    (folder / "evidence" / "子").mkdir()

    assert refused(folder, "管道") == "文件“管道”打不开（不是普通文件）。"
    assert refused(folder, "子") == "文件“子”打不开（是文件夹，不是文件）。"


def test_a_file_that_cannot_be_opened_is_told(folder, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("selfeval.plain_files._at_once", denied)

    assert refused(folder, "签到.txt") == "文件“签到.txt”打不开（没有权限）。"


# --- files no row names ------------------------------------------------------------------------


def test_files_that_no_row_names_are_listed_by_path(folder):
    (folder / "evidence" / "子").mkdir()
    for name in ("子/乙.pdf", "甲.pdf"):
        (folder / "evidence" / name).write_bytes(b"")

    assert unnamed_files(folder, states(folder, row())) == ("子/乙.pdf", "甲.pdf")


def test_what_the_system_or_an_open_document_leaves_is_passed_over(folder):
    (folder / "evidence" / ".git").mkdir()
    for name in (".DS_Store", "~$甲.docx", ".~lock.甲.odt#", "Thumbs.db", ".git/甲"):
        (folder / "evidence" / name).write_bytes(b"")

    assert unnamed_files(folder, states(folder, row()), SYSTEM_FILES) == ()


# --- recording ---------------------------------------------------------------------------------


def recording(folder, *rows, **recorded):
    """Return what is recorded of rows where this was recorded before, a year earlier."""
    before = {
        f"{name}.txt": RecordedHash(sha256=sha256, recorded=DAY.replace(year=2021))
        for name, sha256 in recorded.items()
    }
    return record_hashes(states(folder, *rows, recorded=before), before, DAY)


def test_a_new_file_is_recorded_with_the_date_given(folder):
    made = recording(folder, row())

    assert made.files == {"签到.txt": RecordedHash(sha256=RIGHT, recorded=DAY)}
    assert (made.new, made.changed, made.dropped) == (("签到.txt",), (), ())


def test_a_file_that_did_not_change_keeps_its_date(folder):
    made = recording(folder, row(), 签到=RIGHT)

    assert made.files["签到.txt"].recorded == dt.date(2021, 4, 20)
    assert (made.new, made.changed, made.dropped) == ((), (), ())


def test_a_changed_file_is_recorded_anew_and_named(folder):
    made = recording(folder, row(), 签到=WRONG)

    assert made.files == {"签到.txt": RecordedHash(sha256=RIGHT, recorded=DAY)}
    assert made.changed == ("签到.txt",)


def test_a_missing_file_keeps_its_hash_and_one_no_row_names_is_dropped(folder):
    made = recording(folder, row("没有.txt"), 没有=WRONG, 旧=WRONG)

    assert [*made.files] == ["没有.txt"]
    assert made.dropped == ("旧.txt",)


def test_a_file_that_differs_from_the_sheet_is_not_recorded(folder):
    made = recording(folder, row(sha256=WRONG), row())

    assert (made.files, made.contradicted) == ({}, ("签到.txt",))


def test_a_file_that_differs_from_the_sheet_keeps_what_was_recorded_of_it(folder):
    made = recording(folder, row(sha256=WRONG), 签到="1" * 64)

    assert made.files["签到.txt"].sha256 == "1" * 64
    assert (made.changed, made.dropped) == ((), ())


def test_paper_and_missing_files_have_nothing_to_record(folder):
    assert recording(folder, row(""), row("没有.txt")).files == {}


def test_the_file_of_hashes_is_sorted_by_name_and_tells_dates_only_where_known():
    files = {"乙": RecordedHash(sha256=WRONG), "丁": RecordedHash(sha256=RIGHT, recorded=DAY)}

    _, _, entries = recorded_text(files).partition("\n")

    assert entries == (
        f"files:\n  丁:\n    sha256: {RIGHT}\n    recorded: '2022-04-20'\n"
        f"  乙:\n    sha256: '{WRONG}'\n"
    )


@pytest.mark.parametrize(
    "name", ["123", "yes", "null", "- a", "# a", "{a}", "'a", "甲" * 80, "2021-01-01"]
)
def test_any_name_is_read_back_as_it_was_recorded(tmp_path, name):
    files = {name: RecordedHash(sha256=RIGHT, recorded=DAY)}
    (tmp_path / EVIDENCE_FILE).write_text(recorded_text(files), encoding="utf-8")

    assert load_recorded(tmp_path) == files


def test_more_files_than_can_be_read_again_are_not_written():
    files = {f"{number}.txt": RecordedHash(sha256=RIGHT) for number in range(3000)}

    with pytest.raises(ParamsError, match="文件太多"):
        recorded_text(files)


# --- as part of a unit -------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path):
    """A unit of CSV files whose ledger names one file."""
    folder = make_folder(tmp_path)
    (folder / "evidence").mkdir()
    (folder / "evidence" / "签到.txt").write_bytes(LINE)
    write_csv(folder / "绩效指标.csv", sheet_of("indicators", [indicator()]))
    rows = [{"indicator_name": "培训场次", "material": "签到", "evidence_file": "签到.txt"}]
    write_csv(folder / "佐证材料.csv", sheet_of("evidence", rows))
    return folder


def record(folder, **keys):
    text = yaml.safe_dump({"files": {"签到.txt": keys}}, allow_unicode=True)
    (folder / EVIDENCE_FILE).write_text(text, encoding="utf-8")


def test_recorded_hashes_are_read_with_the_unit(unit):
    assert load_tables(load_folder(unit)).evidence[0].state == "unhashed"
    record(unit, sha256=RIGHT)
    assert load_tables(load_folder(unit)).evidence[0].state == "present"


def test_recorded_hashes_are_among_the_inputs(unit):
    without = load_folder(unit).inputs()
    record(unit, sha256=RIGHT)

    assert set(load_folder(unit).inputs()) - set(without) == {"evidence.yaml"}


@pytest.mark.parametrize(
    "keys", [{"sha256": RIGHT[:-1]}, {"sha": RIGHT}, {"sha256": RIGHT, "recorded": "4月"}]
)
def test_recorded_hashes_that_are_none_refuse_the_unit(unit, keys):
    record(unit, **keys)

    with pytest.raises(ParamsError, match=r"^T001 › evidence.yaml：“files.签到.txt|不认识的键"):
        load_folder(unit)


def test_tables_among_the_evidence_are_not_taken_for_the_units_own(unit):
    (unit / "evidence" / "项目支出.csv").write_bytes(b"\xff\x00 no table")
    (unit / "evidence" / "签到.xlsx").write_bytes(b"no workbook")
    loaded = load_folder(unit)

    assert [path.name for path in loaded.table_files] == ["佐证材料.csv", "绩效指标.csv"]
    assert load_tables(loaded).unnamed_evidence == ("签到.xlsx", "项目支出.csv")


@links
def test_a_unit_whose_ledger_names_a_link_elsewhere_is_refused_with_the_cell(unit):
    (unit / "evidence" / "签到.txt").unlink()
    os.symlink("../unit.yaml", unit / "evidence" / "签到.txt")

    with pytest.raises((TableError, InputErrors)) as caught:
        load_tables(load_folder(unit))

    assert str(caught.value).startswith("T001 › 佐证材料.csv › 佐证材料 › C3：文件“签到.txt”是指向")
