"""One file of a draft: a diagram on the canvas, decision tables in theirs, forms in rows (`draft_form`), anything else as text.

All are saved so that two owners lose nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.borrowed import STYLES
from api.pages.comparing import setting_name, value_name
from api.pages.drafts import studio
from api.signin import csrf_of
from api.wiring import Parts
from engine.drafting import Change, DraftMovedOn, TextLine, difference, side_by_side
from engine.drafting.designing import rows_of
from engine.errors import EngineError
from engine.findings import Finding
from engine.release import written
from engine.store import DraftFile, DraftFileNotFound

#: Files that have an editor of their own, by their ending: the page it is on.
_EDITORS = {".bpmn": "draft_diagram.html", ".dmn": "draft_table.html"}
#: Where a message of the gate tells a line.
_LINE = re.compile(r"(?:line|第)\s*(\d+)")


@dataclass(frozen=True, kw_only=True)
class Rival:
    """What somebody else saved while this text was being written."""

    file: DraftFile
    lines: tuple[TextLine, ...]
    #: The same entry by entry: fields, limits, roles.
    entries: tuple[Change, ...] = ()


def blueprint(parts: Parts) -> Blueprint:
    """Files of drafts."""
    pages = Blueprint("draft_file_pages", __name__)

    @pages.get("/packs/drafts/<draft>/file")
    def show(draft: str) -> str | Answer:
        path = request.args.get("path", "")
        file = parts.drafting.file(draft, path, g.actor)
        if request.args.get("as") != "text" and editor_built(parts) and (page := _EDITORS.get(Path(path).suffix)):
            return _canvas(parts, draft, file, page)
        if path == "pack.yaml" and request.args.get("as") != "text":
            return redirect(f"/packs/drafts/{draft}/policy")
        if path.startswith("forms/") and request.args.get("as") != "text" and rows_of(written_text(file), path) is not None:
            return redirect(f"/packs/drafts/{draft}/form?path={quote(path)}")
        return _text(parts, draft, file.path, written_text(file), file.version)

    @pages.post("/packs/drafts/<draft>/file")
    def act(draft: str) -> Answer | tuple[str, int] | str:
        path, text, seen = request.form.get("path", ""), _text_sent(), request.form.get("seen", type=int)
        match request.form.get("act"):
            case "remove":
                parts.drafting.save(draft, {path: None}, g.actor)
                return redirect(f"/packs/drafts/{draft}?said=file_removed")
            case "check":
                findings = parts.drafting.check(draft, g.actor, {path: written(text)}).findings
                return _text(parts, draft, path, text, seen or 0, findings=tuple(findings))
            case "back":
                old = parts.drafting.file(draft, path, g.actor, request.form.get("version", type=int))
                parts.drafting.save(draft, {path: old.content}, g.actor)
                return redirect(_address(draft, path))
        try:
            saved = parts.drafting.save(draft, {path: written(text)}, g.actor, seen=seen)
        except DraftMovedOn as moved:
            return rival_page(parts, draft, path, text, moved), 409
        except EngineError as error:
            return _text(parts, draft, path, text, seen or 0, trouble=error), 422
        return redirect(f"{_address(draft, path)}&as=text&said={'draft_saved' if seen is None or saved.version > seen else 'draft_same'}")

    @pages.get("/packs/drafts/<draft>/texts")
    def texts(draft: str) -> str:
        path = request.args.get("path", "")
        found = parts.drafting.texts(draft, path, g.actor)
        version = request.args.get("version", type=int)
        shown = next((t for t in found if t.version == version), None)
        if not found or (version is not None and shown is None):
            raise DraftFileNotFound(draft=draft, path=path)
        return render_template(
            "draft_texts.html", **studio(parts, parts.drafting.view(draft, g.actor)), path=path, texts=found, shown=shown,
            written=written_text(shown) if shown else "",
        )  # fmt: skip

    return pages


def editor_built(parts: Parts) -> bool:
    """Whether set-up could build the editors of diagrams and of decision tables."""
    return all((parts.settings.web / "dist" / name).is_file() for name in ("editor.js", "tables.js"))


def _canvas(parts: Parts, draft: str, file: DraftFile, page: str) -> str:
    if file.path.endswith(".dmn"):
        g.styles = STYLES
    return render_template(
        page, **studio(parts, parts.drafting.view(draft, g.actor)), path=file.path, version=file.version,
        csrf=csrf_of(g.secret), stem=Path(file.path).stem,
    )  # fmt: skip


def rival_page(parts: Parts, draft: str, path: str, text: str, moved: DraftMovedOn) -> str:
    """A text that was not saved because somebody else saved the file meanwhile, beside theirs."""
    theirs = moved.theirs[0]
    both = written_text(theirs), text
    rival = Rival(
        file=theirs, lines=tuple(side_by_side(*(one.splitlines() for one in both))),
        entries=difference(path, *(written(one) for one in both)).entries,
    )  # fmt: skip
    return _text(parts, draft, path, text, theirs.version, rival=rival, trouble=moved)


def _text(
    parts: Parts, draft: str, path: str, text: str, version: int, *, findings: tuple[Finding, ...] | None = None,
    rival: Rival | None = None, trouble: EngineError | None = None,
) -> str:  # fmt: skip
    view = parts.drafting.view(draft, g.actor)
    drawn = Path(path).suffix in _EDITORS
    found = sorted(findings or (), key=lambda f: (f.file != path, f.severity))
    return render_template(
        "draft_text.html", **studio(parts, view), said_of=setting_name, value_of=value_name,
        path=path, text=text, version=version, rival=rival, trouble=trouble,
        checked=findings is not None, findings=[(f, _line_of(f, text) if f.file == path else None) for f in found],
        lines=text.count("\n") + 1, shared=path in view.shared,
        new=path not in view.files, drawn=drawn, unbuilt=drawn and not editor_built(parts),
    )  # fmt: skip


def _line_of(finding: Finding, text: str) -> int | None:
    """The line a finding speaks of: told by the gate, or where its element is written."""
    told = finding.detail.get("line")
    if isinstance(told, int) and told > 0:
        return told
    if said := _LINE.search(finding.en):
        return int(said[1])
    if not finding.element:
        return None
    name = re.escape(finding.element.rpartition(".")[2])
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(rf"(?<![\w-]){name}(?![\w-])", line):
            return number
    return None


def _text_sent() -> str:
    """A text as it is kept: browsers send lines that end as on old terminals."""
    return request.form.get("text", "").replace("\r\n", "\n")


def written_text(file: DraftFile) -> str:
    """What a file says, as text."""
    return (file.content or b"").decode("utf-8", "replace")


def _address(draft: str, path: str) -> str:
    return f"/packs/drafts/{draft}/file?path={quote(path)}"
