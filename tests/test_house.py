"""The tree is the flow: a stage imports from its left, and one word has one meaning."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from conftest import ROOT
from import_graph import circles, module_graph, modules

MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
(CHAIN,) = re.findall(r"^ground → .*", MAP, re.MULTILINE)
(BASEMENT,) = re.findall(r"^\| (`.*) \| the ground:", MAP, re.MULTILINE)
STEPS = [step.split(", ") for step in CHAIN.split(" → ")]
STEP = {stage: number for number, step in enumerate(STEPS) for stage in step}
GROUND = {name.strip("`") for name in BASEMENT.split()}


def stage_of(module: str) -> str:
    """Return the stage a module belongs to; "" for the front door, which belongs to none."""
    room = module.split(".")[0]
    return "ground" if room in GROUND else room.replace("__main__", "")


def test_a_stage_imports_only_from_the_stages_before_it() -> None:
    wrong = [
        f"{module} -> {other}"
        for module, others in module_graph().items()
        for other in sorted(others)
        if (here := stage_of(module)) != (there := stage_of(other))
        and here
        and not (there and STEP.get(there, 99) < STEP.get(here, 99))
    ]

    assert wrong == [], "\n".join(wrong)


def test_the_rooms_are_the_stages_of_the_map() -> None:
    assert {stage_of(module) for module in modules()} - {""} == {*STEP}


def test_no_module_is_needed_by_what_it_needs() -> None:
    assert circles(module_graph()) == []


def second_owners(*kinds: type[ast.AST]) -> list[str]:
    """Return the names that several modules define at their top, each with its modules."""
    owners: dict[str, list[str]] = defaultdict(list)
    for module, path in modules().items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in {node.name for node in tree.body if isinstance(node, kinds)}:
            if not (name.startswith("_") and ast.FunctionDef in kinds):
                owners[name.lstrip("_")].append(module)
    return [
        f"{name}: {', '.join(modules)}"
        for name, modules in sorted(owners.items())
        if len(modules) > 1
    ]


def test_a_class_has_one_owner_be_it_public_or_not() -> None:
    found = second_owners(ast.ClassDef)

    assert found == [], "\n".join(found)


def test_a_public_function_has_one_owner() -> None:
    found = second_owners(ast.FunctionDef, ast.AsyncFunctionDef)

    assert found == [], "\n".join(found)
