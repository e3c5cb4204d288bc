"""The reference that is written from the code names everything that the code has."""

from __future__ import annotations

import re

import pytest
from docs.reference_pages import GENERATED, commands, with_generated
from docs.site_hooks import with_links
from typer.main import get_command

import pullquote
from doc_pages import DOCS
from pullquote.cli.commands import app
from pullquote.schema import errors
from pullquote.schema.file_limits import EditionBounds, Limits
from pullquote.schema.settings import Settings
from pullquote.web.api.endpoints import ENDPOINT_NAMES
from pullquote.web.http_api.app import PATHS

TROUBLES = (DOCS / "reference" / "troubleshooting.md").read_text(encoding="utf-8")


def test_every_mark_has_a_page_and_the_other_way_round() -> None:
    """Each generated part is on one page of the reference."""
    pages = (page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md"))
    marks = [
        mark for page in pages for mark in re.findall(r"^<!-- generated: (.*) -->$", page, re.M)
    ]
    assert sorted(marks) == sorted(GENERATED)


def test_every_command_and_option_is_listed() -> None:
    """The page has each command, and each of its options."""
    page = GENERATED["command-line"]()
    for name, command in commands(get_command(app)):
        part = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        missing = [one.opts[0] for one in command.params if one.opts[0] not in part.lower()]
        assert missing in ([], ["files"])  # it is shown as FILE...
        assert "Example: `pullquote" in part


def test_every_setting_is_listed() -> None:
    """The page has each setting and each field of a table, and no path of this machine."""
    page = GENERATED["settings"]()
    named = set(re.findall(r"^\| `([\w.]+)` \|", page, re.M))
    assert named == {
        *Settings.model_fields,
        *(f"limits.{name}" for name in Limits.model_fields),
        *(f"editions.{name}" for name in EditionBounds.model_fields),
    }
    assert str(Settings().cache) not in page


def test_every_endpoint_is_listed() -> None:
    """The page has each endpoint with the filters that it takes."""
    page = GENERATED["endpoints"]()
    assert re.findall(r"^### (\w+)$", page, re.M) == list(ENDPOINT_NAMES)
    assert page.count("| `sources` | `null` |") == 2


def test_every_parameter_of_the_api_is_listed() -> None:
    """The page has each path of the HTTP API, with what it takes."""
    page = GENERATED["api-parameters"]()
    assert re.findall(r"^### /api/v1/(\S+)$", page, re.M) == [path.name for path in PATHS]
    for path in PATHS:
        if path.takes is not None:
            assert all(f"| `{name}` |" in page for name in path.takes.model_fields)
    assert "The parameters are those of `/api/v1/ask`." in page


def test_the_fields_of_a_reply_are_listed() -> None:
    """The page has the fields of a reply and of a citation, with their types."""
    page = GENERATED["json-fields"]()
    assert "| `outcome` | `answer` or `possible` or `nothing` |" in page
    assert "| `quote` | text |" in page


def test_every_public_name_is_in_the_python_reference() -> None:
    """The page has each name of `pullquote.__all__`; it shows errors with their module."""
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^::: pullquote\.(\w+)$", page, re.M))
    assert named == {name for name in pullquote.__all__ if not hasattr(errors, name)}
    assert "\n::: pullquote.schema.errors\n" in page


ERRORS = [
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.PullquoteError) and name[0] != "_"
]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_explained(name: str) -> None:
    """The page on troubles names each error."""
    assert f"`{name}`" in TROUBLES or f"`pullquote.{name}`" in TROUBLES


def test_messages_are_those_of_the_errors() -> None:
    """Each heading of the page is a message in the code, with … for what differs."""
    package = DOCS.parent / "src" / "pullquote"
    schema = package / "schema"
    sources = [schema / f"{name}.py" for name in ("errors", "settings", "file_limits")]
    sources.append(package / "client" / "connection.py")
    code = " ".join(path.read_text(encoding="utf-8") for path in sources)
    messages = re.sub(r'"\s*f?"', "", code)
    for heading in re.findall(r"^### (.*)$", TROUBLES, re.M):
        for part in re.split("…|: ", heading):
            assert part.strip(" .,:") in messages, heading


def test_a_page_is_filled_in() -> None:
    """A mark is replaced, and the text around it stays."""
    filled = with_generated("Before.\n\n<!-- generated: endpoints -->\n\nAfter.")
    assert filled.startswith("Before.\n\n### ask")
    assert filled.endswith("\n\nAfter.")


def test_links_out_of_the_docs_are_relinked() -> None:
    """A link to a file with a page of its own leads there; of other files, the path is shown."""
    card = "[card](../../src/pullquote/base/models/README.md#encoder)"
    page = f"{card}, [code](../../Makefile), [a](b.md)"
    assert with_links(page, "how-to/x.md") == (
        "[card](../reference/model-card.md#encoder), code (`Makefile`), [a](b.md)"
    )
    mirrored = with_links("[size](../docs/how-to/scaling.md)", "reference/deployment.md")
    assert mirrored == "[size](../how-to/scaling.md)"
    assert (
        with_links("```\n[a](../../Makefile)\n```", "how-to/x.md")
        == "```\n[a](../../Makefile)\n```"
    )
