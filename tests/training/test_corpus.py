from training.check_corpus import misplaced, near_duplicates, short_of_quota
from training.corpus import load_corpus, schema_problem
from training.second_reading import check_settled, load_second_reading


def test_the_corpus_keeps_its_schema_and_repeats_nothing():
    corpus = load_corpus()
    assert corpus["id"].is_unique
    assert misplaced() == []
    assert near_duplicates(corpus).empty
    assert short_of_quota(corpus) == []
    assert check_settled(load_second_reading(), corpus) == []


def test_a_message_in_another_writers_file_is_named(tmp_path):
    rows = ['{"id": "w2-01-shop-001", "batch": "w2-01-shop"}', '{"id": "w3-01-bus-001", "batch": "w3-01-bus"}']
    (tmp_path / "w2.jsonl").write_text("\n".join(rows) + "\n")
    assert misplaced(tmp_path) == ["w3-01-bus-001 of batch w3-01-bus lies in w2.jsonl"]


def test_a_quota_that_is_not_reached_is_named():
    few = load_corpus().groupby("category").head(100)
    assert any(line.startswith("political_campaign: 100, at least 1700") for line in short_of_quota(few))


def test_a_party_outside_a_campaign_is_a_problem():
    row = load_corpus().query("category == 'news'").iloc[0].to_dict()
    assert schema_problem(row) == ""
    assert "no campaign" in schema_problem(row | {"party": "PPS"})
    assert "target" in schema_problem(row | {"target": "attack"})
    assert "category" in schema_problem(row | {"category": "vote"})
