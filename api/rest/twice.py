"""Requests that may come twice: under an `Idempotency-Key` they are done once, and answered again word for word.

This is the only place that reads the key; every POST goes through it, unless its operation says why not. The key
is taken first in the transaction of the action, and the answer is written last in the same one. So at whatever
statement a process dies there is either neither effect nor answer, or both, and the same request again does what
is still to be done. What is refused leaves no trace: it may be tried again under its key. Whoever sends the same
request while the first is under way waits for it and gets its answer.

Only moving the clock (`by_steps`) is more than one transaction. There the key is taken in one of its own before
anything is done, and a process that dies on the way leaves a request that was heard and not answered. The same
request again goes on from where that one began: the view is told in `g.first_heard` when it was first heard. It ends
where it would have ended; only its answer tells (`fired`) no more than what was left to do.

Answers are kept for thirty days (`api.wiring`); after that the same request is a new one.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request

from api.problems import KeyUnusable
from api.showing import shown
from api.wiring import Parts
from engine.errors import EngineError
from engine.store import Asked, RequestUnderWay
from engine.values import encode

#: Longest idempotency key, in characters.
LONGEST_KEY = 200

Names = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Twice:
    """How an operation takes the same request twice."""

    #: Why it reads no key; None: it does.
    never: str | None = None
    #: Long work comes before its first write: the transaction begins only there.
    late: bool = False
    #: It is many transactions, and may be begun again where it was left.
    by_steps: bool = False
    #: Parts of the body of which only whether they were said counts, because not even a digest of them may be kept.
    secret: tuple[str, ...] = ()
    #: What is said in place of the first answer, where that holds what must not be kept (secrets, personal data).
    again: Callable[[Names], Any] | None = None


#: Requests of acts by steps that this process is carrying out.
_under_way: set[tuple[str, str]] = set()
_lock = threading.Lock()


def key() -> str | None:
    """The idempotency key of the request.

    Raises:
        KeyUnusable: too long.
    """
    found = request.headers.get("Idempotency-Key", "").strip()
    if len(found) > LONGEST_KEY or not found.isprintable():
        raise KeyUnusable(most=LONGEST_KEY)
    return found or None


class Once:
    """Requests to one operation."""

    def __init__(self, name: str, twice: Twice, refuses: tuple[type[EngineError], ...]) -> None:
        """
        Args:
            name: of the operation: a key of one is another request at the other.
            refuses: what it raises before anything is done.
        """
        self._name, self._twice, self._refuses = name, twice, refuses

    def answer(self, parts: Parts, names: Names, work: Callable[[], Any]) -> Any:
        """What the operation answers to this request, as JSON types: `work` is done, or was done before.

        Args:
            names: everything that was said in the request, checked.

        Raises:
            IdempotencyKeyReused, RequestUnderWay, KeyUnusable; CaseNotFound: who asks may no longer know of the case.
        """
        taken = None if self._twice.never else key()
        if taken is None:
            return shown(work())
        asked = Asked(key=taken, actor=g.actor.name, request=self._said(names))
        if self._twice.by_steps:
            return self._by_steps(parts, asked, work)
        if self._twice.late and (kept := self._kept(parts, asked, names)) is not None:
            return kept[0]
        try:
            with parts.store.whole(lambda tx: tx.hear(asked)) as whole:
                if not self._twice.late:
                    whole.transaction()
                document = shown(work())
                text = "" if self._twice.again else _written(document)
                whole.transaction().keep_answer(asked, text, case=_case(names, document))
                return document
        except RequestUnderWay:
            kept = self._kept(parts, asked, names)
            if kept is None:
                raise
            return kept[0]

    def _kept(self, parts: Parts, asked: Asked, names: Names) -> tuple[Any] | None:
        """What was answered before; None: nobody was answered."""
        with parts.store.look() as reading:
            told = reading.told(asked)
        if told is None or told.answer is None:
            return None
        if told.case:
            parts.casebook.need_sight(told.case, g.actor)
        if self._twice.again is not None:
            return (shown(self._twice.again(names)),)
        return (json.loads(told.answer),)

    def _by_steps(self, parts: Parts, asked: Asked, work: Callable[[], Any]) -> Any:
        mine = (asked.actor, asked.key)
        with _lock:
            if mine in _under_way:
                raise RequestUnderWay(key=asked.key)
            _under_way.add(mine)
        try:
            with parts.store.begin() as tx:
                told = tx.told(asked)
                if told is None:
                    tx.hear(asked)
            if told is not None and told.answer is not None:
                return json.loads(told.answer)
            g.first_heard = told.at if told is not None else None
            try:
                document = shown(work())
            except self._refuses:
                with parts.store.begin() as tx:
                    tx.unhear(asked)
                raise
            with parts.store.begin() as tx:
                tx.keep_answer(asked, _written(document), case="")
            return document
        finally:
            with _lock:
                _under_way.discard(mine)

    def _said(self, names: Names) -> bytes:
        """Everything said in the request, in one way of writing it. The version seen (`If-Match`) is not part of it."""
        said: dict[str, Any] = dict(names)
        if "body" not in said:
            said["sent"] = _sent()
        elif self._twice.secret:
            said["body"] = {n: v is not None if n in self._twice.secret else v for n, v in names["body"].items()}
        return encode([self._name, g.actor.on_behalf_of, said])


def _sent() -> list[Any]:
    """What came that is no JSON: the bytes, or the files of a form, whose borders differ from one time to the next."""
    if not request.files:
        return [hashlib.sha256(request.get_data()).hexdigest()]
    files: list[Any] = []
    for name, upload in request.files.items(multi=True):
        digest = hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        upload.stream.seek(0)
        files.append([name, upload.filename, upload.mimetype, digest])
    return files


def _written(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _case(names: Names, document: Any) -> str:
    """The case an answer tells of; "" where it tells of none."""
    case = names.get("case") or (document.get("case") if isinstance(document, dict) else None)
    return case if isinstance(case, str) else ""
