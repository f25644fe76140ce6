"""The home countries: those whose numbers, operators and contestants tasrib knows."""

from __future__ import annotations

HOME_COUNTRIES = {
    "MA": "Morocco", "DZ": "Algeria", "TN": "Tunisia", "MR": "Mauritania", "FR": "France", "SN": "Senegal", "CI": "Côte d'Ivoire",
    "EG": "Egypt", "LB": "Lebanon", "BE": "Belgium",
}  # fmt: skip
"""ISO 3166 code to English name: what a parameter ``country`` may be. Another country is a row here and rows of data."""
