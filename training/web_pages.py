"""Fits the scorer that chooses the paragraphs of a web page that are its article.

    python -m training.web_pages --data ../shared/data
    python -m training.web_pages --data ../shared/data --cross-validate

The pages are those of `documents` (`aeb`, `fundus`, `wcxb`), whose gold standard is the text of the
article, and of `web`, whose gold standard is a few snippets of each page that must be kept or left
out. A paragraph is part of the article if most of its words are in a longest common subsequence
with the gold text. Of the pages in `web`, only paragraphs with a snippet count.

Some pages are also used in a second form, in which the extractor failed: it found nothing, or only
the beginning or the end of the article; or the page has nothing but its article. The scorer is a
gradient-boosted sum of decision trees. The script writes src/pullquote/base/models/web-pages.json.

With `--cross-validate`, the pages are divided by site into five parts, and each part is read with a
scorer fitted to the other parts. Prints the tables of `benchmarks.web_pages` for these readings.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from benchmarks.web_pages import plain, show_scores, words_of
from rapidfuzz.distance import LCSseq
from sklearn.ensemble import HistGradientBoostingClassifier

from pullquote.base.trees import DecisionTrees
from pullquote.parsing.html.article.scorer import PageParts, describe
from pullquote.parsing.html.outline import Outline
from pullquote.parsing.html.page_metadata import read_metadata
from pullquote.parsing.html.parser import read_page_parts
from pullquote.parsing.html.tree import parse_page
from training.trees import trees_json

MODEL = Path(__file__).parent.parent / "src/pullquote/base/models/web-pages.json"
SEED = 7
FOLDS = 5
LEAST = 0.5
"""A paragraph with at least this probability is part of the article."""
SNIPPETS_WEIGHT = 3.0
"""The weight of a page with snippets, relative to one with the article's text."""
TREES = {"max_iter": 80, "learning_rate": 0.12, "max_leaf_nodes": 12, "max_depth": 5}
DAMAGED = 0.6
"""The share of pages that are also used in a damaged form."""


@dataclass(frozen=True, slots=True)
class Example:
    """A page with what it is known to contain.

    `labels` has 1 for each paragraph of the article, 0 for others, and NaN where this is unknown.
    """

    name: str
    site: str
    content: bytes
    gold: Mapping[str, Any]
    parts: PageParts
    labels: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]


def read_examples(data: Path) -> list[Example]:
    """All pages of `documents` and `web`."""
    documents = json.loads((data / "documents/gold.json").read_text(encoding="utf-8"))
    web = json.loads((data / "web/gold.json").read_text(encoding="utf-8"))
    pages = [(name, "", data / "documents" / name, gold) for name, gold in documents.items()]
    pages += [
        (f"web/{gold['file']}", url, data / "web/pages" / gold["file"], gold)
        for url, gold in web.items()
    ]
    return [_read_example(*page) for page in pages]


def _read_example(name: str, url: str, path: Path, gold: Mapping[str, Any]) -> Example:
    content = path.read_bytes()
    page = parse_page(content, path=name)
    metadata = read_metadata(page.root)
    parts = read_page_parts(page, metadata)
    label = _label_by_text if "text" in gold else _label_by_snippets
    labels, weights = label(parts, gold)
    site = _site(url or metadata.facts.url or "") or name
    return Example(name, site, content, gold, parts, labels, weights)


def _site(url: str) -> str:
    """The registered domain of an address, roughly."""
    parts = urlsplit(url).netloc.casefold().split(".")
    return ".".join(parts[-3 if len(parts) > 2 and len(parts[-2]) <= 3 else -2 :])


Labels = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]


def _label_by_text(parts: PageParts, gold: Mapping[str, Any]) -> Labels:
    words = [words_of(p.text) for p in parts.outline.paragraphs]
    owner = [i for i, some in enumerate(words) for _ in some]
    wanted = words_of(gold["text"])
    shared = np.zeros(len(words))
    flat = [word for some in words for word in some]
    for step in LCSseq.opcodes(flat, wanted):
        if step.tag == "equal":
            np.add.at(shared, owner[step.src_start : step.src_end], 1)
    sizes = np.array([len(some) for some in words], np.float32)
    share = shared / np.maximum(1, sizes)
    weights = (sizes + 1.5) / (len(wanted) + 50)
    weights[np.abs(share - 0.5) < 0.2] *= 0.5
    return (share > 0.5).astype(np.float32), weights.astype(np.float32)


def _label_by_snippets(parts: PageParts, gold: Mapping[str, Any]) -> Labels:
    texts = [plain(p.text) for p in parts.outline.paragraphs]
    labels = np.full(len(texts), np.nan, np.float32)
    for key, label in (("with", 1), ("without", 0), ("comments", 0)):
        for snippet in filter(None, map(plain, gold.get(key) or ())):
            labels[[i for i, text in enumerate(texts) if snippet in text]] = label
    known = max(1, int((~np.isnan(labels)).sum()))
    return labels, np.full(len(texts), SNIPPETS_WEIGHT / known, np.float32)


def damaged(example: Example, chance: random.Random) -> Example | None:
    """A page as it is when its extractor fails, or without anything but its article."""
    found = [i for i, is_found in enumerate(example.parts.found) if is_found]
    if chance.random() > DAMAGED or len(found) < 6:
        return None
    none = [False] * len(example.parts.found)
    form = chance.choice(("nothing", "beginning", "beginning", "end", "alone"))
    cut = found[int(len(found) * chance.uniform(0.1, 0.7))]
    if form == "alone":
        return _alone(example, chance)
    if form == "nothing":
        return replace(example, parts=replace(example.parts, found=none, stated=none))
    chosen = [
        is_found and (i <= cut if form == "beginning" else i >= cut)
        for i, is_found in enumerate(example.parts.found)
    ]
    return replace(example, parts=replace(example.parts, found=chosen, stated=none))


def _alone(example: Example, chance: random.Random) -> Example:
    """A page with the headline and the first paragraphs of the article, and nothing else."""
    parts = example.parts
    chosen = [i for i, label in enumerate(example.labels) if label == 1 or i == parts.headline]
    chosen = chosen[: chance.randint(2, 40)]
    place = {i: k for k, i in enumerate(chosen)}
    markup = [
        replace(one, paragraph=place[one.paragraph])
        for one in parts.outline.byline_markup
        if one.paragraph in place
    ]
    outline = Outline([parts.outline.paragraphs[i] for i in chosen], markup)
    is_found = chance.random() < 0.5
    alone = replace(
        parts,
        outline=outline,
        headline=place.get(-1 if parts.headline is None else parts.headline),
        comments={},
        found=[is_found] * len(chosen),
        stated=[False] * len(chosen),
        letters=[parts.letters[i] for i in chosen],
    )
    return replace(
        example, parts=alone, labels=example.labels[chosen], weights=example.weights[chosen]
    )


@dataclass(slots=True)
class Table:
    """The rows that a scorer is fitted to."""

    names: tuple[str, ...] = ()
    rows: list[npt.NDArray[np.float32]] = field(default_factory=list)
    labels: list[npt.NDArray[np.float32]] = field(default_factory=list)
    weights: list[npt.NDArray[np.float32]] = field(default_factory=list)

    def add(self, example: Example) -> None:
        """Add the paragraphs of a page whose label is known."""
        if example.parts.outline.paragraphs:
            known = ~np.isnan(example.labels)
            features = describe(example.parts)
            self.names = tuple(features.names)
            self.rows.append(features.columns(self.names)[known])
            self.labels.append(example.labels[known])
            self.weights.append(example.weights[known])


def fit(examples: Sequence[Example]) -> dict[str, Any]:
    """A scorer fitted to pages, as the values of its JSON file."""
    table = Table()
    for example in examples:
        table.add(example)
        other = damaged(example, random.Random(f"{SEED} {example.name}"))
        if other is not None:
            table.add(other)
    weights = np.concatenate(table.weights)
    model = HistGradientBoostingClassifier(
        **TREES,
        min_samples_leaf=20,
        l2_regularization=2.0,
        max_features=0.3,
        max_bins=63,
        early_stopping=False,
        random_state=SEED,
    )
    model.fit(
        np.concatenate(table.rows),
        np.concatenate(table.labels),
        sample_weight=weights / weights.mean(),
    )
    return trees_json(model, table.names, least=LEAST)


def folds(examples: Sequence[Example]) -> Iterator[tuple[list[Example], list[Example]]]:
    """Pages to fit to and pages to read, five times. Pages of one site stay together."""
    sites = sorted({example.site for example in examples})
    random.Random(SEED).shuffle(sites)
    part = {site: k % FOLDS for k, site in enumerate(sites)}
    for k in range(FOLDS):
        yield (
            [example for example in examples if part[example.site] != k],
            [example for example in examples if part[example.site] == k],
        )


def cross_validate(examples: Sequence[Example], *, worst: int) -> None:
    """Print the figures of scorers on the sites that they were not fitted to."""
    scorers = {}
    for number, (others, own) in enumerate(folds(examples), 1):
        scorer = DecisionTrees.from_json(fit(others))
        scorers.update(dict.fromkeys((example.name for example in own), scorer))
        print(f"part {number}: {len(own)} pages", flush=True)
    pages = {example.name: (example.content, example.gold) for example in examples}
    show_scores(pages, scorers, worst=worst)


def main() -> None:
    """Fit the scorer and write it, or print its cross-validated figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    examples = read_examples(options.data)
    if options.cross_validate:
        cross_validate(examples, worst=options.worst)
        return
    MODEL.write_text(json.dumps(fit(examples), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{MODEL.stat().st_size:,} bytes from {len(examples)} pages")


if __name__ == "__main__":
    main()
