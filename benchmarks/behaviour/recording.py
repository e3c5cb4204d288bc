"""Writes units as lines without what differs from run to run, and reads them again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

ROOT = Path(__file__).parents[2]

_HEX = "[0-9a-f]"
_MASKS = (
    (re.compile(rf"20\d{{6}}T\d{{6}}-{_HEX}{{6}}"), "GENERATION"),
    (re.compile(r'(took_ms(?:\\*"|&#34;|&quot;): ?)[\d.e-]+'), r"\g<1>0"),
    (re.compile(r"(127\.0\.0\.1|localhost):\d+"), "ADDRESS"),
    (re.compile(rf"\b{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}\b"), "UUID"),
    (re.compile(r"\b\d+(\.\d+)? (ms|s|seconds?)\b(?= ?(\)|,|\.|$|\\n))"), "TIME"),
    (re.compile(r"sha256-[\w+/]{43}="), "sha256-HASH"),
    (re.compile(r'(app_id\\*": ?)\d+'), r"\1N"),
    (re.compile(rf"(SHA-256 of the index:? (?:<code>)?){_HEX}{{64}}"), r"\1HASH"),
    (re.compile(rf" at 0x{_HEX}+"), ""),
    (re.compile(rf"(\.(?:css|js|woff2|svg)\?v=){_HEX}+"), r"\1HASH"),
    (re.compile(r"(data-(?:number|key)=\\*[\"'])[\w-]+"), r"\1N"),
)
"""What is written in place of each text that differs; the texts are JSON."""


def _days() -> Iterable[tuple[re.Pattern[str], str]]:
    """Today and, for a run over midnight, the days beside it, in the forms in which they occur."""
    for days in (-1, 0, 1):
        day = datetime.now(UTC) + timedelta(days=days)
        clock = r"([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?( UTC)?)?"
        yield re.compile(f"{day:%Y-%m-%d}{clock}"), "TODAY"
        yield re.compile(rf"\b0?{day.day} {day:%B %Y}(,? (at )?\d\d:\d\d(:\d\d)?)?"), "TODAY"


def line_of(unit: str, value: object, folder: Path) -> str:
    """A unit as a line of JSON, without what differs from run to run."""
    text = json.dumps({"unit": unit, "value": plain(value)}, ensure_ascii=False, default=str)
    for place, name in ((folder, "WORK"), (ROOT, "ROOT")):
        text = text.replace(str(place), name)
    for pattern, mask in (*_days(), *_MASKS):
        text = pattern.sub(mask, text)
    return text


def plain(value: object) -> object:
    """A value as JSON data; models become mappings."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    return value


def units_in(file: Path) -> dict[str, Any]:
    """The units of a part, by name; empty if there is no file."""
    if not file.exists():
        return {}
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {row["unit"]: row["value"] for row in rows}


def readable(value: object) -> list[str]:
    """A value as lines, for a diff: one for each field, line of text or element of HTML."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return re.sub(r"(?<=>)(?=<)|(?<=\\n)", "\n", text).splitlines()
