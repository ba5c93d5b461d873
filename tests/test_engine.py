"""A notebook run in a fork comes out as from a kernel, and whatever it does ends there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_notebook

from selfeval.run.engine import ChildLostError, can_fork
from selfeval.run.shell import SHELL_FAILED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks only on Linux")

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}

# Each cell is compared with what it shows in a kernel. After its name may stand a tag.
SHOWING = r"""
# %% print
print('a')
print('b', end='')
# %% standard error
import sys
print('err', file=sys.stderr)
# %% result
1 + 1
# %% silenced result
1 + 1;
# %% display
from IPython.display import HTML, clear_output, display
display(HTML('<b>x</b>'), metadata={'k': 1})
# %% json
display({'application/json': {'a': (1, 2), 3: [None]}}, raw=True)
# %% display id
handle = display('one', display_id='x')
print('between')
# %% update of an earlier cell
handle.update('two')
# %% update
handle.display('three')
handle.update(HTML('four'))
# %% clear
print('gone')
clear_output()
print('stays')
# %% clear later
print('gone')
clear_output(wait=True)
print('stays')
# %% clear never
print('stays')
clear_output(wait=True)
# %% plot
import matplotlib.pyplot as plt
plt.plot([1, 2]);
# %% shown plot
plt.plot([1])
plt.show()
# %% inline plot
%matplotlib inline
plt.plot([2]);
# %% frame
import pandas as pd
pd.DataFrame({'a': [1], 'b': ['é']})
# %% error [raises-exception]
def f():
    return 1 / 0
f()
# %% error in two lines [raises-exception]
raise KeyError('é\nü')
# %% syntax error [raises-exception]
no python
# %% error in repr [raises-exception]
class A:
    def __repr__(self):
        return 1 / 0
A()
# %% exit [raises-exception]
sys.exit(3)
# %% skipped [skip-execution]
print('skipped')
# %% await
import asyncio
await asyncio.sleep(0)
5
# %% error after await [raises-exception]
await asyncio.sleep(0)
1 / 0
# %% running loop
asyncio.get_running_loop().is_running()
# %% command
!echo out; echo err >&2; exit 3
# %% exit code
_exit_code
# %% lines of a command
lines = !echo a
lines
# %% bash
%%bash
echo out; echo err >&2
# %% bash that fails [raises-exception]
%%bash
exit 4
# %% html
%%html
<p>1</p>
# %% capture
%%capture it
print('captured')
display('x')
# %% captured
it.stdout, it.outputs[0].data
# %% input [raises-exception]
input()
# %% getpass [raises-exception]
import getpass
getpass.getpass()
# %% read of nothing
sys.stdin.read()
# %% warning
import warnings
warnings.warn('careful')
# %% deprecation
warnings.warn('old', DeprecationWarning)
# %% logging
import logging
logging.warning('logged')
logging.info('not')
# %% thread
import threading
thread = threading.Thread(target=print, args=('in it',))
thread.start()
thread.join()
# %% module
__name__, '__file__' in globals(), sys.modules['__main__'].f is f
# %% history
In[3], _oh[3], __
# %% environment
import os
[os.environ.get(name) for name in ('FORCE_COLOR', 'TERM', 'MPLBACKEND', 'PAGER')]
# %% path
[path for path in sys.path if 'tests' not in path]
# %% help
help(len)
# %% last error [raises-exception]
[][0]
"""
FAILING = """
# %%
print('before')
# %%
1 / 0
# %%
print('never')
"""
COMPARED = {
    "showing": SHOWING,
    "failing": FAILING,
    "left": FAILING.replace("1 / 0", "import sys; sys.exit(0)"),
}
IN_KERNEL = """
# %%
import ipykernel.kernelapp
ipykernel.kernelapp.IPKernelApp.initialized()
"""
KILLED = """
# %%
1
# %%
import os, signal
print('printed')
os.kill(os.getpid(), signal.SIGKILL)
# %%
2
"""
FORKED = {
    **COMPARED,
    "killed": KILLED,
    "segfault": KILLED.replace("SIGKILL", "SIGSEGV"),
    "exited": KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "os._exit(3)"),
    # A process of the cell's own outlives the child and holds what the child held.
    "held": KILLED.replace("os.kill(", "if not os.fork(): signal.pause()\nos.kill("),
    "quit": FAILING.replace("1 / 0", "exit()"),
    "broken shell": FAILING.replace("1 / 0", "get_ipython().run_cell = None"),
    "late": """
# %%
import subprocess, time
print(subprocess.Popen(['sleep', '600']).pid)
time.sleep(600)
""",
    "interrupted": """
# %%
import os, signal, time
os.kill(os.getppid(), signal.SIGINT)
time.sleep(600)
""",
    "memory": """
# %% [raises-exception]
x = bytearray(4 << 30)
# %%
print('goes on')
""",
    "large": """
# %%
print('x' * 50_000_000)
# %%
from IPython.display import HTML
print('é' * 3)
HTML('y' * 5_000_000)
""",
    "order": r"""
# %%
import ctypes, os, sys
print(1)
os.write(1, b'2\n')
os.system('echo 3')
ctypes.CDLL(None).puts(b'4')
ctypes.CDLL(None).fflush(None)
print('e', file=sys.stderr)
print(5)
display(6)
print(7)
""",
    "C": """
# %%
import ctypes
ctypes.CDLL(None).puts(b'from C')
None
# %%
2
""",
    "opened anew": """
# %%
import os
print('long')
os.system('echo b > /dev/stdout')
None
# %%
print('c')
""",
    "taken over": """
# %%
import os
print('a')
kept, (_, pipe) = os.dup(1), os.pipe()
os.dup2(pipe, 1)
print('b')
display(1)
os.dup2(kept, 1)
print('c')
""",
    "own group": """
# %%
import os
os.getpgid(0) == os.getpid()
""",
    "same group": """
# %%
import os
os.getpgid(0) == os.getpgid(os.getppid())
""",
    "unflushed": """
# %%
file = open('unflushed.txt', 'w')
file.write('written')
""",
    "bar": IN_KERNEL,
}
SETTINGS: dict[str, dict[str, Any]] = {
    "held": {"execution_timeout": 60},
    "late": {"execution_timeout": 1},
    "memory": {"memory": 3 << 30, "unheard_of": True},
    "large": {"request_save_on_cell_execute": False},
    "same group": {"same_group": True},
    "bar": {"progress_bar": True},
}
UNHEARD_OF = ("-W", "error:Passing unrecognized arguments:DeprecationWarning")
NAMES = [title.split(" [")[0] for title in re.findall("^# %% (.*)", SHOWING, re.MULTILINE)]


@dataclass(frozen=True)
class Ran:
    """What became of the notebooks: what the runner told, and where they are."""

    told: Mapping[str, Any]
    folder: Path

    def notebook(self, name: str) -> Any:
        return nbformat.read(self.folder / f"{name}.out.ipynb", as_version=4)  # type: ignore[no-untyped-call]

    def cells(self, name: str) -> list[Any]:
        """Return the code cells: papermill puts others where an error was."""
        return [cell for cell in self.notebook(name).cells if cell.cell_type == "code"]

    def outputs(self, name: str, cell: int) -> list[Any]:
        return list(self.cells(name)[cell].outputs)


def written(path: Path, text: str) -> Path:
    """Write a notebook of the cells in a text."""
    cells = []
    for cell in re.split("^# %%", text, flags=re.MULTILINE)[1:]:
        title, source = cell.split("\n", 1)
        tags = re.findall(r"\[(.*)]", title)
        cells.append(new_code_cell(source.rstrip("\n"), metadata={"tags": tags}))  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": PYTHON})  # type: ignore[no-untyped-call]
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
    return path


def run(folder: Path, engine: str, texts: Mapping[str, str], *options: str) -> Ran:
    """Run notebooks in a fresh process, once for all processes of the tests."""
    folder.mkdir(exist_ok=True)
    told = folder / "told.json"
    with FileLock(folder / "told.lock"):
        if not told.exists():
            jobs = {
                name: {
                    "notebook": str(written(folder / f"{name}.ipynb", text)),
                    "output": str(folder / f"{name}.out.ipynb"),
                    "settings": {
                        "engine_name": engine,
                        "progress_bar": False,
                        "cwd": str(folder),
                        **SETTINGS.get(name, {}),
                    },
                }
                for name, text in texts.items()
            }
            done = subprocess.run(
                [sys.executable, *UNHEARD_OF, str(ROOT / "tests/run_notebooks.py"), *options],
                input=json.dumps(jobs),
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": ""},
            )
            assert done.returncode == 0, done.stderr
            told.write_text(done.stdout.splitlines()[-1], encoding="utf-8")
    return Ran(json.loads(told.read_text(encoding="utf-8")), folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="module")
def forked(shared: Path) -> Ran:
    return run(shared / "forked", "selfeval", FORKED)


@pytest.fixture(scope="module")
def kernel(shared: Path) -> Ran:
    return run(shared / "kernel", "nbclient", COMPARED)


def comparable(output: Any) -> Any:
    """Return an output without what no two runs have in common."""
    if output.output_type == "error" and output.ename == "StdinNotImplementedError":
        # Where it is raised is not in the cell.
        output.traceback = output.traceback[-1:]
    if "image/png" in output.get("data", {}):
        output.data["image/png"] = output.data["image/png"][:8]
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", json.dumps(output))
    return json.loads(re.sub(r"ipykernel_\d+", "ipykernel", text))


def joined(outputs: list[Any]) -> list[Any]:
    """Return the outputs of a kernel, neighbouring streams of a name joined."""
    whole: list[Any] = []
    for output in outputs:
        if output.output_type == "stream" and whole and whole[-1].get("name") == output.name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    return whole


def by_stream(outputs: list[Any]) -> list[Any]:
    """Return outputs with those of the standard error last: a kernel sends the two as it likes."""
    return sorted(outputs, key=lambda output: output.get("name") == "stderr")


@pytest.mark.parametrize("shown", NAMES)
def test_a_cell_shows_what_it_shows_in_a_kernel(shown: str, forked: Ran, kernel: Ran) -> None:
    index = NAMES.index(shown)
    here, there = forked.cells("showing")[index], kernel.cells("showing")[index]

    assert [*map(comparable, by_stream(here.outputs))] == [
        *map(comparable, joined(by_stream(there.outputs)))
    ]
    assert here.execution_count == there.execution_count


@pytest.mark.parametrize("name", COMPARED)
def test_a_notebook_ends_as_with_a_kernel(name: str, forked: Ran, kernel: Ran) -> None:
    ends = ("error", "message", "printed")
    here, there = forked.notebook(name), kernel.notebook(name)

    assert [forked.told[name].get(end) for end in ends] == [
        kernel.told[name].get(end) for end in ends
    ]
    assert [recorded(cell) for cell in here.cells] == [recorded(cell) for cell in there.cells]
    assert {**here.metadata, "papermill": None} == {**there.metadata, "papermill": None}


def recorded(cell: Any) -> Any:
    """Return a cell's source and metadata; of times, only that they are there."""
    papermill = dict(cell.metadata.get("papermill", {}))
    for time in ("start_time", "end_time", "duration"):
        papermill[time] = bool(papermill.get(time))
    execution = sorted(cell.metadata.get("execution", {}))
    return cell.source, cell.metadata.get("tags"), papermill, execution


@pytest.mark.parametrize(
    ("name", "cell", "signal", "exit_code"),
    [
        ("killed", 1, 9, None),
        ("segfault", 1, 11, None),
        ("exited", 1, None, 3),
        ("held", 1, 9, None),
        ("quit", 2, None, 0),
        ("broken shell", 2, None, SHELL_FAILED),
    ],
)
def test_a_child_that_ends_early_is_told_with_its_cell_and_its_end(
    name: str, cell: int, signal: int | None, exit_code: int | None, forked: Ran
) -> None:
    told = forked.told[name]

    assert told["error"] == ChildLostError.__name__
    assert (told["cell_index"], told["signal"], told["exit_code"]) == (cell, signal, exit_code)
    assert str(signal if exit_code is None else exit_code) in told["message"]


@pytest.mark.parametrize("name", ["killed", "segfault", "exited", "held"])
def test_what_was_printed_before_a_crash_is_in_the_notebook(name: str, forked: Ran) -> None:
    assert [output.text for output in forked.outputs(name, 1)] == ["printed\n"]
    assert forked.told[name]["printed"] == "printed\n"


def test_the_cells_before_a_crash_keep_their_results(forked: Ran) -> None:
    before, _, after = forked.cells("killed")

    assert before.outputs[0].data["text/plain"] == "1"
    assert after.execution_count is None


def test_a_failing_shell_says_why_in_the_notebook(forked: Ran) -> None:
    (output,) = forked.outputs("broken shell", 2)

    assert "'NoneType' object is not callable" in output.text


def test_a_cell_that_is_late_is_killed_with_what_it_started(forked: Ran) -> None:
    (output,) = forked.outputs("late", 0)

    assert forked.told["late"]["error"] == "CellTimeoutError"
    assert "time.sleep(600)" in forked.told["late"]["message"]
    assert not runs(int(output.text))


def runs(pid: int) -> bool:
    """Whether a process runs still; one that only waits to be asked after does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_an_interrupt_ends_the_notebook_and_goes_on(forked: Ran) -> None:
    assert forked.told["interrupted"]["error"] == "KeyboardInterrupt"


def test_a_cell_that_wants_more_memory_than_allowed_fails_alone(forked: Ran) -> None:
    (failed,), (output,) = forked.outputs("memory", 0), forked.outputs("memory", 1)

    assert failed.ename == "MemoryError"
    assert output.text == "goes on\n"


def test_an_output_may_be_large(forked: Ran) -> None:
    (printed,), (text, result) = forked.outputs("large", 0), forked.outputs("large", 1)

    assert len(printed.text) == 50_000_001
    assert text.text == "ééé\n"
    assert len(result.data["text/html"]) == 5_000_000


def test_streams_and_displays_come_in_the_order_they_were_written(forked: Ran) -> None:
    outputs = forked.outputs("order", 0)

    shown = [output.get("text") or output.data["text/plain"] for output in outputs]
    assert shown == ["1\n2\n3\n4\n", "e\n", "5\n", "6", "7\n"]


def test_what_c_has_not_written_yet_belongs_to_the_cell_it_comes_from(forked: Ran) -> None:
    assert [output.text for output in forked.outputs("C", 0)] == ["from C\n"]


def test_who_opens_the_standard_output_anew_loses_nothing_that_comes_later(forked: Ran) -> None:
    assert forked.outputs("opened anew", 0)[-1].text.endswith("b\n")
    assert forked.outputs("opened anew", 1)[0].text == "c\n"


def test_a_cell_may_take_the_standard_output_over(forked: Ran) -> None:
    before, shown, after = forked.outputs("taken over", 0)

    assert (before.text, shown.data["text/plain"], after.text) == ("a\n", "1", "c\n")


@pytest.mark.parametrize("name", ["own group", "same group"])
def test_a_child_is_in_the_process_group_asked_for(name: str, forked: Ran) -> None:
    (output,) = forked.outputs(name, 0)

    assert output.data["text/plain"] == "True"


def test_what_the_cells_left_open_is_closed(forked: Ran) -> None:
    assert (forked.folder / "unflushed.txt").read_text() == "written"


@pytest.mark.parametrize("name", FORKED)
def test_nothing_is_left_of_a_run(name: str, forked: Ran) -> None:
    assert (forked.told[name]["children"], forked.told[name]["files"]) == ([], 0)


def test_a_warmed_process_has_one_thread_and_may_fork(forked: Ran) -> None:
    assert forked.told["imported"] == ["matplotlib", "numpy", "pandas"]
    assert forked.told["can_fork"] is True


def test_the_parent_stays_as_it_was(forked: Ran) -> None:
    assert forked.told["before"] == forked.told["after"]


def test_a_progress_bar_does_not_keep_from_forking(forked: Ran) -> None:
    assert forked.told["bar"]["error"] is None
    assert forked.outputs("bar", 0)[0].data["text/plain"] == "False"


def test_with_a_second_thread_a_kernel_runs_the_notebook(shared: Path) -> None:
    ran = run(shared / "threaded", "selfeval", {"memory": IN_KERNEL}, "--thread")

    assert ran.told["can_fork"] is False
    assert ran.outputs("memory", 0)[0].data["text/plain"] == "True"


def test_papermill_knows_the_engine_by_name(tmp_path: Path) -> None:
    plot = "# %% [parameters]\nunit = 1\n# %%\nimport matplotlib.pyplot as plt\nplt.plot([unit]);\n"
    source, made = written(tmp_path / "source.ipynb", plot + IN_KERNEL), tmp_path / "made.ipynb"
    command = [str(Path(sys.executable).with_name("papermill")), "--engine", "selfeval"]

    subprocess.run([*command, source, made, "-p", "unit", "2"], check=True, capture_output=True)

    _, injected, drawn, kernel = nbformat.read(made, as_version=4).cells  # type: ignore[no-untyped-call]
    assert "unit = 2" in injected.source
    assert kernel.outputs[0].data["text/plain"] == "False"
    assert "image/png" in drawn.outputs[0].data


def test_a_process_with_several_threads_may_not_fork() -> None:
    free = threading.Event()
    thread = threading.Thread(target=free.wait)
    thread.start()

    assert not can_fork()

    free.set()
    thread.join()
