"""Teaching the text encoder which words belong to which actor, from captions alone.

Linear heads on the slots must name every attribute that the caption names (and say "unnamed" for the rest): the first
slots those of the actor mentioned first, and so on, the last quarter those of the scene. The heads are thrown away
afterwards; what stays are slots in which a colour stands beside its own shape and motion. Captions cost nothing, so
this takes minutes, and the transformer need not learn grammar from pixels.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache

import lightning as L
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import IterableDataset

from minisora.models.text_encoder import TextEncoder, TextStates
from minisora.training.optimizer import MuonAdamW, parameter_groups
from minisora.training.wording_noise import strewn
from minisora.world import Caption, Scene, SceneRequest, World
from minisora.world.layout import ACTOR_ROWS

SORTED_BATCHES = 4
CAPTION_STREAM = 7  # keeps these random numbers apart from those of the clips


class RequestClasses:
    """Every named thing of a request as class numbers, read off the world's tables (0: not named)."""

    def __init__(self, world: World) -> None:
        self.actor = {
            "shape": list(world.shapes),
            "colour": list(world.colours),
            "size": list(world.sizes),
            "motion": list(world.motions),
            "speed": list(world.speeds),
        }
        self.scene = {
            "background": list(world.backgrounds),
            "camera": list(world.cameras),
            "texture": list(world.textures),
            "relation": list(world.relations),
        }
        more = {"light": world.lights, "weather": world.weathers, "prop": world.props}
        self.more = {axis: list(table) for axis, table in more.items() if table}
        places = ACTOR_ROWS + 1
        self.actor_sizes = [len(names) + 1 for names in self.actor.values()] + [2, 2]  # is there, is behind a wall
        self.scene_sizes = [len(names) + 1 for names in self.scene.values()] + [places, places]
        self.scene_sizes += [len(names) + 1 for names in self.more.values()]

    def actor_targets(self, request: SceneRequest) -> list[list[int]]:
        """(3, attributes) class numbers of the actors in the order of mention; all 0 for one that is not there."""
        rows = []
        for index in range(ACTOR_ROWS):
            if index >= len(request.actors):
                rows.append([0] * len(self.actor_sizes))
                continue
            named = [_class(names, getattr(request.actors[index], key)) for key, names in self.actor.items()]
            rows.append([*named, 1, int(index in request.behind_wall)])
        return rows

    def scene_targets(self, request: SceneRequest) -> list[int]:
        """(attributes,) class numbers of what is said about the scene as a whole."""
        relation = request.relations[0] if request.relations else None
        values = (request.background, request.camera, request.texture, relation.name if relation else None)
        named = [_class(names, value) for names, value in zip(self.scene.values(), values, strict=True)]
        who = [relation.subject + 1, relation.object + 1] if relation else [0, 0]
        return [*named, *who, *(_class(names, getattr(request, axis)) for axis, names in self.more.items())]


def _class(names: list[str], value: str | None) -> int:
    return 0 if value is None else names.index(value) + 1


class CaptionStream(IterableDataset[list[Caption]]):
    """Endless batches of captions of random scenes; batch k depends on (seed, k) alone.

    Args:
        world: where scenes come from.
        batch_size: captions a batch.
        pool: scenes drawn once at the start and described anew each time.
        seed: of scenes and words.
        short: share of captions that leave attributes out.
        strewn: share of captions with words that mean nothing, see `wording_noise`.
        start: number of the first batch, for a resumed run.
        kinds: relative frequencies of the kinds of scene, None for all alike.
    """

    def __init__(
        self,
        world: World,
        batch_size: int,
        pool: int = 12_000,
        seed: int = 0,
        short: float = 0.25,
        strewn: float = 0.6,
        start: int = 0,
        kinds: dict[str, float] | None = None,
    ) -> None:
        self.world, self.batch_size, self.seed, self.short, self.start = world, batch_size, seed, short, start
        self.kinds = kinds or dict.fromkeys(world.kinds, 1.0)  # all alike: the hard ones need their share
        self.scenes: list[Scene] = []
        self.pool, self.strewn = pool, strewn

    def __iter__(self) -> Iterator[list[Caption]]:
        if not self.scenes:
            rng = np.random.default_rng([self.seed, CAPTION_STREAM])
            shares = np.array(list(self.kinds.values()))
            names = rng.choice(list(self.kinds), size=self.pool, p=shares / shares.sum())
            self.scenes = [self.world.sample(rng, str(name)) for name in names]
        step = self.start
        while True:
            yield self._round(step // SORTED_BATCHES)[step % SORTED_BATCHES]
            step += 1

    @lru_cache(maxsize=1)  # noqa: B019 - one round of one stream
    def _round(self, number: int) -> list[list[Caption]]:
        """Some batches at once, sorted by length before they are cut: padding is work for nothing."""
        rng = np.random.default_rng([self.seed, CAPTION_STREAM, number])
        picks = rng.integers(self.pool, size=self.batch_size * SORTED_BATCHES)
        captions = [self.world.write(self.scenes[pick], rng, short=self.short) for pick in picks]
        words = " ".join(caption.text for caption in captions).split()
        captions = [self._strewn(caption, rng, words) for caption in captions]
        captions.sort(key=lambda caption: len(caption.text))
        cuts = range(0, len(captions), self.batch_size)
        batches = [captions[cut : cut + self.batch_size] for cut in cuts]
        return [batches[index] for index in rng.permutation(SORTED_BATCHES)]

    def _strewn(self, caption: Caption, rng: np.random.Generator, endings: list[str]) -> Caption:
        if rng.random() >= self.strewn:
            return caption
        return replace(caption, text=strewn(caption.text, rng, endings=endings))


class CaptionModule(L.LightningModule):
    """What the modules have in common that teach an encoder from captions alone.

    Args:
        encoder: what is taught.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
    """

    def __init__(self, encoder: TextEncoder, muon_lr: float, adamw_lr: float) -> None:
        super().__init__()
        self.encoder, self.muon_lr, self.adamw_lr = encoder, muon_lr, adamw_lr

    def transfer_batch_to_device(
        self, batch: list[Caption], device: torch.device, dataloader_idx: int
    ) -> list[Caption]:
        """Captions are words; their tokens are made where the encoder is."""
        return batch

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Muon on the blocks' matrices, AdamW on the rest; `Budget` moves the rates."""
        groups = parameter_groups(self, self.muon_lr, self.adamw_lr, lambda name, _: "blocks." in name)
        return MuonAdamW(groups)


class TextModule(CaptionModule):
    """Lightning module that teaches a `TextEncoder`.

    Args:
        encoder: what is taught; it keeps nothing of the heads.
        world: whose tables name the classes.
        muon_lr, adamw_lr: learning rates of hidden matrices and of the rest.
        empty: share of captions replaced by the empty sentence, so that "no words" is known too.
        new: names of entries of the world that the encoder has never heard of.
        keep: how much the slots of captions without any of those must stay as they were, for a denoiser that has
            learned to read them.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        world: World,
        muon_lr: float = 0.02,
        adamw_lr: float = 2e-3,
        empty: float = 0.02,
        new: Sequence[str] = (),
        keep: float = 0.0,
    ) -> None:
        super().__init__(encoder, muon_lr, adamw_lr)
        self.empty, self.new, self.keep = empty, frozenset(new), keep
        self.teacher = deepcopy(encoder).eval().requires_grad_(False) if keep else None
        self.classes = RequestClasses(world)
        share = encoder.config.num_slots // (ACTOR_ROWS + 1) * encoder.config.width
        self.actor_head = nn.Linear(share, sum(self.classes.actor_sizes))
        self.scene_head = nn.Linear(share + encoder.config.width, sum(self.classes.scene_sizes))

    def training_step(self, batch: list[Caption], batch_idx: int) -> Tensor:
        """Cross entropy of all classes; logs the share of captions understood whole."""
        captions = [_silenced(c) if i < self.empty * len(batch) else c for i, c in enumerate(batch)]
        text = self.encoder([caption.text for caption in captions])
        loss, right = self.judge(captions, text)
        self.log_dict({"train/loss": loss, "train/understood": right.float().mean()}, prog_bar=True)
        if self.teacher is None:
            return loss
        moved = self.moved(captions, text)
        self.log("train/moved", moved, prog_bar=True)
        return loss + self.keep * moved

    def moved(self, captions: list[Caption], text: TextStates) -> Tensor:
        """How far the slots of captions that say nothing new have moved: mean squared error, ()."""
        assert self.teacher is not None  # noqa: S101 - for the type checker
        old = [k for k, caption in enumerate(captions) if not self.new & names_of(caption.request)]
        if not old:
            return text.pooled.new_zeros(())
        with torch.no_grad():
            was = self.teacher([captions[k].text for k in old])
        return F.mse_loss(text.states[old], was.states) + F.mse_loss(text.pooled[old], was.pooled)

    def judge(self, captions: list[Caption], text: TextStates | None = None) -> tuple[Tensor, Tensor]:
        """The loss () and whether each caption's classes are all right (b,); `text`: what the encoder made of them."""
        text = text or self.encoder([caption.text for caption in captions])
        b = len(captions)
        by_owner = text.states.reshape(b, ACTOR_ROWS + 1, -1)  # (b, 4, n / 4 × d)
        actors = self.actor_head(by_owner[:, :ACTOR_ROWS])  # (b, 3, classes)
        scene = self.scene_head(torch.cat([by_owner[:, ACTOR_ROWS], text.pooled], dim=1))  # (b, classes)
        device = actors.device
        actor_targets = torch.tensor([self.classes.actor_targets(c.request) for c in captions], device=device)
        scene_targets = torch.tensor([self.classes.scene_targets(c.request) for c in captions], device=device)
        loss_a, right_a = _classify(actors.flatten(0, 1), actor_targets.flatten(0, 1), self.classes.actor_sizes)
        loss_s, right_s = _classify(scene, scene_targets, self.classes.scene_sizes)
        return loss_a + loss_s, right_a.view(b, ACTOR_ROWS).all(dim=1) & right_s


def names_of(request: SceneRequest) -> set[str]:
    """The entries of the world that a request names."""
    said: list[str | None] = [request.background, request.camera, request.texture, request.light, request.weather]
    said.append(request.prop)
    said += [relation.name for relation in request.relations]
    said += [value for actor in request.actors for value in vars(actor).values()]
    return {name for name in said if name is not None}


def _silenced(caption: Caption) -> Caption:
    return Caption("", SceneRequest(), ())


def _classify(logits: Tensor, targets: Tensor, sizes: list[int]) -> tuple[Tensor, Tensor]:
    """Sum of cross entropies over attributes; (rows,) whether all attributes of a row are right."""
    losses, right = [], []
    for part, target in zip(logits.split(sizes, dim=-1), targets.unbind(-1), strict=True):
        losses.append(F.cross_entropy(part.float(), target))
        right.append(part.argmax(dim=-1) == target)
    return torch.stack(losses).sum(), torch.stack(right).all(dim=0)
