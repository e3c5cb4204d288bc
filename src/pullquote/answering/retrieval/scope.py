"""Which articles a search considers: the filters, with the day "as of" which it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from pullquote.schema import Filters
from pullquote.schema.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of a search. `as_of` is their last day if the search is "as of" a day."""

    filters: Filters
    as_of: date | None = None

    @classmethod
    def of(cls, filters: Filters, as_of: date | None) -> Scope:
        """The scope for given filters and a given day; the earlier last day counts.

        Raises:
            SettingsError: the day is not a date, or is before the first day of the filters.
        """
        if as_of is None:
            return cls(filters)
        if isinstance(as_of, datetime) or not isinstance(as_of, date):
            raise SettingsError(f"as_of is {str(as_of)[:80]!r}; give a datetime.date.")
        if filters.since is not None and as_of < filters.since:
            raise SettingsError(
                f"as_of ({as_of}) is before the first day to include ({filters.since}). "
                "Choose a later day, or an earlier first day."
            )
        day = as_of if filters.until is None else min(as_of, filters.until)
        return cls(replace(filters, until=day), day)

    def narrowed(self, day: date | None) -> Scope | None:
        """The scope as of an earlier day that a question names; None if that leaves the same.

        It is also None if the day is before the first day of the filters.
        """
        until, since = self.filters.until, self.filters.since
        if (
            day is None
            or (until is not None and until <= day)
            or (since is not None and day < since)
        ):
            return None
        return Scope(replace(self.filters, until=day), day)
