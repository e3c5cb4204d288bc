"""The files for the peers: passages, questions, articles and models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.peers.exchange import PeerPassage, PeerQuestion
from pullquote.evaluate import GoldQuestion
from pullquote.index import IndexFolder
from pullquote.schema import Role
from pullquote.schema.errors import ModelError, SettingsError

READER_PARTS = ("config.json", "tokenizer.json", "model.safetensors")

TOKENIZER = {
    "tokenizer_class": "BertTokenizer",
    "do_lower_case": True,
    "model_max_length": 512,
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
    "pad_token": "[PAD]",
    "sep_token": "[SEP]",
    "unk_token": "[UNK]",
}
"""The configuration of an uncased BERT that transformers needs besides tokenizer.json."""


def chosen_questions(questions: Sequence[GoldQuestion], limit: int | None) -> list[GoldQuestion]:
    """The first questions that are not about comments, because the passages have no comments."""
    return [gold for gold in questions if not gold.comments][:limit]


def chosen_articles(
    articles: Sequence[str], questions: Iterable[GoldQuestion], limit: int | None
) -> list[str]:
    """The ids of at most `limit` articles: those that support an answer, then the others in order.

    Raises:
        SettingsError: the questions name an article that is not there, or more than `limit`.
    """
    supporting = {article for gold in questions for article in gold.articles}
    if missing := sorted(supporting.difference(articles)):
        raise SettingsError(f"The index has no article {missing[0]!r}, which a question names.")
    if limit is not None and len(supporting) > limit:
        raise SettingsError(
            f"The questions need {len(supporting)} articles; --articles {limit} is too few."
        )
    return sorted(articles, key=lambda article: (article not in supporting, article))[:limit]


def read_passages(index: Path, articles: Iterable[str] | None = None) -> list[PeerPassage]:
    """The passages of an index without comments, in the index's order."""
    generation = IndexFolder(index).open()
    wanted = None if articles is None else set(articles)
    every = map(generation.passage, generation.passage_ids())
    found = [passage for passage in every if passage.role is not Role.COMMENT]
    generation.close()
    return [
        PeerPassage(
            id=str(p.id),
            article=p.article,
            start=p.start,
            end=p.end,
            context=p.context,
            text=p.text,
        )
        for p in sorted(found, key=lambda p: (p.article, p.start, p.end))
        if wanted is None or p.article in wanted
    ]


def read_article_ids(index: Path) -> list[str]:
    """The ids of all articles of an index."""
    generation = IndexFolder(index).open()
    ids = generation.articles()
    generation.close()
    return ids


def write_lines(path: Path, lines: Iterable[PeerPassage | PeerQuestion]) -> Path:
    """The file, written as JSON Lines."""
    path.write_text("".join(json.dumps(asdict(line)) + "\n" for line in lines), encoding="utf-8")
    return path


def copy_articles(corpus: Path, articles: Iterable[str], target: Path) -> Path:
    """Copy the files of some articles to a new corpus."""
    for article in articles:
        copy = target / article
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / article, copy)
    return target


def complete_reader(folder: Path, target: Path) -> Path:
    """Copy a reader and describe its tokenizer, so that transformers can open it.

    Raises:
        ModelError: a part is missing, or it is not a model for question answering.
    """
    target.mkdir()
    for part in READER_PARTS:
        if not (folder / part).is_file():
            raise ModelError(str(folder), f"it has no {part}")
        shutil.copyfile(folder / part, target / part)
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    if config.get("architectures") not in (["BertForQuestionAnswering"], ["ReaderModel"]):
        raise ModelError(
            str(folder),
            f"it is a {config.get('architectures')}, not a BertForQuestionAnswering or one of "
            "training.reader",
        )
    # A reader of training.reader has the same weights, and more for sentences.
    config["architectures"] = ["BertForQuestionAnswering"]
    (target / "config.json").write_text(json.dumps(config), encoding="utf-8")
    description = target / "tokenizer_config.json"
    description.write_text(json.dumps(TOKENIZER, indent=1), encoding="utf-8")
    return target
