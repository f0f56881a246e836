"""People: what they may do, who stands in for whom, who is signed in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from engine.store.tables.shape import NAME, SERIAL, metadata

person = Table(
    "person",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("locale", NAME, nullable=False),
    #: Argon2 text made by the caller; NULL cannot sign in with a password.
    Column("password", Text),
    Column("active", Boolean, nullable=False),
    Column("external", Boolean, nullable=False),
    Column("email", Text),
)

membership = Table(
    "membership",
    metadata,
    Column("person", NAME, primary_key=True),
    #: "pack/role" or "*/role".
    Column("role", NAME, primary_key=True),
    sqlite_with_rowid=False,
)
Index("membership_role", membership.c.role)

#: Who could sign in (role ""), and held which role, from when until when; of those who cannot sign in nothing holds.
role_spell = Table(
    "role_spell",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("role", NAME, primary_key=True),
    Column("since_us", BigInteger, primary_key=True),
    #: NEVER: until further notice.
    Column("until_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

deputy = Table(
    "deputy",
    metadata,
    Column("id", SERIAL, primary_key=True, autoincrement=True),
    Column("absent", NAME, nullable=False),
    Column("deputy", NAME, nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    #: JSON list of "pack/role"; empty: all of the absent person's.
    Column("roles", Text, nullable=False),
)
Index("deputy_deputy", deputy.c.deputy, deputy.c.until_us)

#: Cases somebody keeps an eye on.
watch = Table(
    "watch",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("case_id", NAME, primary_key=True),
    sqlite_with_rowid=False,
)

#: Who looks at a case, as their page said last; nobody is there who has not said so for a while.
presence = Table(
    "presence",
    metadata,
    Column("case_id", NAME, primary_key=True),
    Column("person", NAME, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("presence_at", presence.c.at_us)

#: Questions to the worklist that somebody kept under a name: the query of its address.
kept_filter = Table(
    "kept_filter",
    metadata,
    Column("person", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("query", Text, nullable=False),
    sqlite_with_rowid=False,
)

#: Signed-in browsers and bearer tokens; the secret itself is never stored.
ticket = Table(
    "ticket",
    metadata,
    Column("hash", NAME, primary_key=True),
    #: "session" or "token".
    Column("kind", NAME, nullable=False),
    Column("person", NAME, nullable=False),
    Column("scope", NAME, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
)
Index("ticket_person", ticket.c.person)
Index("ticket_expires", ticket.c.expires_us)

#: Wrong passwords of late, by name; a try counts before it is looked at, on whichever node it is made.
password_try = Table(
    "password_try",
    metadata,
    #: SHA-256 of the name that was typed: sometimes it is a password.
    Column("name", NAME, primary_key=True),
    Column("tries", Integer, nullable=False),
    #: When the first of them was made.
    Column("since_us", BigInteger, nullable=False),
)
Index("password_try_since", password_try.c.since_us)
