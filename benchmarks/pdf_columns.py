r"""Measures how pages in columns are read, on PDF files that are made from known texts.

    python -m benchmarks.pdf_columns --texts GOLD.json --work FOLDER --show 3

GOLD.json maps names to objects with a `text`, whose paragraphs are separated by blank lines.
Chromium prints three of the texts to each file, in one to three columns, ragged or justified and
hyphenated, with several sizes, gutters and indents, with pictures, captions and tables in
between. The files stay in FOLDER, and the next run uses them again.

Prints for each file the share of sequences of five words inside blocks that no text has, and the
share of paragraphs that are one block, which may continue on the next page. Captions and tables are
left out of both. `--show` prints the sequences that file 3 should not have.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.common import machine, table
from benchmarks.pdf_order import LETTERS, LONG, words
from pullquote.parsing.pdf.parser import parse_pdf
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article, Role

FILES = 12
TEXTS = 3
"""The number of texts in a file."""
MOST_PARAGRAPHS = 14
COLUMNS = (1, 2, 2, 3, 2, 3)
TOWNS = ("Northshore", "Millbrook", "Eastbridge", "Total")
STYLE = """
@page {{ size: {page}; margin: 18mm }}
body {{ font: {size}pt/1.25 "DejaVu Serif", serif }}
div {{ column-count: {columns}; column-gap: {gap}px; text-align: {align}; hyphens: auto }}
p {{ margin: 0 0 {below}px; text-indent: {indent}px }}
h1 {{ font-size: 2em; margin: 10px 0 }}
figure {{ margin: 4px 0; break-inside: avoid }}
figure::before {{ content: ""; display: block; height: 80px; background: #aaa }}
figcaption {{ font-size: 0.85em }}
table {{ font-size: 0.9em; width: 100% }}
"""


def paragraphs(text: str) -> list[str]:
    """The first paragraphs of a text."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return [part for part in parts if part][:MOST_PARAGRAPHS]


def page_of(texts: Sequence[Sequence[str]], number: int, chance: random.Random) -> str:
    """The web page that is printed to a file."""
    style = STYLE.format(
        page=chance.choice(["A4", "Letter"]),
        size=chance.choice([8, 9, 10, 11]),
        columns=COLUMNS[number % len(COLUMNS)],
        gap=chance.choice([8, 10, 12, 14, 18]),
        align="justify" if chance.random() < 0.7 else "left",
        below=6 if number % 3 else 0,
        indent=chance.choice([0, 12]),
    )
    parts = [f"<html lang=en><style>{style}</style><body>"]
    for story, text in enumerate(texts, start=1):
        parts.append(f"<h1>{html.escape(text[0])}</h1><div>")
        for at, paragraph in enumerate(text[1:], start=1):
            if at == 3 and number % 2:
                parts.append(f"<figure><figcaption>Figure {story}: the pier</figcaption></figure>")
            if at == 4 and number % 3 == 0:
                rows = (f"<tr><td>{t}<td>{chance.randint(1, 9999)}<td>7.{at}" for t in TOWNS)
                parts.append(f"<table>{''.join(rows)}</table>")
            parts.append(f"<p>{html.escape(paragraph)}</p>")
        parts.append("</div>")
    return "".join(parts)


def made(texts: Sequence[str], folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """The files, each with its paragraphs."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is needed to make the files: apt-get install chromium")
    chance = random.Random(5)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        chosen = [paragraphs(text) for text in chance.sample(texts, TEXTS)]
        source, target = folder / f"{number:02}.html", folder / f"{number:02}.pdf"
        source.write_text(page_of(chosen, number, chance), encoding="utf-8")
        if not target.exists():
            _print_file(chromium, source, target)
        yield target, [paragraph for text in chosen for paragraph in text]


def _print_file(chromium: str, source: Path, target: Path) -> None:
    """Print a web page to a file."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    command = [chromium, *options, f"--print-to-pdf={target}", str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def texts_of(article: Article) -> Iterator[str]:
    """The texts of the blocks, without captions and tables. Blocks joined by a space are one."""
    start: int | None = None
    for block, after in zip(article.blocks, [*article.blocks[1:], None], strict=True):
        start = block.start if start is None else start
        if after is not None and article.text[block.end : after.start] == " ":
            continue
        text = article.text[start : block.end]
        if block.role is not Role.CAPTION and " | " not in text:
            yield text
        start = None


def letters(text: str) -> str:
    """The letters of a text, as they are compared."""
    return "".join(words(text, LETTERS))


def main() -> None:
    """Print the scores of each file and of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--texts", type=Path, required=True, help="a JSON file of texts")
    parser.add_argument("--work", type=Path, required=True, help="a folder for the files")
    parser.add_argument("--show", type=int, help="print the wrong sequences of this file")
    args = parser.parse_args()
    gold = json.loads(args.texts.read_text(encoding="utf-8"))
    english = [gold[name]["text"] for name in sorted(gold) if " the " in gold[name]["text"]]
    rows, totals = list[list[str]](), [0, 0, 0, 0]
    for path, wanted in made(english, args.work):
        article = parse_pdf(SourceFile(id=path.name, version="0", content=path.read_bytes()))[0]
        blocks = list(texts_of(article))
        stream = "|".join(map(letters, wanted))
        found = [words(block, LETTERS) for block in blocks]
        sequences = [s for w in found for s in zip(*(w[i:] for i in range(LONG)), strict=False)]
        wrong = [" ".join(s) for s in sequences if "".join(s) not in stream]
        whole = {letters(block) for block in blocks}
        counts = [
            len(wrong),
            len(sequences),
            sum(letters(paragraph) in whole for paragraph in wanted),
            len(wanted),
        ]
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        rows.append(row(path.name, counts))
        if args.show is not None and path.stem == f"{args.show:02}":
            print(*wrong, sep="\n")
    print(f"\n{machine()}\n")
    head = ("file", "wrong sequences", "share", "whole paragraphs", "share")
    print(table(head, [*rows, row("**all**", totals)]))


def row(name: str, counts: Sequence[int]) -> list[str]:
    """A row of the table."""
    wrong, sequences, whole, wanted = counts
    return [
        name,
        f"{wrong} of {sequences}",
        f"{wrong / max(1, sequences):.2%}",
        f"{whole} of {wanted}",
        f"{whole / max(1, wanted):.1%}",
    ]


if __name__ == "__main__":
    main()
