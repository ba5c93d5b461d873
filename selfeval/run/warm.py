"""What the process has ready from which each unit's is forked; it starts no thread.

It is imported there and nowhere else.
"""

from __future__ import annotations

import gc
from importlib import import_module

from .making import without_grammar

_READY = (
    *("pandas", "selfeval.annex", "selfeval.evaluation.load", "selfeval.checks"),
    *("selfeval.scoring.score", "selfeval.page.parts", "selfeval.sheets.worker"),
    *("selfeval.run.notebook", "selfeval.run.report", "selfeval.run.own_page"),
)

without_grammar()
for _name in _READY:
    import_module(_name)

import_module("selfeval.run.engine").warm_shell()

# What is there now is shared by all that are forked, as long as nobody writes to it.
gc.freeze()
