"""The plain-text parser: pages, exports and messages as people save them as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from pullquote.parsing import articles_in
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article

ROLES = {
    "H": "headline",
    "S": "standfirst",
    "Y": "byline",
    "T": "body",
    "C": "caption",
    "X": "correction",
    ".": "boilerplate",
}
ONE = "The bridge over the Lask will be closed to all traffic from November, the council said."
TWO = "Ferries will run twice an hour in its place, and those who live on the north bank sail free."
THREE = "“We looked at every other way of doing it,” said the engineer in charge of the works."


@dataclass(frozen=True, slots=True)
class Shape:
    """A text with the letter of its role before each line, and the expected metadata."""

    lines: str
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text without the letters."""
        lines = self.lines.format(one=ONE, two=TWO, three=THREE).strip("\n").split("\n")
        return "\n".join(line[2:] for line in lines) + "\n"

    @property
    def expected(self) -> list[tuple[str, str]]:
        """The role of each line that is not empty, and its words."""
        lines = self.lines.format(one=ONE, two=TWO, three=THREE).strip("\n").split("\n")
        return [(ROLES[line[0]], line[2:].strip()) for line in lines if line[2:].strip()]


TITLE = "Bridge to close for the winter"
SHAPES = {
    "copied from a browser, menus first": Shape(
        """
. Skip to content
. Home
. News
. Sport
. Weather
. Search
H Bridge to close for the winter
Y By Ida Brandt
Y 5 March 2024
. Share
T {one}
T {two}
T {three}
. Related articles
. Tunnel is late again
. Who pays for the ferry?
. © 2024 Harbour News
""",
        {"title": TITLE, "authors": ("Ida Brandt",), "published": date(2024, 3, 5)},
    ),
    "for printing": Shape(
        """
. Print this article
. Email this to a friend

H Bridge to close for the winter

Y Last updated at 08:00am on 5 March 2024

T {one}

T {two}

. Find this story at www.harbour.example/bridge
""",
        {"title": TITLE, "published": None, "modified": datetime.fromisoformat("2024-03-05T08:00")},
    ),
    "a wire with a slug": Shape(
        """
. BRIDGE-LASK/CLOSURE (UPDATE 1, PIX)
H UPDATE 1-Bridge to close for the winter
. (Adds engineer's comments)
Y By Ida Brandt
T PORT ELLIS, March 5 (Northwire) - The bridge will be closed from November, the council said.
T {two}
T {three}
Y (Reporting by Ida Brandt; Editing by Odd Vik)
. ((ida.brandt@northwire.example; +47 22 00 00))
""",
        {"place": "PORT ELLIS", "source": "Northwire", "authors": ("Ida Brandt",)},
    ),
    "an export with labels": Shape(
        """
. Copyright 2024 Harbour News Ltd.
. All Rights Reserved
. Harbour News

Y March 5, 2024 Tuesday

. SECTION: NEWS; Pg. 4

. LENGTH: 500 words

H HEADLINE: Bridge to close for the winter

Y BYLINE: Ida Brandt

. DATELINE: PORT ELLIS

. BODY:

T {one}

T {two}

. LOAD-DATE: March 6, 2024

. LANGUAGE: ENGLISH

. PUBLICATION-TYPE: Newspaper
""",
        {
            "title": TITLE,
            "authors": ("Ida Brandt",),
            "published": date(2024, 3, 5),
            "section": "NEWS",
            "place": "PORT ELLIS",
        },
    ),
    "an export with codes": Shape(
        """
H HD Bridge to close for the winter
Y BY Ida Brandt
. WC 500 words
Y PD 5 March 2024
. SN Harbour News
. SC HARB
. LA English
. CY (c) 2024, Harbour News
. LP
T {one}

. TD
T {two}

T {three}

. CO lskcl : Lask Council
. AN Document HARB000020240305ek350001
""",
        {
            "title": TITLE,
            "authors": ("Ida Brandt",),
            "published": date(2024, 3, 5),
            "source": "Harbour News",
        },
    ),
    "a press release": Shape(
        """
. FOR IMMEDIATE RELEASE
Y 5 March 2024

H Bridge to close for the winter

T PORT ELLIS, 5 March 2024 — The Lask Council today said that the bridge will be closed.

T {two}

. ###

. About the Lask Council

. The Lask Council looks after two bridges, one tunnel and a ferry.

. Media contact: Ida Brandt, +47 22 00 00 00, press@lask.example
""",
        {"title": TITLE, "place": "PORT ELLIS", "published": date(2024, 3, 5)},
    ),
    "a release with an embargo": Shape(
        """
. NEWS RELEASE
H Bridge to close for the winter
T {one}
T {two}
. -ENDS-
. Notes to editors
. 1. The bridge was built in 1961.
. 2. Pictures may be had from the press office.
""",
        {"title": TITLE},
    ),
    "a mail to a list": Shape(
        """
Y From: Ida Brandt <ida@harbour.example>
. To: news@list.example
Y Date: Tue, 5 Mar 2024 08:00:00 +0100
H Subject: Bridge to close for the winter

T {one}

T {two}

. --
. Ida Brandt
. Harbour News desk
""",
        {
            "title": TITLE,
            "authors": ("Ida Brandt",),
            "published": datetime.fromisoformat("2024-03-05T08:00:00+01:00"),
        },
    ),
    "a transcript": Shape(
        """
H What the bridge engineer told us
S Anna Lund asked her about rust, ferries and the winter.
Y By Anna Lund
Y 5 March 2024
T LUND: Why is the bridge to be closed for so long?
T BRANDT: Because nobody painted it when they should have.
T LUND: And the ferries?
T BRANDT: Those have been painted.
""",
        {"place": None, "authors": ("Anna Lund",)},
    ),
    "a German page": Shape(
        """
H Brücke bleibt im Winter gesperrt
Y Von Ida Brandt und Odd Vik
Y Stand: 05.03.2024, 08:00 Uhr
. Lesezeit: 3 Min.
T Port Ellis (dpa) - Die Brücke über die Lask wird von November an gesperrt, sagte der Rat.
T Fähren fahren in dieser Zeit zweimal in der Stunde, und wer im Norden wohnt, fährt umsonst.
C Die Brücke im Mai. Foto: Odd Vik/dpa
T „Wir haben alles andere geprüft“, sagte die Ingenieurin, die die Arbeiten leitet.
. Lesen Sie auch: Der Tunnel kommt später
. Teilen
""",
        {
            "authors": ("Ida Brandt", "Odd Vik"),
            "published": datetime.fromisoformat("2024-03-05T08:00"),
            "place": "Port Ellis",
            "source": "dpa",
        },
    ),
    "a French page": Shape(
        """
. Accueil
. Politique
H Le pont sera fermé tout l’hiver
Y Par Ida Brandt
Y Publié le 5 mars 2024 à 08h00
Y Mis à jour le 6 mars 2024 à 10h30
T Le pont sur la Lask sera fermé à toute circulation à partir de novembre, a dit le conseil.
T Des bacs partiront deux fois par heure, et ceux de la rive nord ne paieront pas.
. Lire aussi : Le tunnel a du retard
. Partager
""",
        {
            "authors": ("Ida Brandt",),
            "published": datetime.fromisoformat("2024-03-05T08:00"),
            "modified": datetime.fromisoformat("2024-03-06T10:30"),
        },
    ),
    "a Spanish page": Shape(
        """
H El puente cerrará todo el invierno
Y Por Ida Brandt
Y 5 de marzo de 2024
T El puente sobre el Lask se cerrará al tráfico desde noviembre, dijo el concejo el lunes.
T Los transbordadores saldrán dos veces por hora, y los vecinos del norte no pagarán.
. Leer también: El túnel llega tarde
. Compartir
""",
        {"authors": ("Ida Brandt",), "published": date(2024, 3, 5)},
    ),
    "an Arabic page": Shape(
        """
H إغلاق الجسر طوال الشتاء
Y بقلم: إيدا برانت
Y 05/03/2024
T قال المجلس يوم الاثنين إن الجسر سيغلق أمام حركة المرور ابتداء من شهر نوفمبر المقبل.
T وستعمل العبارات مرتين في الساعة بدلا منه، ولن يدفع سكان الضفة الشمالية شيئا.
""",
        {"authors": ("إيدا برانت",), "published": date(2024, 3, 5)},
    ),
    "a page with share buttons and captions between": Shape(
        """
. Harbour News | Local | Business | Sport
H Bridge to close for the winter
S Ferries will sail in its place
Y Ida Brandt, Transport Correspondent
Y 08:00, 5 March 2024
. Facebook
. Twitter
. WhatsApp
. Copy link
. 12 comments
T {one}
C The bridge in May (Image: Odd Vik)
. Read more: Tunnel is late again
T {two}
. Sign up for our newsletter
T {three}
""",
        {"authors": ("Ida Brandt",), "published": datetime.fromisoformat("2024-03-05T08:00")},
    ),
}


def read(text: str) -> list[Article]:
    """Parse a text; the byte order mark makes sure that it counts as UTF-8."""
    file = SourceFile(id="a/b.txt", version="0", content=text.encode("utf-8-sig"))
    return [article for article in articles_in(file) if isinstance(article, Article)]


@pytest.mark.parametrize("name", SHAPES)
def test_a_text_of_each_shape(name: str) -> None:
    """Every line has the role that a person would give it."""
    shape = SHAPES[name]
    [article] = read(shape.text)
    found = [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]
    assert found == shape.expected
    assert {key: getattr(article, key) for key in shape.facts} == shape.facts


EXPORT = f"""Harbour News, 2 results

Document 1 of 2

Bridge to close for the winter
By Ida Brandt
{ONE}
{TWO}
End of Document

Document 2 of 2

Tunnel is late again
By Odd Vik
{THREE}
{TWO}
End of Document
"""


def test_an_export_of_several_articles_is_split() -> None:
    """Each document of an export becomes an article with a number in its id."""
    first, second = read(EXPORT)
    assert (first.id, first.title, first.authors) == ("a/b.txt#1", TITLE, ("Ida Brandt",))
    assert (second.id, second.title, second.authors) == (
        "a/b.txt#2",
        "Tunnel is late again",
        ("Odd Vik",),
    )
    assert ONE in first.text
    assert ONE not in second.text


@pytest.mark.parametrize("mark", ["{} of 2 DOCUMENTS", "Document {} of 2"])
def test_an_export_is_split_at_begin_marks(mark: str) -> None:
    """Not every archive marks the end of a document."""
    text = "".join(f"{mark.format(k)}\n\nTitle {k}\n\n{ONE}\n\n{TWO}\n\n" for k in (1, 2))
    assert [(a.id, a.title) for a in read(text)] == [
        ("a/b.txt#1", "Title 1"),
        ("a/b.txt#2", "Title 2"),
    ]


def test_a_single_document_is_not_split() -> None:
    """A single mark, or a sentence with the same words, splits nothing."""
    text = f"{TITLE}\n\n{ONE}\n\nThis is document 1 of 2.\n\n{TWO}\n\nEnd of Document\n"
    assert [article.id for article in read(text)] == ["a/b.txt"]
