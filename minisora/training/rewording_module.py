"""Teaching a text encoder new wordings without changing what its slots mean.

A denoiser has learned to read one encoder's slots. Here a copy of that encoder reads a caption disturbed by words that
mean nothing (`minisora.training.wording_noise`) and must answer as the encoder itself did for the plain caption, number
by number. So the copy can take the encoder's place in a checkpoint that is already trained. A student that hears noise
its teacher did not is the noisy student of Xie et al. 2019, arXiv 1911.04252.
"""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from minisora.models.text_encoder import TextEncoder
from minisora.training.text_module import CaptionModule
from minisora.training.wording_noise import strewn
from minisora.world import Caption

NOISE_STREAM = 11


class RewordingModule(CaptionModule):
    """Lightning module that teaches wordings to a `TextEncoder` whose slots are in use.

    Args:
        encoder: what is taught; as it is now, it is the teacher too.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        plain: share of captions that the copy reads as they are.
        seed: of the noise.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        muon_lr: float = 0.005,
        adamw_lr: float = 5e-4,
        plain: float = 0.2,
        seed: int = 0,
    ) -> None:
        super().__init__(encoder.train().requires_grad_(True), muon_lr, adamw_lr)
        self.teacher = deepcopy(encoder).eval().requires_grad_(False)
        self.plain, self.seed = plain, seed

    def training_step(self, batch: list[Caption], batch_idx: int) -> Tensor:
        """How far the slots of disturbed captions are from those of the plain ones."""
        rng = np.random.default_rng([self.seed, NOISE_STREAM, self.global_step])
        plain = [caption.text for caption in batch]
        words = " ".join(plain).split()
        said = [text if rng.random() < self.plain else strewn(text, rng, endings=words) for text in plain]
        loss = self.distance(said, plain)
        self.log("train/distance", loss, prog_bar=True)
        return loss

    def distance(self, said: list[str], meant: list[str]) -> Tensor:
        """Mean squared error of slots, which have a spread of one.

        Args:
            said: b sentences that the encoder reads.
            meant: the b sentences that the teacher reads.
        Returns:
            ().
        """
        found = self.encoder(said)
        with torch.no_grad():
            wanted = self.teacher(meant)
        loss: Tensor = mse_loss(found.states, wanted.states) + mse_loss(found.pooled, wanted.pooled)
        return loss
