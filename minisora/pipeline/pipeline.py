"""From a sentence to frames: `TextToVideoPipeline`.

    pipe = TextToVideoPipeline.from_pretrained("nano")
    clip = pipe("a small red circle moving right", seed=0)
    clip.save("first.mp4", scale=8)

`pipe.stream(…)` is the same as a loop over steps; `pipe.stream(…).save("long.mp4")` writes a long clip as it is made.
The names are those of the field (diffusers).
"""

import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Self

import torch
from torch import Tensor, nn

from minisora.errors import PromptError, SettingError, WeightsError, nearest_name
from minisora.guards.card import check_card, chosen_card, write_card
from minisora.guards.policy import PromptPolicy, read_policy
from minisora.models.storage import Parts, checkpoint_hash, load_parts, save_parts
from minisora.models.text_encoder import TextStates
from minisora.models.transformer import Noisy
from minisora.pipeline import verbs
from minisora.pipeline.canvas import make_canvas
from minisora.pipeline.clips import Clips, joined
from minisora.pipeline.conditions import Condition
from minisora.pipeline.devices import choose_device, choose_dtype
from minisora.pipeline.given import whole
from minisora.pipeline.layouts import KeptLayout
from minisora.pipeline.prompts import Prompt, check_prompts, expand, read_prompts, warn_of_unknown
from minisora.pipeline.sampling import Order, Sampling
from minisora.pipeline.settings import Settings, check_memory, make_settings, pixels_of_a_patch
from minisora.pipeline.settling import Paint
from minisora.world import SHAPES
from minisora.world.worlds import WORLDS

__all__ = ["TextToVideoPipeline"]

ROWS_AT_ONCE = 32  # of a batch, so that a hundred prompts need no more memory than these
Callback = Callable[["TextToVideoPipeline", int, float, dict[str, Tensor]], object]
Seed = int | Sequence[int]
Policy = PromptPolicy | str | os.PathLike[str] | None


class TextToVideoPipeline:
    """A trained model, ready to be called with a sentence."""

    def __init__(
        self,
        parts: Parts,
        device: str = "auto",
        dtype: str | torch.dtype = "auto",
        policy: Policy = "default",
    ) -> None:
        """Put the networks where they run.

        Args:
            parts: autoencoder, text encoder and denoiser; any of them may be your own.
            device: "auto" (CUDA, MPS or the processor), or a name that torch knows.
            dtype: in which the denoiser computes: "auto", "float32" or "bfloat16"; its weights stay in float32.
            policy: rules for every sentence, see `minisora.guards.policy`: the shipped ones, a YAML, or None for none.
        Raises:
            SettingError: the device or the type cannot be had here, or the policy cannot be read.
            WeightsError: the checkpoint is of a world that this version does not know.
        """
        self.parts = parts
        self.device = choose_device(device)
        self.dtype = choose_dtype(dtype, self.device)
        self.policy = read_policy(policy)
        name = parts.config.get("world", SHAPES.name)
        if name not in WORLDS:
            raise WeightsError(f"The checkpoint is of the world {name!r}; known: {', '.join(WORLDS)}. Update minisora.")
        self.world = WORLDS[name]
        self.lock = threading.Lock()  # for whoever generates in a thread: held while the networks are in use
        for network in (parts.autoencoder, parts.text_encoder, parts.denoiser):
            if isinstance(network, nn.Module):
                network.to(self.device).eval()

    @classmethod
    def from_pretrained(
        cls,
        name: str | os.PathLike[str] = "nano",
        device: str = "auto",
        dtype: str | torch.dtype = "auto",
        denoiser: nn.Module | None = None,
        policy: Policy = "default",
    ) -> Self:
        """Load a checkpoint.

        Args:
            name: a shipped name ("nano"), a folder, or a hub id ("owner/name").
            device: see above.
            dtype: see above.
            denoiser: your own in place of the checkpoint's, called as `denoiser(noisy, time, text, fps=…)`.
            policy: see above.
        Returns:
            A pipeline.
        Raises:
            WeightsError: the checkpoint is missing, truncated, changed or pickled.
        """
        parts = load_parts(name)
        if denoiser is not None:
            parts = replace(parts, denoiser=denoiser)  # type: ignore[arg-type]
        return cls(parts, device, dtype, policy)

    def save_pretrained(self, folder: str | os.PathLike[str], card: str | os.PathLike[str] | None = None) -> None:
        """Release the checkpoint in use, for `from_pretrained(folder)`. A training saves its own, which are no release.

        Args:
            folder: made if it is not there.
            card: the model card, a file or its text; None takes the `README.md` that lies in `folder`.
        Raises:
            ReleaseError: there is no card, or it lacks data, scores, limits or licence; nothing is written then.
            OutputError: the folder cannot be written.
        """
        text = self._checked_card(card, folder)
        save_parts(folder, self.parts, name=self._name, world=self.world.name)
        write_card(folder, text)

    def push_to_hub(
        self, name: str, card: str | os.PathLike[str] | None = None, private: bool = True, revision: str | None = None
    ) -> str:
        """Release the checkpoint in use on the Hugging Face hub, with the login that its own tools keep.

        Args:
            name: "owner/name"; made if it is not there.
            card: the model card, a file or its text.
            private: whether a new repository is seen by its owner alone.
            revision: a branch; None for the main one.
        Returns:
            The address.
        Raises:
            ReleaseError: there is no card, or it lacks a section; nothing is sent then.
        """
        from huggingface_hub import HfApi

        self._checked_card(card)
        with tempfile.TemporaryDirectory() as folder:
            self.save_pretrained(folder, card)
            hub = HfApi()
            address = hub.create_repo(name, private=private, exist_ok=True)
            hub.upload_folder(repo_id=name, folder_path=folder, revision=revision)
        return str(address)

    def _checked_card(self, card: str | os.PathLike[str] | None, *folders: str | os.PathLike[str]) -> str:
        """The text of a card that the gate lets pass."""
        text = chosen_card(card, *folders)
        check_card(text, self._name)
        return text or ""

    @property
    def _name(self) -> str:
        return str(self.parts.config.get("name", "mine"))

    def check_words(self, texts: Sequence[str]) -> None:
        """Refuse sentences that the policy refuses, before any work is done for them.

        Args:
            texts: as they were typed.
        Raises:
            PolicyError: one breaks a rule; the message says which, and what is allowed.
        """
        if self.policy is not None:
            self.policy.check(texts)

    @property
    def autoencoder(self) -> Any:
        """Pixels ↔ standardised latents."""
        return self.parts.autoencoder

    @property
    def patch_pixels(self) -> int:
        """Pixels on a side of what one token of the denoiser covers: sides of a frame are multiples of it."""
        return pixels_of_a_patch(getattr(getattr(self.parts.denoiser, "config", None), "patch", 1))

    # --- the call -----------------------------------------------------------------------------------------------------

    def __call__(
        self,
        prompt: Prompt,
        negative_prompt: str | Sequence[str] | None = None,
        num_frames: int | None = None,
        height: int | None = None,
        width: int | None = None,
        fps: float | None = None,
        num_inference_steps: int | None = None,
        guidance_scale: float | None = None,
        conditions: Sequence[Condition] = (),
        seed: Seed | None = None,
        generator: torch.Generator | None = None,
        callback_on_step_end: Callback | None = None,
        expand_prompt: bool = False,
        layout: KeptLayout | None = None,
    ) -> Clips:
        """Make videos.

        Args:
            prompt: a sentence, a list of them, or a storyboard [(0.0, "…"), (2.0, "…")], seconds first.
            negative_prompt: what to move away from; counts where `guidance_scale` is neither None nor 1.
            num_frames: f = 1 + 4k; more than the network's window is made window after window.
            height, width: pixels.
            fps: frames per second.
            num_inference_steps: steps from noise to clean.
            guidance_scale: how strongly the words are followed; None is what the checkpoint recommends.
            conditions: frames that the video must contain.
            seed: of the first clip, the next ones count up; or one for each clip. None draws one.
            generator: the seeds are drawn from it first, where `seed` is None.
            callback_on_step_end: called as (pipe, index, time, {"latents": …, "clean": …}) after each step; raise
                in it to stop.
            expand_prompt: first rewrite each prompt into a dense caption.
            layout: where things must lie or what they must look like; None leaves all of it to the network.
        Returns:
            `Clips`: .frames uint8 (b, f, h, w, 3), .grades, .seeds, .save(path).
        Raises:
            MinisoraError: something given is illegal; the message names the nearest legal value.
        """
        sampling = self.stream(
            prompt, negative_prompt, num_frames, height, width, fps, num_inference_steps, guidance_scale,
            conditions, seed, generator, expand_prompt, layout,
        )  # fmt: skip
        for step in sampling:
            if callback_on_step_end is not None:
                tensors = {"latents": step.noisy, "clean": step.clean}
                callback_on_step_end(self, step.index, float(step.time.max()), tensors)
        return sampling.result()

    def stream(
        self,
        prompt: Prompt,
        negative_prompt: str | Sequence[str] | None = None,
        num_frames: int | None = None,
        height: int | None = None,
        width: int | None = None,
        fps: float | None = None,
        num_inference_steps: int | None = None,
        guidance_scale: float | None = None,
        conditions: Sequence[Condition] = (),
        seed: Seed | None = None,
        generator: torch.Generator | None = None,
        expand_prompt: bool = False,
        layout: KeptLayout | None = None,
    ) -> Sampling:
        """The same as a loop: `for step in pipe.stream(…)`; see `__call__` for what is not said here.

        Args:
            prompt, negative_prompt: words.
            num_frames, height, width, fps, num_inference_steps, guidance_scale: numbers.
            conditions: frames that the video must contain.
            seed, generator: where the noise comes from.
            expand_prompt: first rewrite each prompt into a dense caption.
            layout: what is given of the layout.
        Returns:
            A loop over steps that knows how many there are, and gives the clips at its end.
        Raises:
            MinisoraError: something given is illegal; nothing has been computed by then.
        """
        settings = self.settings(num_frames, height, width, fps, num_inference_steps, guidance_scale)
        if layout is not None:
            if not isinstance(layout, KeptLayout):
                raise SettingError(
                    f"layout is a {type(layout).__name__}, but it must be a KeptLayout. "
                    "Use layout=KeptLayout.beginning(clip.layout, num_frames)."
                )
            layout.check(settings)
        segments = read_prompts(prompt, settings.num_frames, settings.fps)
        order = self._order(segments, negative_prompt, settings, conditions, seed, generator, expand_prompt)
        return Sampling(self, replace(order, layout=layout))

    def settings(
        self,
        num_frames: int | None = None,
        height: int | None = None,
        width: int | None = None,
        fps: float | None = None,
        num_inference_steps: int | None = None,
        guidance_scale: float | None = None,
    ) -> Settings:
        """What a call with these numbers would use: the checkpoint's own where None is given.

        Args:
            num_frames, height, width, fps, num_inference_steps, guidance_scale: see `__call__`.
        Returns:
            Legal settings.
        Raises:
            SettingError: a number is out of range.
        """
        given = {
            "num_frames": num_frames, "height": height, "width": width, "fps": fps,
            "num_inference_steps": num_inference_steps, "guidance_scale": guidance_scale,
        }  # fmt: skip
        config = getattr(self.parts.denoiser, "config", None)
        settings = make_settings(given, self.parts.config.get("sampling", {}), self.patch_pixels)
        return settings if getattr(config, "layout_channels", 0) else replace(settings, layout_steps=0)

    def recommend(self, **settings: Any) -> None:
        """Change what calls use that do not say otherwise, verbs among them.

        Args:
            settings: by names of `Settings`; None leaves one as it is.
        Raises:
            SettingError: no such setting, or out of range.
        """
        for name in settings:
            if name not in Settings.__dataclass_fields__:
                near = nearest_name(name, Settings.__dataclass_fields__)
                raise SettingError(f"{name!r} is no setting. Use {near!r}.")
        given = {name: value for name, value in settings.items() if value is not None}
        config = self.parts.config
        changed = replace(self.parts, config={**config, "sampling": {**config.get("sampling", {}), **given}})
        before, self.parts = self.parts, changed
        try:
            self.settings()
        except SettingError:
            self.parts = before
            raise

    def with_settings(self, **settings: Any) -> Self:
        """The same networks with other recommendations: numbers for one verb, which takes none of its own.

            longer = pipe.with_settings(num_inference_steps=4).extend(clip, seed=0)

        Args:
            settings: as of `recommend`.
        Returns:
            A pipeline; this one stays as it is.
        Raises:
            SettingError: no such setting, or out of range.
        """
        other = copy(self)
        other.recommend(**settings)
        return other

    def _order(
        self,
        segments: Sequence[Any],
        negative: str | Sequence[str] | None,
        settings: Settings,
        conditions: Sequence[Condition],
        seed: Seed | None,
        generator: torch.Generator | None,
        expanded: bool,
    ) -> Order:
        """Check and complete everything that was given."""
        batch = len(segments[0].texts)
        check_memory(settings, batch)
        typed = [text for segment in segments for text in segment.texts]
        negatives = _one_each("negative_prompt", negative or "", batch)
        self.check_words([*typed, *negatives])
        check_prompts(typed, self.parts.text_encoder)
        prompts = tuple(joined(segments, index) for index in range(batch))
        lines = warn_of_unknown(self.world, typed)  # segment by segment
        unknown = tuple(tuple(line for row in lines[k::batch] for line in row) for k in range(batch))
        seeds = make_seeds(seed, batch, generator)
        if expanded:
            segments = [
                replace(
                    segment, texts=tuple(expand(self.world, t, s) for t, s in zip(segment.texts, seeds, strict=True))
                )
                for segment in segments
            ]
            check_prompts([text for segment in segments for text in segment.texts], self.parts.text_encoder)
        check_prompts([text for text in negatives if text.strip()], self.parts.text_encoder)
        canvas = make_canvas(conditions, batch, settings)
        record = {
            "negative_prompt": negative or "",
            "expand_prompt": expanded,
            "conditions": len(conditions),
            "world": self.world.name,
            "checkpoint": {"name": self.parts.config.get("name"), "sha256": checkpoint_hash(self.parts.config)},
            "dtype": str(self.dtype).removeprefix("torch."),
        }
        return Order(prompts, tuple(segments), negatives, seeds, settings, canvas, record, unknown)

    # --- the networks -------------------------------------------------------------------------------------------------

    def states(self, texts: Sequence[str]) -> TextStates:
        """What the network reads.

        Args:
            texts: b sentences.
        Returns:
            Their states.
        """
        return self.parts.text_encoder(list(texts))  # type: ignore[no-any-return]

    def network(
        self, noisy: Tensor, time: Tensor, text: TextStates, fps: Tensor, layout: Tensor | None = None
    ) -> Tensor:
        """The denoiser, in the pipeline's type, a few rows at a time.

        Args:
            noisy: (b, z, lh, lw, c).
            time: (b, z).
            text: of b clips.
            fps: (b,).
            layout: (b, z, 4, k), along which the pixels are drawn; None for none.
        Returns:
            (b, z, lh, lw, c), float32, clean latents.
        """

        def some(rows: slice, words: TextStates) -> Tensor:
            known = {} if layout is None else {"layout": Noisy(layout[rows], torch.zeros_like(time[rows]))}
            answer: Tensor = self.parts.denoiser(noisy[rows], time[rows], words, fps=fps[rows], **known)
            return answer

        return self._in_pieces(some, text, self.dtype)

    def painter(self, text: TextStates, fps: Tensor, index: int) -> Paint:
        """The denoiser as one that paints many layouts of one clip.

        Args:
            text: of b clips.
            fps: (b,).
            index: which of them.
        Returns:
            A function of noisy latents, times and layouts.
        """

        def paint(noisy: Tensor, time: Tensor, layout: Tensor) -> Tensor:
            n = len(noisy)
            words = TextStates(
                text.states[index].expand(n, *text.states.shape[1:]),
                text.pooled[index].expand(n, *text.pooled.shape[1:]),
            )
            return self.network(noisy, time, words, fps[index].expand(n), layout)

        return paint

    def layout_network(
        self,
        noisy: Tensor,
        time: Tensor,
        text: TextStates,
        fps: Tensor,
        video: Tensor | None = None,
        video_time: Tensor | None = None,
        aspect: Tensor | None = None,
        span: Tensor | None = None,
    ) -> Tensor:
        """The same network on a layout, always in float32: a tenth of a pixel counts in a path.

        Args:
            noisy: (b, z, 4, k).
            time: (b, z).
            text: of b clips.
            fps: (b,).
            video, video_time: (b, z, lh, lw, c) and (b, z), latents of which something is known; None for none.
            aspect: (b,), width over height of the frame; None is a square.
            span: (b, z), lengths of long steps; None is 0.
        Returns:
            (b, z, 4, k), float32, a clean layout.
        """

        def some(rows: slice, words: TextStates) -> Tensor:
            seen = None if video is None or video_time is None else Noisy(video[rows], video_time[rows])
            layout = Noisy(noisy[rows], time[rows])
            form = None if aspect is None else aspect[rows]
            long = None if span is None else span[rows]
            answer = self.parts.denoiser.both(seen, layout, words, long, fps=fps[rows], aspect=form).layout
            assert answer is not None  # noqa: S101 - for the type checker
            return answer

        return self._in_pieces(some, text, torch.float32)

    def _in_pieces(self, some: Callable[[slice, TextStates], Tensor], text: TextStates, dtype: torch.dtype) -> Tensor:
        """What a function answers for all rows, asked for a few at a time and computed in a type; float32."""
        answers = []
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            for first in range(0, len(text.states), ROWS_AT_ONCE):
                rows = slice(first, first + ROWS_AT_ONCE)
                answers.append(some(rows, TextStates(text.states[rows], text.pooled[rows])))
        return torch.cat(answers).float()

    @torch.inference_mode()
    def encode(self, frames: Tensor) -> Tensor:
        """Pixels → latents.

        Args:
            frames: uint8 (b, f, h, w, 3).
        Returns:
            (b, z, lh, lw, c), standardised, on the pipeline's device.
        """
        pieces = [piece.to(self.device).float() / 127.5 - 1 for piece in torch.split(frames, ROWS_AT_ONCE // 4)]
        return torch.cat([self.autoencoder.encode(piece) for piece in pieces])

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> Tensor:
        """Latents → pixels.

        Args:
            latents: (b, z, lh, lw, c), standardised.
        Returns:
            uint8 (b, f, h, w, 3), on the CPU.
        """
        pieces = [self.autoencoder.decode(piece) for piece in torch.split(latents, ROWS_AT_ONCE // 4)]
        return torch.cat([((piece + 1) * 127.5).round().clamp(0, 255).to("cpu", torch.uint8) for piece in pieces])

    # --- verbs; each is a function of its own in verbs/ ---------------------------------------------------------------

    extend = verbs.extend
    animate = verbs.animate
    connect = verbs.connect
    loop = verbs.loop
    edit = verbs.edit
    inpaint = verbs.inpaint
    storyboard = verbs.storyboard
    vary = verbs.vary


def make_seeds(seed: Seed | None, batch: int, generator: torch.Generator | None) -> tuple[int, ...]:
    """One seed for each clip.

    Args:
        seed: of the first clip, the next ones count up; or one for each; or None.
        batch: b.
        generator: draws them where `seed` is None; None is torch's own.
    Returns:
        b seeds.
    Raises:
        SettingError: a negative seed, another number of seeds than clips, or something that is no generator.
    """
    if generator is not None and not isinstance(generator, torch.Generator):
        raise SettingError(
            f"generator is a {type(generator).__name__}, but it must be torch's. "
            "Use generator=torch.Generator().manual_seed(0), or seed=0."
        )
    if seed is None:
        device = generator.device if generator is not None else "cpu"
        return tuple(torch.randint(2**31, (batch,), generator=generator, device=device).tolist())
    if isinstance(seed, Iterable) and not isinstance(seed, str):
        seeds = tuple(whole("seed", value, near=0) for value in seed)
    else:
        first = whole("seed", seed, near=0)
        seeds = tuple(range(first, first + batch))
    if len(seeds) != batch:
        raise SettingError(f"{len(seeds)} seeds for {batch} prompts. Give one for each, or one int to count from.")
    if min(seeds) < 0 or max(seeds) >= 2**63:
        raise SettingError(f"seed={min(seeds)}, but seeds lie from 0 to 2^63. Use seed={abs(min(seeds)) % 2**31}.")
    return seeds


def _one_each(name: str, given: Any, batch: int) -> tuple[str, ...]:
    if not isinstance(given, str) and not (
        isinstance(given, Sequence) and all(isinstance(text, str) for text in given)
    ):
        raise PromptError(f"{name} is a sentence, this is a {type(given).__name__}. Use {name}='…' or one for each.")
    texts = (given,) * batch if isinstance(given, str) else tuple(given)
    if len(texts) != batch:
        raise PromptError(f"{name} has {len(texts)} sentences for {batch} prompts. Give one, or one for each.")
    return texts
