"""Events on the edge of an activity."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import refuses, runs

B = "boundary"
EDGE = "startEvent s\nuserTask a\nboundaryEvent b on=a %s\nuserTask t\nendEvent e\nendEvent o\ns > a > e\nb > t > o"
_OFF, _ON = "[t] & t . a*0", "[a t] & t [a] a ."
for _name, _setting in (("duration", "duration=P1D"), ("date", "date=2026-01-07T09:00:00+08:00")):
    runs(B, f"timer {_name}, interrupting", EDGE % _setting, "& !b " + _OFF, "a . b*0")
    runs(B, f"timer {_name}, non-interrupting", EDGE % f"{_setting} loose", "& !b " + _ON, "a . b*0")
runs(B, "message, interrupting", EDGE % "message=m", "& ~m " + _OFF, "a .")
runs(B, "message, non-interrupting", EDGE % "message=m loose", "& ~m " + _ON, "a .")
_SIGNAL = (EDGE + "\nuserTask w\nintermediateThrowEvent g signal=go\nendEvent n\ns > w > g > n")
runs(B, "signal, interrupting", _SIGNAL % "signal=go", "[a w] & w $go " + _OFF)
runs(B, "signal, non-interrupting", _SIGNAL % "signal=go loose", "[a w] & w $go " + _ON)
_BESIDE = EDGE + "\nuserTask w\nendEvent n\ns > w > n"
runs(B, "conditional, interrupting", _BESIDE % "condition='=x > 5'", "[a w] & w(x=6) " + _OFF, x=1)
runs(B, "conditional, non-interrupting", _BESIDE % "condition='=x > 5' loose", "[a w] & w(x=6) " + _ON, x=1)
runs(B, "conditional on a DATA OBJECT written by a parallel branch", _BESIDE % "condition='=x > 5'", "[a w] w(x=6) [t] t .", x=1,
     changes=(('<userTask id="w"', '<dataObject id="x"/><dataObjectReference id="xr" dataObjectRef="x"/><userTask id="w"'),))
runs(B, "message non-interrupting, fires twice", EDGE % "message=m loose", "& ~m & ~m & [a t t] t t a . b*2")
runs(B, "timer cycle R3/PT1H non-interrupting on a user task", EDGE % "cycle=R3/PT1H loose", "!b !b !b [a t t t] & t t t a . b*3")
runs(B, "timer cycle R3/PT1H: host wakes up late (5 h in one go)", EDGE % "cycle=R3/PT1H loose", "!b !b !b [a t t t]")
runs(B, "timer cycle non-interrupting, activity ends before the first tick", EDGE % "cycle=R3/PT1H loose", "a . b*0")
runs(B, "timer cycle non-interrupting, serialised between ticks", EDGE % "cycle=R3/PT1H loose", "& !b & !b & [a t t] & !b [a t t t]")
runs(B, "infinite cycle R/PT1H non-interrupting", EDGE % "cycle=R/PT1H loose", "!b !b !b !b !b & [a t t t t t] a t t t t t . b*5")
refuses(B, "ISO 8601 repeat written as R/P1D, R5/2026-..; cron (Camunda) expressions", "time-not-readable", EDGE % "cycle='0 0 9 * * ?' loose")
runs(B, "unquoted ISO value as Camunda Modeler writes it (<timeDuration>PT1H</timeDuration>)", EDGE % "duration=PT1H", "& !b [t] t .")

THROWN = """
    startEvent s
    subProcess a {
        startEvent i
        userTask w
        %s
        userTask stays
        endEvent n
        i > w > x
        i > stays > n
        %s
    }
    boundaryEvent b on=a %s
    userTask after
    endEvent e
    endEvent o
    s > a > e
    b > after > o
"""
runs(B, "error end event -> boundary on sub-process", THROWN % ("endEvent x error=E", "", "error=E"), "[stays w] & w [after] after . n*0")
runs(B, "error boundary without errorRef catches any error", THROWN % ("endEvent x error=E", "", "error="), "w [after] & after .")
refuses(B, "error code mismatch is not caught", "end-error-uncaught", THROWN % ("endEvent x error=E", "", "error=F"))
_TWO = ("startEvent s\nsubProcess a {\nstartEvent i\nuserTask w\nendEvent x error=E\ni > w > x\n}\nsubProcess c {\nstartEvent k\nuserTask v\nendEvent y\nk > v > y\n}\n"
        "boundaryEvent b on=c error=E\nendEvent e\nendEvent o\ns > a > e\ns > c > e\nb > o")
refuses(B, "uncaught error in one sub-process leaks to a sibling", "end-error-uncaught", _TWO)
runs(B, "error boundary on script/service task: Python exception",
     "startEvent s\nserviceTask a job=notify header:to=sales\nboundaryEvent b on=a error=E\nuserTask t\nendEvent e\nendEvent o\ns > a > e\nb > t > o",
     "& @a^E [t] t .", "@a^other ?uncaught-error & +() @a .")
_BEHIND = "scriptTask behind script='=1' result=ran\nendEvent y\nx > behind > y"
runs(B, "escalation non-interrupting from a throw event in a sub-process", THROWN % ("intermediateThrowEvent x escalation=E", _BEHIND, "escalation=E loose"),
     "[stays w] & w [after stays] ran==1 stays after .")
runs(B, "escalation interrupting from a throw event: rest of the sub-process must not run", THROWN % ("intermediateThrowEvent x escalation=E", _BEHIND, "escalation=E"),
     "& w [after] ran==null behind*0 after .")
runs(B, "signal thrown inside the sub-process, interrupting boundary: rest must not run", THROWN % ("intermediateThrowEvent x signal=go", _BEHIND, "signal=go"),
     "& w [after] ran==null behind*0 after .")
refuses(B, "compensation boundary event", "compensation-event", EDGE % "duration=P1D",
        ("<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>", "<compensateEventDefinition/>"))
runs(B, "boundary event with two outgoing flows", (EDGE % "duration=P1D") + "\nuserTask u\nb > u > o", "& !b [t u] & t u .")
runs(B, "several boundary events on one task (timer non-int + message int)",
     (EDGE % "duration=P1D loose") + "\nboundaryEvent c on=a message=m\nuserTask u\nendEvent q\nc > u > q", "!b [a t] & ~m [t u] t u .")
runs(B, "boundary path flows back to the same task (reminder loop)",
     "startEvent s\nexclusiveGateway g\nuserTask a\nboundaryEvent b on=a duration=P1D\nuserTask t\nendEvent e\ns > g > a > e\nb > t > g", "!b [t] t [a] & !b t [a] a . b*2")
runs(B, "boundary path flows directly back to the attached task",
     "startEvent s\nuserTask a\nboundaryEvent b on=a duration=P1D\nendEvent e\ns > a > e\nb > a", "!b [a] & !b [a] a . b*2")
