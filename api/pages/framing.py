"""A diagram as a file of its own: the drawing of the pages with the styles it needs inside."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from api.pages.painting import paint
from engine.casebook import DiagramView
from engine.release import Release

_TOKEN = re.compile(r"(--[\w-]+):\s*([^;]+);")
_USED = re.compile(r"var\((--[\w-]+)\)")
_RULE = re.compile(r"([^{}]*\.bpmn [^{}]*)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FONT, _LONGHAND = re.compile(r"font: (\d+) (\w+) [^;]+;"), r"font-weight: \1; font-size: \2; font-family: 'Noto Sans CJK SC', sans-serif;"
_HALO = re.compile(r"paint-order: stroke; stroke: [^}]+")
#: Where the drawing is styled, the later over the earlier.
_SHEETS = ("kesu.css", "case.css")


def standing_alone(release: Release, process: str, web: Path) -> str:
    """The drawing of a process as an SVG file, in Chinese and in the light colours; "" where nothing is drawn.

    Args:
        web: folder with the pages' styles.
    """
    diagram, facts = release.process(process)
    name = release.written(facts.name or process)
    view = DiagramView(
        process=process, name=name, file=diagram.file, source=diagram.source, here={}, passed={}, stuck=(), scope="",
        english=release.english,
    )  # fmt: skip
    found = framed(view, f"{name.zh} {name.en}", web)
    return f"{found}\n" if found else ""


def framed(view: DiagramView, title: str, web: Path, *, lang: str = "zh", press: bool = False) -> str:
    """A diagram with its styles inside; "" where nothing is drawn.

    Args:
        press: for one that knows neither the shorthand of fonts nor a halo that is painted under its letters.
    """
    drawing = paint(view, title, lang=lang)
    head, rest = drawing[: drawing.find(">") + 1], drawing[drawing.find(">") + 1 :]
    styled = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    styles = _HALO.sub("", _FONT.sub(_LONGHAND, _styles(web))) if press else _styles(web)
    return f"{styled}<style>{styles}</style>{rest}" if drawing else ""


def _styles(web: Path) -> str:
    return _of_drawings(*((web / "styles" / name).read_text(encoding="utf-8") for name in _SHEETS))


@lru_cache(maxsize=2)
def _of_drawings(*texts: str) -> str:
    """What style sheets say of drawings."""
    sheets = [_COMMENT.sub("", text) for text in texts]
    # The light values stand first; the dark ones repeat their names.
    tokens: dict[str, str] = {}
    for name, value in _TOKEN.findall(sheets[0]):
        tokens.setdefault(name, " ".join(value.split()))
    rules = [f"{' '.join(s.split())}{{{' '.join(r.split())}}}" for sheet in sheets for s, r in _RULE.findall(sheet)]
    ground = f"svg.bpmn{{background:{tokens['--surface']}}}"
    return ground + _USED.sub(lambda used: tokens[used.group(1)].replace('"', "'"), "".join(rules))
