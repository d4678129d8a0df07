"""Phrases that say where: a place's own ("in a city"), and those that come of them ("through the city")."""

from collections.abc import Iterator

from minisora.world import frames

__all__ = ["passing", "rephrased", "says_where"]

ARTICLES = ("a", "an", "the")
PREPOSITIONS = (
    *("in", "on", "at", "by", "through", "across", "along", "over", "above", "past", "into", "near", "beside"),
    *("around", "onto", "amid", "among", "towards", "inside", "within", "against", "from"),
)
NEVER_PASSED = ("under", "beneath", "below", "between")  # these stand for another place than any other word would


def passing(phrase: str, above: bool = False) -> list[str]:
    """A place's phrase for who passes through it.

    Args:
        phrase: as it stands in the place's words.
        above: whether who passes is in the air above it.
    Returns:
        "through a city" and "through the city" for "in a city", "over …" from above; empty where it begins otherwise.
    """
    first, article, rest = _split(phrase)
    ways = frames.PASSING.get(first, ())
    if above and ways:
        ways = (frames.OVER,)
    articles = (article, "the") if article else ("",)
    return list(dict.fromkeys(" ".join(f"{way} {each} {rest}".split()) for way in ways for each in articles))


def rephrased(phrase: str) -> Iterator[str]:
    """All ways in which a user may say where: any preposition, any article, none at all.

    Args:
        phrase: as it stands in the place's words.
    Yields:
        Phrases, the given one not among them; none for one that begins with no preposition of ours.
    """
    _first, _, rest = _split(phrase)
    if not rest:
        return
    for way in PREPOSITIONS:
        for article in ("", *ARTICLES):
            other = " ".join(f"{way} {article} {rest}".split())
            if other != phrase:
                yield other
    yield rest


def says_where(phrase: str) -> bool:
    """Whether a phrase is one of a place ("deep under water"), not an adjective for a ground ("deep black")."""
    words = phrase.split()
    return len(words) > 1 and any(word in (*PREPOSITIONS, *NEVER_PASSED) for word in words)


def _split(phrase: str) -> tuple[str, str, str]:
    """Preposition, article ("" for none) and the rest; empty rest where it begins otherwise."""
    first, _, rest = phrase.partition(" ")
    if first not in PREPOSITIONS or not rest:
        return first, "", ""
    article, _, noun = rest.partition(" ")
    return (first, article, noun) if article in ARTICLES and noun else (first, "", rest)
