"""What parts are cut from: signed distances of a few plain forms, and how they are moved. Negative is inside.

Lengths are in the radii of the character that they belong to, x points ahead and y down. A form is a function of
(x, y, beat), so that forms can be put into each other: `moved(turned(oval(0.3, 0.1), swing), 0.5, 0.2)`. Distances may
be a little off far from an edge (an oval's, a union's inside); near an edge, where pixels are blended, they are right.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from minisora.world.shapes import box_distance, polygon_distance

__all__ = [
    "Beat", "Form", "box", "capsule", "cut", "disc", "grown", "half_plane", "hinged", "joined", "moved", "oval",
    "polygon", "ribbon", "ring", "rounded_box", "swinging", "turned",
]  # fmt: skip

Form = Callable[[Tensor, Tensor, Tensor], Tensor]
Beat = Callable[[Tensor], Tensor]


def disc(radius: float) -> Form:
    """A disc round the origin."""
    return lambda x, y, beat: torch.hypot(x, y) - radius


def ring(radius: float, width: float) -> Form:
    """A ring whose middle line has this radius."""
    return lambda x, y, beat: (torch.hypot(x, y) - radius).abs() - width / 2


def oval(half_width: float | Beat, half_height: float | Beat) -> Form:
    """An upright ellipse, whose halves may change with the beat.

    Its implicit equation over its slope, right to first order at the edge.
    """

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        wide, high = (torch.as_tensor(_value(half, beat), dtype=x.dtype) for half in (half_width, half_height))
        u, v = x / wide, y / high
        level, slope = torch.hypot(u, v), torch.hypot(u / wide, v / high)
        return torch.where(slope > 1e-4, level * (level - 1) / slope.clamp(min=1e-4), -torch.minimum(wide, high))

    return distance


def box(half_width: float, half_height: float) -> Form:
    """An upright rectangle."""
    return lambda x, y, beat: box_distance(x, y, half_width, half_height)


def rounded_box(half_width: float, half_height: float, corner: float) -> Form:
    """An upright rectangle with round corners."""
    return lambda x, y, beat: box_distance(x, y, half_width - corner, half_height - corner) - corner


def polygon(*corners: tuple[float, float]) -> Form:
    """A closed polygon."""
    return lambda x, y, beat: polygon_distance(x, y, list(corners))


def hinged(openness: Beat, *corners: tuple[float, float]) -> Form:
    """A closed polygon on a hinge along y = 0: its heights are multiplied by `openness` (below 0: folded over)."""

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        height = openness(beat)
        nearest, sign = torch.full_like(x + y, torch.inf), torch.ones_like(x + y)
        for (ax, flat_ay), (bx, flat_by) in pairwise((*corners, corners[0])):
            ay, by = flat_ay * height, flat_by * height
            ex, ey, wx, wy = bx - ax, by - ay, x - ax, y - ay
            along = ((wx * ex + wy * ey) / (ex * ex + ey * ey).clamp(min=1e-9)).clamp(0, 1)
            nearest = torch.minimum(nearest, torch.hypot(wx - ex * along, wy - ey * along))
            crossed = ((y >= ay) != (y >= by)) & ((wx * ey < ex * wy) != (ey < 0))
            sign = torch.where(crossed, -sign, sign)
        return sign * nearest

    return distance


def capsule(start: tuple[float, float], end: tuple[float, float], width: float) -> Form:
    """A line with round ends."""
    (ax, ay), (bx, by) = start, end
    long = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        along = (((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long).clamp(0, 1)
        return torch.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)) - width / 2

    return distance


def ribbon(width: float, *points: tuple[float, float]) -> Form:
    """A line of this width through several points, its ends and bends round."""
    return joined(*(capsule(start, end, width) for start, end in pairwise(points)))


def grown(form: Form, by: float) -> Form:
    """A form with an edge that lies farther out: its corners become round."""
    return lambda x, y, beat: form(x, y, beat) - by


def half_plane(normal: tuple[float, float], offset: float = 0.0) -> Form:
    """Everything on the near side of a line: points whose product with the unit `normal` is below `offset`."""
    return lambda x, y, beat: x * normal[0] + y * normal[1] - offset


def moved(form: Form, dx: float | Beat, dy: float | Beat) -> Form:
    """A form put somewhere else, or moved by a function of the beat."""
    return lambda x, y, beat: form(x - _value(dx, beat), y - _value(dy, beat), beat)


def turned(form: Form, angle: float | Beat) -> Form:
    """A form turned about the origin, clockwise on the screen, by radians or a function of the beat."""

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        turn = torch.as_tensor(_value(angle, beat), dtype=x.dtype)
        cosine, sine = torch.cos(turn), torch.sin(turn)
        return form(cosine * x + sine * y, cosine * y - sine * x, beat)

    return distance


def joined(*forms: Form) -> Form:
    """All of the forms together."""

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        nearest = forms[0](x, y, beat)
        for form in forms[1:]:
            nearest = torch.minimum(nearest, form(x, y, beat))
        return nearest

    return distance


def cut(form: Form, *others: Form) -> Form:
    """What a form has in common with all the others."""

    def distance(x: Tensor, y: Tensor, beat: Tensor) -> Tensor:
        farthest = form(x, y, beat)
        for other in others:
            farthest = torch.maximum(farthest, other(x, y, beat))
        return farthest

    return distance


def swinging(middle: float, swing: float, phase: float = 0.0, times: float = 1.0) -> Beat:
    """A number that swings about `middle` by `swing`, `times` for each beat, `phase` beats ahead."""
    return lambda beat: middle + swing * torch.sin(2 * math.pi * (times * beat + phase))


def outline(forms: Sequence[Form]) -> Callable[[Tensor, Tensor], Tensor]:
    """The outline of several forms together at beat 0, as a function of (x, y)."""
    whole = joined(*forms)
    return lambda x, y: whole(x, y, torch.zeros(()))


def _value(number: float | Beat, beat: Tensor) -> float | Tensor:
    return number(beat) if callable(number) else number
