"""Worker processes give the same results, and a bad file harms only its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pullquote.parsing import ParseOptions, find_files
from pullquote.parsing.workers import parse_files as pool
from pullquote.parsing.workers import worker_process
from pullquote.parsing.workers.parse_files import FileParser, WorkerPool
from pullquote.schema import Article
from pullquote.schema.errors import ArticleError, ReadingFailed
from pullquote.schema.file_limits import Limits

SAMPLE = Path(__file__).parents[3] / "corpus"
LIMITS = Limits(seconds=1, memory=1 << 30)
SLEEPING = Limits(seconds=0.5)
"""Five seconds by the clock, which alone counts where no processor is used."""
CRASHED = (
    "it takes more than 1,024 MB of memory to read (limits.memory), or its parser crashed (SIGSEGV)"
)


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser of plain text executes commands in the file; see misbehaving.py."""
    monkeypatch.setattr(worker_process, "_SERVE", "from misbehaving import serve; serve()")


def outcomes(
    corpus: Path, *, processes: int = 1, limits: Limits = LIMITS, **files: str
) -> list[str]:
    """The outcome of files with these contents: ids, reasons, and "." at the end of each."""
    names: dict[str, str | None] = {}
    for name, content in files.items():
        (corpus / f"{name}.txt").write_text(content)
        names[f"{name}.txt"] = "its version"
    parser = FileParser(limits=limits, processes=processes)
    with parser.parse(corpus, names) as outputs:
        return [line(one.found) for one in outputs]


def line(found: Article | ArticleError | None) -> str:
    """A line for an item."""
    if found is None:
        return "."
    return found.id if isinstance(found, Article) else str(found)


def living(pid: int) -> bool:
    """Whether a process runs and is not a zombie."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    """Whether a process ends within two minutes, enough for a busy machine."""
    until = time.monotonic() + 120
    while living(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not living(pid)


def everything(processes: int) -> list[object]:
    """All items of the sample corpus."""
    names = dict.fromkeys(find_files(SAMPLE).articles)
    with FileParser(processes=processes).parse(SAMPLE, names) as outputs:
        return [(one.file, one.found, one.is_file_error) for one in outputs]


def test_any_number_of_processes_returns_the_same_articles() -> None:
    """The articles and their order are those of parsing in our own process."""
    expected = everything(0)
    assert len(expected) == 60
    assert everything(1) == expected
    assert everything(3) == expected


def test_files_end_in_order(tmp_path: Path, misbehaving: None) -> None:
    """Results come in the order of the files, even where the first takes longest."""
    files = {"a": "sleep 0.5\nOne.\nTwo.", "b": "Three.", "c": "print\nFour.", "d": ""}
    assert outcomes(tmp_path, processes=3, **files) == [
        *("a.txt#1", "a.txt#2", "."),
        *("b.txt#0", "."),
        *("c.txt#1", "."),
        *("d.txt: it contains no articles", "."),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("sleep 90", "it takes more than 0.5 seconds to read (limits.seconds)"),
        ("stick", "it takes more than 1 seconds to read (limits.seconds)"),
        ("crash", CRASHED),
        ("die", CRASHED.removesuffix(" (SIGSEGV)")),
        ("eat", "it takes more than 1,024 MB of memory to read (limits.memory)"),
        ("fail it", "its parser failed: KeyError: 'it'"),
    ],
)
def test_a_bad_file_affects_no_other(
    tmp_path: Path, misbehaving: None, content: str, reason: str
) -> None:
    """A file that hangs, crashes, eats memory or fails has a reason; the others are parsed."""
    limits = LIMITS if content != "sleep 90" else SLEEPING
    assert outcomes(tmp_path, a="One.", b=content, c="Two.", limits=limits) == [
        *("a.txt#0", "."),
        *(f"b.txt: {reason}", "."),
        *("c.txt#0", "."),
    ]


@pytest.mark.parametrize("content", ["crash", "stick", "fail it"])
def test_articles_before_a_failure_are_returned(
    tmp_path: Path, misbehaving: None, content: str
) -> None:
    """A file that fails in the middle loses only the articles after that place."""
    found = outcomes(tmp_path, a=f"One.\nTwo.\n{content}\nThree.", b="Four.")
    assert found[:2] == ["a.txt#0", "a.txt#1"]
    assert found[2].startswith("a.txt: it")
    assert found[3:] == [".", "b.txt#0", "."]


def test_a_file_may_take_long_while_it_yields_articles(tmp_path: Path, misbehaving: None) -> None:
    """The limit applies to the time between two articles and not to the file."""
    content = "\n".join(f"burn 0.7\nWord {n}." for n in range(4))
    assert outcomes(tmp_path, a=content)[-2:] == ["a.txt#7", "."]


@pytest.mark.skipif(sys.platform == "win32", reason="there the clock counts, and not seconds")
@pytest.mark.parametrize(
    ("name", "top", "record", "end"),
    [
        ("a.jsonl", "", '{"title": "Pier"}PAD\n', ""),
        ("a.json", "[{}", ',{"title": "Pier"}PAD', "]"),
        ("a.csv", "title,body\n", "Pier,PAD\n", ""),
        ("a.rss", "<rss><channel>", "<item><title>Pier</title></item>PAD", "</channel></rss>"),
    ],
)
def test_records_without_articles_are_not_progress(
    tmp_path: Path, name: str, top: str, record: str, end: str
) -> None:
    """The time limit ends such a file, although each megabyte is read faster."""
    record = record.replace("PAD", " " * 50)
    (tmp_path / name).write_text(top + record * (12_000_000 // len(record)) + end)
    limits = Limits(seconds=1)
    with FileParser(limits=limits, processes=1).parse(tmp_path, {name: None}) as outputs:
        [error, _] = [one.found for one in outputs]
    assert str(error) == f"{name}: it takes more than 1 seconds to read (limits.seconds)"


def test_a_large_file_may_be_read_for_longer_than_the_seconds(tmp_path: Path) -> None:
    """Each megabyte read adds to the time limit: here in a sparse file of overlong lines."""
    with (tmp_path / "a.jsonl").open("wb") as file:
        for _ in range(30):
            file.seek(20 << 20, os.SEEK_CUR)
            file.write(b"\n")
        file.write(b'{"title": "Pier", "body": "The pier was shut."}\n')
    with FileParser(limits=Limits(seconds=1), processes=1).parse(
        tmp_path, {"a.jsonl": None}
    ) as outputs:
        found = [one.found for one in outputs]
    assert [one.title for one in found if isinstance(one, Article)] == ["Pier"]


def test_waiting_for_the_consumer_is_not_counted(tmp_path: Path, misbehaving: None) -> None:
    """Time while the consumer is busy does not count: embedding takes longer than parsing."""
    big = "x" * 1_000_000
    (tmp_path / "a.txt").write_text("\n".join([big] * 12))
    with FileParser(limits=SLEEPING, processes=1).parse(tmp_path, {"a.txt": None}) as outputs:
        first = next(outputs)
        time.sleep(7)
        rest = [one.found for one in outputs]
    assert line(first.found) == "a.txt#0"
    assert [line(found) for found in rest] == [*(f"a.txt#{n}" for n in range(1, 12)), "."]


def test_a_process_killed_from_outside_is_replaced(tmp_path: Path, misbehaving: None) -> None:
    """A system short of memory may kill a process; its file is tried again."""
    marker = tmp_path / "marker"
    assert outcomes(tmp_path, a="One.", b=f"killed-once {marker}\nTwo.") == [
        *("a.txt#0", "."),
        *("b.txt#1", "."),
    ]


def test_a_failure_has_the_version_of_its_file(tmp_path: Path, misbehaving: None) -> None:
    """A file that kills its process is not tried again with every rebuild."""
    (tmp_path / "a.txt").write_text("crash")
    with FileParser(limits=LIMITS, processes=1).parse(
        tmp_path, {"a.txt": "its version"}
    ) as outputs:
        [error, _] = [one.found for one in outputs]
    assert isinstance(error, ArticleError)
    assert error.version == "its version"


def test_no_process_starts_without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild without changes ends at once."""
    monkeypatch.setattr(pool, "WorkerProcess", None)
    with FileParser(processes=2).parse(tmp_path, {}) as outputs:
        assert list(outputs) == []


@pytest.mark.parametrize("serve", ["import no_such_module", "raise SystemExit(1)"])
def test_a_process_that_cannot_start_is_not_the_fault_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serve: str
) -> None:
    """The rebuild ends with an error that says what to do."""
    monkeypatch.setattr(worker_process, "_SERVE", serve)
    with pytest.raises(ReadingFailed, match="set reading_processes to 0"):
        outcomes(tmp_path, a="One.")


def test_processes_and_threads_end_with_the_context(tmp_path: Path, misbehaving: None) -> None:
    """Processes and threads end, even in the middle of a file and after an error."""
    (tmp_path / "a.txt").write_text(f"pid {tmp_path / 'pid'}\nOne.\nsleep 60")
    before = threading.active_count()

    def fail() -> None:
        with FileParser(processes=1).parse(tmp_path, {"a.txt": None}) as outputs:
            assert line(next(outputs).found) == "a.txt#1"
            raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        fail()
    assert gone(int((tmp_path / "pid").read_text()))
    assert threading.active_count() <= before


READ = """
import sys
from pathlib import Path
from pullquote.parsing.workers import worker_process
from pullquote.parsing.workers.parse_files import FileParser
from pullquote.limits import Limits
worker_process._SERVE = "from misbehaving import serve; serve()"
parser = FileParser(processes=1, limits=Limits(seconds=5))
with parser.parse(Path(sys.argv[1]), {"a.txt": None}) as outputs:
    print(next(outputs).found.id, flush=True)
    next(outputs)
"""


@pytest.fixture(params=["sleep 60", "stick"])
def reading(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A program whose worker process is busy with a file; the worker's id is in the file pid."""
    (tmp_path / "a.txt").write_text(f"pid {tmp_path / 'pid'}\nOne.\n{request.param}")
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), *sys.path]))
    with subprocess.Popen(
        [sys.executable, "-c", READ, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    ) as process:
        assert process.stdout.readline() == "a.txt#1\n"
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_behind(
    tmp_path: Path, reading: subprocess.Popen[str], sent: signal.Signals
) -> None:
    """The worker ends whatever signal ends our process in the middle of a file."""
    child = int((tmp_path / "pid").read_text())
    assert living(child)
    reading.send_signal(sent)
    assert reading.wait(timeout=60) == -sent
    assert gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_ctrl_c_in_a_terminal_ends_all(tmp_path: Path, reading: subprocess.Popen[str]) -> None:
    """The signal goes to all processes at once, and no file is blamed."""
    child = int((tmp_path / "pid").read_text())
    os.killpg(reading.pid, signal.SIGINT)
    _, printed = reading.communicate(timeout=60)
    assert printed.rstrip().endswith("KeyboardInterrupt")
    assert gone(child)


@pytest.mark.parametrize("processes", [0, 1])
def test_each_article_has_its_trace(tmp_path: Path, processes: int) -> None:
    """Each article has only its own trace, as `inspect` shows it."""
    page = "<html><head><title>{}</title></head><body><article><p>The {} is shut.</p></article>"
    for name in ("pier", "quay"):
        (tmp_path / f"{name}.html").write_text(
            page.format(name.title(), name) + f"<nav>Menu of the {name}</nav>"
        )
    parser = FileParser(processes=processes, trace=True)
    with parser.parse(tmp_path, {"pier.html": None, "quay.html": None}) as outputs:
        texts = [
            [dropped.text for dropped in one.trace.dropped]
            for one in outputs
            if one.found is not None and one.trace is not None
        ]
    assert texts == [["Menu of the pier"], ["Menu of the quay"]]


def test_the_origins_of_moments_survive_the_pipe(tmp_path: Path) -> None:
    """A moment equals itself after JSON, although its zone is another object."""
    path = tmp_path / "a.html"
    path.write_text(
        '<head><meta property="article:published_time" content="2024-05-31T09:49:00+02:00"></head>'
        "<body><article><h1>Pier</h1><p>The pier is shut until May, the council said.</p></article>"
    )
    with FileParser(processes=1, trace=True).parse(tmp_path, {"a.html": None}) as outputs:
        one = next(outputs)
    assert isinstance(one.found, Article)
    assert one.trace is not None
    assert one.trace.origin("published", one.found.published) == "meta tags"


def test_memory_stays_flat(tmp_path: Path) -> None:
    """A file with thirty megabytes of articles is never in memory as a whole."""
    record = b'{"body": "' + b"word " * 20_000 + b'"}\n'
    path = tmp_path / "a.jsonl"
    path.write_bytes(record * 300)
    options = {"options": ParseOptions(), "limits": Limits(), "processes": 1}
    with closing(WorkerPool(tmp_path, {"a.jsonl": None}, **options)) as workers:
        outputs = workers.outputs()
        assert line(next(outputs).found) == "a.jsonl#1"
        time.sleep(1)
        assert 0 < sum(batch.size for batch in workers._begun) < 5 << 20
        assert sum(1 for _ in outputs) == 300
