"""Why an element could not act. Each becomes an incident; the case waits for an administrator."""

from __future__ import annotations

from engine.errors import EngineError


class NoFlow(EngineError):
    """No flow can be taken from {element}: no condition is true and there is no default flow."""

    zh = "{element} 无路可走：没有条件成立，也没有默认流。"


class NotAList(EngineError):
    """{element} is repeated for each item of {text}, but that is not a list."""

    zh = "{element} 应按 {text} 的每一项重复，但它不是列表。"


class NotACount(EngineError):
    """{element} is repeated “{text}” times, but that is no whole number."""

    zh = "{element} 的重复次数“{text}”不是整数。"


class TooManyItems(EngineError):
    """{element} would be repeated {found} times; {most} is the most."""

    zh = "{element} 将重复 {found} 次，上限 {most} 次。"


class NotAMoment(EngineError):
    """{element}: {text} is neither a moment nor a span of time."""

    zh = "{element}：{text} 既不是时刻也不是时段。"


class NotText(EngineError):
    """{what} of {element} must be text or a list of texts."""

    zh = "{element} 的 {what} 必须是文本或文本列表。"


class NotAPriority(EngineError):
    """The priority of {element} must be a whole number from 0 to 100."""

    zh = "{element} 的优先级必须是 0 到 100 的整数。"


class NotData(EngineError):
    """{element} made something that case data cannot hold: {why}."""

    zh = "{element} 产生了案件数据不能容纳的值：{why}。"


class UnknownLimit(EngineError):
    """The pack has no limit {limit} with a span for “{variant}”."""

    zh = "制度包没有时限 {limit}（变体“{variant}”）。"


class UnknownDecision(EngineError):
    """The release has no decision {decision}, which {element} asks for."""

    zh = "发布中没有 {element} 所用的决策 {decision}。"


class UnknownProcess(EngineError):
    """The release has no process {process}, which {element} calls."""

    zh = "发布中没有 {element} 所调用的流程 {process}。"


class UncaughtError(EngineError):
    """The error {error} of {element} is caught nowhere. {reason_en}"""

    zh = "{element} 的错误 {error} 没有被捕获。{reason}"


class TooManySteps(EngineError):
    """The case took more than {most} steps at once and was stopped at {element}; does it run in a circle?"""

    zh = "案件一次推进超过 {most} 步，停在 {element}；是否在打转？"


class TooDeep(EngineError):
    """{element} calls processes more than {most} deep."""

    zh = "{element} 的流程调用超过 {most} 层。"


class ListenerFailed(EngineError):
    """A listener of {element} could not do what it was asked for. {reason_en}"""

    zh = "{element} 的监听器未能办成。{reason}"


class TooManyPasses(EngineError):
    """{element} is where a loop begins that the case has gone round {most} times; end the loop, or raise `most_passes` of the pack, then resume."""

    zh = "案件已在 {element} 开始的循环中走了 {most} 圈；请使循环结束，或提高制度包的 most_passes，再恢复。"


class TooManyTokens(EngineError):
    """{element} would go on in more branches, but the case has {most} already; do they multiply in a loop?"""

    zh = "{element} 还要分出更多分支，但案件已有 {most} 个；它们是否在循环中倍增？"


class TooManyHops(EngineError):
    """{element} would send the signal “{signal}” because of {most} others from case to case; do cases answer each other in a circle?"""

    zh = "{element} 发出信号“{signal}”之前，已有 {most} 个信号在案件之间接连引发；案件是否在互相应答？"


class NotChosen(EngineError):
    """{element} should begin with “{chosen}”, but nothing inside it without an incoming flow is called so."""

    zh = "{element} 应从“{chosen}”开始，但其中没有这个编号且无进线的元素。"


class NotEnough(EngineError):
    """Everything in {element} is done, but its completion condition does not hold."""

    zh = "{element} 中已无待办，但完成条件仍不成立。"


class NotExecuted(EngineError):
    """{element} is a {kind}, which is not executed."""

    zh = "{element} 是 {kind}，不能执行。"
