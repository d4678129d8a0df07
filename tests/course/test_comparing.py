"""Code in lessons and code in the package: what counts as the same, and how a drift is named."""

import pytest

from minisora.course.comparing import drifted
from minisora.errors import DataError

FLOW = "minisora.diffusion.flow"
SAME = "def loss_weight(time):\n    return 0.3 + 0.7 * (1 - time)"


def test_docstrings_annotations_and_guards_do_not_count() -> None:
    assert drifted(SAME, FLOW) == []
    assert drifted("def velocity_target(clean, noise):\n    return noise - clean", FLOW) == []
    shift = "def shift_times(time, shift):\n    'Towards noise.'\n    return shift * time / (1 + (shift - 1) * time)"
    assert drifted(shift, FLOW) == []


def test_a_drift_names_the_function_and_shows_the_packages() -> None:
    (fault,) = drifted(SAME.replace("0.7", "0.6"), FLOW)
    assert fault.startswith("loss_weight differs from minisora.diffusion.flow.loss_weight")
    assert "0.7" in fault
    assert drifted("def loss_wait(time):\n    return time", FLOW) == ["minisora.diffusion.flow has no loss_wait"]


def test_the_names_and_defaults_of_parameters_count() -> None:
    assert drifted("def loss_weight(t):\n    return 0.3 + 0.7 * (1 - t)", FLOW)
    assert drifted(SAME.replace("(time)", "(time=0)", 1), FLOW)


def test_a_mistaken_mark_is_refused() -> None:
    with pytest.raises(DataError, match="no module"):
        drifted(SAME, "minisora.diffusion.flows")
    with pytest.raises(DataError, match="defines no function"):
        drifted("x = 1", FLOW)
