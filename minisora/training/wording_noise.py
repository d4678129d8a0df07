"""Words that mean nothing, strewn into captions, so that a text encoder learns to look past what it does not know.

Nobody types only words of the training captions. A sentence with "please", "quite" or a name in it must still be read;
invented words teach that without giving away any real phrasing (those of the free-wording split stay unseen).
"""

from dataclasses import dataclass

import numpy as np

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
UNSTRESSED = frozenset({"a", "an", "the", "is", "there", "that", "in", "on", "with"})
# Words that by themselves say nothing about who is there: only "behind" with a wall hides anybody.
FILLERS = ("which", "is", "it", "that", "behind", "there", "this", "has", "are", "all", "its", "so")
# Verbs that say only that something moves; which way is said by the words after them.
CARRIERS = tuple(verb for stem in ("mov", "slid", "glid") for verb in (stem + "ing", stem + "es"))
CARRIERS += ("drifting", "drifts", "going", "goes", "heading", "heads")


@dataclass(frozen=True)
class WordingNoise:
    """How often each kind of disturbance comes.

    Args:
        opening: captions that begin with one to three invented words.
        insert: invented words, for each word.
        filler: words such as "which" and "is", for each word.
        drop: articles and other unstressed words left out.
        swap: verbs that say only that something moves, made up.
        hyphen: words joined to an invented one, before or behind them.
        bracket: words in brackets.
        comma: commas put behind a word, or taken away.
    """

    opening: float = 0.25
    insert: float = 0.12
    filler: float = 0.06
    drop: float = 0.15
    swap: float = 0.15
    hyphen: float = 0.06
    bracket: float = 0.04
    comma: float = 0.06


def strewn(text: str, rng: np.random.Generator, noise: WordingNoise = WordingNoise()) -> str:
    """A caption disturbed in ways that leave its meaning as it is.

    Args:
        text: the caption.
        rng: source of all choices.
        noise: how often.
    """
    words = [invented(rng) for _ in range(rng.integers(1, 4))] if rng.random() < noise.opening else []
    for word in text.split():
        if rng.random() < noise.insert:
            words.append(invented(rng))
        if rng.random() < noise.filler:
            words.append(str(rng.choice(FILLERS)))
        if word.lower() in CARRIERS and rng.random() < noise.swap:
            words.append(invented(rng) + ("ing" if word.lower().endswith("ing") else "s"))
        elif word.lower() not in UNSTRESSED or rng.random() >= noise.drop:
            words.append(_marked(word, rng, noise))
    return " ".join(words)


def _marked(word: str, rng: np.random.Generator, noise: WordingNoise) -> str:
    """A word with a hyphen, brackets or a comma that was not there, or without the comma that was."""
    if word.isalpha() and rng.random() < noise.hyphen:
        return f"{invented(rng)}-{word}" if rng.random() < 0.6 else f"{word}-{invented(rng)}"
    if word.isalpha() and rng.random() < noise.bracket:
        return f"({word})"
    if rng.random() < noise.comma:
        return word.removesuffix(",") if word.endswith(",") else word + "," if word.isalpha() else word
    return word


def invented(rng: np.random.Generator) -> str:
    """A word of one to three syllables that can be spoken and, nearly always, means nothing."""
    letters = []
    for _ in range(int(rng.integers(1, 4))):
        letters += [str(rng.choice(list(CONSONANTS))), str(rng.choice(list(VOWELS)))]
    ending = str(rng.choice(list(CONSONANTS))) if rng.random() < 0.5 else ""
    return "".join(letters) + ending
