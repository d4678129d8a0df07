"""Rewording: an encoder learns new words while its slots stay what they were."""

from pathlib import Path

import numpy as np
import torch

from minisora.models.storage import load_part
from minisora.models.text_encoder import TextEncoder
from minisora.training.rewording_module import RewordingModule
from minisora.training.wording_noise import strewn
from minisora.world import SHAPES


def read(weights: Path) -> TextEncoder:
    encoder = load_part(weights, "text_encoder")
    assert isinstance(encoder, TextEncoder)
    return encoder


def captions(count: int) -> list[str]:
    rng = np.random.default_rng(0)
    return [SHAPES.write(SHAPES.sample(rng, "one"), rng).text for _ in range(count)]


def test_a_plain_caption_is_where_it_was(tiny_weights: Path) -> None:
    module = RewordingModule(read(tiny_weights))
    texts = captions(4)
    assert module.distance(texts, texts).item() < 1e-8
    assert module.distance(["no such thing"] * 4, texts).item() > 1e-3


def test_disturbed_captions_come_nearer_and_the_teacher_stays(tiny_weights: Path) -> None:
    torch.manual_seed(0)
    module = RewordingModule(read(tiny_weights), muon_lr=0.01, adamw_lr=1e-3)
    meant, rng = captions(16), np.random.default_rng(1)
    said = [strewn(text, rng) for text in meant]
    teacher = {name: value.clone() for name, value in module.teacher.state_dict().items()}
    optimizer = module.configure_optimizers()
    before = module.distance(said, meant).item()
    for _ in range(40):
        optimizer.zero_grad()
        module.distance(said, meant).backward()
        optimizer.step()
    assert module.distance(said, meant).item() < 0.5 * before
    assert all(torch.equal(value, teacher[name]) for name, value in module.teacher.state_dict().items())
