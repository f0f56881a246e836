"""Where the demo's complaints come from: public files where they are at hand, and those we wrote ourselves.

The public texts are read in place and never copied. Without them the shipped ones are varied until
there are enough, and the summary says so.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

#: Files of public complaints we know how to read, and the flow they belong to.
NHTSA = "nhtsa_vehicle_complaints_sample.csv"
CFPB = "cfpb_complaints_2023.csv"
#: How many of each enter the demo.
FROM_NHTSA, FROM_CFPB = 150, 190
#: The least number of cases.
LEAST = 300
#: Longest text taken over, in characters.
LONGEST = 1800


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody complained about."""

    pack: str
    #: "nhtsa", "cfpb" or "shipped".
    source: str
    title: str
    text: str
    channel: str | None = None
    #: Answers of the intake form that are known beyond title and text.
    facts: Mapping[str, Any]


def shipped() -> list[Complaint]:
    """The fictional Chinese complaints that come with Kesu."""
    found = []
    for file in sorted(files("api.demo").joinpath("complaints").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            found += [_shipped(row) for row in yaml.safe_load(file.read_text(encoding="utf-8"))["complaints"]]
    return found


def gather(folder: Path | None, dice: random.Random) -> tuple[list[Complaint], str]:
    """The demo's complaints in the order in which they come in, and one sentence on where they are from."""
    ours = shipped()
    public = [*_nhtsa(folder / NHTSA, dice), *_cfpb(folder / CFPB, dice)] if folder else []
    said = f"{len(ours)} shipped, {len(public)} public (NHTSA, CFPB)"
    if not public:
        public = [*itertools.islice(_varied(ours, dice), max(0, LEAST - len(ours)))]
        said = f"{len(ours)} shipped and {len(public)} variations of them: the folder with the public complaints is not here"
    together = [*ours, *public]
    dice.shuffle(together)
    return together, said


def _shipped(row: Mapping[str, Any]) -> Complaint:
    return Complaint(
        pack=row["pack"],
        source="shipped",
        title=row["title"],
        text=row["text"],
        channel=row.get("channel"),
        facts=row.get("answers") or {},
    )


def _nhtsa(path: Path, dice: random.Random) -> Iterator[Complaint]:
    for row in _sample(path, FROM_NHTSA, dice):
        part = row["compdesc"].split(":")[0].title()
        yield Complaint(
            pack="mfg-gm-office",
            source="nhtsa",
            title=f"{row['maketxt'].title()} {row['modeltxt'].title()} {row['yeartxt']}: {part}",
            text=row["cdescr"][:LONGEST],
            facts={"product": f"{row['maketxt'].title()} {row['modeltxt'].title()}"},
        )


def _cfpb(path: Path, dice: random.Random) -> Iterator[Complaint]:
    for row in _sample(path, FROM_CFPB, dice, with_text="Consumer complaint narrative"):
        yield Complaint(
            pack="life-insurance",
            source="cfpb",
            title=f"{row['Sub-product'] or 'Account'}: {row['Issue']}"[:120],
            text=row["Consumer complaint narrative"][:LONGEST],
            facts={},
        )


def _sample(path: Path, most: int, dice: random.Random, with_text: str = "cdescr") -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row[with_text].strip()]
    return dice.sample(rows, min(most, len(rows)))


def _varied(ours: list[Complaint], dice: random.Random) -> Iterator[Complaint]:
    """The shipped complaints again with other facts: an order number, a date of purchase, an amount."""
    for turn in itertools.count(2):
        for complaint in dice.sample(ours, len(ours)):
            number, amount = dice.randrange(10_000, 99_999), dice.randrange(80, 60_000)
            more = f"（同类反映，单号 {number}，涉及金额约 {amount} 元。）"
            yield replace(complaint, title=f"{complaint.title}（{turn}）", text=complaint.text + more)
