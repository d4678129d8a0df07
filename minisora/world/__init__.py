"""The world: scenes as plain data, drawn, described, parsed and graded by code that knows the truth.

In: a random generator or a sentence. Out: clips uint8 (f, h, w, 3), captions, requests and grades.
Read `tables.py` first (what an entry is), then `shapes_world.py` (the first world), `render.py` and `grader/`.
"""

from minisora.world.request import ActorRequest, Caption, RelationRequest, SceneRequest, UnknownWord
from minisora.world.scene import Actor, Camera, Relation, Scene, Wall
from minisora.world.shapes_world import SHAPES
from minisora.world.tables import World
from minisora.world.worlds import CLASSROOM, STAGE, WORLDS, find_world

__all__ = [
    "CLASSROOM",
    "SHAPES",
    "STAGE",
    "WORLDS",
    "Actor",
    "ActorRequest",
    "Camera",
    "Caption",
    "Relation",
    "RelationRequest",
    "Scene",
    "SceneRequest",
    "UnknownWord",
    "Wall",
    "World",
    "find_world",
]
