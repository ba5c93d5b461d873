"""The package as a house: a folder for each stage, and imports only from stages to the left."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "selfeval"
GROUND = [
    "terms",
    "errors",
    "money",
    "folding",
    "project",
    "strict",
    "plain_files",
    "glyphs",
    "style",
    "version",
]
CHAIN = [
    GROUND,
    ["schemes", "sheets"],
    ["unit"],
    ["tables"],
    ["budget"],
    ["indicators"],
    ["evaluation"],
    ["checks"],
    ["scoring"],
    ["page", "annex"],
    ["run"],
    ["cli"],
]
PLACE = {stage: place for place, stages in enumerate(CHAIN) for stage in stages}


def stage_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Return the stages that a module imports from, its own among them."""
    above = path.relative_to(PACKAGE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = above[: len(above) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {".".join([*base, name]).partition(".")[0] for name in names}
    return found


def test_a_stage_imports_only_from_the_stages_before_it():
    modules = [path for path in sorted(PACKAGE.rglob("*.py")) if "_bundled" not in path.parts]
    wrong = [
        f"{path.relative_to(PACKAGE)} -> {other}"
        for path in modules
        if stage_of(path) != "__init__"
        for other in imported(path) - {stage_of(path)}
        if PLACE[other] > PLACE[stage_of(path)]
        or (PLACE[other] == PLACE[stage_of(path)] and other not in GROUND)
    ]

    assert wrong == []
