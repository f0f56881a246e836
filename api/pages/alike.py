"""The like of a complaint: cases whose subjects share pieces with it. A hint for people, found by the search as it is."""

from __future__ import annotations

from collections import Counter

from flask import g

from api.wiring import Parts
from engine.store import CaseQuery, Head

#: Pieces of a subject that are looked for, and how many cases are offered.
_PIECES, _OFFERED = 8, 5


def alike_of(parts: Parts, pack: str, subject: str, *, but: str = "") -> list[Head]:
    """Cases of the pack that the reader may see and whose subjects share pieces with this one, the most alike first.

    Args:
        but: a case that is not meant, because it is the one at hand.
    """
    pieces = _pieces(subject)
    if not pieces:
        return []
    shared: Counter[str] = Counter()
    heads: dict[str, Head] = {}
    with parts.store.look() as reading:
        for piece in pieces:
            for head in reading.cases(CaseQuery(q=piece, pack=pack, limit=20), g.actor).rows:
                if not head.sealed and head.case != but:
                    shared[head.case] += 1
                    heads[head.case] = head
    least = 1 if len(pieces) < 3 else 2
    return [heads[case] for case, count in shared.most_common(_OFFERED) if count >= least]


def _pieces(subject: str) -> list[str]:
    """Latin words of four letters or more, and pieces of three characters of anything else."""
    words = subject.replace("\0", "")[:120].split()
    found: list[str] = []
    for word in words:
        if word.isascii():
            found += [word] if len(word) >= 4 else []
        else:
            found += [word[n : n + 3] for n in range(0, max(1, len(word) - 2), 3) if len(word) >= 3]
    return list(dict.fromkeys(found))[:_PIECES]
