"""What the denoiser costs beside the video transformers of diffusers, all built equally wide and deep, in one run.

    pip install diffusers                              # for this file alone; written with 0.42.1
    python benchmarks/peers.py                         # both precisions
    python benchmarks/peers.py --precisions float32 --rounds 3
    python benchmarks/peers.py --json peers.json       # the same numbers to keep

Nothing is downloaded: every network gets random weights, by one rule. All have the width, the heads and eight blocks of
`nano`, feed-forward layers of equally many weights, and see the same clips: 5 latent frames of 16×16 places in patches
of 4×4 (80 tokens), and 16 states of words. Everything else is each network's own, in its cheapest form: one time
for the whole clip and no masks (ours has a time for every frame), sines added to CogVideoX's tokens instead of
rotary positions (its 2B form). A layer of Latte is two blocks, one over the places of a frame and one over the frames
of a place, so that Latte has four layers here: eight blocks as well. Without a layout, ours is built without the parts
that read one; with a layout it is `nano` as it is trained and used, with four more tokens in each frame (100 tokens).

A forward pass keeps no gradients; a step is forward and backward of the mean square of what leaves, without an
optimizer and without gradients for the words. Nothing is compiled. bfloat16 is torch's autocast: weights stay float32,
so that the weighted RMS norms of Wan and LTX-Video are not fused. The networks take turns within each round, so that
other work on the machine hits all alike. A time is by the clock, the least of all rounds. The ratio is to ours without
a layout, above 1 where the other is slower. The JSON has processor seconds too, for a machine with much other work.
"""

import argparse
import json
import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

TUNABLES = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=20000000000:glibc.malloc.top_pad=268435456"

if __name__ == "__main__" and platform.system() == "Linux" and "GLIBC_TUNABLES" not in os.environ:
    # glibc reads this once, before Python starts: without it, freed memory goes back to the system at every step.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "GLIBC_TUNABLES": TUNABLES})  # noqa: S606

import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from minisora.models.sizes import SIZES  # noqa: E402
from minisora.models.text_encoder import TextStates  # noqa: E402
from minisora.models.transformer import Noisy, TransformerConfig, VideoTransformer  # noqa: E402

PRECISIONS = ("float32", "bfloat16")
CONFIG = SIZES["nano"].denoiser
FRAMES, SIDE = 5, 16  # latent frames of a clip, places on a side of each
GRID = SIDE // CONFIG.patch  # patches on a side of a frame
PATCH_VALUES = CONFIG.patch**2 * CONFIG.latent_channels
FEED_FORWARD = 4  # hidden channels over width: as many weights as SwiGLU's 8/3, which has three matrices
OURS = "ours, without a layout"


@dataclass(frozen=True)
class Network:
    """A network and how it is called.

    Attributes:
        name: in the table.
        module: holds the weights.
        call: runs it; a tuple leaves, with None for what was not asked for.
        inputs: from the number of clips to random arguments of `call`.
    """

    name: str
    module: nn.Module
    call: Callable[..., tuple[Tensor | None, ...]]
    inputs: Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Work:
    """Something that is timed.

    Attributes:
        what: "forward" or "step".
        batch: clips in it.
        repeats: runs in a turn.
    """

    what: str
    batch: int
    repeats: int


@dataclass(frozen=True)
class Row:
    """One time of the table.

    Attributes:
        network: its name.
        parameters: its weights.
        precision: of the matrix products.
        what: "forward" or "step".
        batch: clips in it.
        seconds: of one run by the clock, the best round.
        ratio: of that to our time without a layout.
        processor: the least processor seconds of one run.
        rounds: the best seconds of each round.
    """

    network: str
    parameters: int
    precision: str
    what: str
    batch: int
    seconds: float
    ratio: float
    processor: float
    rounds: list[float]


def ours(name: str, config: TransformerConfig) -> Network:
    """Our denoiser.

    Args:
        name: in the table.
        config: reads layouts where it has channels for them.
    Returns:
        It, given a layout beside the latents if it reads layouts.
    """
    module = VideoTransformer(config)

    def inputs(batch: int) -> dict[str, Any]:
        """Latents, a layout and words."""
        times = torch.rand(batch, FRAMES)
        latents = torch.randn(batch, FRAMES, SIDE, SIDE, config.latent_channels)
        layout = torch.randn(batch, FRAMES, config.layout_rows, config.layout_channels)
        states = torch.randn(batch, config.text_states, config.text_width)
        return {
            "video": Noisy(latents, times),
            "layout": Noisy(layout, times) if config.layout_channels else None,
            "text": TextStates(states, torch.randn(batch, config.text_width)),
        }

    return Network(name, module, module.both, inputs)


def peer(name: str, module: nn.Module, latents: tuple[int, ...], **further: int | None) -> Network:
    """A network of diffusers.

    Args:
        name: in the table.
        module: of diffusers.
        latents: the shape that it wants a clip in.
        further: arguments that only this network takes.
    Returns:
        It, with inputs in the form that those networks share.
    """

    def inputs(batch: int) -> dict[str, Any]:
        """Latents, a time for each clip, and words."""
        return {
            "hidden_states": torch.randn(batch, *latents),
            "timestep": 1000 * torch.rand(batch),
            "encoder_hidden_states": torch.randn(batch, CONFIG.text_states, CONFIG.text_width),
            "return_dict": False,
            **further,
        }

    return Network(name, module, module, inputs)


def peers() -> list[Network]:
    """The networks of diffusers, in the shape of ours.

    Returns:
        Wan, LTX-Video, CogVideoX and Latte.
    Raises:
        SystemExit: diffusers is not installed, or lacks one of them.
    """
    try:
        from diffusers import (
            CogVideoXTransformer3DModel,
            LatteTransformer3DModel,
            LTXVideoTransformer3DModel,
            WanTransformer3DModel,
        )
    except ImportError as error:
        message = f"The other networks come from diffusers ({error}). Run: pip install -U diffusers"
        raise SystemExit(message) from error
    c, text, patch = CONFIG.latent_channels, CONFIG.text_width, CONFIG.patch
    heads = {"num_attention_heads": CONFIG.heads, "attention_head_dim": CONFIG.head_width}
    wan = WanTransformer3DModel(
        **heads,
        patch_size=(1, patch, patch),
        in_channels=c,
        out_channels=c,
        text_dim=text,
        ffn_dim=FEED_FORWARD * CONFIG.width,
        num_layers=CONFIG.depth,
    )
    ltx = LTXVideoTransformer3DModel(
        **heads,
        in_channels=PATCH_VALUES,
        out_channels=PATCH_VALUES,
        cross_attention_dim=CONFIG.width,
        num_layers=CONFIG.depth,
        caption_channels=text,
    )
    cogvideox = CogVideoXTransformer3DModel(
        **heads,
        in_channels=c,
        out_channels=c,
        text_embed_dim=text,
        num_layers=CONFIG.depth,
        sample_width=SIDE,
        sample_height=SIDE,
        sample_frames=4 * FRAMES - 3,  # it counts frames before its autoencoder packs them by 4
        patch_size=patch,
        max_text_seq_length=CONFIG.text_states,
    )
    latte = LatteTransformer3DModel(
        **heads,
        in_channels=c,
        out_channels=c,
        num_layers=CONFIG.depth // 2,
        cross_attention_dim=CONFIG.width,
        attention_bias=True,
        sample_size=SIDE,
        patch_size=patch,
        activation_fn="gelu-approximate",
        num_embeds_ada_norm=1000,
        norm_type="ada_norm_single",
        norm_elementwise_affine=False,
        norm_eps=1e-6,
        caption_channels=text,
        video_length=FRAMES,
    )
    clip = (c, FRAMES, SIDE, SIDE)
    grid = {"num_frames": FRAMES, "height": GRID, "width": GRID, "encoder_attention_mask": None}
    return [
        peer("Wan", wan, clip),
        peer("LTX-Video", ltx, (FRAMES * GRID**2, PATCH_VALUES), **grid),
        peer("CogVideoX", cogvideox, (FRAMES, c, SIDE, SIDE)),
        peer("Latte, 4 + 4 blocks", latte, clip),
    ]


def networks() -> list[Network]:
    """Every network of the table.

    Returns:
        Ours twice, then the others, with random weights.
    """
    torch.manual_seed(0)
    without = replace(CONFIG, layout_channels=0)
    everyone = [ours(OURS, without), ours("ours, with a layout", CONFIG), *peers()]
    for network in everyone:
        network.module.eval()  # none has dropout
        for weights in network.module.parameters():
            nn.init.normal_(weights, std=0.02)  # no zeros, with which some of them begin
    return everyone


def make_run(network: Network, work: Work, precision: str) -> Callable[[], None]:
    """One piece of work for one network.

    Args:
        network: does it.
        work: what it does.
        precision: of the matrix products.
    Returns:
        A function that does it once.
    """
    given = network.inputs(work.batch)

    def forward() -> tuple[Tensor | None, ...]:
        """Forward alone."""
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            return network.call(**given)

    def infer() -> None:
        """Forward, without what backward would need."""
        with torch.inference_mode():
            forward()

    def step() -> None:
        """Forward and backward."""
        network.module.zero_grad(set_to_none=True)
        errors = [guess.float().square().mean() for guess in forward() if guess is not None]
        torch.stack(errors).sum().backward()

    return step if work.what == "step" else infer


def timed(run: Callable[[], None], repeats: int) -> tuple[float, float]:
    """Run something a few times.

    Args:
        run: what to run.
        repeats: how often.
    Returns:
        The least seconds of a run, by the clock and of the processors.
    """
    costs = []
    for _ in range(repeats):
        clock, processor = time.perf_counter(), time.process_time()
        run()
        costs.append((time.perf_counter() - clock, time.process_time() - processor))
    clocks, processors = zip(*costs, strict=True)
    return min(clocks), min(processors)


def measure(everyone: list[Network], works: list[Work], precisions: list[str], rounds: int) -> list[Row]:
    """Every time of the table.

    Args:
        everyone: the networks, one of them named `OURS`.
        works: what each of them does.
        precisions: of the matrix products.
        rounds: turns of every network at every work.
    Returns:
        Rows, network by network within each work, each work within each precision.
    """
    cells = [(precision, work) for precision in precisions for work in works]
    runs = {(*cell, one.name): make_run(one, cell[1], cell[0]) for cell in cells for one in everyone}
    for run in runs.values():
        run()  # fills the allocator
    turns: dict[tuple[str, Work, str], list[tuple[float, float]]] = {key: [] for key in runs}
    for _ in range(rounds):
        for (precision, work, name), run in runs.items():
            turns[precision, work, name].append(timed(run, work.repeats))
    weights = {one.name: sum(each.numel() for each in one.module.parameters()) for one in everyone}
    rows = []
    for (precision, work, name), costs in turns.items():
        seconds, processor = (min(kind) for kind in zip(*costs, strict=True))
        ratio = seconds / min(turns[precision, work, OURS])[0]
        clocks = [clock for clock, _ in costs]
        rows.append(Row(name, weights[name], precision, work.what, work.batch, seconds, ratio, processor, clocks))
    return rows


def show(rows: list[Row], works: list[Work]) -> None:
    """Print one table for each precision.

    Args:
        rows: see `measure`.
        works: its columns.
    """
    for precision in dict.fromkeys(row.precision for row in rows):
        print(f"\n{precision:24} {'weights':>8}", end="")
        print("".join(f"{f'{work.what}, batch {work.batch}':>21}" for work in works))
        for name in dict.fromkeys(row.network for row in rows):
            line = [row for row in rows if (row.precision, row.network) == (precision, name)]
            print(f"{name:24} {line[0].parameters / 1e6:6.2f} M", end="")
            print("".join(f"{1000 * row.seconds:10.1f} ms ×{row.ratio:6.2f}" for row in line))


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=48, help="clips in a step, and in the larger forward pass")
    parser.add_argument("--rounds", type=int, default=5, help="turns of every network; the best one counts")
    parser.add_argument("--precisions", nargs="+", default=list(PRECISIONS), choices=list(PRECISIONS))
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    args = parser.parse_args()
    warnings.filterwarnings("ignore", message="Mismatch dtype between input and weight")  # norms that are not fused
    works = [Work("forward", 1, 8), Work("forward", args.batch, 2), Work("step", args.batch, 2)]
    everyone = networks()
    print(f"width {CONFIG.width}, {CONFIG.heads} heads, {CONFIG.depth} blocks; tokens of a clip: ", end="")
    print(f"{FRAMES * GRID**2} of latents, {CONFIG.text_states} of words; {torch.get_num_threads()} threads, ", end="")
    print(f"torch {torch.__version__}, diffusers {version('diffusers')}, {torch.backends.cpu.get_cpu_capability()}")
    rows = measure(everyone, works, args.precisions, args.rounds)
    show(rows, works)
    if args.json:
        about = {"torch": torch.__version__, "diffusers": version("diffusers"), "threads": torch.get_num_threads()}
        args.json.write_text(json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
