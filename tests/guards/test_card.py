"""The gate of a release: a card that says too little is sent back, and the message says what is missing."""

from pathlib import Path
from typing import Any

import pytest

from minisora.errors import ReleaseError
from minisora.guards.card import card_faults, card_template, check_card, chosen_card
from minisora.models.storage import SHIPPED, load_config, save_parts, shipped_names
from minisora.pipeline import TextToVideoPipeline
from minisora.training.shipping import ship

CARD = """# Model card: `mine`

## Data

Scenes that the kit draws.

## Scores

Every word right in 12 of 64 clips: `minisora evaluate`.

## Limits

Knows nothing but shapes.

## Licence

Apache-2.0
"""


def test_a_whole_card_passes() -> None:
    assert card_faults(CARD) == []
    check_card(CARD, "mine")
    front = "---\nlicense: mit\n---\n" + CARD.split("## Licence")[0]
    assert card_faults(front) == []


@pytest.mark.parametrize("name", shipped_names())
def test_what_is_shipped_passes(name: str) -> None:
    check_card(chosen_card(None, SHIPPED / name), name)


@pytest.mark.parametrize("section", ["Data", "Scores", "Limits", "Licence"])
def test_a_missing_section_is_named(section: str) -> None:
    with pytest.raises(ReleaseError, match=f"no section '{section.lower()}'"):
        check_card(CARD.replace(f"## {section}\n", ""), "mine")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Scenes that the kit draws.", "TODO", "'data' does not say"),
        ("Scenes that the kit draws.", "", "'data' does not say"),
        ("Every word right in 12 of 64 clips: `minisora evaluate`.", "They are very good indeed.", "'scores' does not"),
        ("Apache-2.0", "see elsewhere in this text", "'licence' does not say"),
        ("Knows nothing but shapes.", "<!-- to be written one day -->", "'limits' does not say"),
    ],
)
def test_a_section_that_says_nothing(old: str, new: str, fault: str) -> None:
    (found,) = card_faults(CARD.replace(old, new))
    assert fault in found


def test_a_heading_in_a_block_of_code_is_none() -> None:
    assert "no section 'limits'" in card_faults(CARD.replace("## Limits", "```\n## Limits\n```"))[0]


def test_the_template_is_not_enough() -> None:
    assert len(card_faults(card_template())) == 4


def test_no_card_at_all(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="has no model card"):
        check_card(chosen_card(None, tmp_path), "mine")
    with pytest.raises(ReleaseError, match="cannot be read"):
        chosen_card(tmp_path / "card.md")


def test_saving_asks_for_the_card_before_anything_is_written(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no model card"):
        tiny_pipe.save_pretrained(tmp_path / "new")
    with pytest.raises(ReleaseError, match="'licence'"):
        tiny_pipe.save_pretrained(tmp_path / "new", card=CARD.split("## Licence")[0])
    assert not (tmp_path / "new").exists()
    (tmp_path / "card.md").write_text(CARD)
    tiny_pipe.save_pretrained(tmp_path / "new", card=tmp_path / "card.md")
    assert (tmp_path / "new" / "README.md").read_text() == CARD
    tiny_pipe.save_pretrained(tmp_path / "new")  # the card lies there


def test_pushing_asks_for_the_card_before_anything_is_sent(
    tiny_pipe: TextToVideoPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []

    class Hub:
        def create_repo(self, name: str, private: bool, exist_ok: bool) -> str:
            sent.append((name, private))
            return f"https://example.org/{name}"

        def upload_folder(self, repo_id: str, folder_path: str, revision: str | None) -> None:
            sent.append((repo_id, sorted(path.name for path in Path(folder_path).iterdir())))

    monkeypatch.setattr("huggingface_hub.HfApi", Hub)
    with pytest.raises(ReleaseError, match="no model card"):
        tiny_pipe.push_to_hub("me/mine")
    assert sent == []
    assert tiny_pipe.push_to_hub("me/mine", card=CARD) == "https://example.org/me/mine"
    assert sent[0] == ("me/mine", True)
    assert "README.md" in sent[1][1]
    assert "denoiser.safetensors" in sent[1][1]


def test_shipping_asks_too(tiny_pipe: TextToVideoPipeline, tmp_path: Path) -> None:
    weights = save_parts(tmp_path / "weights", tiny_pipe.parts, "trained")
    with pytest.raises(ReleaseError, match="no model card"):
        ship(weights, "mine", tmp_path / "shipped")
    assert not (tmp_path / "shipped").exists()
    (weights / "README.md").write_text(CARD)
    folder = ship(weights, "mine", tmp_path / "shipped")
    assert load_config(folder)["name"] == "mine"
    assert (folder / "README.md").read_text() == CARD
