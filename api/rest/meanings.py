"""What the names in addresses, queries and headers mean, for the API description: whoever calls knows nothing else.

A name is told once, however many operations take it; where one of them means something of its own by it, the operation's
address stands before the name. What a query says of itself where it is declared comes first.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Name, or address and name -> what it means.
_MEANINGS: Mapping[str, str] = {
    # In addresses.
    "case": "Its id, `case` of `GET /cases`: C-1001",
    "task": "Its name in the case, `task` of `GET /tasks`: look-1",
    "pack": "A procedure: `pack` of `GET /packs`",
    "form": "A form of the procedure: a key of `forms` of `GET /packs/{pack}`",
    "number": "Its number: `number` of `GET /cases/{case}/documents`",
    "/me/deputies/{number} number": "The arrangement: `number` of `GET /me/deputies`",
    "file": "SHA-256 of its content: `file` of `GET /cases/{case}/attachments`",
    "deadline": "A limit or a task, `deadline` of `GET /cases/{case}/deadlines`: T08-1, look-1",
    "incident": "Its name: `incident` in `incidents` of `GET /cases/{case}`",
    "job": "Its number: `job` of `GET /jobs`",
    "draft": "Its id: `draft` of `GET /drafts`",
    "move": "Its number: `move` of `GET /packs/{pack}/moves`",
    "digest": "Of its files: `digest` of `GET /releases`",
    "token": "Its id: `token` of `GET /me/tokens`",
    "report": "Its id: `report` of `GET /reports`",
    "period": "What it covers, `period` of `GET /reports`: 2026, 2026-01, 2026-W05, 2026-01-31",
    "version": "A version of the calendar: `version` of `GET /calendars`",
    "/drafts/{draft}/file version": "The save after which it is read; without it, the last",
    "/calendars/{name} name": "A calendar: `name` of `GET /calendars`",
    "/registers/{name} name": "A register: `register` of `GET /registers`",
    "/people/{name} name": "A user name",
    # Pages of lists.
    "cursor": "`next` of the page before; without it, the first page",
    "limit": "How many at most",
    "after": "Events behind this number: `next` of the piece before",
    "/packs/{pack}/moves/forecast after": "The release that cases would go on under: its digest",
    "before": "The release that cases are on: its digest",
    "q": "Words of a title, a case's number or id; of people, a part of a name",
    "lang": "Its language; the reader's own unless it is said",
    "format": "As what kind of file",
    # Which cases.
    "flow": "product-quality, service or staff-conduct",
    "status": "A status of the procedure: a key of `statuses` of `GET /packs/{pack}`",
    "channel": "By which it came in: one of the procedure's `channels`",
    "parent": "The case they continue, or stem from",
    "doer": "Who did a task in them, or has one in hand: a user name",
    "open": "true: those that are open; false: those that are closed; without it, both",
    "/reports open": "true: only those nobody has seen to",
    "since": "From this moment on, with its zone: when the case was opened",
    "until": "Before this moment, with its zone: when the case was opened",
    "/statistics since": "From this moment on, with its zone",
    "/statistics until": "Before this moment, with its zone",
    "/cases/{case}/history until": "Events up to this number",
    "oldest_first": "true: the first opened first",
    "at": "As of the event of this number; without it, as it is now",
    "copy": "Which copy, from 1; without it, all",
    "every": "How long the periods are that figures are given for",
    # Finding by what happened.
    "words": "What was said or written in the case",
    "person": "Who did something in it: a user name",
    "event": "What happened in it out of the usual course: that something was late, was done again, or an event of this kind",
    "element": "A step that was done in it, as it is drawn: `element` of `steps` of `GET /packs/{pack}`",
    "broken": "A limit that was not kept in it: `limit` of `limits` of `GET /packs/{pack}`",
    "decision": "A decision table that was asked in it: its id",
    "row": "A rule of that table that applied: its number or id",
    "field": "A field that was answered in it: its name on the form",
    "value": "What that field was answered with",
    # Which tasks.
    "scope": "Which tasks: mine, my group's, those of both past due, or all of these. The four flags say the same: `?overdue`",
    "mine": "Those in my hands",
    "group": "Those offered to me and in nobody's hands",
    "overdue": "Those of mine and of my group past due; everybody's are in `GET /deadlines/overdue`",
    "all": "Mine and my group's; administrators: everybody's",
    "holder": "In whose hands they are: a user name",
    "sort": "By the moment they are due, or by that they were opened",
    # Others.
    "role": "Who holds this role: `role` of `roles` of `GET /packs/{pack}`",
    "path": "A file of the draft: pack.yaml, diagrams/main.bpmn",
    "against": "The release it is compared with: its digest; without it, the one in force",
    "/cases/{case}/attachments name": "What the file is called, where its bytes are sent alone",
    "/cases/{case}/attachments task": "The open task it belongs to",
    # Headers.
    "Accept-Language": "zh or en; without it, the caller's own language",
    "Kesu-On-Behalf-Of": "User name of somebody the caller stands in for now (`stands_in_for` of `GET /me`)",
    "Idempotency-Key": "Any text of the caller's: the same request under it is done once, and answered again",
    "If-Match": "`ETag` of the case or task as the caller saw it: 412 where others changed it since",
}


def meaning(path: str, name: str) -> str:
    """What a name means to the operation at an address.

    Args:
        path: without /api/v1, with the names in braces.
    """
    own = (said for place, said in _MEANINGS.items() if place.endswith(f" {name}") and path.startswith(place.split(" ")[0]))
    return next(own, _MEANINGS.get(name, ""))
