"""The press: pages become PDF and tables become workbooks in a process of its own.

The libraries that draw take a hundred megabytes and whatever time a document wants; the service keeps neither. The
printer sets its own limits before it reads anything, fetches nothing, and is gone when it has answered.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from engine.confined import Limits, run
from engine.errors import EngineError

#: Seconds a document waits for its turn.
PATIENCE = 30.0
#: Documents at a time in one node: each takes a whole core.
_turns = threading.BoundedSemaphore(2)
#: What the printer answers when it cannot print at all.
NO_LIBRARY, NO_FONT = 3, 4


#: What one document may take.
LIMITS = Limits(cpu=90, wall=120.0, memory=2048)


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


def pdf(pages: Sequence[str], styles: str, limits: Limits = LIMITS) -> bytes:
    """Documents in HTML as one PDF; each counts its own pages.

    Raises:
        PressBusy, PressMissing, FontMissing, PressStopped.
    """
    return _printed({"what": "pdf", "pages": list(pages), "styles": styles}, limits)


def workbook(told: Mapping[str, Any]) -> bytes:
    """Tables as an Excel file, told as `lists.as_told` tells them.

    Raises:
        PressBusy, PressMissing, PressStopped.
    """
    return _printed({"what": "xlsx", **told}, LIMITS)


def _printed(told: Mapping[str, Any], limits: Limits) -> bytes:
    if not _turns.acquire(timeout=PATIENCE):
        raise PressBusy()
    try:
        return _asked(json.dumps(told).encode(), limits)
    finally:
        _turns.release()


def _asked(told: bytes, limits: Limits) -> bytes:
    # The fixed seed gives equal bytes for equal pages.
    env = {name: os.environ[name] for name in ("HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH") if name in os.environ}
    ended = run("api.paper.printer", told, limits, PYTHONHASHSEED="0", SOURCE_DATE_EPOCH="946684800", **env)
    if ended.code == NO_LIBRARY:
        raise PressMissing()
    if ended.code == NO_FONT:
        raise FontMissing()
    if ended.code != 0 or not ended.out:
        raise PressStopped()
    return ended.out
