"""The eight categories stand in several tables: in each of them all eight, in none a ninth."""

import pytest

from tasrib.classify import CAMPAIGN, CATEGORIES, load_model
from tasrib.learning.guide import GUIDE
from tasrib.report.catalogue import entries
from tasrib.report.figures import PALETTE
from training.check_corpus import QUOTAS

NAMES = [key.removeprefix("category.") for key, _ in entries() if key.startswith("category.")]


@pytest.mark.parametrize(
    "table", [GUIDE, PALETTE, NAMES, QUOTAS], ids=["guide", "palette", "names in the report", "quotas"]
)
def test_a_table_of_the_categories_has_exactly_these(table):
    assert set(table) == set(CATEGORIES)


def test_the_shipped_model_knows_exactly_these():
    assert set(load_model().classifier.classes_) == set(CATEGORIES)
    assert CATEGORIES[0] == CAMPAIGN
