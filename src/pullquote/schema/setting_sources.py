"""The sources of settings: the caller, the environment, and pullquote.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pullquote.schema.limits import CheckedSettings
from pullquote.schema.renamed_settings import RenamedSettings

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
