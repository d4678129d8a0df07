"""The training monitor without a browser, on a small model of Lightning's own."""

from typing import Any

import lightning as L
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import TrainingMonitor


class Line(L.LightningModule):
    """Learns a line, step by step."""

    def __init__(self, after_step: Any = None, broken: bool = False) -> None:
        super().__init__()
        self.layer, self.after_step, self.broken = torch.nn.Linear(1, 1), after_step, broken

    def training_step(self, batch: Any, batch_idx: int) -> torch.Tensor:
        if self.broken:
            raise FloatingPointError("<b>nan</b>")
        if self.after_step is not None:
            self.after_step(self.global_step)
        return (self.layer(batch[0]) - 1).square().mean()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.01)


def data() -> DataLoader:
    return DataLoader(TensorDataset(torch.linspace(-1, 1, 32)[:, None]), batch_size=8)


def trainer(monitor: TrainingMonitor, steps: int = 9, callbacks: bool = True) -> L.Trainer:
    return L.Trainer(
        max_steps=steps, callbacks=[monitor.callback] if callbacks else [], accelerator="cpu", logger=False,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
    )  # fmt: skip


def test_a_training_is_shown(tiny_pipe: TextToVideoPipeline) -> None:
    clips = tiny_pipe(["a red star", "<i>a blue star</i>"], num_frames=5, seed=0)
    monitor = TrainingMonitor(draw=lambda module: clips, draw_every=4)
    states = []
    trainer(monitor).fit(Line(after_step=lambda step: states.append(monitor.running)), data())
    assert states == [True] * 9  # from the first drawing on
    assert not monitor.running
    assert monitor.status == "Done after 9 steps."
    assert monitor.curve[-1][0] == 9
    assert monitor.curve[0][1] == pytest.approx(monitor.callback.losses[0])
    assert monitor.figures["step"] == monitor.figures["total"] == 9
    assert monitor.clips_shown["step"] == 8
    assert [clip["prompt"] for clip in monitor.clips_shown["clips"]] == list(clips.prompts)
    assert monitor.clips_shown["clips"][0]["sheet"]["frames"] == 5


def test_stop_ends_the_training() -> None:
    monitor = TrainingMonitor()

    def after(step: int) -> None:
        if step == 4:
            monitor._heard(monitor, {"do": "stop"}, [])

    run = trainer(monitor, 100)
    run.fit(Line(after), data())
    assert run.global_step == 5
    assert monitor.status == "Stopped after 5 steps."
    monitor._heard(monitor, {"do": "stop"}, [])  # nothing to stop
    assert monitor.status == "Stopped after 5 steps."


def test_fit_leaves_the_kernel_free() -> None:
    monitor = TrainingMonitor()
    monitor.fit(trainer(monitor, callbacks=False), Line(), data())
    assert monitor.wait(60)
    assert monitor.status == "Done after 9 steps."
    assert len(monitor.callback.losses) == 9


def test_a_mistake_is_a_sentence() -> None:
    monitor = TrainingMonitor()
    monitor.fit(trainer(monitor), Line(broken=True), data())
    assert monitor.wait(60)
    assert monitor.status == "The training ended after 0 steps. FloatingPointError: <b>nan</b>"
    assert monitor.trouble
    assert not monitor.running


def test_closing_leaves_the_training_alone() -> None:
    monitor = TrainingMonitor()
    run = trainer(monitor)
    run.fit(Line(after_step=lambda step: step == 3 and monitor.close()), data())
    assert run.global_step == 9
    assert monitor.curve == []


def test_a_page_without_a_kernel_shows_the_last_drawing(tiny_pipe: TextToVideoPipeline) -> None:
    monitor = TrainingMonitor(draw=lambda module: tiny_pipe("a red star", num_frames=5, seed=0), draw_every=4)
    data_before, _ = monitor._repr_mimebundle_()
    assert "Waiting" in data_before["text/plain"]
    assert "image/png" not in data_before
    trainer(monitor).fit(Line(), data())
    bundle, _ = monitor._repr_mimebundle_()
    assert bundle["image/png"]
    assert "step 9, loss" in bundle["text/plain"]
