"""The command line, run in a process as a user runs it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

import forks
from pullquote import web
from pullquote.cli.commands import app
from pullquote.schema.settings import Settings

ROOT = Path(__file__).parents[2]
SEED = Path(__file__).parents[3] / "shared/data/seed/interpol-centre.txt"


PULLQUOTE = (sys.executable, "-m", "pullquote")


def run(
    *arguments: str, cwd: Path, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return forks.run(
        ["-m", "pullquote", *arguments],
        folder=cwd,
        environment={**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **environment},
        stdin=stdin,
        timeout=120,
    )


@pytest.fixture
def asked(sample_index: Path, tmp_path: Path):
    """A function that runs a command on the sample index, from another folder."""

    def ask(command: str, *arguments: str, stdin: str | None = None, **environment: str):
        where = ("--index", str(sample_index))
        return run(command, *arguments, *where, cwd=tmp_path, stdin=stdin, **environment)

    return ask


class TestAsk:
    def test_answered_question_exits_with_0_and_cites(self, asked):
        """An answer is printed with its article, role and characters."""
        result = asked("ask", "who agreed to the Interpol centre?")
        assert result.returncode == 0, result.stderr
        assert "strait-dispatch/2023-06-01-interpol-hub-thailand.md" in result.stdout
        assert "characters" in result.stdout

    def test_json_has_every_key_of_the_contract(self, asked):
        """`--json` gives the reply in the documented shape, and the quote is at its offsets."""
        reply = json.loads(asked("ask", "who agreed to the Interpol centre?", "--json").stdout)
        assert set(reply) == {
            "id",
            "question",
            "kind",
            "searched_for",
            "corrections",
            "outcome",
            "abstained",
            "answers",
            "values",
            "as_of",
            "index_progress",
            "generation",
            "searched",
            "took_ms",
        }
        answer = reply["answers"][0]
        assert set(answer) == {
            "text", "confidence", "sources", "citations", "first_reported", "last_reported",
            "status", "correction",
        }  # fmt: skip
        citation = answer["citations"][0]
        assert set(citation) >= {
            "article", "title", "published", "source", "role", "author",
            "start", "end", "quote", "sentence",
        }  # fmt: skip
        article = json.loads(asked("show", citation["article"], "--json").stdout)
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]

    def test_question_far_from_the_corpus_exits_with_3(self, asked):
        """Abstaining has its own exit status, and `answers` is still there."""
        result = asked("ask", "boiling point of tungsten", "--json")
        assert result.returncode == 3
        assert json.loads(result.stdout)["abstained"] is True
        assert isinstance(json.loads(result.stdout)["answers"], list)

    def test_quote_is_one_line_for_a_program(self, asked):
        """In a pipe no quote is wrapped or padded, however narrow the window, so grep finds it."""
        question = ("ask", "who agreed to the Interpol centre?")
        quote = json.loads(asked(*question, "--json").stdout)["answers"][0]["text"]
        lines = asked(*question, COLUMNS="20").stdout.splitlines()
        assert len(quote) > 20
        assert lines[0] == quote
        assert re.fullmatch(r"  [a-z ]+ · confidence 0\.\d\d", lines[1])
        assert [line for line in lines if line != line.rstrip()] == []

    def test_locale_does_not_limit_the_output(self, sample_index, tmp_path):
        """Output is UTF-8 even if standard output is ASCII."""
        result = subprocess.run(
            [*PULLQUOTE, "retrieve", "ferry terminal", "--index", str(sample_index)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert " · " in result.stdout


class TestQuestions:
    def test_file_of_questions_gives_a_line_for_each_in_order(self, asked):
        """Ids are returned unchanged, in order; a bad line gets an error and status 1."""
        lines = '{"id": "b", "question": "who won the gig race?"}\n{"id": 7}\n\n'
        lines += '{"id": 2, "question": "what did the terminal cost?"}\n'
        result = asked("ask", "--questions", "-", "--json", stdin=lines)
        replies = [json.loads(line) for line in result.stdout.splitlines()]
        assert [reply["id"] for reply in replies] == ["b", 7, 2]
        assert replies[1]["error"] == "question: Field required"
        assert result.returncode == 1

    def test_file_with_a_byte_order_mark_is_read(self, asked, tmp_path):
        """A file with Windows' byte order mark and line ends is read."""
        file = tmp_path / "questions.jsonl"
        file.write_bytes(b'\xef\xbb\xbf{"id": 1, "question": "who won the gig race?"}\r\n')
        result = asked("ask", "--questions", str(file), "--json")
        assert result.returncode == 0, result.stdout
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1]

    def test_bad_line_spoils_no_other(self, asked, tmp_path):
        """Lines without JSON, UTF-8 or a question get errors; the last line is answered."""
        file = tmp_path / "questions.jsonl"
        good = b'{"id": "d", "question": "who won the gig race?"}'
        file.write_bytes(b'nothing\n\xff\xfe\n{"id": "c", "question": " "}\n' + good)
        result = asked("ask", "--questions", str(file), "--json")
        replies = [json.loads(line) for line in result.stdout.splitlines()]
        errors = [reply.get("error", "") for reply in replies]
        assert [reply["id"] for reply in replies] == [None, None, "c", "d"]
        assert [error[:12] for error in errors] == [
            "Invalid JSON", "Invalid JSON", "The question", "",
        ]  # fmt: skip
        assert "pydantic" not in result.stdout
        assert result.returncode == 1


class TestFilters:
    def test_filters_narrow_to_a_source_and_a_day(self, asked):
        """Only articles of that source and day may answer."""
        options = ("--source", "harbour post", "--from", "2024-05-01", "--to", "2024-05-31")
        result = asked("retrieve", "parking charge seafront", *options, "--json")
        hits = json.loads(result.stdout)["hits"]
        assert hits
        assert {hit["source"] for hit in hits} == {"Harbour Post"}
        assert all(hit["published"].startswith("2024-05") for hit in hits)

    def test_filters_narrow_to_a_language_and_a_kind(self, asked):
        """Several kinds widen the filter."""
        options = ("--language", "en", "--kind", "report", "--kind", "satire")
        assert json.loads(asked("retrieve", "the harbour", *options, "--json").stdout)["hits"]

    @pytest.mark.parametrize("command", ["ask", "retrieve"])
    @pytest.mark.parametrize(
        ("options", "output"),
        [
            (("--source", "Harbor Post"), "Did you mean 'Harbour Post'?"),
            (("--language", "fr"), "The corpus has no language 'fr'."),
            (("--kind", "opinion"), "No passage passes these filters: kinds opinion."),
        ],
    )
    def test_filters_that_no_article_passes_are_explained(self, asked, command, options, output):
        """Nothing was searched, so this is an error and not a missing answer."""
        result = asked(command, "the harbour", *options)
        assert result.returncode == 1
        assert output in " ".join(result.stderr.split())

    @pytest.mark.parametrize(
        ("options", "months"),
        [
            (("--from", "2024-05", "--to", "2024-05"), {"2024-05"}),
            (("--from", "2023", "--to", "2023"), {"2023-06"}),
            (("--from", "2024-03-22", "--to", "2024-04-12"), {"2024-03", "2024-04"}),
        ],
    )
    def test_month_or_year_stands_for_all_its_days(self, asked, options, months):
        """`--from` takes its first day and `--to` its last."""
        hits = json.loads(asked("retrieve", "the harbour", *options, "--json").stdout)["hits"]
        assert {hit["published"][:7] for hit in hits} == months

    @pytest.mark.parametrize("typed", ["2024-5", "31 May 2024", "2024-02-30", "0000", "2024-13"])
    def test_other_dates_are_refused_with_how_to_write_them(self, asked, typed):
        """Other text is wrong usage, and the message shows the three formats."""
        result = asked("retrieve", "the harbour", "--from", typed)
        assert result.returncode == 2
        assert f"'{typed}' is not a date" in result.stderr
        assert "2024-05-31, 2024-05 or 2024" in " ".join(result.stderr.split())

    def test_comments_answer_only_when_asked_for(self, asked):
        """Without --comments no hit is a reader's comment; with it some are, with their author."""
        question = "what do readers say about the ferry terminal slipway?"
        without = json.loads(asked("retrieve", question, "--json").stdout)["hits"]
        with_them = json.loads(asked("retrieve", question, "--comments", "--json").stdout)["hits"]
        assert "comment" not in {hit["role"] for hit in without}
        assert "comment" in {hit["role"] for hit in with_them}


class TestErrors:
    def test_missing_index_names_the_command_to_run(self, tmp_path):
        """Asking before building ends with status 1, and standard error says how to build."""
        result = run("ask", "who?", "--index", "nowhere", cwd=tmp_path)
        assert result.returncode == 1
        assert "pullquote rebuild-index" in result.stderr
        assert "Traceback" not in result.stderr
        assert result.stdout == ""

    def test_missing_corpus_is_named(self, tmp_path):
        """The error has the name of the missing corpus folder."""
        result = run("rebuild-index", "--corpus", "gone", cwd=tmp_path)
        assert result.returncode == 1
        assert "gone" in result.stderr

    def test_unknown_article_suggests_the_nearest(self, asked):
        """The error for a mistyped id suggests the most similar one."""
        result = asked("show", "harbour-post/2024-03-14-ferry-terminal-delai.md")
        assert result.returncode == 1
        assert "harbour-post/2024-03-14-ferry-terminal-delay.md" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "output"),
        [
            (("",), "empty"),
            (("x" * 1001,), "1001 characters"),
            (("who?", "--from", "2024-02-01", "--to", "2024-01-01"), "is later than"),
            ((), "QUESTION"),
            (("--questions", "gone.jsonl", "--json"), "gone.jsonl"),
            (("--questions", "gone.jsonl"), "--json"),
        ],
    )
    def test_bad_question_or_option_is_explained(self, asked, arguments, output):
        """Each bad input gets status 1 and a message with the value."""
        result = asked("ask", *arguments)
        assert result.returncode == 1
        assert output in result.stderr
        assert "Traceback" not in result.stderr

    def test_bad_setting_in_the_environment_is_explained(self, tmp_path, monkeypatch):
        """A setting that cannot be used is named."""
        monkeypatch.setenv("PULLQUOTE_HITS", "many")
        result = run("ask", "who?", cwd=tmp_path)
        assert result.returncode == 1
        assert "hits" in result.stderr


class TestEnd:
    def test_reader_that_has_seen_enough_ends_it_quietly(self, sample_index, tmp_path):
        """`pullquote show … | head -1` leaves nothing on standard error."""
        read, write = os.pipe()
        os.close(read)
        article = "harbour-post/2024-03-14-ferry-terminal-delay.md"
        done = subprocess.run(
            [*PULLQUOTE, "show", article, "--index", str(sample_index)],
            cwd=tmp_path,
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
        os.close(write)
        assert done.stderr == b""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    @pytest.mark.parametrize("more", [(), ("--json",)])
    def test_full_disk_is_one_line_of_error(self, sample_index, tmp_path, more):
        """Output that cannot be written is an error with status 1."""
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*PULLQUOTE, "ask", "who won?", "--index", str(sample_index), *more],
                cwd=tmp_path,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=120,
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            "error: Reading or writing failed: [Errno 28] No space left on device"
        ]

    @pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a console, not a process")
    def test_interrupt_ends_it_with_130(self, sample_index, tmp_path):
        """Ctrl-C stops a command without a traceback."""
        command = ("ask", "--questions", "-", "--json", "--index", str(sample_index))
        with subprocess.Popen(
            [*PULLQUOTE, *command],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            assert running.stdin is not None
            assert running.stdout is not None
            running.stdin.write('{"question": "who won the gig race?"}\n')
            running.stdin.flush()
            running.stdout.readline()
            running.send_signal(signal.SIGINT)
            output = running.stderr.read()
        assert running.returncode == 130
        assert output == "Stopped.\n"


class TestRebuild:
    def test_unreadable_file_is_a_warning_and_strict_makes_it_an_error(self, tmp_path):
        """The rest is indexed; the file is named with its reason; --strict exits with 1."""
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "good.txt").write_text("Bridge opens\n\nThe bridge opened on Monday.\n")
        (corpus / "bad.md").write_text("---\ntitle: [\n---\ntext\n")
        lenient = run("rebuild-index", "--json", cwd=tmp_path)
        report = json.loads(lenient.stdout)
        assert lenient.returncode == 0
        assert report["added"] == 1
        assert [failure["path"] for failure in report["failed"]] == ["bad.md"]
        strict = run("rebuild-index", "--strict", cwd=tmp_path)
        assert strict.returncode == 1
        assert "bad.md" in strict.stderr
        assert "No changes, 1 failed. 1 article, " in strict.stdout

    def test_report_counts_what_a_second_run_did(self, tmp_path):
        """If nothing changed, nothing is embedded and the generation stays."""
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "a.txt").write_text("Bridge opens\n\nThe bridge opened on Monday.\n")
        first = json.loads(run("rebuild-index", "--json", cwd=tmp_path).stdout)
        again = json.loads(run("rebuild-index", "--json", cwd=tmp_path).stdout)
        assert (first["added"], first["embedded"]) == (1, 1)
        assert (again["unchanged"], again["embedded"]) == (1, 0)
        assert again["generation"] == first["generation"]


@pytest.mark.parametrize("command", ["rebuild-index", "ask", "retrieve", "show", "serve"])
def test_help_of_every_command_has_an_example(command, tmp_path):
    """`--help` of every command has an example."""
    result = run(command, "--help", cwd=tmp_path)
    assert result.returncode == 0
    assert f"pullquote {command}" in result.stdout.partition("Example:")[2]


def test_help_names_every_exit_status_of_ask(tmp_path):
    """They are 0, 1 and 3, and 2 for wrong usage."""
    output = " ".join(run("ask", "--help", cwd=tmp_path).stdout.split())
    assert "0 an answer or a possible one, 3 no answer in the corpus, 1 error" in output
    assert run("ask", "--no-such-option", cwd=tmp_path).returncode == 2


def test_help_shows_the_defaults_of_the_settings(tmp_path):
    """The defaults in `--help` are those of Settings."""
    output = run("serve", "--help", cwd=tmp_path).stdout
    for name in ("corpus", "index", "host", "port"):
        assert f"[default: {Settings.model_fields[name].default}]" in output


def test_serve_can_leave_the_index_as_it_is(monkeypatch):
    """Without the option the setting decides."""
    origin = []
    monkeypatch.setattr(web, "serve", lambda settings, **_: origin.append(settings.update_at_start))
    monkeypatch.setenv("PULLQUOTE_UPDATE_AT_START", "true")
    for options in ([], ["--without-update"]):
        CliRunner().invoke(app, ["serve", *options], catch_exceptions=False)
    assert origin == [True, False]


def test_version_is_that_of_the_package(tmp_path):
    """`--version` prints the installed version."""
    result = run("--version", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"pullquote {version('pullquote')}\n")


def test_help_loads_no_search_engine(tmp_path):
    """`--help` is quick: it loads neither FAISS nor numpy."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *PULLQUOTE[1:], "--help"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pullquote.cli.terminal" in loaded
    assert not loaded & {"faiss", "numpy", "torch", "tantivy", "onnxruntime", "gradio"}


@pytest.fixture(scope="module")
def seed_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seed")
    (folder / "corpus").mkdir()
    (folder / "corpus" / SEED.name).write_bytes(SEED.read_bytes())
    done = run("rebuild-index", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


class TestInspect:
    def test_it_says_how_a_file_is_read(self, tmp_path: Path):
        """It prints the known metadata, and each block with its role and position."""
        page = (
            "---\ntitle: Late ferry\nauthor: Ida Roe\ndate: 2024-03-14\n---\nThe ferry was late.\n"
        )
        (tmp_path / "ferry.md").write_text(page)
        result = run("inspect", "ferry.md", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        output = [" ".join(line.split()) for line in result.stdout.splitlines()]
        origin = "(the file's fields)"
        assert {
            f"title Late ferry {origin}",
            f"authors Ida Roe {origin}",
            f"published 2024-03-14 {origin}",
        } <= set(output)
        assert output[output.index("text 24-43") + 1] == "The ferry was late."
        assert not any(line.startswith(("section", "url")) for line in output)
        found = json.loads(run("inspect", "ferry.md", "--json", cwd=tmp_path).stdout)
        assert set(found) == {"file", "articles", "more", "failed"}
        [article] = found["articles"]
        assert (article["id"], article["title"]) == ("ferry.md", "Late ferry")
        assert article["origins"]["authors"] == "the file's fields"
        assert list(tmp_path.iterdir()) == [tmp_path / "ferry.md"]

    def test_unreadable_file_is_reported(self, tmp_path: Path):
        """The reason is printed without a traceback."""
        (tmp_path / "ferry.txt").write_bytes(b"")
        result = run("inspect", "ferry.txt", cwd=tmp_path)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.startswith("error: ferry.txt: ")

    def test_text_left_out_is_shown_with_its_reason(self, tmp_path: Path):
        """The reason shows which element name caused a missing paragraph."""
        prose = f"<p>{'The ferry was late again on Monday, and nobody could say why. ' * 4}</p>"
        promo = "<div class='promo'><a href='win'>Win a trip!</a></div>"
        page = f"<body><h1>Late ferry</h1>{prose}{promo}</body>"
        (tmp_path / "ferry.html").write_text(page)
        output = run("inspect", "ferry.html", cwd=tmp_path).stdout.splitlines()
        assert output[output.index("left out: 1 part of the file") :][1:3] == [
            '  page boilerplate: <div class="promo">',
            "    Win a trip!",
        ]
        found = json.loads(run("inspect", "ferry.html", "--json", cwd=tmp_path).stdout)
        assert found["articles"][0]["left_out"] == [
            {"text": "Win a trip!", "reason": 'page boilerplate: <div class="promo">'}
        ]

    def test_of_many_articles_the_first_are_shown(self, tmp_path: Path):
        """The others are counted; one is shown by its id, with or without the name of the file."""
        lines = (json.dumps({"title": f"Title {k}", "body": f"Body {k}."}) for k in range(1, 6))
        (tmp_path / "dump.jsonl").write_text("\n".join(lines) + "\n[1]\n")
        result = run("inspect", "dump.jsonl", "-n", "2", cwd=tmp_path)
        shown = [line for line in result.stdout.splitlines() if line.startswith("Body")]
        assert shown == ["Body 1.", "Body 2."]
        assert "has 3 more articles" in result.stderr
        assert "not read: dump.jsonl#6: " in result.stderr
        for id in ("dump.jsonl#4", "4"):
            found = json.loads(
                run("inspect", "dump.jsonl", "--json", "--article", id, cwd=tmp_path).stdout
            )
            assert [article["title"] for article in found["articles"]] == ["Title 4"]
        result = run("inspect", "dump.jsonl", "--article", "dump.jsonl#44", cwd=tmp_path)
        assert result.returncode == 1
        assert "no article 'dump.jsonl#44'" in result.stderr
        assert "dump.jsonl#4" in result.stderr.partition("such as")[2]


class TestIndexCommands:
    def test_dry_run_shows_changes_and_makes_none(self, tmp_path):
        """The changes are printed, and no index is made."""
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus/tide.md").write_text("The tide.")
        result = run("rebuild-index", "--dry-run", cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert "1 added, 0 changed" in result.stdout
        assert "+ tide.md" in result.stdout
        found = json.loads(run("rebuild-index", "--dry-run", "--json", cwd=tmp_path).stdout)
        assert found["changes"]["added"] == ["tide.md"]
        assert not (tmp_path / "index").exists()

    def test_a_rebuild_that_would_empty_the_index_stops(self, tmp_path):
        """A mistyped --corpus or an empty folder is refused; `--json` has the facts."""
        (tmp_path / "corpus").mkdir()
        (tmp_path / "other").mkdir()
        for n in range(12):
            (tmp_path / f"corpus/a{n:02}.md").write_text(f"Boat number {n} left.")
        assert run("rebuild-index", cwd=tmp_path).returncode == 0
        mistyped = run("rebuild-index", "--corpus", "other", cwd=tmp_path)
        assert (mistyped.returncode, mistyped.stdout) == (1, "")
        assert "12 of its 12 articles (a00.md, a01.md" in mistyped.stderr
        assert "--new-corpus" in mistyped.stderr
        for path in (tmp_path / "corpus").iterdir():
            path.unlink()
        dry = run("rebuild-index", "--dry-run", cwd=tmp_path)
        assert dry.returncode == 0
        assert "It would be refused: The index at index was not changed" in dry.stderr
        assert run("rebuild-index", "--dry-run", "--strict", cwd=tmp_path).returncode == 1
        stopped = run("rebuild-index", "--json", cwd=tmp_path)
        assert stopped.returncode == 1
        facts = json.loads(stopped.stdout)
        assert (facts["error"], facts["removed"], facts["articles"]) == ("RemovalsRefused", 12, 12)
        assert facts["message"] in stopped.stderr
        assert json.loads(run("stats", "--json", cwd=tmp_path).stdout)["articles"] == 12
        allowed = run("rebuild-index", "--allow-removals", "--json", cwd=tmp_path)
        assert json.loads(allowed.stdout)["removed"] == 12

    def test_an_empty_index_is_an_error_and_no_silence(self, tmp_path):
        """`ask` and `retrieve` name the folder; commands that manage the index still work."""
        (tmp_path / "corpus").mkdir()
        assert run("rebuild-index", cwd=tmp_path).returncode == 0
        for command in ("ask", "retrieve"):
            result = run(command, "who won?", "--json", cwd=tmp_path)
            assert (result.returncode, result.stdout) == (1, "")
            assert f"has no articles. It was built from {tmp_path / 'corpus'}" in result.stderr
        for command in ("stats", "doctor", "rebuild-index"):
            assert run(command, cwd=tmp_path).returncode == 0
        (tmp_path / "corpus/a.md").write_text("Ida Roe won the race.")
        run("rebuild-index", cwd=tmp_path)
        assert run("ask", "who won the race?", cwd=tmp_path).returncode == 0

    def test_stats_count_the_sample(self, asked):
        """The text and the JSON have the same figures."""
        assert "articles         30 (" in asked("stats").stdout
        found = json.loads(asked("stats", "--json").stdout)
        assert (found["articles"], sum(found["sources"].values())) == (30, 30)
        assert sum(found["roles"].values()) == found["passages"]

    def test_doctor_finds_a_sound_index_sound_and_a_damaged_one_not(self, sample_index, tmp_path):
        """Damage gives status 1 and the repair command; the previous generation answers."""
        index = shutil.copytree(sample_index, tmp_path / "index")
        assert run("doctor", cwd=tmp_path).returncode == 0
        again = ("rebuild-index", "--force", "--corpus", str(ROOT / "corpus"))
        run(*again, cwd=tmp_path)
        name = (index / "CURRENT").read_text().split()[0]
        [vectors] = (index / "generations" / name).glob("segments/*/vectors.f32")
        vectors.write_bytes(b"")
        sick = run("doctor", cwd=tmp_path)
        assert sick.returncode == 1
        assert "BAD" in sick.stdout
        assert "repair it with: pullquote doctor --repair --index index" in sick.stdout
        answered = run("ask", "who agreed to the Interpol centre?", cwd=tmp_path)
        assert answered.returncode == 0
        assert "from the previous generation of the index" in answered.stderr
        repaired = run("doctor", "--repair", cwd=tmp_path)
        assert repaired.returncode == 0, repaired.stdout
        assert "damaged" not in run("ask", "who won?", cwd=tmp_path).stderr

    @pytest.mark.parametrize("asks", [signal.SIGTERM, signal.SIGINT])
    def test_watch_follows_the_folder_until_a_signal(self, tmp_path, asks):
        """It prints a line of JSON for each rebuild; the exit status names the signal."""
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus/tide.md").write_text("The tide.")
        with subprocess.Popen(
            [*PULLQUOTE, "rebuild-index", "--watch", "--json"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            first = json.loads(running.stdout.readline())
            (tmp_path / "corpus/pier.md").write_text("The pier.")
            second = json.loads(running.stdout.readline())
            running.send_signal(asks)
            _, output = running.communicate(timeout=60)
        assert (first["added"], second["added"], second["unchanged"]) == (1, 1, 1)
        assert (running.returncode, output) == (128 + asks, "Stopped.\n")

    def test_watch_goes_with_no_single_rebuild(self, tmp_path):
        """Options for a single rebuild are refused."""
        result = run("rebuild-index", "--watch", "--dry-run", cwd=tmp_path)
        assert result.returncode == 1
        assert "--watch cannot be combined with" in result.stderr


@pytest.mark.skipif(not SEED.exists(), reason="the seed article is not part of the project")
class TestSeedPage:
    def test_main_question_is_answered_from_the_page(self, seed_folder):
        """The best answer is the deputy national police chief, verbatim at its offsets."""
        result = run("ask", "who agreed to the Interpol centre?", "--json", cwd=seed_folder)
        assert result.returncode == 0
        best = json.loads(result.stdout)["answers"][0]
        assert "deputy national police chief" in best["text"] or "Surachate" in best["text"]
        citation = best["citations"][0]
        text = SEED.read_text(encoding="utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"] == best["text"]
        assert (citation["source"], citation["published"]) == (
            "Bangkok Post",
            "2023-05-31T09:49:00",
        )

    def test_comment_speaks_only_when_asked_for(self, seed_folder):
        """Reader comments are left out, or labelled as comments with their author."""
        question = "what did Capricornball say?"
        without = json.loads(run("ask", question, "--json", cwd=seed_folder).stdout)
        with_them = run("ask", question, "--comments", "--json", cwd=seed_folder)
        roles = {c["role"] for a in without["answers"] for c in a["citations"]}
        assert "comment" not in roles
        best = json.loads(with_them.stdout)["answers"][0]["citations"][0]
        assert (best["role"], best["author"]) == ("comment", "Capricornball")
