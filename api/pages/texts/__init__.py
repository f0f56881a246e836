"""Everything the pages say, page by page: name -> (Chinese, English)."""

from api.pages.texts.case import CASE
from api.pages.texts.drafts import DRAFTS
from api.pages.texts.frame import FRAME
from api.pages.texts.moves import MOVES
from api.pages.texts.office import OFFICE
from api.pages.texts.self import SELF
from api.pages.texts.staff import STAFF

__all__ = ["CASE", "DRAFTS", "FRAME", "MOVES", "OFFICE", "SELF", "STAFF"]
