"""What a move would do to a case, with what its open tasks would ask that they did not, and no longer ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.foreseen import Change, Foreseen
from engine.history import CaseMoved
from engine.release import Release
from engine.run import OpenTask, Run, foresee
from engine.shelf import Shelf


def foreseen(run: Run, release: Release, event: CaseMoved, shelf: Shelf) -> Foreseen:
    """What would happen to a case, which stays as it is."""
    found = foresee(run, release, event)
    if not found.movable:
        return found
    asked = (change for task in run.tasks.values() for change in _asked(task, run.release, release, shelf))
    return replace(found, changes=(*found.changes, *asked))


def _asked(task: OpenTask, before: Release, after: Release, shelf: Shelf) -> Iterator[Change]:
    now = after.process(task.process)[1].elements[task.element].zeebe.form
    sides = [list(shelf.form(release, form).names) if form else [] for release, form in ((before, task.form), (after, now))]
    lost, gained = ([n for n in sides[a] if n not in sides[1 - a]] for a in (0, 1))
    if lost or gained:
        yield Change(of="fields", how="changed", name=task.name, before=", ".join(lost), after=", ".join(gained))
