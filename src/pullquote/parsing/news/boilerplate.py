"""Recognises elements of a news page that are not running text: bylines, captions, navigation.

Each recogniser is strict and takes anything uncertain for text. No recogniser looks at more than
`LONGEST` characters, which limits the time that a hostile page can take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pullquote.base.dates.date_lines import PublicationDates, parse_moment, parse_publication_dates
from pullquote.parsing.lines import LONGEST
from pullquote.parsing.news.bylines import Byline, is_credit, parse_byline
from pullquote.parsing.news.tags import SECTIONS
from pullquote.schema import Role

_CAPTION = re.compile(
    r"(?:^|[.!?)\]”\"’'|…]\s*|\s[-–—|]\s|\()"
    r"(?:(?:File |AP |AFP |EPA |PA )?(?:Photo|Photos|Photograph|Photographs|Picture|Pictures|Pic"
    r"|Image|Images|Foto)(?:\s+(?:credit|courtesy(?: of)?))?\s*(?::|©|/|\bby\b|\bcourtesy\b)"
    r"|Credit:)\s*[^.!?:]{1,80}(?:(?:\.[A-Z]?)[^.!?:]{0,40}){0,3}\)?$",
)
_PICTURES = ("Photo", "Pic", "Image", "Foto", "Credit")
"""Every match of `_CAPTION` contains one of these words. Searching for them first is faster."""
_CAPTION_LABEL = re.compile(
    r"(?:caption|pictured|file photo|photo caption)\s*(?::|\s[-–—]\s)", re.IGNORECASE
)
_CORRECTION = re.compile(
    r"\((?:corrects|correcting)\b[^()]{5,200}\)$|"
    r"(?:corrections?|clarifications?|correction and clarification|corrigendum|erratum)"
    r"(?:\s*\([^()]{1,40}\)|,? [0-9][^:]{1,30})?\s*(?::|\s[-–—]\s)"
    r"|this (?:article|story|report) (?:was|has been) (?:amended|corrected|updated to correct)"
    r"|an earlier version of this (?:article|story|report|headline|caption) ",
    re.IGNORECASE,
)
# Notes that news agencies put around a story: changes to the previous version, and contacts.
_WIRE_NOTE = re.compile(
    r"\((?:adds|updates|recasts|refiles|repeats|changes|releads|rewrites)\b[^()]{2,200}\)"
    r"|\(\([^()]{2,200}\)\)",
    re.IGNORECASE,
)
_RELEASE = re.compile(
    r"(?:for (?:immediate )?release|(?:press|news|media) (?:release|statement)|pressemitteilung"
    r"|communiqué de presse|comunicado(?: de prensa)?|comunicato stampa"
    r"|(?:strictly )?embargoed (?:until|till|for)\b.{0,80})(?:\s*[:|–-].{0,60})?",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"document [0-9]{1,6} of [0-9]{1,6}|[0-9]{1,6} of [0-9]{1,6} documents|end of document"
    r"|document [a-z]{3,8}[0-9]{8,}[a-z0-9]*",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"(?:lesezeit|temps de lecture|(?:estimated )?reading time|tiempo de lectura)\b.{1,20}"
    r"|(?:[0-9]{1,3}|a few) min(?:ute)?s?\.?[ -](?:read|de lecture|lesezeit|de lectura)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:copyright|\(c\)|©)[ ©(c)]{0,6}(?:19|20)[0-9]{2}\b.{0,100}", re.IGNORECASE
)
_RULE = re.compile(r"(?:[=_*~#.·•–—-]\s*){3,}|-?\s*(?:ENDS?|30)\s*-|\(?ENDS?\)?", re.ASCII)
_SCRAPED = re.compile(r"date (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\b")
# Whole lines, or beginnings of lines that no headline begins with. "Cookies recalled", for
# instance, is a headline.
_NAVIGATION = re.compile(
    r"(?:skip to (?:main )?content|(?:sign (?:in|up)|log ?in|subscribe)"
    r"(?:$| (?:now|today|for|from|to)\b)|register now|my account|advertisements?(?:$|:)"
    r"|sponsored(?:$| content| by\b)"
    r"|share (?:this|on|via)\b|share(?: article| story)?$|read (?:more|also|next)(?:$|:)"
    r"|also read\b|related (?:articles?|stories|topics|news|links)(?:$|:)|see also:"
    r"|more (?:from (?:this|our|the)\b|stories|news)|most (?:read|popular|viewed)$"
    r"|recommended for you|follow us\b|back to top"
    r"|click here\b|print(?: this)?(?: page| article)?$|email this\b|comments? (?:are )?closed"
    r"|cookies?(?: policy| settings)?$|privacy policy|terms (?:of (?:use|service)|and conditions)"
    r"|home$|menu$|search$|all rights reserved|(?:copyright\s*)?(?:©|\(c\))|copyright [0-9]{4}"
    r"|(?:join|get|download) our\b|newsletters?$|listen to this article|find this story at\b"
    r"|facebook$|twitter$|x$|linkedin$|whatsapp$|telegram$|reddit$|pinterest$|e-?mail$|messenger$"
    r"|(?:copy|get) (?:the )?link$|link copied$|save(?: article| for later)?$"
    r"|(?:view )?[0-9]+ shares?$"
    r"|startseite$|accueil$|inicio$|suche$|recherche$|anmelden$|abonnieren$|s['’]abonner$"
    r"|teilen$|drucken$|merken$|artikel (?:teilen|drucken)|partager$|imprimer$|compartir$"
    r"|imprimir$|condividi$|stampa$|zum inhalt|aller au contenu)",
    re.IGNORECASE,
)
# A link to another page, followed by its title.
_ELSEWHERE = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|more on this(?: story)?|lesen sie (?:auch|mehr)"
    r"|mehr zum thema|(?:à )?lire aussi|à lire également|le[ea]r? (?:también|además)|leggi anche"
    r"|lees ook|leia (?:também|mais))\s*:\s*\S.*",
    re.IGNORECASE,
)
_KINDS = (_DOCUMENT, _WIRE_NOTE, _RELEASE, _READING_TIME, _COPYRIGHT, _ELSEWHERE)
_WHOLE = re.compile("|".join(f"(?:{kind.pattern})" for kind in _KINDS), re.IGNORECASE)
_BARS = re.compile(r"\s+[|>›»•·]\s+")
_LABEL = re.compile(
    r"(?P<key>tags?|topics?|keywords?|filed under|section|category|source|outlet|publication"
    r"|url|link)\s*:\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_KEYS: dict[str, Literal["tags", "section", "source", "url"]] = {
    **{"tag": "tags", "topic": "tags", "keyword": "tags", "filed under": "tags"},
    **{"section": "section", "category": "section", "source": "source", "outlet": "source"},
    **{"publication": "source", "url": "url", "link": "url"},
}


@dataclass(frozen=True, slots=True)
class BoilerplateLabel:
    """A labelled line such as "Section: Crime", or a tag line. Only tags have several values."""

    key: Literal["tags", "section", "source", "url"]
    values: tuple[str, ...]


FixedRole = Literal[Role.BYLINE, Role.CAPTION, Role.CORRECTION, Role.BOILERPLATE]
PageElement = Byline | PublicationDates | BoilerplateLabel | FixedRole
"""A recognised paragraph of a page that is not running text."""


def recognise(text: str) -> PageElement | None:
    """Recognise a paragraph without looking at its context; None for running text.

    In `text`, white space is collapsed, and there are at most `LONGEST` characters.
    """
    role = _stated_role(text)
    if role is not None or len(text) > 200:
        return role
    parsers = (parse_publication_dates, parse_label, parse_byline)
    return next((found for parse in parsers if (found := parse(text)) is not None), None)


def _stated_role(text: str) -> FixedRole | None:
    """The role of a paragraph if its own words determine the role, or else None."""
    if _CORRECTION.match(text):
        return Role.CORRECTION
    if len(text) >= LONGEST:
        return None
    pictured = any(word in text for word in _PICTURES)
    if (pictured and _CAPTION.search(text)) or _CAPTION_LABEL.match(text):
        return Role.CAPTION
    if is_credit(text):
        return Role.BYLINE
    return Role.BOILERPLATE if is_noise(text) else None


def is_noise(text: str) -> bool:
    """Whether a line is navigation, an advertisement or a horizontal rule, rather than text."""
    if _RULE.fullmatch(text) or _SCRAPED.match(text):
        return True
    if len(text) > 200:
        return False
    if _WHOLE.fullmatch(text) is not None:
        return True
    may_have_bars = "|" in text or ">" in text or not text.isascii()
    parts = [part for part in _BARS.split(text) if part] if may_have_bars else [text]
    if len(parts) > 1 and any(_NAVIGATION.match(part) for part in parts):
        return True
    if len(parts) > 2 and sum(part.strip().lower() in SECTIONS for part in parts) > 1:
        return True
    ends = text.endswith((".", "?")) and not text.lower().endswith("reserved.")
    return len(text.split()) <= 8 and not ends and _NAVIGATION.match(text) is not None


def parse_scraped_day(text: str) -> datetime | date | None:
    """The day in a line such as "date 2023-05-31 …" from a scraper, or None for other lines."""
    match = _SCRAPED.match(text)
    return None if match is None else parse_moment(match["day"])


def parse_label(text: str) -> BoilerplateLabel | None:
    """Parse a labelled line; None for other lines."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return None
    key = match["key"].lower()
    known = _KEYS[key] if key in _KEYS else _KEYS[key.removesuffix("s")]
    value = match["value"]
    if known == "url":
        return BoilerplateLabel(known, (value,)) if "://" in value and " " not in value else None
    if known == "tags":
        values = tuple(part.strip(" #") for part in re.split(r"[,;|]", value))
        return BoilerplateLabel(known, tuple(part for part in values if part))
    return (
        None if len(value.split()) > 6 or value.endswith(".") else BoilerplateLabel(known, (value,))
    )


_LONGEST_LABEL = 60
_LONGEST_CREDIT = 100

_TAIL = re.compile(
    r"(?:(?:presse|media |press )?(?:kontakte?|contacts?)"
    r"|(?:more|further) (?:information|reading)"
    r"|weitere (?:informationen|themen|artikel|links|beiträge)|mehr (?:zum thema|informationen)"
    r"|about the authors?|über (?:den autor|die autorin)|zur person|passend zum thema"
    r"|related(?: (?:articles?|posts?|stories|links|topics|news))?|read (?:more|also|next)|see also"
    r"|lesen sie (?:auch|mehr).*|das könnte (?:sie|dich).*|à lire aussi|lire aussi|en savoir plus"
    r"|sur le même (?:sujet|thème)|leer también|también te puede interesar|más información"
    r"|leggi anche|per approfondire|lees ook|läs också|(?:preview|vorschau)\b.*"
    r"|next (?:article|post)"
    r"|nächster (?:artikel|beitrag)|schlagwörter|tags|teilen(?: mit)?|share(?: this)?)\s*:?",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\W*(?:©|\(c\)|copyright|(?:titel|beitrags|symbol)?(?:foto|bild)s?(?:quelle|nachweis)?"
    r"|photos?|images?|pictures?|credits?|crédits?(?: photo)?|quelle|source|grafik|illustration)"
    r"(?:\s+(?:by|credit|courtesy|von|par|de)\b|\s*[:©/|]|(?<=[©)]))[^.!?]{1,80}\W*",
    re.IGNORECASE,
)
_CREDIT_BEHIND = re.compile(
    r"[ \n]\((?:©|\(c\)|copyright|fotos?|photos?|bild|image|picture|credit|crédit|quelle|source)"
    r"\b\s*:?[^()]{1,80}\)\s*$",
    re.IGNORECASE,
)
_CREDITED = re.compile(
    r"(?:[,;|–—-]\s*(?:fotos?|photos?|bild|images?|pictures?|credits?|crédits?)\s*:"
    r"|©|[/|]\s*\(c\))\s*[^.!?]{1,60}$",
    re.IGNORECASE,
)
_CREDIT_SIGNS = (":", "©", "(")
"""Every match of `_CREDITED` contains one of these. Searching for them first is faster."""
_CHANNELS = (
    "newsletter inbox posteingang telegram whatsapp facebook instagram twitter podcast youtube"
    " app".split()
)
_CHANNEL = re.compile(rf"\b(?:{'|'.join(_CHANNELS)}|newsletters)\b", re.IGNORECASE)
"""Every match contains one of `_CHANNELS`. Searching for them first is faster."""
_CALL = re.compile(
    r"\b(?:subscribe|sign up|join us|follow us|abonnier\w*|folgen? sie|folgt? uns|lass dir"
    r"|melden sie sich|jetzt anmelden|únete|síguenos|suscríb\w*|abonnez|inscrivez|suivez"
    r"|iscriviti|seguici)\b",
    re.IGNORECASE,
)


def begins_tail(text: str) -> bool:
    """Whether a line is a heading that marks the end of the article."""
    return len(text) <= _LONGEST_LABEL and _TAIL.fullmatch(text) is not None


def is_credit_line(text: str) -> bool:
    """Whether a line consists only of a picture credit."""
    return len(text) <= _LONGEST_CREDIT and _CREDIT.fullmatch(text) is not None


def is_credited(text: str) -> bool:
    """Whether a short line ends with a picture credit: "The quay, photo: AP", "The quay © AP"."""
    if len(text) > 2 * _LONGEST_CREDIT or not any(sign in text for sign in _CREDIT_SIGNS):
        return False
    return _CREDITED.search(text) is not None


def credit_behind(text: str) -> int:
    """The start of the bracketed credit at the end of a caption, or else the text's length."""
    match = _CREDIT_BEHIND.search(text, max(0, len(text) - _LONGEST_CREDIT))
    return len(text) if match is None else match.start()


def is_promotion(text: str) -> bool:
    """Whether a line asks readers to follow or subscribe to something."""
    folded = text.casefold()
    if not any(map(folded.__contains__, _CHANNELS)):
        return False
    return _CHANNEL.search(text) is not None and _CALL.search(text) is not None
