# %% [markdown]
r"""
# 13 Your own clips

In this lesson you teach `nano` what it has never seen, from clips that you made yourself, take a piece out of it and put your own in.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: fewer clips and steps, the same cells
steps = 150  # of a fine-tuning

# %% tags=["hide-input"]
import json
import logging
import warnings

import lightning as L
import numpy as np
import torch

import minisora
from minisora.data.digits import moving_digits
from minisora.data.schema import decode_row
from minisora.widgets import show_clip

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module="lightning")
nano = minisora.TextToVideoPipeline.from_pretrained("nano")


# %% tags=["hide-input"]
def side_by_side(clips):
    """(b, f, h, w, 3) as one clip, with a light line between."""
    framed = np.pad(np.asarray(clips), ((0, 0), (0, 0), (0, 0), (0, 4), (0, 0)), constant_values=245)
    return np.concatenate(list(framed), axis=2)[:, :, :-4]


def above(one, other):
    """Two clips of the same width, one above the other."""
    line = np.full((len(one), 4, one.shape[2], 3), 245, np.uint8)
    return np.concatenate([one, line, other], axis=1)


def show_pairs(one, other, label, scale=3):
    """One clip above another; every second frame, so that the file stays small."""
    return show_clip(above(one, other)[::2], scale=scale, fps=4, strip=False, label=label)


# %% tags=["hide-input"]
few = [decode_row(row) for row in moving_digits(2, seed=4)]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nano says which words it does not know
    tried = nano([clip.caption for clip in few], seed=0).frames
label = " · ".join(clip.caption for clip in few)
show_pairs(side_by_side([clip.frames for clip in few]), side_by_side(tried), label)

# %% [markdown]
r"""
*Look for: above, two clips of handwritten digits. Below, what `nano` makes of the same captions. It has never seen a digit.*

| | |
|---|---|
| **Time** | 75 minutes; the cells themselves take about 6 minutes on 2 processor cores, and 1.5 GB of memory |
| **Needs** | lesson 06; for the digits `pip install minisora[digits]`. No GPU, no internet |
| **Afterwards you can** | make a data set of a folder of clips · find out what a model cannot hear or draw, before you train it · fine-tune, and measure what it brought · put a piece of your own in place of one of the model's, and compare |
"""

# %%
from pathlib import Path

from minisora.course.checks import lesson_13 as check
from minisora.data.digits import DIRECTIONS

torch.manual_seed(0)
logging.getLogger("minisora").setLevel(logging.ERROR)
# %% [markdown]
r"""
## Touch it

Here is a drawing machine for clips that are in no world of minisora: waves, rain, a candle, a lighthouse. Each takes a moment in seconds
and three numbers from 0 to 1, its **character**. Change the numbers in the last line and run it again. Or write a fifth: this is your
data set.
"""

# %% tags=["hide-input"]
y, x = np.mgrid[0:64, 0:64].astype(float)


def paint(*layers):
    """A ground, then (where, colour) on top of it."""
    picture = np.full((64, 64, 3), layers[0], np.uint8)
    for where, colour in layers[1:]:
        picture[where] = colour
    return picture


def waves(time, a, b, c):
    edge = 24 + 16 * a + 4 * np.sin(x / (4 + 4 * b) - 4 * time + 6 * c)
    return paint((170, 205, 235), (y > edge, (20, 70, 140)))


def rain(time, a, b, c):
    drops = np.random.default_rng(int(1e6 * a)).random((60, 3))
    across, down = (64 * drops[:, 0]) // 1, (64 * drops[:, 1] + time * (40 + 30 * b + 20 * drops[:, 2])) % 64
    near = (x[..., None] == across) & (abs(y[..., None] - down) < 3)
    return paint((28, 32, 44), (near.any(-1), (140, 170, 200)))


# %% tags=["hide-input"]
def candle(time, a, b, c):
    middle, size = 16 + 32 * a, 6 + 2 * np.sin(9 * time + 6 * b) + np.sin(23 * time + 6 * c)
    flame = ((x - middle) / size) ** 2 + ((y - 36 + size) / (1.6 * size)) ** 2 < 1
    return paint((24, 16, 12), ((abs(x - middle) < 5) & (y > 38), (230, 222, 205)), (flame, (251, 170, 40)))


def lighthouse(time, a, b, c):
    middle, on = 12 + 40 * a, (1.5 * time + b) % 1 < 0.5
    tower, lamp = (abs(x - middle) < 4) & (y > 22), (x - middle) ** 2 + (y - 18) ** 2 < (9 if on else 4) ** 2
    return paint((12, 20, 44), (tower, (215, 215, 215)), (lamp, (253, 216, 53) if on else (70, 66, 50)))


def film(kind, character):
    """17 frames, eight a second: (17, 64, 64, 3)."""
    return np.stack([kind(frame / 8, *character) for frame in range(17)])


# %%
show_clip(
    side_by_side([film(kind, (0.3, 0.5, 0.9)) for kind in (waves, rain, candle, lighthouse)]), scale=3, strip=False
)

# %% [markdown]
r"""
## A folder, and a table of captions

Whoever comes with clips comes with a folder of files. minisora reads such a folder if it holds a table, `metadata.csv`, with the
columns `file_name` and `caption`. (`metadata.jsonl` does as well.) So: six clips of each kind, as files.
"""

# %%
from minisora.data.video_io import write_video

says = {
    waves: "waves rolling, seen from a boat",
    rain: "rain falling at night",
    candle: "a candle, its flame flickering",
    lighthouse: "a lighthouse, blinking in the dark",
}
folder, captions, rng = Path("mine"), {}, np.random.default_rng(0)
folder.mkdir()
for kind, caption in says.items():
    for number in range(2 if fast else 6):
        name = f"{kind.__name__}-{number}.mp4"
        write_video(folder / name, film(kind, rng.random(3)))
        captions[name] = caption

# %% [markdown]
r"""
## Your turn 1 ★ (5 minutes)

Write the table. The captions have commas, so gluing strings together with commas will not do.
"""


# %% exercise="write_metadata" stars=1
import csv


def write_metadata(folder, captions):
    """Write folder/metadata.csv with the columns file_name and caption; captions is {name: caption}."""
    ### BEGIN SOLUTION
    with (folder / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file_name", "caption"])
        writer.writerows(captions.items())
    ### END SOLUTION


write_metadata = check.write_metadata(write_metadata)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

`csv.writer(file)` puts quotes where they are needed. It has `writerow` for one line and `writerows` for many, and `captions.items()`
gives pairs.
</details>
"""

# %% [markdown]
r"""
Real folders are never tidy. Here are three more files: one is no video, one has three frames, and one is missing. **Predict**: what will
happen to the other clips?
"""

# %%
from minisora.data.folder import video_folder

(folder / "broken.mp4").write_bytes(b"this is no video")
write_video(folder / "short.gif", film(rain, (0.1, 0.1, 0.1))[:3])
spoilt = {"broken.mp4": "rain", "short.gif": "rain", "lost.mp4": "rain"}
write_metadata(folder, captions | spoilt)

# %%
skipped = []
rows = list(video_folder(folder, skipped=skipped))
print(f"{len(rows)} clips can be used")
for each in skipped:
    print(f"{each.name:11} {each.reason}")

# %% [markdown]
r"""
*Look for: each file that was left out, and why. One bad file must never cost you the others.* Each clip was also brought to one shape: scaled,
cropped in the middle, eight frames a second ([folder.py](../minisora/data/folder.py)).

## What can it draw at all?

Before a training, find out what it could reach at best. The autoencoder stays as it is, so no clip can become better than
what comes back from it: lesson 02's **ceiling**. **Predict**: it has only ever seen figures of one colour on plain grounds. Which of the four
kinds will suffer most?
"""


# %%
def there_and_back(frames):
    """Clips (b, f, h, w, 3) through the autoencoder."""
    with torch.no_grad():
        latents = nano.autoencoder.encode(torch.as_tensor(np.asarray(frames)).to(nano.device) / 127.5 - 1)
        return ((nano.autoencoder.decode(latents) + 1) * 127.5).round().clamp(0, 255).byte().cpu().numpy()


clips = [decode_row(row) for row in rows]
first = {clip.caption: clip.frames for clip in reversed(clips)}
back = there_and_back(list(first.values()))
show_pairs(side_by_side(list(first.values())), side_by_side(back), "above: yours; below: from the autoencoder")

# %%
for (caption, frames), other in zip(first.items(), back, strict=True):
    error = np.square(frames.astype(float) - other).mean()
    print(f"{caption:36} {10 * np.log10(255**2 / error):.1f} dB")

# %% [markdown]
r"""
*Look for: what happens to the sky, and to the drops. In decibels, 30 is good and 20 is visibly worse; a rendered scene of its own world comes
back with more than 30.* The waves lose most: its world has no light blue ground, so the sky turns white and the sea grey. Drops are thin,
and become streaks. What is lost here, no training of the denoiser will bring back; you would have to fine-tune the autoencoder first.

## What can it hear?

The second thing to look at before a training: does the text encoder tell your sentences apart? `nano`'s was taught the words of the
world, and to look past all others. Here is how alike it finds pairs of sentences, from 1 (the same) down.
"""


# %%
def alike(encoder, one, other):
    with torch.no_grad():
        states = encoder([one, other]).states.flatten(1)  # (2, all numbers)
    return torch.cosine_similarity(states[0], states[1], dim=0).item()


pairs = [
    ("a zero moving right", "a zero moving left"),
    ("a zero moving right", "a one moving right"),
    ("rain falling at night", "a candle, its flame flickering"),
]
for one, other in pairs:
    print(f"{alike(nano.parts.text_encoder, one, other):.3f}   {one} | {other}")

# %% [markdown]
r"""
*Look for: the second line. "zero" or "one", to this encoder that is nearly the same sentence.* A denoiser that reads it can
hardly know which of the two digits was asked for. Nobody would see that in a loss.

## Take one piece out, put yours in

A fully new text encoder would have to learn all words from nothing. A smaller idea: leave the states that the denoiser knows where they are,
and lay the **spelling** beside them, the raw tokens of the sentence. The denoiser's attention takes any number of words (lesson 05), so nothing
else has to change.

| | shape |
|---|---|
| states that the encoder found | `(b, 16, d)` |
| tokens, as many as the longest sentence has | `(b, l, d)` |
| both, always of the same length | `(b, 16 + count, d)` |

## Your turn 2 ★★ (8 minutes)

Put `count` tokens behind the states: cut what is too long, fill up with zeros what is too short.
"""


# %% exercise="beside" stars=2
def beside(states, tokens, count):
    """States (b, m, d) and behind them the first `count` of tokens (b, l, d), zeros where there are fewer."""
    ### BEGIN SOLUTION
    kept = tokens[:, :count]
    missing = tokens.new_zeros(len(tokens), count - kept.shape[1], tokens.shape[2])
    return torch.cat([states, kept, missing], dim=1)
    ### END SOLUTION


beside = check.beside(beside)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

`torch.cat` along axis 1 takes three parts: the states, the tokens that are kept, and zeros. How many zeros are missing, if `kept` holds
`kept.shape[1]` tokens? None is a number, too: an axis may have the length 0.
</details>
"""

# %% [markdown]
r"""
With it, the piece. It *is* nano's encoder in all but the last line, so it loads the same weights, and training code takes it as it
takes the other.
"""

# %%
from minisora.models.text_encoder import TextEncoder, TextStates


class Spelling(TextEncoder):
    """nano's text encoder, which hands on the spelling, too."""

    def encode_tokens(self, tokens):
        heard = super().encode_tokens(tokens)
        spelt = self.embed(tokens) + self.position[: tokens.shape[1]]  # (b, l, d)
        spelt = spelt * tokens.ne(self.padding)[..., None]  # padding is nothing
        return TextStates(beside(heard.states, spelt, 16), heard.pooled)


old = nano.parts.text_encoder
spelling = Spelling(old.config, old.tokenizer)
spelling.load_state_dict(old.state_dict())
spelling = spelling.eval().requires_grad_(False)
# %%
for encoder in (old, spelling):
    print(f"{type(encoder).__name__:12} {alike(encoder, 'a zero moving right', 'a one moving right'):.3f}")

# %% [markdown]
r"""
Whether the difference is large *enough*, only a training can tell. So begin with the smallest question that can show it: two digits, zero and
one, each moving one of eight ways.

## Digits

`moving_digits` writes rows of the same form as `video_folder`, from real handwriting. We keep the clips with one digit, a zero or a one, that
moves straight, nine frames of each, and push each clip aside so that its digit begins in the middle. For the grade there are others, in
handwritings that no training clip has.
"""

# %%
from dataclasses import replace

from minisora.data.schema import encode_row

middle = check.middle  # of what is bright in a frame: x and y, in pixels, y down


def is_small(row):
    digits = json.loads(row["scene"])["digits"]
    return len(digits) == 1 and digits[0]["digit"] < 2 and digits[0]["motion"] != "bouncing"


def centred(row):
    """The same clip, pushed aside so that its digit begins in the middle."""
    clip = decode_row(row)
    x, y = middle(clip.frames[0]).tolist()
    return encode_row(replace(clip, frames=np.roll(clip.frames, (round(31.5 - y), round(31.5 - x)), axis=(1, 2))))


# %%
def small_digits(count, split):
    rows = moving_digits(count, split=split, num_frames=9)
    return [centred(row) for row in rows if is_small(row)]


digits, unseen = small_digits(60 if fast else 4000, "train"), small_digits(60 if fast else 600, "unseen")[:48]
print(len(digits), "to learn from,", len(unseen), "to grade on;", digits[0]["caption"])

# %% [markdown]
r"""
Encoded once and kept, as in lesson 06. `UserClips` reads a folder; rows that are there already need a few lines.

Nearly all of such a clip is black, and a network that draws nothing at all is nearly right. The loss of lesson 06 looks several times as
hard at places that a figure covers. Here nobody has written down where the figure is, but what is bright is the digit.
"""

# %%
from minisora.data.buckets import Bucket
from minisora.training.latents import UserClips, encode_clips


class Rows(UserClips):
    """Rows in memory, in place of a folder's; what is bright counts as covered."""

    def __init__(self, rows, bucket, fps=8.0):
        self.rows, self.fps, self.shape = rows, fps, bucket.shape[:3]
        self.about = {"clips": "rows", "count": len(rows)}

    def __getitem__(self, index):
        clip = super().__getitem__(index)
        light = clip.video.float().mean(-1)  # (9, 64, 64)
        light = torch.cat([light[:1].expand(3, -1, -1), light]).view(3, 4, 16, 4, 16, 4)  # latent places of 4 × 4 × 4
        clip.covers[0] = light.mean((1, 3, 5)).round().byte()  # (3, 16, 16)
        return clip


kept = encode_clips(Path("digits"), Rows(digits, Bucket(9, 64, 64)), nano.autoencoder, num_workers=0)
# %% [markdown]
r"""
The **fine-tuning** is lesson 06's training with four differences. It starts from `nano`'s weights. It knows no layouts, since nobody has
written down where things are in your clips. All frames of a clip have one time, as they will have when words become a clip. And three of
ten batches are single pictures, which are cheap and teach the form.
"""

# %%
from minisora.diffusion.noise_levels import NoiseMixture
from minisora.models.storage import Parts
from minisora.training.budget import Budget
from minisora.training.cli import usual_precision
from minisora.training.data import LatentData
from minisora.training.stages import denoiser_module

one_time = NoiseMixture(same=1.0, context=0.0, independent=0.0, rising=0.0)


# %%
def finetune(latents, encoder, steps):
    """A pipeline: nano's denoiser after some steps on kept latents, with this text encoder."""
    torch.manual_seed(0)
    module = denoiser_module(start_from="nano", mixture=one_time, muon_lr=0.01, adamw_lr=1.5e-3)
    module.text_encoder = encoder
    data = LatentData([latents], batch_size=4 if fast else 16, lengths={0: 0.7, 1: 0.3})
    quiet = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False)
    how = {"precision": usual_precision("denoiser"), "gradient_clip_val": 1.0}
    L.Trainer(max_steps=steps, callbacks=[Budget(decay=0.5)], **how, **quiet).fit(module, data)
    about = {"sampling": {"num_inference_steps": 8, "layout_steps": 0, "guidance_scale": 2.0}}
    return minisora.TextToVideoPipeline(Parts(nano.autoencoder, encoder, module.denoiser, about))


# %% [markdown]
r"""
Twice the same, with the old piece and with yours: same clips, same noise, same steps. Only so does a difference mean something.
**Predict**: which will be right more often, the way or the digit? And with which of the two?
"""

# %%
steps = 2 if fast else steps
plain = finetune(Path("digits"), old, steps)
spelt = finetune(Path("digits"), spelling, steps)

# %%
asked = ["a zero moving right", "a one moving right", "a zero moving up", "a one moving down"]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    looks = [side_by_side(pipe(asked, seed=1, num_frames=9).frames) for pipe in (plain, spelt)]
show_clip(above(*looks), scale=3, strip=False, label=" · ".join(asked))

# %% [markdown]
r"""
*Look for: above with `nano`'s encoder, below with the spelling. Is there writing? Does it move as it was told? Are zeros and ones
different?* That was the grade by eye. Eyes are quick, and see what they hope for; so:

## Your turn 3 ★★ (10 minutes): grade by numbers

minisora's grader knows figures, not digits. For clips of your own you need numbers of your own, and often a few lines are enough. What is bright has
a **middle**, and the way of the middle is the motion. `middle(frame)` gives it as x and y, in pixels, y down; `DIRECTIONS` are eight arrows.

**By hand**: from (20, 30) to (31, 32) is (11, 2). Along right, (1, 0), that is 11. Along down, (0, 1), it is 2. Along the diagonal
(1, 1), which is 1.41 long, it is (11 + 2) / 1.41 = 9.2. So: right.
"""

# %%
print(DIRECTIONS)


# %% exercise="direction" stars=2
def direction(frames):
    """The key of DIRECTIONS along which the middle moved furthest, from the first frame to the last."""
    ### BEGIN SOLUTION
    x, y = middle(frames[-1]) - middle(frames[0])
    lengths = {way: (x * right + y * down) / np.hypot(right, down) for way, (right, down) in DIRECTIONS.items()}
    return max(lengths, key=lengths.get)
    ### END SOLUTION


direction = check.direction(direction)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Last minus first gives (x, y). How far that is along an arrow (a, b): `x * a + y * b`, divided by the length of the arrow.
</details>

<details><summary>Hint 2</summary>

`max(lengths, key=lengths.get)` gives the key of the largest value of a dict.
</details>
"""

# %% [markdown]
r"""
And which digit? Cut it out around its middle, and ask which digit's **mean handwriting** it resembles more.
"""

# %%
from minisora.data.digits import load_digits

written = load_digits()
usual = [torch.from_numpy(written.images[written.labels == digit].mean(0)) for digit in (0, 1)]  # each (28, 28)


def which_digit(frames):
    x, y = (int(value) for value in middle(frames[4]))
    wide = np.pad(frames[4].mean(-1), 14)  # so that a digit at the edge can be cut out, too
    cut = torch.from_numpy(wide[y : y + 28, x : x + 28]).float()
    return int(np.argmax([torch.cosine_similarity(cut.flatten(), mean.flatten(), dim=0) for mean in usual]))


# %% [markdown]
r"""
A grader is graded first: on the real clips, and on what the autoencoder leaves of them. **Predict**: what share would pure luck get right, of the
ways and of the digits?
"""


# %%
def both_right(videos):
    truth = [json.loads(row["scene"])["digits"][0] for row in unseen]
    ways = [f"moving {direction(frames)}" == one["motion"] for frames, one in zip(videos, truth, strict=True)]
    names = [which_digit(frames) == one["digit"] for frames, one in zip(videos, truth, strict=True)]
    return ways, names


real = np.stack([decode_row(row).frames for row in unseen])
table = {"real clips": both_right(real), "through the autoencoder": both_right(there_and_back(real))}

# %%
sentences = [row["caption"] for row in unseen]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for name, pipe in (("nano, as it was", nano), ("fine-tuned", plain), ("fine-tuned, with spelling", spelt)):
        table[name] = both_right(pipe(sentences, seed=0, num_frames=9).frames.numpy())

# %% tags=["hide-input"]
from minisora.evaluation.intervals import wilson_interval

print(f"{'of ' + str(len(unseen)) + ' clips':28}{'way':>6} {'95 %':>8}{'digit':>9} {'95 %':>8}")
for name, found in table.items():
    line = f"{name:28}"
    for right in found:
        low, high = (100 * end for end in wilson_interval(sum(right), len(right)))
        line += f"{np.mean(right):>6.0%} {low:>4.0f}-{high:<3.0f}  "
    print(line)

# %% [markdown]
r"""
*Look for: the last column, in the last two rows. With two digits, luck alone gives 50 %; with eight ways, 12 %.* With `nano`'s encoder 50 % lies
inside of the range: it has learned to write, and does not hear what. With the spelling even the lower end is far from luck.

The ways were mostly right before any training: `nano` knew "moving right", and moved a figure of its own. So a number that is high says
little until you know what it was before. The method is what you take home: one piece changed, all else the same, a ceiling above, luck
below, and a range on every number.

## Your own folder

Now the drawn clips, with the piece that can read their captions. They are few, so the training sees each of them many times.
"""

# %%
kept = encode_clips(Path("drawn"), UserClips(folder, Bucket()), nano.autoencoder, num_workers=0)
drawn = finetune(Path("drawn"), spelling, steps)

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    made = drawn(list(says.values()), seed=3).frames.numpy()
show_clip(side_by_side(made)[::4], scale=3, fps=2, strip=False, label="waves · rain · candle · lighthouse")

# %% [markdown]
r"""
*Look for: which of the four can be recognised, and whether they move.* With so few clips there is a question that comes before every praise: did it
**learn** or **copy**? Below each one, the clip of your folder that is nearest to it, of those with the same caption.
"""

# %%
nearest = []
for caption, frames in zip(says.values(), made.astype(float), strict=True):
    own = np.stack([clip.frames for clip in clips if clip.caption == caption])
    nearest.append(own[np.square(own - frames).mean((1, 2, 3, 4)).argmin()])
show_pairs(side_by_side(made), side_by_side(nearest), "above: made; below: the nearest of yours")

# %% [markdown]
r"""
*Look for: where the candle and the lighthouse stand, and how the waves lie.* At the same place as in the clip below: copied. At another: learned.
In the run that is kept here the lighthouse stands where yours does; the flame stands elsewhere, and has lost its candle.

This counts twice with clips of people: what a model copies it can also give away, so only train on what you may show.

## What it forgot

A fine-tuning moves all weights, also those that knew the old world. **Predict**: can the model that learned your drawings still draw a red
circle?
"""

# %%
before = ["a large red circle moving right on a black background", "a large yellow star spinning on a navy background"]
both = [side_by_side(pipe(before, seed=0).frames) for pipe in (nano, drawn)]
show_pairs(*both, "above: nano; below: after your folder")

# %% [markdown]
r"""
*Look for: what stands there in place of the circle.* This is called **catastrophic forgetting**. Whoever wants to keep the old world mixes its clips into every batch: `LatentData` takes several folders.

## A denoiser of your own

The largest piece can be exchanged, too. Anything that is called as `denoiser(noisy, time, text, fps=…)` and guesses the clean latents will do, and
the command line grades it if you say where it is. The quickest experiment is to take something away: is every one of `nano`'s eight blocks needed?
"""

# %%
_ = Path("my_piece.py").write_text("""
from minisora.models.storage import load_part

MyDenoiser = load_part("nano", "denoiser")
del MyDenoiser.blocks[2]
""")

# %%
from minisora.evaluation.cli import main

common = ["--rows", "one", "--sources", "generated", "--num", "1" if fast else "16"]
assert main([*common, "--output", "whole.json"]) == 0
assert main([*common, "--output", "without.json", "--denoiser", "my_piece:MyDenoiser"]) == 0
# %% [markdown]
r"""
`minisora evaluate --denoiser my_piece:MyDenoiser` does the same in a terminal, from the folder that holds `my_piece.py`. *Look for: the two ranges, which
still overlap. How many clips would you need to call one of them worse?*

A quicker number helps to choose what is worth grading: how far the guess of the clean latents is off on a few scenes, with and without a block.
"""

# %%
print(f"all   {check.left_out_error([]):.4f}")
for number in range(8):
    print(f"no {number}  {check.left_out_error([number]):.4f}")

# %% [markdown]
r"""
*Look for: two blocks that are missed most. Which are they, and why might it be these?*

## Break it

Three networks, each without one block: without the **first**, without the **last**, without the **fourth**. Which is which? Write down three letters before
you open the answer.
"""


# %%
def without(*numbers):
    denoiser = minisora.TextToVideoPipeline.from_pretrained("nano").parts.denoiser
    denoiser.blocks = torch.nn.ModuleList(b for number, b in enumerate(denoiser.blocks) if number not in numbers)
    return minisora.TextToVideoPipeline.from_pretrained("nano", denoiser=denoiser)


a, b, c = (side_by_side(without(number)(before, seed=0).frames) for number in (3, 7, 0))
show_pairs(above(a, b), c, "A, B and C, from top to bottom", scale=2)

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

- **A**: without the fourth. The blocks in the middle each add a little to what is there; the others do without it, more or less. Red has
  become orange, and in the corner something of a second star comes up.
- **B**: without the last, which brings what was found into the form that the output layer reads.
- **C**: without the first, on which all the others build: the grounds are right, and hardly anything stands on them.
</details>

## Your turn 4 ★★★ (15 minutes, or at home)

Leave out **two** of the eight blocks, and lose as little as you can. The network is then a quarter quicker in its blocks. Which two? The table above is
a start, and a trap. `check.left_out_error([…])` takes any blocks.
"""

# %% exercise="two_blocks" stars=3
my_blocks = (
    ### BEGIN SOLUTION
    (1, 4)
    ### END SOLUTION
)

my_blocks = check.two_blocks(my_blocks)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

There are 28 pairs, and `itertools.combinations(range(8), 2)` lists them. One takes a moment to try.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
Alone, 2 and 1 are missed least. Together they are missed more than 1 and 4: neighbours can stand in for each other, and with both gone nobody does.
What is missed together is not the sum of what is missed alone.
"""

# %% [markdown]
r"""
## What you have learnt

- A folder and a table of captions are a data set; what cannot be used is named and left out.
- Before a training, look at two ceilings: what the **autoencoder** can draw, and what the **text encoder** can hear.
- A piece of your own is a class with the same interface; change one piece and nothing else, and grade both.
- Numbers of your own are a few lines: try them on real clips first, and know what luck would get.
- Few clips are soon **copied**, and a fine-tuning **forgets** what it no longer sees.

<details><summary>Three questions to check yourself</summary>

1. *Your fine-tuned model draws cats and dogs equally well, but never the one that was asked for. Where do you look first?* At what the text encoder makes
   of the two captions: if they are the same to it, nothing after it can tell them apart.
2. *Your new piece has 62 % of 24 clips right, the old one 50 %. Publish?* Three clips. Grade more, with the same scenes for both, and train with another seed.
3. *You left out a block and nothing changed. Is it useless?* Alone, on these clips, by this number. Others may do its work meanwhile.
</details>

**Next:** this was the last lesson. The pieces are yours: a world, an autoencoder, words, a denoiser, a sampler; each can be taken out and compared. To read
on: *Scaling Rectified Flow Transformers* (Esser et al., 2024, arXiv 2403.03206), Section 5: how a field decides which piece is better.
"""
