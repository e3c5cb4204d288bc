"""The content of a page as it arrives: unpacked, and limited before and after unpacking."""

from __future__ import annotations

import zlib

from pullquote.parsing.archives.gzip_members import GzipMembers
from pullquote.schema.limits import megabytes
from pullquote.web.corpus.links.address import LinkRefused, site_failed

MOST_CHUNKS = 20_000
"""Chunks of a page. A site may send each byte as a chunk, and each takes time that others wait for;
a page of 20 MB has some 5,000."""


class PageBody:
    """Collects the content of a page from a host, at most `most` bytes.

    Raises:
        LinkRefused: the content is packed in an unknown way.
    """

    def __init__(self, host: str, encoding: str, *, most: int) -> None:
        self._host = host
        self._most = most
        self._arrived = self._chunks = 0
        self._content = bytearray()
        self._unpacker = None
        if encoding.casefold() in ("gzip", "x-gzip"):
            self._unpacker = GzipMembers(most=most)
        elif encoding.casefold() not in ("", "identity"):
            raise site_failed(
                f"{host} sends the page packed as {encoding[:20]!r}, although that was not asked "
                "for. Save the page in a browser, and add the file."
            )

    def announce(self, size: int) -> None:
        """Refuse a page whose announced size is too large."""
        if size > self._most:
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Add the next bytes that have arrived.

        Raises:
            LinkRefused: the page is too large or damaged, or has too many chunks.
        """
        self._arrived += len(chunk)
        self.announce(self._arrived)
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            raise site_failed(
                f"{self._host} sends the page in more than {MOST_CHUNKS:,} pieces. Save it in a "
                "browser, and add the file."
            )
        if self._unpacker is None:
            self._content += chunk
            return
        try:
            # One byte more than allowed shows that there is too much; no more is unpacked.
            self._content += self._unpacker.unpack(chunk)
        except zlib.error as error:
            raise self._damaged() from error
        self.announce(len(self._content))

    def content(self) -> bytes:
        """The whole content.

        Raises:
            LinkRefused: it is empty or incomplete.
        """
        if self._unpacker is not None and not self._unpacker.is_complete:
            raise self._damaged()
        if not self._content:
            reason = f"{self._host} sent an empty page. Open the address in a browser to check it."
            raise site_failed(reason)
        return bytes(self._content)

    def _too_large(self) -> LinkRefused:
        return LinkRefused(
            f"The page is larger than {megabytes(self._most)}, the limit in the settings "
            "upload_bytes and limits.member_bytes.",
            status=413,
        )

    def _damaged(self) -> LinkRefused:
        return site_failed(f"{self._host} did not deliver the whole page. Try again later.")
