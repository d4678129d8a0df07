# %% [markdown]
r"""
# 07 Better and faster samplers

In this lesson you write a sampler that gets more out of every look at the network, put it into the real model, and find out how
little work a good clip needs.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: fewer scenes, less training, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

import minisora
from minisora.widgets import show_clip

pipe = minisora.TextToVideoPipeline.from_pretrained(model)
prompt, gap = "a large yellow star bouncing and a small cyan circle moving up", np.full((17, 64, 4, 3), 255, np.uint8)


def side_by_side(clips):
    pieces = [piece for clip in clips for piece in (np.asarray(clip), gap)]
    return np.concatenate(pieces[:-1], axis=2)


plans = [pipe.with_settings(layout_steps=steps)(prompt, seed=3).frames[0] for steps in (1, 2, 32)]
show_clip(side_by_side(plans)[::2], fps=4, strip=False, label="planned in 1, 2 and 32 steps")

# %% [markdown]
r"""
*Look for: in one step the plan is a lump: one huge star, and a smear where the circle should be. Two steps have both figures, and
nearly the paths of thirty-two.*

| | |
|---|---|
| **Time** | 75 minutes; the cells themselves take about 2 minutes on 2 processor cores, and 670 MB of memory |
| **Needs** | lesson 03: the line, the velocity, Euler's step. Guidance from lesson 05 helps |
| **Afterwards you can** | write Heun's step and say when it pays · choose where on the way the steps lie · compare settings fairly: the same scenes, the same seeds, an interval on every share · say how a network learns to take long steps, and what `nano` does instead |
"""

# %%
from matplotlib import pyplot as plt

from minisora.course.checks import lesson_07 as check

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

This is `Compare`: one sentence, one seed, one setting at several values, all playing in step. It sweeps the number of **steps** in
which the pixels are painted. Press *Compare* with values of your own, such as `1, 2, 3`, or choose *guidance*.
"""

# %%
from minisora.widgets import Compare

compare = Compare(pipe)
compare.sweep("steps", [1, 16], prompt, seed=3)
compare.wait()  # so that the clips are here when the page is shown
compare

# %% [markdown]
r"""
*Look for: a difference between the two. In the still picture they follow each other, 17 frames each.*

One step from pure noise to a finished clip. In lesson 03 a single step made the *middle* of the star, where nothing was. So why does
it work here? Keep the question; the answer comes when you have the tools to test it.

## Predict

`nano` can also paint from the words alone, without drawing a layout before. **How many steps will it need then**: 1, 4 or 16?
Write a number down, then run the cell.
"""

# %%
from_words = pipe.with_settings(layout_steps=0)
painted = [from_words(prompt, seed=3, num_inference_steps=steps).frames[0] for steps in (1, 4, 16)]
show_clip(side_by_side(painted)[::2], fps=4, strip=False, label="from the words alone, in 1, 4 and 16 steps")

# %% [markdown]
r"""
*Look for: one step gives a smudge. In four and in sixteen both figures are there, but the star goes to pieces and a second one
comes up.*

Without the layout, steps matter, and even sixteen are not enough. First, then: what exactly goes wrong in a step?

## The smallest numbers

Take data whose flow can be written down: numbers around 0 with a spread of $s = 0.5$. Noise has the spread 1, so on the way the
spread is $\sigma(t) = \sqrt{(1-t)^2 s^2 + t^2}$, and a noise of 1 should walk along $x_t = \sigma(t)$ and arrive at 0.5.

By hand, in two steps: at time 1 the velocity is 1, so half a unit of time leads to 0.5. There the velocity is 0.6, so the second half
leads to 0.5 - 0.3 = 0.2. The exact answer is 0.5, so this is off by 0.3.
"""

# %%
SPREAD = 0.5


def gaussian_velocity(noisy, now):
    variance = ((1 - now) * SPREAD) ** 2 + now**2
    return (now - (1 - now) * SPREAD**2) / variance * noisy  # the slope of sigma, times noisy / sigma


x = 1.0
for now, after in ((1.0, 0.5), (0.5, 0.0)):
    x = x + (after - now) * gaussian_velocity(x, now)
    print(f"time {after}: {x:.2f}")

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
time = np.linspace(0, 1, 101)
axis.plot(time, np.sqrt(((1 - time) * SPREAD) ** 2 + time**2), color="#3C3C43")
axis.plot([1, 0.5, 0], [1, 0.5, 0.2], marker="o")
axis.text(0.02, 0.53, "exact")
axis.text(0.5, 0.36, "Euler, two steps", color="#1E64EB", ha="center")
axis.set(xlabel="time", ylabel="x", ylim=(0, 1.05), xlim=(1.03, -0.03))
plt.show()

# %% [markdown]
r"""
*Look for: time runs to the right, from noise to data. The exact way bends; each step of Euler's leaves it along its tangent.*

The lines between data and noise are straight, and still the way bends. At every place many lines cross, the velocity is their
*mean*, and the mean changes as the noise clears. **A step is wrong as far as the velocity changes while it lasts.**

## Look ahead

Heun's idea: take Euler's step on trial, ask for the velocity *there*, and then take the real step along the mean of both.

| | equation | code |
|---|---|---|
| here | $v = v(x, t)$ | `velocity(noisy, now)` |
| on trial | $\tilde x = x + (t' - t)\, v$ | one step of Euler's |
| there | $\tilde v = v(\tilde x, t')$ | `velocity(ahead, after)` |
| the step | $x' = x + (t' - t)\,(v + \tilde v)/2$ | |

On the first step above: 1 here and 0.6 there, so 0.8 in the mean, and $1 - 0.5 \cdot 0.8 = 0.6$. The exact value at time 0.5 is 0.56.
Euler said 0.5.

## Your turn 1 ★ (8 minutes)

`velocity` is now the function, so that you may ask it twice. `euler_step` shows how it is called.
"""


# %%
def euler_step(velocity, noisy, now, after):
    return noisy + (after - now) * velocity(noisy, now)


# %% exercise="heun_step" stars=1
def heun_step(velocity, noisy, now, after):
    """One step from time `now` to time `after`, along the mean of the velocities at both ends."""
    ### BEGIN SOLUTION
    here = velocity(noisy, now)
    there = velocity(noisy + (after - now) * here, after)
    return noisy + (after - now) * (here + there) / 2
    ### END SOLUTION


heun_step = check.heun_step(heun_step)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Three lines: the velocity here; the velocity where Euler's step would end; a step from `noisy` along half their sum. The trial step
is thrown away.
</details>
"""

# %% [markdown]
r"""
## Who is nearer?

A sampler is a loop over times, whatever the step. The exact answer is known, so the error can be measured.

**Predict**: Heun asks twice a step. Allowed the *same number of calls*, 32, who ends nearer to the truth, and by how much?
"""


# %%
from itertools import pairwise


@torch.no_grad()
def generate(step, velocity, noise, times):
    noisy = noise
    for now, after in pairwise(times):
        noisy = step(velocity, noisy, now, after)
    return noisy


calls = [4, 8, 16, 32, 64, 128]
one = torch.ones(1, dtype=torch.float64)
euler_error, heun_error = [], []
for n in calls:
    even, half = torch.linspace(1, 0, n + 1).double(), torch.linspace(1, 0, n // 2 + 1).double()
    euler_error.append(abs(generate(euler_step, gaussian_velocity, one, even).item() - SPREAD))
    heun_error.append(abs(generate(heun_step, gaussian_velocity, one, half).item() - SPREAD))

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3.2))
for name, errors, colour in (("Euler", euler_error, "#3C3C43"), ("Heun", heun_error, "#1E64EB")):
    axis.loglog(calls, errors, marker="o", color=colour)
    axis.text(calls[-1] * 1.1, errors[-1], name, color=colour, va="center")
axis.set(xlabel="calls of the velocity", ylabel="error at the end", xticks=calls, xticklabels=calls, xlim=(3.6, 230))
axis.minorticks_off()
plt.show()
print(f"32 calls: Euler {euler_error[3]:.4f}, Heun {heun_error[3]:.4f}")

# %% [markdown]
r"""
*Look for: two slopes. Twice the calls halve Euler's error; Heun's falls by more, and to the right it falls to a quarter.*

This is what **order** means: with steps of length $h$, Euler is off by about $h$ times a number, Heun by
about $h^2$ times another. With few, long steps it is those numbers that decide, and no order promises anything.

## Where the steps lie

Steps need not be of equal length. They should be short where the velocity changes fast, and where that is depends on the data. One
number moves them all: think of $t/(1-t)$, the **odds** of noise against data, and multiply the odds by `shift`.

By hand: at $t = 0.5$ the odds are 1. A shift of 3 makes them 3, which is a time of $3/(1+3) = 0.75$.

## Your turn 2 ★ (5 minutes)

Write it for any time. 0 and 1 must stay where they are, and at time 1 the odds are infinite, so turn the formula around first: which
fraction of `time` and `shift` has the odds $\text{shift} \cdot t/(1-t)$, and divides by nothing that can be 0?
"""


# %% exercise="shift_times" stars=1 package="minisora.diffusion.flow"
def shift_times(time, shift):
    """Move times towards noise: the odds t / (1 - t) are multiplied by `shift`."""
    ### BEGIN SOLUTION
    return shift * time / (1 + (shift - 1) * time)
    ### END SOLUTION


shift_times = check.shift_times(shift_times)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

A time with the odds $o$ is $o/(1+o)$. Put $o = \text{shift} \cdot t/(1-t)$ in, and multiply above and below by $1-t$.
</details>
"""

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 1.8))
for row, shift in enumerate((1 / 3, 1, 3)):
    axis.plot(shift_times(torch.linspace(0, 1, 9), shift), [row] * 9, "o-", color="#1E64EB", linewidth=0.8)
axis.set(
    yticks=[0, 1, 2], yticklabels=["shift 1/3", "shift 1", "shift 3"], xlabel="time: 0 clean, 1 noise", ylim=(-0.5, 2.5)
)
axis.grid(False)
plt.show()

# %% [markdown]
r"""
*Look for: with a shift of 3 most of the nine times lie near noise, with 1/3 near the clean end.*

## Your sampler drives the real model

Now put your functions in front of `nano`. Its layouts are what is worth sampling well: they decide who is where. A layout is a few
numbers a frame (4 rows, 5 latent frames), and the network guesses the clean one, so the velocity is $(x_t - x_0)/t$.

These few lines are all there is between your step and the model. **Guidance** (lesson 05) asks twice, with the words and without,
and goes further in that direction; here only while the time is above 0.6.
"""


# %%
from minisora.diffusion import guided


def layout_velocity(texts, guidance):
    fps = torch.full((len(texts),), 8.0)
    guess = guided(
        pipe.layout_network, pipe.states(texts), pipe.states([""] * len(texts)), guidance,
        fps=fps, aspect=torch.ones_like(fps), above=0.6,
    )  # fmt: skip
    return lambda noisy, now: (noisy - guess(noisy, now.float().expand(noisy.shape[:2]))) / now.clamp(min=1e-3)


# %% [markdown]
r"""
From the same noise as the pipeline's, your loop must give the pipeline's own layout. It draws the pixels' noise first, then that of the
layout. The scenes are held out: `nano` was trained on none of them, and they are the first of the row *two actors* that
`minisora evaluate` grades.
"""

# %%
from minisora.evaluation import ClipSize, draw_example, find_rows
from minisora.world.layout_code import layout_frames

row, count = find_rows(["two"])[0], 4 if fast else 16
examples = [draw_example(pipe.world, row, k, 0, ClipSize()) for k in range(count)]
texts, seeds = [example.caption.text for example in examples], [example.seed for example in examples]
print(texts[0])


def layout_noise(seed):
    generator = torch.Generator().manual_seed(seed)
    torch.randn(pipe.autoencoder.latent_shape(17, 64, 64), generator=generator)  # the pixels' own
    return torch.randn(5, 4, 32, generator=generator)


# %%
noise = torch.stack([layout_noise(seed) for seed in seeds])  # (16, z, rows, numbers)
ours = generate(euler_step, layout_velocity(texts[:4], 3.0), noise[:4], torch.linspace(1, 0, 33))
theirs = pipe(texts[:4], seed=seeds[:4], num_inference_steps=1)
torch.testing.assert_close(layout_frames(ours), theirs.layout, atol=1e-3, rtol=1e-3)

# %% [markdown]
r"""
No error: the loop that you wrote for a single number has planned four films.

## Steps × guidance, graded

Now the question that a user has: **how few steps, and how much guidance?** One function plans in `steps` of any kind, paints the pixels
in one step along each plan, and lets the grader judge: every word must be right.

Seconds depend on what else your computer does, so work is counted in **passes**: how often the network is asked for one clip. A guided
question is two passes.
"""

# %%
from minisora.pipeline.layouts import KeptLayout


def heun_or_euler(velocity, noisy, now, after):
    """At time 0 the velocity (noisy - clean) / 0 cannot be asked for, so the last step is Euler's."""
    return heun_step(velocity, noisy, now, after) if after > 0 else euler_step(velocity, noisy, now, after)


def graded(step, steps, guidance=3.0):
    drawn = generate(step, layout_velocity(texts, guidance), noise, torch.linspace(1, 0, steps + 1))
    frames = layout_frames(drawn)
    plan = KeptLayout(frames, torch.ones(frames.shape[1:], dtype=torch.bool))
    clips = pipe(texts, seed=seeds, num_inference_steps=1, layout=plan)
    pairs = zip(clips.frames, examples, strict=True)
    return [pipe.world.grade(clip, example.caption.request).every_word_right for clip, example in pairs]


def passes(step, steps, guidance=3.0):
    asked = [1 - k / steps for k in range(steps)]
    asked += asked[1:] if step is heun_or_euler else []  # Heun asks at both ends of a step
    return sum(2 if guidance != 1 and time >= 0.6 else 1 for time in asked)


# %% [markdown]
r"""
**Predict**: with a guidance of 6, twice as much as `nano` recommends, will more words come true, or fewer? And does the answer depend
on the number of steps?
"""

# %%
step_counts, strengths = [2, 8] if fast else [2, 4, 8, 32], [1.0, 3.0] if fast else [1.0, 3.0, 6.0]
right = {(steps, strength): graded(euler_step, steps, strength) for steps in step_counts for strength in strengths}

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(4.8, 3))
table = np.array([[sum(right[steps, strength]) for strength in strengths] for steps in step_counts])
axis.imshow(table, cmap="Blues", vmin=0, vmax=count, aspect="auto")
for (i, j), value in np.ndenumerate(table):
    axis.text(j, i, f"{value} of {count}", ha="center", va="center", color="white" if value > count / 2 else "#3C3C43")
axis.set(xticks=range(len(strengths)), xticklabels=[f"{strength:g}" for strength in strengths], xlabel="guidance")
axis.set(yticks=range(len(step_counts)), yticklabels=step_counts, ylabel="steps of the layout")
axis.grid(False)
plt.show()

# %% [markdown]
r"""
*Look for: the palest field. Strong guidance and few steps go badly together; beyond that, no row and no column stands out.*

## How sure is that?

Sixteen scenes are few. An **interval** says which shares would be no surprise behind such a count, and it is wide.
"""

# %%
from minisora.evaluation import wilson_interval

best = sum(right[step_counts[-1], 3.0])
low, high = wilson_interval(best, count)
print(f"{best} of {count}: {best / count:.0%}, and anything from {low:.0%} to {high:.0%} would be no surprise")

# %% [markdown]
r"""
But the settings met the *same* scenes with the *same* noise. So ask the sharper question: in how many scenes was only the one right,
in how many only the other? Scenes in which both agree say nothing about which is better.
"""


# %%
def compared(one, other):
    only_one = sum(a and not b for a, b in zip(right[one, 3.0], right[other, 3.0], strict=True))
    only_other = sum(b and not a for a, b in zip(right[one, 3.0], right[other, 3.0], strict=True))
    print(f"only with {one} steps: {only_one}   only with {other} steps: {only_other}")


for one, other in pairwise(step_counts):
    compared(one, other)

# %% [markdown]
r"""
Read it as tosses of a coin. If both were equally good, the scenes on which they differ would fall to either side like heads and tails,
and one head to two tails convinces nobody. Where both numbers are 0, more steps have changed no verdict at all: there is nothing to toss.

## Your turn 3 ★★ (10 minutes)

A setting is worth a look if no other one beats it. The ones that nobody beats are the **frontier** between speed and quality. Setting
A beats setting B if it needs no more work and gets no fewer right, and is better in at least one of the two.

Write a function that gets the work and the right clips of each setting, and says for each one whether it is on the frontier.
"""


# %% exercise="frontier" stars=2
def frontier(work, right):
    """For each setting, whether no other one beats it. Two lists of numbers in, a list of True and False out."""
    ### BEGIN SOLUTION
    settings = list(zip(work, right, strict=True))
    return [
        not any(w <= mine and r >= yours and (w, r) != (mine, yours) for w, r in settings) for mine, yours in settings
    ]
    ### END SOLUTION


frontier = check.frontier(frontier)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Two loops: for every setting, look at every other. Two settings with the same work and the same score do not beat each other.
</details>
"""

# %% [markdown]
r"""
Heun joins, with half as many steps, so that it needs about as many passes.
"""

# %%
heun_counts = [2] if fast else [2, 4]
heun_right = {steps: graded(heun_or_euler, steps) for steps in heun_counts}

# %%
names = [f"{steps} steps, guidance {strength:g}" for steps, strength in right] + [
    f"Heun, {n} steps" for n in heun_counts
]
work = [passes(euler_step, *setting) for setting in right] + [passes(heun_or_euler, n) for n in heun_counts]
scores = [sum(each) for each in [*right.values(), *heun_right.values()]]
best = frontier(work, scores)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(7.2, 3.8))
for name, x, score, chosen in zip(names, work, scores, best, strict=True):
    low, high = (100 * end for end in wilson_interval(score, count))
    colour = "#1E64EB" if chosen else "#B9B9BE"
    axis.plot([x, x], [low, high], color=colour, linewidth=1)
    axis.plot(x, 100 * score / count, "s" if "Heun" in name else "o", color=colour)
edge = sorted((x, 100 * score / count) for x, score, chosen in zip(work, scores, best, strict=True) if chosen)
axis.step(*zip(*edge, strict=True), where="post", linewidth=1)
axis.set(xscale="log", xlabel="passes for a layout", ylabel="every word right, %", ylim=(0, 100))
axis.set(xticks=[2, 4, 8, 16, 32, 64], xticklabels=[2, 4, 8, 16, 32, 64])
axis.minorticks_off()
plt.show()
print("on the frontier:", ", ".join(name for name, chosen in zip(names, best, strict=True) if chosen))

# %% [markdown]
r"""
*Look for: blue is the frontier, squares are Heun's, lines are 95 % intervals. Nothing to the right of 12
passes is on it, and no square.*

Look at the last blue point with the eyes of the coin: 8 steps with a guidance of 6. With 4 steps and with 32 the same guidance did worse
than its neighbours. Would you bet on it? A frontier of sixteen scenes has lucky points, and the luckiest are always on it. What may be
said: **a few plain steps do nearly all of the work**, and Heun, so much better on paper, shows nothing here that could be seen. Its
order pays where many short steps are taken to many digits, and a grader reads pixels.

## Why one step of painting is enough

Back to the question from the beginning. One layout each, drawn once; the pixels are painted along it in 1, 4 and 12 steps.
"""

# %%
drawn = generate(euler_step, layout_velocity(texts, 3.0), noise, torch.linspace(1, 0, 33))
frames = layout_frames(drawn)
plan = KeptLayout(frames, torch.ones(frames.shape[1:], dtype=torch.bool))
paintings = {}
for steps in (12, 4, 1):
    clips = pipe(texts, seed=seeds, num_inference_steps=steps, layout=plan).frames
    paintings[steps] = clips
    pairs = zip(clips, examples, strict=True)
    good = sum(pipe.world.grade(clip, example.caption.request).every_word_right for clip, example in pairs)
    away = (clips.float() - paintings[12].float()).abs().mean()
    print(f"{steps:2} steps: {good} of {count} right, {away:.2f} of 255 away from 12 steps")

# %% [markdown]
r"""
*Look for: the same number right, however many steps; the pixels move by a little.*

A step is wrong as far as the velocity changes. What made the first step blind was that it had to guess *where* things are; the layout has
said it, so the first guess is nearly the last one. This is where `nano`'s default of **4 steps** comes from: `benchmarks/LOG.md` has 48
scenes of one actor right 43, 42, 43 and 43 times in 1, 2, 4 and 12 steps, and four were kept, to be on the safe side.

## Learning to take long steps

There is another way to few steps, and most fast models go it: **teach the network what a long step does**. The velocity at the
beginning of a step is the wrong direction for the whole of it. The right one is the *mean* velocity: from where the step starts to
where many short steps would end, divided by how long it is.

$$\bar v(x_t, t, s) = \frac{x_t - x_{t-s}}{s}$$

A network that is told the **span** $s$ beside the time can learn it, and its teacher is the same network, walking in short steps.

## Your turn 4 ★★ (10 minutes)

Write the teacher: start at `noisy` at time `now`, take `parts` steps of Euler's of equal length, down to time `now - span`, and give back
the mean velocity of the whole way.
"""


# %% exercise="mean_velocity" stars=2
def mean_velocity(velocity, noisy, now, span, parts):
    """The one velocity that leads in a single step of length `span` to where `parts` short steps lead."""
    ### BEGIN SOLUTION
    at = noisy
    for k in range(parts):
        at = at - span / parts * velocity(at, now - k * span / parts)
    return (noisy - at) / span
    ### END SOLUTION


mean_velocity = check.mean_velocity(mean_velocity)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Keep `noisy` as it is and walk with another variable: you need both ends at the end.
</details>

<details><summary>Hint 2</summary>

Time falls from one short step to the next, by `span / parts`. The step itself goes against the velocity.
</details>
"""

# %% [markdown]
r"""
The star of lesson 03 is a good pupil's task. A network like the one there, with one input more for the span:
"""

# %%
from torch import nn


class Network(nn.Module):
    """Takes points, times and spans; gives mean velocities. A span of 0 asks for the velocity at that time."""

    def __init__(self, width=128):
        super().__init__()
        layers = [nn.Linear(4, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, width), nn.SiLU(), nn.Linear(width, 2))

    def forward(self, noisy, time, span):
        return self.layers(torch.cat([noisy, time, span], dim=1))  # (n, 2), (n, 1), (n, 1) -> (n, 2)


# %%
def train(network, loss_of, steps, rate):
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        optimizer.zero_grad()
        loss_of(network).backward()
        optimizer.step()
        schedule.step()
    return network


def velocity_loss(network):
    clean, time = check.star(512), torch.rand(512, 1)
    noise = torch.randn(512, 2)
    guess = network((1 - time) * clean + time * noise, time, torch.zeros(512, 1))
    return (guess - (noise - clean)).square().mean()


teacher = train(Network(), velocity_loss, 150 if fast else 3000, rate=3e-3)

# %% [markdown]
r"""
The pupil begins as a copy of the teacher. It practises the steps that a sampler of 1, 2 or 4 steps takes: a step of 1/4 that starts
at 3/4, the whole way at once, and so on. Half of each batch goes on learning the velocity itself, at span 0.
"""

# %%
from copy import deepcopy


def long_loss(network):
    clean, count = check.star(256), 2.0 ** torch.randint(3, (256, 1))  # 1, 2 or 4 steps
    time = (1 + (torch.rand(256, 1) * count).floor()) / count  # the beginning of one of them
    noisy, span = (1 - time) * clean + time * torch.randn(256, 2), 1 / count
    with torch.no_grad():
        wanted = mean_velocity(lambda at, now: teacher(at, now, 0 * now), noisy, time, span, parts=8)
    return (network(noisy, time, span) - wanted).square().mean() + velocity_loss(network) / 2


pupil = train(deepcopy(teacher), long_loss, 60 if fast else 2000, rate=2e-3)


# %%
def euler_of_teacher(noisy, now, after):
    return noisy + (after - now) * teacher(noisy, now.expand(len(noisy), 1), torch.zeros(len(noisy), 1))


def long_of_pupil(noisy, now, after):
    return noisy + (after - now) * pupil(noisy, now.expand(len(noisy), 1), (now - after).expand(len(noisy), 1))


start = torch.randn(1500, 2)
stars = {}
for name, step in (("velocity", euler_of_teacher), ("mean velocity", long_of_pupil)):
    for n in (1, 2, 4):
        stars[name, n] = generate(lambda _, *ends, step=step: step(*ends), None, start, torch.linspace(1, 0, n + 1))

# %% tags=["hide-input"]
figure, axes = plt.subplots(2, 3, figsize=(7.2, 4.8))
for axis, ((name, n), points) in zip(axes.flat, stars.items(), strict=True):
    axis.scatter(*points.T, s=0.8)
    axis.set(xlim=(-0.2, 3.2), ylim=(-0.5, 2.5), aspect="equal", xticks=[], yticks=[])
    axis.set_title(f"{name}, {n} step" + "s" * (n > 1))
plt.show()

# %% [markdown]
r"""
*Look for: the upper row asks for the velocity, the lower one for the mean velocity, in as many calls. The velocity needs four steps
for a rough star; the mean velocity draws one in a single step.*

## Does `nano` know long steps?

Its denoiser has the input: `span` in [transformer.py](../minisora/models/transformer.py), taught by
[strides.py](../minisora/training/strides.py), where your `mean_velocity` is called `mean_clean`, and taken by the method `stride`.
**Having an input is not having practised.** Ask it:
"""

# %%
for method in ("euler", "stride"):
    clips = pipe.with_settings(layout_steps=8, layout_method=method)(texts, seed=seeds, num_inference_steps=1)
    pairs = zip(clips.frames, examples, strict=True)
    good = sum(pipe.world.grade(clip, example.caption.request).every_word_right for clip, example in pairs)
    print(f"8 steps of {method}: {good} of {count} right")

# %% [markdown]
r"""
*Look for: not one is right.* The shipped weights were trained with no long steps. A try with them stands in `benchmarks/LOG.md`: after 286
training steps, 185 of 384 clips were right in 8 long steps, against 300 in 32 short ones with guidance. The log's verdict is that they
need far more practice. So `nano` is quick for the other reason: **it splits the work**, many cheap steps on a few numbers, then few
dear ones on pixels.

## What you wrote, and what minisora runs

`minisora.diffusion.denoise` has the same methods. It takes a function that guesses the *clean* end; for our Gaussian that is
$x_t - t\,v$.
"""

# %%
from minisora import diffusion


def gaussian_clean(noisy, time):
    now = time[..., None, None, None]
    return noisy - now * gaussian_velocity(noisy, now)


values, times = torch.randn(3, 5, 2, 2, 1), torch.linspace(1, 0, 9)
for step, method in ((euler_step, "euler"), (heun_or_euler, "heun")):
    steps_taken = diffusion.denoise(gaussian_clean, values, times[:, None].expand(-1, 5), method)
    ours = generate(step, gaussian_velocity, values, times)
    torch.testing.assert_close(ours, diffusion.last_clean(steps_taken), atol=1e-4, rtol=1e-4)

# %% [markdown]
r"""
No error. Open [samplers.py](../minisora/diffusion/samplers.py): `euler`, `heun` and `stride` are three functions of a few lines each, and
the loop around them is the one that you wrote, with a time for every frame.

## Break it

Back to painting from the words alone, where a sampler's faults show. Four samplers with the same seed, three faults. In one, the
**guidance** is 12. In one, the times are shifted **towards the clean end**, by 1/8 instead of 3. In one, the sampler **stops** two steps
too early. The fourth has no fault. Write down four letters before you open the answer.
"""


# %%
sentence, given = "a large yellow star spinning", {"seed": 2, "num_inference_steps": 12}
stopped = [step.noisy for step in from_words.stream(sentence, **given)][-3]
faults = {
    "A": from_words.with_settings(time_shift=1 / 8)(sentence, **given).frames[0],
    "B": pipe.decode(stopped)[0],
    "C": from_words(sentence, **given).frames[0],
    "D": from_words(sentence, **given, guidance_scale=12).frames[0],
}

# %% tags=["hide-input"]
row = side_by_side(list(faults.values()))
show_clip(row[::2], scale=3, fps=4, strip=False, label="A, B, C and D, from left to right")

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

- **A**: the shift. Where things are is decided near pure noise, and nearly all of its steps lie elsewhere: the first one leaps over
  the decision, and nothing is there at all. The same shift that helps a star of points ruins a video.
- **B**: two steps short. What is left looks like dirt on the lens: it is the noise that those two steps would have taken away.
- **C**: no fault. A star that nobody planned is as good as this gets; the layout is why `nano`'s stars have five points.
- **D**: guidance 12. Everything is overdone: too large, too bright, colours that were never asked for.
</details>

## Your turn 5 ★★★ (20 minutes, or at home)

**Six calls** of the velocity are all you have. Write a whole sampler, from noise to points, that ends where the exact flow of the star
leads, with an error of **less than a third** of that of six even Euler steps. The velocity can be asked at times above 0, up to 1. Good
times alone will not do; Heun alone will not do either. Put your best number in the gallery of the class.
"""


# %% exercise="six_calls" stars=3
def six_calls(velocity, noise):
    """Points at time 0, from noise at time 1, in at most six calls of velocity(points, time)."""
    ### BEGIN SOLUTION
    noisy, last, before = noise, None, None
    for now, after in pairwise((torch.linspace(1, 0, 7) ** 1.5).tolist()):
        here = velocity(noisy, now)
        bend = 0.0 if last is None else (here - last) / (now - before)
        noisy = noisy + (after - now) * (here + (after - now) / 2 * bend)
        last, before = here, now
    return noisy
    ### END SOLUTION


six_calls = check.six_calls(six_calls)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Heun pays for its second look. But you looked one step ago, too, and you still have that answer.
</details>

<details><summary>Hint 2</summary>

Two velocities at two times tell how fast the velocity changes. Half way through the coming step it will have changed by how much?
And lesson 03 has told you where a star needs short steps.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
This is the step of Adams and Bashforth (1855): second order for one call a step. The samplers called *multistep* in other
packages, such as DPM-Solver++ 2M, do the same for the guess of the clean end.
"""

# %% [markdown]
r"""
## What you have learnt

- A step is wrong as far as the velocity changes while it lasts; **Heun** looks ahead, and its error falls with the square of the step.
- **Where** the steps lie counts as much as how many there are. It depends on where the data decide.
- A **frontier** compares settings fairly: the same scenes, the same seeds, an interval on every share.
- A network can learn the **mean velocity** of a long step, if it is told how long the step is.
- `nano` is quick since its layout settles early what matters, for a fifth of the price; the pixels then need few steps.

<details><summary>Three questions to check yourself</summary>

1. *Heun needs half as many steps as Euler. Why can it still lose?* Each of its steps asks twice. At the same number of calls it takes
   steps twice as long, and with few, long steps the far end of its trial step may be far from the way.
2. *A colleague shows that 8 steps are right in 14 of 24 scenes and 4 steps in 12. Are 8 better?* Nobody can say from that. Ask on
   which scenes the two differ, or grade a few hundred.
3. *Why can a single step of the pupil make a star, but not one of its teacher?* The teacher answers with the velocity at time 1, which
   points to the middle of everything. The pupil answers with where the whole way leads.
</details>

**Next:** every frame of a clip has its own time, and so far you have moved all of them together. Lesson 08 holds some at 0 and lets the
others follow: a picture comes alive, a clip goes on, two meet, and one never ends. To read on: *Elucidating the Design Space of
Diffusion-Based Generative Models* (Karras and others, 2022, arXiv 2206.00364), Section 3; its times run to 80, the idea is the same.
"""
