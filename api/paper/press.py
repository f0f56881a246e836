"""The press: pages become PDF and tables become workbooks in a process of its own.

The libraries that draw take a hundred megabytes and whatever time a document wants; the service keeps neither. The
printer sets its own limits before it reads anything, fetches nothing, and is gone when it has answered.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError

#: Seconds a document waits for its turn.
PATIENCE = 30.0
#: Documents at a time in one node: each takes a whole core.
_turns = threading.BoundedSemaphore(2)
#: What the printer answers when it cannot print at all.
NO_LIBRARY, NO_FONT = 3, 4


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one document may take."""

    #: Seconds of CPU, and of the wall clock.
    cpu: int = 90
    wall: float = 120.0
    #: Megabytes of memory.
    memory: int = 2048


LIMITS = Limits()


class PressBusy(EngineError):
    """Other documents are being printed; try again in a minute."""

    zh = "正在生成其他文件，请稍后再试。"


class PressMissing(EngineError):
    """This machine cannot make PDF: a library is missing. An administrator runs `./run setup`; meanwhile print the page itself."""

    zh = "本机缺少生成 PDF 的组件。请管理员运行 ./run setup；在此之前可直接打印页面。"


class FontMissing(EngineError):
    """This machine has no Chinese font: no PDF is made. An administrator installs fonts-noto-cjk (`./run setup`); meanwhile print the page."""

    zh = "本机没有中文字体，未生成 PDF。请管理员安装 fonts-noto-cjk（./run setup）；在此之前可直接打印页面。"


class PressStopped(EngineError):
    """The document is too large: making it took too much time or memory. Choose fewer rows, or take it as CSV."""

    zh = "文件过大，生成所需的时间或内存超出限度。请缩小范围，或改取 CSV。"


def pdf(pages: Sequence[str], styles: str) -> bytes:
    """Documents in HTML as one PDF; each counts its own pages.

    Raises:
        PressBusy, PressMissing, FontMissing, PressStopped.
    """
    return _printed({"what": "pdf", "pages": list(pages), "styles": styles})


def workbook(told: Mapping[str, Any]) -> bytes:
    """Tables as an Excel file, told as `lists.as_told` tells them.

    Raises:
        PressBusy, PressMissing, PressStopped.
    """
    return _printed({"what": "xlsx", **told})


def _printed(told: Mapping[str, Any], limits: Limits | None = None) -> bytes:
    if not _turns.acquire(timeout=PATIENCE):
        raise PressBusy()
    try:
        return _asked(json.dumps(told).encode(), limits or LIMITS)
    finally:
        _turns.release()


def _asked(told: bytes, limits: Limits) -> bytes:
    house = str(Path(__file__).parents[2])
    # The printer inherits nothing it could tell: no settings, no passwords. The fixed seed gives equal bytes for equal pages.
    env = {
        "PYTHONPATH": house, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "946684800", **{n: os.environ[n] for n in ("HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH") if n in os.environ},
    }  # fmt: skip
    command = [sys.executable, "-B", "-m", "api.paper.printer", str(limits.cpu), str(limits.memory)]
    try:
        done = subprocess.run(
            command, input=told, env=env, cwd=house, capture_output=True, timeout=limits.wall, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PressStopped() from error
    if done.returncode == NO_LIBRARY:
        raise PressMissing()
    if done.returncode == NO_FONT:
        raise FontMissing()
    if done.returncode != 0 or not done.stdout:
        raise PressStopped()
    return done.stdout
