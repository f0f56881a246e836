"""Drafts of packs: what each file says now, and everything it ever said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Row, delete, func, insert, select, update

from engine.history import instant, micros
from engine.store.bound import Bound
from engine.store.rows import DraftFile, PackDraft
from engine.store.tables import pack_draft, pack_draft_file
from engine.store.trouble import DraftFileNotFound, DraftNotFound


class DraftReading(Bound):
    """Reading drafts of packs."""

    def pack_drafts(self, pack: str | None = None) -> list[PackDraft]:
        """All drafts, the one changed last first."""
        found = select(pack_draft).order_by(pack_draft.c.changed_us.desc(), pack_draft.c.id)
        if pack is not None:
            found = found.where(pack_draft.c.pack == pack)
        return [_draft(row) for row in self._sql.execute(found)]

    def pack_draft(self, draft: str) -> PackDraft:
        """One draft.

        Raises:
            DraftNotFound.
        """
        row = self._sql.execute(select(pack_draft).where(pack_draft.c.id == draft.replace("\0", ""))).first()
        if row is None:
            raise DraftNotFound(draft=draft)
        return _draft(row)

    def pack_draft_files(self, draft: str) -> dict[str, DraftFile]:
        """The files of a draft as they are now: path -> file."""
        last = (
            select(pack_draft_file.c.path, func.max(pack_draft_file.c.version).label("version"))
            .where(pack_draft_file.c.draft == draft)
            .group_by(pack_draft_file.c.path)
            .subquery()
        )
        rows = self._sql.execute(
            select(pack_draft_file)
            .join(last, (last.c.path == pack_draft_file.c.path) & (last.c.version == pack_draft_file.c.version))
            .where(pack_draft_file.c.draft == draft)
            .order_by(pack_draft_file.c.path)
        )
        return {row.path: _file(row) for row in rows if row.content is not None}

    def pack_draft_texts(self, draft: str, path: str) -> list[DraftFile]:
        """Everything a file ever said, the latest first; a text of None: it was taken out."""
        rows = self._sql.execute(
            select(pack_draft_file)
            .where(pack_draft_file.c.draft == draft, pack_draft_file.c.path == path.replace("\0", ""))
            .order_by(pack_draft_file.c.version.desc())
        )
        return [_file(row) for row in rows]

    def pack_draft_file(self, draft: str, path: str, version: int | None = None) -> DraftFile:
        """A file as it is now, or as it was after a save.

        Raises:
            DraftFileNotFound.
        """
        texts = self.pack_draft_texts(draft, path)
        found = next((t for t in texts if version is None or t.version <= version), None)
        if found is None or found.content is None:
            raise DraftFileNotFound(draft=draft, path=path)
        return found


class DraftWriting(DraftReading):
    """Writing drafts of packs."""

    def new_pack_draft(
        self, draft: str, pack: str, files: Mapping[str, bytes], *, base: str | None, note: str, by: str, at: datetime
    ) -> None:
        """Begin a draft with these files under an id that is free."""
        when = micros(at)
        row = {"id": draft, "pack": pack, "base": base, "note": note, "version": 1, "made_by": by, "made_us": when,
               "changed_by": by, "changed_us": when}  # fmt: skip
        self._sql.execute(insert(pack_draft), row)
        self._write(draft, files, 1, by, at)

    def hold_pack_draft(self, draft: str) -> PackDraft:
        """One draft, which nobody else changes until this transaction ends.

        Raises:
            DraftNotFound.
        """
        held = update(pack_draft).where(pack_draft.c.id == draft).values(version=pack_draft.c.version)
        self._sql.execute(held)
        return self.pack_draft(draft)

    def save_pack_draft(self, draft: str, changes: Mapping[str, bytes | None], *, by: str, at: datetime) -> int:
        """Put these texts in place of the earlier ones (None: take the file out); returns the version."""
        counted = update(pack_draft).where(pack_draft.c.id == draft).values(
            version=pack_draft.c.version + 1, changed_by=by, changed_us=micros(at)
        )  # fmt: skip
        version: int = self._sql.execute(counted.returning(pack_draft.c.version)).scalar_one()
        self._write(draft, changes, version, by, at)
        return version

    def note_handed_in(self, draft: str, digest: str) -> None:
        """Write down which release came of a draft."""
        self._sql.execute(update(pack_draft).where(pack_draft.c.id == draft).values(handed_in=digest))

    def drop_pack_draft(self, draft: str) -> None:
        """Forget a draft with everything it ever said."""
        self._sql.execute(delete(pack_draft_file).where(pack_draft_file.c.draft == draft))
        self._sql.execute(delete(pack_draft).where(pack_draft.c.id == draft))

    def _write(
        self, draft: str, texts: Mapping[str, bytes | None] | Mapping[str, bytes], version: int, by: str, at: datetime
    ) -> None:
        rows = [
            {"draft": draft, "path": path, "version": version, "content": content, "saved_by": by, "saved_us": micros(at)}
            for path, content in sorted(texts.items())
        ]
        if rows:
            self._sql.execute(insert(pack_draft_file), rows)


def _draft(row: Row[tuple[object, ...]]) -> PackDraft:
    return PackDraft(
        draft=row.id, pack=row.pack, base=row.base, note=row.note, version=row.version, made_by=row.made_by,
        made=instant(row.made_us), changed_by=row.changed_by, changed=instant(row.changed_us), handed_in=row.handed_in,
    )  # fmt: skip


def _file(row: Row[tuple[object, ...]]) -> DraftFile:
    return DraftFile(
        path=row.path, version=row.version, content=row.content, saved_by=row.saved_by, saved=instant(row.saved_us)
    )
