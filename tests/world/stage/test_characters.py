"""Characters against what is counted on a fine grid: how far they reach, where they stand, what one can tell."""

import math
from itertools import combinations, pairwise

import pytest
import torch
from torch import Tensor

from minisora.world import STAGE
from minisora.world.lexicon import FUNCTION_WORDS, tokens_of
from minisora.world.render import FARTHEST_PART, render
from minisora.world.scene import Actor, Scene
from minisora.world.stage.characters import CHARACTERS
from minisora.world.stage.characters.building import GROUNDED
from minisora.world.stage.characters.limbs import rolling, step, stepping, striding, wheel
from minisora.world.tables import Shape

EVERY = pytest.mark.parametrize("shape", CHARACTERS, ids=lambda shape: shape.name)
REACH, STEP = 1.6, 0.02
BEATS = [k / 8 for k in range(8)]
ASKED = (
    "car",
    "bus",
    "boat",
    "fish",
    "bird",
    "butterfly",
    "rocket",
    "cat",
    "dog",
    "person",
    "balloon",
    "robot",
    "snail",
)
LEVELS = {"ground", "water", "deep", "air"}
DIVERSE = 0.9  # most overlap of two silhouettes
RIM = 0  # place of the rim among the parts


def plane(step: float = STEP, reach: float = REACH) -> tuple[Tensor, Tensor]:
    """Places x, y (n, n) all over a character."""
    line = torch.arange(-reach + step / 2, reach, step)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return x, y


def on_top(shape: Shape, beat: float, step: float = STEP) -> Tensor:
    """Which part is seen in each place (n, n), -1 where there is none."""
    x, y = plane(step)
    seen = torch.full(x.shape, -1)
    for index, part in enumerate(shape.parts):
        inside = part.distance(x, y, torch.tensor(beat)).expand(x.shape) < 0
        seen = torch.where(inside, index, seen)
    return seen


def test_all_that_were_asked_for_are_there() -> None:
    names = [shape.name for shape in CHARACTERS]
    assert set(ASKED) <= set(names)
    assert len(set(names)) == len(names)
    assert list(STAGE.shapes) == names


@EVERY
def test_all_lies_within_reach_at_every_beat(shape: Shape) -> None:
    x, y = plane()
    for beat in BEATS:
        far = torch.hypot(x, y)[on_top(shape, beat) >= 0].max()
        assert far < 1.45 < FARTHEST_PART


@EVERY
def test_radius_means_about_the_same_for_all(shape: Shape) -> None:
    x, y = plane()
    inside = shape.distance(x, y) < 0
    half = max(float((values[inside].max() - values[inside].min()) / 2) for values in (x, y))
    assert 1.0 < half < 1.27
    assert math.hypot(float(x[inside].mean()), float(y[inside].mean())) < 0.2


@EVERY
def test_outline_at_rest_is_that_of_the_parts(shape: Shape) -> None:
    """Markings, which the rim does not ask, stay within it: at rest and at every beat."""
    x, y = plane()
    outside = shape.distance(x, y) >= 0
    assert torch.equal(on_top(shape, 0.0) < 0, outside)
    for beat in BEATS:
        rim = shape.parts[RIM].distance(x, y, torch.tensor(beat)).expand(x.shape)
        assert not ((on_top(shape, beat) >= 0) & (rim >= 0)).any()


@EVERY
def test_it_stands_on_its_foot(shape: Shape) -> None:
    line = torch.arange(-REACH, REACH, 0.01)
    rows = torch.arange(shape.foot - 0.1, shape.foot + 0.1, 0.002)
    y, x = torch.meshgrid(rows, line, indexing="ij")
    inside = (shape.distance(x, y) < 0).any(dim=1)
    assert float(rows[inside].max()) == pytest.approx(shape.foot, abs=0.006)


@EVERY
def test_area_of_the_table_is_the_area_inside(shape: Shape) -> None:
    x, y = plane(0.01)
    assert float((shape.distance(x, y) < 0).sum()) * 0.01**2 == pytest.approx(shape.area, rel=0.01)


@EVERY
def test_its_colour_is_the_largest_of_what_is_seen(shape: Shape) -> None:
    """In plain shades, without the rim, it fills 45 % of the figure, and more than any accent."""
    for beat in (0.0, 0.25):
        seen = on_top(shape, beat)
        total = (seen >= 0).sum()
        areas: dict[object, float] = {}
        for index, part in enumerate(shape.parts):
            if index != RIM:
                areas[part.ink] = areas.get(part.ink, 0.0) + float((seen == index).sum() / total)
        own = areas.pop(None)
        assert own > 0.45
        assert own > 2 * max(areas.values(), default=0.0)


@EVERY
def test_shades_of_its_colour_stay_near_it(shape: Shape) -> None:
    shades = [part.shade for index, part in enumerate(shape.parts) if part.ink is None and index != RIM]
    assert max(map(abs, shades)) <= 0.35
    seen = on_top(shape, 0.0)
    plain = [index for index, part in enumerate(shape.parts) if part.ink is None and abs(part.shade) <= 0.2]
    shaded = [index for index, part in enumerate(shape.parts) if part.ink is None and index not in (*plain, RIM)]
    assert torch.isin(seen, torch.tensor(plain)).sum() > torch.isin(seen, torch.tensor(shaded)).sum()


@EVERY
def test_its_movement_comes_round(shape: Shape) -> None:
    """Beat 1 is beat 0 again, and beat 0.3 is something else."""
    x, y = plane()
    first, again, other = (
        torch.stack([part.distance(x, y, torch.tensor(beat)).expand(x.shape) for part in shape.parts])
        for beat in (0.0, 1.0, 0.3)
    )
    assert torch.allclose(first, again, atol=1e-4)
    assert (first - other).abs().max() > 0.02
    assert (on_top(shape, 0.0) != on_top(shape, 0.3)).sum() > 10


@EVERY
def test_it_is_alive_in_a_clip(shape: Shape) -> None:
    """On its way, a frame is more than the frame before it moved on (by 2 pixels in an eighth of a second)."""
    actor = Actor(shape.name, "red", "large", "moving right", "plain", 0.25, 0.25, (-0.2, 0.0))
    video = render(STAGE, Scene("black", (actor,)), 9, 64, 64, fps=8.0).int()
    for one, other in pairwise(video):
        changed = (other[:, 2:] - one[:, :-2]).abs().amax(dim=-1)
        assert (changed > 20).sum() >= 4


@EVERY
def test_it_faces_the_way_it_goes(shape: Shape) -> None:
    """On the way left it is the mirror image; and it has two sides that one can tell, but for the balloon."""
    pictures = []
    for motion in ("moving right", "moving left"):
        actor = Actor(shape.name, "red", "large", motion, "plain", 0.3, 0.0, (0.0, 0.0))
        pictures.append(render(STAGE, Scene("black", (actor,)), 1, 64, 64)[0].int())
    right, left = pictures
    assert (right.flip(1) - left).abs().max() <= 1
    if shape.name != "balloon":
        assert ((right - left).abs().amax(dim=-1) > 60).sum() > 0.1 * (right.amax(dim=-1) > 20).sum()


def silhouette(shape: Shape) -> Tensor:
    """The outline at rest (n, n), moved and sized to the same middle and area as all others."""
    x, y = plane()
    inside = shape.distance(x, y) < 0
    size = math.sqrt(float(inside.sum()) * STEP**2 / math.pi)
    middle_x, middle_y = float(x[inside].mean()), float(y[inside].mean())
    u, v = plane(0.04, 2.4)
    return shape.distance(middle_x + u * size, middle_y + v * size) < 0


def test_no_two_look_alike() -> None:
    shapes = {shape.name: silhouette(shape) for shape in CHARACTERS}
    for one, other in combinations(shapes, 2):
        overlap = float((shapes[one] & shapes[other]).sum() / (shapes[one] | shapes[other]).sum())
        assert overlap < (0.8 if {one, other} == {"cat", "dog"} else DIVERSE), (one, other, overlap)


@EVERY
def test_eight_colours_can_be_told(shape: Shape) -> None:
    """The mean of what is painted in its colour, by day, is nearer to that colour than to the seven others."""
    palette = torch.tensor([colour.rgb for colour in STAGE.colours.values()]).double()
    seen = on_top(shape, 0.0)
    for index, ink in enumerate(palette):
        shown = torch.zeros(3, dtype=torch.float64)
        count = 0
        for place, part in enumerate(shape.parts):
            if part.ink is None and place != RIM:
                paint = ink + abs(part.shade) * ((255.0 if part.shade > 0 else 0.0) - ink)
                shown += float((seen == place).sum()) * paint
                count += int((seen == place).sum())
        assert int((palette - shown / count).norm(dim=1).argmin()) == index


@EVERY
def test_homes_and_motions(shape: Shape) -> None:
    assert shape.upright
    assert shape.homes
    assert set(shape.homes) <= LEVELS
    if set(shape.homes) & {"ground", "water"}:
        assert shape.motions == GROUNDED
        assert shape.lean == 0.0
    else:
        assert shape.motions == ()


def test_nouns_mean_one_character_each() -> None:
    taken = {
        phrase: name
        for table in (STAGE.colours, STAGE.sizes, STAGE.speeds, STAGE.backgrounds, STAGE.props, STAGE.lights)
        for name, entry in table.items()
        for phrase in (*entry.words.usual, *entry.words.free, *entry.words.heard)
    }
    function_words = {word for words in FUNCTION_WORDS.values() for word in words.split()}
    for shape in CHARACTERS:
        nouns = (*shape.words.usual, *shape.words.free, *shape.words.heard)
        assert shape.words.usual[0] == shape.name
        for noun in nouns:
            tokens = tokens_of(noun)
            assert noun not in taken, (noun, taken.get(noun))
            assert not set(tokens) & function_words
            taken[noun] = shape.name


@EVERY
def test_verbs_are_bare_and_differ(shape: Shape) -> None:
    for words in (shape.goes, shape.waits):
        verbs = (*words.usual, *words.free, *words.heard)
        assert len(words.usual) >= 1
        assert len(words.free) == 1
        assert len(set(verbs)) == len(verbs)
        assert not {"move", "go"} & set(verbs)
        assert all(verb.isalpha() and verb.islower() and not verb.endswith("ing") for verb in verbs)


# --- limbs ------------------------------------------------------------------------------------------------------------


def test_a_wheel_that_rolls_does_not_slip() -> None:
    """While it goes its own circumference, the dark half of its hub comes round once, clockwise."""
    radius = 0.3
    beats_per_radius = rolling(radius).a_radius
    assert beats_per_radius * 2 * math.pi * radius == pytest.approx(1.0)
    half = wheel(0.0, 0.0, radius)[-1].distance
    x, y = plane(0.01, 0.5)
    for beat, way in ((0.0, (0.0, -1.0)), (0.25, (1.0, 0.0)), (0.5, (0.0, 1.0)), (0.75, (-1.0, 0.0))):
        inside = half(x, y, torch.tensor(beat)) < 0
        middle = torch.stack([x[inside].mean(), y[inside].mean()])
        assert torch.allclose(middle / middle.norm(), torch.tensor(way), atol=0.02)


def foot_of(phase: float, beat: float) -> tuple[float, float]:
    """The lowest place of a leg of length 0.5 that swings by 0.6."""
    x, y = plane(0.005, 1.0)
    inside = stepping(0.0, 0.0, 0.5, 0.1, 0.6, phase)(x, y, torch.tensor(beat)) < 0
    lowest = float(y[inside].max())
    return float(x[inside & (y > lowest - 0.004)].mean()), lowest


def test_a_foot_goes_back_on_the_ground_and_comes_forward_above_it() -> None:
    assert foot_of(0.0, 0.0)[1] == pytest.approx(0.55, abs=0.01)
    assert foot_of(0.0, 0.5)[1] < 0.55 - 0.05
    ahead, behind = foot_of(0.0, 0.75)[0], foot_of(0.0, 0.25)[0]
    assert behind < -0.2
    assert ahead > 0.2
    assert foot_of(0.5, 0.25)[0] == pytest.approx(ahead, abs=0.02)  # the other leg, half a beat on
    assert float(step(torch.tensor(0.5), 0.0)) == pytest.approx(1.0)


def test_feet_do_not_slide_on_average() -> None:
    """In the half beat on the ground a foot goes back as far as the body gets ahead."""
    back = foot_of(0.0, 0.75)[0] - foot_of(0.0, 0.25)[0]
    ahead = 0.5 / striding(0.5, 0.6).a_radius
    assert back == pytest.approx(ahead, rel=0.05)
