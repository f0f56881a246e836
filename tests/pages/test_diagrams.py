"""Every shipped diagram is drawn as its owner placed it: complete, readable, in both languages, with where a case stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser

from api.pages.painting import paint
from engine.casebook import DiagramView
from engine.diagram import Diagram, Process
from engine.policy import Label
from engine.release import tidy
from engine.release.names import names_of
from tests.packs.company import ROOT

FILES = sorted((ROOT / "bpmn").rglob("*.bpmn"))
STYLES = "".join((ROOT / "web" / "styles" / f"{name}.css").read_text("utf-8") for name in ("kesu", "pages", "case"))
ENGLISH = {
    drawn: said
    for path in (ROOT / "bpmn").rglob("names/*.yaml")
    for drawn, said in names_of(path.read_bytes(), path.name).items()
}


def view(path: Path, **more: object) -> tuple[DiagramView, Process]:
    """A diagram as a case that has not begun sees it."""
    source = path.read_bytes()
    process = next(iter(Diagram.read(source, path.name).processes.values()))
    facts = {"here": {}, "passed": {}, "stuck": (), "scope": "", "english": ENGLISH, **more}
    name = Label(zh=process.name, en=process.name)
    return DiagramView(process=process.id, name=name, file=path.name, source=source, **facts), process  # type: ignore[arg-type]


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_element_is_drawn_with_its_name(path: Path, lang: str) -> None:
    seen, process = view(path)
    svg = drawn(paint(seen, "title", lang=lang))
    groups = {g.get("data-element"): g for g in svg.iter("{*}g") if g.get("data-element")}
    assert set(groups) == set(process.elements)
    for element in process.elements.values():
        said = "".join("".join(groups[element.id].itertext("{*}text")).split())
        name = tidy(element.name)
        wanted = name if lang == "zh" else ENGLISH.get(name, name)
        assert said == "".join(wanted.split()), element.id


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_is_written_over_another_and_none_is_cut_off(browser: Browser, lang: str) -> None:
    page = browser.new_page(viewport={"width": 2600, "height": 1400})
    wrong: list[str] = []
    for path in FILES:
        seen, _ = view(path)
        page.set_content(f"<style>{STYLES}</style><div class='diagram'>{paint(seen, 'title', lang=lang)}</div>")
        wrong += [f"{path.stem}: {said}" for said in page.evaluate(OVERLAPS)]
    page.close()
    assert not wrong, "\n".join(wrong)


#: Texts that cover one another by more than a few pixels, and those that leave the picture.
OVERLAPS = """
() => {
  const all = [...document.querySelectorAll('svg.bpmn text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  const svg = document.querySelector('svg.bpmn').getBoundingClientRect();
  const found = all.filter(([, r]) => r.left < svg.left - 1 || r.right > svg.right + 1 || r.top < svg.top - 1 || r.bottom > svg.bottom + 1)
    .map(([t]) => `${t} leaves the picture`);
  for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
    const [a, b] = [all[i][1], all[j][1]];
    const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (w > 5 && h > 6) found.push(`${all[i][0]} over ${all[j][0]}`);
  }
  return found;
}
"""


def test_where_a_case_stands_has_its_own_look(browser: Browser) -> None:
    path = next(p for p in FILES if p.stem == "mfg-gm-office")
    _, process = view(path)
    timer = next(e.id for e in process.elements.values() if e.kind == "boundaryEvent" and e.trigger == "timer")
    seen, _ = view(
        path, here={"fill_form": 1, "register": 1}, passed={"raised": 1, timer: 1, "find_out": 2},
        late=frozenset({"register"}), stuck=("enter",),
    )  # fmt: skip
    svg = drawn(paint(seen, "title"))
    state = {g.get("data-element"): g.get("class") for g in svg.iter("{*}g") if g.get("data-element")}
    assert (state["fill_form"], state["register"], state["enter"]) == ("now", "now late", "fired")
    assert (state["find_out"], state[timer], state["list"]) == ("done", "fired", "ahead")


def test_what_the_owner_wrote_cannot_break_out_of_the_drawing() -> None:
    source = next(p for p in FILES if p.stem == "ca-approve").read_bytes()
    nasty = re.sub(rb'name="[^"]*"', b'name="&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;"', source)
    process = next(iter(Diagram.read(nasty, "nasty.bpmn").processes.values()))
    seen = DiagramView(
        process=process.id, name=Label(zh="", en=""), file="nasty.bpmn", source=nasty, here={}, passed={}, stuck=(), scope=""
    )  # fmt: skip
    svg = paint(seen, '"><script>')
    assert "<script" not in svg
    assert drawn(svg).tag.endswith("svg")
