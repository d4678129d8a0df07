"""The denoiser: noisy latents, a time for every latent frame and words enter; its guess of the clean latents leaves.

    latents (b, z, lh, lw, c) ── patches ─┐
    layout (b, z, 4, k) ──────── rows ────┴─ tokens (b, z, s, d) ──┬─ block × depth ─┬─ latents (b, z, lh, lw, c)
    times (b, z), words (pooled), fps, … ────── adaLN: shift, scale, gate per frame ──┤ └─ layout (b, z, 4, k)
    words (b, m, d) ── further keys and values of every block ───────────────────────┘

The layout says where every actor is and what it looks like (`minisora.world.layout`). It is noised and guessed like the
latents, with a time of its own, so the same network draws a layout from the words, then the pixels along the layout;
either can be left out. Semantics first, texture after: ReDi (arXiv 2504.16064), Semantic-First Diffusion (2512.04926).

Axes: `b` batch, `z lh lw` latent frames and places, `c` channels, `y x` patches, `s` tokens of one frame (patches, then
rows of the layout), `n` tokens of the clip (z times s), `m` words, `e` heads, `d` width. Read `VideoTransformer.both`
first. Source: Peebles & Xie 2022, arXiv 2212.09748 (the blocks); Chen et al. 2024, arXiv 2407.01392 (a time for every
frame).
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn.functional import silu

from minisora.errors import SettingError, ShapeError
from minisora.models.finish import MESSAGE, Finish
from minisora.models.hints import HINTS, Hints
from minisora.models.layers import SwiGLU, WaveEmbedding, apply_rotary, attend, normalise, rotary_angles, waves

if TYPE_CHECKING:
    from minisora.models.text_encoder import TextStates

__all__ = ["Guess", "Noisy", "Positions", "TransformerConfig", "VideoTransformer"]

USUAL_FPS = 8.0
TIME_WAVES = 1000.0  # radians per unit of time: tells times 0.001 apart
SPACE_WAVES = (1.0, 2.0, 4.0, 8.0)  # half turns per shorter side
FRAME_WAVES = (1.0, 0.5, 0.25, 0.125)  # half turns per latent frame


@dataclass(frozen=True)
class TransformerConfig:
    """The shape of a `VideoTransformer`.

    Args:
        latent_channels: c of the autoencoder.
        patch: places on a side of a patch; a token holds patch × patch × c numbers.
        width: channels d of a token, a multiple of 8 × heads.
        depth: number of blocks.
        heads: attention heads of a block.
        text_width: channels of the words' states.
        mlp_ratio: hidden channels of SwiGLU over width, rounded to a multiple of 64.
        rotary_base: about how much slower the slowest rotary wave is than the fastest.
        absolute_positions: also add to each token where it stands in the frame.
        layout_channels: k, numbers in a row of the layout; 0 is a network that knows no layouts.
        layout_rows: rows of the layout of one latent frame; the words' states are dealt out to them in equal shares.
        text_states: states that the text encoder hands on, m.
        finish: channels of the convolutions that touch up each place along the layout; 0 is none.
        aspects: whether the network is told how wide a frame is beside its height; without, all are square to it.
    Raises:
        SettingError: a number is out of range; the message names the nearest legal one.
    """

    latent_channels: int = 6
    patch: int = 4
    width: int = 256
    depth: int = 8
    heads: int = 4
    text_width: int = 256
    mlp_ratio: float = 8 / 3
    rotary_base: float = 100.0
    absolute_positions: bool = True
    layout_channels: int = 0
    layout_rows: int = 4
    text_states: int = 16
    finish: int = 0
    aspects: bool = False

    def __post_init__(self) -> None:
        """Check every number."""
        for name in ("latent_channels", "patch", "width", "depth", "heads", "text_width"):
            if getattr(self, name) < 1:
                raise SettingError(f"{name}={getattr(self, name)}, but it must be at least 1. Use {name}=1 or more.")
        if self.layout_channels and self.text_states % self.layout_rows:
            raise SettingError(
                f"text_states={self.text_states} cannot be dealt out to {self.layout_rows} rows of a layout. "
                f"Use text_states={max(1, round(self.text_states / self.layout_rows)) * self.layout_rows}."
            )
        step = 8 * self.heads
        if self.width % step:
            nearest = max(1, round(self.width / step)) * step
            raise SettingError(
                f"width={self.width}, but {self.heads} heads need a multiple of {step}. Use width={nearest}."
            )
        if not (math.isfinite(self.mlp_ratio) and self.mlp_ratio > 0):
            raise SettingError(f"mlp_ratio={self.mlp_ratio}, but it must be above 0. Use mlp_ratio=2.67.")
        if not (math.isfinite(self.rotary_base) and self.rotary_base >= 1):
            raise SettingError(f"rotary_base={self.rotary_base}, but it must be at least 1. Use rotary_base=100.")

    @property
    def head_width(self) -> int:
        """Channels of one head."""
        return self.width // self.heads

    @property
    def hidden(self) -> int:
        """Hidden channels of SwiGLU: `mlp_ratio` widths, rounded to a multiple of 64."""
        return max(64, round(self.width * self.mlp_ratio / 64) * 64)

    @property
    def rotary_pairs(self) -> tuple[int, int, int]:
        """Pairs of a head's channels turned by the latent frame, by y and by x."""
        pairs = self.head_width // 2
        space = 3 * pairs // 8  # a frame has more places than a clip has latent frames
        return pairs - 2 * space, space, space


class Positions(NamedTuple):
    """Where the tokens stand: cosines and sines of the rotary angles, each (b or 1, n, 1, head width / 2)."""

    cosine: Tensor
    sine: Tensor


class Noisy(NamedTuple):
    """Noisy latents (b, z, lh, lw, c) or a noisy layout (b, z, 4, k), and the time (b, z) of each frame."""

    values: Tensor
    time: Tensor


class Guess(NamedTuple):
    """Clean latents (b, z, lh, lw, c) and a clean layout (b, z, 4, k); None for what was not asked for."""

    video: Tensor | None
    layout: Tensor | None


class Attention(nn.Module):
    """Every token of the clip looks at every token of the clip and at every word; words stand at the origin."""

    def __init__(self, config: TransformerConfig) -> None:
        """Make the matrices.

        Args:
            config: widths and heads.
        """
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)  # one product instead of three
        self.text_kv = nn.Linear(config.text_width, 2 * config.width, bias=False)
        self.sharpness = nn.Parameter(torch.empty(config.heads, 1))  # normalised q and k need a temperature
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, words: Tensor, positions: Positions) -> Tensor:
        """Attend over the clip and the words at once.

        Args:
            x: (b, n, d).
            words: (b, m, text width).
            positions: rotary cosines and sines.
        Returns:
            (b, n, d).
        """
        qkv = rearrange(self.qkv(x), "b n (three e d) -> three b n e d", three=3, e=self.heads)
        text_key, text_value = rearrange(self.text_kv(words), "b m (two e d) -> two b m e d", two=2, e=self.heads)
        query, key = apply_rotary(normalise(qkv[:2]), *positions)  # each (b, n, e, d)
        query = query * (self.sharpness / math.sqrt(query.shape[-1])).to(query.dtype)
        key = torch.cat([key, normalise(text_key)], dim=1)  # (b, n + m, e, d)
        value = torch.cat([qkv[2], text_value], dim=1)  # (b, n + m, e, d)
        seen = attend(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2))  # (b, e, n, d)
        return self.out(rearrange(seen, "b e n d -> b n (e d)"))  # type: ignore[no-any-return]


class Block(nn.Module):
    """Attention and SwiGLU, each shifted, scaled and gated by the frame's time (adaLN)."""

    def __init__(self, config: TransformerConfig) -> None:
        """Make the two layers and the block's own table of modulations.

        Args:
            config: widths and heads.
        """
        super().__init__()
        self.attention = Attention(config)
        self.mlp = SwiGLU(config.width, config.hidden)
        self.table = nn.Parameter(torch.empty(6, config.width))  # shift, scale, gate; twice

    def forward(self, x: Tensor, modulation: Tensor, words: Tensor, positions: Positions) -> Tensor:
        """Refine the tokens.

        Args:
            x: (b, z, s, d).
            modulation: (b, z, 1, 6, d), shared by all blocks.
            words: (b, m, text width).
            positions: rotary cosines and sines.
        Returns:
            (b, z, s, d).
        """
        frames = x.shape[1]
        shift, scale, gate, shift2, scale2, gate2 = (modulation + self.table).unbind(-2)  # each (b, z, 1, d)
        mixed = self.attention((normalise(x) * (1 + scale) + shift).flatten(1, 2), words, positions)  # (b, n, d)
        x = x + gate * mixed.unflatten(1, (frames, -1))
        return x + gate2 * self.mlp(normalise(x) * (1 + scale2) + shift2)  # type: ignore[no-any-return]


class VideoTransformer(nn.Module):
    """Guesses the clean latents of a video from noisy ones, the words, and how noisy each latent frame is."""

    def __init__(self, config: TransformerConfig | None = None) -> None:
        """Make the network with its starting weights.

        Args:
            config: its shape; the default one is the network that ships.
        """
        super().__init__()
        self.config = config = config or TransformerConfig()
        pixels = config.patch**2 * config.latent_channels
        self.from_patches = nn.Linear(pixels, config.width)
        self.place = nn.Linear(4 * len(SPACE_WAVES) + 2 * len(FRAME_WAVES), config.width, bias=False)
        self.time = WaveEmbedding(config.width, TIME_WAVES)
        self.span = WaveEmbedding(config.width, TIME_WAVES)
        self.fps = WaveEmbedding(config.width, highest=10.0, count=16)
        if config.aspects:
            self.aspect = WaveEmbedding(config.width, highest=10.0, count=16)
        self.pooled = nn.Linear(config.text_width, config.width)
        self.modulation = nn.Linear(config.width, 6 * config.width)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.depth)])
        self.last_modulation = nn.Linear(config.width, 2 * config.width)
        self.to_patches = nn.Linear(config.width, pixels)
        if config.layout_channels:
            share = config.text_states // config.layout_rows * config.text_width
            self.from_layout = nn.Linear(config.layout_channels, config.width)
            self.row = nn.Parameter(torch.empty(config.layout_rows, config.width))
            self.row_words = nn.Linear(share, config.width, bias=False)  # each actor's row hears its own words first
            self.hints = Hints(config.layout_channels)
            self.from_hints = nn.Linear(config.patch**2 * HINTS, config.width, bias=False)
            self.layout_time = WaveEmbedding(config.width, TIME_WAVES)
            self.to_layout = nn.Linear(config.width, config.layout_channels)
        if config.finish:
            self.to_message = nn.Linear(config.width, config.patch**2 * MESSAGE)
            self.finish = Finish(config.latent_channels, HINTS if config.layout_channels else 0, config.finish)
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Set every starting weight, here and nowhere else."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                # Keeps the size of what passes through a layer, whatever its width.
                nn.init.normal_(module.weight, std=1 / math.sqrt(module.in_features))
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.place.weight, std=0.02)  # a hint beside the content, not a signal that drowns it
        # What starts at zero adds nothing until it is needed: the network begins as one that takes no notice of the
        # span, of the frame's form and rate and of time (but for its blocks' tables), and that answers zero, the mean
        # latent.
        for layer in (self.span.out, self.fps.out, self.modulation, self.last_modulation, self.to_patches):
            nn.init.zeros_(layer.weight)
        if self.config.aspects:
            nn.init.zeros_(self.aspect.out.weight)
        if self.config.layout_channels:
            for layer in (self.layout_time.out, self.from_hints, self.to_layout, self.hints.deep):
                nn.init.zeros_(layer.weight)
            nn.init.normal_(self.row, std=1.0)  # rows must differ from the start
        if self.config.finish:
            for layer in (self.finish.last, *self.finish.blocks):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
        for block in self.blocks:
            assert isinstance(block, Block)  # noqa: S101 - for the type checker
            # Gates open, last matrices zero: each block starts as the identity, yet its last matrix learns at once.
            nn.init.zeros_(block.table)
            block.table[2::3] = 1.0
            nn.init.zeros_(block.attention.out.weight)
            nn.init.zeros_(block.mlp.out.weight)
            nn.init.ones_(block.attention.sharpness)

    def forward(
        self,
        noisy: Tensor,
        time: Tensor,
        text: "TextStates",
        span: Tensor | None = None,
        fps: Tensor | None = None,
        *,
        frame_index: Tensor | None = None,
        layout: Noisy | None = None,
    ) -> Tensor:
        """Guess the clean latents.

        Args:
            noisy: (b, z, lh, lw, c), standardised latents mixed with noise.
            time: (b, z), from 0, clean, to 1, noise.
            text: states (b, m, text width) of the words and their pooled vector (b, text width).
            span: (b, z), how far below `time` a mean velocity reaches; None is 0, the velocity at that time.
            fps: (b,), frames per second of the pixels; None is 8.
            frame_index: (z,) or (b, z), the place of each latent frame in its clip; None counts from 0.
            layout: where the actors are, as far as it is known.
        Returns:
            (b, z, lh, lw, c), clean latents.
        Raises:
            ShapeError: the latents do not fit into patches or the times not onto the frames.
        """
        clean = self.both(Noisy(noisy, time), layout, text, span, fps, frame_index).video
        assert clean is not None  # noqa: S101 - for the type checker
        return clean

    def both(
        self,
        video: Noisy | None,
        layout: Noisy | None,
        text: "TextStates",
        span: Tensor | None = None,
        fps: Tensor | None = None,
        frame_index: Tensor | None = None,
        aspect: Tensor | None = None,
    ) -> Guess:
        """Guess the clean latents, the clean layout, or both together.

        Args:
            video: latents; None draws a layout from the words alone.
            layout: None works on latents alone.
            text, span, fps, frame_index: see `forward`.
            aspect: (b,), width over height of the frame that a layout alone is for; None is a square. Latents have
                their own.
        Returns:
            A guess of what was given.
        Raises:
            ShapeError: a shape does not fit.
        """
        self._check(video, layout)
        given = video or layout
        assert given is not None  # noqa: S101 - `_check` has refused two Nones
        b, z = given.time.shape
        hints = None if video is None or layout is None else self._hints(video, layout)
        tokens, place = self._embed(video, layout, hints, text, frame_index)
        if video is not None:
            aspect = given.time.new_full((b,), video.values.shape[3] / video.values.shape[2])
        about = self.conditions(video and video.time, layout and layout.time, text, span, fps, aspect)
        modulated = silu(about)  # (b, z, d)
        modulation = self.modulation(modulated).view(b, z, 1, 6, self.config.width)
        words = normalise(text.states)  # (b, m, text width), whatever encoder they come from
        for block in self.blocks:
            tokens = block(tokens, modulation, words, place)  # (b, z, s, d)
        shift, scale = self.last_modulation(modulated)[:, :, None].chunk(2, dim=-1)  # each (b, z, 1, d)
        tokens = normalise(tokens) * (1 + scale) + shift
        rows = 0 if layout is None else self.config.layout_rows
        patches, rest = tokens.split([tokens.shape[2] - rows, rows], dim=2)
        clean = None if video is None else self._to_latents(patches, video.values, hints)
        return Guess(clean, None if layout is None else self.to_layout(rest))

    def _hints(self, video: Noisy, layout: Noisy) -> Tensor:
        """The layout on the latents' grid, (b, z, lh, lw, hints)."""
        _, _, lh, lw, _ = video.values.shape
        hints: Tensor = self.hints(layout.values, layout.time, lh, lw)
        return hints.to(video.values.dtype)

    def _embed(
        self,
        video: Noisy | None,
        layout: Noisy | None,
        hints: Tensor | None,
        text: "TextStates",
        frame_index: Tensor | None,
    ) -> tuple[Tensor, Positions]:
        """The tokens of patches and rows (b, z, s, d), and where they stand."""
        tokens, cosines, sines = [], [], []
        if video is not None:
            noisy, p = video.values, self.config.patch
            _, z, lh, lw, _ = noisy.shape
            patches = self.from_patches(rearrange(noisy, "b z (y p) (x q) c -> b z (y x) (p q c)", p=p, q=p))
            if hints is not None:
                patches = patches + self.from_hints(
                    rearrange(hints, "b z (y p) (x q) c -> b z (y x) (p q c)", p=p, q=p)
                )
            place, positions = self.positions(z, lh // p, lw // p, noisy.device, noisy.dtype, frame_index)
            tokens.append(patches + self.place(place) if self.config.absolute_positions else patches)
            cosines.append(positions.cosine)
            sines.append(positions.sine)
        if layout is not None:
            rows = self.from_layout(layout.values) + self.row  # (b, z, r, d)
            if text.states.shape[1] == self.config.text_states:
                shares = normalise(text.states).reshape(len(rows), 1, self.config.layout_rows, -1)  # (b, 1, r, m/r × k)
                rows = rows + self.row_words(shares)
            place, positions = self.row_positions(rows.shape[1], rows.device, rows.dtype, frame_index)
            tokens.append(rows + self.place(place) if self.config.absolute_positions else rows)
            cosines.append(positions.cosine)
            sines.append(positions.sine)
        cosine, sine = (torch.cat(parts, dim=2).flatten(1, 2).unsqueeze(2) for parts in (cosines, sines))
        return torch.cat(tokens, dim=2), Positions(cosine, sine)

    def _to_latents(self, patches: Tensor, noisy: Tensor, hints: Tensor | None) -> Tensor:
        """Tokens (b, z, y × x, d) as clean latents (b, z, lh, lw, c)."""
        clean = self._places(self.to_patches(patches), noisy.shape)
        if not self.config.finish:
            return clean
        return clean + self.finish(noisy, self._places(self.to_message(patches), noisy.shape), hints)  # type: ignore[no-any-return]

    def _places(self, values: Tensor, shape: torch.Size) -> Tensor:
        """Values of patches (b, z, y × x, p × p × k), laid out on the places of a shape (b, z, lh, lw, …)."""
        p = self.config.patch
        return rearrange(values, "b z (y x) (p q k) -> b z (y p) (x q) k", y=shape[2] // p, p=p, q=p)

    def conditions(
        self,
        time: Tensor | None,
        layout_time: Tensor | None,
        text: "TextStates",
        span: Tensor | None,
        fps: Tensor | None,
        aspect: Tensor | None = None,
    ) -> Tensor:
        """All that is known about a whole latent frame, as one vector.

        Args:
            time: (b, z), from 0 to 1; None is 1, nothing of the latents is known.
            layout_time: (b, z), the same for the layout.
            text: the words; only their pooled vector is read.
            span: (b, z) or None, which is 0.
            fps: (b,) or None, which is 8.
            aspect: (b,) or None, which is 1.
        Returns:
            (b, z, d).
        """
        given = layout_time if time is None else time
        assert given is not None  # noqa: S101 - one of the two is there
        time = torch.ones_like(given) if time is None else time
        span = torch.zeros_like(given) if span is None else span
        rate = torch.full_like(given[:, 0], USUAL_FPS) if fps is None else fps.to(given.dtype)
        about_clip = self.pooled(normalise(text.pooled)) + self.fps((rate / USUAL_FPS).log2())  # (b, d)
        if self.config.aspects:
            form = torch.ones_like(rate) if aspect is None else aspect.to(given.dtype)
            about_clip = about_clip + self.aspect(form.log2())
        about_frame: Tensor = self.time(time) + self.span(span) + about_clip[:, None]
        if self.config.layout_channels:
            about_frame = about_frame + self.layout_time(torch.ones_like(given) if layout_time is None else layout_time)
        return about_frame

    def positions(
        self, z: int, y: int, x: int, device: torch.device, dtype: torch.dtype, frame_index: Tensor | None = None
    ) -> tuple[Tensor, Positions]:
        """Where every patch stands, for the input and for every block.

        Args:
            z: latent frames.
            y: rows of patches.
            x: columns of patches.
            device: where to put the result.
            dtype: its type.
            frame_index: (z,) or (b, z), see `forward`.
        Returns:
            (b or 1, z, s, k) waves of place and frame; the rotary cosines and sines, (b or 1, z, s, head width / 2).
        """
        exact = torch.promote_types(dtype, torch.float32)
        frame = _frames(z, device, exact, frame_index)  # (b or 1, z, 1)
        row = torch.arange(y, device=device, dtype=exact).repeat_interleave(x)  # (s,)
        column = torch.arange(x, device=device, dtype=exact).repeat(y)  # (s,)
        angles = rotary_angles((frame, row, column), self.config.rotary_pairs, self.config.rotary_base)
        short = min(y, x)  # one unit of length, with its origin in the middle of the frame
        down, right = (row + 0.5 - y / 2) / short, (column + 0.5 - x / 2) / short
        space, slow = (math.pi * torch.tensor(w, device=device, dtype=exact) for w in (SPACE_WAVES, FRAME_WAVES))
        where = torch.cat([waves(right, space), waves(down, space)], dim=-1)  # (s, 4 × waves)
        when = waves(frame, slow)  # (b or 1, z, 1, 2 × waves)
        shape = (*when.shape[:2], y * x, -1)
        place = torch.cat([where.expand(*shape), when.expand(*shape)], dim=-1)
        return place.to(dtype), Positions(angles.cos().to(dtype), angles.sin().to(dtype))

    def row_positions(
        self, z: int, device: torch.device, dtype: torch.dtype, frame_index: Tensor | None = None
    ) -> tuple[Tensor, Positions]:
        """The same for the rows of the layout, which stand in a frame but at no place in it.

        Args:
            z, device, dtype, frame_index: see `positions`.
        Returns:
            (b or 1, z, 1, k) waves of the frame; the rotary cosines and sines, (b or 1, z, rows, head width / 2).
        """
        exact = torch.promote_types(dtype, torch.float32)
        frame = _frames(z, device, exact, frame_index)  # (b or 1, z, 1)
        nowhere = torch.zeros(self.config.layout_rows, device=device, dtype=exact)
        angles = rotary_angles((frame, nowhere, nowhere), self.config.rotary_pairs, self.config.rotary_base)
        when = waves(frame, math.pi * torch.tensor(FRAME_WAVES, device=device, dtype=exact))
        place = torch.cat([when.new_zeros(*when.shape[:3], 4 * len(SPACE_WAVES)), when], dim=-1)
        return place.to(dtype), Positions(angles.cos().to(dtype), angles.sin().to(dtype))

    def _check(self, video: Noisy | None, layout: Noisy | None) -> None:
        """Refuse shapes that the network cannot read.

        Args:
            video: latents and times.
            layout: the same of the layout.
        Raises:
            ShapeError: with the shape that would do.
        """
        if video is None and layout is None:
            raise ShapeError("Neither latents nor a layout were given. Give one of them.")
        if video is not None:
            self._check_video(*video)
        if layout is None:
            return
        rows, k = self.config.layout_rows, self.config.layout_channels
        if not k:
            raise ShapeError("This network knows no layouts: its layout_channels are 0. Leave the layout out.")
        frames = layout.values.shape[:2]
        if layout.values.shape[2:] != (rows, k) or layout.time.shape != frames:
            raise ShapeError(
                f"A layout is (b, z, {rows}, {k}) with times (b, z); these are {tuple(layout.values.shape)} and "
                f"{tuple(layout.time.shape)}."
            )
        if video is not None and video.time.shape != layout.time.shape:
            raise ShapeError(
                f"Latents and layout are of {tuple(video.time.shape)} and {tuple(layout.time.shape)} frames."
            )

    def _check_video(self, noisy: Tensor, time: Tensor) -> None:
        """Refuse latents that do not fit into patches, or times that are not one for each frame.

        Args:
            noisy: latents.
            time: times.
        Raises:
            ShapeError: with the shape that would do.
        """
        c, p = self.config.latent_channels, self.config.patch
        if noisy.ndim != 5 or noisy.shape[-1] != c:
            raise ShapeError(f"Latents are (b, z, lh, lw, {c}), channels last; these are {tuple(noisy.shape)}.")
        b, z, lh, lw, _ = noisy.shape
        if lh % p or lw % p:
            near = tuple(max(1, round(side / p)) * p for side in (lh, lw))
            raise ShapeError(
                f"Latents of {lh}×{lw} places do not divide into patches of {p}×{p}. Use {near[0]}×{near[1]}."
            )
        if time.shape != (b, z):
            raise ShapeError(f"Times are one for each latent frame, {(b, z)} here; these are {tuple(time.shape)}.")


def _frames(z: int, device: torch.device, dtype: torch.dtype, frame_index: Tensor | None) -> Tensor:
    """The places of z latent frames in their clip, (b or 1, z, 1)."""
    index = torch.arange(z, device=device) if frame_index is None else frame_index
    return index.to(dtype).view(-1, z, 1)
