"""Words that mean nothing, strewn into captions, so that a text encoder learns to look past what it does not know.

Nobody types only words of the training captions. A sentence with "please", "quite" or a name in it must still be read;
invented words teach that without giving away any real phrasing (those of the free-wording split stay unseen).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Pieces of syllables: a tokenizer cuts unknown words into pieces, and those of "straight" are not those of "bolu".
CLUSTERS = ("bl", "br", "ch", "cl", "dr", "fl", "gr", "pl", "pr", "sh", "sl", "sp", "st", "str", "tr")
ONSETS = (*"bcdfghjklmnprstvwz", *CLUSTERS)
VOWELS = (*"aeiou", "ai", "ea", "ee", "oo", "ou")
CODAS = (*"bdgklmnprsty", "ght", "ll", "nd", "ng", "rd", "rs", "st")
TAIL = 3  # letters that a borrowed ending has at least
UNSTRESSED = frozenset({"a", "an", "the", "is", "there", "that", "in", "on", "with"})
# Words that by themselves say nothing about who is there: only "behind" with a wall hides anybody.
FILLERS = ("which", "is", "it", "that", "behind", "there", "this", "has", "are", "all", "its", "so", "and")
# Verbs that say only that something moves; which way is said by the words after them.
CARRIERS = tuple(verb for stem in ("mov", "slid", "glid") for verb in (stem + "ing", stem + "es"))
CARRIERS += ("drifting", "drifts", "going", "goes", "heading", "heads")


@dataclass(frozen=True)
class WordingNoise:
    """How often each kind of disturbance comes.

    Args:
        opening: captions that begin with one to three invented words.
        insert: invented words, for each word.
        borrow: invented words that end as a real one does; "upright" is not "right".
        filler: words such as "which" and "is", for each word.
        drop: articles and other unstressed words left out.
        swap: verbs that say only that something moves, made up.
        hyphen: words joined to an invented one, before or behind them.
        bracket: words in brackets.
        comma: commas put behind a word, or taken away.
        stop: full stops put behind a word.
    """

    opening: float = 0.25
    insert: float = 0.12
    borrow: float = 0.25
    filler: float = 0.06
    drop: float = 0.15
    swap: float = 0.15
    hyphen: float = 0.06
    bracket: float = 0.04
    comma: float = 0.06
    stop: float = 0.03


def strewn(
    text: str, rng: np.random.Generator, noise: WordingNoise = WordingNoise(), endings: Sequence[str] = ()
) -> str:
    """A caption disturbed in ways that leave its meaning as it is.

    Args:
        text: the caption.
        rng: source of all choices.
        noise: how often.
        endings: words from which invented ones borrow their ends, such as those of other captions; () for its own.
    """
    given = text.split()
    endings = endings or given

    def new() -> str:
        word = invented(rng)
        return word + _tail(_one(endings, rng), rng) if rng.random() < noise.borrow else word

    words = [new() for _ in range(rng.integers(1, 4))] if rng.random() < noise.opening else []
    for word in given:
        if rng.random() < noise.insert:
            words.append(new())
        if rng.random() < noise.filler:
            words.append(_one(FILLERS, rng))
        if word.lower() in CARRIERS and rng.random() < noise.swap:
            words.append(invented(rng) + ("ing" if word.lower().endswith("ing") else "s"))
        elif word.lower() not in UNSTRESSED or rng.random() >= noise.drop:
            words.append(_marked(word, rng, noise))
    return " ".join(words)


def _tail(word: str, rng: np.random.Generator) -> str:
    """The end of a word, at least three letters of it, or nothing if it has no more than two."""
    letters = "".join(letter for letter in word.lower() if letter.isalpha())
    return letters[int(rng.integers(len(letters) - TAIL + 1)) :] if len(letters) >= TAIL else ""


def _marked(word: str, rng: np.random.Generator, noise: WordingNoise) -> str:
    """A word with a hyphen, brackets, a comma or a full stop that was not there, or without the comma that was."""
    if word.isalpha() and rng.random() < noise.hyphen:
        return f"{invented(rng)}-{word}" if rng.random() < 0.6 else f"{word}-{invented(rng)}"
    if word.isalpha() and rng.random() < noise.bracket:
        return f"({word})"
    if word.isalpha() and rng.random() < noise.stop:
        return f"{word}."
    if rng.random() < noise.comma:
        return word.removesuffix(",") if word.endswith(",") else word + "," if word.isalpha() else word
    return word


def invented(rng: np.random.Generator) -> str:
    """A word of one to three syllables that can be spoken and, nearly always, means nothing."""
    syllables = [_one(ONSETS, rng) + _one(VOWELS, rng) for _ in range(int(rng.integers(1, 4)))]
    return "".join(syllables) + (_one(CODAS, rng) if rng.random() < 0.5 else "")


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    """What `rng.choice` would draw, without making an array of the options each time."""
    return options[int(rng.integers(len(options)))]
