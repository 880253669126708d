"""What customers write: reviews put together from sentences, each about one of a few themes."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pandas as pd

from .truth import Feedback

__all__ = ["reviews"]


def reviews(truth: Feedback, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per review, by date: text, rating (1 to 5), date, source, segment. No text comes twice."""
    days = np.sort(rng.integers(0, truth.days, truth.reviews))
    rows: list[tuple] = []
    texts: set[str] = set()
    for day in days:
        main, second = _themes(truth, rng)
        text = _text(truth, main, second, rng)
        while text in texts:
            text = _text(truth, main, second, rng)
        texts.add(text)
        stars = int(rng.choice(np.arange(1, 6), p=truth.themes[main].stars))
        date = truth.first_day + timedelta(int(day))
        segment = _drawn(truth.themes[main].segments or truth.segments, rng)
        rows.append((text, stars, date, _drawn(truth.sources, rng), segment))
    return pd.DataFrame(rows, columns=["text", "rating", "date", "source", "segment"])


def _themes(truth: Feedback, rng: np.random.Generator) -> tuple[str, str | None]:
    """The main theme of a review, and another one where it has a second."""
    shares = {name: theme.share for name, theme in truth.themes.items()}
    main = _drawn(shares, rng)
    if rng.random() >= truth.second:
        return main, None
    others = {name: share / (1 - shares[main]) for name, share in shares.items() if name != main}
    return main, _drawn(others, rng)


def _text(truth: Feedback, main: str, second: str | None, rng: np.random.Generator) -> str:
    """One or two sentences on the main theme, one on the second, at times with an opening and a closing."""
    own = truth.themes[main].sentences
    sentences = [own[place] for place in rng.permutation(len(own))[: rng.integers(1, 3)]]
    if second:
        other = truth.themes[second].sentences
        sentences.append(other[rng.integers(len(other))])
    if rng.random() < 0.4:
        sentences.insert(0, truth.openings[rng.integers(len(truth.openings))])
    if rng.random() < 0.3:
        sentences.append(truth.closings[rng.integers(len(truth.closings))])
    filled = [
        sentence.format(**{slot: words[rng.integers(len(words))] for slot, words in truth.slots.items()})
        for sentence in sentences
    ]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in filled)


def _drawn(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    """One of the names, each with its share as probability."""
    return str(rng.choice(list(shares), p=list(shares.values())))
