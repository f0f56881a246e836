"""What the demo came to, in words and in one line for machines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from api.demo.simulation import Flow

_NAMES = {
    "product-quality": "产品质量 product quality",
    "service": "服务 service",
    "staff-conduct": "员工行为 staff conduct",
}


def table(flows: Mapping[str, Flow]) -> str:
    """A row for each flow."""
    rows = [f"{'':28}{'受理':>6}{'结案':>6}{'超期':>6}{'催办':>6}{'最长(天)':>8}"]
    for name, flow in sorted(flows.items()):
        days = flow.longest / timedelta(days=1)
        label = _NAMES.get(name, name)
        rows.append(
            f"{label:28}{flow.opened:>8}{flow.closed:>8}{len(flow.late):>8}{len(flow.escalated):>8}{days:>10.1f}"
        )
    return "\n".join(rows)


def line(flows: Mapping[str, Flow], verified: int) -> str:
    """The last line."""
    found = list(flows.values())
    return (
        f"demo: opened={sum(f.opened for f in found)} closed={sum(f.closed for f in found)} "
        f"late={sum(len(f.late) for f in found)} escalated={sum(len(f.escalated) for f in found)} verified={verified}"
    )
