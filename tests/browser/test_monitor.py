"""The training monitor in a notebook, while a cell trains."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.notebooks import PIPE, notebook_open
from tests.browser.studio_page import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MODULE = """
    import time
    import warnings
    import lightning as L
    import torch
    from torch.utils.data import DataLoader, TensorDataset
    from minisora.widgets import TrainingMonitor
    warnings.simplefilter("ignore")

    class Line(L.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)
        def training_step(self, batch, number):
            time.sleep(0.02)
            noise = 0.5 * torch.rand(())
            return (self.layer(batch[0]) - 3 * batch[0] - 1).square().mean() * (1 + noise) + 0.01
        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.02)

    data = DataLoader(TensorDataset(torch.linspace(-1, 1, 256)[:, None]), batch_size=8)
    quiet = dict(accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
                 enable_model_summary=False)"""
SHOWN = """
    words = ["a small red circle moving right", "a large yellow star spinning <img src=x onerror=window.hurt=1>"]
    monitor = TrainingMonitor(draw=lambda module: pipe(words, seed=module.global_step), draw_every=200)
    display(monitor)"""
TRAIN = (
    'L.Trainer(max_steps=100_000, callbacks=[monitor.callback], **quiet).fit(Line(), data); print("the cell is over")'
)


@pytest.fixture(scope="module")
def watch(browser: Any, dark_lab: str) -> Iterator[Any]:
    with notebook_open(browser, dark_lab, "monitor.ipynb", PIPE, MODULE, SHOWN, TRAIN, wait=False) as watch:
        yield watch


def test_a_training_is_watched_and_stopped_while_its_cell_runs(watch: Any) -> None:
    root = watch.page.locator(".ms-monitor")
    root.locator(".ms-calm").wait_for(timeout=PATIENCE)
    root.get_by_text("step 200").wait_for(timeout=PATIENCE)
    assert root.locator(".ms-cell").count() == 2
    assert "loss over steps" in root.locator(".ms-curve").get_attribute("aria-label")
    assert "/ 100,000" in root.locator(".ms-big").first.text_content()
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-monitor")
    root.get_by_label("drawn at").focus()
    watch.page.keyboard.press("Home")
    root.get_by_text("step 0").wait_for(timeout=PATIENCE)
    root.get_by_role("button", name="Stop").click()
    root.get_by_text("Stopped after").wait_for(timeout=PATIENCE)
    watch.page.get_by_text("the cell is over").last.wait_for(timeout=PATIENCE)
    assert root.get_by_role("button", name="Stop").is_disabled()
    watch.page.wait_for_timeout(300)
    watch.shot("lab-dark-monitor-stopped")
    assert watch.page.evaluate("() => window.hurt") is None
    assert watch.errors == []
    assert watch.outside == []
