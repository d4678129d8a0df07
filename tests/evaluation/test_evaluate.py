"""A model that draws the truth scores 100 %, one that does not scores less, and a killed run goes on."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.evaluation import (
    ROWS,
    ClipSize,
    Example,
    Journal,
    Plan,
    evaluate,
    find_rows,
    generated,
    quick_grade,
    reconstructed,
    rendered,
    score,
)
from minisora.world import SHAPES

SIZE = ClipSize()
NUM = 5


def share(source: Callable[[Sequence[Example]], Tensor], *names: str, num: int = NUM) -> float:
    """Every word right over some rows."""
    plan = Plan(rows=find_rows(names), num=num)
    return score(evaluate(plan, {"generated": source})).share


@pytest.mark.parametrize("row", [row.name for row in ROWS[1:]])
def test_the_truth_scores_everything(row: str, oracle: Callable[..., Callable[..., Tensor]]) -> None:
    assert share(generated(oracle()), row) >= 0.8  # the grader itself errs in one scene of hundreds


DAMAGES = {
    "noise": lambda clip: torch.randint(0, 256, clip.shape, dtype=torch.uint8),
    "black": torch.zeros_like,
    "frozen": lambda clip: clip[:1].expand_as(clip).contiguous(),
    "red and blue exchanged": lambda clip: clip.flip(-1).contiguous(),
    "four of each": lambda clip: clip[:, ::2, ::2].repeat(1, 2, 2, 1),
    "upside down": lambda clip: clip.flip(1).contiguous(),
}


@pytest.mark.parametrize("name", list(DAMAGES))
def test_damage_costs_words(name: str, oracle: Callable[..., Callable[..., Tensor]]) -> None:
    assert share(generated(oracle(DAMAGES[name])), "one", num=8) <= 0.7


def test_a_still_clip_loses_motions_and_keeps_colours(oracle: Callable[..., Callable[..., Tensor]]) -> None:
    plan = Plan(rows=find_rows(["one"]), num=8)
    parts = score(evaluate(plan, {"generated": generated(oracle(DAMAGES["frozen"]))})).parts
    assert parts["colour"].share == parts["shape"].share == parts["background"].share == 1
    assert parts["motion"].share < 0.4


def test_a_model_that_ignores_the_words_is_found_out(oracle: Callable[..., Callable[..., Tensor]]) -> None:
    truth = generated(oracle())

    def shuffled(examples: Sequence[Example]) -> Tensor:
        return truth(examples).roll(1, dims=0)

    assert share(shuffled, "one", "two") < 0.2


def test_ceilings_have_no_model_and_the_reconstruction_has_measures() -> None:
    class Blur:
        """Loses every other row and column."""

        def encode(self, video: Tensor) -> Tensor:
            return video[:, :, ::2, ::2]

        def decode(self, latents: Tensor) -> Tensor:
            return latents.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)

    def never(examples: Sequence[Example]) -> Tensor:
        raise AssertionError

    sources = {
        "rendered": rendered(SHAPES, SIZE),
        "reconstructed": reconstructed(SHAPES, SIZE, Blur()),
        "generated": never,
    }
    records = evaluate(Plan(rows=find_rows(["ceilings"]), num=8), sources)
    assert [record.source for record in records] == ["rendered"] * 8 + ["reconstructed"] * 8
    assert all(record.right for record in records[:8])
    assert not any(record.measures for record in records[:8])
    assert all(15 < record.measures["psnr"] < 40 for record in records[8:])
    edges = [record.measures["edge"] for record in records[8:] if "edge" in record.measures]
    assert edges
    assert min(edges) > 0.2
    assert {record.measures["flicker"] for record in records[8:] if "flicker" in record.measures} == {0}


def test_no_grade_depends_on_the_batch(oracle: Callable[..., Callable[..., Tensor]]) -> None:
    source = generated(oracle(DAMAGES["upside down"]))
    rows = find_rows(["one"])
    runs = [evaluate(Plan(rows=rows, num=4, batch=batch), {"generated": source}) for batch in (1, 3, 50)]
    assert runs[0] == runs[1] == runs[2]


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, oracle: Callable[..., Callable[..., Tensor]]) -> None:
    path = tmp_path / "run.jsonl"
    plan = Plan(rows=find_rows(["one", "two"]), num=5, batch=2)
    model = oracle(DAMAGES["upside down"])
    truth = generated(model)
    whole = evaluate(plan, {"generated": truth})

    def killed(examples: Sequence[Example]) -> Tensor:
        if examples[0].row == "two" and examples[0].index >= 2:
            raise KeyboardInterrupt
        return truth(examples)

    with pytest.raises(KeyboardInterrupt):
        evaluate(plan, {"generated": killed}, Journal(path, {"seed": 0}))
    model.texts.clear()  # type: ignore[attr-defined]
    seen: list[tuple[str, str, int]] = []
    resumed = evaluate(
        plan, {"generated": truth}, Journal(path, {"seed": 0}, resume=True), lambda *news: seen.append(news)
    )
    assert resumed == whole
    assert len(model.texts) == 3  # type: ignore[attr-defined]
    assert sum(clips for _, _, clips in seen) == 10
    model.texts.clear()  # type: ignore[attr-defined]
    assert evaluate(plan, {"generated": truth}, Journal(path, {"seed": 0}, resume=True)) == whole
    assert not model.texts  # type: ignore[attr-defined]


def test_more_clips_go_on_with_fewer(oracle: Callable[..., Callable[..., Tensor]]) -> None:
    source, rows = {"generated": generated(oracle())}, find_rows(["one"])
    assert evaluate(Plan(rows=rows, num=6), source)[:3] == evaluate(Plan(rows=rows, num=3), source)


@pytest.mark.parametrize(
    "wrong", [torch.zeros(2, 17, 64, 64, 3), torch.zeros(3, 17, 64, 64, 3, dtype=torch.uint8), torch.zeros(2, 17)]
)
def test_what_is_no_clip_is_refused(wrong: Tensor) -> None:
    with pytest.raises(ShapeError, match="is graded"):
        evaluate(Plan(rows=find_rows(["one"]), num=2), {"generated": generated(lambda texts, seeds: wrong)})


# --- while training ---------------------------------------------------------------------------------------------------


def test_quick_grade_gives_shares_for_a_logger(oracle: Callable[..., Callable[..., Tensor]]) -> None:
    shares = quick_grade(oracle(), kinds=("one", "relation"), num=3)
    assert shares["one"] == shares["relation"] == shares["relation/relation"] == shares["one/motion"] == 1
    assert quick_grade(oracle(torch.zeros_like), kinds=("one",), num=4)["one"] == 0


def test_quick_grade_is_the_same_at_each_call_and_other_for_another_seed(
    oracle: Callable[..., Callable[..., Tensor]],
) -> None:
    first, second, third = (oracle(seed=seed) for seed in (0, 0, 5))
    for model, seed in ((first, 0), (second, 0), (third, 5)):
        quick_grade(model, num=2, seed=seed)
    assert first.texts == second.texts != third.texts  # type: ignore[attr-defined]


def test_quick_grade_refuses_an_unknown_kind() -> None:
    with pytest.raises(SettingError, match="'ones'"):
        quick_grade(lambda texts, seeds: torch.zeros(1), kinds=("ones",))
