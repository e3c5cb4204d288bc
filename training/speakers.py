"""Fits the rule that tells whether an article is clear about who makes a claim.

    python -m training.speakers

The rules of attribution read the 160 newsroom articles whose attributions are known
(`attribution.jsonl`). Each speaker that they propose is right if the article's own attribution of
the same words has this speaker. A logistic regression is fitted to these. The script prints what
share of the speakers is right from which log-odds on, in a cross-validation over articles, and
writes src/pullquote/base/models/speakers.json.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from pullquote.english.attribution.attribute import is_direct, read
from pullquote.english.attribution.certainty import (
    PossibleSpeaker,
    SourceFeatures,
    SpeakerModel,
    candidates,
)
from pullquote.english.attribution.phrases import Statement
from pullquote.english.attribution.speakers import Speakers

HERE = Path(__file__).parent
MODEL = HERE.parent / "src/pullquote/base/models/speakers.json"
FOLDS = 10
LEAST = 1.1
"""The least log-odds of a speaker who is shown: three to one."""

HALF = 0.5
_SMALL = frozenset("the mr mrs ms dr sir s".split())
PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """A possible speaker of a claim in an article, and whether it is right."""

    article: str
    features: SourceFeatures
    right: bool


def examples() -> Iterator[Example]:
    """All possible speakers of the claims that the rules find."""
    rows = map(json.loads, (HERE / "newsroom.jsonl").read_text(encoding="utf-8").splitlines())
    texts = {str(row["id"]): str(row["text"]) for row in rows}
    for line in (HERE / "attribution.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = texts[row["id"]]
        page, statements = read(text, [(0, len(text))])
        speakers = Speakers(page)
        for one in statements:
            name = speakers.name(one.source[0] if one.source else None)
            found = candidates(speakers, one, name, direct=is_direct(page, one))
            for candidate in found:
                right = _is_right(text, one, candidate, row["attributions"])
                yield Example(row["id"], candidate.features, right)


def _is_right(text: str, one: Statement, candidate: PossibleSpeaker, golds: list[Any]) -> bool:
    """Whether an attribution of the same words has the same speaker."""
    content, source = _characters(one.content), _characters(one.source)
    for gold in golds:
        other = _characters(gold["content"])
        if len(content & other) < HALF * min(len(content), len(other)):
            continue
        if candidate.name is None or candidate.features.in_words:
            there = _characters(gold["source"])
            if len(source & there) >= HALF * max(len(source), len(there)):
                return True
        elif gold["speaker"] and _words(gold["speaker"]) == _words(candidate.name):
            return True
    return False


def _characters(ranges: Any) -> set[int]:  # noqa: ANN401 - lists from JSON or tuples
    return {at for start, end in ranges for at in range(start, end)}


def _words(name: str) -> list[str]:
    """The words of a name without "the", titles and marks."""
    plain = re.findall(r"\w+", re.sub(r"\([^)]*\)", "", name.lower()))
    return [word for word in plain if word not in _SMALL]


def main() -> None:
    """Fit and write the model."""
    found = list(examples())
    names = [field.name for field in fields(SourceFeatures)]
    x = np.array([[float(asdict(one.features)[name]) for name in names] for one in found])
    y = np.array([one.right for one in found])
    groups = [one.article for one in found]
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    held_out = cross_val_predict(
        model, x, y, groups=groups, cv=GroupKFold(FOLDS), method="decision_function"
    )
    for least in (-math.inf, 0.0, 0.5, LEAST, 1.5, 2.0, 2.5, 3.0):
        passing = held_out >= least
        found_share = (passing & y).sum() / y.sum()
        print(
            f"from {least:.2f}: {passing.sum()} shown, {y[passing].mean():.3f} of them right, "
            f"{found_share:.3f} of the right ones"
        )
    model.fit(x, y)
    weights = {name: round(float(w), 4) for name, w in zip(names, model.coef_[0], strict=True)}
    fitted = SpeakerModel(
        intercept=round(float(model.intercept_[0]), 4), weights=weights, least=LEAST
    )
    MODEL.write_text(json.dumps(fitted.model_dump(), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(fitted.model_dump(), indent=1))


if __name__ == "__main__":
    main()
