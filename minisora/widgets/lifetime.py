"""Whether anybody still looks at a widget: who does is asked whenever a view goes, so nothing depends on counting.

A page that is loaded anew says no goodbye, and one whose tab sleeps does not answer at once. So work stops a moment
after nobody answered, but what was made is kept for an afternoon: a closed notebook that is opened again has it all.
"""

import threading
from collections.abc import Callable

__all__ = ["GRACE", "LINGER", "Lifetime"]

GRACE = 5.0  # seconds in which a view may answer, or come back: a cell that is moved does
LINGER = 4 * 3600.0  # seconds without a view until a widget lets go of what it holds


class Lifetime:
    """Stops and closes a widget that nobody looks at any more."""

    def __init__(
        self,
        ask: Callable[[], object],
        left: Callable[[], object],
        over: Callable[[], object],
        grace: float = GRACE,
        linger: float = LINGER,
    ) -> None:
        """Begin without a view.

        Args:
            ask: ask all views to answer with `seen`.
            left: called when none has, a moment after one went.
            over: called when none has come back since, long afterwards.
            grace, linger: seconds until the one and from there to the other.
        """
        self._ask, self._left, self._over = ask, left, over
        self._grace, self._linger = grace, linger
        self._door = threading.Lock()
        self._turn = 0  # what was planned in an earlier turn is not done any more
        self._timer: threading.Timer | None = None

    def seen(self) -> None:
        """A view is there: stay, whatever was planned."""
        self.cancel()

    def unseen(self) -> None:
        """A view has gone; perhaps it was the last one."""
        turn = self.cancel()
        self._plan(turn, self._grace, lambda: self._leave(turn))
        self._ask()

    def cancel(self) -> int:
        """Forget what was planned.

        Returns:
            The number of the turn that begins.
        """
        with self._door:
            self._turn += 1
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            return self._turn

    def _leave(self, turn: int) -> None:
        self._left()
        self._plan(turn, self._linger, self._over)

    def _plan(self, turn: int, seconds: float, then: Callable[[], object]) -> None:
        """Do something later, unless another turn has begun by then."""

        def do() -> None:
            if turn == self._turn:
                then()

        with self._door:
            if turn == self._turn:
                self._timer = threading.Timer(seconds, do)
                self._timer.daemon = True
                self._timer.start()
