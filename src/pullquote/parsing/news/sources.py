"""Finds the source of an article that names none: a folder of the corpus, or its web site."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pullquote.parsing.trace import trace_origin
from pullquote.schema import Article
from pullquote.schema.setting_types import UPLOADS_FOLDER, SourceFolder

_WEB_ARCHIVE = re.compile(r"https?://web\.archive\.org/web/\w+/(?=https?://)", re.IGNORECASE)
"""What the Internet Archive writes before the address of a page."""
_SITE = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]*")
"""A host with a domain name, not "localhost" or an IP address."""


def with_source(article: Article, *, file: str, folder: SourceFolder) -> Article:
    """The article with a source, if it names one or one can be found.

    `file` is the path of its file, relative to the corpus. A folder that `folder` selects takes
    precedence over the site of the article's address.
    """
    if article.source:
        return article
    source, origin = _folder_name(file, folder), "the name of its folder"
    if source is None and article.url is not None:
        source, origin = site_of(article.url), "the site of its address"
    if source is None:
        return article
    trace_origin("source", source, origin)
    return article.model_copy(update={"source": source})


def site_of(url: str) -> str | None:
    """The host of a web address without "www.", such as "bbc.co.uk"; None if it has no site.

    The site of a page in the Internet Archive is that of the original page.
    """
    try:
        parts = urlsplit(_WEB_ARCHIVE.sub("", url, count=1))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    is_site = parts.scheme in ("http", "https") and _SITE.fullmatch(host) is not None
    return host if is_site else None


def _folder_name(file: str, folder: SourceFolder) -> str | None:
    """The name of the selected folder; None for files directly in the corpus and for uploads."""
    folders = PurePosixPath(file).parent.parts
    if folder == "off" or not folders or folders[0] == UPLOADS_FOLDER:
        return None
    return " ".join(folders[0 if folder == "top" else -1].split()) or None
