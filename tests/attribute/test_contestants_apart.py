"""One text with another contestant's name is another campaign, and the template that they share is told."""

import pandas as pd
import pytest
from invented import TEMPLATE

from tasrib.attribute import attribute_parties, campaign_ids, name_campaigns

FRENCH = (
    "Chers citoyens, le 8 septembre votez massivement pour {}, pour une ville propre, des emplois pour nos enfants et des "
    "écoles dignes, votre candidat à {} reste à vos côtés"
)
TOWNS = ["سلا", "فاس", "مراكش", "طنجة"]


def named(*groups):
    """The campaign and template of each group of messages."""
    texts = pd.Series([text for group in groups for text in group])
    found = name_campaigns(texts, None, attribute_parties(texts.tolist(), [""] * len(texts)))
    of = pd.Series([number for number, group in enumerate(groups) for _ in group])
    assert (found.groupby(of)["campaign_id"].nunique() == 1).all()
    return found.groupby(of)["campaign_id"].first().tolist(), found.groupby(of)["template_id"].first().tolist()


def of(contestant, template=TEMPLATE, towns=TOWNS):
    return [template.format(contestant, town) for town in towns]


@pytest.mark.parametrize(
    "contestants",
    [("الوردة", "الحمامة"), ("الوردة", "الحمامة", "الميزان"), ("🌹", "🕊️")],
    ids=lambda names: " ".join(names),
)
def test_one_text_of_several_contestants_is_as_many_campaigns_of_one_template(contestants):
    campaigns, templates = named(*(of(each) for each in contestants))
    assert len(set(campaigns)) == len(contestants)
    assert len(set(templates)) == 1
    assert templates[0].startswith("t-")


def test_initials_in_a_french_text_part_it_too():
    campaigns, templates = named(of("le PAM", FRENCH), of("le RNI", FRENCH))
    assert len(set(campaigns)) == 2
    assert len(set(templates)) == 1


def test_short_messages_that_no_shingle_links_share_their_template():
    campaigns, templates = named(
        ["صوتوا على الوردة بسلا", "صوتوا على الوردة بفاس"], ["صوتوا على الحمامة بسلا", "صوتوا على الحمامة بفاس"]
    )
    assert len(set(campaigns)) == 2
    assert len(set(templates)) == 1


def test_another_text_is_another_template_and_one_contestant_has_none():
    campaigns, templates = named(of("الوردة"), of("la colombe", FRENCH))
    assert len(set(campaigns)) == 2
    assert templates == ["", ""]
    assert named(of("الوردة"))[1] == [""]


@pytest.mark.parametrize("beside", ["الوردة والحمامة", "المستقبل"], ids=["both", "none"])
def test_whose_nobody_can_say_is_neither_of_two(beside):
    campaigns, _ = named(of("الوردة"), of("الحمامة"), of(beside))
    assert len(set(campaigns)) == 3


def test_a_message_that_shows_nobody_goes_with_the_only_contestant():
    campaigns, _ = named(of("الوردة"), of("المستقبل"))
    assert len(set(campaigns)) == 1


@pytest.mark.parametrize("attacked", ["الوردة", "الحمامة"])
def test_a_message_against_a_contestant_is_not_of_the_one_who_uses_the_text(attacked):
    against = [text.replace("صوتوا بكثافة على رمز", "لا تصوتوا على رمز") for text in of(attacked)]
    campaigns, templates = named(of("الوردة"), against)
    assert len(set(campaigns)) == 2
    assert templates == ["", ""]


def test_a_slip_of_one_complainant_costs_the_campaign_nothing_but_itself():
    mine, unclear, slip = of("الوردة") * 5, of("المستقبل") * 3, of("الحمامة")[:1]
    campaigns, templates = named(mine + unclear, slip)
    assert len(set(campaigns)) == 2
    assert templates == ["", ""]


def test_the_name_stays_when_another_contestant_takes_the_text():
    mine = of("الوردة")
    before = campaign_ids(pd.Series(mine))
    campaigns, _ = named(mine, of("الحمامة"))
    assert campaigns[0] == before[0]
    # Also where those that show nobody, and came first, leave.
    dated = pd.DataFrame({"text": [*of("المستقبل"), *mine, *of("الحمامة")]})
    dated["at"] = pd.to_datetime(["2026-07-01"] * 4 + ["2026-07-02"] * 8, utc=True)
    early = dated.iloc[:8]
    names = [
        name_campaigns(each["text"], each["at"], attribute_parties(each["text"].tolist(), [""] * len(each)))[
            "campaign_id"
        ]
        for each in (early, dated)
    ]
    assert names[0][4] == names[0][0] == names[1][4]
    assert names[1][0] != names[1][4]


def test_one_text_from_the_senders_of_two_parties_is_two_campaigns():
    texts = pd.Series(of("المستقبل", towns=TOWNS[:1]) * 4)
    found = name_campaigns(texts, None, attribute_parties(texts.tolist(), ["RNI", "RNI", "USFP", "USFP"]))
    assert found["campaign_id"].nunique() == 2
