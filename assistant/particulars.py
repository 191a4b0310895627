"""A question that asks for somebody's particulars besides something else, without that part."""

from __future__ import annotations

import re

from assistant.names import Names
from assistant.query import Ask

_PART = re.compile(r"[^，,；;。？?！!、]+[，,；;。？?！!、]?")
_BESIDES = re.compile(r"(?:以及|还有|顺便|另外|和|与|及|[，,、\s])+$")
#: Who somebody is, asked beside his number, belongs to his particulars.
_PERSON = re.compile("谁|哪位|叫什么|姓什么|名字")


def without_contact(text: str, names: Names) -> str:
    """*text* without the parts that ask for particulars; empty where no question is left.

    What is left must ask something by itself, of a matter that it names: 交给谁 beside a
    telephone number asks for a person.
    """
    kept = [part[0] for part in _PART.finditer(text) if not names.phrases.has("contact", part[0])]
    asking = [part for part in kept if names.phrases.kinds(part) != (Ask.OPEN,)]
    if not any(names.terms(part) and not _PERSON.search(part) for part in asking):
        return ""
    left = [p for p in kept if p not in asking or names.terms(p) or not _PERSON.search(p)]
    return _BESIDES.sub("", "".join(left))
