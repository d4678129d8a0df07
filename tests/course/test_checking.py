"""What an exercise says to answers of every kind, and that it never says it in a traceback."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from minisora.course.checking import Exercise, Symptom, attempt, exercise, near, require, same_shape, unsolved


def twice(x: Tensor) -> Tensor:
    return 2 * x


@exercise(instead=twice)
def double(yours: Any) -> Iterator[str]:
    """Twice the value."""
    got = attempt(yours, torch.ones(3))
    same_shape(got, (3,), "Twice a vector of three")
    yield "the shape is right"
    require(not near(got, torch.ones(3)), "You gave back what came in. Where is the factor?")
    require(near(got, 2 * torch.ones(3)), "Twice 1 should be 2.")
    yield "1 becomes 2"


def test_a_right_answer_is_handed_back(capsys: pytest.CaptureFixture[str]) -> None:
    mine = lambda x: x + x  # noqa: E731
    assert double(mine) is mine
    assert capsys.readouterr().out == "✓ the shape is right\n✓ 1 becomes 2\n✓ double is right.\n"
    double.assert_passed()


def test_a_wrong_answer_says_what_is_right_and_what_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert double(lambda x: x) is twice
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["✓ the shape is right", "✗ You gave back what came in. Where is the factor?"]
    assert lines[2] == "→ Until yours is right, the cells below use minisora's `double`."
    with pytest.raises(AssertionError, match="factor"):
        double.assert_passed()


def test_a_stub_is_not_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    def stub(x: Tensor) -> Tensor:
        """Twice x."""
        ...

    assert unsolved(stub)
    assert unsolved(...)
    assert not unsolved(twice)
    assert not unsolved(3)
    assert double(stub) is twice
    assert capsys.readouterr().out.startswith("○ double is not written yet")


def test_the_stub_of_nbgrader_is_not_written_either() -> None:
    def stub(x: Tensor) -> Tensor:
        raise NotImplementedError

    assert str(double.answer(stub)).startswith("○ double is not written yet")


def test_points_need_a_run() -> None:
    with pytest.raises(AssertionError, match="was not run") as caught:
        Exercise(lambda yours: iter(())).assert_passed()
    assert caught.value._render_traceback_() == ["No points yet.\nThe cell with <lambda> was not run."]


def no_return(x: Tensor) -> None:
    _ = 2 * x


def dots_left(x: Tensor) -> Any:
    factor: Any = ...
    return factor * x


def changes(x: Tensor) -> Tensor:
    x *= 2
    return x


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (no_return, "gave nothing back"),
        (dots_left, "still a `...` in dots_left at `return factor * x`"),
        (changes, "changed what it was given"),
        (lambda: 0, "with TypeError"),
        (lambda x: x.nothing, "with AttributeError"),
        (lambda x: x[:2], "should have the shape (3,); yours has (2,)"),
        (lambda x: 2, "should be a tensor of shape (3,); yours is a int"),
        (lambda x: ..., "the `...` itself"),
        (3, "with TypeError: 'int' object is not callable"),
    ],
)
def test_mishaps_are_one_sentence(wrong: Any, says: str) -> None:
    answer = double.answer(wrong)
    assert says in str(answer.symptom)
    assert len(str(answer).splitlines()) <= 3


def test_what_cannot_be_compared_is_a_symptom_too() -> None:
    @exercise()
    def fragile(yours: Any) -> Iterator[str]:
        """Looks into what it is given."""
        yield f"{yours['key']}"

    answer = fragile.answer({})
    assert "could not be compared (KeyError" in str(answer.symptom)
    assert fragile({}) == {}  # nothing stands in for it


def test_a_check_leaves_random_numbers_alone() -> None:
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    double.answer(lambda x: x + torch.rand(3))
    assert torch.equal(torch.rand(1), wanted)


def test_what_a_function_prints_while_it_is_tried_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    double.answer(lambda x: print("noise") or 2 * x)
    assert capsys.readouterr().out == ""


def test_require_raises_the_sentence() -> None:
    with pytest.raises(Symptom, match="so"):
        require(False, "so")
