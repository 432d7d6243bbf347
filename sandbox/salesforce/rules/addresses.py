"""State and country picklists: pairs that belong together, and codes that follow (contract 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Refusal
from ..schema.fields import Choice, Field

if TYPE_CHECKING:
    from ..records.store import Row

#: Country: its code and its states. Only some countries ship with states.
COUNTRIES = {
    "Japan": ("JP", {"Hokkaido": "01", "Tokyo": "13", "Kanagawa": "14", "Aichi": "23",
                     "Kyoto": "26", "Osaka": "27", "Fukuoka": "40"}),
    "United States": ("US", {"California": "CA", "New York": "NY", "Texas": "TX",
                             "Washington": "WA"}),
    "Canada": ("CA", {"British Columbia": "BC", "Ontario": "ON", "Quebec": "QC"}),
    "Germany": ("DE", {}),
    "United Kingdom": ("GB", {}),
}  # fmt: skip
COUNTRY_OF = {code: country for country, (code, _) in COUNTRIES.items()}
CODE_FIELDS = ("CountryCode", "StateCode")


def code_fields() -> tuple[Field, ...]:
    """The two picklists that an org with this feature has on Lead."""
    countries = tuple(Choice(code, country) for country, (code, _) in COUNTRIES.items())
    states: dict[str, tuple[str, list[int]]] = {}
    for place, (_, of_country) in enumerate(COUNTRIES.values()):
        for state, code in of_country.items():
            states.setdefault(code, (state, []))[1].append(place)
    choices = tuple(
        Choice(code, label, valid_for=tuple(places)) for code, (label, places) in states.items()
    )
    kind = {"type": "picklist", "length": 10, "compound": "Address", "restricted": True}
    return (
        Field(
            "StateCode", "State/Province Code", choices=choices, controller="CountryCode", **kind
        ),
        Field("CountryCode", "Country Code", choices=countries, **kind),
    )


def complete(row: Row) -> None:
    """Fill names from codes and codes from names; a code wins. Raises Refusal for a wrong pair."""
    country = COUNTRY_OF.get(row.get("CountryCode")) or row.get("Country")
    if country is None:
        if row.get("State") or row.get("StateCode"):
            raise refusal(
                "A country must be specified before specifying a state value for field: State",
                "State",
            )
        return
    if country not in COUNTRIES:
        raise refusal(invalid("country", "countries"), "Country")
    row["CountryCode"], states = COUNTRIES[country]
    row["Country"] = country
    state = next((n for n, c in states.items() if c == row.get("StateCode")), row.get("State"))
    if state is None:
        return
    if state not in states:
        raise refusal(invalid("state", "states"), "State")
    row["State"], row["StateCode"] = state, states[state]


def invalid(one: str, many: str) -> str:
    return (
        f"There's a problem with this {one}, even though it may appear correct. "
        f"Please select a {one} from the list of valid {many}."
    )


def refusal(message: str, field: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message, fields=[field])
