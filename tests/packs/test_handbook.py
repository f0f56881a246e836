"""The handbook says what runs: nothing of a pack is missing on its page, and the pages that are shipped are those of the packs."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from api.commands.handbook import pages
from engine.release import Release
from forms import Form
from tests.packs.company import shipped

ROOT = Path(__file__).parents[2]
PACKS = sorted(p.parent for p in (ROOT / "bpmn" / "packs").glob("*/pack.yaml"))


@pytest.fixture(scope="module")
def handbook() -> dict[str, str]:
    return dict(pages(PACKS, ROOT / "web", lambda pack: shipped(pack.name)))


@pytest.mark.parametrize("pack", PACKS, ids=lambda p: p.name)
def test_a_page_leaves_nothing_out(handbook: dict[str, str], pack: Path) -> None:
    release = shipped(pack.name)
    page = handbook[f"{release.pack}.md"]
    missing = [name for name in _named(release) if f"`{name}`" not in page]
    assert not missing


def _named(release: Release) -> list[str]:
    policy = release.policy
    forms = [Form.read(data, name, roles=policy.roles) for name, data in release.forms.items()]
    fields = [f.name for form in forms for f in form.fields if f.type not in ("section", "note")]
    people = [e.id for _, p in release.processes.values() for e in p.elements.values() if e.kind == "userTask"]
    tables = [d for model in release.decisions.values() for d in model.decisions]
    return [*policy.roles, *policy.limits, *policy.params, *policy.messages, *release.forms, *fields, *people, *tables]


def test_every_drawing_stands_alone(handbook: dict[str, str]) -> None:
    drawings = {name: text for name, text in handbook.items() if name.endswith(".svg")}
    shown = {line.partition("](")[2].rstrip(")") for text in handbook.values() for line in text.splitlines() if line.startswith("![")}
    assert shown == set(drawings)
    for text in drawings.values():
        root = etree.fromstring(text.encode())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(" not in text, "a style that only the pages know"
        assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), "nothing is fetched"


def test_the_pages_that_are_shipped_are_those_of_the_packs(handbook: dict[str, str]) -> None:
    folder = ROOT / "docs" / "packs"
    shipped = {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in folder.rglob("*.*") if p.is_file()}
    other = sorted(name for name in shipped.keys() | handbook.keys() if shipped.get(name) != handbook.get(name))
    assert not other, "write them again: ./run kesu handbook"
