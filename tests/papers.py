"""Papers read back: what stands in a PDF, which fonts are in it; every byte of a file that a reader could find something in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import StreamObject

#: A4 in points.
A4 = (595, 842)


def reader(content: bytes) -> PdfReader:
    """A PDF, opened."""
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """What a PDF says, without the white space that setting it in lines put in."""
    return bare("".join(page.extract_text() for page in reader(content).pages))


def bare(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def sizes(content: bytes) -> set[tuple[int, int]]:
    """The sizes of the pages, in points."""
    return {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader(content).pages}


def fonts(content: bytes) -> dict[str, bool]:
    """The fonts of a PDF, and whether each is inside it."""
    found: dict[str, bool] = {}
    for page in reader(content).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[union-attr]
            for inner in font.get_object().get("/DescendantFonts", ()):
                descriptor = inner.get_object()["/FontDescriptor"].get_object()
                found[str(descriptor["/FontName"])] = any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))
    return found


def everything(content: bytes) -> str:
    """All that can be read in a file: of a PDF its text, its metadata and every stream, of a workbook every part."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    pdf = reader(content)
    said = [text_of(content), str(pdf.metadata), str(pdf.xmp_metadata), *(_decoded(data) for data in _streams(pdf))]
    return bare("\n".join(said))


def _streams(pdf: PdfReader) -> Iterator[bytes]:
    for number in range(1, len(pdf.xref_objStm) + sum(map(len, pdf.xref.values())) + 1):
        found = pdf.get_object(number)
        if isinstance(found, StreamObject):
            yield found.get_data()


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace") + data.decode("utf-16-be", "replace")
