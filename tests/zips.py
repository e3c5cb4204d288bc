"""Zip files for tests, made by hand."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile


def make_zip(files: dict[str, str | bytes], *, packing: int = ZIP_DEFLATED) -> bytes:
    """The bytes of a zip file of those entries."""
    out = io.BytesIO()
    with ZipFile(out, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
