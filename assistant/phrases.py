"""How people ask: the phrases of ``questions.yaml``, found in a question and taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.query import Ask
from index.lexicon.loading import read_yaml, texts

_FILE = "questions.yaml"
#: 哪六条, 哪3种: asks for a list whatever its number.
_WHICH_OF_THEM = re.compile(r"哪[一二两三四五六七八九十几\d]+[个条项种类点样款件步块]")
#: 停不停, 够得上…不: a question to be answered with yes or no, whatever the verb.
_WHETHER = re.compile(r"([\u4e00-\u9fff])不\1|[\u4e00-\u9fff]不[？?。]?$")
#: 按哪个算, 以哪一个为准 ask for the rule by which a value is found, not for the value.
_BY_WHICH_RULE = re.compile(
    "(?:按|照|以|依)(?:照|据)?(?:哪|谁|什么|啥)[^，,。？?]{0,6}(?:算|计|为准|执行|办|来)"
    "|听(?:谁|哪[个份一家边头])的"
)
_VALUES = (Ask.PERIOD, Ask.FREQUENCY, Ask.NUMBER, Ask.COUNT, Ask.SHARE, Ask.DATE, Ask.MONEY)
_EXTRA = (
    "contact",
    "contact_unless",
    "follow_up",
    "filler",
    "opinion",
    "about_us",
    "our_prompt",
    "said_above",
    "rough",
    "cut",
)


#: Sections whose words only ask, too.
_ALSO_ASKING = ("about_us", "our_prompt", "rough")


class Phrases:
    """The phrases, by what they ask for.

    Args:
        by_section: section of the file → its phrases.
    """

    def __init__(self, by_section: dict[str, tuple[str, ...]]) -> None:
        self._by_section = by_section
        self.filler = frozenset(word.lower() for word in by_section["filler"])
        cut = by_section["cut"]
        self._patterns = {name: _any_of(words, cut) for name, words in by_section.items()}
        asking = [w for kind in Ask if kind.value in by_section for w in by_section[kind.value]]
        asking += [w for name in _ALSO_ASKING for w in by_section[name]]
        self.asking = _any_of(asking, cut)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Phrases:
        """The shipped phrases.

        Raises:
            LexiconError: the file is damaged.
        """
        sections = [kind.value for kind in Ask if kind is not Ask.OPEN]
        content = read_yaml(_FILE, [*sections, *_EXTRA])
        return cls({name: texts(words, _FILE, name) for name, words in content.items()})

    def kinds(self, text: str) -> tuple[Ask, ...]:
        """What *text* asks for, in the order of `Ask`; OPEN alone where no phrase tells.

        Of phrases that overlap the longest counts: 多少次 asks how often, not how many.
        """
        said = {match[0].lower() for match in self.asking.finditer(text)}
        if _WHICH_OF_THEM.search(text):
            said.add(self._by_section[Ask.LIST.value][0])
        found = [
            kind
            for kind in Ask
            if kind is not Ask.OPEN and not said.isdisjoint(self._by_section[kind.value])
        ]
        if _WHETHER.search(text) and Ask.YES_NO not in found:
            found = [kind for kind in Ask if kind in (*found, Ask.YES_NO)]
        if _BY_WHICH_RULE.search(text):
            found = [kind for kind in found if kind not in (*_VALUES, Ask.LIST, Ask.BODY)]
        return tuple(found) or (Ask.OPEN,)

    def has(self, section: str, text: str) -> bool:
        """Whether a phrase of *section* stands in *text*."""
        return bool(self._patterns[section].search(text))

    def asks_contact(self, text: str) -> bool:
        """Whether somebody's particulars are asked for, public service numbers excepted."""
        return self.has("contact", text) and not self.has("contact_unless", text)


def asks_which_prevails(text: str) -> bool:
    """Whether it is asked which of several rules holds: 按哪个算, 听谁的."""
    return bool(_BY_WHICH_RULE.search(text))


def _any_of(words: Iterable[str], cut: Iterable[str]) -> re.Pattern[str]:
    """Any of *words*, unless it is the head of one of *cut*."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    cut = tuple(cut)
    return re.compile("|".join(_form(word, cut) for word in longest_first), re.IGNORECASE)


def _form(word: str, cut: Iterable[str]) -> str:
    form = rf"\b{re.escape(word)}\b" if word[0].isascii() else re.escape(word)
    tails = "|".join(re.escape(w[len(word) :]) for w in cut if w.startswith(word) and w != word)
    return f"{form}(?!{tails})" if tails else form
