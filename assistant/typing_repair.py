"""What was typed → what was meant: pinyin and English as Chinese, slips of the pen mended.

    changzhou jiemian duojiu buneng tiba  →  常州市诫勉多久不能提拔
    常州受到戒勉多久不能提把              →  常州受到诫勉多久不能提拔
    when does changzhou punish heavily    →  常州市 从重追究 什么时候

What is a word stays; numbers, addresses, document numbers, quotations and the names of places are
never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import jieba

from assistant.decoding import Decoder, Piece, Stretch
from assistant.english import YES_NO, English, Translation, asks_yes_or_no
from assistant.sounds import is_han, is_pinyin
from assistant.vocabulary import Vocabulary, typing_notes
from index.address import Address
from index.lexical import simplify
from index.lexicon.places import Gazetteer, PlaceMention
from index.lexicon.words import word_ends
from index.store import Index

_CLAUSE_END = re.compile(r"[,，。；;？?！!\n]+")
_QUOTED = re.compile(
    r"[“\"「『《〈][^”\"」』》〉]*[”\"」』》〉]|\S+@\S+|https?://\S+|[张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗][某工总]|[\u4e00-\u9fff]{1,8}[〔\[(（【]\d{4}[〕\])）】]"
)
_ARTICLE = re.compile(r"\b(?:articles?|art\.?)\s*(\d+)", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z]+(?:['’ʼ](?!s\b)[A-Za-z]+)*(?:['’]s\b)?")
#: Endings of places that a pinyin name takes with it, though they may begin the next word.
_ENDING = re.compile(r"\s(?:shi|qu|xian)$", re.IGNORECASE)
#: How much dearer it is to mend a word of the language, by how often the dictionary has seen it;
#: a word of the edition is never mended.
_WORD_OF_LANGUAGE = ((50, 8.5), (3, 4.0))
#: A word so long that the dictionary has stands in no question by accident: it is never mended.
_LONG_WORD = 3
#: Typed for their neighbours so often that it does not matter what words they stand in, and how
#: much dearer than usual they are to mend.
_CONFUSED = (
    (re.compile("(?<=有)那(?=[些几])"), -5.0),
    (re.compile("(?<=[检审])察(?![院官员长权机建工部公系业])|甚(?=么)"), 0.0),
    (re.compile("那(?=些)"), 3.0),
)
#: Between these and a word, or the end, a verb of one character is a word of its own: 工资怎么发,
#: 每月发多少.
_ASKS_AFTER = re.compile(
    "(?:怎么|怎样|如何|咋|谁|谁来|多久|几次|时候|何时|[要会能可该]不[要会能可该]|还能)$"
)
_ASKS_BEFORE = re.compile("什么|啥|谁|哪|几|多少|多久|多长|多大")
_AROUND_VERBS = frozenset("能会要可该得都还就才也先再又被给不没了的着过吗呢吧啊呀嘛月年天人我你他")
_NEVER = float("inf")
_ABBREVIATION = 5
_WORDING, _YEARLY, _HOW_MANY = "写了什么", "每年", frozenset({"几个", "几次"})
#: Said in pinyin before the name of a place: in, and, with.
_BEFORE_PLACES = frozenset({"zai", "he", "yu", "gen", "ji", "dui", "cong", "dao", "qu", "wen"})


@dataclass(frozen=True)
class _Span:
    """A stretch ``text[start:end]``: what it is read as where that is known already."""

    start: int
    end: int
    kept: str | None = None
    place: bool = False


class TypingRepair:
    """Repairs questions to one index.

    Args:
        vocabulary: the words that may have been meant.
        gazetteer: the places, which it reads in pinyin and with slips itself.
    """

    def __init__(self, vocabulary: Vocabulary, gazetteer: Gazetteer) -> None:
        self._vocabulary = vocabulary
        self._gazetteer = gazetteer
        self._english = English.load()
        self._decoder = Decoder(vocabulary, _look_alikes())

    @classmethod
    def over(cls, index: Index, gazetteer: Gazetteer) -> TypingRepair:
        """The repair for questions to *index*."""
        return cls(Vocabulary(document.text for document in index.documents), gazetteer)

    def repair(self, text: str, prefer: Sequence[str] = ()) -> str:
        """*text* as it was meant; unchanged where nothing is clearly likelier.

        Args:
            text: a question in simplified characters.
            prefer: places that are likelier to be named than others.
        """
        if any(match[0] for match in _LATIN.finditer(text)):
            text = self._without_latin(text, prefer)
        return self._mended(text, prefer)

    # --- Latin letters

    def _without_latin(self, text: str, prefer: Sequence[str]) -> str:
        text = self._english.joined(text)
        spans = list(self._kept(text, prefer))
        free = [w for w in _LATIN.finditer(text) if _is_free(w.start(), w.end(), spans)]
        if not free:
            said = any(span.kept and not span.place for span in spans) and not any(
                map(is_han, text)
            )
            return self._from_english(text, spans) if said else text  # Changzhou Article 30
        if self._is_english([word[0] for word in free]):
            if any(map(is_han, text)):
                return self._english.within(text)
            return self._from_english(text, spans)
        return self._from_pinyin(text, spans)

    def _is_english(self, words: Iterable[str]) -> bool:
        """Whether most letters of *words* are in words that can be English only."""
        english = pinyin = 0
        for word in words:
            known, sounds = self._english.knows(_plain(word)), is_pinyin(_letters(word))
            if sounds and not known:
                pinyin += len(word)
            elif not sounds:
                english += len(word)
        return english >= pinyin

    def _from_english(self, text: str, spans: list[_Span]) -> str:
        places: list[str] = []
        content: list[str] = []
        asking: list[str] = []
        said: list[str] = []
        for span in _filled(text, spans):
            if span.kept is not None:
                (places if span.place else content).append(span.kept)
                continue
            for run in re.finditer(r"[A-Za-z'’\- ]+|[^A-Za-z]+", text[span.start : span.end]):
                words = [_plain(word[0]) for word in _LATIN.finditer(run[0])]
                if not words:
                    content.append(run[0].strip(" ?？!,.;:'"))
                    continue
                said += words
                for found in self._english.translate(words):
                    if isinstance(found, Translation):
                        (asking if found.asking else content).append(found.chinese)
                    else:
                        content.append(self._embedded(found))
        if asks_yes_or_no(said):
            asking.append(YES_NO)
        if Address.find(" ".join(content)) and {"say", "says", "read"} & {*said}:
            asking = [_WORDING]
        if _YEARLY in content and _HOW_MANY & {*asking}:  # how many times … a year
            asking = [f"{_YEARLY}几次", *(word for word in asking if word not in _HOW_MANY)]
        return " ".join(dict.fromkeys(word for word in (*places, *content, *asking) if word))

    def _embedded(self, word: str) -> str:
        """A word that is not English: pinyin where all of it says what the edition says."""
        plain = word.lower()
        if not is_pinyin(plain) or len(plain) < _ABBREVIATION:
            return word
        pieces = self._decoder.read(Stretch(plain))
        ours = all(len(p.word) > 1 and self._vocabulary.is_ours(p.word) for p in pieces)
        return "".join(piece.word for piece in pieces) if ours else word

    def _from_pinyin(self, text: str, spans: list[_Span]) -> str:
        parts: list[str] = []
        for span in _filled(text, spans):
            if span.kept is not None:
                parts.append(span.kept)
                continue
            stretch = text[span.start : span.end]
            # Digits, marks and words that are no pinyin stay; the rest is one stretch to decode.
            for run in re.finditer(
                r"[A-Za-z\u4e00-\u9fff'’ʼ\- \t]+|[^A-Za-z\u4e00-\u9fff]+", stretch
            ):
                parts.append(self._decoded(run[0]) if _LATIN.search(run[0]) else run[0])
        return " ".join("".join(parts).split()) if parts else text

    def _decoded(self, run: str) -> str:
        out: list[str] = []
        letters, breaks = "", set[int]()
        for token in re.finditer(r"[A-Za-z]+|[\u4e00-\u9fff]+", run):
            word = token[0]
            if is_han(word[0]) or (is_pinyin(word.lower()) and not _is_abbreviation(word)):
                letters += word.lower()
                breaks.add(len(letters))
                continue
            out += [self._read_letters(letters, breaks), *self._word(word)]
            letters, breaks = "", set()
        out.append(self._read_letters(letters, breaks))
        return " ".join(part for part in out if part)

    def _word(self, word: str) -> list[str]:
        """An English word within pinyin."""
        found = self._english.translate([word])
        return [part.chinese if isinstance(part, Translation) else part for part in found]

    def _read_letters(self, letters: str, breaks: set[int]) -> str:
        if not any(letter.isascii() for letter in letters):
            return letters
        pieces = self._decoder.read(Stretch(letters, frozenset(breaks)))
        return "".join(piece.word for piece in pieces)

    # --- slips

    def _mended(self, text: str, prefer: Sequence[str]) -> str:
        runs = [(m.start(), m.end()) for m in re.finditer(r"[\u4e00-\u9fff]{2,}", text)]
        mendable = [(start, end, self._mendable(text[start:end])) for start, end in runs]
        if not any(costs for _, _, costs in mendable):
            return text
        spans = list(self._kept(text, prefer))
        kept = {at for span in spans for at in range(span.start, span.end)}
        out = list(text)
        for start, end, costs in mendable:
            free = {at: cost for at, cost in costs.items() if start + at not in kept}
            if free:
                pieces = self._decoder.read(Stretch(text[start:end], mendable=free))
                out[start:end] = "".join(piece.word for piece in pieces)
        return "".join(out)

    def _mendable(self, run: str) -> dict[int, float]:
        """The characters of *run* that are in no word of the edition, and what a change costs."""
        costs: dict[int, float] = {}
        for confused, cost in _CONFUSED:
            for found in confused.finditer(run):
                costs.setdefault(found.start(), cost)
        dearer = _words_of_language(run)
        pieces = self._decoder.read(Stretch(run))
        for number, piece in enumerate(pieces):
            if len(piece.word) > 1 and self._vocabulary.is_known(piece.word):
                continue
            if self._is_verb_asked_about(run, pieces, number):
                continue
            least = _dearer(piece.word) if len(piece.word) > 1 else 0.0
            for at in range(piece.start, piece.end):
                cost = max(least, dearer.get(at, 0.0))
                if cost < _NEVER:
                    costs.setdefault(at, cost)
        return costs

    def _is_verb_asked_about(self, run: str, pieces: Sequence[Piece], number: int) -> bool:
        """Whether the piece is a common verb by itself, right beside a word that asks."""
        piece = pieces[number]
        if not self._vocabulary.is_verb(piece.word):
            return False
        if _ASKS_AFTER.search(run[: piece.start]):
            ends = word_ends(run)
            begins = any(ends.get(at, at) - at > 1 for at in (piece.start, piece.end))
            after = pieces[number + 1].word if number + 1 < len(pieces) else ""
            return begins or _stands_apart(after)
        before = pieces[number - 1].word if number else ""
        return bool(_ASKS_BEFORE.match(run, piece.end)) and _stands_apart(before)

    # --- what stays

    def _kept(self, text: str, prefer: Sequence[str]) -> Iterator[_Span]:
        """Quotations, addresses, document numbers and places, from left to right."""
        found = [_Span(m.start(), m.end(), m[0]) for m in _QUOTED.finditer(text)]
        found += [_Span(m.start(), m.end(), f"第{m[1]}条") for m in _ARTICLE.finditer(text)]
        found += [_Span(start, end, text[start:end]) for _, start, end in Address.find_spans(text)]
        mentions = self._gazetteer.find(text, prefer=prefer)
        found += [self._place(text, m) for m in mentions if self._is_likely(text, m, prefer)]
        position = 0
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            if span.start >= position:
                yield span
                position = span.end

    def _is_likely(self, text: str, mention: PlaceMention, prefer: Sequence[str]) -> bool:
        """Whether a place in Latin letters is one: xiang shui is 响水县, but oftener 向谁."""
        if mention.how != "pinyin" or any(mention.place.name in name for name in prefer):
            return True
        before = _LATIN.findall(text[: mention.start])
        alone = not before or before[-1] in _BEFORE_PLACES or self._english.knows(before[-1])
        return alone and mention.place.level != "county"

    def _place(self, text: str, mention: PlaceMention) -> _Span:
        typed = text[mention.start : mention.end]
        if mention.how != "pinyin" and not typed.isascii():
            return _Span(mention.start, mention.end, typed, place=True)
        ending = _ENDING.search(typed)
        if ending and _LATIN.match(text[mention.end :].lstrip()):
            end = mention.start + ending.start()  # shi weishuji: 市 belongs to 市委书记
            name = self._gazetteer.lookup(mention.place.name)
            short = name.short if name else mention.place.name
            return _Span(mention.start, end, short, place=True)
        return _Span(mention.start, mention.end, mention.place.name, place=True)


def reads_otherwise(typed: str, read: str) -> bool:
    """Whether *read* differs from *typed* by more than script, blanks, marks and capitals.

    >>> reads_otherwise("誡勉 多久?", "誡勉多久？"), reads_otherwise("戒勉多久", "诫勉多久")
    (False, True)
    """
    return _bare(typed) != _bare(read)


def mended(typed: str, read: str) -> str:
    """The clauses of *read* that say otherwise than *typed*; all of it where no clause does.

    >>> mended("戒勉多久，请从速", "诫勉多久，请从速")
    '诫勉多久'
    """
    before = _bare(typed)
    clauses = [clause for clause in _CLAUSE_END.split(read) if _bare(clause) not in before]
    return "，".join(clause.strip() for clause in clauses) or read


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", simplify(text)).replace("甚么", "什么")


def _words_of_language(run: str) -> dict[int, float]:
    """Position → how much dearer it is to mend there, for words that the dictionary sees."""
    dearer: dict[int, float] = {}
    for start, end in word_ends(run).items():
        if end - start > 1:
            dearer.update(dict.fromkeys(range(start, end), _dearer(run[start:end])))
    return dearer


def _dearer(word: str) -> float:
    """How much dearer it is to mend *word* because the language has it."""
    seen = jieba.dt.FREQ.get(word, 0)
    if seen and len(word) >= _LONG_WORD:
        return _NEVER
    return next((cost for least, cost in _WORD_OF_LANGUAGE if seen >= least), 0.0)


def _stands_apart(neighbour: str) -> bool:
    """Whether a verb beside *neighbour* is no part of a longer, mistyped word with it."""
    return len(neighbour) != 1 or neighbour in _AROUND_VERBS


def _is_free(start: int, end: int, spans: Iterable[_Span]) -> bool:
    return all(end <= span.start or start >= span.end for span in spans)


def _filled(text: str, spans: Iterable[_Span]) -> Iterator[_Span]:
    """*spans* and the stretches between them."""
    position = 0
    for span in spans:
        if position < span.start:
            yield _Span(position, span.start)
        yield span
        position = span.end
    if position < len(text):
        yield _Span(position, len(text))


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _letters(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower())


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= _ABBREVIATION


def _look_alikes() -> dict[str, str]:
    """Character → those that look like it."""
    like: dict[str, str] = {}
    for group in typing_notes()["look_alikes"]:
        for character in group:
            others = group.replace(character, "")
            like[character] = like.get(character, "") + others
    return like
