"""The demo case as it is drawn: campaigns, controls and what people write beside their complaint."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from training.demo_people import Person, Population, written
from training.demo_variants import filled, passed_on, pick

SEED = 20210908
TEXTS = Path(__file__).with_name("demo_texts.toml")
LEAKED_SHARE, LEAKED_FROM = 0.45, "A"
SHARED_PEOPLE = 60  # of the 110 whom SHARED_1 reached
HOLDER_SHARE = 0.6  # of the list that has a `holder`
FIRST_DAY, DAYS = datetime(2021, 8, 20), 21
# Category: people, how many of them complain of a campaign too, complaints beyond one each.
CONTROLS = {"commercial": (462, 12, 14), "scam": (203, 8, 6), "other": (62, 0, 0)}
_CHANNELS = {
    "sms": ["SMS"] * 10 + ["sms", "Sms", "Texto", "رسالة قصيرة", ""],
    "whatsapp": ["WhatsApp", "WhatsApp", "whatsapp", "واتساب"],
    "email": ["Email", "e-mail", "Courriel"],
}
_ANSWERS = ["non", "", "Non", "لا", "oui", "نعم"]


@dataclass(frozen=True)
class Complaint:
    """One complaint before it is written down: `story` is what truth.json says of it."""

    story: str
    when: datetime
    channel: str
    sender: str
    text: str
    person: Person | None
    recipient: str


class Demo:
    """
    The case as it is drawn, from the texts and a seed.

    Attributes
    ----------
    people : dict of str to list of Person
        Key of a campaign or of controls to those reached.
    leaked : list of Person
        Those of LEAK who were reached through the customer file of an operator.
    from_holder : dict of Person to str
        Those who were reached through the file of an organisation, and that organisation.
    """

    def __init__(self, seed: int = SEED) -> None:
        self.rng = np.random.default_rng(seed)
        with TEXTS.open("rb") as file:
            self.texts: dict[str, Any] = tomllib.load(file)
        regions = {name: share for name, (share, _) in self.texts["regions"].items()}
        self.population = Population(self.rng, self.texts["market"], regions)
        self.complaints: list[Complaint] = []
        self.people: dict[str, list[Person]] = {}
        self.leaked: list[Person] = []
        self.from_holder: dict[Person, str] = {}
        for campaign in self.texts["campaign"]:
            self._campaign(campaign)
        for category in CONTROLS:
            self._controls(category)
        self.complaints.sort(key=_order)

    def add_campaigns(self) -> list[Complaint]:
        """Draw the added campaigns; what was drawn before stays as it was."""
        before = len(self.complaints)
        for campaign in self.texts["added_campaign"]:
            self._campaign(campaign)
        return sorted(self.complaints[before:], key=_order)

    def _campaign(self, campaign: dict[str, Any]) -> None:
        """Its people, then a complaint of each, and of some a second one."""
        key, regions, total = campaign["key"], campaign.get("regions"), campaign["people"]
        if key == "LEAK":
            leaked = round(LEAKED_SHARE * total)
            people = self.leaked = [self.population.person(LEAKED_FROM) for _ in range(leaked)]
        elif "dialled" in campaign:
            people = [
                person
                for allocated, number, step in campaign["dialled"]
                for person in self.population.dialled(allocated, number, step, regions)
            ]
        elif key == "SHARED_2":
            people = self._some("SHARED_1", SHARED_PEOPLE)
        else:
            people = []
        people = people + [self.population.person(regions=regions) for _ in range(total - len(people))]
        self.people[key] = people
        if "holder" in campaign:
            self.from_holder |= dict.fromkeys(people[: round(HOLDER_SHARE * total)], campaign["holder"])
        for person in people + self._some(key, campaign["repeats"]):
            self._complain(key, campaign, person)
        for recipient in self.texts["odd_recipients"].get(key, []):
            self._complain(key, campaign, None, recipient)

    def _controls(self, category: str) -> None:
        """People who complain of messages that are no campaign, a few texts much more than others."""
        messages = self.texts["controls"][category]
        weights = self.rng.gamma(3.0, size=len(messages)).tolist()
        total, also, repeats = CONTROLS[category]
        people = self._some("CLEAN_BIASED", also)
        people += [self.population.person() for _ in range(total - also)]
        self.people[category] = people
        # Each text at least once, or a rare one might be missing.
        order = [int(i) for i in self.rng.permutation(len(messages))]
        for number, person in enumerate(people + self._some(category, repeats)):
            message = messages[order[number]] if number < len(order) else pick(self.rng, messages, weights)
            self._complain(category, message, person)
        for recipient in self.texts["odd_recipients"].get(category, []):
            self._complain(category, pick(self.rng, messages, weights), None, recipient)

    def _some(self, key: str, number: int) -> list[Person]:
        people = self.people[key]
        return [people[int(i)] for i in self.rng.choice(len(people), number, replace=False)]

    def _complain(self, story: str, message: dict[str, Any], person: Person | None, recipient: str = "") -> None:
        rng, texts = self.rng, self.texts
        language = message.get("language") or message["lang"]
        endings = dict(texts["endings"])
        if story in ("scam", "other"):
            del endings["stop"]
        text = passed_on(rng, filled(rng, message["text"], texts["fill"]), language, texts["comments"], endings)
        self.complaints.append(
            Complaint(
                message.get("category", story),
                self._moment(story, message.get("waves")),
                message.get("channel", "sms"),
                pick(rng, message["senders"]) if "senders" in message else message["sender"],
                text,
                person,
                written(rng, person.national) if person else recipient,
            )
        )

    def _moment(self, story: str, waves: list[tuple[str, float]] | None) -> datetime:
        hours = self.texts["hours"]
        if waves:
            day = datetime.fromisoformat(pick(self.rng, [day for day, _ in waves], [weight for _, weight in waves]))
        else:
            day = FIRST_DAY + timedelta(days=int(self.rng.integers(DAYS)))
        hour = pick(self.rng, range(24), hours.get(story, hours["campaign"]))
        return day + timedelta(hours=hour, minutes=int(self.rng.integers(60)))

    def cells(self, complaint: Complaint) -> list[str]:
        """One row of the file, without its number and what `training.demo_sources` adds."""
        rng, person = self.rng, complaint.person
        dates = ["%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%Y %Hh%M", "%d-%m-%Y %H:%M", ""]
        when = complaint.when.strftime(pick(rng, dates, [91, 3, 3, 2, 1]))
        declared = region = ""
        if person:
            spellings = self.texts["operator_spellings"][self.population.names[person.serving]]
            declared = pick(rng, spellings) if person.gives_operator else ""
            region = pick(rng, [person.region, self.texts["regions"][person.region][1], ""], [88, 7, 5])
        answers = [pick(rng, _ANSWERS, weights) for weights in _answer_weights(complaint.story)]
        channel = pick(rng, _CHANNELS[complaint.channel])
        return [
            "",
            when,
            channel,
            complaint.sender,
            complaint.recipient,
            declared,
            region,
            complaint.text,
            *answers,
        ]


def _order(complaint: Complaint) -> tuple[datetime, str]:
    return complaint.when, complaint.recipient


def _answer_weights(story: str) -> list[list[float]]:
    """How often each of `_ANSWERS` stands in the columns on membership, consent and origin."""
    commercial = story == "commercial"
    return [[52, 30, 5, 10, 2, 1], [50, 28, 5, 9, 12 if commercial else 2, 1], [45, 38, 4, 8, 4, 1]]
