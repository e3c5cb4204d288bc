"""Attribution: which words of an article are somebody's claim, who makes it, and how.

`attribute` calls the others: `tokens` cuts the text, `names` finds names, and `claims` finds what
is claimed in each sentence. It knows the verbs by `cue_verbs` and their clause by `cue_clause`, and
finds words and sources with `verb_claims` and `phrases`. `speakers` says who "he" is, and
`certainty` whether a speaker is named at all.
"""

from __future__ import annotations

from pullquote.english.attribution.attribute import attribute, attributions_covering

__all__ = ["attribute", "attributions_covering"]
