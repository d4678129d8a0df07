"""Where graded clips come from: the renderer, the autoencoder, the model, or any function of your own.

A source turns examples into clips, uint8 (b, f, h, w, 3). The first two are the ceilings of the third.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.evaluation.rows import ClipSize, Example
from minisora.world import World

if TYPE_CHECKING:
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["SOURCES", "Generate", "Source", "generate_with", "generated", "load_denoiser", "reconstructed", "rendered"]

Source = Callable[[Sequence[Example]], Tensor]
Generate = Callable[[Sequence[str], Sequence[int]], Tensor]  # (sentences, seeds) → uint8 (b, f, h, w, 3)
SOURCES = ("rendered", "reconstructed", "generated")


def rendered(world: World, size: ClipSize) -> Source:
    """The truth itself: what is graded is the grader.

    Args:
        world: tables that say how scenes are drawn.
        size: shape of the clips.
    Returns:
        A source.
    """

    def render(examples: Sequence[Example]) -> Tensor:
        return torch.stack(
            [world.render(example.scene, size.num_frames, size.height, size.width, size.fps) for example in examples]
        )

    return render


def reconstructed(world: World, size: ClipSize, autoencoder: Any, device: torch.device | None = None) -> Source:
    """The truth through the autoencoder and back: no model can be sharper than that.

    Args:
        world: tables that say how scenes are drawn.
        size: shape of the clips.
        autoencoder: with `encode` and `decode`, videos in [-1, 1].
        device: where it runs.
    Returns:
        A source.
    """
    truth = rendered(world, size)

    @torch.inference_mode()
    def reconstruct(examples: Sequence[Example]) -> Tensor:
        video = truth(examples).to(device).float() / 127.5 - 1
        back = autoencoder.decode(autoencoder.encode(video))
        return ((back + 1) * 127.5).round().clamp(0, 255).to("cpu", torch.uint8)  # type: ignore[no-any-return]

    return reconstruct


def generated(generate: Generate) -> Source:
    """A model, which reads the caption and never sees the scene.

    Args:
        generate: (sentences, seeds) → uint8 (b, f, h, w, 3).
    Returns:
        A source, which raises ShapeError where the clips are something else.
    """

    def from_captions(examples: Sequence[Example]) -> Tensor:
        texts, seeds = [example.caption.text for example in examples], [example.seed for example in examples]
        clips = torch.as_tensor(generate(texts, seeds))
        if clips.dtype != torch.uint8 or clips.ndim != 5 or len(clips) != len(examples) or clips.shape[-1] != 3:
            wanted = f"uint8 ({len(examples)}, f, h, w, 3)"
            raise ShapeError(
                f"{len(examples)} captions gave {clips.dtype} {tuple(clips.shape)}, but {wanted} is graded."
            )
        return clips.cpu()

    return from_captions


def generate_with(pipe: "TextToVideoPipeline", **settings: Any) -> Generate:
    """A pipeline as a function of sentences and seeds.

    Args:
        pipe: any pipeline.
        **settings: further arguments of its call, such as num_inference_steps.
    Returns:
        A function for `generated` and `quick_grade`.
    """
    return partial(_call, pipe, settings)


def _call(
    pipe: "TextToVideoPipeline", settings: Mapping[str, Any], texts: Sequence[str], seeds: Sequence[int]
) -> Tensor:
    from minisora.pipeline import UnknownWordsWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnknownWordsWarning)  # free wordings are meant to have some
        return pipe(list(texts), seed=list(seeds), **settings).frames


def load_denoiser(name: str) -> Any:
    """A denoiser of your own, by its place.

    Args:
        name: "my_module:MyDenoiser"; a class is called without arguments, anything else is taken as it is.
    Returns:
        Something that is called as `denoiser(noisy, time, text, fps=…)`.
    Raises:
        SettingError: there is no such module or name, or it can't be called.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise SettingError(f"--denoiser {name!r}, but it is a module and a name in it. Use my_module:MyDenoiser.")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SettingError(
            f"--denoiser {name}: {error}. Run from the folder that holds {module.split('.')[0]}.py."
        ) from error
    denoiser = found() if isinstance(found, type) else found
    if not callable(denoiser):
        raise SettingError(
            f"--denoiser {name} is a {type(denoiser).__name__}, but it must be callable. Use a torch module."
        )
    return denoiser
