"""Repeated activities."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import refuses, runs

M = "multi-instance"
for _word, _how in (("sequential", " sequential"), ("parallel", "")):
    _line = "startEvent s\n%s\nuserTask z\nendEvent e\ns > a > z > e"
    _each = f"each==items item=i into=out from==r{_how}"

    def _(construct: str) -> str:
        return f"{_word}, {construct}"  # noqa: B023 - used at once

    runs(M, _("loopCardinality, script"), _line % f"scriptTask a times=3 script='=append(log, loopCounter)' result=log{_how}", "[z] log==[1,2,3] & z .", log=[])
    _all = "[a a a]" if not _how else "[a]"
    runs(M, _("collection in/out, user task"), _line % f"userTask a {_each}", f"{_all} & a(r=10) a(r=20) & a(r=30) [z] out==[10,20,30] z .", items=[1, 2, 3])
    runs(M, _("completion condition cancels the rest"), _line % f"userTask a {_each} until='=r > 15'", f"{_all} a(r=10) & a(r=20) [z] out==[10,20,null] z .", items=[1, 2, 3])
    runs(M, _("nrOfCompletedInstances / nrOfInstances in the completion condition"),
         _line % f"userTask a {_each} until='=numberOfCompletedInstances / numberOfInstances > 0.5'", "a(r=1) a(r=2) [z] z .", items=[1, 2, 3])
    runs(M, _("empty collection"), _line % f"userTask a {_each}", "[z] out==[] z .", items=[])
    _sub = f"subProcess a {_each} {{\nstartEvent b\nuserTask t\nscriptTask k script='=i * 2' result=r\nendEvent o\nb > t > k > o\n}}"
    runs(M, _("on a sub-process"), _line % _sub, "t & t t [z] out==[2,4,6] z .", items=[1, 2, 3])
    runs(M, _("on a call activity"), _line % f"callActivity a call=other in:i==i {_each}", "t(r=5) & t(r=6) [z] out==[5,6] z .",
         called={"other": "startEvent b\nuserTask t\nendEvent o\nb > t > o"}, items=[1, 2])
    _loop = f"startEvent s\nexclusiveGateway m\nuserTask a {_each}\nuserTask z\nexclusiveGateway g default=g_e\nendEvent e\ns > m > a > z > g > e\ng > m ? =again"
    runs(M, _("entered a second time in a loop"), _loop, "a(r=1) a(r=2) z(again=true) & a(r=3) a(r=4) out==[3,4] z(again=false) .", items=[1, 2])
    _timer = f"userTask a {_each}\nboundaryEvent b on=a duration=P1D\nuserTask t\nendEvent n\nb > t > n"
    runs(M, _("with interrupting timer boundary event"), _line % _timer, "a(r=1) & !b [t] t . a*1", items=[1, 2, 3])
    runs(M, _("serialised half way"), _line % f"userTask a {_each}", "& a(r=1) & a(r=2) & a(r=3) & out==[1,2,3] z .", items=[1, 2, 3])

_PLAIN = "startEvent s\nuserTask a\nendEvent e\ns > a > e"
_INSIDE = ("</extensionElements></userTask>", "</extensionElements>%s</userTask>")
refuses(M, "camunda:collection / elementVariable (CamundaParser)", "other-dialect", _PLAIN,
        (_INSIDE[0], _INSIDE[1] % '<multiInstanceLoopCharacteristics xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:collection="x"/>'))
runs(M, "standard loop, testBefore=false", _PLAIN.replace("userTask a", "userTask a again==x"), "[a] & a(x=true) [a] & a(x=false) .", x=False)
runs(M, "standard loop, testBefore=true, loopMaximum", _PLAIN.replace("userTask a", "userTask a again==x most=3 first"),
     "[a] & a a & a .", "a(x=false) .", x=True)
refuses(M, "loop marker without condition or maximum (what bpmn-js writes)", "loop-endless", _PLAIN, (_INSIDE[0], _INSIDE[1] % "<standardLoopCharacteristics/>"))
refuses(M, "MI marker without cardinality or collection (what bpmn-js writes)", "multi-instance-empty", _PLAIN, (_INSIDE[0], _INSIDE[1] % "<multiInstanceLoopCharacteristics/>"))
