r"""Writes the newsroom's and Wikipedia's articles to a corpus folder, with questions.

    python -m training.corpus build/apart --data DATA
    pullquote rebuild-index --corpus build/apart/corpus --index build/apart/index
    python -m benchmarks.everyday --index build/apart/index \
        --conversations build/apart/conversations.jsonl --in-full

The conversations are about articles that train no reader.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pullquote.evaluate import GoldQuestion, read_gold
from training.reader.examples import HELD_OUT_ARTICLES, HELD_OUT_DIGITS, article_rows

HERE = Path(__file__).parent


def write_newsroom(newsroom: Path, corpus: Path, *, held_out: bool) -> list[GoldQuestion]:
    """Write every article as a Markdown file, and return the questions of some.

    These are the articles that train readers or, with `held_out`, those that do not.
    """
    questions: list[GoldQuestion] = []
    for line_number, line in enumerate(newsroom.read_text(encoding="utf-8").splitlines(), start=1):
        article = json.loads(line)
        name = f"{article['id']}.md"
        head = {"title": article["title"], "published": article["date"]}
        content = f"---\n{json.dumps(head, ensure_ascii=False)}\n---\n{article['text']}\n"
        (corpus / name).write_text(content, encoding="utf-8")
        if (line_number % 10 in HELD_OUT_DIGITS) != held_out:
            continue
        for number, gold in enumerate(article["questions"] + article["unanswerable"]):
            asked = gold if isinstance(gold, str) else gold["question"]
            answers = () if isinstance(gold, str) else tuple(gold["answers"])
            questions.append(
                GoldQuestion(
                    id=f"{article['id']}-{number}",
                    question=asked,
                    answers=answers,
                    articles=frozenset({name}),
                )
            )
    return questions


def write_company(wiki: Path, corpus: Path) -> list[GoldQuestion]:
    """Add the pages of a SQuAD file as articles, for more wrong candidates.

    Returns the questions about the pages that are not used for training.
    """
    found = read_gold(wiki)
    for page in found.pages:
        paragraphs = "\n\n".join(paragraph.context for paragraph in page.paragraphs)
        title = page.title.replace("_", " ")
        (corpus / _name(page.title)).write_text(f"{title}\n\n{paragraphs}\n", encoding="utf-8")
    return [
        replace(gold, articles=frozenset(map(_name, gold.articles)))
        for gold in found.questions
        if gold.articles & HELD_OUT_ARTICLES
    ]


def _name(title: str) -> str:
    return f"wiki-{title.replace('/', '-')}.txt"


def held_out_conversations(newsroom: Path, conversations: Path) -> list[dict[str, Any]]:
    """The conversations about articles that train no reader, with the articles as files."""
    apart = {row["id"] for row in article_rows(newsroom, held_out=True)}
    lines = conversations.read_text(encoding="utf-8").splitlines()
    return [
        {"id": row["id"], "turns": [turn | {"article": _file(turn)} for turn in row["turns"]]}
        for row in map(json.loads, lines)
        if row["id"] in apart
    ]


def _file(turn: dict[str, Any]) -> str | None:
    return None if turn["article"] is None else f"{turn['article']}.md"


def main() -> None:
    """Write the corpus and the conversations."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="holds wiki/wiki-train.json")
    given = parser.parse_args()
    corpus: Path = given.out / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    write_newsroom(HERE / "newsroom.jsonl", corpus, held_out=True)
    write_company(given.data / "wiki/wiki-train.json", corpus)
    rows = held_out_conversations(HERE / "newsroom.jsonl", HERE / "conversations.jsonl")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (given.out / "conversations.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
