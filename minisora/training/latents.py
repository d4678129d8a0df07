"""Latents that are encoded once and kept: rendering and encoding cost more than a training step on them.

A folder holds `latents.npy` (n, z, lh, lw, c) in half precision, `covers.npy` (n, 3, z, lh, lw) as bytes (how much of
each place each actor fills: where the loss counts more), `layouts.npy` (n, z, 4, k) in half precision (where each actor
is), `scenes.jsonl` and `latents.json` (what it is, and how many clips are done, so that an interrupted encoding goes on
where it stopped). A layout costs a hundredth of its clip, so many more scenes can be kept as layouts alone.
"""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from einops import reduce
from numpy.lib.format import open_memmap
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Subset, get_worker_info

from minisora.data.buckets import Bucket
from minisora.data.folder import video_folder
from minisora.data.schema import decode_row
from minisora.errors import DataError, SettingError
from minisora.models.autoencoder import SPACE, TIME, VideoAutoencoder
from minisora.training.autoencoder_module import to_floats
from minisora.world import Caption, Scene, SceneRequest, World
from minisora.world.layout import ACTOR_ROWS, LAYOUT_ROWS, layout_channels, layout_of
from minisora.world.render import render_layers
from minisora.world.sampling import choose
from minisora.world.tables import CLEARANCE

CROWDED = 0.55  # least distance of two middles in crowded scenes, in sums of radii
LEAST_SECONDS = 2.0  # in which a scene can be read; a shorter clip is the beginning of one
LATE = (0.25, 2.5)  # seconds into a scene at which late clips start
CLIP_STREAM = 0  # keeps these random numbers apart from those of captions and of the evaluation
START_STREAM = 10  # and these from those of the clips' scenes


@dataclass(frozen=True)
class ClipPlan:
    """Which clips are rendered for a training.

    Attributes:
        num_clips: how many.
        num_frames, height, width, fps: their shape.
        seed: clip k depends on (seed, k) alone.
        later: share of clips that start some seconds into the scene, so that extending a clip is learned too.
        kinds: relative frequencies of the kinds of scene, None for the world's own.
        late: all clips start some moments into a scene of any kind, longer than a clip. What is said may have happened
            by then (something has fallen, someone has left), so they are learned with some of their frames given only.
        starts: clips that are cut from one late scene, each from another moment on: a scene costs more than its layout.
        crowded: share of scenes in which actors may come so near to each other that they overlap. No scene that is
            asked for or graded has that; layouts that a model draws do, and it must have learned to paint them.
    """

    num_clips: int = 24_000
    num_frames: int = 17
    height: int = 64
    width: int = 64
    fps: float = 8.0
    seed: int = 0
    later: float = 0.12
    kinds: dict[str, float] | None = None
    crowded: float = 0.0
    late: bool = False
    starts: int = 1

    def __post_init__(self) -> None:
        """Check the number of clips of a scene."""
        if self.starts < 1 or (self.starts > 1 and not self.late):
            raise SettingError(
                f"starts={self.starts}, late={self.late}, but only a late scene gives several clips. Use starts=1."
            )


@dataclass(frozen=True)
class KeptClip:
    """What is known of a clip before it is encoded.

    Attributes:
        video: uint8 (f, h, w, 3).
        covers: uint8 (3, z, lh, lw), how much of each latent place each actor fills.
        layout: (z, 4, k), or an empty one (0,) where nobody knows it.
        line: the scene, or the caption, as JSON.
    """

    video: Tensor
    covers: Tensor
    layout: Tensor
    line: str


class PlannedClips(Dataset[KeptClip]):
    """Clips of random scenes.

    Args:
        world: where scenes come from.
        plan: which clips.
    """

    def __init__(self, world: World, plan: ClipPlan) -> None:
        self.world, self.plan = world, plan
        self.shape, self.fps = (plan.num_frames, plan.height, plan.width), plan.fps
        self.about = {"world": world.name, **asdict(plan)}

    def __len__(self) -> int:
        return self.plan.num_clips

    def __getitem__(self, index: int) -> KeptClip:
        plan = self.plan
        scene, start = self.scene(index)
        layers = render_layers(self.world, scene, plan.num_frames, plan.height, plan.width, plan.fps, start)
        return KeptClip(layers.compose(), _covers(layers.visible()), self.layout(scene, start), scene.to_json())

    def layout(self, scene: Scene, start: float) -> Tensor:
        """The layout (z, 4, k) of a scene from a moment on, in the scene's own order of actors."""
        return layout_of(self.world, scene, self.plan.num_frames, self.plan.fps, start)

    def scene(self, index: int) -> tuple[Scene, float]:
        """The scene of clip k, and the second at which the clip starts."""
        plan = self.plan
        rng = np.random.default_rng([plan.seed, CLIP_STREAM, index // plan.starts])
        kind = choose(rng, plan.kinds or self.world.kinds)
        near = plan.crowded and rng.random() < plan.crowded
        clearance = float(rng.uniform(CROWDED, CLEARANCE)) if near else CLEARANCE
        before = float(rng.uniform(*LATE)) if plan.late else 0.0
        seconds = before + max((plan.num_frames - 1) / plan.fps, LEAST_SECONDS)
        scene = self.world.sample(rng, kind, aspect=plan.width / plan.height, seconds=seconds, clearance=clearance)
        if plan.late:
            return scene, self._moment(index, before)
        start = float(rng.uniform(0.5, 8.0)) if rng.random() < plan.later and _lasts(self.world, scene) else 0.0
        return scene, start

    def _moment(self, index: int, last: float) -> float:
        """When clip k of a late scene starts: the first one at the last moment that the scene has room for."""
        number = index % self.plan.starts
        if number == 0:
            return last
        rng = np.random.default_rng([self.plan.seed, START_STREAM, index])
        return float(rng.uniform(LATE[0], last))


class UserClips(Dataset[KeptClip]):
    """Clips of a user's folder with their captions, in the form of `PlannedClips`; nobody knows their actors.

    Args:
        folder: clips with `metadata.csv` or `metadata.jsonl`; broken ones and those without a caption are skipped.
        bucket: the shape to which clips are brought.
        fps: frames per second.
        windows: how many clips are at most taken from one file.
    """

    def __init__(self, folder: Path, bucket: Bucket, fps: float = 8.0, windows: int = 8) -> None:
        self.rows = list(video_folder(folder, [bucket], fps, windows))
        self.shape, self.fps = (bucket.num_frames, bucket.height, bucket.width), fps
        self.about = {"clips": str(folder), "shape": list(self.shape), "fps": fps, "count": len(self.rows)}

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> KeptClip:
        clip = decode_row(self.rows[index])
        video = torch.from_numpy(np.array(clip.frames))
        covers = _covers(torch.zeros(0, *video.shape[:3]))
        return KeptClip(video, covers, torch.zeros(0), json.dumps({"caption": clip.caption}))


def _lasts(world: World, scene: Scene) -> bool:
    """Whether the scene goes on for ever: nothing leaves, and nothing that is said happens only at the start."""
    stays = all(world.motions[actor.motion].stays for actor in scene.actors)
    return stays and scene.wall is None and scene.camera.rate == 0 and not scene.relations


def _covers(visible: Tensor) -> Tensor:
    """(n, f, h, w) in 0…1 → bytes (3, z, lh, lw): mean cover of each latent place, absent actors 0."""
    first = visible[:, :1].expand(-1, TIME - 1, -1, -1)
    whole = torch.cat([first, visible], dim=1)  # (n, 4z, h, w)
    pooled = reduce(whole, "n (z g) (h i) (w j) -> n z h w", "mean", g=TIME, i=SPACE, j=SPACE)
    covers = torch.zeros(ACTOR_ROWS, *pooled.shape[1:], dtype=torch.uint8)
    covers[: len(pooled)] = (pooled * 255).round().to(torch.uint8)
    return covers


def encode_clips(
    folder: Path,
    clips: PlannedClips | UserClips,
    autoencoder: VideoAutoencoder,
    batch_size: int = 64,
    num_workers: int = 1,
) -> "LatentFolder":
    """Encode clips into a folder; goes on where an earlier call was interrupted.

    Args:
        folder: made if it is not there.
        clips: what is encoded.
        autoencoder: what encodes it.
        batch_size: clips at once.
        num_workers: processes that render.
    Raises:
        DataError: the folder holds latents of other clips or of another autoencoder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    meta = {"clips": clips.about, "fps": clips.fps, "autoencoder": _fingerprint(autoencoder)}
    done = _done(folder, meta)
    shape = autoencoder.latent_shape(*clips.shape)
    mode = "r+" if done else "w+"
    latents = open_memmap(folder / "latents.npy", mode, np.float16, (len(clips), *shape))
    numbers = layout_channels(clips.world) if isinstance(clips, PlannedClips) else 0
    layouts = open_memmap(folder / "layouts.npy", mode, np.float16, (len(clips), shape[0], LAYOUT_ROWS, numbers))
    covers = open_memmap(folder / "covers.npy", mode, np.uint8, (len(clips), ACTOR_ROWS, *shape[:3]))
    _keep_lines(folder / "scenes.jsonl", done)
    rest = Subset(clips, range(done, len(clips)))
    for batch in DataLoader(rest, batch_size, num_workers=num_workers, collate_fn=_stack):
        stop = done + len(batch.lines)
        latents[done:stop] = _encode(autoencoder, batch.videos)
        covers[done:stop] = batch.covers.numpy()
        if numbers:
            layouts[done:stop] = batch.layouts.numpy()
        with (folder / "scenes.jsonl").open("a") as file:
            file.writelines(line + "\n" for line in batch.lines)
        done = stop
        if done % (batch_size * 8) < batch_size or done == len(clips):
            latents.flush()
            covers.flush()
            layouts.flush()
            _write_json(folder / "latents.json", {**meta, "done": done})
            print(f"encoded {done} of {len(clips)} clips", flush=True)
    return LatentFolder(folder)


class _Clips(NamedTuple):
    """Several `KeptClip`s as one tensor of each kind: a tensor that changes processes takes an open file."""

    videos: Tensor
    covers: Tensor
    layouts: Tensor
    lines: list[str]


def _stack(clips: list[KeptClip]) -> _Clips:
    return _Clips(
        videos=torch.stack([clip.video for clip in clips]),
        covers=torch.stack([clip.covers for clip in clips]),
        layouts=torch.stack([clip.layout for clip in clips]),
        lines=[clip.line for clip in clips],
    )


@torch.inference_mode()
def _encode(autoencoder: VideoAutoencoder, videos: Tensor) -> np.ndarray:
    pixels = to_floats(videos.to(next(autoencoder.parameters()).device))
    return autoencoder.encode(pixels).half().cpu().numpy()


def _fingerprint(autoencoder: VideoAutoencoder) -> float:
    """A number that differs between encoders; latents stay good when the decoder alone is trained further."""
    halves = (autoencoder.read, autoencoder.encode_half, autoencoder.down, autoencoder.encode_quarter)
    parts: list[Tensor] = [*(p for half in halves for p in half.parameters()), *autoencoder.to_latent.parameters()]
    parts += [autoencoder.latent_mean, autoencoder.latent_std]
    return round(float(sum(p.detach().cpu().double().abs().sum() for p in parts)), 3)


def keep_layouts(folder: Path, clips: PlannedClips, num_workers: int = 1) -> "LayoutFolder":
    """Write down scenes and their layouts without drawing them; an interrupted call begins again.

    Args:
        folder: made if it is not there; what it holds is kept if it is the same.
        clips: whose layouts.
        num_workers: processes that think of scenes.
    Raises:
        DataError: the folder holds layouts of other scenes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if _done(folder, {"clips": clips.about}, "layouts.json"):
        return LayoutFolder(folder)
    shape = (len(clips), 1 + clips.plan.num_frames // TIME, LAYOUT_ROWS, layout_channels(clips.world))
    layouts = open_memmap(folder / "layouts.npy", "w+", np.float16, shape)
    rows = DataLoader(_Layouts(clips), 256, num_workers=num_workers)
    with (folder / "scenes.jsonl").open("w") as file:
        for number, (some, lines) in enumerate(rows):
            first = 256 * number
            layouts[first : first + len(some)] = some.numpy()
            file.writelines(line + "\n" for line in lines)
    layouts.flush()
    _write_json(folder / "layouts.json", {"clips": clips.about, "done": len(clips)})
    return LayoutFolder(folder)


class _Layouts(Dataset[tuple[Tensor, str]]):
    """Layout k and its scene."""

    def __init__(self, clips: PlannedClips) -> None:
        self.clips = clips

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: int) -> tuple[Tensor, str]:
        scene, start = self.clips.scene(index)
        return self.clips.layout(scene, start), scene.to_json()


def _done(folder: Path, meta: dict[str, Any], name: str = "latents.json") -> int:
    file = folder / name
    if not file.exists():
        return 0
    kept = json.loads(file.read_text())
    done = int(kept.pop("done"))
    if kept != json.loads(json.dumps(meta)):
        raise DataError(
            f"{folder} holds other clips, or latents of another autoencoder. Name another folder or remove it."
        )
    return done


def _keep_lines(path: Path, count: int) -> None:
    """Cut a file of lines to its first `count`: what was written after the last count was saved is made again."""
    lines = path.read_text().splitlines(keepends=True)[:count] if count else []
    path.write_text("".join(lines))


def _write_json(path: Path, data: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data))
    part.replace(path)


class LatentFolder:
    """Kept latents, read through memory maps.

    Attributes:
        latents: (n, z, lh, lw, c), half precision.
        covers: (n, 3, z, lh, lw), bytes.
        layouts: (n, z, 4, k), half precision; k is 0 where nobody knows the layouts.
        scenes: n scenes, or captions where no scene is known.
        fps: frames per second of the clips.
        world: name of the world that the scenes are of, None for a user's own clips.
        late: whether they are `ClipPlan.late`.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "latents.json").exists():
            raise DataError(f"{folder} holds no latents. Make them with `minisora train latents`.")
        meta = json.loads((folder / "latents.json").read_text())
        self.folder, self.fps, count = folder, float(meta["fps"]), int(meta["done"])
        self.world, self.late = meta["clips"].get("world"), bool(meta["clips"].get("late"))
        self.latents = np.load(folder / "latents.npy", mmap_mode="r")[:count]
        self.covers = np.load(folder / "covers.npy", mmap_mode="r")[:count]
        if not (folder / "layouts.npy").exists():
            raise DataError(f"{folder} was written before layouts were kept. Remove it, and make it anew.")
        self.layouts = np.load(folder / "layouts.npy", mmap_mode="r")[:count]
        self.scenes = _read_scenes(folder, count)

    def __len__(self) -> int:
        return len(self.scenes)


class LayoutFolder:
    """Kept layouts without clips.

    Attributes:
        layouts: (n, z, 4, k), half precision.
        scenes: n scenes.
        fps: frames per second that the layouts are of.
        aspect: width over height of their frame.
        world: name of the world that they are of.
        late: whether they are `ClipPlan.late`.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "layouts.json").exists():
            raise DataError(f"{folder} holds no layouts. Make them with `minisora train layouts`.")
        meta = json.loads((folder / "layouts.json").read_text())
        clips = meta["clips"]
        self.folder, self.world, count = folder, clips["world"], int(meta["done"])
        self.fps, self.aspect = float(clips["fps"]), clips["width"] / clips["height"]
        self.late = bool(clips.get("late"))
        self.layouts = np.load(folder / "layouts.npy", mmap_mode="r")[:count]
        self.scenes = _read_scenes(folder, count)

    def __len__(self) -> int:
        return len(self.scenes)


def _read_scenes(folder: Path, count: int) -> "list[Scene | str]":
    with (folder / "scenes.jsonl").open() as file:
        return [_scene_or_caption(line) for _, line in zip(range(count), file, strict=False)]


def _scene_or_caption(line: str) -> Scene | str:
    data = json.loads(line)
    return str(data["caption"]) if "caption" in data else Scene.from_json(line)


@dataclass(frozen=True)
class LayoutBatch:
    """Scenes that are learned from their layouts alone.

    Attributes:
        layouts: (b, z, 4, k), actors in the order of mention.
        captions: b sentences.
        fps: (b,).
        aspect: (b,), width over height of the frame.
        late: bool (b,), to be learned with some frames given only.
        tokens: (b, l) of the captions, None where nobody has cut them into tokens yet.
    """

    TENSORS: ClassVar = ("layouts", "fps", "aspect", "late", "tokens")

    layouts: Tensor
    captions: list[str]
    fps: Tensor
    aspect: Tensor
    late: Tensor
    tokens: Tensor | None = None

    def rows(self, index: Tensor) -> "LayoutBatch":
        """Some of the scenes, in the order of `index` (n,)."""
        index = index.to(self.layouts.device)
        captions = [self.captions[k] for k in index.tolist()]
        return replace(self, captions=captions, **_each(self, lambda tensor: tensor[index]))

    def to(self, device: torch.device) -> "LayoutBatch":
        """The same on another device."""
        return replace(self, **_each(self, lambda tensor: tensor.to(device)))


@dataclass(frozen=True)
class LatentBatch:
    """What a training step of the denoiser reads.

    Attributes:
        latents: (b, z, lh, lw, c), standardised.
        captions: b sentences.
        covers: (b, 3, z, lh, lw), 0…1.
        layouts: (b, z, 4, k), actors in the order of mention; None where nobody knows them.
        fps: (b,).
        step: number of the batch, from which noise follows.
        late: whether they are to be learned with some frames given only.
        scenes: further scenes without pixels, None for none.
        tokens: (b, l) of the captions, None where nobody has cut them into tokens yet.
    """

    TENSORS: ClassVar = ("latents", "covers", "layouts", "fps", "tokens")

    latents: Tensor
    captions: list[str]
    covers: Tensor
    layouts: Tensor | None
    fps: Tensor
    step: int
    late: bool = False
    scenes: LayoutBatch | None = None
    tokens: Tensor | None = None

    def to(self, device: torch.device) -> "LatentBatch":
        """The same on another device."""
        moved = _each(self, lambda tensor: tensor.to(device))
        return replace(self, scenes=self.scenes and self.scenes.to(device), **moved)


def _each(batch: LatentBatch | LayoutBatch, change: Callable[[Tensor], Tensor]) -> dict[str, Any]:
    """The tensors that a batch has, changed."""
    tensors = {name: getattr(batch, name) for name in batch.TENSORS}
    return {name: change(tensor) for name, tensor in tensors.items() if tensor is not None}


class LatentBatches(torch.utils.data.IterableDataset[LatentBatch]):
    """Endless batches from kept latents, each with new captions; batch k depends on (seed, k) alone.

    Args:
        world: how scenes are described.
        folders: kept latents, each of one shape: a batch has one shape.
        batch_size: clips a batch.
        seed: of choices and words.
        lengths: share of batches with a given number of latent frames (causal: the first z of a clip are a clip).
        short: share of captions that leave attributes out.
        start: number of the first batch, for a resumed run.
        kinds: relative frequencies of the kinds of scene, None for all clips alike.
        scenes: layouts without clips, of some rates and forms; each batch gets `num_scenes` of them all.
        num_scenes: how many.
        scene_kinds: as `kinds`, for those.
        tokenize: cuts captions into tokens (b, l); None leaves that to the training step, which then waits for it.
    """

    def __init__(
        self,
        world: World,
        folders: list[LatentFolder],
        batch_size: int,
        seed: int = 0,
        lengths: dict[int, float] | None = None,
        short: float = 0.1,
        start: int = 0,
        kinds: dict[str, float] | None = None,
        scenes: Sequence[LayoutFolder] = (),
        num_scenes: int = 0,
        scene_kinds: dict[str, float] | None = None,
        tokenize: Callable[[Sequence[str]], Tensor | None] | None = None,
    ) -> None:
        self.tokenize = tokenize or _not_yet
        self.world, self.folders, self.batch_size, self.seed = world, folders, batch_size, seed
        self.lengths, self.short, self.start = lengths or {0: 1.0}, short, start
        self.weights = [_weights(folder.scenes, kinds) for folder in folders]
        self.scenes, self.num_scenes = list(scenes), num_scenes
        self.scene_weights = [_weights(folder.scenes, scene_kinds) for folder in self.scenes]

    def __iter__(self) -> Iterator[LatentBatch]:
        """Batches in order, which several workers make in turns."""
        worker = get_worker_info()
        first, stride = (0, 1) if worker is None else (worker.id, worker.num_workers)
        for step in itertools.count(self.start + first, stride):
            yield self.batch(step)

    def batch(self, step: int) -> LatentBatch:
        """Batch number `step`."""
        rng = np.random.default_rng([self.seed, CLIP_STREAM + 1, step])
        sizes = np.array([len(folder) for folder in self.folders], dtype=np.float64)
        which = int(rng.choice(len(sizes), p=sizes / sizes.sum()))
        folder, weights = self.folders[which], self.weights[which]
        picks = np.sort(rng.choice(len(folder), size=self.batch_size, p=weights))
        z = self._length(rng, folder.latents.shape[1])
        captions = [self._caption(folder.scenes[pick], rng) for pick in picks]
        known = folder.layouts.shape[-1] > 0
        texts = [caption.text for caption in captions]
        return LatentBatch(
            latents=torch.from_numpy(folder.latents[picks][:, :z]).float(),
            captions=texts,
            tokens=self.tokenize(texts),
            covers=torch.from_numpy(folder.covers[picks][:, :, :z]).float() / 255,
            layouts=_in_order(folder.layouts[picks][:, :z], captions) if known else None,
            fps=torch.full((len(picks),), folder.fps),
            step=step,
            late=folder.late,
            scenes=self._more_scenes(rng, z),
        )

    def _more_scenes(self, rng: np.random.Generator, z: int) -> LayoutBatch | None:
        if not self.scenes or not self.num_scenes:
            return None
        sizes = np.array([len(folder) for folder in self.scenes], dtype=np.float64)
        z = min(z, *(folder.layouts.shape[1] for folder in self.scenes))
        parts = zip(self.scenes, self.scene_weights, rng.multinomial(self.num_scenes, sizes / sizes.sum()), strict=True)
        picked = [self._scenes_of(folder, weights, int(many), rng, z) for folder, weights, many in parts if many]
        captions = [caption for part in picked for caption in part.captions]
        names = [name for name in LayoutBatch.TENSORS if name != "tokens"]
        tensors = {name: torch.cat([getattr(part, name) for part in picked]) for name in names}
        return LayoutBatch(captions=captions, tokens=self.tokenize(captions), **tensors)

    def _scenes_of(
        self, folder: LayoutFolder, weights: np.ndarray | None, many: int, rng: np.random.Generator, z: int
    ) -> LayoutBatch:
        """Some scenes of one rate and form."""
        picks = np.sort(rng.choice(len(folder), size=many, p=weights))
        captions = [self._caption(folder.scenes[pick], rng) for pick in picks]
        return LayoutBatch(
            layouts=_in_order(folder.layouts[picks][:, :z], captions),
            captions=[caption.text for caption in captions],
            fps=torch.full((many,), folder.fps),
            aspect=torch.full((many,), folder.aspect),
            late=torch.full((many,), folder.late),
        )

    def _length(self, rng: np.random.Generator, longest: int) -> int:
        choice = int(
            rng.choice(list(self.lengths), p=np.array(list(self.lengths.values())) / sum(self.lengths.values()))
        )
        return min(choice, longest) or longest

    def _caption(self, scene: Scene | str, rng: np.random.Generator) -> Caption:
        if isinstance(scene, str):
            return Caption(scene, SceneRequest(), ())
        return self.world.write(scene, rng, short=self.short)


def _not_yet(captions: Sequence[str]) -> Tensor | None:
    """No tokens."""
    return None


def _in_order(layouts: np.ndarray, captions: list[Caption]) -> Tensor:
    """Layouts (b, z, 4, k) in float32, the actors' rows in the order of mention."""
    order = torch.tensor([_full_order(caption.order) for caption in captions])  # (b, 3)
    order = torch.cat([order, torch.full((len(order), 1), ACTOR_ROWS)], dim=1)  # (b, 4); the scene stays the last
    index = order[:, None, :, None].expand(layouts.shape)
    return torch.from_numpy(layouts).float().gather(2, index)


def _full_order(order: tuple[int, ...]) -> list[int]:
    """The mentioned actors' scene indices, then the unused ones."""
    return [*order, *(index for index in range(ACTOR_ROWS) if index not in order)]


def _weights(scenes: "list[Scene | str]", kinds: dict[str, float] | None) -> np.ndarray | None:
    if kinds is None:
        return None
    names = ["" if isinstance(scene, str) else scene.kind for scene in scenes]
    counts = Counter(names)
    weights = np.array([kinds.get(name, 0.0) / counts[name] for name in names])
    shares: np.ndarray = weights / weights.sum()
    return shares
