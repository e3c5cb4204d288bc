"""The corpus folder: the files found in it, and those that cannot be parsed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from pullquote.parsing import FORMATS, SourceFile, find_files, read_articles, stream_articles
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, CorpusMissing
from pullquote.schema.file_limits import Limits
from zips import make_zip


def write(folder: Path, id: str, content: bytes = b"Some words of news.") -> Path:
    """A file of the corpus, with its folders."""
    path = folder / id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def reason(path: Path, *, id: str) -> str:
    """Why a file cannot be read; its error must name its id."""
    with pytest.raises(ArticleError) as caught:
        read_articles(path, id=id)
    assert caught.value.path == id
    return caught.value.reason


def test_ids_are_relative_with_slashes_in_code_point_order(tmp_path: Path) -> None:
    """The order does not depend on the file system."""
    for id in ("b.txt", "a/z.md", "a/b/c.txt", "B.TXT", "ä.txt"):
        write(tmp_path, id)
    assert find_files(tmp_path).articles == ("B.TXT", "a/b/c.txt", "a/z.md", "b.txt", "ä.txt")


def test_other_suffixes_are_skipped_and_named(tmp_path: Path) -> None:
    """A file of an unknown format is listed as skipped and not as failed."""
    for id in ("a.txt", "photo.jpg", "notes", "sub/.hidden.txt", ".git/b.txt"):
        write(tmp_path, id)
    found = find_files(tmp_path)
    assert (found.articles, found.skipped, found.failed) == (("a.txt",), ("notes", "photo.jpg"), ())


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    """A link to a folder above cannot make the walk endless or read an article twice."""
    write(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert find_files(tmp_path).articles == ("a.txt",)


def test_links_to_folders_are_counted_as_skipped(tmp_path: Path) -> None:
    """A link to a folder is listed as skipped, whatever its name."""
    corpus = tmp_path / "corpus"
    write(tmp_path, "linked/a.txt")
    write(corpus, "sub/b.txt")
    for id in ("linked", "sub/linked.txt", ".hidden"):
        (corpus / id).symlink_to(tmp_path / "linked", target_is_directory=True)
    found = find_files(corpus)
    assert (found.articles, found.failed) == (("sub/b.txt",), ())
    assert found.skipped == ("linked", "sub/linked.txt")


def test_a_name_that_is_not_utf_8_fails_alone(tmp_path: Path) -> None:
    """A file name that is not UTF-8 cannot be an id; the other files are found."""
    write(tmp_path, "a.txt")
    try:
        write(tmp_path, os.fsdecode(b"b\xff.txt"))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found = find_files(tmp_path)
    assert found.articles == ("a.txt",)
    assert [error.reason for error in found.failed] == ["its name is not UTF-8"]


def test_a_missing_corpus_raises_an_error(tmp_path: Path) -> None:
    """A missing folder differs from an empty one."""
    assert find_files(tmp_path).articles == ()
    with pytest.raises(CorpusMissing):
        find_files(tmp_path / "nowhere")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_without_permission_is_reported(tmp_path: Path) -> None:
    """A folder that cannot be listed is a failure and does not count as empty."""
    write(tmp_path, "shut/a.txt")
    (tmp_path / "shut").chmod(0)
    failed = find_files(tmp_path).failed
    (tmp_path / "shut").chmod(0o700)
    assert [error.path for error in failed] == ["shut"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_permission_is_reported(tmp_path: Path) -> None:
    """The reason is in plain words."""
    path = write(tmp_path, "a.txt")
    path.chmod(0)
    assert reason(path, id="a.txt") == "there is no permission to read it"


def test_version_is_the_digest_of_the_bytes(tmp_path: Path) -> None:
    """The version changes with any byte, including a byte order mark."""
    content = b"\xef\xbb\xbfNews."
    article = read_articles(write(tmp_path, "a.txt", content), id="a.txt")[0]
    assert article.version == hashlib.sha256(content).hexdigest()
    assert (article.id, article.text) == ("a.txt", "News.")


@pytest.mark.parametrize(
    ("id", "content", "expected"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \r\n\t\xc2\xa0\n", "the file is empty"),
        ("a.md", b"---\nmood: fine\n---\n\n", "it has no text, or its text is only in pictures"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it contains a PNG image, not text"),
        ("a.txt", b"%PDF-1.7\n1 0 obj", "it contains a PDF document, not text"),
        ("a.txt", bytes(range(256)) * 8, "it contains binary data, not text"),
        ("a.txt", bytes(4096), "it contains binary data, not text"),
    ],
)
def test_files_without_an_article_are_refused(
    tmp_path: Path, id: str, content: bytes, expected: str
) -> None:
    """Each kind of unreadable content has its reason."""
    assert reason(write(tmp_path, id, content), id=id) == expected


def test_a_vanished_file_is_reported(tmp_path: Path) -> None:
    """A file that was deleted after it was listed is one failure."""
    assert reason(tmp_path / "gone.txt", id="gone.txt") == "it is no longer there"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    """A pipe is refused before it is opened."""
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt", id="pipe.txt") == "it is not a regular file"


def test_links_stay_inside_the_corpus(tmp_path: Path) -> None:
    """A link to another article is followed; one out of the corpus is refused."""
    corpus = tmp_path / "corpus"
    write(tmp_path, "private.txt")
    write(corpus, "a/real.txt", b"Real news.")
    (corpus / "b").mkdir()
    (corpus / "b/inside.txt").symlink_to("../a/real.txt")
    (corpus / "b/outside.txt").symlink_to("../../private.txt")
    (corpus / "b/broken.txt").symlink_to("nothing.txt")
    (corpus / "b/itself.txt").symlink_to("itself.txt")
    assert read_articles(corpus / "b/inside.txt", id="b/inside.txt")[0].text == "Real news."
    outside = reason(corpus / "b/outside.txt", id="b/outside.txt")
    assert outside.startswith("it is a link that leads outside the corpus")
    broken = reason(corpus / "b/broken.txt", id="b/broken.txt")
    assert broken == "it is a link to a file that does not exist"
    assert "link" in reason(corpus / "b/itself.txt", id="b/itself.txt")


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """The error lists the known suffixes."""
    assert ", ".join(FORMATS) in reason(write(tmp_path, "a.xyz"), id="a.xyz")


def test_a_file_larger_than_the_limits_is_refused(tmp_path: Path) -> None:
    """A file at the limit is read, and a larger one is refused.

    The error has the version of all bytes: the next rebuild recognises the file by it.
    """
    limits = Limits(file_bytes=3 << 20)
    path = write(tmp_path, "a.txt", b"x" * (3 << 20))
    [article] = stream_articles(path, id="a.txt", limits=limits)
    assert len(article.text) == 3 << 20
    path.write_bytes(b"x" * ((5 << 20) + 1))
    message = r"it is larger than 3 MB \(limits.file_bytes\)"
    with pytest.raises(ArticleError, match=message) as refused:
        list(stream_articles(path, id="a.txt", limits=limits))
    assert refused.value.version == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_article_longer_than_the_limits_is_refused(tmp_path: Path) -> None:
    """A gigabyte of text is refused: embedding it would take days."""
    path = write(tmp_path, "a.jsonl", b'{"body": "Short."}\n{"body": "Longer."}\n')
    found = list(stream_articles(path, id="a.jsonl", limits=Limits(article_chars=6)))
    assert [str(one) if isinstance(one, ArticleError) else one.id for one in found] == [
        "a.jsonl#1",
        "a.jsonl#2: it has more than 6 characters (limits.article_chars)",
    ]


@pytest.mark.parametrize("fault", [KeyError("x\ny"), RecursionError(), MemoryError()])
def test_an_exception_of_a_parser_affects_only_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """The error of the file names the exception, in one line, also within an archive."""

    def parse_plain(_file: SourceFile) -> tuple[Article, ...]:
        raise fault

    monkeypatch.setattr("pullquote.parsing.documents.plain.parse_plain", parse_plain)
    expected = {
        "KeyError": "its parser failed: KeyError: 'x\\ny'",
        "RecursionError": "its parser failed: RecursionError:",
        "MemoryError": "it takes more than 2,048 MB of memory to read (limits.memory)",
    }[type(fault).__name__]
    assert reason(write(tmp_path, "a.txt"), id="a.txt") == expected
    packed = make_zip({"a.txt": "x", "b.md": "Words."})
    path = write(tmp_path, "a.zip", packed)
    found = list(stream_articles(path, id="a.zip"))
    assert [one.reason for one in found if isinstance(one, ArticleError)] == [expected]
    assert [one.id for one in found if isinstance(one, Article)] == ["a.zip#b.md"]
