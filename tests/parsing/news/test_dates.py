"""Date lines in the styles of newspapers, and lines that only look like them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullquote.base.dates.date_lines import PublicationDates, parse_moment, parse_publication_dates


def east(hours: float) -> timezone:
    """The time zone that many hours east of Greenwich."""
    return timezone(timedelta(hours=hours))


def at(*parts: int, zone: timezone | None = None) -> datetime:
    """A datetime from its parts, from year to second; naive without `zone`."""
    year, month, day, *clock = parts
    return datetime(year, month, day, *clock, tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wednesday 31 May 2023, 09:49AM", at(2023, 5, 31, 9, 49)),
        ("31 May 2023 - 14:45:40", at(2023, 5, 31, 14, 45, 40)),
        ("March 14, 2024 9:30 am", at(2024, 3, 14, 9, 30)),
        ("March 14, 2024 12:05 a.m.", at(2024, 3, 14, 0, 5)),
        ("Thursday, 22 August 2024, 8:30 pm", at(2024, 8, 22, 20, 30)),
        ("14 March 2024 at 9am", at(2024, 3, 14, 9, 0)),
        ("14.03.2024 09.30", at(2024, 3, 14, 9, 30)),
        ("14th of March 2024", date(2024, 3, 14)),
        ("Sept. 5, 2024", date(2024, 9, 5)),
        ("14-Mar-2024", date(2024, 3, 14)),
        ("14/03/2024", date(2024, 3, 14)),
        ("04/03/2024", date(2024, 3, 4)),
        ("03/14/2024", date(2024, 3, 14)),
        ("2024-03-14", date(2024, 3, 14)),
        ("2024-03-04", date(2024, 3, 4)),
        ("2024/03/14 09:30", at(2024, 3, 14, 9, 30)),
        ("2024-03-14T09:30:00Z", at(2024, 3, 14, 9, 30, zone=UTC)),
        ("2024-03-14 09:30 +07:00", at(2024, 3, 14, 9, 30, zone=east(7))),
        ("14 Mar 2024 09:30 GMT", at(2024, 3, 14, 9, 30, zone=UTC)),
        ("14 Mar 2024 09:30 BST", at(2024, 3, 14, 9, 30, zone=east(1))),
        ("14 Mar 2024 09:30 EST", at(2024, 3, 14, 9, 30, zone=east(-5))),
        ("14 Mar 2024 1300 GMT", at(2024, 3, 14, 13, 0, zone=UTC)),
        ("14 March 2024, 10:30 (GMT+7)", at(2024, 3, 14, 10, 30, zone=east(7))),
        ("14 March 2024 12:05 UTC+05:30", at(2024, 3, 14, 12, 5, zone=east(5.5))),
        ("Thu, 14 Mar 2024 09:30:00 -0800", at(2024, 3, 14, 9, 30, zone=east(-8))),
        ("10:02 AM EDT, Thu March 14, 2024", at(2024, 3, 14, 10, 2, zone=east(-4))),
        ("10:02 AM ET, Thu March 14, 2024", at(2024, 3, 14, 10, 2)),
        ("20240304", date(2024, 3, 4)),
        ("2024-03-04t10:00:00z", at(2024, 3, 4, 10, 0, zone=UTC)),
        ("4 de marzo de 2024", date(2024, 3, 4)),
        ("Lunes, 4 de marzo del 2024 - 09:30", at(2024, 3, 4, 9, 30)),
        ("4 mars 2024", date(2024, 3, 4)),
        ("jeudi 1er août 2024", date(2024, 8, 1)),
        ("4. März 2024", date(2024, 3, 4)),
        ("Montag, 4. DEZEMBER 2023, 10:00", at(2023, 12, 4, 10, 0)),
        ("4 maggio 2024", date(2024, 5, 4)),
        ("1º de março de 2024", date(2024, 3, 1)),
        ("5 ſeptember 2024", date(2024, 9, 5)),
    ],
)
def test_a_date_in_the_styles_of_newspapers(text: str, moment: datetime | date) -> None:
    """A day without a time stays a date; an ambiguous zone gives a naive time."""
    parsed = parse_moment(text)
    assert (type(parsed), parsed) == (type(moment), moment)
    zone = parsed.tzinfo if isinstance(parsed, datetime) else None
    assert (zone is None) == (not isinstance(moment, datetime) or moment.tzinfo is None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "May 2023",
        "Monday",
        "Saturday, 26 February",
        "1300 GMT",
        "10 12 2003 4",
        "31 June 2024",
        "2024-13-03",
        "20241303",
        "202403041",
        "marzo de 2024",
        "4 aprıl 2024",
        "14 March 2024 at 25:00",
        "14 March 2024 2025",
        "14 March 2024 was a cold day.",
        "On 14 March 2024",
        "The May 14, 2024 vote",
        "In 2024 the firm made 12 May 2023 its last day",
        "Updated menus at the cafe in 2024",
    ],
)
def test_a_part_of_a_date_or_a_sentence_is_not_a_date_line(text: str) -> None:
    """No missing part is filled in, and a date within a sentence is not a date line."""
    assert parse_publication_dates(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("14 March 2024", PublicationDates(published=date(2024, 3, 14))),
        ("Date: 14 March 2024", PublicationDates(published=date(2024, 3, 14), labelled=True)),
        ("Updated 14 March 2024", PublicationDates(modified=date(2024, 3, 14), labelled=True)),
        (
            "Published: 14 March 2024 | Last updated: 15 March 2024 10:00",
            PublicationDates(
                published=date(2024, 3, 14), modified=at(2024, 3, 15, 10), labelled=True
            ),
        ),
        ("14 March 2024 • 3 min read", PublicationDates(published=date(2024, 3, 14))),
    ],
)
def test_labels_distinguish_published_from_modified(text: str, line: PublicationDates) -> None:
    """A line with only "Updated" does not say when the article was published."""
    assert parse_publication_dates(text) == line


@given(st.datetimes(min_value=at(1900, 1, 1), max_value=at(2099, 12, 31)))
def test_printed_dates_are_parsed_back(moment: datetime) -> None:
    """Any minute of two centuries survives a round trip in three styles."""
    moment = moment.replace(second=0, microsecond=0)
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.strftime("%A %d %B %Y, %I:%M%p")) == moment
    assert parse_moment(moment.strftime("%d %b %Y - %H:%M:%S")) == moment
    assert parse_moment(moment.strftime("%d/%m/%Y")) == moment.date()


@pytest.mark.parametrize(
    "line",
    [
        "14. März 2024",
        "Donnerstag, 14. März 2024",
        "14 mars 2024",
        "14 de marzo de 2024",
        "14 de março de 2024",
        "14 marca 2024",
        "14 марта 2024 г.",
        "14 березня 2024 року",
        "الخميس، 14 مارس 2024",
        "١٤ مارس ٢٠٢٤",
        "14 آذار 2024",
        "14 मार्च 2024",
        "2024年3月14日",
        "2024年3月14日（木）",
        "2024年3月14日 星期四",
        "2024년 3월 14일",
        "2024. 3. 14.",
        "2024. március 14.",
        "ngày 14 tháng 3 năm 2024",
    ],
)
def test_days_in_other_languages(line: str) -> None:
    """Each language has its own names, digits and order."""
    assert parse_moment(line) == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("Veröffentlicht am 3. Juni 2024 um 9:49 Uhr", "2024-06-03T09:49:00", None),
        ("Stand: 03.06.2024", "2024-06-03", None),
        (
            "Publié le 31 mai 2023 à 09h49, mis à jour le 1er juin 2023",
            "2023-05-31T09:49:00",
            "2023-06-01",
        ),
        ("Actualizado el 12 de marzo de 2024", None, "2024-03-12"),
        ("Опубликовано: 3 июня 2024, 09:49", "2024-06-03T09:49:00", None),
        ("نشر في 14 مارس 2024", "2024-03-14", None),
        ("发布时间：2024年3月14日 09:49", "2024-03-14T09:49:00", None),
        ("更新日：2024年3月14日", None, "2024-03-14"),
    ],
)
def test_date_lines_in_other_languages(
    line: str, published: str | None, modified: str | None
) -> None:
    """Labels for published and modified are known in each language."""
    found = parse_publication_dates(line)
    assert found is not None
    parsed = [None if m is None else m.isoformat() for m in (found.published, found.modified)]
    assert parsed == [published, modified]
