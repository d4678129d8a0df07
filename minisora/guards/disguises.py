"""Words that hide: a text as all the plain texts that it may stand for, so that a rule has to know a word only once.

    readings("a g\u200bun, a k.n.i.f.e and b0mb")  →  {"a gun a k n i f e and b0mb", "a gun a knife and bomb", …}

No reading replaces the sentence: the model reads what was typed. `minisora/safety/redteam` has the tricks that this was
made against, and others that it does not know.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

__all__ = ["fold", "hidden_words", "mixed_words", "readings", "spelled_out"]

# Letters of other scripts that look like Latin ones (the common ones of Unicode's confusables.txt, UTS 39), in lower
# case: what NFKC and the removal of accents leave.
LOOK_ALIKES = str.maketrans(
    "авекмнорстухісјԁԛѕԝһпвгӏ" + "αβεηικμνορτυχωγς" + "ıɑɡ",
    "abekmhopctyxicjdqswhnbrl" + "abeniknvoptuxwys" + "iag",
)
GREEK_VARIANTS = str.maketrans("κνημ", "knnm")  # as they sound or are used, where they are not as they look
LEET = str.maketrans("0345678@$+€", "oeasgtbaste")
ONES = ("i", "l")  # what 1, ! and | may stand for
TAGS = re.compile(r"<[^<>]*>|\[/?\w+\]")
ESCAPES = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
PARTS = re.compile(r"[^\s]+")
SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,6}[^\W_](?![^\W_])){2,}")
RUNS = re.compile(r"(.)\1{2,}")
# Words that stand beside others all the time, so that what they make together is chance: "pen is", "be low".
SHORT_WORDS = (
    "a an the is it in on of to at by as or no so up he she we i me my his her be do go and not are was off out one two"
    " that this with from for its has had can all you they them who red big"
)
MOST = 4000  # letters that are read for what hides in them; longer texts are refused by their length


def readings(text: str) -> frozenset[str]:
    """All that a text may stand for.

    Args:
        text: as it was typed.
    Returns:
        Words in plain lower case with single spaces between; at most 144 different ones, mostly one or two.
    """
    found: set[str] = set()
    for plain in _plain(text[:MOST]):
        for spelled in _spelled(plain):
            joined = SPELLED.sub(lambda run: re.sub(r"[\W_]", "", run[0]), spelled)
            for words in (_split(spelled), _closed(spelled), _closed(joined), _rejoined(_split(spelled))):
                found |= {words, RUNS.sub(r"\1", words), RUNS.sub(r"\1\1", words)}
    return frozenset(found)


def fold(text: str, greek: bool = False) -> str:
    """A text in plain letters: one form of each, no accents, nothing that cannot be seen, Latin for what looks Latin.

    Args:
        text: anything.
        greek: read Greek letters by their sound rather than by their looks, where these differ.
    Returns:
        Lower case.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn", "Me"))
    return (seen.translate(GREEK_VARIANTS) if greek else seen).translate(LOOK_ALIKES)


def _plain(text: str) -> Iterator[str]:
    """Without codes and markup: with what stood in the tags, and without."""
    text = unquote(html.unescape(text))
    text = ESCAPES.sub(lambda code: chr(int(code[1] or code[2], 16)), text)
    bare = TAGS.sub("", text)
    for version in dict.fromkeys((text, bare)):
        yield from dict.fromkeys((fold(version), fold(version, greek=True)))


def _spelled(text: str) -> Iterator[str]:
    """With digits and signs as they are, and as the letters that they look like."""
    yield text
    if re.search(r"[0-9@$+€!|]", text):
        for one in ONES:
            yield PARTS.sub(lambda part, one=one: _letters(part[0], one), text)  # type: ignore[misc]


def _letters(part: str, one: str) -> str:
    """A part between blanks; one without any letter is a number."""
    if not any(letter.isalpha() for letter in part):
        return part
    return re.sub(r"[1|]|!(?=\w)", one, part.translate(LEET))


def _split(text: str) -> str:
    return " ".join(WORD.findall(text))


def _closed(text: str) -> str:
    """What stands inside of words, dots and hyphens, taken out."""
    return " ".join(filter(None, (re.sub(r"[\W_]", "", part) for part in text.split())))


def _rejoined(words: str) -> str:
    """Neighbours put together, where neither is a word that stands beside others all the time."""
    common = set(SHORT_WORDS.split())
    for left, right in pairwise(words.split()):
        if not {left, right} & common and min(len(left), len(right)) <= 3:
            words += f" {left}{right}"
    return words


def spelled_out(text: str) -> tuple[str, ...]:
    """Runs of single letters with blanks or signs between, put together: where "a g u n" hides a word, it is inside.

    Args:
        text: as it was typed.
    Returns:
        Three letters or more each.
    """
    plain = (spelled for version in _plain(text[:MOST]) for spelled in _spelled(version))
    return tuple(dict.fromkeys(re.sub(r"[\W_]", "", run[0]) for text in plain for run in SPELLED.finditer(text)))


def hidden_words(text: str) -> Iterator[re.Pattern[str]]:
    """Words in which a sign stands for a letter, as patterns: "g*n" is any word of g, a letter, n.

    Args:
        text: as it was typed.
    Yields:
        Patterns for whole words.
    """
    for part in fold(text[:MOST]).split():
        word = part.strip(".,;:!?()\"'")
        if re.fullmatch(r"[a-z]+[*#•·_-]+[a-z]+", word):
            yield re.compile(re.sub(r"[*#•·_-]", "[a-z]", word))


def mixed_words(text: str) -> Iterator[str]:
    """Words with letters of several scripts: no language has them, disguises do.

    Args:
        text: as it was typed.
    Yields:
        Each such word.
    """
    for word in WORD.findall(unicodedata.normalize("NFKC", text[:MOST])):
        if len({_script(letter) for letter in word if letter.isalpha()} - JAPANESE) > 1:
            yield word


JAPANESE = frozenset({"CJK", "HIRAGANA", "KATAKANA"})  # which are written together


def _script(letter: str) -> str:
    return unicodedata.name(letter, "unknown").split()[0]
