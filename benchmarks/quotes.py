"""Measures the checking of quotations: verdicts, articles, speakers and speed.

`python -m benchmarks.quotes --index INDEX quotes-dev.jsonl` takes lines with `quote`, `cited`,
`verdict`, `kind` and `article`. `--made N` makes N quotations of each of many further kinds from
the articles of the index. `--speakers dev.jsonl` takes articles with attributions, indexes them,
and swaps the speakers of 60 quotations between two people of one article.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import pullquote
from benchmarks.common import table
from benchmarks.peers.quote_peers import Found, best_ratio, plain_search
from pullquote.english.sentences import sentence_spans
from pullquote.index import OpenGeneration
from pullquote.index.services import index_of
from pullquote.newsroom.checking.check import check_draft, checked_parts, joined, opened_checker
from pullquote.newsroom.checking.checker import QuoteChecker
from pullquote.newsroom.checking.quotations import draft_of
from pullquote.schema.quote_check import CheckedDraft
from pullquote.schema.settings import load_settings

SWAPPED = 60
DRAFT_WORDS, DRAFT_QUOTES = 2000, 40
_NAMED = re.compile(r"[A-Z][\w'’-]+ (?:[A-Z]\. )?[A-Z][\w’-]+")
_OFFICES = frozenset(
    "House Chancellor Prime President Majority Leader Minister Secretary Senate Chairman Foreign "
    "Republican Republicans Democrats Senator Representative".split()
)
_LOOKALIKES = str.maketrans("aeopcxyi", "аеорсхуі")


@dataclass(frozen=True)
class Case:
    """A quotation with the verdicts that are right; `article` is None if any will do."""

    kind: str
    quote: str
    verdicts: frozenset[str]
    article: str | None = None
    original: str | None = None
    cited: str | None = None


def cases_in(path: Path) -> Iterator[Case]:
    """The cases of a file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        verdict = row["verdict"].replace("not-exact", "spliced")
        yield Case(
            row["kind"],
            row["quote"],
            frozenset({verdict}),
            row["article"],
            row["original"],
            row["cited"],
        )


def _swap_first(pattern: str, new: Callable[[re.Match[str]], str]) -> Callable[[str], str | None]:
    """A change of the first match of a pattern; None for a sentence without one."""

    def change(sentence: str) -> str | None:
        changed = re.sub(pattern, new, sentence, count=1)
        return None if changed == sentence else changed

    return change


def _middle(sentence: str, between: str, *, reverse: bool = False) -> str:
    words = sentence.split()
    left, right = " ".join(words[: len(words) // 3]), " ".join(words[-len(words) // 3 :])
    return f"{right}{between}{left}" if reverse else f"{left}{between}{right}"


def _moved(sentence: str, low: int, high: int) -> str | None:
    words = sentence.split()
    if len(words) <= high or words[low] == words[high]:
        return None
    words[low], words[high] = words[high], words[low]
    return " ".join(words)


HONEST: dict[str, Callable[[str], str | None]] = {
    "first letter": lambda s: f"[{s[0].upper()}]{s[1:]}" if s[0].isalpha() else None,
    "sic": lambda s: s.replace(" ", " [sic] ", 1),
    "dots": lambda s: _middle(s, " . . . "),
    "ellipsis, brackets": lambda s: _middle(s, " [...] "),
    "ellipsis, round": lambda s: _middle(s, " (…) "),
    "ellipses at the ends": lambda s: f"…{s.rstrip('.')}…",
    "soft hyphens": lambda s: re.sub(r"(\w{3})(\w{3})", "\\1\u00ad\\2", s),
    "no-break spaces": lambda s: s.replace(" ", "\u00a0"),
    "wrapped": lambda s: re.sub(r"((?:\S+ ){6}\S+) ", r"\1\n", s),
    "hyphenated": _swap_first(r"\b([a-z]{4})([a-z]{3,})\b", lambda m: f"{m[1]}-\n{m[2]}"),
    "hyphenated, folded": _swap_first(r"\b([a-z]{4})([a-z]{3,})\b", lambda m: f"{m[1]}- {m[2]}"),
    "no end": lambda s: s.rstrip(".!?"),
    "comma for the end": lambda s: s.rstrip(".!?") + ",",
    "guillemets": lambda s: f"« {s} »",
    "ending in brackets": _swap_first(r"\b([a-z]{4,})s\b", lambda m: f"{m[1]}[ed]"),
    "part": lambda s: " ".join(s.split()[2:-2]),
    "dashes": _swap_first(r" - ", lambda _: "—"),
}
FALSE: dict[str, Callable[[str], str | None]] = {
    "look-alike letter": _swap_first(r"\b[aeopcxyi]\w*", lambda m: m[0].translate(_LOOKALIKES)),
    "letter for a digit": _swap_first(r"[01]", lambda m: "O" if m[0] == "0" else "l"),
    "full-width digit": _swap_first(r"\d", lambda m: chr(ord(m[0]) + 0xFEE0)),
    "next number": _swap_first(r"\d+", lambda m: str(int(m[0]) + 1)),
    "no sign": _swap_first(r"[%£$]", lambda _: ""),
    "no negation": _swap_first(r" (?:not|never|no)\b|n't\b", lambda _: ""),
    "negation": _swap_first(r" (is|was|will|has|are|were|had)\b", lambda m: f" {m[1]} not"),
    "words swapped": lambda s: _moved(s, 2, 3),
    "far words swapped": lambda s: _moved(s, 1, 6),
    "word repeated": _swap_first(r" (\w+) ", lambda m: f" {m[1]} {m[1]} "),
    "plural": _swap_first(r"\b([a-z]{4,}[^s\W])\b", lambda m: f"{m[1]}s"),
    "past": _swap_first(r"\b(is|has|are)\b", lambda m: "was" if m[1] == "is" else "had"),
    "one letter": _swap_first(r"\b([a-z]{3})([a-z])([a-z]+)\b", lambda m: f"{m[1]}q{m[3]}"),
    "name": _swap_first(r"(?<=[a-z] )[A-Z][a-z]{3,}\b", lambda _: "Okonedo"),
    "comma gone": _swap_first(r"(?<=\w), ", lambda _: " "),
    "middle gone": lambda s: _middle(s, " ") if len(s.split()) > 14 else None,
    "ellipsis and a word": lambda s: (
        _middle(s, " … ").replace(" the ", " every ", 1) if " the " in _middle(s, " … ") else None
    ),
    "order turned": lambda s: _middle(s, " … ", reverse=True),
    "word in a bracket's shape": _swap_first(r" (\w{4,}) ", lambda m: f" (not {m[1]}) "),
}


def made_cases(generation: OpenGeneration, count: int) -> Iterator[Case]:
    """Quotations of further kinds, made from sentences of the index."""
    choose = random.Random(20)
    sentences = list(_sentences(generation, choose, count * 40))
    for honest, kinds in ((True, HONEST), (False, FALSE)):
        right = frozenset({"exact"} if honest else {"altered", "spliced", "absent"})
        for kind, change in kinds.items():
            made = 0
            choose.shuffle(sentences)
            for article, sentence in sentences:
                quote = change(sentence)
                if quote is None or made == count:
                    continue
                made += 1
                yield Case(kind, quote, right, article, sentence)


def _sentences(
    generation: OpenGeneration, choose: random.Random, count: int
) -> Iterator[tuple[str, str]]:
    """Sentences of some length, each with its article."""
    ids = generation.articles()
    for _ in range(count):
        article = generation.article(choose.choice(ids))
        low, high = choose.choice(sentence_spans(article.text))
        sentence = article.text[low:high]
        if 9 <= len(sentence.split()) <= 45 and "\n" not in sentence:
            yield article.id, sentence


def measure(cases: list[Case], checker: QuoteChecker, generation: OpenGeneration) -> None:
    """Print the figures of some cases, by kind."""
    counts, right, places = Counter[str](), Counter[str](), Counter[str]()
    wrong: list[tuple[str, str, str]] = []
    begin = perf_counter()
    for case in cases:
        found = checker.check(case.quote, cited=case.cited)
        counts[case.kind] += 1
        right[case.kind] += found.verdict in case.verdicts
        if found.verdict not in case.verdicts:
            wrong.append((case.kind, found.verdict, case.quote))
        place = None if found.place is None or found.verdict == "absent" else found.place.article
        places["same"] += (None if place is None else place.id) == case.article
        same_words = place is not None and case.original is not None and case.original in place.text
        places["same words"] += same_words or (place is None and case.article is None)
    seconds = perf_counter() - begin
    rows = [(kind, counts[kind], right[kind]) for kind in counts]
    print(table(("kind", "quotations", "right verdict"), rows))
    total = len(cases)
    print(f"\nverdict right: {sum(right.values())}/{total} = {sum(right.values()) / total:.4f}")
    print(f"article right: {places['same']}/{total} = {places['same'] / total:.4f}; ", end="")
    print(f"an article with the original words: {places['same words'] / total:.4f}")
    print(f"{seconds * 1000 / total:.1f} ms a quotation")
    for kind, verdict, quote in wrong[:60]:
        print(f"  {kind} -> {verdict}: {quote!r}")


def draft_with(quotes: list[str], others: list[str]) -> str:
    """A draft of about 2,000 words with these quotations, and with words of the others between."""
    words = iter(" ".join(others).split())
    each = max(0, DRAFT_WORDS - sum(len(one.split()) for one in quotes)) // len(quotes)
    return "\n\n".join(f"{' '.join(islice(words, each))} “{one}” he said." for one in quotes)


def measure_draft(cases: list[Case], checker: QuoteChecker) -> None:
    """Print how long a draft of 2,000 words with 40 quotations keeps a processor busy."""
    quotes = [re.sub(r'["“”„]', "", case.quote).replace("\n", " ") for case in cases]
    chosen = random.Random(20).sample(quotes, DRAFT_QUOTES)
    others = [one for one in quotes if one not in chosen and one.endswith(".")]
    draft = draft_with(chosen, others)
    spent = {"quotations": 0.0, "questions": 0.0}
    begin, parts = process_time(), list[CheckedDraft]()
    for part in checked_parts(draft_of(draft), checker):
        spent["quotations" if part.quotes else "questions"] += process_time() - begin
        begin = process_time()
        parts.append(part)
    report = joined(parts)
    print(f"draft of {len(draft.split())} words, {len(report.quotes)} quotations, ", end="")
    print(f"{len(report.questions)} questions: {sum(spent.values()):.2f} s, of which ", end="")
    print(f"{spent['quotations']:.2f} s for the quotations")


def measure_speakers(path: Path) -> None:
    """Print how often a swapped speaker is noticed, and a right one accepted."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with _index_of(rows) as index, opened_checker(load_settings(index=str(index))) as checker:
        counts = Counter[str]()
        for right, other, quote in _swapped(rows):
            for speaker in (right, other):
                draft = f"{speaker} spoke on Monday. “{quote},” {speaker} said."
                [first, *_] = check_draft(draft_of(draft), checker).quotes
                counts["right" if speaker == right else "swapped", first.verdict] += 1  # type: ignore[index]
    for (speaker, verdict), count in sorted(counts.items()):  # type: ignore[misc]
        print(f"{speaker} speaker: {count} {verdict}")


@contextmanager
def _index_of(rows: list[dict[str, Any]]) -> Iterator[Path]:
    """An index of the articles of some rows."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for row in rows:
            (corpus / f"{row['article']}.txt").write_text(row["text"], encoding="utf-8")
        pullquote.rebuild_index(corpus, Path(folder, "index"))
        yield Path(folder, "index")


def _swapped(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Quotations with their speaker and another person who is quoted in the same article."""
    found: list[tuple[str, str, str]] = []
    for row in rows:
        quoted = dict(_quoted_people(row))
        for one, other in permutations(quoted, 2):
            if one.split()[-1] != other.split()[-1]:
                found.append((one, other, quoted[one]))
    random.Random(20).shuffle(found)
    return found[:SWAPPED]


def _quoted_people(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The people whom an article quotes directly by name, each with words of theirs."""
    text = row["text"]
    for one in row["attributions"]:
        if not one["direct"] or len(one["source"]) != 1 or len(one["content"]) != 1:
            continue
        named = _NAMED.search(text[slice(*one["source"][0])])
        quote = text[slice(*one["content"][0])].strip().strip("“”\"'").rstrip(",")
        usable = len(quote.split()) > 5 and "\n" not in quote
        if usable and named and not _OFFICES.intersection(named[0].split()):
            yield named[0], quote


def measure_peers(cases: list[Case], generation: OpenGeneration, *, every: int) -> None:
    """Print how other tools do on every so-manieth case, and pullquote on the same ones."""
    cases = cases[::every]
    texts = {id: generation.article(id).text for id in generation.articles()}
    checker = QuoteChecker(generation)

    def ours(quote: str) -> Found:
        found = checker.check(quote)
        place = None if found.place is None else found.place.article.id
        return place, found.verdict == "exact"

    tools: dict[str, Callable[[str], Found]] = {
        "plain search": plain_search(texts),
        "partial_ratio, 90 at least": best_ratio(texts, least=90),
        "partial_ratio, 100": best_ratio(texts, least=100),
        "pullquote": ours,
    }
    honest = [case for case in cases if "exact" in case.verdicts]
    false = [case for case in cases if not case.verdicts & {"exact", "misattributed"}]
    placed = [case for case in cases if case.article is not None]
    rows = list[tuple[str, str, str, str]]()
    for name, find in tools.items():
        known = {case.quote: find(case.quote) for case in cases}
        accepted = sum(known[case.quote][1] for case in honest)
        passed = sum(known[case.quote][1] for case in false)
        right = sum(known[case.quote][0] == case.article for case in placed)
        shares = ((accepted, honest), (passed, false), (right, placed))
        rows.append((name, *(f"{count} of {len(of)}" for count, of in shares)))  # type: ignore[arg-type]
    print(table(("tool", "honest accepted", "others passed as exact", "article right"), rows))


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--index", default="index")
    parser.add_argument("--made", type=int, default=0)
    parser.add_argument("--speakers", type=Path)
    parser.add_argument("--peers", type=int, metavar="N", help="other tools, on every Nth case")
    chosen = parser.parse_args()
    if chosen.speakers is not None:
        measure_speakers(chosen.speakers)
    cases = [case for path in chosen.files for case in cases_in(path)]
    if not cases and not chosen.made:
        return
    generation = index_of(load_settings(index=chosen.index)).open()
    checker = QuoteChecker(generation)
    if chosen.peers:
        measure_peers(cases, generation, every=chosen.peers)
    elif cases:
        measure(cases, checker, generation)
        measure_draft(cases, QuoteChecker(generation))
    if chosen.made:
        measure(list(made_cases(generation, chosen.made)), checker, generation)


if __name__ == "__main__":
    main()
