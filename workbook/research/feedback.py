"""What do people write about, again and again, and what makes them cross? Themes of free text by TF-IDF and NMF.

Words are weighted by how often a text uses them and how few others do; non-negative factorisation then finds sets of words
that go together. A text belongs to the theme it speaks of most. Themes come worst rating first, since a bad review says
more about an unmet need than ten good ones; without ratings the largest comes first. Examples are quoted as written.

Sources: Spärck Jones (1972), Journal of Documentation 28(1), for TF-IDF; Lee & Seung (1999), Nature 401, for NMF;
Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, for the silhouette that offers their number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from workbook.answer import FEW, Answer
from workbook.errors import AnalysisError, TableError, nearest
from workbook.language import N_, listed, number, percent
from workbook.language import translated as _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STOP_WORDS", "feedback_themes"]

Array = npt.NDArray[np.float64]

STOP_WORDS = {
    "en": """
    a about above after again all almost already also although always am among an and another any anyone anything are
    aren around as at away back be because been before behind being below between both but by came can cannot come
    comes could couldn did didn do does doesn doing don done down during each either else enough even ever every
    everyone everything far few first for from get gets getting give given go goes going gone got had hadn has hasn
    have haven having he her here hers him his how however i if in instead into is isn it its itself just keep know
    last least less let like ll lot made make makes many may me might mine more most much must my myself near need
    never no nobody none nor not nothing now of off often ok on once one only onto or other others our ours out over
    own per perhaps put quite rather re really said same say says see seem seems several shall she should shouldn
    since so some someone something sometimes soon still such sure take takes than that the their theirs them then
    there these they thing things think this those though through thus to today together too took toward two under
    until up upon us use used uses using very via want wants was wasn way we well went were weren what when where
    whether which while who whole whom whose why will with within without won would wouldn yes yet you your yours
    """,
    "it": """
    abbastanza abbia abbiamo abbiano ad adesso agli ai al alcuna alcune alcuni alcuno alla alle allo allora altra altre
    altri altro anche ancora anzi appena assai attraverso avere avete aveva avevano avevo avuto bene ben c che chi ci
    ciascuno ciò circa col come comunque con contro cosa cose così cui da dagli dai dal dalla dalle dallo davanti davvero
    degli dei del dell della delle dello dentro di dice dietro dire dopo dove dovrebbe due dunque e ecco ed era erano ero
    essa esse essere essi esso fa fare fatta fatte fatti fatto fin fino finché forse fra fui fuori già gli ha hai hanno
    ho i il in infatti insieme intanto invece io l la là le lei li lo loro lui ma mai male me meglio meno mentre mi mia
    mie miei mio molta molte molti molto né nè ne neanche negli nei nel nell nella nelle nello nemmeno neppure nessun
    nessuna nessuno niente noi non nostra nostre nostri nostro nulla o od ogni ognuno oltre oppure ora ormai ovvero per
    perché perciò perfino però persino piuttosto più po poca poche pochi poco poi potrebbe prima primo proprio può puoi
    pur pure qua qualche qualcosa qualcuno quale quali qualsiasi quando quanta quante quanti quanto quasi quei quel
    quell quella quelle quelli quello questa queste questi questo qui quindi sapere se sé sebbene sei sempre senza si sì
    sia siamo siano siete solo soltanto sono sopra soprattutto sotto sta stanno stare stata state stati stato stessa
    stesse stessi stesso su sua subito sue sugli sui sul sull sulla sulle sullo suo suoi talvolta tanta tante tanti tanto
    te ti tra troppa troppe troppi troppo tu tua tue tuo tuoi tutta tutte tutti tuttavia tutto un una uno va vai vi via
    viene voi volta volte vorrei vostra vostre vostri vostro
    """,
}
"""Words too common to say what a text is about, in each language; both count, since reviews mix them."""

WORD = re.compile(r"[^\W\d_]{2,}")

WORDS, EXAMPLES = 8, 3
"""Words and examples shown of a theme."""

MOST_THEMES, MOST_WORDS, SAMPLE = 10, 5000, 2000
"""Themes tried at most, words kept at most, texts that the number of themes is chosen on at most."""

GAIN = 0.05
"""Share by which a further theme must raise the silhouette: judgement."""

MIXED_TOP = 5
"""Ratings of most shops go to 5, of surveys to 10: two sources on both sides of it are on two scales."""


def feedback_themes(rows: pd.DataFrame, *, themes: int | None = None, seed: int = 0) -> Answer:
    """
    Find the themes of texts.

    Parameters
    ----------
    rows
        One row per text: text, and rating (higher is better), date, source, segment where there are some.
    themes
        How many, >= 1; when missing, the number whose themes are best apart is taken, 2..10.
    seed
        Makes the choice and the fit repeatable.

    Returns
    -------
    themes (how many). One row per theme: theme (its first words), words, share (of the texts, main theme), n, rating
    (mean, None without ratings), examples (up to three texts as written, the most typical ones, worst rating first).

    Raises
    ------
    TableError, AnalysisError
        If there is no column of text, or too few texts have words in common.
    """
    texts, ratings, excluded = _texts(rows)
    weights, words, silent = _weighted(texts)
    if silent.any():
        excluded[_(N_("no word that another text has too"))] = int(silent.sum())
        texts, ratings, weights = texts[~silent], ratings[~silent], weights[~silent]
    if len(texts) < 3 or len(words) < 2:
        raise AnalysisError(
            N_("{count} texts have words in common, too few for themes. Bring in more texts."), count=number(len(texts))
        )
    most = min(len(words), len(texts) - 1)
    if themes is not None and not 1 <= themes <= most:
        raise AnalysisError(
            N_("{found} themes are asked for, but these texts hold 1 to {most}."),
            found=number(themes),
            most=number(most),
        )
    import sklearn.decomposition  # noqa: F401 - its threads are there to be limited once it is loaded
    from threadpoolctl import threadpool_limits

    # The steps are too small to share between threads, which then mostly wait for each other.
    with threadpool_limits(1):
        count = themes or _apart(weights, min(MOST_THEMES, most), seed)
        spoken, vocabulary = _factors(weights, count, seed)
    table = _table(texts, ratings, spoken, vocabulary, words)
    rated = bool(ratings.notna().any())
    return Answer(
        figures={"themes": len(table)},
        rows=table,
        n=len(texts),
        excluded=excluded,
        conventions=(
            _(
                N_(
                    "TF-IDF and NMF on words of two letters or more, without the commonest words of English and Italian."
                )
            ),
            _(N_("The share of a theme is that of the texts that speak of it most; each text counts once.")),
            _(N_("Worst mean rating first.")) if rated else _(N_("No ratings, so the largest theme comes first.")),
            _(N_("The number of themes was asked for."))
            if themes
            else _(
                N_(
                    "The number of themes, up to {most}, is the one after which a further one sets texts hardly further apart (silhouette)."
                ),
                most=number(MOST_THEMES),
            ),
        ),
        warnings=_warnings(rows, ratings, len(texts)),
    )


def _texts(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series, dict[str, int]]:
    """Return the texts to read with their ratings (NaN for none), and rows left out by reason."""
    import pandas as pd

    if "text" not in rows.columns:
        raise TableError(
            N_('The table of feedback has no column "{column}". Nearest: {near}. Rename the one that holds it.'),
            column="text",
            near=nearest("text", [str(name) for name in rows.columns]),
        )
    written = rows["text"].astype("string")
    plain = written.str.casefold().str.split().str.join(" ")
    empty = plain.isna() | plain.eq("")
    wordless = ~plain.fillna("").str.contains(WORD)
    reasons = {
        _(N_("text left empty")): empty,
        _(N_("no word in it (emoji, figures or marks only)")): wordless & ~empty,
        _(N_("same text once more (the first counts)")): plain.duplicated() & ~empty & ~wordless,
    }
    excluded = {reason: int(mask.sum()) for reason, mask in reasons.items() if mask.any()}
    kept = ~(empty | wordless | plain.duplicated())
    ratings = (
        pd.to_numeric(rows["rating"], errors="coerce") if "rating" in rows.columns else pd.Series(np.nan, rows.index)
    )
    ratings = ratings.astype(float).where(np.isfinite(ratings.astype(float)))
    if not kept.any():
        why = listed([f"{reason}: {number(count)}" for reason, count in excluded.items()]) or "-"
        raise AnalysisError(N_("No text can be read ({reasons}). Bring in texts with words."), reasons=why)
    return written[kept].reset_index(drop=True), ratings[kept].reset_index(drop=True), excluded


def _weighted(texts: pd.Series) -> tuple[Any, Array, npt.NDArray[np.bool_]]:
    """Return TF-IDF of shape (texts, words), the words, and which texts have none of them."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    stop = {word for words in STOP_WORDS.values() for word in words.split()}
    vectorizer = TfidfVectorizer(
        # An apostrophe ends a word, so that l'etichetta and etichetta are one.
        tokenizer=lambda text: [word for word in WORD.findall(text) if word not in stop],
        token_pattern=None,
        min_df=2,
        max_df=0.5 if len(texts) >= FEW else 1.0,
        max_features=MOST_WORDS,
        sublinear_tf=True,
    )
    try:
        weights = vectorizer.fit_transform(texts.astype(str))
    except ValueError:  # no word is left
        return np.zeros((len(texts), 0)), np.array([]), np.ones(len(texts), dtype=bool)
    return weights, vectorizer.get_feature_names_out(), np.asarray(weights.sum(axis=1)).ravel() == 0


def _factors(weights: Any, count: int, seed: int) -> tuple[Array, Array]:
    """Return how much each text speaks of each theme, and each theme's weights of the words (its largest is 1)."""
    from warnings import catch_warnings, simplefilter

    from sklearn.decomposition import NMF

    start = "nndsvda" if count <= min(weights.shape) else "random"
    model = NMF(count, init=start, random_state=seed, max_iter=300, tol=1e-4)
    with catch_warnings():
        simplefilter("ignore")  # not converged to the last figure: the themes are the same
        spoken = model.fit_transform(weights)
    vocabulary = model.components_
    size = np.where(vocabulary.max(axis=1) > 0, np.linalg.norm(vocabulary, axis=1), 1.0)
    return spoken * size, vocabulary / size[:, None]


def _apart(weights: Any, most: int, seed: int) -> int:
    """Return the number of themes from which on a further one hardly sets texts further apart; on a sample of many."""
    from sklearn.metrics import silhouette_score

    rng, texts = np.random.default_rng(seed), weights.shape[0]
    sample = weights if texts <= SAMPLE else weights[np.sort(rng.choice(texts, SAMPLE, replace=False))]
    best, count = -np.inf, 1
    for tried in range(2, most + 1):
        labels = _factors(sample, tried, seed)[0].argmax(axis=1)
        if not 2 <= len(np.unique(labels)) < len(labels):
            continue
        score = float(silhouette_score(sample, labels, metric="cosine"))
        if score < best + GAIN * abs(best):
            break
        best, count = score, tried
    return count


def _table(texts: pd.Series, ratings: pd.Series, spoken: Array, vocabulary: Array, words: Array) -> pd.DataFrame:
    import pandas as pd

    main = spoken.argmax(axis=1)
    purity = spoken / np.maximum(spoken.sum(axis=1, keepdims=True), 1e-12) * np.sqrt(np.maximum(spoken, 0))
    rows: list[dict[str, Any]] = []
    for theme in range(vocabulary.shape[0]):
        members = np.flatnonzero(main == theme)
        if not len(members):
            continue
        first = [
            str(words[i]) for i in np.argsort(-vocabulary[theme], kind="stable")[:WORDS] if vocabulary[theme, i] > 0
        ]
        mean = ratings.iloc[members].mean()
        typical = members[np.argsort(-purity[members, theme], kind="stable")][:EXAMPLES]
        shown = ratings.iloc[typical].sort_values(kind="stable").index
        rows.append(
            {
                "theme": ", ".join(first[:3]),
                "words": first,
                "share": len(members) / len(texts),
                "n": len(members),
                "rating": None if np.isnan(mean) else float(mean),
                "examples": [str(texts[i]) for i in shown],
            }
        )
    table = pd.DataFrame(rows)
    table["rating"] = table["rating"].astype(object).where(table["rating"].notna(), None)
    order = sorted(
        table.index, key=lambda i: (np.inf if rows[i]["rating"] is None else rows[i]["rating"], -rows[i]["share"])
    )
    return table.loc[order].reset_index(drop=True)


def _warnings(rows: pd.DataFrame, ratings: pd.Series, count: int) -> tuple[str, ...]:
    import pandas as pd

    said = []
    if count < FEW:
        said.append(
            _(N_("Only {count} texts, fewer than {few}: read with care."), count=number(count), few=number(FEW))
        )
    missing = float(ratings.isna().mean())
    if 0 < missing < 1:
        said.append(
            _(
                N_("{share} of the texts have no rating; the mean of a theme is over the others."),
                share=percent(missing),
            )
        )
    if ratings.notna().any() and "source" in rows.columns:
        tops = pd.to_numeric(rows["rating"], errors="coerce").groupby(rows["source"]).max().dropna()
        high = [str(source) for source in tops.index[tops > MIXED_TOP]]
        if high and len(high) < len(tops):
            said.append(
                _(
                    N_(
                        "Ratings seem to be on more than one scale: above {top} only from {sources}. Bring them to one."
                    ),
                    top=number(MIXED_TOP),
                    sources=listed(high),
                )
            )
    return tuple(said)
