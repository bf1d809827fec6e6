"""Splitting addresses: each row of the first table is one oddity of the published file."""

import re

import pytest

from hsh.core import address
from hsh.core.refusals import Invalid
from tests.published import published_rows


@pytest.mark.parametrize(
    ("published", "street", "building", "unit", "postal_code"),
    [
        ("282 Bishan Street 22, #01-1291,  S570282", "282 Bishan Street 22", None, "#01-1291", "570282"),
        ("406 Tampines Street 41,  S520406", "406 Tampines Street 41", None, None, "520406"),
        ("327 Hougang Avenue 5, ST 2,  S530327", "327 Hougang Avenue 5", None, "ST2", "530327"),
        ("118 Rivervale Drive, S09,  S540118", "118 Rivervale Drive", None, "S09", "540118"),
        ("91 Hillview Link, K5,  S669723", "91 Hillview Link", None, "K5", "669723"),
        ("414 Yishun Ring Road, D,  S760414", "414 Yishun Ring Road", None, "D", "760414"),
        ("10 Sengkang Square, 22,  S544829", "10 Sengkang Square", None, "22", "544829"),
        ("1 Jalan Kayu, 6a,  S799441", "1 Jalan Kayu", None, "6A", "799441"),
        ("2 Seah Im Rd, 01-55,  S099114", "2 Seah Im Rd", None, "#01-55", "099114"),
        ("377 Hougang Street 32, 1-30N,  S530377", "377 Hougang Street 32", None, "#1-30N", "530377"),
        ("1 Raffles Place, #B1-04,  S048616", "1 Raffles Place", None, "#B1-04", "048616"),
        ("1 Raffles Place, B1-04,  S048616", "1 Raffles Place", None, "#B1-04", "048616"),
        ("Woodlands Street 12,  S738623", "Woodlands Street 12", None, None, "738623"),
        (
            "57 New Upper Changi Road Dbs New Upper Changi Road Singapore 461057, #01-1344,  S461057",
            "57 New Upper Changi Road", "Dbs New Upper Changi Road", "#01-1344", "461057",
        ),
        ("848 Sims Avenue Singapore 400848, #01-720,  S400848", "848 Sims Avenue", None, "#01-720", "400848"),
        (
            "888 Woodlands Drive 50 888 Plaza Singapore 730888, #01-729,  S730888",
            "888 Woodlands Drive 50", "888 Plaza", "#01-729", "730888",
        ),
        (
            "480 Bedok North Street 4 Hdb-bedok Singapore 460480, #01-73,  S460480",
            "480 Bedok North Street 4", "Hdb-bedok", "#01-73", "460480",
        ),
        (
            "203 Toa Payoh North Toa Payoh North Post Office Singapore 310203, #01-1109B,  S310203",
            "203 Toa Payoh North", "Toa Payoh North Post Office", "#01-1109B", "310203",
        ),
        (
            "79E Toa Payoh Central Central Horizon Singapore 315079, #01-75,  S315079",
            "79E Toa Payoh Central", "Central Horizon", "#01-75", "315079",
        ),
        (
            "1 Bukit Merah Lane 1 Hdb-bukit Merah Singapore 150122, #01-64,  S150122",
            "1 Bukit Merah Lane 1", "Hdb-bukit Merah", "#01-64", "150122",
        ),
        (
            "530 Lorong 6 Toa Payoh Hdb Hub Singapore 310530, #01-08,  S310530",
            "530 Lorong 6 Toa Payoh", "Hdb Hub", "#01-08", "310530",
        ),
        (
            "15-8 Jalan Riang Serangoon Park Singapore 358987, #01-2,  S358987",
            "15-8 Jalan Riang Serangoon Park", None, "#01-2", "358987",
        ),
        (
            "National Development Building, Annex B, Telok Ayer Street, #01-08,  S069111",
            "Telok Ayer Street", "National Development Building, Annex B", "#01-08", "069111",
        ),
        ("Jtc 1 North Coast Avenue, MR3,  S737663", "1 North Coast Avenue", "Jtc", "MR3", "737663"),
        (
            "1 Kaki Bukit Road 1, #03-47, Enterprise One, Singapore 415934, #01-101,  S415934",
            "1 Kaki Bukit Road 1", "#03-47, Enterprise One", "#01-101", "415934",
        ),
        ("10 Anson Road, International Plaza, #10-11, Singapore 079903",
         "10 Anson Road", "International Plaza", "#10-11", "079903"),
        ("  21  Lorong 7 Toa Payoh , S(310021) ", "21 Lorong 7 Toa Payoh", None, None, "310021"),
    ],
)  # fmt: skip
def test_it_splits_what_is_published(published, street, building, unit, postal_code):
    assert address.parse(published) == address.Address(
        street=street, building=building, unit=unit, postal_code=postal_code
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "address_no_postal_code"),
        ("282 Bishan Street 22, #01-1291", "address_no_postal_code"),
        ("282 Bishan Street 22,  S57028", "address_no_postal_code"),
        ("282 Bishan Street 22,  S5702820", "address_no_postal_code"),
        ("282 Bishan Street 22,  S001234", "address_no_postal_code"),
        ("282 Bishan Street 22,  S\u0665\u0667\u0660\u0662\u0668\u0662", "address_no_postal_code"),
        ("S570282", "address_no_street"),
        ("#01-12,  S570282", "address_no_street"),
        ("282,  S570282", "address_no_street"),
        ("57 Sims Drive Singapore 461057,  S461058", "address_two_postal_codes"),
    ],
)
def test_it_refuses_what_is_no_address(text, reason):
    with pytest.raises(Invalid) as refusal:
        address.parse(text)
    assert refusal.value.field == "address"
    assert refusal.value.params["reason"] == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("21 Tampines Ave 1,  S529757", "21 TAMPINES AVENUE 1, S529757"),
        ("2 Seah Im Rd, 01-55,  S099114", "2 Seah Im Road, #01-055,  S099114"),
        ("327 Hougang Avenue 5, ST 2,  S530327", "Blk 327 Hougang Ave 5, ST02,  S530327"),
        ("127 Toa Payoh Lorong 1,  S310127", "127 Lor 1 Toa Payoh,  S310127"),
        ("5 St George's Rd,  S328023", "5 St Georges Road,  S328023"),
        ("5 Bain St,  S180231", "5 Bain Street,  S180231"),
        ("5 Bishan St 11,  S570150", "5 Bishan Street 11,  S570150"),
    ],
)
def test_two_spellings_of_one_address_are_one_customer(one, other):
    keys = {address.natural_key(" Ah  Huat Café ", address.parse(one))}
    keys.add(address.natural_key("ah huat cafe\u0301", address.parse(other)))
    assert len(keys) == 1


@pytest.mark.parametrize(
    "other",
    [
        "282A Bishan Street 22, #01-12,  S570282",
        "282 Bishan Street 23, #01-12,  S570282",
        "282 Bishan Street 22, #01-13,  S570282",
        "282 Bishan Street 22, #01-12,  S570283",
        "282 Bishan Street 22,  S570282",
        "282 Bishan Street 22, Annex B, #01-12,  S570282",
    ],
)
def test_two_addresses_are_two_customers(other):
    first = address.parse("282 Bishan Street 22, #01-12,  S570282")
    assert address.natural_key("Ah Huat", first) != address.natural_key(
        "Ah Huat", address.parse(other)
    )


def test_a_saint_is_no_street():
    plain = address.parse("5 St George's Road,  S328023").normalised()
    assert plain.startswith("5 st georges road|")


def test_the_published_file_splits_whole():
    """No row is refused, none is lost to a look-alike, and no word of an address is dropped."""
    rows, keys = published_rows(), set()
    for row in rows:
        parts = address.parse(row["address"])
        keys.add(address.natural_key(row["name"], parts))
        kept = f"{parts.street} {parts.building or ''} {parts.unit or ''} {parts.postal_code}"
        assert words(row["address"]) - {"singapore"} <= words(kept), row["address"]
    assert len(keys) == len(rows) == 470


def test_the_published_file_has_the_shapes_that_were_looked_at():
    parts = [address.parse(row["address"]) for row in published_rows()]
    assert sum(part.unit is not None for part in parts) == 321
    assert sum(part.building is not None for part in parts) == 100
    without_house_number = [part.street for part in parts if not part.street[0].isdigit()]
    assert sorted(set(without_house_number)) == [
        "Tampines Street 32", "Telok Ayer Street", "Woodlands Street 12",
    ]  # fmt: skip


def words(text):
    text = re.sub(r"\bST (?=\d)", "ST", text).casefold()
    found = re.sub(r"[#,]", " ", text).split()
    return {re.sub(r"^s(?=\d{6})", "", word) for word in found}
