"""Clocks and people: extensions, pauses, recusal, mending after an incident."""

from __future__ import annotations

from collections.abc import Mapping

from engine import authority
from engine.authority import Actor
from engine.desk.house_rules import (
    CapReached,
    ClocksGo,
    ClocksStandStill,
    LimitNotExtendable,
    NothingToPause,
    bounded,
    checked_extension,
    in_words,
)
from engine.desk.road import Road, by, need_a_task, person_called
from engine.desk.sitting import Done, Sitting
from engine.history import ClockPaused, ClockResumed, DeadlineExtended, IncidentResolved, PersonRecused
from engine.values import Value


class Clocks(Road):
    """Clocks and people: extensions, pauses, recusal, mending after an incident."""

    def extend_deadline(
        self,
        case: str,
        deadline: str,
        amount: int,
        unit: str,
        reason: str,
        actor: Actor,
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Move a deadline by approval of one of the roles its limit names.

        Raises:
            CaseNotFound, LimitNotExtendable, ExtensionRefused, CapReached, NotAuthorised, TextRefused.
        """

        def act(open_: Sitting) -> None:
            running = open_.run.deadlines.get(deadline)
            limit = open_.release.policy.limits.get(running.limit) if running else None
            if running is None or running.met is not None or limit is None or not limit.extend_by:
                raise LimitNotExtendable(deadline=deadline)
            authority.need_role(actor, open_.release.pack, limit.extend_by)
            checked_extension(limit, amount, unit)
            open_.hear(
                DeadlineExtended(
                    **by(open_, actor),
                    deadline=deadline,
                    amount=amount,
                    unit=unit,
                    reason=bounded("reason", reason, least=1),
                    approved_by=actor.name,
                )
            )
            if limit.cap is not None and open_.run.deadlines[deadline].due <= running.due:
                # The cap is reached: an approval that changes nothing must not look like one that does.
                raise CapReached(limit=limit.id, **in_words("most", limit.cap.value, limit.cap.unit))

        asked = self._ask("extend", actor, idempotency, case, deadline, amount, unit, reason)
        return self._do(case, actor, act, asked, seen=seen)

    def pause(
        self, case: str, reason: str, actor: Actor, *, seen: int | None = None, idempotency: str | None = None
    ) -> Done:
        """Let the clocks that allow it stand still: by whoever has a task of the case, or an administrator.

        Raises:
            CaseNotFound, ClocksStandStill, NothingToPause, NotAuthorised, TextRefused.
        """

        def act(open_: Sitting) -> None:
            need_a_task(open_, actor)
            limits = open_.release.policy.limits
            if open_.run.paused:
                raise ClocksStandStill(case=case)
            running = [d.limit for d in open_.run.deadlines.values() if d.met is None]
            if not any(limits[limit].pausable for limit in running if limit in limits):
                raise NothingToPause(case=case)
            open_.hear(ClockPaused(**by(open_, actor), reason=bounded("reason", reason, least=1)))

        return self._do(case, actor, act, self._ask("pause", actor, idempotency, case, reason), seen=seen)

    def resume(
        self, case: str, actor: Actor, reason: str = "", *, seen: int | None = None, idempotency: str | None = None
    ) -> Done:
        """Let the clocks go on.

        Raises:
            CaseNotFound, ClocksGo: they are not standing still.
        """

        def act(open_: Sitting) -> None:
            need_a_task(open_, actor)
            if not open_.run.paused:
                raise ClocksGo(case=case)
            open_.hear(ClockResumed(**by(open_, actor), reason=bounded("reason", reason)))

        return self._do(case, actor, act, self._ask("resume", actor, idempotency, case, reason), seen=seen)

    def recuse(
        self,
        case: str,
        person: str,
        reason: str,
        actor: Actor,
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Step off a case, or take somebody off it (owners of the pack and administrators).

        Raises:
            CaseNotFound, UnknownPerson, NotAuthorised, TextRefused.
        """

        def act(open_: Sitting) -> None:
            if person != actor.name:
                authority.need_role(actor, open_.release.pack, (authority.OWNER,))
                person_called(open_.tx, person)
            event = PersonRecused(
                **by(open_, actor),
                person=person,
                reason=bounded("reason", reason, least=1),
            )
            open_.recuse(event)

        return self._do(case, actor, act, self._ask("recuse", actor, idempotency, case, person, reason), seen=seen)

    def resolve_incident(
        self,
        case: str,
        incident: str,
        reason: str,
        actor: Actor,
        values: Mapping[str, Value] | None = None,
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Mend and resume: let the case try again, with case data set right.

        Raises:
            CaseNotFound, NotAuthorised, IncidentNotOpen, TextRefused.
        """

        def act(open_: Sitting) -> None:
            authority.need_role(actor, open_.release.pack, ())
            open_.hear(
                IncidentResolved(
                    **by(open_, actor), incident=incident, reason=bounded("reason", reason, least=1), values=values
                )
            )

        asked = self._ask("resolve", actor, idempotency, case, incident, reason, dict(values or {}))
        return self._do(case, actor, act, asked, seen=seen)
