"""The command line: what it writes, what it says, and one line with exit code 2 for every mistake."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from minisora.cli import COMMANDS, main
from minisora.data import read_video, write_video
from minisora.world import SHAPES, STAGE

PROMPT = "a small red circle moving right"
SMALL = ["--num-frames", "5", "--height", "32", "--width", "32"]


@pytest.fixture
def tiny(tiny_checkpoint: Path) -> list[str]:
    """Options that choose the random weights."""
    return ["--model", str(tiny_checkpoint), "--device", "cpu"]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one line on stderr of a call that must fail with code 2."""
    try:
        code = main(arguments)
    except SystemExit as error:  # argparse's own
        code = int(error.code or 0)
    output = capsys.readouterr()
    assert code == 2, output
    lines = [line for line in output.err.splitlines() if line]
    assert len(lines) == 1, output.err
    assert lines[0].startswith("minisora")
    return lines[0]


# --- help -------------------------------------------------------------------------------------------------------------


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time; start = time.perf_counter()\n"
        "from minisora.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('SECONDS', time.process_time())\n"
        "print(sorted({'torch', 'numpy', 'lightning'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *text, seconds, heavy = done.stdout.splitlines()
    assert heavy == "[]"
    assert float(seconds.split()[1]) < 0.5
    assert all(any(line.strip().startswith(name) for line in text) for name in COMMANDS)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("train", "evaluate")])
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"minisora {command}" in capsys.readouterr().out


def test_no_command_prints_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "generate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["generat"], "'generate'"),
        (["generate", PROMPT], "--output"),
        (["generate", PROMPT, "--output", "x.mp4", "--sed", "3"], "--sed"),
        (["generate", PROMPT, "--output", "x.mp4", "--steps", "many"], "many"),
    ],
)
def test_misspelt(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refused(capsys, arguments)


# --- generate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["mp4", "gif", "webm", "png"])
def test_generate(tiny: list[str], tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new folder" / f"clip.{ending}"
    arguments = ["generate", PROMPT, "--output", str(file), "--seed", "3", "--scale", "2", "--sheet", *SMALL, *tiny]
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert read_video(file)[0].shape[0] == 5
    assert Image.open(tmp_path / "new folder" / "clip-sheet.png").size[0] > 160
    about = json.loads(Path(f"{file}.json").read_text())
    assert (about["prompt"], about["seed"], about["scale"]) == (PROMPT, 3, 2)
    assert "the red circle" in output.out
    assert "Next:" in output.out
    assert "100%" in output.err


def test_many_prompts_into_a_folder(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "prompts.txt").write_text("# mine\na red star\n\na blue ring spinning\n", encoding="utf-8")
    many = ["generate", "--prompts", str(tmp_path / "prompts.txt"), "--seed", "5", *SMALL, *tiny]
    assert main([*many, "--output", str(tmp_path / "clips")]) == 0
    assert main([*many, "--output", str(tmp_path / "clip-{index}-{seed}.gif")]) == 0
    assert main([*many, "--output", str(tmp_path / "two.gif")]) == 0
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.suffix in (".mp4", ".gif"))
    assert written == [
        "clip-000-5.gif", "clip-001-6.gif", "clips/000.mp4", "clips/001.mp4", "two-000.gif", "two-001.gif",
    ]  # fmt: skip
    assert "of 2 clips" in capsys.readouterr().out


def test_unknown_words_are_said_and_the_clip_is_made(
    tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["generate", "a red circel", "--output", str(tmp_path / "x.gif"), *SMALL, *tiny]
    assert "'circel'" in refused(capsys, [*arguments, "--strict"])
    assert not list(tmp_path.iterdir())
    assert main(arguments) == 0
    assert "'circel' is not known; nearest: circle" in capsys.readouterr().out
    assert (tmp_path / "x.gif").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--num-frames", "18"], "num_frames=17 or 21"),
        (["--width", "70"], "width=64 or 80"),
        (["--steps", "0"], "num_inference_steps=1"),
        (["--guidance", "nan"], "guidance_scale=3"),
        (["--scale", "0"], "scale"),
        (["--seed", "-1"], "seed"),
        (["--model", "nan0"], "'nan0'"),
        (["--model", "model.ckpt"], "pickle"),
        (["--device", "quantum"], "device"),
        (["--output", "clip.avi"], ".mp4"),
        (["--output", "clip-{name}.mp4"], "{index}"),
    ],
)
def test_mistakes_write_nothing(
    tiny: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, ["generate", PROMPT, "--output", "x.mp4", *tiny, *changed])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("prompt", ["", "  ", "red " * 500, "..."])
def test_prompts_that_cannot_be_read(
    tiny: list[str], tmp_path: Path, prompt: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, ["generate", prompt, "--output", str(tmp_path / "x.mp4"), *tiny])
    assert not list(tmp_path.iterdir())


def test_files_that_are_there(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.mp4").write_text("mine")
    assert "--overwrite" in refused(capsys, ["generate", PROMPT, "--output", str(tmp_path / "x.mp4"), *tiny])
    (tmp_path / "y.mp4.json").write_text("mine")
    refused(capsys, ["generate", PROMPT, "--output", str(tmp_path / "y.mp4"), *tiny])
    assert "can't be made" in refused(
        capsys, ["generate", PROMPT, "--output", str(tmp_path / "x.mp4" / "z.mp4"), *tiny]
    )
    assert (tmp_path / "x.mp4").read_text() == "mine"


def test_no_ffmpeg_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import imageio_ffmpeg

    def gone() -> str:
        raise RuntimeError("No ffmpeg exe could be found")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", gone)
    assert "pip install" in refused(capsys, ["generate", PROMPT, "--output", str(tmp_path / "x.mp4"), "--model", "x"])


@pytest.mark.parametrize("text", [None, "", "# nothing\n"])
def test_a_prompts_file_without_sentences(
    tiny: list[str], tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "prompts.txt"
    if text is not None:
        file.write_text(text)
    refused(capsys, ["generate", "--prompts", str(file), "--output", str(tmp_path / "out"), *tiny])
    refused(capsys, ["generate", PROMPT, "--prompts", str(file), "--output", str(tmp_path / "out"), *tiny])
    refused(capsys, ["generate", "--output", str(tmp_path / "out"), *tiny])


def hear_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and its children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def after_ctrl_c(process: "subprocess.Popen[str]") -> str:
    """Interrupt a process as a person would, once more where the first time was lost in a callback; its last words."""
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            _, rest = process.communicate(timeout=40)
            # A shell says 130 of both: CPython dies of the signal itself where it fell inside an `exec` of source text,
            # as in the making of a dataclass while a module loads, even though the exception was caught and answered.
            assert process.returncode in (130, -signal.SIGINT)
            return rest
    process.kill()
    raise AssertionError("Ctrl-C does not stop it")


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing on Windows")
def test_ctrl_c_says_so_and_leaves_nothing_half_written(tiny: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "minisora.cli", "generate", PROMPT, "--output", str(tmp_path / "x.mp4"), *tiny]
    process = subprocess.Popen(
        [*command, "--steps", "100000"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
    )
    assert process.stderr is not None
    seen = ""
    while "100000" not in seen and process.poll() is None:  # the progress bar is there
        seen += process.stderr.read(1)
    time.sleep(0.3)
    rest = after_ctrl_c(process)
    assert "minisora generate: stopped, nothing was written." in rest
    assert "Traceback" not in seen + rest
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing on Windows")
def test_ctrl_c_in_a_long_clip_keeps_what_is_made(tiny: list[str], tmp_path: Path) -> None:
    file = tmp_path / "x.png"
    command = [sys.executable, "-m", "minisora.cli", "generate", PROMPT, "--seconds", "600", "--seed", "2"]
    process = subprocess.Popen(
        [*command, "--output", str(file), *tiny], stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c
    )
    assert process.stderr is not None
    seen = ""
    while not re.search(r"\| [1-9][0-9]/", seen) and process.poll() is None:  # some windows are done
        seen += process.stderr.read(1)
    rest = after_ctrl_c(process)
    assert re.search(r"stopped, \d+\.\d of 600\.0 seconds are in .*x\.png", rest)
    frames, about = read_video(file)[0], json.loads(Path(f"{file}.json").read_text())
    assert len(frames) == about["settings"]["num_frames"] >= 17
    again = tmp_path / "again.png"
    length = ["--num-frames", str(len(frames)), "--seed", "2"]
    assert main(["generate", PROMPT, *length, "--output", str(again), *tiny]) == 0
    assert json.loads(Path(f"{again}.json").read_text())["frames_sha256"] == about["frames_sha256"]


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing on Windows")
def test_ctrl_c_in_a_terminal_keeps_the_file_that_grows(tiny: list[str], tmp_path: Path) -> None:
    """A terminal interrupts all processes in front, ffmpeg too; the frames that it was given are in the file yet."""
    file = tmp_path / "x.mp4"
    command = [sys.executable, "-m", "minisora.cli", "generate", PROMPT, "--seconds", "600", "--sheet"]
    process = subprocess.Popen(
        [*command, "--output", str(file), *tiny],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
        start_new_session=True,
    )
    assert process.stderr is not None
    seen = ""
    while not re.search(r"[3-9]\.0 of 600\.0 seconds written", seen) and process.poll() is None:
        seen += process.stderr.read(1)
    os.killpg(process.pid, signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(r"stopped, \d+\.\d of 600\.0 seconds are in .*x\.mp4", rest)
    about = json.loads(Path(f"{file}.json").read_text())
    assert len(read_video(file)[0]) == about["settings"]["num_frames"] >= 25
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-sheet.png", "x.mp4", "x.mp4.json"]


def test_a_long_clip_is_written_as_it_is_made(
    tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = ["generate", PROMPT, "--num-frames", "81", "--seed", "2", "--height", "32", "--width", "32", *tiny]
    assert main([*long, "--output", str(tmp_path / "x.mp4"), "--scale", "2", "--sheet"]) == 0
    output = capsys.readouterr()
    assert "This grade is of the first 8.0 of 10.0 seconds." in output.out
    assert "10.0 of 10.0 seconds written" in output.err
    assert "100%" in output.err
    assert read_video(tmp_path / "x.mp4")[0].shape == (81, 64, 64, 3)
    assert Image.open(tmp_path / "x-sheet.png").size[1] > 8 * 64  # 65 frames in eight rows
    assert main([*long, "--output", str(tmp_path / "x.png"), "--scale", "2"]) == 0  # a png is made at once
    assert "This grade is of" not in capsys.readouterr().out
    made, whole = (json.loads((tmp_path / f"x.{ending}.json").read_text()) for ending in ("mp4", "png"))
    assert {**made, "file_sha256": ""} == {**whole, "file_sha256": ""}


@pytest.mark.parametrize(("seconds", "frames"), [("0", 1), ("1", 9), ("1.1", 9), ("3", 25)])
def test_a_length_in_seconds(tiny: list[str], tmp_path: Path, seconds: str, frames: int) -> None:
    output = ["--output", str(tmp_path / "x.png")]
    assert main(["generate", PROMPT, "--seconds", seconds, *output, *tiny]) == 0
    assert len(read_video(tmp_path / "x.png")[0]) == frames


def test_lengths_that_are_none(tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = ["--output", str(tmp_path / "x.png")]
    for seconds in ("-1", "nan", "inf", "1e308"):
        assert "--seconds 2" in refused(capsys, ["generate", PROMPT, "--seconds", seconds, *output, *tiny])
    assert "or fewer" in refused(capsys, ["generate", PROMPT, "--seconds", "1e8", *output, *tiny])
    assert "not allowed" in refused(capsys, ["generate", PROMPT, "--seconds", "1", "--num-frames", "9", *output, *tiny])


# --- the others -------------------------------------------------------------------------------------------------------


def test_grade_reads_the_prompt_beside_the_clip(
    tiny: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    scene = SHAPES.sample(rng, kind="one")
    file = write_video(tmp_path / "truth.mp4", SHAPES.render(scene), scale=8)
    caption = SHAPES.write(scene, rng, short=0.0).text
    assert "--prompt" in refused(capsys, ["grade", str(file)])
    Path(f"{file}.json").write_text(json.dumps({"prompt": caption, "scale": 8}))
    assert main(["grade", str(file)]) == 0
    assert "every word right" in capsys.readouterr().out
    assert main(["grade", str(file), "--prompt", "a zorp and two green rings", "--json"]) == 0
    assert not json.loads(capsys.readouterr().out)["every_word_right"]


def test_grade_of_a_storyboard_judges_each_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_video(tmp_path / "board.gif", np.zeros((9, 32, 32, 3), np.uint8))
    parts = [{"text": "a red star", "stop": 5}, {"text": "a blue ring", "stop": 9}]
    Path(f"{file}.json").write_text(json.dumps({"prompt": "a red star | a blue ring", "segments": parts}))
    assert main(["grade", str(file)]) == 0
    text = capsys.readouterr().out
    assert "the red star" in text
    assert "the blue ring" in text


def test_grade_of_what_is_no_clip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.mp4").write_text("no video")
    refused(capsys, ["grade", str(tmp_path / "x.mp4"), "--prompt", PROMPT])
    refused(capsys, ["grade", str(tmp_path / "none.mp4"), "--prompt", PROMPT])


def test_words_lists_every_entry_with_examples_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words"]) == 0
    text = capsys.readouterr().out
    motions = [name for name, motion in SHAPES.motions.items() if not motion.paired]  # the others have no words
    for table in (SHAPES.shapes, SHAPES.colours, motions, SHAPES.backgrounds, SHAPES.relations, SHAPES.cameras):
        assert all(f"  {name}" in text for name in table)
    for line in text.splitlines():
        if line.startswith("  for example: "):
            assert not SHAPES.parse(line.removeprefix("  for example: ")).unknown


def test_words_of_another_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", "--world", "stage"]) == 0
    text = capsys.readouterr().out
    for table in (STAGE.shapes, STAGE.backgrounds, STAGE.lights, STAGE.weathers, STAGE.props):
        assert all(f"  {name}" in text for name in table)
    for line in text.splitlines():
        if line.startswith("  for example: "):
            assert not STAGE.parse(line.removeprefix("  for example: ")).unknown, line
    assert "'stage'" in refused(capsys, ["words", "--world", "stagge"])


def test_grade_knows_the_world_beside_the_clip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_video(tmp_path / "night.gif", np.zeros((9, 32, 32, 3), np.uint8))
    Path(f"{file}.json").write_text(json.dumps({"prompt": "a red robot on a black background", "world": "stage"}))
    assert main(["grade", str(file)]) == 0
    said = capsys.readouterr().out
    assert "the red robot" in said
    assert "unknown word" not in said
    assert main(["grade", str(file), "--world", "shapes"]) == 0
    assert "unknown word: 'robot'" in capsys.readouterr().out


def test_dataset_writes_and_previews(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["dataset", "--num-clips", "3", "--height", "32", "--width", "32", "--num-frames", "5"]
    folder = tmp_path / "shapes"
    assert main([*base, "--output", str(folder)]) == 0
    assert (folder / "clips-00000.parquet").exists()
    assert Image.open(folder / "preview.png").size[1] > 3 * 32
    assert main([*base, "--output", str(folder)]) == 0  # the same again: nothing to do
    assert "another data set" in refused(capsys, [*base, "--seed", "1", "--output", str(folder)])
    assert main([*base, "--builder", "bouncing_balls", "--output", str(tmp_path / "balls"), "--preview", "0"]) == 0
    assert not (tmp_path / "balls" / "preview.png").exists()
    stage = ["dataset", "--builder", "moving_stage", "--num-clips", "1", "--num-frames", "5", "--preview", "1"]
    assert main([*stage, "--output", str(tmp_path / "stage")]) == 0
    assert Image.open(tmp_path / "stage" / "preview.png").size[1] > 128  # the stage's own size


def test_dataset_of_your_own_clips(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clips = tmp_path / "clips"
    write_video(clips / "a.gif", np.full((17, 32, 32, 3), 90, np.uint8))
    (clips / "metadata.csv").write_text("file_name,caption\na.gif,grey\nb.gif,missing\n")
    (clips / "broken.gif").write_text("no video")
    arguments = [
        "dataset",
        "--folder",
        str(clips),
        "--output",
        str(tmp_path / "out"),
        "--height",
        "32",
        "--width",
        "32",
    ]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "skipped b.gif" in said
    assert "skipped broken.gif" in said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--builder", "moving_shape"], "'moving_shapes'"),
        (["--builder", "bouncing_balls", "--split", "unseen"], "no splits"),
        (["--split", "trian"], "train"),
        (["--num-clips", "0"], "at least 1"),
        (["--num-frames", "0"], "num_frames"),
        (["--folder", "nowhere"], "nowhere"),
    ],
)
def test_dataset_mistakes(tmp_path: Path, changed: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refused(capsys, ["dataset", "--output", str(tmp_path / "out"), *changed])


def test_check_says_what_is_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import minisora.data.video_io as video_io

    code = main(["check"])
    text = capsys.readouterr().out
    assert all(name in text for name in ("python", "torch", "lightning", "device", "bfloat16", "ffmpeg", "weights"))
    assert code == (1 if "FAIL" in text else 0)

    def broken(*_: object, **__: object) -> None:
        raise OSError("ffmpeg is gone")

    monkeypatch.setattr(video_io, "write_video", broken)
    assert main(["check"]) == 1
    assert "FAIL  ffmpeg" in capsys.readouterr().out
