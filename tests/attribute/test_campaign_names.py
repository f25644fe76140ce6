import pandas as pd

from tasrib.attribute import campaign_ids

CALL = "أخي المواطن، يوم الأربعاء 8 شتنبر صوتوا على لائحة الأمل من أجل مدينة نظيفة وشغل للشباب وصحة للجميع"
VARIANTS = [CALL, "الحاج محمد: " + CALL, CALL.replace("صوتوا", "ص.و.ت.وا"), CALL.replace("نظيفة", "جميلة") + " 🌟"]
OTHER = "Votez le 8 septembre pour la liste du phare, pour des quartiers éclairés et des écoles ouvertes à tous"
DAYS = pd.to_datetime(["2021-08-30", "2021-09-01", "2021-09-02", "2021-09-03", "2021-09-02"], utc=True)


def named(texts, days):
    return campaign_ids(pd.Series(texts), pd.Series(days))


def test_variants_share_a_name_and_others_do_not():
    ids = named([*VARIANTS, OTHER], DAYS)
    assert ids[:4].nunique() == 1
    assert ids[4] != ids[0]


def test_the_name_survives_another_order_and_later_complaints():
    before = named([*VARIANTS, OTHER], DAYS)
    frame = pd.DataFrame(
        {"text": [*VARIANTS, OTHER, CALL + " !!"], "day": [*DAYS, pd.Timestamp("2021-09-08", tz="UTC")]}
    )
    shuffled = frame.sample(frac=1, random_state=4)
    after = campaign_ids(shuffled["text"], shuffled["day"]).sort_index()
    assert after[:5].tolist() == before.tolist()
    assert after[5] == before[0]
