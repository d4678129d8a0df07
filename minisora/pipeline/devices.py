"""Where to compute, and in which type."""

import torch

from minisora.errors import SettingError, nearest_name

__all__ = ["choose_device", "choose_dtype"]

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def choose_device(name: str) -> torch.device:
    """A device that is really there.

    Args:
        name: "auto" (CUDA, then MPS, then the processor), or a name that torch knows, such as "cuda:1".
    Returns:
        The device.
    Raises:
        SettingError: it is unknown or not there.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, ValueError) as error:
        raise SettingError(f"device={name!r} is not there on this machine. Use device='auto' or 'cpu'.") from error
    return device


def choose_dtype(name: str | torch.dtype, device: torch.device) -> torch.dtype:
    """The type in which the denoiser computes.

    Args:
        name: "auto", "float32" or "bfloat16", or the torch type itself.
        device: where.
    Returns:
        For "auto" bfloat16 where it pays most, CUDA with tensor cores and processors with AMX tiles; with AVX512 alone
        a clip would be a tenth quicker, and further from the same clip in a batch.
    Raises:
        SettingError: another type.
    """
    if isinstance(name, torch.dtype):
        name = str(name).removeprefix("torch.")
    if name == "auto":
        fast = torch.cpu._is_amx_tile_supported() if device.type == "cpu" else bfloat16_pays(device)
        return torch.bfloat16 if fast else torch.float32
    if name not in DTYPES:
        near = nearest_name(name, DTYPES)
        raise SettingError(f"dtype={name!r}, but the types are auto, {', '.join(DTYPES)}. Use {near!r}.")
    return DTYPES[name]


def bfloat16_pays(device: torch.device) -> bool:
    """Whether products in bfloat16 are quicker than in float32.

    Args:
        device: where.
    Returns:
        True for CUDA with tensor cores and for processors with AMX tiles (7 times) or AVX512's bfloat16 (twice).
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())
