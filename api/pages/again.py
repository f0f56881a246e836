"""Signed in again in the middle of a form: what was typed is carried through the sign-in, in the page itself."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Request, render_template

#: More than this is not carried along, in characters.
MOST = 400_000
_OURS = ("csrf", "key", "on_behalf_of")
#: What browsers say of a form that one of our own pages sent; no page of another site can make them say so.
_OWN = "same-origin"


def kept(request: Request) -> str:
    """What a form said, as one text; files are not in it, nor is anything another site had a browser send."""
    if _foreign(request):
        return ""
    pairs = [(key, value) for key, value in request.form.items(multi=True) if key not in _OURS]
    text = urlencode(pairs)
    return text if len(text) <= MOST else ""


def carried(request: Request) -> str:
    """What the page to sign in has carried so far."""
    return "" if _foreign(request) else request.form.get("kept", "")


def _foreign(request: Request) -> bool:
    return request.headers.get("Sec-Fetch-Site", _OWN) != _OWN


def outdated(request: Request) -> str:
    """What a form of ours said whose page is older than the sign-in, made in another window, say; "" where it may be anybody's."""
    return kept(request) if request.headers.get("Sec-Fetch-Site") == _OWN else ""


def page(path: str, text: str) -> str:
    """Asks to go on where the sign-in ran out."""
    pairs = parse_qsl(text, keep_blank_values=True)
    act = dict(pairs).get("act", "")
    return render_template(
        "again.html", path=path, pairs=[pair for pair in pairs if pair[0] != "act"], act=act, form=is_form(path)
    )


def is_form(path: str) -> bool:
    """Whether the address shows the form again when it is asked to."""
    parts = path.partition("?")[0].strip("/").split("/")
    return (len(parts) == 4 and parts[0] == "cases" and parts[2] == "tasks") or (len(parts) == 2 and parts[0] == "new")


def ours(path: str) -> str:
    """The path if it is one of this site, else the first page."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and not any(ord(c) < 33 for c in path)
    return path if safe else "/"
