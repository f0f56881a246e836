"""Talk, papers and the outside world: remarks, attachments, messages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from engine import authority
from engine.authority import Actor
from engine.desk.enclosed import NewFile, enclose
from engine.desk.erasing import named_in
from engine.desk.house_rules import LONGEST_TEXT, UnknownMessage, bounded, checked_file, file_name, kept_from
from engine.desk.road import Road, by, task_called
from engine.desk.sitting import Done, Sitting
from engine.history import AttachmentAdded, CommentAdded, MessageReceived, Personal
from engine.store import StoredFile
from engine.values import Value


class Outside(Road):
    """Talk, papers and the outside world: remarks, attachments, messages."""

    def comment(
        self,
        case: str,
        text: str,
        actor: Actor,
        audience: str = "internal",
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Write a remark for colleagues ("internal") or for the complainant.

        One that repeats what is sealed about a person of the case, a name or a telephone number, is sealed like it.

        Raises:
            CaseNotFound, TextRefused.
        """

        def act(open_: Sitting) -> None:
            said = bounded("text", text, least=1, most=LONGEST_TEXT)
            whose = named_in(said, open_.run, kept_from(open_.release.policy, actor))
            text_ = Personal(said, whose) if whose else said
            open_.hear(CommentAdded(**by(open_, actor), text=text_, audience=audience))

        return self._do(case, actor, act, self._ask("comment", actor, idempotency, case, text, audience), seen=seen)

    def attach(
        self,
        case: str,
        name: str,
        media_type: str,
        content: bytes,
        actor: Actor,
        task: str | None = None,
        *,
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> StoredFile:
        """Put a file to the case; the same content is kept once, under the name it had first.

        Args:
            name: as the sender calls it; folders before it are left out.

        Raises:
            CaseNotFound, FileTooLarge, MediaTypeRefused, TextRefused, TaskNotOpen.
        """
        digest = hashlib.sha256(content).hexdigest()
        name = file_name(name)
        media_type = checked_file(name, media_type, content)

        def act(open_: Sitting) -> None:
            if task is not None:
                task_called(open_, task)
            open_.tx.save_file(digest, name=name, media_type=media_type, content=content, at=open_.at)
            open_.hear(
                AttachmentAdded(
                    **by(open_, actor),
                    file=digest,
                    name=name,
                    size=len(content),
                    media_type=media_type,
                    task=task,
                )
            )

        asked = self._ask("attach", actor, idempotency, case, name, digest, task)
        done = self._do(case, actor, act, asked, seen=seen)
        at = done.records[-1].event.at if done.records else self._clock.now()
        return StoredFile(sha256=digest, name=name, media_type=media_type, size=len(content), at=at, content=content)

    def receive_message(
        self,
        case: str,
        message: str,
        payload: Mapping[str, Any],
        actor: Actor,
        *,
        key: Value = None,
        files: Sequence[NewFile] = (),
        seen: int | None = None,
        idempotency: str | None = None,
    ) -> Done:
        """Enter what came from outside: the customer accepts, refuses, sends material; the regulator asks.

        Raises:
            CaseNotFound, UnknownMessage, NotAuthorised, AnswersRefused, MessageNotAwaited, CaseIsClosed, FileEmpty,
            FileTooLarge, MediaTypeRefused, TextRefused.
        """

        def act(open_: Sitting) -> None:
            policy = open_.release.policy
            kind = policy.messages.get(message)
            if kind is None:
                raise UnknownMessage(pack=policy.pack, message=message, known=tuple(policy.messages))
            authority.need_role(actor, policy.pack, kind.roles)
            accepted: Mapping[str, Value] = {}
            if kind.form is not None:
                accepted = self._accept(
                    open_.tx,
                    open_.release,
                    kind.form,
                    payload,
                    document=open_.run.document(),
                    at=open_.at,
                    actor=actor,
                    case=open_.case,
                    files=files,
                    barred=open_.run.barred,
                )
            enclose(open_, files, by(open_, actor), accepted)
            open_.hear(MessageReceived(**by(open_, actor), message=message, key=key, payload=accepted))

        asked = self._ask("message", actor, idempotency, case, message, dict(payload), key)
        return self._do(case, actor, act, asked, seen=seen)
