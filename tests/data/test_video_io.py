"""Clips survive the way to a file and back; what can't be written or read is said."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from minisora.data import check_output, new_file, read_video, write_video
from minisora.errors import DataError, OutputError, SettingError, ShapeError


@pytest.fixture(scope="module")
def clip() -> np.ndarray:
    """A red square that moves over blue: uint8 (9, 32, 48, 3)."""
    frames = np.full((9, 32, 48, 3), (16, 24, 64), np.uint8)
    for index in range(9):
        frames[index, 10:22, 3 * index : 3 * index + 13] = (230, 57, 53)
    return frames


@pytest.mark.parametrize("ending", ["gif", "png"])
@pytest.mark.parametrize("scale", [1, 3])
def test_gif_and_sheet_are_exact(tmp_path: Path, clip: np.ndarray, ending: str, scale: int) -> None:
    frames, fps = read_video(write_video(tmp_path / f"clip.{ending}", clip, 8, scale))
    shrink = 1 if ending == "png" else scale
    np.testing.assert_array_equal(frames[:, ::shrink, ::shrink], clip)
    assert fps == 8


@pytest.mark.parametrize(("ending", "most"), [("mp4", 6), ("webm", 10)])
def test_enlarged_video_is_nearly_exact(tmp_path: Path, clip: np.ndarray, ending: str, most: int) -> None:
    frames, fps = read_video(write_video(tmp_path / f"clip.{ending}", clip, 8, scale=4))
    assert frames.shape == (9, 128, 192, 3)
    assert fps == 8
    middles = frames[:, 1::4, 1::4].astype(int)
    assert np.abs(middles - clip).max() <= most


@pytest.mark.parametrize("ending", ["mp4", "webm"])
def test_lossless_is_within_two(tmp_path: Path, clip: np.ndarray, ending: str) -> None:
    frames, _ = read_video(write_video(tmp_path / f"clip.{ending}", clip, 8, lossless=True))
    assert np.abs(frames.astype(int) - clip).max() <= 2


@pytest.mark.parametrize("ending", ["mp4", "webm", "gif"])
def test_odd_sizes_and_single_frames(tmp_path: Path, clip: np.ndarray, ending: str) -> None:
    frames, _ = read_video(write_video(tmp_path / f"clip.{ending}", clip[:1, :31, :47], 8))
    assert frames.shape == (1, 31, 47, 3)


@pytest.mark.parametrize("fps", [5, 7, 8, 12, 12.5, 15, 24, 25, 30])
def test_gif_keeps_its_frame_rate(tmp_path: Path, clip: np.ndarray, fps: float) -> None:
    frames, found = read_video(write_video(tmp_path / "clip.gif", clip, fps))
    assert len(frames) == len(clip)
    assert found == pytest.approx(fps, rel=0.001)


def test_tensors_are_clips_too(tmp_path: Path, clip: np.ndarray) -> None:
    import torch

    frames, _ = read_video(write_video(tmp_path / "clip.gif", torch.from_numpy(clip)))
    np.testing.assert_array_equal(frames, clip)


def test_a_picture_is_a_clip_of_one_frame(tmp_path: Path, clip: np.ndarray) -> None:
    from PIL import Image

    Image.fromarray(clip[0]).save(tmp_path / "picture.png")
    frames, fps = read_video(tmp_path / "picture.png")
    np.testing.assert_array_equal(frames, clip[:1])
    assert fps == 1


def test_an_existing_file_is_kept(tmp_path: Path, clip: np.ndarray) -> None:
    path = tmp_path / "clip.gif"
    path.write_text("precious")
    with pytest.raises(OutputError, match=r"exists already.*--overwrite"):
        write_video(path, clip)
    assert path.read_text() == "precious"
    write_video(path, clip, overwrite=True)
    assert read_video(path)[0].shape == clip.shape


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("precious")
    with pytest.raises(KeyError), new_file(path, overwrite=True) as draft:  # noqa: PT012
        draft.write_text("half")
        raise KeyError
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("clip.mp4", "precious")]


def test_missing_folders_are_made(tmp_path: Path, clip: np.ndarray) -> None:
    assert write_video(tmp_path / "new" / "folder" / "clip.png", clip).is_file()


@pytest.mark.parametrize("name", ["clip.avi", "clip", "clip.mp3"])
def test_other_endings_are_refused(tmp_path: Path, clip: np.ndarray, name: str) -> None:
    with pytest.raises(OutputError, match=r"use one of \.mp4, \.webm, \.gif, \.png"):
        write_video(tmp_path / name, clip)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        check_output(tmp_path / "folder.mp4")


def test_a_file_is_no_folder(tmp_path: Path, clip: np.ndarray) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="can't be made"):
        write_video(tmp_path / "file" / "clip.gif", clip)


def test_a_folder_that_cannot_be_written(tmp_path: Path, clip: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who can write everywhere
    with pytest.raises(OutputError, match="can't be written to"):
        write_video(tmp_path / "clip.gif", clip)


def test_no_ffmpeg_says_what_to_install(tmp_path: Path, clip: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    import imageio_ffmpeg

    def missing() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", missing)
    with pytest.raises(OutputError, match="pip install imageio-ffmpeg"):
        write_video(tmp_path / "clip.mp4", clip)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_clip_is_refused(tmp_path: Path, clip: np.ndarray) -> None:
    for wrong in (clip[0], clip[None], clip[..., :1], clip.astype(np.float32), clip[:0]):
        with pytest.raises(ShapeError, match=r"uint8 \(f, h, w, 3\)"):
            write_video(tmp_path / "clip.gif", wrong)
    for fps in (0, -1, float("nan")):
        with pytest.raises(SettingError, match="fps="):
            write_video(tmp_path / "clip.gif", clip, fps)
    for scale in (0, 2.5, float("nan"), 65):
        with pytest.raises(SettingError, match="whole factor"):
            write_video(tmp_path / "clip.gif", clip, scale=scale)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_said(tmp_path: Path, clip: np.ndarray) -> None:
    with pytest.raises(DataError, match="does not exist"):
        read_video(tmp_path / "missing.mp4")
    for name in ("text.mp4", "text.gif", "text.png"):
        (tmp_path / name).write_text("not a video at all")
        with pytest.raises(DataError, match=r"can be read|can't be read"):
            read_video(tmp_path / name)
    whole = write_video(tmp_path / "whole.mp4", clip).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(DataError, match=r"cut\.mp4"):
        read_video(tmp_path / "cut.mp4")


def test_pictures_of_any_kind(tmp_path: Path) -> None:
    grey = np.linspace(0, 65535, 64 * 32).reshape(32, 64).astype(np.uint16)
    Image.fromarray(grey).save(tmp_path / "deep.png")
    frames, _ = read_video(tmp_path / "deep.png")
    assert np.array_equal(frames[0, ..., 1], grey // 256)
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    Image.new("RGB", (64, 32)).save(tmp_path / "photo.jpg", exif=turned)
    assert read_video(tmp_path / "photo.jpg")[0].shape == (1, 64, 32, 3)


def test_a_picture_of_too_many_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (40, 40)).save(tmp_path / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(DataError, match=r"bomb\.png is not a picture"):
        read_video(tmp_path / "bomb.png")


def test_a_video_longer_than_memory(tmp_path: Path, clip: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_video(tmp_path / "long.gif", clip)
    monkeypatch.setattr("minisora.data.video_io.MOST_BYTES", 3 * clip[0].nbytes)
    with pytest.raises(DataError, match="more than 3 frames"):
        read_video(file)


@pytest.mark.parametrize(
    "lie",
    [
        {"frames": 10**12}, {"frames": 0}, {"height": 10**9}, {"scale": 0}, {"scale": -1}, {"columns": 0}, {"fps": 0},
        {"fps": float("nan")}, {"frames": float("inf")}, {"gap": 10**9}, {"gap": None}, {"width": "wide"},
    ],
    ids=str,
)  # fmt: skip
def test_a_sheet_that_lies_about_itself(tmp_path: Path, lie: dict[str, Any]) -> None:
    layout = {"frames": 2, "height": 16, "width": 16, "scale": 1, "columns": 2, "gap": 2, "fps": 8.0}
    text = PngInfo()
    text.add_text("minisora-sheet", json.dumps({**layout, **lie}))
    Image.new("RGB", (38, 20)).save(tmp_path / "sheet.png", pnginfo=text)
    with pytest.raises(DataError, match=r"sheet\.png"):
        read_video(tmp_path / "sheet.png")


def test_folders_and_endless_names(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        read_video(tmp_path)
    with pytest.raises(OutputError, match="too long"):
        check_output(tmp_path / f"{'x' * 300}.mp4")
