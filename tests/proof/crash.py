"""Processes that die: one between any two steps of an act, without a word (SIGKILL).

A step is a statement, a commit, a file that is opened for writing, renamed or removed, a process that is started, or
the answer: whatever the code does, it is found by listening, not listed by hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from engine.clock import StoppedClock
from engine.errors import EngineError
from engine.store import Store
from tests.proof.doors import crossed
from tests.proof.world import Act, World

#: What Python says of files and processes, by the name of its audit event.
_FILES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.truncate", "subprocess.Popen"})
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What an act that nobody killed was seen to do."""

    #: "select", "insert", ..., "commit", "file", "answer", in order.
    steps: list[str]
    #: The doors behind which it committed something.
    doors: set[str]
    #: The kinds of jobs it did.
    kinds: set[str]


def passed(url: str, folder: Path, at: datetime, act: Act) -> Passed:
    """Do an act in a process of its own that lives; what it did on the way."""
    child = _forked(url, folder, at, act, None)
    told = child.heard()
    assert child.ended() == 0, told
    facts = json.loads(told)
    return Passed(steps=facts["steps"], doors=set(facts["doors"]), kinds=set(facts["kinds"]))


def killed(url: str, folder: Path, at: datetime, act: Act, steps: int) -> bool:
    """Do an act in a process that is killed after so many steps; False when it had ended by then."""
    child = _forked(url, folder, at, act, steps)
    told = child.heard()
    status = child.ended()
    assert status in (0, -signal.SIGKILL), f"the act failed in the child: {told}"
    return status != 0


@dataclass(frozen=True)
class Child:
    """A process of ours and what it says."""

    pid: int
    said: int
    #: A word here tells the child to come to an end; -1 where there is nothing to tell.
    word: int = -1

    def heard(self) -> str:
        with os.fdopen(self.said) as told:
            return told.read()

    def ended(self) -> int:
        """Its exit status, or the signal that ended it as a negative number."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def _forked(url: str, folder: Path, at: datetime, act: Act, steps: int | None) -> Child:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(url, folder, at, act, steps, write)
    os.close(write)
    return Child(child, read)


def _child(url: str, folder: Path, at: datetime, act: Act, steps: int | None, write: int) -> None:
    taken: list[str] = []
    doors: set[str] = set()

    def step(what: str) -> None:
        if len(taken) == steps:
            os.kill(os.getpid(), signal.SIGKILL)
        taken.append(what)
        if steps is None and what == "commit":
            doors.update(crossed(sys._getframe(1)))

    try:
        _quiet(at)
        with world_of(url, folder, at) as world:
            listen(step)
            act(world)
            step("answer")  # done, and nobody has heard of it yet
            if steps is None:
                facts = {"steps": taken, "doors": sorted(doors), "kinds": sorted(world.kinds)}
                os.write(write, json.dumps(facts).encode())
        os._exit(0)
    except BaseException as error:
        os.write(write, repr(error)[:2000].encode())
        os._exit(1)


def listen(step: Callable[[str], None]) -> None:
    """Hear of every step of this process from now on, whichever store takes it."""

    def statement(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        step(text.split(None, 1)[0].lower())

    def audited(name: str, args: Any) -> None:
        if name in _FILES or (name == "open" and isinstance(args[2], int) and args[2] & _WRITES and _kept(args[0])):
            step("file")

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", lambda connection: step("commit"))
    sys.addaudithook(audited)


def _kept(path: Any) -> bool:
    # What Python compiles, and where nothing stays, is no effect of ours.
    return isinstance(path, str) and "__pycache__" not in path and not path.startswith("/dev/")


def _quiet(at: datetime) -> None:
    """Commands speak and ask; nobody is there. They go by the time of the company."""
    os.environ |= {"KESU_SIMULATED_CLOCK": "true", "KESU_START": at.isoformat()}
    sys.stdin = io.StringIO("correct horse battery\n")
    sys.stdout = sys.stderr = io.StringIO()


@contextmanager
def colleagues(url: str, folder: Path, at: datetime, number: int) -> Iterator[Callable[[], None]]:
    """So many nodes more, as processes, at work until the end; call what is given to let them see time pass."""
    there = [_colleague(url, folder, at, n) for n in range(number)]
    told: list[Child] = []

    def time_passes() -> None:
        for child in there:
            os.write(child.word, b".")
            os.close(child.word)
            told.append(child)

    try:
        yield time_passes
        for child in told:
            said = child.heard()
            assert child.ended() == 0, said
    finally:
        for child in [c for c in there if c not in told]:
            os.kill(child.pid, signal.SIGKILL)
            child.ended()
            os.close(child.word)
            os.close(child.said)


def _colleague(url: str, folder: Path, at: datetime, number: int) -> Child:
    (read, write), (heard, word) = os.pipe(), os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        os.close(heard)
        return Child(child, read, word)
    os.close(read)
    os.close(word)
    try:
        _quiet(at)
        with world_of(url, folder, at) as world:
            while not select.select([heard], [], [], 0.003)[0]:
                with contextlib.suppress(EngineError):  # the database is busy: the next time
                    world.executor.poke()
            world.settle()
        os._exit(0)
    except BaseException as error:
        os.write(write, repr(error)[:2000].encode())
        os._exit(1)


@contextmanager
def world_of(url: str, folder: Path, at: datetime) -> Iterator[World]:
    """The company on a database, at a moment, or at the moment at which it was last used where that is later."""
    clock = StoppedClock(at)
    store = Store(url, clock=clock)
    try:
        world = World(store=store, clock=clock, folder=folder)
        world.parts.take_up_time()
        yield world
    finally:
        store.close()
