"""How the house fares with what others have made: `python -m tests.counts` prints what the docs say.

TCK of DMN, the models of betsy and of the BPMN Model Interchange Working Group, the 197 constructs of the conformance study.
"""

from __future__ import annotations

from collections import Counter

from engine.findings import errors
from tests.diagram import betsy
from tests.diagram import test_public_models as public
from tests.diagram.matrix import ROWS
from tests.feel.tck.test_tck import accepted, asked


def main() -> None:
    """Print the counts."""
    for level in (2, 3):
        passed = [ok for _, _, ok, _, _ in asked(level)]
        print(f"DMN TCK level {level}: {sum(passed)} of {len(passed)}")
    print("  missed because of:", dict(Counter(why.partition(";")[0] for why in accepted().values())))
    models = betsy.cases()
    refused = {file: reasons for file in models if (reasons := betsy.refusals(betsy.model(file)))}
    print(f"betsy: {len(models)} models, {len(models) - len(refused) - len(public.NOT_APPLICABLE)} move as expected, {len(refused)} refused")
    print("  refused because of:", dict(Counter(public.NOT_EXECUTED.get(file, "?") for file in refused)))
    broken = public.models("betsy/constraints")
    print(f"betsy, models that break a rule: {len(broken)}, refused {sum(bool(errors(public.findings(p))) for p in broken)}")
    drawn = {path.stem: [f.code for f in errors(public.findings(path))] for path in public.models("miwg-reference")}
    print(f"MIWG reference models: {len(drawn)}, refused by element {sum(map(bool, drawn.values()))}")
    print("  most often because of:", dict(Counter(code for codes in drawn.values() for code in set(codes)).most_common(6)))
    verdicts = {(row.group, row.construct): row.verdict for row in ROWS}
    print(f"constructs of the study: {len(verdicts)}", dict(Counter(verdicts.values())))


if __name__ == "__main__":
    main()
