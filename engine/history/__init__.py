"""Case histories: events, their kinds, and the chain that proves them.

`events` says what an event is, `inputs` and `outcomes` name everything that can happen, `chain` gives each
event its place and hash, `personal` seals what is about a person. Nothing here knows a database or a diagram.
"""

from engine.history.chain import (
    GENESIS,
    ChainBroken,
    Record,
    RecordDamaged,
    UnknownKind,
    canonical,
    check,
    instant,
    micros,
    read,
    seal,
)
from engine.history.events import KINDS, Event, Input, Outcome
from engine.history.inputs import *  # noqa: F403 - the kinds are the vocabulary of this room
from engine.history.outcomes import *  # noqa: F403
from engine.history.personal import ERASED, Hidden, Keyring, Personal, SealBroken, bare, persons_in

__all__ = [
    "ERASED", "GENESIS", "KINDS", "ChainBroken", "Event", "Hidden", "Input", "Keyring", "Outcome", "Personal", "Record",
    "RecordDamaged", "SealBroken", "UnknownKind", "bare", "canonical", "check", "instant", "micros", "persons_in", "read", "seal",
    *(kind.__name__ for kind in KINDS.values()),
]  # fmt: skip
