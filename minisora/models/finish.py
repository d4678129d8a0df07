"""The last touch: what a patch as a whole cannot say, said place by place from what stands next to it.

A token answers for 4×4 places at once, through one matrix. Which of them an edge runs through, in each of four frames,
is a local matter: the hints of the layout, the noisy latents and a few numbers from the token settle it in a few small
convolutions. Without a layout such a path beside the transformer did harm (it denoised what it saw and never looked at
the words); with one, the words have already been heard.
"""

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn.functional import silu

__all__ = ["MESSAGE", "Finish"]

MESSAGE = 16  # channels of a place that come from its token
BLOCKS = 2


class Finish(nn.Module):
    """Corrects the transformer's guess of the clean latents, frame by frame."""

    def __init__(self, latent_channels: int, hints: int, width: int) -> None:
        """Make the convolutions.

        Args:
            latent_channels: c.
            hints: channels of the layout's hints.
            width: channels between.
        """
        super().__init__()
        self.hints = hints
        self.first = nn.Conv2d(latent_channels + MESSAGE + hints, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.blocks = nn.ModuleList([nn.Conv2d(width, width, 3, padding=1) for _ in range(BLOCKS)])
        self.last = nn.Conv2d(width, latent_channels, 1)

    def forward(self, noisy: Tensor, message: Tensor, hints: Tensor | None) -> Tensor:
        """A correction.

        Args:
            noisy: (b, z, lh, lw, c).
            message: (b, z, lh, lw, 16), from the tokens.
            hints: (b, z, lh, lw, h); None, as without a layout, is all 0.
        Returns:
            (b, z, lh, lw, c), to be added to the guess.
        """
        hints = noisy.new_zeros(*noisy.shape[:-1], self.hints) if hints is None else hints
        places = torch.cat([noisy, message, hints], dim=-1)
        x = rearrange(places, "b z h w c -> (b z) c h w")
        x = self.second(silu(self.first(x)))
        for block in self.blocks:
            x = x + block(silu(x))
        return rearrange(self.last(silu(x)), "(b z) c h w -> b z h w c", b=len(noisy))  # type: ignore[no-any-return]
