"""`LatentExplorer`: see the latents of a clip, push a channel, mix two clips, follow one patch through the model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import traitlets
from numpy.typing import NDArray
from torch import Tensor

from minisora.errors import SettingError
from minisora.models.autoencoder import TIME
from minisora.pipeline import TextToVideoPipeline
from minisora.pipeline.exploring import Patch, follow, mix, push, still_clip
from minisora.widgets.assets import script, style
from minisora.widgets.comparing import difference
from minisora.widgets.fields import read_seed
from minisora.widgets.heat import frame_of, frames_name
from minisora.widgets.latent_pictures import (
    INKS,
    channel_clips,
    palette,
    patch_picture,
    read_drawing,
    token_picture,
)
from minisora.widgets.maker import Action, Maker
from minisora.widgets.quick import Quick
from minisora.widgets.sheets import frame_png, pack_frames
from minisora.widgets.worker import Finished

__all__ = ["LatentExplorer"]

SLOTS = ("a", "b")
SCENE, SENTENCE, DRAWING = "a scene of the world", "a sentence", "a drawing"
EXAMPLES = ("a large red star staying still", "a small blue circle moving right")
FARTHEST = 4.0  # standard deviations that a channel can be pushed
START = {"mix": 0.0, "channel": 0, "push": 0.0, "only": False, "frame": 1, "row": 1, "column": 1}


@dataclass(frozen=True)
class Loaded:
    """A clip, its latents, and what it was asked for by."""

    frames: Tensor  # uint8 (f, h, w, 3)
    latents: Tensor  # (z, lh, lw, c)
    source: dict[str, Any]


@dataclass(frozen=True)
class Explored:
    """What the fields make of two clips.

    Attributes:
        latents: (z, lh, lw, c), mixed and pushed.
        frames: uint8 (f, h, w, 3), what they decode to.
        apart: mean difference to what decodes without the push, of 255.
        patch: the one that is followed.
        fields: what stood in the fields.
    """

    latents: Tensor
    frames: Tensor
    apart: float
    patch: Patch
    fields: dict[str, Any]


class LatentExplorer(Maker):
    """The explorer as a widget. `.explored` holds the latents, what they decode to and the patch that is followed."""

    _esm = script("explorer.js")
    _css = style("base.css", "player.css", "form.css", "compare.css", "attention.css", "explorer.css")

    about = traitlets.Dict().tag(sync=True)
    clips_shown: Any = traitlets.Dict().tag(sync=True)  # {"a", "b"}: {"picture", "sheet", "label"}
    result = traitlets.Dict().tag(sync=True)  # {"picture", "sheet", "channels", "line", "patch", "fields"}
    fps = traitlets.Float(8.0).tag(sync=True)
    shown = traitlets.Int(0).tag(sync=True)

    def __init__(self, pipe: TextToVideoPipeline, seed: int = 0, opening: bool = True) -> None:
        """Lay out the explorer.

        Args:
            pipe: whose latents these are.
            seed: of the first two scenes.
            opening: load two clips when it is shown, so that there is something to see at once.
        """
        settings, side = pipe.settings(), pipe.parts.denoiser.config.patch
        self._size = settings.num_frames, settings.height, settings.width
        blank = INKS[0] * (settings.height * settings.width)
        sources = {
            slot: {"kind": SCENE, "text": EXAMPLES[k], "seed": seed + k, "drawing": blank}
            for k, slot in enumerate(SLOTS)
        }
        z, lh, lw, c = pipe.autoencoder.latent_shape(*self._size)
        about = {
            "kinds": [SCENE, SENTENCE, DRAWING],
            "palette": [[name, "rgb({}, {}, {})".format(*rgb)] for name, rgb in palette(pipe.world)],
            "inks": INKS, "height": settings.height, "width": settings.width, "channels": c, "farthest": FARTHEST,
            "frames": [{"name": frames_name(k), "frame": frame_of(k)} for k in range(z)],
            "rows": lh // side, "columns": lw // side,
        }  # fmt: skip
        super().__init__(pipe, about=about, form={**sources, **START, "frame": min(1, z - 1)}, fps=settings.fps)
        self.opening = opening
        self._loaded: dict[str, Loaded] = {}
        self.explored: Explored | None = None
        self._quick = Quick(pipe, self._show, lambda line: self._say(line, trouble=True))

    def generate(self) -> bool:
        """Load the clips that the fields name, as far as they are not loaded yet.

        Returns:
            Whether it was begun; nothing happens while clips are being loaded.
        Raises:
            SettingError: a field holds nothing that can be loaded.
        """
        if self._worker.running:
            return False
        form = dict(self.form)
        self._check(form)
        wanted = [slot for slot in SLOTS if slot not in self._loaded or self._loaded[slot].source != form[slot]]
        calls = sum(form[slot]["kind"] == SENTENCE for slot in wanted)
        return self._begin(lambda pipe: self._load(pipe, form, wanted), max(1, calls), "Loading the clips")

    def explore(self, **fields: Any) -> None:
        """Mix, push and follow.

        Args:
            fields: any of mix (share of the second clip), channel, push (standard deviations), only (push in the
                followed patch alone), frame (latent), row and column of that patch.
        Raises:
            SettingError: there is no clip yet, or a field is out of range.
        """
        form = {**self.form, **fields}
        self._check(form)
        self.form = form
        if len(self._loaded) < len(SLOTS):
            raise SettingError("There are no clips yet. Press Load the clips first.")
        self._ask(form)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for what is being loaded and decoded.

        Args:
            seconds: at most so long for each; None is as long as it takes.
        Returns:
            Whether all is done.
        """
        return super().wait(seconds) and self._quick.wait(seconds)

    # --- what the page says -------------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Action]:
        return {"generate": lambda _: self.generate(), "explore": lambda _: self.explore()}

    def _check(self, form: dict[str, Any]) -> None:
        """Refuse what cannot be loaded or decoded."""
        counts = {"channel": self.about["channels"], "frame": len(self.about["frames"]), "row": self.about["rows"]}
        counts["column"] = self.about["columns"]
        for name, count in counts.items():
            if not isinstance(form[name], int) or not 0 <= form[name] < count:
                raise SettingError(f"{name}={form[name]!r}, but it goes from 0 to {count - 1}. Use {name}=0.")
        for name, least, most in (("mix", 0.0, 1.0), ("push", -FARTHEST, FARTHEST)):
            if not isinstance(form[name], int | float) or not least <= form[name] <= most:
                raise SettingError(f"{name}={form[name]!r}, but it goes from {least:g} to {most:g}. Use {name}=0.")
        for slot in SLOTS:
            read_seed(form[slot])
            if form[slot]["kind"] not in self.about["kinds"]:
                raise SettingError(f"{form[slot]['kind']!r} is nothing to load. Use {SCENE!r}.")

    # --- making -------------------------------------------------------------------------------------------------------

    def _load(self, pipe: TextToVideoPipeline, form: dict[str, Any], slots: list[str]) -> dict[str, Loaded]:
        """In the thread: one clip after the other, each with its latents."""
        loaded = dict(self._loaded)
        for slot in slots:
            frames = self._frames(pipe, form[slot])
            loaded[slot] = Loaded(frames, pipe.encode(frames[None])[0], dict(form[slot]))
        return loaded

    def _frames(self, pipe: TextToVideoPipeline, source: dict[str, Any]) -> Tensor:
        """uint8 (f, h, w, 3)."""
        frames, height, width = self._size
        if source["kind"] == SENTENCE:
            return pipe(source["text"], seed=source["seed"]).frames[0]
        if source["kind"] == DRAWING:
            return still_clip(read_drawing(pipe.world, source["drawing"], height, width), frames)
        rng = np.random.default_rng(source["seed"])
        scene = pipe.world.sample(rng, kind="one", aspect=width / height, seconds=frames / self.fps)
        return pipe.world.render(scene, frames, height, width, self.fps)

    def _finish(self, event: Finished) -> None:
        self._loaded = event.result
        with self._together():
            self.clips_shown = {slot: _packed(loaded) for slot, loaded in self._loaded.items()}
            self._end(f"Two clips in {event.seconds:.1f} s. Push a channel, mix them, or click a patch.")
        self._ask(dict(self.form))

    def _ask(self, form: dict[str, Any]) -> None:
        """Have the fields' latents decoded."""
        loaded = dict(self._loaded)
        fields = {name: form[name] for name in START}
        self._quick.ask(lambda pipe: _explore(pipe, loaded, fields))

    def _show(self, explored: Explored) -> None:
        """Called in the thread with what was decoded."""
        if self._closed:
            return
        self.explored = explored
        picture, sheet = pack_frames(explored.frames)
        channels = [pack_frames(clip) for clip in channel_clips(explored.latents)]
        with self._together():
            self.result = {
                "picture": picture,
                "sheet": sheet,
                "channels": [{"picture": each, "sheet": where} for each, where in channels],
                "line": _line(explored),
                "patch": _patch_pictures(explored),
                "fields": explored.fields,
            }
            self.shown += 1

    def _forget(self) -> None:
        self._quick.close()
        self._loaded, self.explored = {}, None
        self.clips_shown, self.result = {}, {}

    # --- without a kernel ---------------------------------------------------------------------------------------------

    def _still(self) -> tuple[Any, str]:
        """What the latents decode to; two first clips are loaded where there are none yet."""
        if not self._loaded:
            self._open(self.generate)
        if self.explored is None:
            return None, "minisora latents: press Load the clips (needs a running kernel)"
        return self.explored.frames, f"minisora latents, decoded. {_line(self.explored)}"


@torch.inference_mode()
def _explore(pipe: TextToVideoPipeline, loaded: dict[str, Loaded], fields: dict[str, Any]) -> Explored:
    """In the thread: mix, push, decode, follow."""
    side = pipe.parts.denoiser.config.patch
    patch = fields["row"], fields["column"]
    mixed = mix(loaded["a"].latents, loaded["b"].latents, fields["mix"])
    latents = push(mixed, fields["channel"], fields["push"], patch if fields["only"] else None, side)
    frames = pipe.decode(latents[None])[0]
    before = frames if fields["push"] == 0 else pipe.decode(mixed[None])[0]
    source = loaded["b" if fields["mix"] > 0.5 else "a"].frames
    followed = follow(pipe, source, latents, fields["frame"], patch, frames)
    return Explored(latents, frames, float(difference(frames, before).mean()), followed, fields)


def _line(explored: Explored) -> str:
    """What was done, in words."""
    fields = explored.fields
    where = "in the chosen patch" if fields["only"] else "everywhere"
    mixed = f"{1 - fields['mix']:.0%} of clip A and {fields['mix']:.0%} of clip B"
    if fields["push"] == 0:
        return f"{mixed}."
    return (
        f"{mixed}; channel {fields['channel'] + 1} pushed by {fields['push']:+.1f} {where}, which moves the pixels by "
        f"{explored.apart:.1f} of 255 on average."
    )


def _patch_pictures(explored: Explored) -> dict[str, Any]:
    """The stations of the patch as pictures, and how much is lost between them."""
    patch, fields = explored.patch, explored.fields
    middle = 0 if fields["frame"] == 0 else TIME // 2
    lost = (patch.latent - patch.latent_back).abs().mean()
    apart = (patch.pixels.float() - patch.pixels_back.float()).abs().mean()
    stations: list[tuple[str, str, NDArray[np.uint8]]] = [
        ("pixels", f"{patch.pixels.shape[1]}×{patch.pixels.shape[2]}, {frames_name(fields['frame'])}",
         patch.pixels[middle].numpy()),
        ("latent", f"{patch.latent.shape[0]}×{patch.latent.shape[1]} places, {patch.latent.shape[2]} channels",
         patch_picture(patch.latent)),
        ("token", f"{len(patch.token)} numbers", token_picture(patch.token)),
        ("latent again", f"{float(lost):.3f} off on average", patch_picture(patch.latent_back)),
        ("pixels again", f"{float(apart):.1f} of 255 off on average", patch.pixels_back[middle].numpy()),
    ]  # fmt: skip
    return {
        "where": f"row {fields['row'] + 1}, column {fields['column'] + 1} of {frames_name(fields['frame'])}",
        "stations": [
            {
                "name": name,
                "note": note,
                "picture": frame_png(picture),
                "height": len(picture),
                "width": len(picture[0]),
            }
            for name, note, picture in stations
        ],
    }


def _packed(loaded: Loaded) -> dict[str, Any]:
    picture, sheet = pack_frames(loaded.frames)
    source = loaded.source
    words = source["text"] if source["kind"] == SENTENCE else source["kind"]
    return {"picture": picture, "sheet": sheet, "label": words}
