r"""Whether planted contradictions are taken for support, or shown as values that differ.

    python -m benchmarks.contradictions --news NEWS [--pairs 100] [--articles 200] [--seed 7] \
        [--out ROWS.jsonl]

`benchmarks.planting` writes another paper's version of news articles, a few days later, with other
sentences around one that gives another number, day or name. Each question is asked over one index
of the articles, their copies and other articles. Other articles that are known to give the answer
are left out.

Prints a Markdown table with shares of the pairs, by kind of value:

- both cited: the citations of all answers include both articles;
- as support: the first answer is one of the two values and has two independent sources or more, or
  one answer that gives either value cites both articles;
- both answered: both values are among the answers shown;
- both values: both are among the values of the reply (`Reply.values`);
- differing: both are, and not both are current;
- near duplicates: the copy counts as a near duplicate of its article, so the pair tests nothing.

`--out` writes a line for each pair, to be read by hand.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.planting import Planted, Text, copy_of, markdown, planted, text_of
from pullquote import Answer, Assistant, Reply
from pullquote.evaluate.measures import mean
from pullquote.evaluate.scoring import is_value
from pullquote.index.services import rebuild_index
from pullquote.schema import ValueStatus
from pullquote.schema.settings import Settings

FIRST_DAY = date(2005, 1, 3)
LATER = 5
"""The copy is published 1 to so many days after the article."""

PAPERS = ("Evening Courier", "Northern Gazette", "City Record", "Daily Messenger")
HEAD = (
    "kind",
    "pairs",
    "both cited",
    "as support",
    "both answered",
    "both values",
    "differing",
    "near duplicates",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """The result of a pair: its values, the answers, and what was found in the reply."""

    id: str
    kind: str
    question: str
    old: str
    new: str
    answers: tuple[str, ...]
    values: tuple[str, ...]
    both_cited: bool
    as_support: bool
    both_answered: bool
    both_values: bool
    differing: bool
    near_duplicates: bool


def write_corpus(
    news: Path,
    pairs: Sequence[Planted],
    texts: dict[str, Text],
    corpus: Path,
    *,
    articles: int,
    seed: int,
) -> None:
    """Write the articles, their copies and other articles, as Markdown files."""
    chance = random.Random(seed)
    corpus.mkdir()
    also = {name for pair in pairs for name in pair.also}
    names = sorted(path.relative_to(news / "articles").as_posix() for path in _files(news))
    free = [name for name in names if name not in texts and name not in also]
    chance.shuffle(free)
    others = free[: max(0, articles - 2 * len(texts))]
    spare = free[len(others) :]
    for number, name in enumerate([*texts, *others]):
        text = texts.get(name) or text_of(news / "articles", name)
        day = FIRST_DAY + timedelta(days=number % 60)
        _write(corpus / _original(name), markdown(text, source="BBC News", published=day))
        if name in texts:
            changes = {pair.old: pair.new for pair in pairs if pair.article == name}
            company = _company(news, name, spare, least=len(text.sentences))
            copy = copy_of(text, changes, company, chance)
            later = day + timedelta(days=chance.randint(1, LATER))
            paper = chance.choice(PAPERS)
            _write(corpus / _copy(name), markdown(copy, source=paper, published=later))


def _company(news: Path, name: str, spare: list[str], *, least: int) -> Text:
    """An article of the same section that is in no corpus, with enough sentences; it is used up."""
    section = name.split("/", maxsplit=1)[0]
    for other in [one for one in spare if one.split("/")[0] == section]:
        spare.remove(other)
        text = text_of(news / "articles", other)
        if len(text.sentences) >= least:
            return text
    raise SystemExit(f"No article of {section} with {least} sentences is left.")


def result_of(assistant: Assistant, pair: Planted) -> PairResult:
    """Ask the question of a pair, and look for both values in the reply."""
    reply = assistant.ask(pair.question)
    articles = {_original(pair.article), _copy(pair.article)}
    shown = () if reply.best is None else reply.shown
    statuses = _statuses(reply, pair)
    return PairResult(
        id=pair.id,
        kind=pair.kind,
        question=pair.question,
        old=pair.old,
        new=pair.new,
        answers=tuple(f"{one.text} ({one.sources})" for one in shown),
        values=tuple(f"{one.text} ({one.status})" for one in reply.values),
        both_cited=articles <= {c.article for one in shown for c in one.citations},
        as_support=_is_support(shown, pair, articles),
        both_answered=_has_both([one.text for one in shown], pair),
        both_values=len(statuses) == 2,
        differing=len(statuses) == 2 and set(statuses) != {ValueStatus.CURRENT},
        near_duplicates=_copy(pair.article) in assistant.copies_of(_original(pair.article)),
    )


def _is_support(shown: Sequence[Answer], pair: Planted, articles: set[str]) -> bool:
    """Whether one value counts the articles of both as its support."""
    about = [
        one for one in shown if _has(one.text, pair.old, pair) or _has(one.text, pair.new, pair)
    ]
    several = bool(about) and about[0] is shown[0] and shown[0].sources > 1
    return several or any(articles <= {c.article for c in one.citations} for one in about)


def _statuses(reply: Reply, pair: Planted) -> list[ValueStatus]:
    """The statuses of the two values in the reply; fewer if one is missing."""
    found = []
    for wanted in (pair.old, pair.new):
        found += [one.status for one in reply.values if _has(one.text, wanted, pair)][:1]
    return found


def _has_both(texts: Iterable[str], pair: Planted) -> bool:
    given = list(texts)
    return all(any(_has(text, one, pair) for text in given) for one in (pair.old, pair.new))


def _has(text: str, wanted: str, pair: Planted) -> bool:
    """Whether words give one of the two values, and not the other one."""
    other = pair.new if wanted == pair.old else pair.old
    return is_value(text, [wanted]) and not is_value(text, [other])


def rows(results: Sequence[PairResult]) -> list[tuple[str, ...]]:
    """A row for each kind of value, and one for all."""
    kinds = sorted({one.kind for one in results})
    groups = [(kind, [one for one in results if one.kind == kind]) for kind in kinds]
    return [_row(name, group) for name, group in [*groups, ("all", list(results))]]


def _row(name: str, group: Sequence[PairResult]) -> tuple[str, ...]:
    shares = (
        mean(one.both_cited for one in group),
        mean(one.as_support for one in group),
        mean(one.both_answered for one in group),
        mean(one.both_values for one in group),
        mean(one.differing for one in group),
        mean(one.near_duplicates for one in group),
    )
    return (name, str(len(group)), *(f"{share:.2f}" for share in shares))


def _files(news: Path) -> Iterable[Path]:
    return (news / "articles").glob("*/*.txt")


def _original(name: str) -> str:
    return name.replace(".txt", ".md")


def _copy(name: str) -> str:
    return f"copies/{_original(name)}"


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def main() -> None:
    """Make the corpus, ask, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, required=True, help="folder of articles and questions")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--articles", type=int, default=200, help="articles in the index, at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, help="write a line for each pair")
    given = parser.parse_args()
    pairs, texts = planted(given.news, pairs=given.pairs, seed=given.seed)
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        write_corpus(given.news, pairs, texts, corpus, articles=given.articles, seed=given.seed)
        report = rebuild_index(corpus, index)
        with Assistant(Settings(index=index)) as assistant:
            results = [result_of(assistant, pair) for pair in pairs]
    print(
        f"{machine()}\n{len(pairs)} contradictions in copies of {len(texts)} articles of "
        f"{given.news}, {report.articles} articles in the index, seed {given.seed}\n\n"
        f"{table(HEAD, rows(results))}"
    )
    if given.out is not None:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in results)
        given.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
