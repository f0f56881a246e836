"""Draws every sketch of a folder again: `python -m engine.diagram.drawing bpmn`.

Each `sketches/<name>.txt` gives the one `diagrams/<name>.bpmn` below the same folder; a sketch that has no
diagram yet is drawn into the folder its `# into:` line names.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.diagram.drawing import SketchRefused, draw, remarks

INTO = "# into:"


def place_of(sketch: Path) -> Path:
    """The diagram a sketch belongs to, named by its first line."""
    first = sketch.read_text(encoding="utf-8").partition("\n")[0]
    folder = first.removeprefix(INTO).strip() if first.startswith(INTO) else "shared/diagrams"
    return sketch.parent.parent / folder / f"{sketch.stem}.bpmn"


def main(folder: Path, names: list[str]) -> int:
    """Draw, and say what a reader would stumble over."""
    failed = 0
    for sketch in sorted(folder.glob("sketches/*.txt")):
        if names and sketch.stem not in names:
            continue
        text, target = sketch.read_text(encoding="utf-8"), place_of(sketch)
        try:
            data = draw(text)
        except SketchRefused as refused:
            print(f"{sketch.name}: {refused}", file=sys.stderr)
            failed += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != data:
            target.write_bytes(data)
        for remark in remarks(text):
            print(f"{sketch.name}: {remark}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
