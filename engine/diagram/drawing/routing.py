"""Right-angled edges that keep clear of everything: shortest paths on the lines that matter."""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect
from collections import defaultdict

from engine.diagram.drawing.sketch import CLEAR, DIRECTIONS, SIDES, Flow, Node, Rect, Sketch, SketchRefused

Point = tuple[int, int]
#: How each point of the search was reached, and at the start by which side the flow left its source.
Trail = dict[tuple[int, int, Point], tuple[tuple[int, int, Point], str]]


class Router:
    """Shortest right-angled paths on the lines that matter, dearer for bends, crossings and shared stretches."""

    BEND, CROSS, SHARE = 22, 110, 6

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.h: dict[tuple[int, int], set[int]] = defaultdict(set)  # flows on the piece right of a point
        self.v: dict[tuple[int, int], set[int]] = defaultdict(set)  # flows on the piece below a point
        self.ports: dict[tuple[str, str], set[tuple[str, int]]] = defaultdict(set)
        self.paths: dict[int, list[tuple[int, int]]] = {}
        rects = [n.rect for n in sketch.nodes.values()]
        self.xs, near_x = self._lines([(r.x, r.right, r.cx) for r in rects], [])
        borders = [lane.rect.y for lane in sketch.lanes.values()] + [sketch.process.rect.bottom]
        self.ys, near_y = self._lines([(r.y, r.bottom, r.cy) for r in rects], borders)
        self.weight = {"x": near_x, "y": near_y}
        self.at_x, self.at_y = {x: i for i, x in enumerate(self.xs)}, {y: i for i, y in enumerate(self.ys)}
        self.walls = {box: self._walls(box) for box in {n.box for n in sketch.nodes.values()}}

    @staticmethod
    def _lines(spans: list[tuple[float, float, float]], borders: list[float]) -> tuple[list[float], list[float]]:
        """Lines through centres and just off the nodes, and more in the free room between."""
        must = {c for _, _, c in spans} | {a - CLEAR for a, _, _ in spans} | {b + CLEAR for _, b, _ in spans}
        must |= {b + d for b in borders for d in (-8, 8)}
        lines = sorted(must)
        for a, b in list(itertools.pairwise(lines)):
            for k in range(1, int((b - a) // 12)):
                lines.append(a + (b - a) * k / int((b - a) // 12))
        near = {c for _, _, c in spans}
        lines = sorted(line for line in lines if not any(abs(line - b) < 6 for b in borders))
        return lines, [1.0 if line in near or line not in must else 1.06 for line in lines]

    def _walls(self, box: str) -> set[tuple[int, int, int, int]]:
        """Pieces of line that flows of this level may not use: through nodes, or out of the box or pool."""
        walls = set()
        home = self.sketch.nodes[box].rect.grown(-4) if box else self.sketch.process.rect.grown(-6)
        left = home.x if box else home.x + 62

        def close(r: Rect) -> None:
            for j in range(bisect(self.ys, r.y) - 1, bisect(self.ys, r.bottom)):
                for i in range(bisect(self.xs, r.x) - 1, bisect(self.xs, r.right)):
                    for p, q in ((i + 1, j), (i, j + 1)):
                        if i >= 0 and j >= 0 and p < len(self.xs) and q < len(self.ys):
                            x, y = self.xs[i], self.ys[j]
                            if r.overlap(Rect(x, y, max(self.xs[p] - x, 0.1), max(self.ys[q] - y, 0.1))):
                                walls.update({(i, j, p - i, q - j), (p, q, i - p, j - q)})

        for node in self.sketch.children(box):
            close(node.rect.grown(CLEAR - (4 if node.host else 0.5)))
            if node.hangs:
                close(Rect(node.rect.x, node.rect.y - 20, 36, 20))
        for outside in (
            Rect(-9e3, -9e3, left + 9e3, 2e4),
            Rect(home.right, -9e3, 9e3, 2e4),
            Rect(-9e3, -9e3, 2e4, home.y + 9e3),
            Rect(-9e3, home.bottom, 2e4, 9e3),
        ):
            close(outside)
        return walls

    def route_all(self) -> None:
        flows = self.sketch.flows
        rect = {n.id: n.rect for n in self.sketch.nodes.values()}
        hung = {k for k, f in enumerate(flows) if not f.message and self.sketch.nodes[f.target].hangs}
        for k in hung:
            flows[k].points = [rect[flows[k].source].port("bottom"), rect[flows[k].target].port("top")]

        def span(k: int) -> float:
            a, b = rect[flows[k].source], rect[flows[k].target]
            return abs(a.cx - b.cx) + abs(a.cy - b.cy)

        order = sorted((k for k, f in enumerate(flows) if not f.message and k not in hung), key=span)
        for again in range(3):
            for k in order:
                if again:
                    self._forget(k)
                self._route(k, flows[k])

    def _mark(self, k: int, path: list[tuple[int, int]], add: bool) -> None:
        for (i, j), (p, q) in itertools.pairwise(path):
            used = self.h[min(i, p), j] if j == q else self.v[i, min(j, q)]
            used.add(k) if add else used.discard(k)

    def _forget(self, k: int) -> None:
        self._mark(k, self.paths.pop(k), False)
        for uses in self.ports.values():
            uses -= {("out", k), ("in", k)}

    def _doors(self, node: Node, role: str, wish: str) -> list[tuple[str, float]]:
        """Sides of a node with their price: left to right is free, a side in use the other way is dear."""
        price: dict[str, float] = {
            "out": {"right": 0.0, "bottom": 10.0, "top": 10.0, "left": 70.0},
            "in": {"left": 0.0, "top": 10.0, "bottom": 10.0, "right": 50.0},
        }[role]
        if node.host:
            side = node.fact("at", "bottom").split()[0]
            return [(side, 0)] if side in SIDES else []
        doors = []
        for side, cost in price.items():
            uses = {r for r, _ in self.ports[node.id, side]}
            cost += (130 if uses - {role} else 0) + (45 if role in uses and role == "out" else 0)
            doors.append((side, cost if not wish or wish == side else 5000))
        return doors

    def _step(self, k: int, i: int, j: int, di: int, dj: int) -> float:
        """Price of the piece from (i, j) in a direction, seen against flows drawn before."""
        p, q = i + di, j + dj
        flow, flows = self.sketch.flows[k], self.sketch.flows
        along, across = (self.h, self.v) if dj == 0 else (self.v, self.h)
        length = abs(self.xs[p] - self.xs[i]) + abs(self.ys[q] - self.ys[j])
        cost = length * (self.weight["y"][j] if dj == 0 else self.weight["x"][i])
        for other in along[min(i, p), min(j, q)]:
            friend = flows[other].target == flow.target or flows[other].source == flow.source
            cost += length * 0.1 if friend else 30 + length * self.SHARE
        for other in across[p, q] | across[(p - (dj != 0), q - (di != 0))]:
            friend = flows[other].target == flow.target or flows[other].source == flow.source
            cost += 4 if friend else self.CROSS
        return cost

    def _route(self, k: int, flow: Flow) -> None:
        source, target = self.sketch.nodes[flow.source], self.sketch.nodes[flow.target]
        walls = self.walls[source.box]
        goals: dict[Point, tuple[str, Point, float]] = {}
        queue: list[tuple[float, float, tuple[int, int, Point, bool]]] = []  # the flag says: already inside the target
        best: dict[tuple[int, int, Point], float] = {}
        back: Trail = {}
        for side, cost in self._doors(target, "in", flow.in_side):
            (x, y), (dx, dy) = target.rect.port(side), SIDES[side]
            goals[self.at_x[x + dx * CLEAR], self.at_y[y + dy * CLEAR]] = (side, (-dx, -dy), cost)
        far = [(self.xs[i], self.ys[j]) for i, j in goals]

        def push(cost: float, i: int, j: int, d: Point, there: bool = False) -> None:
            left = 0 if there else min(abs(self.xs[i] - x) + abs(self.ys[j] - y) for x, y in far)
            heapq.heappush(queue, (cost + left, cost, (i, j, d, there)))

        for side, cost in self._doors(source, "out", flow.out_side):
            (x, y), d = source.rect.port(side), SIDES[side]
            state = (self.at_x[x + d[0] * CLEAR], self.at_y[y + d[1] * CLEAR], d)
            best[state] = cost
            back[state] = (state, side)
            push(cost, *state)
        while queue:
            _, cost, (i, j, d, there) = heapq.heappop(queue)
            if there:
                return self._keep(k, flow, (i, j, d), goals[i, j][0], back)
            if cost > best[i, j, d]:
                continue
            if (i, j) in goals and goals[i, j][1] != (-d[0], -d[1]):
                push(cost + goals[i, j][2] + self.BEND * (goals[i, j][1] != d), i, j, d, True)
            for step in DIRECTIONS:
                p, q = i + step[0], j + step[1]
                if (
                    step == (-d[0], -d[1])
                    or (i, j, *step) in walls
                    or not (0 <= p < len(self.xs) and 0 <= q < len(self.ys))
                ):
                    continue
                total = cost + self.BEND * (step != d) + self._step(k, i, j, *step)
                if total < best.get((p, q, step), 1e9):
                    best[p, q, step] = total
                    back[p, q, step] = ((i, j, d), "")
                    push(total, p, q, step)
        raise SketchRefused(
            f"{flow.id}: no way from {flow.source} to {flow.target}; leave a free column or row between"
        )

    def _keep(self, k: int, flow: Flow, last: tuple[int, int, Point], side_in: str, back: Trail) -> None:
        """Walk back from the last point, remember the path, and note its corners."""
        path, state, side_out = [], last, ""
        while not side_out:
            path.append(state[:2])
            state, side_out = back[state]
        path.reverse()
        self.paths[k] = path
        self._mark(k, path, True)
        self.ports[flow.source, side_out].add(("out", k))
        self.ports[flow.target, side_in].add(("in", k))
        nodes = self.sketch.nodes
        points = [
            nodes[flow.source].rect.port(side_out),
            *((self.xs[i], self.ys[j]) for i, j in path),
            nodes[flow.target].rect.port(side_in),
        ]
        flow.points = [
            p
            for n, p in enumerate(points)
            if n in (0, len(points) - 1)
            or not (points[n - 1][0] == p[0] == points[n + 1][0] or points[n - 1][1] == p[1] == points[n + 1][1])
        ]


def route_messages(sketch: Sketch) -> None:
    """Message flows go straight up or down; a pair there and back is drawn side by side."""
    for flow in (f for f in sketch.flows if f.message):
        inward = flow.source in sketch.pools
        pool, node = (
            sketch.pools[flow.source if inward else flow.target],
            sketch.nodes[flow.target if inward else flow.source],
        )
        twin = any(f.message and (f.source, f.target) == (flow.target, flow.source) for f in sketch.flows)
        x = node.rect.cx + (0 if not twin else -14 if inward else 14)
        above = pool.rect.y < node.rect.y
        ends = [(x, pool.rect.bottom if above else pool.rect.y), (x, node.rect.y if above else node.rect.bottom)]
        flow.points = ends if inward else ends[::-1]
