"""Publishing: files become a release only through the gate, and come into force only by a second pair of eyes.

The gate says everything that bars a pack, by file and element with the remedy; `propose` stores a
release that passed it; `publish` puts it in force for new cases. Running cases stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.duties import Duties
from engine.errors import EngineError
from engine.findings import Refused
from engine.gate import Checked, check, check_apart
from engine.release import Release, gather
from engine.shelf import Shelf
from engine.store import PackNotFound, Store

__all__ = ["Checked", "Publishing", "SecondPairNeeded", "check", "check_apart"]


class SecondPairNeeded(EngineError):
    """{person} handed this release in; somebody else must publish it."""

    zh = "该版本由 {person} 提交，须由另一人发布。"


class Publishing:
    """From files to a release in force."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store, self._clock, self._shelf = store, clock, shelf
        self._duties = Duties(store, clock, shelf)

    def look_at(self, files: Mapping[str, bytes], actor: Actor) -> Checked:
        """What the gate says of files; nothing is kept.

        The gate works for seconds, and two at a time: only who could hand a pack in may have it work.

        Raises:
            NotAuthorised: the actor owns no pack.
            GateBusy.
        """
        authority.need_an_owner(actor)
        return check_apart(files)

    def propose(self, files: Mapping[str, bytes], actor: Actor, note: str = "") -> Checked:
        """Store a release that passes the gate, not yet in force.

        Raises:
            Refused: the gate found errors.
            NotAuthorised: the actor is no owner of the pack.
            GateBusy.
        """
        checked = self.look_at(files, actor)
        if checked.release is None:
            raise Refused(checked.findings)
        authority.need_role(actor, checked.release.pack, (authority.OWNER,))
        self._save(checked.release, actor.name, note)
        return checked

    def publish(self, digest: str, actor: Actor) -> str:
        """Put a stored release in force; returns its pack.

        Raises:
            ReleaseNotFound, NotAuthorised.
            SecondPairNeeded: the actor is the one who handed it in.
        """
        with self._store.begin() as tx:
            release = self._shelf.release(digest, tx)
            authority.need_role(actor, release.pack, (authority.OWNER,))
            made_by = next(row.made_by for row in tx.releases(release.pack) if row.digest == digest)
            if made_by == actor.name:
                raise SecondPairNeeded(person=actor.name)
            now = self._clock.now()
            tx.publish_release(digest, by=actor.name, at=now)
            self._duties.order(tx, release, now)
            return release.pack

    def bootstrap(self, bpmn: Path, library: Path) -> list[str]:
        """Put every shipped pack in force of which no release is in force yet; returns their names.

        Raises:
            Refused: a shipped pack does not pass the gate.
        """
        done = []
        for folder in sorted(p for p in (bpmn / "packs").iterdir() if (p / "pack.yaml").exists()):
            with self._store.look() as reading:
                try:
                    reading.current(folder.name)
                    continue
                except PackNotFound:
                    pass
            checked = check(gather(folder, bpmn / "shared", library))
            if checked.release is None:
                raise Refused(checked.findings)
            self._save(checked.release, "system", "shipped")
            with self._store.begin() as tx:
                now = self._clock.now()
                tx.publish_release(checked.release.digest, by="system", at=now)
                self._duties.order(tx, checked.release, now)
            done.append(checked.release.pack)
        return done

    def _save(self, release: Release, by: str, note: str) -> None:
        with self._store.begin() as tx:
            tx.save_release(
                release.digest, pack=release.pack, files=release.files, by=by, at=self._clock.now(), note=note
            )
        self._shelf.keep(release)
