"""What the files of `authenticity/` say is what the rules do; there is a case of every reason."""

from collections import Counter

import numpy as np
import pytest

from models.authenticity.catalogue import reason_of
from models.authenticity.columns import Verdicts
from models.authenticity.judge import Judge
from models.kinds import REASONS, names
from tests.golden.judging import JudgedCase, Shown, hashed, interactions
from tests.golden.loading import files, read

CASES = {path.stem: JudgedCase.model_validate(read(path)) for path in files("authenticity")}
ORGANIC, UNJUDGED = "organic", "not judged"


def becomes(verdicts: Verdicts) -> Counter[str]:
    pairs = zip(verdicts.judged.tolist(), verdicts.reasons.tolist(), strict=True)
    return Counter((reason_of(reason) or ORGANIC) if judged else UNJUDGED for judged, reason in pairs)


def tell(judge: Judge, step: Shown) -> None:
    many = len(step.shown) + step.to_unknown
    zeros = np.zeros(many, np.int64)
    judge.expose(zeros, hashed(iter([*step.shown, *[None] * step.to_unknown])), zeros + step.by, zeros + 1)


@pytest.mark.parametrize("name", sorted(CASES))
def test_interactions_become_what_their_file_says(name: str) -> None:
    case, total = CASES[name], Counter[str]()
    judge = Judge(lambda _: case.authenticity)
    for step in case.steps:
        if isinstance(step, Shown):
            tell(judge, step)
            continue
        verdicts = judge.judge(interactions(step, case.authenticity))
        reported = Counter(filter(None, map(reason_of, verdicts.noted.tolist())))

        assert becomes(verdicts) == step.becomes
        assert reported == step.reported
        total += becomes(verdicts)
    judged = total.total() - total[UNJUDGED]

    assert total[ORGANIC] / judged == pytest.approx(case.expect.authenticity)
    assert judged / total.total() == pytest.approx(case.expect.judged)


def test_every_reason_has_a_case() -> None:
    said = {reason for case in CASES.values() for step in case.steps if not isinstance(step, Shown)
            for reason in (*step.becomes, *step.reported)}  # fmt: skip

    assert set(names(REASONS)) <= said
