import pytest

from songhe.payment.tiers import tier_for, tiers


def test_every_sum_has_a_tier_and_a_larger_sum_never_needs_less() -> None:
    limits = [tier.up_to for tier in tiers() if tier.up_to is not None]
    asked = [tier_for(fen) for limit in limits for fen in (1, limit, limit + 1)] + [tier_for(10**18)]
    weights = [(tier.approvals, tier.bureau) for tier in sorted(set(asked), key=lambda tier: tier.up_to or 10**18)]
    assert weights == sorted(weights)
    assert all(tier.approvals >= 1 for tier in asked)


@pytest.mark.parametrize("place", [0, 1])
def test_a_limit_includes_the_sum_itself(place: int) -> None:
    limit = tiers()[place].up_to
    assert limit is not None
    assert tier_for(limit) == tiers()[place]
    assert tier_for(limit + 1) == tiers()[place + 1]
