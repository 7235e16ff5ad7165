"""Random codes, and what is forgiven when somebody types one."""

import re
import secrets

from stage.core.who.codes import (
    ALPHABET,
    digits_code,
    group_code,
    login_code,
    normalise_code,
    public_code,
)


def test_alphabet_has_one_sign_of_each_look_alike_group():
    for group in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(group) & set(ALPHABET)) == 1
    assert not set("AEIOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_public_codes_differ_and_have_the_length_asked():
    codes = {public_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) == set(ALPHABET)
    assert len(public_code(16)) == 16


def test_login_code_survives_being_typed_badly():
    code = login_code(secrets.randbits(160))
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    plain = code.replace("-", "")
    assert normalise_code(code) == plain
    assert normalise_code(f" {code.lower()} ") == plain
    assert normalise_code(" ".join(plain)) == plain
    assert group_code(plain) == code


def test_look_alikes_are_read_as_the_sign_in_the_alphabet():
    assert normalise_code("oOiI-lLzZ sSbBuU") == "001111225588VV"
    assert normalise_code("") == ""


def test_digits_code_is_digits_only():
    codes = [digits_code(8) for _ in range(300)]
    assert all(re.fullmatch(r"[0-9]{8}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)
