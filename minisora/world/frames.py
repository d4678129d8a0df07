"""Sentence frames: how the words of a scene are put into order. `Words.free` frames are never used in training.

Slots: {np} "a small red circle", {plain} the same without its size, {bare} "a circle", {traits} "small and red",
{size} "small"; {ing} "moving left slowly", {does} "moves left slowly"; {ref} "the red circle".
"""

from minisora.world.tables import Words

PHRASES = Words(
    ("{np} {ing}", "{np} {ing}", "{plain}, {size}, {ing}", "{np} that {does}"),
    ("{bare}, {traits}, {ing}", "{bare} ({traits}) {ing}", "{np} which is {ing}"),
)
SENTENCES = Words(
    ("{np} {does}", "{np} is {ing}", "{plain}, {size}, {does}"),
    ("{ing} is {np}", "{bare} {does}. it is {traits}", "{bare}, which is {traits}, {does}"),
)
NOUN_PHRASES = Words(("{np}",), ("{bare}, {traits}", "{bare} ({traits})"))

OPENERS = Words(
    ("", "there is ", "a video of "), ("you can see ", "we see ", "here is ", "this is a clip of ", "imagine ")
)
COUNTS = Words(("{count} shapes: ", "{count} things: "), ("here are {count} objects: ", "we see {count} shapes: "))
NUMERALS = {2: "two", 3: "three"}

PHRASE_JOINS = Words((" and ", ", ", ", and ", "; ", ". "), (" with ", " alongside ", " together with "))
SENTENCE_JOINS = Words((" and ", " while ", ". ", "; "), (" as ", " whereas ", ", and at the same time "))
STRONG_JOINS = Words((". ", "; "))

ADJECTIVES = Words(("{size} {colour} {noun}",), ("{colour}, {size} {noun}", "{colour} {size} {noun}"))
NOUNS = Words(("shape", "thing"), ("object", "figure"))
PRONOUN = "it"
# Where figures are characters, they and several of them are called otherwise.
CHARACTERS = Words(("character", "thing"), ("figure", "toy"))
CHARACTER_COUNTS = Words(
    ("{count} characters: ", "{count} things: "), ("here are {count} characters: ", "we see {count} characters: ")
)
OPEN_ENDED = ("of ", "is ", "see ")  # ends of beginnings that go on with somebody, not with a sentence

ADVERBS_ALONE = Words(("{verb} {speed}", "{speed} {verb}"))
ADVERBS = Words(("{verb} {rest} {speed}", "{speed} {verb} {rest}"), ("{verb} {speed} {rest}",))

WALL_INLINE = Words(("{motion}, {wall}", "{motion} and {wall}"))
WALL_SENTENCES = Words(("{ref} {does}", "{ref} is {ing}"))

# {a} and {b} are subject and object with their motion, {a_np} and {b_np} without; which is mentioned first follows.
RELATIONS = Words(("{a}, {ing} {b}",), ("{ing} {b} there is {a}",))
FOLLOWS = Words(
    (
        "{a_np} {ing} {b_np}, both {moving}",
        "{a_np} {ing} {b}",
        "{a}, {ing} {b_np}",
        "{a_np} {does} {b_np}, both {moving}",
    ),
    ("both {moving}, {a_np} {ing} {b_np}", "{b} with {a_np} {ing} it"),
)
FOLLOWED = Words(("{b_np} {inverse} {a_np}, both {moving}", "{b}, {inverse} {a_np}"), ("{b}, and {inverse} {a_np}",))
MEETS = Words(
    ("{a_np} {ing} {b_np}", "{a_np} {does} {b_np}"), ("{a_np} which is {ing} {b_np}", "{ing} {b_np} there is {a_np}")
)
RELATION_SENTENCES = Words(
    ("{a_ref} is {ing} {b_ref}", "with {a_ref} {ing} {b_ref}"),
    ("{ing} {b_ref} is {a_ref}", "meanwhile {a_ref} is {ing} {b_ref}"),
)
RELATION_PASSIVES = Words(("{b_ref} is {inverse} {a_ref}",))

# Places of the background and the camera: before, after (they start as they are glued on), or a sentence of their own.
GROUND = "{colour} background"
GROUND_BEFORE = Words(("on {ground}, ", "against {ground}, "), ("in front of {ground}, ", "with {ground}, "))
GROUND_AFTER = Words(
    (" on {ground}", ", {bare_ground}", ", on {ground}", " against {ground}"),
    (" in front of {ground}", ", all on {ground}", ", with {ground} behind"),
)
GROUND_SENTENCES = Words(
    ("the background is {colour}",), ("everything is on {ground}", "the background colour is {colour}")
)
TEXTURED = Words(("{ground} with {texture}",), ("{ground} that has {texture}", "{ground} showing {texture}"))

CAMERA_BEFORE = Words(("the camera is {ing}: ",), ("as the camera {does}, ", "with the camera {ing}, "))
CAMERA_AFTER = Words(
    (", camera {ing}", ", with the camera {ing}", " while the camera {does}"), (" as the camera {does}",)
)
CAMERA_SENTENCES = Words(
    ("the camera {does}", "the camera is {ing}"), ("and the camera {does}", "now the camera is {ing}")
)

# A camera that goes with the first actor is a kind of shot, too.
SHOT_BEFORE = Words(
    ("a tracking shot of ", "tracking shot: "), ("this is a tracking shot of ", "here is a tracking shot of ")
)

# Where and when: {where} is a place, a light, a weather, or several of them. As above: before, after, or by itself.
PLACE_BEFORE = Words(("{where}, ", "{where} "), ("{where} there is ", "{where} we see "))
PLACE_AFTER = Words((" {where}", " {where}", ", {where}"), (", all of it {where}", ", seen {where}"))
PLACE_SENTENCES = Words(
    ("it all happens {where}", "all this is {where}"), ("everything happens {where}", "the setting: {where}")
)
PLACE_JOINS = Words((" ", " ", ", "))
PASSING = {"in": ("through",), "on": ("across", "along")}  # a place's first word, for who passes through it
OVER = "over"  # and for who is in the air above it
