"""Whether anybody still looks at a widget: when the last view of it has been gone for a while, it is closed."""

import threading
from collections.abc import Callable

__all__ = ["Lifetime"]


class Lifetime:
    """Counts the views of a widget. A page that is loaded anew, or a cell that is moved, comes back in time."""

    def __init__(self, left: Callable[[], None], over: Callable[[], None], linger: float) -> None:
        """Begin without a view.

        Args:
            left: called at once when the last view goes.
            over: called when none has come back.
            linger: seconds until then.
        """
        self._left, self._over, self._linger = left, over, linger
        self._views = 0
        self._timer: threading.Timer | None = None

    def seen(self) -> None:
        """A view has been opened."""
        self._views += 1
        self.cancel()

    def unseen(self) -> None:
        """A view has been closed."""
        self._views = max(0, self._views - 1)
        if self._views:
            return
        self._left()
        self.cancel()
        self._timer = threading.Timer(self._linger, self._over)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Stay, whatever was planned."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
