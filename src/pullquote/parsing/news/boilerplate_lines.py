"""Recognises lines of web pages that are not worth quoting, in the languages that we parse."""

from __future__ import annotations

import re

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
_CHANNEL = re.compile(
    r"\b(?:newsletters?|inbox|posteingang|telegram|whatsapp|facebook|instagram|twitter|podcast"
    r"|youtube|app)\b",
    re.IGNORECASE,
)
_CHANNELS = (
    *("newsletter", "inbox", "posteingang", "telegram", "facebook", "instagram", "twitter"),
    *("podcast", "youtube", "app"),
)
"""Every match of `_CHANNEL` contains one of these. Searching for them first is faster."""
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
