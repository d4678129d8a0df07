"""The one home of model sizes: four settings of the same architecture.

`mini` is `nano` half as deep again, and shares its autoencoder and its text encoder, so it begins where `nano` ends.

| size   | clip it is made for   | where it trains |
|--------|-----------------------|-----------------|
| `nano` | 64×64, 17 frames      | 2 CPU cores     |
| `mini` | 128×128, 33 frames    | a laptop GPU    |
| `midi` | 256×256, 65 frames    | one large GPU   |
| `stage`| 128×128, 17 frames    | 2 CPU cores     |

`stage` is for the world of that name, whose layouts have more numbers and whose pictures more detail.
"""

from dataclasses import dataclass

from minisora.errors import SettingError
from minisora.models.autoencoder import AutoencoderConfig
from minisora.models.text_encoder import TextEncoderConfig
from minisora.models.transformer import TransformerConfig
from minisora.world import SHAPES, STAGE
from minisora.world.layout import layout_channels

LAYOUT, STAGE_LAYOUT = layout_channels(SHAPES), layout_channels(STAGE)


@dataclass(frozen=True)
class ModelSize:
    """Configurations of the three networks, and the clip that they are made for.

    Attributes:
        name: "nano", "mini", "midi" or "stage".
        autoencoder, text_encoder, denoiser: one configuration each; they fit each other.
        num_frames, height, width: the clip.
    """

    name: str
    autoencoder: AutoencoderConfig
    text_encoder: TextEncoderConfig
    denoiser: TransformerConfig
    num_frames: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.denoiser.latent_channels != self.autoencoder.latent_channels:
            raise SettingError("the denoiser's latent_channels must be the autoencoder's.")
        if self.denoiser.text_width != self.text_encoder.width:
            raise SettingError("the denoiser's text_width must be the text encoder's width.")


SIZES = {
    "nano": ModelSize(
        name="nano",
        autoencoder=AutoencoderConfig(),
        text_encoder=TextEncoderConfig(width=128, heads=4),
        denoiser=TransformerConfig(
            latent_channels=8,
            patch=4,
            width=192,
            depth=8,
            heads=3,
            text_width=128,
            layout_channels=LAYOUT,
            finish=64,
            aspects=True,
        ),
        num_frames=17,
        height=64,
        width=64,
    ),
    "mini": ModelSize(
        name="mini",
        autoencoder=AutoencoderConfig(),
        text_encoder=TextEncoderConfig(width=128, heads=4),
        denoiser=TransformerConfig(
            latent_channels=8,
            patch=4,
            width=192,
            depth=12,
            heads=3,
            text_width=128,
            layout_channels=LAYOUT,
            finish=64,
            aspects=True,
        ),
        num_frames=33,
        height=128,
        width=128,
    ),
    "midi": ModelSize(
        name="midi",
        autoencoder=AutoencoderConfig(widths=(96, 192), latent_channels=12),
        text_encoder=TextEncoderConfig(width=256, heads=4, depth=4),
        denoiser=TransformerConfig(
            latent_channels=12,
            patch=4,
            width=768,
            depth=16,
            heads=12,
            text_width=256,
            layout_channels=LAYOUT,
            finish=96,
            aspects=True,
        ),
        num_frames=65,
        height=256,
        width=256,
    ),
    "stage": ModelSize(
        name="stage",
        autoencoder=AutoencoderConfig(widths=(64, 128), latent_channels=12),
        text_encoder=TextEncoderConfig(width=128, heads=4),
        denoiser=TransformerConfig(
            latent_channels=12,
            patch=4,
            width=256,
            depth=8,
            heads=4,
            text_width=128,
            layout_channels=STAGE_LAYOUT,
            finish=64,
            aspects=True,
        ),
        num_frames=17,
        height=128,
        width=128,
    ),
}


def model_size(name: str) -> ModelSize:
    """The configurations behind a size's name.

    Raises:
        SettingError: no such size.
    """
    if name not in SIZES:
        raise SettingError(f"size={name!r}, but the sizes are {', '.join(SIZES)}. Use 'nano'.")
    return SIZES[name]
