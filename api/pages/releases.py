"""Procedures for those who own them: releases and what runs on each, files checked and handed in, published by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from api.filename import attached
from api.pages import looks
from api.pages.comparing import others, side_by_side
from api.pages.painting import paint
from api.pages.parcel import packed, unpacked
from api.problems import language
from api.wiring import Parts
from engine import authority
from engine.authority import OWNER, NotAuthorised
from engine.casebook import DiagramView, PackView
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.release import Release, gathered
from engine.store import ReleaseRow

#: Releases of a pack shown before somebody asks for all.
RECENT = 6


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A pack in the list."""

    pack: str
    #: What is in force; None: nothing yet.
    view: PackView | None
    rows: tuple[ReleaseRow, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the gate said of files that were sent."""

    #: Neither: they were only looked at.
    pack: str
    passes: bool
    findings: tuple[Finding, ...]


def blueprint(parts: Parts) -> Blueprint:
    """Procedures and their releases."""
    pages = Blueprint("release_pages", __name__)

    @pages.get("/packs")
    def every() -> str:
        return _list(parts)

    @pages.post("/packs")
    def receive() -> Answer | tuple[str, int]:
        return _receive(parts)

    @pages.get("/packs/releases/<digest>")
    def one(digest: str) -> str:
        release, row = _owned(parts, digest)
        return render_template(
            "release.html",
            release=release,
            row=row,
            title=release.policy.title,
            pictures=_pictures(release),
            files=[(path, len(content)) for path, content in sorted(release.files.items())],
            running=_running(parts).get(row.digest, 0),
            said=request.args.get("said"),
        )

    @pages.get("/packs/releases/<digest>/zip")
    def file(digest: str) -> Response:
        release, row = _owned(parts, digest)
        answer = Response(packed(dict(release.files)), mimetype="application/zip")
        return attached(answer, f"{row.pack}-{row.digest[:12]}.zip")

    @pages.get("/packs/releases/<digest>/difference")
    def difference(digest: str) -> str:
        release, row = _owned(parts, digest)
        rows = others(parts, row.pack, but=row.digest)
        against = next((r for r in rows if r.digest == request.args.get("against")), None) or _before(row, rows)
        with parts.store.look() as reading:
            files = reading.release(against.digest) if against else {}
        return render_template(
            "release_difference.html", row=row, title=release.policy.title, rows=rows, against=against,
            **side_by_side(files, release.files, told=against is not None),
        )  # fmt: skip

    @pages.post("/packs/releases/<digest>/publish")
    def publish(digest: str) -> Answer:
        parts.publishing.publish(digest, g.actor)
        return redirect(f"/packs/releases/{digest}?said=published")

    return pages


def _list(parts: Parts, *, checked: Checked | None = None, trouble: EngineError | None = None) -> str:
    authority.need_an_owner(g.actor)
    with parts.store.look() as reading:
        rows = [row for row in reading.releases() if _owns(row.pack)]
    views = {view.pack: view for view in parts.casebook.packs(g.actor)}
    names = sorted({row.pack for row in rows})
    every = request.args.get("all", "")
    procedures = []
    for name in names:
        own = [row for row in rows if row.pack == name]
        shown = own if every == name else [row for n, row in enumerate(own) if n < RECENT or row.in_force]
        procedures.append(
            Procedure(pack=name, view=views.get(name), rows=tuple(shown), more=len(own) - len(shown))
        )
    made, drafts = {row.digest: row for row in rows}, parts.drafting.drafts(g.actor)
    # What was changed after it was handed in is a draft again.
    became = {d.draft: made[d.handed_in] for d in drafts if d.handed_in in made and d.changed <= made[d.handed_in].made}
    return render_template(
        "releases.html", procedures=procedures, running=_running(parts), drafts=drafts, checked=checked, trouble=trouble,
        note=request.form.get("note", ""), became=became,
    )  # fmt: skip


def _receive(parts: Parts) -> Answer | tuple[str, int]:
    authority.need_an_owner(g.actor)
    try:
        own = unpacked(request.files.getlist("file"))
        if request.form.get("act") == "draft":
            made = parts.drafting.begin_with(own, g.actor, note=request.form.get("note", "")[:2000])
            return redirect(f"/packs/drafts/{made.draft}")
        # As `kesu propose` does: what the pack reaches in the shared folders comes along; its own files win.
        files = gathered(own, parts.settings.bpmn / "shared", parts.settings.forms)
        if request.form.get("act") == "check":
            looked = parts.publishing.look_at(files, g.actor)
            name = looked.release.pack if looked.release else ""
            checked = Checked(pack=name, passes=looked.passes, findings=tuple(looked.findings))
            return _list(parts, checked=checked), 200 if looked.passes else 422
        done = parts.publishing.propose(files, g.actor, request.form.get("note", "")[:2000])
    except Refused as refused:
        return _list(parts, checked=Checked(pack="", passes=False, findings=refused.findings)), 422
    except NotAuthorised:
        raise
    except EngineError as error:
        return _list(parts, trouble=error), 422
    assert done.release is not None  # else it was refused
    return redirect(f"/packs/releases/{done.release.digest}?said=handed_in_now")


def _owned(parts: Parts, digest: str) -> tuple[Release, ReleaseRow]:
    """A release of a pack the reader owns."""
    with parts.store.look() as reading:
        release = parts.shelf.release(digest, reading)
        authority.need_role(g.actor, release.pack, (OWNER,))
        row = next(row for row in reading.releases(release.pack) if row.digest == release.digest)
    return release, row


def _before(row: ReleaseRow, rows: Sequence[ReleaseRow]) -> ReleaseRow | None:
    """What one most likely wants to see a release against: what is in force, else what was in force before it."""
    earlier = [r for r in rows if r.published is not None and (row.published is None or r.published < row.published)]
    return next((r for r in rows if r.in_force), None) or next(iter(earlier), None)


def _running(parts: Parts) -> dict[str, int]:
    with parts.store.look() as reading:
        return reading.running_on(g.actor)


def _owns(pack: str) -> bool:
    return bool(g.actor.is_admin() or g.actor.has(pack, OWNER))


def _pictures(release: Release) -> list[tuple[str, str, Markup]]:
    """Name, file and drawing of every process, the main one first."""
    main = release.policy.process
    drawn = sorted(release.processes.items(), key=lambda one: (one[0] != main, one[1][0].file, one[0]))
    found = []
    for process, (diagram, facts) in drawn:
        name = release.written(facts.name or process)
        view = DiagramView(
            process=process, name=name, file=diagram.file, source=diagram.source, here={}, passed={}, stuck=(), scope="",
            english=release.english,
        )  # fmt: skip
        found.append((looks.label(name), diagram.file, Markup(paint(view, looks.label(name), lang=language()))))
    return found
