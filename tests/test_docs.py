"""What the pages for readers say is there: links lead somewhere, commands and options exist, settings are those of the code."""

from __future__ import annotations

import argparse
import configparser
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import parser
from api.settings import Settings, described

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
RUN = (ROOT / "run").read_text("utf-8")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:\./run|\bkesu) [a-z][^`\n|]*")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made for the web."""
    found = set()
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("#"):
            words = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text("utf-8")):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def commands() -> Iterator[tuple[str, str]]:
    """Every command that a page names in code, with its page."""
    for page in PAGES:
        if page.name == "CHANGELOG.md":
            continue
        text = page.read_text("utf-8")
        inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
        blocks = [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.S) for line in block.splitlines()]
        for piece in [*inline, *blocks]:
            for found in _COMMAND.findall(piece.partition(" #")[0]):
                yield page.name, found.strip()


@pytest.mark.parametrize(("page", "command"), sorted(set(commands())))
def test_every_command_that_is_named_exists(page: str, command: str) -> None:
    words = shlex.split(re.sub(r"[][\\]", " ", command))
    program, words = words[0], [w for w in words[1:] if w != "…"]
    if program == "./run":
        assert re.search(rf"(^|[ |(]){re.escape(words[0])}[|)]", RUN, re.M), command
        if words[0] not in ("demo", "serve", "bench", "kesu"):
            return
        words = words[1:] if words[0] == "kesu" else words
    known: argparse.ArgumentParser | None = parser()
    while words and not words[0].startswith("-") and known is not None and (parts := _parts(known)):
        assert words[0] in parts, command
        known, words = parts[words[0]], words[1:]
    options = {o for action in (known._actions if known else ()) for o in action.option_strings}
    assert {w.partition("=")[0] for w in words if w.startswith("--")} <= options, command


def _parts(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def test_there_are_commands_to_look_at() -> None:
    named = {command.split()[1] for _, command in commands()}
    assert {"demo", "serve", "kesu", "test", "check", "bench"} <= named


def test_the_table_of_settings_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "operation.md").read_text("utf-8")
    table = text.partition("<!-- settings")[2].partition("<!-- /settings -->")[0]
    rows = [f"| `{name}` | {f'`{default}`' if default else 'empty'} | {doc} |" for name, default, doc in described()]
    assert [line for line in table.splitlines() if line.startswith("| `")] == rows
    assert Settings.load({}, {name: default for name, default, _ in described() if "/" not in default and default})


def test_every_dependency_is_told_with_why_it_is_here() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = told["options"]["install_requires"] + told["options.extras_require"]["dev"]
    names = re.findall(r"^([\w.\[\]-]+)==", wanted, re.M)
    web = json.loads((ROOT / "web" / "package.json").read_text("utf-8"))
    feelin = json.loads((ROOT / "tests" / "feel" / "feelin" / "package.json").read_text("utf-8"))
    for part in (web, feelin):
        names += [*part.get("dependencies", {}), *part.get("devDependencies", {})]
    assert len(names) > 40
    assert [name for name in names if name.lower() not in page] == []


def test_every_command_tells_what_it_is_for() -> None:
    def walk(of: argparse.ArgumentParser, name: str) -> None:
        for word, part in _parts(of).items():
            assert len(part.format_help()) > 60, f"{name} {word}"
            walk(part, f"{name} {word}")

    walk(parser(), "kesu")
    assert {
        "serve",
        "demo",
        "check",
        "publish",
        "replay",
        "verify",
        "rebuild",
        "export",
        "backup",
        "restore",
        "users",
        "bench",
    } <= set(_parts(parser()))
