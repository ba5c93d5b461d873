"""The page's templates and macros: all HTML is in them, and they escape all text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of all templates but nbconvert's."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def macros(name: str) -> Any:
    """Return the macros of a file of templates; each returns what need not be escaped again."""
    return environment().get_template(f"{name}.html.j2").module
