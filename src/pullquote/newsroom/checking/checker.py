"""Checks one quotation after another against the articles of a generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from pullquote.index import OpenGeneration
from pullquote.newsroom.checking.candidates import (
    ArticleRange,
    Candidates,
    QuoteFinding,
    ReadArticle,
    omissions,
    place_of,
    places_between,
)
from pullquote.newsroom.checking.cited_words import article_in_permanent_link
from pullquote.newsroom.checking.exact_words import (
    STOPS,
    ExactWords,
    bracket_warnings,
    cut_words,
    exact_words,
    other_places,
)
from pullquote.newsroom.checking.matching import (
    LEAST_RUN,
    LeftOut,
    Match,
    Nearest,
    WordChange,
    changes,
    end_of_words,
    is_splice,
    nearest,
    runs_of,
)
from pullquote.newsroom.checking.normalise import normalise
from pullquote.newsroom.checking.questions import ArchiveSentences
from pullquote.newsroom.checking.quotations import DraftQuotation
from pullquote.newsroom.checking.sense import sense_of, sense_words
from pullquote.newsroom.checking.speakers import (
    different_speakers,
    is_paraphrase,
    mentions,
    speakers_apart,
    speech_at,
)
from pullquote.newsroom.checking.words import QuoteForm, WordList, forms_of, is_word, words_of
from pullquote.schema import Role
from pullquote.schema.errors import SettingsError
from pullquote.schema.quote_check import QuoteVerdict

_BEFORE = 2
"""In words. A negation so near before a quotation is about its first words."""
_CLAUSE = 40
"""In words and marks. A clause before a quotation is at most so long."""
_AFTER = 2
"""In words and marks. A condition so near after a quotation is about all of it."""


def warnings_of(read: ReadArticle, form: QuoteForm, match: Match) -> list[str]:
    """What may mislead in a quotation whose words are exact."""
    found = [*_before(read, match), *_condition_before(read, match), *_after(read, match)]
    for one in match.left_out:
        found += _left_out(read, one)
    found += bracket_warnings(read, form, match)
    for mark in (*form.leading, *form.trailing):
        found += [
            _added(word, kind) for word, kind in sense_words(words_of(mark.shown).words).items()
        ]
    start = read.offset + read.words.starts[match.start]
    block = read.article.block_at(start)
    if block is not None and block.role is Role.COMMENT:
        found.append("the words are a reader comment, not part of the report")
    return list(dict.fromkeys(found))


def _before(read: ReadArticle, match: Match) -> Iterator[str]:
    """A negation or condition right before the quotation, in its sentence."""
    before = read.words.folded[max(0, match.start - _BEFORE) : match.start]
    for at, word in enumerate(before):
        kind = sense_of(word)
        if kind in ("negation", "condition") and not STOPS.intersection(before[at:]):
            yield f'right before it, the article has "{word}", a {kind}'


def _condition_before(read: ReadArticle, match: Match) -> Iterator[str]:
    """A condition that begins the sentence and ends right before the quotation with a comma."""
    words = read.words.folded
    start = match.start - 1
    if start < 0 or words[start] != ",":
        return
    while start > 0 and match.start - start < _CLAUSE and words[start - 1] not in STOPS:
        start -= 1
    begins = start == 0 or words[start - 1] in STOPS
    if begins and match.start - start > _BEFORE and sense_of(words[start]) == "condition":
        yield f'its sentence begins with "{words[start]}", a condition'


def _after(read: ReadArticle, match: Match) -> Iterator[str]:
    """A condition with which the sentence goes on right after the quotation."""
    after = read.words.folded[match.end : match.end + _AFTER]
    for at, word in enumerate(after):
        if sense_of(word) == "condition" and not STOPS.intersection(after[:at]):
            yield f'right after it, the article has "{word}", a condition'


def _left_out(read: ReadArticle, one: LeftOut) -> Iterator[str]:
    """What a mark leaves out or adds that changes the sense."""
    words = read.words.words[one.start : one.end]
    left_out = sense_words(words)
    shown = one.mark.word if one.mark.in_word else one.mark.shown
    added = sense_words(words_of(shown).words)
    name = "ellipsis" if one.mark.kind == "ellipsis" else "bracket"
    for word, kind in left_out.items():
        if word not in added:
            yield f'the {name} leaves out "{word}", a {kind}: the sense may change'
    for word, kind in added.items():
        if word not in left_out:
            yield _added(word, kind)
    if name == "ellipsis" and STOPS.intersection(words[:-1]) - {":", ";"}:
        yield "the ellipsis joins different sentences"


def _added(word: str, kind: str) -> str:
    return f'the bracket adds "{word}", a {kind}: the sense may change'


LONGEST_QUOTE = 20_000
"""In characters. A longer quotation is refused: it is a document of its own."""
LEAST_SIMILAR = 0.6
"""Words that share less than this with an article are absent, not altered, unless the letters of
the two are alike, as for "wellknown" and "well-known"."""
LEAST_LETTERS = 0.8
"""The share of letters that are the same, of both sides."""
_ALIGNED = 8
"""At most this many articles are compared word by word with a quotation that none has exactly."""
_AT_A_MARK = 12
"""In words. An article has at most so many words where a mark stands for none."""
_TAKEN = 4
"""So many articles are looked at for each end and half of a quotation that may be spliced."""


@dataclass(frozen=True, slots=True)
class _Similar:
    """The places of an article that are nearest to the parts of a quotation.

    `unlike` is the number of words that differ. `is_cut` says that the article's clauses that may
    say who speaks were left out.
    """

    read: ReadArticle
    start: int
    end: int
    similarity: float
    unlike: float
    changes: tuple[WordChange, ...]
    in_order: bool
    is_cut: bool = False


class QuoteChecker:
    """Checks quotations against one generation. Not safe to share between threads."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._candidates = Candidates(generation)
        self.sentences = ArchiveSentences(generation)

    def check(
        self,
        quote: str,
        *,
        cited: str | None = None,
        speaker: str | None = None,
        near: str | None = None,
    ) -> QuoteFinding:
        """The verdict on a quotation; `cited` and `speaker` are the article and speaker claimed.

        `near` is an article that is read too, since it has the quotation beside this one.

        Raises:
            SettingsError: the quotation is too long.
        """
        if len(quote) > LONGEST_QUOTE:
            raise SettingsError(
                f"A quotation has {len(quote):,} characters; at most {LONGEST_QUOTE:,} are "
                "checked. Check its paragraphs one by one."
            )
        speaker = (speaker or "").strip() or None
        forms = forms_of(quote)
        if not forms:
            return QuoteFinding(QuoteVerdict.ABSENT, warnings=("it has no words",))
        claimed = None if cited is None else self._candidates.named(cited)
        reads = self._reads(forms[-1], cited, near)
        found = exact_words(forms, reads, cited=cited, speaker=speaker)
        if found is None:
            whole = [form for form in forms if not form.has_parts_of_words]
            return self._not_exact(whole[-1], reads)
        finding = _judged(found, cited=cited, speaker=speaker)
        finding = replace(finding, also=tuple(self._other_places(found, reads)))
        if cited is not None and claimed is None:
            unknown = f"the index has no article {cited} that may be shown"
            return replace(finding, warnings=(*finding.warnings, unknown))
        return finding

    def article_at(self, address: str) -> str | None:
        """The article that an address names: that of a permanent link, or the newest revision."""
        return article_in_permanent_link(address) or self._candidates.at(address)

    def without_rest(self, quotation: DraftQuotation) -> DraftQuotation:
        """A quotation whose mark was never closed, without the words that are surely not quoted."""
        if "\n" in quotation.text:  # it goes on over paragraphs
            return quotation
        text = quotation.text[:LONGEST_QUOTE]
        reads = self._candidates.having(text)[:_ALIGNED]
        end = end_of_words(text, [read.words for read in reads])
        return replace(quotation, end=quotation.start + end, text=text[:end])

    def _reads(self, form: QuoteForm, *first: str | None) -> list[ReadArticle]:
        """The articles that may have the words, the named ones first."""
        found = self._candidates.having(_text(form.parts))
        named = [self._candidates.named(id) for id in first if id is not None]
        same = [one for one in found if one.article.id in first]
        return _distinct([*filter(None, named), *same, *found])

    def _other_places(self, found: ExactWords, reads: list[ReadArticle]) -> list[ArticleRange]:
        """The places of exact words in other articles; more are read if all so far have them."""
        other = [*reads, *self._candidates.copies_of(found.read.article.id)]
        places = other_places(found, other)
        if len(places) + 1 < len({one.article.id for one in reads}) or len(reads) < _TAKEN:
            return places
        return other_places(
            found, [*other, *self._candidates.having(_text(found.form.parts), more=True)]
        )

    def _not_exact(self, form: QuoteForm, reads: list[ReadArticle]) -> QuoteFinding:
        """The verdict on a quotation whose words no article has exactly."""
        best = _most_similar(form, reads[:_ALIGNED])
        if best is None or best.unlike >= LEAST_RUN or not best.in_order:
            spliced = self._spliced(form, [*([best.read] if best else []), *reads])
            if spliced is not None:
                return spliced
        elif best.is_cut:
            spliced = self._spliced(form, [best.read, *reads])
            if spliced is not None and different_speakers(spliced.parts) is not None:
                return spliced
        if best is None:
            return QuoteFinding(QuoteVerdict.ABSENT)
        place = place_of(best.read, best.start, best.end)
        if best.similarity < LEAST_SIMILAR and _letters_alike(form, best) < LEAST_LETTERS:
            return QuoteFinding(QuoteVerdict.ABSENT, place, best.similarity)
        if not best.changes:  # every part is exact, but not in this order or so near each other
            return QuoteFinding(QuoteVerdict.SPLICED, place, best.similarity)
        return QuoteFinding(QuoteVerdict.ALTERED, place, best.similarity, best.changes)

    def _spliced(self, form: QuoteForm, reads: Sequence[ReadArticle]) -> QuoteFinding | None:
        """The finding for parts of different sentences joined without a mark; None for others."""
        words = words_of(_text(form.parts))
        more = [one for text in _pieces(words) for one in self._candidates.having(text)[:_TAKEN]]
        articles = _distinct([*reads[:_ALIGNED], *more])
        lists = [one.words for one in articles]
        runs = runs_of(words, lists)
        if not is_splice(words, runs, lists, marked=len(form.parts) > 1):
            return None
        parts = tuple(place_of(articles[one.article], one.at, one.at + len(one)) for one in runs)
        covered = sum(map(len, runs)) / len(words.words)
        return QuoteFinding(QuoteVerdict.SPLICED, parts[0], covered, parts=parts)


def _judged(found: ExactWords, *, cited: str | None, speaker: str | None) -> QuoteFinding:
    """The verdict on exact words: whether the article and the speaker are those claimed."""
    place, name = found.place, None
    warnings = warnings_of(found.read, found.form, found.match)
    verdict = QuoteVerdict.EXACT
    if cited is not None and place.article.id != cited:
        verdict = QuoteVerdict.MISATTRIBUTED
        warnings.append(f"the words are in {place.article.id}, not in {cited}")
    if speaker is not None:
        speech = speech_at(place)
        name = speech.name
        if name is not None and not speech.may_be(speaker):
            verdict = QuoteVerdict.MISATTRIBUTED
            warnings.append(f"the article says that {name} said this, not {speaker}")
        elif name is None and not mentions(place.article, speaker):
            verdict = QuoteVerdict.MISATTRIBUTED
            warnings.append(f"the article does not mention {speaker}")
        elif name is None:
            warnings.append(f"the article does not clearly say that {speaker} said this")
    cut = cut_words(found.read, found.form, found.match)
    if cut and verdict is QuoteVerdict.EXACT:
        verdict = QuoteVerdict.ALTERED
    parts = places_between(found.read, found.match)
    names = speakers_apart(found.read, found.match)
    mark = "the quotation" if names is not None else "the ellipsis"
    names = names or (different_speakers(parts) if len(parts) > 1 else None)
    if (
        names is None
        and verdict is QuoteVerdict.EXACT
        and speaker is not None
        and is_paraphrase(place)
    ):
        warnings.append("the article has these words outside quote marks, in its own report")
    if names is not None:
        verdict = QuoteVerdict.SPLICED
        warnings.append(f"{mark} joins words of {names[0]} and words of {names[1]}")
    return QuoteFinding(
        verdict,
        place if names is None else parts[0],
        similarity=1.0,
        changes=tuple(cut),
        omitted=tuple(omissions(found.read, found.match)),
        warnings=tuple(warnings),
        said_by=name,
        parts=() if names is None else tuple(parts),
    )


def _most_similar(form: QuoteForm, reads: Iterable[ReadArticle]) -> _Similar | None:
    """The article that is nearest to a quotation, the first of several.

    Its clauses that say who speaks are left out, if it is nearer then.
    """
    found = [one for read in reads if (one := _similar(form, read)) is not None]
    best = max(found, key=lambda one: one.similarity, default=None)
    if best is None or not best.read.clauses:
        return best
    spoken = _similar(form, best.read.without_clauses())
    nearer = spoken is not None and spoken.similarity > best.similarity and spoken.changes
    return replace(spoken, is_cut=True) if spoken is not None and nearer else best


def _similar(form: QuoteForm, read: ReadArticle) -> _Similar | None:
    """How near an article is to the parts of a quotation."""
    form = form.resolved(read.words.vocabulary)
    pairs = [(part, near) for part in form.parts if (near := nearest(part, read.words))]
    if not pairs:
        return None
    size = sum(len(part.words) for part, _ in pairs)
    similarity = sum(near.similarity * len(part.words) for part, near in pairs) / size
    ends = [0, *(near.end for _, near in pairs)]
    return _Similar(
        read,
        min(near.start for _, near in pairs),
        max(near.end for _, near in pairs),
        similarity=similarity,
        unlike=(1 - similarity) * size,
        changes=(
            *(one for part, near in pairs for one in changes(part, read.words, near)),
            *_unmarked(form, read, [near for _, near in pairs]),
        ),
        in_order=all(near.start >= end for (_, near), end in zip(pairs, ends, strict=False)),
    )


def _unmarked(form: QuoteForm, read: ReadArticle, found: Sequence[Nearest]) -> Iterator[WordChange]:
    """The words of an article at marks that stand for no words, such as "[sic]"."""
    if len(found) != len(form.parts):
        return
    for mark, one, other in zip(form.marks, found, found[1:], strict=False):
        if mark.leaves_nothing_out and 0 < other.start - one.end <= _AT_A_MARK:
            yield WordChange("", read.words.text(one.end, other.start))


def _letters_alike(form: QuoteForm, found: _Similar) -> float:
    """The share of the letters of a quotation and of its place that are the same."""
    stored = found.read.words.folded[found.start : found.end]
    return (
        ratio("".join(word for part in form.parts for word in part.folded), "".join(stored)) / 100
    )


def _text(parts: Sequence[WordList]) -> str:
    """The words of some parts in one typography, to be searched for."""
    return normalise(" ".join(part.text(0, len(part.words)) for part in parts)).text


def _pieces(words: WordList) -> list[str]:
    """The beginnings and ends of a quotation, in which a splice may have one of its parts."""
    size = len(words.words)
    half, quarter = size // 2, size // 4
    cuts = [(0, half), (half, size), (0, quarter), (size - quarter, size)]
    return [
        words.text(low, high) for low, high in cuts if sum(map(is_word, words.words[low:high])) > 2
    ]


def _distinct(reads: Iterable[ReadArticle]) -> list[ReadArticle]:
    """The readings without repeats, in order."""
    return list({(one.article.id, one.offset): one for one in reads}.values())
