"""The mark is found in what became of a clip, and not in clips without one; the quick search equals a slow one."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from minisora.data.video_io import read_video, write_video
from minisora.errors import ShapeError
from minisora.guards.mark import SIDE, mark_frames, mark_tile
from minisora.safety.finding import THRESHOLD, find_mark
from minisora.world import SHAPES


def clip(seed: int, kind: str = "two") -> np.ndarray:
    """A rendered scene, uint8 (17, 64, 64, 3)."""
    return SHAPES.render(SHAPES.sample(np.random.default_rng(seed), kind), num_frames=17).numpy()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A clip with the mark and without, as saved with scale=8."""
    folder, frames = tmp_path_factory.mktemp("files"), clip(0)
    return (
        write_video(folder / "with.mp4", mark_frames(frames), scale=8),
        write_video(folder / "without.mp4", frames, scale=8),
    )


def test_the_score_is_that_of_a_loop_over_all_places(rng: np.random.Generator) -> None:
    frames = np.full((1, SIDE, SIDE, 3), 100, np.uint8) + rng.integers(0, 3, (1, SIDE, SIDE, 1), dtype=np.uint8)
    marked = mark_frames(np.roll(frames, (3, 5), (1, 2)))
    grey = marked[0, ..., 0].astype(float)
    framed = np.pad(grey, 1, mode="edge")
    apart = np.array(
        [[grey[y, x] - (framed[y : y + 3, x : x + 3].sum() - grey[y, x]) / 8 for x in range(SIDE)] for y in range(SIDE)]
    )
    apart[np.abs(apart) >= 4] = 0
    patterns = (mark_tile(), mark_tile()[:, ::-1])
    alike = np.array(
        [
            (apart * np.roll(pattern, (y, x), (0, 1))).sum()
            for pattern in patterns
            for y in range(SIDE)
            for x in range(SIDE)
        ]
    )
    found = find_mark(marked, scales=(1,))
    assert found.score == pytest.approx(alike.max() / np.sqrt((alike**2).mean()), rel=1e-3)
    assert alike.argmax() == 0  # the pattern begins in the corner
    assert found.marked


def test_through_the_file(files: tuple[Path, Path]) -> None:
    marked, plain = (read_video(file)[0] for file in files)
    assert find_mark(marked).marked
    assert find_mark(marked).scale == 8
    assert not find_mark(plain).marked


@pytest.mark.parametrize(
    "attack",
    [
        lambda frames: frames[::2],
        lambda frames: frames[3:4],
        lambda frames: frames[:, 23 : 23 + 461, 40 : 40 + 461],
        lambda frames: frames[::2, :461, 51:],
        lambda frames: frames[:, :, ::-1],
        lambda frames: np.roll(frames, 5, axis=0),
        lambda frames: (0.8 * frames + 20).astype(np.uint8),
    ],
    ids=["half", "one frame", "crop", "half and crop", "mirror", "order", "contrast"],
)
def test_what_it_lives_through(files: tuple[Path, Path], attack: object) -> None:
    marked, plain = (attack(read_video(file)[0]) for file in files)  # type: ignore[operator]
    assert find_mark(marked).marked
    assert not find_mark(plain).marked


def test_coded_once_more_at_the_usual_quality(files: tuple[Path, Path], tmp_path: Path) -> None:
    import imageio_ffmpeg

    found = []
    for file in files:
        again = tmp_path / file.name
        options = ["-c:v", "libx264", "-crf", "23", "-pix_fmt", "yuv420p", str(again)]
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(file), *options], check=True)
        found.append(find_mark(read_video(again)[0]).marked)
    assert found == [True, False]


@pytest.mark.parametrize("ending", [".png", ".gif", ".webm"])
def test_other_formats(tmp_path: Path, ending: str) -> None:
    file = write_video(tmp_path / f"clip{ending}", mark_frames(clip(1)), scale=4)
    assert find_mark(read_video(file)[0]).marked


def test_no_clip_of_every_kind_of_scene_is_taken_for_one() -> None:
    scores = [find_mark(clip(seed, kind), scales=(1, 2, 3)).score for seed in range(3) for kind in SHAPES.kinds]
    assert max(scores) < THRESHOLD


def test_another_key_is_another_mark() -> None:
    marked = mark_frames(clip(2), key="mine")
    assert find_mark(marked, key="mine").marked
    assert not find_mark(marked).marked


@pytest.mark.parametrize("shape", [(3, 8, 8, 3), (1, 16, 16, 3), (2, 64, 64, 3)])
def test_flat_and_tiny_clips_have_none(shape: tuple[int, ...]) -> None:
    assert not find_mark(np.full(shape, 77, np.uint8)).marked


@pytest.mark.parametrize(
    "frames", [np.zeros((8, 8, 3), np.uint8), np.zeros((2, 8, 8, 3)), np.zeros((0, 8, 8, 3), np.uint8)]
)
def test_what_is_no_clip(frames: np.ndarray) -> None:
    with pytest.raises(ShapeError, match="uint8"):
        find_mark(frames)
