"""Muon for hidden matrices, AdamW for all the rest, in one optimizer.

Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) replaces a matrix's momentum by the nearest orthogonal
matrix, found with a few Newton-Schulz steps. Here all matrices of one shape take those steps as one batched product:
one at a time they cost a third of a training step on a CPU.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from minisora.pipeline.devices import bfloat16_pays

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # coefficients of the quintic; they trade exactness for few steps
NEWTON_SCHULZ_STEPS = 5


def orthogonalise(matrices: Tensor, steps: int = NEWTON_SCHULZ_STEPS) -> Tensor:
    """The nearest (half-)orthogonal matrices, roughly: singular values end between about 0.7 and 1.2.

    Args:
        matrices: (k, rows, columns), floats.
        steps: Newton-Schulz iterations.
    Returns:
        (k, rows, columns), in the type that is quick here: the iteration is stable in bfloat16, too.
    """
    a, b, c = NEWTON_SCHULZ
    x = matrices.to(torch.bfloat16 if bfloat16_pays(matrices.device) else torch.float32)
    tall = x.size(1) > x.size(2)
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    result: Tensor = x.mT if tall else x
    return result


class MuonAdamW(torch.optim.Optimizer):
    """Two rules in one optimizer, chosen by parameter group (`muon` True or False), so that one scheduler drives both.

    Args:
        groups: dicts with `params`, `muon`, `lr`; see `parameter_groups`.
        momentum: Muon's Nesterov momentum.
        betas, eps: AdamW's.
        weight_decay: decoupled, times the learning rate.
    """

    def __init__(
        self,
        groups: Iterable[dict[str, Any]],
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.9, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {"momentum": momentum, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(list(groups), {"lr": 1e-3, "muon": False, **defaults})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One update of all groups; `closure` re-evaluates the loss, as Lightning needs it."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            with_grad = [p for p in group["params"] if p.grad is not None]
            if with_grad:
                (self._muon if group["muon"] else self._adamw)(with_grad, group)
        return loss

    def _muon(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        grads = [p.grad for p in params if p.grad is not None]
        for p in params:
            if not self.state[p]:
                self.state[p]["momentum"] = torch.zeros_like(p)
        momenta: list[Tensor] = [self.state[p]["momentum"] for p in params]
        torch._foreach_lerp_(momenta, grads, 1 - group["momentum"])
        updates = torch._foreach_lerp(grads, momenta, group["momentum"])  # Nesterov's
        by_shape: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, p in enumerate(params):
            by_shape[(p.size(0), p[0].numel())].append(index)  # convolutions: (out, in × kernel)
        weights: list[Tensor] = list(params)
        if group["weight_decay"]:
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
        for (rows, columns), same in by_shape.items():
            turned = orthogonalise(torch.stack([updates[k].view(rows, columns) for k in same])).float()
            scale = max(1.0, rows / columns) ** 0.5  # keeps an update's size per output alike for all shapes
            directions = [direction.view_as(weights[k]) for k, direction in zip(same, turned, strict=True)]
            torch._foreach_add_([weights[k] for k in same], directions, alpha=-group["lr"] * scale)

    def _adamw(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        beta1, beta2 = group["betas"]
        grads = [p.grad for p in params if p.grad is not None]
        weights: list[Tensor] = list(params)
        for p in params:
            if not self.state[p]:
                self.state[p].update(step=torch.zeros(()), mean=torch.zeros_like(p), square=torch.zeros_like(p))
        means, squares = ([self.state[p][key] for p in params] for key in ("mean", "square"))
        count = self.state[params[0]]["step"].add_(1).item()
        torch._foreach_lerp_(means, grads, 1 - beta1)
        torch._foreach_mul_(squares, beta2)
        torch._foreach_addcmul_(squares, grads, grads, 1 - beta2)
        root = torch._foreach_sqrt(squares)
        torch._foreach_div_(root, (1 - beta2**count) ** 0.5)
        torch._foreach_add_(root, group["eps"])
        torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_addcdiv_(weights, means, root, value=-group["lr"] / (1 - beta1**count))


def parameter_groups(
    model: nn.Module, muon_lr: float, adamw_lr: float, is_hidden: Callable[[str, nn.Parameter], bool]
) -> list[dict[str, Any]]:
    """Split a model's parameters: hidden matrices go to Muon, everything else to AdamW.

    Args:
        model: whose parameters that need gradients are split.
        muon_lr, adamw_lr: the two learning rates.
        is_hidden: (name, parameter) → whether it is a matrix between hidden layers (not an embedding, not a head).
    """
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    hidden = [p for name, p in named if p.ndim >= 2 and is_hidden(name, p)]
    chosen = {id(p) for p in hidden}
    rest = [p for _, p in named if id(p) not in chosen]
    groups = [{"params": hidden, "muon": True, "lr": muon_lr}, {"params": rest, "muon": False, "lr": adamw_lr}]
    return [group for group in groups if group["params"]]
