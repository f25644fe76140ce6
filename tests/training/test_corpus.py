from training.check_corpus import near_duplicates
from training.corpus import load_corpus, schema_problem


def test_the_corpus_keeps_its_schema_and_repeats_nothing():
    corpus = load_corpus()
    assert len(corpus) >= 5_000
    assert corpus["id"].is_unique
    assert near_duplicates(corpus).empty


def test_a_party_outside_a_campaign_is_a_problem():
    row = load_corpus().query("category == 'news'").iloc[0].to_dict()
    assert schema_problem(row) == ""
    assert "no campaign" in schema_problem(row | {"party": "PPS"})
    assert "target" in schema_problem(row | {"target": "attack"})
    assert "category" in schema_problem(row | {"category": "vote"})
