"""Settings of an installation: from the environment (`KESU_…`) or from a TOML file; unknown names are refused."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import engine
from engine.errors import EngineError


class SettingRefused(EngineError):
    """The setting {name} is refused: {said}"""

    zh = "设置 {name} 无效：{said_zh}"


class SettingUnknown(SettingRefused):
    """There is no setting {name}. Did you mean {meant}? All settings are listed in docs/operation.md and by `kesu serve --settings`."""

    zh = "没有名为 {name} 的设置。是否指 {meant}？全部设置见 docs/operation.md，或运行 kesu serve --settings。"


def _home() -> Path:
    """Where bpmn/, web/ and forms/library are: the checkout, or what the wheel brought along."""
    return Path(engine.__file__).resolve().parent.parent


def _setting(doc: str, default: Any, **more: Any) -> Any:
    return field(default=default, metadata={"doc": doc, **more})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    database: str = _setting(
        "Database: `sqlite:///file` or `postgresql://user:password@host/name`", "sqlite:///kesu.db"
    )
    host: str = _setting("Address to listen on", "127.0.0.1")
    port: int = _setting("Port to listen on", 8080, least=0, most=65535)
    threads: int = _setting("Requests answered at the same time", 8, least=1, most=256)
    node: str = _setting("Name of this node among several on one database", "node-1")
    lease_seconds: int = _setting("How long a claimed job is a node's own unless it renews the claim", 30, least=3, most=3600)
    busy_after_seconds: int = _setting("Age of the oldest due job from which new complaints are turned away (429)", 300, least=1, most=86_400)
    bpmn: Path = _setting("Folder with packs/ and shared/", _home() / "bpmn", holds="packs")
    forms: Path = _setting("Folder of the form library", _home() / "forms" / "library", holds="*.yaml")
    web: Path = _setting("Folder with templates, styles and scripts", _home() / "web", holds="templates")
    outbox: Path = _setting("Folder for letters, unless mail_host is set", Path("outbox"))
    mail_host: str = _setting("SMTP host for letters; empty: they go to the outbox folder", "")
    mail_port: int = _setting("SMTP port", 25, least=1, most=65535)
    mail_from: str = _setting("Sender of letters", "kesu@localhost")
    secure_cookies: bool = _setting("Send session cookies over HTTPS only; switch on behind HTTPS", False)
    session_hours: int = _setting("Hours until a session ends", 12, least=1, most=24 * 365)
    draft_days: int = _setting("Days a half-filled form is kept after it was last saved", 90, least=1, most=3650)
    metrics_token: str = _setting("Bearer token with which Prometheus reads /metrics; empty: administrators alone read it", "")
    log_format: str = _setting(
        "Logs as `text` or, for machines, as `json`, one event a line", "text", among=("text", "json")
    )
    log_level: str = _setting(
        "Least level that is logged: `debug`, `info`, `warning` or `error`", "info",
        among=("debug", "info", "warning", "error"),
    )  # fmt: skip
    simulated_clock: bool = _setting("Time stands still until POST /clock moves it; never in production", False)
    start: str = _setting(
        "First instant of the simulated clock, ISO 8601 with zone", "2026-01-05T00:30:00Z", instant=True
    )

    @classmethod
    def load(cls, given: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from the command line over the environment over the file that KESU_CONFIG names.

        Raises:
            SettingRefused: unknown name or unfit value.
        """
        environ = os.environ if environ is None else environ
        found: dict[str, tuple[str, Any]] = {}
        if config := environ.get("KESU_CONFIG"):
            found |= {name: (f"{name} ({config})", value) for name, value in _file(Path(config)).items()}
        found |= {
            name.removeprefix("KESU_").lower(): (name, value)
            for name, value in environ.items()
            if name.startswith("KESU_") and name not in _NOT_OURS
        }
        found |= {name: (f"--{name.replace('_', '-')}", value) for name, value in given.items() if value is not None}
        known = {f.name: f for f in fields(cls)}
        for name, (said, _) in found.items():
            if name not in known:
                meant = difflib.get_close_matches(name, known, n=1, cutoff=0.5) or ["port"]
                raise SettingUnknown(
                    name=said, meant=f"KESU_{meant[0].upper()}" if said.startswith("KESU_") else meant[0]
                )
        return cls(
            **{
                name: _converted(said, value, known[name].default, known[name].metadata)
                for name, (said, value) in found.items()
            }
        )


#: Names of ours that are no settings of the service.
_NOT_OURS = frozenset({"KESU_CONFIG", "KESU_VENV", "KESU_NIGHTLY", "KESU_TRACEBACK", "KESU_PROOF"})


def described() -> list[tuple[str, str, str]]:
    """Each setting by its name in the environment, its default, and what it is for; paths relative to the installation."""
    home = f"{_home()}/"
    return [(f"KESU_{f.name.upper()}", str(f.default).removeprefix(home), f.metadata["doc"]) for f in fields(Settings)]


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        said = f"{path}: {error.strerror if isinstance(error, OSError) else error}"
        raise SettingRefused(name="KESU_CONFIG", said=said, said_zh=said) from error


def _converted(name: str, value: Any, default: Any, rules: Mapping[str, Any]) -> Any:
    try:
        converted = _typed(value, default)
        _fits(converted, rules)
        return converted
    except (KeyError, TypeError, ValueError) as error:
        shown, among = repr(value), "、".join(rules.get("among", ()))
        if "holds" in rules:  # a folder beside the right one would pass, and every pack be refused for what it lacks
            raise SettingRefused(
                name=name, said=f"{value} holds no {rules['holds']}; the default is {default!s}.",
                said_zh=f"{value} 中没有 {rules['holds']}；默认为 {default!s}。",
            ) from error
        if "least" in rules:
            among = f"{rules['least']} … {rules['most']}"
        raise SettingRefused(
            name=name,
            said=f"{shown} does not fit; {f'possible are {among}; ' if among else ''}the default is {default!s}.",
            said_zh=f"{shown} 不合适；{f'可用 {among}；' if among else ''}默认为 {default!s}。",
        ) from error


def _typed(value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
        return words[str(value).lower()]
    if isinstance(value, list | dict) or (isinstance(value, bool) and not isinstance(default, bool)):
        raise TypeError
    if isinstance(default, int):
        return int(value)
    return Path(value) if isinstance(default, Path) else str(value)


def _fits(value: Any, rules: Mapping[str, Any]) -> None:
    if "among" in rules and value not in rules["among"]:
        raise ValueError
    if "least" in rules and not rules["least"] <= value <= rules["most"]:
        raise ValueError
    if "holds" in rules and not any(value.glob(rules["holds"])) and (not value.is_dir() or any(value.glob(f"*/{rules['holds']}"))):
        raise ValueError  # an empty folder may be meant; one that lies above the right one is not
    if "instant" in rules and datetime.fromisoformat(value).tzinfo is None:
        raise ValueError
