"""The world as a data set: determinism, splits, sizes, captions that fit."""

from itertools import islice

import numpy as np
import pytest

from minisora.data import Bucket, ShapesRecipe, decode_row, moving_shapes, shapes_clip
from minisora.data.buckets import TRAIN_CLIPS, keyed_rng
from minisora.errors import SettingError
from minisora.world import SHAPES, Scene


def test_clip_k_depends_on_seed_and_k_alone() -> None:
    rows = list(moving_shapes(6, seed=3))
    assert list(moving_shapes(6, seed=3, start=4)) == rows[4:]
    assert list(islice(moving_shapes(1000, seed=3), 2)) == rows[:2]
    assert [row["caption"] for row in moving_shapes(6, seed=4)] != [row["caption"] for row in rows]


def test_a_row_holds_the_scene_that_it_shows() -> None:
    for row in moving_shapes(8, num_frames=9, height=48, width=80, fps=12):
        clip = decode_row(row)
        scene = Scene.from_json(clip.scene or "")
        assert clip.frames.shape == (9, 48, 80, 3)
        np.testing.assert_array_equal(clip.frames, SHAPES.render(scene, 9, 48, 80, 12).numpy())


@pytest.mark.parametrize("split", ["train", "unseen"])
def test_splits_keep_their_combinations(split: str) -> None:
    for row in moving_shapes(12, split=split):
        scene = Scene.from_json(row["scene"] or "")
        unseen = [SHAPES.is_unseen(actor.colour, actor.shape, actor.motion) for actor in scene.actors]
        assert set(unseen) == {split == "unseen"}


def test_kinds_are_drawn_as_asked() -> None:
    kinds = [Scene.from_json(row["scene"] or "").kind for row in moving_shapes(12, kinds=["one", "wall"])]
    assert set(kinds) == {"one", "wall"}
    recipe = ShapesRecipe(kinds={"one": 0, "two": 1})
    clip = shapes_clip(SHAPES, recipe, Bucket(), keyed_rng(0, TRAIN_CLIPS, 0))
    assert Scene.from_json(clip.scene or "").kind == "two"


def test_a_picture_has_a_caption_without_motion() -> None:
    for row in moving_shapes(12, num_frames=1):
        assert row["video"]["shape"][0] == 1
        request = SHAPES.parse(row["caption"])
        assert request.actors
        assert all(actor.motion is None and actor.speed is None for actor in request.actors)
        assert request.camera is None
        assert not request.behind_wall


def test_windows_of_a_longer_clip_start_later() -> None:
    recipe = ShapesRecipe(latest_start=2.0)
    clip = shapes_clip(SHAPES, recipe, Bucket(5), keyed_rng(0, TRAIN_CLIPS, 1))
    scene = Scene.from_json(clip.scene or "")
    assert not np.array_equal(clip.frames, SHAPES.render(scene, 5).numpy())


def test_wrong_settings_are_refused() -> None:
    for wrong in ({"split": "test"}, {"kinds": ["four"]}, {"kinds": {"one": -1}}, {"num_frames": 0}, {"height": 4}):
        with pytest.raises(SettingError):
            list(moving_shapes(1, **wrong))  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="seed=-1"):
        list(moving_shapes(1, seed=-1))
