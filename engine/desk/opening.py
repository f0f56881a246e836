"""Receiving complaints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.desk.asked import remember, told_before
from engine.desk.enclosed import NewFile, enclose
from engine.desk.house_rules import UnknownChannel, checked_deputy, sight
from engine.desk.road import Road
from engine.desk.sitting import Done, Sitting, accused
from engine.history import CaseOpened
from engine.shelf import not_yet_open
from engine.values import Value


class Opening(Road):
    """Receiving complaints."""

    def open_case(
        self,
        pack: str,
        answers: Mapping[str, Any],
        actor: Actor,
        *,
        channel: str,
        parent: str | None = None,
        barred: tuple[str, ...] = (),
        files: Sequence[NewFile] = (),
        idempotency: str | None = None,
    ) -> Done:
        """Receive a complaint.

        Args:
            pack: the procedure it goes by, on the release in force.
            answers: what was said on the intake form.
            channel: one of the pack's channels.
            parent: the case it continues.
            barred: persons who may neither see nor handle it, besides the one complained of.
            files: what the answers refer to by hash.

        Raises:
            PackNotFound, NotAuthorised, UnknownChannel, AnswersRefused, IdempotencyKeyReused, FileEmpty,
            FileTooLarge, MediaTypeRefused, TextRefused.
            ComplainedOf: the complaint is about the actor.
        """
        with self._store.begin() as tx:
            asked = self._ask("open", actor, idempotency, pack, dict(answers), channel, parent, list(barred))
            if done := told_before(tx, asked, actor):
                return done
            at = self._clock.now()
            checked_deputy(tx, actor, at)
            release = self.shelf.release(tx.current(pack), tx)
            policy = release.policy
            authority.may_open(actor, pack, policy.starters)
            if policy.channels and channel not in policy.channels:
                raise UnknownChannel(pack=pack, channel=channel, known=tuple(policy.channels))
            if parent is not None:
                sight(tx, tx.head(parent), actor)
            known = not_yet_open(pack=pack, flow=policy.flow, channel=channel, at=at, parent=parent)
            accepted = self._accept(
                tx, release, policy.intake, answers, document=known, at=at, actor=actor, files=files
            )
            off = tuple(sorted({*barred, *accused(policy.accused, accepted)}))
            for person in actor.persons:
                if person in off:
                    # Whoever is complained of must not be the one who takes the complaint in.
                    raise authority.ComplainedOf(person=person, field=policy.accused or "barred")
            event = CaseOpened(
                at=at,
                actor=actor.name,
                on_behalf_of=actor.on_behalf_of,
                pack=pack,
                release=release.digest,
                process=policy.process,
                flow=policy.flow,
                channel=channel,
                title=_title(policy.subject, accepted),
                form=policy.intake,
                answers=accepted,
                sealed=policy.sealed,
                barred=off,
                parent=parent,
            )
            sitting = Sitting.begin(tx, event, shelf=self.shelf)
            enclose(sitting, files, {"at": at, "actor": actor.name, "on_behalf_of": actor.on_behalf_of}, accepted)
            return remember(tx, asked, sitting.write())


def _title(subject: str, answers: Mapping[str, Value]) -> str:
    """What the case is called in lists: the intake field the pack names, unless it is personal."""
    said = answers.get(subject)
    return said[:200] if isinstance(said, str) else ""
