"""The tables. `event` is the truth; `cases` are projections, folded from it, that may be thrown away.

Instants are whole microseconds UTC in BIGINT columns named `*_us`; a due instant that does not
exist is `NEVER`, so that undated work sorts last. Names sort by code point on both databases.
"""

from engine.store.tables.cases import (
    DONE,
    IS_OPEN,
    OPEN,
    PROJECTIONS,
    WITHDRAWN,
    barred,
    deadline,
    gram,
    head,
    incident,
    offer,
    participant,
    passage,
    task,
)
from engine.store.tables.histories import FOREVER, checkpoint, event, keys, leaf, reading, tree
from engine.store.tables.kept import draft, file, idempotency, series
from engine.store.tables.packs import (
    act,
    blob,
    calendar,
    current,
    move,
    move_case,
    pack_draft,
    pack_draft_file,
    release,
    release_file,
    report,
)
from engine.store.tables.people import (
    deputy,
    kept_filter,
    membership,
    password_try,
    person,
    presence,
    role_spell,
    ticket,
    watch,
)
from engine.store.tables.shape import NAME, NEVER, SERIAL, WORDS, metadata
from engine.store.tables.work import (
    AWAITED,
    CANCELLED,
    DELIVERY,
    FINISHED,
    FOLDED_JOBS,
    IS_AWAITED,
    IS_LEASED,
    IS_NOT_TIMED,
    IS_PARKED,
    IS_READY,
    IS_UNDELIVERED,
    LEASED,
    PARKED,
    READY,
    job,
    node,
)

__all__ = [
    "AWAITED", "CANCELLED", "DELIVERY", "DONE", "FINISHED", "FOLDED_JOBS", "FOREVER", "IS_AWAITED",
    "IS_LEASED", "IS_NOT_TIMED", "IS_OPEN", "IS_PARKED", "IS_READY", "IS_UNDELIVERED", "LEASED", "NAME",
    "NEVER", "OPEN", "PARKED", "PROJECTIONS", "READY", "SERIAL", "WITHDRAWN", "WORDS", "act", "barred", "blob",
    "calendar", "checkpoint", "current", "deadline", "deputy", "draft", "event", "file", "gram", "head",
    "idempotency", "incident", "job", "kept_filter", "keys", "leaf", "membership", "metadata", "move", "move_case", "node",
    "offer", "pack_draft", "pack_draft_file", "participant", "passage", "password_try", "person", "presence", "reading",
    "release", "release_file", "report", "role_spell", "series", "task", "ticket", "tree", "watch",
]  # fmt: skip
