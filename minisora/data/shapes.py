"""The world as a data set: clip k depends on (seed, k) alone, so clips can be made in any order, anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from minisora.data.buckets import TRAIN_CLIPS, Bucket, keyed_rng
from minisora.data.schema import Clip, Row, encode_row
from minisora.errors import SettingError
from minisora.world import SHAPES, Caption, Scene, World

Kinds = Mapping[str, float] | Sequence[str] | None

WRITINGS = 24  # sentences tried for a picture before another scene is drawn
PICTURES = 20  # scenes tried for a picture


@dataclass(frozen=True)
class ShapesRecipe:
    """What is drawn from the world, whatever the size of the clips.

    Attributes:
        split: "train", "unseen" (combinations kept out of training) or "outside" (sizes and speeds beyond it).
        kinds: kinds of scenes, equally often, or with how often each; None for the world's own mixture.
        fps: frames per second.
        short: share of captions that leave attributes out.
        free: captions in wordings that training never shows.
        latest_start: clips begin up to so many seconds into their scene, as windows of a longer clip do.
    """

    split: str = "train"
    kinds: Kinds = None
    fps: float = 8.0
    short: float = 0.1
    free: bool = False
    latest_start: float = 0.0


def moving_shapes(
    num_clips: int,
    seed: int = 0,
    split: str = "train",
    kinds: Kinds = None,
    num_frames: int = 17,
    height: int = 64,
    width: int = 64,
    fps: float = 8.0,
    start: int = 0,
    world: World = SHAPES,
) -> Iterator[Row]:
    """Captioned clips of the world.

    Args:
        num_clips: how many there are in all.
        seed: clip k depends on (seed, k) alone.
        split, kinds: see `ShapesRecipe`.
        num_frames, height, width: shape of every clip; one frame makes captioned pictures.
        fps: frames per second.
        start: number of the first clip to yield, to resume.
        world: what they show.
    Yields:
        Rows of the schema, `num_clips - start` of them.
    Raises:
        SettingError: unknown split or kind, or a size that can't be drawn.
    """
    bucket, recipe = Bucket(num_frames, height, width), ShapesRecipe(split, kinds, fps)
    for index in range(start, num_clips):
        yield encode_row(shapes_clip(world, recipe, bucket, keyed_rng(seed, TRAIN_CLIPS, index)))


def shapes_clip(world: World, recipe: ShapesRecipe, bucket: Bucket, rng: np.random.Generator) -> Clip:
    """Draw one scene, write about it, render it.

    Args:
        world: what to draw from.
        recipe: which scenes and captions.
        bucket: shape of the clip.
        rng: source of all choices.
    Returns:
        The clip, its scene as JSON.
    Raises:
        SettingError: as in `moving_shapes`.
    """
    if bucket.num_frames == 1:
        scene, caption = _picture(world, recipe, bucket, rng)
        begin = 0.0
    else:
        seconds = (bucket.num_frames - 1) / recipe.fps + recipe.latest_start
        scene = world.sample(rng, _kind(recipe.kinds, rng), recipe.split, bucket.aspect, seconds)
        caption = world.write(scene, rng, short=recipe.short, free=recipe.free)
        begin = float(rng.uniform(0, recipe.latest_start)) if recipe.latest_start else 0.0
    frames = world.render(scene, bucket.num_frames, bucket.height, bucket.width, recipe.fps, begin)
    return Clip(frames.numpy(), caption.text, scene.to_json(), recipe.fps)


def _kind(kinds: Kinds, rng: np.random.Generator) -> str | None:
    if not kinds:
        return None
    names = list(kinds)
    weights = np.array([kinds[name] if isinstance(kinds, Mapping) else 1.0 for name in names], dtype=np.float64)
    if weights.min() < 0 or not 0 < weights.sum() < np.inf:
        raise SettingError(f"kinds={kinds}: give each kind a number of at least 0, and one of them more.")
    return str(rng.choice(names, p=weights / weights.sum()))


def _picture(world: World, recipe: ShapesRecipe, bucket: Bucket, rng: np.random.Generator) -> tuple[Scene, Caption]:
    """A scene with a sentence that says nothing about time, since one frame shows no motion."""
    for _ in range(PICTURES):
        scene = world.sample(rng, _kind(recipe.kinds, rng), recipe.split, bucket.aspect)
        for _ in range(WRITINGS):
            caption = world.write(scene, rng, short=1.0, free=recipe.free)
            if _is_timeless(world, caption):
                return scene, caption
    raise SettingError(f"kinds={recipe.kinds} gives no caption without motion. Use kinds=['one', 'two', 'three'].")


def _is_timeless(world: World, caption: Caption) -> bool:
    request = caption.request
    moving = any(actor.motion or actor.speed for actor in request.actors)
    following = any(world.relations[relation.name].follows for relation in request.relations)
    return not (moving or following or request.camera or request.behind_wall)
