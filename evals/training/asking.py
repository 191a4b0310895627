"""Tune how questions are read, against passages that stay as they were read.

    python -m evals.training.asking MODEL_FOLDER OUT.safetensors INDEX=EXAMPLES.pickle …

Each question is matched token by token (MaxSim, as in `index.tokens`) with the stretches of its
examples, whose vectors come out of the index; a question of the retrieval benchmark also by its
pooled vector with all articles at once. Only the question goes through the network, so an epoch
takes minutes on one core, and no index has to be made anew. Asymmetric encoders: Karpukhin et al.,
DPR, EMNLP 2020. What is learnt are changes of low rank, as in `evals.training.encoder`.

``--leave-out K/N`` leaves every N-th case out (by a hash of its id): with such readers of questions
the scorer's examples are made, since a reader makes its own lessons look easier than they are.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from evals.ranking import open_desk
from evals.signals import Desk
from evals.training.encoder import Reader, Readings, train
from evals.training.example import Candidated, Example, is_of
from evals.training.statutes import held_out
from index.store import serving_folder
from index.tokens import TokenIndex

#: Wrong stretches that a question is set against: the first found, and others drawn.
_NEAREST, _DRAWN = 12, 12
#: Wrong articles beside a right one: drawn from so many that its pooled vector finds.
_ARTICLES, _FOUND = 12, 60
_TEMPERATURE = 0.04
_POOLED_TEMPERATURE, _POOLED_WEIGHT = 0.03, 0.3
_NONE = -1e4


@dataclass(frozen=True)
class Shelf:
    """Passages as they were read: the token vectors of an index."""

    tokens: TokenIndex

    @cached_property
    def mean(self) -> Tensor:
        """What is taken off every token vector, [dimension]."""
        return torch.from_numpy(self.tokens.mean.copy())

    def passage(self, position: int) -> tuple[Tensor, Tensor]:
        """A passage's centred vectors [tokens, dimension] and their places [tokens, 2]."""
        stretch = slice(*self.tokens.first[position : position + 2].tolist())
        vectors = self.tokens.vectors[stretch].astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return torch.from_numpy(vectors), torch.from_numpy(self.tokens.spans[stretch])

    def centred(self, tokens: Tensor) -> Tensor:
        """A question's token vectors about the same mean."""
        return nn.functional.normalize(tokens - self.mean, dim=-1)


@dataclass(frozen=True)
class Stretches:
    """A question with stretches of passages, told right and wrong."""

    question: str
    shelf: Shelf
    right: tuple[Candidated, ...]
    wrong: tuple[Candidated, ...]

    @classmethod
    def of(cls, example: Example, shelf: Shelf) -> Stretches | None:
        """An example as a lesson; None where nothing right or nothing wrong is in it."""
        told = [c for c in example.candidates if c.position >= 0]
        right = tuple(c for c in told if c.label == 1)
        wrong = tuple(c for c in told if c.label == 0)
        return cls(example.question, shelf, right, wrong) if right and wrong else None

    def loss(self, tokens: Tensor, pooled: Tensor, rng: random.Random) -> Tensor:
        """How much the wrong stretches fit better than each right one."""
        asked = self.shelf.centred(tokens)
        far = self.wrong[_NEAREST:]
        wrong = [*self.wrong[:_NEAREST], *rng.sample(far, min(_DRAWN, len(far)))]
        worse = self._scores(asked, wrong).logsumexp(0)
        return nn.functional.softplus(worse - self._scores(asked, self.right)).mean()

    def _scores(self, asked: Tensor, some: Sequence[Candidated]) -> Tensor:
        """Of each stretch: half its own best matches, half those with the headings above it."""
        scores = []
        for candidate in some:
            vectors, spans = self.shelf.passage(candidate.position)
            cosines = asked @ vectors.T
            inside = (spans[:, 0] < candidate.end) & (spans[:, 1] > candidate.start)
            if not inside.any():
                scores.append(cosines.new_tensor(0.0))
                continue
            here = cosines[:, inside].amax(1)
            above = spans[:, 0] < candidate.words_from
            around = cosines[:, above].amax(1) if above.any() else here
            scores.append(0.5 * (here + torch.maximum(here, around)).mean())
        return torch.stack(scores) / _TEMPERATURE


@dataclass(frozen=True)
class Articles:
    """A question of the benchmark, against all its articles.

    Args:
        question: its words.
        shelf: the articles' token vectors.
        pooled: one unit vector an article, [articles, dimension].
        gold: the right ones.
    """

    question: str
    shelf: Shelf
    pooled: Tensor
    gold: tuple[int, ...]

    def loss(self, tokens: Tensor, pooled: Tensor, rng: random.Random) -> Tensor:
        """By token against articles that are found and wrong, by pooled vectors against all."""
        gold = list(self.gold)
        similar = self.pooled @ pooled / _POOLED_TEMPERATURE
        others = similar.clone()
        others[gold] = _NONE
        missed = nn.functional.softplus(others.logsumexp(0) - similar[gold]).mean()
        found = others.detach().topk(_FOUND).indices.tolist()
        asked = self.shelf.centred(tokens)
        worse = self._scores(asked, rng.sample(found, _ARTICLES)).logsumexp(0)
        late = nn.functional.softplus(worse - self._scores(asked, gold)).mean()
        return late + _POOLED_WEIGHT * missed

    def _scores(self, asked: Tensor, articles: Sequence[int]) -> Tensor:
        read = (self.shelf.passage(article)[0] for article in articles)
        return torch.stack([(asked @ v.T).amax(1).mean() for v in read]) / _TEMPERATURE


Asked = Stretches | Articles


def loss_of(batch: Sequence[Asked], reader: Reader, rng: random.Random) -> Tensor:
    """The mean loss of some lessons; the questions go through the network together."""
    read: Readings = reader.read([lesson.question for lesson in batch], questions=True)
    losses = [
        lesson.loss(read.tokens[n][read.counts[n]], read.pooled[n], rng)
        for n, lesson in enumerate(batch)
    ]
    return torch.stack(losses).mean()


def of_cases(pairs: Sequence[str], left_out: str) -> Iterator[Stretches]:
    """The lessons of ``INDEX=EXAMPLES`` pairs but those of the cases that are left out."""
    for pair in pairs:
        folder, _, path = pair.partition("=")
        shelf = Shelf(TokenIndex.open(serving_folder(Path(folder)) / "tokens"))
        texts, examples = pickle.loads(Path(path).read_bytes())
        if len(texts) != len(shelf.tokens):
            raise SystemExit(f"{path} was made over another index than {folder}")
        for example in examples:
            lesson = Stretches.of(example, shelf)
            if lesson is not None and not is_of(example.case, left_out):
                yield lesson


def of_benchmark(desk: Desk) -> Iterator[Articles]:
    """The benchmark's train questions but those that are kept from the encoder."""
    known, library = desk.known.asked, desk.library
    strange, others = held_out(known, library.articles)
    shelf, pooled = Shelf(library.tokens), torch.from_numpy(np.asarray(library.vectors))
    for n, question in enumerate(known):
        if n not in strange and n not in others:
            yield Articles(question.text, shelf, pooled, tuple(question.gold))


def main() -> None:
    """Train and write the changes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("model", type=Path, help="the folder of the encoder that read the passages")
    add("out", type=Path, help="where the changes go")
    add("examples", nargs="*", metavar="INDEX=EXAMPLES", help="of evals.training.examples")
    add("--leave-out", default="", metavar="K/N", help="a part of the cases, by their ids")
    add("--articles", type=Path, help="articles of law, as evals.ranking takes")
    add("--known", type=Path, help="questions with gold about those articles")
    add("--cache", type=Path, default=Path("var/ranking"))
    add("--epochs", type=float, default=2)
    add("--batch", type=int, default=16)
    add("--rate", type=float, default=5e-4)
    add("--seconds", type=float, default=3000)
    given = parser.parse_args()
    torch.set_num_threads(1)
    learnt: list[Asked] = list(of_cases(given.examples, given.leave_out))
    print(f"{len(learnt)} of examples", flush=True)
    if given.articles:
        desk = open_desk(given.articles, given.known, given.model, given.cache, "bfloat16")
        known = list(of_benchmark(desk))
        print(f"{len(known)} of the benchmark", flush=True)
        learnt.extend(known)
    model = SentenceTransformer(str(given.model), device="cpu", local_files_only=True)
    changes = train(
        model,
        learnt,
        loss_of,
        torch.zeros(model.get_embedding_dimension() or 0),
        epochs=given.epochs,
        batch=given.batch,
        rate=given.rate,
        seconds=given.seconds,
    )
    save_file(changes, given.out)


if __name__ == "__main__":
    main()
