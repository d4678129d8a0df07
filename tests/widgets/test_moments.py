"""Steps as pictures: latents as colours, with the first latent frame for one frame and each later one for four."""

import numpy as np
import torch

from minisora.pipeline import TextToVideoPipeline
from minisora.widgets.moments import RANGE, latent_picture, moments_of

SMALL = {"num_frames": 9, "height": 32, "width": 32, "seed": 0, "num_inference_steps": 3}


def test_latents_are_colours() -> None:
    latents = torch.zeros(3, 1, 2, 4)
    latents[1, 0, 1] = torch.tensor([RANGE, -RANGE, 99.0, 1.0])
    picture = latent_picture(latents, 9)
    assert picture.shape == (9, 1, 2, 3)
    assert picture[0, 0, 0].tolist() == [128, 128, 128]
    assert [frame[0, 1].tolist() for frame in picture[1:5]] == [[255, 0, 255]] * 4
    assert (picture[5:] == 128).all()
    assert latent_picture(latents[..., :2], 9).shape[-1] == 3


def test_the_last_guess_is_the_clip(tiny_pipe: TextToVideoPipeline) -> None:
    moments = list(moments_of(tiny_pipe.stream("a red star", **SMALL)))
    assert [moment.index for moment in moments] == [0, 1, 2]
    times = [moment.time for moment in moments]
    assert times[-1] == 0
    assert times == sorted(times, reverse=True)
    assert np.array_equal(moments[-1].clean, tiny_pipe("a red star", **SMALL).frames[0].numpy())
