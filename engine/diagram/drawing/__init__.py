"""Draws a BPMN diagram from a short text, so that it looks drawn by a person.

The author says *where* (a sketch made of table rows, one table under each lane), *what* (one paragraph for each
element) and *in which order* (arrows). This room knows the rest: sizes, lane heights, label boxes for Chinese text,
right-angled edges that keep clear of everything, and the XML. The same text always gives the same bytes.

    process parcel 退货处理                  # id and name; `doc:` and `version:` may follow, indented
    pool customer 客户                       # a black box above the lanes (`side: bottom` for below)

    lane desk 客服
    | asked | check | ok    | refuse | no   |      # columns are shared by all lanes,
    |       |       | claim |        |      |      # a lane has as many rows as it needs
    lane boss 主管
    |       |       | decide | done  |      |

    message-start asked 客户申请退货
      message: return-asked
    user check 核对订单
      doc: Compare order, item and quantity.
      group: desk ; form: return-check            # short attributes may share a line, parted by " ; "
      limit: R-1 ; status: checking
      remind: 2 工作日 | 催办单 | desk             # a timer on its edge, and a small end event that sends the paper
    xor ok 符合条件?
    ...
    asked > check > ok                          # a chain of plain flows
    ok > claim : 是 ? =amount > 0               # label, then condition (FEEL, with its leading "=")
    ok > refuse : 否 ? default                  # taken when no other condition holds
    decide.top > check.top : 退回 ? =not(agreed)   # say a side only where you disagree with the router
    customer ~> asked : 退货申请                # message flow between a black box and an element

Elements: task user service rule script send receive manual call · xor and or event-gate · note ·
sub, event-sub (a box round the elements named in `holds:`; these sit in the sketch as usual) ·
start end catch throw boundary, alone or with a trigger: timer- message- signal- error- escalation- terminate-.

Attributes, by what they write:
    doc                     documentation, in English (say the rule here; the name stays short)
    group users assignee form due followup priority    assignment, form, schedule (literal or =FEEL)
    limit variant four-eyes milestone status           properties of these names (`variant`: limit-variant)
    property: name = value                             any other property
    decision: d08 -> chain  called decision and its result variable
    calls: ca-onsite        called process; `inherit: no` hands over only what `in:` names
    in, out: target = =FEEL             input and output mapping (repeat the line for more; with `out:` only those return)
    job: send-letter ; header: form = F09 ; retries: 3     errand of a service, send, rule task or message event
    script: =FEEL -> result             FEEL script
    each: item in =list [-> results in =FEEL] [sequential] [until =FEEL]    repetition
    message, signal, error, escalation: name; key: =FEEL   correlation of a message
    date, duration, cycle: =FEEL or ISO                    value of a timer
    remind: label | paper | role [| =FEEL [| bottom 0.8]]  timer that does not interrupt, and a 催办单 (or 查办单) to the role;
                                                           without FEEL it is when the element's limit is due
    escalate: label | paper | role [| =FEEL [| bottom 0.8]]    the same, with the errand `escalate`
    on: host ; at: bottom 0.7 ; interrupting: no           place and kind of a boundary event; `on:` also ties a note

A blank inside a name is where its line may break; a task shows six Chinese characters a line.
Columns cost width: about 18 of them stay readable on a screen of 1600 px. Let lanes that hand over often be neighbours,
go down a column instead of along a row where you can, join branches with a gateway of their own, and move what does not
fit to a called process.

Not done here: data objects, nested lanes, several white-box pools, sub-processes within sub-processes.
"""

from __future__ import annotations

from engine.diagram.drawing.critic import check
from engine.diagram.drawing.labelling import place_labels
from engine.diagram.drawing.placing import place
from engine.diagram.drawing.reading import read
from engine.diagram.drawing.routing import Router, route_messages
from engine.diagram.drawing.sketch import Sketch, SketchRefused
from engine.diagram.drawing.writing import write

__all__ = ["SketchRefused", "draw", "remarks"]


def draw(sketch_text: str) -> bytes:
    """The BPMN file that a sketch describes.

    Raises:
        SketchRefused: the text cannot be read, or there is no way for an arrow.
    """
    return write(_laid_out(sketch_text))


def remarks(sketch_text: str) -> list[str]:
    """What a reader of the drawing would stumble over: overlaps, missing labels, loose ends."""
    return check(_laid_out(sketch_text))


def _laid_out(text: str) -> Sketch:
    sketch = read(text)
    place(sketch)
    Router(sketch).route_all()
    route_messages(sketch)
    place_labels(sketch)
    return sketch
