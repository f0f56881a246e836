"""The doors: every place in the product at which a transaction that writes is opened, found by reading its source.

A use case that nobody thought of when the crash tests were written opens such a transaction, too, and so is noticed:
`test_crashes.py` fails while no act goes through its door.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
#: What opens a transaction that writes, when it is called without arguments; and what does with some, of a store.
OPENERS, OF_A_STORE = frozenset({"begin", "writing"}), frozenset({"store.whole", "_store.whole"})
#: Doors behind which nothing is done to what an installation keeps, with the reason.
EXEMPT: Mapping[str, str] = {
    "engine/store/database.py:Database.writing": "the database's own beginning of a transaction",
    "engine/store/store.py:Store._begun": "hands the beginning on to whoever asked",
    "engine/store/database.py:Database.looking": "reads, and rolls back",
    "engine/store/database.py:Database.glancing": "reads, and rolls back",
    "api/commands/proving.py:prove": "reads the list of histories under the writer's lock",
    "engine/store/database.py:Database.settle": "counts rows for the planner and changes none",
    "engine/store/filling.py:fill": "rows for the bench, never in a real database",
    "engine/store/filling.py:fill_jobs": "rows for the bench, never in a real database",
    "api/scenarios/house.py:": "a company of its own in a database that is thrown away",
    "api/trial/": "a company made for trying a draft, gone with the answer",
    "api/bench/": "databases of the bench are thrown away",
    "api/demo/": "the demo's database is made anew each time and is not durable while months are made up",
}


@cache
def doors() -> frozenset[str]:
    """`file:qualified name` of every function of the product that opens a transaction that writes."""
    found = set()
    for package in ("engine", "api", "forms"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            found |= {f"{name}:{within}" for within in _openings(ast.parse(path.read_text("utf-8")), "")}
    return frozenset(found)


def wanted() -> frozenset[str]:
    """The doors somebody must go through."""
    return frozenset(d for d in doors() if not any(d == e or (e[-1] in "/:" and d.startswith(e)) for e in EXEMPT))


def crossed(frame: FrameType | None) -> Iterator[str]:
    """The doors on the way to a frame."""
    root, known = f"{ROOT}/", doors()
    while frame is not None:
        code = frame.f_code
        door = f"{code.co_filename.removeprefix(root)}:{code.co_qualname}"
        if door in known:
            yield door
        frame = frame.f_back


def kinds_of_jobs() -> frozenset[str]:
    """The kinds of jobs the executor does, read from where it tells them apart."""
    tree = ast.parse((ROOT / "engine" / "timekeeper" / "executor.py").read_text("utf-8"))
    return frozenset(
        str(case.pattern.value.value)
        for node in ast.walk(tree) if isinstance(node, ast.Match)
        for case in node.cases
        if isinstance(case.pattern, ast.MatchValue) and isinstance(case.pattern.value, ast.Constant)
    )  # fmt: skip


def _openings(node: ast.AST, within: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                inner = f"{within}.{child.name}" if within else child.name
                local = ".<locals>" if not isinstance(child, ast.ClassDef) else ""
                for found in _openings(child, f"{inner}{local}"):
                    # What is opened in the body itself belongs to the function, not to its locals.
                    yield found.removesuffix(".<locals>") if found == f"{inner}{local}" else found
            case ast.Call(func=ast.Attribute(attr=attr)) if (
                attr in OPENERS and not child.args and not child.keywords
            ) or ".".join(ast.unparse(child.func).split(".")[-2:]) in OF_A_STORE:
                yield within
                yield from _openings(child, within)
            case _:
                yield from _openings(child, within)
