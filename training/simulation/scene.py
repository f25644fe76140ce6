"""People who complain and what they received, as the columns of scored complaints: what every simulated situation is put together from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.scored import COLUMNS, check

# The names are needed for market shares and read A, B, C in every table: which of them leaks in a simulation says nothing of any operator.
OPERATORS = ("Maroc Telecom", "Orange", "Inwi")
# Their shares, rounded from the market of 2021.
MARKET = np.array([0.39, 0.335, 0.275])
# Log odds by which the mix of operators differs from region to region, and people by region.
REGION_MIX = np.array([[0.6, 0.0, -0.4], [-0.5, 0.4, 0.0], [0.0, -0.6, 0.5], [0.1, 0.2, -0.1]])
REGION_SIZES = np.array([0.4, 0.3, 0.2, 0.1])
REGIONS = ("Casablanca-Settat", "Fès-Meknès", "Souss-Massa", "Oriental")
MISDECLARED = 0.02
# Of the 4-digit prefixes of each operator.
_PREFIXES = 10
# People complain within days of a message.
_WAIT = 2 * 86_400
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz234567"))
_WORDS = {
    "fr": """promo remise valable dimanche magasin livraison gratuite offre spéciale profitez clients fidèles nouvelle collection ouverture
    boutique rabais meubles cuisine salon voyage hôtel crédit taux réduit dossier simple rapide appelez conseiller soldes jusqu'à pièces
    détachées garage visite contrôle pneus lunettes optique dentiste clinique bilan école inscription cours soutien langues anglais
    pharmacie parapharmacie beauté coiffure parfum montre téléphone accessoires écran ordinateur garantie retour échange""",
    "ar": """عرض خاص تخفيض صالح الأحد متجر توصيل مجاني استفيدوا زبناء أوفياء جديدة مجموعة افتتاح محل أثاث مطبخ سفر فندق قرض نسبة ملف سهل سريع
    اتصلوا مستشار قطع غيار فحص عجلات نظارات طبيب أسنان مصحة مدرسة تسجيل دروس دعم لغات صيدلية جمال عطر ساعة هاتف شاشة حاسوب ضمان""",
    "vote": """votez liste candidat candidate mercredi scrutin commune quartier programme emploi jeunes santé école routes eau confiance
    changement ensemble avenir élections septembre bureau vote soutenez équipe engagement transparence développement région conseil""",
    "vote_ar": """صوتوا لائحة مرشح مرشحة الأربعاء اقتراع جماعة حي برنامج شغل شباب صحة مدرسة طرق ماء ثقة تغيير معا مستقبل انتخابات شتنبر مكتب تصويت
    ساندوا فريق التزام شفافية تنمية جهة مجلس""",
}  # fmt: skip


class Scene:
    """
    People and messages of one simulated case, gathered row by row.

    Parameters
    ----------
    rng : numpy.random.Generator
        Random numbers.
    mixes : numpy.ndarray, shape (n_regions, 3)
        Shares of the operators among those who complain, by region.
    ported, declared : float
        Share of ported numbers; share of the people who say which operator serves them, 2% of them wrongly.
    numbers : bool
        Whether numbers were kept; else pseudonyms.
    filer_known : bool
        Whether complaints say who filed them.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        mixes: np.ndarray,
        *,
        ported: float = 0.06,
        declared: float = 0.3,
        numbers: bool = False,
        filer_known: bool = False,
    ) -> None:
        self.rng, self.mixes, self.ported, self.declared = rng, mixes, ported, declared
        self.numbers, self.filer_known = numbers, filer_known
        self._parts: list[pd.DataFrame] = []
        self._n = 0

    def people(
        self,
        n: int,
        *,
        mix: np.ndarray | None = None,
        lists: np.ndarray | None = None,
        regions: np.ndarray | None = None,
        of: int | None = None,
    ) -> pd.DataFrame:
        """
        Draw people whom nobody else of the scene is.

        Parameters
        ----------
        n : int
            How many.
        mix : numpy.ndarray, shape (n_regions, 3) or (n_lists, n_regions, 3), optional
            Shares of the operators to which their numbers were allocated; the scene's unless given.
        lists : numpy.ndarray of int, shape (n,), optional
            Whose list each is on, where there are several.
        regions : numpy.ndarray, optional
            Shares of the regions.
        of : int, optional
            The operator from whose customer file all of them come: it serves them, whatever their prefix says.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``operator`` and ``serving`` (places in ``OPERATORS``), ``region`` (place in ``REGIONS``), ``prefix`` (its last digit),
            ``filer`` (id of who files).
        """
        rng, k = self.rng, len(self.mixes)
        sizes = REGION_SIZES[:k] if regions is None else np.asarray(regions, float)
        region = rng.choice(k, n, p=sizes / sizes.sum())
        shares = (self.mixes if mix is None else mix)[region if lists is None else (lists, region)]
        operator = choose(rng, shares)
        moved = rng.random(n) < self.ported
        if of is None:
            serving = np.where(moved, _another(rng, operator, shares), operator)
        else:
            serving = np.full(n, of)
            operator = np.where(moved, _another(rng, serving, shares), of)
        ids = np.arange(self._n, self._n + n)
        self._n += n
        return pd.DataFrame(
            {
                "id": ids, "operator": operator, "serving": serving, "region": region, "prefix": rng.integers(_PREFIXES, size=n),
                "tail": rng.integers(1_000_000, size=n), "filer": ids, "says": rng.random(n) < self.declared, "unknown": False,
                "other": "", "known_to": "", "filed": np.nan,
            }
        )  # fmt: skip

    def leaked(self, n: int, share: float, operator: int, **drawn: object) -> pd.DataFrame:
        """People of a list of which a share λ, each by chance, is from an operator's customers; `drawn` as for `people`."""
        stolen = int(self.rng.binomial(n, share))
        return pd.concat(
            [self.people(stolen, of=operator, **drawn), self.people(n - stolen, **drawn)],  # type: ignore[arg-type]
            ignore_index=True,
        )

    def send(
        self,
        people: pd.DataFrame,
        text: str | list[str],
        *,
        campaign: str = "",
        sender: str | np.ndarray = "",
        party: str = "",
        days: tuple[int, int] = (0, 27),
        month: str = "2021-09",
        category: str | np.ndarray = "",
    ) -> None:
        """
        Let people complain of a message.

        Parameters
        ----------
        people : pandas.DataFrame
            From `people`.
        text : str or list of str
            Of the message: one for all, or one each.
        campaign : str
            Its id; empty for a control message.
        sender, party : str
            As scored; the sender may be one each.
        days, month : (int, int), str
            When it was received: first and last day after the first of the month.
        category : str
            As scored, one for all or one each; of a campaign or a shop unless given.
        """
        n = len(people)
        seconds = self.rng.integers(days[0] * 86_400, (days[1] + 1) * 86_400, n)
        # A family's complaints are typed in one after the other: what is told of the moment is the moment of filing.
        together = people["filed"].notna().to_numpy()
        seconds = np.where(together, people["filed"].fillna(0).to_numpy() * 86_400 * (days[1] - days[0]), seconds)
        received = pd.Timestamp(f"{month}-01", tz="UTC") + pd.to_timedelta(seconds.round(), unit="s")
        filed = received + pd.to_timedelta(
            np.where(together, 0, self.rng.exponential(_WAIT, n)) + np.arange(n) * 1e-3, unit="s"
        )
        self._parts.append(
            people.assign(
                text=text, campaign_id=campaign, sender=sender, party=party, received_at=received, at=filed,
                category=category if len(category) else "political_campaign" if campaign else "commercial",
            )
        )  # fmt: skip

    def frame(self, *, region_known: bool) -> pd.DataFrame:
        """
        All complaints, as from `tasrib.score`.

        Parameters
        ----------
        region_known : bool
            Whether complaints say the region.

        Returns
        -------
        pandas.DataFrame
            Scored complaints, in the order in which they were filed.
        """
        rows = pd.concat(self._parts, ignore_index=True).sort_values("at", kind="stable", ignore_index=True)
        n, names = len(rows), np.array(OPERATORS, dtype=object)
        code = self.rng.integers(len(_LETTERS), size=(self._n, 16))
        pseudonyms = np.char.add("p-", _LETTERS[code].view("U16").ravel()).astype(object)
        operator, digits = rows["operator"].to_numpy(), rows["prefix"].to_numpy()
        recipient = pseudonyms[rows["id"]]
        if self.numbers:
            recipient = np.array(
                [f"+2126{o}{d}{t:06d}" for o, d, t in zip(operator, digits, rows["tail"], strict=True)], dtype=object
            )
        said = rows["serving"].to_numpy()
        said = np.where(self.rng.random(n) < MISDECLARED, (said + self.rng.integers(1, 3, n)) % 3, said)
        is_campaign = rows["campaign_id"] != ""
        unknown = rows["unknown"].to_numpy(bool)
        columns = {
            "text": rows["text"], "recipient": recipient, "complaint_id": [f"R{i:06d}" for i in range(n)],
            "received_at": rows["received_at"], "channel": "sms", "sender": rows["sender"],
            "region": np.array(REGIONS, dtype=object)[rows["region"]] if region_known else "",
            "known_to": rows["known_to"], "category": rows["category"], "probability": np.where(is_campaign, 0.99, 0.01),
            "decision": np.where(is_campaign, "campaign", "not_campaign"), "language": "fr", "party": rows["party"],
            "campaign_id": rows["campaign_id"], "number_status": "valid", "country": "MA",
            "prefix": np.where(unknown, "", [f"06{o}{d}" for o, d in zip(operator, digits, strict=True)]),
            "operator_allocated": np.where(unknown, "", names[operator]),
            "operator_serving": np.where(rows["says"], names[said], ""), "other_operators": rows["other"],
        }  # fmt: skip
        if self.filer_known and "complainant" in {column.name for column in COLUMNS}:
            columns["complainant"] = pseudonyms[rows["filer"]]
        return check(pd.DataFrame(columns), needed=())

    def wording(self, kind: str = "fr", words: int = 16) -> list[str]:
        """Words of a message that resembles no other of the scene."""
        return list(self.rng.choice(_WORDS[kind].split(), words, replace=False))

    def varied(self, wording: list[str], n: int) -> list[str]:
        """The same message to `n` people, with a code or an amount of their own in it: near-duplicates."""
        codes = self.rng.integers(1_000, 9_999, n)
        return [" ".join([*wording[:-1], str(code), wording[-1]]) for code in codes]


def choose(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    """Draw one operator a row of shares."""
    if len(shares) == 0:
        return np.zeros(0, int)
    cumulated = np.cumsum(shares, axis=1)
    return (rng.random((len(shares), 1)) * cumulated[:, -1:] > cumulated).sum(1)


def baseline(regions: int = 1, bias: float = 1.0, lead: int = 1) -> np.ndarray:
    """
    Shares of the operators among those who complain.

    Parameters
    ----------
    regions : int
        1, or 4 regions whose mixes differ.
    bias : float
        How many times as often customers of the operator at `lead` complain, of anything.
    lead : int
        Place of that operator.

    Returns
    -------
    numpy.ndarray, shape (regions, 3)
        Each row sums to 1.
    """
    mix = np.log(MARKET) + (REGION_MIX[:regions] if regions > 1 else 0)
    shares = np.exp(np.atleast_2d(mix)) * np.where(np.arange(len(MARKET)) == lead, bias, 1.0)
    return shares / shares.sum(1, keepdims=True)


def _another(rng: np.random.Generator, operator: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Another operator for each person, as common as they are."""
    rest = np.array(shares, float)
    rest[np.arange(len(rest)), operator] = 0.0
    return choose(rng, rest)
