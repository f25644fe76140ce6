"""How each situation of the study is drawn: who was reached by what, and who complained of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from training.simulation.scene import OPERATORS, Scene, baseline, choose
from training.simulation.world import World

_CAMPAIGN_DAYS = (0, 20)
_SHOP = "SHOP{}"
# Invented.
_PARTY = "Liste du Palmier"
# Of people with two SIMs: how many list the other one, how often a message reaches the one used every day, and how much more often
# that one is of the first operator than the other.
_LISTS_OTHER, _EVERYDAY, _EVERYDAY_LEAD = 0.6, 0.8, 2.0
# Who says which organisations hold the number.
_ANSWERS = 0.8


@dataclass(frozen=True)
class Drawn:
    """
    What was drawn.

    Attributes
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    truth : dict of str to float
        λ by campaign.
    operator : int
        Whose customers the leaks hold: a place in ``OPERATORS``.
    """

    scored: pd.DataFrame
    truth: dict[str, float] = field(default_factory=dict)
    operator: int = 2


def draw_world(world: World, rng: np.random.Generator) -> Drawn:
    """
    Draw one case.

    Parameters
    ----------
    world : World
        The situation.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    Drawn
        Its complaints and their truth.
    """
    scene = Scene(
        rng, baseline(world.regions, world.bias), ported=world.ported, declared=world.declared, numbers=world.numbers,
        filer_known=world.filer_known,
    )  # fmt: skip
    truth = SITUATIONS[world.situation](world, scene)
    return Drawn(scene.frame(region_known=world.regions > 1), truth, world.operator)


def _plain(world: World, scene: Scene) -> dict[str, float]:
    """Lists and control senders that differ by chance, or by the spread; some of the lists leaked."""
    truth = {}
    for number in range(world.campaigns):
        share = world.share if number < world.leaking else 0.0
        people = scene.leaked(world.n, share, world.operator, mix=_mix(world, scene))
        truth[_campaign(scene, people, number)] = share
    _shops(world, scene, world.controls)
    return truth


def _advertising(world: World, scene: Scene) -> dict[str, float]:
    """A part of the controls is an operator's own advertising, which reaches its own customers only, or nearly so."""
    truth = _lists(world, scene)
    own = round(world.size * world.controls)
    _shops(world, scene, world.controls - own)
    customers = scene.leaked(own, 0.85 if world.kind == "mostly" else 1.0, 0)
    if world.kind != "mostly":
        # Its customers and numbers of its own: an operator writes to whom it serves, most of whom hold its prefixes.
        customers["operator"] = np.where(scene.rng.random(own) < 0.95, 0, customers["operator"])
    if world.kind == "senders":
        for part in np.array_split(np.arange(own), 4):
            sender = "".join(scene.rng.choice(list("ABCDEFGH"), 6))
            scene.send(customers.iloc[part], " ".join(scene.wording()), sender=sender)
    elif world.kind == "text":
        scene.send(customers, " ".join(scene.wording()))
    elif world.kind == "varied":
        scene.send(customers, scene.varied(scene.wording(), own))
    else:
        for part in np.array_split(np.arange(own), 5):
            scene.send(customers.iloc[part], " ".join(scene.wording()), sender="MYLINE")
    return truth


def _zeal(world: World, scene: Scene) -> dict[str, float]:
    """Each person complains of each of many messages with a chance of their own; customers of B have more of it."""
    rng, messages = scene.rng, 20
    crowd = scene.people(world.n * 12)
    zeal = np.exp(rng.normal(0, 1.0, len(crowd))) * np.where(crowd["operator"] == 1, world.size, 1.0)
    p = np.minimum(0.95, world.n * zeal / zeal.sum())
    chosen = rng.random(len(crowd)) < p
    truth = {_campaign(scene, crowd[chosen], 0): 0.0}
    for number in range(messages):
        complains = rng.random(len(crowd)) < p
        scene.send(crowd[complains], " ".join(scene.wording()), sender=_SHOP.format(number))
    return truth


def _months(world: World, scene: Scene) -> dict[str, float]:
    """People complained from June on, of another mix then, and many of them again in September, when the campaign is."""
    rng = scene.rng
    early = scene.people(world.controls, mix=_tilted(scene, 0, world.size))
    for number, part in enumerate(np.array_split(rng.permutation(world.controls), 3)):
        scene.send(
            early.iloc[part], " ".join(scene.wording()), sender=_SHOP.format(number), month=f"2021-0{6 + number}"
        )
    again = early[rng.random(len(early)) < 0.5]
    late = scene.people(world.controls // 2, mix=_tilted(scene, 1, world.size))
    september = pd.concat([again, late], ignore_index=True)
    for number, part in enumerate(np.array_split(rng.permutation(len(september)), 6)):
        scene.send(september.iloc[part], " ".join(scene.wording()), sender=_SHOP.format(10 + number))
    # The campaign reached people as they complain in September: some who complained of a shop too, and others like them.
    known = september.iloc[rng.choice(len(september), world.n // 5, replace=False)]
    mix = np.bincount(september["operator"], minlength=len(OPERATORS)) / len(september)
    share = len(again) / len(september)
    mix = share * _tilted(scene, 0, world.size) + (1 - share) * _tilted(scene, 1, world.size)
    people = pd.concat([known, scene.people(world.n - len(known), mix=mix)], ignore_index=True)
    return {_campaign(scene, people, 0): 0.0}


def _region(world: World, scene: Scene) -> dict[str, float]:
    """The campaign is of one region, in which a bank, or a prefix, is common."""
    here = np.where(np.arange(world.regions) == 0, 0.85, 0.05)
    people = scene.people(world.n, regions=here)
    crowd = pd.concat([people, scene.people(world.controls)], ignore_index=True)
    if world.kind == "prefix":
        # Each region has its own prefixes; a few moved.
        settled = scene.rng.random(len(crowd)) < 0.9
        crowd["prefix"] = np.where(
            settled, crowd["region"] * 2 + scene.rng.integers(2, size=len(crowd)), crowd["prefix"]
        )
    if world.kind in ("bank", "bank and shop"):
        crowd["known_to"] = _known_to(scene, crowd, world.kind)
    truth = {_campaign(scene, crowd[: world.n], 0): 0.0}
    _shops(world, scene, world.controls, crowd[world.n :])
    return truth


def _two_sims(world: World, scene: Scene) -> dict[str, float]:
    """People have a SIM for every day, which is more often of one operator, and is the one that messages reach; or two that are alike."""
    rng, n, m = scene.rng, world.n, world.n + world.controls
    alike = world.kind == "even"
    lead, reached_on = (1.0, 0.5) if alike else (_EVERYDAY_LEAD, _EVERYDAY)
    people = scene.people(m)
    everyday, second = (
        choose(rng, np.broadcast_to(_tilted(scene, 0, times), (m, len(OPERATORS)))) for times in (lead, 1 / lead)
    )
    weight = np.tile([reached_on, 1 - reached_on], (m, 1))
    if world.share:
        b, operators = _tilted(scene, 0, lead)[0], np.arange(len(OPERATORS))
        leaked = np.where(operators == world.operator, (1 - world.ported) / b, world.ported / (1 - b))
        weight[:n] *= (1 - world.share + world.share * leaked)[np.column_stack([everyday, second])[:n]]
        # A list with a share of one operator holds more people who have one of its numbers.
        total = weight[:n].sum(1)
        drawn = rng.choice(n, n, p=total / total.sum())
        everyday[:n], second[:n], weight[:n] = everyday[drawn], second[drawn], weight[drawn]
    first = rng.random(m) * weight.sum(1) < weight[:, 0]
    people["operator"] = np.where(first, everyday, second)
    people["serving"] = people["operator"]
    other = np.array(OPERATORS, dtype=object)[np.where(first, second, everyday)]
    people["other"] = np.where(alike | (rng.random(m) < _LISTS_OTHER), other, "")
    truth = {_campaign(scene, people[:n], 0): world.share}
    _shops(world, scene, world.controls, people[n:])
    return truth


def _filers(world: World, scene: Scene) -> dict[str, float]:
    """One files for many relatives of one operator; households; people with a second number of their own."""
    people = scene.people(world.n)
    others = scene.people(world.controls)
    if world.kind == "relatives":
        _file_together(scene, people, int(world.size), int(scene.rng.integers(len(OPERATORS))))
    else:
        for group in (people, others):
            _households(scene, group, world)
    truth = {_campaign(scene, people, 0): 0.0}
    _shops(world, scene, world.controls, others)
    return truth


def _wordings(world: World, scene: Scene) -> dict[str, float]:
    """One list, told in several wordings that follow the operator; they share a sender or a party."""
    wordings = int(world.size)
    people = scene.leaked(world.n * wordings, world.share, world.operator)
    at_home = scene.rng.random(len(people)) < 0.9
    part = np.where(at_home, people["operator"] % wordings, scene.rng.integers(wordings, size=len(people)))
    if world.share:
        part = scene.rng.integers(wordings, size=len(people))
    truth = {}
    link = "https://bit.example/vote21"
    for number in range(wordings):
        kind = "vote_ar" if world.kind == "languages" and number == 0 else "vote"
        words = scene.wording(kind)
        text = " ".join([*words, link] if world.kind == "link" else words)
        sender = "VOTE2021" if world.kind in ("sender", "languages") else ""
        party = _PARTY if world.kind in ("party", "languages") else ""
        name = f"c-{number:08x}"
        scene.send(people[part == number], text, campaign=name, sender=sender, party=party, days=_CAMPAIGN_DAYS)
        truth[name] = world.share
    _shops(world, scene, world.controls)
    return truth


def _dialled(world: World, scene: Scene) -> dict[str, float]:
    """One campaign dialled numbers of one block of 10,000 at random; the others have lists without a leak."""
    people = scene.people(world.n)
    operator, prefix, block = scene.rng.integers(len(OPERATORS)), scene.rng.integers(10), scene.rng.integers(100)
    people["operator"] = people["serving"] = operator
    people["prefix"] = prefix
    people["tail"] = block * 10_000 + scene.rng.choice(10_000, world.n, replace=False)
    truth = {_campaign(scene, people, 0): 0.0}
    for number in range(1, world.campaigns):
        truth[_campaign(scene, scene.people(world.n), number)] = 0.0
    _shops(world, scene, world.controls)
    return truth


def _unknown(world: World, scene: Scene) -> dict[str, float]:
    """Prefixes that nobody knows are more frequent among the reached, and all of one operator."""
    people, others = scene.people(world.n), scene.people(world.controls)
    for group, share in ((people, world.size), (others, 0.05)):
        new = scene.rng.random(len(group)) < share / scene.mixes[0, 0]
        group["unknown"] = new & (group["operator"] == 0)
    truth = {_campaign(scene, people, 0): 0.0}
    _shops(world, scene, world.controls, others)
    return truth


def _everything(world: World, scene: Scene) -> dict[str, float]:
    """A leak, or none, where every column is filled in and nothing is wrong with any of them."""
    people = scene.leaked(world.n, world.share, world.operator)
    crowd = pd.concat([people, scene.people(world.controls)], ignore_index=True)
    crowd["known_to"] = _known_to(scene, crowd, "shop")
    truth = {_campaign(scene, crowd[: world.n], 0, sender="VOTE2021", party=_PARTY): world.share}
    _shops(world, scene, world.controls, crowd[world.n :])
    return truth


SITUATIONS: dict[str, Callable[[World, Scene], dict[str, float]]] = {
    "plain": _plain,
    "advertising": _advertising,
    "zeal": _zeal,
    "months": _months,
    "region": _region,
    "two sims": _two_sims,
    "filers": _filers,
    "wordings": _wordings,
    "dialled": _dialled,
    "unknown": _unknown,
    "everything": _everything,
}


def _lists(world: World, scene: Scene) -> dict[str, float]:
    truth = {}
    for number in range(world.campaigns):
        share = world.share if number < world.leaking else 0.0
        truth[_campaign(scene, scene.leaked(world.n, share, world.operator, mix=_mix(world, scene)), number)] = share
    return truth


def _mix(world: World, scene: Scene) -> np.ndarray:
    """The mix of one list: the scene's, or around it."""
    if not world.spread:
        return scene.mixes
    return np.array([scene.rng.dirichlet(world.spread * row) for row in scene.mixes])


def _tilted(scene: Scene, lead: int, times: float) -> np.ndarray:
    shares = scene.mixes * np.where(np.arange(len(OPERATORS)) == lead, times, 1.0)
    return shares / shares.sum(1, keepdims=True)


def _campaign(scene: Scene, people: pd.DataFrame, number: int, *, sender: str = "", party: str = "") -> str:
    name = f"c-{number:08x}"
    text = " ".join(scene.wording("vote"))
    scene.send(people, text, campaign=name, sender=sender, party=party, days=_CAMPAIGN_DAYS)
    return name


def _shops(world: World, scene: Scene, n: int, people: pd.DataFrame | None = None) -> None:
    """Control messages of several senders, a few much larger than the rest; each has a text of its own, some with a code in it."""
    sizes = scene.rng.multinomial(n, scene.rng.dirichlet(np.full(world.senders, 3.0)))
    of = np.repeat(np.arange(world.senders), sizes)
    if people is None:
        people = scene.people(n, mix=np.array([_mix(world, scene) for _ in sizes]), lists=of)
    texts: list[str] = []
    for number, size in enumerate(sizes.tolist()):
        words = scene.wording("ar" if number % 3 == 2 else "fr")
        texts += scene.varied(words, size) if number % 2 else [" ".join(words)] * size
    senders = np.array(["" if number % 5 == 4 else _SHOP.format(number) for number in range(world.senders)])
    category = np.where(of % 4 == 3, "scam", "commercial")
    scene.send(people, texts, sender=senders[of], category=category)


def _known_to(scene: Scene, people: pd.DataFrame, kind: str) -> np.ndarray:
    """Who holds the number, as people say: a bank of the first region, where there is one, and others that are everywhere."""
    rng, n, region = scene.rng, len(people), people["region"].to_numpy()
    chances = {
        "Banque du Littoral": np.where(region == 0, 0.6, 0.12) if kind != "shop" else np.full(n, 0.3),
        "Pharmacie Atlas": np.full(n, 0.25),
        "Portail Emploi": np.full(n, 0.15),
    }
    if kind == "bank and shop":
        chances["Marché Central"] = np.where(region == 0, 0.4, 0.1)
    named = [np.where(rng.random(n) < chance, name, "") for name, chance in chances.items()]
    answers = rng.random(n) < _ANSWERS
    cells = [";".join(filter(None, each)) for each in zip(*named, strict=True)]
    return np.where(answers, np.array(cells, dtype=object), "")


def _file_together(scene: Scene, people: pd.DataFrame, size: int, operator: int) -> None:
    """The first `size` are of one family plan: one operator, one filer, one evening."""
    family = people.index[:size]
    people.loc[family, ["operator", "serving"]] = operator
    people.loc[family, "filer"] = people["id"].iloc[0]
    people.loc[family, "filed"] = scene.rng.random()


def _households(scene: Scene, people: pd.DataFrame, world: World) -> None:
    """Households of two to five of one operator, or people with a second number, which half the time is of the same operator."""
    rng, n = scene.rng, len(people)
    at_home = world.kind == "households"
    sizes = rng.integers(2, 6, n) if at_home else 1 + (rng.random(n) < world.size)
    of = np.repeat(np.arange(n), sizes)[:n]
    first = np.searchsorted(of, of)
    same = at_home | (rng.random(n) < 0.5)
    for column in ("operator", "serving", "filer"):
        values = people[column].to_numpy()
        people[column] = np.where(same | (column == "filer"), values[first], values)
    people["filed"] = np.where(np.bincount(of, minlength=n)[of] > 1, rng.random(n)[of], np.nan)
