"""The numbers of a call: how long, how large, how many steps, how strongly guided; each checked before work begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from minisora.diffusion import METHODS, TRAINING_TIME_SHIFT
from minisora.errors import SettingError, nearest_name
from minisora.models.autoencoder import SPACE, TIME
from minisora.pipeline.given import finite, whole

__all__ = ["Settings", "check_memory", "make_settings", "most_frames"]

MOST_BYTES = 2**31  # of pixels in one call: six hours of 64×64 at 8 frames per second
PIXEL_METHODS = tuple(name for name in METHODS if name != "stride")  # long steps are learned of layouts alone
MOST_SIDE = 512
MOST_STEPS = 100_000
MOST_CANDIDATES = 64
LEAST_FPS, MOST_FPS = 0.1, 120.0  # what every format of file can say


@dataclass(frozen=True)
class Settings:
    """All numbers that a clip depends on, apart from its words, seed and conditions.

    Args:
        num_frames: f = 1 + 4k.
        height, width: pixels, multiples of the patch that the denoiser reads.
        fps: frames per second.
        num_inference_steps: steps from noise to clean, at least 1.
        guidance_scale: None or 1 is one pass of the network a step, another number two.
        time_shift: how far the steps lie towards noise; 1 is evenly spaced.
        method: "euler" or "heun".
        layout_steps: steps in which the layout is drawn before the pixels; 0 draws the pixels from the words alone.
        layout_guidance: `guidance_scale` of those, while the layout is mostly noise.
        layout_method: "euler" or "heun"; "stride" takes the long steps that the network has learned, guidance in them.
        layout_candidates: how many layouts are drawn at most until one shows what the words ask for, see
            `minisora.pipeline.planning`; 1 takes the first as it is.
        read_steps: steps in which a layout is read beside given frames where the method is "stride".
        window_frames: frames that the network makes at once; a longer clip is made window after window.
        context_frames: frames of the clip so far that a later window starts from, 1 + 4k.
        context_time: noise on those, from 0 to below 1.
    """

    num_frames: int = 17
    height: int = 64
    width: int = 64
    fps: float = 8.0
    num_inference_steps: int = 24
    guidance_scale: float | None = None
    time_shift: float = TRAINING_TIME_SHIFT
    method: str = "euler"
    layout_steps: int = 0
    layout_guidance: float | None = None
    layout_method: str = "euler"
    layout_candidates: int = 1
    read_steps: int = 32
    window_frames: int = 17
    context_frames: int = 9
    context_time: float = 0.0


def make_settings(given: Mapping[str, Any], defaults: Mapping[str, Any], multiple: int) -> Settings:
    """Merge what a call says with what the checkpoint recommends, and check every number.

    Args:
        given: by names of `Settings`; None is "not said".
        defaults: the "sampling" part of a checkpoint's config.json; names that are no settings are not read.
        multiple: of which height and width must be.
    Returns:
        Legal settings.
    Raises:
        SettingError: a number is out of range; the message names the nearest legal one.
    """
    known = Settings.__dataclass_fields__
    merged = {name: value for name, value in defaults.items() if name in known}
    merged |= {name: value for name, value in given.items() if value is not None}
    if "window_frames" not in merged and "num_frames" in defaults:
        merged["window_frames"] = defaults["num_frames"]
    settings = Settings(
        **{name: _NUMBERS.get(name, lambda _, value: value)(name, value) for name, value in merged.items()}
    )
    _check(settings, multiple)
    return settings


def _whole(name: str, value: Any) -> int:
    return whole(name, value, getattr(Settings, name) or 3)


def _number(name: str, value: Any) -> float:
    return finite(name, value, getattr(Settings, name) or 3)


def _maybe_number(name: str, value: Any) -> float | None:
    return None if value is None else _number(name, value)


_NUMBERS: dict[str, Any] = {
    **dict.fromkeys(
        [
            "num_frames",
            "height",
            "width",
            "num_inference_steps",
            "window_frames",
            "context_frames",
            "layout_steps",
            "layout_candidates",
            "read_steps",
        ],
        _whole,
    ),
    **dict.fromkeys(["fps", "time_shift", "context_time"], _number),
    **dict.fromkeys(["guidance_scale", "layout_guidance"], _maybe_number),
}


def _check(settings: Settings, multiple: int) -> None:
    for name in ("num_frames", "window_frames", "context_frames"):
        check_frames(name, getattr(settings, name))
    for name in ("height", "width"):
        _check_size(name, getattr(settings, name), multiple)
    if settings.num_inference_steps < 1:
        raise SettingError(
            f"num_inference_steps={settings.num_inference_steps}, but at least one step is needed. "
            "Use num_inference_steps=1 or more; 8 to 24 look best."
        )
    if settings.read_steps < 1:
        raise SettingError(f"read_steps={settings.read_steps}, but at least one step is needed. Use read_steps=32.")
    if not 1 <= settings.layout_candidates <= MOST_CANDIDATES:
        raise SettingError(
            f"layout_candidates={settings.layout_candidates}, but it lies from 1 to {MOST_CANDIDATES}. "
            f"Use layout_candidates={min(max(settings.layout_candidates, 1), MOST_CANDIDATES)}."
        )
    for name in ("num_inference_steps", "layout_steps", "read_steps"):
        if getattr(settings, name) > MOST_STEPS:
            raise SettingError(f"{name}={getattr(settings, name)}, but {MOST_STEPS} are enough. Use {name}=24.")
    if settings.layout_steps < 0:
        raise SettingError(f"layout_steps={settings.layout_steps}, but it is not negative. Use layout_steps=0 or more.")
    for name in ("fps", "time_shift"):
        if getattr(settings, name) <= 0:
            raise SettingError(
                f"{name}={getattr(settings, name):g}, but it is above 0. Use {name}={getattr(Settings, name):g}."
            )
    if not LEAST_FPS <= settings.fps <= MOST_FPS:
        rate = MOST_FPS if settings.fps > MOST_FPS else LEAST_FPS
        raise SettingError(
            f"fps={settings.fps:g}, but it lies from {LEAST_FPS:g} to {MOST_FPS:g}. Use fps={rate:g}; 4, 8 and 16 are "
            "known best."
        )
    for name in ("guidance_scale", "layout_guidance"):
        scale = getattr(settings, name)
        if scale is not None and scale < 0:
            raise SettingError(f"{name}={scale:g}, but it is not negative. Use {name}=0 or more.")
    if not 0 <= settings.context_time < 1:
        raise SettingError(
            f"context_time={settings.context_time:g}, but it lies from 0 to below 1. Use context_time=0."
        )
    for name, methods in (("method", PIXEL_METHODS), ("layout_method", tuple(METHODS))):
        method = getattr(settings, name)
        if method not in methods:
            near = nearest_name(method, methods)
            raise SettingError(f"{name}={method!r}, but the methods are {', '.join(methods)}. Use {near!r}.")


def check_frames(name: str, frames: int) -> None:
    """Refuse a number of frames that the autoencoder cannot pack.

    Args:
        name: for the message.
        frames: the number given.
    Raises:
        SettingError: it is not 1 + 4k; the message names the nearest legal ones.
    """
    if frames >= 1 and frames % TIME == 1:
        return
    below = max((frames - 1) // TIME * TIME + 1, 1)
    choice = f"{name}={below} or {below + TIME}" if frames > 1 else f"{name}=1"
    raise SettingError(
        f"{name}={frames}, but frame 1 is kept by itself and the rest is packed by {TIME}. Use {choice}."
    )


def most_frames(height: int, width: int, batch: int = 1) -> int:
    """How many frames a call may make: as many as memory surely holds.

    Args:
        height, width: pixels.
        batch: clips at once.
    Returns:
        Their number, 1 + 4k; 0 where there are too many clips.
    """
    frames = MOST_BYTES // (batch * height * width * 3)
    return 1 + (frames - 1) // TIME * TIME if frames else 0


def check_memory(settings: Settings, batch: int) -> None:
    """Refuse a call whose pixels would not fit into memory.

    Args:
        settings: of the call.
        batch: clips at once.
    Raises:
        SettingError: they are too many; the message names how many would do.
    """
    f, h, w = settings.num_frames, settings.height, settings.width
    if f <= most_frames(h, w, batch):
        return
    alone = most_frames(h, w)
    if f > alone:
        raise SettingError(f"num_frames={f} of {h}×{w} are too many for one call. Use num_frames={alone} or fewer.")
    raise SettingError(
        f"{batch} clips of {f} frames of {h}×{w} are too many for one call. "
        f"Give {MOST_BYTES // (f * h * w * 3)} prompts or fewer."
    )


def _check_size(name: str, size: int, multiple: int) -> None:
    if size > MOST_SIDE:
        near = MOST_SIDE // multiple * multiple
        raise SettingError(f"{name}={size}, but frames have at most {MOST_SIDE} pixels a side. Use {name}={near}.")
    if size >= multiple and size % multiple == 0:
        return
    below = size // multiple * multiple
    choice = f"{name}={below} or {below + multiple}" if below >= multiple else f"{name}={multiple}"
    raise SettingError(f"{name}={size}, but the network reads patches of {multiple}×{multiple} pixels. Use {choice}.")


def pixels_of_a_patch(patch: int) -> int:
    """Pixels on a side of what one token of a denoiser with this patch covers."""
    return patch * SPACE
