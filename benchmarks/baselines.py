"""Common ways to find the nearest question, all on text without marks, for comparison.

A method takes the entries and returns a function that ranks them for a text: up to five ids with their
scores, best first. BM25 and tantivy see an entry as one document, its question and alternates together,
which they do better with; the others score each wording, and an entry has its best.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import bm25s
import numpy as np
import tantivy
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier

from faq.testset import Faq
from feedback.vietnamese import fold

FIRST = 5
Ranking = list[tuple[str, float]]
Rank = Callable[[str], Ranking]
Scorer = Callable[..., float]


class Wordings:
    def __init__(self, faqs: Sequence[Faq]) -> None:
        self.ids = [faq.id for faq in faqs]
        pairs = [(i, fold(text)) for i, faq in enumerate(faqs) for text in (faq.question, *faq.alternates)]
        self.texts = [text for _, text in pairs]
        self.owners = np.array([owner for owner, _ in pairs])

    def best(self, scores: NDArray[np.floating]) -> Ranking:
        """Give each entry the score of its best wording."""
        entries = np.full(len(self.ids), -np.inf)
        np.maximum.at(entries, self.owners, scores)
        return first(self.ids, entries)


def first(ids: Sequence[str], scores: NDArray[np.floating]) -> Ranking:
    near = np.argpartition(-scores, FIRST)[:FIRST] if len(scores) > FIRST else np.arange(len(scores))
    return [(ids[i], float(scores[i])) for i in sorted(near.tolist(), key=lambda i: -scores[i])]


def rapid(scorer: Scorer, faqs: Sequence[Faq]) -> Rank:
    wordings = Wordings(faqs)
    return lambda text: wordings.best(
        process.cdist([fold(text)], wordings.texts, scorer=scorer, workers=1)[0]
    )


def bm25(faqs: Sequence[Faq]) -> Rank:
    """Syllables as words."""
    ids = [faq.id for faq in faqs]
    index = bm25s.BM25()
    index.index([_document(faq).split() for faq in faqs], show_progress=False)

    def rank(text: str) -> Ranking:
        known = [word for word in fold(text).split() if word in index.vocab_dict]
        return first(ids, index.get_scores(known)) if known else []

    return rank


def full_text(faqs: Sequence[Faq]) -> Rank:
    """Tantivy's own BM25, in memory."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for faq in faqs:
        writer.add_document(tantivy.Document(text=_document(faq), id=faq.id))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> Ranking:
        query = index.parse_query(fold(text), ["text"])
        return [(searcher.doc(place)["id"][0], score) for score, place in searcher.search(query, FIRST).hits]

    return rank


def tfidf(faqs: Sequence[Faq]) -> Rank:
    """Cosine of the pieces of 2 to 4 letters."""
    wordings, pieces = Wordings(faqs), _pieces("char")
    columns = pieces.fit_transform(wordings.texts).T.tocsr()
    return lambda text: wordings.best((pieces.transform([fold(text)]) @ columns).toarray()[0])


def regression(faqs: Sequence[Faq]) -> Rank:
    """Logistic regression, each entry against the rest, on the pieces of 2 to 4 letters of the words."""
    wordings, pieces = Wordings(faqs), _pieces("char_wb")
    model = SGDClassifier(loss="log_loss", max_iter=20, tol=None, random_state=0)
    model.fit(pieces.fit_transform(wordings.texts), wordings.owners)
    return lambda text: first(wordings.ids, model.predict_proba(pieces.transform([fold(text)]))[0])


METHODS: Mapping[str, Callable[[Sequence[Faq]], Rank]] = MappingProxyType(
    {
        "rapidfuzz WRatio": partial(rapid, fuzz.WRatio),
        "rapidfuzz token_set_ratio": partial(rapid, fuzz.token_set_ratio),
        "BM25 (bm25s)": bm25,
        "tantivy": full_text,
        "TF-IDF, pieces of letters": tfidf,
        "logistic regression": regression,
    }
)


def _pieces(analyzer: str) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=analyzer, ngram_range=(2, 4), sublinear_tf=True)


def _document(faq: Faq) -> str:
    return " ".join(map(fold, (faq.question, *faq.alternates)))
