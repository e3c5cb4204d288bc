"""The comparatives that English questions use, as a pattern."""

from __future__ import annotations

MORE = (
    "(?:more|less|fewer|better|worse|(?:bigg|small|larg|high|low|fast|slow|old|young|new|rich|poor"
    "|strong|weak|tall|short|long|light|cheap|dear|hard|saf|lat|soon|clos|near|hott|cold|wid|deep"
    "|great|quick|warm|loud|tough)er|[a-z]{3,}ier)"
)
"""A pattern for comparatives in lower case. It has no words such as "minister" and "over"."""
