"""What the process does that units are forked from, before there is any."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REHEARSED = """
from pathlib import Path
from selfeval.run import warm
from selfeval.run.report import evaluated
folder = warm._unit_of_examples(Path.cwd())
print(*sorted({finding.code for finding in evaluated(folder).all_findings}))
"""


def test_the_unit_of_the_rehearsal_can_be_read_and_its_text_is_looked_through(
    tmp_path: Path,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", REHEARSED], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert ran.stderr == ""
    assert {"TEXT-08", "TEXT-09", "TEXT-24", "TEXT-25"} <= {*ran.stdout.split()}
