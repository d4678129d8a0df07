"""What is stored comes back bit by bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minisora.data import Clip, decode_row, decode_video, encode_row, encode_video, features, to_dataset
from minisora.errors import DataError, ShapeError


@given(st.integers(1, 9), st.integers(1, 12), st.integers(1, 12), st.integers(0, 99))
def test_videos_come_back(frames: int, height: int, width: int, seed: int) -> None:
    video = np.random.default_rng(seed).integers(0, 256, (frames, height, width, 3), dtype=np.uint8)
    back = decode_video(encode_video(video))
    np.testing.assert_array_equal(back, video)
    assert back.flags.writeable
    assert back.flags.c_contiguous


def test_clips_of_several_shapes_share_one_data_set(rng: np.random.Generator) -> None:
    shapes = [(1, 8, 8, 3), (5, 8, 16, 3), (9, 16, 8, 3)]
    clips = [Clip(rng.integers(0, 256, shape, dtype=np.uint8), f"clip {shape}", None, 8.0) for shape in shapes]
    dataset = to_dataset(map(encode_row, clips))
    assert dataset.features == features()
    for row, clip in zip(dataset, clips, strict=True):
        back = decode_row(row)
        np.testing.assert_array_equal(back.frames, clip.frames)
        assert (back.caption, back.scene, back.fps) == (clip.caption, None, 8.0)


def test_damage_is_seen(rng: np.random.Generator) -> None:
    video = encode_video(rng.integers(0, 256, (2, 8, 8, 3), dtype=np.uint8))
    flipped = bytearray(video["bytes"])
    flipped[40] ^= 1
    for wrong in (
        {**video, "bytes": bytes(flipped)},
        {**video, "bytes": video["bytes"][:-9]},
        {**video, "shape": [2, 8, 9, 3]},
        {**video, "shape": [2, 8]},
    ):
        with pytest.raises(DataError, match="damaged"):
            decode_video(wrong)


def test_no_clip_is_no_data() -> None:
    with pytest.raises(DataError, match="no clip"):
        to_dataset([])
    with pytest.raises(ShapeError):
        encode_video(np.zeros((2, 8, 8), np.uint8))


def test_the_room_is_light_to_enter() -> None:
    import subprocess
    import sys

    code = (
        "import sys, minisora.data; from minisora.data import ShapesSource, StepDataset; "
        "next(iter(StepDataset(ShapesSource(batch_size=1)))); "
        "print({'datasets', 'lightning', 'av', 'mediapy', 'pyarrow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
