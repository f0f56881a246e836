"""`kesu handbook`: a page for each pack, with its diagrams beside it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from api.commands.scenarios import released
from api.settings import Settings
from engine.release import Guide, Release

#: Where the drawings stand, below the pages; a drawing that several packs share stands there once.
DRAWINGS = "diagrams"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "handbook",
        help="write a page for each pack: roles, diagrams, steps, limits, tables, forms 制度手册",
        description="Writes NAME.md for each pack, its drawings in diagrams/, and an index. What is written is what runs.",
    )
    parser.add_argument("pack", type=Path, nargs="*", help="folders of packs (all that are shipped)")
    parser.add_argument(
        "--to", type=Path, default=Path("docs/packs"), metavar="FOLDER", help="where to write (docs/packs)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write them."""
    settings = Settings.load({})
    packs = args.pack or sorted(p.parent for p in (settings.bpmn / "packs").glob("*/pack.yaml"))
    (args.to / DRAWINGS).mkdir(parents=True, exist_ok=True)
    written = 0
    for name, text in pages(packs, settings.web):
        (args.to / name).write_text(text, encoding="utf-8")
        written += 1
    print(f"{args.to}: {written} 个文件 files")
    return 0


def pages(
    packs: Iterable[Path], web: Path, release_of: Callable[[Path], Release] = released
) -> Iterator[tuple[str, str]]:
    """Each file of the handbook with its text: pages, drawings, the index last."""
    from api.handbook import guide_page, standing_alone, written
    from api.scenarios import scenarios_of

    drawings: dict[str, str] = {}
    index: list[tuple[Release, int]] = []
    for pack in packs:
        release = release_of(pack)

        def drawing(process: str, release: Release = release) -> str:
            picture = standing_alone(release, process, web)
            name = next(
                (n for n, known in drawings.items() if known == picture), _free(process, release.pack, drawings)
            )
            drawings.setdefault(name, picture)
            return f"{DRAWINGS}/{name}" if picture else ""

        told = scenarios_of(pack)
        yield f"{release.pack}.md", written(release, told=told, drawing=drawing)
        index.append((release, len(told)))
    yield from ((f"{DRAWINGS}/{name}", picture) for name, picture in drawings.items() if picture)
    guides = {guide.id: guide for release, _ in index for guide in release.guides.values()}
    for id, guide in sorted(guides.items()):
        yield f"{id}.md", guide_page(guide, [r for r, _ in index if id in r.guides])
    yield "README.md", _index(index, guides.values())


def _free(process: str, pack: str, taken: dict[str, str]) -> str:
    name = f"{process}.svg"
    return name if name not in taken else f"{pack}-{name}"


def _index(packs: Iterable[tuple[Release, int]], guides: Iterable[Guide]) -> str:
    from api.handbook import both, table

    rows = [
        (r.policy.system, f"[{both(r.policy.title)}]({r.pack}.md)", f"`{r.pack}`", str(len(r.processes)), str(len(r.policy.limits)),
         str(len(r.forms)), str(told))
        for r, told in sorted(packs, key=lambda one: one[0].policy.system)
    ]  # fmt: skip
    heads = ("制度 System", "名称 Title", "编号 Id", "流程图 Diagrams", "时限 Limits", "表单 Forms", "场景 Scenarios")
    lines = [
        "# 制度 Procedures",
        "",
        "由 `kesu handbook` 根据各制度包生成，请勿手改。Generated from the packs by `kesu handbook`; do not edit.",
        "",
        *table(heads, rows),
        *_guides(guides),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _guides(guides: Iterable[Guide]) -> Iterator[str]:
    from api.handbook import both, table

    rows = [(guide.system, f"[{both(guide.title)}]({guide.id}.md)", f"`{guide.id}`") for guide in guides]
    if rows:
        yield "制度可在任务旁显示的指引。Guidance that procedures show beside their tasks."
        yield ""
    yield from table(("制度 System", "名称 Title", "编号 Id"), rows)
