"""Learn how to weigh signals: ``python -m evals.training.fusion ARTICLES KNOWN [--out FILE]``.

It learns from the known questions that the encoder has not (`evals.training.statutes.held_out`),
whose similarities are therefore what a new question's would be. Each is ranked twice: led by all
others, and led by those alone that have no law in common with it, so that what comes out also
serves laws that were never asked about. Questions that are answered by a law that a large share of
them names are left out of the second. The loss is a softmax of each right article against all
wrong candidates. Before it learns of all, it says by cross-validation what is to be expected.
"""

from __future__ import annotations

import argparse
import collections
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from assistant.settings import load_settings
from evals.fusion import SHIPPED, Fusion, save
from evals.known import Asked
from evals.ranking import figures, open_desk
from evals.signals import SIGNALS, UNLED, Candidates, Desk, best
from evals.training.statutes import held_out
from index.embeddings import Vectors

UNITS = 16
_STEPS, _BATCH, _RATE, _DECAY = 400, 200, 0.02, 0.01
_FOLDS = 4
#: A law in a larger share of the questions is not kept out: too few would be left to lead.
_COMMON = 0.2

#: What is told apart in the figures.
GROUPS: dict[str, Callable[[Lesson], bool]] = {
    "all questions": lambda lesson: not lesson.is_strange,
    "their laws never asked about": lambda lesson: lesson.is_strange,
    "nor learnt by the encoder": lambda lesson: lesson.is_strange and lesson.is_new,
}


@dataclass(frozen=True)
class Lesson:
    """A question with its candidates.

    Args:
        place: the question's place among the known.
        asked: the question.
        candidates: with the signals that lead to them.
        is_strange: whether its laws were kept from the known questions.
        is_new: whether one of its laws was kept from the encoder's training.
    """

    place: int
    asked: Asked
    candidates: Candidates
    is_strange: bool
    is_new: bool


def lessons(desk: Desk) -> list[Lesson]:
    """The known questions that the encoder has not learnt from, those of rarer laws twice."""
    known = desk.known
    new, others = held_out(known.asked, desk.library.articles)
    counts = collections.Counter(law for laws in known.laws for law in laws)
    common = {law for law, count in counts.items() if count > _COMMON * len(known.laws)}
    found = []
    for place in sorted(new | others):
        asked = known.asked[place]
        reading = desk.library.embeddings.read_query(asked.text)
        usual = desk.candidates_as_read(asked.text, reading, (place,))
        found.append(Lesson(place, asked, usual, is_strange=False, is_new=place in new))
        if not known.laws[place] & common:
            barred = [n for n, laws in enumerate(known.laws) if laws & known.laws[place]]
            strange = desk.candidates_as_read(asked.text, reading, barred)
            found.append(Lesson(place, asked, strange, is_strange=True, is_new=place in new))
    return found


def learn(learnt: Sequence[Lesson], weight: float, used: Sequence[str], seed: int = 0) -> Fusion:
    """The function of the signals *used* that ranks the right articles of *learnt* first."""
    torch.manual_seed(seed)
    signals = np.concatenate([lesson.candidates.signals for lesson in learnt])
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    shown, right, there, weights = _padded(learnt, mean, spread, weight)
    is_used = torch.tensor([name in used for name in SIGNALS])
    shown *= is_used
    linear = torch.zeros(len(SIGNALS), requires_grad=True)
    inner, outer = nn.Linear(len(SIGNALS), UNITS), nn.Linear(UNITS, 1, bias=False)
    outer.weight.data.mul_(0.1)
    parameters = [linear, *inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=_RATE, weight_decay=_DECAY)
    rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _STEPS)
    for _ in range(_STEPS):
        some = torch.randperm(len(shown))[:_BATCH]
        scores = shown[some] @ linear + outer(torch.tanh(inner(shown[some]))).squeeze(-1)
        loss = _loss(scores, right[some], there[some], weights[some])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        rates.step()
    tensors = (linear, inner.weight * is_used, inner.bias, outer.weight.squeeze(0))
    return Fusion(mean, spread, *(tensor.detach().numpy() for tensor in tensors))


def _padded(
    learnt: Sequence[Lesson], mean: Vectors, spread: Vectors, strange_weight: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Signals [lessons, most candidates, n]; which are right, which are there; the weights.

    Lessons none of whose candidates is right teach nothing and are left out.
    """
    some = [ls for ls in learnt if set(ls.candidates.positions.tolist()) & set(ls.asked.gold)]
    most = max(len(lesson.candidates.positions) for lesson in some)
    shown = torch.zeros(len(some), most, len(SIGNALS))
    right = torch.zeros(len(some), most, dtype=torch.bool)
    there = torch.zeros(len(some), most, dtype=torch.bool)
    for n, lesson in enumerate(some):
        count = len(lesson.candidates.positions)
        shown[n, :count] = torch.from_numpy((lesson.candidates.signals - mean) / spread)
        right[n, :count] = torch.from_numpy(np.isin(lesson.candidates.positions, lesson.asked.gold))
        there[n, :count] = True
    weights = torch.tensor([strange_weight if ls.is_strange else 1.0 for ls in some])
    return shown, right, there, weights


def _loss(scores: Tensor, right: Tensor, there: Tensor, weights: Tensor) -> Tensor:
    """Each right article against all wrong ones, a mean over the questions."""
    wrong = scores.masked_fill(right | ~there, -1e4).logsumexp(1, keepdim=True)
    each = (torch.logaddexp(wrong, scores) - scores) * right
    return ((each.sum(1) / right.sum(1)) * weights).sum() / weights.sum()


def cross_validate(learnt: Sequence[Lesson], weight: float, used: Sequence[str]) -> None:
    """Print what held-out questions give, with their laws known and kept out."""
    folds = np.random.default_rng(0).integers(0, _FOLDS, 1 + max(ls.place for ls in learnt))
    ranked: list[tuple[Lesson, list[int]]] = []
    for fold in range(_FOLDS):
        fusion = learn([ls for ls in learnt if folds[ls.place] != fold], weight, used)
        ranked += [
            (lesson, fusion.rank(lesson.candidates, 100).tolist())
            for lesson in learnt
            if folds[lesson.place] == fold
        ]
    for name, is_in in GROUPS.items():
        pairs = [(found, lesson.asked) for lesson, found in ranked if is_in(lesson)]
        found = figures([found for found, _ in pairs], [asked for _, asked in pairs])
        print(f"{len(used)} signals, {name} ({len(pairs)}): {found}", flush=True)


def _alone(learnt: Sequence[Lesson], name: str) -> None:
    """Print what one signal by itself gives on the same candidates."""
    column = SIGNALS.index(name)
    for group, is_in in GROUPS.items():
        same = [lesson for lesson in learnt if is_in(lesson)]
        ranked = [
            ls.candidates.positions[best(ls.candidates.signals[:, column], 100)] for ls in same
        ]
        found = figures([r.tolist() for r in ranked], [ls.asked for ls in same])
        print(f"{name} alone, {group} ({len(same)}): {found}", flush=True)


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("known", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--model", type=Path, help="the encoder's folder; ANZE_MODEL unless told")
    parser.add_argument("--cache", type=Path, default=Path("var/ranking"))
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--weight", type=float, default=1.0, help="of the second kind")
    parser.add_argument("--lessons", type=Path, help="kept there, and read from there if there")
    given = parser.parse_args()
    torch.set_num_threads(1)
    learnt = _lessons(given)
    for name in ("lexical", "late"):
        _alone(learnt, name)
    for used in (SIGNALS, UNLED):
        cross_validate(learnt, given.weight, used)
    led, unled = (learn(learnt, given.weight, used) for used in (SIGNALS, UNLED))
    save(given.out, led, unled)


def _lessons(given: argparse.Namespace) -> list[Lesson]:
    if given.lessons and given.lessons.exists():
        kept: list[Lesson] = pickle.loads(given.lessons.read_bytes())
        return kept
    model = given.model or load_settings().model
    desk = open_desk(given.articles, given.known, model, given.cache, given.dtype)
    found = lessons(desk)
    if given.lessons:
        given.lessons.write_bytes(pickle.dumps(found))
    return found


if __name__ == "__main__":
    main()
