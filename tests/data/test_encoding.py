"""A file to which frames are added is the file that is written at once; what was added can be kept."""

import time
from pathlib import Path

import numpy as np
import pytest

from minisora.data import open_video, read_video, write_video
from minisora.errors import OutputError, SettingError, ShapeError

CLIP = np.full((21, 32, 48, 3), (16, 24, 64), np.uint8)
for index in range(21):
    CLIP[index, 10:22, index : index + 13] = (230, 57, 53 + 5 * index)


@pytest.mark.parametrize("ending", ["mp4", "gif"])
def test_pieces_make_the_same_file(tmp_path: Path, ending: str) -> None:
    whole = write_video(tmp_path / f"whole.{ending}", CLIP, 7, scale=2)
    pieces = tmp_path / f"100%d.{ending}"
    with open_video(pieces, 7, scale=2) as video:
        for piece in (CLIP[:1], CLIP[1:9], CLIP[9:]):
            video.add(piece)
        assert video.count == 21
        assert not pieces.exists()
    assert pieces.read_bytes() == whole.read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif"])
def test_an_error_leaves_nothing_unless_it_is_caught_inside(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"clip.{ending}"
    with pytest.raises(KeyboardInterrupt), open_video(file) as video:  # noqa: PT012
        video.add(CLIP[:9])
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
    with open_video(file) as video:
        try:
            video.add(CLIP[:9])
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
    assert read_video(file)[0].shape == (9, 32, 48, 3)
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No frame was added"), open_video(tmp_path / "x.gif"):
        pass
    with pytest.raises(ShapeError, match="16×48 pixels, those before 32×48"), open_video(tmp_path / "x.mp4") as video:  # noqa: PT012
        video.add(CLIP)
        video.add(CLIP[:, :16])
    with pytest.raises(OutputError, match=r"use one of \.mp4, \.webm, \.gif\."), open_video(tmp_path / "x.png"):
        pass
    with pytest.raises(SettingError, match="fps="), open_video(tmp_path / "x.mp4", fps=0):
        pass
    with pytest.raises(SettingError, match="whole factor"), open_video(tmp_path / "x.mp4", scale=0):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif"])
def test_the_file_grows_while_frames_are_added(tmp_path: Path, ending: str) -> None:
    noise = np.random.default_rng(0).integers(256, size=(21, 32, 48, 3), dtype=np.uint8)
    with open_video(tmp_path / f"clip.{ending}") as video:
        for _ in range(10):
            video.add(noise)
        until = time.monotonic() + 60
        while not any(path.stat().st_size > 10_000 for path in tmp_path.iterdir()):
            assert time.monotonic() < until
            time.sleep(0.02)
