"""Tests of the relations as data: how they are written, and what is compared by them."""

import pytest
from builders import SCHEMES
from reconciled import RELATIONS

from selfeval.errors import ParamsError
from selfeval.schemes.agree import load_relations
from selfeval.schemes.evaluation_forms import form_columns as form_columns
from selfeval.schemes.evaluation_forms import form_items as form_items
from selfeval.schemes.relations import Address, Relations, Source, parse_address
from selfeval.strict import parse_model

SOURCE = {"reference": "某表", "verified": True, "effective": "2015-01-01"}


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
    data = SOURCE | {"rule": "I1", "whole": "t/b/i", "parts": []}

    with pytest.raises(ParamsError, match="至少 1 项的清单"):
        parse_model(type(RELATIONS.totals[0]), data, "x.yaml")


def test_two_numbers_are_compared_by_an_identity_where_one_stands_for_the_other_alone():
    left, right = (parse_address(f"t/{name}/x") for name in ("a", "b"))
    data = SOURCE | {"rule": "I1", "whole": "t/a/x"}

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
