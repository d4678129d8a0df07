"""What else one model can do, because every latent frame has its own noise: all of it is `pipe(…, conditions=…)`.

Each verb takes the pipeline first and is bound to it: `pipe.extend(clip, …)` is `extend(pipe, clip, …)`. `in_time.py`
has those that add frames, `changes.py` those that change what is there.
"""

from minisora.pipeline.verbs.changes import edit, inpaint, vary
from minisora.pipeline.verbs.common import FittedVideoWarning
from minisora.pipeline.verbs.in_time import animate, connect, extend, loop, storyboard

__all__ = [
    "FittedVideoWarning",
    "animate",
    "connect",
    "edit",
    "extend",
    "inpaint",
    "loop",
    "storyboard",
    "vary",
]
