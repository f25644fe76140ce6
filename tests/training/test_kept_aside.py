import pandas as pd
import pytest

from tasrib.classify import CAMPAIGN, load_model
from tasrib.errors import TasribError
from training.check_corpus import misplaced, near_duplicates
from training.corpus import load_corpus
from training.kept_aside import SHARES, measure_by, table_of
from training.paths import WORLD
from training.pool import FREE, digest, load_real_labels, read_pool, real_messages
from training.second_reading import check_settled, load_second_reading
from training.world import load_world


def test_the_messages_of_other_countries_keep_the_corpus_rules_and_repeat_nothing_of_it():
    world, corpus = load_world(), load_corpus()
    assert misplaced(WORLD) == []
    assert check_settled(load_second_reading(WORLD / "second_reading.csv"), world) == []
    assert near_duplicates(pd.concat([corpus, world], ignore_index=True)).empty
    assert not set(world["batch"]) & set(corpus["batch"])
    assert world["country"].str.fullmatch("[A-Z]{2}").all()
    assert (world.groupby("kind")["category"].nunique() > 0).all()


def test_shares_count_each_message_once():
    part = load_world().groupby("category").head(25)
    found = measure_by(load_model(), part, ("language", "category"))
    assert found["all"]["n"] == len(part)
    assert found["all"]["campaign"] == (part["category"] == CAMPAIGN).sum()
    for share in SHARES:
        value, low, high = found["all"][share]
        assert low <= value <= high
    assert found["all"]["recall"][0] <= found["all"]["with_review"][0]
    # Of 25 messages a share says nothing.
    assert found["category"] == {}
    assert all(row["n"] == (part["language"] == name).sum() >= 40 for name, row in found["language"].items())
    assert table_of(found).count("\n") == 2 + len(found["language"])


def test_without_messages_nothing_is_measured():
    assert measure_by(load_model(), load_world().head(0), ()) == {}
    assert table_of({}) == ""


def test_without_the_pool_there_is_no_real_text(tmp_path):
    assert read_pool(tmp_path).empty
    assert real_messages("report", pool=read_pool(tmp_path)).empty


def test_real_labels_name_texts_by_their_hash_alone(tmp_path):
    (tmp_path / "some_tweets.tsv").write_text(
        'text\tkind\tlang\tweak_label\nVotez\\n"nous\ttweet\tfr\tx\nAutre\ttweet\tfr\tx\n'
    )
    pool = read_pool(tmp_path)
    assert pool["text"].tolist() == ['Votez\n"nous', "Autre"]
    labels = pd.DataFrame(
        {
            "file": "some_tweets",
            "hash": [digest('Votez\\n"nous'), digest("gone")],
            "settled": CAMPAIGN,
            "purpose": "report",
        }
    )
    assert real_messages("report", pool, labels)["text"].tolist() == ['Votez\n"nous']
    assert real_messages("choose", pool, labels).empty


def test_the_labels_at_hand_are_of_texts_in_the_pool(shared):
    labels, pool = load_real_labels(), read_pool()
    assert set(labels["hash"]) <= set(pool["hash"])
    assert set(labels.loc[labels["purpose"] == "train", "file"]) == set(FREE)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,1,news,news,nonsense,report", "category"),
        ("a,1,news,,news,report", "one reading"),
        ("ary_mac_tweets,1,news,,news,train", "licence"),
        ("a,0,news,news,news,report", "twice"),
    ],
)
def test_labels_that_cannot_be_are_refused(tmp_path, row, said):
    file = tmp_path / "labels.csv"
    file.write_text(f"file,hash,first,second,settled,purpose\na,0,news,news,news,report\n{row}\n")
    with pytest.raises(TasribError, match=said):
        load_real_labels(file)
