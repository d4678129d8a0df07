"""The verbs on the command line: from files to files, and one line with exit code 2 for every mistake."""

import base64
import io
import json
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
        code = main([*arguments, "--output", str(tmp_path / "bad.png"), *tiny])
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
    frames = made(tmp_path, ["animate", str(tmp_path / "image.png"), "a star", "--num-frames", "9"], tiny)
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


def test_a_clip_at_another_rate_is_fitted(tmp_path: Path, tiny: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    file = write_video(tmp_path / "fast.mp4", np.zeros((33, 64, 64, 3), np.uint8), fps=16)
    assert len(made(tmp_path, ["extend", str(file), "--prompt", "a star", "--seconds", "0.5"], tiny)) == 21
    assert "from 16 to 8 frames per second" in capsys.readouterr().err


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
