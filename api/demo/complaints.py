"""Where the demo's complaints come from: public files where they are at hand, and those we wrote ourselves.

The public texts are read in place and never copied. Where there are not enough for the packs that are
in force, the shipped ones are varied until there are, and the demo says so.
"""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from engine.errors import EngineError

#: Files of public complaints we know how to read.
NHTSA = "nhtsa_vehicle_complaints_sample.csv"
CFPB = "cfpb_complaints_2023.csv"
#: How many of each enter the demo, at most.
FROM_NHTSA, FROM_CFPB = 120, 145
#: How many complaints enter the demo, at least.
LEAST = 305
#: Longest text taken over, in characters.
LONGEST = 1800


class ComplaintsUnreadable(EngineError):
    """There is no folder {folder}, or none of the files {files} is in it."""

    zh = "文件夹 {folder} 不存在，或其中没有文件 {files}。"


class NoComplaints(EngineError):
    """No complaint fits the packs in force: {packs}. Shipped ones are for {known}."""

    zh = "没有适用于现行制度包（{packs}）的投诉；随附的投诉适用于 {known}。"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What somebody complained about."""

    pack: str
    #: "nhtsa", "cfpb", "shipped" or "varied".
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


def gather(
    folder: Path | None, dice: random.Random, *, packs: Collection[str], least: int = LEAST, most: int | None = None
) -> tuple[list[Complaint], dict[str, int]]:
    """The demo's complaints in the order in which they come in, and how many there are of each source.

    Args:
        folder: where the public files are; None: there are none.
        packs: the packs in force; complaints for others are left out.
        least: how many there must be; what lacks is made by variation.
        most: how many there may be.

    Raises:
        ComplaintsUnreadable: a folder was named, and nothing in it can be read.
        NoComplaints: none fits the packs.
    """
    ours = [c for c in shipped() if c.pack in packs]
    if not ours:
        raise NoComplaints(packs="、".join(sorted(packs)), known="、".join(sorted({c.pack for c in shipped()})))
    public = _public(folder, dice) if folder else []
    together = [*ours, *(c for c in public if c.pack in packs)]
    together += itertools.islice(_varied(ours, dice), max(0, least - len(together)))
    dice.shuffle(together)
    together = together[:most]
    counts = dict.fromkeys(("shipped", "nhtsa", "cfpb", "varied"), 0)
    for complaint in together:
        counts[complaint.source] += 1
    return together, counts


def said(counts: Mapping[str, int], folder: Path | None) -> str:
    """Where the complaints are from, in words."""
    whence = [
        f"随附 shipped {counts['shipped']}", f"NHTSA {counts['nhtsa']}", f"CFPB {counts['cfpb']}",
        f"变化而成 varied from the shipped ones {counts['varied']}",
    ]  # fmt: skip
    total = sum(counts.values())
    lines = f"{total} 件投诉 complaints: {', '.join(whence)}"
    if folder is None:
        lines += (
            "\n此处没有公开投诉文件夹，只用随附的投诉并变化其事实。"
            "The folder with public complaints is not here: only the shipped ones and variations of them."
        )
    return lines


def _public(folder: Path, dice: random.Random) -> list[Complaint]:
    if not any((folder / name).is_file() for name in (NHTSA, CFPB)):
        raise ComplaintsUnreadable(folder=folder, files=f"{NHTSA}, {CFPB}")
    return [*_nhtsa(folder / NHTSA, dice), *_cfpb(folder / CFPB, dice)]


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
    for row in _sample(path, FROM_NHTSA, dice, text="cdescr"):
        part = row["compdesc"].split(":")[0].title()
        product = f"{row['maketxt'].title()} {row['modeltxt'].title()}"
        yield Complaint(
            pack="mfg-gm-office",
            source="nhtsa",
            title=f"{product} {row['yeartxt']}: {part}"[:120],
            text=row["cdescr"][:LONGEST],
            facts={"product": product},
        )


def _cfpb(path: Path, dice: random.Random) -> Iterator[Complaint]:
    for row in _sample(path, FROM_CFPB, dice, text="Consumer complaint narrative"):
        yield Complaint(
            pack="life-insurance",
            source="cfpb",
            title=f"{row.get('Sub-product') or 'Account'}: {row.get('Issue') or 'Complaint'}"[:120],
            text=row["Consumer complaint narrative"][:LONGEST],
            facts={},
        )


def _sample(path: Path, most: int, dice: random.Random, *, text: str) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if (row.get(text) or "").strip()]
        return dice.sample(rows, min(most, len(rows)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ComplaintsUnreadable(folder=path.parent, files=path.name) from error


def _varied(ours: list[Complaint], dice: random.Random) -> Iterator[Complaint]:
    """The shipped complaints again with other facts: an order number, an amount, a quantity."""
    for turn in itertools.count(2):
        for complaint in dice.sample(ours, len(ours)):
            number, amount = dice.randrange(10_000, 99_999), dice.randrange(80, 60_000)
            more = f"（同类反映，单号 {number}，涉及金额约 {amount} 元。）"
            facts = {name: _other(name, value, dice) for name, value in complaint.facts.items()}
            title = f"{complaint.title}（{turn}）"
            yield replace(complaint, source="varied", title=title, text=complaint.text + more, facts=facts)


def _other(name: str, value: Any, dice: random.Random) -> Any:
    """Another order number, another amount; what is no number and no code stays."""
    if name == "order_no" and isinstance(value, str):
        return f"{value.rpartition('-')[0] or 'SO'}-{dice.randrange(10_000, 99_999)}"
    if name.endswith("amount") and isinstance(value, str):
        try:
            return f"{float(value) * dice.uniform(0.3, 2.5):.2f}"
        except ValueError:
            return value
    return value
