"""A training that is watched: a small model of Lightning's own, without any notebook."""

import math
from typing import Any

import lightning as L
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from minisora.errors import SettingError
from minisora.models.transformer import TransformerConfig
from minisora.training.drawing import PromptClips
from minisora.training.latents import LatentBatches, LatentFolder, LayoutFolder
from minisora.training.stages import denoiser_module
from minisora.training.watching import Drawn, Ended, Point, Watch, batch_size, smooth, thin
from minisora.world import SHAPES

TINY = TransformerConfig(
    latent_channels=4, patch=4, width=32, depth=2, heads=2, text_width=16, layout_channels=32, text_states=8
)


class Line(L.LightningModule):
    """Learns a line."""

    def __init__(self, broken_at: int = -1) -> None:
        super().__init__()
        self.layer, self.broken_at, self.seen = torch.nn.Linear(1, 1), broken_at, []

    def training_step(self, batch: Any, batch_idx: int) -> torch.Tensor:
        if self.global_step == self.broken_at:
            raise FloatingPointError("The loss is nan.")
        x, y = batch
        loss = (self.layer(x) - y).square().mean()
        self.seen.append(loss.item())
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


def data() -> DataLoader:
    x = torch.linspace(-1, 1, 32)[:, None]
    return DataLoader(TensorDataset(x, 2 * x + 1), batch_size=8)


def trainer(watch: Watch, steps: int = 12, **given: Any) -> L.Trainer:
    return L.Trainer(
        max_steps=steps, callbacks=[watch], accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, **given,
    )  # fmt: skip


def test_losses_are_those_of_the_module() -> None:
    told: list[Any] = []
    watch, module = Watch(tell=told.append), Line()
    trainer(watch).fit(module, data())
    assert watch.losses == pytest.approx(module.seen)
    points = [event for event in told if isinstance(event, Point)]
    assert [point.step for point in points] == list(range(1, 13))
    assert {point.total for point in points} == {12}
    assert points[-1].seconds_left == 0
    assert points[-1].clips_per_second > 0
    assert told[-1] == Ended(12, stopped=False)


def test_stop_ends_it_after_the_step() -> None:
    told: list[Any] = []

    def tell(event: Any) -> None:
        told.append(event)
        if isinstance(event, Point) and event.step == 5:
            watch.stop()

    watch = Watch(tell=tell)
    run = trainer(watch, 100)
    run.fit(Line(), data())
    assert run.global_step == 5
    assert told[-1] == Ended(5, stopped=True)
    watch.tell = told.append
    again = trainer(watch, 3)
    again.fit(Line(), data())  # what was stopped once is not stopped for ever
    assert again.global_step == 3


def test_a_mistake_is_told_and_goes_on_its_way() -> None:
    told: list[Any] = []
    with pytest.raises(FloatingPointError):
        trainer(Watch(tell=told.append)).fit(Line(broken_at=3), data())
    assert told[-1] == Ended(3, stopped=False, message="FloatingPointError: The loss is nan.")


def test_whoever_watches_cannot_end_a_training(capsys: pytest.CaptureFixture[str]) -> None:
    def tell(_: Any) -> None:
        raise RuntimeError("no screen")

    watch = Watch(tell=tell)
    run = trainer(watch)
    run.fit(Line(), data())
    assert run.global_step == 12
    assert "the training goes on" in capsys.readouterr().out


def test_it_draws_before_the_first_step_and_every_so_often() -> None:
    told: list[Any] = []
    watch = Watch(draw=lambda module: module.layer.weight.item(), draw_every=5, tell=told.append)
    trainer(watch).fit(Line(), data())
    drawn = [event for event in told if isinstance(event, Drawn)]
    assert [each.step for each in drawn] == [0, 5, 10]
    assert len({each.clips for each in drawn}) == 3
    assert watch.drawn == drawn[-1]
    with pytest.raises(SettingError, match="draw_every=0"):
        Watch(draw_every=0)


def test_the_denoiser_draws_and_goes_on_training(
    tiny_weights: Any, tiny_latents: LatentFolder, tiny_layouts: LayoutFolder
) -> None:
    module = denoiser_module(tiny_weights, network=TINY)
    module.train()
    batches = LatentBatches(SHAPES, [tiny_latents], batch_size=4, scenes=[tiny_layouts], num_scenes=3)
    batch = batches.batch(0)
    before = module.loss_of(batch)["loss"]
    draw = PromptClips(tiny_weights, ["a red star", "a blue star"], num_inference_steps=2, layout_steps=1)
    clips = draw(module)
    assert clips.frames.shape[0] == 2
    assert clips.prompts == ("a red star", "a blue star")
    after = module.loss_of(batch)["loss"]
    assert after.requires_grad
    torch.testing.assert_close(after, before)
    after.backward()
    assert all(p.grad is not None for p in module.denoiser.to_patches.parameters())
    with pytest.raises(SettingError, match="draws no videos"):
        draw(Line())
    assert batch_size(batch) == 4


def test_a_batch_is_counted() -> None:
    x = torch.zeros(6, 3)
    assert [batch_size(each) for each in (x, [x, x[:2]], {"x": x}, [], torch.zeros(()), "text")] == [6, 6, 6, 0, 1, 1]


def test_a_smooth_curve_by_hand() -> None:
    losses = [4.0, 2.0, float("nan"), 1.0]
    half = smooth(losses, 0.5)
    assert half[0] == 4.0
    assert half[1] == pytest.approx((0.5 * 4 + 2) / 1.5)
    assert half[2] == half[1]
    assert half[3] == pytest.approx((0.25 * 4 + 0.5 * 2 + 1) / 1.75)
    assert math.isnan(smooth([float("nan")])[0])


def test_a_thin_curve_keeps_its_mean() -> None:
    values = [float(k) for k in range(1, 11)]
    assert thin(values, 20) == [(k, float(k)) for k in range(1, 11)]
    assert thin(values, 4) == [(3, 2.0), (6, 5.0), (9, 8.0), (10, 10.0)]
    assert thin([], 4) == []
