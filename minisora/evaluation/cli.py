"""`minisora evaluate`: grade a model beside its ceilings, print the table, write it as JSON.

A run that is killed goes on with `--resume`: every batch is kept in a journal beside the output.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from minisora import __version__
from minisora.errors import MinisoraError, OutputError, SettingError
from minisora.evaluation.evaluate import Plan, evaluate
from minisora.evaluation.records import Journal, Record
from minisora.evaluation.rows import CEILINGS, ROWS, STAGE_ROWS, ClipSize, Row, find_named, find_rows, rows_of
from minisora.evaluation.sora.tasks import TASKS, Task
from minisora.evaluation.sources import (
    SOURCES,
    Source,
    generate_with,
    generated,
    load_denoiser,
    reconstructed,
    rendered,
)
from minisora.world import SHAPES, WORLDS, World, find_world

if TYPE_CHECKING:
    from minisora.evaluation.report import Report
    from minisora.pipeline import TextToVideoPipeline

__all__ = ["build_parser", "main"]

COST = "cost"
NUM, QUICK = 512, 64
SUITES = ("words", "sora")


def build_parser(prog: str = "minisora evaluate") -> argparse.ArgumentParser:
    """The options.

    Args:
        prog: how the command is called in its help.
    Returns:
        A parser.
    """
    names = [*dict.fromkeys(row.name for row in (*ROWS, *STAGE_ROWS)), COST]
    tasks = [task.name for task in TASKS]
    parser = argparse.ArgumentParser(prog=prog, description="Grade a model word by word, beside its ceilings.")
    add = parser.add_argument
    add("--model", default="nano", help="a shipped name, a folder or a hub id (default: nano)")
    add("--denoiser", metavar="MODULE:NAME", help="grade your own denoiser with the model's other parts")
    add(
        "--suite", choices=SUITES, default="words", help="words: sentences to clips; sora: all that Sora showed (words)"
    )
    add("--rows", nargs="+", metavar="ROW", help=f"some of: {', '.join(names)}; of sora: {', '.join(tasks)} (all)")
    add("--world", help=f"of the ceilings, where no model is graded: {', '.join(WORLDS)} (default: the model's)")
    add("--sources", nargs="+", metavar="SOURCE", help=f"some of: {', '.join(SOURCES)} (default: all)")
    add("--num", type=int, help=f"clips of each row (default: {NUM}, of sora as many as each task says)")
    add("--quick", action="store_true", help=f"{QUICK} clips of each row")
    add("--seed", type=int, default=0, help="of the held-out scenes (default: 0)")
    add("--batch", type=int, default=16, help="clips made at once; no score depends on it (default: 16)")
    add("--steps", type=int, help="steps from noise to clean (default: the model's)")
    add("--guidance", type=float, help="guidance scale (default: the model's)")
    add("--candidates", type=int, help="layouts drawn at most for a clip, until one is right (default: the model's)")
    add("--dtype", default="auto", help="the model computes in: auto, float32 or bfloat16 (default: auto)")
    add("--expand-prompt", action="store_true", help="rewrite each caption into a dense one first; another score")
    for name, kind in (("num-frames", int), ("height", int), ("width", int), ("fps", float)):
        add(f"--{name}", type=kind, help="of the clips (default: the model's)")
    add("--output", type=Path, default=Path("outputs/evaluation.json"), help="JSON (default: outputs/evaluation.json)")
    add("--resume", action="store_true", help="go on with what a killed run has left beside the output")
    add("--overwrite", action="store_true", help="replace the output and begin anew")
    add("--markdown", action="store_true", help="print tables to paste into a README")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate.

    Args:
        argv: options, None for those of the process.
    Returns:
        0; 2 where something given is illegal (said on stderr); 130 after Ctrl-C.
    """
    args = build_parser().parse_args(argv)
    try:
        (_run_sora if args.suite == "sora" else _run_words)(args)
    except MinisoraError as error:
        print(f"minisora evaluate: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nStopped. What is graded is kept: go on with --resume --output {args.output}", file=sys.stderr)
        return 130
    return 0


def _run_words(args: argparse.Namespace) -> None:
    """Run the table of words, and what a clip costs."""
    from minisora.evaluation.cost import measure_cost
    from minisora.evaluation.report import make_report

    num, (rows, with_cost) = _number(args), _rows(args.rows, rows_of(_world(args)))
    wanted = _sources(args.sources, rows, with_cost)
    journal_path = _check_output(args)
    setup = _prepare(args, wanted)
    records = _grade(args, setup, rows, num, journal_path)
    cost = measure_cost(args.model, args.denoiser, _call(args)) if with_cost and "generated" in wanted else None
    _publish(args, make_report(rows, records, {**setup.settings, "clips_a_row": num}, cost))


def _run_sora(args: argparse.Namespace) -> None:
    """The suite of verbs: one case after the other, since each asks for another thing."""
    from minisora.evaluation.report import make_report
    from minisora.evaluation.sora import run_suite

    if args.num is not None and args.num < 1:
        raise SettingError(f"--num {args.num}, but it is at least 1. Use --num 1 or more.")
    for name in ("num_frames", "height", "width", "fps", "expand_prompt"):
        if getattr(args, name):
            option = f"--{name.replace('_', '-')}"
            raise SettingError(f"{option} is not for --suite sora, whose tasks say that themselves. Leave it out.")
    tasks = find_named(_names(args.rows), TASKS)
    num = args.num or (QUICK // 4 if args.quick else None)
    path = _check_output(args)
    setup, pipe = _with_model(args, _sources(args.sources, tasks, with_cost=False))
    pipe.recommend(num_inference_steps=args.steps, guidance_scale=args.guidance)
    journal = Journal(path, {**setup.settings, "suite": "sora"}, resume=args.resume and not args.overwrite)
    with tqdm(total=sum(num or task.num for task in tasks), unit="case", disable=None) as bar:

        def progress(task: str, sources: str, cases: int) -> None:
            bar.set_description_str(task)
            bar.update(cases)

        records = run_suite(pipe, tasks, num, args.seed, tuple(setup.sources), journal, progress)
    _publish(args, make_report(tasks, records, {**setup.settings, "suite": "sora"}))


def _publish(args: argparse.Namespace, report: "Report") -> None:
    from minisora.evaluation.report import markdown, show

    _write(args.output, report.as_dict())
    print(markdown(report.tables())) if args.markdown else show(report.tables())
    print(f"\n{report.footer()}\n{args.output}")


# --- what was given ---------------------------------------------------------------------------------------------------


def _number(args: argparse.Namespace) -> int:
    num = args.num if args.num is not None else QUICK if args.quick else NUM
    for name, value in (("num", num), ("batch", args.batch)):
        if value < 1:
            raise SettingError(f"--{name} {value}, but it is at least 1. Use --{name} 1 or more.")
    return int(num)


def _world(args: argparse.Namespace) -> World:
    """The world of the model, or the one that is named; without either there would be no rows."""
    from minisora.models.storage import find_folder, load_config

    if args.world is not None:
        return find_world(args.world)
    return find_world(load_config(find_folder(args.model)).get("world", SHAPES.name))


def _rows(names: Sequence[str] | None, rows: Sequence[Row]) -> tuple[tuple[Row, ...], bool]:
    """The rows, and whether the cost is wanted too."""
    names = _names(names)
    if names is None:
        return find_rows(None, rows), True
    rest = [name for name in names if name != COST]
    return (find_rows(rest, rows) if rest or COST not in names else ()), COST in names


def _names(typed: Sequence[str] | None) -> list[str] | None:
    """Names as typed, with spaces or commas between them."""
    return None if typed is None else [part for name in typed for part in name.split(",") if part]


def _check_output(args: argparse.Namespace) -> Path:
    """The journal's path; refuses to lose an earlier run."""
    journal: Path = args.output.with_suffix(".jsonl")
    for path in (args.output, journal):
        if path.exists() and not (args.resume or args.overwrite):
            raise OutputError(
                f"{path} is there already. Use --resume to go on with it, --overwrite, or another --output."
            )
    return journal


def _sources(names: Sequence[str] | None, rows: Sequence[Row | Task], with_cost: bool) -> list[str]:
    """The sources that are wanted; no model is loaded where only ceilings are asked for."""
    for name in names or ():
        if name not in SOURCES:
            raise SettingError(f"no source {name!r}; the sources are {', '.join(SOURCES)}.")
    needless = set() if with_cost or any(row.name != CEILINGS.name for row in rows) else {"generated"}
    return [name for name in SOURCES if name not in needless and (names is None or name in names)]


@dataclass(frozen=True)
class Setup:
    """What makes the clips, and all that the grades depend on."""

    world: World
    size: ClipSize
    sources: Mapping[str, Source]
    settings: Mapping[str, Any]


def _prepare(args: argparse.Namespace, wanted: Sequence[str]) -> Setup:
    if "generated" in wanted:
        return _with_model(args, wanted)[0]
    world = _world(args)
    size = ClipSize(**{name: value for name, value in _shape(args).items() if value is not None})
    sources: dict[str, Source] = {"rendered": rendered(world, size)}
    about: dict[str, Any] = {"model": None}
    if "reconstructed" in wanted:
        from minisora.models.storage import checkpoint_hash, find_folder, load_config, load_part

        folder = find_folder(args.model)
        about = {"checkpoint": checkpoint_hash(load_config(folder))[:16]}
        sources["reconstructed"] = reconstructed(world, size, load_part(folder, "autoencoder"))
    return Setup(world, size, {name: sources[name] for name in wanted}, _settings(args, size, about))


def _with_model(args: argparse.Namespace, wanted: Sequence[str]) -> "tuple[Setup, TextToVideoPipeline]":
    from minisora.models.storage import checkpoint_hash
    from minisora.pipeline import TextToVideoPipeline

    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())  # where --denoiser's module lies
    own = load_denoiser(args.denoiser) if args.denoiser else None
    pipe = TextToVideoPipeline.from_pretrained(args.model, dtype=args.dtype, denoiser=own)
    pipe.recommend(layout_candidates=args.candidates)
    call = pipe.settings(**_shape(args), num_inference_steps=args.steps, guidance_scale=args.guidance)
    size = ClipSize(call.num_frames, call.height, call.width, call.fps)
    sources = {
        "rendered": rendered(pipe.world, size),
        "reconstructed": reconstructed(pipe.world, size, pipe.autoencoder, pipe.device),
        "generated": generated(generate_with(pipe, **_call(args))),
    }
    about = {
        "checkpoint": checkpoint_hash(pipe.parts.config)[:16],
        "steps": call.num_inference_steps,
        "guidance": call.guidance_scale,
        "candidates": call.layout_candidates,
        "dtype": str(pipe.dtype).removeprefix("torch."),
    }
    return Setup(pipe.world, size, {name: sources[name] for name in wanted}, _settings(args, size, about)), pipe


def _shape(args: argparse.Namespace) -> dict[str, Any]:
    return {"num_frames": args.num_frames, "height": args.height, "width": args.width, "fps": args.fps}


def _call(args: argparse.Namespace) -> dict[str, Any]:
    """Arguments of the pipeline's call: what was typed, the rest is the model's own."""
    given = {**_shape(args), "num_inference_steps": args.steps, "guidance_scale": args.guidance}
    given["expand_prompt"] = args.expand_prompt or None
    return {name: value for name, value in given.items() if value is not None}


def _settings(args: argparse.Namespace, size: ClipSize, about: Mapping[str, Any]) -> dict[str, Any]:
    """All that the records depend on; not how many there are, so that a larger --num goes on with a smaller one."""
    shape = f"{size.num_frames} frames, {size.height}x{size.width}, {size.fps:g} fps"
    return {
        "minisora": __version__, "model": args.model, "denoiser": args.denoiser, "seed": args.seed,
        "clip": shape, "expand_prompt": args.expand_prompt, **about,
    }  # fmt: skip


# --- work -------------------------------------------------------------------------------------------------------------


def _grade(args: argparse.Namespace, setup: Setup, rows: tuple[Row, ...], num: int, journal_path: Path) -> list[Record]:
    journal = Journal(journal_path, setup.settings, resume=args.resume and not args.overwrite)
    plan = Plan(setup.world, rows, num, args.seed, args.batch, setup.size)
    without = sum(row.name == CEILINGS.name and "generated" in setup.sources for row in rows)
    with tqdm(total=num * (len(rows) * len(setup.sources) - without), unit="clip", disable=None) as bar:

        def progress(row: str, source: str, clips: int) -> None:
            bar.set_description_str(f"{row}, {source}")
            bar.update(clips)

        return evaluate(plan, setup.sources, journal, progress)


def _write(path: Path, data: Mapping[str, Any]) -> None:
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}. Use another --output.") from error


if __name__ == "__main__":
    sys.exit(main())
