"""Files → grids of raw cells, as they stand. Imports no pandas: it also runs in a child."""

from .child import read_files
from .grid import Grid, Place
from .limits import Limits

__all__ = ["Grid", "Limits", "Place", "read_files", "read_sheets"]


def __getattr__(name: str) -> object:
    if name != "read_sheets":
        raise AttributeError(name)
    from .files import read_sheets

    return read_sheets
