"""The labelling guide in short, for the sheet and the page that a labeller has before them."""

from __future__ import annotations

GUIDE = {
    "political_campaign": "Sent to win support for, or to hurt, a party, list, candidate, elected official, union or chamber list: "
    "vote requests, slogans, rallies, attacks, thanks after the vote. Not: a neutral call to vote, a press alert, a friend's opinion.",
    "civic_information": "Neutral information from a public body: electoral roll, polling station, census, health, weather, taxes.",
    "news": "An editor's alert or newsletter, politics included. Not: a party's own press release.",
    "commercial": "An offer by a business, operators included. Not: a notice about an account one already has.",
    "service": "A notice that follows from a relationship: code, bank movement, bill, delivery, appointment, school.",
    "scam": "Fraud: phishing link, fake prize, parcel, job, loan, relative, subsidy; also in a party's or authority's name.",
    "community": "Associations, mosques, charities, clubs, residents, unions outside elections. Not: a charity event of a candidate.",
    "personal": "One person to another or to a small group they know, political talk included. Not: a mass message made to look personal.",
}
VARIETY_GUIDE = {
    "ar": "Modern Standard Arabic",
    "ary": "Darija in Arabic letters",
    "ary-Latn": "Darija in Latin letters and digits (3, 7, 9)",
    "fr": "French",
    "zgh": "Tamazight, in Tifinagh or Latin letters",
    "mixed": "two or more in one message, each a real share",
}
RULES = (
    "One category a message. Decide by what the message asks of its recipient, not by its words.",
    "Fill the column category; language if you are sure; leave category empty where you cannot decide: the row comes back unlabelled.",
    "proposed_category is the model's guess. It was chosen because the model is unsure: read the message first.",
    "Numbers and addresses in the messages were replaced. Do not change the text or the id.",
    "When done: tasrib label import THIS-FILE -o labels.jsonl, then tasrib train labels.jsonl -o my-model/",
)
