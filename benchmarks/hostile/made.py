"""Helpers to make hostile files."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

MEGABYTE = 1 << 20
LARGE = 100 * MEGABYTE
WORDS = b"The pier was shut on Monday after the storm, the harbour master said. "
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, a short description of its fault, and the expected error message."""

    name: str
    what: str
    make: Callable[[], bytes | Iterator[bytes]]
    expected: str
    read: bool = False
    slow: bool = False

    def write(self, folder: Path) -> Path:
        """Write the file to a folder, and return its path."""
        made = self.make()
        path = folder / self.name
        with path.open("wb") as stream:
            for part in [made] if isinstance(made, bytes) else made:
                stream.write(part)
        return path


def zipped(files: dict[str, bytes], **facts: int) -> bytes:
    """A ZIP archive; `facts` are set on each entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def overlapping() -> bytes:
    """A ZIP archive whose entries all share the same megabytes."""
    single = zipped({"a.txt": bytes(30 * MEGABYTE)})
    at = single.index(b"PK\x01\x02")
    end = single.index(b"PK\x05\x06")
    entry, number = single[at:end], 10_000
    size = struct.pack("<HHL", number, number, number * len(entry))
    return single[:at] + entry * number + single[end : end + 8] + size + single[end + 16 :]


def tarred(name: str, content: bytes, *, type: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A compressed TAR archive of one file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size, info.type, info.linkname = len(content), type, link
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def docx(document: str, *, head: str = "") -> bytes:
    """A Word document of one paragraph."""
    body = (
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{document}</w:t></w:r></w:p></w:body></w:document>"
    )
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f"<?xml version='1.0'?>{head}{body}".encode(),
        }
    )


def encrypted_zip() -> bytes:
    """A ZIP archive that marks its file as encrypted."""
    content = bytearray(zipped({"a.txt": WORDS}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def pdf(*objects: str, trailer: str = "") -> bytes:
    """A PDF file of these objects; the first is its root."""
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, start=1))
    return f"%PDF-1.7\n{body}trailer\n<</Root 1 0 R{trailer}>>".encode()


def blank_page() -> bytes:
    """A page of blanks that compress to a thousandth of their size."""
    packed = zlib.compress(b" " * (300 * MEGABYTE))
    head = pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
    )
    stream = b"4 0 obj\n<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n"
    return head.replace(b"trailer", stream % (len(packed), packed) + b"trailer")


def same_rows() -> bytes:
    """A table of equal rows that are stored once."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    out = io.BytesIO()
    pq.write_table(pa.table({"title": ["Pier"] * 2_000, "body": ["word " * 200_000] * 2_000}), out)
    return out.getvalue()


def drawing_itself() -> bytes:
    """Forms that each draw the next one ten times, fifteen levels deep."""
    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>/Length 50"
    return pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        "/Resources<</XObject<</X 4 0 R>>>>>>",
        *(f"<<{form.format(n)}>>stream\n{'/X Do' * 10}\nendstream" for n in range(5, 20)),
    )


def large(beginning: bytes, repeated: bytes, end: bytes = b"", *, size: int = LARGE) -> bytes:
    """A file of about that many bytes."""
    return beginning + repeated * (size // len(repeated)) + end


def commas(size: int) -> Iterator[bytes]:
    """A table with one line of that many empty cells."""
    part = b"," * MEGABYTE
    for _ in range(size // MEGABYTE):
        yield part


def mail_in_mail() -> bytes:
    """Parts in parts, 10,000 deep."""
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(10_000)
    )
    return b"From: a@b.example\nSubject: Pier\n" + opened + b"\nWords."


def mail(size: int) -> bytes:
    """A mail whose body has that many bytes."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Ida <ida@harbour.example>", "Pier"
    message.set_content("The pier is shut.\n")
    return bytes(message) + large(b"", WORDS + b"\n", size=size)


def warc(*pages: bytes, packed: bool = False) -> bytes:
    """A crawl of those pages."""
    out = b""
    for number, page in enumerate(pages):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        head += b"Content-Encoding: gzip\r\n\r\n" if packed else b"\r\n"
        body = head + (gzip.compress(page) if packed else page)
        named = b"WARC-Type: response\r\nWARC-Target-URI: https://harbour.example/%d" % number
        kind = b"Content-Type: application/http; msgtype=response"
        size = b"Content-Length: %d" % len(body)
        out += b"\r\n".join((b"WARC/1.0", named, kind, size, b"", body, b"", b""))
    return out


def yaml_bomb() -> bytes:
    """Lists of lists of lists in front matter, each nine times the one before."""
    lines = ["a0: &a0 [ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return (
        "---\n" + "\n".join(lines) + "\ntags: *a11\ntitle: *a11\n---\nThe pier is shut.\n"
    ).encode()


def feed(text: str, *, head: str = "") -> bytes:
    """A feed of one entry."""
    return (
        f"<?xml version='1.0'?>{head}<rss><channel><item><title>Pier</title>"
        f"<description>{text}</description></item></channel></rss>"
    ).encode()


TEXT = "The pier is shut, said Ms Żółć of the harbour. "
REPEATED = (WORDS * 5 + b"\n\n") * 20
