"""Measures the questions about sentences of a draft whose figures, dates or names differ.

`python -m benchmarks.draft_questions --index INDEX` takes sentences of an index as drafts:

- changed: one figure, date or name is another one; a question about it is right;
- paraphrased: figures in other forms, other words, clauses moved or dropped; every question is
  wrong;
- paraphrased and changed: both;
- unchanged: every question is wrong;
- not in the index: unchanged, but the article and its near duplicates are left out; every question
  is about another event, and counted as wrong.

It prints how many of each kind are questioned. `--show N` prints N wrong or missing questions.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from time import process_time
from typing import Any

from benchmarks.common import table
from pullquote.english.sentences import sentence_spans
from pullquote.index import OpenGeneration
from pullquote.index.services import index_of
from pullquote.newsroom.checking.questions import (
    ArchiveSentences,
    SentenceValue,
    contradicts,
    questions_by_sentence,
    sentence_values,
)
from pullquote.newsroom.checking.quotations import draft_of, quotations_of
from pullquote.schema import Article
from pullquote.schema.quote_check import DraftQuestionKind
from pullquote.schema.settings import load_settings

FEWEST_WORDS, MOST_WORDS = 9, 45
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SMALL = "two three four five six seven eight nine ten eleven twelve".split()
_SYNONYMS = dict(
    one.split("=")
    for one in (
        "said=stated rose=increased fell=dropped company=firm firm=company announced=unveiled "
        "big=large biggest=largest plan=scheme plans=schemes deal=agreement buy=acquire "
        "bought=acquired expected=forecast show=indicate showed=indicated growth=expansion "
        "told=informed began=started begin=start ended=finished help=assist shares=stock "
        "government=administration win=victory job=post jobs=posts film=movie movie=film "
        "group=organisation hit=struck cut=reduced about=around however=though new=fresh "
        "report=study study=report added=continued warned=cautioned believe=think home=house "
        "important=significant likely=probable many=numerous match=game game=match"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as a draft has it; `changed` are the words that are not those of the archive."""

    article: str
    text: str
    changed: str | None = None
    kind: str = ""


class Without:
    """A generation without some articles in what is found."""

    def __init__(self, generation: OpenGeneration, left_out: Collection[str]) -> None:
        self._generation, self._left_out = generation, left_out

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the generation has
        return getattr(self._generation, name)

    def passages(self, passage_ids: list[int]) -> Iterator[Any]:
        """The passages of the other articles."""
        found = self._generation.passages(passage_ids)
        return (one for one in found if one.article not in self._left_out)


def sentences(
    generation: OpenGeneration, choose: random.Random, count: int
) -> list[tuple[Article, str]]:
    """Sentences with a figure, date or name, each with its article."""
    found: list[tuple[Article, str]] = []
    ids = generation.articles()
    while len(found) < count:
        article = generation.article(choose.choice(ids))
        low, high = choose.choice(sentence_spans(article.text))
        sentence = article.text[low:high]
        usable = FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and "\n" not in sentence
        if usable and '"' not in sentence and sentence_values(sentence, day=None, language="en"):
            found.append((article, sentence))
    return found


def names_of(drafts: list[tuple[Article, str]]) -> dict[int, list[str]]:
    """The names of the sentences, by their number of words."""
    found: dict[int, list[str]] = {}
    for _, sentence in drafts:
        for one in sentence_values(sentence, day=None, language="en"):
            if one.kind is DraftQuestionKind.NAME and one.start:
                name = sentence[one.start : one.end]
                found.setdefault(len(name.split()), []).append(name)
    return found


def changed(
    article: Article, sentence: str, choose: random.Random, names: dict[int, list[str]]
) -> Drafted | None:
    """The sentence with one value changed; None if none can be."""
    values = sentence_values(sentence, day=None, language="en")
    choose.shuffle(values)
    for one in values:
        words = sentence[one.start : one.end]
        new = _changed_words(words, one, article, choose, names)
        text = "" if new is None else f"{sentence[: one.start]}{new}{sentence[one.end :]}"
        there = sentence_values(text, day=None, language="en")
        value = next((each.value for each in there if each.start == one.start), None)
        if new is not None and value is not None and contradicts(one.value, value):
            return Drafted(article.id, text, new, one.kind)
    return None


def _changed_words(
    words: str,
    one: SentenceValue,
    article: Article,
    choose: random.Random,
    names: dict[int, list[str]],
) -> str | None:
    if one.kind is DraftQuestionKind.NAME:
        others = names.get(len(words.split()), [])
        other = choose.choice(others) if others and one.start else None
        return None if other is None or other in article.text else other
    for list_ in (_MONTHS, _DAYS, _SMALL):
        for word in list_:
            if re.search(rf"\b{word}\b", words):
                other = choose.choice([each for each in list_ if each != word])
                return re.sub(rf"\b{word}\b", other, words, count=1)
    number = re.search(r"\d+", words)
    if number is None:
        return None
    other = str(int(number[0]) + choose.choice((1, 2, 3, 10, 25)))
    return words[: number.start()] + other + words[number.end() :]


def paraphrased(sentence: str) -> str:
    """The sentence in other words, with the same figures, dates and names."""
    text = re.sub(r"([£$€]\d+(?:\.\d+)?)m\b", r"\1 million", sentence)
    text = re.sub(r"\b(\d+(?:\.\d+)?)bn\b", r"\1 billion", text)
    text = re.sub(r"(\d)%", r"\1 per cent", text)
    text = re.sub(r"\b(\d{1,3}),(\d{3})\b", r"\1\2", text)
    text = re.sub(r", (?:which|who) [^,.]{5,60},", "", text)
    text = re.sub(r" \w+ly\b", "", text, count=1)
    text = re.sub(r"\b[a-z]+\b", lambda word: _SYNONYMS.get(word[0], word[0]), text)
    lead = re.match(r"((?:In|On|At|After|During|For|Before) [^,.]{3,50}), (.+?)(\.?)$", text)
    if lead is not None:
        main = lead[2][0].upper() + lead[2][1:]
        text = f"{main} {lead[1][0].lower()}{lead[1][1:]}{lead[3]}"
    return text


@dataclass(slots=True)
class Counts:
    """How many drafts of a kind there are, how many are questioned, and rightly."""

    drafts: int = 0
    right: int = 0
    wrong: int = 0


def measure(
    drafts: list[Drafted], archive_of: Callable[[str], ArchiveSentences], show: int
) -> Counts:
    """The counts of some drafts; wrong are drafts with a question about unchanged words."""
    counts = Counts()
    for one in drafts:
        draft = draft_of(one.text)
        by_sentence = questions_by_sentence(draft, quotations_of(draft), archive_of(one.article))
        asked = [each for some in by_sentence for each in some]
        at = -1 if one.changed is None else one.text.index(one.changed)
        about = [
            each
            for each in asked
            if one.changed is not None
            and each.draft_start < at + len(one.changed)
            and at < each.draft_end
        ]
        wrong = [each for each in asked if each not in about]
        counts.drafts += 1
        counts.right += bool(about)
        counts.wrong += bool(wrong)
        missed = one.changed is not None and not about
        if show and (wrong or missed):
            show -= 1
            print(f"  {one.kind} {one.changed!r}: {one.text}")
            for each in wrong:
                print(f"     wrong: {each!r}: {each.citation.quote}")
    return counts


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", default="index")
    parser.add_argument("--sentences", type=int, default=250)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--show", type=int, default=0)
    chosen = parser.parse_args()
    generation = index_of(load_settings(index=chosen.index)).open()
    choose = random.Random(chosen.seed)
    taken = sentences(generation, choose, chosen.sentences)
    names = names_of(taken)
    falsified = [one for a, s in taken if (one := changed(a, s, choose, names)) is not None]
    reworded = [
        Drafted(one.article, text, one.changed, one.kind)
        for one in falsified
        if one.changed in (text := paraphrased(one.text))
    ]
    archive = ArchiveSentences(generation)

    def whole(_: str) -> ArchiveSentences:
        return archive

    def without(article: str) -> ArchiveSentences:
        left_out = {article, *generation.near_duplicates_of(article)}
        return ArchiveSentences(Without(generation, left_out))  # type: ignore[arg-type]

    unchanged = [Drafted(article.id, sentence) for article, sentence in taken]
    other_words = [Drafted(article.id, paraphrased(sentence)) for article, sentence in taken]
    kinds = Counter(one.kind for one in falsified)
    begin = process_time()
    rows: list[tuple[str, int, int | str, int]] = []
    for kind in kinds:
        for name, group in (("changed", falsified), ("paraphrased and changed", reworded)):
            some = [one for one in group if one.kind == kind]
            found = measure(some, whole, chosen.show)
            rows.append((f"{name}: {kind}", found.drafts, found.right, found.wrong))
    for name, group, archive_of in (
        ("unchanged", unchanged, whole),
        ("paraphrased", other_words, whole),
        ("not in the index", unchanged, without),
    ):
        found = measure(group, archive_of, chosen.show)
        rows.append((name, found.drafts, "-", found.wrong))
    print(table(("sentences", "number", "questioned rightly", "questioned wrongly"), rows))
    total = sum(row[1] for row in rows)
    print(f"{1000 * (process_time() - begin) / total:.1f} ms a sentence")


if __name__ == "__main__":
    main()
