"""The handbook of a procedure: everything its pack says, on one page in Markdown with its diagrams beside it.

Written from the release alone, so that it says what runs; `docs/packs` holds those of the packs that are shipped.
"""

from api.handbook.book import written
from api.handbook.guides import guide_page
from api.handbook.markdown import both, table
from api.pages.framing import standing_alone

__all__ = ["both", "guide_page", "standing_alone", "table", "written"]
