"""The process that plays scenarios: it binds itself before it looks at anything, says a line for each, and is gone."""

from __future__ import annotations

import resource
import sys

#: Megabytes a file of its companies may grow to.
LARGEST = 200


def bind(cpu: int, megabytes: int) -> None:
    """Give up what playing does not need: more time (seconds), more memory, large files."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST << 20, LARGEST << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(cpu: int, megabytes: int) -> None:
    """Read files and a folder as JSON, write what came of each scenario."""
    bind(cpu, megabytes)
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
    main(int(sys.argv[1]), int(sys.argv[2]))
