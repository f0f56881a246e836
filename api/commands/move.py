"""`kesu move`: running cases to another release of their pack, foreseen first and decided by two persons."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from api.commands.opening import add_database, opened
from api.wiring import Parts
from engine.authority import Actor
from engine.errors import EngineError
from engine.store import MovedCase
from engine.story import Teller, foretold

_STATES = {
    "barred": "不能迁移 cannot be moved", "waiting": "可以迁移 can be moved", "moved": "已迁移 moved", "left": "未迁移 left",
}  # fmt: skip
WHY = {
    "closed": "已结案 it was closed", "elsewhere": "已不在原版本 it is on another release",
    "otherwise": "案件已有进展，与预测不符 it moved on, and the forecast does not hold",
}  # fmt: skip


class WhichMove(EngineError):
    """Say what: kesu move PACK BEFORE AFTER --by NAME [--ask REASON], or kesu move M-3 --by NAME [--approve | --withdraw]."""

    zh = "请指明：kesu move 制度包 原版本 新版本 --by 姓名 [--ask 理由]，或 kesu move M-3 --by 姓名 [--approve | --withdraw]。"


class WhichRelease(EngineError):
    """“{release}” names {count} releases of {pack}; write more of the digest. kesu publish printed it."""

    zh = "“{release}”对应 {pack} 的 {count} 个版本；请写出更多位摘要（发布时显示）。"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "move",
        help="running cases to another release 迁移在办案件",
        description="Without --ask: a forecast over all running cases, nothing is changed. With --ask REASON it is put down as a "
        "move (M-3). A second owner has it done: kesu move M-3 --by NAME --approve; the running service carries it out, case by "
        "case. Releases are named by the beginning of their digest. The exit status is 0 when every case can be, or was, moved.",
    )
    parser.add_argument("what", metavar="PACK|MOVE", help="a pack, or a move that was asked for")
    parser.add_argument("before", nargs="?", help="the release the cases are on")
    parser.add_argument("after", nargs="?", help="the release they should go on under")
    parser.add_argument("--by", required=True, metavar="NAME", help="an owner of the pack")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    decide = parser.add_mutually_exclusive_group()
    decide.add_argument("--ask", metavar="REASON", help="put the forecast down, for a second owner to approve")
    decide.add_argument("--approve", action="store_true", help="have it done, as the second owner")
    decide.add_argument("--withdraw", action="store_true", help="take it back")
    add_database(parser)
    parser.set_defaults(run=run_move)


def run_move(args: argparse.Namespace) -> int:
    """Forecast, ask, decide, or tell what became of it; returns 1 where a case cannot be, or was not, moved."""
    with opened(args) as parts:
        actor = _actor(parts, args.by, args.lang)
        if args.before is None:
            return _decided(parts, args, actor)
        if args.after is None or args.approve or args.withdraw:
            raise WhichMove()
        before, after = (_release(parts, args.what, text) for text in (args.before, args.after))
        if args.ask:
            move = parts.moving.propose(args.what, before, after, args.ask, actor)
            print(move.id)
            return _told(parts, move.id, args.lang, actor)
        found = parts.moving.forecast(args.what, before, after, actor)
        _tell(parts, found.cases, before, after, args.lang)
        print(f"movable={found.movable} barred={found.barred} hidden={found.hidden}")
        return 1 if found.barred else 0


def _decided(parts: Parts, args: argparse.Namespace, actor: Actor) -> int:
    if args.ask:
        raise WhichMove()
    if args.approve:
        parts.moving.approve(args.what, actor)
    elif args.withdraw:
        parts.moving.withdraw(args.what, actor)
    return _told(parts, args.what, args.lang, actor)


def _told(parts: Parts, move: str, lang: str, actor: Actor) -> int:
    view = parts.moving.view(move, actor)
    found, after = view.move, view.next
    _tell(parts, view.cases, found.before, found.after, lang)
    while after is not None:
        more = parts.moving.view(move, actor, after=after)
        _tell(parts, more.cases, found.before, found.after, lang)
        after = more.next
    print(" ".join([found.decision or found.stage, *(f"{state}={n}" for state, n in sorted(view.tally.items()))]))
    return 1 if view.tally["barred"] or view.tally["left"] else 0


def _tell(parts: Parts, cases: Iterable[MovedCase], before: str, after: str, lang: str) -> None:
    with parts.store.look() as reading:
        was, now = (Teller(parts.shelf.release(digest, reading), lang) for digest in (before, after))
    for case in cases:
        print(f"{case.case:10} {_STATES[case.state]}{'：' + WHY[case.why] if case.why else ''}")
        for found in case.foreseen.bars:
            print(f"           {found.text(lang)}")
        for change in case.foreseen.changes:
            print(f"           {foretold(change, was, now)}")


def _release(parts: Parts, pack: str, text: str) -> str:
    with parts.store.look() as reading:
        found = [row.digest for row in reading.releases(pack) if row.digest.startswith(text)]
    if len(found) != 1:
        raise WhichRelease(release=text, pack=pack, count=len(found))
    return found[0]


def _actor(parts: Parts, name: str, lang: str) -> Actor:
    with parts.store.look() as reading:
        person = reading.person(name)
    return Actor(name=person.name, memberships=person.memberships, locale=lang)
