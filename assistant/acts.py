"""Questions for who does something with a paper (由谁签发), and how long an occasion lasts.

A sentence that tells all about the paper or the meeting and not that is much like the question and
no answer, however sure the scorer is. The acts, and the words by which a text says them, are in
``index/lexicon/acts.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.asked import parts_of
from assistant.query import Ask, Query
from index.lexicon.loading import read_yaml, texts
from index.numerals import NUMERAL_CLASS

_FILE = "acts.yaml"
_WHO = "(?:谁|哪[个家位级](?:[^，,。？?的]{0,3})|哪一[级家]|(?:什么|啥)(?:领导|部门|单位))"
#: 一回至少讲多长时间, 每次几个小时; 多久一次 asks how often.
_LASTS = re.compile(
    "(?:每|一|单)(?:次|回|趟|场)[^，,。？?]{0,10}"
    "(?:多长时间|多久(?!.{0,3}一[次回趟场])|(?:几|多少)个?(?:小时|分钟|钟头|天|学时|课时))"
)
_N = f"[{NUMERAL_CLASS}]"
#: So long, not so often: 3天, not 每3天.
_LENGTH = re.compile(
    rf"(?<![每半{NUMERAL_CLASS}]){_N}+(?:个半?)?(?:小时|分钟|天|日|学时|课时|周|个?工作日|月|年)"
)


def lacks_the_very_thing(query: Query, said: Iterable[str]) -> bool:
    """Whether an act or a length is asked for, and what is *said* has none such."""
    if parts_of(query):
        return False  # what another part asks may be said
    text = " ".join(said)
    return _lacks_act(query, text) or bool(_LASTS.search(query.core) and not _LENGTH.search(text))


def _lacks_act(query: Query, text: str) -> bool:
    """Whether it is asked who does something, and *text* has nobody do it."""
    if not query.asks(Ask.BODY):
        return False
    asked = _asking().search(query.core)
    if asked is None:
        return False
    act = asked["behind"] or asked["before"]
    return not any(word in text for word in (act, *_acts()[act]))


@lru_cache(maxsize=1)
def _asking() -> re.Pattern[str]:
    acts = "|".join(sorted(map(re.escape, _acts()), key=len, reverse=True))
    return re.compile(
        f"{_WHO}(?:来|去|负责|给|出面)?(?P<behind>{acts})"
        f"|(?P<before>{acts})的?(?:是|归|由|找|靠)?{_WHO}"
    )


@lru_cache(maxsize=1)
def _acts() -> dict[str, tuple[str, ...]]:
    """What people ask → what a text must say, one of them."""
    content = read_yaml(_FILE, ("acts",))["acts"]
    return {str(act): texts(words, _FILE, str(act)) for act, words in content.items()}
