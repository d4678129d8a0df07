"""The studio as a person meets it: what to press, and what is then to be seen."""

from typing import Any

import numpy as np

PATIENCE = 180_000  # milliseconds, on a busy machine

READ_CANVAS = """(canvas) => {
  const context = canvas.getContext("2d");
  return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data);
}"""


class StudioPage:
    """A studio on a page."""

    def __init__(self, watch: Any, name: str) -> None:
        """Find it.

        Args:
            watch: the page.
            name: where it is, for the names of screenshots.
        """
        self.watch, self.page, self.name = watch, watch.page, name
        self.root = self.page.locator(".ms-studio").first
        self.root.wait_for(timeout=PATIENCE)
        self.area = self.root.locator("textarea")
        self.go = self.root.locator(".ms-go")
        self.status = self.root.locator(".ms-status")
        self.canvas = self.root.locator(".ms-frame canvas")
        self.cards = self.root.locator(".ms-card")

    def shot(self, what: str) -> None:
        """Keep a picture."""
        self.watch.shot(f"{self.name}-{what}")

    def idle(self) -> None:
        """Wait until nothing is being made."""
        self.page.wait_for_function(
            "(node) => node.textContent === 'Generate'", arg=self.go.element_handle(), timeout=PATIENCE
        )

    def busy(self) -> None:
        """Wait until something is being made."""
        self.page.wait_for_function(
            "(node) => node.textContent === 'Stop'", arg=self.go.element_handle(), timeout=PATIENCE
        )

    def says(self, words: str) -> None:
        """Wait until the status has these words."""
        self.status.filter(has_text=words).wait_for(timeout=PATIENCE)

    def type(self, text: str) -> None:
        """Put a text into the field, as a person does."""
        self.area.fill("")
        self.area.press_sequentially(text)

    def make(self, text: str | None = None, seed: int | None = None) -> None:
        """Generate, and wait for the clip."""
        count = self.cards.count()
        if text is not None:
            self.area.fill(text)
        if seed is not None:
            self.root.get_by_label("seed", exact=True).fill(str(seed))
        self.go.click()
        self.more_cards(count)

    def more_cards(self, count: int) -> None:
        """Wait until there are more clips than this, and nothing is being made."""
        self.cards.nth(count).wait_for(timeout=PATIENCE)
        self.idle()

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def pixels(self) -> np.ndarray:
        """What the canvas shows, (h, w, 3)."""
        handle = self.canvas.element_handle()
        height, width = handle.evaluate("(canvas) => [canvas.height, canvas.width]")
        return np.array(handle.evaluate(READ_CANVAS), np.uint8).reshape(height, width, 4)[..., :3]

    def frame(self) -> int:
        """Which frame is shown, from 0."""
        return int(self.root.locator(".ms-scrub").input_value())

    def stand(self) -> None:
        """Pause at the first frame."""
        self.root.locator(".ms-focus").focus()
        self.page.keyboard.press("Home")
