"""Which words a state was read from, against a rollout that is worked out in plain loops."""

import pytest
import torch
from torch.nn import functional as F

from minisora.models.text_encoder import TextEncoder, TextEncoderConfig, train_tokenizer
from minisora.models.word_maps import split_words, word_shares

SENTENCE = "a small red circle  moving right"


@pytest.fixture
def encoder() -> TextEncoder:
    tokenizer = train_tokenizer([SENTENCE, "a large blue star"] * 3, vocab_size=300)
    config = TextEncoderConfig(vocab_size=300, max_tokens=24, width=16, heads=2, depth=1, slot_depth=2, num_slots=4)
    return TextEncoder(config, tokenizer).eval()


def test_words_are_found_where_they_stand() -> None:
    assert [SENTENCE[a:b] for a, b in split_words(SENTENCE)] == ["a", "small", "red", "circle", "moving", "right"]
    assert split_words("  ") == ()


def test_shares_of_a_state_sum_to_one(encoder: TextEncoder) -> None:
    shares = word_shares(encoder, SENTENCE)
    assert shares.shape == (4, 6)
    torch.testing.assert_close(shares.sum(1), torch.ones(4))
    assert (shares >= 0).all()


def test_they_are_those_of_a_rollout_by_hand(encoder: TextEncoder) -> None:
    def looks(attention, x, context):
        """Weights by asking the fused attention for the values of a unit matrix, one head at a time."""
        wide = attention.query.out_features
        key, _ = attention.key_value(context).split(wide, dim=-1)
        answers = []
        for q, k in zip(attention.query(x).split(wide // 2, -1), key.split(wide // 2, -1), strict=True):
            answers.append(F.scaled_dot_product_attention(q, k, torch.eye(k.shape[1])[None]))
        return sum(answers)[0] / 2

    def norm(x):
        return F.layer_norm(x, x.shape[-1:])

    with torch.no_grad():
        tokens = encoder.tokenize([SENTENCE])
        count = tokens.shape[1]
        x = encoder.embed(tokens) + encoder.position[:count]
        (block,) = encoder.blocks
        text = 0.5 * torch.eye(count) + 0.5 * looks(block.attention, norm(x), norm(x))
        x = block(x, torch.ones(1, count, dtype=torch.bool))
        slots, held = encoder.slots.expand(1, -1, -1), None
        for each in encoder.slot_blocks:
            read = looks(each.read, norm(slots), norm(x)) @ text
            held = read if held is None else 0.5 * held + 0.5 * read
            between = slots + each.read(norm(slots), norm(x), None)
            held = 0.5 * held + 0.5 * looks(each.agree, norm(between), norm(between)) @ held
            slots = each(slots, x, torch.ones(1, count, dtype=torch.bool))
    expected = torch.zeros(4, 6)
    letters = [next(k for k, (a, b) in enumerate(split_words(SENTENCE)) if a <= place < b) if letter != " " else None
               for place, letter in enumerate(SENTENCE)]  # fmt: skip
    for token, (start, stop) in enumerate(encoder.tokenizer.encode(SENTENCE).offsets):
        word = next(k for k in letters[start:stop] + letters[stop:] if k is not None)
        expected[:, word] += held[:-1, token]
    torch.testing.assert_close(word_shares(encoder, SENTENCE), expected)


def test_words_that_were_cut_off_and_no_words_at_all(encoder: TextEncoder) -> None:
    long = word_shares(encoder, " ".join(["star"] * 60))
    assert long.shape == (4, 60)
    assert long[:, -1].abs().max() == 0
    torch.testing.assert_close(long.sum(1), torch.ones(4))
    assert word_shares(encoder, "").shape == (4, 0)
    emoji = word_shares(encoder, "a 🔴 star")
    torch.testing.assert_close(emoji.sum(1), torch.ones(4))
