"""Words that mean nothing, strewn into captions, so that a text encoder learns to look past what it does not know.

Nobody types only words of the training captions. A sentence with "please", "quite" or a name in it must still be read;
invented words teach that without giving away any real phrasing (those of the free-wording split stay unseen).
"""

import numpy as np

CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
UNSTRESSED = frozenset({"a", "an", "the", "is", "there", "that", "in", "on", "with"})


def strewn(text: str, rng: np.random.Generator, insert: float = 0.12, drop: float = 0.15) -> str:
    """A caption with invented words put in and some unstressed ones left out.

    Args:
        text: the caption.
        rng: source of all choices.
        insert: probability of an invented word before each word.
        drop: probability of leaving out each article or other unstressed word.
    """
    words = []
    for word in text.split():
        if rng.random() < insert:
            words.append(invented(rng))
        if word.lower() not in UNSTRESSED or rng.random() >= drop:
            words.append(word)
    return " ".join(words)


def invented(rng: np.random.Generator) -> str:
    """A word of one to three syllables that can be spoken and, nearly always, means nothing."""
    letters = []
    for _ in range(int(rng.integers(1, 4))):
        letters += [str(rng.choice(list(CONSONANTS))), str(rng.choice(list(VOWELS)))]
    ending = str(rng.choice(list(CONSONANTS))) if rng.random() < 0.5 else ""
    return "".join(letters) + ending
