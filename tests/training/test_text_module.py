"""Teaching the text encoder: classes that say what the request says, batches that depend on their number alone."""

from itertools import islice

import numpy as np
import pytest
import torch

from minisora.models.text_encoder import TextEncoderConfig
from minisora.training.optimizer import MuonAdamW
from minisora.training.stages import make_text_encoder
from minisora.training.text_module import CaptionStream, RequestClasses, TextModule, names_of
from minisora.world import SHAPES, ActorRequest, RelationRequest, SceneRequest

SMALL = TextEncoderConfig(vocab_size=400, max_tokens=64, width=32, depth=1, slot_depth=1, heads=2, num_slots=8)


def test_classes_of_a_request() -> None:
    classes = RequestClasses(SHAPES)
    request = SceneRequest(
        actors=(ActorRequest("star", "red", None, "bouncing", "slowly"), ActorRequest("ring", "blue")),
        background="navy",
        relations=(RelationRequest("left of", 1, 0),),
        behind_wall=(1,),
    )
    first, second, absent = classes.actor_targets(request)
    names = [list(SHAPES.shapes), list(SHAPES.colours), list(SHAPES.sizes), list(SHAPES.motions), list(SHAPES.speeds)]
    said = [None if k == 0 else table[k - 1] for table, k in zip(names, first, strict=False)]
    assert said == ["star", "red", None, "bouncing", "slowly"]
    assert first[-2:] == [1, 0]
    assert second[-2:] == [1, 1]
    assert set(absent) == {0}
    background, camera, texture, relation, subject, other = classes.scene_targets(request)
    assert list(SHAPES.backgrounds)[background - 1] == "navy"
    assert (camera, texture) == (0, 0)
    assert list(SHAPES.relations)[relation - 1] == "left of"
    assert (subject, other) == (2, 1)


def test_batch_depends_on_its_number_alone() -> None:
    stream = CaptionStream(SHAPES, batch_size=6, pool=40, seed=3)
    all_batches = [[c.text for c in batch] for batch in islice(stream, 7)]
    later = CaptionStream(SHAPES, batch_size=6, pool=40, seed=3, start=5)
    assert [[c.text for c in batch] for batch in islice(later, 2)] == all_batches[5:]
    assert all_batches[0] != all_batches[4]


def test_empty_and_hostile_sentences_have_states() -> None:
    encoder = make_text_encoder(SHAPES, SMALL).eval()
    text = encoder(["", "🦊" * 3000, "a small red circle"])
    assert text.states.shape == (3, 8, 32)
    assert text.pooled.shape == (3, 32)
    assert torch.isfinite(text.states).all()


def test_states_do_not_depend_on_the_batch() -> None:
    encoder = make_text_encoder(SHAPES, SMALL).eval()
    prompts = ["a red circle", "two shapes: a small green star spinning quickly and a large ring moving left", ""]
    together, alone = encoder(prompts), [encoder([prompt]) for prompt in prompts]
    torch.testing.assert_close(together.states, torch.cat([text.states for text in alone]), atol=1e-5, rtol=1e-4)


def test_tokenizer_is_lossless_for_any_text() -> None:
    encoder = make_text_encoder(SHAPES, SMALL)
    text = " a zebra ähnlich ✓"
    assert encoder.tokenizer.decode(encoder.tokenizer.encode(text).ids).strip() == text.strip()


@pytest.mark.slow
def test_understands_more_after_some_steps() -> None:
    torch.manual_seed(0)
    module = TextModule(make_text_encoder(SHAPES, SMALL), SHAPES)
    optimizer = module.configure_optimizers()
    assert isinstance(optimizer, MuonAdamW)
    rng = np.random.default_rng(0)
    captions = [SHAPES.write(SHAPES.sample(rng, "one"), rng) for _ in range(64)]
    before = module.judge(captions)[0].item()
    for _ in range(30):
        loss, _ = module.judge(captions)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert module.judge(captions)[0].item() < 0.4 * before


def test_old_captions_are_anchored_and_new_ones_are_not() -> None:
    torch.manual_seed(0)
    module = TextModule(make_text_encoder(SHAPES, SMALL), SHAPES, new=["hitting"], keep=1.0)
    rng = np.random.default_rng(0)
    old = [SHAPES.write(SHAPES.sample(rng, "one"), rng, short=0.0) for _ in range(4)]
    hits = (SHAPES.sample(rng, "collision") for _ in range(50))
    new = [SHAPES.write(scene, rng, short=0.0) for scene in hits if scene.relations[0].name == "hitting"][:4]
    assert module.moved(old, module.encoder([caption.text for caption in old])) == 0  # it is still its own teacher
    with torch.no_grad():
        for parameter in module.encoder.parameters():
            parameter.mul_(1.1)
    assert module.moved(old, module.encoder([caption.text for caption in old])) > 1e-4
    assert module.moved(new, module.encoder([caption.text for caption in new])) == 0
    mixed = [*new, old[0]]
    alone = module.moved(old[:1], module.encoder([old[0].text]))
    together = module.moved(mixed, module.encoder([caption.text for caption in mixed]))
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


def test_names_of_a_request_are_the_entries_it_names() -> None:
    rng = np.random.default_rng(1)
    caption = SHAPES.write(SHAPES.sample(rng, "collision"), rng, short=0.0)
    actor = caption.request.actors[0]
    assert {caption.request.relations[0].name, actor.shape, actor.colour, actor.size} <= names_of(caption.request)
    assert None not in names_of(caption.request)
