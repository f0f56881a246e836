"""Histories in sentences a manager understands, in Chinese and English.

`names` says what things are called, `sentences` has a sentence for every kind of event, `telling` puts them in order.
"""

from engine.story.telling import Entry, Teller

__all__ = ["Entry", "Teller"]
