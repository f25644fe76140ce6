"""A scored file of one campaign, of which some went on after an objection."""

from frames import scored_frame

from tasrib.tables import write_table


def write_scored(path, country="MA"):
    """Write twelve complaints of a campaign and twelve others."""
    n = 24
    mine = [i < 12 for i in range(n)]
    scored = scored_frame(
        n, text=["Votez pour la liste Envol" if each else "Soldes" for each in mine],
        decision=["campaign" if each else "not_campaign" for each in mine],
        category=["political_campaign" if each else "commercial" for each in mine],
        campaign_id=["c-00000001" if each else "" for each in mine], party=["PPS" if each else "" for each in mine],
        channel="sms", received_at="2021-09-01T10:00:00Z", objected_at=["2021-08-20" if i < 4 else "" for i in range(n)],
        complaint_id=[f"k-{i}" for i in range(n)], country=country,
    )  # fmt: skip
    write_table(scored, path)
