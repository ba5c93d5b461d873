"""The project's own files agree with each other, and its notebooks stay thin."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# Named otherwise on conda-forge than in the Python index.
CONDA_NAMES = {"playwright-python": "playwright", "dask-core": "dask"}
CONDA_ONLY = {"python", "pip"}


def bounds(requirements: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in requirements]
    names = [canonicalize_name(requirement.name) for requirement in parsed]
    assert len(names) == len(set(names)), "a dependency is listed twice"
    return {
        name: str(requirement.specifier) for name, requirement in zip(names, parsed, strict=True)
    }


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def runtime_bounds() -> dict[str, str]:
    return bounds(project()["project"]["dependencies"])


def cluster_bounds() -> dict[str, str]:
    return bounds(project()["project"]["optional-dependencies"]["cluster"])


def declared_bounds() -> dict[str, str]:
    table = project()["project"]
    return bounds(table["dependencies"] + table["optional-dependencies"]["dev"])


def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def pip_section() -> list[str]:
    return next(entry["pip"] for entry in environment()["dependencies"] if isinstance(entry, dict))


def conda_bounds() -> dict[str, str]:
    conda = [entry for entry in environment()["dependencies"] if isinstance(entry, str)]
    pip = [entry for entry in pip_section() if not entry.startswith("-")]
    found = bounds(conda + pip)
    return {CONDA_NAMES.get(name, name): bound for name, bound in found.items()}


def lock_entries(lock: str) -> list[str]:
    """One string for each pin: the requirement and its hashes, joined over the line ends."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def pins(lock: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for entry in lock_entries(lock):
        requirement = Requirement(entry.split(" --hash=")[0].strip())
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def version_of(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


def test_every_dependency_has_a_lower_bound() -> None:
    unbounded = [name for name, bound in declared_bounds().items() if not bound.startswith(">=")]
    assert unbounded == []


def test_environment_yml_has_the_dependencies_and_bounds_of_pyproject_and_no_others() -> None:
    conda = {name: bound for name, bound in conda_bounds().items() if name not in CONDA_ONLY}
    assert conda == declared_bounds()


def test_environment_yml_has_the_python_bound_of_pyproject() -> None:
    assert conda_bounds()["python"] == project()["project"]["requires-python"]


def test_environment_yml_uses_conda_forge_alone_and_installs_this_project() -> None:
    assert environment()["name"] == "selfeval"
    assert environment()["channels"] == ["conda-forge"]
    assert "-e ." in pip_section()


def test_the_dev_extra_has_what_the_build_needs_with_the_same_bound() -> None:
    for name, bound in bounds(project()["build-system"]["requires"]).items():
        assert declared_bounds()[name] == bound


def test_the_dev_extra_has_the_cluster_extra_with_the_same_bounds() -> None:
    assert cluster_bounds().items() <= declared_bounds().items()


@pytest.mark.parametrize("name", sorted(runtime_bounds()))
def test_a_runtime_dependency_is_pinned_within_its_bound_for_runtime(name: str) -> None:
    specifier = Requirement(f"{name}{runtime_bounds()[name]}").specifier
    found = pins("requirements.txt").get(name, [])
    assert found, "not pinned: run make lock"
    assert all(specifier.contains(version_of(pin)) for pin in found)


@pytest.mark.parametrize("name", sorted(declared_bounds()))
def test_a_dependency_is_pinned_within_its_bound_for_development(name: str) -> None:
    specifier = Requirement(f"{name}{declared_bounds()[name]}").specifier
    found = pins("requirements-dev.txt").get(name, [])
    assert found, "not pinned: run make lock"
    assert all(specifier.contains(version_of(pin)) for pin in found)


def test_the_runtime_lock_can_build_the_editable_install_without_fetching_anything() -> None:
    for name in bounds(project()["build-system"]["requires"]):
        assert name in pins("requirements.txt")


def without_marker(entry: str) -> str:
    return re.sub(r" ;.*?(?= --hash|$)", "", " ".join(entry.split()))


def test_the_development_lock_repeats_every_runtime_pin_unchanged() -> None:
    # A package the tests need everywhere has no marker there, where it has one here.
    development = {without_marker(entry) for entry in lock_entries("requirements-dev.txt")}
    runtime = [without_marker(entry) for entry in lock_entries("requirements.txt")]
    assert [entry for entry in runtime if entry not in development] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_one_exact_pin_with_at_least_one_sha256_hash(lock: str) -> None:
    entries = lock_entries(lock)
    pin = re.compile(r"\S+==\S+( ;.*?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert entries
    assert [entry for entry in entries if not pin.fullmatch(entry)] == []


@pytest.mark.parametrize("name", ["pyproject.toml", "environment.yml", *LOCKS])
def test_a_dependency_file_names_no_index_and_no_place_to_find_packages(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").lower()
    forbidden = ("://", "--index", "-index-url", "index_url", "find-links", "find_links", "file:")
    assert [word for word in forbidden if word in text] == []
    assert not re.search(r"(?m)^\s*-[if]\b", text)


def test_the_two_notebooks_are_there() -> None:
    assert {path.name for path in NOTEBOOKS} >= {"report.ipynb", "review.ipynb"}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def python_source(cell: nbformat.NotebookNode) -> str:
    """The cell without IPython's magic and shell lines, which are no Python."""
    lines = cell.source.splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def test_a_notebook_has_exactly_one_cell_tagged_parameters(
    notebook: nbformat.NotebookNode,
) -> None:
    tagged = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert [cell.cell_type for cell in tagged] == ["code"]


def test_a_notebook_carries_no_outputs_and_no_execution_counts(
    notebook: nbformat.NotebookNode,
) -> None:
    assert [c.id for c in code_cells(notebook) if c.outputs or c.execution_count is not None] == []


def test_a_notebook_has_no_code_cell_over_ten_lines(notebook: nbformat.NotebookNode) -> None:
    assert [c.id for c in code_cells(notebook) if len(c.source.splitlines()) > 10] == []


def test_a_notebook_defines_no_functions_and_no_classes(notebook: nbformat.NotebookNode) -> None:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    guilty = [
        cell.id
        for cell in code_cells(notebook)
        if any(isinstance(node, definitions) for node in ast.walk(ast.parse(python_source(cell))))
    ]
    assert guilty == []


def test_every_heading_of_a_notebook_has_a_sentence_under_it(
    notebook: nbformat.NotebookNode,
) -> None:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [text for text in texts if not re.search(r"\A#+ .+\n\n.*。", text)] == []


def test_a_notebook_has_one_parameter_with_a_type_and_a_comment(
    notebook: nbformat.NotebookNode,
) -> None:
    [tagged] = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    assert re.fullmatch(r"\w+: \w+ = \S+  # .+", tagged.source)


def test_a_notebook_uses_no_magic(notebook: nbformat.NotebookNode) -> None:
    lines = [line.lstrip() for c in code_cells(notebook) for line in c.source.splitlines()]
    assert [line for line in lines if line.startswith(("%", "!"))] == []


def test_a_link_of_a_notebook_leads_to_a_file(notebook: nbformat.NotebookNode) -> None:
    texts = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#]+)", texts)
    assert [link for link in links if not (ROOT / "notebooks" / link).is_file()] == []


def imported(folder: str) -> set[str]:
    """Return the distributions a folder's modules import, standard library and own left out."""
    own = {path.stem for path in (ROOT / "tests").glob("*.py")} | {"selfeval", "benchmarks"}
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module).partition(".")[0])
    homes = packages_distributions()
    third = names - own - set(sys.stdlib_module_names)
    return {canonicalize_name(homes[name][0]) for name in third}


def test_whatever_the_package_imports_is_a_declared_dependency():
    # JupyterLab is started, and finds its language by itself.
    assert imported("selfeval") <= {*runtime_bounds(), *cluster_bounds()}
    unused = set(runtime_bounds()) - imported("selfeval")
    assert unused == {"jupyterlab", "jupyterlab-language-pack-zh-cn"}


def test_whatever_the_tests_import_is_a_declared_dependency():
    assert imported("tests") | imported("benchmarks") <= set(declared_bounds())
