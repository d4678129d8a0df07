"""Where given frames lie: whole groups, nearest legal places, masks."""

from typing import Any

import numpy as np
import pytest
import torch

from minisora.errors import SettingError, ShapeError
from minisora.pipeline.canvas import Stretch, make_canvas
from minisora.pipeline.conditions import Condition
from minisora.pipeline.settings import Settings

SMALL = Settings(height=16, width=16)


def laid(conditions: list[Condition], batch: int, settings: Settings = SMALL) -> Stretch:
    """The whole video, laid out."""
    return make_canvas(conditions, batch, settings).part(0, settings.num_frames)


def frames(count: int, value: int = 200) -> torch.Tensor:
    return torch.full((count, 16, 16, 3), value, dtype=torch.uint8)


@pytest.mark.parametrize(
    ("count", "index", "kept"),
    [
        (1, 0, range(1)),
        (5, 0, range(5)),
        (17, 0, range(17)),
        (4, 1, range(1, 5)),
        (8, 9, range(9, 17)),
        (1, 16, range(13, 17)),  # a single last image fills its group
        (1, -1, range(13, 17)),
        (1, 13, range(13, 17)),
        (1, 5, range(5, 9)),
        (4, -4, range(13, 17)),
    ],
)
def test_conditions_cover_whole_groups(count: int, index: int, kept: range) -> None:
    canvas = laid([Condition(frames(count), index)], 2)
    assert canvas.kept.all(dim=(1, 2)).nonzero()[:, 0].tolist() == list(kept)
    assert canvas.kept_latents().all(dim=(1, 2)).nonzero()[:, 0].tolist() == sorted({(k + 3) // 4 for k in kept})
    assert (canvas.pixels[:, list(kept)] == 200).all()


@pytest.mark.parametrize(
    ("count", "index", "words"),
    [
        (4, 2, "frame_index=1"),
        (4, 8, "frame_index=9"),
        (1, 3, "frame_index=(1|5)"),
        (1, 17, "frame_index=13"),
        (1, -18, "frame_index=0"),
        (3, 0, "Give 1 or 5 frames"),
        (3, 1, "Give 4 frames"),
        (6, 1, "Give 4 or 8 frames"),
        (21, 0, "Give 17 frames, or ask for num_frames=21"),
        (8, 13, "Give 4 frames"),
    ],
)
def test_anything_else_names_the_nearest_legal_one(count: int, index: int, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        make_canvas([Condition(frames(count), index)], 1, SMALL)


def test_sizes() -> None:
    with pytest.raises(ShapeError, match="Scale it to 16×16"):
        make_canvas([Condition(torch.zeros(1, 8, 16, 3, dtype=torch.uint8))], 1, SMALL)
    with pytest.raises(ShapeError, match="Give one clip, or 2"):
        make_canvas([Condition(frames(5).expand(3, -1, -1, -1, -1))], 2, SMALL)
    with pytest.raises(ShapeError, match="Scale it to 16×16"):
        make_canvas([Condition(frames(1), mask=np.ones((5, 5)))], 1, SMALL)
    with pytest.raises(ShapeError, match="uint8"):
        make_canvas([Condition(np.zeros((16, 16, 3)))], 1, SMALL)


@pytest.mark.parametrize("conditions", [None, 5, Condition(frames(1)), frames(1), [frames(1)]])
def test_what_is_no_list_of_conditions(conditions: Any) -> None:
    with pytest.raises(SettingError, match=r"conditions=\[Condition\(frames\)\]"):
        make_canvas(conditions, 1, SMALL)


@pytest.mark.parametrize("index", [1.5, float("nan"), float("inf"), "first", None, [0]])
def test_an_index_is_a_whole_number(index: Any) -> None:
    with pytest.raises(SettingError, match="frame_index"):
        Condition(frames(1), index)
    assert laid([Condition(frames(1), np.int64(0))], 1).kept[0].all()


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan"), float("inf"), "much", None])
def test_strength_lies_from_0_to_1(strength: Any) -> None:
    with pytest.raises(SettingError, match="strength"):
        Condition(frames(1), strength=strength)


def test_a_mask_needs_full_strength() -> None:
    with pytest.raises(SettingError, match="mask"):
        Condition(frames(1), strength=0.5, mask=np.ones((16, 16)))


def test_a_masked_place_is_known_only_where_all_its_pixels_are() -> None:
    mask = np.zeros((16, 16), bool)
    mask[:, :6] = True  # one and a half latent places
    canvas = laid([Condition(frames(17), mask=mask)], 1)
    assert canvas.kept_latents().shape == (5, 4, 4)
    assert canvas.kept_latents()[:, :, 0].all()
    assert not canvas.kept_latents()[:, :, 1:].any()


def test_a_hint_and_kept_frames_lie_side_by_side() -> None:
    canvas = laid([Condition(frames(16, 10), 1, strength=0.4), Condition(frames(1, 99))], 1)
    assert canvas.start.tolist() == pytest.approx([1.0, 0.6, 0.6, 0.6, 0.6])
    assert canvas.kept.all(dim=(1, 2)).tolist() == [True] + 16 * [False]
    assert canvas.pixels[0, :, 0, 0, 0].tolist() == [99] + 16 * [10]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ((5, 0, 1.0), (5, 0, 1.0), "give frames 0 to 4.*frame_index=5"),
        ((17, 0, 0.4), (1, 0, 1.0), "give frames 0 to 0.*Cut one"),
        ((5, 0, 1.0), (8, 1, 1.0), "give frames 1 to 4.*frame_index=5"),
        ((4, 9, 1.0), (1, 12, 1.0), "give frames 9 to 12.*frame_index=13"),
        ((4, 13, 1.0), (1, -1, 1.0), "give frames 13 to 16.*Cut one"),
    ],
)
def test_frames_are_given_once(one: tuple[int, int, float], other: tuple[int, int, float], words: str) -> None:
    conditions = [Condition(frames(count), index, strength) for count, index, strength in (one, other)]
    with pytest.raises(SettingError, match=words):
        make_canvas(conditions, 1, SMALL)


def test_of_many_groups_only_some_are_named() -> None:
    with pytest.raises(SettingError, match=r"start at 0, 1, 5, 9, …, 397\. Use frame_index=97") as refused:
        make_canvas([Condition(frames(4), 98)], 1, Settings(num_frames=401, height=16, width=16))
    assert len(str(refused.value)) < 200


def test_gaps_are_filled_with_the_next_known_frame_or_the_last() -> None:
    canvas = laid(
        [Condition(frames(4, 50), 5), Condition(frames(1, 70), 13)], 1, Settings(num_frames=21, height=16, width=16)
    )
    assert canvas.filled()[0, :, 0, 0, 0].tolist() == [50] * 9 + [70] * 12
