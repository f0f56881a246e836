"""Drafts of packs: begun, changed with both eyes on who else changes them, checked, compared, handed in. Owners only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from api.problems import finding, language
from api.rest.asked import procedures as s
from api.rest.endpoint import Api, seen
from api.rest.packs import Found
from api.rest.twice import Twice
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.drafting import (
    Choices,
    Consequence,
    DraftMovedOn,
    DraftTooLarge,
    FileDifference,
    FileNameWrong,
    NothingChanged,
    choices_of,
    consequences,
    difference,
    differences,
)
from engine.findings import Refused
from engine.gate import GateBusy
from engine.release import Release, written
from engine.shelf import read_form
from engine.store import DraftFileNotFound, DraftNotFound, PackDraft, PackNotFound, ReleaseNotFound

api = Api()
#: How long a check waits for its turn, in seconds: editors ask after each pause, and who waits holds up others.
PATIENCE = 2.0
_KNOWN = (DraftNotFound, NotAuthorised)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A file of a draft, without its text."""

    path: str
    #: The save that brought its text.
    version: int
    saved_by: str
    saved: datetime
    #: Whether the shared folders say the same.
    shared: bool
    #: Whether it is not as in the release in force.
    changed: bool


@api.operation(
    "GET", "/drafts", "Drafts of the packs you own, the one changed last first", tag="drafts", query=s.DraftQuery,
    gives={"drafts": tuple[PackDraft, ...]},
)  # fmt: skip
def drafts(parts: Parts, query: dict[str, Any]) -> Any:
    return {"drafts": tuple(parts.drafting.drafts(g.actor, query["pack"]))}


@api.operation(
    "POST", "/drafts", "Begin a draft: from a release of a pack, or of files", tag="drafts", body=s.NewDraft, gives=PackDraft,
    refuses=(PackNotFound, ReleaseNotFound, NotAuthorised, Refused, FileNameWrong, DraftTooLarge), status=201,
    example={"pack": "office", "note": "shorter limits"},
)  # fmt: skip
def begin_draft(parts: Parts, body: dict[str, Any]) -> Any:
    if body["files"] is not None:
        files = {path: written(text) for path, text in body["files"].items()}
        return parts.drafting.begin_with(files, g.actor, note=body["note"])
    return parts.drafting.begin(body["pack"], g.actor, release=body["release"], note=body["note"])


@api.operation(
    "GET", "/drafts/{draft}", "A draft and its files", tag="drafts",
    gives={"draft": PackDraft, "files": tuple[Held, ...], "missing": tuple[str, ...]}, refuses=_KNOWN,
)  # fmt: skip
def one_draft(parts: Parts, draft: str) -> Any:
    view = parts.drafting.view(draft, g.actor)
    held = tuple(
        Held(path=p, version=f.version, saved_by=f.saved_by, saved=f.saved, shared=p in view.shared, changed=p in view.changed)
        for p, f in view.files.items()
    )
    return {"draft": view.draft, "files": held, "missing": tuple(sorted(view.missing))}


@api.operation(
    "DELETE", "/drafts/{draft}", "Put a draft away for good; releases that came of it stay", tag="drafts",
    gives={"draft": str}, refuses=_KNOWN,
)  # fmt: skip
def drop_draft(parts: Parts, draft: str) -> Any:
    parts.drafting.drop(draft, g.actor)
    return {"draft": draft}


@api.operation(
    "GET", "/drafts/{draft}/file", "The text of a file, as it is or as it was after a save", tag="drafts", query=s.DraftFileQuery,
    gives={"path": str, "version": int, "saved_by": str, "saved": datetime, "text": str}, refuses=(*_KNOWN, DraftFileNotFound),
)  # fmt: skip
def draft_file(parts: Parts, draft: str, query: dict[str, Any]) -> Any:
    found = parts.drafting.file(draft, query["path"], g.actor, query["version"])
    return {"path": found.path, "version": found.version, "saved_by": found.saved_by, "saved": found.saved, "text": found.content}


@api.operation(
    "PUT", "/drafts/{draft}/files", "Save texts; If-Match names the save they began from", tag="drafts", body=s.DraftTexts,
    gives=PackDraft, refuses=(*_KNOWN, DraftMovedOn, FileNameWrong, DraftTooLarge), versioned=True,
    example={"files": {"pack.yaml": "pack: office"}},
)  # fmt: skip
def save_draft_files(parts: Parts, draft: str, body: dict[str, Any]) -> Any:
    return parts.drafting.save(draft, _texts(body), g.actor, seen=seen(), names=body["names"])


@api.operation(
    "POST", "/drafts/{draft}/check", "What the gate says of the draft, with texts that are not saved yet; nothing is kept",
    tag="drafts", body=s.DraftTexts, gives={"passes": bool, "findings": tuple[Found, ...]},
    refuses=(*_KNOWN, FileNameWrong, GateBusy), example={"files": {}}, twice=Twice(never="nothing is kept"),
)  # fmt: skip
def check_draft(parts: Parts, draft: str, body: dict[str, Any]) -> Any:
    checked = parts.drafting.check(draft, g.actor, _texts(body), patience=PATIENCE)
    return {"passes": checked.passes, "findings": [finding(f, language()) for f in checked.findings]}


@api.operation(
    "GET", "/drafts/{draft}/choices", "What a diagram of the draft may name", tag="drafts", gives=Choices, refuses=_KNOWN,
)  # fmt: skip
def draft_choices(parts: Parts, draft: str) -> Any:
    files = {path: f.content or b"" for path, f in parts.drafting.view(draft, g.actor).files.items()}
    return choices_of(files, parts.drafting.shelf())


@api.operation(
    "GET", "/drafts/{draft}/difference", "What is not as in a release: elements, rules, lines", tag="drafts",
    query=s.AgainstQuery, gives={"against": str | None, "files": tuple[FileDifference, ...]}, refuses=(*_KNOWN, ReleaseNotFound),
)  # fmt: skip
def draft_difference(parts: Parts, draft: str, query: dict[str, Any]) -> Any:
    against, before, after = parts.drafting.sides(draft, g.actor, query["against"])
    return {"against": against, "files": differences(before, after)}


@api.operation(
    "GET", "/drafts/{draft}/consequences", "What changes for whom against a release, in sentences by role; the draft must be readable",
    tag="drafts", query=s.AgainstQuery, gives={"against": str | None, "told": tuple[Consequence, ...]},
    refuses=(*_KNOWN, ReleaseNotFound, Refused),
)  # fmt: skip
def draft_consequences(parts: Parts, draft: str, query: dict[str, Any]) -> Any:
    against, before, after = parts.drafting.sides(draft, g.actor, query["against"])
    return {"against": against, "told": consequences(Release.of(before), Release.of(after), read_form) if against else ()}


@api.operation(
    "POST", "/drafts/{draft}/compare", "How a text that is not saved differs from the file as it was saved last", tag="drafts",
    body=s.DraftText, gives={"path": str, "file": FileDifference}, refuses=(*_KNOWN, DraftFileNotFound),
    example={"path": "pack.yaml", "text": "pack: office"}, twice=Twice(never="nothing is kept"),
)  # fmt: skip
def compare_draft(parts: Parts, draft: str, body: dict[str, Any]) -> Any:
    saved = parts.drafting.file(draft, body["path"], g.actor)
    return {"path": saved.path, "file": difference(saved.path, saved.content, written(body["text"]))}


@api.operation(
    "POST", "/drafts/{draft}/hand-in", "Make a release of the draft, for a second person to publish", tag="drafts", body=s.HandIn,
    gives={"digest": str}, refuses=(*_KNOWN, Refused, NothingChanged, GateBusy), example={"note": "shorter limits"}, twice=Twice(late=True),
)  # fmt: skip
def hand_in_draft(parts: Parts, draft: str, body: dict[str, Any]) -> Any:
    return {"digest": parts.drafting.hand_in(draft, g.actor, body["note"])}


def _texts(body: dict[str, Any]) -> dict[str, bytes | None]:
    return {path: None if text is None else written(text) for path, text in body["files"].items()}
