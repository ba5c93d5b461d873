"""READ-01 to READ-11, SAME-01, SAME-02, CODE-01, CODE-02: what was read of official tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from string import ascii_uppercase

from ...budget.neighbours import PRIOR_YEAR
from ...evaluation import Evaluation
from ...evaluation.finding import Finding, Outcome, Verdict
from ...money import in_unit
from ...schemes.classifications import Classifications, kind_of, load_classifications
from ...schemes.relations import Relations
from ...sheets import Place
from ...tables.cells import years_in
from ...tables.imprints import BESIDE
from ...tables.official_table import OfficialTable
from ...tables.rows import Amount, half_digit
from ...tables.sources import BETWEEN, line_entries, placed_phase
from ...terms import BLOCKS, PHASES
from ...unit import UNIT_FILE
from ...unit.corrections import Trial
from .labels import Labels, labels_of, shown
from .sums import places

_MOST_SHOWN = 5
_NO_COMPARISON = ("READ", "CODE")
_TOLD = {"pass": "相同", "rounding": "只差四舍五入", "fail": "不同"}


def check_all_recognised(case: Evaluation) -> Iterator[Verdict]:
    """READ-01: every sheet with numbers, in a file of official tables, was recognised."""
    for grid, why in case.tables.reading.strangers:
        yield Verdict(
            message=f"工作表里有数，但没有认出是哪张表：{why}。里面的数没有读取，也没有核对。",
            places=(Place(grid.file, grid.sheet),),
            item=grid.sheet,
        )


def check_all_read(case: Evaluation) -> Iterator[Verdict]:
    """READ-02: every number of a recognised table was understood."""
    reasons: dict[tuple[str, str, str], list[tuple[Place, str]]] = {}
    for unread in case.tables.reading.unread:
        key = (unread.place.file, unread.place.sheet, unread.why)
        reasons.setdefault(key, []).append((unread.place, unread.raw))
    for (_, sheet, why), cells in reasons.items():
        named = "、".join(f"“{raw}”" for _, raw in cells[:_MOST_SHOWN])
        more = f"等{len(cells)}个数" if len(cells) > _MOST_SHOWN else ""
        yield Verdict(
            message=f"{named}{more}没有读懂：{why}。这些数没有参与核对。",
            places=tuple(place for place, _ in cells),
            item=sheet,
        )


def check_unnamed(case: Evaluation) -> Iterator[Verdict]:
    """READ-11: a table whose title says what it is of; the numbers of others stay by themselves."""
    apart = (entry for entry in case.tables.book.entries if entry.is_apart)
    counts = Counter(id(entry.official) for entry in apart if entry.fen is not None)
    for table in case.tables.reading.tables:
        count = counts[id(table)]
        if count:
            yield Verdict(
                message=f"{table.name}：从表名看不出是哪类资金、预算还是决算。它的{count}个数只在本表之内核对，"
                "没有计入任何一类资金，也没有用在报告里。",
                places=(table.place,),
                item=table.name,
            )


def check_budget_words(case: Evaluation) -> Iterator[Verdict]:
    """READ-10: 预算数 of final accounts says whether it is the initial or the adjusted budget."""
    names = {table.layout: table.name for table in case.tables.reading.tables}
    unsaid: dict[str, list[Amount]] = {}
    for entry in case.tables.book.entries:
        if entry.phase == "stated_budget" and entry.fen is not None:
            unsaid.setdefault(entry.layout, []).append(entry)
    for layout, entries in unsaid.items():
        if _is_known_otherwise(case, entries):
            continue
        first = entries[0]
        more = f"等{len(entries)}个数" if len(entries) > 1 else ""
        yield Verdict(
            message=f"{names[layout]}的“预算数”（{shown(first)}{more}）没有注明是年初预算数还是调整后的全年预算数，"
            f"报告列为“{PHASES['stated_budget']}”，不据以计算完成率和执行率。",
            places=places(entries),
            item=names[layout],
        )


def _is_known_otherwise(case: Evaluation, entries: Sequence[Amount]) -> bool:
    """Return whether the budget of each line among some numbers is stated elsewhere."""
    lines = {entry.item_code for entry in entries} & set(case.budget_lines)
    budgets = ("initial_budget", "adjusted_budget")
    return bool(lines) and all(
        any(case.fen(line, phase) is not None for phase in budgets) for line in lines
    )


def check_hidden(case: Evaluation) -> Iterator[Verdict]:
    """READ-03: numbers in hidden rows or columns are read like all others, and told."""
    for grid in case.tables.hidden:
        rows = [f"第 {row + 1} 行" for row in sorted(grid.hidden_rows)]
        columns = [f"第 {column + 1} 列" for column in sorted(grid.hidden_columns)]
        hidden = [*rows, *columns]
        named = "、".join(hidden[:_MOST_SHOWN]) + ("等" if len(hidden) > _MOST_SHOWN else "")
        yield Verdict(
            message=f"隐藏的{named}里有内容，已照常读取。请取消隐藏后核对，不该有的请删去。",
            places=(Place(grid.file, grid.sheet),),
            item=grid.sheet,
        )


def check_table_years(case: Evaluation) -> Iterator[Verdict]:
    """READ-04: official tables are of the report's year, or last year's final accounts."""
    year, held = case.unit.year, _held(case)
    for table in case.tables.reading.tables:
        if table.year in (year, None):
            continue
        numbers = held[id(table)]
        phases = numbers.phases or {placed_phase(table.phase, table, year)} - {""}
        if (not phases or phases & {*PHASES}) and not numbers.indicators:
            continue
        own = f"是{table.year}年度的表"
        if table.year_by == BESIDE:
            own = f"没有写年度，同一文件的表是{table.year}年度的"
        elif table.year not in years_in(table.title):
            own = f"按{table.year_by}是{table.year}年度的表"
        yield Verdict(
            message=f"{table.name}{own}，报告年度是{year}年，它的{numbers.what}没有用在报告里。",
            places=(table.place,),
            expected=f"{year}年度",
            found=f"{table.year}年度",
            item=table.name,
        )


@dataclass
class _Held:
    """What was read of a table: the phases of its numbers, how many those and its rows are."""

    phases: set[str] = field(default_factory=set)
    numbers: int = 0
    indicators: int = 0

    @property
    def what(self) -> str:
        """What of it is spoken of."""
        return "指标" if self.indicators else "数"


def _held(case: Evaluation) -> dict[int, _Held]:
    """Return what was read of each table, by its identity."""
    reading = case.tables.reading
    held = {id(table): _Held() for table in reading.tables}
    for number in reading.numbers:
        own = held.get(id(number.official))
        if own is not None:
            own.phases |= {number.phase} - {""}
            own.numbers += number.has_number
    for row in reading.indicators:
        if id(row.official) in held:
            held[id(row.official)].indicators += 1
    return held


def check_years_known(case: Evaluation) -> Iterator[Verdict]:
    """READ-07: something says of which year each official table is."""
    reading, held = case.tables.reading, _held(case)
    files: dict[str, list[OfficialTable]] = {}
    for table in reading.tables:
        own = held[id(table)]
        # Nothing is made of a table that not even its title tells from others.
        if table.year is None and (table.phase or own.phases or own.indicators):
            files.setdefault(table.file, []).append(table)
    # Of tables saved as CSV each is a file; they are told together.
    text = [file for file, (table, *_) in files.items() if table.sheet == PurePath(file).stem]
    groups = [[file] for file in files if file not in text] + [text] * bool(text)
    for group in groups:
        tables = [table for file in group for table in files[file]]
        yield _undated(case, group, tables, held)


def _undated(
    case: Evaluation,
    files: Sequence[str],
    tables: Sequence[OfficialTable],
    held: Mapping[int, _Held],
) -> Verdict:
    year, first, several = case.unit.year, files[0], len(tables) > 1
    count = sum(held[id(table)].numbers for table in tables)
    rows = sum(held[id(table)].indicators for table in tables)
    whole = not any(t.year for t in case.tables.reading.tables if t.file in files)
    counted = [f"{count}个数"] * bool(count) + [f"{rows}行指标"] * bool(rows)
    unused = f"的{'、'.join(counted)}" if counted else ""
    sheets = dict.fromkeys(t.file if whole else f"{t.file}#{t.sheet}" for t in tables)
    stated = ", ".join(f'"{name}": {year}' for name in sheets)
    rename = f"；也可以把年度写进文件名，例如“{year}年{first}”" if whole else ""
    named = f"{first} " if len(files) == 1 else f"{first} 等{len(files)}个文件"
    return Verdict(
        message=f"{named}里的{_named(tables)}没有写是哪一年的，"
        "标题、表头、日期、工作表名、文件名里都没有。"
        f"{'它们' if several else '它'}{unused}没有用在报告里。"
        f"请在 {UNIT_FILE} 里写上年度，例如 years: {{{stated}}}{rename}。",
        places=tuple(table.place for table in tables),
        item=first,
    )


def check_years_agree(case: Evaluation) -> Iterator[Verdict]:
    """READ-09: all that says the year of an official table says the same."""
    yield from _years_of_form(case)
    groups: dict[tuple[str, tuple[str, ...]], list[OfficialTable]] = {}
    for table in case.tables.reading.tables:
        if table.doubts:
            groups.setdefault((table.file, _alike_doubts(table)), []).append(table)
    for (file, _), tables in groups.items():
        first = tables[0]
        sheets = {table.sheet for table in case.tables.reading.tables if table.file == file}
        name = file if len(sheets) == len({table.sheet for table in tables}) else ""
        stated = f'"{name or f"{file}#{first.sheet}"}": {first.year}'
        yield Verdict(
            message=f"{file} 里的{_named(tables)}年度不一致：{'，'.join(first.doubts)}。"
            f"现在按{first.year}年使用。请核对后改正；改不了的，在 {UNIT_FILE} 里写明，"
            f"例如 years: {{{stated}}}。",
            places=tuple(said.place for table in tables for said in table.years[:1]),
            item=_named(tables),
        )


def _years_of_form(case: Evaluation) -> Iterator[Verdict]:
    for said in case.tables.form_years:
        year = case.unit.year
        yield Verdict(
            message=f"{said.place.file} 里写着“{said.text}”，{UNIT_FILE} 的预算年度是{year}年，"
            "像是照搬了"
            f"别的年度的填报表。里面的数现在按{year}年使用。请逐项核对；核对无误的，把这里改成{year}年度。",
            places=(said.place,),
            expected=f"{year}年度",
            found=f"{said.year}年度",
            item=said.place.file,
        )


def _alike_doubts(table: OfficialTable) -> tuple[str, ...]:
    """Return the years that a table's sources say, in their order."""
    return tuple(f"{said.where}{said.year}" for said in table.years)


def _named(tables: Sequence[OfficialTable]) -> str:
    names = list(dict.fromkeys(table.name for table in tables))
    more = f"等{len(names)}张表" if len(names) > _MOST_SHOWN else ""
    return "、".join(names[:_MOST_SHOWN]) + more


def check_owners(case: Evaluation) -> Iterator[Verdict]:
    """READ-08: the name printed on each official table is the unit's own, or one it declared."""
    reading, own = case.tables.reading, case.unit.name
    counts = {id(table): count for table, count in reading.foreign}
    for (file, name), tables in _by_owner(table for table, _ in reading.foreign).items():
        count = sum(counts[id(table)] for table in tables)
        unused = f"的{count}个数" if count else ""
        yield Verdict(
            message=f"{file} 里的{_named(tables)}印的是“{name}”，不是“{own}”。"
            f"{'它们' if len(tables) > 1 else '它'}{unused}没有使用，也没有核对。"
            f"放错了的，请移走，或写进 {UNIT_FILE} 的 ignore；是本单位的另一个牌子、原名或"
            f'所属单位的，请写进 also_named: ["{name}"]。',
            places=_owner_places(tables),
            expected=own,
            found=name,
            item=name,
        )
    for (file, name), tables in _by_owner(reading.doubtful).items():
        yield Verdict(
            outcome="not_computable",
            message=f"{file} 里的{_named(tables)}印的是“{name}”，像是“{own}”的上级单位，"
            "看不出是不是"
            f"本单位的表。{'它们' if len(tables) > 1 else '它'}的数照常使用。是上级单位的，请移走，"
            f'或写进 {UNIT_FILE} 的 ignore；是本单位的，请写进 also_named: ["{name}"]。',
            places=_owner_places(tables),
            expected=own,
            found=name,
            item=name,
        )
    for said in case.tables.form_owners:
        yield Verdict(
            message=f"{said.place.file} 里写着“{said.name}”，不是“{own}”，"
            "像是照搬了别的单位的填报表。"
            "里面的数现在照常使用。请逐项核对；核对无误的，把这里改成本单位的名称。",
            places=(said.place,),
            expected=own,
            found=said.name,
            item=said.name,
        )
    for said in reading.doubtful_files:
        yield Verdict(
            outcome="not_computable",
            message=f"{said.place.file} 的文件名写的是“{said.name}”，表上没有写是哪个单位的，"
            f"看不出是不是“{own}”的表。它的数照常使用。放错了的，请移走；没有放错的，请改文件名。",
            places=(said.place,),
            expected=own,
            found=said.name,
            item=said.name,
        )


def _by_owner(
    tables: Iterable[OfficialTable],
) -> dict[tuple[str, str], list[OfficialTable]]:
    """Return tables by their file and the name that is printed on them."""
    groups: dict[tuple[str, str], list[OfficialTable]] = {}
    for table in tables:
        assert table.owner is not None
        groups.setdefault((table.file, table.owner.name), []).append(table)
    return groups


def _owner_places(tables: Iterable[OfficialTable]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(table.owner.place for table in tables if table.owner))


def check_corrections(case: Evaluation) -> Iterator[Verdict]:
    """READ-05: each correction of a published source in force is told, with its reason."""
    for place, correction in case.tables.corrected.items():
        if isinstance(correction, Trial):
            continue
        basis = f"依据：{correction.basis}。" if correction.basis else ""
        state = "已向发布单位提出" if correction.status == "reported" else "尚未向发布单位提出"
        yield Verdict(
            outcome="pass",
            message=f"来源中的“{correction.expect}”按“{correction.correct}”使用：{correction.reason}。"
            f"{basis}{state}。来源文件没有改动。",
            places=(place,),
            expected=correction.correct,
            found=correction.expect,
        )


def check_same_quantity(case: Evaluation) -> Iterator[Verdict]:
    """SAME-01: one quantity stated in several places is the same in each."""
    relations = case.tables.relations
    if relations is None:
        return
    labels, forms = labels_of(case, relations), _own_form(case)
    yield from _repeated(case, labels)
    for line in relations.lines:
        for phase in PHASES:
            name = f"{BLOCKS[line]}{PHASES[phase]}"
            for pair in _to_compare(case, relations, forms, (line, phase)):
                yield _same(case, labels, pair, name)


def _to_compare(
    case: Evaluation,
    relations: Relations,
    forms: Mapping[tuple[str, str], Amount],
    of: tuple[str, str],
) -> Iterator[tuple[Amount, Amount]]:
    """Yield the form's number with a table's, and those of tables that no identity compares."""
    found = line_entries(case.tables.book, relations, *of)
    entries = list({entry.place: entry for entry in found}.values())
    if of in forms and entries:
        yield forms[of], entries[0]
    for index, other in enumerate(entries):
        before = entries[:index]
        # Told once: by the identity of two tables, or by what was compared before.
        if before and not any(_alike(other, b, relations) for b in before):
            yield before[0], other


def _alike(one: Amount, other: Amount, relations: Relations) -> bool:
    """Return whether two numbers need no comparison: an identity has it."""
    return frozenset((one.at, other.at)) in relations.compared or one.at == other.at


def _own_form(case: Evaluation) -> dict[tuple[str, str], Amount]:
    """Return what the unit's own form states of each line, beside the official tables."""
    return {
        (amount.item_code, amount.phase): amount
        for amount in case.tables.stated
        if amount.state not in {"blank", "none"}
        and amount.table != PRIOR_YEAR
        and not case.tables.book.has(amount.table)
    }


def _same(case: Evaluation, labels: Labels, pair: tuple[Amount, Amount], name: str) -> Verdict:
    outcome = _outcome(*pair)
    sides = [f"{_where(case, labels, entry)}为{shown(entry)}" for entry in pair]
    message = f"{name}：{'，'.join(sides)}，{_TOLD[outcome]}。"
    own, other = pair
    due: tuple[tuple[Place, str], ...] = ()
    if not case.is_official(own) and other.fen is not None:
        due = ((own.place, in_unit(other.fen, own.amount_unit)),)
    return Verdict(outcome=outcome, message=message, places=places(pair), item=name, due=due)


def _outcome(first: Amount, other: Amount) -> Outcome:
    gap = abs((first.fen or 0) - (other.fen or 0))
    if gap == 0:
        return "pass"
    return "rounding" if gap <= first.half + other.half else "fail"


def _where(case: Evaluation, labels: Labels, entry: Amount) -> str:
    if case.tables.book.has(entry.table):
        return labels.title(entry.table)
    return f"填报表“{case.unit.form.heading(entry.table)}”"


def _repeated(case: Evaluation, labels: Labels) -> Iterator[Verdict]:
    """Compare the numbers of a table that was read twice: pass once, disagreements together."""
    groups: dict[tuple[str, Place, Place, Outcome], list[tuple[Amount, Amount]]] = {}
    for first, *others in case.tables.book.repeated():
        for other in others:
            sheets = (_sheet(first), _sheet(other))
            key = (first.table, *sheets, _outcome(first, other))
            groups.setdefault(key, []).append((first, other))
    for (table, _, _, outcome), pairs in groups.items():
        first, other = pairs[0]
        more = f"等{len(pairs)}个数" if len(pairs) > 1 else ""
        name = labels.full(first)
        message = (
            f"{labels.title(table)}里同一个数读到两次：{name}（{shown(first)}、{shown(other)}）"
            f"{more}{_TOLD[outcome]}。"
        )
        cells = places(entry for pair in pairs for entry in pair)
        yield Verdict(outcome=outcome, message=message, places=cells, item=name)


def check_last_year(case: Evaluation) -> Iterator[Verdict]:
    """SAME-02: a stated 上年决算数 is what last year's folder says was spent."""
    year, phase = case.unit.year - 1, "prior_final_accounts"
    if case.tables.prior_unread:
        yield Verdict(
            outcome="not_computable",
            message=f"{year}年的文件夹没有使用，没有取{PHASES[phase]}，也没有与上年的指标比较："
            f"{case.tables.prior_unread}",
            places=(Place(f"{year}/{case.unit.code}", "", ""),),
        )
    for last in case.tables.prior_spending:
        line = last.item_code
        rows = _stated(case, line, phase)
        if not rows or any(row.table == PRIOR_YEAR for row in rows):
            continue
        stated, spent = sum(row.fen or 0 for row in rows), last.fen or 0
        halves = [
            half_digit(raw, row.amount_unit)
            for row in (last, *rows)
            for raw in row.raw.split(BETWEEN)
        ]
        gap = abs(stated - spent)
        outcome: Outcome = "pass"
        if gap:
            outcome = "rounding" if gap <= sum(halves) else "fail"
        advice = "请核对；上年数后来调整过的，请说明。" if outcome == "fail" else ""
        yield Verdict(
            outcome=outcome,
            message=f"{case.name(line)}{PHASES[phase]}为{case.printer.money(stated)}，{year}年的文件夹里"
            f"{PHASES['executed']}为{case.printer.money(spent)}，{_TOLD[outcome]}。{advice}",
            places=tuple(row.place for row in (*rows, last)),
            expected=case.printer.money(spent),
            found=case.printer.money(stated),
            item=case.name(line),
        )


def _stated(case: Evaluation, line: str, phase: str) -> list[Amount]:
    return case.printed(line, phase) if line in case.budget_lines else []


def _sheet(entry: Amount) -> Place:
    return Place(entry.place.file, entry.place.sheet)


def check_reconciled(case: Evaluation, findings: Sequence[Finding]) -> Iterator[Verdict]:
    """READ-06: every recognised table with numbers took part in at least one check.

    What is read of a table without a title is told by READ-11.
    """
    compared = (f for f in findings if f.outcome != "not_computable")
    used = {p for f in compared if not f.code.startswith(_NO_COMPARISON) for p in f.places}
    numbers = [entry for entry in case.tables.book.entries if entry.fen and not entry.is_apart]
    reconciled = {id(entry.official) for entry in numbers if entry.place in used}
    counts = Counter(id(entry.official) for entry in numbers)
    for table in case.tables.reading.tables:
        count = counts[id(table)]
        if count and id(table) not in reconciled:
            yield Verdict(
                outcome="not_computable",
                message=f"{table.name}有{count}个数，没有一个能与别的数核对。",
                places=(table.place,),
                item=table.name,
            )


def check_codes(case: Evaluation) -> Iterator[Verdict]:
    """CODE-01: codes are in the classification of the year."""
    for lists, entry, year in _codes(case):
        kind = kind_of(entry.item_code)
        if lists.agrees(kind, entry.item_code, entry.item_name, year) is None and lists.exhaustive(
            kind, entry.item_code, year
        ):
            yield Verdict(
                message=f"{_printed(case, entry)}：{year}年的科目里没有编码{entry.item_code}。",
                places=(_row(entry),),
                found=entry.item_code,
                item=entry.item_code,
            )


def check_code_names(case: Evaluation) -> Iterator[Verdict]:
    """CODE-02: codes are named as the classification of the year names them."""
    agreed: list[Amount] = []
    for lists, entry, year in _codes(case):
        kind = kind_of(entry.item_code)
        agrees = lists.agrees(kind, entry.item_code, entry.item_name, year)
        if agrees:
            agreed.append(entry)
        if agrees is not False:
            continue
        name = lists.name(kind, entry.item_code, year) or ""
        # Names nobody has checked against print are no ground for a reproach.
        sure = lists.confirmed(kind, entry.item_code, year)
        yield Verdict(
            outcome="fail" if sure else "not_computable",
            message=f"{_printed(case, entry)}：{year}年编码{entry.item_code}的名称是“{name}”"
            f"{'' if sure else '（这个名称尚待核实）'}。",
            places=(_row(entry),),
            expected=name,
            found=entry.item_name,
            item=entry.item_code,
        )
    if agreed:
        rows = tuple(dict.fromkeys(map(_row, agreed)))
        yield Verdict(outcome="pass", message=f"科目编码与名称：{len(agreed)}处相符。", places=rows)


def _codes(case: Evaluation) -> Iterator[tuple[Classifications, Amount, int]]:
    """Yield each code a table names, once, with the year of the table."""
    entries = case.tables.book.entries
    if not entries:
        return
    lists = load_classifications(case.unit.schemes)
    told: set[tuple[str, str, str, int]] = set()
    for entry in entries:
        if entry.year is None or not entry.has_code or not entry.item_name:
            continue
        key = (entry.table, entry.item_code, entry.item_name, entry.year)
        if key not in told:
            told.add(key)
            yield lists, entry, entry.year


def _row(entry: Amount) -> Place:
    """Return the place of an entry's row: its code and name, not its amount."""
    row = entry.place.cell.lstrip(ascii_uppercase)
    return Place(entry.place.file, entry.place.sheet, f"第 {row} 行")


def _printed(case: Evaluation, entry: Amount) -> str:
    names = {table.layout: table.name for table in case.tables.reading.tables}
    return f"{names.get(entry.layout, entry.layout)}的“{entry.item_code} {entry.item_name}”"
