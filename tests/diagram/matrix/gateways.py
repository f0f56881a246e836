"""Gateways."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import refuses, runs

G = "gateways"
XOR = """
    startEvent s
    exclusiveGateway g %s
    userTask a
    userTask b
    userTask c
    endEvent e
    s > g
    g > a ? =x < 2
    g > b ? =x < 3
    g > c %s
    a > e
    b > e
    c > e
"""
DEFAULT = XOR % ("default=g_c", "")
runs(G, "exclusive split, conditions, default", DEFAULT.replace("s > g\n", "userTask w\ns > w > g\n"), "w(x=1) [a]", "w(x=2) [b]", "w(x=9) & [c] c .")
_NONE = XOR.replace("s > g\n", "userTask w\ns > w > g\n") % ("", "? =x = 4")
runs(G, "exclusive split without default, no condition true", _NONE, "w(x=9) ?no-flow & +(x=4) [c] c .")
runs(G, "exclusive split: order of evaluation with two true conditions", DEFAULT, "[a] a . g_a*1 g_b*0", x=1)
runs(G, "exclusive split: condition on the default flow", XOR % ("default=g_c", "? =false"), "[c] c .", x=9)
runs(G, "exclusive merge", "startEvent s\nexclusiveGateway g default=g_b\nuserTask a\nuserTask b\nexclusiveGateway m\nuserTask z\nendEvent e\n"
     "s > g > b > m > z > e\ng > a ? =x = 1\na > m", "[a] a [z] & z . m*1", x=1)
runs(G, "loop back through an exclusive gateway (arbitrary cycle)",
     "startEvent s\nexclusiveGateway m\nuserTask a\nexclusiveGateway g default=g_e\nendEvent e\ns > m > a > g > e\ng > m ? =again",
     "a(again=true) & a(again=true) a(again=false) . a*3")
OR = """
    startEvent s
    exclusiveGateway m
    inclusiveGateway f default=f_c
    %s a
    %s b
    %s c
    inclusiveGateway j
    userTask w
    exclusiveGateway g default=g_e
    endEvent e
    s > m > f
    f > a ? =x > 0
    f > b ? =x > 1
    f > c
    a > j
    b > j
    c > j
    j > w > g > e
    g > m ? =again
"""
_USER, _PASS = OR % (("userTask",) * 3), OR % (("task",) * 3)
runs(G, "inclusive split/join, default", _USER, "[a b] a [b] & b [w] w(again=false) . j*1 c*0", x=2)
runs(G, "inclusive join waits for user tasks on active branches only", _USER, "[a] a [w] w(again=false) . b*0", x=1)
runs(G, "inclusive split/join inside a loop (second pass)", _PASS, "[w] w(again=true;x=1) [w] & w(again=false) . j*2 a*2 b*1", x=2)
runs(G, "inclusive join in a loop with user tasks (second pass)", _USER,
     "a b w(again=true) [a b] & b [a] a [w] w(again=true;x=0) [c] c [w] w(again=false) . j*3", x=2)
AND = """
    startEvent s
    exclusiveGateway m
    parallelGateway f
    userTask a
    userTask b
    parallelGateway j
    exclusiveGateway g default=g_e
    endEvent e
    s > m > f > a > j > g > e
    f > b > j
    g > m ? =again
"""
runs(G, "parallel split/join with user tasks", AND, "[a b] b [a] & a . j*1", again=False)
runs(G, "parallel split/join inside a loop with user tasks", AND, "a(again=true) b [a b] & b a(again=false) . j*2")
_TWICE = """
    startEvent s
    parallelGateway f
    userTask a
    userTask b
    userTask c
    exclusiveGateway x
    parallelGateway j
    userTask z
    endEvent e
    s > f > a > x > j > z > e
    f > b > x
    f > c > j
"""
refuses(G, "parallel join: two tokens on one incoming flow must not fire it", "deadlock", _TWICE)
refuses(G, "conditions on parallel gateway flows are ignored", "condition-ignored",
        "startEvent s\nparallelGateway g\nuserTask a\nuserTask b\nendEvent e\ns > g\ng > a ? =x\ng > b\na > e\nb > e")
EVENTS = """
    startEvent s
    eventBasedGateway g
    intermediateCatchEvent late duration=PT10H
    intermediateCatchEvent %s
    endEvent e1
    endEvent e2
    s > g > late > e1
    g > other > e2
"""
runs(G, "event-based: message vs timer", EVENTS % "other message=m", "~m(k=1) . e2*1 k==1 e1*0", "!late . e1*1 e2*0")
runs(G, "event-based: message vs timer after serialise/deserialise", EVENTS % "other message=m", "& ~m & . e2*1", "& !late & . e1*1")
runs(G, "event-based: two timers", EVENTS % "other duration=PT1H", "& !other . e2*1 e1*0")
runs(G, "event-based: receive task as target",
     "startEvent s\neventBasedGateway g\nintermediateCatchEvent late duration=PT10H\nreceiveTask r receive message=m\nendEvent e1\nendEvent e2\ns > g > late > e1\ng > r > e2",
     "& ~m(k=2) . k==2 e2*1")
runs(G, "event-based: signal vs conditional",
     "startEvent s\neventBasedGateway g\nintermediateCatchEvent c condition='=x > 5'\nintermediateCatchEvent h signal=go\nendEvent e1\nendEvent e2\ns > g > c > e1\ng > h > e2",
     ". e1*1 e2*0", x=6)
refuses(G, "event-based gateway as instantiating start", "event-gateway-starts", EVENTS % "other message=m", ('<eventBasedGateway id="g"', '<eventBasedGateway id="g" instantiate="true"'))
refuses(G, "complex gateway", "complex-gateway", "startEvent s\ncomplexGateway g\nuserTask a\nuserTask b\nendEvent e\ns > g > a > e\ng > b > e")
runs(G, "gateway that joins and splits at once (parallel)",
     "startEvent s\nparallelGateway f\nuserTask a\nuserTask b\nparallelGateway j\nuserTask c\nuserTask d\nparallelGateway k\nendEvent e\n"
     "s > f > a > j > c > k > e\nf > b > j > d > k", "a [b] & b [c d] c d . j*1")
