"""What an answer repeats of a question: plain words, and few of them.

Answers are read in pages, chat clients and Word files. What was typed may hold markup that one of
them acts on, or go on for pages; so only words and their marks are said again.
"""

from __future__ import annotations

import re

#: The most characters of a question that are said again at one place.
MOST = 80
_LINK_OR_TAG = re.compile(r"[a-z][a-z0-9+.-]*:[^\s\u4e00-\u9fff]+|</?[a-z!?][^<>]*>?", re.I)
_NOT_PLAIN = re.compile(r"[^\w \n，。；：、？！（）《》“”‘’〔〕—…·,.;:?!%+/()-]")


def echoed(words: str) -> str:
    """*words* without links, markup and control characters, cut short where they are long.

    >>> echoed("《<script>1</script>》"), echoed("![看](http://a.b/c.png) 常州诫勉多久?")
    ('《1》', '!看( 常州诫勉多久?')
    """
    plain = _NOT_PLAIN.sub("", _LINK_OR_TAG.sub("", words))
    return plain if len(plain) <= MOST else plain[:MOST] + "…"
