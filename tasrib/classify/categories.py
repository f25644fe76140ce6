"""The categories of a message and what is decided about it."""

CAMPAIGN = "political_campaign"
CATEGORIES = (
    CAMPAIGN,
    "civic_information",
    "news",
    "commercial",
    "service",
    "scam",
    "community",
    "personal",
)
DECISIONS = ("campaign", "review", "not_campaign")
