"""A layout drawn onto the latents' grid, so that a token of the video need not work out from coordinates who is in it.

For each place of the grid, each actor and each of the four frames of a latent frame: how much of the place the actor's
disc fills, and where the place lies in the actor's own coordinates (its middle is the origin, its radius is 1, its
turn is undone). There a star is the same star wherever it stands and however it is turned, and a tiny network, the same
for all places, actors and frames, learns what it looks like: a coordinate network for flat figures, as in NeRF
(Mildenhall et al. 2020, arXiv 2003.08934). A second one learns the ground's texture, in the coordinates of the world:
under a moving camera the same line or dot of it is at another place in every frame.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from minisora.models.layers import waves
from minisora.world.layout import ACTOR_ROWS, Tracks, actor_tracks, wall_of
from minisora.world.layout_code import FRAME_MOVING, GROUP, MOVING, by_group, layout_frames
from minisora.world.render import pixel_centres

__all__ = ["HINTS", "Hints"]

FEATURES = 8
ACTOR_HIDDEN, GROUND_HIDDEN = 96, 48
WAVES = (math.pi, 2 * math.pi)  # radians per radius
GROUND_WAVES = tuple(math.pi * number for number in (1, 2, 4, 8))  # radians per shorter side
REACH = 1.7  # radii; farther away an actor leaves no trace
HINTS = ACTOR_ROWS * GROUP * (1 + FEATURES) + GROUP * (1 + FEATURES)


class Hints(nn.Module):
    """Draws a layout."""

    frequencies: Tensor
    ground_frequencies: Tensor

    def __init__(self, channels: int) -> None:
        """Make the two coordinate networks.

        Args:
            channels: k, numbers in a row of the layout.
        """
        super().__init__()
        self.register_buffer("frequencies", torch.tensor(WAVES), persistent=False)
        self.place = nn.Linear(3 + 4 * len(WAVES), ACTOR_HIDDEN)
        self.looks = nn.Linear(channels - MOVING + 3, ACTOR_HIDDEN, bias=False)
        self.deep = nn.Linear(ACTOR_HIDDEN, ACTOR_HIDDEN)
        self.out = nn.Linear(ACTOR_HIDDEN, FEATURES, bias=False)
        self.register_buffer("ground_frequencies", torch.tensor(GROUND_WAVES), persistent=False)
        self.ground_x = nn.Linear(2 * len(GROUND_WAVES), GROUND_HIDDEN)
        self.ground_y = nn.Linear(2 * len(GROUND_WAVES), GROUND_HIDDEN, bias=False)
        self.ground_looks = nn.Linear(channels - MOVING + 1, GROUND_HIDDEN, bias=False)
        self.ground_out = nn.Linear(GROUND_HIDDEN, FEATURES, bias=False)

    def forward(self, layout: Tensor, time: Tensor, lh: int, lw: int) -> Tensor:
        """Draw.

        Args:
            layout: (b, z, 4, k), see `minisora.world.layout`; noisy ones are drawn as faintly as little is known.
            time: (b, z), from 0, clean, to 1, noise.
            lh, lw: places of the grid.
        Returns:
            (b, z, lh, lw, 144): covers of the actors in each of four frames, of the wall, then the features of the
            actors and of the ground.
        """
        side, known = min(lh, lw), (1 - time)[:, :, None, None]  # (b, z, 1, 1)
        x, y = (axis.to(layout) for axis in pixel_centres(lh, lw))  # (lw,), (lh,), shorter sides
        frames = by_group(layout_frames(layout))  # (b, z, 4 frames, 4 rows, j)
        tracks = Tracks(*(part.transpose(2, 3) for part in actor_tracks(frames)))  # (b, z, 3, 4, ...)
        away_x = (x - tracks.middles[..., :1])[..., None, :]  # (b, z, 3, 4, 1, lw)
        away_y = (y - tracks.middles[..., 1:])[..., None]  # (b, z, 3, 4, lh, 1)
        radius = tracks.radii[..., None, None]
        cosine, sine = tracks.turns[..., None, None, :].unbind(-1)
        u, v = (cosine * away_x + sine * away_y) / radius, (cosine * away_y - sine * away_x) / radius
        length = (u.square() + v.square()).sqrt()  # (b, z, 3, 4, lh, lw), in radii
        there = (tracks.there * known)[..., None, None]
        covers = ((1 - length) * radius * side + 0.5).clamp(0, 1) * there
        about = torch.cat([tracks.looks, tracks.sizes[..., None], tracks.turns], dim=-1)  # (b, z, 3, 4, s + 3)
        features = self._features(covers, u, v, about, ((REACH - length) * 4).clamp(0, 1) * there)
        wall = self._wall(frames, x, side) * known  # (b, z, 4, lw)
        walls = wall[:, :, None].expand(-1, -1, lh, -1, -1).movedim(-2, -1)  # (b, z, lh, lw, 4)
        ground = self._ground(frames, x, y) * known[..., None, None]  # (b, z, 4, lh, lw, features)
        return torch.cat([_last(covers[..., None]), walls, _last(features), _last(ground[:, :, None])], dim=-1)

    def _features(self, covers: Tensor, u: Tensor, v: Tensor, about: Tensor, weight: Tensor) -> Tensor:
        """What the coordinate network answers, (b, z, 3, 4, lh, lw, features), asked only where it has a weight.

        It is told an actor's size and turn too: a place is 4×4 pixels, and which of them an edge runs through depends
        on how large a pixel is beside the figure, and how it lies.
        """
        asked = weight.flatten().nonzero()[:, 0]  # (n,): a fifth of the places, most are far from an actor
        cover, u, v, weights = (part.flatten()[asked] for part in (covers, u, v, weight))
        near = torch.stack([cover, u, v], dim=-1)
        place = torch.cat([near, waves(u, self.frequencies), waves(v, self.frequencies)], dim=-1)  # (n, 3 + waves)
        looks = self.looks(about).flatten(0, 3)[asked // weight[0, 0, 0, 0].numel()]  # (n, hidden)
        hidden = silu(self.place(place) + looks)
        answers = self.out(hidden + silu(self.deep(hidden))) * weights[:, None]  # (n, features)
        features = answers.new_zeros(weight.numel(), FEATURES).index_copy(0, asked, answers)
        return features.view(*weight.shape, FEATURES)  # type: ignore[no-any-return]

    def _ground(self, frames: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """What the ground's network answers, (b, z, 4, lh, lw, features)."""
        looks, moving = frames[..., ACTOR_ROWS, :].split([frames.shape[-1] - FRAME_MOVING, FRAME_MOVING], dim=-1)
        pan, zoom = moving[..., :2], moving[..., 2:3]  # (b, z, 4, ·), the zoom as a logarithm
        world_x, world_y = (axis / zoom.exp() + pan[..., k : k + 1] for k, axis in enumerate((x, y)))  # (b, z, 4, l)
        across = self.ground_x(waves(world_x, self.ground_frequencies))[..., None, :, :]  # (b, z, 4, 1, lw, hidden)
        down = self.ground_y(waves(world_y, self.ground_frequencies))[..., None, :]  # (b, z, 4, lh, 1, hidden)
        about = self.ground_looks(torch.cat([looks, zoom], dim=-1))[..., None, None, :]
        return self.ground_out(silu(across + down + about))  # type: ignore[no-any-return]

    def _wall(self, frames: Tensor, x: Tensor, side: int) -> Tensor:
        """How much of each column the wall fills, (b, z, 4, lw)."""
        middle, width, is_there = (part[..., None] for part in wall_of(frames))  # (b, z, 4, 1)
        return ((width / 2 - (x - middle).abs()) * side + 0.5).clamp(0, 1) * is_there


def _last(values: Tensor) -> Tensor:
    """(b, z, n, 4, lh, lw, k) → (b, z, lh, lw, n × 4 × k)."""
    return values.flatten(2, 3).movedim(2, -2).flatten(-2)
