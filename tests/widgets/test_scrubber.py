"""The scrubber without a browser."""

import pytest

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import DenoiseScrubber


@pytest.fixture
def scrubber(tiny_pipe: TextToVideoPipeline) -> DenoiseScrubber:
    return DenoiseScrubber(tiny_pipe, "a red star", seed=3)


def test_every_step_is_kept(scrubber: DenoiseScrubber) -> None:
    scrubber._heard(scrubber, {"do": "generate", "form": {**scrubber.form, "steps": 4}}, [])
    assert scrubber.wait(60)
    assert len(scrubber.moments) == len(scrubber.steps) == 4
    assert set(scrubber.steps[0]) == {"time", "noisy", "clean", "velocity"}
    assert scrubber.latest == {}
    assert scrubber.verdict


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"steps": 0}, "Use 1"),
        ({"steps": 99}, "Use 50"),
        ({"steps": ""}, "no whole number"),
        ({"seed": "x"}, "example 0"),
        ({"prompt": ""}, "empty"),
    ],
)
def test_mistakes_are_sentences(scrubber: DenoiseScrubber, form: dict, words: str) -> None:
    scrubber._heard(scrubber, {"do": "generate", "form": {**scrubber.form, **form}}, [])
    assert scrubber.wait(60)
    assert words in scrubber.status
    assert scrubber.trouble


def test_a_page_without_a_kernel_shows_the_steps(scrubber: DenoiseScrubber) -> None:
    data, _ = scrubber._repr_mimebundle_()
    assert data["image/png"]
    assert "3 steps" in data["text/plain"]
    scrubber.close()
    assert scrubber.clips is None
