"""Processes that die: one between any two steps of an act, without a word (SIGKILL)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from engine.clock import StoppedClock
from engine.store import Store
from engine.timekeeper import FolderPost, Letter
from tests.proof.world import Act, World


def killed(url: str, folder: Path, at: Any, act: Act, steps: int) -> tuple[bool, int]:
    """Do an act in a process that is killed after so many steps; whether it was, and how many steps it took.

    A step is a statement, a commit, a letter leaving the house, or the answer: whatever the code does, it is found
    by listening, not listed by hand.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(url, folder, at, act, steps, write)
    os.close(write)
    with os.fdopen(read) as told:
        count = told.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True, 0
    assert os.WEXITSTATUS(status) == 0, f"the act failed in the child: {count}"
    return False, int(count)


def _child(url: str, folder: Path, at: Any, act: Act, steps: int, write: int) -> None:
    left, taken = steps, 0

    def step(*_: Any) -> None:
        nonlocal left, taken
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left, taken = left - 1, taken + 1

    try:
        with world_of(url, folder, at) as world:
            engine = world.store._database.engine
            event.listen(engine, "before_cursor_execute", step)
            event.listen(engine, "commit", step)
            world.executor._post = Stepping(folder, step)
            act(world)
            step()  # done, and nobody has heard of it yet
        os.write(write, str(taken).encode())
        os._exit(0)
    except BaseException as error:
        os.write(write, repr(error)[:2000].encode())
        os._exit(1)


class Stepping(FolderPost):
    """A post before and after whose deliveries a process may die."""

    def __init__(self, folder: Path, step: Callable[[], None]) -> None:
        super().__init__(folder)
        self._step = step

    def deliver(self, letter: Letter) -> None:
        self._step()
        super().deliver(letter)
        self._step()


@contextmanager
def world_of(url: str, folder: Path, at: Any) -> Iterator[World]:
    """The company on a database, at a moment."""
    clock = StoppedClock(at)
    store = Store(url, clock=clock)
    try:
        yield World(store=store, clock=clock, folder=folder)
    finally:
        store.close()
