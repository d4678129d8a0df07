"""Training: two Lightning modules, the teaching of the text encoder, kept latents and the command `minisora train`.

In: a preset's name. Out: a folder of weights that the pipeline loads. Read `denoiser_module.py` first, then
`latents.py` (what is encoded once and kept) and `stages.py` (the order in which the shipped checkpoint is made).
"""
