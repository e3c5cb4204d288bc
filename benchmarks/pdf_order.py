r"""Measures the reading order of PDF files: how often words follow each other that should not.

    pip install pymupdf pdfminer.six
    python -m benchmarks.pdf_order --data PDFS --show FILE

PDFS is a folder of PDF files. A sequence of five words inside a block is *unsupported* if no peer
has these words in this order. The peers are PDFium's own text, PyMuPDF and pdfminer.six; without
one of the optional two, more sequences are unsupported. So that no parser wins by leaving text out,
*recall* is the share of the peers' words that pullquote has too. A word of the peers counts as
often as in the median of the peers. Running heads and page numbers count as missing, because
pullquote drops them.

Sequences are counted twice: with words made of letters only, and with numbers. Rows of tables
consist of numbers, and tools read tables in different orders. Sequences are compared by their
letters and digits, so that neither spaces nor hyphens at the ends of lines matter. In scripts
without spaces, each character is a word.

The cells of a row are separated by " | ", also in a quote. So words of two cells are never read as
a sentence, and whether peers have the cells in this order is no error of the text. *Within cells*
leaves out sequences across such a border. `--show` prints the unsupported sequences of files whose
names contain FILE, each after the number of its cells.

The last table divides the sequences with numbers by what they are in: prose, one cell of a table
or several cells; and whether the page has them side by side at one height. Several cells at one
height are the row of a table, read across, where the peers read something else. They may also be
lists beside each other, which should not be read across.
"""

from __future__ import annotations

import argparse
import importlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.common import machine, table
from pullquote.parsing.pdf.parser import parse_pdf
from pullquote.parsing.source import SourceFile
from pullquote.schema.errors import ArticleError

CELLS = " | "
"""What separates the cells of a row in pullquote's text."""
SAME_HEIGHT = 0.4
"""Characters are in one row if their middles differ by at most this share of their height."""
LONG = 5
"""The number of words of a sequence."""
_UNSPACED = r"[\u0e00-\u0eff\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]"
WORDS = re.compile(rf"{_UNSPACED}|[^\W_]+")
LETTERS = re.compile(rf"{_UNSPACED}|[^\W\d_]+")
_LINE_END_HYPHEN = re.compile("[-\u00ad\u2010\x02\ufffe]\\s*\n\\s*|[\x02\ufffe\u00ad]")

Peer = Callable[[bytes], str]


def pdfium_text(content: bytes) -> str:
    """The text of a file according to PDFium."""
    pdf = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def peers() -> Iterator[tuple[str, Peer]]:
    """The peers that are installed."""
    yield "pdfium", pdfium_text
    try:
        pymupdf = importlib.import_module("pymupdf")
        yield (
            "pymupdf",
            lambda content: "\n".join(p.get_text() for p in pymupdf.open("pdf", content)),
        )
    except ImportError:
        print("PyMuPDF is not installed, so fewer sequences are supported: pip install pymupdf")
    try:
        miner = importlib.import_module("pdfminer.high_level")
        yield "pdfminer.six", lambda content: str(miner.extract_text(io.BytesIO(content)))
    except ImportError:
        print("pdfminer.six is missing, so fewer sequences are supported: pip install pdfminer.six")


def words(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The words of a text, with those joined that are hyphenated at the end of a line."""
    joined = _LINE_END_HYPHEN.sub("", text.replace("\r\n", "\n"))
    return pattern.findall(unicodedata.normalize("NFKC", joined).casefold())


@dataclass(slots=True)
class Score:
    """Counts for a file, or for several."""

    sequences: int = 0
    unsupported: int = 0
    within: int = 0
    within_unsupported: int = 0
    letters: int = 0
    letters_unsupported: int = 0
    found: int = 0
    wanted: int = 0
    blocks: int = 0
    uncertain: int = 0

    def add(self, other: Score) -> None:
        """Add the counts of another file."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, name: str) -> list[str]:
        """The counts as a row of a table."""
        return [
            name,
            f"{self.letters_unsupported} of {self.letters}",
            f"{self.letters_unsupported / max(1, self.letters):.2%}",
            f"{self.unsupported} of {self.sequences}",
            f"{self.unsupported / max(1, self.sequences):.2%}",
            f"{self.within_unsupported} of {self.within}",
            f"{self.within_unsupported / max(1, self.within):.2%}",
            f"{self.found / max(1, self.wanted):.4f}",
            f"{self.uncertain} of {self.blocks}",
        ]


@dataclass(frozen=True, slots=True)
class Missing:
    """A sequence that no peer has. `cells` is the number of cells that it is in; 0 in prose."""

    words: tuple[str, ...]
    cells: int

    def cause(self, rows: str) -> str:
        """What the sequence is, given the words of the printed rows of the file."""
        where = "text" if self.cells == 0 else "one cell" if self.cells == 1 else "several cells"
        printed = "".join(self.words) in rows
        return f"{where}, {'in one printed row' if printed else 'not in one printed row'}"


def unsupported(
    blocks: Sequence[str], texts: Sequence[str], pattern: re.Pattern[str]
) -> tuple[Counter[bool], list[Missing]]:
    """How many sequences of the blocks cross a border of cells, or not; and those in no text."""
    streams = ["".join(words(text, pattern)) for text in texts]
    count, missing = Counter[bool](), list[Missing]()
    for block in blocks:
        cells = block.split(CELLS)
        found = [(word, k) for k, cell in enumerate(cells) for word in words(cell, pattern)]
        for sequence in zip(*(found[i:] for i in range(LONG)), strict=False):
            number = 0 if len(cells) == 1 else len({k for _, k in sequence})
            count[number > 1] += 1
            own = tuple(word for word, _ in sequence)
            if not any("".join(own) in stream for stream in streams):
                missing.append(Missing(own, number))
    return count, missing


def printed_rows(content: bytes) -> str:
    """The letters and digits at each height of each page, from left to right; one height a line.

    This knows nothing of pullquote's layout, nor of columns.
    """
    lines = []
    for page in pypdfium2.PdfDocument(content):
        textpage = page.get_textpage()
        count = textpage.count_chars()
        characters = textpage.get_text_range(0, count) if count else ""
        if len(characters) != count:  # PDFium leaves some out; ask for each
            characters = [textpage.get_text_range(k, 1)[:1] or " " for k in range(count)]
        boxes = [textpage.get_charbox(k) for k in range(count)]
        placed = [
            ((bottom + top) / 2, left, top - bottom, character)
            for character, (left, bottom, _, top) in zip(characters, boxes, strict=True)
            if character.isalnum()
        ]
        for row in rows_of(sorted(placed, reverse=True)):
            lines.append("".join(words("".join(character for *_, character in row), WORDS)))
    return "\n".join(lines)


Placed = tuple[float, float, float, str]
"""The middle, left edge, height and text of a character."""


def rows_of(placed: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The characters at each height, from left to right."""
    row: list[Placed] = []
    for one in placed:
        if row and row[0][0] - one[0] > SAME_HEIGHT * max(row[0][2], one[2]):
            yield sorted(row, key=lambda one: one[1])
            row = []
        row.append(one)
    yield sorted(row, key=lambda one: one[1])


def recall(blocks: Sequence[str], texts: Sequence[str]) -> tuple[int, int]:
    """How many of the peers' words the blocks have, and how many there are."""
    counts = [Counter(words(text, WORDS)) for text in texts]
    middle = (len(counts) - 1) // 2
    wanted = Counter(
        {word: sorted(c[word] for c in counts)[middle] for word in set().union(*counts)}
    )
    ours = Counter(word for block in blocks for word in words(block, WORDS))
    return (wanted & ours).total(), wanted.total()


def measure(
    path: Path, known: Sequence[tuple[str, Peer]]
) -> tuple[Score, list[Missing], Counter[str]] | None:
    """The score of a file, its unsupported sequences with numbers, and how many have which cause.

    None if pullquote cannot read the file.
    """
    content = path.read_bytes()
    try:
        article = parse_pdf(SourceFile(id=path.name, version="0", content=content))[0]
    except ArticleError as error:
        print(f"{path.name}: {error.reason}")
        return None
    blocks = [article.text[block.start : block.end] for block in article.blocks]
    texts = [text(content) for _, text in known]
    sequences, missing = unsupported(blocks, texts, WORDS)
    letters, of_letters = unsupported(blocks, texts, LETTERS)
    uncertain = sum(block.layout is not None for block in article.blocks)
    score = Score(
        sequences.total(),
        len(missing),
        sequences[False],
        sum(one.cells <= 1 for one in missing),
        letters.total(),
        len(of_letters),
        *recall(blocks, texts),
        len(blocks),
        uncertain,
    )
    rows = printed_rows(content) if missing else ""
    return score, missing, Counter(one.cause(rows) for one in missing)


def main() -> None:
    """Print the score of each file and of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="a folder of PDF files")
    parser.add_argument("--show", metavar="FILE", help="print the unsupported sequences of a file")
    args = parser.parse_args()
    known = list(peers())
    total, rows, causes = Score(), list[list[str]](), Counter[str]()
    for path in sorted(args.data.glob("*.pdf")):
        measured = measure(path, known)
        if measured is None:
            continue
        score, missing, why = measured
        total.add(score)
        causes.update(why)
        rows.append(score.row(path.name))
        if args.show is not None and args.show in path.name:
            print(*(f"{one.cells} {' '.join(one.words)}" for one in missing), sep="\n")
    head = (
        "file",
        "of letters",
        "share",
        "with numbers",
        "share",
        "of these, within cells",
        "share",
        "recall",
        "uncertain blocks",
    )
    print(f"\n{machine()}\nPeers: {', '.join(name for name, _ in known)}\n")
    print(table(head, [*rows, total.row("**all**")]))
    shares = [
        [cause, str(count), f"{count / max(1, total.sequences):.2%}"]
        for cause, count in causes.most_common()
    ]
    print(f"\n{table(('unsupported, with numbers', 'sequences', 'share of all'), shares)}")


if __name__ == "__main__":
    main()
