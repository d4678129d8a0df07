"""Training of the denoiser. Read `DiffusionModule.loss_of` first: it is the whole recipe on one screen.

Noise, times and which words are dropped follow from (seed, number of the batch) alone, so a run that was interrupted
goes on along the same curve.
"""

from dataclasses import dataclass

import lightning as L
import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional as F

from minisora.diffusion.flow import flow_loss
from minisora.diffusion.noise_levels import NoiseMixture, sample_levels
from minisora.errors import SettingError
from minisora.models.text_encoder import TextEncoder, TextStates
from minisora.models.transformer import VideoTransformer
from minisora.training.latents import LatentBatch
from minisora.training.optimizer import MuonAdamW, parameter_groups
from minisora.training.text_module import MAX_ACTORS
from minisora.world import World

SEEN = 0.06  # share of a token's area that an actor must fill to be asked for there


@dataclass(frozen=True)
class DenoiserLoss:
    """What is added up, and how much of each.

    Args:
        actor_weight: weight of a latent place that an actor touches; the others have 1.
        truth: weight of the head that must say which actor is in each token, and what it looks like.
        no_words: share of captions replaced by the empty sentence, so that guidance has something to move away from.
    Raises:
        SettingError: a negative value or a share above 1.
    """

    actor_weight: float = 5.0
    truth: float = 0.3
    no_words: float = 0.1

    def __post_init__(self) -> None:
        if min(self.actor_weight, self.truth, self.no_words) < 0 or self.no_words > 1:
            raise SettingError(f"{self} has a negative value or a share above 1. Use no_words=0.1.")


class TruthHead(nn.Module):
    """Reads the renderer's truth off the tokens half way: where each actor is (in the order of mention) and its looks.

    It is trained with the denoiser and then thrown away: a token that knows whose it is binds words better.

    Args:
        width: of the tokens.
        classes: number of shapes, colours, sizes and motions.
    """

    def __init__(self, width: int, classes: tuple[int, ...]) -> None:
        super().__init__()
        self.classes = list(classes)
        self.where = nn.Linear(width, MAX_ACTORS)
        self.what = nn.Linear(width, sum(classes))

    def loss(self, tokens: Tensor, covers: Tensor, actors: Tensor) -> Tensor:
        """Cross entropies of place and looks.

        Args:
            tokens: (b, z, y, x, d), from the middle of the transformer.
            covers: (b, 3, z, y, x), 0…1, share of the token's area that each mentioned actor fills.
            actors: (b, 3, attributes), class numbers, -1 where there is no such actor.
        Returns:
            ().
        """
        tokens = F.layer_norm(tokens.float(), tokens.shape[-1:])
        known = (actors[:, 0, 0] >= 0).float()[:, None, None, None, None]  # nobody knows the actors of a user's clip
        places = rearrange(covers, "b a z y x -> b z y x a")
        place = F.binary_cross_entropy_with_logits(self.where(tokens), places, known.expand_as(places))
        most, owner = covers.max(dim=1)  # (b, z, y, x)
        seen = most > SEEN
        rows = torch.arange(len(actors), device=actors.device)[:, None, None, None].expand_as(owner)
        targets = actors[rows[seen], owner[seen]]  # (k, attributes)
        if len(targets) == 0:
            return place
        looks = self.what(tokens[seen]).split(self.classes, dim=-1)
        parts = [F.cross_entropy(part, target) for part, target in zip(looks, targets.unbind(1), strict=True)]
        return place + torch.stack(parts).mean()


class DiffusionModule(L.LightningModule):
    """Lightning module of the denoiser.

    Args:
        denoiser: what is trained.
        text_encoder: taught before, frozen here.
        world: whose tables the truth head names.
        mixture: how noise levels vary over frames.
        loss: weights of the loss.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        seed: of noise and times.
        compile: use `torch.compile` (needs a C++ compiler; a minute at the start, then faster).
    """

    def __init__(
        self,
        denoiser: VideoTransformer,
        text_encoder: TextEncoder,
        world: World,
        mixture: NoiseMixture | None = None,
        loss: DenoiserLoss | None = None,
        muon_lr: float = 0.01,
        adamw_lr: float = 1.5e-3,
        seed: int = 0,
        compile: bool = False,
    ) -> None:
        super().__init__()
        self.denoiser = denoiser
        self.text_encoder = text_encoder.eval().requires_grad_(False)
        tables = (world.shapes, world.colours, world.sizes, world.motions)
        self.truth_head = TruthHead(denoiser.config.width, tuple(len(table) for table in tables))
        self.mixture, self.loss = mixture or NoiseMixture(), loss or DenoiserLoss()
        self.muon_lr, self.adamw_lr, self.seed = muon_lr, adamw_lr, seed
        self.run_denoiser = torch.compile(denoiser, dynamic=False) if compile else denoiser

    def transfer_batch_to_device(self, batch: LatentBatch, device: torch.device, dataloader_idx: int) -> LatentBatch:
        """Lightning can't look into a frozen dataclass; the batch moves itself."""
        return batch.to(device)

    def training_step(self, batch: LatentBatch, batch_idx: int) -> Tensor:
        """One loss; a loss that is no number stops the training before it can spoil the weights."""
        parts = self.loss_of(batch)
        if not torch.isfinite(parts["loss"]):
            raise FloatingPointError(f"The loss is {parts['loss'].item()} at step {self.global_step}.")
        self.log_dict({f"train/{key}": value.detach() for key, value in parts.items()}, prog_bar=True)
        loss: Tensor = parts["loss"]
        return loss

    def loss_of(self, batch: LatentBatch) -> dict[str, Tensor]:
        """Mix noise in, guess the clean latents, compare; and read the truth off the middle.

        Returns:
            "loss", "flow" and "truth", scalars.
        """
        clean, device = batch.latents, batch.latents.device
        generator = torch.Generator().manual_seed((self.seed + 10_007 * self.global_rank) * 1_000_003 + batch.step)
        levels = sample_levels(clean.size(0), clean.size(1), self.mixture, generator)
        noise = torch.randn(clean.shape, generator=generator).to(device)
        text = self._read(batch.captions, generator)
        middle: list[Tensor] = []

        def network(noisy: Tensor, time: Tensor) -> Tensor:
            guess: Tensor
            guess, tokens = self.run_denoiser(noisy, time, text, fps=batch.fps, return_middle=True)
            middle.append(tokens)
            return guess

        weight = (
            place_weights(batch.covers, self.loss.actor_weight) * ~levels.is_context.to(device)[..., None, None, None]
        )
        flow = flow_loss(network, clean, noise, levels.time.to(device), weight=weight)
        patch = self.denoiser.config.patch
        covers = F.avg_pool3d(batch.covers, (1, patch, patch))  # (b, 3, z, y, x)
        truth = self.truth_head.loss(middle[0], covers, batch.actors)
        return {"loss": flow + self.loss.truth * truth, "flow": flow, "truth": truth}

    @torch.no_grad()
    def _read(self, captions: list[str], generator: torch.Generator) -> TextStates:
        dropped = torch.rand(len(captions), generator=generator) < self.loss.no_words
        said = ["" if drop else caption for caption, drop in zip(captions, dropped.tolist(), strict=True)]
        return self.text_encoder(said)  # type: ignore[no-any-return]

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Muon on the blocks' matrices, AdamW on the rest; `Budget` moves the rates."""
        groups = parameter_groups(self, self.muon_lr, self.adamw_lr, is_hidden)
        return MuonAdamW(groups)


def is_hidden(name: str, parameter: nn.Parameter) -> bool:
    """Whether Muon takes a parameter: the blocks' matrices, but not their small tables."""
    return "blocks." in name and name.endswith("weight")


def place_weights(covers: Tensor, actor_weight: float) -> Tensor:
    """`actor_weight` at and next to latent places that an actor touches, else 1.

    Args:
        covers: (b, 3, z, lh, lw), 0…1.
        actor_weight: at least 0.
    Returns:
        (b, z, lh, lw, 1).
    """
    touched = (covers.amax(dim=1) > 0).float()  # (b, z, lh, lw)
    near = F.max_pool2d(touched, 3, stride=1, padding=1)
    return (1 + (actor_weight - 1) * near)[..., None]
