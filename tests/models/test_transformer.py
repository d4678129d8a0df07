"""The denoiser against a plain reference in double precision, and the properties it is built to have."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from minisora.errors import SettingError, ShapeError
from minisora.models.layers import FUSED_FROM, apply_rotary, attend, rotary_angles
from minisora.models.text_encoder import TextStates
from minisora.models.transformer import Noisy, TransformerConfig, VideoTransformer

SMALL = TransformerConfig(latent_channels=3, patch=2, width=32, depth=3, heads=2, text_width=20, mlp_ratio=2.0)

WITH_LAYOUT = replace(SMALL, layout_channels=32, text_states=8)


def make_model(config: TransformerConfig = SMALL, seed: int = 0) -> VideoTransformer:
    """A network in double precision whose every weight is random, so that nothing is hidden behind a zero."""
    torch.manual_seed(seed)
    model = VideoTransformer(config).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
    return model.eval()


def make_inputs(b: int = 2, z: int = 3, lh: int = 4, lw: int = 6, seed: int = 1) -> tuple[Tensor, Tensor, TextStates]:
    torch.manual_seed(seed)
    noisy = torch.randn(b, z, lh, lw, SMALL.latent_channels, dtype=torch.float64)
    time = torch.rand(b, z, dtype=torch.float64)
    states = torch.randn(b, 5, SMALL.text_width, dtype=torch.float64)
    return noisy, time, TextStates(states, torch.randn(b, SMALL.text_width, dtype=torch.float64))


def make_eight_words() -> TextStates:
    torch.manual_seed(4)
    states = torch.randn(2, 8, SMALL.text_width, dtype=torch.float64)
    return TextStates(states, torch.randn(2, SMALL.text_width, dtype=torch.float64))


def make_layout(b: int = 2, z: int = 3, seed: int = 2) -> Noisy:
    torch.manual_seed(seed)
    return Noisy(torch.randn(b, z, 4, 32, dtype=torch.float64), torch.rand(b, z, dtype=torch.float64))


def reference(
    model: VideoTransformer,
    noisy: Tensor,
    time: Tensor,
    text: TextStates,
    span: Tensor,
    fps: Tensor,
    layout: Noisy | None = None,
) -> tuple[Tensor, Tensor | None]:
    """The same network in loops: one clip, one head, one token, one pair of channels at a time."""
    config, weights = model.config, dict(model.named_parameters())
    p, d, heads = config.patch, config.width, config.heads
    width = d // heads
    pairs = {8: (2, 1, 1), 16: (2, 3, 3), 32: (4, 6, 6)}[width]

    def norm(v: Tensor) -> Tensor:
        return (v - v.mean()) / (v.var(unbiased=False) + 1e-6).sqrt()

    def linear(name: str, v: Tensor) -> Tensor:
        bias = weights.get(f"{name}.bias")
        return weights[f"{name}.weight"] @ v + (0 if bias is None else bias)

    def silu(v: Tensor) -> Tensor:
        return v / (1 + (-v).exp())

    def embed(name: str, value: float, highest: float, count: int) -> Tensor:
        speeds = [float(torch.tensor(highest ** (k / (count - 1)), dtype=torch.float32)) for k in range(count)]
        angles = [value * s for s in speeds]
        v = torch.tensor([math.cos(a) for a in angles] + [math.sin(a) for a in angles], dtype=torch.float64)
        return linear(f"{name}.out", silu(linear(f"{name}.into", v)))

    def turn(v: Tensor, where: tuple[int, int, int]) -> Tensor:
        turned, pair = v.clone(), 0
        for axis in range(3):
            for k in range(pairs[axis]):
                angle = where[axis] * config.rotary_base ** (-k / pairs[axis])
                a, b = v[pair], v[pair + width // 2]
                turned[pair] = a * math.cos(angle) - b * math.sin(angle)
                turned[pair + width // 2] = a * math.sin(angle) + b * math.cos(angle)
                pair += 1
        return turned

    b, z, lh, lw, c = noisy.shape
    rows, columns = lh // p, lw // p
    where = [(f, i, j) for f in range(z) for i in range(rows) for j in range(columns)]
    clean, told = torch.empty_like(noisy), None if layout is None else torch.empty_like(layout.values)
    hints = None if layout is None else model.hints(*layout, lh, lw)  # has a test of its own
    for clip in range(b):
        conditions = []
        for f in range(z):
            known = embed("time", time[clip, f].item(), 1000.0, 64) + embed("span", span[clip, f].item(), 1000.0, 64)
            known = known + embed("fps", math.log2(fps[clip].item() / 8), 10.0, 16)
            if layout is not None:
                known = known + embed("layout_time", layout.time[clip, f].item(), 1000.0, 64)
            conditions.append(silu(known + linear("pooled", norm(text.pooled[clip]))))
        tokens = []
        for f, i, j in where:
            patch = noisy[clip, f, i * p : (i + 1) * p, j * p : (j + 1) * p].reshape(-1)
            x, y = (j + 0.5 - columns / 2) / min(rows, columns), (i + 0.5 - rows / 2) / min(rows, columns)
            place: list[float] = []
            for value, speeds in ((x, (1, 2, 4, 8)), (y, (1, 2, 4, 8)), (f, (1, 0.5, 0.25, 0.125))):
                place += [math.cos(math.pi * value * s) for s in speeds]
                place += [math.sin(math.pi * value * s) for s in speeds]
            token = linear("from_patches", patch)
            if hints is not None:
                token = token + linear(
                    "from_hints", hints[clip, f, i * p : (i + 1) * p, j * p : (j + 1) * p].reshape(-1)
                )
            if config.absolute_positions:
                token = token + linear("place", torch.tensor(place, dtype=torch.float64))
            tokens.append(token)
        words = [norm(word) for word in text.states[clip]]
        spots = list(where)
        for f, row in [] if layout is None else [(f, row) for f in range(z) for row in range(4)]:
            assert layout is not None
            share = len(words) // 4
            token = linear("from_layout", layout.values[clip, f, row]) + weights["row"][row]
            token = token + linear("row_words", torch.cat(words[row * share : (row + 1) * share]))
            if config.absolute_positions:
                when = [1.0 * f * s * math.pi for s in (1, 0.5, 0.25, 0.125)]
                place = [0.0] * 16 + [math.cos(a) for a in when] + [math.sin(a) for a in when]
                token = token + linear("place", torch.tensor(place, dtype=torch.float64))
            tokens.append(token)
            spots.append((f, 0, 0))
        for index in range(config.depth):
            block = f"blocks.{index}"
            shared = [linear("modulation", v).view(6, d) + weights[f"{block}.table"] for v in conditions]
            inputs = [norm(v) * (1 + shared[at[0]][1]) + shared[at[0]][0] for v, at in zip(tokens, spots, strict=True)]
            qkv = [linear(f"{block}.attention.qkv", v).view(3, heads, width) for v in inputs]
            word_kv = [linear(f"{block}.attention.text_kv", v).view(2, heads, width) for v in words]
            outputs = [torch.empty(heads, width, dtype=torch.float64) for _ in tokens]
            for head in range(heads):
                queries = [turn(norm(v[0, head]), at) for v, at in zip(qkv, spots, strict=True)]
                keys = [turn(norm(v[1, head]), at) for v, at in zip(qkv, spots, strict=True)]
                keys += [norm(v[0, head]) for v in word_kv]
                values = torch.stack([v[2, head] for v in qkv] + [v[1, head] for v in word_kv])
                sharp = weights[f"{block}.attention.sharpness"][head, 0] / math.sqrt(width)
                for n, query in enumerate(queries):
                    scores = torch.stack([sharp * (query * key).sum() for key in keys])
                    share = (scores - scores.max()).exp()
                    outputs[n][head] = (share / share.sum()) @ values
            for n, at in enumerate(spots):
                table = shared[at[0]]
                tokens[n] = tokens[n] + table[2] * linear(f"{block}.attention.out", outputs[n].reshape(-1))
                hidden = linear(f"{block}.mlp.into", norm(tokens[n]) * (1 + table[4]) + table[3])
                gate, value = hidden[: config.hidden], hidden[config.hidden :]
                tokens[n] = tokens[n] + table[5] * linear(f"{block}.mlp.out", silu(gate) * value)
        for n, (token, (f, i, j)) in enumerate(zip(tokens, spots, strict=True)):
            shift, scale = linear("last_modulation", conditions[f]).view(2, d)
            last = norm(token) * (1 + scale) + shift
            if n < len(where):
                clean[clip, f, i * p : (i + 1) * p, j * p : (j + 1) * p] = linear("to_patches", last).view(p, p, c)
            elif told is not None:
                told[clip, f, (n - len(where)) % 4] = linear("to_layout", last)
    return clean, told


@torch.no_grad()
@pytest.mark.parametrize("absolute", [True, False])
def test_equals_the_reference_in_loops(absolute: bool) -> None:
    config = TransformerConfig(3, 2, 32, 3, 2, 20, 2.0, absolute_positions=absolute)
    model, (noisy, time, text) = make_model(config), make_inputs()
    span, fps = time * 0.3, torch.tensor([4.0, 24.0], dtype=torch.float64)
    wanted, _ = reference(model, noisy, time, text, span, fps)
    torch.testing.assert_close(model(noisy, time, text, span, fps), wanted, atol=1e-9, rtol=1e-9)


@torch.no_grad()
@pytest.mark.parametrize("absolute", [True, False])
def test_with_a_layout_it_equals_the_reference_too(absolute: bool) -> None:
    model, (noisy, time, _) = make_model(replace(WITH_LAYOUT, absolute_positions=absolute)), make_inputs()
    text, layout = make_eight_words(), make_layout()
    span, fps = time * 0.3, torch.tensor([4.0, 24.0], dtype=torch.float64)
    guess = model.both(Noisy(noisy, time), layout, text, span, fps)
    wanted, wanted_layout = reference(model, noisy, time, text, span, fps, layout)
    torch.testing.assert_close(guess.video, wanted, atol=1e-9, rtol=1e-9)
    torch.testing.assert_close(guess.layout, wanted_layout, atol=1e-9, rtol=1e-9)


@torch.no_grad()
def test_either_can_be_left_out() -> None:
    model, (noisy, time, _), text, layout = make_model(WITH_LAYOUT), make_inputs(), make_eight_words(), make_layout()
    planned = model.both(None, layout, text)
    assert planned.video is None
    assert planned.layout is not None
    assert planned.layout.shape == layout.values.shape
    drawn = model.both(Noisy(noisy, time), None, text)
    assert drawn.layout is None
    torch.testing.assert_close(drawn.video, model(noisy, time, text))
    together = model(noisy, time, text, layout=layout)
    assert not torch.allclose(together, model(noisy, time, text))


@torch.no_grad()
def test_a_layout_of_pure_noise_hints_at_nothing() -> None:
    """At time 1 the hints are blank: two different layouts differ through their rows alone."""
    model, layout = make_model(WITH_LAYOUT), make_layout()
    for weight in (model.from_layout.weight, model.from_layout.bias):
        weight.zero_()
    noisy, time, _ = make_inputs()
    text, ones = make_eight_words(), torch.ones_like(layout.time)
    one, other = Noisy(layout.values, ones), Noisy(-layout.values, ones)
    torch.testing.assert_close(model(noisy, time, text, layout=one), model(noisy, time, text, layout=other))


@torch.no_grad()
def test_the_last_touch_is_local_and_starts_as_nothing() -> None:
    (noisy, time, _), text, layout = make_inputs(), make_eight_words(), make_layout()
    torch.manual_seed(0)
    fresh = VideoTransformer(replace(WITH_LAYOUT, finish=8)).double()
    assert (fresh(noisy, time, text, layout=layout) == 0).all()
    touch = make_model(replace(WITH_LAYOUT, finish=8)).finish
    message, hints = torch.randn(2, 3, 9, 9, 16).double(), torch.randn(2, 3, 9, 9, touch.hints).double()
    latents = torch.randn(2, 3, 9, 9, 3).double()
    before = touch(latents, message, hints)
    latents[0, 1, 4, 4] += 1.0
    changed = (touch(latents, message, hints) - before).abs().amax(-1) > 1e-9
    assert changed[0, 1].all()
    assert changed.sum() == 81  # four places each way, no other frame, no other clip
    assert touch(latents, message, None).shape == latents.shape


def test_a_layout_that_does_not_fit_is_refused() -> None:
    (noisy, time, text), layout = make_inputs(), make_layout()
    with pytest.raises(ShapeError, match="knows no layouts"):
        make_model()(noisy, time, text, layout=layout)
    model = make_model(WITH_LAYOUT)
    with pytest.raises(ShapeError, match=r"\(b, z, 4, 32\)"):
        model.both(None, Noisy(layout.values[..., :30], layout.time), text)
    with pytest.raises(ShapeError, match="frames"):
        model(noisy[:, :2], time[:, :2], text, layout=layout)
    with pytest.raises(ShapeError, match="Give one of them"):
        model.both(None, None, text)
    with pytest.raises(SettingError, match="Use text_states=8"):
        replace(WITH_LAYOUT, text_states=7)


@torch.no_grad()
def test_defaults_are_no_span_eight_frames_a_second_and_counting_from_zero() -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    fps = torch.full((2,), 8.0, dtype=torch.float64)
    given = model(noisy, time, text, torch.zeros_like(time), fps, frame_index=torch.arange(3))
    torch.testing.assert_close(model(noisy, time, text), given)


@torch.no_grad()
@pytest.mark.parametrize("z", [1, 2, 5])
@pytest.mark.parametrize(("lh", "lw"), [(4, 4), (4, 6), (8, 2)])
def test_any_size_goes_in_and_comes_out(z: int, lh: int, lw: int) -> None:
    noisy, time, text = make_inputs(2, z, lh, lw)
    clean = make_model()(noisy, time, text)
    assert clean.shape == noisy.shape
    assert clean.isfinite().all()


@torch.no_grad()
def test_a_clip_does_not_see_its_neighbours_in_the_batch() -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    together = model(noisy, time, text)
    for clip in range(2):
        part = slice(clip, clip + 1)
        alone = model(noisy[part], time[part], TextStates(text.states[part], text.pooled[part]))
        torch.testing.assert_close(together[part], alone)


@torch.no_grad()
@pytest.mark.parametrize("what", ["time", "words", "pooled", "span", "fps", "frame_index", "noisy"])
def test_everything_that_enters_has_an_effect(what: str) -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    plain = model(noisy, time, text)
    changed: dict[str, Callable[[], Tensor]] = {
        "time": lambda: model(noisy, time * 0.9, text),
        "words": lambda: model(noisy, time, TextStates(text.states.flip(-1), text.pooled)),
        "pooled": lambda: model(noisy, time, TextStates(text.states, text.pooled.flip(-1))),
        "span": lambda: model(noisy, time, text, time * 0.5),
        "fps": lambda: model(noisy, time, text, None, torch.tensor([4.0, 16.0], dtype=torch.float64)),
        "frame_index": lambda: model(noisy, time, text, frame_index=torch.tensor([0, 7, 8])),
        "noisy": lambda: model(noisy + 0.1, time, text),
    }
    assert (changed[what]() - plain).abs().amax(dim=(1, 2, 3, 4)).min() > 1e-4


@torch.no_grad()
def test_one_frames_time_reaches_every_frame() -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    other = time.clone()
    other[0, 1] = 1 - other[0, 1]
    change = (model(noisy, other, text) - model(noisy, time, text)).abs().amax(dim=(2, 3, 4))
    assert (change[0] > 1e-6).all()  # full attention: what one frame knows, all may use
    assert change[0].argmax() == 1
    assert (change[1] == 0).all()


@torch.no_grad()
def test_the_order_of_the_words_is_the_text_encoders_matter() -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    turned = model(noisy, time, TextStates(text.states.flip(1), text.pooled))
    torch.testing.assert_close(turned, model(noisy, time, text))


@torch.no_grad()
def test_only_differences_of_positions_matter_between_tokens() -> None:
    """Words stand at the origin, so their matrices are zero here."""
    config = TransformerConfig(3, 2, 32, 3, 2, 20, 2.0, absolute_positions=False)
    model, (noisy, time, text) = make_model(config), make_inputs()
    for block in model.blocks:
        block.attention.text_kv.weight.zero_()
    plain = model(noisy, time, text)
    shifted = model(noisy, time, text, frame_index=torch.arange(3) + 11)
    torch.testing.assert_close(shifted, plain)
    each = model(noisy, time, text, frame_index=torch.tensor([[4, 5, 6], [0, 2, 4]]))
    torch.testing.assert_close(each[0], plain[0])
    assert (each[1] - plain[1]).abs().max() > 1e-4


def test_rotary_products_depend_on_the_distance() -> None:
    torch.manual_seed(0)
    query, key = torch.randn(2, 16, dtype=torch.float64)

    def product(a: tuple[int, int, int], b: tuple[int, int, int]) -> float:
        def turn(v: Tensor, at: tuple[int, int, int]) -> Tensor:
            place = [torch.tensor(float(x), dtype=torch.float64) for x in at]
            angles = rotary_angles(place, (2, 3, 3), 100.0)
            return apply_rotary(v, angles.cos(), angles.sin())

        return float(turn(query, a) @ turn(key, b))

    assert product((1, 2, 3), (4, 0, 5)) == pytest.approx(product((6, 9, 0), (9, 7, 2)), abs=1e-12)
    for axis in range(3):
        moved = [0, 0, 0]
        moved[axis] = 1
        assert abs(product((0, 0, 0), (moved[0], moved[1], moved[2])) - product((0, 0, 0), (0, 0, 0))) > 1e-3


def test_both_ways_to_attend_agree() -> None:
    torch.manual_seed(0)
    query, key, value = (torch.randn(1, 2, n, 8, dtype=torch.float64) for n in (7, FUSED_FROM + 1, FUSED_FROM + 1))
    scores = torch.einsum("bend,bemd->benm", query, key)
    wanted = torch.einsum("benm,bemd->bend", scores.exp() / scores.exp().sum(-1, keepdim=True), value)
    torch.testing.assert_close(attend(query, key, value), wanted)
    short = attend(query, key[:, :, :9], value[:, :, :9])
    share = scores[..., :9].exp() / scores[..., :9].exp().sum(-1, keepdim=True)
    torch.testing.assert_close(short, torch.einsum("benm,bemd->bend", share, value[:, :, :9]))


def test_a_new_network_answers_zero_and_takes_no_notice_of_span_and_rate() -> None:
    torch.manual_seed(0)
    model, (noisy, time, text) = VideoTransformer(SMALL).double(), make_inputs()
    assert (model(noisy, time, text) == 0).all()
    rates = torch.tensor([2.0, 60.0], dtype=torch.float64)
    known = model.conditions(time, None, text, time, rates)
    torch.testing.assert_close(known, model.conditions(time, None, text, None, None))


@torch.no_grad()
def test_the_form_of_the_frame_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout alone is told its frame's form, latents bring their own; a new network takes no notice of it."""
    config, layout, text = replace(WITH_LAYOUT, aspects=True), make_layout(), make_eight_words()
    square, flat = torch.ones(2, dtype=torch.float64), torch.full((2,), 2.0, dtype=torch.float64)
    model = make_model(config)
    planned = model.both(None, layout, text).layout
    torch.testing.assert_close(model.both(None, layout, text, aspect=square).layout, planned)
    assert not torch.allclose(model.both(None, layout, text, aspect=flat).layout, planned)
    fresh = VideoTransformer(config).double()
    time = layout.time
    known = fresh.conditions(time, time, text, None, None, flat)
    torch.testing.assert_close(known, fresh.conditions(time, time, text, None, None))
    heard, conditions = [], model.conditions
    monkeypatch.setattr(model, "conditions", lambda *given: heard.append(given[-1]) or conditions(*given))
    noisy, p = make_inputs()[0], config.patch
    model.both(Noisy(noisy[:, :, :p, : 3 * p], time), layout, text)
    assert torch.equal(heard[0], torch.full((2,), 3.0, dtype=torch.float64))


def test_every_weight_learns_within_three_steps() -> None:
    torch.manual_seed(0)
    model, (noisy, time, _) = VideoTransformer(replace(WITH_LAYOUT, finish=8)).double(), make_inputs()
    text, layout = make_eight_words(), make_layout()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    losses = []
    for _ in range(4):
        guess = model.both(Noisy(noisy, time), layout, text, time * 0.5, torch.tensor([4.0, 9.0]))
        assert guess.video is not None
        assert guess.layout is not None
        loss = (guess.video - noisy).square().mean() + (guess.layout - layout.values).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    still = [name for name, weight in model.named_parameters() if torch.equal(weight, before[name])]
    assert not still
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in model.parameters())


@torch.no_grad()
def test_half_precision_on_the_processor_stays_near() -> None:
    model = make_model().float()
    noisy, time, text = make_inputs()
    text = TextStates(text.states.float(), text.pooled.float())
    full = model(noisy.float(), time.float(), text)
    with torch.autocast("cpu", torch.bfloat16):
        half = model(noisy.float(), time.float(), text)
    assert (half - full).abs().mean() < 0.03 * full.abs().mean()


@pytest.mark.slow
@torch.no_grad()
def test_the_graph_has_no_breaks() -> None:
    """`torch.compile` sees one graph; the eager backend checks this without a C++ compiler."""
    model, (noisy, time, text) = make_model(), make_inputs()
    whole = torch.compile(model, backend="eager", fullgraph=True)
    torch.testing.assert_close(whole(noisy, time, text), model(noisy, time, text))
    wider, layout, words = make_model(WITH_LAYOUT), make_layout(), make_eight_words()
    both = torch.compile(wider.both, backend="eager", fullgraph=True)
    for video in (Noisy(noisy, time), None):
        one, other = both(video, layout, words), wider.both(video, layout, words)
        torch.testing.assert_close(one.layout, other.layout)
        torch.testing.assert_close(one.video, other.video)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 100}, "Use width=96"),
        ({"width": 8}, "Use width=32"),
        ({"depth": 0}, "Use depth=1"),
        ({"heads": -1}, "heads=-1"),
        ({"patch": 0}, "patch=0"),
        ({"mlp_ratio": 0.0}, "mlp_ratio"),
        ({"mlp_ratio": float("nan")}, "mlp_ratio"),
        ({"rotary_base": 0.5}, "rotary_base"),
    ],
)
def test_a_config_that_cannot_be_is_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        TransformerConfig(**change)  # type: ignore[arg-type]


def test_config_arithmetic() -> None:
    config = TransformerConfig()
    assert config.hidden == 704
    assert config.rotary_pairs == (8, 12, 12)
    assert config.head_width == 64


def test_shapes_that_do_not_fit_are_refused() -> None:
    model, (noisy, time, text) = make_model(), make_inputs()
    with pytest.raises(ShapeError, match="Use 4×4"):
        model(noisy[:, :, :3, :5], time, text)
    with pytest.raises(ShapeError, match="channels last"):
        model(noisy[..., :2], time, text)
    with pytest.raises(ShapeError, match=r"\(2, 3\) here"):
        model(noisy, time[:, :2], text)
