"""What is sent to a browser: one module without imports, no name twice, nothing from elsewhere."""

import re

import pytest

from minisora.widgets import assets
from minisora.widgets.assets import FOLDER, AssetError, script, style

WIDGETS = (
    "player.js",
    "studio.js",
    "compare.js",
    "scrubber.js",
    "timeline.js",
    "attention.js",
    "explorer.js",
    "scenes.js",
    "monitor.js",
)
FILES = sorted(FOLDER.glob("*"))


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_one_module(name: str) -> None:
    text = script(name)
    assert not re.search(r"^(import|export (?!default))", text, re.MULTILINE)
    assert text.count("export default") == 1
    names = re.findall(r"^(?:async )?(?:function|class|const|let)\s+(\w+)", text, re.MULTILINE)
    twice = {each for each in names if names.count(each) > 1}
    assert not twice, f"put in one file, these would clash: {twice}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere_and_nothing_is_markup(path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "http" not in text
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)


def test_spaces_and_corners_keep_to_the_look() -> None:
    for path in FOLDER.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        spaces = re.findall(r"^\s*(?:gap|padding|margin)(?:-\w+)?: ([^;]*);", text, re.MULTILINE)
        pixels = {int(n) for value in spaces for n in re.findall(r"(\d+)px", value)}
        assert pixels <= {1, 4, 8, 12, 16, 24}, path.name
        corners = set(re.findall(r"border-radius: ([^;]*);", text))
        assert corners <= {"6px", "50%"}, path.name


def test_what_is_missing_or_goes_in_a_circle(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssetError, match="missing"):
        style("none.css")
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n')
    with pytest.raises(AssetError, match="a circle"):
        script("a.js")
