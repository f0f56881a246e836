"""Personal data in a history: sealed under a key of the person, so that a person can be forgotten.

The hash chain covers the sealed text. Destroying the key erases the person everywhere,
backups of the event table included, and every proof still verifies. This module is the
one door to `cryptography`; it does not know where keys are kept.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import EngineError
from engine.values import Value, decode, encode

#: What remains of a value whose person was erased. Expressions read it as null.
ERASED: Final = "\u2588"
#: Why a value cannot be read: "withheld" by the pack from this reader, or "erased" on request, for everybody and for ever.
Hidden = Literal["withheld", "erased"]


class SealBroken(EngineError):
    """Sealed data of {of} do not open with its key: they were altered."""

    zh = "{of} 的密封数据无法用其密钥打开：数据已被改动。"


@dataclass(frozen=True, eq=False)
class Personal:
    """A value about a person; in memory it is readable, in the event it is sealed."""

    value: Value
    #: Whose it is within the case: "complainant", "reporter", "accused", ...
    of: str
    #: True when the key was destroyed; `value` is then None.
    erased: bool = False
    #: True when this reader may not read it though others may; `value` is then None. Only readers are handed such
    #: values, never a run, and none is ever stored.
    withheld: bool = False

    @property
    def hidden(self) -> Hidden | None:
        """Why it cannot be read; None: it can."""
        return "erased" if self.erased else "withheld" if self.withheld else None

    def __eq__(self, other: object) -> bool:
        # An erased value agrees with whatever it was: replay must still be able to check the rest.
        if not isinstance(other, Personal):
            return NotImplemented
        return self.of == other.of and (self.erased or other.erased or self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.of)


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """The keys of the persons of one case; None marks a destroyed key."""

    keys: Mapping[str, bytes | None] = field(default_factory=dict)

    def having(self, persons: set[str]) -> Keyring:
        """This keyring with a fresh key for each person that never had one."""
        fresh = {of: AESGCM.generate_key(128) for of in sorted(persons) if of not in self.keys}
        return Keyring(keys={**self.keys, **fresh}) if fresh else self

    def without(self, of: str) -> Keyring:
        """This keyring with the key of `of` destroyed."""
        return Keyring(keys={**self.keys, of: None})

    @property
    def erased(self) -> frozenset[str]:
        """The persons whose key was destroyed."""
        return frozenset(of for of, key in self.keys.items() if key is None)

    def seal(self, personal: Personal) -> dict[str, Any]:
        """The form in which `personal` enters an event and its hash."""
        key = self.keys.get(personal.of)
        if key is None:
            return {"$p": {"of": personal.of, "erased": True}}
        nonce = os.urandom(12)
        sealed = AESGCM(key).encrypt(nonce, encode(personal.value), personal.of.encode())
        return {"$p": {"of": personal.of, "sealed": base64.b64encode(nonce + sealed).decode()}}

    def open(self, sealed: Mapping[str, Any]) -> Personal:
        """The inverse of `seal`; an erased person gives an erased value.

        Raises:
            SealBroken: the sealed text was altered.
        """
        of = sealed["of"]
        key = self.keys.get(of)
        if key is None or "sealed" not in sealed:
            return Personal(None, of, erased=True)
        raw = base64.b64decode(sealed["sealed"])
        try:
            return Personal(decode(AESGCM(key).decrypt(raw[:12], raw[12:], of.encode())), of)
        except InvalidTag as error:
            raise SealBroken(of=of) from error


def persons_in(value: Any) -> set[str]:
    """Whose data `value` holds, at any depth."""
    match value:
        case Personal():
            return {value.of}
        case dict():
            return set().union(*(persons_in(v) for v in value.values())) if value else set()
        case list() | tuple():
            return set().union(*(persons_in(v) for v in value)) if value else set()
    return set()


def bare(value: Any) -> Value:
    """`value` with every `Personal` replaced by what it holds (None where erased)."""
    match value:
        case Personal():
            return value.value
        case dict():
            return {k: bare(v) for k, v in value.items()}
        case list() | tuple():
            return [bare(v) for v in value]
    return value
