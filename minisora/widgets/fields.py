"""Numbers as they come from the fields of a page: what is no number arrives as it was typed."""

from collections.abc import Mapping
from typing import Any

from minisora.errors import SettingError

__all__ = ["read_number", "read_seed", "read_whole"]


def read_whole(fields: Mapping[str, Any], name: str, usual: int, label: str | None = None) -> int:
    """A whole number from a field.

    Args:
        fields: what stands in them.
        name: of the field.
        usual: for the message.
        label: what the page calls it; None is the name.
    Returns:
        The number.
    Raises:
        SettingError: it holds something else.
    """
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise SettingError(f"The field {label or name!r} holds no whole number. Type one, for example {usual}.")
    return value


def read_number(fields: Mapping[str, Any], name: str, usual: float) -> float | None:
    """A number from a field that may be left empty.

    Args:
        fields, name, usual: as above.
    Returns:
        The number; None where the field is empty.
    Raises:
        SettingError: it holds something else.
    """
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise SettingError(f"The field {name!r} holds no number. Type one, for example {usual:g}, or leave it empty.")
    return float(value)


def read_seed(fields: Mapping[str, Any]) -> int:
    """The seed from its field.

    Args:
        fields: as above.
    Returns:
        A whole number from 0 on.
    Raises:
        SettingError: it holds something else.
    """
    seed = read_whole(fields, "seed", 0)
    if seed < 0:
        raise SettingError(f"seed={seed}, but a seed is not negative. Use {-seed}.")
    return seed
