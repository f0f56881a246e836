"""Start, intermediate and end events."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import refuses, runs

E = "events"
CATCH = "startEvent s\nintermediateCatchEvent c %s\nuserTask z\nendEvent e\ns > c > z > e"
runs(E, "intermediate timer duration / date", CATCH % "duration=P1D", "[] & !c [z] z .")
runs(E, "intermediate timer duration from a variable", CATCH % "duration='=duration(\"P\" + string(x) + \"D\")'", "[] & !c [z] z .", x=3)
runs(E, "timer date: naive timestamp uses the UTC offset at import time", CATCH % "date=2026-07-15T09:00:00", "[] & !c [z] z .")
refuses(E, "intermediate timer cycle (R3/PT1H)", "timer-cycle-catch", CATCH % "cycle=R3/PT1H")
START = "startEvent s %s\nuserTask a\nendEvent e\ns > a > e"
runs(E, "timer start event", START % "cycle=R/P1M", "[a] & a . s*1")
runs(E, "message start event", START % "message=m", "[a] & a . s*1")
SIDE = """
    startEvent s
    parallelGateway f
    userTask u
    intermediateThrowEvent t %s in:k==u1
    %s c %s
    parallelGateway j
    endEvent e
    s > f > u > t > j > e
    f > c > j
"""
runs(E, "message throw -> catch in another branch", SIDE % ("message=m", "intermediateCatchEvent", "message=m"), "[u] & u(u1=4) . k==4 c*1")
_EARLY = "startEvent s\nparallelGateway f\nuserTask u\nintermediateThrowEvent t message=m\nuserTask w\nintermediateCatchEvent c message=m\nparallelGateway j\nendEvent e\ns > f > u > t > j > e\nf > w > c > j"
runs(E, "message sent BEFORE the catch event is reached", _EARLY, "u [w] & w [] ~m .", "w & u .")
_KEYS = ("startEvent s\nsubProcess p each==items item=i {\nstartEvent b\nintermediateCatchEvent c message=m key==i\nuserTask t\nendEvent o\nb > c > t > o\n}\nendEvent e\ns > p > e")
runs(E, "message correlation: two waiting sub-processes, one key", _KEYS, "[] & ~m#B [t] ~m#A [t t] & t t .", items=["A", "B"])
_BOTH = "startEvent s\nparallelGateway f\nintermediateCatchEvent c message=m\nintermediateCatchEvent d message=m\nparallelGateway j\nendEvent e\ns > f > c > j > e\nf > d > j"
runs(E, "message event without correlations reaches every waiting catcher", _BOTH, "~m c*1 d*0 & ~m d*1 .")
runs(E, "signal throw -> catch", SIDE % ("signal=go", "intermediateCatchEvent", "signal=go"), "[u] & u $go . c*1")
_END = "startEvent s\nparallelGateway f\nuserTask u\nendEvent t %s\nintermediateCatchEvent c signal=go\nuserTask z\nendEvent e\ns > f > u > t\nf > c > z > e"
runs(E, "signal end event", _END % "signal=go", "[u] & u $go [z] z . t*1")
runs(E, "message end event", "startEvent s\nuserTask a\nendEvent e message=m job=notify header:to=sales\ns > a > e", "a [] & @e . e*1")
refuses(E, "error end event at the top level", "end-error-uncaught", "startEvent s\nuserTask a\nendEvent e error=E\ns > a > e")
_SCOPE = "startEvent s\nsubProcess p {\nstartEvent i\nuserTask a\nuserTask b\nendEvent x error=E\nendEvent n\ni > a > x\ni > b > n\n}\nboundaryEvent y on=p error=E\nuserTask z\nendEvent e\nendEvent o\ns > p > e\ny > z > o"
runs(E, "error end event: parallel tokens of the scope must be cancelled", _SCOPE, "[a b] & a [z] z . b*0 n*0")
_TOP = "startEvent s\nuserTask a\nuserTask b\nendEvent x terminate\nendEvent n\ns > a > x\ns > b > n"
runs(E, "terminate end event, top level", _TOP, "[a b] & a . b*0", "[a b] b [a] a .")
_INSIDE = "startEvent s\nsubProcess p {\nstartEvent i\nuserTask a\nuserTask b\nendEvent x terminate\nendEvent n\ni > a > x\ni > b > n\n}\nuserTask z\nendEvent e\ns > p > z > e"
runs(E, "terminate end event inside a sub-process ends only it", _INSIDE, "[a b] & a [z] z . b*0")
_NESTED = "startEvent s\nuserTask a\nendEvent x terminate\nsubProcess p {\nstartEvent i\nuserTask b\nendEvent n\ni > b > n\n}\nendEvent e\ns > a > x\ns > p > e"
runs(E, "terminate end event while a nested sub-process is active", _NESTED, "[a b] & a . b*0 p*0")
runs(E, "terminate: data written by the terminating path reaches wf.data", _TOP, "a(k=7) . k==7")
runs(E, "link events", "startEvent s\nuserTask a\nintermediateThrowEvent t link=L\nintermediateCatchEvent c link=L\nuserTask z\nendEvent e\ns > a > t\nc > z > e", "a [z] & z . t*1 c*1")
refuses(E, "compensation throw event", "compensation-event", "startEvent s\nintermediateThrowEvent t link=L\nendEvent e\ns > t > e", ('<linkEventDefinition name="L"/>', "<compensateEventDefinition/>"))
_COND = "startEvent s\nparallelGateway f\nuserTask a\nintermediateCatchEvent c condition='=x > 5'\nuserTask b\nparallelGateway j\nendEvent e\ns > f > a > j > e\nf > c > b > j"
runs(E, "conditional intermediate catch event, condition becomes true later", _COND, "[a] & a(x=6) [b] b .", "[a] a(x=2) [] c*0", x=1)
runs(E, "conditional catch on a data object changed by a parallel branch", _COND, "[a] & a(x=6) [b] b .", x=1,
     changes=(('<userTask id="a"', '<dataObject id="x"/><dataObjectReference id="xr" dataObjectRef="x"/><userTask id="a"'),))
refuses(E, "parallelMultiple catch (message and signal)", "multiple-event", CATCH % "message=m signal=go", ('<intermediateCatchEvent id="c"', '<intermediateCatchEvent id="c" parallelMultiple="true"'))
refuses(E, "eventDefinitionRef (shared definitions)", "event-reference", CATCH % "",
        ('<intermediateCatchEvent id="c" name="c" ><extensionElements></extensionElements>', '<intermediateCatchEvent id="c"><eventDefinitionRef>td</eventDefinitionRef>'),
        ("<process", '<timerEventDefinition id="td"><timeDuration>PT1H</timeDuration></timerEventDefinition><process'))
_ACROSS = "startEvent s\nparallelGateway f\nuserTask u\nintermediateThrowEvent t signal=go\ncallActivity c call=other\nparallelGateway j\nendEvent e\ns > f > u > t > j > e\nf > c > j"
runs(E, "signal across instances / call activities", _ACROSS, "[u] & u $go [v] & v .",
     called={"other": "startEvent i\nintermediateCatchEvent w signal=go\nuserTask v\nendEvent o\ni > w > v > o"})
