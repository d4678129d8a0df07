"""What was made in a studio, the newest last; so many clips and no more, so that an afternoon fits into memory."""

from typing import Any

from minisora.errors import SettingError
from minisora.widgets.recipes import Made
from minisora.widgets.sheets import frame_png

__all__ = ["KEPT", "History"]

KEPT = 24


class History:
    """Clips by number."""

    def __init__(self, kept: int = KEPT) -> None:
        """Begin empty.

        Args:
            kept: clips at most; the oldest go first.
        """
        self.kept = kept
        self._made: dict[int, Made] = {}
        self._last = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._made)

    def add(self, made: Made) -> int:
        """Keep a clip.

        Args:
            made: the clip.
        Returns:
            Its number.
        """
        self._last += 1
        self._made[self._last] = made
        while len(self._made) > self.kept:
            self._made.pop(next(iter(self._made)))
        return self._last

    def find(self, number: int) -> Made:
        """A clip by its number.

        Args:
            number: of the clip.
        Returns:
            The clip.
        Raises:
            SettingError: it is not, or no longer, kept.
        """
        if number not in self._made:
            raise SettingError(f"Clip {number} is no longer kept: the last {self.kept} are. Make it again.")
        return self._made[number]

    def cards(self) -> list[dict[str, Any]]:
        """What a strip of them shows, ready to be sent: a picture from the middle of each, and its words."""
        return [self._card(number, made) for number, made in self._made.items()]

    def clear(self) -> None:
        """Forget all of them."""
        self._made.clear()

    @staticmethod
    def _card(number: int, made: Made) -> dict[str, Any]:
        frames = made.clips.frames[0]
        right = all(grade.every_word_right for grade in made.clips.grades)
        return {
            "id": number,
            "prompt": made.recipe.prompt,
            "seed": made.recipe.seed,
            "note": made.recipe.note,
            "right": right,
            "height": int(frames.shape[1]),
            "width": int(frames.shape[2]),
            "frames": len(frames),
            "picture": frame_png(frames[len(frames) // 2]),
        }
