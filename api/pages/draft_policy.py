"""The settings of a pack in a draft, row by row: limits, roles, statuses, messages, parameters, numbering. What is saved is the owner's text."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.draft_files import rival_page, written_text
from api.pages.drafts import studio
from api.wiring import Parts
from engine.drafting import DraftMovedOn
from engine.drafting.sections import CHOICES, SECTIONS, SectionRow, changed, sections_of, without
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.policy import Policy
from engine.release import settings_of
from engine.store import DraftFileNotFound

PACK, BASE = "pack.yaml", "base.yaml"
Rows = dict[str, tuple[SectionRow, ...]]


def blueprint(parts: Parts) -> Blueprint:
    """The settings."""
    pages = Blueprint("draft_policy_pages", __name__)

    @pages.get("/packs/drafts/<draft>/policy")
    def show(draft: str) -> Answer | str:
        file = parts.drafting.file(draft, PACK, g.actor)
        return _page(parts, draft, written_text(file), file.version)

    @pages.post("/packs/drafts/<draft>/policy")
    def act(draft: str) -> Answer | tuple[str, int] | str:
        seen = request.form.get("seen", 0, type=int)
        before = written_text(parts.drafting.file(draft, PACK, g.actor, seen or None))
        text = _sent(before, _base(parts, draft))
        if request.form.get("act") == "check":
            found = parts.drafting.check(draft, g.actor, {PACK: text.encode()}).findings
            return _page(parts, draft, text, seen, checked=tuple(f for f in found if f.file == PACK))
        if request.form.get("act") != "save":
            return _page(parts, draft, text, seen)
        try:
            saved = parts.drafting.save(draft, {PACK: text.encode()}, g.actor, seen=seen)
        except DraftMovedOn as moved:
            return rival_page(parts, draft, PACK, text, moved), 409
        except EngineError as error:
            page = _page(parts, draft, text, seen, trouble=error)
            return (page, 422) if isinstance(page, str) else page
        return redirect(f"/packs/drafts/{draft}/policy?said={'draft_saved' if saved.version > seen else 'draft_same'}")

    return pages


def _base(parts: Parts, draft: str) -> bytes | None:
    try:
        return parts.drafting.file(draft, BASE, g.actor).content
    except DraftFileNotFound:
        return None


def _sent(text: str, base: bytes | None) -> str:
    """The text with what was entered on the page."""
    for section, rows in (sections_of(text.encode(), base) or {}).items():
        for row in rows:
            if request.form.get(f"drop|{section}|{row.id}"):
                text = without(text, base, section, row.id)
                continue
            names = {c.name: f"{section}|{row.id}|{c.name}" for c in row.columns}
            # A box that is not ticked is not sent; that its row was shown is told by what else was.
            if any(name in request.form for name in names.values()):
                text = changed(text, base, section, row.id, {c: request.form.get(n, "").strip() for c, n in names.items()})
        new = request.form.get(f"new|{section}", "").strip()
        if new:
            values = {c.name: request.form.get(f"new|{section}|{c.name}", "").strip() for c in SECTIONS[section]}
            text = changed(text, base, section, new, values)
    return text


def _page(
    parts: Parts, draft: str, text: str, version: int, *, checked: tuple[Finding, ...] | None = None, trouble: EngineError | None = None
) -> Answer | str:
    base = _base(parts, draft)
    rows: Rows | None = sections_of(text.encode(), base)
    if rows is None:
        return redirect(f"/packs/drafts/{draft}/file?path={PACK}&as=text&said=no_rows")
    found = list(checked or ())
    try:
        Policy.of(settings_of(text.encode(), base))
    except Refused as refused:
        found = [*refused.findings, *(f for f in found if f not in refused.findings)]
    view = parts.drafting.view(draft, g.actor)
    forms = sorted(p.removeprefix("forms/").removesuffix(".yaml") for p in view.files if p.startswith("forms/"))
    return render_template(
        "draft_policy.html", **studio(parts, view), path=PACK, version=version, sections=rows, columns=SECTIONS, choices=CHOICES, forms=forms,
        findings=found, checked=checked is not None, trouble=trouble, wrong=lambda section, row: _of(found, section, row),
    )  # fmt: skip


def _of(found: list[Finding], section: str, row: str) -> list[Finding]:
    """What is wrong with one row."""
    return [f for f in found if f.element in (row, f"{section}.{row}") or f.element.startswith((f"{section}.{row}.", f"{row}."))]
