"""The designer of a form in a draft: its fields as rows, beside the form as people will see it, and its paper. What is saved is the owner's text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.draft_files import rival_page, written_text
from api.pages.drafts import studio
from api.pages.sheet import sheet as filled
from api.paper import handing, sheet
from api.problems import language
from api.wiring import Parts
from engine.casebook import blank_paper
from engine.drafting import DraftMovedOn
from engine.drafting.designing import FieldRow, printed_of, redrawn, rows_of
from engine.errors import EngineError
from engine.feel import Context
from engine.findings import Finding, Refused
from engine.policy import Label
from engine.release import Release, yaml_of
from forms import TYPES, Form

#: Rows on a page at most; a form has some twenty.
MOST = 200
#: Columns of a table at most.
MOST_COLUMNS = 30
#: Types that ask nothing of anybody.
SILENT = ("section", "note", "show", "computed")
_WHOLE, _BROKEN = re.compile(r"-?\d{1,15}"), re.compile(r"-?\d{1,15}\.\d{1,10}")
_MOVE = re.compile(r"(up|down|remove|after)-(\d{1,3})(?:-(\d{1,2}))?")


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
    def act(draft: str) -> Answer | tuple[Answer, int] | tuple[str, int] | str:
        path, seen = request.form.get("path", ""), request.form.get("seen", 0, type=int)
        base = written_text(parts.drafting.file(draft, path, g.actor, seen or None))
        before, doing = rows_of(base, path), request.form.get("act", "")
        if before is None:
            return redirect(f"/packs/drafts/{draft}/file?path={path}&as=text&said=no_rows")
        rows, opened = _acted(_sent(before), doing)
        title = {lang: request.form.get(f"title-{lang}", "").strip() for lang in ("zh", "en")}
        text = redrawn(base, path, rows, title, _printed() if "parts" in request.form else None)
        if doing == "check":
            found = tuple(f for f in parts.drafting.check(draft, g.actor, {path: text.encode()}).findings if f.file == path)
            return _page(parts, draft, path, text, rows, seen, checked=found)
        if doing in ("paper", "pdf"):
            return _paper(parts, draft, path, text, rows, seen, doing)
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
        drawn = filled(form, form.filled({}), {}, Context(now=parts.clock.now()))
    except Refused as refused:
        found = [*refused.findings, *(f for f in found if f not in refused.findings)]
    title = yaml_of(text.encode(), path).get("title")
    return render_template(
        "draft_form.html", **studio(parts, view), path=path, version=version, rows=rows, sheet=drawn, types=tuple(TYPES), silent=SILENT,
        form_title=title if isinstance(title, dict) else {}, findings=found, trouble=trouble, shared=path in view.shared, opened=opened,
        checked=checked is not None, wrong={str(row.facts.get("name") or f"fields[{n}]"): _of(found, row, n) for n, row in enumerate(rows, 1)},
        options_of=_options_told, rule_of=_rule_told, told=_told, printed=_printed_told(printed_of(text, path)),
        entered=tuple(t for t in TYPES if t not in SILENT), forms=_forms(view.files),
    )  # fmt: skip


def _paper(parts: Parts, draft: str, path: str, text: str, rows: Sequence[FieldRow], seen: int, how: str) -> Answer | tuple[str, int] | str:
    """The blank sheet of the form, with what is not saved yet: on the screen, or as PDF."""
    try:
        release = Release.of(parts.drafting.contents(draft, g.actor, {path: text.encode()}))
        paper = blank_paper(release, PurePosixPath(path).stem, parts.clock.now(), language())
        if how == "pdf":
            return handing.paper_pdf(parts, paper)
    except EngineError as error:
        return _page(parts, draft, path, text, rows, seen, trouble=error), 422
    facts = sheet.facts(paper, 0, parts.clock.now(), person=handing.person(parts))
    return render_template("draft_paper.html", **studio(parts, parts.drafting.view(draft, g.actor)), **facts, path=path)


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


def _printed() -> dict[str, Any]:
    """How the form stands on paper: its name, its number, the forms on its sheet, who signs."""
    def said(key: str) -> str:
        return request.form.get(key, "").strip()

    places = [[one for one in place.replace("/", " ").split() if one] for place in said("parts").replace("，", ",").replace("\n", ",").split(",")]
    lines = [[part.strip() for part in line.replace("｜", "|").split("|")] for line in said("signs").splitlines() if line.strip()]
    return {
        "title": {"zh": said("paper-zh"), "en": said("paper-en")} if said("paper-zh") or said("paper-en") else None, "code": said("code"),
        "parts": [place[0] if len(place) == 1 else place for place in places if place],
        "signs": [{"zh": zh, "en": (*more, zh)[0]} for zh, *more in lines],
    }  # fmt: skip


def _printed_told(printed: Mapping[str, Any]) -> dict[str, str]:
    """The same as it stands on the page."""
    named = printed.get("title")
    title: Mapping[str, Any] = named if isinstance(named, Mapping) else {}
    listed = {key: printed[key] if isinstance(printed.get(key), list) else [] for key in ("parts", "signs")}
    return {
        "paper_zh": str(title.get("zh", "")), "paper_en": str(title.get("en", "")), "code": str(printed.get("code") or ""),
        "parts": ", ".join(" / ".join(map(str, one)) if isinstance(one, list) else str(one) for one in listed["parts"]),
        "signs": "\n".join(f"{one.get('zh', '')} | {one.get('en', '')}" for one in listed["signs"] if isinstance(one, Mapping)),
    }  # fmt: skip


def _sent(before: Sequence[FieldRow]) -> list[FieldRow]:
    count = min(request.form.get("rows", 0, type=int), MOST)
    return [_row(f"f{n}", before) for n in range(count)]


def _row(prefix: str, before: Sequence[FieldRow]) -> FieldRow:
    def said(key: str) -> str:
        return request.form.get(f"{prefix}-{key}", "").strip().replace("\r\n", "\n")

    plain = ("name", "type", "when", "value", "result", "pattern", "personal", "role", "currency")
    facts: dict[str, Any] = {key: value for key in plain if (value := said(key))}
    for key in ("label", "hint", "unit"):
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
    facts |= {key: _number(said(key)) for key in ("min", "max", "decimals") if said(key)}
    if said("default"):
        facts["default"] = _default(said("default"), said("type"))
    if facts.get("type") in ("choice", "choices"):
        facts["options"] = _options(said("options"))
    origin = int(said("origin")) if said("origin").isdigit() else -1
    was = before[origin] if 0 <= origin < len(before) else FieldRow(origin=None)
    columns: tuple[FieldRow, ...] = ()
    if facts.get("type") == "table":
        many = min(request.form.get(f"{prefix}-columns", 0, type=int), MOST_COLUMNS)
        columns = tuple(_row(f"{prefix}-c{n}", was.columns) for n in range(many)) or (_new(()),)
    if was.origin is None:
        return FieldRow(origin=None, facts=facts, columns=columns)
    # What reads as it did is as it was: nothing is written in another form because a page has shown it.
    kept = {k: was.facts[k] if k in was.facts and _told(was.facts[k]) == _told(v) else v for k, v in facts.items()}
    return FieldRow(origin=was.origin, facts=kept, others=was.others, columns=columns)


def _told(value: Any) -> str:
    return _options_told(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)


def _default(text: str, type_: str) -> Any:
    """What a field starts with, as the file would have it."""
    if type_ == "yesno" and text in ("true", "false"):
        return text == "true"
    return _number(text) if type_ in ("integer", "number", "money") else text


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
    if found[3] is None:
        return _moved(rows, found[1], n, MOST)
    if (m := int(found[3])) < len(rows[n].columns):
        rows[n] = replace(rows[n], columns=tuple(_moved(list(rows[n].columns), found[1], m, MOST_COLUMNS)[0]))
    return rows, n


def _moved(rows: list[FieldRow], act: str, n: int, most: int) -> tuple[list[FieldRow], int | None]:
    match act:
        case "up" if n:
            rows[n - 1], rows[n] = rows[n], rows[n - 1]
        case "down" if n + 1 < len(rows):
            rows[n + 1], rows[n] = rows[n], rows[n + 1]
        case "remove":
            del rows[n]
        case "after" if len(rows) < most:
            rows.insert(n + 1, _new(rows))
            return rows, n + 1
    return rows, None


def _forms(files: Mapping[str, Any]) -> list[str]:
    return sorted(PurePosixPath(path).stem for path in files if path.startswith("forms/"))


def _new(rows: Sequence[FieldRow]) -> FieldRow:
    taken = {row.facts.get("name") for row in rows}
    name = next(f"field_{n}" for n in range(1, MOST + 2) if f"field_{n}" not in taken)
    return FieldRow(origin=None, facts={"name": name, "type": "text", "label": {"zh": "新栏目", "en": "New field"}})
