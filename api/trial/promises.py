"""The scenarios of a pack played on a draft, in a process of its own with limits: whatever the draft does, the service goes on.

The child (`promising`) takes the draft's files as JSON on its standard input and writes a line of JSON for each scenario it
has played; what it has not come to when its time is over is told as such.
"""

from __future__ import annotations

import base64
import json
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.scenarios.telling import Scenario, scenarios_of
from engine.confined import Limits, run
from engine.errors import EngineError

#: Scenarios are played for one owner at a time in a node: they take a core for many seconds.
_turn = threading.BoundedSemaphore(1)


#: What one run may take.
LIMITS = Limits(cpu=90, wall=120.0, memory=1024)


class ScenariosBusy(EngineError):
    """Scenarios of another draft are being played; try again in a minute."""

    zh = "正在运行另一份草稿的场景，请稍后再试。"


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A scenario, and whether it holds on the draft."""

    file: str
    name: str
    #: None: it was not played to its end in the time there was.
    holds: bool | None
    #: The sentence that does not hold, and why.
    step: str = ""
    why: str = ""
    #: Of an outline: which of its examples it is.
    example: str = ""
    #: Its sentences.
    says: tuple[str, ...] = ()


def listed(folder: Path) -> tuple[Promise, ...]:
    """The scenarios of a pack's folder, not played.

    Raises:
        ScenarioUnreadable.
    """
    return tuple(_promise(0, one, []) for one in scenarios_of(folder))


def promises(
    files: Mapping[str, bytes], folder: Path, limits: Limits = LIMITS, *, only: str | None = None, patience: float = 2.0
) -> tuple[Promise, ...]:
    """Play the scenarios of a pack's folder on these files.

    Args:
        only: those of one of its files; the others are listed as not played.
        patience: seconds to wait for a turn.

    Raises:
        ScenarioUnreadable, ScenariosBusy.
    """
    told = scenarios_of(folder)
    asked = [one for one in told if only in (None, one.file)]
    if not asked:
        return tuple(_promise(0, one, []) for one in told)
    if not _turn.acquire(timeout=patience):
        raise ScenariosBusy()
    try:
        said = _asked(files, folder, only, limits)
    finally:
        _turn.release()
    places = {id(one): place for place, one in enumerate(asked)}
    return tuple(_promise(places.get(id(one), len(said)), one, said) for one in told)


def _promise(place: int, one: Scenario, said: list[dict[str, object]]) -> Promise:
    row = said[place] if place < len(said) else {"holds": None, "step": "", "why": ""}
    holds = row["holds"] if row["holds"] is None else bool(row["holds"])
    return Promise(
        file=one.file, name=one.name, holds=holds, step=str(row["step"]), why=str(row["why"]), example=one.example,
        says=tuple(step.text for step in one.steps),
    )  # fmt: skip


def _asked(files: Mapping[str, bytes], folder: Path, only: str | None, limits: Limits) -> list[dict[str, object]]:
    told = {"folder": str(folder.resolve()), "only": only, "files": {path: base64.b64encode(data).decode() for path, data in files.items()}}
    with tempfile.TemporaryDirectory(prefix="kesu-promises-") as room:
        # What it leaves behind when it is stopped goes with the room.
        out = run("api.trial.promising", json.dumps(told).encode(), limits, TMPDIR=room).out
    rows = []
    for line in out.decode("utf-8", "replace").splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            break  # it ended in the middle of a line
    return rows
