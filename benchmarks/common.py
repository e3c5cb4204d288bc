"""Helpers for the benchmarks: data, the machine, tables."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pullquote.evaluate import GoldQuestion

JITTER = 0.48
"""Norm of the noise that is added to a unit vector."""


def machine() -> str:
    """One line that describes the machine and the versions of the libraries."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    parts = [f"{name} {version(name)}" for name in ("torch", "sentence-transformers", "faiss-cpu")]
    return (
        f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(parts)}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def jittered(known: npt.NDArray[np.float32], seed: int) -> npt.NDArray[np.float32]:
    """One of the known unit vectors with noise added; the same vector for the same seed."""
    noise = np.random.default_rng(seed).standard_normal(known.shape[1], dtype=np.float32)
    vector = known[seed % len(known)] + JITTER * noise / np.linalg.norm(noise)
    unit: npt.NDArray[np.float32] = vector / np.linalg.norm(vector)
    return unit


def write_wiki_corpus(squad: Path, corpus: Path) -> list[GoldQuestion]:
    """Write each context of a SQuAD file to a new folder as an article; return the questions.

    A question's article is the one with its own context. Unanswerable questions have no answers.
    """
    if corpus.exists():
        shutil.rmtree(corpus)
    corpus.mkdir(parents=True)
    questions: list[GoldQuestion] = []
    for page in json.loads(squad.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(page["paragraphs"]):
            name = f"{page['title']}-{number:03}.md".replace("/", "_")
            title = json.dumps(page["title"].replace("_", " "), ensure_ascii=False)
            content = f"---\ntitle: {title}\n---\n{paragraph['context']}\n"
            (corpus / name).write_text(content, encoding="utf-8")
            questions += [
                GoldQuestion(
                    id=str(gold["id"]),
                    question=gold["question"],
                    answers=tuple(dict.fromkeys(a["text"] for a in gold["answers"])),
                    articles=frozenset({name}),
                )
                for gold in paragraph["qas"]
            ]
    return questions
