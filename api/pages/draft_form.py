"""The designer of a form in a draft: its fields as rows, beside the form as people will see it. What is saved is the owner's text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.draft_files import rival_page, written_text
from api.pages.drafts import studio
from api.pages.sheet import sheet
from api.wiring import Parts
from engine.drafting import DraftMovedOn
from engine.drafting.designing import FieldRow, redrawn, rows_of
from engine.errors import EngineError
from engine.feel import Context
from engine.findings import Finding, Refused
from engine.policy import Label
from engine.release import yaml_of
from forms import TYPES, Form

#: Rows on a page at most; a form has some twenty.
MOST = 200
#: Types that ask nothing of anybody.
SILENT = ("section", "note", "show", "computed")
_WHOLE, _BROKEN = re.compile(r"-?\d{1,15}"), re.compile(r"-?\d{1,15}\.\d{1,10}")
_MOVE = re.compile(r"(up|down|remove|after)-(\d{1,3})")


def blueprint(parts: Parts) -> Blueprint:
    """The designer."""
    pages = Blueprint("draft_form_pages", __name__)

    @pages.get("/packs/drafts/<draft>/form")
    def show(draft: str) -> Answer | str:
        path = request.args.get("path", "")
        file = parts.drafting.file(draft, path, g.actor)
        text = written_text(file)
        rows = rows_of(text, path)
        if rows is None:
            return redirect(f"/packs/drafts/{draft}/file?path={path}&as=text&said=no_rows")
        return _page(parts, draft, path, text, rows, file.version)

    @pages.post("/packs/drafts/<draft>/form")
    def act(draft: str) -> Answer | tuple[str, int] | str:
        path, seen = request.form.get("path", ""), request.form.get("seen", 0, type=int)
        base = written_text(parts.drafting.file(draft, path, g.actor, seen or None))
        before, doing = rows_of(base, path), request.form.get("act", "")
        if before is None:
            return redirect(f"/packs/drafts/{draft}/file?path={path}&as=text&said=no_rows")
        rows, opened = _acted(_sent(before), doing)
        text = redrawn(base, path, rows, {lang: request.form.get(f"title-{lang}", "").strip() for lang in ("zh", "en")})
        if doing == "check":
            found = tuple(f for f in parts.drafting.check(draft, g.actor, {path: text.encode()}).findings if f.file == path)
            return _page(parts, draft, path, text, rows, seen, checked=found)
        if doing != "save":
            return _page(parts, draft, path, text, rows, seen, opened=opened)
        try:
            saved = parts.drafting.save(draft, {path: text.encode()}, g.actor, seen=seen)
        except DraftMovedOn as moved:
            return rival_page(parts, draft, path, text, moved), 409
        except EngineError as error:
            return _page(parts, draft, path, text, rows, seen, trouble=error), 422
        said = "draft_saved" if saved.version > seen else "draft_same"
        return redirect(f"/packs/drafts/{draft}/form?path={path}&said={said}")

    return pages


def _page(
    parts: Parts, draft: str, path: str, text: str, rows: Sequence[FieldRow], version: int, *, opened: int | None = None,
    checked: tuple[Finding, ...] | None = None, trouble: EngineError | None = None,
) -> str:  # fmt: skip
    view = parts.drafting.view(draft, g.actor)
    found, drawn = list(checked or ()), None
    try:
        form = Form.read(text.encode(), path, roles=_roles(view.files["pack.yaml"].content if "pack.yaml" in view.files else b""))
        drawn = sheet(form, form.filled({}), {}, Context(now=parts.clock.now()))
    except Refused as refused:
        found = [*refused.findings, *(f for f in found if f not in refused.findings)]
    title = yaml_of(text.encode(), path).get("title")
    return render_template(
        "draft_form.html", **studio(parts, view), path=path, version=version, rows=rows, sheet=drawn, types=tuple(TYPES), silent=SILENT,
        form_title=title if isinstance(title, dict) else {}, findings=found, trouble=trouble, shared=path in view.shared, opened=opened,
        checked=checked is not None, wrong={str(row.facts.get("name") or f"fields[{n}]"): _of(found, row, n) for n, row in enumerate(rows, 1)},
        options_of=_options_told, rule_of=_rule_told,
    )  # fmt: skip


def _of(found: Sequence[Finding], row: FieldRow, place: int) -> list[Finding]:
    """What is wrong with one field."""
    names = {str(row.facts.get("name") or ""), f"fields[{place}]"} - {""}
    return [f for f in found if f.element in names or any(f.element.startswith((f"{n}.", f"{n} ")) for n in names)]


def _roles(pack: bytes | None) -> dict[str, Label]:
    """The roles of the draft, as far as they can be read."""
    try:
        said = yaml_of(pack or b"", "pack.yaml")
        listed = said.get("roles") if isinstance(said, dict) else None
        return {str(r): Label(zh=str(t.get("zh", r)), en=str(t.get("en", r))) for r, t in (listed or {}).items() if isinstance(t, dict)}
    except (Refused, AttributeError):
        return {}


# --- what a browser sends -------------------------------------------------------------------------------


def _sent(before: Sequence[FieldRow]) -> list[FieldRow]:
    count = min(request.form.get("rows", 0, type=int), MOST)
    return [_row(n, before) for n in range(count)]


def _row(n: int, before: Sequence[FieldRow]) -> FieldRow:
    def said(key: str) -> str:
        return request.form.get(f"f{n}-{key}", "").strip().replace("\r\n", "\n")

    facts: dict[str, Any] = {key: value for key in ("name", "type", "when", "value", "result", "pattern", "personal", "role") if (value := said(key))}
    for key in ("label", "hint"):
        if said(f"{key}-zh") or said(f"{key}-en"):
            facts[key] = {"zh": said(f"{key}-zh"), "en": said(f"{key}-en")}
    match said("required"):
        case "yes":
            facts["required"] = True
        case "rule" if said("rule"):
            facts["required"] = said("rule")
        case "never":
            facts["required"] = False
    facts |= {key: True for key in ("readonly", "many") if said(key)}
    facts |= {key: _number(said(key)) for key in ("min", "max") if said(key)}
    if facts.get("type") in ("choice", "choices"):
        facts["options"] = _options(said("options"))
    origin = int(said("origin")) if said("origin").isdigit() else -1
    if not 0 <= origin < len(before):
        return FieldRow(origin=None, facts=facts)
    was = before[origin]
    # What reads as it did is as it was: nothing is written in another form because a page has shown it.
    kept = {k: was.facts[k] if k in was.facts and _told(was.facts[k]) == _told(v) else v for k, v in facts.items()}
    return FieldRow(origin=origin, facts=kept, others=was.others)


def _told(value: Any) -> str:
    return _options_told(value) if isinstance(value, list) else str(value)


def _number(text: str) -> Any:
    """A bound as the file would have it: a number, or whatever was written."""
    return int(text) if _WHOLE.fullmatch(text) else float(text) if _BROKEN.fullmatch(text) else text


def _options(text: str) -> list[dict[str, str]]:
    """One choice a line: value | Chinese | English."""
    found = []
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        value, zh, en, *_ = [part.strip() for part in line.replace("｜", "|").split("|")] + ["", "", ""]
        found.append({"value": value, "zh": zh or value, "en": en or zh or value})
    return found


def _options_told(options: Any) -> str:
    rows = options if isinstance(options, list) else []
    return "\n".join(f"{o.get('value')} | {o.get('zh', '')} | {o.get('en', '')}" for o in rows if isinstance(o, Mapping))


def _rule_told(required: Any) -> tuple[str, str]:
    """How a field is required ("", "yes", "never", "rule"), and the rule."""
    if isinstance(required, str):
        return "rule", required
    return {None: "", True: "yes", False: "never"}.get(required, ""), ""


def _acted(rows: list[FieldRow], act: str) -> tuple[list[FieldRow], int | None]:
    """The rows after a button was pressed, and the one to be looked at."""
    if act == "add" and len(rows) < MOST:
        return [*rows, _new(rows)], len(rows)
    if (found := _MOVE.fullmatch(act)) is None or (n := int(found[2])) >= len(rows):
        return rows, None
    match found[1]:
        case "up" if n:
            rows[n - 1], rows[n] = rows[n], rows[n - 1]
        case "down" if n + 1 < len(rows):
            rows[n + 1], rows[n] = rows[n], rows[n + 1]
        case "remove":
            del rows[n]
        case "after" if len(rows) < MOST:
            rows.insert(n + 1, _new(rows))
            return rows, n + 1
    return rows, None


def _new(rows: Sequence[FieldRow]) -> FieldRow:
    taken = {row.facts.get("name") for row in rows}
    name = next(f"field_{n}" for n in range(1, MOST + 2) if f"field_{n}" not in taken)
    return FieldRow(origin=None, facts={"name": name, "type": "text", "label": {"zh": "新栏目", "en": "New field"}})
