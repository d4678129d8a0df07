# %% [markdown]
r"""
# 00 Start here: type a sentence, watch the video

In this notebook you make videos from sentences, and a grader that knows the truth tells you which words came out right.
"""

# %% [markdown]
r"""
| | |
|---|---|
| **Time** | 15 minutes of reading and playing; the cells themselves take under a minute on 2 processor cores |
| **Needs** | nothing from before, no GPU, no internet |
| **Afterwards you can** | make a clip from a sentence and a seed · read its grade word by word · find out which word of a sentence causes what · tell a model's mistake from a grader's |
"""

# %% [markdown]
r"""
## Is everything there?

One line for each thing that is needed. Where something is missing, the arrow says what to type.
"""

# %%
from minisora.cli import main

main(["check"])

# %% [markdown]
r"""
`0` at the end means that all is well. Now load the model: a few small files, read from your disk.
"""

# %% tags=["parameters"]
model = "nano"  # a shipped name, or a folder of your own
prompt = "a small red circle moving right and a large blue star bouncing"

# %%
import minisora
from minisora.course.checks import lesson_00 as check
from minisora.widgets import Compare, PromptStudio, film_strip, grade_list, show_clip

pipe = minisora.TextToVideoPipeline.from_pretrained(model)

# %% [markdown]
r"""
## Type a sentence

This is the studio. A first clip is there already; change the sentence and press *Generate*. While you type, words that the
world does not know are marked, and the row below the field says how the sentence may go on.
"""

# %%
studio = PromptStudio(pipe, prompt)
studio

# %% [markdown]
r"""
*Look for: rings first, where everything will be, and then the pixels, from a blur to sharp edges. Each word of your sentence gets
a tick or a cross.* *Generate* becomes *Stop* meanwhile. *Copy as Python* gives the lines that make the same clip, and
`studio.clips` holds the one that is shown.
"""

# %% [markdown]
r"""
## The same in Python

`pipe(…)` starts from noise and takes a few steps towards a video in which your words are true. The **seed** decides
which noise: the same words and the same seed give the same video, down to the last byte.
"""

# %%
clip = pipe(prompt, seed=0)
show_clip(clip)

# %% [markdown]
r"""
*Look for: the moving clip above, and under it the film strip, all 17 frames in reading order. The first frame is top left.*

What came out is an array of numbers: clips, frames, height, width, and red, green, blue from 0 to 255.
"""

# %%
print(tuple(clip.frames.shape), clip.frames.dtype)

# %% [markdown]
r"""
## The plan before the pixels

The model does not start with pixels. From the same noise it first draws a **layout**: where each thing is in every frame, how
large it is and how it is turned. A ring stands for each thing, its hand shows the turn. Only then does it draw the pixels, along
the layout. **Before you run it**: will the rings be where you saw the things?
"""

# %%
from minisora.world.layout_picture import draw_layout

film_strip(draw_layout(clip.layout[0]))

# %% [markdown]
r"""
*Look for: the same 17 frames as in the film strip above, with rings in place of figures.*

So if a thing moves the wrong way, the plan was wrong; if it moves the right way but has the wrong shape, the drawing was.
"""

# %% [markdown]
r"""
## Did it do what you said?

Your eyes can judge one clip, not five hundred. The videos here show a small world that is drawn by code, so code can also
find out what is to be seen. The **grader** measures each thing in the clip and compares it with your words.
"""

# %%
grade = clip.grades[0]
grade_list(grade)

# %% [markdown]
r"""
*Look for: a tick or a cross on each word. After a cross stands what the grader found instead.*

Can the grader be trusted? Let it judge a clip that is right by construction: a scene that is *drawn*, not generated.
"""

# %%
import numpy as np

world, rng = minisora.SHAPES, np.random.default_rng(1)
scene = world.sample(rng, kind="two")
caption = world.write(scene, rng)
truth = world.render(scene)
print(world.grade(truth, caption.request))
show_clip(truth, label=caption.text)

# %% [markdown]
r"""
This is the ceiling: the grader on clips that cannot be wrong. Every score of a model in this project has such a number
beside it, and a model is never blamed for what the grader gets wrong.

## Predict: what does one word do?

Below, the same seed makes three clips, and only one word changes. **Before you run it**, write down what you expect: will
the rest of the picture stay as it is, or does all of it change?
"""

# %%
words = ["red", "green", "white"]
same_seed = pipe([f"a small {word} circle moving right" for word in words], seed=[7, 7, 7])
film_strip(same_seed.frames.flatten(0, 1), columns=17)

# %% [markdown]
r"""
*Look for: three rows, one for each word. Compare the place of the circle in the first frame of each row.*

All three began from the same noise. What stays the same was decided by the noise, what changes was decided by the word.

## Your turn ★ (5 minutes)

Find a prompt of your own with two things in it of which **every** word comes out right. The list of all words that the model
knows is one command away. Put `pipe("…", seed=0)` in place of the `...`; the last line tells you what it finds. To watch your
clip, add a line `show_clip(mine)`.
"""

# %%
main(["words", "--examples", "5"])

# %% exercise="two_things" stars=1
mine = (
    ### BEGIN SOLUTION
    pipe("a large yellow square spinning and a small cyan ring moving up", seed=0)
    ### END SOLUTION
)

mine = check.two_things(mine)

# %% [markdown] tags=["hint"]
r"""
<details><summary>A hint, if a word will not come right</summary>

Try three seeds before you change the words: `pipe([prompt] * 3, seed=[1, 2, 3])` makes three clips at once. If the same word
is wrong in all of them, the model has not learnt it well, and that is worth knowing too.
</details>
"""

# %% [markdown]
r"""
## Play

Two sentences, one seed, playing in step, with the pixels in which they differ. Or choose what else changes: the steps, the
guidance, the seed.
"""

# %%
compare = Compare(pipe, "a small red circle moving right", "a small red circle moving left")
compare

# %% [markdown]
r"""
## Break it

What happens with a word that is not in the world at all? Guess first: an error, an empty picture, or something else?
"""

# %%
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    strange = pipe("a small red elephant moving right", seed=0)
print(caught[-1].message)
show_clip(strange, strip=False)

# %% [markdown]
r"""
The word is named, and the video is made from the rest. The network has read the letters of *elephant* all the same: what
it made of them is a guess that nobody taught it.

## Keep it

Next to the video lies a small JSON with the words, the seed, the settings and the hash of the model: enough to make the very
same clip again, on another day.
"""

# %%
clip.save("outputs/first.mp4", scale=8, overwrite=True)

# %% [markdown]
r"""
## What you have seen

- A sentence and a seed give a video; the same two give the same video.
- The grader measures what is to be seen and compares it with the words, one by one.
- A score means something only beside its ceiling.
- Changing one word with the seed kept shows what that word does.
- Words that are not in the world are named, not hidden.

<details><summary>Three questions to check yourself</summary>

1. *Two clips have the same words and different seeds. What may differ?* Everything that the words leave open: where things
   start, the exact size and speed, the background if it is not named.
2. *Why does the grader get rendered clips, too?* Its mistakes there are its own; without that number you could not tell them
   from the model's.
3. *A clip has a tick on every word. Is it a good clip?* It shows what was said. Whether its edges are sharp and its ground
   is still was not asked, and other numbers say that.
</details>

**Next:** how a scene becomes pixels and a sentence, and how noise becomes a clip. To read on: *Video generation models as
world simulators* (OpenAI, 2024), the first page.
"""
