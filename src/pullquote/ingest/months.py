"""The names of months and weekdays: English, and the other languages of the news that we read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_LANGUAGES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb mar apr may jun jul aug sept oct nov dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)

MONTHS: Mapping[str, int] = MappingProxyType(
    {name: i for names in _LANGUAGES for i, name in enumerate(names.split(), start=1)}
)
"""The number of a month, from its name in small letters; abbreviated in English alone."""

WEEKDAYS = tuple(
    "lunes martes miércoles jueves viernes sábado domingo"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " lunedì martedì mercoledì giovedì venerdì sabato domenica"
    " segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split()
)
"""Days of the week in the languages other than English, in small letters."""
