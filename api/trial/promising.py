"""The process that plays scenarios: it binds itself before it looks at anything, says a line for each, and is gone."""

from __future__ import annotations

import sys

from engine.confined import bind

#: Megabytes a file of its companies may grow to.
LARGEST = 200


def main() -> None:
    """Read files and a folder as JSON, write what came of each scenario."""
    bind(largest_file=LARGEST)
    # After the limits are set, so that they hold for whatever is loaded and read.
    import base64
    import json
    from pathlib import Path

    from api.scenarios import ScenarioFailed, Street, play, scenarios_of, usual_of
    from engine.release import Release

    told = json.load(sys.stdin)
    release = Release.of({path: base64.b64decode(data) for path, data in told["files"].items()})
    folder = Path(told["folder"])
    usual = usual_of(folder)
    with Street.laid() as street:
        for scenario in scenarios_of(folder):
            if told["only"] not in (None, scenario.file):
                continue
            said = {"holds": True, "step": "", "why": ""}
            with street.house(release) as house:
                try:
                    play(scenario, house, usual)
                except ScenarioFailed as failure:
                    said = {"holds": False, "step": str(failure.facts["step"]), "why": str(failure.facts["why"])}
            print(json.dumps(said, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
