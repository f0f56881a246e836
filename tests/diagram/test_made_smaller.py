"""A drawing that is made smaller before it is searched is found as sound, or as unsound, as it is."""

from __future__ import annotations

import re
from random import Random

import pytest

from engine.diagram.token_game import Found, Level
from tests.diagram.drawings import drawing, found
from tests.run.pencil import Pencil


def level(text: str) -> Level:
    """The outer level of a drawing."""
    (process,) = drawing(text).processes.values()
    return Level(process, process.scopes[None])


def scribble(dice: Random) -> str:
    """Gateways and tasks tied together by chance: most of it is unsound."""
    kinds = ["userTask", "userTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway"]
    names = [f"n{n}" for n in range(dice.randint(3, 8))]
    lines = ["startEvent s", "endEvent e", *(f"{dice.choice(kinds)} {n}" for n in names)]
    lines += [f"boundaryEvent b{n} on={n} {dice.choice(['', 'loose'])} duration=P1D" for n in names[:2] if f"userTask {n}" in lines]
    lines.append(f"s > {names[0]}")
    for place, name in enumerate(names):
        ways = dice.choices([*names[place:], "e"], k=dice.choice([1, 1, 2, 3])) if "Gateway" in str([x for x in lines if x.endswith(f" {name}")]) \
            else [dice.choice([*names, "e", "e"])]  # fmt: skip
        lines += [f"{name} > {way}" for way in dict.fromkeys(ways)]
    lines += [f"b{n} > {dice.choice([*names, 'e'])}" for n in names[:2] if any(x.startswith(f"boundaryEvent b{n} ") for x in lines)]
    return "\n".join(lines)


def verdict(text: str, *, whole: bool, together: bool = False) -> tuple[bool, bool, bool, frozenset[str]]:
    """Stuck, twice, no way out, what fired where nothing was found."""
    seen: Found = level(text).play(whole=whole, together=together)
    assert seen.decided, text
    clean = not seen.stuck and not seen.twice
    return bool(seen.stuck), bool(seen.twice), seen.livelock is not None, frozenset(seen.fired if clean else ())


@pytest.mark.parametrize("hundred", range(6))
def test_a_scribble_is_judged_as_it_would_be_whole(hundred: int) -> None:
    told = set()
    for seed in range(hundred * 100, hundred * 100 + 100):
        text = scribble(Random(seed))
        small, whole = verdict(text, whole=False), verdict(text, whole=True)
        assert small == whole, (seed, text)
        # What is looked at by itself hides nothing: whatever would be found together is found, and what is sound stays so.
        together = verdict(text, whole=True, together=True)
        assert together[0] <= small[0] and together[1] <= small[1], (seed, text)
        if not any(together[:3]):
            assert small == together, (seed, text)
        told.add(whole[:3])
    assert len(told) > 3


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_what_is_drawn_in_blocks_is_judged_as_it_would_be_whole(seed: int) -> None:
    text = Pencil(Random(seed)).drawing()
    assert verdict(text, whole=False) == verdict(text, whole=True)
    assert {"deadlock", "runs-twice", "no-way-to-the-end", "never-runs"} & found(drawing(text)).keys() == set(), text


def test_a_path_names_every_element_on_the_way() -> None:
    # Given a choice whose ways are joined as if all were taken, behind steps, a closed block and a loop
    text = """startEvent s
    endEvent e
    userTask a
    exclusiveGateway x
    userTask x1
    userTask x2
    exclusiveGateway y
    userTask b
    exclusiveGateway g
    userTask l
    userTask r
    parallelGateway j
    s > a > x
    x > x1 > y
    x > x2 > y
    y > b > g
    g > l > j
    g > r > j
    j > e"""
    path = found(drawing(text))["deadlock"].detail["path"]
    assert list(path) == ["a", "x", "x1", "y", "b", "g", "l", "j"]


def test_thirty_tasks_side_by_side_are_decided() -> None:
    names = [f"t{n}" for n in range(30)]
    text = "startEvent s\nparallelGateway f\nparallelGateway j\nendEvent e\ns > f\nj > e\n"
    text += "\n".join(f"userTask {n}\nuserTask {n}b\nf > {n} > {n}b > j" for n in names)
    assert "soundness-undecided" not in found(drawing(text))


#: One of many branches, as owners draw them; N is its number.
BRANCHES = {
    "a reminder": "userTask tN\nboundaryEvent bN on=tN loose duration=P1D\nserviceTask rN job=notify\nendEvent oN\nf > tN > j\nbN > rN > oN",
    "two reminders to one end": "userTask tN\nboundaryEvent bN on=tN loose duration=P1D\nboundaryEvent cN on=tN loose duration=P2D\n"
    "f > tN > j\nbN > o\ncN > o",
    "a limit that takes it away": "userTask tN\nuserTask uN\nboundaryEvent bN on=tN duration=P1D\nexclusiveGateway xN\nf > tN > xN > j\n"
    "bN > uN > xN",
    "the same, met in a step": "userTask tN\nuserTask uN\nboundaryEvent bN on=tN duration=P1D\nuserTask vN\nf > tN > vN > j\nbN > uN > vN",
    "both": "userTask tN\nuserTask uN\nboundaryEvent bN on=tN duration=P1D\nboundaryEvent cN on=tN loose duration=PT1H\nexclusiveGateway xN\n"
    "f > tN > xN > j\nbN > uN > xN\ncN > o",
    "a step to skip": "userTask tN\nuserTask vN\nexclusiveGateway xN default=xN_tN\nf > xN > tN > vN > j\nxN > vN ? =skip",
    "work done again": "userTask tN\nuserTask uN\nexclusiveGateway xN default=xN_uN\nexclusiveGateway yN default=yN_j\n"
    "f > tN > xN > uN > yN > j\nxN > tN ? =again\nyN > tN ? =more",
}  # fmt: skip


@pytest.mark.parametrize("branch", BRANCHES)
@pytest.mark.parametrize("number", [10, 40])
def test_many_branches_as_owners_draw_them_are_decided(branch: str, number: int) -> None:
    shared = "endEvent o\n" if BRANCHES[branch].endswith("> o") else ""
    text = f"startEvent s\nparallelGateway f\nparallelGateway j\nendEvent e\n{shared}s > f\nj > e\n"
    text += "\n".join(re.sub(r"(?<=[a-z])N", str(n), BRANCHES[branch]) for n in range(number))
    told = found(drawing(text))
    assert {"soundness-undecided", "deadlock", "runs-twice", "no-way-to-the-end", "never-runs", "unreachable"} & told.keys() == set()
    # And one branch more that goes astray is found among them.
    astray = text + "\nexclusiveGateway w default=w_j\nendEvent z\nf > w > j\nw > z ? =lost"
    assert "deadlock" in found(drawing(astray))


def test_what_is_drawn_apart_is_looked_at_too() -> None:
    # Given a reminder whose own way cannot come to its end
    text = """startEvent s
    endEvent e
    userTask a
    boundaryEvent b on=a loose duration=P1D
    exclusiveGateway x
    userTask l
    userTask r
    parallelGateway j
    endEvent o
    s > a > e
    b > x
    x > l > j
    x > r > j
    j > o"""
    told = found(drawing(text))
    # I expect it to be found, with the way that leads there
    assert list(told["deadlock"].detail["path"]) == ["a", "b", "x", "l", "j"]


@pytest.mark.parametrize("kind", ["exclusiveGateway", "parallelGateway", "inclusiveGateway"])
def test_a_way_may_end_at_a_gateway(kind: str) -> None:
    text = f"""startEvent s
    endEvent e
    userTask a
    boundaryEvent b on=a loose duration=P1D
    {kind} x
    userTask x1
    userTask x2
    {kind} y
    s > a > e
    b > x
    x > x1 > y
    x > x2 > y"""
    assert "deadlock" not in found(drawing(text))
