"""Letters that leave the house: delivered from the outbox, each under a key the receiver may go by.

A delivery may be tried twice when the machine dies between delivering and saying so. The key makes
the second one recognisable: a folder overwrites, a mail carries it as its Message-ID.
"""

from __future__ import annotations

import json
import os
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from engine.errors import EngineError


class NotDelivered(EngineError):
    """Letter {key} could not be delivered: {reason}."""

    zh = "函件 {key} 未能送出：{reason}。"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Something to send."""

    #: "C-1042/inform-1": the same letter always has the same key.
    key: str
    to: str
    subject: str
    text: str


class Post(Protocol):
    """A way out of the house."""

    def deliver(self, letter: Letter) -> None:
        """Send it.

        Raises:
            NotDelivered: try again later.
        """
        ...


class FolderPost:
    """Puts each letter into a folder as a file; for offices that print, and for trying out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, letter: Letter) -> None:
        path = self._folder / f"{letter.key.replace('/', '_')}.json"
        facts = {"key": letter.key, "to": letter.to, "subject": letter.subject, "text": letter.text}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise NotDelivered(key=letter.key, reason=str(error)) from error


class MailPost:
    """Sends each letter by SMTP."""

    def __init__(self, *, host: str, port: int, sender: str, timeout: float = 20.0) -> None:
        self._host, self._port, self._sender, self._timeout = host, port, sender, timeout

    def deliver(self, letter: Letter) -> None:
        mail = EmailMessage()
        mail["Message-ID"] = f"<{letter.key.replace('/', '.')}@{self._sender.partition('@')[2] or 'kesu'}>"
        mail["From"], mail["To"], mail["Subject"] = self._sender, letter.to, letter.subject
        mail.set_content(letter.text)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as server:
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered(key=letter.key, reason=str(error)) from error
