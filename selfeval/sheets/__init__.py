"""Files → grids of raw cells, as they stand. Imports no pandas: it also runs in a child."""

from .files import Grid, Place, read_grids, read_sheets

__all__ = ["Grid", "Place", "read_grids", "read_sheets"]
