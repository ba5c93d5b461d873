"""Files → grids of raw cells, as they stand. Imports no pandas: it also runs in a child."""

from .child import read_files
from .grid import Grid, Place, column_letters
from .limits import Limits

__all__ = ["Grid", "Limits", "Place", "column_letters", "read_files"]
