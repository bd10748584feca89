import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.common.fieldcrypto import SealError, key_of, seal, search_hash, unseal
from songhe.common.keyring import CIPHERS, Key, Keyring

SEARCH = Key("search", "hmac-sha256", b"s" * 32)
KEYS = {cipher: Key(f"key-of-{cipher}", cipher, b"k" * size) for cipher, size in CIPHERS.items()}
NUMBER = "11010519491231002X"


def keyring(*keys: Key) -> Keyring:
    return Keyring(keys={key.id: key for key in keys}, current=keys[-1], search=SEARCH)


AES, SM4 = (keyring(KEYS[cipher]) for cipher in ("aes-256-gcm", "sm4-gcm"))
both = pytest.mark.parametrize("ring", [AES, SM4], ids=["aes", "sm4"])


@both
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_read_again(ring: Keyring, text: str) -> None:
    assert unseal("address", seal("address", text, keyring=ring), keyring=ring) == text


@both
def test_equal_texts_are_sealed_differently(ring: Keyring) -> None:
    assert len({seal("phone", "13800001111", keyring=ring) for _ in range(100)}) == 100


@both
def test_nothing_of_the_text_is_in_what_is_kept(ring: Keyring) -> None:
    assert b"110105" not in seal("resident_id", NUMBER, keyring=ring)


@both
def test_a_field_cannot_be_passed_off_as_another(ring: Keyring) -> None:
    sealed = seal("phone", "13800001111", keyring=ring)
    with pytest.raises(SealError, match="bank_account"):
        unseal("bank_account", sealed, keyring=ring)


@both
def test_a_change_of_any_byte_is_noticed(ring: Keyring) -> None:
    sealed = seal("phone", "13800001111", keyring=ring)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            unseal("phone", bytes(changed), keyring=ring)


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x02\x01a" + bytes(40), bytes(60)])
def test_what_is_no_sealed_field_is_refused(broken: bytes) -> None:
    with pytest.raises(SealError, match="not a sealed field"):
        unseal("phone", broken, keyring=AES)


def test_an_old_key_still_opens_after_rotation() -> None:
    old, new = KEYS["aes-256-gcm"], KEYS["sm4-gcm"]
    sealed = seal("phone", "13800001111", keyring=keyring(old))
    rotated = keyring(old, new)
    assert unseal("phone", sealed, keyring=rotated) == "13800001111"
    assert key_of(sealed) == old.id
    assert key_of(seal("phone", "13800001111", keyring=rotated)) == new.id


def test_a_key_that_is_gone_is_named() -> None:
    sealed = seal("phone", "13800001111", keyring=AES)
    with pytest.raises(SealError, match="key-of-aes-256-gcm"):
        unseal("phone", sealed, keyring=SM4)


def test_errors_never_repeat_what_was_sealed() -> None:
    with pytest.raises(SealError) as error:
        unseal("phone", seal("resident_id", NUMBER, keyring=AES), keyring=AES)
    assert NUMBER not in str(error.value)


def test_equal_texts_of_one_kind_are_found_by_their_hash() -> None:
    found = search_hash("resident_id", NUMBER, keyring=AES)
    assert found == search_hash("resident_id", NUMBER, keyring=SM4)
    assert len(found) == 32


def test_hashes_differ_by_text_kind_and_key() -> None:
    other = Keyring(keys=AES.keys, current=AES.current, search=Key("search", "hmac-sha256", b"t" * 32))
    hashes = {
        search_hash("phone", "1", keyring=AES),
        search_hash("phone", "2", keyring=AES),
        search_hash("account", "1", keyring=AES),
        search_hash("phone", "1", keyring=other),
    }
    assert len(hashes) == 4


def test_the_published_vector_of_sm4_gcm_opens() -> None:
    """RFC 8998, A.1: the cipher is the standard's, whatever library wrote it."""
    from cryptography.hazmat.primitives.ciphers import Cipher, modes
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4 as Block

    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    encryptor = Cipher(Block(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    locked = encryptor.update(plain) + encryptor.finalize()
    assert locked.hex().upper().startswith("17F399F08C67D5EE19D0DC9969C4BB7D")
    assert encryptor.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"
