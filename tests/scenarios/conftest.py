import pytest


@pytest.fixture(scope="session")
def small_data(small_corpus, small_shipped):
    """A folder of tasrib's data with the small model and, beside it, the small corpus."""
    folder = small_shipped.parent
    (folder / "corpus").mkdir(exist_ok=True)
    small_corpus.drop(columns="test").to_json(
        folder / "corpus" / "small.jsonl", orient="records", lines=True, force_ascii=False
    )
    return folder


@pytest.fixture
def small_data_shipped(small_data, monkeypatch):
    """As if tasrib shipped the small corpus and the small model."""
    monkeypatch.setenv("TASRIB_DATA", str(small_data))
