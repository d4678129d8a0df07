"""So many clips are kept and no more."""

import pytest

from minisora.errors import SettingError
from minisora.pipeline import TextToVideoPipeline
from minisora.widgets import recipes
from minisora.widgets.history import History
from minisora.widgets.recipes import Form, Made


def test_the_oldest_go_first(tiny_pipe: TextToVideoPipeline) -> None:
    recipe = recipes.generate(tiny_pipe, Form("a red star", 3, 5, 32, 32, 1))
    made = Made(recipe.job(tiny_pipe), recipe)
    history = History(kept=2)
    assert [history.add(made) for _ in range(3)] == [1, 2, 3]
    assert [card["id"] for card in history.cards()] == [2, 3]
    card = history.cards()[0]
    assert (card["prompt"], card["seed"], card["frames"], card["note"]) == ("a red star", 3, 5, "generated")
    assert card["picture"].startswith(b"\x89PNG")
    with pytest.raises(SettingError, match="no longer kept"):
        history.find(1)
    history.clear()
    assert len(history) == 0
