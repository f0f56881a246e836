"""Drafts of procedures: what is in one, what it changes, and handing it in. Its files have a page of their own (`draft_files`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.filename import attached
from api.pages import looks
from api.pages.comparing import others, side_by_side
from api.pages.parcel import packed, unpacked
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.drafting import DraftView, titles_of
from engine.errors import EngineError
from engine.findings import Finding, Refused

#: Groups of the tree: name of the text, folder, icon; "" is pack.yaml.
GROUPS = (
    ("kind_diagrams", "diagrams", "flow"), ("kind_decisions", "decisions", "table"), ("kind_forms", "forms", "form"),
    ("kind_policy", "", "rule"), ("kind_calendars", "calendars", "calendar"), ("kind_names", "names", "pen"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A file in the tree of a draft."""

    path: str
    name: str
    changed: bool
    shared: bool


@dataclass(frozen=True, kw_only=True)
class Branch:
    """Files of one kind."""

    word: str
    icon: str
    leaves: tuple[Leaf, ...]


def blueprint(parts: Parts) -> Blueprint:
    """Drafts as a whole."""
    pages = Blueprint("draft_pages", __name__)

    @pages.post("/packs/drafts")
    def begin() -> Answer:
        uploads = [u for u in request.files.getlist("file") if u.filename]
        note = request.form.get("note", "")[:2000]
        if uploads:
            made = parts.drafting.begin_with(unpacked(uploads), g.actor, note=note)
        else:
            made = parts.drafting.begin(
                request.form.get("pack", ""), g.actor, release=request.form.get("release") or None, note=note
            )
        return redirect(f"/packs/drafts/{made.draft}")

    @pages.get("/packs/drafts/<draft>")
    def one(draft: str) -> str:
        return _overview(parts, draft)

    @pages.get("/packs/drafts/<draft>/difference")
    def difference(draft: str) -> str:
        view = parts.drafting.view(draft, g.actor)
        against, before, after = parts.drafting.sides(draft, g.actor, request.args.get("against") or None)
        rows = others(parts, view.draft.pack)
        return render_template(
            "draft_difference.html", **studio(parts, view), **side_by_side(before, after, told=against is not None), against=against,
            rows=rows, in_force=any(row.in_force and row.digest == against for row in rows),
        )  # fmt: skip

    @pages.post("/packs/drafts/<draft>/hand-in")
    def hand_in(draft: str) -> Answer | tuple[str, int]:
        try:
            digest = parts.drafting.hand_in(draft, g.actor, request.form.get("note", "")[:2000])
        except Refused as refused:
            return _overview(parts, draft, findings=refused.findings), 422
        except NotAuthorised:
            raise
        except EngineError as error:
            return _overview(parts, draft, trouble=error), 422
        return redirect(f"/packs/releases/{digest}?said=handed_in_now")

    @pages.post("/packs/drafts/<draft>/drop")
    def drop(draft: str) -> Answer:
        parts.drafting.drop(draft, g.actor)
        return redirect("/packs")

    @pages.get("/packs/drafts/<draft>/zip")
    def file(draft: str) -> Response:
        files = parts.drafting.contents(draft, g.actor)
        answer = Response(packed(files), mimetype="application/zip")
        return attached(answer, f"{draft}.zip")

    return pages


def studio(parts: Parts, view: DraftView) -> dict[str, object]:
    """What the frame of every page of a draft shows."""
    with parts.store.look() as reading:
        running = reading.running_on(g.actor)
        own = {row.digest for row in reading.releases(view.draft.pack)}
    titles = {p.pack: p.title for p in parts.casebook.packs(g.actor)}
    return {
        "draft": view.draft,
        "pack_title": looks.label(titles.get(view.draft.pack)) or view.draft.pack,
        "tree": tree(view),
        "running": sum(n for digest, n in running.items() if digest in own),
        "changes": len(view.changed) + len(view.missing),
    }


def tree(view: DraftView) -> list[Branch]:
    """The files of a draft by kind; the pack's own before the shared ones."""
    found = []
    titles = titles_of({path: file.content or b"" for path, file in view.files.items()})
    for word, folder, icon in GROUPS:
        paths = [p for p in view.files if (p.partition("/")[0] if "/" in p else "") == folder and p != "base.yaml"]
        leaves = [
            Leaf(
                path=p, name=looks.label(titles.get(p)) or (PurePosixPath(p).stem if folder else p), changed=p in view.changed,
                shared=p in view.shared,
            )
            for p in sorted(paths, key=lambda p: (p in view.shared, p))
        ]
        if leaves:
            found.append(Branch(word=word, icon=icon, leaves=tuple(leaves)))
    return found


def _overview(
    parts: Parts, draft: str, *, findings: tuple[Finding, ...] = (), trouble: EngineError | None = None
) -> str:
    view = parts.drafting.view(draft, g.actor)
    if request.method == "GET" and request.args.get("check"):
        findings = tuple(parts.drafting.check(draft, g.actor).findings)
    return render_template(
        "draft.html", **studio(parts, view), findings=findings, trouble=trouble, checked=bool(request.args.get("check")),
        note=request.form.get("note", view.draft.note), missing=sorted(view.missing),
    )  # fmt: skip
