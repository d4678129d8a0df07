"""The three networks: autoencoder (pixels ↔ latents), text encoder (words → states), transformer (the denoiser).

Enters: videos (b, f, h, w, 3) in [-1, 1] and sentences. Leaves: latents (b, z, lh, lw, c), channels last.
Read `transformer.py` first; `sizes.py` holds the shapes of `nano`, `mini` and `midi`. Import from the files.
"""
