"""Singapore addresses: split as published, and brought to one spelling for comparing.

The published form is ``282 Bishan Street 22, #01-1291,  S570282``: street, then perhaps a unit,
then the postal code. No word of it is lost: what cannot be told apart stays in the street.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hsh.core.canonical import canonical, digest
from hsh.core.refusals import Invalid

_FLAGS = re.IGNORECASE | re.ASCII
_END = re.compile(r"(?P<rest>.*?)[\s,]*\b(?:S|Singapore) ?\(?(?P<code>\d+)\)?", _FLAGS)
_REPEATED = re.compile(r"[\s,]*\bSingapore (?P<code>\d{6})$", _FLAGS)
_POSTAL_CODE = re.compile(r"(?!00)\d{6}")

_NUMBER = r"\d{1,5}[A-Z]?"
_UNIT = re.compile(rf"#? ?(?:[A-Z]{{1,3}} ?)?{_NUMBER}(?:[-/][A-Z]?{_NUMBER})*|[A-Z]", _FLAGS)
"""#01-1291, 01-55, #01-3181B, #B1-04, #01-1-4, #01-12/14; a stall: ST 2, S09, K5, MR1, 11, C."""

_HOUSE = r"\d+[A-Z]?(?:-\d+[A-Z]?)?"
_NUMBERED = re.compile(rf"{_HOUSE} ", _FLAGS)
_NAMED_FIRST = re.compile(rf"(?P<building>\D+?) (?P<street>{_HOUSE} \D.*)", _FLAGS)

_COMPASS = frozenset({"north", "south", "east", "west"})
_LAST_WORDS = _COMPASS | {
    *("avenue", "bahru", "boulevard", "central", "circle", "close", "crescent", "drive"),
    *("garden", "gardens", "green", "grove", "heights", "hill", "lane", "link", "park", "parkway"),
    *("place", "plain", "plaza", "quay", "rise", "road", "serai", "square", "street", "terrace"),
    *("turn", "vale", "view", "walk", "way"),
}
"""Words that end the name of a street; a number or a compass point may follow them."""
_FIRST_WORDS = frozenset({"jalan", "lorong", "lengkong", "kampong", "taman"})
"""Words that begin a Malay street name. No rule can tell where it ends (Jalan Besar, Jalan Bukit
Ho Swee), so a building's name behind it stays in the street; but see numbered lorongs."""
_LORONG = re.compile(
    r"(?P<street>\S+ Lorong \d+\w? (?:Toa Payoh|Geylang)) (?P<building>.+)", _FLAGS
)

_SHORT = {
    "ave": "avenue", "av": "avenue", "blvd": "boulevard", "bt": "bukit", "cl": "close",
    "cres": "crescent", "ctrl": "central", "dr": "drive", "gdn": "garden", "gdns": "gardens",
    "gr": "grove", "hts": "heights", "jln": "jalan", "kg": "kampong", "lk": "link", "ln": "lane",
    "lor": "lorong", "nth": "north", "pk": "park", "pl": "place", "rd": "road", "sq": "square",
    "sth": "south", "ter": "terrace", "tg": "tanjong", "upp": "upper",
}  # fmt: skip
_STREET_SHORT = re.compile(r"\bst(?= \d|$)")
"""St is Street at the end or before a number; elsewhere it is a saint (St George's Road)."""
_LORONG_LAST = re.compile(r"^(?P<house>\S+) (?P<town>\D+) (?P<lorong>lorong \d+\w?)$")


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address in its parts, spelled as published."""

    street: str
    """With the house number, where one was published."""
    building: str | None
    unit: str | None
    postal_code: str

    def normalised(self) -> str:
        """Return the one spelling that all spellings of this address share."""
        parts = (_plain_street(self.street), _plain(self.building or ""), _plain_unit(self.unit))
        return "|".join((*parts, self.postal_code))


def parse(text: str) -> Address:
    """Split an address as it is published.

    Raises:
        Invalid: no postal code of six digits at the end, two that differ, or no street.

    """
    end = _END.fullmatch(tidy(text))
    if not end or not _POSTAL_CODE.fullmatch(end["code"]):
        raise Invalid(field="address", reason="address_no_postal_code")
    head, unit = _cut_unit(end["rest"])
    head, repeated = _cut_repeated_code(head, end["code"])
    if not re.search(r"[^\W\d_]", head):
        raise Invalid(field="address", reason="address_no_street")
    street, building = _cut_building(head, may_follow_street=repeated)
    return Address(street=street, building=building, unit=unit, postal_code=end["code"])


def natural_key(name: str, address: Address) -> str:
    """Return the hash by which one business at one address is known, however it is spelled."""
    return digest(canonical([_plain_words(name), address.normalised()]))


def tidy(text: str) -> str:
    """Return ``text`` in composed Unicode, with single spaces and none at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _cut_unit(text: str) -> tuple[str, str | None]:
    """Take the unit off the end: it stands behind the last comma and looks like one."""
    head, comma, last = text.rpartition(",")
    if not comma or not _UNIT.fullmatch(last.strip()):
        return text, None
    unit = last.replace(" ", "").upper()
    is_floor_and_number = "-" in unit and not unit.startswith("#")
    return head.strip(" ,"), f"#{unit}" if is_floor_and_number else unit


def _cut_repeated_code(text: str, code: str) -> tuple[str, bool]:
    """Take ``Singapore 461057`` off the street; it says again what the end says."""
    repeated = _REPEATED.search(text)
    if not repeated:
        return text, False
    if repeated["code"] != code:
        raise Invalid(field="address", reason="address_two_postal_codes")
    return text[: repeated.start()], True


def _cut_building(text: str, *, may_follow_street: bool) -> tuple[str, str | None]:
    """Tell the street from the building's name, which stands on either side of it.

    Only an address that repeats its postal code has a building's name right behind the street:
    ``57 New Upper Changi Road Dbs New Upper Changi Road Singapore 461057``.
    """
    if "," in text:
        return _street_among([part.strip() for part in text.split(",")])
    before = _NAMED_FIRST.fullmatch(text)
    if before and _ends_street(before["street"]) and not _begins_street(before["building"]):
        return before["street"], before["building"]
    if may_follow_street:
        return _building_behind(text)
    return text, None


def _street_among(parts: list[str]) -> tuple[str, str | None]:
    """Choose the part with a house number; without one, the last: ``..., Telok Ayer Street``."""
    street = next((part for part in parts if _NUMBERED.match(part)), parts[-1])
    others = [part for part in parts if part != street]
    return street, ", ".join(others) or None


def _building_behind(text: str) -> tuple[str, str | None]:
    """Cut behind the street's last word, and the number or compass point that follows it."""
    numbered_lorong = _LORONG.fullmatch(text)
    if numbered_lorong:
        return numbered_lorong["street"], numbered_lorong["building"]
    house, *words = text.split(" ")
    if words and words[0].lower() in _FIRST_WORDS:
        return text, None
    for at in range(1, len(words)):
        if _is_last(words, at):
            end = _with_what_follows(words, at) + 1
            return " ".join((house, *words[:end])), " ".join(words[end:]) or None
    return text, None


def _is_last(words: list[str], at: int) -> bool:
    """Tell whether the street's name ends at this word: ``Bedok North`` goes on to ``Street 1``."""
    word, follower = (*words[at : at + 2], "")[:2]
    goes_on = follower.lower() in _LAST_WORDS - _COMPASS and follower != word
    return word.lower() in _LAST_WORDS and not goes_on


def _with_what_follows(words: list[str], at: int) -> int:
    follower = words[at + 1] if at + 1 < len(words) else ""
    is_part = re.fullmatch(r"\d{1,3}", follower) or follower.lower() in _COMPASS
    return at + 1 if is_part else at


def _ends_street(text: str) -> bool:
    return any(word.lower() in _LAST_WORDS for word in text.split(" ")[1:])


def _begins_street(text: str) -> bool:
    return text.rsplit(" ", 1)[-1].lower() in _FIRST_WORDS


def _plain_words(text: str) -> str:
    return tidy(unicodedata.normalize("NFKC", text).casefold())


def _plain(text: str) -> str:
    """Drop case, punctuation and the word Block; write short forms out."""
    words = re.sub(r"[^\w]+", " ", re.sub(r"['\u2019]", "", _plain_words(text))).split()
    if words and words[0] in {"blk", "block"}:
        words = words[1:]
    return " ".join(_SHORT.get(word, word) for word in words)


def _plain_street(street: str) -> str:
    """Write the street in full; ``Toa Payoh Lorong 1`` is ``Lorong 1 Toa Payoh``."""
    text = _STREET_SHORT.sub("street", _plain(street))
    return _LORONG_LAST.sub(r"\g<house> \g<lorong> \g<town>", text)


def _plain_unit(unit: str | None) -> str:
    """Drop the # and leading zeros: ``#01-026`` is ``1-26``."""
    text = re.sub(r"[#\s]", "", (unit or "").casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)
