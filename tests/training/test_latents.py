"""Kept latents: what is in them, and that an interrupted encoding goes on."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from minisora.errors import DataError, SettingError
from minisora.models.autoencoder import VideoAutoencoder
from minisora.models.storage import load_part
from minisora.training.latents import (
    ClipPlan,
    KeptClip,
    LatentBatches,
    LatentFolder,
    LayoutFolder,
    PlannedClips,
    UserClips,
    encode_clips,
    keep_layouts,
)
from minisora.training.stages import encode_latents, encode_layouts
from minisora.world import SHAPES
from minisora.world.render import render_layers


def test_latents_are_those_of_the_clip(tiny_latents: LatentFolder, tiny_weights: Path, tiny_plan: ClipPlan) -> None:
    autoencoder = load_part(tiny_weights, "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)
    clip = PlannedClips(SHAPES, tiny_plan)[7]
    expected = autoencoder.encode(clip.video[None].float() / 127.5 - 1)[0]
    kept = torch.from_numpy(np.array(tiny_latents.latents[7])).float()
    torch.testing.assert_close(kept, expected, atol=5e-3, rtol=5e-3)
    assert tiny_latents.scenes[7].to_json() == clip.line


def test_covers_hold_the_ink_of_each_actor(tiny_latents: LatentFolder) -> None:
    for index, scene in enumerate(tiny_latents.scenes):
        covers = tiny_latents.covers[index].astype(float) / 255
        present = covers.reshape(3, -1).max(axis=1) > 0
        assert present[len(scene.actors) :].sum() == 0
        assert present[: len(scene.actors)].all()


def test_actors_overlap_in_crowded_scenes() -> None:
    """Counted on the true covers: pixels that two actors fill, in the frame that has most; elsewhere corners graze."""
    plan = ClipPlan(num_clips=40, kinds={"three": 1.0}, later=0.0)

    def share(plan: ClipPlan) -> float:
        clips = PlannedClips(SHAPES, plan)
        scenes = [clips.scene(index)[0] for index in range(plan.num_clips)]
        covers = [render_layers(SHAPES, scene, 17, 64, 64, 8.0).covers for scene in scenes]
        shared = [((cover > 0.5).sum(dim=0) > 1).sum(dim=(1, 2)).max() for cover in covers]
        return float(np.mean([int(pixels) > 16 for pixels in shared]))

    assert share(plan) == 0
    assert share(replace(plan, crowded=1.0)) > 0.2


def test_several_clips_of_a_late_scene_differ_in_their_start_alone() -> None:
    plan = ClipPlan(num_clips=12, late=True, starts=3)
    clips, single = PlannedClips(SHAPES, plan), PlannedClips(SHAPES, replace(plan, starts=1))
    for number in range(4):
        scenes, starts = zip(*(clips.scene(3 * number + index) for index in range(3)), strict=True)
        assert scenes[0] == scenes[1] == scenes[2]
        assert len(set(starts)) == 3
        assert max(starts) == starts[0]  # the scene is no longer than the clip that enters it last
        assert (scenes[0], starts[0]) == single.scene(number)
    assert clips.scene(0)[0] != clips.scene(3)[0]


def test_only_late_scenes_give_several_clips() -> None:
    with pytest.raises(SettingError, match="starts=1"):
        ClipPlan(starts=2)


def test_interrupted_encoding_goes_on(
    tmp_path: Path, tiny_latents: LatentFolder, tiny_weights: Path, tiny_plan: ClipPlan
) -> None:
    autoencoder = load_part(tiny_weights, "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)

    class Broken(PlannedClips):
        def __getitem__(self, index: int) -> KeptClip:
            if index == 9:
                raise KeyboardInterrupt
            return super().__getitem__(index)

    with pytest.raises(KeyboardInterrupt):
        encode_clips(tmp_path, Broken(SHAPES, tiny_plan), autoencoder, batch_size=4, num_workers=0)
    folder = encode_clips(tmp_path, PlannedClips(SHAPES, tiny_plan), autoencoder, batch_size=4, num_workers=0)
    assert len(folder) == 12
    np.testing.assert_allclose(folder.latents.astype(float), tiny_latents.latents.astype(float), atol=5e-3, rtol=5e-3)
    assert [scene.to_json() for scene in folder.scenes] == [scene.to_json() for scene in tiny_latents.scenes]


def test_other_clips_are_refused(tiny_latents: LatentFolder, tiny_weights: Path, tiny_plan: ClipPlan) -> None:
    autoencoder = load_part(tiny_weights, "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)
    with pytest.raises(DataError, match="other clips"):
        encode_clips(tiny_latents.folder, PlannedClips(SHAPES, replace(tiny_plan, seed=5)), autoencoder)


def test_batches_depend_on_their_number_alone(tiny_latents: LatentFolder) -> None:
    stream = LatentBatches(SHAPES, [tiny_latents], batch_size=4, seed=2)
    one, again, other = stream.batch(11), stream.batch(11), stream.batch(12)
    assert one.captions == again.captions
    assert torch.equal(one.latents, again.latents)
    assert one.captions != other.captions
    first = next(iter(LatentBatches(SHAPES, [tiny_latents], batch_size=4, seed=2, start=11)))
    assert first.captions == one.captions


def test_workers_make_the_same_batches_in_the_same_order(tiny_latents: LatentFolder) -> None:
    stream = LatentBatches(SHAPES, [tiny_latents], batch_size=4, seed=2, start=5)
    loader = torch.utils.data.DataLoader(stream, batch_size=None, num_workers=2)
    for step, batch in zip(range(5, 10), loader, strict=False):
        assert (batch.step, batch.captions) == (step, stream.batch(step).captions)


def test_scenes_of_several_forms_and_rates(
    tmp_path: Path, tiny_latents: LatentFolder, tiny_layouts: LayoutFolder, tiny_plan: ClipPlan
) -> None:
    plan = replace(tiny_plan, num_clips=36, num_frames=9, width=64, fps=4.0)
    flat = keep_layouts(tmp_path, PlannedClips(SHAPES, plan))
    assert (flat.fps, flat.aspect) == (4.0, 2.0)
    stream = LatentBatches(SHAPES, [tiny_latents], batch_size=4, scenes=[tiny_layouts, flat], num_scenes=200)
    scenes = stream.batch(0).scenes
    assert scenes is not None
    assert scenes.layouts.shape[:2] == (200, 2)
    assert len(scenes.captions) == 200
    wide = scenes.aspect == 2
    assert torch.equal(wide, scenes.fps == 4)
    assert 0.65 < wide.float().mean() < 0.85  # as many as there are


def test_further_plans_are_kept_beside_the_first(tmp_path: Path, tiny_weights: Path, tiny_plan: ClipPlan) -> None:
    plan, wide = replace(tiny_plan, num_clips=2), replace(tiny_plan, num_clips=3, width=48)
    encode_latents(tiny_weights, tmp_path / "kept", plan, more={"wide": wide})
    encode_layouts(tmp_path / "said", plan, more={"wide": wide})
    assert LatentFolder(tmp_path / "kept").latents.shape[0] == 2
    assert LatentFolder(tmp_path / "kept-wide").latents.shape[2:4] == (8, 12)
    assert LayoutFolder(tmp_path / "said-wide").aspect == 1.5


def test_late_clips_start_in_the_middle(tmp_path: Path, tiny_weights: Path, tiny_plan: ClipPlan) -> None:
    """Some moments into a scene of any kind, and batches of them say so."""
    plan = replace(tiny_plan, num_clips=16, late=True, kinds={"leaving": 1.0, "one": 1.0})
    clips = PlannedClips(SHAPES, plan)
    starts = [clips.scene(index)[1] for index in range(16)]
    assert min(starts) >= 0.25
    assert len(set(starts)) == 16
    scene, start = clips.scene(3)
    later = SHAPES.render(scene, 41, 32, 32, 8.0)[round(start * 8)]
    assert (clips[3].video[0].double() - later.double()).abs().mean() < 8  # within a sixteenth of a second of it
    encode_latents(tiny_weights, tmp_path / "kept", plan)
    encode_layouts(tmp_path / "said", plan)
    kept, said = LatentFolder(tmp_path / "kept"), LayoutFolder(tmp_path / "said")
    batch = LatentBatches(SHAPES, [kept], batch_size=2, scenes=[said], num_scenes=3).batch(0)
    assert batch.late
    assert batch.scenes is not None
    assert batch.scenes.late.all()


def test_layouts_come_in_the_order_of_mention(tiny_latents: LatentFolder, tiny_layouts: LayoutFolder) -> None:
    """Row k of a layout has the colour that the caption names k-th, and there is no row too many."""
    stream = LatentBatches(
        SHAPES, [tiny_latents], batch_size=12, seed=0, short=0.0, scenes=[tiny_layouts], num_scenes=12
    )
    for step in range(5):
        batch = stream.batch(step)
        assert batch.scenes is not None
        assert batch.layouts is not None
        for captions, layouts in ((batch.captions, batch.layouts), (batch.scenes.captions, batch.scenes.layouts)):
            for caption, layout in zip(captions, layouts, strict=True):
                said = [SHAPES.colours[str(actor.colour)].rgb for actor in SHAPES.parse(caption).actors]
                there = layout[0, :3, 0] > 0
                assert there.tolist() == [k < len(said) for k in range(3)]
                colours = (layout[0, :3, 2:5] * 0.3 + 0.5) * 255
                torch.testing.assert_close(colours[there], torch.tensor(said).float(), atol=0.5, rtol=0)


def test_kept_layouts_are_those_of_the_scenes(tiny_layouts: LayoutFolder) -> None:
    from minisora.world.layout import layout_of

    assert len(tiny_layouts) == 12
    for layout, scene in zip(tiny_layouts.layouts, tiny_layouts.scenes, strict=True):
        assert not isinstance(scene, str)
        if scene.actors[0].motion == "staying still":
            torch.testing.assert_close(
                torch.from_numpy(np.array(layout)).float(), layout_of(SHAPES, scene, 5), atol=2e-3, rtol=2e-3
            )


def test_layouts_are_kept_once(tiny_layouts: LayoutFolder, tiny_plan: ClipPlan) -> None:
    before = (tiny_layouts.folder / "layouts.npy").stat().st_mtime_ns
    keep_layouts(tiny_layouts.folder, PlannedClips(SHAPES, replace(tiny_plan, seed=1)))
    assert (tiny_layouts.folder / "layouts.npy").stat().st_mtime_ns == before
    with pytest.raises(DataError, match="other clips"):
        keep_layouts(tiny_layouts.folder, PlannedClips(SHAPES, tiny_plan))
    with pytest.raises(DataError, match="minisora train layouts"):
        LayoutFolder(tiny_layouts.folder.parent)


def test_a_shorter_batch_is_the_start_of_the_clip(tiny_latents: LatentFolder) -> None:
    short = LatentBatches(SHAPES, [tiny_latents], batch_size=4, lengths={1: 1.0}).batch(0)
    whole = LatentBatches(SHAPES, [tiny_latents], batch_size=4, lengths={0: 1.0}).batch(0)
    assert short.latents.shape[1] == 1
    assert torch.equal(short.latents, whole.latents[:, :1])


def test_users_clips(tmp_path: Path, tiny_weights: Path) -> None:
    from minisora.data.buckets import Bucket
    from minisora.data.video_io import write_video

    clips = tmp_path / "clips"
    clips.mkdir()
    video = SHAPES.render(SHAPES.sample(np.random.default_rng(0)), num_frames=9, height=32, width=32)
    write_video(clips / "one.mp4", video.numpy(), fps=8)
    (clips / "broken.mp4").write_bytes(b"no video")
    lines = [{"file_name": "one.mp4", "caption": "my own clip"}, {"file_name": "broken.mp4", "caption": "broken"}]
    (clips / "metadata.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    own = UserClips(clips, Bucket(5, 32, 32))
    autoencoder = load_part(tiny_weights, "autoencoder")
    assert isinstance(autoencoder, VideoAutoencoder)
    folder = encode_clips(tmp_path / "kept", own, autoencoder, num_workers=0)
    batch = LatentBatches(SHAPES, [folder], batch_size=2).batch(0)
    assert set(batch.captions) == {"my own clip"}
    assert batch.layouts is None
