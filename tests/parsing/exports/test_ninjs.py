"""The field values of items in ninjs 1 to 3."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pullquote.parsing.exports.records import is_ninjs
from pullquote.schema import Status
from reading import articles, as_json, outcomes, outline

FIRST = {
    "uri": "https://tna.example/items/1",
    "type": "text",
    "version": "3",
    "versioncreated": "2024-05-31T10:00:00Z",
    "firstcreated": "2024-05-31T09:49:00Z",
    "pubstatus": "usable",
    "language": "en",
    "byline": "By Ida Roe",
    "headline": "Pier shut",
    "located": "Corrow",
    "subject": [{"name": "Transport", "code": "x"}, {"name": "Rust"}],
    "infosource": [{"name": "TNA"}],
    "description_text": "It rusts.",
    "body_text": "The pier is shut. Till May.",
    "body_xhtml": "<p>The pier is shut.</p><p>Till May.</p>",
    "body_charcount": 27,
}
THIRD = {
    "uri": "urn:newsml:tna.example:2",
    "version": "4",
    "versionCreated": "2024-05-31T10:00:00Z",
    "firstCreated": "2024-05-31T09:49:00Z",
    "pubStatus": "usable",
    "language": "en",
    "headlines": [{"role": "short", "value": "Shut"}, {"role": "main", "value": "Pier shut"}],
    "descriptions": [{"role": "text", "contentType": "text/plain", "value": "It rusts."}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "The pier is shut. Till May."},
        {"role": "rich", "contentType": "application/xhtml+xml", "value": FIRST["body_xhtml"]},
    ],
    "by": "By Ida Roe",
    "located": "Corrow",
    "subjects": [{"name": "Transport", "uri": "x"}, {"name": "Rust"}],
    "infoSources": [{"name": "TNA"}],
}
SECOND = {name.lower(): value for name, value in THIRD.items()}


@pytest.mark.parametrize("item", [FIRST, SECOND, THIRD])
def test_an_item_of_any_version(item: dict[str, object]) -> None:
    """The main headline and the form of the body with paragraphs are used."""
    [article] = articles("tna/1.json", as_json(item))
    assert outline(article) == [
        ("headline", "Pier shut"),
        ("standfirst", "It rusts."),
        ("byline", "By Ida Roe"),
        ("body", "The pier is shut."),
        ("body", "Till May."),
    ]
    assert (article.item, article.revision) == (item["uri"], int(str(item["version"])))
    assert (article.source, article.place, article.section) == ("TNA", "Corrow", "Transport")
    assert article.tags == ("Transport", "Rust")
    assert article.published == datetime(2024, 5, 31, 9, 49, tzinfo=UTC)
    assert article.modified == datetime(2024, 5, 31, 10, tzinfo=UTC)
    assert article.url == (item["uri"] if item is FIRST else None)


@pytest.mark.parametrize("status", ["usable", "withheld", "canceled"])
@pytest.mark.parametrize("name", ["pubstatus", "pubStatus"])
def test_the_publishing_status_of_an_item(name: str, status: str) -> None:
    """A withheld item without text is still an article."""
    item = {"uri": "urn:1", name: status, "embargoed": "2030-01-01T00:00:00Z", "headline": "Gone"}
    text = {"body_text": "Words."} if status == "usable" else {}
    [article] = articles("a.json", as_json({**item, **text}))
    assert article.status == Status(status)
    assert article.embargoed == datetime(2030, 1, 1, tzinfo=UTC)


def test_items_in_lines_of_a_log() -> None:
    """Each has its URI in its id; a picture without text fails alone."""
    picture = {"uri": "urn:3", "type": "picture", "versioncreated": "2024-05-31T10:00:00Z"}
    content = b"".join(map(as_json, (FIRST, picture, THIRD)))
    found = outcomes("log.jsonl", content)
    assert (found[0], found[2]) == (
        "log.jsonl#https://tna.example/items/1",
        "log.jsonl#urn:newsml:tna.example:2",
    )
    assert found[1].startswith("log.jsonl#urn:3: it has no known field with text")


def test_people_with_the_role_of_an_author_replace_a_byline() -> None:
    """Other people of the item are ignored."""
    people = [{"rel": "about", "name": "Gull"}, {"rel": "author", "name": "Ida Roe"}]
    [article] = articles("a.json", as_json({"uri": "u", "body_text": "Words.", "people": people}))
    assert article.authors == ("Ida Roe",)


def test_other_records_are_not_ninjs() -> None:
    """A URI alone does not make a record a ninjs item."""
    assert not is_ninjs({"uri": "x", "title": "T", "body": "Words."})
    assert not is_ninjs({"headlines": [], "bodies": []})
    assert is_ninjs({"uri": "x", "bodies": []})
