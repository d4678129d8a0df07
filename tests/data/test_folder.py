"""The user's own clips, good and bad."""

import logging
from pathlib import Path

import numpy as np
import pytest

from minisora.data import Bucket, Skipped, cover, decode_row, video_folder, write_video
from minisora.data.folder import read_captions
from minisora.errors import DataError


def grey(frames: int, height: int = 32, width: int = 32) -> np.ndarray:
    """Frame k has the value 5k."""
    values = (5 * np.arange(frames, dtype=np.uint8))[:, None, None, None]
    return np.broadcast_to(values, (frames, height, width, 3)).copy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good clips and a picture."""
    write_video(tmp_path / "a.gif", grey(17), 8)
    write_video(tmp_path / "more" / "b.mp4", grey(33), 16, lossless=True)
    write_video(tmp_path / "c.webm", grey(9, 32, 64), 8, lossless=True)
    write_video(tmp_path / "d.png", grey(1), 8)
    (tmp_path / "metadata.csv").write_text(
        'file_name,caption\na.gif,"grey, getting brighter"\nmore/b.mp4,the same at 16 fps\n'
        "c.webm,a wide one\nd.png,a picture\n"
    )
    return tmp_path


BUCKETS = (Bucket(17, 32, 32), Bucket(1, 32, 32), Bucket(5, 16, 32))


def test_clips_go_to_the_bucket_that_fits(folder: Path) -> None:
    rows = list(video_folder(folder, BUCKETS))
    assert [row["caption"] for row in rows] == [
        "grey, getting brighter",
        "a wide one",
        "a picture",
        "the same at 16 fps",
    ]
    assert [row["video"]["shape"][:3] for row in rows] == [[17, 32, 32], [5, 16, 32], [1, 32, 32], [17, 32, 32]]
    assert {row["scene"] for row in rows} == {None}


def test_frames_are_taken_at_the_rate_asked_for(folder: Path) -> None:
    first, *_, last = (decode_row(row).frames[:, 0, 0, 0] for row in video_folder(folder, BUCKETS))
    np.testing.assert_array_equal(first, 5 * np.arange(17))
    assert np.abs(last.astype(int) - 10 * np.arange(17)).max() <= 2, "every other frame of 16 fps"


def test_a_slow_clip_repeats_its_frames(tmp_path: Path) -> None:
    write_video(tmp_path / "slow.gif", grey(5), 4)
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "slow.gif", "text": "slow"}\n')
    (row,) = video_folder(tmp_path, [Bucket(9, 32, 32)])
    np.testing.assert_array_equal(decode_row(row).frames[:, 0, 0, 0], 5 * (np.arange(9) // 2))


def test_a_long_clip_gives_several_windows(folder: Path) -> None:
    rows = list(video_folder(folder, [Bucket(5, 32, 32)], windows=3))
    first = [decode_row(row).frames[0, 0, 0, 0] for row in rows if row["caption"].startswith("grey")]
    assert first == [0, 25, 50]


def test_bad_clips_are_named_skipped_and_counted(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "broken.mp4").write_bytes(b"not a video")
    whole = (folder / "more" / "b.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    write_video(folder / "silent.gif", grey(17))
    write_video(folder / "short.gif", grey(3))
    with (folder / "metadata.csv").open("a") as file:
        file.write("broken.mp4,x\ncut.mp4,x\nshort.gif,x\ngone.mp4,x\nsilent.gif,\n")
    skipped: list[Skipped] = []
    with caplog.at_level(logging.WARNING):
        rows = list(video_folder(folder, (Bucket(17, 32, 32), Bucket(5, 16, 32)), skipped=skipped))
    assert len(rows) == 3
    reasons = {entry.name: entry.reason for entry in skipped}
    assert set(reasons) == {"broken.mp4", "cut.mp4", "silent.gif", "short.gif", "gone.mp4", "d.png"}
    assert "no caption" in reasons["silent.gif"]
    assert "no such file" in reasons["gone.mp4"]
    assert "too short: 3 frames" in reasons["short.gif"]
    assert all(name in caplog.text for name in reasons)
    assert "6 of 9 clips skipped" in caplog.text


def test_no_clip_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a folder"):
        list(video_folder(tmp_path / "missing"))
    with pytest.raises(DataError, match="no metadata"):
        list(video_folder(tmp_path))
    (tmp_path / "metadata.csv").write_text("file_name,caption\ngone.mp4,a clip\n")
    with pytest.raises(DataError, match=r"no clip that can be used \(1 skipped\)"):
        list(video_folder(tmp_path))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metadata.csv", "video,caption\na.gif,x\n"),
        ("metadata.jsonl", "not json\n"),
        ("metadata.jsonl", "[1, 2]\n"),
    ],
)
def test_metadata_that_make_no_sense(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match="metadata"):
        read_captions(tmp_path)


def test_covering_keeps_the_middle() -> None:
    frame = np.zeros((40, 80, 3), np.uint8)
    frame[:, 20:60] = 255
    assert (cover(frame, 20, 20) == 255).all()
    assert cover(frame, 100, 30).shape == (100, 30, 3)
