"""Everything that stands in a place: props first, then one actor after the other, until nothing is left over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from minisora.world.stage.reading.figures import Figure, figure_of
from minisora.world.stage.reading.fitting import COARSE
from minisora.world.stage.reading.foreground import LONG, Chain, chains, contrast, differing, limit_of, split, spots
from minisora.world.stage.reading.ground import Place, coarse_size, pooled
from minisora.world.stage.reading.standing import find_props
from minisora.world.stage.reading.tracking import Sight, Stage, extended, follow, refined, sight_of
from minisora.world.tables import World

MOST_THINGS = 6
POOR = 0.4  # share left unexplained, from which a chain may hold more than one actor
DOUBTFUL, OWN_SHARE = 0.6, 0.3  # share left unexplained, and share in view beside the others, of who is no actor
ANOTHER = 0.3  # share of a spot that a figure leaves over, from which somebody else is in it
LIKE = 0.25  # RGB distance, 0…1, within which a pixel looks like a colour
LEAST_AREA = 0.003  # squared shorter sides that the smallest actor covers
HIDING = 0.5  # share of an actor before which another one stands, from which it can't be told whether it is there
ODD_AREA = 0.01  # of the frame, from which something unexplained is odd: half of the smallest actor, more than drops


@dataclass(frozen=True)
class Things:
    """What stands in a place.

    Attributes:
        stage: what was looked at, props taken off.
        props, actors: those that were found.
        odd: number of frames that show something that is neither.
    """

    stage: Stage
    props: list[Sight]
    actors: list[Sight]
    odd: int


def find_things(world: World, clip: Tensor, place: Place) -> Things:
    """Everything that stands in a place, in a clip (f, h, w, 3), 0…1."""
    size = (clip.shape[1], clip.shape[2])
    coarse = coarse_size(size)
    characters = [figure_of(shape) for shape in world.shapes.values()]
    inks = torch.tensor([colour.rgb for colour in world.colours.values()]) / 255
    clear, contrasts = place.unveiled(clip), contrast(clip, place)
    limit = limit_of(contrasts)
    away, free = clear - place.picture, torch.ones(clip.shape[:3])
    noise = float(pooled(away, coarse)[contrasts < limit].square().mean())
    stage = Stage(away, place.picture, free, place.tint, place.zoom, inks, min(size) / min(coarse), noise)
    props = []
    if place.camera.move == world.still_camera and len(clip) >= LONG:
        props = find_props(stage, _props(world, place), characters, coarse)
    stage = _without(stage, props)
    colours = pooled(clear, coarse)
    search = _Search(stage, characters, colours, _looks(colours, inks, place.tint), differing(contrasts, limit))
    search.take([prop.cover for prop in props])
    search.run()
    actors = _lasting(stage, search.actors)
    actors = [_among(stage, actor, [other for other in actors if other is not actor]) for actor in actors]
    return Things(stage, props, actors, search.odd_frames())


class _Search:
    """The largest chain of spots is explained, its pixels are taken away, and the rest is looked at again.

    `rest` (f, h, w), coarse, is the foreground that nothing explains yet; `colours` (f, h, w, 3) and `looks`
    (k, f, h, w) are the clip without weather and what of it has which colour; `odd` (f,) says which frames show
    nothing known.
    """

    def __init__(
        self, stage: Stage, characters: Sequence[Figure], colours: Tensor, looks: Tensor, rest: Tensor
    ) -> None:
        self.stage, self.characters, self.colours, self.looks = stage, characters, colours, looks
        self.rest, self.odd = rest.clone(), torch.zeros(len(rest), dtype=torch.bool)
        self.actors: list[Sight] = []
        self.long = min(LONG, len(rest))

    def run(self) -> None:
        """Find all actors."""
        for _ in range(MOST_THINGS):
            chain = self._largest()
            if chain is None:
                return
            again = _again(self.stage, self.actors, chain)
            if again is not None:
                self.actors = again
                self._explain(chain, again)
            else:
                self._somebody(chain)

    def take(self, covers: Sequence[Tensor]) -> None:
        """Take what figures cover off the rest."""
        for cover in covers:
            self.rest &= ~_taken(cover, (self.rest.shape[1], self.rest.shape[2]))

    def odd_frames(self) -> int:
        """How many frames show something unexplained."""
        for frame, here in enumerate(spots(self.rest, self.colours)):
            self.odd[frame] |= any(spot.area >= ODD_AREA * self.rest[0].numel() for spot in here)
        return int(self.odd.sum())

    def _largest(self) -> Chain | None:
        side = min(self.rest.shape[1:])
        found = chains(spots(self.rest, self.colours), side)
        fit = [each for each in found if len(each.spots) >= self.long and each.area >= LEAST_AREA * side**2]
        return fit[0] if fit else None

    def _somebody(self, chain: Chain) -> None:
        """A chain shows somebody new, or several, or nobody at all."""
        sight = follow(_without(self.stage, self.actors), self.characters, chain)
        if sight.left > POOR:
            apart = _apart(_without(self.stage, self.actors), self.characters, split(chain, self.looks))
            if apart:
                self.actors += apart
                self.take([each.cover for each in apart])
                return
        self._explain(chain, [sight], all_of_it=sight.left > POOR)
        if int(sight.seen.sum()) >= self.long:
            self.actors.append(sight)
        else:
            self.odd[[spot.frame for spot in chain.spots]] = True

    def _explain(self, chain: Chain, sights: Sequence[Sight], all_of_it: bool = False) -> None:
        """Take figures off the rest, and of a chain's spots all that is not large enough to be somebody else."""
        self.take([sight.cover for sight in sights])
        for spot in chain.spots:
            if all_of_it or int((self.rest[spot.frame] & spot.mask).sum()) < ANOTHER * spot.area:
                self.rest[spot.frame] &= ~spot.mask


def _again(stage: Stage, actors: list[Sight], chain: Chain) -> list[Sight] | None:
    """The actors, with one of them found once more in a chain of spots; None if it shows somebody else."""
    for number, actor in enumerate(actors):
        others = [*actors[:number], *actors[number + 1 :]]
        longer = extended(_without(stage, others), actor, chain)
        if longer is not None:
            return [*actors[:number], longer, *actors[number + 1 :]]
    return None


def _apart(stage: Stage, characters: Sequence[Figure], parts: Sequence[Chain]) -> list[Sight]:
    """Actors that hang together, each followed from the pixels of its own colour, and again without the others."""
    found: list[Sight] = []
    for part in parts:
        found.append(follow(_without(stage, found), characters, part, COARSE))
    for number, part in enumerate(parts):
        others = [each for k, each in enumerate(found) if k != number and each.left < POOR]
        found[number] = follow(_without(stage, others), characters, part, COARSE)
    return [sight for sight in found if sight.left < POOR and int(sight.seen.sum()) >= LONG]


def _lasting(stage: Stage, actors: list[Sight]) -> list[Sight]:
    """Those actors of which something is seen that no other one explains, the doubtful ones asked first."""
    kept = list(actors)
    for actor in sorted(actors, key=lambda actor: -actor.left):
        others = [other for other in kept if other is not actor]
        alone = sight_of(_without(stage, others), actor)
        if alone.left > DOUBTFUL or float(alone.share[actor.seen].median()) < OWN_SHARE:
            kept = others
    return kept


def _looks(clip: Tensor, inks: Tensor, tint: Tensor) -> Tensor:
    """Whether each pixel of a clip (f, h, w, 3) looks like each of k inks (k, 3) in this light: (k, f, h, w)."""
    away = (clip[None] - (inks * tint)[:, None, None, None]).square().sum(-1)
    near = away.argmin(0)
    return torch.stack([(near == k) & (away[k] < LIKE**2) for k in range(len(inks))])


def _props(world: World, place: Place) -> list[Figure]:
    """Props that may stand in a place."""
    levels = world.backgrounds[place.background].levels if place.background else {}
    return [figure_of(prop) for prop in world.props.values() if not levels or any(h in levels for h in prop.homes)]


def _without(stage: Stage, others: Sequence[Sight]) -> Stage:
    """The stage with what others cover counted as hidden."""
    free = stage.free
    for other in others:
        free = free * (1 - other.cover)
    return replace(stage, free=free)


def _among(stage: Stage, actor: Sight, others: Sequence[Sight]) -> Sight:
    """An actor followed once more where others touch it; where they hide it, it is still there."""
    if not any(bool((actor.cover * other.cover).amax() > 0.5) for other in others):
        return actor
    alone, among = stage.free, _without(stage, others)
    better = refined(among, actor)
    covered = (better.cover * alone).sum((1, 2)) - (better.cover * among.free).sum((1, 2))
    hidden = covered > HIDING * better.cover.sum((1, 2)).clamp(min=1.0)
    return replace(better, seen=better.seen | hidden)


def _taken(cover: Tensor, coarse: tuple[int, int]) -> Tensor:
    """Coarse pixels (f, h, w) that a figure's cover or its edge touches."""
    small = pooled(cover[..., None], coarse)[..., 0]
    return max_pool2d((small > 0.02).float()[:, None], 3, 1, 1)[:, 0] > 0
