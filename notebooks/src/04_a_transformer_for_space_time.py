# %% [markdown]
r"""
# 04 A transformer for space-time

In this lesson you build the network behind the clip below from its smallest parts, put your own into the shipped model, and see where
it looks while it draws.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: less training, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

import minisora
from minisora.pipeline.looking import looks_of, passes_of
from minisora.widgets import AttentionViewer, show_clip
from minisora.widgets.heat import heat_on

prompt = "a small red circle moving right and a large blue star staying still"
pipe = minisora.TextToVideoPipeline.from_pretrained(model)
sampling = pipe.stream(prompt, seed=0)
passes = list(passes_of(sampling))
clip = sampling.result()
looks = looks_of(pipe, passes[2], prompt)


def lit(frames, places):
    """The whole clip, cyan where attention goes; places (z, y, x) hold for four frames each, the first for one."""
    still = [heat_on(np.repeat(frame[None], len(frames), 0), places) for frame in frames]
    return np.stack([still[f][(f + 3) // 4] for f in range(len(frames))])


# %% tags=["hide-input"]
frames = clip.frames[0].numpy()
beside = np.concatenate([frames, lit(frames, looks.from_place(2, 2, 2, layer=2, head=2).places)], axis=2)
show_clip(beside, strip=False, label="the clip, and where one of 24 heads looks from the circle in its middle")

# %% [markdown]
r"""
*Look for: the cyan is where the circle is, in every frame, and a little of it on the star. Nobody told the network to follow it.*

| | |
|---|---|
| **Time** | 90 minutes; the cells themselves take about a minute and a half on 2 processor cores, and 600 MB of memory |
| **Needs** | lessons 02 and 03; matrix products. No GPU, no internet |
| **Afterwards you can** | cut a video into tokens · write attention and rotary positions from memory · say what a network without positions cannot see, and what a causal one cannot · count parameters and FLOPs of a transformer before you build it |
"""

# %%
from matplotlib import pyplot as plt

from minisora.course.checks import lesson_04 as check

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

Press *Make a clip*, then click on a place in a frame, and see where the network looks from there; or click on a word, and see who
looks at it. Each of the 8 layers has 3 heads, and each head looks at something else. There is nothing to understand yet.
"""

# %%
viewer = AttentionViewer(pipe, prompt)
viewer

# %% [markdown]
r"""
*Look for: a corner of the star asks, and most of the cyan lies on the star, in its own frame and in all others.*

## Predict

The network has four kinds of things to look at: places in the **same frame**, places in **other frames**, the **plan** (four rows a
frame that say where each thing is, as in lesson 00), and the **words**. From the place of the red circle in the middle of the clip,
how much of its attention goes to each? Write down four percentages. Most people are far off on one of them.
"""

# %%
shares = looks.by_head(frame=2, row=2, column=2).mean(dim=(0, 1))  # the mean of all heads
for kind, share in zip(("this frame", "other frames", "the plan", "the words"), shares, strict=True):
    print(f"{kind:14}{100 * share:3.0f} %")

# %% [markdown]
r"""
So little for the words? By now they have done their work: the plan was drawn from them, and they come in through a second door as
well, together with the time. Lesson 05 is about both. This one is about the rest: what a *look* is, and who may look where.

## From a video to tokens

A transformer works on a list of vectors, the **tokens**. A clip of 17 frames of 64 × 64 pixels has left the autoencoder as 5 latent
frames of 16 × 16 places with 8 numbers each. Every 4 × 4 places become one token. The smallest example is one frame of 4 × 4 places,
cut into patches of 2 × 2:
"""

# %%
from einops import rearrange

frame = torch.arange(16).view(4, 4)
patches = rearrange(frame, "(y p) (x q) -> (y x) (p q)", p=2, q=2)
print(frame, patches, sep="\n\n")

# %% [markdown]
r"""
*Look for: the first row of the second table. It is the top left corner of the first: 0, 1 and, from the line below, 4, 5.*

Read the pattern aloud: the height is `y` patches of `p` places, the width `x` patches of `q`. Each patch becomes a row, its places
stand side by side. **How many tokens has the clip, and how many numbers has each?** Work it out, then run the cell.
"""

# %%
latents = pipe.encode(clip.frames)  # (b, z, lh, lw, c)
tokens = rearrange(latents, "b z (y p) (x q) c -> b (z y x) (p q c)", p=4, q=4)
print(tuple(latents.shape), "→", tuple(tokens.shape))

# %% [markdown]
r"""
80 tokens of 128 numbers, 16 for each frame. One matrix brings them to the network's **width**, 192; another one, at the end, brings
them back. Nothing in between knows that they were pictures.

## Attention on three tokens, by hand

A token asks, others answer. What it asks is its **query**, what the others offer to be found by is their **key**, and what they hand
over is their **value**. Queries and keys are vectors; a product says how well they fit, and **softmax** makes shares of the products.

| | key | query (1, 0) · key | $e^{\text{score}}$ | share | value |
|---|---|---|---|---|---|
| token 1 | (2, 0) | 2 | 7.39 | 0.79 | 10 |
| token 2 | (0, 2) | 0 | 1 | 0.11 | 20 |
| token 3 | (0, 0) | 0 | 1 | 0.11 | 30 |

The answer is the values, mixed by these shares: 0.79 · 10 + 0.11 · 20 + 0.11 · 30, about 13.2.
"""

# %%
query, key = torch.tensor([1.0, 0.0]), torch.tensor([[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]])
value = torch.tensor([10.0, 20.0, 30.0])
share = torch.exp(key @ query) / torch.exp(key @ query).sum()
print(share, share @ value)

# %% tags=["hide-input"]
figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 2.8))
for k, (x, y) in enumerate(key.tolist()):
    left.plot([0, x], [0, y], color="#8A8A90", marker="o", markevery=[1])
    left.text(x + 0.08, y + 0.08, f"key {k + 1}", color="#3C3C43")
left.annotate("", (1, 0), (0, 0), arrowprops={"color": "#1E64EB", "width": 2, "headwidth": 8})
left.text(0.5, -0.35, "query", color="#1E64EB")
left.set(xlim=(-0.3, 2.9), ylim=(-0.6, 2.5), aspect="equal", xticks=[0, 1, 2], yticks=[0, 1, 2])
right.bar(["token 1", "token 2", "token 3"], share, color=["#1E64EB", "#B9B9BE", "#B9B9BE"])
right.set(ylabel="share", ylim=(0, 1))
plt.show()

# %% [markdown]
r"""
*Look for: the key that points the way the query points gets most. The others still get something: softmax never says 0.*

## Your turn 1 ★ (5 minutes)

Now for all queries at once. A batch of clips has `b` entries, and each **head** `e` does the whole thing by itself with its own
queries, keys and values. The equation is $\operatorname{softmax}(Q K^\top)\, V$, and the queries come already scaled.

Shapes: query `(b, e, n, d)`, key and value `(b, e, m, d)`. The `n` who ask need not be as many as the `m` who answer.
"""


# %% exercise="attend" stars=1
def attend(query, key, value):
    """What each query gets: the values, mixed by how well the keys fit. (b, e, n, d)"""
    ### BEGIN SOLUTION
    scores = query @ key.transpose(-2, -1)  # (b, e, n, m)
    return scores.softmax(dim=-1) @ value
    ### END SOLUTION


attend = check.attend(attend)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

`@` multiplies the last two axes as matrices and leaves the others alone. To get `(n, m)` from `(n, d)` and `(m, d)`, one of the two
must be turned over: `.transpose(-2, -1)`.
</details>

<details><summary>Hint 2</summary>

Each query shares out a total of 1 among the keys. Along which axis does the softmax add up, then?
</details>
"""

# %% [markdown]
r"""
## What attention cannot see

**Predict**: shuffle the tokens of a clip, so that frames and places are in any order. How does what they get change?
"""

# %%
x = torch.randn(1, 1, 80, 16)  # 80 tokens, one head
order = torch.randperm(80)
before, after = attend(x, x, x), attend(x[:, :, order], x[:, :, order], x[:, :, order])
print((after - before[:, :, order]).abs().max())

# %% [markdown]
r"""
It does not, but for rounding: every token gets what it got before, wherever it stands now. To attention, a clip is a *bag* of patches.
It could not tell a clip from the same clip run backwards. So where a token stands must be written into it.

## Positions are turns

Here is a way to write it. Take two channels of a query as an arrow, and **turn** it by an angle that grows with its position. Do the
same to the keys. What counts in attention is their product, and the product of two arrows depends on the angle *between* them alone.

By hand: a query at position 3 and a key at position 1, one radian for each step. Both arrows were (1, 0). Their angle is 3 - 1 = 2, and
their product $\cos 2 \approx -0.42$. At positions 13 and 11 it is the same.
"""


# %%
def arrow(position):
    angle = torch.tensor(float(position))
    return torch.stack([angle.cos(), angle.sin()])  # (1, 0), turned


print(arrow(3) @ arrow(1), arrow(13) @ arrow(11))

# %% [markdown]
r"""
So a product tells **how far apart** two tokens are, never where the pair stands. What is learnt in one corner of the frame holds in
every other, and in frame 200 as in frame 2.

## Your turn 2 ★★ (8 minutes)

A head has more than two channels. Channel $i$ of the first half and channel $i$ of the second half are one arrow $(a, b)$, and each
arrow has its own angle $\varphi$, so each turns at its own speed. A turned arrow is

$$(a \cos\varphi - b \sin\varphi,\;\; a \sin\varphi + b \cos\varphi)$$

Shapes: x `(..., d)`, cosine and sine `(..., d/2)`.
"""


# %% exercise="apply_rotary" stars=2
def apply_rotary(x, cosine, sine):
    """Turn the pairs (channel i, channel i + d/2) of x, each by its own angle."""
    ### BEGIN SOLUTION
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1)
    ### END SOLUTION


apply_rotary = check.apply_rotary(apply_rotary)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

`x.chunk(2, dim=-1)` gives both halves: all the $a$, and all the $b$.
</details>

<details><summary>Hint 2</summary>

Make both new halves from the *old* ones, and put them one behind the other with `torch.cat`.
</details>
"""

# %% [markdown]
r"""
## Three axes

A token of a video stands in a frame, in a row and in a column. Every axis gets its own share of the pairs: of the 32 pairs of one of
minisora's heads, 8 are turned by the frame, 12 by the row and 12 by the column. Within a share, the first pair turns by one radian a
step, the last ones up to a hundred times slower: some tell neighbours apart, some tell near from far.
"""


# %% package="minisora.models.layers"
def rotary_angles(coordinates, pairs, base):
    shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
    parts = []
    for coordinate, count in zip(coordinates, pairs, strict=True):
        steps = torch.arange(count, device=coordinate.device, dtype=coordinate.dtype)
        speed = base ** (-steps / count)
        parts.append((coordinate[..., None] * speed).expand(*shape, count))
    return torch.cat(parts, dim=-1)


# %%
def angles_of(z, y, x, pairs, axes=(1, 1, 1)):
    """Angles (z × y × x, 1, pairs) of all tokens; an axis that is multiplied by 0 turns nothing."""
    places = torch.meshgrid(*(torch.arange(count).float() for count in (z, y, x)), indexing="ij")
    scaled = [place * on for place, on in zip(places, axes, strict=True)]
    return rotary_angles(scaled, pairs, base=100.0).flatten(0, 2)[:, None]


# %% [markdown]
r"""
What does that do to attention? Let **all tokens have the same content**, so that nothing but the position counts, and ask from the
middle of the middle frame.
"""

# %%
angles = angles_of(5, 9, 9, pairs=(8, 12, 12))  # (405, 1, 32)
same = torch.ones(405, 1, 64) / 8  # of length 1
turned = apply_rotary(same, angles.cos(), angles.sin())[:, 0]
nearness = (turned @ turned[202]).view(5, 9, 9)  # token 202 stands in frame 2, row 4, column 4

# %% tags=["hide-input"]
from matplotlib.colors import LinearSegmentedColormap

blues = LinearSegmentedColormap.from_list("accent", ["#FFFFFF", "#1E64EB"])


def row_of_frames(pictures, titles, size=1.7, least=None, most=None):
    _, axes = plt.subplots(1, len(pictures), figsize=(size * len(pictures), size + 0.3))
    for axis, picture, title in zip(axes, pictures, titles, strict=True):
        axis.imshow(picture, cmap=blues, vmin=least, vmax=most)
        axis.set(xticks=[], yticks=[], title=title)
        axis.spines[:].set_visible(True)
    plt.show()


row_of_frames(nearness, [f"frame {k}" for k in range(5)], least=nearness.min(), most=1)

# %% [markdown]
r"""
*Look for: brightest at the asker's own place; it fades with the distance in each direction, and from frame to frame.*

Near is what a token prefers before it has learnt anything. Training then bends the queries and keys until a head prefers, say, one
place to the left and one frame earlier.

## Why queries and keys are normalised

**Predict**: a hundred random tokens. Make their numbers 1, 3, 10 times as large. How much does the best of the hundred keys get?
"""


# %% package="minisora.models.layers"
def normalise(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


# %%
from torch.nn import functional as F

for larger in (1, 3, 10):
    query, key = larger * torch.randn(2, 100, 64)
    plain = (query @ key.T / 8).softmax(-1).amax(-1).mean()  # 8 is the root of 64
    normed = (normalise(query) @ normalise(key).T / 8).softmax(-1).amax(-1).mean()
    print(f"{larger:3} times: the best key gets {plain:.2f}, normalised {normed:.2f}")

# %% [markdown]
r"""
Numbers that grow a little in training make attention all or nothing, and where softmax is all or nothing it hardly learns any more. So
queries and keys are brought to mean 0 and variance 1 first. How sharp a head wants to look is then one number, its `sharpness`:
"""

# %%
for layer, block in enumerate(pipe.parts.denoiser.blocks):
    print(f"layer {layer}:", *(f"{sharp:.1f}" for sharp in block.attention.sharpness[:, 0]))

# %% [markdown]
r"""
*Look for: all began at 1.0. The last layers look sharply, the first ones widely.*

## The whole attention

Now all of it, as the package has it. Words are looked at like tokens: they bring keys and values, but ask nothing, and stand nowhere,
so their keys are not turned. Your `attend` and your `apply_rotary` do the work.
"""

# %%
import math

from torch import nn
from torch.nn.functional import silu


# %% package="minisora.models.transformer"
class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)  # one product instead of three
        self.text_kv = nn.Linear(config.text_width, 2 * config.width, bias=False)
        self.sharpness = nn.Parameter(torch.empty(config.heads, 1))  # normalised q and k need a temperature
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x, words, positions):
        qkv = rearrange(self.qkv(x), "b n (three e d) -> three b n e d", three=3, e=self.heads)
        text_key, text_value = rearrange(self.text_kv(words), "b m (two e d) -> two b m e d", two=2, e=self.heads)
        query, key = apply_rotary(normalise(qkv[:2]), *positions)  # each (b, n, e, d)
        query = query * (self.sharpness / math.sqrt(query.shape[-1])).to(query.dtype)
        key = torch.cat([key, normalise(text_key)], dim=1)  # (b, n + m, e, d)
        value = torch.cat([qkv[2], text_value], dim=1)  # (b, n + m, e, d)
        seen = attend(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2))  # (b, e, n, d)
        return self.out(rearrange(seen, "b e n d -> b n (e d)"))


# %% [markdown]
r"""
## Each token by itself: SwiGLU

Attention moves things between tokens; then each token thinks for itself. The first matrix makes two numbers for each hidden channel,
a **gate** and a value: the gate says how much of the value passes. $\operatorname{silu}(g) = g \cdot \operatorname{sigmoid}(g)$ is near 0
for a negative gate and near $g$ for a large one.
"""

# %%
for gate in (-4.0, 0.0, 4.0):
    print(f"gate {gate:4}: a value of 10 leaves as {silu(torch.tensor(gate)) * 10:5.1f}")


# %% package="minisora.models.layers"
class SwiGLU(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.into = nn.Linear(width, 2 * hidden, bias=False)  # both halves in one product
        self.out = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        gate, value = self.into(x).chunk(2, dim=-1)
        return self.out(F.silu(gate) * value)


# %% [markdown]
r"""
## How the time comes in: adaLN

At time 1 a token must be made up from words, at time 0.1 it needs a little polish. So every layer has to know the time. **adaLN** tells
it three numbers for each channel: a **shift** and a **scale** for what goes into a layer, and a **gate** for what comes out.

By hand, for a token with the two channels (5, 1): mean 3, spread 2, normalised (1, -1). With scale 0.5 and shift 1 it goes in as
(2.5, -0.5). With the gate at 0, whatever the layer answers is not heard.
"""

# %%
token, scale, shift = torch.tensor([5.0, 1.0]), 0.5, 1.0
print(normalise(token) * (1 + scale) + shift)

# %% [markdown]
r"""
These numbers come from the time (and the pooled words) through *one* matrix that all blocks share. Each block adds a small **table** of
its own. A matrix for each block would cost $8 \cdot 192 \cdot 1152$ parameters, more than a third of what all blocks have now.

And now the block. Attention, then SwiGLU, each shifted, scaled and gated, each *added* to what was there:
"""


# %% package="minisora.models.transformer"
class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = Attention(config)
        self.mlp = SwiGLU(config.width, config.hidden)
        self.table = nn.Parameter(torch.empty(6, config.width))  # shift, scale, gate; twice

    def forward(self, x, modulation, words, positions):
        frames = x.shape[1]
        shift, scale, gate, shift2, scale2, gate2 = (modulation + self.table).unbind(-2)  # each (b, z, 1, d)
        mixed = self.attention((normalise(x) * (1 + scale) + shift).flatten(1, 2), words, positions)  # (b, n, d)
        x = x + gate * mixed.unflatten(1, (frames, -1))
        return x + gate2 * self.mlp(normalise(x) * (1 + scale2) + shift2)


# %% [markdown]
r"""
Look at `modulation`: `(b, z, 1, 6, d)`. It has an axis for the **frame**, so each frame may have a time of its own. Remember that; the
next experiment lives on it.

## Your block in the shipped model

Is it right? There is a hard test. Take the shipped network, throw its eight blocks away, put *yours* in their place with the trained
weights, and draw the same clip.
"""

# %%
from copy import deepcopy

ours = deepcopy(pipe.parts.denoiser)
for k, theirs in enumerate(pipe.parts.denoiser.blocks):
    ours.blocks[k] = Block(ours.config)
    ours.blocks[k].load_state_dict(theirs.state_dict())
own_pipe = minisora.TextToVideoPipeline.from_pretrained(model, denoiser=ours)
own_clip = own_pipe(prompt, seed=0)
torch.testing.assert_close(own_clip.frames, clip.frames, atol=2, rtol=0)

# %% [markdown]
r"""
No complaint: pixel for pixel the clip from the top of this page, drawn by the attention that you wrote. `denoiser=` takes any network;
that is the door for your own ideas, too.

## Train one: guess the hidden frame

A dot moves left, right, up or down over 8 × 8 pixels, one pixel a frame, for five frames. **One frame is hidden** behind noise, at time
1; the others are shown clean, at time 0. The network is to guess the hidden one. Here is the data:
"""


# %%
def dots(count):
    """(count, 5 frames, 8, 8): a dot for each clip; what leaves on one side comes back on the other."""
    start, way = torch.randint(8, (count, 1, 2)), torch.tensor([[1, 0], [-1, 0], [0, 1], [0, -1]])
    place = start + way[torch.randint(4, (count, 1))] * torch.arange(5)[:, None]  # (count, 5, 2)
    far = (torch.arange(8) - place[..., None] + 4) % 8 - 4  # around the edge, the shorter way
    near = torch.exp(-far.float().square())
    return near[:, :, 0, :, None] * near[:, :, 1, None, :] / 0.15  # a spread of about 1


def hide(clips, hidden):
    """The clips with one frame of each replaced by noise, and the time (count, 5) of each frame."""
    time = F.one_hot(hidden, 5).float()
    return torch.where(time[..., None, None] == 1, torch.randn_like(clips), clips), time


# %% tags=["hide-input"]
torch.manual_seed(1)
shown, _ = hide(dots(1), torch.tensor([4]))
row_of_frames(shown[0], [f"frame {k}" for k in range(4)] + ["frame 4, hidden"], least=0, most=6.7)

# %% [markdown]
r"""
The network is your block, twice, between a matrix in and a matrix out. Patches of 4 × 4 make 4 tokens a frame, 20 in all. `axes` says
which positions it is told: `(1, 1, 1)` all, `(0, 1, 1)` only the place in the frame, `(0, 0, 0)` nothing.
"""

# %%
from minisora.models.layers import WaveEmbedding
from minisora.models.transformer import TransformerConfig

config = TransformerConfig(width=64, depth=2, heads=2, text_width=8)


class Small(nn.Module):
    def __init__(self, axes=(1, 1, 1)):
        super().__init__()
        self.from_patches, self.to_patches = nn.Linear(16, 64), nn.Linear(64, 16)
        self.time, self.modulation = WaveEmbedding(64, highest=100.0), nn.Linear(64, 6 * 64)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.depth)])
        angles = angles_of(5, 2, 2, config.rotary_pairs, axes)  # (20, 1, 16)
        self.positions = angles.cos(), angles.sin()

    def forward(self, noisy, time):
        x = self.from_patches(rearrange(noisy, "b z (y p) (x q) -> b z (y x) (p q)", p=4, q=4))
        modulation = self.modulation(silu(self.time(time)))[:, :, None].unflatten(-1, (6, 64))
        words = torch.zeros(len(noisy), 1, 8)  # one word that says nothing
        for block in self.blocks:
            x = block(x, modulation, words, self.positions)
        return rearrange(self.to_patches(normalise(x)), "b z (y x) (p q) -> b z (y p) (x q)", y=2, p=4)


# %% [markdown]
r"""
Starting weights matter: gates open, last matrices zero. Then a block at first adds nothing, and learns from the first step.
"""


# %%
@torch.no_grad()
def start(network):
    for block in network.blocks:
        block.table.zero_()
        block.table[2::3] = 1.0  # the two gates
        block.attention.sharpness.fill_(1.0)
        block.attention.out.weight.zero_()
        block.mlp.out.weight.zero_()
    return network


# %%
def train(network, steps):
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    losses = []
    for _ in range(steps):
        clips = dots(64)
        noisy, time = hide(clips, torch.randint(5, (64,)))
        loss = ((network(noisy, time) - clips).square().mean((2, 3)) * time).sum() / 64  # hidden frames only
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


# %% [markdown]
r"""
**Predict**: three networks, told nothing, told places only, told places and frames. The *last* frame is hidden. What will each of them
draw? The second one is the interesting one: it sees where the dot was, in four frames, but not *which came first*.
"""

# %%
steps = 12 if fast else 600
networks, losses = {}, {}
for name, axes in {"nothing": (0, 0, 0), "places": (0, 1, 1), "places and frames": (1, 1, 1)}.items():
    torch.manual_seed(0)
    networks[name] = start(Small(axes))
    losses[name] = train(networks[name], steps)

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
for name, color in zip(losses, ("#B9B9BE", "#8A8A90", "#1E64EB"), strict=True):
    smooth = np.convolve(losses[name], np.ones(10) / 10, "valid")
    axis.plot(smooth, color=color)
    axis.annotate(f"  {name}", (len(smooth), smooth[-1]), color=color, va="center", annotation_clip=False)
axis.set(xlabel="step", ylabel="loss, mean of 10", ylim=(0, None), xlim=(0, None))
plt.show()

# %%
torch.manual_seed(3)
clips = dots(3)
noisy, time = hide(clips, torch.tensor([4, 4, 4]))
with torch.no_grad():
    guesses = {name: network(noisy, time)[:, 4] for name, network in networks.items()}

# %% tags=["hide-input"]
titles = ["frame 0", "1", "2", "3", "4, the truth", "told nothing", "places", "places, frames"]
figure, axes = plt.subplots(3, 8, figsize=(10, 4.3))
for row, line in enumerate(axes):
    pictures = [*clips[row], *(guess[row] for guess in guesses.values())]
    for axis, picture, title in zip(line, pictures, titles, strict=True):
        axis.imshow(picture, cmap=blues, vmin=0, vmax=6.7)
        axis.set(xticks=[], yticks=[], title=title if row == 0 else "")
        axis.spines[:].set_visible(True)
plt.show()

# %% [markdown]
r"""
*Look for: in the column "places" there is blue at both ends of the way, and faint.* The network knows the line, and that one end of it is
missing. It cannot know which: without the order of the frames, right and left are the same clip. So it gives the mean of both, which
is the best guess, as lesson 03 said. Told nothing, it does not even find the line.

## Who may look where

Every token of your network sees every frame, later ones as well: that is **full** attention. In a **causal** one nobody looks into the
future, as in the networks that write text. What is forbidden gets a score of minus infinity, and softmax makes a 0 of it.

## Your turn 3 ★★ (10 minutes)

Write the mask: `True` where a token may look. Rows are the tokens that look, frame after frame, so `frames * tokens` of them. Columns
are what they look at: the same tokens, then the words.
"""


# %% exercise="causal_mask" stars=2
def causal_mask(frames, tokens, words):
    """(n, n + words), True where a token may look: at its own and at earlier frames, and at every word."""
    ### BEGIN SOLUTION
    frame = torch.arange(frames).repeat_interleave(tokens)  # (n,)
    back = frame[:, None] >= frame  # (n, n)
    return torch.cat([back, torch.ones(len(frame), words, dtype=torch.bool)], dim=1)
    ### END SOLUTION


causal_mask = check.causal_mask(causal_mask)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

First make a list of `n` numbers: which frame each token belongs to. `repeat_interleave` repeats each number on its spot.
</details>

<details><summary>Hint 2</summary>

`a[:, None] >= a` compares each with each. Which of the two is the one that looks?
</details>
"""

# %% [markdown]
r"""
Python looks up `attend` when it is called. So while another one goes by that name, all attention on this page uses it:
"""

# %%
from contextlib import contextmanager

full_attend = attend


@contextmanager
def looking(other):
    global attend
    attend = other
    try:
        yield
    finally:
        attend = full_attend


def causal_attend(query, key, value):
    mask = causal_mask(frames=5, tokens=4, words=1)
    scores = (query @ key.transpose(-2, -1)).masked_fill(~mask, -torch.inf)
    return scores.softmax(dim=-1) @ value


# %% [markdown]
r"""
**Predict**: hide frame 0, then frame 1, and so on to frame 4. For which of them is the causal network worst? And the full one?
"""

# %%
torch.manual_seed(0)
causal = start(Small())
with looking(causal_attend):
    train(causal, steps)


# %%
@torch.no_grad()
def error(network, hidden):
    torch.manual_seed(2)
    clips = dots(500)
    noisy, time = hide(clips, torch.full((500,), hidden))
    return (network(noisy, time)[:, hidden] - clips[:, hidden]).square().mean().item()


full_errors = [error(networks["places and frames"], k) for k in range(5)]
with looking(causal_attend):
    causal_errors = [error(causal, k) for k in range(5)]

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
axis.plot(full_errors, marker="o")
axis.plot(causal_errors, marker="o", color="#8A8A90")
axis.text(0.5, full_errors[0] + 0.03, "full", color="#1E64EB")
axis.text(0.6, causal_errors[0] - 0.12, "causal", color="#5A5A60")
axis.set(xlabel="hidden frame", ylabel="error", xticks=range(5), xlim=(-0.3, 4.3), ylim=(0, 1.2))
plt.show()

# %% [markdown]
r"""
*Look for: the causal network knows nothing of frame 0; its error of 1 is the spread of the data. Shown one frame of the past it knows
little, shown two it knows the way.*

So why would anybody want it? What a causal network computed for the past stays true when the future comes, so it need not be computed
again: the autoencoder of lesson 02 is causal, and so are networks that stream. minisora's denoiser looks everywhere, since it is also
asked for the *middle* of a clip, or for what came *before*. What keeps it from trusting noise is the time that each frame carries.

## Count the parameters

Before you build a network you can know what it costs. One block of `nano`, with the width $d = 192$, the words' width $k = 128$ and
$h = 512$ hidden channels of SwiGLU:

| | how many |
|---|---|
| query, key, value | $3 d^2$ = 110,592 |
| words' key, value | $2 k d$ = 49,152 |
| out of attention | $d^2$ = 36,864 |
| SwiGLU | $3 d h$ = 294,912 |
| table, sharpness | $6 d + 3$ = 1,155 |
"""

# %%
d, k, h = 192, 128, 512
by_hand = 3 * d * d + 2 * k * d + d * d + 3 * d * h + 6 * d + 3
print(f"by hand {by_hand:,}, counted {sum(p.numel() for p in ours.blocks[0].parameters()):,}")

# %% [markdown]
r"""
Eight of them are not the whole network. **Predict**: which part has most parameters, and which one is second?
"""

# %%
parts = {name: sum(p.numel() for p in part.parameters()) for name, part in ours.named_children()}
largest = sorted(parts, key=parts.get, reverse=True)[:6]
print(*(f"{name:16}{parts[name]:10,}" for name in largest), f"{'all':16}{sum(parts.values()):10,}", sep="\n")

# %% [markdown]
r"""
`from_hints` and `finish` belong to the plan: what each actor fills is drawn onto the latents' grid, and a few small convolutions settle
the edges along it ([hints.py](../minisora/models/hints.py), [finish.py](../minisora/models/finish.py)).

## Count the work

A matrix of $a \times b$ costs $2ab$ **FLOPs** for each token: a multiplication and an addition for each of its numbers. Attention has no
matrix of its own, but each of $n$ tokens meets $n + m$ others twice, once to compare and once to mix: $4\, n\, (n + m)\, d$.
"""

# %%
n, m = 80 + 4 * 5, 16  # patches and rows of the plan; states of the words
matrices = 2 * n * (4 * d * d + 3 * d * h) + 2 * m * 2 * k * d
meeting = 4 * n * (n + m) * d
print(f"a block: {matrices / 1e6:.1f} million in matrices, {meeting / 1e6:.1f} million in attention")

# %% [markdown]
r"""
Lightning's `measure_flops` runs a network and writes down every product. It should agree to the last digit:
"""

# %%
from lightning.fabric.utilities.throughput import measure_flops

at, empty = passes[2], torch.zeros(1, 5, 20, d)
turns = torch.ones(1, n, 1, 32), torch.zeros(1, n, 1, 32)
block = ours.blocks[0]
with torch.no_grad():
    block_flops = measure_flops(block, lambda: block(empty, torch.zeros(1, 5, 1, 6, d), at.text.states, turns))
    all_flops = measure_flops(ours, lambda: ours(at.noisy, at.time, at.text, fps=at.fps, layout=at.layout))
print(f"a block: by hand {matrices + meeting:,}, measured {block_flops:,}")
print(f"the whole network: {all_flops:,}, of which {8 * block_flops / all_flops:.0%} in blocks")

# %% [markdown]
r"""
*Look for: the share of the blocks. They have most of the parameters, and not nearly all of the work: a convolution uses each of its
numbers at every place, a token's matrix only once for 16 places.*

And what if the clip is longer? The matrices grow with $n$, attention with $n^2$. They cost the same when $4 n^2 d = 2n\,(4d^2 + 3dh)$,
that is at $n = (4d + 3h)/2$.
"""

# %%
counts = np.unique(np.geomspace(20, 20_000, 40).astype(int))
in_matrices, in_attention = 2 * counts * (4 * d * d + 3 * d * h), 4 * counts**2 * d
print("the same at", (4 * d + 3 * h) // 2, "tokens")

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3.2))
axis.loglog(counts, in_matrices / 1e9, color="#8A8A90")
axis.loglog(counts, in_attention / 1e9)
for tokens, name in ((100, "nano's clip"), (2420, "a minute"), (4420, "midi's clip")):
    axis.axvline(tokens, color="#D5D5D9", linewidth=1, zorder=0)
    axis.text(tokens, 1.5e-5, name, color="#3C3C43", rotation=90, va="bottom", ha="right", fontsize=9)
axis.text(26, 0.05, "matrices", color="#5A5A60")
axis.text(20, 1.6e-4, "attention", color="#1E64EB", va="top")
axis.set(xlabel="tokens", ylabel="billion FLOPs a block", ylim=(1e-5, 1e3))
plt.show()

# %% [markdown]
r"""
*Look for: which line is on top at each of the three marks.* This is why long videos are made window after window, and why an
autoencoder that squeezes harder is worth so much: half the places a side are a quarter of the tokens, and a sixteenth of the attention.

## Break it

Three faults in the attention of the shipped model, same sentence, same seed. In one, the **positions** are missing. In one, every head
has lost its **sharpness** and looks at all things alike. In one, tokens see **their own frame alone**. Which is which? Write down three
letters before you open the answer.
"""


# %%
def alone(query, key, value):
    frame = torch.arange(query.shape[2]) // (query.shape[2] // 5)
    words = torch.ones(len(frame), key.shape[2] - len(frame), dtype=torch.bool)
    mask = torch.cat([frame[:, None] == frame, words], dim=1)
    return (query @ key.transpose(-2, -1)).masked_fill(~mask, -torch.inf).softmax(-1) @ value


def alike(query, key, value):
    return full_attend(query * 0, key, value)


faulty = {}
with looking(alone):
    faulty["A"] = own_pipe(prompt, seed=0)
with looking(alike):
    faulty["B"] = own_pipe(prompt, seed=0)

# %%
usual_rotary, apply_rotary = apply_rotary, lambda x, cosine, sine: x
faulty["C"] = own_pipe(prompt, seed=0)
apply_rotary = usual_rotary

# %% tags=["hide-input"]
row = np.concatenate(
    [np.pad(faulty[letter].frames[0].numpy(), ((0, 0), (0, 0), (0, 4), (0, 0))) for letter in "ABC"], 2
)
show_clip(row[:, :, :-4], strip=False, label="A, B and C, from left to right")

# %% [markdown]
r"""
<details><summary>Which is which?</summary>

- **A**: each frame by itself. Every frame decides anew, even on the colour of the ground; and nothing moves from one to the next.
- **B**: no sharpness. Whoever looks at all things alike gets the mean of them: one figure, of all colours at once.
- **C**: no positions. Both things are there, but all frames are the same frame to it, so the circle hardly gets on.
</details>

## Your turn 4 ★★★ (15 minutes, or at home)

Does the network need all of its 24 heads? `check.change_without(denoiser, at, heads)` silences some and tells by how much the guess of
the clean latents changes: 0 is not at all, 1 is as much as the guess itself varies. Find **eight heads that are missed least**, together
less than 2 %. Nobody tells you which. Put your number in the gallery of the class, and write down which *single* head is missed most.
"""

# %% exercise="quiet_heads" stars=3
heads = [(layer, head) for layer in range(8) for head in range(3)]
my_heads = (
    ### BEGIN SOLUTION
    sorted(heads, key=lambda head: check.change_without(pipe.parts.denoiser, passes[2], [head]))[:8]
    ### END SOLUTION
)

my_heads = check.quiet_heads(my_heads)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

There are 735,471 ways to choose eight of 24, but only 24 ways to choose one. Begin with those, and write the changes down.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
That the eight harmless ones are harmless *together* is luck: two heads may do the same work, so that one is not missed while the other
is there. And look which ones they are: the head at the top of this page, which follows the circle so well, is one of them, and the one
that is missed most by far, layer 0, head 2, has the lowest sharpness of all: it looks at nearly everything alike. A beautiful attention map is no proof that
anybody uses it. Take the head away and see: that is proof.
"""

# %% [markdown]
r"""
## What you have learnt

- A video becomes a list of tokens, and attention lets each one take from all others what its query asks for.
- Attention sees a bag: positions are written in as **turns**, and a product then tells how far apart two tokens are.
- **Normalised** queries and keys stay calm, **SwiGLU** thinks token by token, **adaLN** tells every frame its time.
- Full attention may use the future, causal attention may not. Each frame's own time says what is to be trusted.
- Matrices grow with the number of tokens, attention with its square: you can count both before you build.

<details><summary>Three questions to check yourself</summary>

1. *You forgot the positions, and the loss still falls. What has it learnt?* What holds for a bag of patches: colours, how much of what
   there is, the mean of all orders.
2. *A clip twice as wide, twice as high: how many tokens, and how much more attention?* Four times the tokens, sixteen times the work.
3. *Why do the words' keys get no turn?* They stand nowhere: "red" is as near to the first frame as to the last.
</details>

**Next:** the words said nothing in this lesson. Lesson 05 gives them a meaning, and finds out how they get into the picture. To read on:
*Scalable Diffusion Models with Transformers* (Peebles and Xie, 2022, arXiv 2212.09748), Section 3.2 with Figure 3; and *RoFormer* (Su
et al., 2021, arXiv 2104.09864), Section 3.
"""
