"""ZIP and TAR archives: their articles and ids, and the limits on hostile ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Newsroom
from pullquote.parsing.archives import archive
from pullquote.schema.file_limits import LIMITS, Limits
from reading import articles, memory_below, outcomes, outline, stream


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return written.getvalue()


def tarred(*files: tuple[str, bytes], mode: str = "w", **info: object) -> bytes:
    """A TAR archive; every member gets the attributes in `info`."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as packed:
        for name, content in files:
            header = tarfile.TarInfo(name)
            header.size = len(content)
            for key, value in info.items():
                setattr(header, key, value)
            packed.addfile(header, io.BytesIO(content))
    return written.getvalue()


FILES = (
    ("news/pier.txt", b"The pier is shut."),
    ("tide.md", b"# Tide\n\nIt was high.\n"),
    ("dump.jsonl", b'{"body": "One."}\n{"x": 1}\n{"id": "b", "body": "Two."}\n'),
)


@pytest.mark.parametrize(
    ("id", "content"),
    [
        ("a.zip", zipped(*FILES)),
        ("a.tar", tarred(*FILES)),
        ("a.tar.gz", tarred(*FILES, mode="w:gz")),
        ("a.tgz", tarred(*FILES, mode="w:gz")),
    ],
)
def test_files_in_an_archive_are_read_as_files(id: str, content: bytes) -> None:
    """Article ids consist of the archive, the member and the record in it."""
    assert [line[:60] for line in outcomes(id, content)] == [
        f"{id}#news/pier.txt",
        f"{id}#tide.md",
        f"{id}#dump.jsonl#1",
        f"{id}#dump.jsonl#2: it has no known field with text; its fields"[:60],
        f"{id}#dump.jsonl#b",
    ]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_an_archive_compressed_in_several_members_is_read_whole(
    compress: Callable[[bytes], bytes],
) -> None:
    """Compressors that work in parallel write such archives."""
    whole = tarred(*FILES)
    plain = outcomes("a.tar", whole)
    for size in (700, 5_120, len(whole)):
        parts = (whole[at : at + size] for at in range(0, len(whole), size))
        content = b"".join(map(compress, parts))
        assert [line.replace(".tar.gz", ".tar") for line in outcomes("a.tar.gz", content)] == plain


WHOLE = tarred(*FILES)
UNPADDED = WHOLE[: -(-len(WHOLE.rstrip(b"\0")) // 512) * 512]
"""Without the zeros behind the last file, so that a reader goes on to what follows the archive."""


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
@pytest.mark.parametrize("whole", [WHOLE, UNPADDED], ids=["padded", "unpadded"])
@pytest.mark.parametrize(
    "trailing",
    [b"", bytes(1), bytes(512), bytes(10_240), b"\x1f", b"Tape 7\x1f" * 99, bytes(9) + b"\x1f\x8b"],
)
def test_what_follows_a_compressed_archive_is_ignored(
    compress: Callable[[bytes], bytes], whole: bytes, trailing: bytes
) -> None:
    """Programs for tapes fill up their last block; gzip and tar ignore that."""
    plain = outcomes("a.tar", WHOLE)
    for parts in ([whole], [whole[:700], whole[700:]]):
        content = b"".join(map(compress, parts)) + trailing
        assert [line.replace(".tar.gz", ".tar") for line in outcomes("a.tar.gz", content)] == plain


@pytest.mark.parametrize("before", [0, 700, len(UNPADDED)])
def test_the_number_of_empty_members_is_limited(before: int) -> None:
    """Each takes time, and a small file can have millions. The articles before them are read."""
    parts = [UNPADDED[:before], *[b""] * 100_000, UNPADDED[before:]]
    packed = {part: gzip.compress(part) for part in set(parts)}
    *read, reason = outcomes("a.tar.gz", b"".join(packed[part] for part in parts))
    assert reason.startswith("a.tar.gz: it is not a valid archive: ")
    assert reason.endswith("more than 10,000 of its gzip members have less than 1,000 bytes")
    assert len(read) == {0: 0, 700: 1}.get(before, 5)


def test_large_members_are_not_limited() -> None:
    """Parallel compressors make a member of each few kilobytes."""
    whole = tarred(("big.jpg", bytes(11_000_000)), ("a.txt", b"Words."))
    parts = {part: gzip.compress(part) for part in (bytes(1_000), whole[:512], whole[-12_000:])}
    content = parts[whole[:512]] + parts[bytes(1_000)] * ((len(whole) - 12_512) // 1_000)
    rest = whole[512 + (len(whole) - 12_512) // 1_000 * 1_000 :]
    assert outcomes("a.tar.gz", content + gzip.compress(rest))[0] == "a.tar.gz#a.txt"


@pytest.mark.parametrize("missing", [1, 8, 9, 3_000])
def test_an_archive_that_was_cut_is_named(missing: int) -> None:
    """So is the file in it that has no end."""
    noise = random.Random(7).randbytes(9_000).hex().encode()
    whole = tarred(("a.txt", b"Words."), ("b.txt", noise))[: 512 * 39]
    content = gzip.compress(whole[:600]) + gzip.compress(whole[600:])
    first, *reasons = outcomes("a.tar.gz", content[:-missing])
    assert first == "a.tar.gz#a.txt"
    cut = "the file ends within a gzip member; it was cut off"
    assert reasons[-1] == f"a.tar.gz: it is not a valid archive: {cut}"
    if missing == 3_000:
        assert reasons[0] == f"a.tar.gz#b.txt: it is damaged: {cut}"


def test_an_article_has_the_archives_version() -> None:
    """A rebuild notices by this version that the archive has changed."""
    [article] = articles("a.zip", zipped(("pier.md", b"# Pier\n\nIt is shut.")))
    assert (article.version, article.title) == ("0", "Pier")
    assert outline(article) == [("headline", "Pier"), ("body", "It is shut.")]


def test_files_of_unknown_formats_are_counted() -> None:
    """One error counts them by suffix; hidden files are not counted."""
    names = ("a.txt", "b.jpg", "c.jpg", ".d.txt", "__MACOSX/._a", "README")
    content = zipped(*((name, b"Words.") for name in names))
    found = stream("a.zip", content)
    reason = "it contains files of unknown formats: 2 .jpg, 1 without a suffix"
    assert str(found[1]) == f"a.zip: {reason}"
    assert (len(found), found[1].left_out) == (2, True)


def test_a_bad_member_fails_alone() -> None:
    """Every bad member has its own error; the others are parsed."""
    link, secret = zipfile.ZipInfo("l.txt"), zipfile.ZipInfo("s.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = zipped(
        ("empty.txt", b""),
        ("../up.txt", b"x"),
        ("a/../../up.txt", b"x"),
        ("/root.txt", b"x"),
        ("C:\\drive.txt", b"x"),
        ("a\x07.txt", b"x"),
        ("in.zip", zipped(*FILES)),
        ("in.tar.gz", b"x"),
        ("in.txt.gz", b"x"),
        (link, b"/etc/passwd"),
        (secret, b"Words."),
        ("big.txt", b"x" * (LIMITS.member_bytes + 1)),
        ("folder\\good.txt", b"Words."),
    )
    at = content.index(b"s.txt", content.index(b"PK\x01\x02"))
    flags = content[: at - 38] + b"\x01" + content[at - 37 :]
    assert outcomes("a.zip", flags) == [
        "a.zip#empty.txt: the file is empty",
        "a.zip#../up.txt: its path leads outside the archive",
        "a.zip#a/../../up.txt: its path leads outside the archive",
        "a.zip#/root.txt: its path leads outside the archive",
        "a.zip#C:/drive.txt: its path leads outside the archive",
        "a.zip#a\ufffd.txt: its name is not a file name",
        "a.zip#in.zip: it is an archive in an archive; unpack it",
        "a.zip#in.tar.gz: it is an archive in an archive; unpack it",
        "a.zip#in.txt.gz: it is an archive in an archive; unpack it",
        "a.zip#l.txt: it is a link",
        "a.zip#s.txt: it is encrypted",
        "a.zip#big.txt: it is larger than 32 MB, the limit for a file in an archive",
        "a.zip#folder/good.txt",
    ]


def test_links_and_devices_of_a_tar_are_not_followed() -> None:
    """Each is reported as a link, whatever its target."""
    for type in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        content = tarred(("a.txt", b""), type=type, linkname="/etc/passwd")
        assert outcomes("a.tar", content) == ["a.tar: a.txt: it is a link"]


def test_two_files_of_one_name_are_two_articles() -> None:
    """The second one gets the id suffix "~2"."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("a.txt", b"One."), ("a.txt", b"Two."))
    assert outcomes("a.zip", content) == ["a.zip#a.txt", "a.zip#a.txt~2"]


def test_bombs_are_not_unpacked() -> None:
    """The declared sizes are added up before anything is unpacked."""
    zeros = bytes(LIMITS.free_expansion + (40 << 20))
    bombs = {
        "a.zip": zipped(("a.txt", zeros)),
        "b.zip": zipped(*((f"{n}.jpg", zeros[: 1 << 20]) for n in range(120))),
        "a.tar.gz": tarred(("a.txt", zeros), mode="w:gz"),
    }
    with memory_below(2 * LIMITS.member_bytes):
        for id, content in bombs.items():
            assert outcomes(id, content)[-1].startswith(
                f"{id}: it unpacks to more than 200 times its size"
            )


def test_an_archive_that_lies_about_sizes_is_damaged() -> None:
    """A megabyte that is declared as ten bytes is read to the tenth byte and refused."""
    content = zipped(("a.txt", b"x" * 1_000_000))
    lying = content.replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))
    assert outcomes("a.zip", lying) == ["a.zip: a.txt: it is damaged: Bad CRC-32 for file 'a.txt'"]


def test_a_huge_directory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's zipfile would create an object for each entry first."""
    monkeypatch.setattr(archive, "LARGEST_DIRECTORY", 1_000)
    content = zipped(*((f"{n}.txt", b"Words.") for n in range(30)))
    assert outcomes("a.zip", content) == ["a.zip: its file list is larger than 1,000 bytes"]
    assert outcomes("b.zip", zipped(("a.txt", b"Words."))) == ["b.zip#a.txt"]


def test_an_archive_with_too_many_files_is_refused() -> None:
    """The files before the limit are parsed."""
    files, limits = [(f"{n}.txt", b"Words.") for n in range(3)], Limits(entries=2)
    for id, content in (("a.zip", zipped(*files)), ("a.tar", tarred(*files))):
        assert outcomes(id, content, limits=limits)[2:] == [f"{id}: it contains more than 2 files"]


def test_a_long_tar_header_is_refused() -> None:
    """Python's tarfile would read a header that claims a name of a gigabyte as a whole."""
    header = tarfile.TarInfo("a.txt")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    [reason] = outcomes("a.tar", header.tobuf() + bytes(10_240))
    assert reason == "a.tar: it is not a valid archive: it has an invalid header"


@pytest.mark.parametrize(
    ("id", "content"),
    [
        ("a.zip", b""),
        ("a.zip", b"PK\x03\x04" + bytes(100)),
        ("a.zip", b"Only words."),
        ("a.tar", b"Only words." * 1000),
        ("a.tar.gz", b"\x1f\x8b" + bytes(range(200))),
    ],
)
def test_a_file_that_is_not_an_archive_fails_with_a_reason(id: str, content: bytes) -> None:
    """A suffix alone does not make a file an archive."""
    assert outcomes(id, content)[0].startswith(f"{id}: it is not a valid archive: ")


def test_the_first_bytes_decide_between_zip_and_tar() -> None:
    """A wrong suffix does no harm."""
    assert outcomes("a.tar", zipped(("a.txt", b"Words."))) == ["a.tar#a.txt"]
    assert outcomes("a.zip", tarred(("a.txt", b"Words."), mode="w:gz")) == ["a.zip#a.txt"]


SOUND = (zipped(*FILES), tarred(*FILES, mode="w:gz"), tarred(*FILES))


@given(st.sampled_from(SOUND), st.integers(0, 3000), st.binary(max_size=8), st.booleans())
def test_a_damaged_archive_gives_articles_or_errors(
    content: bytes, at: int, new: bytes, cut: bool
) -> None:
    """Changed bytes or a missing end raise nothing but ArticleError."""
    rest = b"" if cut else content[at + len(new) :]
    assert stream("a.zip", content[:at] + new + rest)


def test_an_archive_in_a_corpus(newsroom: Newsroom) -> None:
    """Failures are listed under the archive; skipped members are not failures."""
    newsroom.corpus.joinpath("a.zip").write_bytes(
        zipped(*FILES, ("../x.txt", b"x"), ("b.jpg", b"x"))
    )
    report = newsroom.rebuild()
    assert [(failure.path, failure.left_out) for failure in report.failed] == [
        ("a.zip", True),
        ("a.zip#../x.txt", False),
        ("a.zip#dump.jsonl#2", False),
    ]
    assert (report.articles, newsroom.rebuild().failed) == (4, report.failed)
