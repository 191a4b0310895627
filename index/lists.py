"""Which provisions are items of a list, and their words without the marks around them."""

from __future__ import annotations

from index.address import Level
from index.units import Unit

ENUMERATED = frozenset(
    {Level.ITEM, Level.SUBITEM, Level.PART, Level.DIVISION, Level.POINT, Level.SUBPOINT}
)
#: The same without parts, which may be as long as a chapter.
ITEMS = ENUMERATED - {Level.PART}
_MARKS = "。；;，,：: \u3000"


def bare(unit: Unit) -> Unit:
    """*unit* without the marks and blanks around its words."""
    text = unit.text
    start = unit.start + len(text) - len(text.lstrip(_MARKS))
    return Unit(unit.provision, start, max(start, unit.end - len(text) + len(text.rstrip(_MARKS))))
