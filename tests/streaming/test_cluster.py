"""A Dask cluster gives the rows that one machine gives, also when a worker dies at work."""

import os
import signal

import pandas as pd
import pytest

from tasrib import score
from tasrib.classify import load_model
from tasrib.classify.by_path import load_by_path, path_of
from tasrib.complaints.opening import open_files
from tasrib.errors import ModelRefused, TasribError
from tasrib.streaming.cluster import workers_of
from tasrib.streaming.parts import InMemory
from tasrib.streaming.run import Finish, judge_all

KEY = b"k" * 32


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as made:
        yield made


@pytest.fixture(scope="module")
def complaints(corpus):
    part = corpus.sample(240, random_state=3)
    texts = [*part["text"], *part["text"].head(60)]
    return pd.DataFrame(
        {
            "text": texts,
            "recipient": [f"0661{n:06d}" for n in range(len(texts))],
            "complaint_id": [f"r-{n}" if n % 9 else f"06770001{n:02d}" for n in range(len(texts))],
        }
    )


@pytest.fixture(scope="module")
def model():
    return load_model().fast()


@pytest.fixture
def opened(complaints, tmp_path):
    complaints.to_csv(tmp_path / "c.csv", index=False)
    return lambda: open_files([tmp_path / "c.csv"])


def finished(opened, parts, account, model):
    return pd.concat(Finish(opened, parts, account, "MA", model).scored(KEY), ignore_index=True)


def test_workers_judge_as_this_process_does(cluster, opened, model):
    found = []
    for pool in (None, workers_of(cluster.scheduler_address, model, "MA")):
        files, parts = opened(), InMemory()
        found.append(finished(files, parts, judge_all(files, parts, model, "MA", pool=pool, size=40), model))
    pd.testing.assert_frame_equal(*found)


def test_a_worker_that_dies_at_work_costs_no_row(cluster, opened, model):
    files, parts = opened(), InMemory()
    alone = finished(files, parts, judge_all(files, parts, model, "MA", size=10), model)

    worker = next(iter(cluster.workers.values()))
    killed = worker.pid
    told = []

    def kill_at_first(done, total):
        if not told:
            os.kill(killed, signal.SIGKILL)
        told.append(done)

    files, parts = opened(), InMemory()
    pool = workers_of(cluster.scheduler_address, model, "MA")
    account = judge_all(files, parts, model, "MA", pool=pool, size=10, progress=kill_at_first)
    assert len(told) > 10
    pd.testing.assert_frame_equal(finished(files, parts, account, model), alone)


def test_the_command_writes_the_same_file(cluster, complaints, run, tmp_path):
    complaints.to_csv(tmp_path / "c.csv", index=False)
    for name, *more in (("alone.csv",), ("many.csv", "--dask", cluster.scheduler_address)):
        result = run("score", "c.csv", "-o", name, "--fast", *more)
        assert result.exit_code == 0, result.output
    written = [pd.read_csv(tmp_path / name, dtype=str).drop(columns="run") for name in ("alone.csv", "many.csv")]
    pd.testing.assert_frame_equal(*written)


def test_a_dask_frame_has_the_rows_of_one_table_and_campaigns_over_all_of_them(cluster, complaints, model):
    import dask.dataframe as dd

    whole = score(complaints, model=model, key=KEY)
    with cluster.get_client():
        parts = score(dd.from_pandas(complaints, npartitions=4), model=model, key=KEY)
        assert parts.npartitions == 4
        assert list(parts.columns) == list(whole.columns)
        pd.testing.assert_frame_equal(parts.compute(), whole)


def test_a_dask_frame_without_a_cluster_is_scored_here(complaints, model):
    dd = pytest.importorskip("dask.dataframe")
    given = dd.from_pandas(complaints.head(40), npartitions=2)
    found = score(given, model=model, keep_numbers=True).compute(scheduler="synchronous")
    pd.testing.assert_frame_equal(found, score(complaints.head(40), model=model, keep_numbers=True))


def test_jobs_and_a_cluster_are_not_both_meant(run, tmp_path):
    (tmp_path / "c.csv").write_text("text,recipient\nSoldes,0661000101\n")
    result = run("score", "c.csv", "-o", "s.csv", "--jobs", 2, "--dask", "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "--dask" in result.output


def test_where_nobody_answers_that_is_said(model, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("tasrib.streaming.cluster._PATIENCE", "1s")
    with pytest.raises(TasribError, match="no Dask scheduler answers at"), workers_of("tcp://127.0.0.1:9", model, "MA"):
        pass


def test_workers_refuse_another_model_or_release(model):
    path = path_of(model)
    assert load_by_path(path).version == model.version
    with pytest.raises(ModelRefused, match="a worker has model"):
        load_by_path(path._replace(version="0123456789ab"))
    with pytest.raises(ModelRefused, match="install the same"):
        load_by_path(path._replace(release="0"))
