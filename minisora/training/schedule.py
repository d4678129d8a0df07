"""Learning rate over a training: up, level, down to zero."""


def trapezoid_at(progress: float, warm: float = 0.02, decay: float = 0.4) -> float:
    """A factor of the learning rate.

    Args:
        progress: share of the training that is done, 0…1.
        warm: share over which the factor rises from 0 (never quite 0) to 1.
        decay: last share, over which it falls to 0.
    Returns:
        0…1.
    """
    up = (progress + 1e-3) / warm if warm > 0 else 1.0
    down = (1 - progress) / decay if decay > 0 else 1.0
    return max(0.0, min(1.0, up, down))
