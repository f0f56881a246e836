"""Settings of an installation: from the environment (`KESU_…`) or from a TOML file; unknown names are refused."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import engine
from engine.errors import EngineError


class SettingRefused(EngineError):
    """The setting {name} is refused: {said}"""

    zh = "设置 {name} 无效：{said}"


def _home() -> Path:
    """Where bpmn/, web/ and forms/library are: the checkout, or what the wheel brought along."""
    return Path(engine.__file__).resolve().parent.parent


def _setting(doc: str, default: Any) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    database: str = _setting("Database: sqlite:///file or postgresql://user@host/name", "sqlite:///kesu.db")
    host: str = _setting("Address to listen on", "127.0.0.1")
    port: int = _setting("Port to listen on", 8080)
    threads: int = _setting("Requests answered at the same time", 8)
    node: str = _setting("Name of this node among several on one database", "node-1")
    bpmn: Path = _setting("Folder with packs/ and shared/", _home() / "bpmn")
    forms: Path = _setting("Folder of the form library", _home() / "forms" / "library")
    web: Path = _setting("Folder with templates, styles and scripts", _home() / "web")
    outbox: Path = _setting("Folder for letters, unless mail_host is set", Path("outbox"))
    mail_host: str = _setting("SMTP host for letters; empty: they go to the outbox folder", "")
    mail_port: int = _setting("SMTP port", 25)
    mail_from: str = _setting("Sender of letters", "kesu@localhost")
    secure_cookies: bool = _setting("Send session cookies over HTTPS only", False)
    session_hours: int = _setting("Hours until a session ends", 12)
    simulated_clock: bool = _setting("Time stands still until POST /clock moves it; never in production", False)
    start: str = _setting("First instant of the simulated clock, ISO 8601", "2026-01-05T00:30:00Z")

    @classmethod
    def load(cls, given: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from the command line over the environment over the file that KESU_CONFIG names.

        Raises:
            SettingRefused: unknown name or unfit value.
        """
        environ = os.environ if environ is None else environ
        found: dict[str, Any] = {}
        if config := environ.get("KESU_CONFIG"):
            found |= _file(Path(config))
        found |= {
            name.removeprefix("KESU_").lower(): value
            for name, value in environ.items()
            if name.startswith("KESU_") and name not in _NOT_OURS
        }
        found |= {name: value for name, value in given.items() if value is not None}
        known = {f.name: f for f in fields(cls)}
        for name in found:
            if name not in known:
                raise SettingRefused(name=name, said=f"unknown; known are {', '.join(known)}")
        return cls(**{name: _converted(name, value, known[name].default) for name, value in found.items()})


#: Names of ours that are no settings of the service.
_NOT_OURS = frozenset({"KESU_CONFIG", "KESU_VENV", "KESU_NIGHTLY"})


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingRefused(name="KESU_CONFIG", said=str(error)) from error


def _converted(name: str, value: Any, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            if isinstance(value, bool):
                return value
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]
        if isinstance(default, int):
            return int(value)
        return Path(value) if isinstance(default, Path) else str(value)
    except (KeyError, ValueError) as error:
        raise SettingRefused(name=name, said=f"{value!r} does not fit; the default is {default!r}") from error
