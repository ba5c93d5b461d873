"""What changed in a unit's folder since the last look: numbers, findings, score."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import make_unit
from evaluated import BASIC, COMPLETE, evaluate, sample

from selfeval.lab.watching import Watched, changes, watch
from selfeval.scoring.score import score


def rows(frame: object) -> list[list[str]]:
    return frame.to_numpy().tolist()  # type: ignore[attr-defined, no-any-return]


def test_a_changed_amount_is_told_with_what_follows_from_it(tmp_path: Path) -> None:
    before = score(evaluate(tmp_path, **COMPLETE))
    after = score(before.with_amounts({"人员经费.全年执行数": "95.5"}))

    told = rows(changes(before, after))

    assert ["数额", "人员经费全年执行数", "105.50万元", "95.50万元"] in told
    assert ["数额", "人员经费预算执行率", "95.91%", "86.82%"] in told
    assert [row[1] for row in told if row[0] == "待处理" and row[2] == ""] == ["SUM-01"]


def test_points_that_moved_are_told_line_by_line_and_in_all() -> None:
    before = sample("S001")
    after = score(before.with_indicators({"年到馆人次": {"实际完成值": "16"}}))

    told = [row for row in rows(changes(before, after)) if row[0] == "得分"]

    assert told == [
        ["得分", "年到馆人次", "9.55分", "5.00分"],
        ["得分", "自评得分", "98.37分", "93.82分"],
    ]


def test_each_look_tells_what_changed_since_the_one_before(tmp_path: Path) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    watched = Watched(folder, None)
    assert len(watched.changes) == 0

    make_unit(tmp_path, basic=[BASIC[0] | {"executed": 99}, BASIC[1]])
    first, second = watched.look(), watched.look()

    assert ["数额", "人员经费全年执行数", "105.50万元", "99.00万元"] in rows(first)
    assert rows(second) == []


def test_a_cell_run_again_goes_on_from_its_last_look(tmp_path: Path) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    watch(folder)

    make_unit(tmp_path, basic=[BASIC[0] | {"executed": 99}, BASIC[1]])

    told = rows(watch(folder).changes)
    assert ["数额", "人员经费全年执行数", "105.50万元", "99.00万元"] in told


def test_a_folder_that_cannot_be_read_for_now_says_why_and_keeps_what_was_seen(
    tmp_path: Path,
) -> None:
    folder = make_unit(tmp_path, basic=BASIC)
    watched = Watched(folder, None)
    whole = (folder / "填报.xlsx").read_bytes()

    (folder / "填报.xlsx").write_bytes(b"")
    watched.look()
    trouble = repr(watched)
    (folder / "填报.xlsx").write_bytes(whole)
    watched.look()

    assert "填报.xlsx" in trouble
    assert watched.evaluation is not None
    assert "填报.xlsx" not in repr(watched)


def test_outside_of_a_kernel_what_is_picked_or_watched_is_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from selfeval.lab.picking import pick

    folder = make_unit(tmp_path, basic=BASIC)
    monkeypatch.chdir(tmp_path)

    assert set(pick("T001")._repr_mimebundle_()[0]) == {"text/plain"}
    assert set(watch(folder)._repr_mimebundle_()) == {"text/plain"}
    assert pick().unit == "2021/T001"
