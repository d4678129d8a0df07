"""Reading clips and grading them word by word, by rendering what was seen and comparing.

In: a clip uint8 (f, h, w, 3) and a request. Out: a `Grade`, or a `Reading` that needs no request.
`ground.py` reads the background, the camera and the wall; `segment.py` makes soft masks; `blobs.py` tells actors of one
colour apart; `tracks.py` follows each and finds its shape (`silhouettes.py`); `fit.py` finds its motion; `strays.py`
looks for what is left over; `reading.py` puts it together; `verdicts.py` compares with the request; `retell.py`
says what was read as a sentence. Read `reading.py` first. Nothing in here knows a shape, a
motion or a camera move by name.
"""

from minisora.world.grader.grade import Errors, Grade, Verdict
from minisora.world.grader.reading import ActorReading, Reading, read
from minisora.world.grader.retell import caption, request_of
from minisora.world.grader.verdicts import compare, grade, match

__all__ = [
    "ActorReading",
    "Errors",
    "Grade",
    "Reading",
    "Verdict",
    "caption",
    "compare",
    "grade",
    "match",
    "read",
    "request_of",
]
