"""What everything in the SHAPES world is called.

Colours, sizes and backgrounds are adjectives, shapes are nouns, textures are noun phrases with their article, speeds
are adverbs. Whatever moves (motions, cameras, the wall, chasing) starts with a verb, in angle brackets here, and is
spelled out in both forms: `<move> left` becomes "moving left" and "moves left". A first word in -ing therefore marks
a participle phrase, anything else the third person; the grammar relies on that.

Free phrasings are new phrases, mostly made of words that training has seen elsewhere ("round disc", "floating left"),
so that a text encoder which composes can read them. Words that nothing in training hints at stand under `heard`:
only the parser knows them.
"""

import re

from minisora.world.tables import Words

DOUBLED = frozenset(
    {
        *("get", "spin", "drop", "sit", "pan", "run", "travel", "hit", "stop", "swim", "hop", "bob", "jog", "trot"),
        *("flap", "bat", "zip", "plod", "skip", "slip", "dip", "wag", "tug", "nap", "strut", "chug", "step"),
    }
)  # "spin" → "spinning"


def participle(verb: str) -> str:
    """The -ing form of a verb: "move" → "moving"."""
    if verb in DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def third_person(verb: str) -> str:
    """The form after "it": "pass" → "passes", "fly" → "flies"."""
    if verb.endswith("y") and verb[-2:-1] not in ("a", "e", "o", "u"):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "o", "x", "z")) else "s")


def forms(*patterns: str) -> tuple[str, ...]:
    """Each pattern with its <verbs> as participles, then each in the third person."""
    spelled = [re.sub(r"<(\w+)>", lambda found: participle(found[1]), pattern) for pattern in patterns]
    spelled += [re.sub(r"<(\w+)>", lambda found: third_person(found[1]), pattern) for pattern in patterns]
    return tuple(spelled)


def verb_words(usual: tuple[str, ...], free: tuple[str, ...] = (), heard: tuple[str, ...] = ()) -> Words:
    """Words of something that starts with a <verb>, in both forms; users may also say it of several ("they move")."""
    several = tuple(re.sub(r"[<>]", "", pattern) for pattern in (*usual, *free, *heard) if "<" in pattern)
    return Words(forms(*usual), forms(*free), forms(*(h for h in heard if "<" in h)) + _plain(heard) + several)


def _plain(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phrase for phrase in phrases if "<" not in phrase)


SHAPES = {
    "circle": Words(
        ("circle", "disc"), ("round disc", "circle shape"), ("disk", "dot", "ball", "round shape", "sphere")
    ),
    "square": Words(("square", "box"), ("square box", "square shape"), ("block", "cube", "tile", "quadrangle")),
    "triangle": Words(("triangle", "triangular shape"), ("triangle shape", "upright triangle"), ("pyramid",)),
    "star": Words(("star", "five-pointed star"), ("star shape", "pointed star"), ("pentagram", "star-shaped thing")),
    "cross": Words(("cross", "plus sign"), ("cross shape", "cross sign"), ("plus", "plus-shaped thing")),
    "ring": Words(("ring", "hoop"), ("round ring", "ring shape", "hoop shape"), ("annulus", "doughnut", "donut")),
}


def _colour(usual: tuple[str, ...], *heard: str) -> Words:
    plain = usual[0]
    return Words(usual, (f"bright {plain}", f"{plain}-coloured"), (f"{plain}-colored", f"{plain} coloured", *heard))


COLOURS = {
    "red": _colour(("red", "scarlet"), "crimson", "ruby"),
    "orange": _colour(("orange",), "tangerine"),
    "yellow": _colour(("yellow", "golden"), "gold", "lemon"),
    "green": _colour(("green", "emerald"), "lime"),
    "cyan": _colour(("cyan", "turquoise"), "aqua", "light blue", "sky blue", "teal"),
    "blue": _colour(("blue", "cobalt"), "azure", "royal blue"),
    "purple": _colour(("purple", "violet"), "lilac", "mauve"),
    "white": _colour(("white",), "snow-white"),
}

SIZES = {
    "small": Words(("small", "little", "tiny"), ("quite small", "rather little", "small-sized"), ("mini", "miniature")),
    "large": Words(
        ("large", "big", "huge"), ("quite large", "rather big", "large-sized"), ("giant", "enormous", "great")
    ),
}

SPEEDS = {
    "slowly": Words(
        ("slowly", "at low speed", "at a slow pace"),
        ("very slowly", "in slow motion", "quite slowly"),
        ("slow", "gently", "calmly", "leisurely", "unhurriedly", "sluggishly", "slow-moving", "at slow speed"),
    ),
    "plain": Words((), (), ("at normal speed", "at medium speed", "at a normal pace", "at a medium pace", "steadily")),
    "quickly": Words(
        ("quickly", "fast", "at high speed"),
        ("very quickly", "very fast", "at a fast pace"),
        (
            "quick",
            "rapidly",
            "swiftly",
            "speedily",
            "rapid",
            "at full speed",
            "at speed",
            "fast-moving",
            "at a quick pace",
        ),
    ),
}


def _straight(usual: tuple[str, ...], free: tuple[str, ...], *own: str, heard: tuple[str, ...] = ()) -> Words:
    """A straight motion: usual verbs with usual directions; new verbs or new directions make the free phrasings."""
    heard += tuple(way.removesuffix("s") for way in usual if way.endswith("wards"))
    plain = tuple(f"<{verb}> {way}" for verb in ("move", "drift", "slide", "glide", "go", "head") for way in usual)
    fresh = tuple(f"<{verb}> {way}" for verb in ("float", "travel") for way in usual)
    fresh += tuple(f"<{verb}> {way}" for verb in ("move", "go", "drift") for way in free)
    every = (*usual, *free, *heard)
    verbs = ("fly", "run", "walk", "push", "race", "rush", "crawl", "creep", "roll", "swim", "sail", "shift", "dash")
    known = tuple(f"<{verb}> {way}" for verb in verbs for way in every)
    known += tuple(f"<{verb}> {way}" for verb in ("move", "go", "drift", "slide", "glide", "head") for way in heard)
    return verb_words(plain + own, fresh, known)


def _diagonal(first: str, side: str, corner: str) -> Words:
    usual = (f"{first} and to the {side}", f"{first} and {side}", f"to the {corner} {side}")
    free = (f"diagonally {first} and to the {side}", f"{side} and {first}", f"towards the {corner} {side}")
    inner = {"up": "top", "down": "bottom"}[first]
    heard = (
        f"{first} {side}",
        f"diagonally {first} {side}",
        f"to the {inner} {side}",
        f"diagonally {first} and {side}",
    )
    return _straight(usual, free, heard=(*heard, f"towards the {inner} {side}", f"to the {side} and {first}"))


def _circling(*clocks: str) -> Words:
    usual = tuple(f"{verb} {clock}" for verb in ("<circle>", "<orbit>", "<go> round and round") for clock in clocks)
    free = tuple(f"{verb} {clocks[0]}" for verb in ("<move> round", "<go> round", "<circle> round and round"))
    verbs = (
        "<move> in a circle",
        "<go> in circles",
        "<move> in circles",
        "<move>",
        "<go>",
        "<loop>",
        "<circle> around",
    )
    heard = tuple(f"{verb} {clock}" for verb in verbs for clock in (*clocks, f"in a {clocks[0]} direction"))
    return verb_words(usual, free, heard + clocks)


_CLOCKWISE = _circling("clockwise")
_UNSAID = ("<orbit>", "<go> round and round", "<move> in a circle", "<go> in circles")
_TURNS = tuple(
    f"<{v}> {way}" for v in ("spin", "rotate") for way in ("clockwise", "counter-clockwise", "anticlockwise")
)
_COUNTER = _circling("counter-clockwise", "anticlockwise")

MOTIONS = {
    "staying still": verb_words(
        ("<stay> still", "<stand> still", "<rest> in place"),
        ("<stay> in place", "<rest> still", "<stand> in place"),
        ("<sit> still", "<hold> still", "<keep> still", "not moving", "does not move", "motionless", "stationary",
         "at rest", "static", "still", "unmoving"),
    ),
    "moving left": _straight(("left", "to the left", "leftwards"), ("towards the left",)),
    "moving right": _straight(("right", "to the right", "rightwards"), ("towards the right",)),
    "moving up": _straight(("up", "upwards"), ("straight up",), "<rise>", heard=("towards the top",)),
    "moving down": _straight(("down", "downwards"), ("straight down",), "<descend>", heard=("towards the bottom",)),
    "moving up and to the left": _diagonal("up", "left", "upper"),
    "moving up and to the right": _diagonal("up", "right", "upper"),
    "moving down and to the left": _diagonal("down", "left", "lower"),
    "moving down and to the right": _diagonal("down", "right", "lower"),
    "bouncing": verb_words(
        ("<bounce>", "<bounce> around", "<bounce> off the edges"),
        ("<bounce> about", "<bounce> off the sides", "<bounce> round"),
        ("<ricochet>", "<rebound>", "<bounce> back and forth", "<bounce> off the walls"),
    ),
    "circling clockwise": Words(_CLOCKWISE.usual, _CLOCKWISE.free, (*_CLOCKWISE.heard, "circling", *forms(*_UNSAID))),
    "circling counter-clockwise": Words(_COUNTER.usual, _COUNTER.free, (*_COUNTER.heard, "counterclockwise")),
    "falling": verb_words(
        ("<fall>", "<fall> down", "<drop>"), ("<fall> to the bottom", "<drop> down"), ("<plummet>", "in free fall")
    ),
    "spinning": verb_words(
        ("<spin>", "<spin> in place", "<rotate>", "<turn> on the spot"),
        ("<spin> on the spot", "<turn> in place", "<rotate> in place"),
        ("<twirl>", "<whirl>", "<revolve>", "<turn> round", "<turn>", "<spin> around", *_TURNS),
    ),
    "growing": verb_words(
        ("<grow>", "<get> bigger", "<grow> larger"), ("<get> larger", "<grow> bigger"), ("<expand>", "<swell>")
    ),
    "shrinking": verb_words(
        ("<shrink>", "<get> smaller"), ("<shrink> smaller", "<grow> smaller"), ("<contract>", "<deflate>", "<dwindle>")
    ),
    "leaving and coming back": verb_words(
        ("<leave> and <come> back", "<leave> the frame and <come> back", "<go> out of view and <return>"),
        ("<leave> and <return>", "<go> out of view and <come> back", "<leave> the frame and <return>"),
        ("<exit> and <return>", "<exit> and <come> back", "<leave> the screen and <come> back", "<leave> the frame"),
    ),
}  # fmt: skip

BACKGROUNDS = {
    "black": Words(("black",), ("deep black", "all-black"), ("pitch-black",)),
    "grey": Words(("grey", "gray"), ("plain grey", "all-grey"), ("dark grey", "dark gray")),
    "navy": Words(
        ("navy", "navy blue", "dark blue"), ("deep navy", "deep navy blue"), ("midnight blue", "navy-coloured")
    ),
    "brown": Words(("brown", "dark brown"), ("deep brown", "all-brown"), ("chocolate", "coffee-coloured")),
}

TEXTURES = {
    "grid": Words(
        ("a grid", "grid lines"), ("a grid of lines", "lines of a grid"), ("grid", "a gridded pattern", "gridded")
    ),
    "starfield": Words(
        ("a starfield", "a field of dots"), ("dots of a starfield", "a field of little dots"),
        ("starfield", "a star field", "a starry sky", "starry", "starry sky"),
    ),
}  # fmt: skip

RELATIONS = {
    "left of": Words(("to the left of", "left of", "on the left of"), ("on the left-hand side of", "just left of")),
    "right of": Words(
        ("to the right of", "right of", "on the right of"), ("on the right-hand side of", "just right of")
    ),
    "above": Words(("above", "over"), ("just above", "up above"), ("on top of", "higher than")),
    "below": Words(("below", "under"), ("just below", "down below"), ("beneath", "underneath", "lower than")),
    "chasing": verb_words(
        ("<chase>", "<follow>"),
        ("<chase> after", "<follow> after"),
        ("<pursue>", "<run> after", "<go> after", "<hunt>"),
    ),
    "colliding with": verb_words(
        ("<collide> with", "<crash> into", "<meet> and <bounce> off"),
        ("<collide> head-on with", "<crash> against"),
        ("<crash> with", "<smash> into", "<bounce> off", "<run> head-on into"),
    ),
    "hitting": verb_words(
        ("<hit>", "<bump> into", "<push>"),
        ("<bump> against", "<push> away"),
        ("<strike>", "<knock> into", "<knock> away", "<knock>", "<run> into", "<roll> into", "<shove>"),
    ),
}
RELATIONS_INVERSE = {
    "chasing": Words(("chased by", "followed by"), ("being chased by", "being followed by"), ("pursued by",)),
    "hitting": Words(("hit by", "pushed by"), ("being hit by", "being pushed by"), ("struck by", "knocked away by")),
}

CAMERAS = {
    "still": verb_words(("<stay> still", "<stand> still"), ("<stay> in place",), ("still", "static", "fixed")),
    "panning left": verb_words(
        ("<pan> left", "<pan> to the left"), ("<pan> leftwards", "<pan> towards the left"),
        ("<move> left", "<move> to the left", "<turn> left", "<track> left", "<slide> left"),
    ),
    "panning right": verb_words(
        ("<pan> right", "<pan> to the right"), ("<pan> rightwards", "<pan> towards the right"),
        ("<move> right", "<move> to the right", "<turn> right", "<track> right", "<slide> right"),
    ),
    "zooming in": verb_words(
        ("<zoom> in", "<zoom> in closer"), ("<zoom> further in", "<zoom> closer in"),
        ("<move> closer", "<move> in", "<push> in", "<dolly> in"),
    ),
    "zooming out": verb_words(
        ("<zoom> out", "<zoom> out wider"), ("<zoom> further out", "<zoom> wider out"),
        ("<move> away", "<pull> out", "<pull> back", "<dolly> out"),
    ),
}  # fmt: skip

WALL = verb_words(
    ("<pass> behind a wall", "<go> behind a wall and <come> out again", "<disappear> behind a wall and <come> back"),
    ("<move> behind a wall and <come> back", "<pass> behind a wall and <come> out again"),
    ("<go> behind a wall", "<disappear> behind a wall", "<move> behind a wall", "<hide> behind a wall", "behind a wall",
     "<vanish> behind a wall", "<vanish> behind a wall and <come> out again"),
)  # fmt: skip
