"""What a completed task costs in the run alone: `python -m tests.run.measuring`. Numbers for people, no test."""

from __future__ import annotations

import time

from engine.history import TaskCompleted
from engine.run import Run
from tests.run.drawing import MONDAY, Driven, drawn

LOOP = """
    startEvent s milestone=registered
    userTask a groups=sales limit=L1 form=F02 status=talking
    boundaryEvent late on=a loose date='=due("L1")'
    scriptTask x script='=count + 1' result=count
    exclusiveGateway g default=g_e
    endEvent e
    serviceTask remind job=send-reminder
    s > a > x > g > e
    late > remind
    g > a ? =again
"""
ANSWERS = {"again": True, "field3": "x" * 100}


def main() -> None:
    """Complete the same task again and again, from bytes to bytes each time."""
    release = drawn(LOOP)
    case = Driven(release, count=0, **{f"field{i}": "文本" * 20 for i in range(40)})
    state, done = case.run.snapshot(), 0
    print("completed  restore  apply  snapshot  sum (ms CPU, mean)  bytes")
    for rounds in (14, 200, 600):
        spent = [0.0, 0.0, 0.0]
        for _ in range(rounds):
            done += 1
            marks = [time.process_time()]
            run = Run.restore(release, state, case="C-1")
            marks.append(time.process_time())
            run.apply(TaskCompleted(at=MONDAY, task=f"a-{done}", answers=ANSWERS))
            marks.append(time.process_time())
            state = run.snapshot()
            marks.append(time.process_time())
            spent = [s + b - a for s, a, b in zip(spent, marks, marks[1:], strict=False)]
        mean = [s / rounds * 1000 for s in spent]
        print(f"{done:9}  {mean[0]:7.2f} {mean[1]:6.2f} {mean[2]:9.2f} {sum(mean):6.2f} {len(state):24}")


if __name__ == "__main__":
    main()
