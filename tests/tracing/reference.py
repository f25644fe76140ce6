"""Plain or published versions of what tasrib computes, for tests to hold it against."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from tasrib.tracing.stats.adjust import adjust_across, holm
from tasrib.tracing.stats.overlap import ACTIVITY_CLASSES, overlap_test
from tasrib.tracing.stats.scan import excess_ratio


def adjust(p_values, family):
    """Adjust p-values by Holm within each family and by Benjamini and Hochberg across families, as a trace does in two steps."""
    p, family = np.asarray(p_values, float), np.asarray(family)
    within = np.empty_like(p)
    for one in set(family.tolist()):
        within[family == one] = holm(p[family == one])
    return adjust_across(within, family)


class MantelHaenszel:
    """
    Odds ratio over strata, its interval, and the p-value that the strata have one.

    Mantel & Haenszel, JNCI 1959; Robins, Breslow & Greenland, Biometrics 1986, 42:311; Breslow & Day with the correction of
    Tarone, Biometrika 1985, 72:91; by statsmodels. `tables` are exposed cases, other cases, exposed controls, other controls.
    """

    def __init__(self, tables):
        pooled = StratifiedTable(np.array(tables, float).reshape(-1, 2, 2).transpose(1, 2, 0))
        self.odds_ratio = pooled.oddsratio_pooled
        self.low, self.high = pooled.oddsratio_pooled_confint()
        with np.errstate(divide="ignore", invalid="ignore"):
            self.homogeneity_p = pooled.test_equal_odds(adjust=True).pvalue


def mid_p(exposed_cases, cases, exposed_controls, controls):
    """Fisher's one-sided p-value with only half of the probability of just this table."""
    law = stats.hypergeom(cases + controls, exposed_cases + exposed_controls, cases)
    return law.sf(exposed_cases) + law.pmf(exposed_cases) / 2


def plug_in_process(exposed_cases, cases, exposed_controls, controls, strata=None, *, beta=0.18):
    """
    Running product of the evidence that cases are exposed more often than controls, both rates learned from earlier blocks of the stratum.

    Turner, Ly & Grünwald, "Generic E-variables for exact sequential k-sample tests that allow for optional stopping", JSPI 2024, equations 3
    and 4: the likelihood of a block at the posterior means of earlier blocks, over that at their mean weighted by the sizes of the groups.
    One-sided: where earlier blocks show no higher rate among cases, a block counts as 1. `beta`: both parameters of the Beta prior of each rate,
    that of least regret (section 4). Each block has cases and controls.
    """
    counts = np.array([exposed_cases, cases, exposed_controls, controls], float).T
    seen, e, running = {}, 1.0, []
    for block, stratum in zip(counts, strata or [0] * len(counts), strict=True):
        a, n, b, m = block
        known = seen.get(stratum, np.zeros(4))
        of_cases = (known[0] + beta) / (known[1] + 2 * beta)
        of_controls = (known[2] + beta) / (known[3] + 2 * beta)
        if of_cases > of_controls:
            both = (n * of_cases + m * of_controls) / (n + m)
            e *= (of_cases / both) ** a * ((1 - of_cases) / (1 - both)) ** (n - a)
            e *= (of_controls / both) ** b * ((1 - of_controls) / (1 - both)) ** (m - b)
        seen[stratum] = known + block
        running.append(e)
    return np.array(running)


def poisson_scan(counts, *, replicates, seed=0):
    """
    Tree scan in the conditional Poisson model, for a root with leaves below it.

    Kulldorff, Fang & Walsh, Biometrics 59:323-331, 2003, section 3: given the total, the counts are multinomial. `counts` maps
    a leaf to its cases and its expected cases, in any unit.
    """
    cases, expected = np.array(list(counts.values()), float).T
    total = cases.sum()
    share = expected / expected.sum()

    def ratio(count):
        return excess_ratio([(count, total * share), (total - count, total - total * share)])

    drawn = np.random.default_rng(seed).multinomial(int(total), share, size=replicates)
    largest, llr = ratio(drawn).max(axis=1), ratio(cases)
    return pd.DataFrame(
        {
            "expected": total * share,
            "llr": llr,
            "relative_risk": (cases / share) / ((total - cases) / (1 - share)),
            "p_value": (1 + (largest[:, None] >= llr - 1e-9).sum(axis=0)) / (1 + replicates),
        },
        index=list(counts),
    )


@dataclass
class PeopleUrns:
    """
    Urns in which all people of a stratum are alike, whatever they report.

    The overlap is hypergeometric in each stratum, as in gene lists (Tavazoie et al., Nature Genetics 1999), and over strata
    a sum of independent ones: the exact distribution of the stratified permutation test.
    """

    members: np.ndarray
    sizes: np.ndarray

    @property
    def n_groups(self):
        return len(self.sizes)

    def of(self, a, b):
        in_a, in_b = self.members[:, a], self.members[:, b]
        return in_a, in_b, np.broadcast_to(self.sizes[:, None], in_a.shape)


def people_overlap(campaigns, universe, *, strata=None, min_people=5):
    """What `campaign_overlap` gives for pairs with somebody in both, if everybody reported alike."""
    names, member = _members(campaigns, universe, min_people)
    stratum = np.zeros(len(member), int) if strata is None else np.unique(strata, return_inverse=True)[1]
    inside = np.eye(stratum.max() + 1, dtype=int)[stratum]
    pairs = np.array([pair for pair in combinations(range(len(names)), 2) if member[:, pair].all(axis=1).any()])
    a, b = pairs.reshape(-1, 2).T
    overlap = (member[:, a] & member[:, b]).sum(axis=0)
    found = overlap_test(PeopleUrns(inside.T @ member, inside.sum(axis=0)), a, b, overlap)
    return pd.DataFrame(
        {"campaign_a": [names[i] for i in a], "campaign_b": [names[i] for i in b], "overlap": overlap,
         "expected": found.expected, "p_value": found.p_value, "strata": found.n_groups, "exact": found.exact}
    )  # fmt: skip


def permuted_overlap(campaigns, universe, *, strata=None, activity=None, n_permutations=999, seed=0):
    """
    What `campaign_overlap` and, without activity, `people_overlap` give, by Monte Carlo.

    With activity, reports are swapped between two people of one group wherever neither then has a campaign twice, which
    keeps every person's number of reports and every campaign's size (Gotelli & Entsminger, Oecologia 2001). Without, every
    campaign's people are drawn anew in each stratum. p = (1 + as large) / (1 + permutations): Davison & Hinkley, "Bootstrap
    Methods and their Application", 1997, eq. 4.11.
    """
    names, member = _members(campaigns, universe, min_people=5)
    group = np.zeros(len(member), int) if strata is None else np.unique(strata, return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    if activity is not None:
        group = group * 100 + np.searchsorted(ACTIVITY_CLASSES, activity, side="right")
        reports = _Reports(member, np.asarray(activity), group)
    sums, as_large = np.zeros((len(names),) * 2), np.zeros((len(names),) * 2, int)
    for _ in range(n_permutations):
        drawn = _redrawn(member, group, rng) if activity is None else reports.swapped(rng)
        count = drawn.T @ drawn
        sums += count
        as_large += count >= member.T @ member
    return pd.DataFrame(
        [
            (names[a], names[b], sums[a, b] / n_permutations, (1 + as_large[a, b]) / (1 + n_permutations))
            for a, b in combinations(range(len(names)), 2)
        ],
        columns=["campaign_a", "campaign_b", "expected", "p_value"],
    )


def _members(campaigns, universe, min_people):
    """Names of the campaigns, and who is in which: shape (n_people, n_campaigns)."""
    names = [name for name, people in campaigns.items() if len(people) >= min_people]
    universe = list(universe)
    return names, np.column_stack([np.isin(universe, list(campaigns[name])) for name in names]).astype(int)


def _redrawn(member, group, rng):
    drawn = np.zeros_like(member)
    for g in np.unique(group):
        people = np.flatnonzero(group == g)
        for campaign, size in enumerate(member[people].sum(axis=0)):
            drawn[rng.choice(people, size, replace=False), campaign] = 1
    return drawn


class _Reports:
    """Every report as a person and a campaign, -1 for all other things, in a random state that respects the groups."""

    def __init__(self, member, activity, group):
        self.shape = member.shape
        person, campaign = np.nonzero(member)
        spare = activity - member.sum(axis=1)
        self.person = np.concatenate([person, np.repeat(np.arange(len(spare)), spare)])
        self.campaign = np.concatenate([campaign, np.full(spare.sum(), -1)])
        of = group[self.person]
        self.blocks = [block for g in np.unique(of) if len(block := np.flatnonzero(of == g)) > 1]
        self.taken = set(zip(person.tolist(), campaign.tolist(), strict=True))

    def swapped(self, rng):
        """Membership after two tries of a swap for each report."""
        person, campaign, taken = self.person, self.campaign, self.taken
        for block in self.blocks:
            for i, j in block[rng.integers(len(block), size=(2 * len(block), 2))].tolist():
                p, q, c, d = person[i], person[j], campaign[i], campaign[j]
                if c == d or p == q or (p, d) in taken or (q, c) in taken:
                    continue
                if c >= 0:
                    taken.remove((p, c))
                    taken.add((q, c))
                if d >= 0:
                    taken.remove((q, d))
                    taken.add((p, d))
                campaign[i], campaign[j] = d, c
        drawn = np.zeros(self.shape, int)
        drawn[person[campaign >= 0], campaign[campaign >= 0]] = 1
        return drawn
