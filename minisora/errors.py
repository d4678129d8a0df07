"""Every error that minisora raises on purpose, so that one `except MinisoraError` catches them all.

A message says what was given, what is allowed and the nearest legal value, for example
`num_frames=18, but the autoencoder keeps frame 1 and packs the rest by 4. Use num_frames=17 or 21.`
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "DataError",
    "MinisoraError",
    "OutputError",
    "PolicyError",
    "PromptError",
    "ReleaseError",
    "SettingError",
    "ShapeError",
    "WeightsError",
    "nearest_name",
]


class MinisoraError(ValueError):
    """The base of all: something given to minisora cannot be used."""


class SettingError(MinisoraError):
    """A number or a name outside what is allowed: steps, guidance, a size, a preset."""


class ShapeError(MinisoraError):
    """An array or a video whose axes do not fit."""


class WeightsError(MinisoraError):
    """Weights that are missing, truncated, changed since they were saved, or not safetensors."""


class DataError(MinisoraError):
    """A data set or a clip that cannot be read."""


class PromptError(MinisoraError):
    """A prompt that is empty, too long, or (only when asked to be strict) has unknown words."""


class PolicyError(PromptError):
    """A prompt that the policy refuses.

    Attributes:
        rule: which rule, as the policy's YAML names it.
    """

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.rule = rule


class ReleaseError(MinisoraError):
    """A checkpoint that may not be released: its model card is missing or says too little."""


class OutputError(MinisoraError):
    """A file that cannot be written, or that exists already."""


def nearest_name(given: str, allowed: Iterable[str]) -> str:
    """The allowed name that looks most like the one given, for the end of an error message.

    Args:
        given: what was typed.
        allowed: the legal names, at least one.
    Returns:
        One of `allowed`; the first one where none looks alike.
    Raises:
        SettingError: `allowed` is empty.
    """
    names = list(allowed)
    if not names:
        raise SettingError(f"No name is allowed in place of {given!r}: the list of names is empty.")
    close = get_close_matches(str(given).lower(), names, n=1, cutoff=0.01)
    return close[0] if close else names[0]
