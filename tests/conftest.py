import gc
import os
import signal
import tempfile
from pathlib import Path

# liblinear's BLAS calls are tiny: on two busy cores, threads waiting for each other make a fit fifty times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A model promoted on this machine must not speak in the tests, and no test may promote one here.
os.environ["TASRIB_HOME"] = tempfile.mkdtemp(prefix="tasrib-tests-")
os.environ.pop("TASRIB_MODEL", None)
os.environ.pop("TASRIB_DATA", None)

import pytest
from click.testing import CliRunner

# Where the suite runs in the background these are ignored, commands that it starts inherit that, and rightly keep to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# At Python's own threshold a seventh of a report goes into looking for cycles among the objects of the libraries that stay.
gc.set_threshold(50_000)

ROOT = Path(__file__).resolve().parent.parent
# With a file to a worker, those that take longest start first, so that at the end no worker waits for another.
LONGEST = [
    "test_demo_case.py", "test_linear.py", "test_letters_kept.py", "test_tracing_people.py", "test_mixture.py", "test_verify.py",
    "test_pdf.py", "test_endings.py", "test_nothing_is_lost.py", "test_language.py", "test_train.py", "test_public_names.py",
    "test_names_are_data.py", "test_custody_commands.py", "test_encoder.py", "test_packs.py", "test_several_scored.py",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session", autouse=True)
def drawn_once():
    """The same figures are drawn in hundreds of reports, and a drawing is all that its specification says: each is drawn once."""
    import vl_convert

    real, known = vl_convert.vegalite_to_svg, {}

    def draw(spec, **settings):
        key = repr((spec, settings))
        if key not in known:
            known[key] = real(spec, **settings)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vl_convert, "vegalite_to_svg", draw)
        yield


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def shared():
    """Text and facts from outside the project, where this machine has them."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not on this machine")
    return folder


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a tasrib command in an empty folder, with a key file of its own."""
    from tasrib.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TASRIB_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TASRIB_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="session")
def corpus():
    """The labelled messages, as the training reads them."""
    from tasrib.learning import load_shipped_corpus

    return load_shipped_corpus(ROOT / "data" / "corpus").drop(columns="test")


def quick_classifier():
    """An estimator that is fitted in a moment: for tests of what is done with a model, not of how good it is."""
    from tasrib.classify import CampaignClassifier

    return CampaignClassifier(bits=13, n_folds=2, regularisation=20.0)


@pytest.fixture(scope="session")
def small_corpus(corpus):
    """A small part of the corpus, test batches and all."""
    from tasrib.learning import is_test_batch

    part = corpus.sample(500, random_state=11).reset_index(drop=True)
    return part.assign(test=part["batch"].map(is_test_batch).astype(bool))


@pytest.fixture(scope="session")
def small_shipped(small_corpus, tmp_path_factory):
    """A model as it might be shipped with that corpus: fitted on all but the test batches."""
    from tasrib.classify import save_model
    from tasrib.text import VarietyClassifier

    rows = small_corpus[~small_corpus["test"]]
    classifier = quick_classifier().fit(rows["text"].tolist(), rows["category"])
    variety = VarietyClassifier(bits=11, regularisation=1.0).fit(rows["text"].tolist(), rows["language"])
    return save_model(classifier, variety, tmp_path_factory.mktemp("shipped") / "model")


@pytest.fixture
def small_model_shipped(small_shipped, monkeypatch):
    """As if tasrib shipped the small model: for tests of what is done with complaints, whatever a model says of them."""
    monkeypatch.setenv("TASRIB_DATA", str(small_shipped.parent))


@pytest.fixture(scope="session")
def small_world(small_corpus, small_shipped):
    """What `tasrib.train` takes to start from the small corpus and the small model."""
    return {"corpus": small_corpus, "shipped": small_shipped}
