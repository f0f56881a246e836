"""What comes in: real texts where they are at hand, our own and variations of them otherwise; always enough."""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import pytest

from api.demo.complaints import CFPB, LEAST, NHTSA, ComplaintsUnreadable, NoComplaints, gather, said, shipped

PACKS = ("mfg-gm-office", "life-insurance", "whistle-risk")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Public files as they are published, short."""
    with (tmp_path / NHTSA).open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["maketxt", "modeltxt", "yeartxt", "compdesc", "cdescr"])
        rows.writerows(
            [["LINCOLN", "TOWN CAR", "1994", "SERVICE BRAKES:PEDALS", f"THE BRAKES FAILED {n}"] for n in range(130)]
        )
        rows.writerow(["FORD", "F150", "2003", "TIRES", "  "])
    with (tmp_path / CFPB).open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["Sub-product", "Issue", "Consumer complaint narrative"])
        rows.writerows([["Payday loan", "Fees", f"They charged me {n} times"] for n in range(200)])
    return tmp_path


@pytest.mark.parametrize("packs", [PACKS, PACKS[:1], PACKS[:2]])
def test_there_are_enough_whatever_packs_are_there(folder: Path, packs: tuple[str, ...]) -> None:
    found, counts = gather(folder, random.Random(1), packs=packs)
    assert len(found) == sum(counts.values()) >= LEAST >= 300
    assert {c.pack for c in found} <= set(packs)
    assert counts["nhtsa"] == 120
    assert (counts["cfpb"] > 100) == ("life-insurance" in packs)
    assert not any(c.text == "  " for c in found)


def test_without_the_folder_the_shipped_ones_are_varied_and_it_is_said() -> None:
    found, counts = gather(None, random.Random(1), packs=PACKS)
    assert len(found) >= 300 and counts["nhtsa"] == counts["cfpb"] == 0
    # Every variation has facts of its own.
    assert len({(c.title, c.text) for c in found}) == len(found)
    orders = Counter(c.facts.get("order_no") for c in found if c.source == "varied" and c.facts.get("order_no"))
    assert not orders or max(orders.values()) < 5
    assert "not here" in said(counts, None) and "此处没有" in said(counts, None)


def test_the_same_dice_give_the_same_complaints(folder: Path) -> None:
    assert gather(folder, random.Random(7), packs=PACKS) == gather(folder, random.Random(7), packs=PACKS)
    assert len(gather(folder, random.Random(7), packs=PACKS, least=9, most=9)[0]) == 9


def test_a_folder_without_complaints_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ComplaintsUnreadable) as refused:
        gather(tmp_path, random.Random(1), packs=PACKS)
    assert str(tmp_path) in refused.value.text("zh")
    (tmp_path / NHTSA).write_bytes(b"\xff\xfe\x00cdescr")
    with pytest.raises(ComplaintsUnreadable):
        gather(tmp_path, random.Random(1), packs=PACKS)
    with pytest.raises(NoComplaints):
        gather(None, random.Random(1), packs=("nowhere",))


def test_the_shipped_ones_are_sixty_at_most_twenty_a_pack_and_of_natural_length() -> None:
    ours = shipped()
    by_pack = Counter(c.pack for c in ours)
    assert set(by_pack.values()) == {20}
    lengths = sorted(len(c.text) for c in ours)
    assert 80 < lengths[len(lengths) // 2] < 400 and lengths[-1] > 400
    assert len({c.title for c in ours}) == len(ours)
