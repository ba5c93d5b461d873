"""The child's side of ``child``: reads one file after the other within limits, and answers."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from pathlib import Path
from typing import IO

from ..errors import SelfEvalError
from ..forking import lower, mapped
from .answers import NO_MEMORY, Fault
from .files import read_sheets
from .limits import Limits


def serve() -> None:
    """Answer requests from stdin, each a path, on stdout, until there are no more.

    The first request holds the limits; the answer, True, says that they are in force. Each
    other is a path; the answer is the file's grids, a SelfEvalError, or a Fault.
    """
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what libraries print must not mix with the answers,
    os.dup2(nowhere, 2)  # nor calamine's panics with what the user reads
    _serve(sys.stdin.buffer, answers, 0)


def serve_forked(requests: int, answers: int) -> None:
    """Answer requests as ``serve`` does, by pipes of these numbers.

    What the process that was forked had mapped already is no part of the memory it may use.
    """
    _serve(os.fdopen(requests, "rb"), os.fdopen(answers, "wb"), mapped())


def _serve(requests: IO[bytes], answers: IO[bytes], before: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    limits = pickle.load(requests)
    _limit_memory(before + limits.memory)
    try:
        _answer(answers, True)
        while True:
            path = pickle.load(requests)
            _limit_time(limits.seconds)
            _answer(answers, _read(path, limits))
    except EOFError:
        return
    except MemoryError:
        os._exit(NO_MEMORY)


def _answer(answers: IO[bytes], answer: object) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _read(path: str, limits: Limits) -> object:
    try:
        return read_sheets(Path(path), limits.area)
    except SelfEvalError as error:
        return error
    except MemoryError:
        raise
    except Exception:
        import traceback

        return Fault(traceback.format_exc())


def _limit_memory(memory: int) -> None:
    lower("RLIMIT_AS", memory)
    lower("RLIMIT_CORE", 0)  # a child that aborts leaves no file behind


def _limit_time(seconds: float) -> None:
    # Of the processor's time, so that a busy computer refuses no sound file.
    lower("RLIMIT_CPU", int(time.process_time() + seconds) + 1)
