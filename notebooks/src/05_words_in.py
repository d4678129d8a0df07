# %% [markdown]
r"""
# 05 Words in

In this lesson you follow a sentence from its letters to the pixels, find the door through which it gets there, and teach the model
words that it never heard.
"""

# %% tags=["parameters"]
fast = False  # the tests set it to True: fewer clips, the same cells
model = "nano"

# %% tags=["hide-input"]
import numpy as np
import torch

import minisora
from minisora.widgets import Compare, show_clip

pipe = minisora.TextToVideoPipeline.from_pretrained(model)
growing = ["a circle", "a small circle", "a small cyan circle", "a small cyan circle moving right"]


def side_by_side(clips, gap=4):
    """Clips (n, f, h, w, 3) in a row, as one."""
    return np.concatenate([np.pad(clip, ((0, 0), (0, 0), (0, gap), (0, 0))) for clip in clips], axis=2)[:, :, :-gap]


made = pipe(growing, seed=[4] * 4)
show_clip(side_by_side(made.frames.numpy()), scale=3, strip=False, label=" → ".join(growing))

# %% [markdown]
r"""
*Look for: one seed, four sentences, a word more in each. What a sentence leaves open, the noise decides.*

| | |
|---|---|
| **Time** | 90 minutes; the cells themselves take about 45 seconds on 2 processor cores, and 640 MB of memory |
| **Needs** | lessons 03 and 04. No GPU, no internet |
| **Afterwards you can** | build a byte-pair tokenizer · say what each state of a text encoder stands for, and prove it · drop captions in training, and use that for guidance · put another text encoder in the place of the shipped one |
"""

# %%
from matplotlib import pyplot as plt

from minisora.course.checks import lesson_05 as check

torch.manual_seed(0)
plt.style.use("minisora.minisora")

# %% [markdown]
r"""
## Touch it

Two sentences, one seed. Change a word on one side, and see what changes in the picture. Try a synonym; try a word that nobody knows.
"""

# %%
compare = Compare(pipe, "a small red circle moving right", "a tiny scarlet disc gliding rightwards")
compare

# %% [markdown]
r"""
*Look for: hardly a word is the same in both sentences. How much of the picture is?*

## Predict

The word "crimson" stands in no caption that this model was trained on. It will read it all the same. Which colour will **a crimson
circle** have: red, since the model can guess; none at all; or another one? Write it down. You will know at the end of the lesson.

## A number for each word

A network reads numbers, so text must be cut into pieces, and each piece gets a number. The first idea: a piece is a word. Here are some
captions of the world, and what that makes of two sentences.
"""

# %%
world, rng = minisora.SHAPES, np.random.default_rng(0)
captions = [world.write(world.sample(rng), rng).text.lower() for _ in range(600)]
vocabulary = {word for caption in captions for word in caption.split()}
print(len(vocabulary), "words, such as", *sorted(sorted(vocabulary), key=len)[40:48])


def by_words(sentence):
    return [word if word in vocabulary else "?" for word in sentence.split()]


for sentence in ("a small red circle moving right", "a small crimson circle wobbling right"):
    print(*by_words(sentence), sep=" | ")

# %% [markdown]
r"""
An unknown word is a question mark, and so is any other one: "crimson" and "wobbling" have become the same. Whoever types a name, a
spelling mistake or a word of your own clips gets question marks.

The opposite idea: a piece is a letter. Then there is no unknown word, but a caption becomes very long, and the network has to learn
first that *r, e, d* belong together.

## Between letters and words: pairs

**Byte-pair encoding** begins with letters and joins the pair that stands side by side most often; then again; and again. By hand, for
three words that occur 5, 3 and 2 times:

| word | times | pairs |
|---|---|---|
| r i n g | 5 | r i, **i n**, **n g** |
| i n | 3 | **i n** |
| r i g h t | 2 | r i, i g, g h, h t |

*i n* occurs 5 + 3 = 8 times, *r i* 5 + 2 = 7 times. So *in* is the first new piece, and ring is then *r · in · g*.

## Your turn 1 ★★ (10 minutes)

Write the joining: a list of pieces comes in, and a pair; wherever the two stand side by side they become one. Read from the left; a
piece that was joined is used up.
"""


# %% exercise="merge" stars=2
def merge(tokens, pair):
    """The pieces, with every occurrence of the pair (two pieces side by side) joined into one."""
    ### BEGIN SOLUTION
    joined, at = [], 0
    while at < len(tokens):
        if tuple(tokens[at : at + 2]) == pair:
            joined.append(tokens[at] + tokens[at + 1])
            at += 2
        else:
            joined.append(tokens[at])
            at += 1
    return joined
    ### END SOLUTION


merge = check.merge(merge)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

A `while` loop with a place `at` in the list: sometimes it goes one further, and sometimes two.
</details>

<details><summary>Hint 2</summary>

`tuple(tokens[at : at + 2]) == pair` is False at the last piece by itself, since one piece is no pair.
</details>
"""

# %% [markdown]
r"""
The rest is counting. The package's tokenizer marks a word's beginning with `Ġ`, so that a piece knows whether it begins a word. We do
the same, and learn forty pairs:
"""

# %%
from collections import Counter
from itertools import pairwise

words = Counter(f"Ġ{word}" for caption in captions for word in caption.replace(",", "").replace(".", "").split())
pieces, merges = {word: list(word) for word in words}, []
for _ in range(40):
    counts = Counter()
    for word, times in words.items():
        for pair in pairwise(pieces[word]):
            counts[pair] += times
    best = max(counts, key=counts.get)
    merges.append("".join(best))
    pieces = {word: merge(tokens, best) for word, tokens in pieces.items()}
print(*merges)

# %% [markdown]
r"""
*Look for: which whole words have become one piece after forty joins, and which endings.*

## The package's tokenizer

`train_tokenizer` does the same on bytes, so that every text in every script has pieces: at worst one for each of its bytes. It was
trained on captions before anything else. What does it make of words that it knows, and of others?
"""

# %%
tokenizer = pipe.parts.text_encoder.tokenizer
for word in ("scarlet", "counter-clockwise", "crimson", "wobbling", "rötlich"):
    print(f"{word:18}", *tokenizer.encode(word).tokens, sep=" | ")

# %% [markdown]
r"""
*Look for: one piece for "scarlet", many for "crimson"; and two for the single letter ö, which has two bytes.*

There is a price. The more pieces the vocabulary has, the shorter the sentences, and the rarer each piece. Here is the trade:
"""

# %%
from minisora.models.text_encoder import train_tokenizer

sizes = [257, 280, 320, 400, 600, 1000]
lengths = []
for size in sizes:
    made_here = train_tokenizer(captions, vocab_size=size)
    lengths.append(np.mean([len(made_here.encode(caption).ids) for caption in captions]))

# %% tags=["hide-input"]
figure, axis = plt.subplots(figsize=(6.4, 3))
axis.plot(sizes, lengths, marker="o")
axis.axhline(np.mean([len(caption.split()) for caption in captions]), color="#8A8A90", linewidth=1, linestyle="--")
axis.text(300, 15, "one piece a word", color="#5A5A60", va="top")
axis.set(xlabel="pieces in the vocabulary", ylabel="pieces in a caption", ylim=(0, None))
plt.show()

# %% [markdown]
r"""
*Look for: the first number, 257, is bytes alone. After a few hundred pieces there is little left to gain.*

## From pieces to states

A small transformer reads the pieces. Then 16 **slots**, learned vectors, look at what it found and gather it: however long a sentence
is, the denoiser gets 16 **states** of 128 numbers. One more slot gathers the sentence as a whole, the **pooled** state.

Which state holds what? Attention maps would only say where a slot *could* have it from (you saw in lesson 04 how far that goes). There
is a better way: **change one word and see which states move**.
"""

# %%
sentence = "a small red circle moving right and a large blue star staying still on a grey background"
swaps = [("small", "large"), ("red", "green"), ("circle", "square"), ("right", "left")]
swaps += [("blue", "purple"), ("star", "ring"), ("grey", "brown")]


@torch.no_grad()
def moved(old, new):
    before, after = pipe.states([sentence]), pipe.states([sentence.replace(old, new, 1)])
    states = (before.states - after.states).norm(dim=-1)[0]  # (16,)
    return torch.cat([states, (before.pooled - after.pooled).norm(dim=-1)])


print(*(f"{size:.0f}" for size in moved("red", "green")))

# %% [markdown]
r"""
Seventeen numbers: how far each of the 16 states moved when "red" became "green", and the pooled one. **Predict**: what will move when
"blue" becomes "purple"? And when "grey" becomes "brown"?
"""

# %% tags=["hide-input"]
from matplotlib.colors import LinearSegmentedColormap

blues = LinearSegmentedColormap.from_list("accent", ["#FFFFFF", "#1E64EB"])


def table(values, rows, columns, label, most=None):
    _, axis = plt.subplots(figsize=(1.6 + 0.42 * len(columns), 0.6 + 0.34 * len(rows)))
    axis.pcolormesh(values, cmap=blues, vmin=0, vmax=most, edgecolor="#E4E4E8", linewidth=0.5)
    axis.set(xticks=np.arange(len(columns)) + 0.5, yticks=np.arange(len(rows)) + 0.5, xlabel=label)
    axis.set_xticklabels(columns, rotation=0 if max(map(len, map(str, columns))) < 4 else 60, ha="center")
    axis.set_yticklabels(rows)
    axis.invert_yaxis()
    axis.tick_params(length=0)
    axis.grid(False)
    plt.show()


rows = [f"{old} → {new}" for old, new in swaps]
table(torch.stack([moved(*swap) for swap in swaps]), rows, [*range(1, 17), "all"], "state, and the pooled one")

# %% [markdown]
r"""
*Look for: four blocks. States 1 to 4 move with the first thing's words, 5 to 8 with the second's, 13 to 16 with the ground's.* States 9
to 12 wait for a third thing. This is no accident: the encoder was taught, from captions alone, to keep what belongs together in one
place, so that "red" cannot end up on the star. (Row 4 of the picture tells a motion apart from its opposite; look how little the pooled
state cares.)

## Three doors into the picture

How do the states reach the pixels? You built the first door in lesson 04. There are three:

| door | what goes through | where |
|---|---|---|
| **keys and values** | 16 states | every attention of every block may look at them |
| **rows** | 16 states, four for each row | added to the four rows of the plan, before the first block |
| **pooled** | the sentence as one vector | added to the time, so it shifts and scales every layer |

**Predict**: one of them could be bricked up, and hardly anybody would notice. Which one?

Anything that turns sentences into `TextStates` may stand in the encoder's place. So here is one that lies: its states are those of one
sentence, its pooled vector is that of another.
"""

# %%
from dataclasses import replace

from minisora.models.text_encoder import TextStates

encoder = pipe.parts.text_encoder
one, other = "a small red circle moving right", "a large blue square moving left"


class TwoMinds:
    """Takes the states from one sentence and the pooled vector from another; no words stay no words."""

    config, tokenizer = encoder.config, encoder.tokenizer

    def __init__(self, states, pooled):
        self.states, self.pooled = states, pooled

    def __call__(self, prompts):
        states = encoder([self.states if prompt else "" for prompt in prompts]).states
        return TextStates(states, encoder([self.pooled if prompt else "" for prompt in prompts]).pooled)


# %%
def share_right(frames, prompt):
    """The share of the words of a sentence that are true in the clips."""
    request = world.parse(prompt)
    return np.mean([world.grade(clip.numpy(), request).share_right for clip in frames])


count = 2 if fast else 4
for states, pooled in ((one, other), (other, one)):
    liar = minisora.TextToVideoPipeline(replace(pipe.parts, text_encoder=TwoMinds(states, pooled)))
    frames = liar([one] * count, seed=0).frames
    print(
        f"states of “{states}”: {share_right(frames, states):.0%} of it right, {share_right(frames, pooled):.0%} of the other"
    )

# %% [markdown]
r"""
*Look for: the clip obeys the states, whatever the pooled vector says.* (What is right of the other sentence is what both have in common:
one thing, a still camera, no wall.)

Now brick up one door after the other: set the matrix to zero through which the words come in there.
"""

# %%
from copy import deepcopy


@torch.no_grad()
def bricked_up(door):
    denoiser = deepcopy(pipe.parts.denoiser)
    if door == "keys and values":
        for block in denoiser.blocks:
            block.attention.text_kv.weight.zero_()
    if door == "rows":
        denoiser.row_words.weight.zero_()
    if door == "pooled":
        denoiser.pooled.weight.zero_()
    return minisora.TextToVideoPipeline(replace(pipe.parts, denoiser=denoiser))


# %%
prompts = ["a small red circle moving right", "a large green star spinning", "a small white ring falling"]
prompts += ["a large purple square moving up"]
behind = {door: bricked_up(door)(prompts[:count], seed=0) for door in ("none", "keys and values", "rows", "pooled")}
for door, clips in behind.items():
    print(f"bricked up: {door:16} words right: {np.mean([grade.share_right for grade in clips.grades]):4.0%}")

# %% tags=["hide-input"]
lines = [side_by_side(clips.frames[:2].numpy()) for clips in behind.values()]
lines = np.concatenate([np.pad(line, ((0, 0), (0, 6), (0, 0), (0, 0))) for line in lines], axis=1)
show_clip(lines[:, :-6], scale=2, strip=False, label="bricked up, line by line: none, keys and values, rows, pooled")

# %% [markdown]
r"""
*Look for: line 4 is line 1 over again. In line 2 the right things are there, but the circle sinks and the star does not spin. In line 3
things are torn, and one is there that nobody asked for.*

So nobody would miss the pooled vector. The main entrance is the rows of the plan: there each thing hears its own words before anything
else. What is not heard there is looked up through keys and values; here that was how things move.

## Leave the words out, sometimes

In training, about one caption in ten is replaced by the **empty sentence**. The model then has to learn what clips look like when
nobody says anything. It looks like a waste; it buys a knob.

## Your turn 2 ★ (4 minutes)

`draws` holds a random number between 0 and 1 for each caption. Captions whose draw lies below the share become empty.
"""


# %% exercise="drop_captions" stars=1
def drop_captions(captions, draws, share):
    """The captions, with the empty sentence in place of those whose draw is below `share`."""
    ### BEGIN SOLUTION
    return ["" if draw < share else caption for caption, draw in zip(captions, draws, strict=True)]
    ### END SOLUTION


drop_captions = check.drop_captions(drop_captions)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

As many captions come out as went in. `zip` walks through two lists side by side.
</details>
"""

# %% [markdown]
r"""
## Guidance

Now the same network can be asked twice, with the sentence and with nothing, and the difference between the two guesses is **what the
words do**. Whoever takes that difference more than once hears the words louder. By hand: without words it guesses 2, with them 3. The
words are worth 1. Three times that, from where we began: 2 + 3 · 1 = 5.

$$\hat{x} = x_{\text{without}} + s\,(x_{\text{with}} - x_{\text{without}})$$

## Your turn 3 ★ (3 minutes)

Write the line. What must it give for $s = 1$?
"""


# %% exercise="guide" stars=1
def guide(with_words, without, scale):
    """Start from the guess without words, and go `scale` times as far as the words move it."""
    ### BEGIN SOLUTION
    return without + scale * (with_words - without)
    ### END SOLUTION


guide = check.guide(guide)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint</summary>

It is a straight line through two points, like `interpolate` in lesson 03. Where is it at scale 0? And at scale 1?
</details>
"""

# %% [markdown]
r"""
`diffusion.guided` is this line around a network. Both passes go through it as one batch:
"""

# %%
from minisora import diffusion

text, nothing = pipe.states([one]), pipe.states([""])
noisy, time, fps = torch.randn(1, 5, 16, 16, 8), torch.full((1, 5), 0.8), torch.tensor([8.0])
with torch.inference_mode():
    mine = guide(pipe.network(noisy, time, text, fps), pipe.network(noisy, time, nothing, fps), 3.0)
    theirs = diffusion.guided(pipe.network, text, nothing, 3.0, fps=fps)(noisy, time)
torch.testing.assert_close(mine, theirs, atol=1e-4, rtol=1e-4)

# %% [markdown]
r"""
## How loud should the words be?

minisora guides the *plan*, while it is mostly noise: there it is decided who is where. We sweep the scale over sentences with two
things, the same seeds each time, and let the grader count. **Predict**: draw the curve from 1 to 12 before you run it.
"""

# %%
request_rng = np.random.default_rng(5)
pairs = [world.write(world.sample(request_rng, kind="two"), request_rng).text for _ in range(2 if fast else 12)]
scales = [1.0, 2.0, 3.0, 6.0, 12.0]
swept = {scale: pipe.with_settings(layout_guidance=scale)(pairs, seed=0) for scale in scales}

# %% tags=["hide-input"]
from minisora.evaluation.intervals import wilson_interval

figure, axis = plt.subplots(figsize=(6.4, 3.2))
for name, color, right in (
    ("single words", "#8A8A90", lambda grade: grade.share_right),
    ("every word right", "#1E64EB", lambda grade: float(grade.every_word_right)),
):
    shares = [100 * np.mean([right(grade) for grade in swept[scale].grades]) for scale in scales]
    axis.plot(scales, shares, marker="o", color=color)
    axis.text(scales[-1] + 0.2, shares[-1], name, color=color, va="center")
ends = [wilson_interval(sum(g.every_word_right for g in swept[s].grades), len(pairs)) for s in scales]
axis.vlines(scales, *[[100 * end for end in side] for side in zip(*ends, strict=True)], color="#1E64EB", linewidth=1)
axis.set(xlabel="guidance", ylabel="right, %", ylim=(0, 105), xticks=scales)
plt.show()

# %% [markdown]
r"""
*Look for: the thin lines first. They are 95 % intervals for a share out of twelve clips, and they all overlap.* The dots are best at 2 and
3, where minisora stands; but with twelve clips nobody may say so. Lesson 07 asks with more.

What does it look like where the words shout? The first sentence at all five scales, from 1 to 12:
"""

# %%
show_clip(side_by_side([swept[scale].frames[0].numpy() for scale in scales]), scale=2, strip=False, label=pairs[0])

# %% [markdown]
r"""
*Look for: the two drift apart, until the circle hangs over the edge of the frame.* Too loud is not clearer: it exaggerates.

## Words that were never there

Back to crimson. How far are the states of "a small **crimson** circle moving right" from those with each colour in its place, and from
those with *no* colour? The nearest one is how the word was read. First some synonyms that stood in captions, then words that did not.
"""

# %%
trained = ["scarlet", "golden", "emerald", "turquoise", "cobalt", "violet"]
unheard = {"crimson": "red", "ruby": "red", "tangerine": "orange", "lemon": "yellow", "lime": "green"}
unheard |= {"aqua": "cyan", "teal": "cyan", "azure": "blue", "lilac": "purple", "mauve": "purple"}
distances = {word: check.colour_distances(encoder, word) for word in [*trained, *unheard]}

# %% tags=["hide-input"]
columns = list(distances["crimson"])
table(
    [[20 - distances[word][name] for name in columns] for word in distances], list(distances), columns, "nearness", 18
)

# %% [markdown]
r"""
*Look for: the upper six each have one dark field, their colour. The others are darkest at the right, "no colour"; all but one, which has
a piece in common with its colour. Find it in both words.*

The encoder looks *past* words that it does not know. It was trained to, with nonsense strewn into its captions, so that "a crimson
circle" is a circle and no accident. But it cannot know that crimson is a red: no caption ever said so.

## Words know each other

Who could know it? Somebody who has read more. Captions are rare, text is not, and in text words that mean alike **stand in the same
company**: crimson roses, red roses, scarlet roses. So large models put a text encoder in front that was *pretrained* on much text, and
**freeze** it.

We have no internet here, so we build one from a little text. It is a toy, and made by us: four sentences, filled with things and their
colours, one in seven wrong. But nothing below would change if the text were a library.
"""

# %%
things = {
    "red": "cherries bricks roses", "orange": "pumpkins carrots apricots", "yellow": "bananas canaries butter",
    "green": "leaves frogs moss", "cyan": "lagoons glaciers pools", "blue": "seas inks jeans",
    "purple": "plums grapes lavender", "white": "snow milk chalk",
}  # fmt: skip
known = dict(zip(trained, ("red", "yellow", "green", "cyan", "blue", "purple"), strict=True))
names = {colour: [colour] for colour in things}
for word, colour in (known | unheard).items():
    names[colour].append(word)
forms = ["the {} {} looked fresh", "she dreamt of {} {} again", "fields of {} {} at noon", "who painted {} {} here"]


# %%
def write_text(count, rng):
    for _ in range(count):
        colour = rng.choice(list(things))
        about = colour if rng.random() > 1 / 7 else rng.choice(list(things))
        yield rng.choice(forms).format(rng.choice(names[colour]), rng.choice(things[about].split()))


text = list(write_text(3000, np.random.default_rng(0)))
print(*text[:4], sep="\n")

# %% [markdown]
r"""
Pretraining in its smallest form: count who stands near whom, take what is surprising about it, and keep the 16 strongest directions.
That gives each word a vector. Nobody tells it what a colour is.
"""


# %%
def pretrain(text, size=16):
    vocabulary = sorted({word for line in text for word in line.split()})
    index, together = {word: k for k, word in enumerate(vocabulary)}, torch.zeros(len(vocabulary), len(vocabulary))
    for line in text:
        ids = [index[word] for word in line.split()]
        for place, a in enumerate(ids):
            for b in ids[max(0, place - 3) : place]:
                together[a, b] += 1
                together[b, a] += 1
    expected = together.sum(0) * together.sum(1)[:, None] / together.sum()
    surprise = (together / expected).log().clamp(min=0)  # how much oftener than by chance
    directions, strength, _ = torch.linalg.svd(surprise)
    return {word: directions[k, :size] * strength[:size].sqrt() for word, k in index.items()}


vectors = pretrain(text)
likeness = torch.nn.functional.cosine_similarity
for pair in (("crimson", "red"), ("crimson", "blue"), ("crimson", "noon")):
    print(*pair, f"{likeness(vectors[pair[0]], vectors[pair[1]], dim=0):.2f}")

# %% [markdown]
r"""
## A bridge between two languages

These vectors have 16 numbers, the shipped encoder wants 128, and the two have never met. But fourteen colour words are in *both*: for
those we know where a vector should land. One matrix, fitted to them by least squares, is the bridge. All else stays frozen: the vectors,
the encoder, the denoiser.
"""

# %%
both = [word for word in [*things, *trained] if word in vectors]
rows_of = encoder.embed.weight.detach()[[tokenizer.encode(word).ids[0] for word in both]]  # (14, 128)
known_vectors = torch.stack([vectors[word] for word in both])  # (14, 16)
middle, target_middle = known_vectors.mean(0), rows_of.mean(0)
centred = known_vectors - middle
bridge = torch.linalg.solve(centred.T @ centred + 0.1 * torch.eye(16), centred.T @ (rows_of - target_middle))

# %% [markdown]
r"""
Now a text encoder with more words: a new piece for each word that it never heard, and its row in the table comes over the bridge.
"""

# %%
from tokenizers import AddedToken


@torch.no_grad()
def with_words(new):
    larger = deepcopy(encoder)
    larger.tokenizer.add_tokens([AddedToken(f" {word}") for word in new])
    for word in new:
        row = (vectors[word] - middle) @ bridge + target_middle
        larger.embed.weight[larger.tokenizer.token_to_id(f" {word}")] = row  # the table has free rows
    return larger


well_read = with_words(unheard)
print(*well_read.tokenizer.encode("a small crimson circle").tokens, sep=" | ")

# %% [markdown]
r"""
**Predict**: ten words that no caption ever had. How many will be drawn in their colour before, and how many after?
"""

# %%
sentences = [f"a small {word} circle moving right" for word in (list(unheard)[:2] if fast else unheard)]
well_read_pipe = minisora.TextToVideoPipeline(replace(pipe.parts, text_encoder=well_read))
before, after = (each(sentences, seed=[0] * len(sentences)) for each in (pipe, well_read_pipe))


def colour_of(grade):
    return next(verdict.found for verdict in grade.verdicts if verdict.attribute == "colour")


for word, old, new in zip(unheard, before.grades, after.grades, strict=False):
    print(f"{word:10} meant {unheard[word]:7} before {colour_of(old):8} after {colour_of(new)}")

# %% tags=["hide-input"]
shown = [0, 3, 5, 7, 8] if len(sentences) > 2 else [0, 1]  # crimson, lemon, aqua, azure, lilac
lines = [side_by_side(clips.frames[shown].numpy()) for clips in (before, after)]
show_clip(np.concatenate([np.pad(lines[0], ((0, 0), (0, 4), (0, 0), (0, 0))), lines[1]], axis=1), scale=2, strip=False)

# %% [markdown]
r"""
*Look for: crimson, lemon, aqua, azure and lilac, before (above) and after.* Before, nine of ten are wrong, and nearly all in the same way:
where no colour is heard, the noise decides, and all of them have the same noise. After, all ten are right.

The denoiser has not seen a single new clip. Whatever text can teach, it need not learn from video: that is the reason why large models
put a frozen text encoder in front. What text *cannot* teach is what was never seen: a vector for "hexagon" could
come over the bridge, too, but the denoiser has never drawn one.

A real one goes in by the same door: any object that takes a list of sentences and gives back `TextStates`. With the extra `text` of this
package and a downloaded model you would wrap its hidden states; but its bridge has to end in 16 states that this denoiser can read, and
such a bridge must be trained; no single line solves for it. Take the states of the words, never the pooled vector alone: you have seen how little
that one knows of left and right.

## Break it

What if somebody lies to the encoder while it reads? Swap two rows of the table, "red" and "blue", and nothing else.
"""

# %%
swapped = deepcopy(encoder)
red, blue = (tokenizer.encode(word).ids[0] for word in ("red", "blue"))
with torch.no_grad():
    swapped.embed.weight[[red, blue]] = swapped.embed.weight[[blue, red]]
liar = minisora.TextToVideoPipeline(replace(pipe.parts, text_encoder=swapped))
clip = liar("a small red circle moving right and a large blue star staying still", seed=0)
show_clip(clip, strip=False)

# %% [markdown]
r"""
*Look for: the colours have changed places, and nothing else has.* The words mean what their rows say, no more. Bridges like yours can be used to lie, too; lesson 12 comes back to that.

## Your turn 4 ★★★ (15 minutes, or at home)

"Looks past words that it does not know" is not the whole truth. **Invent a word** that nobody knows, of 4 to 12 letters, with no colour
word in it, that the encoder nevertheless reads as a colour: nearer to one colour than to anything else, by far. The check tells the
distances. Put your word and its clip in the gallery of the class, and say why it works.
"""

# %% exercise="nonsense" stars=3
my_word = (
    ### BEGIN SOLUTION
    "dentur"
    ### END SOLUTION
)

my_word = check.nonsense(my_word)

# %% [markdown] tags=["hint"]
r"""
<details><summary>Hint 1</summary>

`tokenizer.encode("turquoise").tokens` is one piece, but which pieces of that word does the tokenizer know as well? A tokenizer joins
pairs one after another, so half-finished words are in its vocabulary.
</details>

<details><summary>Hint 2</summary>

Do not think of words, try thousands: join pieces at random, and let `check.colour_distances(encoder, word)` judge each.
</details>
"""

# %% [markdown] tags=["solution"]
r"""
Ends of colour words, such as *tur* or *ue*, are pieces that occur in little else. The encoder has learnt to lean on them, and a new
beginning does not put it off. Such words get past every list of forbidden words: the model reads pieces, the list reads words.
"""

# %% [markdown]
r"""
## What you have learnt

- A tokenizer joins letters that stand together often: known words are one piece, unknown ones are many, and none is lost.
- The encoder turns pieces into states of fixed number; change a word and see which move, and you know what they hold.
- Words reach the picture through several doors, and not every door that is open is used.
- Captions that are left out sometimes make **guidance** possible: take what the words do, more than once.
- What a word means can be learnt from text alone, and brought to a video model that never saw it, over a bridge.

<details><summary>Three questions to check yourself</summary>

1. *Your model ignores the word "teal". Will guidance help?* No: with and without it the guesses are the same, and three times nothing is
   nothing.
2. *Why is it not enough to hand the denoiser the pooled vector?* Whose motion, whose colour? One vector has no place for who is who; and
   this one hardly changes when right becomes left.
3. *A word was read well, and its clip is wrong. Where would you look?* Compare the states first, then the plan, then the pixels: each
   stage can be graded by itself.
</details>

**Next:** all parts are on the table: world, autoencoder, diffusion, transformer, words. Lesson 06 trains them together, in class time. To
read on: *Classifier-Free Diffusion Guidance* (Ho and Salimans, 2022, arXiv 2207.12598), Section 3; and *Neural Machine Translation of
Rare Words with Subword Units* (Sennrich, Haddow and Birch, 2016, arXiv 1508.07909), Section 3.2.
"""
