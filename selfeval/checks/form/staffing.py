"""STAFF-01 to STAFF-03: the sum of the kinds, the authorised posts, and who is outside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...evaluation import Evaluation
from ...evaluation.finding import Verdict
from ...sheets import Place
from ...tables.rows import STAFF_FIELDS, Staff, StaffField
from ...terms import CAPTIONS, NOT_COMPUTABLE, NOT_SUPPLIED, STAFFING
from ..reasons import Reason, noted, people_in


def check_staff_total(case: Evaluation) -> Iterator[Verdict]:
    """STAFF-01: the printed total of staff = the sum of the kinds."""
    kinds = [row for row in case.tables.staffing if not row.is_total]
    for row in case.tables.staffing:
        for field in STAFF_FIELDS if row.is_total else ():
            stated, place = row.count(field), row.place_of(field)
            what = f"在职人员合计的{STAFFING[field]}"
            if stated is None:
                continue
            counted = [persons for kind in kinds if (persons := kind.count(field)) is not None]
            total, blank = sum(counted), _blank_kinds(case, kinds, field)
            # What is not known can only add: a total below the known kinds is wrong anyway.
            if not counted or (blank and total < stated):
                gap = f"{'、'.join(blank)}{NOT_SUPPLIED}" if blank else "没有分类数"
                yield Verdict(
                    outcome="not_computable",
                    message=f"{what}填报{stated}人，{gap}，无法核对。",
                    places=(place,),
                    asks=STAFFING[field],
                    write=tuple(kind.place_of(field) for kind in kinds if kind.kind in blank),
                )
                continue
            same, names = total == stated, "＋".join(kind.kind for kind in kinds)
            tail = "，相符。" if same else f"，相差{abs(total - stated)}人。"
            yield Verdict(
                outcome="pass" if same else "fail",
                message=f"{what}填报{stated}人，{names}为{total}人{tail}",
                places=(place,),
                expected=f"{total}人",
                found=f"{stated}人",
                due=(
                    (place, str(total)),
                    *(
                        (kind.place_of(field), str(persons + stated - total))
                        for kind in kinds
                        if (persons := kind.count(field)) is not None and persons + stated >= total
                    ),
                ),
            )


def _blank_kinds(case: Evaluation, kinds: Sequence[Staff], field: StaffField) -> list[str]:
    """Return the kinds without a number, but for those that have no authorised posts."""
    outside = case.words("outside_establishment") if field == "authorised_posts" else ()
    blank = [row.kind for row in kinds if row.count(field) is None]
    return [kind for kind in blank if not any(word in kind for word in outside)]


def check_authorised_posts(case: Evaluation) -> Iterator[Verdict]:
    """STAFF-02: 编制数 is supplied, and 在职人员控制率 is at most 100 %."""
    rate = case.quantities["staff.staffing_rate"]
    staff = case.tables.staffing
    places = tuple(row.place for row in staff[:1])
    name = STAFFING["staffing_rate"]
    if rate.value is None:
        yield Verdict(
            outcome="not_computable",
            message=f"{name}{NOT_COMPUTABLE}：{rate.missing}。{_remedy(case)}",
            places=places,
            of="ratio.staffing_rate",
            asks=_gaps(case),
            write=tuple(_blanks(case)),
        )
        return
    shown = case.rate(rate.key)
    if rate.value <= 1:
        yield Verdict(
            outcome="pass", message=f"{name}为{shown}，没有超编。", places=places, found=shown
        )
        return
    excess = int(case.quantities["staff.staff_in_post"].value or 0) - int(
        case.quantities["staff.authorised_posts"].value or 0
    )
    told = []
    for row in staff:
        reason = noted(case, "STAFF-02", "staffing", row)
        told.append((row, reason, _covered(case, reason, _excess(row, excess))))
    # The total's remark may speak of the same people as those of the kinds.
    covered = max(
        sum(n for row, _, n in told if row.is_total == is_total) for is_total in (False, True)
    )
    ask = "请在“说明”栏写明各类人员为什么超编、各几人。"
    if covered:
        said = "；".join(f"{row.kind}：“{reason.words}”" for row, reason, n in told if n)
        tail = f"，说明只讲到{covered}人（{said}），还有{excess - covered}人没有说明。{ask}"
    else:
        faults = (reason.fault for _, reason, _ in told if reason.fault)
        tail = f"，{next(faults, f'没有说明原因。{ask}')}"
    held = covered >= excess
    yield Verdict(
        message=f"{name}为{shown}，超过100%，多出{excess}人{'。' if held else tail}",
        places=(*places, *(place for _, reason, _ in told for place in reason.places)),
        expected="不超过100%",
        found=shown,
        explanation="；".join(reason.words for _, reason, n in told if n) if held else "",
        asks="各类人员为什么超编、各几人",
        write=tuple(
            row.place_of("note") for row in staff if not row.is_total and _excess(row, excess) > 0
        ),
        people=excess - covered,
    )


def _excess(row: Staff, whole: int) -> int:
    """Return by how many people a row is above its posts; all of its own where it has none."""
    if row.is_total:
        return whole
    people, posts = row.staff_in_post, row.authorised_posts
    return 0 if people is None else people - (posts or 0)


def _covered(case: Evaluation, reason: Reason, excess: int) -> int:
    """Return how many people a row's remark excuses: those it speaks of, of its own row."""
    spoken = people_in(case, reason.words) if reason.holds else 0
    return max(excess if spoken is None else min(spoken, excess), 0)


def _blanks(case: Evaluation) -> Iterator[Place]:
    """Yield the cells that would give the numbers that are missing, the printed total's among them.

    Kinds that have no authorised posts may stay blank where a total is printed.
    """
    for field in STAFF_FIELDS:
        if case.quantities[f"staff.{field}"].value is not None:
            continue
        kinds = [row for row in case.tables.staffing if not row.is_total]
        totals = [row for row in case.tables.staffing if row.is_total]
        due = _blank_kinds(case, kinds, field) if totals else [row.kind for row in kinds]
        rows = [row for row in kinds if row.kind in due and row.state(field) == "blank"]
        yield from (row.place_of(field) for row in (*rows, *totals))


def _remedy(case: Evaluation) -> str:
    gaps = _gaps(case)
    return f"请补填各类人员的{gaps}。" if gaps else ""


def _gaps(case: Evaluation) -> str:
    unknown = (f for f in STAFF_FIELDS if case.quantities[f"staff.{f}"].value is None)
    return "、".join(STAFFING[field] for field in unknown)


def check_outside_establishment(case: Evaluation) -> Iterator[Verdict]:
    """STAFF-03: staff outside the establishment counted as staff in post."""
    words = case.words("outside_establishment")
    counted = [
        (row, row.staff_in_post)
        for row in case.tables.staffing
        if not row.is_total and row.staff_in_post and any(word in row.kind for word in words)
    ]
    total = case.quantities["staff.staff_in_post"]
    if not counted or total.value is None:
        return
    people = sum(persons for _, persons in counted)
    names = "、".join(f"{row.kind}{persons}人" for row, persons in counted)
    reasons = [noted(case, "STAFF-03", "staffing", row) for row, _ in counted]
    bare = [
        row.kind
        for (row, persons), reason in zip(counted, reasons, strict=True)
        if _covered(case, reason, persons) < persons
    ]
    of = "、".join(bare) if len(bare) < len(counted) else ""
    posts = f"{STAFFING['authorised_posts']}以机构编制部门核定为准"
    ask = f"请说明{of}口径是否与部门决算一致（{posts}）。"
    faults = "".join(dict.fromkeys(reason.fault for reason in reasons))
    inside = int(total.value) - people
    yield Verdict(
        message=f"{CAPTIONS['staffing']}{int(total.value)}人中含{names}，编制内为{inside}人。"
        + (f"{faults}{ask}" if bare else ""),
        places=tuple(row.place_of("staff_in_post") for row, _ in counted),
        item=CAPTIONS["staffing"],
        explanation="" if bare else "；".join(dict.fromkeys(reason.words for reason in reasons)),
    )
