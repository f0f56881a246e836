"""Sub-processes, event sub-processes, ad-hoc sub-processes, calls."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import refuses, runs

S, C = "subprocess", "call activity"
BOX = "startEvent s\nsubProcess p {\nstartEvent i\nuserTask a\n%s\n}\nuserTask z\nendEvent e\ns > p > z > e"
runs(S, "embedded sub-process", BOX % "endEvent o\ni > a > o", "[a] & a [z] z . p*1")
runs(S, "embedded sub-process without end event / with implicit end", BOX.replace("userTask a", "userTask a\nuserTask b\nendEvent o") % "i > a\ni > b > o",
     "[a b] a [b] & b [z] z .")
runs(S, "process without end event (implicit end)", "startEvent s\nuserTask a\nuserTask b\nendEvent e\ns > a\ns > b > e", "[a b] b [a] & a .")
runs(S, 'triggeredByEvent="false" written out', BOX % "endEvent o\ni > a > o", "[a] a [z] z .", changes=(('<subProcess id="p"', '<subProcess id="p" triggeredByEvent="false"'),))
runs(S, "sub-process scoping of variables (local data)",
     "startEvent s\nsubProcess p in:k==0 out:y==k {\nstartEvent i\nuserTask a\nendEvent o\ni > a > o\n}\nuserTask z\nendEvent e\ns > p > z > e",
     "a(k=5) y==5 k==null & z .")

HANDLER = """
    startEvent s
    userTask a
    endEvent e
    s > a > e
    subProcess p handler {
        startEvent i %s
        userTask h
        endEvent o
        i > h > o
    }
"""
_TOLD = {
    "message": ("message=m", "~m"), "signal": ("signal=go", ""), "timer": ("duration=P1D", "!i"),
}  # fmt: skip
for _loose in ("", " loose"):
    _how = "non-interrupting" if _loose else "interrupting"
    _after = "[a h] & h [a] a ." if _loose else "[h] & h . a*0"
    runs(S, f"event sub-process, message start, {_how}", HANDLER % f"message=m{_loose}", f"[a] & ~m {_after}")
    runs(S, f"event sub-process, timer start, {_how}", HANDLER % f"duration=P1D{_loose}", f"[a] & !i {_after}")
    runs(S, f"event sub-process, conditional start, {_how}",
         HANDLER.replace("userTask a", "userTask a\nuserTask b").replace("s > a > e", "s > a > e\ns > b > e") % f"condition='=x > 5'{_loose}",
         "[a b] & b(x=6) " + _after)
    _signal = HANDLER.replace("s > a > e", "userTask b\nintermediateThrowEvent t signal=go\nendEvent f\ns > a > e\ns > b > t > f")
    runs(S, f"event sub-process, signal start, {_how}", _signal % f"signal=go{_loose}", "[a b] & b $go " + _after)
    _inner = ("startEvent s\nsubProcess q {\nstartEvent y\nuserTask a\nuserTask b\nintermediateThrowEvent t %s=E\nendEvent n\nendEvent r\n"
              "y > a > n\ny > b > t > r\nsubProcess p handler {\nstartEvent i %s\nuserTask h\nendEvent o\ni > h > o\n}\n}\nendEvent e\ns > q > e")
    runs(S, f"event sub-process, escalation start, {_how}", _inner % ("escalation", f"escalation=E{_loose}"), "[a b] & b " + _after)
runs(S, "event sub-process, error start, interrupting",
     "startEvent s\nsubProcess q {\nstartEvent y\nuserTask a\nuserTask b\nendEvent n\nendEvent r error=E\ny > a > n\ny > b > r\n"
     "subProcess p handler {\nstartEvent i error=E\nuserTask h\nendEvent o\ni > h > o\n}\n}\nendEvent e\ns > q > e", "[a b] & b [h] & h . n*0")
runs(S, "event sub-process inside an embedded sub-process (message, interrupting)",
     "startEvent s\nsubProcess q {\nstartEvent y\nuserTask a\nendEvent n\ny > a > n\nsubProcess p handler {\nstartEvent i message=m\nuserTask h\nendEvent o\ni > h > o\n}\n}\n"
     "userTask z\nendEvent e\ns > q > z > e", "[a] & ~m [h] & h [z] z .")
runs(S, "event sub-process survives serialisation", HANDLER % "message=m loose", "& ~m & ~m & [a h h] & h & h & a .")
_TRANSACTION = "startEvent s\ntransaction p {\nstartEvent i\nuserTask a\nendEvent o\ni > a > o\n}\nendEvent e\ns > p > e"
refuses(S, "transaction + cancel end event + cancel boundary", "compensation-event", _TRANSACTION,
        ('<endEvent id="o" name="o" ><extensionElements></extensionElements>', '<endEvent id="o" name="o"><cancelEventDefinition/>'))

ADHOC = """
    startEvent s
    adHocSubProcess p active==chosen %s {
        userTask a
        userTask b
        userTask c
        userTask d
        c > d
    }
    userTask z
    endEvent e
    s > p > z > e
"""
_ENOUGH = ADHOC % "enough='=x > 5'"
runs(S, "ad-hoc sub-process with completion condition (parallel)", _ENOUGH, "[a b c] & a(x=1) [b c] c(x=6) [b d] d [z] & z .", chosen=["a", "b", "c"])
runs(S, "ad-hoc sub-process WITH a data object inside, completion condition", _ENOUGH, "[a b] a(x=6) [z] z .", chosen=["a", "b"],
     changes=(('<userTask id="a"', '<dataObject id="o"/><dataObjectReference id="r" dataObjectRef="o"/><userTask id="a"'),))
runs(S, 'ad-hoc ordering="Sequential" / cancelRemainingInstances="false"', ADHOC % "sequential patient enough='=x > 5'",
     "[c] & c [d] & d(x=1) [a] a(x=6) [z] z .", chosen=["c", "a", "b"])
_AGAIN = ADHOC.replace("s > p > z > e", "exclusiveGateway m\nexclusiveGateway g default=g_e\ns > m > p > z > g > e\ng > m ? =not(chosen = [])") % ""
runs(S, "ad-hoc sub-process: repeat / leave out / choose tasks at will", _AGAIN, '[a] a z(chosen=["a","c"]) [a c] & c a [d] d z(chosen=[]) . a*2 b*0 c*1', chosen=["a"])
runs(S, "ad-hoc sub-process without completion condition", ADHOC % "", "[b c] b [c] & c [d] d [z] z .", chosen=["b", "c"])
runs(S, "ad-hoc sub-process survives serialisation", ADHOC % "patient enough='=x > 5'", "& [a b] & a(x=6) & [b] & b & [z] & z .", chosen=["a", "b"])

_CALLED = {"other": "startEvent i\nuserTask t\nendEvent o\ni > t > o"}
CALL = "startEvent s\ncallActivity c call=other %s\nuserTask z\nendEvent e\ns > c > z > e"
runs(C, "call, all data in and out", CALL % "", "[t] & t(k=x) [z] z .".replace("k=x", "k=3"), "t(x=9) x==9", called=_CALLED, x=2)
refuses(C, "BPMN ioSpecification of the called process limits data", "other-dialect", CALL % "",
        ('<callActivity id="c" name="c" >', '<callActivity id="c" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:x="1">'), **_CALLED)
refuses(C, "camunda:in / camunda:out mappings (CamundaParser)", "other-dialect", CALL % "",
        ('<callActivity id="c" name="c" ><extensionElements>', '<callActivity id="c" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><extensionElements><camunda:in source="a" target="x"/>'), **_CALLED)
refuses(C, "calledElement not in the file set", "called-process-missing", CALL % "")
refuses(C, "dynamic calledElement (expression)", "call-computed", (CALL % "").replace("call=other", "call==which"), **_CALLED)
refuses(C, "recursive call (process calls itself)", "call-itself", (CALL % "").replace("call=other", "call=main"))
