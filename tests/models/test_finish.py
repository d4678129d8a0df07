"""The last touch: what it sees, how far, and that it starts by changing nothing."""

import torch

from minisora.models.finish import BLOCKS, MESSAGE, Finish
from minisora.models.transformer import TransformerConfig, VideoTransformer

SHAPE = (2, 3, 16, 16)


def make_finish() -> Finish:
    torch.manual_seed(0)
    return Finish(latent_channels=6, hints=5, width=8).eval()


@torch.no_grad()
def test_a_place_hears_its_neighbours_in_its_own_frame_alone() -> None:
    finish = make_finish()
    noisy, message, hints = (torch.randn(*SHAPE, k) for k in (6, MESSAGE, 5))
    before = finish(noisy, message, hints)
    hints[0, 1, 8, 8] += 1.0
    changed = (finish(noisy, message, hints) - before).abs().amax(dim=-1) > 0
    reach = 2 + BLOCKS
    assert changed[0, 1, 8 - reach : 9 + reach, 8 - reach : 9 + reach].any()
    changed[0, 1, 8 - reach : 9 + reach, 8 - reach : 9 + reach] = False
    assert not changed.any()


@torch.no_grad()
def test_without_a_layout_the_hints_are_zero() -> None:
    finish = make_finish()
    noisy, message = torch.randn(*SHAPE, 6), torch.randn(*SHAPE, MESSAGE)
    torch.testing.assert_close(finish(noisy, message, None), finish(noisy, message, torch.zeros(*SHAPE, 5)))


@torch.no_grad()
def test_in_a_new_network_it_changes_nothing() -> None:
    torch.manual_seed(0)
    network = VideoTransformer(TransformerConfig(width=32, depth=1, heads=1, text_width=8, finish=8))
    assert network.finish(torch.randn(*SHAPE, 6), torch.randn(*SHAPE, MESSAGE), None).abs().max() == 0
