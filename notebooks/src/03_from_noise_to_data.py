# %% [markdown]
r"""
# 03 From noise to data

In this lesson you write the three lines that turn noise into video, first for points on a sheet of paper, then for clips.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: less training, the same cells
model = "nano"

# %% tags=["hide-input"]
import torch

import minisora
from minisora.widgets import show_clip

seen = []
pipe = minisora.TextToVideoPipeline.from_pretrained(model)
pipe(
    "a large yellow star spinning",
    seed=3,
    num_inference_steps=16,
    callback_on_step_end=lambda pipe, index, time, now: seen.append(pipe.decode(now["latents"])[0]),
)
clearing = torch.stack([seen[min(frame, 15)][frame] for frame in range(len(seen[0]))])
show_clip(torch.cat([clearing, seen[-1]]).numpy(), strip=False, label="noise becoming a clip")

# %% [markdown]
r"""
*Look for: the first frames are noise, each frame is one step cleaner than the one before, and then the finished clip plays.*

| | |
|---|---|
| **Time** | 85 minutes; the cells themselves run in about a minute on 2 processor cores, in 0.7 GB of memory |
| **Needs** | lesson 00; what a derivative is; a network trained once before, in any framework. No GPU, no internet |
| **Afterwards you can** | mix data with noise and say what the mixture is at any time · tell a network what to learn from it · draw new data by following a velocity, step by step · say why the loss of such a network hovers, and where it stops |
"""

# %%
from matplotlib import pyplot as plt

from minisora.course.checks import lesson_03 as check

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

A clip has thousands of numbers, and nobody can draw thousands of axes. A point in the plane has two. So the "data" of the first
half of this lesson is a cloud of points on the outline of a star, and the task is the same: start from noise, end on the star.

Drag the line under the picture. There is nothing to understand yet.
"""

# %% tags=["hide-input"]
import numpy as np

from minisora.widgets import Player

clean, noise = check.star(6000), torch.randn(6000, 2)


def picture(points):
    """48 × 48 pixels, the bluer the more points lie in one."""
    count, *_ = np.histogram2d(-points[:, 1], points[:, 0], bins=48, range=[[-3.3, 2.7], [-2.5, 3.5]])
    blue = 1 - np.exp(-count / 4)[..., None]
    return (255 - blue * (255 - np.array([30, 100, 235]))).astype(np.uint8)


Player(np.stack([picture((1 - t) * clean + t * noise) for t in np.linspace(0, 1, 25)]), label="from star to noise")

# %% [markdown]
r"""
*Look for: two things happen at once. The star loses its edges, and the whole cloud moves from one place to another.*

## Predict

The star has its middle at (1.5, 1) and a spread of about 0.5 in each direction. The noise has its middle at (0, 0) and a spread
of 1. **Half way between the two**, where is the middle of the cloud, and how wide is it? Write both down, then run the cell.
"""

# %%
half_way = 0.5 * clean + 0.5 * noise
for name, points in (("star", clean), ("half way", half_way), ("noise", noise)):
    middle, spread = points.mean(0).tolist(), points.std(0).mean().item()
    print(f"{name:9} middle ({middle[0]:5.2f}, {middle[1]:5.2f})   spread {spread:.2f}")

# %% [markdown]
r"""
The middle is half way between the two middles, as you may have guessed. The spread is not: a mixture of two *independent* clouds
has the spread $\sqrt{0.5^2 \cdot 0.5^2 + 0.5^2 \cdot 1^2} \approx 0.56$, less than the 0.75 in the middle between both. Mixing
averages things out, so half way the cloud is narrower than one would think.

## The smallest numbers

One number of a clean clip, one number of noise, and a **time**. At time 0 everything is clean, at time 1 everything is noise.
By hand, for a clean 2, a noise of -1 and the time 0.25: three quarters of 2 and one quarter of -1, so 1.5 - 0.25 = 1.25.
"""

# %%
one_clean, one_noise, time = 2.0, -1.0, 0.25
noisy = (1 - time) * one_clean + time * one_noise
print(noisy)

# %% [markdown]
r"""
## The line, as an equation and as code

| | equation | code |
|---|---|---|
| clean | $x_0$ | `clean` |
| noise, standard normal | $\varepsilon$ | `noise` |
| time, from 0 to 1 | $t$ | `time` |
| what is seen at that time | $x_t = (1 - t)\, x_0 + t\, \varepsilon$ | `noisy` |

A batch has many points and a time for each of them. The times carry an axis of length 1, so that PyTorch stretches them over
the two coordinates: `(n, 1)` times `(n, 2)` is `(n, 2)`.

## Your turn 1 ★ (5 minutes)

Write the line. The last line of the cell tries your function and tells you what it sees; it never tells you the answer.
"""


# %% exercise="interpolate" stars=1
def interpolate(clean, noise, time):
    """The point at `time` on the straight line from clean (time 0) to noise (time 1)."""
    ### BEGIN SOLUTION
    return (1 - time) * clean + time * noise
    ### END SOLUTION


interpolate = check.interpolate(interpolate)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

It is a weighted mean, and the two weights add up to 1. Which weight must be 0 at time 0? And which one at time 1?
</details>
"""

# %% [markdown]
r"""
## Why a velocity

Here are the ways of sixty points from the star to their noise. Each one is a straight line, walked at an even pace.
"""

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(5, 4))
ends = zip(clean[:60], noise[:60], strict=True)
for start, end in ends:
    axis.plot(*zip(start, end, strict=True), color="#B9B9BE", linewidth=0.8)
axis.scatter(*noise[:60].T, s=12, color="#3C3C43", zorder=2)
axis.scatter(*clean[:60].T, s=12, zorder=2)
axis.text(0, 1.02, "star, time 0", color="#1E64EB", transform=axis.transAxes)
axis.text(1, 1.02, "noise, time 1", color="#3C3C43", ha="right", transform=axis.transAxes)
axis.set(aspect="equal", xlabel="x", ylabel="y")
plt.show()

# %% [markdown]
r"""
*Look for: lines that cross. At a crossing, two points are at the same place, and go on in different directions.*

On a straight line that is walked at an even pace, the **velocity** is the same everywhere: how far the point gets in one unit of
time. A network that could tell the velocity at every place and time would lead us from any noise back to the star. So this is
what it learns. At a crossing it cannot know which of two points it sees, and learns the mean of both; you will see that this is
enough.

## Your turn 2 ★ (3 minutes)

What is the velocity of the point that is at `clean` at time 0 and at `noise` at time 1? It is one operation.
"""


# %% exercise="velocity_target" stars=1
def velocity_target(clean, noise):
    """How far a point gets in one unit of time, on its way from clean (time 0) to noise (time 1)."""
    ### BEGIN SOLUTION
    return noise - clean
    ### END SOLUTION


velocity_target = check.velocity_target(velocity_target)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Take the smallest numbers: from 2 to -1 in one unit of time. What must be added to 2 to arrive at -1?
</details>
"""

# %% [markdown] tags=["solution"]
r"""
It is also the derivative of $x_t = (1 - t)\,x_0 + t\,\varepsilon$ with respect to $t$.
"""

# %% [markdown]
r"""
## Train it

The network takes a noisy point and its time, and guesses the velocity. Three hidden layers are enough for a star. The time enters
as one more number beside the coordinates.
"""

# %%
from torch import nn


class Network(nn.Module):
    """Takes noisy data of `size` numbers and its time; gives as many numbers back."""

    def __init__(self, size, width=128):
        super().__init__()
        layers = [nn.Linear(size + 1, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, width), nn.SiLU(), nn.Linear(width, size))

    def forward(self, noisy, time):
        flat = torch.cat([noisy.flatten(1), time.flatten(1)], dim=1)  # (b, size + 1)
        return self.layers(flat).view_as(noisy)


# %% [markdown]
r"""
The **loss** is four lines: draw noise, draw times, mix, and compare what the network says with the true velocity.
"""


# %%
def velocity_loss(network, clean):
    noise = torch.randn_like(clean)
    time = torch.rand(len(clean), 1)  # one for each point
    guess = network(interpolate(clean, noise, time), time)
    return (guess - velocity_target(clean, noise)).square().mean()


# %% [markdown]
r"""
One loop trains whatever loss it is given. The folded cell draws what you see meanwhile: the loss, and points that the network
makes. How it makes them is your next exercise.
"""


# %%
def train(network, loss_of, steps, rate=3e-3, show=None):
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    losses = []
    for step in range(1, steps + 1):
        loss = loss_of(network)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if show and (step % (steps // 6) == 0 or step == steps // 30):
            show(losses)
    return losses


# %% tags=["hide-input"]
from IPython.display import HTML, display


def smooth(losses, over=50):
    return np.convolve(losses, np.ones(over) / over, "valid")


def drawn(network, count=800, steps=20):
    """Points that the network makes; you write this yourself in the third exercise."""
    points = torch.randn(count, 2)
    with torch.no_grad():
        for k in range(steps, 0, -1):
            points = points - network(points, torch.full((count, 1), k / steps)) / steps
    return points


# %% tags=["hide-input"]
def show_star(losses):
    snapshots.append((len(losses), drawn(network)))
    figure = plt.figure(figsize=(10, 3.6))
    top, bottom = figure.subfigures(2, 1, height_ratios=[1.6, 1])
    axis = top.subplots()
    axis.plot(smooth(losses))
    axis.set(xlabel="step", ylabel="loss, mean of 50", ylim=(0, 2), xlim=(0, steps))
    for axis, (step, points) in zip(bottom.subplots(1, 7), snapshots[-7:], strict=False):
        axis.scatter(*points.T, s=0.4)
        axis.set(xlim=(-0.2, 3.2), ylim=(-0.7, 2.7), aspect="equal", title=f"step {step}")
        axis.axis("off")
    plt.close(figure)
    live.update(figure)


# %%
network, steps, snapshots = Network(size=2), 120 if fast else 3000, []
live = display(HTML(""), display_id=True)
losses = train(network, lambda network: velocity_loss(network, check.star(512)), steps, show=show_star)

# %% [markdown]
r"""
*Look for: the loss falls at once and then hovers around 0.75, while the points below it get better and better.*

## Why the loss never reaches zero

A loss that hovers looks like a network that has stopped learning. It has not, and two data points are enough to see why. Let the
data be the two numbers -1 and +1, each as likely as the other, and look at time 1: there is only noise, and it does not say which
of the two it will become. The best guess is their middle, 0, and it is *always* off by 1.

At any time, the best guess of the clean number is the mean of both, each weighed by how likely it is. For -1 and +1 this comes
out as one function:

$$\mathbb{E}[x_0 \mid x_t] = \tanh\!\left(\frac{(1 - t)\, x_t}{t^2}\right)$$
"""


# %%
def minus_or_plus(count):
    return torch.randint(2, (count, 1)) * 2.0 - 1  # -1 or +1


clean_1d, noise_1d, time_1d = minus_or_plus(10**6), torch.randn(10**6, 1), torch.rand(10**6, 1).clamp(min=1e-3)
noisy_1d = interpolate(clean_1d, noise_1d, time_1d)
best_clean = torch.tanh((1 - time_1d) * noisy_1d / time_1d**2)
best_velocity = (noisy_1d - best_clean) / time_1d
best_loss = (best_velocity - velocity_target(clean_1d, noise_1d)).square().mean().item()
print(f"No network can have a loss below {best_loss:.3f}.")

# %% [markdown]
r"""
<details><summary>Where the tanh comes from</summary>

Given $x_t$, the noise was either $\varepsilon_+ = (x_t - (1-t))/t$ or $\varepsilon_- = (x_t + (1-t))/t$. The ratio of the two
likelihoods is $\exp\left((\varepsilon_-^2 - \varepsilon_+^2)/2\right) = \exp\left(2 (1-t)\, x_t / t^2\right)$, and
$(r - 1)/(r + 1)$ with $r = e^{2a}$ is $\tanh a$.
</details>

**Before you run it**: will a network that is trained on these two numbers get below that line, touch it, or stay far above?
"""

# %%
steps_1d, small = 100 if fast else 3000, Network(size=1, width=64)
losses_1d = train(small, lambda network: velocity_loss(network, minus_or_plus(512)), steps_1d, rate=1e-2)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
axis.plot(smooth(losses_1d))
axis.axhline(best_loss, color="#3C3C43", linewidth=1, linestyle="--")
axis.text(len(losses_1d), best_loss - 0.04, "the best that is possible", va="top", ha="right")
axis.set(xlabel="step", ylabel="loss, mean of 50", ylim=(0, 2))
plt.show()

# %% [markdown]
r"""
*Look for: the curve comes down to the dashed line, and stays there.*

So the height of the loss says little: most of it is what nobody could know. Compare it with its own best, never with zero, and
look at samples.

## Your turn 3 ★★ (10 minutes)

Now the way back. Begin with noise at time 1, ask for the velocity, and go a little way along it, to an earlier time; then ask
again. One such stretch is an **Euler step**. Write it: from `noisy` at time `now` to where the point will be at time `after`.

The check follows your step through a Gaussian, whose flow can be written down exactly, in 5, 50 and 500 steps.
"""


# %% exercise="euler_step" stars=2
def euler_step(noisy, velocity, now, after):
    """Go from time `now` to time `after` (earlier, so smaller), along a velocity that stays the same meanwhile."""
    ### BEGIN SOLUTION
    return noisy + (after - now) * velocity
    ### END SOLUTION


euler_step = check.euler_step(euler_step)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

Velocity times the time that passes is the distance. How much time passes from `now` to `after`?
</details>

<details><summary>Hint 2</summary>

Time falls while we go back, so the time that passes is a negative number. Leave it negative.
</details>
"""

# %% [markdown]
r"""
Many steps, one after another, are a **sampler**. It takes any function that tells the velocity.
"""

# %%
from itertools import pairwise


@torch.no_grad()
def generate(velocity, noise, times):
    noisy = noise
    for now, after in pairwise(times):
        noisy = euler_step(noisy, velocity(noisy, now), now, after)
    return noisy


# %% [markdown]
r"""
## How many steps?

Each step asks the network once, so twice the steps take twice as long. **Predict**: what does a *single* step from the noise make
of the star?
"""


# %%
def star_velocity(noisy, now):
    return network(noisy, now.expand(len(noisy), 1))


counts = [1, 2, 3, 5, 10, 20, 50]
made = {count: generate(star_velocity, torch.randn(1500, 2), torch.linspace(1, 0, count + 1)) for count in counts}

# %% tags=["hide-input"]
figure, axes = plt.subplots(1, 4, figsize=(10, 2.6))
for axis, count in zip(axes, (1, 3, 10, 50), strict=True):
    axis.scatter(*made[count].T, s=0.8)
    axis.set(xlim=(-0.2, 3.2), ylim=(-0.5, 2.5), aspect="equal", title=f"{count} step" + "s" * (count > 1))
    axis.axis("off")
plt.show()

# %% [markdown]
r"""
*Look for: one step lands in the middle of the star, where nothing is.* You have met the reason: at time 1 the best guess is the
mean of everything. Every further step asks anew, with less noise in the way.

How far are the points from the nearest point of the star?
"""

# %%
outline = check.star(5000)
distance = {count: torch.cdist(points, outline).amin(1).mean().item() for count, points in made.items()}
print("  ".join(f"{count}: {value:.3f}" for count, value in distance.items()))

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
axis.loglog(counts, list(distance.values()), marker="o")
far = [0.05, 0.1, 0.2, 0.4]
axis.set(xlabel="steps", ylabel="distance from the star")
axis.set(xticks=counts, xticklabels=counts, yticks=far, yticklabels=far, ylim=(0.04, 0.5))
axis.minorticks_off()
plt.show()

# %% [markdown]
r"""
*Look for: where the curve goes flat. From there on it is not the steps that are missing, it is the network.*

## From points to clips

Now the same three functions on clips: eight frames of 8 × 8 pixels, in which a dot moves left, right, up or down, and comes back
in on the other side. `interpolate`, `velocity_target` and `euler_step` stay as they are, since they never asked what it is that
they mix.
"""


# %%
def moving_dots(count):
    """(count, 8 frames, 8, 8): a dot for each clip, with a mean of 0 and a spread of 1 over all pixels."""
    start, way = torch.randint(8, (count, 1, 2)), torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1]])
    place = start + way[torch.randint(4, (count, 1))] * torch.arange(8)[:, None]  # (count, 8, 2)
    far = (torch.arange(8) - place[..., None] + 4) % 8 - 4  # around the edge, the shorter way
    near = torch.exp(-far.float().square())
    clips = near[:, :, 0, :, None] * near[:, :, 1, None, :]  # (count, 8, 8, 8)
    return (clips - 0.049) / 0.151


# %% tags=["hide-input"]
def sheet(clips):
    """Sixteen clips side by side, as one film (8, 36, 36, 3)."""
    grey = ((clips[:16] * 0.151 + 0.049).clamp(0, 1) * 255).byte().view(4, 4, 8, 8, 8)
    framed = torch.nn.functional.pad(grey, (0, 1, 0, 1), value=60)
    return framed.permute(2, 0, 3, 1, 4).reshape(8, 36, 36)[..., None].expand(-1, -1, -1, 3).numpy()


# %%
show_clip(sheet(moving_dots(16)), scale=8, strip=False, label="what it should learn")

# %% [markdown]
r"""
One thing is new. A clip has 512 numbers, nearly all of them dark, and the velocity of each contains its noise: the network would
have to repeat 512 random numbers exactly. The *clean* clip is far less to say. And whoever knows one knows the other:

$$x_t = (1 - t)\,x_0 + t\,\varepsilon \quad\text{and}\quad v = \varepsilon - x_0 \quad\text{give}\quad v = \frac{x_t - x_0}{t}$$

So here the network guesses the clean clip. This is what minisora's own network does. Errors near time 1 count less, since there
nobody could guess the details:
"""


# %% package="minisora.diffusion.flow"
def loss_weight(time):
    return 0.3 + 0.7 * (1 - time)


# %%
def clean_loss(network, clean):
    noise = torch.randn_like(clean)
    time = torch.rand(len(clean), 1, 1, 1)
    guess = network(interpolate(clean, noise, time), time)
    return ((guess - clean).square() * loss_weight(time)).mean()


def clip_velocity(noisy, now):
    return (noisy - clip_network(noisy, now.expand(len(noisy), 1))) / now


# %%
clip_network, clip_steps = Network(size=512, width=256), 60 if fast else 1500
clip_losses = train(clip_network, lambda network: clean_loss(network, moving_dots(128)), clip_steps)
noise = torch.randn(16, 8, 8, 8)
clips = generate(clip_velocity, noise, torch.linspace(1, 0, 21))
show_clip(sheet(clips), scale=8, strip=False, label="sixteen clips that nobody drew")

# %% [markdown]
r"""
*Look for: one dot in each clip, on a straight way, at an even pace. A few have two weak dots: the network could not decide.*

Nobody told it what a dot is, that there is one, or that it moves. All of this is in which clips are likely.

## What you wrote, and what minisora runs

`minisora.diffusion` holds the same functions. There the times of a clip are one for *each frame*, which will be the trick of
lesson 08; with the same time for all frames the two must agree.
"""

# %%
from minisora import diffusion

clean, time = moving_dots(16), torch.rand(16, 1)
ours, theirs = interpolate(clean, noise, time[..., None, None]), diffusion.interpolate(clean, noise, time.expand(16, 8))
torch.testing.assert_close(ours, theirs)
torch.testing.assert_close(velocity_target(clean, noise), diffusion.velocity_target(clean, noise))

# %% [markdown]
r"""
And the sampler: `denoise` takes a function that guesses the clean clip and a plan of times, one row a step, one column a frame.
"""

# %%
plan = torch.linspace(1, 0, 21)[:, None].expand(-1, 8)  # (steps + 1, frames)
with torch.no_grad():
    steps_taken = diffusion.denoise(lambda noisy, time: clip_network(noisy, time[:, :1]), noise, plan)
    torch.testing.assert_close(clips, diffusion.last_clean(steps_taken), atol=1e-4, rtol=1e-4)

# %% tags=["hide-input"]
import inspect

for written in (diffusion.interpolate, diffusion.velocity_target, diffusion.flow_loss, diffusion.samplers.euler):
    lines, first = inspect.getsourcelines(written)
    print(f"{written.__module__.replace('.', '/')}.py, lines {first}-{first + len(lines) - 1}: {written.__name__}")

# %% [markdown]
r"""
You have written these lines. Open [flow.py](../minisora/diffusion/flow.py) and [samplers.py](../minisora/diffusion/samplers.py)
and find your own in them. What is more there: shapes are checked, and each frame has a time of its own.

## Break it

Three clips, three faults. In one, the **sign** of the step is wrong. In one, the noise at the start is only **half as loud** as it
should be. In one, the network was trained on a **single clip**. Which is which? Write down three letters before you open the answer.
"""


# %%
def one_clip(noisy, now):
    return (noisy - lonely_network(noisy, now.expand(len(noisy), 1))) / now


only, lonely_network = moving_dots(1), Network(size=512, width=64)
train(lonely_network, lambda network: clean_loss(network, only.expand(32, -1, -1, -1)), 50 if fast else 400)
times = torch.linspace(1, 0, 21)
faults = {
    "A": generate(clip_velocity, noise / 2, times),
    "B": generate(one_clip, noise, times),
    "C": generate(lambda noisy, now: -clip_velocity(noisy, now), noise, times),
}

# %% tags=["hide-input"]
rows = np.concatenate([np.pad(sheet(faults[letter]), ((0, 0), (0, 0), (0, 6), (0, 0))) for letter in "ABC"], axis=2)
show_clip(rows[:, :, :-6], scale=6, strip=False, label="A, B and C, from left to right")

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

- **A**: half the noise. To the network, quiet noise looks like a clip that is half finished and in which no dot has shown itself,
  so it gives the mean of all clips: a grey in which nothing is. Video whose latents are scaled wrongly looks like this.
- **B**: a single clip. Sixteen different noises, one answer. The loss of this network is the lowest of all: a low loss is no proof.
- **C**: the sign. Each step goes away from the data, and adds to the noise.

And a wrong **time**? Tell `clip_network` that it is always 1, and hardly anything changes. How noisy 512 numbers are can be seen
from the numbers themselves. Two numbers do not show it: try the same with the star.
</details>

## Your turn 4 ★★★ (15 minutes, or at home)

Five steps are all you may take. But nobody said that they must be of the same length. Find six times, from 1 to 0, with which five
steps come **at least twice as near** to the star as five even ones. The check uses the exact velocity of the star, so only your
times count. Write your best number on the board.
"""

# %% exercise="five_times" stars=3
my_times = (
    ### BEGIN SOLUTION
    torch.linspace(1, 0, 6) ** 2
    ### END SOLUTION
)

my_times = check.five_times(my_times)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

Look at the row of stars under *How many steps?* once more. Is the outline settled at the beginning of the way, or at its end?
Make steps short where much is decided.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
Squared times spend four of five steps below 0.64. There are better ones. Which times are best depends on the data: for
minisora's video it is the *other* way round, since where things are is decided near pure noise, and its times are shifted
towards 1 (`shift_times` in `flow.py`). Lesson 07 measures it.
"""

# %% [markdown]
r"""
## What you have learnt

- Data and noise are the two ends of a straight line; the time says how far along it you are.
- The velocity along that line is one subtraction, and a network learns to guess it, or the clean end, which is as good.
- A sampler starts from noise and follows the guesses, one Euler step after another.
- The loss hovers, because much of what it asks for cannot be known; its own best is the number to compare with.
- None of this asks what the data are: points, clips, and latents of clips are all the same to it.

<details><summary>Three questions to check yourself</summary>

1. *The loss of your network has been flat for an hour. Is it done?* The loss alone cannot say. Look at samples, which may still be
   getting better, and compare with the best loss if you can work it out.
2. *Why does a single step from the noise give the middle of the star?* At time 1 the noise tells nothing about the point it will
   become, so the best guess is the mean of all points.
3. *A friend's network guesses the noise, not the velocity. Can you sample from it?* Yes: from $x_t$, $t$ and $\varepsilon$ follows
   $x_0 = (x_t - t\,\varepsilon)/(1 - t)$, and from that the velocity. At time 1 it divides by zero, which is one reason not to.
</details>

**Next:** the network here saw 512 numbers in a row and no frames, no neighbours. Lesson 04 builds one that knows what space and time
are. To read on: *Flow Straight and Fast* (Liu, Gong and Liu, 2022, arXiv 2209.03003), Section 2.1; there time runs the other way.
"""
