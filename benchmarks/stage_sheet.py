"""Contact sheets of the stage's characters: all of them at a height, in eight colours and beats, on a ground.

    python benchmarks/stage_sheet.py                                   # 14, 20 and 28 pixels high, on three grounds
    python benchmarks/stage_sheet.py --heights 16 --grounds sky --light night
    python benchmarks/stage_sheet.py --characters cat dog --heights 16 --folder /tmp/sheets
    python benchmarks/stage_sheet.py --steps                           # a strip of 8 frames for each, as they go

A row is a character; a column is a colour and an eighth of its beat, facing right and left by turns.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from minisora.world.scene import Actor, Scene
from minisora.world.stage import STAGE
from minisora.world.tables import Background, Gait, Rgb, Shape, Words, World

GROUNDS = {"meadow": (104, 178, 72), "deep": (20, 44, 96), "sky": (176, 214, 246), "road": (88, 90, 98)}
REACH = 1.45  # radii, within which a character lies
FPS = 8.0


def main() -> None:
    arguments = _arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    world = on_plain_grounds(STAGE, arguments.light)
    for ground in arguments.grounds:
        for height in arguments.heights:
            make = strip if arguments.steps else colours
            rows = [make(world, name, height, ground, arguments.light) for name in arguments.characters]
            path = arguments.folder / f"{'steps' if arguments.steps else 'colours'}_{ground}_{height}.png"
            _enlarged(stacked(rows, world.backgrounds[ground].rgb), arguments.scale).save(path)
            print(path)


def on_plain_grounds(world: World, light: str) -> World:
    """The world with the sheets' grounds in place of its own, in a light."""
    grounds = {name: Background(name, Words((name,)), _lit(rgb, light)) for name, rgb in GROUNDS.items()}
    return replace(world, backgrounds=grounds)


def _lit(rgb: Rgb, light: str) -> Rgb:
    red, green, blue = (round(level * share) for level, share in zip(rgb, STAGE.lights[light].tint, strict=True))
    return red, green, blue


def colours(world: World, name: str, height: int, ground: str, light: str) -> Tensor:
    """A row of pictures (h, w, 3): eight colours, eight beats, right and left by turns."""
    cells = []
    for index, colour in enumerate(world.colours):
        facing = "moving left" if index % 2 else "moving right"
        cells.append(_beats(world, name, colour, facing, height, ground, light)[index])
    return torch.cat(cells, dim=1)


def strip(world: World, name: str, height: int, ground: str, light: str, rate: float = 0.22) -> Tensor:
    """A row of 8 frames (h, w, 3) at 8 a second of a character that goes right, the camera with it."""
    shape = world.shapes[name]
    side = _side(height, shape)
    actor = Actor(name, "red", "large", "moving right", "plain", radius_of(height, shape) / side, 0.0, (0.0, 0.0))
    reach = rate / 0.15 / FPS  # radii a frame, for a radius in the middle of the range
    gait = Gait(a_second=(shape.gait.a_second / FPS + shape.gait.a_radius * reach) * FPS)
    lent = replace(world, shapes={name: replace(shape, gait=gait)})
    video = lent.render(Scene(ground, (actor,), light=light), 8, side, side, FPS)
    return torch.cat(list(video), dim=1)


def _beats(world: World, name: str, colour: str, motion: str, height: int, ground: str, light: str) -> Tensor:
    """Eight frames (8, s, s, 3) of one beat, on the spot."""
    shape = world.shapes[name]
    side = _side(height, shape)
    actor = Actor(name, colour, "large", motion, "plain", radius_of(height, shape) / side, 0.0, (0.0, 0.0))
    lent = replace(world, shapes={name: replace(shape, gait=Gait(a_second=1.0))})
    return lent.render(Scene(ground, (actor,), light=light), 8, side, side, FPS)


def radius_of(height: int, shape: Shape) -> float:
    """The radius in pixels of a character whose outline at rest is `height` pixels high."""
    line = torch.linspace(-1.6, 1.6, 321)
    rows = (shape.distance(line[None, :].expand(321, -1), line[:, None].expand(-1, 321)) < 0).any(dim=1)
    return height / (float(rows.sum()) * 0.01)


def _side(height: int, shape: Shape) -> int:
    return max(8, 2 * round(REACH * radius_of(height, shape)) + 2)


def stacked(rows: Sequence[Tensor], ground: Rgb) -> Tensor:
    """Rows of unlike sizes under each other (h, w, 3), the rest in the ground's colour."""
    width = max(row.shape[1] for row in rows)
    sheet = []
    for row in rows:
        padded = torch.tensor(ground, dtype=torch.uint8).repeat(row.shape[0], width, 1)
        padded[:, : row.shape[1]] = row
        sheet.append(padded)
    return torch.cat(sheet, dim=0)


def _enlarged(picture: Tensor, scale: int) -> Image.Image:
    image = Image.fromarray(picture.numpy())
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--characters", nargs="+", default=list(STAGE.shapes), choices=list(STAGE.shapes))
    parser.add_argument("--heights", nargs="+", type=int, default=[14, 20, 28], help="pixels")
    parser.add_argument("--grounds", nargs="+", default=["meadow", "deep", "sky"], choices=list(GROUNDS))
    parser.add_argument("--light", default="day", choices=list(STAGE.lights))
    parser.add_argument("--scale", type=int, default=6, help="how many times each pixel is enlarged")
    parser.add_argument("--steps", action="store_true", help="strips of motion instead of colours")
    parser.add_argument("--folder", type=Path, default=Path("outputs/stage_sheets"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
