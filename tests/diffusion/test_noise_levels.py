"""Times of latent frames: the mixture of training and the plans of sampling."""

import pytest
import torch

from minisora.diffusion.noise_levels import (
    LayoutMixture,
    NoiseMixture,
    chunked,
    full_sequence,
    hold_context,
    pyramid,
    sample_joint_levels,
    sample_levels,
)
from minisora.errors import SettingError, ShapeError

ROWS = 20_000


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def only_pattern(pattern: str) -> NoiseMixture:
    shares = dict.fromkeys(("same", "context", "independent", "rising"), 0.0)
    return NoiseMixture(**{**shares, pattern: 1.0})


def test_patterns_have_their_shares() -> None:
    time, is_context = sample_levels(ROWS, 5, NoiseMixture(), generator())
    equal = (time == time[:, :1]).all(dim=1)
    context = is_context.any(dim=1)
    rising = (time.diff(dim=1) >= 0).all(dim=1) & ~equal & ~context
    independent = ~(equal | context | rising)
    shares = [x.double().mean().item() for x in (equal & ~context, context, independent, rising)]
    assert shares == pytest.approx([0.45, 0.35, 0.10, 0.10], abs=0.012)  # 3.5 standard errors
    assert time.min() >= 0
    assert time.max() <= 1


def test_context_is_nearly_clean_with_one_time_and_the_rest_has_another() -> None:
    time, is_context = sample_levels(ROWS, 5, only_pattern("context"), generator())
    assert is_context.any(dim=1).all()
    assert (~is_context).any(dim=1).all()
    low = time.masked_fill(~is_context, -1).amax(dim=1, keepdim=True)
    assert ((time == low) | ~is_context).all()
    assert low.max() <= 0.1
    assert low.mean().item() == pytest.approx(0.05, abs=0.002)
    high = time.masked_fill(is_context, -1).amax(dim=1, keepdim=True)
    assert ((time == high) | is_context).all()


def test_context_is_a_prefix_a_suffix_both_ends_or_any() -> None:
    _, given = sample_levels(ROWS, 5, only_pattern("context"), generator())
    rows = {"".join("x" if flag else "." for flag in row) for row in given.tolist()}
    assert len(rows) == 2**5 - 2  # every pattern but none and all
    prefix = torch.tensor([[True, True, False, False, False]])
    share = (given == prefix).all(dim=1).double().mean().item()
    assert share == pytest.approx(1 / 4 / 4 + 1 / 4 / 4 / 10, abs=0.007)  # as a prefix, or as 2 of any 5
    ends = torch.tensor([[True, False, False, False, True]])
    share = (given == ends).all(dim=1).double().mean().item()
    assert share == pytest.approx(1 / 4 / 3 / 3 + 1 / 4 / 4 / 10, abs=0.006)


def test_rising_rises_and_independent_does_not() -> None:
    time, _ = sample_levels(ROWS, 4, only_pattern("rising"), generator())
    assert (time.diff(dim=1) >= 0).all()
    time, _ = sample_levels(ROWS, 4, only_pattern("independent"), generator())
    correlation = torch.corrcoef(time.T).fill_diagonal_(0)
    assert correlation.abs().max() < 0.03


def test_an_image_has_one_plain_time() -> None:
    time, is_context = sample_levels(ROWS, 1, NoiseMixture(), generator())
    assert time.shape == is_context.shape == (ROWS, 1)
    assert not is_context.any()
    logit = (time / (1 - time)).log()
    assert logit.mean().item() == pytest.approx(torch.tensor(3.0).log().item(), abs=0.03)


def test_two_frames_have_context_too() -> None:
    _, given = sample_levels(ROWS, 2, only_pattern("context"), generator())
    assert (given.sum(dim=1) == 1).all()


def test_levels_depend_on_the_generator_alone() -> None:
    torch.manual_seed(1)
    one = sample_levels(64, 5, NoiseMixture(), generator(7))
    torch.manual_seed(2)
    two = sample_levels(64, 5, NoiseMixture(), generator(7))
    other = sample_levels(64, 5, NoiseMixture(), generator(8))
    assert torch.equal(one.time, two.time)
    assert torch.equal(one.is_context, two.is_context)
    assert not torch.equal(one.time, other.time)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"same": 0.5}, "Use same=0.45"),
        ({"same": -0.1, "context": 0.9}, "below 0"),
        ({"same": float("nan")}, "below 0"),
        ({"context_time": 1.0}, "context_time"),
        ({"shift": 0.0}, "shift"),
    ],
)
def test_a_mixture_that_cannot_be_is_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        NoiseMixture(**change)


def test_full_sequence_written_by_hand() -> None:
    plan = full_sequence(4, 2, shift=1.0)
    hand = torch.tensor([1, 0.75, 0.5, 0.25, 0], dtype=torch.float64)
    torch.testing.assert_close(plan, hand[:, None].expand(5, 2))
    shifted = full_sequence(4, 2, shift=3.0)
    torch.testing.assert_close(shifted[:, 0], torch.tensor([1, 0.9, 0.75, 0.5, 0], dtype=torch.float64))


def test_chunks_follow_each_other() -> None:
    plan = chunked(2, 3, chunk=2, shift=1.0)
    hand = [[1, 1, 1], [0.5, 0.5, 1], [0, 0, 1], [0, 0, 0.5], [0, 0, 0]]
    torch.testing.assert_close(plan, torch.tensor(hand, dtype=torch.float64))


def test_pyramid_staggers_the_frames() -> None:
    plan = pyramid(2, 3, delay=1, shift=1.0)
    hand = [[1, 1, 1], [0.5, 1, 1], [0, 0.5, 1], [0, 0, 0.5], [0, 0, 0]]
    torch.testing.assert_close(plan, torch.tensor(hand, dtype=torch.float64))
    assert torch.equal(pyramid(5, 3, delay=0), full_sequence(5, 3))


def test_held_context_stays_and_idle_steps_go() -> None:
    plan = hold_context(chunked(2, 3, chunk=2, shift=1.0), torch.tensor([True, True, False]), 0.05)
    hand = [[0.05, 0.05, 1], [0.05, 0.05, 0.5], [0.05, 0.05, 0]]
    torch.testing.assert_close(plan, torch.tensor(hand, dtype=torch.float64))


def test_a_plan_that_cannot_be_is_refused() -> None:
    for make in (
        lambda: full_sequence(0, 5),
        lambda: full_sequence(4, 0),
        lambda: chunked(4, 5, chunk=0),
        lambda: pyramid(4, 5, delay=-1),
        lambda: full_sequence(4, 5, shift=-1.0),
        lambda: hold_context(full_sequence(4, 2), torch.ones(2, dtype=torch.bool)),
        lambda: hold_context(full_sequence(4, 2), torch.tensor([True, False]), 1.0),
        lambda: sample_levels(0, 5, NoiseMixture(), generator()),
    ):
        with pytest.raises(SettingError, match=r"Use|Leave"):
            make()
    with pytest.raises(ShapeError, match="one for each latent frame"):
        hold_context(full_sequence(4, 2), torch.tensor([True]))


def test_layout_shares_and_times() -> None:
    mixture = LayoutMixture(along=0.5, without=0.2, read=0.3, layout_time=0.1)
    levels = sample_joint_levels(4000, 5, NoiseMixture(), mixture, torch.Generator().manual_seed(0))
    time = levels.layout_time[:, 0]
    assert (levels.layout_time == levels.layout_time[:, :1]).all()
    along, without = time <= 0.1, time == 1
    assert along.float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert without.float().mean().item() == pytest.approx(0.2, abs=0.03)
    ahead = ~along & ~without & ((levels.video.time == 1) | levels.video.is_context).all(dim=1)
    assert ahead.float().mean().item() == pytest.approx(0.15, abs=0.03)
    assert levels.video.is_context[ahead].any(dim=1).all()
    assert (levels.video.time[ahead][levels.video.is_context[ahead]] <= 0.1).all()


def test_an_image_has_no_frames_to_plan_ahead_from() -> None:
    read = LayoutMixture(along=0.0, without=0.0, read=1.0)
    levels = sample_joint_levels(50, 1, NoiseMixture(), read, torch.Generator().manual_seed(0))
    assert not levels.video.is_context.any()
    assert (levels.video.time < 1).all()


@pytest.mark.parametrize("change", [{"along": 0.9}, {"read": -0.1, "along": 1.0}, {"layout_time": 1.0}])
def test_a_layout_mixture_that_cannot_be_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(SettingError, match="Use"):
        LayoutMixture(**change)
