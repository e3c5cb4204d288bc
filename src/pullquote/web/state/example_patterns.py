"""Makes questions from the titles and sentences of an article, with patterns of English. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pullquote.english.questions.kinds import recognise
from pullquote.schema import Article, QuestionKind, Role

EXAMPLE_KINDS = (
    QuestionKind.FACT,
    QuestionKind.YES_NO,
    QuestionKind.REASON,
    QuestionKind.SPEECH,
    QuestionKind.COMPARISON,
    QuestionKind.LIST,
    QuestionKind.KEYWORDS,
)
"""The kinds of which examples are shown, in that order."""

MAX_CHARS = 80
"""The longest question that is offered."""

_TITLE_WORDS = 3

# Every repetition has a bound, so that a word of a million letters takes linear time.
_NAME = r"\b[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){1,2}"
_OFFICE = (
    "chairman|chairwoman|chair|chief executive|director|president|leader|head|secretary|minister"
    "|mayor|manager|coach|captain|owner|founder|author|editor|curator|commissioner"
)
_HOLDS = re.compile(
    rf"({_NAME}), (?:(?:the|its|an?) )?"
    rf"((?:[\w-]{{1,30}} ){{0,2}}(?:{_OFFICE}) (?:of|at) (?:the )?[A-Z][\w ’'&-]{{2,40}}?)[,.]"
)
_DID = re.compile(rf"({_NAME}), who ((?:[\w£$€%’'-]{{1,30}} ){{3,10}}[\w%’'-]{{1,30}}), ")
_SPEAKER = re.compile(rf"({_NAME}) said\b|\bsaid ({_NAME})")

_WORD = r"[\w£$€%’'-]{1,30}"
_WORDS = rf"{_WORD}(?: {_WORD}){{0,9}}"
_PART = rf"(?!(?:said|says|told|added|that|which|who|where|when|while|if|but)\b){_WORD}"
"""A word of a subject; "Mr Fischer said it was …" does not say what Mr Fischer was."""
_PRONOUN = r"(?!(?:It|He|She|They|We|I|You|This|That|These|Those|There|One|His|Her|Their|Its)\b)"
_STATES = re.compile(
    rf"(?:^|[.!?] |\n){_PRONOUN}([A-Z][\w'’-]{{0,30}}(?: {_PART}){{0,4}}?) "
    rf"(is|are|was|were|will|has|have|had|can) ({_WORDS})(?=[.\n]|$)"
)
_BECAUSE = re.compile(
    rf"(?:^|[.!?] |\n){_PRONOUN}([A-Z][\w'’-]{{0,30}}(?: {_PART}){{0,4}}?) "
    rf"(is|are|was|were|will|has|have|had) ({_WORDS}?),? because "
)
_WILL = re.compile(
    rf"^((?:{_WORD} ){{1,4}}?)to (close|shut|open|reopen|leave|retire|resign|return|stop|move)\b"
)
_SEVERAL = re.compile(
    r"\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight) "
    rf"((?:[a-z]{{1,30}} )?(?!(?:second|minute|hour|day|week|month|year|decade|time)s\b)"
    rf"(?:[a-z]{{2,30}}s|men|women|people)) (are|were|have|had|will) ({_WORDS})"
    r"(?=[.,;\n]|$)"
)
_STARTS_SMALL = re.compile(r"^(?:The|A|An|All|Both|Every|Some|Most) ")
_TOO_COMMON = frozenset(
    "about after again against been before could from have into more most over said says than that "
    "their them there they this were what when where which while will with would your".split()
)


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question of one kind and the article it comes from; `answer` is expected for a fact."""

    question: str
    kind: QuestionKind
    article: str = ""
    answer: str = ""


def examples_of(article: Article) -> Iterator[ExampleQuestion]:
    """Questions that the article seems to answer.

    "Ida Roe, the owner of Tolland mill, said" answers "Who is the owner of Tolland mill?". Only
    English articles are used, because the questions are in English.
    """
    if not article.language.startswith("en"):
        return
    made = [*_from_title(article.title, article.tags)]
    for block in article.blocks:
        if block.role is Role.BODY:
            made += _from_text(article.text[block.start : block.end])
    body = (article.text[b.start : b.end] for b in article.blocks if b.role is Role.BODY)
    made += _from_speakers("\n".join(body))
    for question, kind, answer in made:
        if len(question) <= MAX_CHARS and recognise(question) is kind:
            yield ExampleQuestion(question, kind, article.id, answer)


_Made = Iterator[tuple[str, QuestionKind, str]]


def _from_title(title: str, tags: Sequence[str]) -> _Made:
    """Keywords and a list from the tags or the title, and the reason for what is announced."""
    words = [
        word for word in re.findall(r"[^\W\d_]{4,30}", title) if word.lower() not in _TOO_COMMON
    ]
    if tags:
        yield f"Name the people who spoke about {tags[0]}", QuestionKind.LIST, ""
    if len(tags) > 1:
        yield " ".join(tags[:2]), QuestionKind.KEYWORDS, ""
    elif len(words) >= _TITLE_WORDS:
        yield " ".join(words[:_TITLE_WORDS]), QuestionKind.KEYWORDS, ""
    if found := _WILL.search(title):
        yield f"Why is {_inside(found[1].strip())} to {found[2]}?", QuestionKind.REASON, ""


def _from_text(text: str) -> _Made:
    """Who holds an office or did something, whether a statement is so, why, and which."""
    yield from ((f"Who is the {f[2]}?", QuestionKind.FACT, f[1]) for f in _HOLDS.finditer(text))
    yield from ((f"Who {f[2]}?", QuestionKind.FACT, f[1]) for f in _DID.finditer(text))
    for kind, pattern, start in (
        (QuestionKind.REASON, _BECAUSE, "Why {}"),
        (QuestionKind.YES_NO, _STATES, "{}"),
    ):
        for found in pattern.finditer(text):
            subject, verb, rest = found.groups()
            verb = verb if kind is QuestionKind.REASON else verb.capitalize()
            yield f"{start.format(verb)} {_inside(subject)} {rest}?", kind, ""
    for found in _SEVERAL.finditer(text):
        yield f"Which {found[1]} {found[2]} {found[3]}?", QuestionKind.LIST, ""


def _from_speakers(text: str) -> _Made:
    """What somebody said, and how the views of two people differ."""
    names = list(dict.fromkeys(found[1] or found[2] for found in _SPEAKER.finditer(text)))
    names = [_inside(name) for name in names]
    if names:
        yield f"What did {names[0]} say?", QuestionKind.SPEECH, ""
    if len(names) > 1:
        yield f"How do the views of {names[0]} and {names[1]} differ?", QuestionKind.COMPARISON, ""


def _inside(subject: str) -> str:
    """The subject as it is written inside a sentence."""
    return subject[0].lower() + subject[1:] if _STARTS_SMALL.match(subject) else subject
