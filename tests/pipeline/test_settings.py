"""Every illegal number is refused with the nearest legal one."""

from typing import Any

import pytest

from minisora.errors import SettingError
from minisora.pipeline.settings import Settings, check_memory, make_settings, most_frames


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"num_frames": 18}, "num_frames=17 or 21"),
        ({"num_frames": 0}, "num_frames=1"),
        ({"num_frames": 3}, "num_frames=1 or 5"),
        ({"num_frames": 17.5}, "whole number"),
        ({"height": 70}, "height=64 or 80"),
        ({"width": 3}, "width=16"),
        ({"width": 0}, "width=16"),
        ({"num_inference_steps": 0}, "num_inference_steps=1"),
        ({"num_inference_steps": -3}, "num_inference_steps=1"),
        ({"guidance_scale": float("nan")}, "finite"),
        ({"guidance_scale": float("inf")}, "finite"),
        ({"guidance_scale": -1}, "guidance_scale=0"),
        ({"fps": 0}, "fps=8"),
        ({"fps": "fast"}, "no number"),
        ({"fps": 1e-9}, "fps=0.1"),
        ({"fps": 1e9}, "fps=120"),
        ({"num_frames": 10**400 + 1}, "num_frames"),
        ({"num_frames": [17]}, "no number"),
        ({"height": 1024}, "height=512"),
        ({"num_inference_steps": 10**12}, "num_inference_steps=24"),
        ({"layout_steps": 10**12}, "layout_steps=24"),
        ({"time_shift": 0}, "time_shift=3"),
        ({"context_time": 1}, "context_time=0"),
        ({"method": "eular"}, "'euler'"),
        ({"method": "stride"}, "euler, heun"),
        ({"layout_method": "strides"}, "'stride'"),
    ],
)
def test_illegal_numbers(given: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        check_memory(make_settings(given, {}, multiple=16), batch=1)


def test_what_memory_cannot_hold_is_refused() -> None:
    most = most_frames(64, 64)
    assert most % 4 == 1
    check_memory(make_settings({"num_frames": most}, {}, multiple=16), batch=1)
    with pytest.raises(SettingError, match=f"num_frames={most} or fewer"):
        check_memory(make_settings({"num_frames": most + 4}, {}, multiple=16), batch=1)
    with pytest.raises(SettingError, match=r"Give 10\d+ prompts or fewer"):
        check_memory(Settings(), batch=10**6)


def test_what_is_said_goes_before_what_the_checkpoint_recommends() -> None:
    defaults = {"num_inference_steps": 8, "guidance_scale": 3.0, "num_frames": 33, "not a setting": 1}
    settings = make_settings({"num_inference_steps": 4, "guidance_scale": None}, defaults, multiple=16)
    assert settings == Settings(num_frames=33, window_frames=33, num_inference_steps=4, guidance_scale=3.0)
