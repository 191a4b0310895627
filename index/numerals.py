"""Chinese and Arabic numerals, both ways: 二十 ↔ 20.

Provision numbers are small whole numbers, so this module only narrows what ``cn2an`` offers
to what an address may hold and adds the spoken forms that it refuses (百二十).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import cn2an

CHINESE_DIGITS = "零〇一二三四五六七八九十百千两廿卅"
#: A character class (without brackets) of everything a provision number is written with.
NUMERAL_CLASS = CHINESE_DIGITS + "0-9０-９"


@lru_cache(maxsize=4096)
def to_int(numeral: str) -> int:
    """The whole number that *numeral* writes, in Chinese or Arabic digits.

    >>> to_int("二十"), to_int("20"), to_int("２０"), to_int("百二十"), to_int("一〇二")
    (20, 20, 20, 120, 102)

    Raises:
        ValueError: *numeral* is not a numeral.
    """
    plain = unicodedata.normalize("NFKC", numeral.strip())
    if plain.isdecimal():
        return int(plain)
    if plain[:1] in {"百", "千"}:
        plain = "一" + plain
    return int(cn2an.cn2an(plain, "smart"))


@lru_cache(maxsize=4096)
def to_chinese(number: int) -> str:
    """*number* in the Chinese numerals that regulations count with.

    >>> to_chinese(20), to_chinese(102), to_chinese(13)
    ('二十', '一百零二', '十三')
    """
    return str(cn2an.an2cn(number, "low"))
