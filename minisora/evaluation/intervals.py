"""How sure a share is: Wilson's interval, which stays honest near 0 and 1 and for few clips."""

import math

from minisora.errors import SettingError

__all__ = ["wilson_interval"]

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution


def wilson_interval(right: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The shares of which `right` of `total` is no surprise.

    Args:
        right: successes, 0…total.
        total: trials; 0 of 0 gives (0, 1), since nothing is known.
        z: standard deviations on each side; the default is 95 %.
    Returns:
        Lower and upper end, within 0…1.
    Raises:
        SettingError: `right` is not within 0…total.
    Source: Wilson 1927, Journal of the American Statistical Association 22, page 209.
    """
    if not 0 <= right <= total:
        raise SettingError(f"right={right} of total={total}, but it is at least 0 and at most {max(total, 0)}.")
    if total == 0:
        return 0.0, 1.0
    share, square = right / total, z * z / total
    middle = (share + square / 2) / (1 + square)
    reach = z / (1 + square) * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low = 0.0 if right == 0 else middle - reach
    high = 1.0 if right == total else middle + reach
    return low, high
