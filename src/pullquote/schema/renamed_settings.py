"""Accepts the old names of renamed settings for one more release, with a warning."""

from __future__ import annotations

import warnings
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource, PydanticBaseSettingsSource

RENAMED = {"milvus_kept_seconds": "milvus_cache_seconds"}
"""The new name for each old name."""


class RenamedSettings(PydanticBaseSettingsSource):
    """The values of another source, with old names replaced by new ones.

    If the source has a setting under both names, the value under the new name is used.
    """

    def __init__(self, source: PydanticBaseSettingsSource) -> None:
        super().__init__(source.settings_cls)
        self._source = source

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The same as the other source."""
        return self._source.get_field_value(field, field_name)

    def __call__(self) -> dict[str, Any]:
        """All values of the other source, under their new names."""
        values = dict(self._source())
        for old, new in RENAMED.items():
            name, instead, given = old, new, values.pop(old, None)
            if isinstance(self._source, EnvSettingsSource):  # it does not read unknown names
                prefix = self._source.env_prefix
                name, instead = f"{prefix}{old}".upper(), f"{prefix}{new}".upper()
                given = self._source.env_vars.get(name.lower())
            if given is not None:
                # Python shows a FutureWarning to users, but not a DeprecationWarning.
                warnings.warn(
                    f"{name} has been renamed; use {instead}.", FutureWarning, stacklevel=2
                )
                values.setdefault(new, given)
        return values
