"""Data, lanes and pools: what is drawn for readers."""

# ruff: noqa: E501 - a drawing is read as one line
from __future__ import annotations

from tests.diagram.matrix import runs, turned

D = "data"
PLAIN = "startEvent s\nuserTask a\nuserTask b\nendEvent e\ns > a > b > e"
_OBJECT = '<dataObject id="o"/><dataObjectReference id="r" dataObjectRef="o"/>'
_A = ('<userTask id="a" name="a" ><extensionElements></extensionElements>',)
_WRITES = '<userTask id="a" name="a"><dataOutputAssociation id="w"><targetRef>r</targetRef></dataOutputAssociation>'
_READS = ('<userTask id="a" name="a"><property id="p" name="__targetRef_placeholder"/><dataInputAssociation id="w"><sourceRef>r</sourceRef>'
          "<targetRef>p</targetRef></dataInputAssociation>")
_STORE = '<dataStoreReference id="r" name="Archive"/>'
turned(D, "data object written and read through associations", PLAIN, "[a] & a(k=1) b . k==1", changes=((_A[0], _OBJECT + _WRITES),))
turned(D, "drawn data object never written, only read (drawing habit)", PLAIN, "[a] & a b .", changes=((_A[0], _OBJECT + _READS),))
turned(D, "drawn data output on a user task that does not set the variable", PLAIN, "[a] & a b .", changes=((_A[0], _OBJECT + _WRITES),))
turned(D, "data store without an implementation", PLAIN, "[a] & a b .",
       changes=((_A[0], '<dataStoreReference id="r" dataStoreRef="ds"/>' + _WRITES), ("<process", '<dataStore id="ds" name="ds"/><process')))
turned(D, "data store reference without dataStoreRef (what bpmn-js draws)", PLAIN, "[a] & a b .", changes=((_A[0], _STORE + _WRITES),))
turned(D, "data object association as bpmn-js draws it (no sourceRef, property placeholder)", PLAIN, "[a] & a b .", changes=((_A[0], _OBJECT + _READS),))
turned(D, "lanes (task_spec.lane), nested lanes", PLAIN, "[a] & a b .", changes=(("<startEvent", '<laneSet id="ls"><lane id="l1" name="Outer"><flowNodeRef>s</flowNodeRef>'
       '<flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef><flowNodeRef>e</flowNodeRef><childLaneSet id="cl"><lane id="l2" name="Inner"><flowNodeRef>a</flowNodeRef>'
       "</lane></childLaneSet></lane></laneSet><startEvent"),))
turned(D, "collaboration: two executable pools talking by messages", PLAIN, "[a] & a b .", changes=(("<process", '<collaboration id="c"><participant id="p1" processRef="main"/>'
       '<participant id="p2" name="客户"/><messageFlow id="mf" sourceRef="p2" targetRef="a"/></collaboration><process'),))
_SIDES = "startEvent s\nparallelGateway f\nuserTask a\nuserTask b\nparallelGateway j\nuserTask z\nendEvent e\ns > f > a > j > z > e\nf > b > j"
runs(D, "data of parallel branches merged at the join", _SIDES, "[a b] & a(k=1;l=[1,2]) & b(m=3) k==1 l==[1,2] m==3 z .", k=0, l=[1])
runs(D, "isExecutable missing (XSD default false)", PLAIN, "[a] a b .", changes=((' isExecutable="true"', ""),))
