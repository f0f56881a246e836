"""Rules of the house that hold at every entrance, whatever the diagram says.

Texts have an end, files are of a kind we keep, deputies stand in only while they do, extensions
stay within their limit, and what a person may not see does not exist for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from engine.authority import Actor, DeputyNotValid
from engine.deadline import span_text
from engine.errors import EngineError
from engine.history import (
    AttachmentAdded,
    CommentAdded,
    DataSet,
    Event,
    Input,
    Record,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskReleased,
    TaskRevised,
    TaskWithdrawn,
)
from engine.policy import Amount, LimitRow, Policy
from engine.run import OpenTask
from engine.store import CaseNotFound, Head, Reading

#: Largest attachment, in bytes.
LARGEST_FILE = 20 * 1024 * 1024
#: What we keep: ending -> media type and how such a file begins.
FILE_KINDS: Mapping[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "wav": ("audio/wav", (b"RIFF",)),
    "mp4": ("video/mp4", ()),
}


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Longest remark, in characters.
LONGEST_TEXT = 20_000


class UnknownMessage(EngineError):
    """The pack {pack} knows no message called {message}; it knows: {known}."""

    zh = "制度包 {pack} 中没有名为 {message} 的消息；可用：{known}。"


class UnknownChannel(EngineError):
    """The pack {pack} has no channel called {channel}; it has: {known}."""

    zh = "制度包 {pack} 没有受理渠道 {channel}；可用：{known}。"


class TextRefused(EngineError):
    """{field} must have between {least} and {most} characters and no control characters."""

    zh = "“{field}”应为 {least} 至 {most} 个字符，且不含控制字符。"


class FileTooLarge(EngineError):
    """{name} is larger than {most} MB; please split or shrink it."""

    zh = "文件 {name} 超过 {most} MB，请压缩或拆分。"


class FileEmpty(EngineError):
    """{name} is empty."""

    zh = "文件 {name} 是空的。"


class MediaTypeRefused(EngineError):
    """{name} is not a kind of file we keep, or is not what its name says. Accepted: {known}."""

    zh = "文件 {name} 不是可接收的类型，或内容与名称不符。可接收：{known}。"


class TaskMovedOn(EngineError):
    """Task {task} of case {case} has changed since you opened it; look at what happened and try again."""

    zh = "案件 {case} 的任务 {task} 自您打开后已有变动；请查看后重试。"

    def __init__(self, *, case: str, task: str, since: tuple[Record, ...]) -> None:
        #: What happened meanwhile.
        self.since = since
        super().__init__(case=case, task=task)


class NeverSeen(EngineError):
    """Case {case} has no event {seen} yet; it has {last}. Read it again."""

    zh = "案件 {case} 尚无第 {seen} 号事件；现有 {last} 个。请重新查看。"


class LimitNotExtendable(EngineError):
    """{deadline} is not a running limit that may be extended."""

    zh = "{deadline} 不是可延长的在办时限。"


class ExtensionRefused(EngineError):
    """{limit} is not extended by {asked_en}; in one go it may be by {most_en} at most, in that unit."""

    zh = "{limit} 不得延长 {asked_zh}；每次至多 {most_zh}，并以此为单位。"


class CapReached(EngineError):
    """{limit} may take {most_en} in all from its start, extensions included, and ends then already: no more can be given."""

    zh = "{limit} 自起算之日连同延期总计不得超过 {most_zh}，现已到此上限，不能再延长。"


class NothingToPause(EngineError):
    """None of the limits that run in case {case} may be paused; the pack says which may."""

    zh = "案件 {case} 在办的时限均不得暂停计时；可暂停的由制度包规定。"


class ClocksStandStill(EngineError):
    """The clocks of case {case} stand still already; let them go on first."""

    zh = "案件 {case} 的计时已经暂停；请先恢复。"


class ClocksGo(EngineError):
    """The clocks of case {case} are going; there is nothing to resume."""

    zh = "案件 {case} 的计时并未暂停，无须恢复。"


def bounded(field: str, text: str, *, least: int = 0, most: int = 2000) -> str:
    """`text` in NFC without outer blanks, if its length and characters are fit to keep.

    Raises:
        TextRefused.
    """
    text = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text)
    if odd or not least <= len(text) <= most:
        raise TextRefused(field=field, least=least, most=most)
    return text


def file_name(name: str) -> str:
    """What a file is called, without the folders some senders put before it.

    Raises:
        TextRefused.
    """
    said = bounded("name", re.split(r"[/\\]", name)[-1], least=1, most=255)
    # Controls that turn the direction of writing make gpj.exe look like exe.jpg.
    odd = any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in _TURNING for c in said)
    if odd or said.strip(".") == "":
        raise TextRefused(field="name", least=1, most=255)
    return said


def checked_file(name: str, media_type: str, content: bytes) -> str:
    """The media type under which a file is kept, judged by its ending and its first bytes.

    Raises:
        FileEmpty, FileTooLarge, MediaTypeRefused.
    """
    if not content:
        raise FileEmpty(name=name)
    if len(content) > LARGEST_FILE:
        raise FileTooLarge(name=name, most=LARGEST_FILE // 1024 // 1024)
    kept, starts = FILE_KINDS.get(name.rpartition(".")[2].lower(), ("", ()))
    if not kept or (starts and not content.startswith(starts)):
        raise MediaTypeRefused(name=name, known=tuple(sorted(FILE_KINDS)))
    return kept


def checked_deputy(reading: Reading, actor: Actor, at: datetime) -> None:
    """Raise unless the actor stands in for the absent person at this moment.

    Raises:
        DeputyNotValid.
    """
    absent = actor.on_behalf_of
    if absent is not None and absent not in {d.absent for d in reading.deputyships(actor.name, at)}:
        raise DeputyNotValid(person=actor.name, absent=absent)


def checked_extension(limit: LimitRow, amount: int, unit: str) -> None:
    """Raise unless the limit allows an extension of that much in one go.

    Raises:
        ExtensionRefused.
    """
    most = limit.extend_max
    if amount < 1 or (most is not None and (unit != most.unit or amount > most.value)):
        allowed = most or Amount(value=1000, unit=unit)
        raise ExtensionRefused(
            limit=limit.id, amount=amount, unit=unit, **in_words("asked", amount, unit),
            **in_words("most", allowed.value, allowed.unit),
        )  # fmt: skip


def in_words(name: str, amount: int, unit: str) -> dict[str, str]:
    """A span as facts of an error, in both languages: 30 working days, 30 个工作日."""
    return {f"{name}_{lang}": span_text(amount, unit, lang) for lang in ("zh", "en")}


def sight(reading: Reading, head: Head, actor: Actor) -> None:
    """Raise, as if there were no such case, unless the actor may know of it.

    Raises:
        CaseNotFound: also for the person complained of and, where the case is sealed, for everybody
            who takes no part in it.
    """
    if not reading.may_see(head, actor):
        raise CaseNotFound(case=head.case)


def kept_from(policy: Policy, actor: Actor) -> frozenset[str]:
    """Whose personal data the pack keeps from the actor."""
    return frozenset(
        of for of, roles in policy.secrets.items() if not any(actor.has(policy.pack, role) for role in roles)
    )


def ended_by(event: Event, task: str) -> bool:
    """Whether an event ended the task."""
    return isinstance(event, TaskCompleted | TaskWithdrawn) and event.task == task


def matters(event: Event, task: OpenTask | None) -> bool:
    """Whether an event changes what somebody doing `task` (or None: looking at the whole case) has before them."""
    if task is None:
        return isinstance(event, Input) and not isinstance(event, CommentAdded | AttachmentAdded)
    match event:
        case TaskClaimed() | TaskReleased() | TaskDelegated() | TaskWithdrawn() | TaskRevised():
            return event.task == task.name
        case CommentAdded() | AttachmentAdded():
            return False
        case TaskCompleted():
            return True
        case DataSet():
            return event.scope in ("", task.scope)
    return False
