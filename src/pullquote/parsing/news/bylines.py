"""Parses bylines and datelines: who wrote an article, for whom, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pullquote.base.dates.date_lines import parse_moment
from pullquote.base.dates.day_text import MONTHS

_BY = re.compile(
    r"(?:(?:written|words|story|text|reported|report|compiled)\s+)?"
    r"by:?\s+|(?:authors?|byline|reporters?|words)\s*:\s*",
    re.IGNORECASE,
)
# In other languages, the word for "by" begins many lines and titles: it only counts near a
# headline.
_FOREIGN_BY = re.compile(
    r"(?:(?:ein\s+text\s+)?von|(?:texte\s+)?par|por|di|da|door|av|af|od|от|autor(?:in|en|a|es)?"
    r"|auteure?s?|autore|texte?|texto|testo|reportage|כתב|מאת)\s*:?\s+",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:Автор|Авторы|Текст|Autorin|Autora?|Auteure?|Auteurs|Autori|Autores|Texte?)\s*:\s*"
    r"|(?:بقلم|كتبت?|إعداد)\s*:?\s+"
    r"|(?:本报记者|本報記者|記者|记者|作者|撰文|文)(?:\s*[:：/／|]\s*|\s+)(?=[\w·、，, ]{2,20}$)"
)
_BY_BEHIND = re.compile(r"(?P<names>[^\s\d][^\d]{1,40}?)\s*(?:기자|特派員|記者|记者)")
_CREDIT = re.compile(
    r"[;,.]?\s*(?:additional\s+)?(?:reporting|writing|editing)\s+by\s+", re.IGNORECASE
)
_PARTS = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+")
_POST_SEPARATOR = re.compile(r"\s*[|•·,]\s*|\s+[-–—]\s+")
_NAMES = re.compile(
    r"\s*[,;&،、，]\s*(?:and\s+)?|\s+(?:and|AND)\s+"
    # Two words are required before and after, because "Ortega y Gasset" is one person.
    r"|(?<=[^\W\d_][^\W\d_])\s+(?:und|UND|et|ET|y|e|en|och|og|i|и|та|і|و)"
    r"\s+(?=[^\W\d_]\S*\s+[^\W\d_])"
)
_PLACE_OR_OUTLET = re.compile(r"\s+(?:in|at|for|from)\s+(?=(?:the\s+)?[A-Z])")
_WORD = re.compile(r"[^\W\d_][^\s\d,;:!?\"“”()\[\]]*")
_SMALL = frozenset(
    "al and at ap bin binti da das de del della den der di do dos du e el for ibn in la le of our"
    " und et och og en и та і و"
    " ten ter the van von y zu correspondent correspondents editor reporter reporters staff team"
    " writer writers".split()
)
_POSTS = frozenset(
    "analyst bureau chief columnist contributor correspondent critic desk editor editorial"
    " freelance intern journalist photographer producer reporter reporters staff trainee writer"
    " writers".split()
)
_OUTLETS = frozenset(
    "advertiser agencies agency argus broadcasting bulletin chronicle courier daily dispatch echo"
    " examiner express gazette globe guardian herald independent inquirer journal ledger magazine"
    " mail mercury mirror monitor network news newspaper newspapers newswire observer online post"
    " press radio record register review scotsman sentinel standard star sun telegraph television"
    " times tribune tv wire weekly".split()
)
_AGENCIES = frozenset(
    "aap afp agence france-presse ani ansa ap associated press bbc bernama bloomberg cnn dpa efe"
    " interfax itar-tass kyodo npr pa pti reuters tass upi xinhua yonhap".split()
)
_MONTHS = "|".join(month[:3] for month in MONTHS)
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][^\d:()—–]{1,50}?)"
    rf"(?P<day>,\s+(?:(?:{_MONTHS})[a-z]*\.?\s+[0-9]{{1,2}}"
    rf"|[0-9]{{1,2}}\s+(?:{_MONTHS})[a-z]*\.?)(?:,?\s+[0-9]{{4}})?)?"
    r"(?:\s*\((?P<agency>[^()]{2,40})\))?"
    r"(?:\s*:\s+|\s*[—–]\s*|\s+-{1,2}\s+|\s*--\s*)(?=\S)"
)
# Words in capitals before a colon that are not places.
_NO_PLACE = frozenset(
    "ANALYSIS BREAKING COMMENT CORRECTION EDITORIAL EXCLUSIVE EXPLAINER FACTBOX FEATURE INTERVIEW"
    " LIVE NEWS NOTE OBITUARY OPINION PODCAST QUESTION ANSWER REVIEW SPORT UPDATE UPDATED VIDEO"
    " WARNING WATCH PHOTO PHOTOS CAPTION SOURCE TAGS".split()
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors of an article, with the outlet and the date if the byline states them."""

    authors: tuple[str, ...]
    source: str | None = None
    published: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place where a report was filed, as written, and the agency that filed it."""

    place: str
    agency: str | None


def parse_byline(text: str) -> Byline | None:
    """Parse a byline; None for other lines."""
    byline = None if len(text) > 160 else _names_in(text)
    if byline is None:
        return None
    names, *more = _PARTS.split(byline.strip())
    found = split_authors(names) if _is_name_list(names) else None
    if found is None:
        return None
    source, published = found.source, None
    for part in more:
        moment = parse_moment(part)
        if moment is not None:
            published = moment
        elif not _is_name_list(part):
            return None
        elif is_outlet(part):
            source = part
    return Byline(found.authors, source, published)


def parse_foreign_byline(text: str) -> Byline | None:
    """Parse a byline in another language; None for other lines.

    Only call this for lines near a headline: the title "Von Menschen und Mäusen" has that form too.
    """
    by = _FOREIGN_BY.match(text)
    if by is None or len(text) > 160:
        return None
    names, *more = _PARTS.split(text[by.end() :].strip())
    moments = [parse_moment(part) for part in more]
    if not _is_name_list(names) or not 2 <= len(names.split()) <= 12 or not all(moments):
        return None
    found = split_authors(names)
    return Byline(found.authors, found.source, next(iter(moments), None))


def parse_signature(text: str) -> Byline | None:
    """Parse a line with a name and a post, such as "Jane Doe | Health Editor".

    None for other lines.
    """
    name, *more = _POST_SEPARATOR.split(text.strip()) if len(text) <= 160 else [""]
    if not more or not 2 <= len(name.split()) <= 4 or _is_post(name) or is_outlet(name):
        return None
    moments = [parse_moment(part) for part in more]
    posts = [part for part, moment in zip(more, moments, strict=True) if moment is None]
    if not all(map(_is_name_list, (name, *posts))) or not any(map(_is_post, posts)):
        return None
    published = next((moment for moment in moments if moment is not None), None)
    return Byline((name,), next(filter(is_outlet, posts), None), published)


def _names_in(text: str) -> str | None:
    """The part of a byline that contains the names; None for lines that are not bylines."""
    by = _BY.match(text)
    by = _LABELLED.match(text) if by is None else by
    if by is not None:
        return text[by.end() :]
    behind = _BY_BEHIND.fullmatch(text)
    return None if behind is None else behind["names"]


def is_credit(text: str) -> bool:
    """Whether a line lists contributors, such as "(Reporting by A; editing by B)"."""
    if len(text) > 200 or not _CREDIT.match(text.lstrip("(")):
        return False
    _, *names = _CREDIT.split(text.strip("()"))
    return all(_is_name_list(part.rstrip(".")) for part in names)


def split_authors(text: str) -> Byline:
    """Split a line of names into the authors and the outlet, leaving out places and posts.

    If a line contains only an outlet, such as "Bangkok Post", that outlet is the author.
    """
    authors: list[str] = []
    source: str | None = None
    for name in filter(None, _NAMES.split(text.strip())):
        person, *where = _PLACE_OR_OUTLET.split(name, maxsplit=1)
        if where and is_outlet(where[0]):
            source = where[0].removeprefix("the ")
        if not where and is_outlet(name):
            source = name
        elif not authors or not _is_post(person):
            authors.append(person)
    if not authors and source is not None:
        authors.append(source)
    return Byline(tuple(authors), source)


def parse_dateline(text: str) -> Dateline | None:
    """Parse the dateline at the beginning of a text ("PLACE: ", "PLACE (Agency) - ").

    A place in lower case is recognised only if an agency or a day follows.
    """
    match = _DATELINE.match(text)
    if match is None:
        return None
    place = match["place"].strip()
    sure = match["agency"] is not None or match["day"] is not None
    if sum(map(str.isalpha, place)) < (2 if sure else 4) or len(place.split()) > 6:
        return None
    if not (place.isupper() or (sure and place.istitle())) or place in _NO_PLACE:
        return None
    return Dateline(place, match["agency"])


def is_outlet(name: str) -> bool:
    """Whether a name is that of a newspaper, broadcaster or agency."""
    words = name.casefold().partition(" of ")[0].split()
    if not words or "staff" in words:
        return False
    return (len(words) > 1 and words[-1] in _OUTLETS) or all(word in _AGENCIES for word in words)


def _is_post(name: str) -> bool:
    """Whether a text is a post, such as "Chief Political Editor", rather than a name."""
    return any(word in _POSTS for word in name.casefold().split())


def _is_name_list(text: str) -> bool:
    """Whether a line looks as if it contained only names, posts and places."""
    words = text.replace(",", " ").replace("&", " ").replace(";", " ").split()
    if not words or len(words) > 14:
        return False
    if not any(word[0].isupper() or not word[0].islower() for word in words):
        return False
    return all(_WORD.fullmatch(word) and _is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    """Whether a byline may contain a word. Only initials and short titles may have a full stop."""
    if word.endswith(".") and len(word) > 5:
        return False
    return not word[0].islower() or word in _SMALL


_LONGEST = 200
_BETWEEN = re.compile(r"[\W_]+")
_WESTERN = "cp1252"
"""The encoding of most texts. Removing bytes is many times faster than removing characters."""
_WESTERN_BETWEEN = bytes(
    code
    for code in range(256)
    if _BETWEEN.fullmatch(bytes((code,)).decode(_WESTERN, "replace")) is not None
)
_PREFIX = re.compile(
    r"^\s*(?:author\s+)?(?:(?:read more about|more from|(?:view )?all posts by)\s+(?=\S)"
    r"|(?:(?:written|posted|text|words|story|beitrag|geschrieben|publié|article)\s+)?"
    r"(?:by|von|par|por|di|av|door|autor(?:in|en|es)?|auteure?|autore|authors?|text)"
    r"\s*:?\s+(?=\S))",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"/(?:[A-Z][A-Z-]{1,7}|dpa|afp|ap|sda|apa)$")
# Placeholders of content management systems.
_NOBODY = frozenset(
    "admin administrator editor author redaktion posted staff webmaster user root anonymous unknown"
    " none null".split()
)


# Words of forms, buttons and bylines that stand where a name does. A name has none of these words.
_NO_NAME = frozenset(
    "facebook twitter instagram linkedin whatsapp youtube pinterest telegram email e-mail website"
    " name comment comments share print sponsored advertisement by written posted published updated"
    " reviewed edited posts follow subscribe login menu video".split()
)
_CREDENTIAL = re.compile(r"(?:[A-Z]\.?){2,5}[®™]?|Ph\.?D\.?|M\.?Sc\.?|LL\.?M\.?")
_ADDRESS = re.compile(r"\*|www\.|\.[a-z]{2,}/")
_BEHIND = re.compile(r"\s*\([^()]{1,60}\)\s*$")


def _is_name(name: str) -> bool:
    """Whether this may be the name of a person or a newsroom, and not a label or an address."""
    words = name.casefold().split()
    if not words or _ADDRESS.search(name) is not None or not _NO_NAME.isdisjoint(words):
        return False
    return any(map(str.isalpha, name)) and (_CREDENTIAL.fullmatch(name) is None or is_outlet(name))


def clean_names(values: Iterable[str], *, site: str | None) -> tuple[str, ...]:
    """The names in the given lines, without duplicates, addresses, or the name of the site."""
    own = "" if site is None else squeeze(site)
    names: dict[str, str] = {}
    for value in values:
        if "://" in value or "@" in value or len(value) > _LONGEST or squeeze(value) == own:
            continue
        for author in split_authors(_PREFIX.sub("", value)).authors:
            name = _BEHIND.sub("", _AGENCY.sub("", author)).strip(" ,;:|")
            if _is_name(name) and name.casefold() not in _NOBODY and squeeze(name) != own:
                names.setdefault(squeeze(name), name)
    return tuple(names.values())


def squeeze(text: str) -> str:
    """The letters and digits of a text in lower case, for comparing texts."""
    text = text.casefold()
    if text.isascii():
        return text.encode().translate(None, _WESTERN_BETWEEN).decode()
    try:
        return text.encode(_WESTERN).translate(None, _WESTERN_BETWEEN).decode(_WESTERN)
    except UnicodeEncodeError:
        return _BETWEEN.sub("", text)
