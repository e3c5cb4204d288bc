"""Writes the newsroom's and Wikipedia's articles to a corpus folder, with questions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from pullquote.evaluate import GoldQuestion, read_questions
from pullquote.evaluate.gold import read_text
from pullquote.evaluate.squad import parsed_pages
from training.reader.examples import HELD_OUT_ARTICLES, HELD_OUT_DIGITS


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
    pages = parsed_pages(wiki, read_text(wiki)) or []
    for page in pages:
        paragraphs = "\n\n".join(paragraph.context for paragraph in page.paragraphs)
        title = page.title.replace("_", " ")
        (corpus / _name(page.title)).write_text(f"{title}\n\n{paragraphs}\n", encoding="utf-8")
    return [
        replace(gold, articles=frozenset(map(_name, gold.articles)))
        for gold in read_questions(wiki)
        if gold.articles & HELD_OUT_ARTICLES
    ]


def _name(title: str) -> str:
    return f"wiki-{title.replace('/', '-')}.txt"
