"""Pages set in type: HTML as PDF. The only door to WeasyPrint; it is opened in the printer's process alone."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher


class FontsMissing(Exception):
    """No font of this machine has Chinese characters."""


class _Nothing(URLFetcher):  # type: ignore[misc]
    """Fetches nothing, wherever it is: a paper holds all it shows."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        raise ValueError("nothing is fetched")


def set_in_pages(pages: Sequence[str], styles: str) -> bytes:
    """Documents as one PDF; each counts its own pages.

    Raises:
        FontsMissing.
    """
    if not _reads_chinese():
        raise FontsMissing()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fonts = FontConfiguration()
    nothing = _Nothing()
    sheet = CSS(string=styles, font_config=fonts, url_fetcher=nothing)
    drawn = [
        HTML(string=page, url_fetcher=nothing, base_url=None).render(stylesheets=[sheet], font_config=fonts, presentational_hints=True)
        for page in pages
    ]
    whole = drawn[0].copy([page for document in drawn for page in document.pages])
    return bytes(whole.write_pdf(pdf_identifier=b"kesu", full_fonts=False))


def _reads_chinese() -> bool:
    try:
        found = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, timeout=20, check=False)
    except FileNotFoundError:
        return False
    return bool(found.stdout.strip())
