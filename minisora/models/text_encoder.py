"""From a sentence to the states that the transformer reads.

The tokenizer is a byte-level BPE (any text has tokens). A small transformer reads the tokens; then a fixed number of
learned queries, the slots, gather what it found (a perceiver: Jaegle et al. 2021, arXiv 2103.03206). The first slots
are taught to hold one actor each, in the order of mention, so that the words that belong together stand together
before the first pixel is drawn: `minisora.training.text_module` does the teaching, from captions alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import torch
from einops import rearrange
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional as F

from minisora.errors import SettingError

PAD = "<pad>"


@dataclass(frozen=True)
class TextStates:
    """What a text encoder hands on.

    Attributes:
        states: (b, n, d), n fixed; extra keys and values of every attention.
        pooled: (b, d), the whole sentence; goes with the time.
    """

    states: Tensor
    pooled: Tensor


class TextConditioner(Protocol):
    """Anything that turns sentences into states: the encoder below or a frozen pretrained one in its place."""

    def __call__(self, prompts: Sequence[str]) -> TextStates:
        """Encode a list of b sentences."""


@dataclass(frozen=True)
class TextEncoderConfig:
    """Sizes of a text encoder.

    Attributes:
        vocab_size: tokens of the byte-level BPE, at least 257.
        max_tokens: tokens of a sentence that are read; the rest is cut off.
        width: of tokens and slots, a multiple of `heads`.
        depth: blocks that read the tokens.
        slot_depth: blocks that fill the slots.
        heads: attention heads.
        num_slots: states handed on; a multiple of 4, the last quarter for the scene as a whole.
    """

    vocab_size: int = 1024
    max_tokens: int = 96
    width: int = 256
    depth: int = 2
    slot_depth: int = 2
    heads: int = 4
    num_slots: int = 16

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise SettingError(f"width={self.width} is not a multiple of heads={self.heads}.")
        if self.num_slots % 4 or self.num_slots < 4:
            raise SettingError(f"num_slots={self.num_slots}, but it must be a multiple of 4, such as 16.")
        if self.vocab_size < 257:
            raise SettingError(f"vocab_size={self.vocab_size}, but 256 bytes and a padding token need 257.")


class TextEncoder(nn.Module):
    """Sentences in, `TextStates` out; call it with a list of strings.

    Args:
        config: sizes.
        tokenizer: as `train_tokenizer` makes it; its vocabulary may be smaller than `config.vocab_size`.
    """

    def __init__(self, config: TextEncoderConfig, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.config = config
        self.tokenizer = tokenizer
        width = config.width
        self.embed = nn.Embedding(config.vocab_size, width)
        self.position = nn.Parameter(torch.zeros(config.max_tokens, width))
        self.blocks = nn.ModuleList(_Block(width, config.heads) for _ in range(config.depth))
        self.slots = nn.Parameter(torch.zeros(config.num_slots + 1, width))  # the last one is the pooled state
        self.slot_blocks = nn.ModuleList(_SlotBlock(width, config.heads) for _ in range(config.slot_depth))
        self.initialise()

    def initialise(self) -> None:
        """All initial weights in one place."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.normal_(self.embed.weight, std=0.5)
        nn.init.normal_(self.position, std=0.5)
        nn.init.normal_(self.slots, std=1.0)  # slots must differ from the start, or they all learn the same

    def tokenize(self, prompts: Sequence[str]) -> Tensor:
        """Token numbers (b, l), padded to the longest sentence of the batch, cut at `max_tokens`."""
        encoded = [item.ids[: self.config.max_tokens] for item in self.tokenizer.encode_batch(list(prompts))]
        longest = max((len(ids) for ids in encoded), default=0) or 1
        pad = self.padding
        return torch.tensor([ids + [pad] * (longest - len(ids)) for ids in encoded])

    @property
    def padding(self) -> int:
        """The token that fills a sentence up; nothing but it is the empty sentence."""
        return int(self.tokenizer.token_to_id(PAD) or 0)

    def forward(self, prompts: Sequence[str]) -> TextStates:
        """Encode b sentences; an empty one gives the states that guidance calls "no words"."""
        return self.encode_tokens(self.tokenize(prompts).to(self.position.device))

    def encode_tokens(self, tokens: Tensor) -> TextStates:
        """Encode token numbers (b, l)."""
        real = tokens.ne(self.padding)  # (b, l)
        real[:, 0] = True  # an empty sentence reads one padding, however long the others are
        x = self.embed(tokens) + self.position[: tokens.size(1)]  # (b, l, d)
        for block in self.blocks:
            x = block(x, real)
        slots = self.slots.expand(len(tokens), -1, -1)  # (b, n + 1, d)
        for block in self.slot_blocks:
            slots = block(slots, x, real)
        slots = _norm(slots)
        return TextStates(states=slots[:, :-1], pooled=slots[:, -1])


class _Attention(nn.Module):
    """Multi-head attention from queries (b, n, d) to keys (b, m, d), of which `real` (b, m) count."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key_value = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, context: Tensor, real: Tensor | None) -> Tensor:
        q = rearrange(self.query(x), "b n (k d) -> b k n d", k=self.heads)
        key, value = rearrange(self.key_value(context), "b m (two k d) -> two b k m d", two=2, k=self.heads)
        mask = None if real is None else real[:, None, None, :]
        mixed = F.scaled_dot_product_attention(q, key, value, attn_mask=mask)
        return cast(Tensor, self.out(rearrange(mixed, "b k n d -> b n (k d)")))


class _Mlp(nn.Sequential):
    def __init__(self, width: int) -> None:
        super().__init__(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))


class _Block(nn.Module):
    """Tokens look at each other."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention, self.mlp = _Attention(width, heads), _Mlp(width)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        normed = _norm(x)
        x = x + self.attention(normed, normed, real)
        return cast(Tensor, x + self.mlp(_norm(x)))


class _SlotBlock(nn.Module):
    """Slots look at the tokens, then at each other (to agree on who holds what)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.read, self.agree, self.mlp = _Attention(width, heads), _Attention(width, heads), _Mlp(width)

    def forward(self, slots: Tensor, tokens: Tensor, real: Tensor) -> Tensor:
        slots = slots + self.read(_norm(slots), _norm(tokens), real)
        normed = _norm(slots)
        slots = slots + self.agree(normed, normed, None)
        return cast(Tensor, slots + self.mlp(_norm(slots)))


def _norm(x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:])


def train_tokenizer(captions: Iterable[str], vocab_size: int = 1024) -> Tokenizer:
    """A byte-level BPE learned from captions; case is folded, since it carries no meaning here.

    Args:
        captions: sentences to learn frequent pieces from.
        vocab_size: at most this many tokens, the 256 bytes and the padding among them.
    """
    from tokenizers.normalizers import Lowercase

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[PAD],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(captions, trainer)
    return tokenizer
