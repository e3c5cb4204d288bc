"""The sources of settings: the caller, the environment, and pullquote.toml."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pullquote.schema.file_limits import CheckedSettings

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


SETTINGS_FILE: Final = "pullquote.toml"
"""The name of the file in the working folder."""


class SettingsFromSources(CheckedSettings, BaseSettings):
    """Settings whose values come from these sources."""

    model_config = SettingsConfigDict(
        env_prefix="PULLQUOTE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # an address may contain a password
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The sources of values, the one with the highest precedence first."""
        toml_settings = TomlConfigSettingsSource(settings_cls, Path(SETTINGS_FILE))
        sources = init_settings, env_settings, toml_settings
        return tuple(map(RenamedSettings, sources))
