"""A process that is killed in the middle of what it does: without a word, between two statements."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from engine.store import Store


def killed(steps: int, store: Callable[[], Store], act: Callable[[Store], object]) -> bool:
    """Do something to a store in a process that dies (SIGKILL) before its statement or commit of that number, from 0.

    Returns:
        False when it had ended by then.
    """
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, -signal.SIGKILL), "the act failed in the child"
        return status != 0
    left = steps

    def step(*_: Any) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    try:
        # Connections are not shared with the parent.
        opened = store()
        event.listen(opened._database.engine, "before_cursor_execute", step)
        event.listen(opened._database.engine, "commit", step)
        act(opened)
        os._exit(0)
    except BaseException:
        os._exit(1)
