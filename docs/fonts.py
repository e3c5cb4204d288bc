"""Makes the fonts of the web chat: `python docs/fonts.py FOLDER`.

FOLDER holds the unpacked npm packages @fontsource-variable/newsreader 5.3.0 and
@fontsource-variable/public-sans 5.3.0, as `newsreader/` and `public-sans/`. The fonts are cut to
the weights 400 to 700 and to the letters of European languages, and stored with their licences.
The script also prints the numbers that make a fallback font take the same space. It needs fontTools
and brotli, which matplotlib and gradio install.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parents[1] / "src" / "pullquote" / "web" / "static" / "fonts"

FACES = {
    "newsreader": (
        *("latin-wght-normal", "latin-wght-italic"),
        *("latin-ext-wght-normal", "latin-ext-wght-italic"),
    ),
    "public-sans": ("latin-wght-normal", "latin-ext-wght-normal"),
}

LETTERS = [*range(0x20, 0x180), *range(0x218, 0x21C), 0x1E9E, *range(0x2000, 0x2200)]
"""Latin-1, Latin Extended-A, Romanian letters, the capital ß, punctuation, currency and arrows."""

OFTEN = "etaoinshrdlcumwfgypbvk eeeetttaaaooiinnsshhrr    "
"""Letters about as often as English text has them."""

FALLBACKS = {
    "newsreader": "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "public-sans": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
}
"""Fonts with the metrics of Times New Roman and Arial."""


def main() -> None:
    """Make all fonts."""
    given = Path(sys.argv[1])
    FONTS.mkdir(exist_ok=True)
    for family, faces in FACES.items():
        for face in faces:
            make(
                given / family / "files" / f"{family}-{face}.woff2",
                FONTS / f"{family}-{face}.woff2",
            )
        licence = (given / family / "LICENSE").read_text(encoding="utf-8")
        (FONTS / f"{family}-OFL.txt").write_text(licence, encoding="utf-8")
        print(family, fallback(TTFont(FONTS / f"{family}-{faces[0]}.woff2"), FALLBACKS[family]))


def make(source: Path, target: Path) -> None:
    """Cut one font to its letters and weights."""
    font = instantiateVariableFont(TTFont(source), {"wght": (400, 400, 700)})
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "tnum", "pnum"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    print(target.name, target.stat().st_size, f"{ranges(font)}")


def ranges(font: TTFont) -> str:
    """The characters of a font as a CSS unicode-range."""
    found: list[list[int]] = []
    for code in sorted(font.getBestCmap()):
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return ", ".join(f"U+{a:X}" + (f"-{b:X}" if b > a else "") for a, b in found)


def fallback(font: TTFont, path: str) -> str:
    """The declarations that give the fallback the width and height of the font."""
    other = TTFont(path)
    size = width(font) / width(other)
    em = font["head"].unitsPerEm
    lines = {
        "size-adjust": size,
        "ascent-override": font["hhea"].ascent / em / size,
        "descent-override": -font["hhea"].descent / em / size,
        "line-gap-override": font["hhea"].lineGap / em / size,
    }
    return " ".join(f"{name}: {100 * value:.1f}%;" for name, value in lines.items())


def width(font: TTFont) -> float:
    """The average width of a letter, in em."""
    letters, widths = font.getBestCmap(), font["hmtx"]
    total = sum(widths[letters[ord(letter)]][0] for letter in OFTEN)
    return float(total / len(OFTEN) / font["head"].unitsPerEm)


if __name__ == "__main__":
    main()
