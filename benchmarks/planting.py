"""Plants contradictions: another paper's version of a news article, with one value changed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pullquote.english.sentences import sentence_spans
from pullquote.english.values import Name, Period, Quantity, Relation, compare, value_of
from pullquote.parsing import read_articles
from pullquote.schema import Role

MOST_WORDS = 3
"""Longer answers are phrases rather than values."""

MOST_PLACES = 3
"""A value that an article gives more often is left out; it may mean several things."""

COPIED, ADDED = 0.3, 1.0
"""The share of the other sentences of an article that its copy keeps, and the number of sentences
of another article that it gets for each sentence that it keeps."""

TRIES = 20

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NOT_ASKED = re.compile(r"(?i)(?:is|are|was|were|has|have|had|do|does|did|can|will)\b")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A question, the value that its article gives, and the value that the copy gives instead."""

    id: str
    question: str
    kind: str
    article: str
    also: frozenset[str]
    old: str
    new: str


@dataclass(slots=True)
class Text:
    """An article as its headline and its sentences, in order."""

    title: str
    sentences: list[str] = field(default_factory=list)

    def mentions(self, words: str) -> int:
        """How often the article has the words."""
        return sum(len(list(_places(words, one))) for one in (self.title, *self.sentences))


def text_of(path: Path, name: str) -> Text:
    """The text of an article of the corpus."""
    [article] = read_articles(path / name, id=name)
    body = [article.text[b.start : b.end] for b in article.blocks if b.role is Role.BODY]
    sentences = [part[start:end] for part in body for start, end in sentence_spans(part)]
    return Text(article.title, sentences)


def questions_of(news: Path) -> Iterator[dict[str, Any]]:
    """The questions about the news articles: those of `news-dev`, and turns said in full."""
    for line in _lines(news / "news-dev.jsonl"):
        yield line
    for line in _lines(news / "conversations-dev.jsonl"):
        for number, turn in enumerate(line["turns"]):
            yield {**turn, "id": f"{line['id']}-{number}", "question": turn["standalone"]}


def planted(news: Path, *, pairs: int, seed: int) -> tuple[list[Planted], dict[str, Text]]:
    """The questions with their old and new values, and the articles that they are about."""
    chance = random.Random(seed)
    asked = [one for one in questions_of(news) if _is_suitable(one)]
    names = _names(asked)
    texts: dict[str, Text] = {}
    chosen: list[Planted] = []
    for one in chance.sample(asked, len(asked)):
        if len(chosen) == pairs:
            break
        name, old = one["article"], one["answers"][0]
        text = texts.get(name) or text_of(news / "articles", name)
        used = {each.old for each in chosen if each.article == name}
        if old in used or not 1 <= text.mentions(old) <= MOST_PLACES:
            continue
        if (new := other_value(old, names[_asks_for(one)], chance)) is None or text.mentions(new):
            continue
        texts[name] = text
        chosen.append(
            Planted(
                id=one["id"],
                question=one["question"],
                kind=kind_of(old) or "",
                article=name,
                also=frozenset(one.get("also") or ()),
                old=old,
                new=new,
            )
        )
    return chosen, texts


def copy_of(text: Text, changes: Mapping[str, str], company: Text, chance: random.Random) -> Text:
    """Another paper's version of an article, with values changed.

    It keeps the first sentence and those with the values, each with the sentence before it, and
    some of the others in another order. Between them are sentences of another article.
    """
    needed = {0}
    for at, sentence in enumerate(text.sentences):
        if any(next(_places(old, sentence), None) for old in changes):
            needed |= {max(0, at - 1), at}
    others = [at for at in range(len(text.sentences)) if at not in needed]
    rest = chance.sample(others, round(COPIED * len(others)))
    lead = [text.sentences[at] for at in sorted(needed)]
    chosen = [text.sentences[at] for at in rest]
    added = company.sentences[1 : 1 + max(3, round(ADDED * (len(lead) + len(chosen))))]
    mixed = lead + chance.sample(chosen + added, len(chosen) + len(added))
    return Text(_changed(text.title, changes), [_changed(one, changes) for one in mixed])


def markdown(text: Text, *, source: str, published: date) -> str:
    """An article as a Markdown file; a paragraph has two sentences."""
    head = {"title": text.title, "source": source, "published": published.isoformat()}
    paragraphs = (" ".join(text.sentences[at : at + 2]) for at in range(0, len(text.sentences), 2))
    return f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n" + "\n\n".join(paragraphs) + "\n"


def kind_of(words: str) -> str | None:
    """Whether words are a number, a day or a name; None if they are something else."""
    match value_of(words):
        case Quantity():
            return "number"
        case Period(first=date()):
            return "day"
        case Name():
            return "name"
    return None


def other_value(words: str, names: Sequence[str], chance: random.Random) -> str | None:
    """Another plausible value of the same kind; None if none is found.

    A number keeps its length, a day its month, and a name is one that answers a question like it.
    """
    make: Callable[[], str] = {
        "number": lambda: _other_number(words, chance),
        "day": lambda: _other_day(words, chance),
        "name": lambda: chance.choice([*names, words]),
    }[kind_of(words) or "name"]
    for _ in range(TRIES):
        new = make()
        old_value, new_value = value_of(words), value_of(new)
        if old_value is None or new_value is None:
            return None
        if compare(old_value, new_value) is Relation.DIFFERENT:
            return new
    return None


def _is_suitable(one: Mapping[str, Any]) -> bool:
    """Whether a question asks for a number, a day or a name that can be changed."""
    if not one["answers"] or _NOT_ASKED.match(one["question"]):
        return False
    old = one["answers"][0]
    if len(old.split()) > MOST_WORDS:
        return False
    match kind_of(old):
        case "number" | "day":
            return bool(_DIGITS.search(old) or _word(old))
        case "name":
            return _asks_for(one) == "where" or (_asks_for(one) == "who" and _is_person(old))
    return False


def _is_person(name: str) -> bool:
    """Whether a name may be a person's full name."""
    words = name.split()
    return len(words) > 1 and words[0] not in ("Mr", "The") and "and" not in words


def _names(asked: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The names that answer questions, by what is asked for."""
    found: dict[str, list[str]] = {}
    for one in asked:
        names = found.setdefault(_asks_for(one), [])
        if kind_of(one["answers"][0]) == "name":
            names.append(one["answers"][0])
    return found


def _asks_for(one: Mapping[str, Any]) -> str:
    """Whether a question asks for a person ("who"), for a place ("where") or for something else."""
    words = set(re.findall(r"[a-z]+", one["question"].casefold()))
    who = words & {"who", "whose", "reporter", "players", "brother", "coach"}
    return "who" if who else "where" if words & {"where", "birthplace", "street"} else "what"


def _other_number(words: str, chance: random.Random) -> str:
    """The words with another number: other digits, or another number word."""
    if (word := _word(words)) and not _DIGITS.search(words):
        other = chance.choice(_NUMBERS)
        written = other.capitalize() if word[0].isupper() else other
        return words.replace(word, written, 1)
    return _DIGITS.sub(lambda found: _digits(found[0], chance), words, count=1)


def _digits(number: str, chance: random.Random) -> str:
    """A number with as many digits; zeros at its end stay, and so do its signs."""
    signs = list(number)
    places = [at for at, sign in enumerate(signs) if sign.isdigit()]
    while len(places) > 1 and signs[places[-1]] == "0":
        places.pop()
    for at in places[:2]:
        signs[at] = chance.choice("123456789".replace(signs[at], ""))
    return "".join(signs)


def _other_day(words: str, chance: random.Random) -> str:
    """The words with another day, or else with another month, or else with another year."""
    if re.search(r"\b\d{1,2}\b(?!,?\d)", words):
        day = str(chance.randint(2, 28))
        return re.sub(r"\b\d{1,2}\b(?!,?\d)", day, words, count=1)
    for month in _MONTHS:
        if month in words:
            return words.replace(month, chance.choice(_MONTHS))
    return re.sub(
        r"\d{4}", lambda year: str(int(year[0]) + chance.choice((-3, -2, 2, 3))), words, count=1
    )


def _word(words: str) -> str:
    """The number word among the words; "" if there is none."""
    return next((word for word in words.split() if word.casefold() in _NUMBERS), "")


def _changed(sentence: str, changes: Mapping[str, str]) -> str:
    """A sentence with the new values; a person's surname alone is changed too."""
    for old, new in changes.items():
        sentence = re.sub(_pattern(old), lambda _, new=new: new, sentence)
        if kind_of(old) == "name" and len(old.split()) == len(new.split()) > 1:
            surname, other = old.split()[-1], new.split()[-1]
            sentence = re.sub(_pattern(surname), lambda _, other=other: other, sentence)
    return sentence


def _places(words: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(_pattern(words), text)


def _pattern(words: str) -> str:
    """Matches the words, but not as a part of a longer word or number."""
    return rf"(?<![\w£$€.,]){re.escape(words)}(?![\w%]|[.,]\d)"


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
