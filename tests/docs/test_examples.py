"""The examples of all pages, and of the README, are right.

A page's examples run in order, in the folder that the README's "Try it" leaves: the sample articles
as `corpus`, with their index. Beside them are one's own articles, a copy of the sample, as
`articles`, and the few files that examples name. README, start and how-to pages also run one after
another, each in the folder that the page before left.

A comment `<!-- not run: REASON -->` above a block leaves it out; its commands must still exist,
with these options. After `<!-- printed by the command above -->` comes a part of the output of the
last command.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cases import walk
from doc_pages import DOCS, ROOT, Example, all_pages, examples, name_of
from pullquote.cli.commands import app
from pullquote.schema.settings import Settings

ALL = list(examples())
RUN = ("", "sh", "python")
"""Languages of the examples that are run; those without a name are shell commands."""

PAGES = [
    page
    for page in all_pages()
    if any(one.page == page and one.language in RUN and not one.not_run for one in ALL)
]
ELSEWHERE = {
    "docs/explanation/values.md": "tests/values/test_docs.py",
    "docs/how-to/backends.md": "tests/backends/test_third_party.py",
    "docs/how-to/frameworks.md": "tests/integrations/test_frameworks_docs.py",
    "docs/how-to/programs.md": "tests/test_serving_docs.py",
    "docs/reference/http-api.md": "tests/test_http_api_docs.py",
}
"""Pages whose Python and shell examples another test runs, because they need more than a folder."""

OF_OTHERS = ("docs/how-to/backends.md",)
"""Pages whose TOML belongs to another program's file."""

SAVED = "pullquote-2024-05-31.json"
DRAFT = "“It was gravel, for two metres,” said Rosalind Achterberg. “Under that it was stone.”\n"
PAGE = """<html><head><title>Bridge closes</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>Bridge closes</h1><p>The swing bridge will close for six weeks from Monday, the harbour
trust said. Engineers found cracks in two of its four bearings in March.</p></article></body></html>
"""
QUESTIONS_OF_A_GRID = "who resigned as council leader?\nhow many people marched?\n"
IDS = "harbour-post/2024-02-10-cannery-march.md\ncorrow-courier/2024-06-05-thackray-resigns.txt\n"


def arguments_of(command: str) -> list[str]:
    """The arguments of a command, up to a pipe, a redirection or a remark."""
    words = shlex.split(command, comments=True)
    ends = [place for place, word in enumerate(words) if word in ("|", ">", ">>", "&")]
    return words[1 : min(ends, default=len(words))]


def commands_of(example: Example) -> list[str]:
    """The commands of a shell example, without the settings in front of them."""
    lines = example.code.replace("\\\n", " ").splitlines()
    found = (
        re.search(r"(?:^|\| )(?:[A-Z_]+=(?:'[^']*'|\S*) )*(pullquote [a-z].*)$", line)
        for line in lines
    )
    return [match[1] for match in found if match]


@pytest.fixture(scope="module")
def prepared(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that examples name."""
    folder = tmp_path_factory.mktemp("examples")
    for name in ("corpus", "articles"):  # copies: an index of one is not an index of the other
        shutil.copytree(ROOT / "corpus", folder / name)
    shutil.copytree(sample_index, folder / "index")
    gold = (ROOT / "tests" / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {
        "story.md": DRAFT,
        "page.html": PAGE,
        "gold.jsonl": "\n".join(gold[:12]),
        "other.jsonl": "\n".join(gold[12:18]),
        "questions.txt": QUESTIONS_OF_A_GRID,
        "ids.txt": IDS,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, which is the working folder."""
    copy = tmp_path / "work"
    shutil.copytree(prepared, copy)
    monkeypatch.chdir(copy)
    return copy


@pytest.fixture
def tried(folder: Path) -> Path:
    """The working folder after "Try it": the index is one of its own folder `corpus`."""
    run(["rebuild-index", "--corpus", "corpus", "--index", "index", "--new-corpus"])
    return folder


def run(arguments: list[str], given: str = "") -> str:
    """Run a command in this process; it may end with "nothing found" or "not all are exact"."""
    done = CliRunner().invoke(app, arguments, input=given)
    assert done.exit_code in (0, 3), (arguments, done.output, done.exception)
    return done.output


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            page, id=name_of(page), marks=() if page == ROOT / "README.md" else pytest.mark.slow
        )
        for page in PAGES
    ],
)
def test_the_examples_of_a_page_run(page: Path, tried: Path) -> None:
    """A page's examples run unchanged after "Try it"."""
    if name_of(page) in ELSEWHERE:
        assert (ROOT / ELSEWHERE[name_of(page)]).exists()
    else:
        run_page(page, tried)


@pytest.mark.slow
def test_the_pages_run_one_after_another(tried: Path) -> None:
    """Each page's examples also run in the folder that the pages before it left."""
    for page in in_reading_order():
        run_page(page, tried)


def in_reading_order() -> list[Path]:
    """The README, and the start and how-to pages that run here, in the order of the site."""
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = [DOCS / name for name in re.findall(r"((?:start|how-to)/[\w-]+\.md)", site)]
    return [
        page
        for page in (ROOT / "README.md", *listed)
        if page in PAGES and name_of(page) not in ELSEWHERE
    ]


def run_page(page: Path, folder: Path) -> None:
    """Run the Python and shell examples of a page in order, and compare what they print."""
    if SAVED in page.read_text(encoding="utf-8"):
        (folder / SAVED).write_text(run(["ask", "who resigned?", "--json"]), encoding="utf-8")
    if "story.docx" in page.read_text(encoding="utf-8"):
        run(["check", "story.md", "--docx", "story.docx"])
    session: dict[str, object] = {}
    printed = ""
    for example in ALL:
        if example.page == page and not example.not_run:
            if example.language == "python":
                exec(compile(example.code, str(example), "exec"), session)  # noqa: S102
            elif example.language in ("", "sh"):
                for command in commands_of(example):
                    printed = run(arguments_of(command), given=DRAFT)
            elif example.is_printed:
                assert " ".join(example.code.split()) in " ".join(printed.split()), str(example)


SHELL = [
    (one, command) for one in ALL if one.language in ("", "sh") for command in commands_of(one)
]


def test_a_command_exists(folder: Path) -> None:
    """Each command of a shell example has this name and takes these options."""
    for saved in ("interpol.zip", SAVED):
        (folder / saved).touch()
    group = get_command(app)

    def parse(command: str) -> None:
        name, *arguments = arguments_of(command)
        with group.commands[name].make_context(name, arguments) as context:  # type: ignore[attr-defined]
            assert context.params

    walk(((f"{example}: {command}", command) for example, command in SHELL), parse)


@pytest.mark.parametrize(
    "name", sorted({name for one in ALL for name in re.findall(r"PULLQUOTE_([A-Z_]+)=", one.code)})
)
def test_a_variable_is_a_setting(name: str) -> None:
    """Each environment variable of an example sets a setting that exists."""
    assert name.lower().partition("__")[0] in {*Settings.model_fields, "milvus_at"}  # of the tests


@pytest.mark.parametrize(
    "example",
    [one for one in ALL if one.language == "toml" and name_of(one.page) not in OF_OTHERS],
    ids=str,
)
def test_settings_are_taken(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings in each example of pullquote.toml exist and take effect."""
    (tmp_path / "pullquote.toml").write_text(example.code, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    given = tomllib.loads(example.code)
    assert Settings().model_dump(include=set(given), exclude_unset=True, mode="json") == given


@pytest.mark.parametrize("example", [one for one in ALL if one.language == "json"], ids=str)
def test_json_can_be_read(example: Example) -> None:
    """An example of JSON is an object, or has one in each line."""
    one = example.code.startswith("{\n")
    texts = [example.code] if one else example.code.splitlines()
    assert all(isinstance(json.loads(text), dict) for text in texts)


@pytest.mark.parametrize(
    "target",
    sorted({name for one in ALL for name in re.findall(r"^make ([\w-]+)", one.code, re.M)}),
)
def test_a_make_target_exists(target: str) -> None:
    """Every `make` target of an example exists."""
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, check=True, capture_output=True)  # noqa: S607


def test_every_command_is_in_the_overview_and_the_other_way_round() -> None:
    """The table of commands in the reference is the list of commands."""
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `pullquote ([\w-]+)", page, flags=re.M))
    listed = CliRunner().invoke(app, ["--help"]).output
    assert named == {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    assert all(command in listed for command in named)
