# %% [markdown]
r"""
# 01 A world with words

In this lesson you draw a star from nothing but distances, set it in motion, say in a sentence what it does, and let a program
check every word of that sentence.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: fewer scenes, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

from minisora import SHAPES
from minisora.widgets import show_clip


def side_by_side(clips, columns):
    """Clips of one size as one film, with a light line between them."""
    framed = [torch.nn.functional.pad(clip, (0, 0, 0, 2, 0, 2), value=225) for clip in clips]
    rows = [torch.cat(framed[k : k + columns], dim=2) for k in range(0, len(framed), columns)]
    return torch.cat(rows, dim=1)[:, :-2, :-2]


rng = np.random.default_rng(8)
kinds = ["one", "relation", "wall", "two", "camera", "leaving", "collision", "three"]
shown = [SHAPES.render(SHAPES.sample(rng, kind=kind)) for kind in kinds]
show_clip(side_by_side(shown, 4), scale=3, strip=False, label="eight scenes that code thought of and drew")

# %% [markdown]
r"""
*Look for: figures that bounce, hide behind a wall, leave and come back, hit each other, and a camera that moves. No picture was
ever taken of any of this, and no network has drawn it.*

| | |
|---|---|
| **Time** | 75 minutes; the cells themselves take less than a minute on 2 processor cores, and 600 MB of memory |
| **Needs** | lesson 00; a little Python with NumPy or PyTorch. No GPU, no internet |
| **Afterwards you can** | draw any figure from a distance, with soft edges · write a motion as a function of time and read one off an x-t slice · turn a scene into sentences and a sentence into a request · say what a grade proves, what it does not, and why it needs a ceiling |
"""

# %%
import math

from matplotlib import pyplot as plt

import minisora
from minisora.course.checks import lesson_01 as check

plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

Why build a world at all? Because a model that learns from films can be judged only by eye. A model that learns from a world that
*we* made can be judged word by word: we know what was in every scene.

Drag a figure, choose other words, press *Generate*. The first video is the truth, drawn by code. The second is what the model of
lesson 00 makes of the same sentence.
"""

# %%
from minisora.widgets import SceneBuilder

SceneBuilder(minisora.TextToVideoPipeline.from_pretrained(model), seed=5)

# %% [markdown]
r"""
*Look for: one scene, two videos. The model has read the sentence only, so it must invent the places that no word tells.*

## A scene is plain data

Behind the true video there is no picture, only a few names and numbers. Here is such a scene, written by hand.
"""

# %%
from minisora.world import Actor, Scene

star_actor = Actor(
    shape="star", colour="yellow", size="large", motion="bouncing", speed="quickly",
    radius=0.18, rate=0.34, start=(0.05, 0.1), heading=-0.7,
)  # fmt: skip
scene = Scene(background="navy", actors=(star_actor,))

# %% [markdown]
r"""
The units are the same everywhere in minisora: the **shorter side of the frame is 1**, the origin is the middle, *y* points down,
time is in seconds and angles are in radians. So this star has a radius of 0.18 frame widths, and goes 0.34 frame widths a second.

## Predict

Look at the two numbers of `start`, at `radius` and at `rate`. You want the same scene with four times as many pixels, and at 32
instead of 8 frames a second. **Which of these numbers must be changed?** Write it down, then run the cell.
"""

# %%
sizes = [8, 16, 32, 128]
moments = [SHAPES.render(scene, num_frames=1, height=side, width=side, start=1.0)[0] for side in sizes]

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for axis, side, moment in zip(axes, sizes, moments, strict=True):
    axis.imshow(moment)
    axis.set_title(f"{side} × {side}")
    axis.axis("off")
plt.show()

# %% [markdown]
r"""
*Look for: the same moment, one second into the scene, four times.* None of the numbers changed. A scene has no pixels, no length and
no frame rate; these belong to the drawing. So one scene serves a thumbnail, a film and a test.

## Drawing from distances, by hand

How does a list of numbers become a picture? One question does it all: **how far is this place from the edge?** Negative means
inside. Such a function is called a **signed distance**.

Take a circle of radius 1 on a grid of 8 × 8 pixels, with a pixel half as wide as the radius. The middles of the pixels are at
-1.75, -1.25, … 1.75. The pixel at (0.75, 0.75) is $\sqrt{0.75^2 + 0.75^2} - 1 \approx 0.06$ radii outside.
"""

# %%
middles = (torch.arange(8) + 0.5 - 4) * 0.5  # -1.75 … 1.75, in radii
x, y = middles[None, :], middles[:, None]  # (1, 8) and (8, 1): together they stretch to (8, 8)
distance = torch.hypot(x, y) - 1
print(f"at (0.75, 0.75): {distance[5, 5]:.2f} radii")


# %% tags=["hide-input"]
def numbers(axis, values, title, colours, limits):
    axis.imshow(values, cmap=colours, vmin=limits[0], vmax=limits[1])
    for row in range(8):
        for column in range(8):
            value = values[row, column].item()
            dark = "white" if axis.images[0].norm(value) > 0.6 else "#3C3C43"
            axis.text(
                column, row, f"{value:.1f}".replace("-0.0", "0.0"), ha="center", va="center", fontsize=7, color=dark
            )
    axis.add_patch(plt.Circle((3.5, 3.5), 2, fill=False, color="#1E64EB", linewidth=1.5))
    axis.set_title(title)
    axis.axis("off")


figure, axes = plt.subplots(1, 2, figsize=(7.4, 3.7))
numbers(axes[0], distance, "distance, in radii", "Greys", (-1, 3.5))
numbers(axes[1], (distance < 0).float(), "inside or not", "Greys", (0, 1))
plt.show()

# %% [markdown]
r"""
*Look for: the blue circle is the true edge. On the left the numbers change their sign where it runs; on the right a pixel is in or
out, and the circle has become a clumsy cross.*

| | equation | code |
|---|---|---|
| place, in radii from the middle | $x, y$ | `x`, `y` |
| signed distance of a circle | $d = \sqrt{x^2 + y^2} - 1$ | `torch.hypot(x, y) - 1` |

This is all that minisora has to say about a circle:
"""


# %% package="minisora.world.shapes"
def circle(x, y):
    return torch.hypot(x, y) - 1


# %% [markdown]
r"""
## Soft edges

In or out is too coarse: an edge runs *through* a pixel, and then the pixel should be a mixture. The distance tells how much of it.
Measure the distance in **pixels**. At 0 the edge halves the pixel. Half a pixel inside, the pixel is full; half a pixel outside,
it is empty. Between the two it is a straight ramp.

## Your turn 1 ★ (5 minutes)

Write that ramp. It takes distances in pixels, negative inside, and gives for each the share of the pixel that is filled.
"""


# %% exercise="cover" stars=1
def cover(distance):
    """How much of each pixel is filled, from 0 to 1, given its distance from the edge in pixels."""
    ### BEGIN SOLUTION
    return (0.5 - distance).clamp(0, 1)
    ### END SOLUTION


cover = check.cover(cover)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Three values to begin with: at -0.5 it is 1, at 0 it is 0.5, at 0.5 it is 0. Which straight line goes through them?
</details>

<details><summary>Hint 2</summary>

Far inside the line goes on to 7 or 30, and far outside below 0. `.clamp(low, high)` keeps a tensor between two numbers.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
It is exact where the edge is straight and parallel to the pixels, and a little off elsewhere, as you will see in the next cell. The
renderer uses this very line.
"""

# %% [markdown]
r"""
The true circle has a radius of two pixels, so its area is $\pi \cdot 2^2 \approx 12.57$ pixels. **Predict**: how much ink is there
in the hard drawing, and how much in the soft one?
"""

# %%
hard, soft = (distance < 0).float(), cover(distance * 2)  # a radius is two pixels
print(f"ink: hard {hard.sum():.2f}, soft {soft.sum():.2f}, true area {4 * math.pi:.2f}")

# %% [markdown]
r"""
Close, but is it worth the trouble? Slide the circle to the right, a twentieth of a pixel at a time, and ask each drawing where its
ink is on average.
"""


# %%
def where(ink):
    """The middle of the ink, in pixels from the left."""
    return ((ink.sum(0) * torch.arange(8)).sum() / ink.sum()).item()


slides = torch.arange(0, 2.01, 0.05)
moved = [circle(x - slide / 2, y) for slide in slides]
found_hard = [where((d < 0).float()) - 3.5 for d in moved]
found_soft = [where(cover(d * 2)) - 3.5 for d in moved]

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), width_ratios=[1, 1.5])
numbers(axes[0], soft, "soft: share of the pixel", "Greys", (0, 1))
axes[1].plot(slides, found_hard, color="#8A8A90", drawstyle="steps-post")
axes[1].plot(slides, found_soft)
axes[1].text(0.95, 0.3, "hard", color="#5A5A60")
axes[1].text(0.5, 0.72, "soft", color="#1E64EB", ha="right")
axes[1].set(xlabel="where the circle is, pixels", ylabel="where its ink is, pixels")
plt.show()

# %% [markdown]
r"""
*Look for: the hard drawing stands still and jumps; the soft one follows.* Something that moves *slowly* in this world gets less than
one pixel further from frame to frame. With hard edges, "slowly" would be "stop and go", and from one frame to the next, a step
of 0.7 pixels would look like one of 0.9.

## A star

A star has no equation like that of a circle, but it has ten straight sides. Its distance is the distance to the **nearest side**. And
the sign? Send a ray to the right and count the sides that it crosses: an odd number means that you started inside.

Read the function slowly; it is the package's own. `along` says how far along a side the nearest point lies, from 0 to 1.
"""

# %% package="minisora.world.shapes"
STAR_OUTER, STAR_INNER, STAR_POINTS = 1.2, 0.5, 5


def _corner(radius, turn):
    return radius * math.sin(2 * math.pi * turn), -radius * math.cos(2 * math.pi * turn)


def star(x, y):
    radii = [STAR_OUTER, STAR_INNER] * STAR_POINTS
    return polygon_distance(x, y, [_corner(radius, k / len(radii)) for k, radius in enumerate(radii)])


# %% package="minisora.world.shapes"
def polygon_distance(x, y, corners):
    nearest = torch.full_like(x, torch.inf)
    sign = torch.ones_like(x)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        ex, ey = bx - ax, by - ay
        wx, wy = x - ax, y - ay
        along = ((wx * ex + wy * ey) / (ex * ex + ey * ey)).clamp(0, 1)
        nearest = torch.minimum(nearest, (wx - ex * along) ** 2 + (wy - ey * along) ** 2)
        if ey != 0:  # a level side is never crossed by a level ray
            crossed = ((y >= ay) != (y >= by)) & (wx < ex * wy / ey)
            sign = torch.where(crossed, -sign, sign)
    return sign * nearest.sqrt()


# %% [markdown]
r"""
Once two figures are distances, they can be combined like sets. The smaller of two distances is both together, the larger one is what
they share, and a minus turns a figure inside out. **Predict** the third and the fourth picture before you run the cell.
"""

# %%
line = torch.linspace(-1.6, 1.6, 200)
x, y = (grid.contiguous() for grid in torch.meshgrid(line, line, indexing="xy"))  # (200, 200) each
fields = {
    "star": star(x, y),
    "a smaller circle": circle(x / 0.75, y / 0.75) * 0.75,
    "min(star, circle)": torch.minimum(star(x, y), circle(x / 0.75, y / 0.75) * 0.75),
    "max(star, -circle)": torch.maximum(star(x, y), -circle(x / 0.35, y / 0.35) * 0.35),
}

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(10, 2.9))
for axis, (name, field) in zip(axes, fields.items(), strict=True):
    axis.contourf(x, y, field, levels=[-9, 0, 9], colors=["#1E64EB", "#FFFFFF"])
    axis.contour(x, y, field, levels=np.arange(-1.05, 1.2, 0.15), colors="#B9B9BE", linewidths=0.6, linestyles="solid")
    axis.set(title=name, aspect="equal", ylim=(1.6, -1.6))
    axis.axis("off")
plt.show()

# %% [markdown]
r"""
*Look for: the grey lines are places at the same distance, as on a map. Around the tips of the star they are round: what is nearest
there is a corner, not a side.* The six figures of the world are made in this way, each in one to three lines: see
[shapes.py](../minisora/world/shapes.py).

## Motions are functions of time

A motion takes seconds and gives a place. By hand: a figure starts at -0.3 and moves right by 0.2 frame widths a second. After two
seconds it is at $-0.3 + 0.2 \cdot 2 = 0.1$.

Nothing is simulated step by step. The place at second 60 needs nobody to know second 59, so a clip may begin anywhere, has any frame
rate, and never drifts.

## Your turn 2 ★★ (10 minutes)

And bouncing? Let the figure run straight on, through the wall, as if there were none. Then **fold the line** like paper at each wall,
as often as it takes, until it lies between `-limit` and `limit`. Where 0.7 was, with a wall at 0.5, there is 0.3 now.

Your function takes a NumPy array of places on the straight line, and gives the folded ones.
"""


# %% exercise="reflect" stars=2
def reflect(values, limit):
    """Fold a line into -limit … limit, as a mirror at each end would; what lies between stays as it is."""
    ### BEGIN SOLUTION
    folded = np.mod(values + limit, 4 * limit)  # 0 … 4 limit: once to the right and once back
    return limit - np.abs(folded - 2 * limit)
    ### END SOLUTION


reflect = check.reflect(reflect)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

To the right wall and back to the left one is a way of `4 * limit`, and then all begins again. Which operation throws away whole
rounds? Count from the left wall: `values + limit`.
</details>

<details><summary>Hint 2</summary>

You have a number from 0 to `4 * limit` now. Its first half is the way to the right, its second half the way back. A triangle: an
absolute value, upside down.
</details>
"""

# %% [markdown]
r"""
## Your own renderer

Seconds → place → distance → share of the pixel → colour. Every arrow is a function that stands above.
"""


# %%
def draw(scene, num_frames=17, side=64, fps=8.0):
    """The clip of one bouncing star, uint8 (f, h, w, 3)."""
    (actor,), times = scene.actors, np.arange(num_frames) / fps
    ground = torch.tensor(SHAPES.backgrounds[scene.background].rgb)
    colour = torch.tensor(SHAPES.colours[actor.colour].rgb)
    velocity = actor.rate * math.cos(actor.heading), actor.rate * math.sin(actor.heading)
    places = [reflect(start + v * times, 0.5 - actor.radius) for start, v in zip(actor.start, velocity, strict=True)]
    middles = (torch.arange(side) + 0.5) / side - 0.5  # of the pixels, in shorter sides
    frames = []
    for left, top in zip(*places, strict=True):
        y, x = torch.meshgrid((middles - top) / actor.radius, (middles - left) / actor.radius, indexing="ij")
        share = cover(star(x, y) * actor.radius * side)[..., None]  # (h, w, 1)
        frames.append(ground + share * (colour - ground))
    return torch.stack(frames).round().to(torch.uint8)


# %%
mine, theirs = draw(scene), SHAPES.render(scene)
torch.testing.assert_close(mine.int(), theirs.int(), atol=1, rtol=0)
show_clip(mine, label="drawn by your functions, and within one grey level of minisora's renderer")

# %% [markdown]
r"""
*Look for: how the edge of the star passes over the pixels, and where it turns.* You have written what `_actor_cover` in
[render.py](../minisora/world/render.py) does. There the figure can turn and grow as well, and a window saves work.

## A motion as a line

How do you see a motion on paper? Take one row of pixels from each frame, and lay the rows under each other. Across is *x*, downwards
is time: an **x-t slice**. Here each frame is squashed to one line first, the brightest pixel of each column, so that nothing is
missed.
"""

# %%
from dataclasses import replace

dot = Actor("circle", "cyan", "small", "staying still", "plain", radius=0.1, rate=0.2, start=(-0.2, 0.0))
changes = {
    "A": {"motion": "bouncing", "rate": 0.45, "heading": 0.2},
    "B": {"motion": "falling", "extent": 0.35, "start": (-0.2, -0.4)},
    "C": {"motion": "moving right", "rate": 0.1},
    "D": {"motion": "circling clockwise", "rate": 0.5, "extent": 0.2, "start": (0.2, 0.0)},
    "E": {"motion": "growing"},
    "F": {},
}
long = {
    letter: SHAPES.render(Scene("black", (replace(dot, **change),)), num_frames=64, fps=24.0)
    for letter, change in changes.items()
}
across = {letter: clip.amax(dim=1) for letter, clip in long.items()}  # (f, h, w, 3) -> (f, w, 3)

# %% [markdown]
r"""
**Predict.** Six clips, six slices. One is *bouncing*, one *falling*, one *moving right slowly*, one *circling*, one *growing* and one
*staying still*. Write the letters down. Two of them look the same: which two, and why must they?
"""


# %% tags=["hide-input"]
def slices(pictures, label):
    _, axes = plt.subplots(1, 6, figsize=(10, 2.2), sharey=True)
    for axis, (letter, picture) in zip(axes, pictures.items(), strict=True):
        axis.imshow(picture, extent=(-0.5, 0.5, 64 / 24, 0), aspect="auto")
        axis.set(title=letter, xticks=[], xlabel=label)
        axis.grid(False)
    axes[0].set_ylabel("seconds")
    plt.show()


np.random.default_rng(0).shuffle(letters := list("ABCDEF"))
slices({letter: across[letter] for letter in letters}, "x")

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

**A** bounces: a zigzag. **C** moves right slowly: a straight line, and its slope is its speed. **D** circles: a wave. **E** grows: a
wedge, until it stays. **B** falls and **F** stays still: seen from above both keep their *x*, so an x-t slice cannot tell
them apart. The other axis can:
</details>
"""

# %% tags=["hide-input"]
slices({letter: long[letter].amax(dim=2) for letter in letters}, "y (top is left)")

# %% [markdown]
r"""
*Look for: B is a parabola now, until it lies on the floor, and F is still a straight line.* A moving picture is a solid block of two
axes of space and one of time. You will meet slices through it again, whenever a clip flickers, jumps or drifts.

With the player you can cut any clip: press `x` and choose a line of the frame.
"""

# %%
from minisora.widgets import Player

Player(long["A"], fps=24, label="a small cyan circle bouncing, at 24 frames a second")

# %% [markdown]
r"""
## Words for it

A model that reads sentences needs sentences, many more than anybody will write. A **grammar** makes them: tables of words, and frames
into which they go. **Predict**: of 200 captions of the *same* star, how many are different?
"""

# %%
rng = np.random.default_rng(0)
captions = [SHAPES.describe(scene, rng) for _ in range(200)]
print(len(set(captions)), "different ones, such as:\n")
print("\n".join(captions[:5]))

# %% [markdown]
r"""
*Look for: the words, their order, commas, capitals. All five say the same.* A network that had seen one wording only would know a
phrase, not a language.

`write` gives the sentence together with its **request**: what exactly it names, taken from the scene. The way back, from a sentence
to a request, is `parse`. It is patient with people, and says what it did not understand.
"""

# %%
typed = SHAPES.parse("a tiny scarlet disc drifting left, and an elephant")
for actor in typed.actors:
    print(actor)
print([unknown.word for unknown in typed.unknown])

# %% [markdown]
r"""
*Look for: "tiny" became small, "scarlet" red, "disc" a circle, and what was not said is `None`. The elephant is reported.*

Who reads what? The network reads the **raw sentence**, as it was typed, and nobody helps it. The request is for the grader
alone. Do the two agree? Write a hundred captions, parse them, and compare with what they were written from.
"""

# %%
rng, agree, asked = np.random.default_rng(1), 0, 20 if fast else 100
for _ in range(asked):
    caption = SHAPES.write(SHAPES.sample(rng), rng)
    agree += SHAPES.parse(caption.text) == caption.request
print(f"{agree} of {asked} captions were read as they were meant")

# %% [markdown]
r"""
## Your turn 3 ★ (5 minutes)

Now you are the grammar. Take an actor and give a sentence that names its size, colour, shape, motion and speed. The check has it
parsed, and compares. One speed goes without saying in this world: find out how `"plain"` is said.
"""


# %% exercise="sentence" stars=1
def sentence(actor):
    """A sentence from which `SHAPES.parse` reads all five words of the actor again."""
    ### BEGIN SOLUTION
    speed = "" if actor.speed == "plain" else f" {actor.speed}"
    return f"a {actor.size} {actor.colour} {actor.shape} {actor.motion}{speed}"
    ### END SOLUTION


sentence = check.sentence(sentence)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

The names in the tables are words already: `actor.motion` is "moving left" or "bouncing". For the speed, try
`SHAPES.parse("a red star moving left plain")`, look at what was not understood, and then leave the word out.
</details>
"""

# %% [markdown]
r"""
## The grader

Now turn the whole thing round: a clip comes in, and a program says what is to be seen in it. How can it know? Begin small. What
differs from the ground is ink, and the middle of the ink is a place. Do that in each frame, and you have a path.
"""

# %%
ground = torch.tensor(SHAPES.backgrounds["navy"].rgb)
ink = (mine.float() - ground).abs().sum(-1)  # (f, h, w)
middles = (torch.arange(64) + 0.5) / 64 - 0.5
found_x = (ink.sum(1) * middles).sum(1) / ink.sum((1, 2))  # (f,)
found_y = (ink.sum(2) * middles).sum(1) / ink.sum((1, 2))

# %% tags=["hide-input"]
from minisora.world.render import clip_times, screen_track

true_place, _ = screen_track(SHAPES, scene, star_actor, clip_times(17, 8.0))
figure, axis = plt.subplots(figsize=(6.4, 3))
for found, true, name, colour in (
    (found_x, true_place[:, 0], "x", "#1E64EB"),
    (found_y, true_place[:, 1], "y", "#3C3C43"),
):
    axis.plot(clip_times(17, 8.0), true, color=colour, linewidth=1)
    axis.plot(clip_times(17, 8.0), found, "o", color=colour, markersize=4)
    axis.text(2.04, found[-1], name, color=colour, va="center")
axis.set(xlabel="seconds", ylabel="place, in frame widths")
plt.show()
off = np.hypot(found_x.numpy() - true_place[:, 0], found_y.numpy() - true_place[:, 1]).mean() * 64
print(f"read from the pixels, the star is off by {off:.3f} pixels on average")

# %% [markdown]
r"""
*Look for: lines are the truth, dots are read from the pixels. The corners are bounces.*

minisora's grader goes on from there: it finds each actor by its colour, and for shape, size, motion and speed it asks **which scene,
if it were drawn, would look like this?** It draws the candidates and takes the nearest. So whatever can be drawn can be graded.
"""

# %%
from minisora.widgets import grade_list

request = SHAPES.parse(sentence(star_actor))
grade_list(SHAPES.grade(mine, request))

# %% [markdown]
r"""
## The ceiling

Before you trust a judge, let it judge cases that you know. Clips that are *drawn* from a scene are right by construction, so every
cross on them is the grader's own mistake. What share gets a tick on every word is the **ceiling**: no model can be expected above it.
"""

# %%
from minisora.evaluation import wilson_interval

rng, right, clips_graded = np.random.default_rng(2), 0, 6 if fast else 40
for _ in range(clips_graded):
    each = SHAPES.sample(rng)
    right += SHAPES.grade(SHAPES.render(each), SHAPES.write(each, rng).request).every_word_right
low, high = wilson_interval(right, clips_graded)
print(f"every word right in {right} of {clips_graded} true clips; with 95 % certainty between {low:.0%} and {high:.0%}")

# %% [markdown]
r"""
Forty clips cannot prove much more than that: the interval says so, and you will build one in lesson 10. The README has the same row
with 512 scenes.

## Break it

A judge that always says yes would have this ceiling, too. So spoil a true clip, and see whether the right word fails. Here is a small
red circle that moves right slowly on navy.

**Predict**: for each of the nine spoilt clips below, which word will get the cross? For which two will there be *none*?
"""

# %%
circle_actor = Actor("circle", "red", "small", "moving right", "slowly", radius=0.11, rate=0.11, start=(-0.1, 0.05))
clip = SHAPES.render(Scene("navy", (circle_actor,)))
asked_for = SHAPES.parse("a small red circle moving right slowly on a navy background")
gone = clip.clone()
gone[6:10] = ground.to(torch.uint8)


def blurred(clip):
    return torch.nn.functional.avg_pool2d(clip.permute(0, 3, 1, 2).float(), 5, 1, 2).permute(0, 2, 3, 1).byte()


def nearer(clip):
    return torch.nn.functional.interpolate(clip[:, 16:48, 16:48].permute(0, 3, 1, 2), scale_factor=2).permute(
        0, 2, 3, 1
    )


# %%
spoilt = {
    "in a mirror": clip.flip(2),
    "backwards": clip.flip(0),
    "one frame only": clip[:1].repeat(17, 1, 1, 1),
    "twice as fast": SHAPES.render(Scene("navy", (replace(circle_actor, rate=0.22),))),
    "red and blue swapped": clip[..., [2, 1, 0]],
    "seen from nearer": nearer(clip),
    "gone for four frames": gone,
    "blurred": blurred(clip),
    "in jerks": clip[torch.arange(17) // 2 * 2],
}
grades = {name: SHAPES.grade(each.contiguous(), asked_for) for name, each in spoilt.items()}

# %% tags=["hide-input"]
figure, axes = plt.subplots(9, 1, figsize=(9.4, 9))
for axis, (name, each) in zip(axes, spoilt.items(), strict=True):
    axis.imshow(torch.cat(list(torch.nn.functional.pad(each[::4], (0, 0, 0, 3), value=255)), dim=1))
    wrong = [f"✗ {verdict.attribute}: {verdict.wanted} → {verdict.found}" for verdict in grades[name].wrong]
    axis.text(1.02, 0.5, "\n".join(wrong or ["✓ every word right"]), transform=axis.transAxes, va="center")
    axis.text(-0.02, 0.5, name, transform=axis.transAxes, va="center", ha="right")
    axis.axis("off")
plt.show()

# %% [markdown]
r"""
*Look for: each spoil costs the words that it should cost, and no others. And the last two cost none.*

Blur and jerks are ugly, and every word is still right: nobody had *said* that edges are sharp or that the pace is even. **A grade answers
what was asked.** What no word asks needs a number of its own; `errors` has one for the pace.
"""

# %%
for name, each in {"true": SHAPES.grade(clip, asked_for), "in jerks": grades["in jerks"]}.items():
    print(f"{name:9} off its even pace by {each.errors[0].velocity:.2f} pixels a frame")

# %% [markdown]
r"""
## Data sets

Scenes, captions and clips together are a **data set**. A builder yields one row after another: the video as bytes without loss, its
caption, its scene, its frames a second. Here are two: the world that you know, and balls that obey mechanics.
"""

# %%
from minisora.data import bouncing_balls, decode_row, moving_shapes, to_dataset

rows = list(moving_shapes(num_clips=4, seed=1)) + list(bouncing_balls(num_clips=4, seed=1))
dataset = to_dataset(rows)  # a datasets.Dataset
print(dataset)

# %%
clips = [decode_row(row) for row in dataset]
for k in (0, 1, 4, 7):
    print(f"{'shapes' if k < 4 else 'balls':7}{clips[k].caption}")
show_clip(side_by_side([torch.from_numpy(each.frames) for each in clips], 4), scale=3, strip=False)

# %% [markdown]
r"""
*Look for: the upper row is moving_shapes, the lower one bouncing_balls. Which of the balls fall, and which float?*

A clip depends on its seed and its number, and on nothing else: number 3 is the same whoever asks, in whatever order. That is why
a training can be stopped, continued and repeated. And some combinations are **never** shown in training, so that we can ask later
whether the model has understood the words or learned the clips by heart.
"""

# %%
from itertools import product

assert next(moving_shapes(num_clips=4, seed=1, start=3)) == rows[3]
named = [motion.name for motion in SHAPES.motions.values() if motion.words.usual]
every = list(product(SHAPES.colours, SHAPES.shapes, named))
unseen = [each for each in every if SHAPES.is_unseen(*each)]
print(f"{len(unseen)} of {len(every)} combinations are kept out of training, such as {' '.join(unseen[20])}")

# %% [markdown]
r"""
## Your turn 4 ★★★ (20 minutes, or at home)

Write a small grader of your own. It gets a path, 17 places at eight frames a second, a little shaken as a model's paths are, and says
which of nine motions it is. The check tries 180 paths that you have never seen, tells your share, and which motion you mistake for
which. You pass with **90 %**; put your best number in the gallery of the class.
"""

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 9, figsize=(10, 1.5))
for axis, name in zip(axes, check.MOTIONS, strict=True):
    axis.plot(*check.shaken_path(name, seed=2).T, marker=".", markersize=3, linewidth=0.8)
    axis.set(xlim=(-0.5, 0.5), ylim=(0.5, -0.5), xticks=[], yticks=[], aspect="equal")
    axis.grid(False)
    axis.set_title(name.replace(" ", "\n", 1), fontsize=8)
plt.show()


# %% exercise="read_motion" stars=3
def read_motion(places):
    """The name of the motion, one of `check.MOTIONS`; places: NumPy (17, 2), x and y in frame widths, y down."""
    ### BEGIN SOLUTION
    way = places[3:] - places[:-3]  # (14, 2): over three frames, so that the shaking counts less
    if np.abs(way).mean() < 0.012:
        return "staying still"
    angle = np.unwrap(np.arctan2(way[:, 1], way[:, 0]))
    length = np.hypot(*way.T)
    if abs(way[:, 0]).mean() < 0.012 and length[-4:].mean() > 2 * length[:4].mean():
        return "falling"  # straight down, and faster and faster
    turned = angle[-1] - angle[0]
    if np.ptp(angle) > 0.45:  # an even turn or one sharp corner?
        even = np.polyval(np.polyfit(range(14), angle, 1), range(14))
        circles = np.abs(angle - even).max() < 0.3 * abs(turned)
        return ("circling clockwise" if turned > 0 else "circling counter-clockwise") if circles else "bouncing"
    x, y = way.mean(0)
    return ("moving right" if x > 0 else "moving left") if abs(x) > abs(y) else "moving down" if y > 0 else "moving up"
    ### END SOLUTION


read_motion = check.read_motion(read_motion)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Differences over three frames, `places[3:] - places[:-3]`, are long beside the shaking. Their lengths are speeds, and
`np.arctan2` of them is a direction.
</details>

<details><summary>Hint 2</summary>

What does the *direction* do in time? Straight: it stays. Circling: it turns evenly. Bouncing: it stays, jumps, stays. Falling: it
stays, and the length grows. `np.unwrap` keeps a direction from jumping by a full turn.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
Every rule here is a threshold that somebody chose. The package does without: it fits each motion's own function to the path, and takes
the one that leaves the least over ([fit.py](../minisora/world/grader/fit.py)).
"""

# %% [markdown]
r"""
## What you have learnt

- A **scene** is a few words and numbers, without pixels, length or frame rate.
- A **signed distance** draws any figure, a ramp of one pixel gives it soft edges, and soft edges carry motion below a pixel.
- A **motion** is a function of time; an **x-t slice** shows it as a line.
- A grammar writes many sentences for one scene; the network reads the raw sentence, the grader gets the **request**.
- A grade answers what was asked, needs a **ceiling** beside it, and must be seen to fail.

<details><summary>Three questions to check yourself</summary>

1. *A model has 92 % of all words right, another one, in another world, 95 %. Which one is better?* Nobody can say before both
   ceilings are known: if the second grader says yes to everything, its 95 % are worth nothing.
2. *Why is a clip graded against the scene that its caption was written from, and not against what our parser reads in the caption?*
   If the parser misread a word, and the model misread it in the same way, the mistake would count as right.
3. *You draw a scene with 16 instead of 8 frames a second. What happens to its x-t slice?* It has twice as many rows for the same
   time. Measured in seconds and frame widths, every slope stays as it was.
</details>

**Next:** a clip of 17 frames has 208,896 numbers, most of them dull. Lesson 02 squeezes them. To read on: Inigo Quilez, *2D distance
functions* (iquilezles.org), which has many more figures; and *Unsupervised Learning of Video Representations using LSTMs*
(Srivastava, Mansimov and Salakhutdinov, 2015, arXiv 1502.04681), whose moving digits are an early world of this kind.
"""
