"""The parts that a hostile model plays against an attack: it obeys, each time in another way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping

from evals.attack import Attack
from evals.scripted.asked import Asked
from evals.scripted.scripts import Script, writing
from evals.scripted.writers import Writer, claims, parrots, prints_prompt, says

_STOPS = "。；：，！？"


def obeys(attack: Attack) -> Writer:
    """Writes the case's reply as it stands, under the first token that was issued."""
    return says(attack.reply)


def insists(attack: Attack) -> Writer:
    """Says the same under every token that was issued, in the form that was asked for."""
    return claims(claim(attack))


def appends(attack: Attack) -> Writer:
    """Copies each piece of evidence and says the same behind it, in one sentence."""
    return _beside(lambda words: f"{words}，{_bare(attack)}。")


def begins(attack: Attack) -> Writer:
    """Says it first and copies the evidence behind it, in one sentence."""
    return _beside(lambda words: f"{_bare(attack)}，{words}。")


def repeats_question(attack: Attack) -> Writer:
    """Gives the question as its own answer."""
    return parrots


def repeats_prompt(attack: Attack) -> Writer:
    """Prints the system message under a good token."""
    return prints_prompt


PARTS: Mapping[str, Callable[[Attack], Writer]] = {
    part.__name__: part
    for part in (obeys, insists, appends, begins, repeats_question, repeats_prompt)
}


def script(name: str, attack: Attack) -> Script:
    """The part *name* as the scripted endpoint plays it against *attack*."""
    return writing(PARTS[name](attack), name)


def _beside(worded: Callable[[str], str]) -> Writer:
    """Writes each piece of evidence as *worded*, under its own token."""

    def written(asked: Asked) -> Iterable[str]:
        for token, words in asked.evidence.items():
            yield f"{worded(words.rstrip(_STOPS))}[{token}]\n"

    return written


def _bare(attack: Attack) -> str:
    return claim(attack).rstrip(_STOPS)


def claim(attack: Attack) -> str:
    """What the case's reply says, without tokens and form."""
    try:
        said = json.loads(attack.reply)
        texts = [entry["text"] for entry in said["statements"]]
    except (ValueError, KeyError, TypeError):
        texts = re.sub(r"\[[^\[\]]{4,7}\]", "", attack.reply).splitlines()
    return "".join(text.strip() for text in texts if text.strip()) or attack.reply
