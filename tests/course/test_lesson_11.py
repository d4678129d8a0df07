"""Typical wrong answers to the exercises of lesson 11, and what is said to each."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from minisora.course.checking import Exercise
from minisora.course.checks import lesson_11 as check
from minisora.models.layers import rotary_angles
from tests.course.answers import symptom


def turned(order: tuple[int, int, int], slower: bool = True) -> Any:
    """Rotary angles whose axes come in another order."""

    def angles(coordinates: Any, pairs: Any, base: float) -> Tensor:
        shape = torch.broadcast_shapes(*(c.shape for c in coordinates))
        chosen = [coordinates[k].expand(shape) for k in order]
        return rotary_angles(chosen, pairs, base if slower else 1.0)

    return angles


def every_axis_everywhere(coordinates: Any, pairs: Any, base: float) -> Tensor:
    total = sum(c.expand(torch.broadcast_shapes(*(x.shape for x in coordinates))) for c in coordinates)
    return rotary_angles((total,), (sum(pairs),), base)


def sliced(first: int, stop: int) -> Any:
    """Windows of the frames from i + first to i + stop."""

    def windows(clips: Tensor) -> tuple[Tensor, Tensor]:
        seen = [clips[:, max(i + first, 0) : max(i + first, 0) + stop - first] for i in range(2, clips.shape[1])]
        return torch.stack(seen, dim=1).flatten(0, 1), clips[:, 2:].flatten(0, 1)

    return windows


def around(clips: Tensor) -> tuple[Tensor, Tensor]:
    seen = torch.stack([clips[:, [i - 2, i]] for i in range(2, clips.shape[1])], dim=1)
    return seen.flatten(0, 1), clips[:, 2:].flatten(0, 1)


def reaching(clips: Tensor) -> tuple[Tensor, Tensor]:
    seen = torch.stack([clips[:, i - 2 : i] for i in range(2, clips.shape[1])], dim=1)
    return seen.flatten(0, 1), clips[:, 1:-1].flatten(0, 1)


def backwards(clips: Tensor) -> tuple[Tensor, Tensor]:
    seen, following = check.windows.instead(clips)
    return seen.flip(1), following


def not_flat(clips: Tensor) -> tuple[Tensor, Tensor]:
    seen = torch.stack([clips[:, i - 2 : i] for i in range(2, clips.shape[1])], dim=1)
    return seen, clips[:, 2:]


def brought_back(formula: Any) -> Any:
    def to_pixels(latents: Tensor, autoencoder: Any) -> Tensor:
        raw = formula(latents, autoencoder.latent_mean, autoencoder.latent_std)
        return ((autoencoder.decode_raw(raw).clamp(-1, 1) + 1) * 127.5).round().byte()

    return to_pixels


def as_floats(latents: Tensor, autoencoder: Any) -> Tensor:
    video = autoencoder.decode_raw(latents * autoencoder.latent_std + autoencoder.latent_mean)
    return ((video.clamp(-1, 1) + 1) * 127.5).round()


TRUTH = {"A": "variance", "B": "healthy", "C": "no null caption", "D": "guidance twice", "E": "unscaled"}

WRONG: list[tuple[Exercise, Any, str]] = [
    (check.step, lambda noisy, clean, now, after: noisy + (now - after) * (noisy - clean) / now, "away from it"),
    (check.step, lambda noisy, clean, now, after: noisy + (after - now) * (noisy - clean), "did not divide"),
    (check.step, lambda noisy, clean, now, after: clean, "all the way"),
    (check.step, lambda noisy, clean, now, after: noisy - clean, "not a place"),
    (check.step, lambda noisy, clean, now, after: noisy, "half the time"),
    (check.measure, lambda latents: (latents.mean(0), latents.var(0)), "unit is a variance"),
    (check.measure, lambda latents: (latents.std(0), latents.mean(0)), "change places"),
    (check.measure, lambda latents: (latents.mean(0), latents.std().expand(3)), "Over which axis"),
    (check.measure, lambda latents: (latents.mean(0), latents.square().mean(0).sqrt()), "not from zero"),
    (check.measure, lambda latents: (latents.mean(0), (latents - latents.mean(0)).abs().mean(0)), "Which mean"),
    (check.measure, lambda latents: (latents.mean(0), latents.std(0).sqrt()), "One root too many"),
    (check.measure, lambda latents: latents.std(0), "Two things"),
    (check.measure, lambda latents: (latents.mean(), latents.std(0)), "should have the shape (3,)"),
    (check.to_pixels, brought_back(lambda z, mean, std: z), "has to be added"),
    (check.to_pixels, brought_back(lambda z, mean, std: (z + mean) * std), "Which of the two is undone first"),
    (check.to_pixels, brought_back(lambda z, mean, std: z * std - mean), "taken away"),
    (check.to_pixels, brought_back(lambda z, mean, std: z + mean), "the spread is not"),
    (check.to_pixels, brought_back(lambda z, mean, std: z / std + mean), "divides by the spread once more"),
    (check.to_pixels, brought_back(lambda z, mean, std: z * std), "has to be added"),
    (check.to_pixels, as_floats, "Pixels are uint8"),
    (check.words_for, lambda words, share, draws: words, "No word was left out"),
    (check.words_for, lambda words, share, draws: torch.where(draws > share, check.NOTHING, words), "Four of six"),
    (check.words_for, lambda words, share, draws: torch.where(draws < share, 0, words), "became word 0"),
    (check.words_for, lambda words, share, draws: words[draws >= share], "belong to other clips"),
    (check.words_for, lambda words, share, draws: torch.full_like(words, check.NOTHING), "Every word was left out"),
    (check.words_for, lambda words, share, draws: torch.where(draws < 0.2, check.NOTHING, words), "At a share of 0"),
    (check.start_average, dict, "two names for one"),
    (check.start_average, lambda weights: {name: w.detach() for name, w in weights.items()}, "two names for one"),
    (check.start_average, lambda weights: {name: w.data for name, w in weights.items()}, "moved with them"),
    (check.start_average, lambda weights: {name: w * 0 for name, w in weights.items()}, "begins at 0"),
    (check.start_average, lambda weights: {name: w + 1 for name, w in weights.items()}, "values that the weights have"),
    (check.start_average, lambda weights: {name: w.clone() for name, w in weights.items()}, "graph along"),
    (check.start_average, lambda weights: list(weights.values()), "a dict"),
    (check.start_average, lambda weights: {"weight": weights["weight"].detach().clone()}, "the names"),
    (check.rotary_angles, turned((2, 2, 2)), "in two frames gets the same"),
    (check.rotary_angles, turned((0, 0, 0)), "the one below it"),
    (check.rotary_angles, turned((0, 1, 1)), "the one beside it"),
    (check.rotary_angles, turned((2, 1, 0)), "columns turn the pairs"),
    (check.rotary_angles, turned((0, 2, 1)), "down 1, across 2"),
    (check.rotary_angles, turned((0, 1, 2), slower=False), "turn alike"),
    (check.rotary_angles, every_axis_everywhere, "turn its own pairs only"),
    (check.rotary_angles, lambda coordinates, pairs, base: coordinates[0], "should have the shape"),
    (check.windows, sliced(-1, 1), "The answer can be seen"),
    (check.windows, around, "The answer can be seen"),
    (check.windows, reaching, "The answer can be seen"),
    (
        check.windows,
        lambda clips: (clips[:, :6].unflatten(1, (3, 2)).flatten(0, 1), clips[:, 2:].flatten(0, 1)),
        "shape",
    ),
    (check.windows, backwards, "the older one first"),
    (check.windows, not_flat, "should have the shape (12, 2, 2, 2)"),
    (check.windows, sliced(-4, -2), "in yours"),
    (
        check.guide,
        lambda words, without, scale: without + scale * scale * (words - without),
        "How often does the scale",
    ),
    (check.guide, lambda words, without, scale: words + scale * (words - without), "which guess should come out"),
    (check.guide, lambda words, without, scale: without - scale * (words - without), "away from what the words say"),
    (check.guide, lambda words, without, scale: scale * (words - without), "without a place to start"),
    (check.guide, lambda words, without, scale: words, "yours gives 2"),
    (check.diagnosis, {**TRUTH, "A": "sign"}, "4 of 5 are right"),
    (check.diagnosis, dict.fromkeys("ABCDE", "healthy"), "1 of 5 are right"),
    (check.diagnosis, {"A": "sign"}, "no diagnosis of B, C, D, E"),
    (check.diagnosis, {**TRUTH, "B": "tired"}, "tired is on no list"),
    (check.diagnosis, ["variance"], "The answer is a dict"),
]


@pytest.mark.parametrize(("exercise", "wrong", "says"), WRONG)
def test_a_wrong_answer_gets_its_own_sentence(exercise: Exercise, wrong: Any, says: str) -> None:
    assert says in symptom(exercise, wrong)


def test_other_ways_to_the_same_answer_pass() -> None:
    def from_clean(noisy: Tensor, clean: Tensor, now: Tensor, after: Tensor) -> Tensor:
        return clean + after / now * (noisy - clean)

    def by_hand(latents: Tensor) -> tuple[Tensor, Tensor]:
        mean = latents.mean(0)
        return mean, (latents - mean).square().mean(0).sqrt()

    def by_the_package(latents: Tensor, autoencoder: Any) -> Tensor:
        return ((autoencoder.decode(latents) + 1) * 127.5).round().to(torch.uint8)

    assert check.step.answer(from_clean).passed
    assert check.measure.answer(by_hand).passed
    assert check.to_pixels.answer(by_the_package).passed
    assert check.guide.answer(lambda words, without, scale: scale * words + (1 - scale) * without).passed
    assert check.diagnosis.answer(TRUTH).passed


def test_one_question_tells_all_patients_apart() -> None:
    def network(noisy: Tensor, time: Tensor, has_words: bool) -> Tensor:
        return torch.full_like(noisy, 3.0 if has_words else 1.0)

    answers = {
        letter: round(patient(network, torch.zeros(1), [1, 0.5, 0], 2.0, 10.0, 5.0).item())
        for letter, patient in check.patients.items()
    }
    assert answers == {"A": 135, "B": 35, "C": 25, "D": 55, "E": 5}


def test_the_first_question_tells_none_apart() -> None:
    for patient in check.patients.values():
        assert patient(lambda *_: torch.ones(1), torch.zeros(1), [1, 0.5, 0], 1.0, 0.0, 1.0).item() == 1


def test_the_sick_average_is_the_weights_themselves() -> None:
    weights = dict(nn.Linear(2, 2).named_parameters())
    average = dict(weights)
    with torch.no_grad():
        for name, weight in weights.items():
            weight.add_(1.0)
            average[name].lerp_(weight, 0.02)
    assert all(torch.equal(average[name], weight) for name, weight in weights.items())
