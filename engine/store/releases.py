"""Releases: all files of a pack under one digest, stored by content, and which one is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.history import instant, micros
from engine.release import BASE, PACK, pausable_limits
from engine.store.bound import Bound, moment
from engine.store.rows import ReleaseRow
from engine.store.tables import blob, current, release, release_file
from engine.store.trouble import PackNotFound, ReleaseNotFound


class ReleaseReading(Bound):
    """Reading releases."""

    def release(self, digest: str) -> dict[str, bytes]:
        """The files of a release: path -> content.

        Raises:
            ReleaseNotFound.
        """
        rows = self._sql.execute(
            select(release_file.c.path, blob.c.content)
            .join(blob, blob.c.sha256 == release_file.c.sha256)
            .where(release_file.c.digest == digest)
            .order_by(release_file.c.path)
        )
        files = {row.path: row.content for row in rows}
        if not files:
            raise ReleaseNotFound(digest=digest)
        return files

    def pausable(self, digest: str) -> frozenset[str]:
        """The limits of a release whose clocks may stand still; none where it is not stored."""
        settings = release_file.c.path.in_((PACK, BASE))
        found = select(release_file.c.path, blob.c.content).join(blob, blob.c.sha256 == release_file.c.sha256)
        files = {row.path: row.content for row in self._sql.execute(found.where(release_file.c.digest == digest, settings))}
        return pausable_limits(files[PACK], files.get(BASE)) if PACK in files else frozenset()

    def releases(self, pack: str | None = None) -> list[ReleaseRow]:
        """All releases, the latest first."""
        found = (
            select(release, current.c.digest.label("force"))
            .outerjoin(current, (current.c.pack == release.c.pack) & (current.c.digest == release.c.digest))
            .order_by(release.c.made_us.desc(), release.c.digest)
        )
        if pack is not None:
            found = found.where(release.c.pack == pack)
        return [
            ReleaseRow(
                digest=row.digest, pack=row.pack, note=row.note, made_by=row.made_by, made=instant(row.made_us),
                published_by=row.published_by, published=moment(row.published_us), in_force=row.force is not None,
            )
            for row in self._sql.execute(found)
        ]  # fmt: skip

    def current(self, pack: str) -> str:
        """The digest on which a new case of the pack is opened.

        Raises:
            PackNotFound: nothing of that pack is in force.
        """
        digest: str | None = self._sql.execute(
            select(current.c.digest).where(current.c.pack == pack.replace("\0", ""))
        ).scalar()
        if digest is None:
            raise PackNotFound(pack=pack)
        return digest

    def packs(self) -> dict[str, str]:
        """Every pack in force with its digest."""
        return {row.pack: row.digest for row in self._sql.execute(select(current).order_by(current.c.pack))}


class ReleaseWriting(ReleaseReading):
    """Writing releases."""

    def save_release(
        self, digest: str, *, pack: str, files: Mapping[str, bytes], by: str, at: datetime, note: str = ""
    ) -> None:
        """Store a release as a proposal; one that is stored already stays as it is."""
        row = {"digest": digest, "pack": pack, "note": note, "made_by": by, "made_us": micros(at)}
        if not self._sql.execute(self._new(release).returning(release.c.digest), row).all():
            return
        hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        contents = {hashes[path]: content for path, content in files.items()}
        self._sql.execute(self._new(blob), [{"sha256": h, "content": c} for h, c in sorted(contents.items())])
        self._sql.execute(
            insert(release_file), [{"digest": digest, "path": p, "sha256": h} for p, h in sorted(hashes.items())]
        )

    def publish_release(self, digest: str, *, by: str, at: datetime) -> None:
        """Put a stored release in force for new cases of its pack.

        Raises:
            ReleaseNotFound.
        """
        pack = self._sql.execute(select(release.c.pack).where(release.c.digest == digest)).scalar()
        if pack is None:
            raise ReleaseNotFound(digest=digest)
        self._sql.execute(
            update(release).where(release.c.digest == digest).values(published_by=by, published_us=micros(at))
        )
        rows: Any = (sqlite if self._sqlite else postgresql).insert(current)
        columns = {c: rows.excluded[c] for c in ("digest", "since_us")}
        self._sql.execute(
            rows.on_conflict_do_update(index_elements=["pack"], set_=columns),
            {"pack": pack, "digest": digest, "since_us": micros(at)},
        )

    def _new(self, table: Any) -> Any:
        return (sqlite if self._sqlite else postgresql).insert(table).on_conflict_do_nothing()
