"""The mail parser: an article that was sent as a mail."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.parsing.documents.eml import parse_eml
from pullquote.parsing.source import SourceFile
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError
from strategies import hostile_texts

BODY = "The council voted for it on Monday.\n\nIt will take two years, the mayor said.\n"


def mail(plain: str | None = None, html: str | None = None, **headers: str) -> bytes:
    """A mail with these parts and headers."""
    message = EmailMessage()
    given = {"From": "Kora Finn <kora@herald.example>", "Date": "Tue, 4 Jun 2024 07:20:00 +0000"}
    for name, value in {**given, "Subject": "Fwd: Re: Harbour wall", **headers}.items():
        message[name] = value
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message.as_bytes()


def read(content: bytes) -> Article:
    """Parse a mail and check that its blocks contain every word in order."""
    article = parse_eml(SourceFile(id="a/b.eml", version="0", content=content))[0]
    joined = "".join(article.text[b.start : b.end] for b in article.blocks)
    assert "".join(joined.split()) == "".join(article.text.split())
    return article


def outline(article: Article) -> list[tuple[str, str]]:
    """The role and the words of each block."""
    return [(b.role.value, article.text[b.start : b.end]) for b in article.blocks]


def reason(content: bytes) -> str:
    """The reason why a file fails."""
    with pytest.raises(ArticleError) as caught:
        read(content)
    return caught.value.reason


def test_the_subject_is_the_headline_of_a_body_without_one() -> None:
    """Sender and date become author and date; "Fwd:" is not part of the headline."""
    article = read(mail(BODY))
    assert outline(article) == [
        ("headline", "Harbour wall"),
        ("body", "The council voted for it on Monday."),
        ("body", "It will take two years, the mayor said."),
    ]
    assert (article.title, article.authors) == ("Harbour wall", ("Kora Finn",))
    assert article.published == datetime(2024, 6, 4, 7, 20, tzinfo=UTC)


def test_a_byline_in_the_body_wins() -> None:
    """The sender may only have forwarded the article. Its headline is not repeated."""
    article = read(mail(f"Harbour wall\n\nBy Ida Brandt\n\n{BODY}"))
    assert (article.title, article.authors) == ("Harbour wall", ("Ida Brandt",))
    assert article.text.count("Harbour wall") == 1


def test_the_subject_is_the_title_whatever_the_body_begins_with() -> None:
    """The first line of a mail is often a greeting. Programs write "Fwd:" in several languages."""
    for subject in ("Harbour wall", "R: I: Harbour wall", "AW: [2]: Harbour wall"):
        assert read(mail(f"Dear colleagues\n\n{BODY}", Subject=subject)).title.endswith(
            "Harbour wall"
        )
    assert read(mail(BODY, Subject="Webinar: harbour walls")).title == "Webinar: harbour walls"


def test_html_is_read_if_there_is_no_plain_text() -> None:
    """A plain part is preferred; without one, the structure of the HTML counts."""
    html = "<h1>Wall to be mended</h1><p>The council voted.</p>"
    assert read(mail(BODY, html)).title == "Harbour wall"
    assert outline(read(mail(None, html))) == [
        ("headline", "Harbour wall"),
        ("body", "Wall to be mended"),
        ("body", "The council voted."),
    ]


def test_html_is_read_if_the_plain_text_only_points_to_it() -> None:
    """Newsletters have a plain part that asks to look at the mail in a browser, or is empty."""
    html = "".join(f"<p>{line}</p>" for line in BODY.split("\n\n"))
    for plain in ("Open this mail in your browser.", " "):
        assert "It will take two years" in read(mail(plain, html)).text


WRAPPED = (
    "The council voted for the repair of the harbour wall on Monday, after two\n"
    "years of debate, and the mayor said that the work would take as long. Nobody\n"
    "voted against it.\n\nKora Finn\nHerald\n"
)
JOINED = (
    "The council voted for the repair of the harbour wall on Monday, after two years of debate, "
    "and the mayor said that the work would take as long. Nobody voted against it."
)


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (WRAPPED, [JOINED, "Kora Finn", "Herald"]),
        (WRAPPED.replace("\n", " \n"), [JOINED, "Kora Finn", "Herald"]),
        (
            "".join(f"> {line}\n" for line in WRAPPED.split("\n")[:3]) + f"\n{BODY}",
            [JOINED, *BODY.strip().split("\n\n")],
        ),
        (
            f"{WRAPPED}* The wall was built in 1871, of stone from the quarry at Fenn Head.\n"
            "* It is 400 metres long.\n",
            [
                *(JOINED, "Kora Finn", "Herald"),
                "* The wall was built in 1871, of stone from the quarry at Fenn Head.",
                "* It is 400 metres long.",
            ],
        ),
    ],
)
def test_a_wrapped_paragraph_is_one_paragraph(plain: str, expected: list[str]) -> None:
    """Lines that a program broke are joined; lines that the sender ended are not."""
    assert [words for _, words in outline(read(mail(plain)))[1:]] == expected


def test_flowed_text() -> None:
    """In flowed text, a space at the end of a line means that the paragraph goes on."""
    flowed = "The wall \nis old. \n  It leans.\nEnd.\n-- \nKora\n> It \n> does.\n"
    head = "From: a@b.example\nSubject: Walls\nContent-Type: text/plain; format=flowed"
    words = [words for _, words in outline(read(f"{head}\n\n{flowed}".encode()))]
    assert words == ["Walls", "The wall is old. It leans.", "End.", "--", "Kora", "It does."]
    spaces_deleted = f"{head}; delsp=yes\n\nThe harb \nour wall.\n".encode()
    assert read(spaces_deleted).text == "Walls\n\nThe harbour wall."


def test_lines_of_scripts_without_spaces_are_joined_without_a_space() -> None:
    """A character of Chinese is as wide as two letters."""
    line = "市议会周一投票决定修复港口城墙经过两年的辩论市长说工程需要同样长的时间"
    body = outline(read(mail(f"{line}\n没有人投反对票。\n")))[1:]
    assert body == [("body", f"{line}没有人投反对票。")]


def test_encodings_of_mail() -> None:
    """The declared encoding counts; if it is unknown, the bytes decide."""
    for charset in (b"iso-8859-1", b"x-unknown"):
        head = b"From: a@b.example\nContent-Type: text/plain; charset=" + charset
        coded = (
            head + b"\nContent-Transfer-Encoding: quoted-printable\n\nThe caf=E9 shut on Monday.\n"
        )
        assert read(coded).text == "The café shut on Monday."


def test_a_file_that_is_not_an_email_fails_with_a_reason() -> None:
    """Each kind of unreadable file has its reason."""
    assert reason(b"") == "the file is empty"
    assert (
        reason(b"just some words\n") == "its content does not match its extension: it is not a mail"
    )
    assert (
        reason(b"%PDF-1.7\n")
        == "its content does not match its extension: it contains a PDF document, not a mail"
    )
    attached = EmailMessage()
    attached["From"] = "a@b.example"
    attached.add_attachment(b"x", maintype="image", subtype="png")
    assert reason(attached.as_bytes()) == "it has no text, only attachments"
    assert reason(mail(" ")) == "it has no text"
    assert reason(mail(None, '<p><img src="a.png"></p>')) == "it has no text, only pictures"
    parts = b"From: a\n" + b'Content-Type: multipart/mixed; boundary="x"\n\n--x\n' * 2000
    assert reason(parts) == "it has more than 1000 parts"


def test_damaged_headers_are_ignored() -> None:
    """If Python fails to parse a sender or date, only that field is missing."""
    article = read(mail(BODY).replace(b"Kora Finn <", b"a: <;").replace(b"+0000", b"+" + b"9" * 30))
    assert (article.title, article.authors, article.published) == ("Harbour wall", (), None)


@pytest.mark.parametrize("repeated", [b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n'])
def test_nested_parts_do_not_take_long(repeated: bytes) -> None:
    """A mail with the greatest number of nested parts and a long body takes little time."""
    nested = b"From: a\n" + b"".join(repeated % (i, i) for i in range(999)) + b"\nword" * 200_000
    start = time.process_time()
    with suppress(ArticleError):
        read(nested)
    assert time.process_time() - start < 10


@given(st.binary(max_size=300), hostile_texts())
def test_any_bytes_are_parsed_or_refused(head: bytes, body: str) -> None:
    """For any bytes, offsets are exact, and only ArticleError is raised."""
    for start in (b"From: a\n", b"Subject: =?utf-8?b?", b"Content-Type: text/html\nTo: "):
        with suppress(ArticleError):
            read(start + head + b"\n\n" + body.encode())
