"""Two sides of a procedure beside each other, as a page shows them: a draft and a release, or two releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from api.pages import looks, words
from api.pages.painting import paint
from api.problems import language
from api.wiring import Parts
from engine.casebook import DiagramView
from engine.diagram import Diagram
from engine.drafting import Consequence, FileDifference, consequences, differences, names_in, titles_of
from engine.errors import EngineError
from engine.policy import Label
from engine.release import Release, tidy
from engine.shelf import read_form
from engine.store import ReleaseRow

#: Settings whose values have words of their own: last key -> kind of word.
_VALUED = {"type": "type", "result": "type", "unit": "unit", "roll": "roll", "stage": "stage"}


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A file that is not as it was, with both its drawings where it is a diagram."""

    file: FileDifference
    #: What it is called; its path where it has no name.
    title: str
    counts: Counter[str]
    #: Title, drawing before, drawing now; an empty one where there is none.
    drawings: tuple[tuple[str, Markup, Markup], ...]


def side_by_side(before: Mapping[str, bytes], after: Mapping[str, bytes], *, told: bool = True) -> dict[str, object]:
    """What the template of a comparison shows.

    Args:
        told: whether what changes for whom is told, too.
    """
    english = {} if language().startswith("zh") else {**names_in(before), **names_in(after)}
    titles = {**titles_of(before), **titles_of(after)}
    found = differences(before, after)
    compared = [_compared(one, before, after, looks.label(titles.get(one.path)) or one.path) for one in found]
    return {
        "compared": compared, "said_of": setting_name, "value_of": value_name, "whom": _whom(before, after) if told and compared else (),
        "english": lambda name: " → ".join(english.get(part, part) for part in name.split(" → ")),
    }  # fmt: skip


def others(parts: Parts, pack: str, but: str = "") -> list[ReleaseRow]:
    """The releases of a pack that something can be compared with, the latest first."""
    with parts.store.look() as reading:
        return [row for row in reading.releases(pack) if row.digest != but]


def setting_name(what: str, kind: str = "set") -> str:
    """What a setting, or a kind of element, is called; its technical name where it has no other."""
    pair = words.WORDS.get(f"{kind}_{what}")
    if pair is None and kind == "set" and "." in what:
        return " · ".join(setting_name(part) for part in what.split("."))
    return words.of(pair, language()) if pair else what.removeprefix("property:")


def value_name(what: str, value: str) -> str:
    """What a setting was set to, in words where it has any."""
    pair = words.WORDS.get(f"{_VALUED.get(what.rpartition('.')[2], '-')}_{value}")
    return words.of(pair, language()) if pair else value


def _whom(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[Consequence, ...] | None:
    """What changes for whom; None while one side cannot be read as a whole."""
    try:
        return consequences(Release.of(before), Release.of(after), read_form)
    except EngineError:
        return None


def _compared(file: FileDifference, before: Mapping[str, bytes], after: Mapping[str, bytes], title: str) -> Compared:
    drawings: tuple[tuple[str, Markup, Markup], ...] = ()
    if file.is_drawn:
        marks: dict[str, str] = {c.element: c.kind for c in file.changes}
        old, new = (_drawings(file.path, side, marks) for side in (before, after))
        drawings = tuple((name, old.get(name, Markup()), new.get(name, Markup())) for name in dict.fromkeys([*new, *old]))
    rules = (line.kind for table in file.tables for line in table.rules if line.kind not in ("same", "gap"))
    return Compared(file=file, title=title, counts=Counter([*(c.kind for c in (*file.changes, *file.entries)), *rules]), drawings=drawings)


def _drawings(path: str, side: Mapping[str, bytes], marks: Mapping[str, str]) -> dict[str, Markup]:
    """Title -> drawing, of every process in a file."""
    source = side.get(path)
    if source is None:
        return {}
    found, english = {}, names_in(side)
    for process in Diagram.read(source, path).processes.values():
        view = DiagramView(
            process=process.id, name=Label(zh=process.name, en=process.name), file=path, source=source, here={}, passed={},
            stuck=(), scope="", english=english,
        )  # fmt: skip
        title = looks.label(Label(zh=process.name or process.id, en=english.get(tidy(process.name), process.name or process.id)))
        found[title] = Markup(paint(view, title, lang=language(), marks=marks))
    return found
