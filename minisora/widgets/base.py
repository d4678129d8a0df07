"""What all widgets with a canvas share: how they are shown where there is a kernel, and where there is none."""

from typing import Any

import anywidget

from minisora.widgets.sheets import film_png

__all__ = ["Canvas"]


class Canvas(anywidget.AnyWidget):
    """A widget that leaves a picture behind, so that a page without a kernel shows something true."""

    def _still(self) -> tuple[Any, str]:
        """What to leave behind: frames uint8 (f, h, w, 3), or None, and a line about them."""
        return None, "minisora: nothing made yet"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The widget, and its picture for pages that have no widgets."""
        bundle: Any = super()._repr_mimebundle_(**given)
        if bundle is None:
            return None
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        frames, line = self._still()
        data["text/plain"] = line
        if frames is not None:
            data["image/png"] = film_png(frames)
        return bundle
