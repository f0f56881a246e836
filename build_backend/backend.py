"""setuptools, plus two steps: the diagram editor is built, and a wheel brings along what is no Python — pages, packs, the form library.

Everything else is in setup.cfg. An editable install needs none of this: it reads the checkout itself.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from setuptools import build_meta as base
from setuptools.build_meta import *  # noqa: F403 - the standard hooks

sys.path.insert(0, str(Path(__file__).parent))
from bundle import NODE_WHEEL, bundle

_ROOT = Path(__file__).resolve().parent.parent
#: What travels, beside the packages, at the same place as in the checkout.
_BROUGHT = (
    ("web/templates", ("*.html",)),
    ("web/scripts", ("*.js",)),
    ("web/styles", ("*.css", "*.svg")),
    ("web/dist", ("*.js", "*.css", "*.woff2", "*.txt")),
    ("bpmn/packs", ("*.yaml", "*.bpmn", "*.dmn", "*.toml")),
    ("bpmn/shared", ("*.yaml", "*.bpmn", "*.dmn", "*.toml")),
    ("forms/library", ("*.yaml",)),
    ("api/demo", ("*.yaml", "*.json", "*.jsonl", "*.txt")),
)


def get_requires_for_build_wheel(config_settings: Mapping[str, Any] | None = None) -> list[str]:
    """Where there is no npm, Node.js comes into the build's own environment and goes with it."""
    required: list[str] = base.get_requires_for_build_wheel(config_settings)
    return required if shutil.which("npm") else [*required, NODE_WHEEL]


def build_wheel(
    wheel_directory: str, config_settings: Mapping[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """The wheel of setuptools with our files in it, and the editor where it can be built."""
    trouble = bundle()
    if trouble:
        print(f"The diagram editor was not built and is not in the wheel. {trouble}", file=sys.stderr)
    name: str = base.build_wheel(wheel_directory, config_settings, metadata_directory)
    _bring_along(Path(wheel_directory) / name)
    return name


def _brought() -> Iterator[tuple[str, bytes]]:
    for folder, patterns in _BROUGHT:
        for pattern in patterns:
            for path in sorted((_ROOT / folder).rglob(pattern)):
                yield path.relative_to(_ROOT).as_posix(), path.read_bytes()


def _bring_along(wheel: Path) -> None:
    """Write the wheel anew, with our files before its RECORD, and a RECORD that names them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / wheel.name
        with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
            record = next(n for n in old.namelist() if n.endswith(".dist-info/RECORD"))
            rows = old.read(record).decode("utf-8")
            for info in old.infolist():
                if info.filename != record:
                    new.writestr(info, old.read(info))
            there = set(old.namelist())
            for path, content in _brought():
                if path not in there:
                    new.writestr(path, content)
                    rows += _row(path, content)
            new.writestr(record, rows)
        shutil.move(copy, wheel)


def _row(path: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(content)}\n"
