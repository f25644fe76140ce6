"""Each argument of each public function, given what it is not for: one line of tasrib's own that says what is wanted."""

import inspect

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

import tasrib

LABELLED = pd.DataFrame({"text": ["a"], "category": ["news"]})
PEOPLE = scored_frame(1, recipient=["p-aaaaaaaaaaaaaaaa"])
COMPLAINTS = pd.DataFrame({"text": ["a"], "recipient": ["0661000101"]})


class Foreign:
    """A table of another library."""

    columns = ("text",)

    def to_pandas(self):
        return LABELLED


class World:
    """What right arguments are made of."""

    def __init__(self, folder, model):
        self.folder, self.model = folder, model
        self.scored = scored_frame(12, text=list("abcdefghijkl"), category="news")
        self.result = tasrib.trace(self.scored)
        self.file = folder / "c.csv"
        self.file.write_text("text,recipient\nVotez,0661000101\n")
        self.new = folder / "new"
        self.decided = folder / "scored.parquet"
        tasrib.write_table(self.scored, self.decided)
        self.decisions = tasrib.read_decisions(self.decided)

    def train(self, **given):
        return tasrib.train(**({"labelled": LABELLED, "folder": self.new, "shipped": self.model} | given))

    def report(self, **given):
        right = {"scored": self.scored, "result": self.result, "folder": self.new, "model": self.model}
        return tasrib.write_report(**(right | given))

    def case(self, **given):
        return tasrib.write_case(**({"scored": self.file, "folder": self.new} | given))

    def score(self, **given):
        return tasrib.score(**({"complaints": COMPLAINTS, "model": self.model, "key": b"k" * 32} | given))

    def case_export(self, **given):
        return tasrib.case_export(**({"scored": self.scored, "path": self.folder / "e.xlsx"} | given))

    def questions(self, **given):
        return tasrib.law_questions(**({"scored": self.scored, "path": self.new.with_suffix(".xlsx")} | given))

    def plan(self, **given):
        numbers = pd.DataFrame({"number": ["0661000101", "0612000101", "0600000101"]})
        return tasrib.plan_canaries(**({"numbers": numbers, "holders": ["Nour"]} | given))

    def export(self, **given):
        return tasrib.label_export(
            **({"scored": self.scored, "path": self.folder / "e.xlsx", "corpus": LABELLED} | given)
        )


# Function, argument, and how it is given; None stands for the default of what is marked "or None".
CALLS = {
    "case_export.scored": lambda w, x: w.case_export(scored=x),
    "case_export.path": lambda w, x: w.case_export(path=x),
    "case_export.decisions or None": lambda w, x: w.case_export(decisions=x),
    "case_export.language": lambda w, x: w.case_export(language=x),
    "case_export.most or None": lambda w, x: w.case_export(most=x),
    "case_export.country": lambda w, x: w.case_export(country=x),
    "decided.scored": lambda w, x: tasrib.decided(x, w.decisions),
    "decided.decisions": lambda w, x: tasrib.decided(w.scored, x),
    "drift.old": lambda w, x: tasrib.drift(x, w.scored),
    "drift.new": lambda w, x: tasrib.drift(w.scored, x),
    "drift.permutations": lambda w, x: tasrib.drift(w.scored, w.scored, permutations=x),
    "drift.seed": lambda w, x: tasrib.drift(w.scored, w.scored, seed=x),
    "evaluate.model or None": lambda w, x: tasrib.evaluate(x, LABELLED),
    "evaluate.labelled": lambda w, x: tasrib.evaluate(w.model, x),
    "evaluate.groups or None": lambda w, x: tasrib.evaluate(w.model, LABELLED, groups=x),
    "evaluate.n_resamples": lambda w, x: tasrib.evaluate(w.model, LABELLED, n_resamples=x),
    "explain.texts": lambda w, x: tasrib.explain(x, w.model),
    "explain.model or None": lambda w, x: tasrib.explain(["a"], x),
    "label_apply.scored": lambda w, x: tasrib.label_apply(x, w.file),
    "label_apply.files": lambda w, x: tasrib.label_apply(w.decided, x),
    "label_apply.by or None": lambda w, x: tasrib.label_apply(w.decided, w.file, by=x),
    "label_apply.country": lambda w, x: tasrib.label_apply(w.decided, w.file, country=x),
    "label_export.scored": lambda w, x: w.export(scored=x),
    "label_export.path": lambda w, x: w.export(path=x),
    "label_export.most": lambda w, x: w.export(most=x),
    "label_export.labelled or None": lambda w, x: w.export(labelled=x),
    "label_export.corpus or None": lambda w, x: w.export(corpus=x),
    "label_import.paths": lambda w, x: tasrib.label_import(x),
    "law_questions.scored": lambda w, x: w.questions(scored=x),
    "law_questions.path": lambda w, x: w.questions(path=x),
    "law_questions.rules": lambda w, x: w.questions(rules=x),
    "law_questions.facts or None": lambda w, x: w.questions(facts=x),
    "law_questions.language": lambda w, x: w.questions(language=x),
    "law_questions.campaigns": lambda w, x: w.questions(campaigns=x),
    "law_questions.most": lambda w, x: w.questions(most=x),
    "law_rules.rules": lambda w, x: tasrib.law_rules(x),
    "law_rules.language": lambda w, x: tasrib.law_rules("ma", x),
    "law_triage.scored": lambda w, x: tasrib.law_triage(x, w.folder / "t.csv"),
    "law_triage.path": lambda w, x: tasrib.law_triage(w.scored, x),
    "law_triage.rules": lambda w, x: tasrib.law_triage(w.scored, w.folder / "t.csv", rules=x),
    "law_triage.facts or None": lambda w, x: tasrib.law_triage(w.scored, w.folder / "t.csv", facts=x),
    "law_triage.language": lambda w, x: tasrib.law_triage(w.scored, w.folder / "t.csv", language=x),
    "load_model.folder or None": lambda w, x: tasrib.load_model(x),
    "lookup.country": lambda w, x: tasrib.lookup("0661000101", country=x),
    "pack.folder": lambda w, x: tasrib.pack(x, w.folder / "p.zip"),
    "pack.path": lambda w, x: tasrib.pack(w.folder, x),
    "pack.inputs": lambda w, x: tasrib.pack(w.folder, w.folder / "p.zip", inputs=x),
    "plan_canaries.numbers": lambda w, x: tasrib.plan_canaries(x, ["Nour"]),
    "plan_canaries.holders": lambda w, x: w.plan(holders=x),
    "plan_canaries.leak_share": lambda w, x: w.plan(leak_share=x),
    "plan_canaries.noticed": lambda w, x: w.plan(noticed=x),
    "plan_canaries.silent or None": lambda w, x: w.plan(silent=x),
    "plan_canaries.seed": lambda w, x: w.plan(seed=x),
    "plan_canaries.country": lambda w, x: w.plan(country=x),
    "promote.folder or None": lambda w, x: tasrib.promote(x),
    "read_canaries.path": lambda w, x: tasrib.read_canaries(x),
    "read_complaints.paths": lambda w, x: tasrib.read_complaints(x),
    "read_complaints.mapping or None": lambda w, x: tasrib.read_complaints(w.file, mapping=x),
    "read_complaints.values or None": lambda w, x: tasrib.read_complaints(w.file, values=x),
    "read_complaints.home_zone or None": lambda w, x: tasrib.read_complaints(w.file, home_zone=x),
    "read_complaints.country": lambda w, x: tasrib.read_complaints(w.file, country=x),
    "read_complaints.encoding or None": lambda w, x: tasrib.read_complaints(w.file, encoding=x),
    "read_complaints.sheet or None": lambda w, x: tasrib.read_complaints(w.file, sheet=x),
    "read_complaints.recipient or None": lambda w, x: tasrib.read_complaints(w.file, recipient=x),
    "read_decisions.paths": lambda w, x: tasrib.read_decisions(x),
    "read_facts.paths": lambda w, x: tasrib.read_facts(x),
    "read_labelled.paths": lambda w, x: tasrib.read_labelled(x),
    "read_scored.path": lambda w, x: tasrib.read_scored(x),
    "save_model.classifier": lambda w, x: tasrib.save_model(x, w.model.variety, w.new),
    "save_model.variety": lambda w, x: tasrib.save_model(w.model.classifier, x, w.new),
    "save_model.folder": lambda w, x: tasrib.save_model(w.model.classifier, w.model.variety, x),
    "score.complaints": lambda w, x: w.score(complaints=x),
    "score.model or None": lambda w, x: w.score(model=x),
    "score.country": lambda w, x: w.score(country=x),
    "score.key or None": lambda w, x: w.score(key=x),
    "timesketch_events.scored": lambda w, x: tasrib.timesketch_events(x),
    "timesketch_events.decisions or None": lambda w, x: tasrib.timesketch_events(PEOPLE, x),
    "trace.scored": lambda w, x: tasrib.trace(x),
    "trace.country": lambda w, x: tasrib.trace(w.scored, country=x),
    "trace.min_people": lambda w, x: tasrib.trace(w.scored, min_people=x),
    "trace.prior_no_leak": lambda w, x: tasrib.trace(w.scored, prior_no_leak=x),
    "trace.prior_pairs": lambda w, x: tasrib.trace(w.scored, prior_pairs=x),
    "trace.canaries or None": lambda w, x: tasrib.trace(w.scored, canaries=x),
    "trace.replicates": lambda w, x: tasrib.trace(w.scored, replicates=x),
    "train.labelled": lambda w, x: w.train(labelled=x),
    "train.folder": lambda w, x: w.train(folder=x),
    "train.corpus or None": lambda w, x: w.train(corpus=x),
    "train.estimator or None": lambda w, x: w.train(estimator=x),
    "train.grid or None": lambda w, x: w.train(grid=x),
    "train.shipped or None": lambda w, x: w.train(shipped=x),
    "verify.case": lambda w, x: tasrib.verify(x),
    "verify.inputs": lambda w, x: tasrib.verify(w.folder, inputs=x),
    "verify.key or None": lambda w, x: tasrib.verify(w.folder, key=x),
    "verify.alias or None": lambda w, x: tasrib.verify(w.folder, alias=x),
    "verify.model or None": lambda w, x: tasrib.verify(w.folder, model=x),
    "verify.noted or None": lambda w, x: tasrib.verify(w.folder, noted=x),
    "write_case.scored": lambda w, x: tasrib.write_case(x, w.new),
    "write_case.folder": lambda w, x: tasrib.write_case(w.file, x),
    "write_case.rejected": lambda w, x: w.case(rejected=x),
    "write_case.canaries or None": lambda w, x: w.case(canaries=x),
    "write_case.key or None": lambda w, x: w.case(key=x),
    "write_case.alias or None": lambda w, x: w.case(alias=x),
    "write_case.model or None": lambda w, x: w.case(model=x),
    "write_case.title or None": lambda w, x: w.case(title=x),
    "write_case.languages": lambda w, x: w.case(languages=x),
    "write_case.country": lambda w, x: w.case(country=x),
    "write_case.min_people": lambda w, x: w.case(min_people=x),
    "write_case.prior_no_leak": lambda w, x: w.case(prior_no_leak=x),
    "write_case.rules or None": lambda w, x: w.case(rules=x),
    "write_case.facts": lambda w, x: w.case(facts=x),
    "write_case.pack or None": lambda w, x: w.case(pack=x),
    "write_report.scored": lambda w, x: w.report(scored=x),
    "write_report.result": lambda w, x: w.report(result=x),
    "write_report.folder": lambda w, x: w.report(folder=x),
    "write_report.rejected or None": lambda w, x: w.report(rejected=x),
    "write_report.cleaning or None": lambda w, x: w.report(cleaning=x),
    "write_report.alias or None": lambda w, x: w.report(alias=x),
    "write_report.title or None": lambda w, x: w.report(title=x),
    "write_report.languages": lambda w, x: w.report(languages=x),
    "write_report.rules or None": lambda w, x: w.report(rules=x),
    "write_report.facts or None": lambda w, x: w.report(facts=x),
    "write_report.made_of or None": lambda w, x: w.report(made_of=x),
    "write_report.made_at or None": lambda w, x: w.report(made_at=x),
    "write_report.model or None": lambda w, x: w.report(model=x),
    "write_table.frame": lambda w, x: tasrib.write_table(x, w.folder / "t.csv"),
    "write_table.path": lambda w, x: tasrib.write_table(LABELLED, x),
}  # fmt: skip
WRONG = [None, -3, b"a", {"text": ["a"]}, pd.DataFrame({"a": [1]}), pd.Series(["a"]), np.array([["a"]]), Foreign(), object(), True,
         float("nan")]  # fmt: skip
TWO = pd.DataFrame([["a", "b"]], columns=["text", "text"])


@pytest.fixture(scope="module")
def world(tmp_path_factory, small_shipped):
    return World(tmp_path_factory.mktemp("world"), tasrib.load_model(small_shipped))


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_argument_is_told_what_is_wanted(world, name, wrong):
    if wrong is None and name.endswith("or None"):
        pytest.skip("None is the default")
    if isinstance(wrong, pd.DataFrame) and name == "write_table.frame":
        pytest.skip("any table will do")
    if isinstance(wrong, pd.Series) and name in ("explain.texts", "evaluate.groups or None"):
        pytest.skip("a column is right")
    # Of tasrib's own making, not one that a library raises over what was handed on; those of messages are scikit-learn's kind.
    kind = ValueError if name == "explain.texts" else tasrib.TasribError
    with pytest.raises(kind) as error:
        CALLS[name](world, wrong)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    assert not world.new.exists()


@pytest.mark.parametrize(
    "name", ["score.complaints", "trace.scored", "drift.old", "evaluate.labelled", "write_table.frame"]
)
def test_two_columns_of_one_name_are_named(world, name):
    with pytest.raises(tasrib.TasribError, match="two columns 'text'"):
        CALLS[name](world, TWO)


def test_a_table_of_another_library_is_shown_the_way(world):
    with pytest.raises(tasrib.TasribError, match=r"got a Foreign; give its to_pandas\(\)"):
        tasrib.trace(Foreign())


def test_batches_of_two_models_are_not_compared(world):
    old, new = world.scored.assign(model="one"), world.scored.assign(model="two")
    with pytest.raises(tasrib.TasribError, match="different models"):
        tasrib.drift(old, new, permutations=3)


def test_every_public_function_is_here():
    functions = {name for name in tasrib.__all__ if inspect.isfunction(getattr(tasrib, name))}
    assert functions == {name.partition(".")[0] for name in CALLS}


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["news", None], "label 1 is missing"),
        (["news", float("nan")], "label 1 is missing"),
        ([1, 0], "label 0 is int"),
        (None, "got NoneType"),
        ("news", "got str"),
        (np.array([["news"], ["scam"]]), "got ndarray"),
        (["news"], "2 texts but 1 labels"),
    ],
)
def test_labels_that_are_none(labels, words):
    with pytest.raises(ValueError, match=words):
        tasrib.CampaignClassifier().fit(["a", "b"], labels)


@pytest.mark.parametrize("name", ["groups", "unseen"])
def test_groups_are_one_for_each_text(name):
    with pytest.raises(ValueError, match=f"{name} has the shape"):
        tasrib.CampaignClassifier().fit(["a", "b"], ["news", "political_campaign"], **{name: [1]})
