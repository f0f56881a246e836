"""The page of a guide: what it says, in both languages, and which procedures show it where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.handbook.markdown import both, code, plain, table
from engine.release import Guide, Release


def guide_page(guide: Guide, shown_by: Iterable[Release]) -> str:
    """The page, in Markdown.

    Args:
        shown_by: the releases that show it.
    """
    return "\n".join(_lines(guide, shown_by)).rstrip() + "\n"


def _lines(guide: Guide, shown_by: Iterable[Release]) -> Iterator[str]:
    yield f"# {both(guide.title)}"
    yield ""
    about = " · ".join(part for part in (guide.system, guide.source) if part)
    yield f"{plain(about)}。指引，不是规则。Guidance, not rules." if about else "指引，不是规则。Guidance, not rules."
    yield ""
    for section in guide.sections.values():
        yield f"## {both(section.title)}"
        yield ""
        if section.source:
            yield f"依据 Source: {plain(section.source)}"
            yield ""
        yield from table(("中文", "English"), [(plain(line.zh), plain(line.en)) for line in section.lines])
    yield "## 在何处显示 Where it is shown"
    yield ""
    yield from table(("制度 Procedure", "任务或表单 Task or form", "指引 Guidance"), [
        (f"[{both(release.policy.title)}]({release.pack}.md)", code(place), code(name))
        for release in shown_by
        for place, names in release.policy.guidance.items()
        for name in names if name.partition("/")[0] == guide.id
    ])  # fmt: skip
