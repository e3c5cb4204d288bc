"""Where quoted sentences repeat values that an article has corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pullquote.schema import Citation, ReportedValue, ValueStatus


class CorrectedWords:
    """Finds the words of corrected values in the sentences of citations."""

    def __init__(self, values: Sequence[ReportedValue]) -> None:
        self._places: dict[str, list[range]] = defaultdict(list)
        for value in values:
            if value.status is ValueStatus.CORRECTED:
                for cited in value.citations:
                    self._places[cited.article].append(range(cited.start, cited.end))

    def within(self, cited: Citation) -> list[range]:
        """The ranges of a citation's sentence that give a corrected value."""
        start = cited.sentence_start
        end = start + len(cited.sentence)
        return [
            range(place.start - start, place.stop - start)
            for place in self._places.get(cited.article, ())
            if start <= place.start and place.stop <= end
        ]
