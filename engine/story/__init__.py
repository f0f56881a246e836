"""Histories in sentences a manager understands, in Chinese and English.

`names` says what things are called, `sentences` has a sentence for every kind of event, `telling` puts them in order;
`foretelling` says what a move would change; `log` is the history as process mining reads it.
"""

from engine.story.foretelling import foretold
from engine.story.log import Happening, happenings
from engine.story.telling import Entry, Teller

__all__ = ["Entry", "Happening", "Teller", "foretold", "happenings"]
