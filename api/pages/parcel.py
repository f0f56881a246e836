"""A pack as a browser sends it: a zip file, or the files of a folder. Nothing is written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from werkzeug.datastructures import FileStorage

from engine.errors import EngineError
from engine.gate import MOST_BYTES, MOST_FILES

#: Of a folder, only this part is the pack's name for itself.
_PACK = "pack.yaml"
#: Set where a zip says that its names are UTF-8.
_UTF8 = 0x800


class ParcelUnreadable(EngineError):
    """The file {file} is no zip archive that can be read here; it may be damaged or locked by a password."""

    zh = "文件 {file} 不是可读取的 zip 压缩包，可能已损坏或设有密码。"


class ParcelTooLarge(EngineError):
    """That is more than {files} files or {megabytes} MB unpacked; a pack is smaller."""

    zh = "超过 {files} 个文件或解压后超过 {megabytes} MB；制度包应更小。"


class NoPackInside(EngineError):
    """There is no pack.yaml among the files; choose the folder of the pack, or a zip file of it."""

    zh = "其中没有 pack.yaml；请选择制度包的文件夹或其 zip 压缩包。"


def unpacked(uploads: Iterable[FileStorage]) -> dict[str, bytes]:
    """The files of the pack: path inside it -> content.

    Raises:
        ParcelUnreadable, ParcelTooLarge, NoPackInside.
    """
    files: dict[str, bytes] = {}
    for name, content in _contents(u for u in uploads if u.filename):
        files[name] = content
        if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
            raise _too_large()
    roots = [path.removesuffix(_PACK) for path in files if path.rpartition("/")[2] == _PACK]
    if not roots:
        raise NoPackInside
    # The pack lies in a folder or two; its own paths begin there.
    root = min(roots, key=len)
    inside = {path.removeprefix(root): content for path, content in files.items() if path.startswith(root)}
    return {path: content for path, content in inside.items() if not _is_litter(path)}


def packed(files: dict[str, bytes]) -> bytes:
    """The files as a zip archive; equal files, equal bytes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path), files[path], zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _contents(uploads: Iterable[FileStorage]) -> Iterator[tuple[str, bytes]]:
    for upload in uploads:
        name = (upload.filename or "").replace("\\", "/")
        content = upload.read()
        if name.lower().endswith(".zip"):
            yield from _of_zip(name, content)
        else:
            yield name, content


def _of_zip(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            # What an archive says of itself need not be true: it is read no further than it may be.
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise _too_large()
            for entry in entries:
                with archive.open(entry) as file:
                    yield _named(entry), file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise ParcelUnreadable(file=name[:100]) from error


def _named(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; Chinese Windows writes names in its own code page and says nothing."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return entry.filename


def _is_litter(path: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.split("/"))


def _too_large() -> ParcelTooLarge:
    return ParcelTooLarge(files=MOST_FILES, megabytes=MOST_BYTES // 1_000_000)
