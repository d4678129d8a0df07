"""The text encoder: any text, fixed states, no trace of its neighbours in the batch."""

import pytest
import torch

from minisora.errors import SettingError
from minisora.models.text_encoder import TextEncoder, TextEncoderConfig, train_tokenizer

CONFIG = TextEncoderConfig(vocab_size=300, max_tokens=12, width=16, depth=1, slot_depth=1, heads=2, num_slots=8)
PROMPTS = ["a small red circle", "a red circle and a blue star moving up", ""]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    torch.manual_seed(0)
    return TextEncoder(CONFIG, train_tokenizer(PROMPTS, 300)).eval()


def test_shapes(encoder: TextEncoder) -> None:
    text = encoder(PROMPTS)
    assert text.states.shape == (3, 8, 16)
    assert text.pooled.shape == (3, 16)


def test_alone_or_in_a_batch(encoder: TextEncoder) -> None:
    together = encoder(PROMPTS).states
    alone = torch.cat([encoder([prompt]).states for prompt in PROMPTS])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


def test_word_order_counts(encoder: TextEncoder) -> None:
    one, other = encoder(["red circle blue star", "blue circle red star"]).states
    assert (one - other).abs().max() > 1e-3


def test_words_beyond_the_limit_are_cut(encoder: TextEncoder) -> None:
    long = "a red circle " * 40
    assert encoder.tokenize([long]).shape == (1, 12)
    torch.testing.assert_close(encoder([long]).states, encoder([long + "blue star"]).states)


def test_tokens_of_any_text_give_it_back(encoder: TextEncoder) -> None:
    for text in ("zebra", "ünïcödé ✓", "a  b", "<pad>"):
        ids = encoder.tokenizer.encode(text).ids
        assert encoder.tokenizer.decode(ids, skip_special_tokens=False).strip() == text


def test_case_does_not_matter(encoder: TextEncoder) -> None:
    torch.testing.assert_close(encoder(["A Red CIRCLE"]).states, encoder(["a red circle"]).states)


@pytest.mark.parametrize(
    "wrong", [{"width": 15}, {"num_slots": 6}, {"vocab_size": 100}], ids=["width", "slots", "vocabulary"]
)
def test_bad_sizes(wrong: dict[str, int]) -> None:
    with pytest.raises(SettingError):
        TextEncoderConfig(**{"width": 16, "heads": 2, **wrong})
