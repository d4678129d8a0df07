"""What is watched while a training runs: speed against the machine's own peak, and the same prompts again and again."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.fabric.utilities.throughput import measure_flops
from torch import Tensor

from minisora.data.sheet import contact_sheet
from minisora.models.transformer import Noisy
from minisora.training.diffusion_module import DiffusionModule
from minisora.training.drawing import PROMPTS, PromptClips
from minisora.training.latents import LatentBatch
from minisora.world import SHAPES

PEAK_SIDES = {"cuda": 8192}  # a GPU is not full with less
USUAL_PEAK_SIDE, PEAK_TRIES = 1024, 8


def measure_peak(device: torch.device, dtype: torch.dtype) -> float:
    """The most that matrix products of this type reach here, in FLOP per second: the best of a few tries."""
    side = PEAK_SIDES.get(device.type, USUAL_PEAK_SIDE)
    left = torch.randn(side, side, device=device, dtype=dtype)
    best = float("inf")
    for _ in range(PEAK_TRIES):
        start = time.perf_counter()
        float((left @ left)[0, 0])  # reading a number waits for the device
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best


class Throughput(L.Callback):
    """Logs clips per second, and the share of the measured matrix peak that the denoiser's products reach.

    Args:
        every: steps between two measurements.
    """

    def __init__(self, every: int = 50) -> None:
        self.every = every
        self._since: tuple[int, float] | None = None
        self._peak = 0.0
        self._flops: dict[tuple[int, ...], int] = {}

    def on_train_start(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        """Measure the peak once, before the training loads the machine."""
        dtype = torch.bfloat16 if "bf16" in str(trainer.precision) else torch.float32
        self._peak = measure_peak(module.device, dtype)
        self._clips, self._work = 0, 0.0

    def on_train_batch_end(
        self, trainer: L.Trainer, module: L.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count, and log every now and then."""
        if not isinstance(module, DiffusionModule):
            return
        self._clips += len(batch.captions)
        self._work += self._step_flops(module, batch)
        if self._since is None:  # the first step compiles and warms up
            self._since, self._clips, self._work = (trainer.global_step, time.monotonic()), 0, 0.0
        elif trainer.global_step - self._since[0] >= self.every:
            seconds = time.monotonic() - self._since[1]
            module.log("speed/clips_per_second", self._clips / seconds, prog_bar=True)
            module.log("speed/share_of_peak", self._work / seconds / self._peak)
            self._since, self._clips, self._work = (trainer.global_step, time.monotonic()), 0, 0.0

    def _step_flops(self, module: DiffusionModule, batch: LatentBatch) -> int:
        """FLOP of the matrix products of one step, forwards and backwards: thrice those of the forward pass."""
        shape = tuple(batch.latents.shape)
        if shape not in self._flops:
            with torch.no_grad():
                work = measure_flops(module, lambda: _forward(module, batch.latents, batch.layouts))
                if batch.scenes is not None and module.denoiser.config.layout_channels:
                    scenes = batch.scenes.layouts
                    work += measure_flops(module, lambda: _forward(module, None, scenes))
            self._flops[shape] = 3 * work
        return self._flops[shape]


def _forward(module: DiffusionModule, latents: Tensor | None, layouts: Tensor | None) -> Tensor:
    """One forward pass, not compiled, so that its products can be counted."""
    video = None if latents is None else Noisy(latents, torch.ones(latents.shape[:2]).to(latents))
    layout = None
    if layouts is not None and module.denoiser.config.layout_channels:
        layout = Noisy(layouts, torch.ones(layouts.shape[:2]).to(layouts))
    given = video or layout
    assert given is not None  # noqa: S101 - for the type checker
    with torch.compiler.set_stance("force_eager"):
        guess = module.denoiser.both(video, layout, module.text_encoder([""] * len(given.values)))
    answer = guess.layout if guess.video is None else guess.video
    assert answer is not None  # noqa: S101 - one of the two was asked for
    return answer


class SampleSheets(L.Callback):
    """Writes a contact sheet of fixed prompts and seeds every so many steps.

    Args:
        weights: checkpoint with the autoencoder that decodes.
        folder: where `step-000500.png` and so on go.
        prompts: what is drawn.
        every: steps between two sheets.
        num_inference_steps, guidance_scale, layout_steps: of the sampling.
        world: name of the world that is learned.
    """

    def __init__(
        self,
        weights: Path,
        folder: Path,
        prompts: Sequence[str] = PROMPTS,
        every: int = 500,
        num_inference_steps: int = 12,
        guidance_scale: float = 2.0,
        layout_steps: int = 12,
        world: str = SHAPES.name,
    ) -> None:
        self.folder, self.every = folder, every
        self.clips = PromptClips(weights, prompts, num_inference_steps, guidance_scale, layout_steps, world)

    def on_train_batch_end(self, trainer: L.Trainer, module: L.LightningModule, *_: Any) -> None:
        """Draw where it is time."""
        if trainer.is_global_zero and trainer.global_step % self.every == 0 and isinstance(module, DiffusionModule):
            self.draw(module, trainer.global_step)

    def draw(self, module: DiffusionModule, step: int) -> Path:
        """Draw one sheet with the weights as they are now (those of the average are smoother)."""
        from PIL import Image

        clips = self.clips(module)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"step-{step:06d}.png"
        Image.fromarray(contact_sheet(clips.frames[:, ::2], labels=self.clips.prompts, scale=2)).save(path)
        return path
