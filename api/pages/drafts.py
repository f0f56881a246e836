"""Drafts of procedures: what is in one, what it changes, and handing it in. Its files have a page of their own (`draft_files`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, Response, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from api.pages import looks, words
from api.pages.painting import paint
from api.pages.parcel import packed, unpacked
from api.problems import language
from api.wiring import Parts
from engine.authority import NotAuthorised
from engine.casebook import DiagramView
from engine.diagram import Diagram
from engine.drafting import Consequence, DraftView, FileDifference, consequences, differences, names_in, titles_of
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.policy import Label
from engine.release import Release, tidy
from engine.shelf import read_form

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


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A file that is not as in force, with both its drawings where it is a diagram."""

    file: FileDifference
    counts: Counter[str]
    #: Title, drawing before, drawing now; an empty one where there is none.
    drawings: tuple[tuple[str, Markup, Markup], ...]


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
        against, before, after = parts.drafting.sides(draft, g.actor)
        compared = [_compared(one, before, after) for one in differences(before, after)]
        english = {} if language().startswith("zh") else {**names_in(before), **names_in(after)}
        return render_template(
            "draft_difference.html", **studio(parts, view), compared=compared, against=against, said_of=setting_name,
            whom=_whom(before, after) if against and compared else (),
            english=lambda name: " → ".join(english.get(part, part) for part in name.split(" → ")),
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
        answer.headers.set("Content-Disposition", "attachment", filename=f"{draft}.zip")
        return answer

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


def setting_name(what: str, kind: str = "set") -> str:
    """What a setting, or a kind of element, is called; its technical name where it has no other."""
    pair = words.WORDS.get(f"{kind}_{what}")
    return words.of(pair, language()) if pair else what.removeprefix("property:")


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


def _whom(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Consequence, ...] | None:
    """What changes for whom; None while the draft cannot be read as a whole."""
    try:
        return consequences(Release.of(before), Release.of(after), read_form)
    except EngineError:
        return None


def _compared(file: FileDifference, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Compared:
    drawings: tuple[tuple[str, Markup, Markup], ...] = ()
    if file.is_drawn:
        marks: dict[str, str] = {c.element: c.kind for c in file.changes}
        old, new = (_drawings(file.path, side, marks) for side in (before, after))
        drawings = tuple((name, old.get(name, Markup()), new.get(name, Markup())) for name in dict.fromkeys([*new, *old]))
    return Compared(file=file, counts=Counter(c.kind for c in file.changes), drawings=drawings)


def _drawings(path: str, side: Mapping[str, bytes], marks: Mapping[str, str]) -> dict[str, Markup]:
    """Title -> drawing, of every process in a file."""
    source = side.get(path)
    if source is None:
        return {}
    found, english = {}, names_in(side)
    for process in Diagram.read(source, path).processes.values():
        view = DiagramView(
            process=process.id, name=Label(zh=process.name, en=process.name), file=path, source=source, here={}, passed={},
            stuck=(), scope="", english=english,
        )  # fmt: skip
        title = looks.label(Label(zh=process.name or process.id, en=english.get(tidy(process.name), process.name or process.id)))
        found[title] = Markup(paint(view, title, lang=language(), marks=marks))
    return found
