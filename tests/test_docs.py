"""The documents say what the program does: commands, keys, measures, rules, paths."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from printed import HALF_UP

from selfeval.budget.placeholders import _MEASURES, PLACEHOLDER, item_names, resolve
from selfeval.cli import group as cli
from selfeval.evaluation.load import load_unit
from selfeval.folding import fold
from selfeval.page.index import rules_markdown
from selfeval.project import Project
from selfeval.schemes.checks import load_checks
from selfeval.schemes.form import load_form
from selfeval.schemes.loading import scheme_names
from selfeval.tables.own_form.new_unit import new_unit
from selfeval.terms import BLOCKS, EDITIONS, OUTCOMES, SEVERITIES, STAFFING
from selfeval.unit import Explanation, UnitFile
from selfeval.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
SCHEMES = ROOT / "params" / "schemes"
NAMES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md")
READMES = NAMES[:2]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
CHINESE = TEXTS["README.zh-CN.md"]
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
SHOWN = re.compile(
    r"^\$ selfeval (?P<command>(?:check|score|tables|layouts|rules)\b.*)\n"
    r"(?P<lines>(?:(?!\$|```).*\n)+)",
    re.MULTILINE,
)
MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:work|root|tmp|home|usr|srv|mnt)/|[A-Z]:\\Users|file://")


def options() -> list[tuple[str, str]]:
    commands = {"": cli.cli, **cli.cli.commands}
    return [
        (command, option)
        for command, function in commands.items()
        for parameter in function.params
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts
        for option in parameter.opts
    ]


def anchors(text: str) -> set[str]:
    """The anchors a Markdown page gives its headings: lower case, no punctuation, hyphens."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def codes(text: str) -> set[str]:
    return set(CODE.findall(text))


@pytest.mark.parametrize(
    ("command", "lines"),
    [pytest.param(m["command"], m["lines"], id=m["command"])
     for name in READMES for m in SHOWN.finditer(TEXTS[name])],
)  # fmt: skip
def test_the_readmes_show_what_the_commands_print(monkeypatch, command: str, lines: str) -> None:
    monkeypatch.chdir(ROOT)

    printed = CliRunner().invoke(cli.cli, shlex.split(command)).output

    for piece in lines.split("...\n"):
        assert piece in printed


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_is_shown_at_work_in_both_readmes(readme: str, command: str) -> None:
    assert re.search(rf"selfeval {command}\b", TEXTS[readme])


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_in_both_readmes(readme: str, command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", TEXTS[readme])


@pytest.mark.parametrize("name", NAMES)
def test_a_document_names_no_command_that_does_not_exist(name: str) -> None:
    said = set(re.findall(r"(?:^|`|\$ |/|\\)selfeval ([a-z]+)\b", TEXTS[name], re.MULTILINE))

    assert said <= set(cli.cli.commands)


def test_every_make_target_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert targets

    assert [t for t in targets[1].split() if f"make {t}" not in TEXTS["README.md"]] == []


def test_every_make_target_a_document_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = {t for text in TEXTS.values() for t in re.findall(r"(?:`|\$ |    )make ([a-z]+)", text)}

    assert [target for target in said if not re.search(rf"(?m)^{target}:", makefile)] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_exit_code_is_explained_in_both_readmes(readme: str) -> None:
    used = {cli.FINDINGS, cli.REFUSED, cli.SOME_FAILED, cli.LOCKED, cli.STOPPED}
    table = TEXTS[readme].rpartition("Exit code")[2]
    said = {int(code) for code in re.findall(r"(?:^\| |[：；])(\d) ", table, re.MULTILINE)}

    assert used <= said


def test_the_table_of_rules_is_what_the_command_prints() -> None:
    written = (SCHEMES / "RULES.md").read_text(encoding="utf-8")

    assert written == rules_markdown(load_checks(SCHEMES)), "selfeval rules --markdown > RULES.md"


@pytest.mark.parametrize("name", NAMES)
def test_a_document_names_no_rule_that_does_not_exist(name: str) -> None:
    said = set(re.findall(r"\b[A-Z]{3,5}-\d\d\b", TEXTS[name]))

    assert said <= set(load_checks(SCHEMES).rules)


@pytest.mark.parametrize("key", [*UnitFile.model_fields, *Explanation.model_fields])
def test_every_key_of_unit_yaml_is_documented_for_its_filer(key: str) -> None:
    assert f"| `{key}` |" in CHINESE


@pytest.mark.parametrize("kind", ["outlines", "scoring"])
def test_every_outline_and_scoring_profile_is_documented_for_its_filer(kind: str) -> None:
    assert set(scheme_names(SCHEMES, kind)) <= codes(CHINESE)


@pytest.mark.parametrize("measure", sorted(_MEASURES))
def test_every_measure_of_a_placeholder_is_documented_with_an_example(measure: str) -> None:
    assert re.search(rf"\| `{measure}` \| `{{{{[^`]+\.{measure}}}}}` \|", CHINESE)


def test_every_item_a_placeholder_may_name_is_documented() -> None:
    said = {fold(code) for code in codes(CHINESE)}
    names = {fold(name) for name in (*BLOCKS.values(), STAFFING["staff"])}

    assert names - said == set()


def test_every_example_of_a_placeholder_prints_what_the_table_says() -> None:
    evaluation = load_unit(ROOT / "params" / "2021" / "S001")
    names = item_names(evaluation.quantities, evaluation.unit.form)
    rows = re.findall(r"^\| `[^`]+` \| `(\{\{.+?\}\})` \| ([^|（]+)", CHINESE, re.MULTILINE)
    assert len(rows) == len(_MEASURES)

    for example, printed in rows:
        match = PLACEHOLDER.fullmatch(example)
        assert match
        quantity = resolve(match["item"], match["measure"], names, evaluation.quantities)
        assert quantity
        assert HALF_UP.quantity(quantity) == printed.strip(), example


def test_every_sheet_and_column_of_the_form_is_documented_for_its_filer() -> None:
    missing = [
        f"{table.sheet}：{column.heading}"
        for table in load_form(SCHEMES).tables
        for column in table.columns
        if column.heading not in CHINESE or table.sheet not in CHINESE
    ]
    # The heads of the first columns of two sheets: the rows under them are listed instead.
    assert set(missing) <= {"基本支出：支出项目", "三公采购结转：数据项"}


def test_every_outcome_severity_and_edition_is_explained_to_the_reader() -> None:
    words = [*OUTCOMES.values(), *SEVERITIES.values(), *EDITIONS.values()]

    assert [word for word in words if word not in CHINESE] == []


def test_what_a_new_unit_prints_is_what_the_readmes_say(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    folder = new_unit(Project(tmp_path), "U001", 2021, "星桥区档案馆", "wangcheng-2021")

    for name in (path.name for path in folder.iterdir()):
        assert all(name in TEXTS[readme] for readme in READMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_picture_of_a_document_leads_somewhere(name: str) -> None:
    for link in LINK.finditer(TEXTS[name]):
        file, _, anchor = link["target"].partition("#")
        assert "://" not in file, f"{link[0]}: the documents stand on their own"
        assert (ROOT / file).exists(), link[0]
        if anchor:
            text = TEXTS[name] if not file else (ROOT / file).read_text(encoding="utf-8")
            assert anchor in anchors(text), link[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_source_file_a_document_names_exists(name: str) -> None:
    pattern = re.compile(r"(?:selfeval|tests|notebooks|params/schemes)/[\w./*-]*")
    said = {code for code in codes(TEXTS[name]) if pattern.fullmatch(code)}

    assert [path for path in said if not list(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_document_names_a_path_of_one_machine(name: str) -> None:
    assert MACHINE_PATH.findall(TEXTS[name]) == []


def test_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "docs").iterdir()) < 250_000


def test_the_changelog_opens_with_this_version_and_its_scores() -> None:
    heads = re.findall(r"^#+ (.+)$", TEXTS["CHANGELOG.md"], re.MULTILINE)

    assert heads[1].startswith(f"{VERSION} (")
    assert heads[2] == "Scores"
