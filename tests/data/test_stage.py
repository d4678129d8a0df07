"""The stage as a data set: clips of its own size that show their scenes, and splits of its own."""

import numpy as np
import pytest

from minisora.data import decode_row, moving_stage
from minisora.world import STAGE, Scene


def test_a_row_holds_the_scene_that_it_shows() -> None:
    for row in moving_stage(4, seed=2):
        clip = decode_row(row)
        scene = Scene.from_json(clip.scene or "")
        assert clip.frames.shape == (17, 128, 128, 3)
        np.testing.assert_array_equal(clip.frames, STAGE.render(scene, 17, 128, 128).numpy())
        assert not STAGE.parse(clip.caption).unknown


def test_clip_k_depends_on_seed_and_k_alone() -> None:
    rows = list(moving_stage(4, seed=3, height=32, width=32))
    assert list(moving_stage(4, seed=3, height=32, width=32, start=2)) == rows[2:]


@pytest.mark.parametrize("split", ["train", "unseen"])
def test_splits_keep_their_combinations(split: str) -> None:
    for row in moving_stage(12, split=split, num_frames=5, height=16, width=16):
        scene = Scene.from_json(row["scene"] or "")
        unseen = [STAGE.is_unseen(actor.colour, actor.shape, scene.background) for actor in scene.actors]
        assert set(unseen) == {split == "unseen"}
