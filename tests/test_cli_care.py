"""`minisora inspect`, `sign`, `redteam`, and what every command that makes clips takes of care."""

import json
from pathlib import Path

import numpy as np
import pytest

from minisora.cli import main
from minisora.data.video_io import read_video, write_video
from minisora.guards.mark import mark_frames
from minisora.models.storage import shipped_names
from minisora.world import SHAPES

SMALL = ["--num-frames", "5", "--height", "64", "--width", "64", "--seed", "0"]


@pytest.fixture
def tiny(tiny_checkpoint: Path) -> list[str]:
    """Options that choose the random weights."""
    return ["--model", str(tiny_checkpoint), "--device", "cpu"]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The last line on stderr of a call that must fail with code 2."""
    assert main(arguments) == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.skipif("nano" not in shipped_names(), reason="random weights make noise, in which a grey level is lost")
def test_the_mark_goes_in_and_is_found_unless_it_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, options, found in (("with", [], True), ("without", ["--no-mark"], False)):
        file = tmp_path / f"{name}.mp4"
        assert (
            main(["generate", "a red star", "--output", str(file), "--scale", "4", *options, *SMALL, "--steps", "4"])
            == 0
        )
        assert json.loads(Path(f"{file}.json").read_text())["mark"] is found
        capsys.readouterr()
        assert main(["inspect", str(file)]) == 0
        assert f"invisible mark: {'found' if found else 'not found'}" in capsys.readouterr().out
        assert main(["inspect", str(file), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["mark"]["found"] is found


def test_a_long_clip_written_as_it_is_made(tiny: list[str], tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.mp4" for name in ("with", "without")]
    for file, options in zip(files, (["--visible-mark"], ["--no-mark"]), strict=True):
        arguments = ["generate", "a red star", "--output", str(file), "--num-frames", "69", "--scale", "4", *options]
        assert main([*arguments, "--height", "32", "--width", "32", "--seed", "0", *tiny]) == 0
    said = [json.loads(Path(f"{file}.json").read_text()) for file in files]
    assert [(each["mark"], each["visible_mark"]) for each in said] == [(True, True), (False, False)]
    assert files[0].read_bytes() != files[1].read_bytes()
    assert said[0]["frames_sha256"] == said[1]["frames_sha256"]


def test_a_refused_sentence_writes_nothing(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = ["--output", str(tmp_path / "x.mp4"), *tiny]
    line = refused(capsys, ["generate", "a red circle with a g.u.n", *output, *SMALL])
    assert "rule 'weapons' of the policy 'default'" in line
    assert "minisora words" in line
    assert "weapons" in refused(capsys, ["storyboard", "0: a red star", "2: a gun", *output])
    assert not list(tmp_path.iterdir())
    assert main(["generate", "a red circle with a gun", "--policy", "none", *output, *SMALL]) == 0


def test_a_policy_of_ones_own(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nallowed: circles\nwords: {shapes: [star]}\n")
    output = ["--output", str(tmp_path / "x.mp4"), *SMALL, *tiny, "--policy", str(mine)]
    assert "rule 'shapes' of the policy 'mine'" in refused(capsys, ["generate", "a red star", *output])
    mine.write_text("words: {shapes: star}\n")
    assert "must be a list" in refused(capsys, ["generate", "a red star", *output])
    assert "'default'" in refused(capsys, ["studio", "--policy", "defalt", "--no-browser"])


def test_redteam(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "attacks.json"
    assert main(["redteam", "--captions", "20", "--json", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "got through" in printed
    assert "held out" in printed
    assert len(json.loads(file.read_text())["attacks"]) >= 300
    assert "--overwrite" in refused(capsys, ["redteam", "--captions", "20", "--json", str(file)])
    assert "without a policy" in refused(capsys, ["redteam", "--policy", "none"])
    assert "--captions 2000" in refused(capsys, ["redteam", "--captions", "-1"])


def test_sign(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("c2pa")
    file, keys = tmp_path / "x.mp4", tmp_path / "keys"
    main(["generate", "a red star", "--output", str(file), *SMALL, *tiny])
    capsys.readouterr()
    assert "chain.pem" in refused(capsys, ["sign", str(file), "--certificate", str(keys)])
    assert main(["sign", str(file), "--certificate", str(keys), "--make", "--name", "Class 3b"]) == 0
    assert "signed by 'Class 3b', whom you trust" in capsys.readouterr().out
    assert main(["inspect", str(file)]) == 0
    assert "nobody vouches" in capsys.readouterr().out
    assert main(["inspect", str(file), "--trust", str(keys)]) == 0
    assert "whom you trust: the file is as it was signed" in capsys.readouterr().out


def test_a_clip_gone_on_with_is_marked_once(tiny: list[str], tmp_path: Path) -> None:
    drawn = SHAPES.render(SHAPES.sample(np.random.default_rng(0), "one"), 17).numpy()
    file = write_video(tmp_path / "0.png", mark_frames(drawn))
    Path(f"{file}.json").write_text('{"prompt": "a star", "mark": true}')
    for number in (1, 2):
        arguments = ["extend", str(file), "--seconds", "0.5", "--seed", "0", *tiny]
        assert main([*arguments, "--output", str(tmp_path / f"{number}.png")]) == 0
        file = tmp_path / f"{number}.png"
    assert np.array_equal(read_video(file)[0][:17], mark_frames(drawn))


def test_a_frame_too_small_for_letters_is_said_before_any_work(
    tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = ["--num-frames", "5", "--height", "32", "--width", "32", "--seed", "0", *tiny]
    arguments = ["generate", "a red star", "--output", str(tmp_path / "x.mp4"), "--visible-mark", *small]
    assert "scale=8" in refused(capsys, arguments)
    assert not list(tmp_path.iterdir())
    assert main([*arguments, "--scale", "8"]) == 0
