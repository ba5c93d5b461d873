"""Tests of the work list: whoever writes what it asks for has no finding left, and met no new."""

import re
import shutil
from fractions import Fraction

import pytest
import yaml
from evaluated import PARAMS, sample
from openpyxl import load_workbook

from selfeval.checks import check
from selfeval.evaluation.load import load_unit
from selfeval.scoring.score import score
from selfeval.scoring.work_list import is_cell, named, work_list

FORM = "填报.xlsx"
REASON = "年中追加监测任务，经财政批准追加（星财预〔2021〕12号）"


class Desk:
    """A copy of a sample unit, and its accountant who writes into cells, texts and unit.yaml."""

    def __init__(self, tmp_path, code):
        self.folder = tmp_path / "params" / "2021" / code
        shutil.copytree(PARAMS / "2021" / code, self.folder)

    def evaluated(self):
        return score(check(load_unit(self.folder)))

    def write(self, cells):
        book = load_workbook(self.folder / FORM)
        for (sheet, cell), value in cells.items():
            book[sheet][cell] = value
        book.save(self.folder / FORM)

    def read(self, sheet, cell):
        return load_workbook(self.folder / FORM, data_only=True)[sheet][cell].value

    def settle(self, **keys):
        path = self.folder / "unit.yaml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
        path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")

    def retype(self, old, new):
        path = self.folder / "narrative.md"
        told = path.read_text(encoding="utf-8")
        assert old in told
        path.write_text(told.replace(old, new), encoding="utf-8")

    def follow(self, case):
        """Write what the list of a unit asks for, whatever stands there."""
        cells, explanations = {}, []
        for task in work_list(case).items:
            for own in task.entries:
                right = re.search(r"应为([^（；]+)", own.write)
                if own.place.file == "unit.yaml" and own.place.sheet:
                    line = own.place.cell.replace("text: ", f'text: "{REASON}"')
                    explanations += yaml.safe_load(line)
                elif is_cell(own.place):
                    value = right[1] if right else answer(own.write)
                    cells[own.place.sheet, own.place.cell] = value
                elif right:
                    self.retype(own.now, right[1])
                elif own.place.sheet == "绩效指标":  # an indicator that nobody said of what it is
                    cells["绩效指标", "L9"] = task.subjects[0]
                else:
                    pytest.fail(f"nobody knows what to write: {own}")
        self.write(cells)
        if explanations:
            self.settle(explanations=explanations)


def answer(asked):
    """Return what an accountant writes where no number is told."""
    if "改进" in asked:
        return f"{REASON}，下一步完善工作计划"
    if "调减" in asked:
        return "按照压减要求调减，经财政批准（星财预〔2021〕22号）"
    if "数" in asked and "原因" not in asked:
        return "办公室" if "责任" in asked else 0
    return REASON


def left(case):
    return [(f.code, f.item) for f in case.all_findings if f.waits]


def test_the_list_names_the_cell_what_stands_there_and_what_to_write():
    todo = work_list(sample("S004"))

    first = todo.items[0]
    (entry,) = first.entries
    assert named(sample("S004"), entry.place) == "基本支出!H6"
    assert (entry.now, entry.write) == ("", "追加82.32万元的原因和批准文号")
    assert (first.subjects, first.codes) == (("人员经费",), ("EXEC-03",))
    assert first.otherwise == (
        "F6（调整后预算数）写错的，一起改基本支出!F6、E6、F8、E8；三公采购结转!D18、E15",
    )
    assert (len(todo.places), len(todo.findings)) == (10, 11)
    assert [finding.item for finding in todo.following] == ["支出合计"]


def test_reasons_alone_clear_every_finding_at_once(tmp_path):
    desk = Desk(tmp_path, "S004")
    desk.follow(desk.evaluated())

    assert left(desk.evaluated()) == []


def test_numbers_changed_with_what_changes_with_them_clear_every_finding_at_once(tmp_path):
    desk, rows = Desk(tmp_path, "S004"), {}
    todo = work_list(desk.evaluated())
    moved = {}
    for task in todo.items:
        (own,), more = task.entries, 5
        if not is_cell(own.place):
            rows["绩效指标", "L9"] = task.subjects[0]
            continue
        (line,) = task.otherwise
        for where in re.findall(r"([^；改]+)!([A-Z0-9、]+)", line):
            for cell in where[1].split("、"):
                moved[where[0], cell] = moved.get((where[0], cell), 0) + more
        rows[own.place.sheet, own.place.cell] = answer(own.write)
    now = {key: Fraction(str(desk.read(*key))) for key in moved}
    desk.write(rows | {key: float(now[key] + moved[key]) for key in moved})

    assert (len(moved), len(rows)) == (21, 10)
    assert left(desk.evaluated()) == []


def test_explanations_of_the_parts_explain_the_whole(tmp_path):
    desk = Desk(tmp_path, "S004")
    explanations = [
        {"finding": task.codes[0], "item": task.subjects[0], "text": REASON}
        for task in work_list(desk.evaluated()).items
    ]
    desk.settle(explanations=explanations)

    case = desk.evaluated()

    assert len(explanations) == 10
    assert left(case) == []
    whole = next(f for f in case.all_findings if (f.code, f.item) == ("EXEC-03", "支出合计"))
    assert whole.explanation == REASON


def test_reasons_of_the_parts_may_stand_in_both_places(tmp_path):
    desk = Desk(tmp_path, "S004")
    first, *others = work_list(desk.evaluated()).items
    said = [{"finding": one.codes[0], "item": one.subjects[0], "text": REASON} for one in others]
    desk.settle(explanations=said)
    assert left(desk.evaluated()) == [("EXEC-03", "支出合计"), ("EXEC-03", "人员经费")]
    assert len(work_list(desk.evaluated()).places) == 1

    desk.write({(first.entries[0].place.sheet, first.entries[0].place.cell): REASON})

    assert left(desk.evaluated()) == []


EDITS = {
    "a part of a sum": ("S001", "基本支出!G6", 516.2),
    "a total": ("S001", "三公采购结转!B18", 1042.68),
    "the sum of rows that nobody else sums": ("S001", "三公采购结转!C6", 6.4),
    "a part of a project": ("S001", "项目支出!F9", 37),
    "a number that an official table has too": ("S005", "基本支出!G6", 1),
    "a printed total beside official tables": ("S005", "项目支出!F8", 886),
    "a kind of staff": ("S001", "基本情况!C6", 60),
    "a weight": ("S001", "绩效指标!H6", 12),
    "a self-score": ("S001", "绩效指标!I6", 8),
    "a direction": ("S001", "绩效指标!D6", "≤"),
    "no reason for an adjustment": ("S001", "基本支出!H6", None),
    "a reason that is none": ("S001", "项目支出!H6", "同意"),
    "no cause": ("S001", "绩效指标!J11", None),
    "nobody who does it": ("S001", "问题与措施!D6", None),
    "no measure": ("S001", "问题与措施!C6", None),
}
"""One cell of a sound unit that is changed."""


@pytest.mark.parametrize(("code", "cell", "value"), EDITS.values(), ids=EDITS)
def test_after_any_slip_the_list_is_followed_once(tmp_path, code, cell, value):
    desk = Desk(tmp_path, code)
    desk.write({tuple(cell.split("!")): value})
    case = desk.evaluated()

    desk.follow(case)

    assert left(case) != []
    assert left(desk.evaluated()) == []
    assert set(map(id, work_list(case).findings)) == {id(f) for f in case.all_findings if f.waits}


def test_the_cell_that_is_wrong_is_found_among_those_of_a_sum(tmp_path):
    desk = Desk(tmp_path, "S001")
    desk.write({("项目支出", "F9"): 37})

    (task,) = work_list(desk.evaluated()).items

    assert [(own.place.cell, own.now, own.write) for own in task.entries] == [
        ("F9", "37", "应为24")
    ]
    assert task.codes == ("SUM-03", "SUM-06", "EXEC-05", "EXEC-06")


def test_where_several_cells_may_be_the_wrong_one_all_are_named(tmp_path):
    desk = Desk(tmp_path, "S001")
    desk.write({("三公采购结转", "C6"): 6.4})

    (task,) = work_list(desk.evaluated()).items

    assert task.entries[0].write == "应为3.6"
    assert task.otherwise == (
        "如果C6没有错：三公采购结转!C7应为2.8", "如果C6没有错：三公采购结转!C11应为3.4",
    )  # fmt: skip


def test_what_cannot_be_computed_and_is_mild_is_no_work():
    todo = work_list(sample("S005"))

    assert [finding.code for finding in todo.findings] == ["EXEC-07"]
    assert {f.outcome for f in todo.idle} == {"not_computable"}
    assert len(todo.idle) == 7


@pytest.mark.parametrize("sheet", ["三公采购结转", "绩效指标"])
def test_a_table_that_a_unit_has_not_is_answered_in_its_settings(tmp_path, sheet):
    desk = Desk(tmp_path, "S003")
    own = [own.model_dump() for own in desk.evaluated().unit.settings.explanations]
    own = own if sheet != "绩效指标" else []  # it speaks of an indicator
    desk.settle(explanations=own)
    book = load_workbook(desk.folder / FORM)
    del book[sheet]
    book.save(desk.folder / FORM)
    assert left(desk.evaluated()) == [("FILE-02", sheet)]

    said = {"finding": "FILE-02", "item": sheet, "text": "本单位没有这张表"}
    desk.settle(explanations=[*own, said])

    case = desk.evaluated()
    assert left(case) == []
    assert not case.is_draft


def test_every_finding_of_a_unit_full_of_gaps_has_a_place_to_write_into():
    case = sample("G001")
    todo = work_list(case)

    assert {id(f) for f in todo.findings} == {id(f) for f in case.all_findings if f.waits}
    assert all(own.place.file and own.write for task in todo.items for own in task.entries)


def test_a_unit_full_of_gaps_that_fills_its_list_has_no_finding_left(tmp_path):
    desk = Desk(tmp_path, "G001")
    case = desk.evaluated()
    desk.write(FILLED | {key: desk.read(key[0], f"D{key[1][1:]}") for key in AS_PLANNED})
    own = [f.item for f in case.all_findings if f.waits and f.code == "SECT-02"]
    said = [{"finding": "SECT-02", "item": item, "text": REASON} for item in own]
    desk.settle(signatory="甲", contact="办公室", report_date="2022-04-20", explanations=said)
    desk.retype("减轻企业负担100%", "减轻企业负担")

    asked = {(own.sheet, own.cell) for own in work_list(case).places if is_cell(own)}
    assert asked == {*FILLED, *AS_PLANNED} - {key for key in FILLED if key[0] == "绩效指标"}
    assert left(desk.evaluated()) == []


AS_PLANNED = [
    *(("基本支出", f"{column}{row}") for column in "CFG" for row in (6, 7)),
    *(("项目支出", f"{column}{row}") for column in "CFG" for row in (8, 9, 10, 11, 12)),
    ("项目支出", "C6"),
]
"""Cells that G001 lacks, which are filled with what was planned."""
INDICATORS = [
    ("产出指标", "数量指标", "办结审批事项件数", "≥", 20000, "件", 19000, 50, 47.5,
     "第四季度申报减少", "审批系统办件清单"),
    ("效益指标", "社会效益指标", "网上可办事项比例", "≥", 90, "%", 91, 30, 30, None, "平台统计"),
    ("满意度指标", "服务对象满意度指标", "办事群众满意度", "≥", 90, "%", 92, 10, 10, None,
     "满意度问卷，发放400份，收回386份"),
]  # fmt: skip
FILLED = {
    ("项目支出", "F6"): 1700,
    ("项目支出", "H6"): REASON,
    ("项目支出", "H9"): "按件计酬的服务外包，不属于人员工资",
    ("项目支出", "H10"): "外包给网络公司，不属于人员工资",
    **{("三公采购结转", f"{column}{row}"): 0 for column in "CE" for row in (7, 13, 17, 18)},
    ("三公采购结转", "E15"): 0,
    ("三公采购结转", "E16"): 16.29,
    **{("基本情况", cell): posts for cell, posts in (("B6", 14), ("B10", 14))},
    **{("基本情况", cell): 0 for cell in ("B7", "B8")},
    ("基本情况", "D9"): "政府雇员2人，按财政部门口径计入在职人员",
    ("问题与措施", "A6"): "绩效管理制度尚不完善",
    **{("问题与措施", f"D{row}"): "办公室" for row in (6, 7)},
    **{("问题与措施", f"E{row}"): "2022-06-30" for row in (6, 7)},
    **{("绩效指标", f"{'ABCDEFGHIJK'[n]}{row}"): value
       for row, values in enumerate(INDICATORS, 6) for n, value in enumerate(values)},
}  # fmt: skip
"""What G001's list asks for, filled."""
