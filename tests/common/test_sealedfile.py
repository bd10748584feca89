"""Files encrypted at rest."""

import io

import pytest

from songhe.common.fieldcrypto import SealError
from songhe.common.keyring import parse
from songhe.common.sealedfile import open_sealed, seal_file

SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
KEYS = parse([f"a:aes-256-gcm:{SECRET}", f"s:hmac-sha256:{SECRET}"])
OTHERS = parse([f"b:aes-256-gcm:{SECRET}", f"s:hmac-sha256:{SECRET}"])
PIECE = 1 << 16


def sealed(content: bytes, name: str = "upload", keyring=KEYS) -> bytes:
    target = io.BytesIO()
    seal_file(target, (content[at : at + 1000] for at in range(0, len(content), 1000)), name=name, keyring=keyring)
    return target.getvalue()


def opened(content: bytes, name: str = "upload", keyring=KEYS) -> bytes:
    with open_sealed(io.BytesIO(content), name=name, keyring=keyring) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_it_comes_back_as_it_was(size: int):
    content = bytes(number % 251 for number in range(size))
    assert opened(sealed(content)) == content


def test_with_sm4_as_well():
    keys = parse(["n:sm4-gcm:MDEyMzQ1Njc4OWFiY2RlZg==", f"s:hmac-sha256:{SECRET}"])
    assert opened(sealed(b"x" * PIECE + b"y", keyring=keys), keyring=keys) == b"x" * PIECE + b"y"


def test_nothing_of_it_is_in_the_clear():
    assert b"64038119440229" not in sealed(b"64038119440229" * 100)


def test_it_is_read_at_any_place():
    content = bytes(number % 251 for number in range(3 * PIECE))
    with open_sealed(io.BytesIO(sealed(content)), name="upload", keyring=KEYS) as stream:
        for place in (2 * PIECE + 5, 7, PIECE - 2):
            stream.seek(place)
            assert stream.read(4) == content[place : place + 4]
        assert stream.seek(0, io.SEEK_END) == len(content)


@pytest.mark.parametrize("lacking", [1, 16, 17, PIECE + 16])
def test_one_that_was_cut_short_does_not_open(lacking: int):
    with pytest.raises(SealError, match="cut short"):
        opened(sealed(b"x" * (2 * PIECE))[:-lacking])


def test_a_changed_byte_a_changed_order_and_another_name_do_not_open():
    content = sealed(b"x" * PIECE + b"y" * PIECE + b"z")
    begin, piece = len(content) - 2 * (PIECE + 16) - 17, PIECE + 16
    swapped = content[:begin] + content[begin + piece : begin + 2 * piece] + content[begin : begin + piece]
    for wrong in (content[:100] + bytes((content[100] ^ 1,)) + content[101:], swapped + content[-17:]):
        with pytest.raises(SealError):
            opened(wrong)
    with pytest.raises(SealError):
        opened(content, name="another")


def test_without_its_key_it_says_so():
    with pytest.raises(SealError, match="not in the keyring"):
        opened(sealed(b"x"), keyring=OTHERS)


def test_what_is_no_sealed_file():
    with pytest.raises(SealError, match="not a sealed file"):
        opened(b"PK")
