"""Tests of the relations as data: every number they name exists, every rule has its check."""

import itertools

import pytest
from builders import SCHEMES
from official_tables import LAYOUTS
from reconciled import IDENTITIES, RELATIONS

from selfeval.checks import RULES
from selfeval.errors import ParamsError
from selfeval.schemes.checks import load_checks
from selfeval.schemes.evaluation_forms import form_columns as form_columns
from selfeval.schemes.evaluation_forms import form_items as form_items
from selfeval.schemes.layouts import columns_of, items_of
from selfeval.schemes.relations import (
    Address,
    EitherBlock,
    Relations,
    Source,
    addresses,
    load_relations,
    parse_address,
)
from selfeval.strict import parse_model
from selfeval.terms import BLOCKS


def producible():
    """Return for each table what the layouts can read: blocks, items, funds; "*" is any name."""
    found = {}
    for table, panels in LAYOUTS.tables:
        for panel in panels:
            items = {item.item for item in items_of(panel)}
            if panel.rows in ("codes", "names", "single"):
                items.add("total")
            if panel.rows == "names":
                items.add("*")
            if panel.rows == "codes" or panel.classes:
                items.add("code")
            blocks = {item.block for item in items_of(panel)} - {""}
            for column in columns_of(panel):
                own = {column.item} if column.item else items
                for block in {column.block or panel.block, *blocks}:
                    found.setdefault(table.table, set()).update(
                        (block, item, column.fund) for item in own
                    )
    for form in LAYOUTS.forms.forms:
        for band in form.bands:
            rows = form_items(band.items)
            for column in form_columns(band):
                names = {(row.block, row.item, row.fund) for row in rows}
                names |= {(row.opens, "*", "") for row in rows if row.opens}
                names |= {(row.block, row.item, column.fund) for row in rows}
                names |= {("", "*", column.fund), ("", "total", column.fund)}
                found.setdefault(band.table, set()).update(
                    (block or column.block or band.block, item, fund) for block, item, fund in names
                )
        for row in form_items(form.labels):
            item = "total" if form.project else row.item  # its rows are of the one project
            found.setdefault(row.table or form.labels_table, set()).add((row.block, item, row.fund))
    return found


def named():
    """Return every address of the relations."""
    totals = [at for t in RELATIONS.totals for at in (t.whole, t.has, t.needs, t.unless) if at]
    totals += [at for t in RELATIONS.totals for at in addresses(t.parts)]
    limits = [at for limit in RELATIONS.limits for at in addresses((limit.whole, *limit.parts))]
    pairs = [at for same in RELATIONS.items for at in (same.left, same.right)]
    empty = [at for one in RELATIONS.empty for at in (one.fund, one.spent)]
    lines = [
        at
        for sources in RELATIONS.lines.values()
        for s in sources
        for at in (*([s.at] if s.at else []), *s.sum, *(at for group in s.same for at in group))
    ]
    return [*totals, *limits, *pairs, *empty, *lines]


def blocks_of(row):
    """Return the columns of a relation of rows, its whole first."""
    parts = (row.whole, *row.parts, *row.less, *([row.needs] if row.needs else []))
    return [
        block
        for part in parts
        for block in (itertools.chain(*part.either) if isinstance(part, EitherBlock) else [part])
    ]


def items_in(column, held):
    """Return the items that a layout may have in a column, "block" or "block@fund"."""
    block, _, fund = column.partition("@")
    return {item for own, item, of in held if (own, of) == (block, fund)}


def is_known(address, tables):
    """Return whether some layout can read what an address names."""
    held = tables.get(address.table, set())
    blocks = {(block, fund) for block, _, fund in held}
    if (address.block, address.fund) not in blocks:
        return False
    items = {item for block, item, fund in held if (block, fund) == (address.block, address.fund)}
    if address.item in ("", "others") or address.item in items:
        return True
    return (address.item in ("classes", "economic") or address.item.isdecimal()) and "code" in items


def test_every_number_the_relations_name_can_be_read_by_some_layout():
    tables = producible()

    unknown = [at for at in named() if not is_known(at, tables)]

    assert unknown == []


def test_the_columns_of_a_relation_of_rows_stand_in_the_same_rows():
    tables = producible()

    apart = [
        (row.table, block)
        for row in RELATIONS.rows
        for block in blocks_of(row)
        if not items_in(row.whole, tables[row.table]) & items_in(block, tables[row.table])
    ]

    assert apart == []


def test_a_typing_error_in_an_address_would_be_noticed():
    tables = producible()
    sound = Address("final_summary", "revenue", "current_total", "")

    assert is_known(sound, tables)
    for wrong in (
        sound._replace(table="final_sumary"), sound._replace(block="revenues"),
        sound._replace(item="curent_total"), sound._replace(fund="general"),
    ):  # fmt: skip
        assert not is_known(wrong, tables)


def test_every_rule_of_the_relations_is_a_rule_of_the_scheme_and_has_a_check():
    rules = set(RELATIONS.rules())

    assert rules <= set(load_checks(SCHEMES).rules)
    assert rules <= set(RULES)
    assert set(IDENTITIES) <= rules


def test_every_line_is_a_budget_line():
    assert set(RELATIONS.lines) <= set(BLOCKS)


# --- how they are written --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("t/b/i", Address("t", "b", "i", "")),
        ("t/b/i@f", Address("t", "b", "i", "f")),
        ("t/b/i@f#p", Address("t", "b", "i", "f", "p")),
        ("t//i", Address("t", "", "i", "")),
        ("t/b@f", Address("t", "b", "", "f")),
    ],
)
def test_an_address_is_table_block_item_fund_and_phase(text, address):
    assert parse_address(text) == address


def test_a_relation_without_parts_is_refused():
    data = {"rule": "I1", "whole": "t/b/i", "parts": []}

    with pytest.raises(ParamsError, match="至少 1 项的清单"):
        parse_model(type(RELATIONS.totals[0]), data, "x.yaml")


def test_two_numbers_are_compared_by_an_identity_where_one_stands_for_the_other_alone():
    left, right = (parse_address(f"t/{name}/x") for name in ("a", "b"))
    data = {"rule": "I1", "whole": "t/a/x"}

    def compared(*parts):
        total = parse_model(type(RELATIONS.totals[0]), data | {"parts": list(parts)}, "x.yaml")
        return Relations.model_construct(**(dict(RELATIONS) | {"totals": (total,)})).compared

    assert compared("t/b/x") == {frozenset((left, right))}
    assert compared({"either": [["t/c/x", "t/d/x"], ["t/b/x"]]}) == {frozenset((left, right))}
    assert compared("t/b/x", "t/c/x") == frozenset()


def test_a_source_may_be_written_as_its_address_alone():
    assert RELATIONS.lines["basic"][0] == Source(at=parse_address("final_expenditure/basic/total"))


def test_an_unknown_key_of_the_relations_is_refused_by_name(tmp_path):
    folder = tmp_path / "checks"
    folder.mkdir()
    text = (SCHEMES / "checks" / "relations.yaml").read_text(encoding="utf-8")
    (folder / "relations.yaml").write_text(text + "\nlimit: []\n", encoding="utf-8")

    with pytest.raises(ParamsError, match="不认识的键“limit”，是不是“limits”"):
        load_relations(tmp_path)


def test_the_relations_say_where_they_come_from():
    assert isinstance(RELATIONS, Relations)
    assert RELATIONS.reference
