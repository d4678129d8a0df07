"""From a sentence to frames: a sentence, conditions and a seed enter, `Clips` (frames, grades, files) leave.

Read `pipeline.py` first (the call), then `sampling.py` (the loop over steps); `conditions.py` says how given frames
enter, `canvas.py` what is held of a video, `streaming.py` how it goes to a file while it is made, and `verbs/` what
follows from that: extend, animate, connect, loop, edit, inpaint, storyboard, vary.
"""

from minisora.pipeline.clips import Clips, sidecar_path
from minisora.pipeline.conditions import Condition
from minisora.pipeline.layouts import KeptLayout
from minisora.pipeline.pipeline import TextToVideoPipeline
from minisora.pipeline.prompts import UnknownWordsWarning
from minisora.pipeline.sampling import Sampling
from minisora.pipeline.settings import Settings
from minisora.pipeline.verbs import FittedVideoWarning, animate, connect, edit, extend, inpaint, loop, storyboard, vary

__all__ = [
    "Clips",
    "Condition",
    "FittedVideoWarning",
    "KeptLayout",
    "Sampling",
    "Settings",
    "TextToVideoPipeline",
    "UnknownWordsWarning",
    "animate",
    "connect",
    "edit",
    "extend",
    "inpaint",
    "loop",
    "sidecar_path",
    "storyboard",
    "vary",
]
