"""Procedures in force, their forms, and releases: checked, handed in, published by a second pair of eyes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from api.problems import finding, language
from api.rest.asked import procedures as s
from api.rest.asked.tasks import IntakeAnswers
from api.rest.enclosures import enclosed
from api.rest.endpoint import Api
from api.rest.shapes import JSON_SCHEMA
from api.rest.twice import Twice
from api.showing import shown
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.casebook import PackView, ProcedureView, Sheet
from engine.findings import Refused
from engine.gate import GateBusy
from engine.policy import Label
from engine.publishing import SecondPairNeeded
from engine.release import written
from engine.shelf import FormNotFound
from engine.store import PackNotFound, ReleaseNotFound, ReleaseRow
from forms import Field, Form

api = Api()
_FORM = {"form": str, "id": str, "title": Label, "source": str, "fields": tuple[Field, ...], "schema": JSON_SCHEMA}


@dataclass(frozen=True, kw_only=True)
class Found:
    """Something the gate found in the owner's files."""

    code: str
    severity: str
    file: str
    element: str | None
    text: str
    remedy: str
    detail: dict[str, str]


@api.operation("GET", "/packs", "The procedures in force, each with its intake form", tag="packs", gives={"packs": tuple[PackView, ...]})
def packs(parts: Parts) -> Any:
    return {"packs": parts.casebook.packs(g.actor)}


@api.operation(
    "GET", "/packs/{pack}", "A procedure: roles and who holds them, limits, statuses, messages, registers, forms", tag="packs",
    gives=ProcedureView, refuses=(PackNotFound,),
)  # fmt: skip
def pack(parts: Parts, pack: str) -> Any:
    return parts.casebook.procedure(pack, g.actor)


@api.operation(
    "GET", "/packs/{pack}/intake", "The form a complaint is received on", tag="packs",
    gives=_FORM, refuses=(PackNotFound,),
)  # fmt: skip
def intake(parts: Parts, pack: str) -> Any:
    return _form(parts.casebook.intake_form(pack))


@api.operation(
    "POST", "/packs/{pack}/intake/check", "The intake form with these answers: shown, required, computed, refused; nothing is kept",
    tag="packs", body=IntakeAnswers, gives=Sheet, refuses=(PackNotFound,), example={"answers": {"subject": "门坏了"}},
    twice=Twice(never="nothing is kept"),
)  # fmt: skip
def check_intake(parts: Parts, pack: str, body: dict[str, Any]) -> Any:
    answers, files = enclosed(body["answers"])
    digests = {f.digest for f in files}
    return parts.casebook.intake_sheet(pack, answers, g.actor, channel=body["channel"], files=digests)


@api.operation(
    "GET", "/packs/{pack}/forms/{form}", "A form of the procedure", tag="packs",
    gives=_FORM, refuses=(PackNotFound, FormNotFound),
)  # fmt: skip
def form(parts: Parts, pack: str, form: str) -> Any:
    return _form(parts.casebook.form(pack, form))


@api.operation(
    "GET", "/releases", "Every release, the latest first, and which is in force", tag="releases", query=s.ReleaseQuery,
    gives={"releases": tuple[ReleaseRow, ...], "next": str | None},
)  # fmt: skip
def releases(parts: Parts, query: dict[str, Any]) -> Any:
    with parts.store.look() as reading:
        rows = sorted(reading.releases(query["pack"]), key=lambda row: (row.made, row.digest), reverse=True)
    # The mark of the next page is the digest this one ends with.
    ends = next((n for n, row in enumerate(rows, 1) if row.digest == query["cursor"]), 0)
    page = rows[ends : ends + query["limit"]]
    more = len(rows) > ends + len(page)
    return {"releases": page, "next": page[-1].digest if more and page else None}


@api.operation(
    "GET", "/releases/{digest}", "The files of a release: path -> text", tag="releases",
    gives={"digest": str, "files": Mapping[str, str]}, refuses=(ReleaseNotFound,),
)  # fmt: skip
def release_files(parts: Parts, digest: str) -> Any:
    with parts.store.look() as reading:
        return {"digest": digest, "files": reading.release(digest)}


@api.operation(
    "POST", "/releases", "Check the files of a pack, and hand them in: for owners and administrators", tag="releases", body=s.Files,
    gives={"digest": str | None, "passes": bool, "findings": tuple[Found, ...]}, refuses=(Refused, NotAuthorised, GateBusy),
    example={"files": {"pack.yaml": "pack: office"}, "check_only": True}, twice=Twice(late=True),
)  # fmt: skip
def propose(parts: Parts, body: dict[str, Any]) -> Any:
    files = {path: written(text) for path, text in body["files"].items()}
    publishing = parts.publishing
    checked = publishing.look_at(files, g.actor) if body["check_only"] else publishing.propose(files, g.actor, body["note"])
    return {
        "digest": checked.release.digest if checked.release else None,
        "passes": checked.passes,
        "findings": [finding(f, language()) for f in checked.findings],
    }


@api.operation(
    "POST", "/releases/{digest}/publish", "Put a release in force, as the second pair of eyes", tag="releases",
    gives={"digest": str, "pack": str}, refuses=(ReleaseNotFound, NotAuthorised, SecondPairNeeded),
)  # fmt: skip
def publish(parts: Parts, digest: str) -> Any:
    return {"digest": digest, "pack": parts.publishing.publish(digest, g.actor)}


def _form(found: Form) -> dict[str, Any]:
    return {"form": found.id, **shown(found), "schema": found.json_schema(language())}
