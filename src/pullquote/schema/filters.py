"""Which passages may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pullquote.errors import SettingsError
from pullquote.schema.article import Role, well_formed


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which passages may answer. Empty tuples and None leave a dimension open.

    Days are inclusive; an article without a date passes no day filter. Sources and sections are
    compared without regard to case. Comments are left out unless asked for, by `comments` or as a
    role.

    Raises:
        SettingsError: a field holds another kind of thing, or `since` is after `until`.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    comments: bool = False

    def __post_init__(self) -> None:
        for name in ("sources", "sections", "roles"):
            value = getattr(self, name)
            if isinstance(value, str) or not all(isinstance(item, str) for item in value):
                raise SettingsError(f"Filters: {name} is {value!r}; give a tuple of names.")
            if not all(map(well_formed, value)):
                raise SettingsError(f"Filters: {name} is {value!r}, which is not valid Unicode.")
            object.__setattr__(self, name, tuple(value))
        for name in ("since", "until"):
            day = getattr(self, name)
            if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
                raise SettingsError(f"Filters: {name} is {day!r}; give a datetime.date.")
        if unknown := [role for role in self.roles if role not in set(Role)]:
            raise SettingsError(f"Filters: {unknown[0]!r} is no role; roles are {', '.join(Role)}.")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise SettingsError(f"Filters: since {self.since} is after until {self.until}.")
        if Role.COMMENT in self.roles:
            object.__setattr__(self, "comments", True)
