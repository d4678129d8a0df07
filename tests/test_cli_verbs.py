"""The verbs on the command line: from files to files, and one line with exit code 2 for every mistake."""

import base64
import io
import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from minisora.cli import main
from minisora.cli.gallery import SHOWN
from minisora.data import read_video, write_video
from minisora.world import SHAPES, Actor, Scene

PROMPT = "a large red square moving right"


@pytest.fixture
def tiny(tiny_checkpoint: Path) -> list[str]:
    """Options that choose the random weights, and a seed."""
    return ["--model", str(tiny_checkpoint), "--device", "cpu", "--seed", "1"]


@pytest.fixture
def clip(tmp_path: Path) -> str:
    """A clip of 17 frames on disk, as `generate` writes one: enlarged, with its words beside it."""
    actor = Actor("square", "red", "large", "moving right", "plain", 0.19, 0.2, (-0.2, 0.0))
    file = write_video(tmp_path / "given.mp4", SHAPES.render(Scene("black", (actor,))), scale=4)
    Path(f"{file}.json").write_text(json.dumps({"prompt": PROMPT, "scale": 4}))
    return str(file)


def made(tmp_path: Path, arguments: list[str], tiny: list[str], name: str = "made.png") -> np.ndarray:
    """Frames of what a command writes."""
    assert main([*arguments, "--output", str(tmp_path / name), *tiny]) == 0
    return read_video(tmp_path / name)[0]


def refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], tiny: list[str]) -> str:
    """The one line of a call that must fail with code 2 and write nothing."""
    before = sorted(tmp_path.iterdir())
    try:
        output = [] if "--output" in arguments else ["--output", str(tmp_path / "bad.png")]
        code = main([*arguments, *output, *tiny])
    except SystemExit as error:
        code = int(error.code or 0)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("minisora")]
    assert (code, len(lines)) == (2, 1), lines
    assert sorted(tmp_path.iterdir()) == before
    return lines[0]


@pytest.mark.slow
def test_extend(tmp_path: Path, clip: str, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(made(tmp_path, ["extend", clip, "--seconds", "0.5"], tiny)) == 21
    assert PROMPT in capsys.readouterr().out
    longer = made(tmp_path, ["extend", clip, "--direction", "backward", "--prompt", "a star"], tiny, "before.gif")
    assert len(longer) == 33
    about = json.loads((tmp_path / "before.gif.json").read_text())
    assert (about["prompt"], about["seed"]) == ("a star", 1)
    assert "'forward'" in refused(capsys, tmp_path, ["extend", clip, "--direction", "forwards"], tiny)
    assert "seconds=0.125" in refused(capsys, tmp_path, ["extend", clip, "--seconds", "0"], tiny)


def test_animate(tmp_path: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    picture = SHAPES.render(SHAPES.sample(np.random.default_rng(0), "one"), 1)[0].numpy()
    Image.fromarray(picture).save(tmp_path / "image.png")
    frames = made(tmp_path, ["animate", str(tmp_path / "image.png"), "a star", "--num-frames", "9", "--no-mark"], tiny)
    assert len(frames) == 9
    assert np.array_equal(frames[0], picture)
    Image.fromarray(picture).resize((100, 70)).save(tmp_path / "odd.png")
    made(tmp_path, ["animate", str(tmp_path / "odd.png"), "a star"], tiny, "fitted.png")
    assert "from 70×100 to 64×96" in capsys.readouterr().err


@pytest.mark.slow
def test_connect_and_loop(tmp_path: Path, clip: str, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(made(tmp_path, ["connect", clip, clip], tiny)) == 17 + 8 + 17
    assert len(made(tmp_path, ["loop", "--video", clip], tiny, "round.png")) == 17 + 8
    assert 17 <= len(made(tmp_path, ["loop", "a star", "--seconds", "3"], tiny, "new.png")) <= 25
    assert "--video" in refused(capsys, tmp_path, ["loop"], tiny)
    assert "--video" in refused(capsys, tmp_path, ["loop", "a star", "--video", clip], tiny)


def test_storyboard(tmp_path: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(made(tmp_path, ["storyboard", "0: a red star", "1: a blue ring"], tiny)) == 25
    said = capsys.readouterr().out
    assert "until frame 9: a red star" in said
    assert "until frame 25: a blue ring" in said
    assert "seconds" in refused(capsys, tmp_path, ["storyboard", "a red star"], tiny)
    assert "rise from 0" in refused(capsys, tmp_path, ["storyboard", "1: a red star"], tiny)


@pytest.mark.slow
def test_edit_and_inpaint(tmp_path: Path, clip: str, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(made(tmp_path, ["edit", clip, "a blue star", "--noise-strength", "0.5"], tiny)) == 17
    boxed = made(tmp_path, ["inpaint", clip, "a star", "--box", "0,0,32,64"], tiny, "boxed.png")
    given = SHAPES.render(
        Scene("black", (Actor("square", "red", "large", "moving right", "plain", 0.19, 0.2, (-0.2, 0.0)),))
    )
    assert np.abs(boxed[:, :, 32:].astype(int) - given[:, :, 32:].numpy()).max() <= 8  # h264's
    mask = np.zeros((64, 64), np.uint8)
    mask[:, :32] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    masked = made(tmp_path, ["inpaint", clip, "a star", "--mask", str(tmp_path / "mask.png")], tiny, "masked.png")
    assert np.array_equal(boxed, masked)
    assert "noise_strength=1" in refused(capsys, tmp_path, ["edit", clip, "a star", "--noise-strength", "2"], tiny)
    assert "--box" in refused(capsys, tmp_path, ["inpaint", clip, "a star", "--box", "1,2,3"], tiny)
    assert "no pixel" in refused(capsys, tmp_path, ["inpaint", clip, "a star", "--box", "9,9,9,9"], tiny)
    assert "--mask" in refused(capsys, tmp_path, ["inpaint", clip, "a star"], tiny)


def test_vary(tmp_path: Path, clip: str, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vary", clip, "--change", "colour=blue,green", "--output", str(tmp_path / "v.gif"), *tiny]) == 0
    prompts = [json.loads((tmp_path / f"v-00{k}.gif.json").read_text())["prompt"] for k in range(2)]
    assert prompts == ["a large blue square moving right", "a large green square moving right"]
    assert main(["vary", clip, "--output", str(tmp_path / "other.gif"), *tiny]) == 0
    assert "names no 'background'" in refused(capsys, tmp_path, ["vary", clip, "--change", "background=navy"], tiny)
    assert "colour=blue" in refused(capsys, tmp_path, ["vary", clip, "--change", "blue"], tiny)


BLACK = np.zeros((25, 64, 64, 3), np.uint8)


@pytest.mark.parametrize(
    ("fps", "kept", "frames", "said"),
    [
        (24, 8, 9, "from 24 to 8"),
        (30, 8, 7, "from 30 to 8"),
        (16, 16, 25, ""),
        (4, 4, 25, ""),
        (6, 4, 17, "from 6 to 4"),
    ],
)
def test_a_clip_at_another_rate_is_fitted(
    tmp_path: Path, tiny: list[str], fps: int, kept: int, frames: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_video(tmp_path / "given.mp4", BLACK, fps=fps)
    assert (
        len(made(tmp_path, ["extend", str(file), "--prompt", "a star", "--seconds", "0.5"], tiny)) == frames + kept // 2
    )
    assert read_video(tmp_path / "made.png")[1] == kept
    error = capsys.readouterr().err
    assert said + " frames per second" in error if said else "fitted" not in error


def test_a_second_clip_and_a_mask_follow_the_first(tmp_path: Path, tiny: list[str]) -> None:
    first = write_video(tmp_path / "first.gif", BLACK[:9], fps=16)
    second = write_video(tmp_path / "second.gif", BLACK[:9], fps=8)
    assert len(made(tmp_path, ["connect", str(first), str(second), "--prompt", "a star"], tiny)) == 9 + 8 + 17
    white = BLACK[:5].copy()
    white[3:] = 255
    mask = write_video(tmp_path / "mask.png", white, fps=8, scale=2)  # half as many frames, drawn twice as large
    inpaint = ["inpaint", str(first), "a star", "--mask", str(mask), "--no-mark"]
    painted = made(tmp_path, inpaint, tiny, "painted.png")
    assert [bool(frame.any()) for frame in painted] == [False] * 5 + [True] * 4


def test_a_video_where_a_picture_is_needed(tmp_path: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    file = write_video(tmp_path / "clip.gif", BLACK[:5])
    assert len(made(tmp_path, ["animate", str(file), "a star", "--num-frames", "5"], tiny)) == 5
    assert "the first of its 5 frames" in capsys.readouterr().err


def _odd(file: Path) -> None:
    write_video(file, BLACK[:5])
    Path(f"{file}.json").write_text('{"scale": "huge"}')


MATERIALS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "CLIP": ("gif", lambda file: file.exists() or write_video(file, BLACK[:5])),
    "FOLDER": ("folder", lambda file: file.mkdir()),
    "TEXT": ("mp4", lambda file: file.write_text("no video " * 99)),
    "EMPTY": ("mp4", lambda file: file.touch()),
    "PICTURE": ("png", lambda file: file.write_bytes(b"\x89PNG\r\n\x1a\n and no more")),
    "IMAGE": ("png", lambda file: Image.new("L", (16, 40)).save(file)),
    "BOMB": ("png", lambda file: Image.new("1", (14_000, 14_000)).save(file)),  # more pixels than Pillow opens
    "ODD": ("gif", _odd),
}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["extend", "CLIP", "--seconds", "nan"], "seconds=0.125"),
        (["extend", "CLIP", "--seconds", "1e15"], "or less"),
        (["extend", "CLIP", "--seconds", "-1"], "seconds=0.125"),
        (["extend", "CLIP", "--prompt", ""], "empty"),
        (["extend", "CLIP", "--prompt", "red " * 2500], "Shorten it"),
        (["extend", "FOLDER"], "is a folder"),
        (["extend", "none.mp4"], "does not exist"),
        (["extend", "TEXT"], "text.mp4 is not a video"),
        (["extend", "EMPTY"], "empty.mp4 is not a video"),
        (["animate", "PICTURE", "a star"], "picture.png is not a picture"),
        (["animate", "BOMB", "a star"], "bomb.png is not a picture"),
        (["connect", "CLIP", "IMAGE"], "two forms"),
        (["loop", ""], "empty"),
        (["loop", "a star", "--seconds", "inf"], "seconds=2"),
        (["storyboard", "nan: a red star"], "nan is no time"),
        (["storyboard", "0: a red star", "inf: a blue ring"], "inf is no time"),
        (["storyboard", "0: a red star", "2: a blue ring", "1: a cross"], "1 comes after 2"),
        (["storyboard", "0: a red star", "2:"], "empty"),
        (["storyboard", "0: a red star", "9: a ring", "--num-frames", "17"], "num_frames=77"),
        (["inpaint", "CLIP", "a star", "--mask", "IMAGE"], "Scale it to 64×64"),
        (["inpaint", "CLIP", "a star", "--mask", "CLIP"], "True nowhere"),
        (["inpaint", "CLIP", "a star", "--mask", "TEXT"], "text.mp4 is not a video"),
        (["inpaint", "CLIP", "a star", "--box", "1e3,0,9,9"], "--box 16,16,48,48"),
        (["vary", "CLIP", "--n", "1000000000"], "n=1000"),
        (["vary", "CLIP", "--n", "0"], "n=1"),
        (["vary", "CLIP", "--change", "colour=,"], "n=1"),
        (["vary", "CLIP", "--change", "colour=zorp"], "is no colour"),
        (["edit", "CLIP", "a star", "--noise-strength", "nan"], "noise_strength=0.5"),
        (["extend", "CLIP", "--output", "x.avi"], ".mp4"),
        (["vary", "CLIP", "--n", "2", "--output", "{index.x}.gif"], "clip-{index}.mp4"),
        (["extend", "CLIP", "--output", "x" * 250 + ".gif"], "too long"),
        (["extend", "CLIP", "--output", "FOLDER"], "ends in"),
        (["extend", "CLIP", "--output", "CLIP"], "exists already"),
        (["extend", "ODD"], "odd.gif.json is not what minisora writes"),
    ],
    ids=lambda value: "-".join(value)[:40] if isinstance(value, list) else None,
)
def test_mistakes(
    tmp_path: Path, tiny: list[str], arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = list(arguments)
    for place, word in enumerate(arguments):
        if word in MATERIALS:
            ending, write = MATERIALS[word]
            file = tmp_path / f"{word.lower()}.{ending}"
            write(file)
            typed[place] = str(file)
    if typed[0] in ("extend", "vary", "connect") and "--prompt" not in typed:  # which cannot be read off black frames
        typed += ["--prompt", "a red star"]
    assert words in refused(capsys, tmp_path, typed, tiny)


@pytest.mark.parametrize("command", ["extend", "edit", "vary", "inpaint", "connect", "animate"])
def test_files_that_cannot_be_read(
    tmp_path: Path, tiny: list[str], command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    broken = str(tmp_path / "broken.mp4")
    rest = {
        "edit": ["a star"], "inpaint": ["a star", "--box", "0,0,9,9"], "connect": [broken], "animate": ["a star"]
    }  # fmt: skip
    assert "broken.mp4" in refused(capsys, tmp_path, [command, broken, *rest.get(command, [])], tiny)


# --- all at one glance ------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page shows and asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[bytes] = []
        self.outside: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.headings += tag == "h2"
        for name, value in attrs:
            if name in ("src", "href") and value:
                kind, _, data = value.partition("base64,")
                (
                    self.pictures.append(base64.b64decode(data))
                    if kind == "data:image/gif;"
                    else self.outside.append(value)
                )


@pytest.mark.slow
def test_gallery(tmp_path: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    gallery = ["gallery", "--output", str(tmp_path / "g"), *tiny]
    assert main(gallery) == 0
    page = Page()
    page.feed((tmp_path / "g" / "index.html").read_text(encoding="utf-8"))
    assert page.outside == []
    assert len(page.pictures) == page.headings == len(SHOWN)
    clip = Image.open(io.BytesIO(page.pictures[1]))  # longer by a second
    assert clip.n_frames == 17 + 8  # type: ignore[attr-defined]
    assert clip.info["loop"] == 0
    assert Image.open(tmp_path / "g" / "sheet.png").size[0] > 9 * 64
    assert main(gallery) == 2
    assert "--overwrite" in capsys.readouterr().err
