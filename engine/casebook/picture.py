"""Where a case stands on its diagrams: tokens now, and what was passed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.casebook.views import DiagramView
from engine.diagram import Process
from engine.history import PathTaken, Record
from engine.release import Release
from engine.run import OpenTask, Run


def pictures_of(run: Run, records: Sequence[Record], release: Release, now: datetime) -> tuple[DiagramView, ...]:
    """One picture for the main process, then one for each called process: those where it stands now first.

    A called process the release does not have was called before the case was moved to it, and is over.

    Args:
        now: tasks due before it are late.
    """
    passed = _passed(records)
    main = release.policy.process
    scopes = {"": main} | {token.scope: token.process for token in run.tokens}
    scopes |= run.called
    views = (
        _picture(scope, process, run, passed, release, now)
        for scope, process in sorted(scopes.items())
        if process in release.processes
    )
    return tuple(sorted(views, key=lambda view: (view.scope != "", not view.here)))


def _picture(
    scope: str, process: str, run: Run, passed: Counter[tuple[str, str]], release: Release, now: datetime
) -> DiagramView:
    diagram, drawn = release.process(process)
    here = Counter(t.element for t in run.tokens if t.process == process and t.scope == scope)
    return DiagramView(
        process=process,
        name=release.written(drawn.name or process),
        file=diagram.file,
        source=diagram.source,
        here=dict(here),
        passed={element: count for (where, element), count in passed.items() if where == scope and _is_drawn(drawn, element)},
        late=frozenset(t.element for t in run.tasks.values() if t.process == process and _is_late(t, run, now)),
        stuck=tuple(sorted({i.element for i in run.incidents.values() if i.element in drawn.elements})),
        scope=scope,
        english=release.english,
    )


def _is_late(task: OpenTask, run: Run, now: datetime) -> bool:
    if task.name in run.deadlines:
        return run.deadlines[task.name].is_late(now, run.paused_since)
    return task.due is not None and task.due < now


def _is_drawn(process: Process, id: str) -> bool:
    return id in process.elements or id in process.flows


def _passed(records: Sequence[Record]) -> Counter[tuple[str, str]]:
    return Counter(step for record in records if isinstance(record.event, PathTaken) for step in _steps(record.event))


def _steps(event: PathTaken) -> Iterator[tuple[str, str]]:
    for step in event.passed:
        scope, _, element = step.rpartition("/")
        yield scope, element
