"""Muon against a singular value decomposition, AdamW against torch's own."""

import copy

import torch
from torch import nn

from minisora.training.optimizer import MuonAdamW, orthogonalise, parameter_groups


def test_orthogonalise_keeps_directions_and_levels_sizes() -> None:
    matrices = torch.randn(3, 24, 10, generator=torch.Generator().manual_seed(0))
    u, _, v = torch.linalg.svd(matrices, full_matrices=False)
    found = orthogonalise(matrices).float()
    sizes = torch.linalg.svdvals(found)
    assert sizes.min() > 0.5
    assert sizes.max() < 1.4
    assert nn.functional.cosine_similarity(found.flatten(1), (u @ v).flatten(1)).min() > 0.97


def test_orthogonalise_of_a_batch_is_that_of_each() -> None:
    matrices = torch.randn(4, 8, 20, generator=torch.Generator().manual_seed(1))
    one_by_one = torch.cat([orthogonalise(matrix[None]) for matrix in matrices])
    torch.testing.assert_close(orthogonalise(matrices), one_by_one, atol=0.02, rtol=0)


def test_adamw_part_equals_torch() -> None:
    torch.manual_seed(0)
    ours, theirs = nn.Linear(5, 3), nn.Linear(5, 3)
    theirs.load_state_dict(ours.state_dict())
    mine = MuonAdamW(
        [{"params": list(ours.parameters()), "muon": False, "lr": 0.01}], betas=(0.9, 0.95), weight_decay=0.1
    )
    reference = torch.optim.AdamW(theirs.parameters(), lr=0.01, betas=(0.9, 0.95), weight_decay=0.1)
    for step in range(20):
        x = torch.randn(7, 5, generator=torch.Generator().manual_seed(step))
        for net, optimizer in ((ours, mine), (theirs, reference)):
            optimizer.zero_grad()
            net(x).square().mean().backward()
            optimizer.step()
    torch.testing.assert_close(ours.weight, theirs.weight, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(ours.bias, theirs.bias, atol=1e-6, rtol=1e-5)


def test_muon_takes_hidden_matrices_and_learns() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
    groups = parameter_groups(net, 0.02, 0.01, lambda name, _: name.startswith("2."))
    assert [group["muon"] for group in groups] == [True, False]
    assert [p.shape for p in groups[0]["params"]] == [(16, 16)]
    optimizer = MuonAdamW(groups)
    x = torch.randn(64, 4)
    target = x[:, :1] * x[:, 1:2]
    losses = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = (net(x) - target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_state_survives_saving() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 6, bias=False), nn.Linear(6, 6))
    x = torch.randn(8, 6)

    def train(model: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> None:
        for _ in range(steps):
            optimizer.zero_grad()
            (model(x) - 1).square().mean().backward()
            optimizer.step()

    def build(model: nn.Module) -> MuonAdamW:
        return MuonAdamW(parameter_groups(model, 0.02, 0.01, lambda name, _: name.startswith("0.")))

    optimizer = build(net)
    train(net, optimizer, 5)
    twin = copy.deepcopy(net)
    resumed = build(twin)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    train(net, optimizer, 5)
    train(twin, resumed, 5)
    torch.testing.assert_close(net[0].weight, twin[0].weight)
    torch.testing.assert_close(net[1].weight, twin[1].weight)
