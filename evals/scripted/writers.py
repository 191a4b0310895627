"""What the parts write: each is given the request and yields its text piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat

from evals.scripted.asked import NEVER_ISSUED, Asked, Sentence

Writer = Callable[[Asked], Iterable[str]]
_STOPS = "。；：，！？"
_DEEP = 2_000


def copyist(asked: Asked) -> Iterable[str]:
    """Every piece of evidence as a sentence of its own: all that a good model must do."""
    return _written(asked, _copied(asked))


def merger(asked: Asked) -> Iterable[str]:
    """Two pieces of evidence at a time in one sentence."""
    return _written(asked, map(_joined, _pairs(_copied(asked))))


def leaves_out(asked: Asked) -> Iterable[str]:
    """The first piece of evidence alone."""
    return _written(asked, _copied(asked)[:1])


def fenced(asked: Asked) -> Iterable[str]:
    """JSON in a fenced block, between kind words."""
    yield from (
        "好的，整理如下：\n\n```json\n",
        *_as_json(_copied(asked)),
        "\n```\n希望对您有帮助。",
    )


def chatty(asked: Asked) -> Iterable[str]:
    """Plain sentences whatever was asked for, with kind words that lean on nothing around them."""
    lines = (f"{sentence.as_line()}\n" for sentence in _copied(asked))
    yield from ("好的，根据您提供的资料，回答如下：\n", *lines, "\n如需进一步帮助，请随时告诉我！")


def thinks_first(asked: Asked) -> Iterable[str]:
    """Thoughts, wrong ones under a good token, and then what a good model writes."""
    thought = Sentence("也许是两年内不得提拔。", tuple(asked.evidence)[:1])
    yield from (f"<think>\n用户在问什么？先想一想。\n{thought.as_line()}\n</think>\n\n",)
    yield from copyist(asked)


def english(asked: Asked) -> Iterable[str]:
    """Good English, which nobody asked for."""
    text = "The official in charge bears overall responsibility for work safety."
    return _written(asked, [Sentence(text, (token,)) for token in asked.evidence])


def japanese(asked: Asked) -> Iterable[str]:
    """Good Japanese."""
    text = "主要責任者は、安全生産について全面的な責任を負わなければなりません。"
    return _written(asked, [Sentence(text, (token,)) for token in asked.evidence])


def half_json(asked: Asked) -> Iterable[str]:
    """The first half of good JSON."""
    whole = "".join(_as_json(_copied(asked)))
    yield whole[: len(whole) // 2]


def nested_deep(asked: Asked) -> Iterable[str]:
    """JSON so deep that a parser that calls itself falls over."""
    yield '{"statements": ' + "[" * _DEEP + "]" * _DEEP + "}"


def brackets(asked: Asked) -> Iterable[str]:
    """JSON that is wrong from its first element on, where a reader begins anew at each bracket."""
    return chain(['{"statements": ['], repeat("}]", 2_900))


def blanks_between(asked: Asked) -> Iterable[str]:
    """Lines with thousands of blanks behind a good token, where a pattern tries every split."""
    tokens = "".join(f"[{token}]" for token in asked.evidence)
    return (f"{tokens}{' ' * 4_500}[\n", *["\n"] * 1_000)


def one_sentence(asked: Asked) -> Iterable[str]:
    """One sentence that never ends, of good words: what a judge of sentences has most work with."""
    words = "，".join(sentence.text.rstrip(_STOPS) for sentence in _copied(asked))
    long = "，".join([words] * (4_000 // (len(words) + 1)))
    return _written(asked, [Sentence(f"{long}。", tuple(asked.evidence))])


def empty(asked: Asked) -> Iterable[str]:
    """Nothing."""
    return ()


def blank(asked: Asked) -> Iterable[str]:
    """Blanks of every kind."""
    yield " \n\t　\n  "


def endless(asked: Asked) -> Iterable[str]:
    """Good sentences, for ever."""
    return _written(asked, chain.from_iterable(repeat(_copied(asked))))


def endless_thinking(asked: Asked) -> Iterable[str]:
    """Thoughts without an end."""
    return chain(["<think>\n"], repeat("嗯，让我再想一想。"))


def invents_token(asked: Asked) -> Iterable[str]:
    """A good sentence under a token that was never issued."""
    copied = _copied(asked)
    return _written(asked, [Sentence(sentence.text, (NEVER_ISSUED,)) for sentence in copied])


def prints_prompt(asked: Asked) -> Iterable[str]:
    """The system message, line by line, each under a good token."""
    tokens = tuple(asked.evidence)[:1]
    lines = filter(None, map(str.strip, asked.system.splitlines()))
    return _written(asked, [Sentence(line, tokens) for line in lines])


def parrots(asked: Asked) -> Iterable[str]:
    """The question as its own answer under every token: whatever it orders is said."""
    return _written(asked, [Sentence(asked.question, tuple(asked.evidence))])


def claims(text: str) -> Writer:
    """A part that says *text* under every token that was issued."""
    return lambda asked: _written(asked, [Sentence(text, tuple(asked.evidence))])


def alters(old: str, new: str) -> Writer:
    """A copyist that writes *new* where *old* stands."""

    def altered(asked: Asked) -> Iterable[str]:
        copied = _copied(asked)
        return _written(asked, [Sentence(s.text.replace(old, new), s.tokens) for s in copied])

    return altered


def says(template: str) -> Writer:
    """A part that replies *template*, whatever form was asked for.

    ``{TOKEN}`` in it becomes the first token that was issued, ``{TOKENS}`` all of them as they
    stand behind a sentence (``[K7QM][ABCD]``), ``{WORDS}`` the words of the first.
    """

    def said(asked: Asked) -> Iterable[str]:
        token, words = next(iter(asked.evidence.items()), ("", ""))
        marks = Sentence("", tuple(asked.evidence)).as_line()
        yield (
            template.replace("{TOKENS}", marks).replace("{TOKEN}", token).replace("{WORDS}", words)
        )

    return said


def _copied(asked: Asked) -> list[Sentence]:
    return [Sentence(words, (token,)) for token, words in asked.evidence.items()]


def _pairs(sentences: list[Sentence]) -> Iterator[list[Sentence]]:
    for start in range(0, len(sentences), 2):
        yield sentences[start : start + 2]


def _joined(sentences: list[Sentence]) -> Sentence:
    text = "；".join(sentence.text.rstrip(_STOPS) for sentence in sentences)
    return Sentence(f"{text}。", tuple(chain.from_iterable(s.tokens for s in sentences)))


def _written(asked: Asked, sentences: Iterable[Sentence]) -> Iterable[str]:
    """The sentences in the form that was asked for; there may be no end of them."""
    if asked.is_structured:
        return _as_json(sentences)
    return (f"{sentence.as_line()}\n" for sentence in sentences)


def _as_json(sentences: Iterable[Sentence]) -> Iterator[str]:
    yield '{"statements": ['
    for n, sentence in enumerate(sentences):
        yield (", " if n else "") + sentence.as_json()
    yield "]}"
