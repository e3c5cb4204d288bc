"""Archives, and files that are packed like archives."""

from __future__ import annotations

import tarfile

from benchmarks.hostile.made import (
    LARGE,
    MEGABYTE,
    WORDS,
    Hostile,
    blank_page,
    docx,
    encrypted_zip,
    overlapping,
    same_rows,
    tarred,
    warc,
    zipped,
)

FILES = (
    Hostile(
        "bomb.zip",
        "300 MB of zeros in 300 kB",
        lambda: zipped({"a.txt": bytes(300 * MEGABYTE)}),
        "it unpacks to more than 200 times",
    ),
    Hostile(
        "bomb.tar.gz",
        "300 MB of zeros in 300 kB",
        lambda: tarred("a.txt", bytes(300 * MEGABYTE)),
        "it unpacks to more than 200 times",
    ),
    Hostile(
        "overlap.zip",
        "10,000 entries that share 30 MB",
        overlapping,
        "it unpacks to more than 200 times",
    ),
    Hostile(
        "nested.zip",
        "an archive in an archive",
        lambda: zipped({"b.zip": zipped({"c.zip": bytes(99)})}),
        "it is an archive in an archive",
    ),
    Hostile(
        "slip.zip",
        "../../../up.txt",
        lambda: zipped({"../../../up.txt": WORDS}),
        "its path leads outside the archive",
    ),
    Hostile(
        "link.tar.gz",
        "a link to /etc/passwd",
        lambda: tarred("a.txt", b"", type=tarfile.SYMTYPE, link="/etc/passwd"),
        "it is a link",
    ),
    Hostile("secret.zip", "encrypted", encrypted_zip, "it is encrypted"),
    Hostile(
        "many.zip",
        "more than 200,000 entries",
        lambda: zipped({f"{n}.jpg": b"" for n in range(200_001)}),
        "it contains more than 200,000 files",
        slow=True,
    ),
    Hostile(
        "bomb.docx",
        "a Word document of 100 MB of blanks",
        lambda: docx(" " * LARGE),
        "is too large",
    ),
    Hostile(
        "bomb.warc",
        "a page of 100 MB of zeros, packed",
        lambda: warc(bytes(LARGE), packed=True),
        "it is larger than 32 MB",
    ),
    Hostile(
        "bomb.parquet",
        "2,000 rows of the same megabyte",
        same_rows,
        "it unpacks to more than 200 times",
        slow=True,
    ),
    Hostile("bomb.pdf", "a page of 300 MB of blanks", blank_page, "its pages are blank"),
    Hostile(
        "lying.warc",
        "a record that says it is 8 EB",
        lambda: warc(b"<p>x").replace(b"Content-Length: ", b"Content-Length: 9000000000000000"),
        "it unpacks to more than 200 times",
    ),
)
