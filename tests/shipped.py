"""The reader that ships, for the tests that run it."""

from __future__ import annotations

from pathlib import Path

import pullquote

SHIPPED = Path(pullquote.__file__).parent / "base" / "models" / "span-reader"
