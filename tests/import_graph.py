"""The package as a graph of imports: its rooms, floors and arrows.

    python tests/import_graph.py [folder of a package]

A *room* is a folder, or a module that stands alone, at the top of the package. An *arrow* is a
room that imports from another. A *floor* is a step of the longest way along arrows.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "selfeval"
Graph = dict[str, set[str]]


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Return the modules of a package by name, without the package's own: ``checks.sums``."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = [*path.relative_to(package).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        found[".".join(parts)] = path
    return found


def imports(name: str, path: Path, known: Mapping[str, Path], package: str) -> Iterator[str]:
    """Yield the modules of the package that a module imports, anywhere in it."""
    own = [package, *name.split(".")] if name else [package]
    home = own if path.name == "__init__.py" else own[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            origins = [(alias.name, [""]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = home[: len(home) + 1 - node.level] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            origins = [(origin, [alias.name for alias in node.names])]
        else:
            continue
        for origin, names in origins:
            if origin.split(".")[0] == package:
                inner = origin.removeprefix(package).removeprefix(".")
                for one in names:
                    below = f"{inner}.{one}".strip(".")
                    yield below if below in known else inner


def module_graph(package: Path = PACKAGE) -> Graph:
    """Return which modules each module imports."""
    known = modules(package)
    return {
        name: set(imports(name, path, known, package.name)) - {name} for name, path in known.items()
    }


def room_graph(graph: Graph) -> Graph:
    """Return which rooms each room imports from; the package's own module is no room."""
    rooms: Graph = defaultdict(set)
    for name, others in graph.items():
        rooms[name.split(".")[0]] |= {other.split(".")[0] for other in others}
    return {room: others - {room, ""} for room, others in rooms.items() if room}


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of nodes that reach each other."""
    reached = {node: _reach(node, graph) for node in graph}
    groups = {
        tuple(sorted(other for other in reached[node] if node in reached.get(other, ())))
        for node in graph
    }
    return sorted([*group] for group in groups if group)


def _reach(node: str, graph: Graph) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def floors(graph: Graph) -> list[str]:
    """Return the longest way along arrows, from the top; a circle is walked through once."""
    known: dict[str, list[str]] = {}

    def way(node: str, above: frozenset[str]) -> list[str]:
        if node not in known:
            below = [way(one, above | {node}) for one in sorted(graph[node] - above)]
            known[node] = [node, *max(below, key=len, default=[])]
        return known[node]

    return max((way(node, frozenset()) for node in sorted(graph)), key=len)


def main(package: Path = PACKAGE) -> None:
    """Print the counts, the longest way, and what goes in a circle."""
    whole = module_graph(package)
    for name, graph in (("rooms", room_graph(whole)), ("modules", whole)):
        way = floors(graph)
        arrows = sum(map(len, graph.values()))
        print(f"{len(graph)} {name}, {len(way)} floors, {arrows} arrows")
        print(f"  longest: {' > '.join(way)}")
        for circle in circles(graph):
            print(f"  circle: {' '.join(circle)}")
    texts = [path.read_text(encoding="utf-8") for path in modules(package).values()]
    print(f"{sum(text.count(chr(10)) for text in texts)} lines")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
