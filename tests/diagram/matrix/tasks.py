"""Tasks and flows."""


from __future__ import annotations

from tests.diagram.matrix import refuses, runs, turned

T, F = "tasks", "flows"


def line(step: str, more: str = "") -> str:
    """A process with one step `a` between start and end."""
    return f"startEvent s\n{step}\nendEvent e\ns > a > e\n{more}"


runs(T, "userTask", line("userTask a"), "[a] & a . a*1")
runs(T, "manualTask", line("manualTask a"), ". a*1")
runs(T, "task", line("task a"), ". a*1")
runs(T, "scriptTask", line('scriptTask a script="=x + 1" result=y'), ". y==3", x=2)
refuses(T, 'scriptTask scriptFormat="javascript"/"groovy"/FEEL', "script-language", line("scriptTask a"),
        ('<scriptTask id="a" name="a" ><extensionElements></extensionElements>', '<scriptTask id="a" scriptFormat="groovy"><script>x = 1</script>'))
runs(T, "serviceTask (base parser)", line("serviceTask a job=notify header:to=sales"), "[] & @a(k=7) . k==7")
_BOTH = """
    startEvent s
    parallelGateway f
    userTask u
    sendTask t in:k==u1
    receiveTask a receive message=m
    parallelGateway j
    endEvent e
    s > f > u > t > j > e
    f > a > j
"""
runs(T, "sendTask / receiveTask between two branches", _BOTH, "[u] & u(u1=5) . k==5 a*1",
     changes=(('<sendTask id="t"', '<sendTask id="t" messageRef="message_m"'),))
runs(T, "receiveTask waits for external message", line("receiveTask a receive message=m"), "[] & ~m(k=5) . k==5")
refuses(T, "receiveTask without messageRef", "receive-without-message", line("receiveTask a"))
refuses(T, 'receiveTask instantiate="true" as start', "receive-instantiates", line("receiveTask a receive message=m"),
        ('<receiveTask id="a"', '<receiveTask id="a" instantiate="true"'))
runs(T, "businessRuleTask (base BpmnParser)", line("businessRuleTask a job=notify header:to=sales"), "& @a(k=1) . k==1")
refuses(T, "globalScriptTask / globalUserTask called by a call activity", "unknown-element", line("callActivity a call=G"),
        ("<process", '<globalUserTask id="G" name="G"/><process'))
_SPLIT = "startEvent s\nuserTask a\nuserTask b\nuserTask c\nendEvent e\ns > a > b > e\na > c > e"
runs(T, "several outgoing flows on a task (implicit parallel split)", _SPLIT, "a [b c] & c b . b*1 c*1 e*2")
_MERGE = "startEvent s\nparallelGateway f\nuserTask a\nuserTask b\n%s\nendEvent e\ns > f > a > c > e\nf > b > c"
runs(T, "several incoming flows on a task (multi-merge: runs once per token)", _MERGE % 'scriptTask c script="=1" result=k', "a b . c*2")
runs(T, "multi-merge into a user task", _MERGE % "userTask c", "a b [c c] & c [c] c . c*2")
refuses(T, "startQuantity / completionQuantity != 1", "quantity", line("userTask a"), ('id="a"', 'id="a" startQuantity="2"'))
refuses(T, "isForCompensation activity", "compensation-activity", line("userTask a"), ('id="a"', 'id="a" isForCompensation="true"'))

turned(F, "sequence flows without an id attribute (legal BPMN)", line("userTask a"), "[a] & a .", changes=(('id="s_a" ', ""), ('id="a_e" ', "")))
_CONDITIONAL = "startEvent s\nuserTask a default=a_c\nuserTask b\nuserTask c\nendEvent e\ns > a > c > e\na > b ? =x > 1\nb > e"
runs(F, "one conditional flow + default on a task", _CONDITIONAL, "a(x=2) [b] b . c*0", "a(x=1) [c] & c . b*0")
runs(F, "a single conditional flow on a task, condition false",
     "startEvent s\nuserTask a\nendEvent e\ns > a\na > e ? =x > 1", "a(x=2) .", "a(x=1) ?no-flow & +(x=3) .")
runs(F, "several outgoing flows on a start event", "startEvent s\nuserTask a\nuserTask b\nendEvent e\ns > a > e\ns > b > e", "[a b] a b .")
runs(F, "several outgoing flows on an intermediate event",
     "startEvent s\nintermediateThrowEvent m\nuserTask a\nuserTask b\nendEvent e\ns > m > a > e\nm > b > e", "[a b] & a b .")
refuses(F, "several none start events", "start-several", "startEvent s\nstartEvent z\nuserTask a\nendEvent e\ns > a > e\nz > a")
refuses(F, "none start + message start", "start-several", "startEvent s\nstartEvent z message=m\nuserTask a\nendEvent e\ns > a > e\nz > a")
