"""Tasks and deadlines as a reader sees them: titles instead of ids, time left instead of instants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.authority import Actor, need_role
from engine.casebook.views import DeadlineView, OverdueLine, TaskLine
from engine.deadline import explain, remaining, span_text
from engine.errors import EngineError
from engine.policy import Label
from engine.release import Release
from engine.run import Deadline, OpenTask
from engine.store import Head, OverdueRow, TaskRow


def label_of(release: Release, process: str, element: str) -> Label:
    """What an element is called, in both languages."""
    return release.title(process, element)


def title_of(release: Release, element: str) -> Label:
    """What an element is called, in whichever process of the release it is drawn."""
    process = next((p for p, (_, drawn) in release.processes.items() if element in drawn.elements), "")
    return label_of(release, process, element)


def role_of(release: Release, role: str) -> Label:
    """What a role is called in the pack."""
    return release.policy.roles.get(role.rpartition("/")[2]) or Label(zh=role, en=role)


def task_line(row: TaskRow, release: Release, now: datetime, reminders: int = 0) -> TaskLine:
    """A task in a list."""
    policy = release.policy
    limit = policy.limits.get(row.limit) if row.limit else None
    calendar = release.calendar(limit.calendar if limit else None)
    return TaskLine(
        id=f"{row.case}/{row.task}",
        case=row.case,
        task=row.task,
        element=row.element,
        title=label_of(release, row.process, row.element),
        number=row.number,
        case_title=row.title or "",
        pack=row.pack,
        pack_title=policy.title,
        flow=row.flow,
        sealed=row.sealed,
        groups=tuple(role_of(release, group) for group in row.groups),
        assignee=row.assignee,
        claimed_by=row.claimed_by,
        priority=row.priority,
        opened=row.opened,
        due=row.due,
        limit=limit.label if limit else None,
        group_ids=tuple(group.rpartition("/")[2] for group in row.groups),
        limit_id=row.limit,
        paused=row.paused,
        left=remaining(row.still if row.paused and row.still else now, row.due, calendar) if row.due else None,
        reminders=reminders,
    )


def overdue_line(row: OverdueRow, release: Release, now: datetime) -> OverdueLine:
    """Something overdue, in a list."""
    limit = release.policy.limits.get(row.limit) if row.limit else None
    calendar = release.calendar(limit.calendar if limit else None)
    drawn = label_of(release, row.process, row.element) if row.process and row.element else None
    return OverdueLine(
        case=row.case,
        deadline=row.deadline,
        stage="task" if row.is_task else limit.stage if limit else "case",
        task=f"{row.case}/{row.deadline}" if row.is_task else None,
        label=drawn or (limit.label if limit else Label(zh=row.deadline, en=row.deadline)),
        limit=row.limit,
        holder=row.holder,
        pack=row.pack,
        number=row.number,
        case_title=row.title or "",
        start=row.start,
        due=row.due,
        left=remaining(now, row.due, calendar),
        seq=row.seq,
    )


def deadline_view(
    name: str, running: Deadline, release: Release, actor: Actor, now: datetime, head: Head, title: Label | None = None,
    *, still: datetime | None = None,
) -> DeadlineView:  # fmt: skip
    """A deadline and why it is when it is.

    Args:
        title: what it is called when it is a task's own.
        still: since when the clocks of the case stand still.
    """
    row = release.policy.limits.get(running.limit)
    calendar = release.calendar(row.calendar if row else None)
    met = running.met
    closed = head.closed_at
    ended = met is None and closed is not None and closed <= now
    if ended and closed is not None:
        now = closed
    late = running.is_late(now, still) if met is None else met > running.due
    # A pause that begins when the limit has ended is nothing.
    paused = running.paused and not late and not ended
    if paused and still is not None:
        now = min(now, still)  # what is left stays
    most = row.extend_max if row else None
    return DeadlineView(
        deadline=name,
        limit=running.limit,
        label=title or (row.label if row else Label(zh=running.limit, en=running.limit)),
        stage=row.stage if row else "case",
        start=running.start,
        due=running.due,
        met=met,
        late=late,
        paused=paused,
        ended=ended,
        left=remaining(now, running.due, calendar) if met is None and not ended else None,
        why=tuple(explain(running.trace, actor.locale)),
        trace=running.trace,
        source=row.source if row else "",
        may_extend=met is None
        and head.closed_at is None
        and row is not None
        and _may_extend(actor, head.pack, row.extend_by),
        extend_units=(most.unit,) if most else ("workday", "day", "hour"),
        extend_most=span_text(most.value, most.unit, actor.locale) if most else "",
        extend_by=tuple(role_of(release, role) for role in row.extend_by) if row else (),
        cap=span_text(row.cap.value, row.cap.unit, actor.locale) if row and row.cap else "",
        zone=calendar.zone,
    )


def task_deadline(
    task: OpenTask, release: Release, actor: Actor, now: datetime, head: Head, running: Mapping[str, Any],
    *, still: datetime | None = None,
) -> DeadlineView | None:  # fmt: skip
    """The deadline of a task: its limit's, or the bare date its diagram gave it."""
    if task.name in running:
        title = label_of(release, task.process, task.element)
        return deadline_view(task.name, running[task.name], release, actor, now, head, title, still=still)
    return None


def _may_extend(actor: Actor, pack: str, roles: tuple[str, ...]) -> bool:
    try:
        need_role(actor, pack, roles)
    except EngineError:
        return False
    return bool(roles)
