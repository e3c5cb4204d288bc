"""The moments that an index knows, by which a wrong clock is noticed.

A clock may be years off, for example on a machine whose battery is empty. So the age of an edition
is not taken from the clock alone. All moments here are in microseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pullquote.schema.file_limits import EditionBounds

_DAY = 24 * 3600 * 1_000_000

LONGEST_PAUSE = 31 * _DAY
"""A longer time without a change in the index may be a jump of the clock. It counts as this long,
and the time since the last change then does not count at all."""

_TOLERANCE = _DAY
"""By how much a clock may be behind before it is mentioned."""


@dataclass(frozen=True, slots=True)
class KnownTimes:
    """The moments at which texts came into an index and went, in order."""

    moments: tuple[int, ...] = ()

    @classmethod
    def of(cls, moments: Iterable[int]) -> KnownTimes:
        """These moments, sorted and each once."""
        return cls(tuple(sorted(set(moments))))

    def stamp(self, clock: int) -> int:
        """The moment of a rebuild: that of the clock, but after all moments known."""
        return clock if not self.moments else max(clock, self.moments[-1] + 1)

    def oldest(self, clock: int, bounds: EditionBounds) -> int:
        """The moment before which an edition that ended is over the bound of days.

        Without long pauses, this is the number of days before the clock's time.
        """
        left = bounds.days * _DAY
        past = [one for one in self.moments if one <= clock]
        if past and clock - past[-1] > LONGEST_PAUSE:
            clock = past[-1]
        for later, earlier in pairwise(sorted({*past, clock}, reverse=True)):
            counted = min(later - earlier, LONGEST_PAUSE)
            if counted > left:
                return later - left
            left -= counted
        return (past[0] if past else clock) - left

    def warning(self, clock: int) -> str | None:
        """What is odd about the clock; None if nothing is."""
        if not self.moments:
            return None
        ahead = clock - self.moments[-1]
        if ahead < -_TOLERANCE:
            return (
                f"the clock of this computer is {-ahead // _DAY:,} days before the newest time in "
                "the index; set the clock"
            )
        if ahead > LONGEST_PAUSE:
            return (
                f"the clock of this computer is {ahead // _DAY:,} days after the newest time in "
                "the index, so no earlier edition was dropped for its age in this rebuild; if the "
                "clock is wrong, set it"
            )
        return None
