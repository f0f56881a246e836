"""Drafts of packs: begun from a release, changed file by file, checked, handed in.

Two owners may draw at once. Who saves names the save they started from; where somebody else has saved
the same file since, nothing is written and the answer holds the other's text. Every text stays to be
had again, so even who then saves over it destroys nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from engine import authority
from engine.authority import Actor
from engine.clock import Clock
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.gate import MOST_BYTES, MOST_FILES, PATIENCE, Checked, check_apart
from engine.publishing import Publishing
from engine.release import FOLDERS, SHARED_NAMES, gathered, named_in, yaml_of
from engine.store import DraftFile, PackDraft, Reading, ReleaseNotFound, Store, Transaction

#: The pack's own settings, and those of its base, which no draft changes.
_PACK, _BASE = "pack.yaml", "base.yaml"
#: Where names in English go in a pack that has none yet.
_NAMES = "names/english.yaml"
#: Longest name of a file, in characters.
_LONGEST = 120


class DraftMovedOn(EngineError):
    """{who} saved {paths} of this draft meanwhile. Nothing of yours is lost and nothing was written; compare, then save again."""

    zh = "{who} 在此期间保存了 {paths}。您的内容没有丢失，也没有写入；请对比后再保存。"

    def __init__(self, *, draft: str, theirs: tuple[DraftFile, ...]) -> None:
        #: What the others saved.
        self.theirs = theirs
        super().__init__(
            draft=draft,
            who=", ".join(sorted({file.saved_by for file in theirs})),
            paths=", ".join(file.path for file in theirs),
        )


class FileNameWrong(EngineError):
    """A draft cannot hold a file called {path}; it holds pack.yaml and files of diagrams, decisions, forms, calendars and names."""

    zh = "草稿中不能有文件 {path}；只放 pack.yaml 和 diagrams、decisions、forms、calendars、names 中的文件。"


class DraftTooLarge(EngineError):
    """A draft holds at most {files} files and {megabytes} MB."""

    zh = "草稿最多 {files} 个文件、{megabytes} MB。"


class NothingChanged(EngineError):
    """This draft says exactly what the release it was begun from says; there is nothing to hand in."""

    zh = "草稿与其来源版本完全相同，没有可提交的内容。"


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """A draft with its files."""

    draft: PackDraft
    #: By path.
    files: Mapping[str, DraftFile] = field(repr=False)
    #: Paths that say what the shared folders say: a change makes them the pack's own.
    shared: frozenset[str]
    #: Paths that do not say what the release in force says; None where nothing is in force.
    changed: frozenset[str]
    #: Files of the release in force that the draft has not.
    missing: frozenset[str]


class Drafting:
    """What can be done to a draft; every method is one transaction."""

    def __init__(self, store: Store, clock: Clock, publishing: Publishing, *, shared: Path, library: Path) -> None:
        """
        Args:
            shared: folder of the shared diagrams, tables and calendars.
            library: folder of the shared forms.
        """
        self._store, self._clock, self._publishing = store, clock, publishing
        self._shared, self._library = shared, library

    # --- reading ------------------------------------------------------------------------------------

    def drafts(self, actor: Actor, pack: str | None = None) -> list[PackDraft]:
        """The drafts of the packs the actor owns, the one changed last first."""
        with self._store.look() as reading:
            found = reading.pack_drafts(pack)
        return [d for d in found if actor.is_admin() or actor.has(d.pack, authority.OWNER)]

    def view(self, draft: str, actor: Actor) -> DraftView:
        """A draft with everything in it.

        Raises:
            DraftNotFound, NotAuthorised.
        """
        with self._store.look() as reading:
            found = _owned(reading.pack_draft(draft), actor)
            files = reading.pack_draft_files(draft)
            force = _in_force(reading, found.pack)
        return DraftView(
            draft=found,
            files=files,
            shared=frozenset(p for p, f in files.items() if self._shelved(p) == f.content),
            changed=frozenset(p for p, f in files.items() if force.get(p) != f.content),
            missing=frozenset(force.keys() - files.keys()),
        )

    def file(self, draft: str, path: str, actor: Actor, version: int | None = None) -> DraftFile:
        """A file of a draft as it is, or as it was after a save.

        Raises:
            DraftNotFound, DraftFileNotFound, NotAuthorised.
        """
        with self._store.look() as reading:
            _owned(reading.pack_draft(draft), actor)
            return reading.pack_draft_file(draft, path, version)

    def texts(self, draft: str, path: str, actor: Actor) -> list[DraftFile]:
        """Everything a file ever said, the latest first.

        Raises:
            DraftNotFound, NotAuthorised.
        """
        with self._store.look() as reading:
            _owned(reading.pack_draft(draft), actor)
            return reading.pack_draft_texts(draft, path)

    def contents(self, draft: str, actor: Actor, unsaved: Mapping[str, bytes | None] | None = None) -> dict[str, bytes]:
        """What would be handed in: the draft's files with what is not saved yet, and those they reach in the shared folders.

        Raises:
            DraftNotFound, NotAuthorised, FileNameWrong.
        """
        with self._store.look() as reading:
            _owned(reading.pack_draft(draft), actor)
            own = {path: file.content for path, file in reading.pack_draft_files(draft).items()}
        for path, content in (unsaved or {}).items():
            _need_good(path)
            own[path] = content
        return self._gathered({path: content for path, content in own.items() if content is not None})

    def sides(
        self, draft: str, actor: Actor, against: str | None = None
    ) -> tuple[str | None, Mapping[str, bytes], Mapping[str, bytes]]:
        """A release of the pack (None: the one in force) and the draft, to be compared: digest, its files, the draft's.

        Raises:
            DraftNotFound, ReleaseNotFound, NotAuthorised.
        """
        after = self.contents(draft, actor)
        with self._store.look() as reading:
            pack = reading.pack_draft(draft).pack
            digest = against or reading.packs().get(pack)
            if against is not None and against not in {row.digest for row in reading.releases(pack)}:
                raise ReleaseNotFound(digest=against)
            return digest, reading.release(digest) if digest else {}, after

    def shelf(self) -> dict[str, bytes]:
        """Everything in the shared folders a diagram may name: path -> content."""
        found = {f"forms/{p.name}": p.read_bytes() for p in sorted(self._library.glob("*.yaml"))}
        for folder in ("diagrams", "decisions"):
            found |= {f"{folder}/{p.name}": p.read_bytes() for p in sorted((self._shared / folder).iterdir()) if p.is_file()}
        return found

    # --- writing ------------------------------------------------------------------------------------

    def begin(self, pack: str, actor: Actor, *, release: str | None = None, note: str = "") -> PackDraft:
        """Begin a draft of a pack as a release of it says (None: the one in force).

        Raises:
            PackNotFound, ReleaseNotFound, NotAuthorised.
        """
        authority.need_role(actor, pack, (authority.OWNER,))
        with self._store.begin() as tx:
            digest = release or tx.current(pack)
            files = tx.release(digest)
            # A release of another pack would come in by its digest alone.
            pack = _pack_of(files)
            authority.need_role(actor, pack, (authority.OWNER,))
            return self._new(tx, pack, files, actor, base=digest, note=note)

    def begin_with(self, files: Mapping[str, bytes], actor: Actor, *, note: str = "") -> PackDraft:
        """Begin a draft with files of the owner's own, whatever the gate would say of them.

        Raises:
            Refused: its pack.yaml names no pack.
            NotAuthorised, FileNameWrong, DraftTooLarge.
        """
        for path in files:
            _need_good(path)
        pack = _pack_of(files)
        authority.need_role(actor, pack, (authority.OWNER,))
        whole = self._gathered(files)
        _need_size(whole)
        with self._store.begin() as tx:
            return self._new(tx, pack, whole, actor, base=None, note=note)

    def _new(
        self, tx: Transaction, pack: str, files: Mapping[str, bytes], actor: Actor, *, base: str | None, note: str
    ) -> PackDraft:
        draft = f"D-{tx.take_number('pack-draft', '')}"
        tx.new_pack_draft(draft, pack, files, base=base, note=note, by=actor.name, at=self._clock.now())
        return tx.pack_draft(draft)

    def save(
        self, draft: str, changes: Mapping[str, bytes | None], actor: Actor, *, seen: int | None = None,
        names: Mapping[str, str] | None = None,
    ) -> PackDraft:  # fmt: skip
        """Put these texts in place of the earlier ones; None takes a file out.

        Args:
            seen: the save the actor's texts began from; None: over whatever is there.
            names: what is drawn -> the same in English; goes into the pack's list of names.

        Raises:
            DraftMovedOn: somebody else saved one of these files since.
            DraftNotFound, NotAuthorised, FileNameWrong, DraftTooLarge.
        """
        for path in changes:
            _need_good(path)
            if path == _BASE:
                raise FileNameWrong(path=path)
        with self._store.begin() as tx:
            before = _owned(tx.hold_pack_draft(draft), actor)
            there = tx.pack_draft_files(draft)
            if seen is not None:
                _need_unmoved(tx, draft, there, changes, seen)
            new = dict(changes) | _with_names(there, names or {})
            # What is said again is no save: it would only hide who said it first.
            new = {path: text for path, text in new.items() if (there[path].content if path in there else None) != text}
            if not new:
                return before
            after = {path: file.content or b"" for path, file in there.items()} | {p: c or b"" for p, c in new.items()}
            _need_size(after)
            tx.save_pack_draft(draft, new, by=actor.name, at=self._clock.now())
            return tx.pack_draft(draft)

    def drop(self, draft: str, actor: Actor) -> None:
        """Put a draft away for good. Releases that came of it stay.

        Raises:
            DraftNotFound, NotAuthorised.
        """
        with self._store.begin() as tx:
            _owned(tx.hold_pack_draft(draft), actor)
            tx.drop_pack_draft(draft)

    # --- the gate -----------------------------------------------------------------------------------

    def check(
        self, draft: str, actor: Actor, unsaved: Mapping[str, bytes | None] | None = None, *, patience: float = PATIENCE
    ) -> Checked:
        """What the gate says of the draft, with texts that are not saved yet; nothing is kept.

        Args:
            patience: seconds to wait for a turn at the gate.

        Raises:
            DraftNotFound, NotAuthorised, FileNameWrong, GateBusy.
        """
        return check_apart(self.contents(draft, actor, unsaved), patience=patience)

    def hand_in(self, draft: str, actor: Actor, note: str = "") -> str:
        """Make a release of what the draft says, for a second person to publish; returns its digest.

        Raises:
            Refused: the gate found errors.
            NothingChanged: the release it was begun from says the same.
            DraftNotFound, NotAuthorised, GateBusy.
        """
        files = self.contents(draft, actor)
        with self._store.look() as reading:
            base = reading.pack_draft(draft).base
            own = {path: file.content for path, file in reading.pack_draft_files(draft).items()}
            if base is not None and reading.release(base) == own:
                raise NothingChanged
        done = self._publishing.propose(files, actor, note)
        assert done.release is not None  # else it was refused
        with self._store.begin() as tx:
            tx.note_handed_in(draft, done.release.digest)
        return done.release.digest

    # --- files --------------------------------------------------------------------------------------

    def _gathered(self, own: Mapping[str, bytes]) -> dict[str, bytes]:
        return gathered(own, self._shared, self._library)

    def _shelved(self, path: str) -> bytes | None:
        folder, _, name = path.partition("/")
        place = self._library / name if folder == "forms" else self._shared / path
        return place.read_bytes() if path not in (_PACK, _BASE) and place.is_file() else None


def _owned(draft: PackDraft, actor: Actor) -> PackDraft:
    authority.need_role(actor, draft.pack, (authority.OWNER,))
    return draft


def _in_force(reading: Reading, pack: str) -> Mapping[str, bytes]:
    digest = reading.packs().get(pack)
    return reading.release(digest) if digest else {}


def _need_unmoved(
    reading: Reading, draft: str, there: Mapping[str, DraftFile], changes: Mapping[str, bytes | None], seen: int
) -> None:
    theirs = []
    for path, text in changes.items():
        last = next(iter(reading.pack_draft_texts(draft, path)), None)
        # Who saved the very same text is no rival.
        if last is not None and last.version > seen and last.content != text:
            theirs.append(last)
    if theirs:
        raise DraftMovedOn(draft=draft, theirs=tuple(theirs))


def _with_names(there: Mapping[str, DraftFile], names: Mapping[str, str]) -> dict[str, bytes | None]:
    if not names:
        return {}
    path = next((p for p in sorted(there) if p.startswith("names/") and p != SHARED_NAMES), _NAMES)
    content = there[path].content if path in there else None
    return {path: named_in(content or b"", names)}


def _need_good(path: str) -> None:
    parts = PurePosixPath(path).parts
    good = len(path) <= _LONGEST and path.isprintable() and "\\" not in path
    if path in (_PACK, _BASE) and good:
        return
    if not good or len(parts) != 2 or ".." in parts or "/".join(parts) != path or not parts[1].endswith(FOLDERS.get(parts[0], "\0")):
        raise FileNameWrong(path=path[:_LONGEST])


def _need_size(files: Mapping[str, bytes]) -> None:
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise DraftTooLarge(files=MOST_FILES, megabytes=MOST_BYTES // 1_000_000)


def _pack_of(files: Mapping[str, bytes]) -> str:
    """The pack's name for itself.

    Raises:
        Refused: it has none.
    """
    said = yaml_of(files.get(_PACK, b""), _PACK)
    name = said.get("pack") if isinstance(said, dict) else None
    if not isinstance(name, str) or not name:
        raise Refused([_nameless()])
    return name


def _nameless() -> Finding:
    return Finding(code="pack-nameless", severity="error", file=_PACK, element="pack", zh="没有写明制度包的名称。",
                   en="does not say what the pack is called.", remedy_zh="加一行 pack: 名称。",
                   remedy_en="Add a line: pack: name.")  # fmt: skip
