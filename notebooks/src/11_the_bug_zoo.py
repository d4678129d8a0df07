# %% [markdown]
r"""
# 11 The bug zoo

In this lesson you meet eight faults that everybody who builds such a model makes sooner or later. You see what each one does, find
it in a few lines of code, and mend it; afterwards you can tell a fault by its look.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: less training, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

import minisora
from minisora.course.checks import lesson_11 as check
from minisora.widgets import show_clip

pipe = minisora.TextToVideoPipeline.from_pretrained(model)
world, autoencoder = pipe.world, pipe.autoencoder
prompt = "a large yellow star moving right and a small red circle moving up on a navy background"


def beside(*clips, gap=4):
    """Several clips as one, side by side on white."""
    white = [np.pad(np.asarray(c), ((0, 0), (0, 0), (0, gap), (0, 0)), constant_values=255) for c in clips]
    return np.concatenate(white, axis=2)[:, :, :-gap]


entrance = check.wall(pipe, prompt, seed=4)
show_clip(beside(*entrance.values()), scale=3, strip=False, label=f"A, B, C: {prompt}")

# %% [markdown]
r"""
*Look for: one of the three is healthy. In one, the network knows everything except which frame comes first. In one, a single line
between the network and the screen is wrong.* Write down your guess; by the end you can name the line.

| | |
|---|---|
| **Time** | 90 minutes; the cells themselves take less than half a minute on 2 processor cores, and 0.5 GB of memory |
| **Needs** | lessons 02 to 06 (you will read short pieces of all of them). No GPU, no internet |
| **Afterwards you can** | go from a sick clip to the three lines that may have caused it · find the one number that proves a suspicion · tell a loss that is good from one that is too good · write checks that would have found the fault |
"""

# %%
from itertools import pairwise

from matplotlib import pyplot as plt

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## House rules

Bugs in this trade seldom stop the program. Every function below runs, gives the right shape and no warning. What is wrong is what
comes out, often far away from the line that did it. So every cage has the same four parts:

1. **the symptom**, a clip or a number; make your guess before you read on;
2. **the listing**, a few lines that were really used to make it: the fault is in there;
3. **your turn**: write the function anew, mended (copying the listing is fine), and let the check judge it;
4. **the proof**: the same clip or number with your function.

Most clips are painted by the shipped model, with one piece of it handed in from here. The first clip's **layout**, the plan of
where everything is, stays the same for all, so that nothing but the piece can differ.
"""

# %% tags=["hide-input"]
from minisora.diffusion.flow import shift_times
from minisora.world.layout_code import layout_groups

healthy = pipe(prompt, seed=4)
plan = layout_groups(healthy.layout)  # (1, 5, 4, numbers of a thing)
words, no_words, fps = pipe.states([prompt]), pipe.states([""]), torch.full((1,), 8.0)


def panels(named, frames=(0, 5, 10, 16)):
    """Some frames of each clip, a row for each."""
    _, axes = plt.subplots(len(named), len(frames), figsize=(8, 2 * len(named)), squeeze=False)
    for row, (name, clip) in zip(axes, named.items(), strict=True):
        for axis, frame in zip(row, frames, strict=True):
            axis.imshow(clip[frame])
            axis.set(xticks=[], yticks=[], title=f"frame {frame}")
            axis.spines[:].set_visible(False)
        row[0].set_ylabel(name)
    plt.show()


# %%
@torch.inference_mode()
def paint(step, guide=None, scale=1.0, layout=plan):
    """Latents (1, 5, 16, 16, 8) from noise, in eight steps of the shipped network."""
    noisy = torch.randn(1, 5, 16, 16, 8, generator=torch.Generator().manual_seed(4))
    for now, after in pairwise(shift_times(torch.linspace(1, 0, 9), 3.0)):
        time = now.expand(1, 5)
        clean = pipe.network(noisy, time, words, fps, layout)
        if guide is not None:
            clean = guide(clean, pipe.network(noisy, time, no_words, fps, layout), scale)
        noisy = step(noisy, clean, now, after)
    return noisy


# %% [markdown]
r"""
## Cage 1: the storm

**The symptom.** The model was trained for a night, and the loss is fine. This is what it draws. Healthy latents have a spread
of about 1.
"""


# %%
def sick_step(noisy, clean, now, after):
    """From time `now` to `after`, which is earlier; the network guesses the clean latents."""
    velocity = (noisy - clean) / now
    return noisy + (now - after) * velocity


# %%
stormy = paint(sick_step)
print(f"spread of the latents: {stormy.std():.2f}")
panels({"storm": pipe.decode(stormy)[0], "healthy": healthy.frames[0]})

# %% [markdown]
r"""
*Look for: dark holes in the storm, where the star is. The network knows it well, and is not listened to.*

**The listing** is the function above the picture. At time 1 there is noise, and the way goes to 0.

## Your turn 1 ★ (3 minutes)
"""


# %% exercise="step" stars=1
def step(noisy, clean, now, after):
    """From time `now` to `after`, which is earlier; the network guesses the clean latents."""
    ### BEGIN SOLUTION
    velocity = (noisy - clean) / now
    return noisy + (after - now) * velocity
    ### END SOLUTION


step = check.step(step)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

The velocity points from clean to noise. You want to go the other way. Put numbers in: noisy 3, clean 1, from time 0.8 to 0.4. Where
should you end, and where does the listing take you?
</details>
"""

# %%
latents = paint(step)
print(f"spread of the latents: {latents.std():.2f}")
show_clip(pipe.decode(latents), strip=False, scale=3, label="with your step")

# %% [markdown]
r"""
**How you would have found it without the listing:** print the spread of the latents after *each* step. It should come down to that
of the data. If it grows, you are walking the wrong way.

## Cage 2: the perfect round trip

**The symptom.** The network wants latents of mean 0 and spread 1, so they are measured once and standardised from then on. Here is
the test that somebody wrote for it, and it passes: there and back, nothing is lost.
"""

# %%
rng = np.random.default_rng(0)
clips = torch.stack([world.render(world.sample(rng)) for _ in range(8)]).float() / 127.5 - 1
with torch.no_grad():
    raw = autoencoder.encode_distribution(clips)[0].flatten(0, 3)  # (n, 8), as the encoder gives them


# %%
def sick_measure(latents):
    """Mean and spread of every channel."""
    mean = latents.mean(0)
    away = latents - mean
    return mean, (away * away).mean(0)


# %%
mean, spread = sick_measure(raw)
there = (raw - mean) / spread
torch.testing.assert_close(there * spread + mean, raw)

# %% [markdown]
r"""
And this is a clip, healthy latents brought back with these two numbers. **Before you run it**: how can a round trip be perfect, and
the clip not?
"""


# %%
def shown(raw_latents):
    with torch.no_grad():
        return ((autoencoder.decode_raw(raw_latents)[0].clamp(-1, 1) + 1) * 127.5).round().byte()


print("spread of the standardised latents:", [round(value, 2) for value in there.std(0).tolist()])
panels({"glare": shown(latents * spread + mean), "healthy": healthy.frames[0]}, frames=(4, 5, 6, 8))

# %% [markdown]
r"""
*Look for: everything is right, and too much. Glaring colours, hard thick edges. Frames 5 and 6, at the beginning of a group of four,
are worse than 4 and 8, which end one. At the entrance it flickers for that reason.*

A round trip undoes whatever it did, right or wrong. The number that matters is the one *in the middle*: the spread of the
standardised latents should be 1. Here it is about 0.2, so a network that is trained on them sees data five times fainter than its
noise.

## Your turn 2 ★ (3 minutes)
"""


# %% exercise="measure" stars=1
def measure(latents):
    """(n, c) → mean and spread of every channel, each (c,)."""
    ### BEGIN SOLUTION
    return latents.mean(0), latents.std(0)
    ### END SOLUTION


measure = check.measure(measure)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

If the latents were metres, what would be the unit of `(away * away).mean(0)`? Can one divide metres by that and get a plain number?
</details>
"""

# %%
mean, spread = measure(raw)
print("spread of the standardised latents:", [round(value, 2) for value in ((raw - mean) / spread).std(0).tolist()])
panels({"mended": shown(latents * spread + mean)}, frames=(4, 5, 6, 8))

# %% [markdown]
r"""
## Cage 3: fog

**The symptom.** Now one has to know that there is a star in order to see it.
"""


# %%
def sick_to_pixels(latents, autoencoder):
    """Standardised latents → uint8. `decode_raw` is the decoder as it was trained."""
    video = autoencoder.decode_raw(latents)
    return ((video.clamp(-1, 1) + 1) * 127.5).round().byte()


# %%
with torch.no_grad():
    foggy = sick_to_pixels(latents, autoencoder)[0]
for name, clip in (("fog", foggy), ("healthy", healthy.frames[0])):
    print(f"{name:8} mean distance from mid-grey: {(clip.float() - 127.5).abs().mean():.0f} of 255")
panels({"fog": foggy})

# %% [markdown]
r"""
*Look for: a grid of four pixels, the patches of the decoder, and shadows where the things are.*

The decoder was trained with latents of a spread of about 5 and gets some of a spread of 1. All of it is there, one fifth as loud.

## Your turn 3 ★ (3 minutes)

The autoencoder carries `latent_mean` and `latent_std`.
"""


# %% exercise="to_pixels" stars=1
def to_pixels(latents, autoencoder):
    """Standardised latents (b, z, lh, lw, c) → uint8."""
    ### BEGIN SOLUTION
    video = autoencoder.decode_raw(latents * autoencoder.latent_std + autoencoder.latent_mean)
    return ((video.clamp(-1, 1) + 1) * 127.5).round().byte()
    ### END SOLUTION


to_pixels = check.to_pixels(to_pixels)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Encoding took the mean away and divided by the spread, in this order. Undo both, the last one first.
</details>
"""

# %%
with torch.no_grad():
    clear = to_pixels(latents, autoencoder)[0]
print("the same as the package's, byte for byte:", torch.equal(clear, pipe.decode(latents)[0]))

# %% [markdown]
r"""
**Cages 2 and 3 are relatives.** Fog is too little scale, glare is too much. Whenever colours are pale or glaring and everything
else is right, look at what stands between the network and the decoder, and print a spread on both sides of it.

## Cage 4: the flight

**The symptom.** A small model, three words, points in the plane: each word has a place. It learns well, and its samples are good.
Then you turn guidance on, and the points leave.
"""

# %% tags=["hide-input"]
from torch import nn

places, steps = torch.tensor([[-1.2, -0.7], [1.2, -0.7], [0.0, 1.4]]), 60 if fast else 500


class Network(nn.Module):
    """Guesses the velocity of a point from its place, the time and a word."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(4, 16)
        self.layers = nn.Sequential(nn.Linear(19, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))

    def forward(self, noisy, time, word):
        return self.layers(torch.cat([noisy, time, self.words(word)], dim=1))


# %% tags=["hide-input"]
def train(words_for):
    torch.manual_seed(0)
    network = Network()
    optimizer = torch.optim.AdamW(network.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        words = torch.randint(3, (512,))
        clean, noise, time = places[words] + 0.7 * torch.randn(512, 2), torch.randn(512, 2), torch.rand(512, 1)
        guess = network((1 - time) * clean + time * noise, time, words_for(words, 0.15, torch.rand(512)))
        loss = (guess - (noise - clean)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return network


# %%
from minisora.course.checks.lesson_11 import NOTHING  # 3, the number of the empty sentence


def sick_words(words, share, draws):
    """The words that a step of training says; a share of them is left out, so that guidance has a "without"."""
    said = words.clone()
    torch.where(draws < share, NOTHING, said)
    return said


# %% tags=["hide-input"]
@torch.no_grad()
def draw(network, scale, count=300):
    words, points = torch.arange(3).repeat_interleave(count), torch.randn(3 * count, 2)
    for now, after in pairwise(torch.linspace(1, 0, 21)):
        time = now.expand(len(points), 1)
        with_words, without = network(points, time, words), network(points, time, torch.full_like(words, NOTHING))
        points = points + (after - now) * (without + scale * (with_words - without))
    return points.view(3, count, 2)


def clouds(network, title):
    _, axes = plt.subplots(1, 2, figsize=(7, 3.2))
    for axis, scale in zip(axes, (1.0, 3.0), strict=True):
        for points, tone in zip(draw(network, scale), ("#1E64EB", "#3C3C43", "#B9B9BE"), strict=True):
            axis.scatter(*points.T, s=2, color=tone)
        axis.scatter(*places.T, s=60, marker="+", color="black")
        axis.set(xlim=(-10, 10), ylim=(-10, 10), title=f"{title}, guidance {scale:g}", xticks=[], yticks=[])
    plt.show()


# %%
sick_network = train(sick_words)
clouds(sick_network, "sick")

# %% [markdown]
r"""
*Look for: three clouds around their crosses at guidance 1, one tone each. At 3 they should move apart a little; these are thrown out.*

Guidance asks the network twice, with the words and with the **empty sentence**, and goes on in the direction from one to the
other. Both answers must be good. So in training a share of the captions is replaced by the empty one: **null captions**. The listing
is `sick_words`.

## Your turn 4 ★ (3 minutes)
"""


# %% exercise="words_for" stars=1
def words_for(words, share, draws):
    """The words that a step of training says: NOTHING where the draw (0 to 1) is below the share."""
    ### BEGIN SOLUTION
    return torch.where(draws < share, NOTHING, words)
    ### END SOLUTION


words_for = check.words_for(words_for)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

What does `torch.where` do with its answer? Does it write it into one of the things it was given?
</details>
"""

# %%
clouds(train(words_for), "mended")

# %% [markdown]
r"""
*Look for: at 3 the clouds are smaller and lie a little further out, away from what they have in common. That is what guidance is for.*

**How you would have found it:** ask the trained network for the *empty* sentence alone and look at the samples. They should look
like all of the data mixed. Or count, over a hundred batches, how often the empty sentence was said: it was 0 times.

## Cage 5: the average that was none

**The symptom.** Late in training the weights tremble around a good place. An **exponential moving average** (EMA) of them is calmer
and better. Here it was kept all the way, and it has made no difference at all: not a small one, *none*.
"""

# %% tags=["hide-input"]
from torch.func import functional_call


class Ring(nn.Module):
    """Guesses the velocity of points whose data are a ring of radius 1.2."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU(), nn.Linear(96, 2))

    def forward(self, noisy, time):
        return self.layers(torch.cat([noisy, time], dim=1))


# %% tags=["hide-input"]
@torch.no_grad()
def off_the_ring(network, weights):
    """How far samples are from the ring, with these weights."""
    points = torch.randn(400, 2, generator=torch.Generator().manual_seed(0))
    for now, after in pairwise(torch.linspace(1, 0, 16)):
        points = points + (after - now) * functional_call(network, weights, (points, now.expand(400, 1)))
    return (points.norm(dim=1) - 1.2).abs().mean().item()


# %%
def sick_start(weights):
    """Begin a running average of the weights, a dict of tensors by name."""
    return dict(weights)


# %%
@torch.no_grad()
def update(average, weights, decay=0.98):
    """One step of the average: 98 % of it stays, 2 % comes from the weights."""
    for name, weight in weights.items():
        average[name].lerp_(weight, 1 - decay)


# %%
def trained_with(start_average, steps):
    torch.manual_seed(0)
    network, seen = Ring(), []
    weights, optimizer = dict(network.named_parameters()), torch.optim.AdamW(network.parameters(), lr=1e-2)
    average = start_average(weights)
    for number in range(1, steps + 1):
        angle, noise, time = 2 * torch.pi * torch.rand(64), torch.randn(64, 2), torch.rand(64, 1)
        clean = 1.2 * torch.stack([angle.cos(), angle.sin()], dim=1)
        loss = (network((1 - time) * clean + time * noise, time) - (noise - clean)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        update(average, weights)
        if number > steps // 3 and number % (steps // 30) == 0:
            seen.append((number, off_the_ring(network, weights), off_the_ring(network, average)))
    return list(zip(*seen, strict=True)), max((average[n] - weights[n]).abs().max().item() for n in weights)


# %% tags=["hide-input"]
def curves(start_average, title):
    (number, raw_error, average_error), apart = trained_with(start_average, 90 if fast else 1200)
    print(f"largest difference between a weight and its average: {apart:.4g}")
    _, axis = plt.subplots(figsize=(6.4, 2.8))
    axis.plot(number, raw_error, color="#8A8A90", linewidth=1, label="the weights themselves")
    axis.plot(number, average_error, label="their average", linestyle="--" if apart == 0 else "-")
    axis.set(xlabel="step", ylabel="distance from the ring", ylim=(0, None), title=title)
    axis.legend()
    plt.show()


# %%
curves(sick_start, "sick")

# %% [markdown]
r"""
*Look for: the two curves lie on each other, and the number above them is exactly 0. The average of things that change is never
exactly the last of them.*

## Your turn 5 ★★ (5 minutes)

`update` is right. Look at what it is given.
"""


# %% exercise="start_average" stars=2
def start_average(weights):
    """Begin a running average: a dict of tensors by name, with the values that the weights have now."""
    ### BEGIN SOLUTION
    return {name: weight.detach().clone() for name, weight in weights.items()}
    ### END SOLUTION


start_average = check.start_average(start_average)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

`dict(weights)` makes a new dict. Does it make new tensors? Try `a = torch.ones(1); b = dict(x=a); a += 1; print(b)`.
</details>

<details><summary>Hint 2</summary>

What `lerp_` does to a tensor when both of its ends are the same tensor, you can work out in your head.
</details>
"""

# %%
curves(start_average, "mended")

# %% [markdown]
r"""
*Look for: the blue line is calmer, and nearly always below the grey one.* The gap is the whole gift of EMA: nothing was trained
longer, and nothing was trained differently.

## Cage 6: time stands still

**The symptom.** You have seen it at the entrance. The things are right, the colours, the sizes. Only: "moving right" stays where it
is, and so does "moving up".
"""


# %%
def sick_rotary(coordinates, pairs, base):
    """By how much each pair of channels is turned at each place; frames, rows and columns each get their own share."""
    shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
    parts = []
    for coordinate, count in zip(coordinates, pairs, strict=True):
        steps = torch.arange(count, device=coordinate.device, dtype=coordinate.dtype)
        speed = base ** (-steps / count)
        parts.append((coordinates[-1][..., None] * speed).expand(*shape, count))
    return torch.cat(parts, dim=-1)


# %%
from unittest.mock import patch


def pipe_with(rotary):
    """The whole model, every layer of it, with another way to say where a token stands."""
    with patch("minisora.models.transformer.rotary_angles", rotary):
        return pipe(prompt, seed=4)


# %%
frozen = pipe_with(sick_rotary)
for verdict in frozen.grades[0].wrong:
    print(verdict)
show_clip(beside(healthy.frames[0], frozen.frames[0]), strip=False, scale=3, label="healthy, and with sick_rotary")

# %% [markdown]
r"""
*Look for: the star flies on the left and stands on the right.* The grader says it in words, above.

Why does it stand? A layout is drawn first: rows that are in a frame, but at no place in it, so their column is 0. If the angle comes
from the *column* alone, all frames look like the same one to every attention layer. Who cannot tell before from after can draw no
motion.

## Your turn 6 ★★ (5 minutes)

Three axes, three shares of the channels. Which axis turns which share?
"""


# %% exercise="rotary_angles" stars=2 package="minisora.models.layers"
def rotary_angles(coordinates, pairs, base):
    """(frames, rows, columns), how many pairs each of them turns, and how slow the slowest is → (…, sum(pairs))."""
    ### BEGIN SOLUTION
    shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
    parts = []
    for coordinate, count in zip(coordinates, pairs, strict=True):
        steps = torch.arange(count, device=coordinate.device, dtype=coordinate.dtype)
        speed = base ** (-steps / count)
        parts.append((coordinate[..., None] * speed).expand(*shape, count))
    return torch.cat(parts, dim=-1)
    ### END SOLUTION


rotary_angles = check.rotary_angles(rotary_angles)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Read the loop as if you were the computer, with frame 5, row 2, column 7. Which of these three numbers do you meet on your way?
</details>
"""

# %%
moving = pipe_with(rotary_angles)
print("the same clip as the healthy one:", torch.equal(moving.frames, healthy.frames))

# %% [markdown]
r"""
**How you would have found it:** all words pass but those of motion, so it is about time. Then one question to the function itself: two
places that differ in nothing but the frame must get different angles.

## Cage 7: too good to be true

**The symptom.** A network sees two frames of a moving dot and guesses the third. Two versions were trained, and this is their loss.
**Which one would you ship?**
"""

# %% tags=["hide-input"]


def moving_dots(count):
    """(count, 8 frames, 8, 8): a dot that moves left, right, up or down."""
    start, way = torch.randint(8, (count, 1, 2)), torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1]])
    place = start + way[torch.randint(4, (count, 1))] * torch.arange(8)[:, None]
    near = torch.exp(-((torch.arange(8) - place[..., None] + 4) % 8 - 4).float().square())
    return near[:, :, 0, :, None] * near[:, :, 1, None, :]


# %% tags=["hide-input"]
def trained_on(windows, steps=60 if fast else 400):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(128, 256), nn.ReLU(), nn.Linear(256, 64), nn.Unflatten(1, (8, 8)))
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(steps):
        seen, following = windows(moving_dots(32))
        loss = (network(seen) - following).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network, loss.item()


# %%
def sick_windows(clips):
    """(b, 8, 8, 8) → seen (6b, 2, 8, 8) and following (6b, 8, 8): two frames, and the one that comes after them."""
    seen = torch.stack([clips[:, i - 1 : i + 1] for i in range(2, clips.shape[1])], dim=1)  # (b, 6, 2, 8, 8)
    return seen.flatten(0, 1), clips[:, 2:].flatten(0, 1)


# %%
sick_guesser, sick_loss = trained_on(sick_windows)
_, other_loss = trained_on(check.windows.instead)
print(f"the one: {sick_loss:.6f}     the other: {other_loss:.6f}")

# %% [markdown]
r"""
Now let the first one make a film: two frames are given, and what it guesses is what it sees next.
"""


# %%
@torch.no_grad()
def film(network, clips):
    frames = [clips[:, 0], clips[:, 1]]
    while len(frames) < 8:
        frames.append(network(torch.stack(frames[-2:], dim=1)))
    return torch.stack(frames, dim=1)  # (b, 8, 8, 8)


# %% tags=["hide-input"]
def enlarged(clip):
    grey = (clip.clamp(0, 1) * 255).byte().repeat_interleave(6, 1).repeat_interleave(6, 2)
    return grey[..., None].expand(-1, -1, -1, 3).numpy()


# %%
torch.manual_seed(1)
truth = moving_dots(100)
sick_film = film(sick_guesser, truth)
print(f"error of its film: {(sick_film - truth)[:, 2:].square().mean():.4f}")
show_clip(beside(enlarged(truth[0]), enlarged(sick_film[0])), strip=False, label="the truth, and its film")

# %% [markdown]
r"""
*Look for: the dot makes one step, which was given, and then stands still for ever.*

With the lower loss it makes the worse film, by far. It has learned to *copy*, since in training the answer was among what it saw. A
leaked future shows in this way: **the loss is far better than you hoped, and the result far worse.** When that happens, do not be
happy, be suspicious.

## Your turn 7 ★ (5 minutes)
"""


# %% exercise="windows" stars=1
def windows(clips):
    """(b, f, h, w) → seen ((f - 2)·b, 2, h, w) and following ((f - 2)·b, h, w): two frames, and the next one."""
    ### BEGIN SOLUTION
    seen = torch.stack([clips[:, i - 2 : i] for i in range(2, clips.shape[1])], dim=1)
    return seen.flatten(0, 1), clips[:, 2:].flatten(0, 1)
    ### END SOLUTION


windows = check.windows(windows)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

For `i = 2` the frame to be guessed is frame 2. Which frames does `clips[:, i - 1 : i + 1]` hold? A slice ends *before* its second
number.
</details>
"""

# %%
guesser, loss = trained_on(windows)
good_film = film(guesser, truth)
print(f"loss {loss:.6f}, error of its film: {(good_film - truth)[:, 2:].square().mean():.4f}")
show_clip(beside(enlarged(truth[0]), enlarged(good_film[0])), strip=False, label="the truth, and the mended one's film")

# %% [markdown]
r"""
**How you would have found it:** replace the frames that should be hidden by noise, and see whether the answer changes. It must not.
In lesson 02 you did that to the autoencoder: change one late frame, see what moves.

## Cage 8: burnt

**The symptom.** The same model, without a layout this time, so that the words alone decide. Guidance was set to 5, a usual
number.
"""


# %%
def sick_guide(with_words, without, scale):
    """Go from the guess without words through the one with words, and `scale` times as far."""
    direction = scale * (with_words - without)
    return without + scale * direction


# %%
burnt = paint(step, sick_guide, scale=5.0, layout=None)
print(f"spread of the latents: {burnt.std():.2f}")
panels({"burnt": pipe.decode(burnt)[0]})

# %% [markdown]
r"""
*Look for: colours that are in no table of this world, and hard, torn edges. Compare it with cage 1: it is no storm. It has large
shapes, since it believes too much, not too little.*

## Your turn 8 ★ (3 minutes)
"""


# %% exercise="guide" stars=1
def guide(with_words, without, scale):
    """At a scale of 1 the guess with words, at 0 the one without, at 5 far beyond the first."""
    ### BEGIN SOLUTION
    return without + scale * (with_words - without)
    ### END SOLUTION


guide = check.guide(guide)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Guesses are numbers: with words 2, without 1. At a scale of 3 you should come to 4. Where does the listing come to?
</details>
"""

# %%
guided = paint(step, guide, scale=5.0, layout=None)
print(f"spread of the latents: {guided.std():.2f}")
show_clip(pipe.decode(guided), strip=False, scale=3, label="guidance 5, once")

# %% [markdown]
r"""
The nasty thing about this one is that it hides: at a scale of 1 it is invisible, and $1.5^2$ is a scale that works as well. It
often arises between two people. One puts the scale into the network ("folded in"), the other into the sampler.

## The field guide

| what you see | suspect first | the number that proves it |
|---|---|---|
| a storm | the **sign** of a step, or time the wrong way round | the spread of the latents grows from step to step |
| glaring, thick edges | **variance** in place of the deviation | spread of the standardised latents is not 1 |
| fog, a grid of patches | latents not **scaled back** | the spread before the decoder |
| good until guidance is on | no **null captions** in training | samples for the empty sentence |
| worse than it should be, restless | an **EMA** that is none, or was not loaded | the difference between average and weights is exactly 0 |
| right things, wrong motion | a **rotary** axis | angles of two places that differ in the frame only |
| a loss too good, a film that stands still | a **leak** | hide the future: does the answer change? |
| burnt colours, torn shapes | **guidance** twice | results at a scale of 1 are fine, and at 3 look like 9 |

Now go back to the entrance. Which of A to C has which illness?

<details><summary>The entrance</summary>

A glares (cage 2), B stands still (cage 6), and C is healthy.
</details>

## Your turn 9 ★★★ (20 minutes, or at home)

Five machines, `check.patients["A"]` to `["E"]`, each a whole sampler. You get no listings and no pictures. You may hand in whatever
you like and look at what comes out:

`patient(network, noise, times, scale, mean, spread)`, where `network(noisy, time, has_words)` is any function of yours that guesses
what is clean, `times` falls from 1 to 0, and the result is on the raw scale, so a clean 0 should come out as `mean`.

Each has one of the illnesses in `check.ILLNESSES`, or none, and no two have the same. Find out which. Here is a first question.
"""

# %%
for letter, patient in check.patients.items():
    answer = patient(lambda noisy, time, has_words: torch.ones(1), torch.zeros(1), [1, 0.5, 0], 1.0, 0.0, 1.0)
    print(letter, answer.item())

# %% [markdown]
r"""
All five give 1, as they should. So this question was no good: it had a scale of 1, a mean of 0, a spread of 1, and a network that
does not care about words. A good test has numbers that are different from each other and from 0 and 1.
"""

# %% exercise="diagnosis" stars=3
my_diagnosis = (
    ### BEGIN SOLUTION
    {"A": "variance", "B": "healthy", "C": "no null caption", "D": "guidance twice", "E": "unscaled"}
    ### END SOLUTION
)

my_diagnosis = check.diagnosis(my_diagnosis)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Let the network say 3 with words and 1 without, and take a scale of 2, a mean of 10 and a spread of 5. Work out what a healthy machine
must give. Then work out what each illness would give; they are all different.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
With those numbers the guided guess is 1 + 2 · (3 - 1) = 5, and healthy is 5 · 5 + 10 = 35 (B). With the variance it is 5 · 25 + 10 =
135 (A). Without a null caption both guesses are 3, so 3 · 5 + 10 = 25 (C). Guidance twice is 1 + 4 · 2 = 9, so 55 (D). Unscaled is 5
(E).
"""

# %% [markdown]
r"""
## What you have learnt

- Faults of this trade run, have the right shapes and give no warning. Only what comes out tells.
- Each has a look; from the look you get suspects, and a **number** convicts one of them.
- A round trip proves nothing about the middle; a low loss proves nothing about what was hidden.
- "Exactly 0" and "far better than hoped" are symptoms, too.
- A test with the numbers 0 and 1 finds little: take numbers that differ from each other.

<details><summary>Three questions to check yourself</summary>

1. *Your samples are pale. Name two suspects, and the number that tells them apart.* Latents that were not scaled back, or standardised
   ones of a wrong spread in training. Print the spread of the encoder's standardised latents: if it is 1, it is the way back.
2. *You mend a fault, and the loss gets worse. Is that good news?* It may be: if there was a leak, the old loss was not honest. Compare
   what comes out.
3. *Which of the eight would a test with shapes have found?* None.
</details>

**Next:** models that do what they should, and people who want them to do something else: lesson 12. To read on: *A Recipe for Training
Neural Networks* (Andrej Karpathy, 2019), the part on trainings that fail silently.
"""
