"""The files of a pack that follow from its facts and texts, so that they can be made again.

They are the same for the same facts, also in later versions of pullquote: a verified pack must not
fail because a page is written in other words. What changes here is a new `VERSION` of packs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pullquote.newsroom.packs.html_page import pack_html
from pullquote.newsroom.packs.linked_data import annotations_of, quotations_of
from pullquote.newsroom.packs.manifest import PackManifest

PAGE = "index.html"
ANNOTATIONS = "annotations.jsonld"
QUOTATIONS = "quotations.jsonld"


def derived_members(manifest: PackManifest, texts: Mapping[str, str]) -> dict[str, bytes]:
    """The page and the linked data; `texts` are those that the pack has, by the articles' ids.

    Each article that a citation names must be in the manifest.
    """
    return {
        PAGE: pack_html(manifest).encode(),
        ANNOTATIONS: as_json(annotations_of(manifest, texts)),
        QUOTATIONS: as_json(quotations_of(manifest)),
    }


def as_json(value: object) -> bytes:
    """A value as a file."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
