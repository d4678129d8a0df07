"""The first world is what its checkpoints learned: its scenes and its sentences stay as they are, to the letter."""

import hashlib

import numpy as np

from minisora.world import SHAPES
from minisora.world.sampling import SPLITS

SCENES = 300
EXPECTED = "b531bff12100c381c63d731defa975ac0c3aadafa8eaadef0bf4a6792d846f28"


def test_scenes_and_captions_are_those_of_the_first_release() -> None:
    lines = []
    for seed in range(SCENES):
        rng = np.random.default_rng((seed, 31))
        scene = SHAPES.sample(rng, None, SPLITS[seed % 3], (1.0, 5 / 3, 0.6)[seed % 3])
        caption = SHAPES.write(scene, rng, short=(0.0, 1.0)[seed % 2], free=seed % 4 > 1)
        places = [f"{value:.4f}" for who in scene.actors for value in (*who.start, who.radius, who.rate, who.extent)]
        names = [scene.kind, scene.background, scene.texture, *(relation.name for relation in scene.relations)]
        lines.append(" ".join([*names, *places, caption.text]))
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == EXPECTED
