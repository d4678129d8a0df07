"""Clips per second that one core draws and encodes, reads and decodes: whether data keep up with training.

    python benchmarks/data_speed.py
    python benchmarks/data_speed.py --clips 500 --num-frames 33 --height 128 --width 128

Times are CPU seconds of this process, so that a busy machine does not change them much.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from minisora.data import Bucket, ShapesRecipe, ShardSource, decode_video, encode_video, moving_shapes, write_shards
from minisora.data.buckets import TRAIN_CLIPS, keyed_rng
from minisora.world import SHAPES


def per_second(work: Callable[[int], object], count: int) -> float:
    """How often `work(k)` runs in a CPU second."""
    work(0)
    start = time.process_time()
    for index in range(count):
        work(index)
    return count / (time.process_time() - start)


def stages(bucket: Bucket, count: int) -> dict[str, float]:
    """Clips per second of every stage alone."""
    recipe = ShapesRecipe()
    seconds = (bucket.num_frames - 1) / recipe.fps
    rngs = [keyed_rng(0, TRAIN_CLIPS, index) for index in range(count)]
    scenes = [SHAPES.sample(rng, aspect=bucket.aspect, seconds=seconds) for rng in rngs]
    clips = [SHAPES.render(scene, *bucket.shape[:3]).numpy() for scene in scenes]
    packed = [encode_video(clip) for clip in clips]
    print(f"{np.mean([len(video['bytes']) for video in packed]):.0f} bytes a clip of {clips[0].nbytes}")
    fresh = [keyed_rng(1, TRAIN_CLIPS, index) for index in range(count)]
    return {
        "sample a scene": per_second(lambda k: SHAPES.sample(fresh[k], aspect=bucket.aspect, seconds=seconds), count),
        "write a caption": per_second(lambda k: SHAPES.write(scenes[k], fresh[k]), count),
        "render": per_second(lambda k: SHAPES.render(scenes[k], *bucket.shape[:3]), count),
        "encode": per_second(lambda k: encode_video(clips[k]), count),
        "decode": per_second(lambda k: decode_video(packed[k]), count),
    }


def whole(bucket: Bucket, count: int) -> dict[str, float]:
    """Clips per second of moving_shapes as a whole, and of batches from its shards."""
    size = {"num_frames": bucket.num_frames, "height": bucket.height, "width": bucket.width}
    start = time.process_time()
    rows = list(moving_shapes(count, **size))  # type: ignore[arg-type]
    made = count / (time.process_time() - start)
    with tempfile.TemporaryDirectory() as folder:
        write_shards(rows, Path(folder))
        source = ShardSource(folder, batch_size=min(32, count))
        batches = source.batches_per_epoch()
        read = per_second(source.batch, batches) * source.batch_size
    return {"moving_shapes, encoded": made, "batches from shards": read}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--num-frames", type=int, default=17)
    parser.add_argument("--height", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    given = parser.parse_args()
    torch.set_num_threads(1)
    bucket = Bucket(given.num_frames, given.height, given.width)
    print(f"{bucket}, {given.clips} clips, one core")
    for name, speed in {**stages(bucket, given.clips), **whole(bucket, given.clips)}.items():
        print(f"{name:24s} {speed:8.0f} clips/s")


if __name__ == "__main__":
    main()
