"""Files that come with answers: kept in the same transaction, so that no answer refers to what is not there."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.authority import Actor
from engine.desk.house_rules import checked_file, file_name
from engine.desk.sitting import Sitting
from engine.history import AttachmentAdded, Personal
from forms import AnswersRefused, EntryWrong, Form


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A file handed in together with answers that refer to it."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal: what answers say."""
        return hashlib.sha256(self.content).hexdigest()


def enclose(
    open_: Sitting,
    files: Iterable[NewFile],
    said: Mapping[str, Any],
    answers: Mapping[str, Any],
    task: str | None = None,
) -> None:
    """Put the files to the case. What a file about a person is called is as much about them as the file.

    Args:
        said: when and who, as every input says it.
        answers: what they came with.

    Raises:
        FileEmpty, FileTooLarge, MediaTypeRefused, TextRefused.
    """
    whose = whose_files(answers)
    for file in {f.digest: f for f in files}.values():
        name = file_name(file.name)
        media_type = checked_file(name, "", file.content)
        open_.tx.save_file(file.digest, name=name, media_type=media_type, content=file.content, at=open_.at)
        open_.hear(
            AttachmentAdded(
                **said,
                file=file.digest,
                name=Personal(name, whose[file.digest]) if file.digest in whose else name,
                size=len(file.content),
                media_type=media_type,
                task=task,
            )
        )


def whose_files(values: Mapping[str, Any]) -> dict[str, str]:
    """The files that personal values name, by the hash of their content, and whose they are."""
    return {file: of for value in values.values() for file, of in _files(value, None)}


def _files(value: Any, of: str | None) -> Iterator[tuple[str, str]]:
    match value:
        case Personal():
            yield from _files(value.value, value.of)
        case Mapping():
            if of is not None and isinstance(value.get("file"), str):
                yield value["file"], of
            for inner in value.values():
                yield from _files(inner, of)
        case list() | tuple():
            for inner in value:
                yield from _files(inner, of)


def checked_references(
    form: Form, accepted: Mapping[str, Any], files: Sequence[NewFile], there: Iterable[str], actor: Actor
) -> None:
    """Raise unless every file that answers refer to comes with them or is one of the case already.

    Raises:
        AnswersRefused: at the field.
    """
    if wrong := unknown_files(form, accepted, {f.digest for f in files} | set(there)):
        raise AnswersRefused(wrong, actor.locale)


def unknown_files(form: Form, accepted: Mapping[str, Any], known: Collection[str]) -> dict[str, list[EntryWrong]]:
    """What is wrong with the files that accepted answers refer to, given the hashes there are: path of the field -> why."""
    return {
        path: [EntryWrong("请先上传文件。", "upload the file first.")]
        for path, digest in form.files(accepted)
        if digest not in known
    }
