"""The fixed prompts mean something, and every builder has its card and its sample."""

from pathlib import Path

import pytest

from minisora.data import BUILDERS, read_video
from minisora.world import SHAPES, STAGE

DATA = Path(__file__).parents[2] / "data"
ACTORS = {"one": 1, "two": 2, "three": 3, "relation": 2, "unseen": 1, "free": 1}


@pytest.mark.parametrize("path", sorted((DATA / "prompts").glob("*.txt")), ids=lambda path: path.stem)
def test_prompts_are_understood(path: Path) -> None:
    prompts = path.read_text(encoding="utf-8").splitlines()
    assert len(set(prompts)) == 16
    world = STAGE if path.stem == "stage" else SHAPES
    for prompt in prompts:
        request = world.parse(prompt)
        assert not request.unknown, prompt
        if world is STAGE:
            continue
        assert len(request.actors) == ACTORS.get(path.stem, len(request.actors)), prompt
        assert bool(request.relations) == (path.stem == "relation"), prompt
        assert bool(request.behind_wall) == (path.stem == "wall"), prompt
        if path.stem == "camera":
            assert request.camera not in (None, SHAPES.still_camera), prompt
        if path.stem == "unseen":
            (actor,) = request.actors
            assert SHAPES.is_unseen(actor.colour or "", actor.shape or "", actor.motion or ""), prompt


@pytest.mark.parametrize("builder", [*BUILDERS, "video_folder"])
def test_every_builder_has_a_card(builder: str) -> None:
    card = (DATA / builder / "README.md").read_text(encoding="utf-8")
    assert card.startswith(f"# {builder}\n")
    assert "minisora dataset" in card
    assert "**Licence**" in card


def test_samples_move() -> None:
    for path in {*(DATA / "samples").glob("*.gif")} - {DATA / "samples" / "studio.gif"}:  # a recording, not a clip
        frames, fps = read_video(path)
        assert len(frames) == 17
        assert fps == 8
        assert (frames[0] != frames[-1]).any()
