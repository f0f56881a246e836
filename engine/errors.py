"""What can go wrong, each told once: in the docstring in English, in `zh` in Chinese.

Facts travel as keywords and are filled into the text where it names them. This
module does not know HTTP; `api.problems` maps each class to a status.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar


class EngineError(Exception):
    """Something could not be done."""

    #: The same sentence in Chinese; may name facts in braces.
    zh: ClassVar[str] = "操作未能完成。"
    #: The sentence in English; taken from the docstring's first paragraph.
    en: ClassVar[str] = "Something could not be done."

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__doc__" in cls.__dict__ and cls.__doc__ and "en" not in cls.__dict__:
            cls.en = " ".join(inspect.cleandoc(cls.__doc__).split("\n\n")[0].split())

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    @property
    def code(self) -> str:
        """The name of the error for machines: `CaseMovedOn` -> `case-moved-on`."""
        name = type(self).__name__
        return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")

    def text(self, lang: str) -> str:
        """The sentence in the reader's language (`zh` or anything else for English)."""
        template = self.zh if lang.startswith("zh") else self.en
        return template.format_map(_Facts(self.facts, lang))


class _Facts(dict[str, Any]):
    """Facts for a template: several of a kind are joined as the language does; one that was not given stays visible."""

    def __init__(self, facts: Mapping[str, Any], lang: str) -> None:
        between = "、" if lang.startswith("zh") else ", "
        super().__init__(
            (name, between.join(map(str, fact)) or "-" if isinstance(fact, tuple) else fact) for name, fact in facts.items()
        )

    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
