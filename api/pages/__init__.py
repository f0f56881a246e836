"""Pages for people: server-rendered, calm, the same rules as the API."""

from __future__ import annotations

from flask import Flask

from api.signin import SignIn
from api.wiring import Parts


def register(app: Flask, parts: Parts, signin: SignIn) -> None:
    """Add the pages to the application."""
