"""What complainants say of where their number may come from: who else has it, which others they have; and canaries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator, default_rng

from training.demo_case import LEAKED_FROM, Demo
from training.demo_people import LETTERS, Person, written

# Its own, so that other draws here leave the rest of the case alone; data/demo/README.md says how it was chosen.
SEED = 7
SAYS_WHO_KNOWS = 0.6
SECOND_SIM, THIRD_SIM = 0.35, 0.06
# Whose complainants were asked for their other numbers.
ASKED_FOR_OTHERS = ("LEAK", "CLEAN_BIASED", "commercial", "scam")
CANARIES_EACH = 4
CANARIES_HIT = 3  # of those in the file that leaked
_CUSTOMERS = f"fichier clients {LEAKED_FROM}"
CANARY_HOLDERS = (_CUSTOMERS, "Annonces Louiza", "Mutuelle Nour")


@dataclass
class Sources:
    """
    What is known of the people beside their complaints.

    Attributes
    ----------
    known_to : dict of Person to list of str
        Organisations that have the number; only of those who say so.
    others : dict of Person to list of Person
        The same person with another number, which nobody reached; only of those who give it.
    canaries : list of (Person, str)
        Who holds a number that was given to one holder only, and that holder.
    """

    known_to: dict[Person, list[str]] = field(default_factory=dict)
    others: dict[Person, list[Person]] = field(default_factory=dict)
    canaries: list[tuple[Person, str]] = field(default_factory=list)
    _written: dict[Person, str] = field(default_factory=dict)

    def cells(self, person: Person | None) -> list[str]:
        """Two cells of a row: who knows the number, and the person's other numbers."""
        if person is None:
            return ["", ""]
        return [";".join(self.known_to.get(person, [])), self._written.get(person, "")]

    def add_others(self, person: Person, others: list[Person], cell: str) -> None:
        """Other numbers of a person, and how they are written down in every complaint of theirs."""
        self.others[person], self._written[person] = others, cell


def draw_sources(demo: Demo) -> Sources:
    """
    Draw it, after all else of the case.

    Parameters
    ----------
    demo : Demo
        The case with its added campaigns.

    Returns
    -------
    Sources
        Canaries that were hit are people of LEAK from the leaked file; those who laid them out say nothing more.
    """
    rng = demo.population.rng = default_rng(SEED)
    sources = Sources()
    _canaries(rng, demo, sources)
    silent = {person for person, _ in sources.canaries}
    everyone = [person for people in demo.people.values() for person in people if person not in silent]
    for person in dict.fromkeys(everyone):
        if rng.random() < SAYS_WHO_KNOWS:
            sources.known_to[person] = _known_to(rng, demo, person)
    asked = [person for key in ASKED_FOR_OTHERS for person in demo.people[key] if person not in silent]
    for person in dict.fromkeys(asked):
        if rng.random() < SECOND_SIM:
            number = 2 if rng.random() < THIRD_SIM else 1
            # From those who complain, as the number reached is: in a campaign without a leak either SIM of a person
            # may be the one reached.
            others = [demo.population.person() for _ in range(number)]
            sources.add_others(person, others, ";".join(written(rng, other.national) for other in others))
    return sources


def _known_to(rng: Generator, demo: Demo, person: Person) -> list[str]:
    """At least one organisation: the form has no box for none."""
    names: list[str] = []
    while not names:
        for name, rates in demo.texts["holders"].items():
            if demo.from_holder.get(person) == name or rng.random() < rates[person.serving]:
                names.append(name)
    return names


def _canaries(rng: Generator, demo: Demo, sources: Sources) -> None:
    leaked = [person for person in demo.leaked if person.allocated == LEAKED_FROM]
    hit = [leaked[int(i)] for i in rng.choice(len(leaked), CANARIES_HIT, replace=False)]
    canaries = []
    for holder in CANARY_HOLDERS:
        mine = hit if holder == _CUSTOMERS else []
        while len(mine) < CANARIES_EACH:
            person = demo.population.person(LEAKED_FROM if holder == _CUSTOMERS else "")
            if person.allocated:
                mine.append(person)
        canaries += [(person, holder) for person in mine]
    sources.canaries = [canaries[int(i)] for i in rng.permutation(len(canaries))]


def told(demo: Demo, sources: Sources) -> dict[str, Any]:
    """
    What `truth.json` says of it.

    Parameters
    ----------
    demo : Demo
        The case.
    sources : Sources
        What was drawn for it.

    Returns
    -------
    dict
        ``known_to``, ``other_numbers``, ``canaries``: people counted once, operators as letters.
    """
    stories = {key: set(people) for key, people in demo.people.items()}
    known_to = {}
    for key, people in stories.items():
        answers = [names for person, names in sources.known_to.items() if person in people]
        counts = Counter(name for names in answers for name in names)
        known_to[key] = {"answers": len(answers), **{name: counts[name] for name in demo.texts["holders"]}}
    return {
        "known_to": {"chance_by_operator": demo.texts["holders"], "people": known_to},
        "other_numbers": {key: _pairs(sources, stories[key]) for key in ASKED_FOR_OTHERS},
        "canaries": {
            holder: {
                "numbers": sum(name == holder for _, name in sources.canaries),
                "hit_in": {
                    key: hits
                    for key, people in stories.items()
                    if (hits := sum(name == holder and person in people for person, name in sources.canaries))
                },
            }
            for holder in CANARY_HOLDERS
        },
    }


def _pairs(sources: Sources, people: set[Person]) -> dict[str, Any]:
    """Of each operator: how often it has the number reached alone, and how often another number alone, by prefix."""
    pairs = [(person, other) for person, others in sources.others.items() if person in people for other in others]
    reached = Counter(person.allocated for person, other in pairs if person.allocated != other.allocated)
    others = Counter(other.allocated for person, other in pairs if person.allocated != other.allocated)
    return {
        "people": sum(person in people for person in sources.others),
        "pairs": len(pairs),
        "reached_only": {letter: reached[letter] for letter in LETTERS},
        "other_only": {letter: others[letter] for letter in LETTERS},
    }
