"""The studio without a browser: what a click does, and what the page is then told."""

import threading
from typing import Any

import pytest

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import PromptStudio
from minisora.widgets.watched import Watched

SENT = dict[str, Any]


class Page:
    """What a browser would send, and what it would get."""

    def __init__(self, studio: PromptStudio) -> None:
        self.studio = studio
        self.messages: list[SENT] = []
        self.buffers: list[Any] = []
        studio.send = self._keep  # type: ignore[method-assign]

    def _keep(self, message: SENT, buffers: Any = None) -> None:
        self.messages.append(message)
        self.buffers.append(buffers)

    def say(self, what: str, **more: Any) -> None:
        self.studio._heard(self.studio, {"do": what, **more}, [])

    def form(self, **changed: Any) -> SENT:
        return {**self.studio.form, **changed}

    def click(self, what: str, **more: Any) -> None:
        """Click, and wait until what that began has ended."""
        self.say(what, form=self.form(**more.pop("fields", {})), **more)
        assert self.studio.wait(60)


@pytest.fixture
def page(tiny_pipe: TextToVideoPipeline) -> Page:
    studio = PromptStudio(tiny_pipe, "a red star", seed=3)
    studio.form = {**studio.form, "num_frames": 5}
    return Page(studio)


def test_generate_shows_and_grades(page: Page) -> None:
    page.click("generate")
    studio = page.studio
    assert studio.clips is not None
    assert studio.clips.seeds == (3,)
    assert studio.sheet["frames"] == 5
    assert not studio.running
    assert not studio.live
    assert studio.verdict
    assert {word["state"] for row in studio.rows for word in row["words"]} <= {"right", "wrong", "open"}
    assert [card["prompt"] for card in studio.history] == ["a red star"]
    assert "pipe('a red star', seed=3" in studio.code


def test_the_clip_is_seen_in_the_making(page: Page) -> None:
    shown: list[tuple[bool, bytes]] = []
    page.studio.observe(lambda change: shown.append((page.studio.live, page.studio.picture)), "shown")
    page.click("generate")
    assert [live for live, _ in shown][-1] is False
    assert any(live for live, _ in shown)


def test_stop_is_heard_and_brings_the_last_clip_back(
    page: Page, tiny_pipe: TextToVideoPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.click("generate")
    picture, reached, real = page.studio.picture, threading.Event(), TextToVideoPipeline.network

    def slow(*given: Any, **named: Any) -> Any:
        reached.set()
        page.studio._worker._stop.wait(30)
        return real(*given, **named)

    monkeypatch.setattr(TextToVideoPipeline, "network", slow)
    page.say("generate", form=page.form(seed=4))
    page.say("generate", form=page.form(seed=5))  # a second click does nothing
    assert reached.wait(30)
    assert page.studio.running
    page.say("stop")
    assert page.studio.wait(60)
    assert page.studio.status.startswith("Stopped at")
    assert page.studio.picture == picture
    assert len(page.studio.history) == 1


@pytest.mark.parametrize("verb", ["extend", "loop"])
def test_verbs_go_on_from_the_clip(page: Page, verb: str) -> None:
    page.click("generate", fields={"num_frames": 9})
    page.click(verb, fields={"seed": 6})
    assert page.studio.clips is not None
    assert page.studio.clips.frames.shape[1] > 9
    assert len(page.studio.history) == 2


def test_animate_and_edit_take_the_words_of_the_field(page: Page) -> None:
    page.click("generate", fields={"num_frames": 9})
    page.click("edit")
    assert "Change the sentence first" in page.studio.status
    assert page.studio.trouble
    page.click("edit", fields={"prompt": "a blue star"})
    assert page.studio.clips is not None
    assert page.studio.clips.prompts == ("a blue star",)
    page.click("animate", frame=4)
    assert "from frame 5" in page.studio.status.lower()
    assert "pipe.animate(clip.frames[0, 4]" in page.studio.code


def test_restore_brings_back_clip_and_fields(page: Page) -> None:
    page.click("generate")
    first = page.studio.picture
    page.click("generate", fields={"prompt": "a blue ring", "seed": 9})
    assert page.studio.picture != first
    page.say("restore", id=1)
    assert page.studio.picture == first
    assert (page.studio.form["prompt"], page.studio.form["seed"]) == ("a red star", 3)
    assert page.studio.verdict
    page.say("restore", id=99)
    assert "no longer kept" in page.studio.status


@pytest.mark.parametrize(("ending", "start"), [(".mp4", b"ftyp"), (".gif", b"GIF8"), (".png", b"\x89PNG")])
def test_save_gives_the_browser_a_file(page: Page, ending: str, start: bytes) -> None:
    page.click("generate")
    page.click("save", format=ending, view="left")
    (message,) = [message for message in page.messages if message["kind"] == "file"]
    (content,) = next(buffers for buffers in page.buffers if buffers)
    assert message["name"].endswith(ending)
    assert message["view"] == "left"
    assert start in content[:12]
    assert "Saved minisora-1-seed-3" in page.studio.status
    assert not page.studio.running
    page.say("save", format=".exe")
    assert "no format" in page.studio.status


def test_stop_ends_the_writing_of_a_file(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.click("generate")
    picture, real = page.studio.picture, Watched.report

    def stopping(pipe: Watched, stage: str, done: int, total: int) -> None:
        page.say("stop")
        real(pipe, stage, done, total)

    monkeypatch.setattr(Watched, "report", stopping)
    page.click("save", format=".mp4")
    assert page.studio.status.startswith("Stopped at")
    assert not [message for message in page.messages if message["kind"] == "file"]
    assert page.studio.picture == picture
    assert not page.studio.running


def test_typing_is_answered(page: Page) -> None:
    page.say("typed", form=page.form(prompt="a red elephant"), caret=14, turn=7)
    (answer,) = [message for message in page.messages if message["kind"] == "help"]
    assert answer["turn"] == 7
    assert answer["marks"][0]["word"] == "elephant"
    page.say("typed", form=page.form(prompt="a red st"), caret=8, turn=8)
    assert page.messages[-1]["completions"][0]["text"] == "star"


def test_chips_and_examples_fill_the_field(page: Page) -> None:
    page.say("chip", form=page.form(), axis="colour", name="blue", actor=0)
    assert page.studio.form["prompt"] == "a blue star"
    assert page.studio.pressed[0]["colour"] == "blue"
    filled = page.studio.filled
    page.say("example")
    assert page.studio.filled == filled + 1
    assert not page.studio.pipe.world.parse(page.studio.form["prompt"]).unknown


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"prompt": ""}, "empty"),
        ({"prompt": "red " * 2500}, "Shorten"),
        ({"num_frames": 18}, "17 or 21"),
        ({"num_frames": ""}, "no whole number"),
        ({"seed": -4}, "Use 4"),
        ({"guidance": ""}, "leave it empty"),
        ({"steps": 0}, "at least one step"),
        ({"height": 33}, "patches"),
        ({"guidance": -1}, "not negative"),
    ],
)
def test_mistakes_are_sentences(page: Page, fields: SENT, words: str) -> None:
    page.click("generate", fields=fields)
    assert words in page.studio.status
    assert page.studio.trouble
    assert not page.studio.running


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)> a red star", "</script> a star", "\u202e a red star", "a red star \U0001f600"],
)
def test_hostile_text_is_text(page: Page, text: str) -> None:
    page.say("typed", form=page.form(prompt=text), caret=3, turn=1)
    page.click("generate", fields={"prompt": text})
    assert not page.studio.trouble, page.studio.status
    assert page.studio.clips is not None
    assert "is not known" in page.studio.status or "\u202e" in text
    compile(page.studio.code, "copied", "exec")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"do": "fly"},
        {"do": "chip"},
        {"do": "restore", "id": "x"},
        {"do": "save", "format": 3},
        {"do": "generate", "form": 3},
        {"do": "generate", "form": {}},
    ],
)
def test_messages_that_make_no_sense_do_nothing(page: Page, message: SENT) -> None:
    page.studio._heard(page.studio, message, [])
    assert not page.studio.running


def test_a_page_without_a_kernel_shows_a_clip(page: Page) -> None:
    data, _ = page.studio._repr_mimebundle_()
    assert data["image/png"]
    assert data["text/plain"].startswith("a red star (seed 3):")
    closed = PromptStudio(page.studio.pipe, "a red star", opening=False)
    assert "image/png" not in closed._repr_mimebundle_()[0]


def test_closing_frees_everything(page: Page) -> None:
    page.click("generate")
    page.studio.close()
    assert page.studio.clips is None
    assert not hasattr(page.studio, "pipe")
    assert page.studio.history == []
    page.say("generate")
    assert not page.studio.running


def test_when_a_view_goes_the_others_are_asked(page: Page) -> None:
    page.say("seen")
    page.say("unseen")
    assert page.messages[-1] == {"kind": "who"}
    assert page.studio._lifetime._timer is not None
    page.say("seen")
    assert page.studio._lifetime._timer is None


def test_the_last_view_stops_the_work_but_keeps_what_was_made(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.click("generate")
    stopped = threading.Event()
    monkeypatch.setattr(page.studio._lifetime, "_grace", 0.01)
    monkeypatch.setattr(page.studio._lifetime, "_left", stopped.set)
    page.say("unseen")
    assert stopped.wait(5)
    assert page.studio.clips is not None
    page.say("restore", id=1)
    assert page.studio.verdict
    page.studio.close()


def test_opening_waits_for_nobody_else(page: Page) -> None:
    with page.studio.pipe.lock:
        assert "image/png" not in page.studio._repr_mimebundle_()[0]
        assert page.studio.running
        page.say("stop")
        assert page.studio.wait(60)


def test_opening_with_a_mistake_is_a_sentence(page: Page) -> None:
    page.studio.form = page.form(num_frames=18)
    assert "image/png" not in page.studio._repr_mimebundle_()[0]
    assert "17 or 21" in page.studio.status
