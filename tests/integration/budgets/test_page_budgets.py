"""Every key page of the sample site stays within the budgets of tests/benchmarks/budgets.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from base import outbox
from config.seed.people import HOUSEHOLD_PHONE, LEARNER_PHONE, MANAGER_PHONE
from tests.benchmarks import weights

PHONES = {"household": HOUSEHOLD_PHONE, "manager": MANAGER_PHONE, "learner": LEARNER_PHONE}


@pytest.fixture
def sample_site(db: None, settings: Settings, tmp_path: Path) -> None:
    """The seeded site with its pictures rendered and its index filled."""
    settings.IS_DEMO = True
    settings.VAR = tmp_path
    call_command("seed", "--seed", "4", verbosity=0)
    outbox.drain()


@pytest.mark.usefixtures("sample_site")
def test_every_page_stays_within_its_budget() -> None:
    """One test for all pages: the sample site takes longest to make."""
    found = [weights.weigh(name, address, page).over(page) for name, address, page in weights.addresses()]
    broken = [sentence for sentences in found for sentence in sentences]
    for who, address in weights.BUDGETS["desks"].items():
        queries = weights.desk_queries(PHONES[who], address)
        if queries > weights.BUDGETS["signed_in"]["queries"]:
            broken.append(f"{address}: {queries} queries, {weights.BUDGETS['signed_in']['queries']} allowed")
    assert broken == []


def test_page_over_its_budget_is_named() -> None:
    heavy = weights.Weight("market", "/cho/", 200, 9_000, 30_000, 7, 40_000, 5_000, 13, 7, 1)
    assert len(heavy.over({"is_list": True})) == 7
    assert heavy.over({})[0] == "market: 30000 bytes of HTML, CSS, scripts and fonts, 25600 allowed"
    gone = weights.Weight("market", "/cho/", 404, 0, 0, 0, 0, 0, 0, 0, 0)
    assert gone.over({}) == ["market: /cho/ answered 404"]
