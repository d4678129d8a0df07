"""From noise to latents: the loss that teaches a network to denoise, and the loop that lets it draw.

Enters: standardised latents (b, z, lh, lw, c) or noise of that shape, and a network. Leaves: a loss, or clean latents.
Read `flow.py` first (the loss), then `samplers.py` (the loop); `noise_levels.py` says how noisy each latent frame is,
`guidance.py` how strongly the words are followed. Time runs from 0, clean, to 1, noise, everywhere.
"""

from minisora.diffusion.flow import LAYOUT_TIME_SHIFT, TRAINING_TIME_SHIFT, flow_loss, interpolate, velocity_target
from minisora.diffusion.guidance import guided
from minisora.diffusion.noise_levels import (
    JointLevels,
    LayoutMixture,
    NoiseLevels,
    NoiseMixture,
    chunked,
    full_sequence,
    hold_context,
    pyramid,
    sample_joint_levels,
    sample_levels,
)
from minisora.diffusion.samplers import METHODS, Known, Step, denoise, last_clean

__all__ = [
    "LAYOUT_TIME_SHIFT",
    "METHODS",
    "TRAINING_TIME_SHIFT",
    "JointLevels",
    "Known",
    "LayoutMixture",
    "NoiseLevels",
    "NoiseMixture",
    "Step",
    "chunked",
    "denoise",
    "flow_loss",
    "full_sequence",
    "guided",
    "hold_context",
    "interpolate",
    "last_clean",
    "pyramid",
    "sample_joint_levels",
    "sample_levels",
    "velocity_target",
]
