"""EVID-01 to EVID-07: the ledger of evidence against its files, its indicators and its year."""

from __future__ import annotations

from collections.abc import Iterator

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...evaluation.missing import form_place
from ...evaluation.rows import is_satisfaction
from ...folding import fold
from ...sheets import Place
from ...tables.own_form.evidence import shortened
from ...tables.rows import Material
from ...unit.hashes import EVIDENCE_FILE
from .questionnaires import Questionnaires, questionnaires

_MOST_NAMED = 6


def _rows(case: Evaluation, *states: str) -> list[Material]:
    """Return the rows of the ledger, those in some states or all."""
    return [row for row in case.tables.evidence if not states or row.state in states]


def check_files_present(case: Evaluation) -> Iterator[Verdict]:
    """EVID-01: each file the ledger names is there."""
    missing = _rows(case, "missing")
    for row in missing:
        yield Verdict(
            message=f"“{row.indicator_name}”的佐证文件“{row.evidence_file}”不在佐证材料文件夹里。"
            "请补上文件；改了名的，请改台账；只有纸质材料的，请清空文件一栏。",
            places=(row.place,),
            item=row.evidence_file,
        )
    there = _rows(case, "present", "changed", "unhashed")
    if there and not missing:
        yield Verdict(outcome="pass", message=f"台账写到的{len(there)}份文件都在。")


def check_files_unchanged(case: Evaluation) -> Iterator[Verdict]:
    """EVID-02: each file's hash is the one recorded; where none was, that is said."""
    for row in _rows(case, "changed"):
        expected, found = row.expected_sha256, row.found_sha256
        where, remedy = (
            EVIDENCE_FILE,
            f"请运行 selfeval evidence {case.unit.code} --record 重新记录",
        )
        if row.sha256:
            where = case.unit.form.heading("evidence")
            remedy = f"请改正“{where}”表里的校验值"
        yield Verdict(
            message=f"“{row.indicator_name}”的佐证文件“{row.evidence_file}”与记录的校验值不同，"
            f"记录之后改动过。确需改动的，{remedy}；不该改动的，请换回原来的文件。",
            places=(row.place,),
            expected=f"{shortened(expected)}…（{where}）",
            found=f"{shortened(found)}…",
            item=row.evidence_file,
        )
    unknown = _rows(case, "unhashed")
    if unknown:
        yield Verdict(
            outcome="not_computable",
            message=f"{len(unknown)}份佐证文件没有记录校验值，看不出以后有没有改动。"
            f"请运行 selfeval evidence {case.unit.code} --record 记录。",
            places=tuple(row.place for row in unknown),
        )
    same = _rows(case, "present")
    if same:
        yield Verdict(outcome="pass", message=f"{len(same)}份佐证文件与记录的校验值相同。")


def _surveys(case: Evaluation) -> Iterator[tuple[str, Questionnaires]]:
    """Yield each indicator of satisfaction that the ledger has materials of."""
    for row in case.tables.indicators:
        if is_satisfaction(case, row):
            rests = questionnaires(case, row)
            if rests.rows:
                yield row.indicator_name, rests


def check_samples(case: Evaluation) -> Iterator[Verdict]:
    """EVID-03: satisfaction says how many were asked; never more answered than were asked.

    The degree is ``no_sample`` where nothing says how many answered either. What is no survey at
    all is told by LINT-10.
    """
    sound = 0
    for name, rests in _surveys(case):
        if rests.excuse and not rests.is_named:
            continue
        only_answers = all(row.sample_size is None for row in rests.rows) and any(
            row.recovered is not None for row in rests.rows
        )
        if rests.is_counted and not only_answers:
            sound += 1
            continue
        heading = case.unit.form.heading("evidence", "sample_size")
        yield Verdict(
            message=f"满意度指标“{name}”的佐证材料没有写明{heading}。",
            places=tuple(row.place for row in rests.rows),
            item=name,
            degree="" if only_answers else "no_sample",
        )
    for row in _rows(case):
        sent, recovered = row.sample_size, row.recovered
        if sent is None or recovered is None or recovered <= sent:
            continue
        yield Verdict(
            message=f"“{row.indicator_name}”的问卷收回{recovered}份，多于发放的{sent}份，请更正。",
            places=(row.place,),
            expected=f"不超过{sent}份",
            found=f"{recovered}份",
            item=row.indicator_name,
        )
    if sound:
        yield Verdict(outcome="pass", message=f"{sound}项满意度指标写明了问卷份数。")


def check_sample_sizes(case: Evaluation) -> Iterator[Verdict]:
    """EVID-07: a survey of satisfaction is not too small to tell much."""
    least = case.threshold("smallest_sample")
    for name, rests in _surveys(case):
        for row in rests.rows:
            counted = row.sample_size if row.recovered is None else row.recovered
            if counted is None or counted >= least:
                continue
            yield Verdict(
                message=f"“{name}”的问卷只有{counted}份，少于{least}份，样本偏少。"
                "服务对象本来就少的，请说明共有多少。",
                places=(row.place,),
                expected=f"不少于{least}份",
                found=f"{counted}份",
                item=name,
            )


def check_every_indicator(case: Evaluation) -> Iterator[Verdict]:
    """EVID-04: where a ledger is kept, each indicator has a row in it.

    One that names no evidence in its own row either is told by IND-04.
    """
    rows = case.tables.indicators
    if not case.ledger or not rows:
        return
    absent = [row for row in rows if fold(row.indicator_name) not in case.ledger]
    for row in absent:
        if not row.evidence:
            continue
        yield Verdict(
            message=f"“{row.indicator_name}”在佐证材料台账里没有材料，其他指标有。",
            places=(row.place,),
            item=row.indicator_name,
        )
    if not absent:
        yield Verdict(outcome="pass", message=f"{len(rows)}项指标在台账里都有材料。")


def check_dates(case: Evaluation) -> Iterator[Verdict]:
    """EVID-05: the material is of the report's year, or of the time the report was made."""
    month, day = divmod(int(case.threshold("latest_evidence_day")), 100)
    first, last = f"{case.unit.year}-01-01", f"{case.unit.year + 1}-{month:02d}-{day:02d}"
    inside = 0
    for row in _rows(case):
        date = row.date
        if not date:
            continue
        # A date of a year or a month alone is all of its days.
        earliest, latest = (date + tail[len(date) - 4 :] for tail in ("-01-01", "-12-31"))
        if earliest <= last and latest >= first:
            inside += 1
            continue
        when = "早于报告年度" if latest < first else "报告年度结束已久"
        yield Verdict(
            message=f"“{row.indicator_name}”的材料“{row.material}”日期是{date}，{when}。"
            "请核对日期；确是本年度依据的，请说明。",
            places=(row.place,),
            expected=f"{first} 至 {last}",
            found=date,
            item=row.material,
        )
    if inside:
        yield Verdict(outcome="pass", message=f"{inside}份材料的日期与报告年度相符。")


def check_unnamed_files(case: Evaluation) -> Iterator[Verdict]:
    """EVID-06: each file in the folder of evidence is named in the ledger, if one is kept."""
    files = case.tables.unnamed_evidence
    if files and "evidence" in case.tables.present:
        named = "、".join(f"“{name}”" for name in files[:_MOST_NAMED])
        more = "等" if len(files) > _MOST_NAMED else ""
        yield Verdict(
            message=f"佐证材料文件夹里有{len(files)}份文件台账没有写到：{named}{more}。"
            "请在台账补一行；用不上的，请移走。",
            write=tuple(
                Place(own.file, case.unit.form.heading("evidence")) for own in form_place(case)
            ),
        )
