# %% [markdown]
r"""
# 02 Squeezing video

In this lesson you build the machine that makes a video twenty times smaller and gives it back, and you learn to see and to measure
what is lost on the way.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: less training, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

import minisora
from minisora.widgets import show_clip
from minisora.widgets.latent_pictures import channel_clips
from minisora.world import Actor, Scene

pipe = minisora.TextToVideoPipeline.from_pretrained(model)
world, autoencoder = pipe.world, pipe.autoencoder
star = Actor("star", "yellow", "large", "moving right", "quickly", 0.18, 0.33, start=(-0.3, -0.12))
circle = Actor("circle", "red", "small", "moving up", "plain", 0.11, 0.2, start=(-0.28, 0.38))
clip = world.render(Scene("navy", (star, circle)))  # uint8 (17, 64, 64, 3)


def beside(*clips, gap=4):
    """Several clips as one, side by side on white."""
    white = [np.pad(np.asarray(c), ((0, 0), (0, 0), (0, gap), (0, 0)), constant_values=255) for c in clips]
    return np.concatenate(white, axis=2)[:, :, :-gap]


latents = pipe.encode(clip[None])
grid = np.stack(channel_clips(latents[0])).reshape(4, 2, 17, 16, 16, 3).transpose(2, 0, 3, 1, 4, 5)
show_clip(beside(clip, grid.reshape(17, 64, 32, 3), pipe.decode(latents)[0]), strip=False)

# %% [markdown]
r"""
*Look for: left the clip, right the clip that came back. In the middle is all that there was between the two: eight small grey
clips, in which only every fourth frame is new.*

| | |
|---|---|
| **Time** | 75 minutes; the cells themselves take less than a minute on 2 processor cores, and 0.9 GB of memory |
| **Needs** | lesson 01 (scenes, the grader, x–t slices); a network trained once before, in any framework. No GPU, no internet |
| **Afterwards you can** | say where the redundancy of a video is, and spend numbers where they count · tell blur from ghosting, and measure both · build a layer that looks back in time and never ahead · train an autoencoder with Lightning, and find your way in its latents |
"""

# %%
from matplotlib import pyplot as plt

from minisora.course.checks import lesson_02 as check

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

One frame of the clip, said with fewer and fewer numbers: each square of pixels is replaced by its mean. Drag the line. At which
point do you no longer know that it is a star?
"""

# %% tags=["hide-input"]
from minisora.widgets import Player


def coarse(frame, side):
    """Every `side` × `side` square by its mean."""
    cut = frame.float().reshape(64 // side, side, 64 // side, side, 3).mean((1, 3))
    return cut.repeat_interleave(side, 0).repeat_interleave(side, 1).byte().numpy()


Player(np.stack([coarse(clip[0], side) for side in (1, 2, 4, 8, 16, 32)]), fps=1, label="ever fewer numbers")

# %% [markdown]
r"""
*Look for: the third picture keeps one number in 16. The clip at the top right was made from one number in 20, and its star has five
sharp points.*

So it matters *which* numbers you keep. Finding good ones is the work of an **autoencoder**: a first half, the **encoder**, which
turns a video into few numbers, its **latents**, and a second half, the **decoder**, which turns them back. They are trained
together, on one demand: what comes out shall be what went in.

## Predict

A clip is 17 frames of 64 × 64 pixels in 3 colours. Its latents have the shape `(5, 16, 16, 8)`. **How many times fewer numbers is
that?** And why five, when there are 17 frames? Write down both, then run.
"""

# %%
pixels, kept = clip.numel(), latents.numel()
print(
    f"{tuple(clip.shape)} are {pixels:,} numbers, {tuple(latents[0].shape)} are {kept:,}: {pixels / kept:.1f} times fewer"
)

# %% [markdown]
r"""
The five you will build yourself, further down.

## The smallest numbers

Four pixels, and one number to say them with: their mean. To bring them back, the mean is written four times.
"""

# %%
for four in ([6.0, 6.0, 6.0, 6.0], [6.0, 6.0, 0.0, 0.0]):
    said = sum(four) / 4
    error = sum((pixel - said) ** 2 for pixel in four) / 4
    print(four, "→", said, "→", [said] * 4, f"  mean squared error {error:g}")

# %% [markdown]
r"""
Where neighbours are alike, nothing is lost. Where there is an edge, everything is.

Now read the second line twice. If the four are neighbours **in a row**, the edge of a star has become a grey slope: **blur**. If
they are the **same pixel in four frames**, then something was there for two frames and is now half there in all four: a **ghost**.
It is one and the same error, on another axis.

## Frame by frame

A mean keeps one number of a square. Let us keep several, and the best ones: for squares of 4 × 4 pixels, that is 48 numbers, the
directions in which squares differ most from each other (their principal components). Cutting and pasting are one line each.
Read `(h i)` as "`h` squares of `i` pixels".
"""

# %%
from einops import rearrange


def fold(frames, side):  # (f, 64, 64, c) → (f, 64 / side, 64 / side, side · side · c)
    return rearrange(frames, "f (h i) (w j) c -> f h w (i j c)", i=side, j=side)


def unfold(patches, side):  # and back
    return rearrange(patches, "f h w (i j c) -> f (h i) (w j) c", i=side, j=side)


# %% [markdown]
r"""
The encoder: one matrix that turns a square into `channels` numbers. The decoder: the same matrix, the other way. No training is
needed, since the best matrix for this is known.

$$z = (x - \bar x)\,V, \qquad \hat x = z\,V^\top + \bar x$$
"""


# %%
class LinearSqueeze:
    """The best that weighted sums can do with so many numbers for each patch."""

    def __init__(self, clips, cut, paste, channels):
        self.cut, self.paste = cut, paste
        patches = torch.stack([cut(clip) for clip in clips]).flatten(0, 3)  # (n, numbers of a patch)
        self.middle = patches.mean(0)
        away = patches - self.middle
        self.directions = torch.linalg.eigh(away.T @ away).eigenvectors[:, -channels:]

    def encode(self, video):
        return (torch.stack([self.cut(clip) for clip in video]) - self.middle) @ self.directions

    def decode(self, latents):
        patches = latents @ self.directions.T + self.middle
        return torch.stack([self.paste(each) for each in patches]).clamp(-1, 1)


# %% [markdown]
r"""
It gets its matrix from clips that are drawn for it, and is tried on the clip from above, which is none of them. Pixels are floats
from -1 to 1 inside, as everywhere in minisora. **Two** numbers for each square make a clip 24 times smaller.
"""

# %%
from minisora.training.autoencoder_module import to_floats

rng = np.random.default_rng(0)
drawn = torch.stack([world.render(world.sample(rng)) for _ in range(24 if fast else 96)])


@torch.no_grad()
def there_and_back(squeezer, video):
    back = squeezer.decode(squeezer.encode(to_floats(video[None])))[0]
    return ((back + 1) * 127.5).round().byte()


# %%
some = to_floats(drawn[:48])
frame_by_frame = LinearSqueeze(some, lambda clip: fold(clip, 4), lambda patches: unfold(patches, 4), channels=2)
show_clip(
    beside(clip, there_and_back(frame_by_frame, clip)), strip=False, label="drawn, and back from 2 numbers a square"
)

# %% [markdown]
r"""
*Look for: two numbers are not even enough for the three colours, so the circle is orange. Every square is nearly plain: that is
blur. But nothing trails behind the star, since no frame knows of another.*

## Your turn 1 ★ (5 minutes)

"Not good" is no number. The usual one is the **peak signal-to-noise ratio**, in decibels: how large the mean squared error is
beside the largest value that there can be.

$$\mathrm{PSNR} = 10 \log_{10} \frac{255^2}{\frac{1}{n}\sum_k (x_k - \hat x_k)^2}$$

Both clips are `uint8`, numbers from 0 to 255, and that has a catch. For two equal clips give 100, so that nothing is divided by 0.
"""

# %% exercise="psnr" stars=1
import math


def psnr(clip, reference):
    """How near a clip is to another one, in dB; both are uint8, 100 where they are equal."""
    ### BEGIN SOLUTION
    error = (clip.double() - reference.double()).square().mean().item()
    return 10 * math.log10(255**2 / error) if error > 0 else 100.0
    ### END SOLUTION


psnr = check.psnr(psnr)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Try `torch.tensor(10, dtype=torch.uint8) - torch.tensor(250, dtype=torch.uint8)` in a cell of its own. What must happen to both
before you subtract?
</details>
"""

# %%
print(f"frame by frame, 2 numbers a square: {psnr(there_and_back(frame_by_frame, clip), clip):.1f} dB")

# %% [markdown]
r"""
Ten decibels more is a tenth of the squared error. Above 35 dB you have to look twice to see a difference.

## Four frames at a time

Every frame was squeezed as if the others did not exist. But most of a frame is where it was an eighth of a second before! So let a
patch be a small block of **space-time**: 4 frames of 4 × 4 pixels, 192 numbers.

Groups of four frames would fit 16 frames or 20. minisora takes 17: **the first frame is a group of its own.** A picture is then a
video of one frame, so one network learns from both. And whoever gives you a first frame ("make this photograph move") has given
exactly one group, with nothing of the future in it. So `1 + 4k` frames become `1 + k` latent frames: 17 become 5.

## Your turn 2 ★ (5 minutes)

A group has `count` frames, the first one too: it is there `count` times. Bring a clip into groups.
"""


# %% exercise="group" stars=1
def group(clip, count):
    """(1 + count·k, h, w, c) → (1 + k, count, h, w, c); the first group is the first frame, `count` times."""
    ### BEGIN SOLUTION
    again = clip[:1].expand(count - 1, -1, -1, -1)  # the first frame, count - 1 times more
    return torch.cat([again, clip]).unflatten(0, (-1, count))
    ### END SOLUTION


group = check.group(group)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

With `count=4` and frames 0, 1, 2, 3, 4 the groups are 0 0 0 0 and 1 2 3 4. What must stand in front of the clip so that cutting it
into fours gives this? `torch.cat` puts together, `x.unflatten(0, (-1, count))` cuts the first axis.
</details>
"""

# %% [markdown]
r"""
Now the frames of a group go to the channels, and all the rest is as before. **Eight** numbers for each block: those are the 10,240
numbers from above. **Before you run it**: more numbers than frame by frame had, or fewer? And where will it be worse?
"""


# %%
def cut_blocks(clip, count=4, side=4):
    return fold(rearrange(group(clip, count), "z g h w c -> z h w (g c)"), side)  # (1 + k, lh, lw, numbers)


def paste_blocks(patches, count=4, side=4):
    return rearrange(unfold(patches, side), "z h w (g c) -> (z g) h w c", g=count)[count - 1 :]


space_time = LinearSqueeze(some, cut_blocks, paste_blocks, channels=8)
for name, squeezer in (("frame by frame", frame_by_frame), ("space-time", space_time)):
    numbers = squeezer.encode(to_floats(clip[None])).numel()
    print(f"{name:15} {numbers:7,} numbers {psnr(there_and_back(squeezer, clip), clip):6.1f} dB")

# %% tags=["hide-input"]
show_clip(
    beside(clip, there_and_back(frame_by_frame, clip), there_and_back(space_time, clip)),
    scale=3,
    strip=False,
    label="drawn, frame by frame, space-time",
)

# %% [markdown]
r"""
*Look for: for about as many numbers the colours are back. Now pause it: left and right of the star stand stripes, half there, where
it was a moment ago or will be in a moment. That is the ghost.*

It shows best in another picture. Take one row of pixels, and put that row of all 17 frames under each other: an **x–t
slice**, in which time runs down. A thing that moves evenly is a slanted band.
"""

# %% tags=["hide-input"]


def slices(named, row=24):
    _, axes = plt.subplots(1, len(named), figsize=(2.6 * len(named), 2.6))
    for axis, (name, video) in zip(axes, named.items(), strict=True):
        axis.imshow(video[:, row], aspect="auto")
        axis.set(title=name, xlabel="x", xticks=[], yticks=[0, 8, 16])
        axis.grid(visible=False)
    axes[0].set_ylabel("frame")
    plt.show()


slices({"drawn": clip, "space-time, linear": there_and_back(space_time, clip)})

# %% [markdown]
r"""
*Look for: stairs. Within a group of four frames the star hardly moves; it fades out in one place and in at the next.*

## From a matrix to a network

A block is squeezed without a look at its neighbours, though the star goes on in the block beside it, and was in the block before.
A network may look. In space it looks to all sides: a 3 × 3 convolution. In time it looks **back only**: it is **causal**.

Why not ahead as well? Then the first second of a film could not be known before its last. A causal decoder can show the beginning
while the end is still being made, it can go on for an hour, and a video can be continued without its beginning being changed.

## Your turn 3 ★★ (10 minutes)

The layer by which frames learn of each other. It takes a value for each latent frame and a few weights, the oldest first. With the
weights `[0.1, 0.2, 0.7]`, frame 4 becomes `0.1 · frame 2 + 0.2 · frame 3 + 0.7 · frame 4`. Before the first frame there are zeros.

$$y_i = \sum_{k=0}^{K-1} w_k \; x_{i - (K - 1) + k}$$
"""


# %% exercise="causal_mix" stars=2
def causal_mix(x, weights):
    """(z, …) → (z, …): each latent frame becomes a weighted sum of itself and the len(weights) - 1 before it."""
    ### BEGIN SOLUTION
    taps = len(weights)
    padded = torch.cat([x.new_zeros(taps - 1, *x.shape[1:]), x])
    return sum(weights[k] * padded[k : k + len(x)] for k in range(taps))
    ### END SOLUTION


causal_mix = check.causal_mix(causal_mix)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Two loops are fine: over the frames, and over the weights. Which frame does the *last* weight belong to? And the one before it?
</details>

<details><summary>Hint 2</summary>

If you put `len(weights) - 1` frames of zeros in front of `x`, there is always something to look back at.
</details>
"""

# %% [markdown]
r"""
In the package each weight is a whole matrix, since each place has `width` channels which may be mixed as well. And it can be given
a **memory** of the last frames it has seen, so that a long video may come in pieces. Else it is yours:
"""

# %% package="minisora.models.autoencoder"
from torch import Tensor, nn


class TimeMix(nn.Module):
    def __init__(self, width, taps):
        super().__init__()
        self.taps = taps
        self.linear = nn.Linear(taps * width, width)
        nn.init.zeros_(self.linear.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x, memory):  # (b, z, h, w, d)
        seen = self.taps - 1
        past = x.new_zeros(x.shape[0], seen, *x.shape[2:])
        if memory is not None:
            past = memory.get(self, past)
        frames = torch.cat([past, x], dim=1)  # (b, seen + z, h, w, d)
        if memory is not None:
            memory[self] = frames[:, frames.shape[1] - seen :]
        stacked = torch.cat([frames[:, i : i + x.shape[1]] for i in range(self.taps)], dim=-1)
        out: Tensor = self.linear(stacked)
        return out


# %% [markdown]
r"""
With matrices that are a number on the diagonal, the two must agree.
"""

# %%
weights, x = torch.tensor([0.1, 0.2, 0.7]), torch.randn(5, 3, 3, 4)  # (z, h, w, d)
layer = TimeMix(width=4, taps=3)
layer.linear.weight.data = torch.cat([weight * torch.eye(4) for weight in weights], dim=1)  # (4, 3 · 4)
torch.testing.assert_close(layer(x[None], None)[0], causal_mix(x, weights))

# %% [markdown]
r"""
In space, a convolution of each latent frame. Its kernel is stored as one matrix; the optimiser wants it so.
"""

# %% package="minisora.models.autoencoder"
import torch.nn.functional as F


class SpaceConv(nn.Module):
    def __init__(self, width, width_out):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width_out, 9 * width) * (9 * width) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(width_out))

    def forward(self, x):  # (b, z, h, w, d)
        images = x.flatten(0, 1).permute(0, 3, 1, 2)  # (b·z, d, h, w)
        kernel = rearrange(self.weight, "o (i j d) -> o d i j", i=3, j=3)
        out: Tensor = rearrange(
            F.conv2d(images, kernel, self.bias, padding=1), "(b z) d h w -> b z h w d", z=x.shape[1]
        )
        return out


# %% [markdown]
r"""
And a **block** is both: first a look back in time, then two looks around in space. Each is *added* to what was there, so a block
that has learnt nothing yet changes nothing.
"""


# %% package="minisora.models.autoencoder"
def normalise(x):
    return F.layer_norm(x, x.shape[-1:])


class Block(nn.Module):
    def __init__(self, width, taps):
        super().__init__()
        self.time = TimeMix(width, taps)
        self.first = SpaceConv(width, width)
        self.second = SpaceConv(width, width)
        nn.init.zeros_(self.second.weight)

    def forward(self, x, memory):  # (b, z, h, w, d)
        x = x + self.time(F.silu(normalise(x)), memory)
        update: Tensor = self.second(F.silu(self.first(F.silu(normalise(x)))))
        return x + update


# %% [markdown]
r"""
Give your block the weights of a shipped one, and it must answer the same.
"""

# %%
shipped = autoencoder.decode_half[0]
mine = Block(autoencoder.config.widths[0], autoencoder.config.taps)
mine.load_state_dict(shipped.state_dict())
x = torch.randn(1, 5, 8, 8, autoencoder.config.widths[0])
torch.testing.assert_close(mine(x, None), shipped(x, None))

# %% [markdown]
r"""
The whole `VideoAutoencoder` is a chain of these: fold, blocks at half the resolution, fold once more, blocks at a quarter, 8 numbers
a place; and the same backwards. Read `encode_distribution` and `decode_raw` in
[autoencoder.py](../minisora/models/autoencoder.py): thirty lines, and you know all their parts.

## Is it really causal?

Do not believe it, test it. Change **one** frame of a clip, encode, and see which latents have moved.

**Predict**: you change frame 6. Its group is the third of five. Which latents move: (a) the third only, (b) the third and all later
ones, (c) all five? And the other way round: if the third *latent* is changed, which frames move?
"""


# %%
@torch.no_grad()
def moved_by(function, given):
    """(n, m): how far output frame m moves when input frame n is turned into its negative."""
    before = function(given)  # (1, m, …)
    rows = []
    for n in range(given.shape[1]):
        changed = given.clone()
        changed[:, n] *= -1
        rows.append((function(changed) - before).abs().flatten(2).amax(-1)[0])
    return torch.stack(rows)


by_frame = moved_by(autoencoder.encode, to_floats(clip[None]))  # (17 frames, 5 latents)
by_latent = moved_by(autoencoder.decode, latents)  # (5 latents, 17 frames)

# %% tags=["hide-input"]
from matplotlib.colors import ListedColormap

figure, axes = plt.subplots(1, 2, figsize=(9.5, 3), width_ratios=[1, 2.2])
for axis, table, names in zip(axes, (by_frame, by_latent), (("frame", "latent"), ("latent", "frame")), strict=True):
    axis.pcolormesh(table > 1e-4, cmap=ListedColormap(["#F4F4F6", "#1E64EB"]), edgecolors="white", linewidth=1)
    axis.set(ylabel=f"{names[0]} that was changed", xlabel=f"{names[1]}s that moved")
    axis.set_xticks(np.arange(table.shape[1]) + 0.5, range(table.shape[1]))
    ticks = np.arange(0, len(table), 4 if len(table) > 5 else 1)
    axis.set_yticks(ticks + 0.5, ticks)
    axis.invert_yaxis()
    axis.grid(visible=False)
plt.show()

# %% [markdown]
r"""
*Look for: a staircase. Blue is what moved. Nothing lies left of the steps: no frame ever changes a latent before its own group, no
latent ever changes an earlier frame.*

The first step on the left has a height of one frame, the others of four: there you see the 1 + 4k. So (b) was right. In the right
picture the way back is causal too, and that has a use: a film may be decoded in pieces, while it is still being made.
"""

# %%
with torch.no_grad():
    pieces = list(autoencoder.decode_stream([latents[:, :2], latents[:, 2:3], latents[:, 3:]]))
print([piece.shape[1] for piece in pieces], "frames, as they become ready")
torch.testing.assert_close(torch.cat(pieces, dim=1), autoencoder.decode(latents), atol=1e-4, rtol=1e-4)

# %% [markdown]
r"""
And a length that does not fit is refused, with the nearest ones that do:
"""

# %%
try:
    autoencoder.latent_shape(num_frames=18, height=64, width=64)
except minisora.errors.ShapeError as error:
    print(error)

# %% [markdown]
r"""
## Train one

Yours has the same parts, with a third of the width. The loss is the difference between what went in and what came out, with two
twists. A clip is mostly ground, so pixels that **differ from the ground count five times**; else a grey picture would be a good
answer for a long time. And an error counts by its size, not by its square (except for tiny ones): a square forgives many small errors
and punishes one large one, so it would rather smear an edge over three pixels than put it in the wrong one.
"""


# %% package="minisora.training.autoencoder_module"
def pixel_weights(video, background, actor_weight):
    differs = (video - background[:, None, None, None]).abs().amax(dim=-1, keepdim=True) > 8 / 127.5
    return torch.where(differs, actor_weight, 1.0)


def weighted_error(decoded, video, weights, knee):
    error = F.smooth_l1_loss(decoded, video, reduction="none", beta=knee)
    return (error * weights).mean() / weights.mean()


# %% [markdown]
r"""
[Lightning](https://lightning.ai/docs/pytorch/stable/) runs the loop. It asks for two things: the loss of a batch and an optimiser;
`AutoencoderModule` has both. It learns on windows of 9 frames and 32 × 32 pixels that are cut around the actors. A **callback** is
told after each step; this one keeps what the network makes of our clip.
"""

# %%
import lightning


class Album(lightning.Callback):
    """Keeps pictures from the training."""

    def __init__(self, steps):
        self.pictures, self.losses, self.steps = {}, [], steps

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self.losses.append(outputs["loss"].item())
        if trainer.global_step in self.steps:
            self.pictures[trainer.global_step] = there_and_back(module.model, clip)


# %% [markdown]
r"""
Four clips a step, two windows each. `Budget` lets the learning rate rise at the start and fall towards the end.
"""

# %% tags=["hide-input"]
import logging
import warnings

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module="lightning")
quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}

# %%
from minisora.models.autoencoder import AutoencoderConfig
from minisora.training.autoencoder_module import AutoencoderLoss, AutoencoderModule
from minisora.training.budget import Budget

steps = 20 if fast else 600
config = AutoencoderConfig(widths=(16, 32), encoder_blocks=(0, 1), decoder_blocks=(1, 1))
module = AutoencoderModule(config, AutoencoderLoss(latent_noise=0.0), whole_from=1.0, decoder_from=1.0)
album = Album([round(share * steps) for share in (0.02, 0.1, 0.3, 1.0)])
loader = torch.utils.data.DataLoader([{"video": each} for each in drawn], batch_size=4, shuffle=True)
trainer = lightning.Trainer(accelerator="cpu", max_steps=steps, callbacks=[album, Budget(decay=0.5)], **quiet)
trainer.fit(module, loader)
yours = module.model.eval()

# %% tags=["hide-input"]
from minisora.training.watching import smooth

figure = plt.figure(figsize=(9.5, 2.8))
left, right = figure.subfigures(1, 2, width_ratios=[1, 1.9])
axis = left.subplots()
axis.plot(smooth(album.losses))
axis.set(xlabel="step", ylabel="loss, smoothed", ylim=(0, None))
for axis, (step, video) in zip(right.subplots(1, 4), album.pictures.items(), strict=False):
    axis.imshow(video[8])
    axis.set_title(f"step {step}")
    axis.set_axis_off()
plt.show()

# %% [markdown]
r"""
*Look for: first the grid of patches, then blots in the right places, then the colours, and edges last of all.*

## Seen and measured

Four squeezers, a part of one frame, enlarged. The last one is shipped with minisora: the same parts as yours, three times as wide,
with more blocks, trained for 38 minutes.
"""

# %% tags=["hide-input"]
squeezers = {"frame by frame": frame_by_frame, "space-time": space_time, "yours": yours, "shipped": autoencoder}
back = {name: there_and_back(squeezer, clip) for name, squeezer in squeezers.items()}
figure, axes = plt.subplots(1, 5, figsize=(10, 2.3))
for axis, (name, video) in zip(axes, {"drawn": clip, **back}.items(), strict=True):
    axis.imshow(video[7][8:40, 16:48])
    axis.set_title(name)
    axis.set_axis_off()
plt.show()

# %% tags=["hide-input"]
slices({"drawn": clip, **{name: back[name] for name in ("space-time", "yours", "shipped")}})

# %% [markdown]
r"""
*Look for: squares in the first, stripes in the second; yours is soft all around, and its stairs are softer, too. The shipped one has
five points and nearly the drawn band; a thin dark rim says that it is not perfect either.*

The eye is quick, but it gets used to things. Four numbers say the same of many clips:

| | what it measures | of a perfect one |
|---|---|---|
| PSNR | all errors, in dB | 100 |
| edge | how many pixels wider an edge is than when it was drawn: **blur** | 0 |
| flicker | how much a ground that stands still changes from frame to frame, of 255 | 0 |
| words right | clips in which the **grader** still finds every word of the caption | all |

The last one is the one that counts: a model that paints with these latents can never be better than they are. It is the
**ceiling** of everything that follows. **Predict** which words go first: the colour, the shape, the size, or the motion?
"""


# %%
from collections import Counter
from dataclasses import replace

from minisora.evaluation import Plan, evaluate, reconstructed
from minisora.evaluation.rows import CEILINGS

plan = Plan(world, (replace(CEILINGS, kind="one"),), num=2 if fast else 16)
names = ("psnr", "edge", "flicker")
print(f"{'':15}   PSNR   edge  flicker   words right")
for name, squeezer in squeezers.items():
    records = evaluate(plan, {"reconstructed": reconstructed(world, plan.size, squeezer)})
    numbers = [[record.measures[m] for record in records if m in record.measures] for m in names]
    dB, edge, flicker = (float(np.mean(each or [np.nan])) for each in numbers)
    right, wrong = sum(record.right for record in records), Counter()
    wrong.update(verdict.attribute for record in records for verdict in record.verdicts if not verdict.right)
    lost = ", ".join(f"{word} {count}×" for word, count in wrong.most_common(3))
    print(f"{name:15} {dB:6.1f} {edge:6.2f} {flicker:8.2f}   {right:2} of {plan.num}   {lost}")

# %% [markdown]
r"""
Compare *space-time* and *yours*. They have about the same PSNR, and a person would never mix them up: yours has the sharper edges
and the more restless ground. One number cannot say both.

And the words: with two numbers a square it is the **colour** that goes; in the other two it is mostly the **shape**, since soft
edges look alike. Motions and sizes come through. The shipped one keeps them all here, and 98.4 % of 512 scenes of every kind, says
its card: so nearly every mistake in a video that is made with it is a mistake of the model, not of its paint.
"""


# %% tags=["hide-input"]
def panels(pictures, titles):
    """Pictures side by side, in rows of four."""
    _, axes = plt.subplots(-(-len(pictures) // 4), 4, figsize=(8, 2.2 * -(-len(pictures) // 4)))
    for axis, picture, title in zip(axes.flat, pictures, titles, strict=True):
        axis.imshow(picture)
        axis.set_title(title)
        axis.set_axis_off()
    plt.show()


# %%
from minisora.pipeline.exploring import mix, push

one = world.render(world.sample(np.random.default_rng(3), kind="one"))
other = world.render(world.sample(np.random.default_rng(5), kind="one"))
first, second = pipe.encode(torch.stack([one, other]))
in_pixels = ((one.float() + other.float()) / 2).byte()
in_latents = pipe.decode(mix(first, second, 0.5)[None])[0]
panels(
    [each[8] for each in (one, in_pixels, in_latents, other)], ["one", "half, in pixels", "half, in latents", "other"]
)

# %% [markdown]
r"""
*Look for: brown. Half way between grey and black lies a third ground of this world.*

In pixels, half way is an average. In latents it is another place on the map, and the decoder draws whatever lies there; it has seen
four grounds, and draws one of them. So a small error in a latent need not be a small error in the picture. Keep that in mind
for the next lessons: the model that makes video will make its errors *here*.

Now move one channel after the other, by two standard deviations, everywhere:
"""


# %%
pushed = [pipe.decode(push(first, channel, 2.0)[None])[0, 8] for channel in range(8)]
panels(pushed, [f"channel {channel}" for channel in range(8)])

# %% [markdown]
r"""
*Look for: some turn the ground into another one (brown, navy), some cut stripes into the disc or add a rim, and most leave a fine grid.*

No channel means "red" or "star". Each of them does a bit of everything: this is no list of properties, it is a code. Walk in it
yourself: mix the two clips, push a channel, click a patch and follow it from pixels to latents and back.
"""

# %%
from minisora.widgets import LatentExplorer

explorer = LatentExplorer(pipe, seed=3)
explorer

# %% [markdown]
r"""
One more place on the map, and it is the reason for all the lessons that follow. If decoding gives a video, why not throw dice for
the latents, and decode those? They are standardised, so dice of mean 0 and spread 1 have the right size. **Predict**, then run.
"""

# %%
dice = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
panels(pipe.decode(dice)[0, [0, 5, 10, 15]], [f"frame {frame}" for frame in (0, 5, 10, 15)])

# %% [markdown]
r"""
*Look for: grounds and colours of this world, even bits of edges; and nowhere a thing.*

Nearly every set of 10,240 numbers is nonsense. The videos are a few islands in that sea, and finding the way from anywhere in the
sea to an island is what the next lesson is about.

## Break it

Three clips, three faults in the latents of our clip. In one, the **first** latent frame was replaced by dice. In one, the latents
were played **backwards**. In one, somebody forgot that the decoder wants latents that are **not** standardised. Which is which?
Write down three letters. And what do you expect "backwards" to look like, to the frame?
"""

# %%
diced = latents.clone()
diced[:, 0] = dice[:, 0]
with torch.no_grad():
    unscaled = autoencoder.decode_raw(latents).clamp(-1, 1)
faults = [pipe.decode(latents.flip(1))[0], ((unscaled[0] + 1) * 127.5).byte(), pipe.decode(diced)[0]]
show_clip(beside(*faults), scale=3, strip=False, label="A, B and C, from left to right")

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

- **A**: backwards. It goes back in jumps of four frames, and *within* each jump it goes forward: a latent frame holds four frames of
  motion, and nobody reversed those.
- **B**: not scaled back. It is pale, and the grid of places shows. In lesson 11 you will meet it again, and be glad that you know it.
- **C**: the first latent. Its frame is nonsense, and the groups after it are stained for a while, since a causal decoder looks
  back. The end of the clip is as good as new.
</details>

## Your turn 4 ★★★ (15 minutes, or at home)

You may spend **10,240 numbers** on a clip, and a linear squeeze is all you have. But how you spend them is up to you: frames in a
group (1, 2, 4, 8 or 16), pixels on a side of a patch (2, 4 or 8), and as many channels as that leaves. Our `(4, 4, 8)` is one
choice. Find one that is **at least 0.75 dB better**. Put your best number in the gallery of the class.
"""

# %% exercise="split" stars=3
my_split = (
    ### BEGIN SOLUTION
    (4, 8, 32)  # frames, side, channels
    ### END SOLUTION
)

my_split = check.split(my_split)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

`(1 + 16 / frames) · (64 / side)² · channels` may be 10,240 at most. Try the corners first: all of it in time, all of it in space.
A loop over all fifteen pairs, with the functions of this lesson, takes a minute.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
Patches must be large in space **and** in time: with a side of 8, groups of 4, 8 or 16 frames all pass, and groups of 2 do not. A
large patch has more channels, and may spend all of them on the one edge that runs through it, while its plain parts cost nothing.
All at once in space (1, 8, 9) or all at once in time (16, 2, 5) leaves too much of what is alike unused. A network looks at
neighbouring patches anyway, so it does not need large ones.
"""

# %% [markdown]
r"""
## What you have learnt

- A video is squeezed where neighbours are alike, in space **and** in time; both errors are one error: **blur** on one axis,
  **ghosts** on the other.
- The first frame is a group of its own, so `1 + 4k` frames become `1 + k` latent frames, and a picture is a short video.
- A **causal** layer looks back only; you can test it by changing one frame and seeing what moves.
- PSNR alone is not enough: edges, flicker, and the words that a grader still finds are the ceiling of all that follows.
- Latents are a code. Between two videos lies something else than their average, and nearly everywhere lies nonsense.

<details><summary>Three questions to check yourself</summary>

1. *Why not let the layers in time look ahead, too? It would surely be sharper.* It may be. But then no frame is ready before all are, a
   film cannot be made longer without its beginning being changed, and a first frame alone could not be encoded like that of a film.
2. *Two autoencoders have the same PSNR. In one, squares have round corners; in the other, the ground flickers. Which do you take?*
   Ask what it is for. The grader will fail the first (shapes), a viewer the second.
3. *Why do the latents get divided by their spread?* The noise of the next lesson has a spread of 1. Data of a spread of 5 would hardly
   be touched by it.
</details>

**Next:** the way from dice to video. To read on: *Video generation models as world simulators* (OpenAI, 2024), the section on the
video compression network, and *Language Model Beats Diffusion: Tokenizer is Key to Visual Generation* (Yu et al., 2023, arXiv
2310.05737), the part in which one causal network learns pictures and videos together.
"""
