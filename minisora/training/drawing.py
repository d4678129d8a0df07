"""The same sentences, drawn again and again with the weights as they are: what a training is watched by."""

import warnings
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import lightning as L
from torch import nn

from minisora.errors import SettingError
from minisora.training.diffusion_module import DiffusionModule
from minisora.world import SHAPES

if TYPE_CHECKING:
    from minisora.pipeline import Clips

__all__ = ["PROMPTS", "PromptClips"]

PROMPTS = (
    "a small red circle moving right on a black background",
    "a large yellow star spinning on a navy background",
    "a large blue square bouncing on a grey background",
    "a small red circle moving right and a large blue star bouncing on a black background",
)


class PromptClips:
    """Draws fixed sentences with fixed seeds; call it with a module that is being trained.

    Args:
        weights: checkpoint with the autoencoder that decodes, by name or folder.
        prompts: what is drawn.
        num_inference_steps, guidance_scale, layout_steps: of the sampling.
        world: name of the world that is learned; its tables say how wide a row of a layout is.
    """

    def __init__(
        self,
        weights: str | Path,
        prompts: Sequence[str] = PROMPTS,
        num_inference_steps: int = 12,
        guidance_scale: float | None = 2.0,
        layout_steps: int = 12,
        world: str = SHAPES.name,
    ) -> None:
        self.weights, self.prompts = weights, list(prompts)
        self.num_inference_steps, self.guidance_scale = num_inference_steps, guidance_scale
        self.layout_steps, self.world = layout_steps, world

    @cached_property
    def autoencoder(self) -> nn.Module:
        """What decodes, loaded once."""
        from minisora.models.storage import load_part

        return load_part(self.weights, "autoencoder")

    def __call__(self, module: L.LightningModule) -> "Clips":
        """Draw them with the weights as they are now (those of the average are smoother).

        Args:
            module: a `DiffusionModule`; it goes on training afterwards.
        Returns:
            A clip for each sentence.
        Raises:
            SettingError: the module draws nothing.
        """
        from minisora.models.storage import Parts
        from minisora.pipeline import TextToVideoPipeline, UnknownWordsWarning

        if not isinstance(module, DiffusionModule):
            raise SettingError(f"{type(module).__name__} draws no videos. Give a DiffusionModule, or leave clips out.")
        about = {"world": self.world, "sampling": {"layout_steps": self.layout_steps}}
        autoencoder = self.autoencoder.to(module.device)
        parts = Parts(autoencoder, module.text_encoder, module.denoiser, about)  # type: ignore[arg-type]
        pipe = TextToVideoPipeline(parts, device=str(module.device))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnknownWordsWarning)  # a smaller world does not know every fixed sentence
            clips = pipe(
                self.prompts, seed=0, num_inference_steps=self.num_inference_steps, guidance_scale=self.guidance_scale
            )
        module.denoiser.train()
        return clips
