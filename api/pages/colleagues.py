"""Picking colleagues: what a search finds, and who is meant by a name that was typed. Names, and nothing else about them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, request

from api.pages import words
from api.problems import language
from api.wiring import Parts
from engine.store import Colleague
from forms import Field

#: So many are offered at once; whoever looks for another types more of the name.
MOST = 20
#: Longer texts are no names.
_LONGEST = 80


def blueprint(parts: Parts) -> Blueprint:
    """The search behind every control in which colleagues are picked."""
    pages = Blueprint("colleagues", __name__, url_prefix="/people")

    @pages.get("/find")
    def find() -> Response:
        return offered()

    return pages


def offered() -> Response:
    """What a control asks for: colleagues of the company that `g.parts` is."""
    text, role = request.args.get("q", ""), request.args.get("role") or None
    found = search(text, role, request.args.get("pack") or None)
    people = [{"name": one.name, "called": called(one)} for one in found[:MOST]]
    return jsonify({"people": people, "said": _said(len(found))})


def search(text: str, role: str | None, pack: str | None) -> list[Colleague]:
    """Colleagues by piece of name, one more than are offered where there are more."""
    with g.parts.store.look() as reading:
        zh = language().startswith("zh")
        found: list[Colleague] = reading.colleagues(text[:_LONGEST], role=role, pack=pack, zh=zh, limit=MOST + 1)
    return found


def source_of(one: Field) -> str:
    """Where the page asks for those who may be named in a field."""
    asked = {"role": one.role, "pack": g.get("pack")} if one.role else {}
    # A draft that is tried has people of its own.
    return str(g.get("people_at", "/people/find")) + ("?" + urlencode({k: v for k, v in asked.items() if v}) if asked else "")


def looked_for(key: str, role: str | None = None) -> tuple[str, list[Colleague], str, bool]:
    """Without script: what was typed into a control, what was found, that in words, and whether only that was asked.

    Args:
        key: what the control sends its colleagues as.
    """
    text = request.form.get(f"{key}.find", "").strip()[:_LONGEST] if request.method == "POST" else ""
    if not text:
        return "", [], "", False
    found = search(text, role, g.get("pack"))
    return text, found[:MOST], _said(len(found)), request.form.get("act") == "show"


def meant(text: str, one: Field | None = None) -> str:
    """The user name of who is meant by a name that was typed in full; the text itself where nobody is, or several are."""
    role = one.role if one else None
    found = search(text.strip(), role, g.get("pack"))
    exact = [c.name for c in found if text.strip().lower() in (c.name.lower(), c.zh.lower(), c.en.lower())]
    return exact[0] if len(exact) == 1 else text.strip()


def called(one: Colleague) -> str:
    """The colleague's name in the reader's language."""
    return one.zh if language().startswith("zh") else one.en


def _said(count: int) -> str:
    lang = language()
    if count > MOST:
        return words.word("people_more", lang).format(MOST)
    return words.word("people_found", lang).format(count) if count else words.word("people_none", lang)
