"""`kesu users`: who may sign in, and what they may stand for."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from api.commands.opening import add_database, opened
from api.signin import SignIn
from api.wiring import Parts
from engine.authority import ADMIN, AUDITOR, OWNER
from engine.errors import EngineError
from engine.store import PackNotFound, Person, PersonNotFound


class UserExists(EngineError):
    """There is a user {person} already."""

    zh = "已有用户 {person}。"


class NoSuchRole(EngineError):
    """There is no role {role}. Write PACK/ROLE or */ROLE; known for {pack}: {known}"""

    zh = "没有角色 {role}。请写作 包/角色 或 */角色；{pack} 的角色有：{known}"


class UserNameUnfit(EngineError):
    """A user name has letters, digits, dots and hyphens and at most 60 of them; {person} does not fit."""

    zh = "用户名由字母、数字、点和连字符组成，最多 60 个；{person} 不合适。"


Do = Callable[[argparse.Namespace, Parts], None]


def add(commands: Any) -> None:
    """Declare the command and its parts."""
    parser = commands.add_parser(
        "users",
        help="add, list, roles, password, deactivate, activate 用户",
        description="Who may sign in. Memberships are PACK/ROLE; */admin, */auditor hold everywhere, PACK/owner publishes a pack.",
    )
    parts = parser.add_subparsers(dest="what", required=True, metavar="what")
    new = _part(parts, "add", "add a user; the password is asked for, or made up and printed once", _add)
    new.add_argument("name", help="what they sign in with")
    new.add_argument("--zh", help="name in Chinese")
    new.add_argument("--en", help="name in English")
    new.add_argument("--email", help="where letters to them go")
    new.add_argument("--lang", default="zh-CN", choices=("zh-CN", "en"))
    new.add_argument("--role", action="append", default=[], metavar="PACK/ROLE", help="may be given several times")
    _part(parts, "list", "everybody, with what they may stand for", _list)
    roles = _part(parts, "roles", "give a user exactly these memberships; none: show them", _roles)
    roles.add_argument("name")
    roles.add_argument("role", nargs="*", metavar="PACK/ROLE")
    _named(_part(parts, "password", "a new password; ends their sessions", _password))
    _named(_part(parts, "deactivate", "they may no longer sign in; what they did stays", _deactivate))
    _named(_part(parts, "activate", "they may sign in again", _activate))


def _part(parts: Any, name: str, help_: str, do: Do) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=help_, description=help_)
    add_database(parser)
    parser.set_defaults(run=run, do=do)
    return parser


def _named(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    with opened(args) as parts:
        args.do(args, parts)
    return 0


def _add(args: argparse.Namespace, parts: Parts) -> None:
    if not 0 < len(args.name) <= 60 or not all(c.isalnum() or c in ".-_" for c in args.name):
        raise UserNameUnfit(person=args.name)
    _known_roles(parts, args.role)
    with parts.store.look() as reading:
        if any(p.name == args.name for p in reading.people(active=None)):
            raise UserExists(person=args.name)
    hashed = SignIn(parts).hash(_new_password())
    with parts.store.begin() as tx:
        tx.put_person(
            Person(
                name=args.name,
                zh=args.zh or args.en or args.name,
                en=args.en or args.zh or args.name,
                email=args.email,
                locale=args.lang,
                password=hashed,
                memberships=frozenset(args.role),
            )
        )
    print(f"{args.name}: {' '.join(sorted(args.role)) or '-'}")


def _list(args: argparse.Namespace, parts: Parts) -> None:
    with parts.store.look() as reading:
        for person in reading.people(active=None):
            state = "" if person.active else "  (停用 deactivated)"
            print(f"{person.name:24} {person.zh} {person.en}: {' '.join(sorted(person.memberships)) or '-'}{state}")


def _roles(args: argparse.Namespace, parts: Parts) -> None:
    person = _person(parts, args.name)
    if args.role:
        _known_roles(parts, args.role)
        with parts.store.begin() as tx:
            tx.put_memberships(args.name, args.role)
        person = _person(parts, args.name)
    print(f"{person.name}: {' '.join(sorted(person.memberships)) or '-'}")


def _password(args: argparse.Namespace, parts: Parts) -> None:
    _person(parts, args.name)
    hashed = SignIn(parts).hash(_new_password())
    with parts.store.begin() as tx:
        tx.put_password(args.name, hashed)
    print(f"{args.name}: 密码已更换 password changed")


def _deactivate(args: argparse.Namespace, parts: Parts) -> None:
    _switched(parts, args.name, active=False)


def _activate(args: argparse.Namespace, parts: Parts) -> None:
    _switched(parts, args.name, active=True)


def _switched(parts: Parts, name: str, *, active: bool) -> None:
    person = _person(parts, name)
    with parts.store.begin() as tx:
        tx.put_person(replace(person, active=active))
        if not active:
            # Also ends the sessions that are open.
            tx.put_password(name, person.password)
    print(f"{name}: {'启用 active' if active else '停用 deactivated'}")


def _person(parts: Parts, name: str) -> Person:
    with parts.store.look() as reading:
        return next((p for p in reading.people(active=None) if p.name == name), None) or _missing(name)


def _missing(name: str) -> Person:
    raise PersonNotFound(person=name)


def _known_roles(parts: Parts, roles: list[str]) -> None:
    everywhere = {ADMIN, AUDITOR, OWNER}
    for role in roles:
        pack, slash, name = role.partition("/")
        with parts.store.look() as reading:
            packs = reading.packs()
            if slash and pack != "*" and pack not in packs:
                raise PackNotFound(pack=pack)
            wanted = packs if pack == "*" or not slash else [pack]
            known = {r for p in wanted for r in parts.shelf.release(packs[p], reading).policy.roles}
        if not slash or name not in known | everywhere:
            raise NoSuchRole(role=role, pack=pack, known="、".join(sorted(known | everywhere)))


def _new_password() -> str:
    """From the terminal, twice; from a pipe, its first line; else a new one, said once."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\n")
        if given:
            return given
    else:
        given = getpass.getpass("密码（留空则自动生成） password (empty: one is made up): ")
        if given:
            if given != getpass.getpass("再输一次 once more: "):
                raise PasswordsDiffer()
            return given
    made = secrets.token_urlsafe(12)
    print(f"密码（只显示一次） password (shown once): {made}")
    return made


class PasswordsDiffer(EngineError):
    """The two passwords differ; nothing was changed."""

    zh = "两次输入的密码不同；未作任何更改。"
