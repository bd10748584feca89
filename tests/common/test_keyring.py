import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from songhe.common.keyring import Keyring, KeyringError, add_key, parse, read_keyring

SEARCH = "search:hmac-sha256:" + "c2VhcmNoc2VhcmNoc2VhcmNoc2VhcmNoc2VhcmNoISE="
FIRST = "2026-01-01:aes-256-gcm:" + "Zmlyc3RmaXJzdGZpcnN0Zmlyc3RmaXJzdGZpcnN0ISE="
SECOND = "2026-07-01:sm4-gcm:" + "c2Vjb25kc2Vjb25kISEhIQ=="
SECRETS = [text.rpartition(":")[2] for text in (SEARCH, FIRST, SECOND)]


def key_file(folder: Path, *lines: str, mode: int = 0o600) -> dict[str, str]:
    path = folder / "keys"
    path.write_text("".join(f"{line}\n" for line in lines))
    path.chmod(mode)
    return {"SONGHE_KEYS_FILE": str(path)}


def test_the_last_key_seals_and_all_of_them_open() -> None:
    keyring = parse([SEARCH, FIRST, SECOND])
    assert (keyring.current.id, keyring.current.cipher) == ("2026-07-01", "sm4-gcm")
    assert list(keyring.keys) == ["2026-01-01", "2026-07-01"]


def test_keys_come_from_a_file_with_comments(tmp_path: Path) -> None:
    environment = key_file(tmp_path, "# kept by 张工", "", SEARCH, FIRST)
    with pytest.raises(KeyringError, match="not ASCII"):
        read_keyring(environment, tmp_path)
    environment = key_file(tmp_path, "# kept by Zhang", "", SEARCH, FIRST)
    assert read_keyring(environment, tmp_path).current.id == "2026-01-01"


def test_keys_come_from_the_environment(tmp_path: Path) -> None:
    assert read_keyring({"SONGHE_KEYS": f"{SEARCH} {FIRST}"}, tmp_path).current.id == "2026-01-01"
    assert not (tmp_path / "var").exists()


def test_two_places_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="Only one of the two"):
        read_keyring({**key_file(tmp_path, SEARCH, FIRST), "SONGHE_KEYS": f"{SEARCH} {FIRST}"}, tmp_path)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyringError, match=r"chmod 600 .*keys"):
        read_keyring(key_file(tmp_path, SEARCH, FIRST, mode=mode), tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"missing.*No such file"):
        read_keyring({"SONGHE_KEYS_FILE": str(tmp_path / "missing")}, tmp_path)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([SEARCH], "found 0 and 1"),
        ([FIRST], "found 1 and 0"),
        ([SEARCH, FIRST, SEARCH.replace("search:", "other:")], "found 1 and 2"),
        ([SEARCH, FIRST, FIRST], "given twice: 2026-01-01"),
        ([SEARCH, FIRST[:-8]], "not that many bytes"),
        ([SEARCH, FIRST.replace("Zm", "!!")], "not that many bytes"),
        ([SEARCH, FIRST.replace("aes-256-gcm", "aes")], "id:cipher:secret"),
        ([SEARCH, FIRST.replace("2026", "Jan 2026")], "id:cipher:secret"),
        ([SEARCH, "what is this"], "id:cipher:secret"),
    ],
)
def test_a_malformed_keyring_says_what_is_wrong_and_never_a_secret(lines: list[str], complaint: str) -> None:
    with pytest.raises(KeyringError, match=complaint) as error:
        parse(lines)
    assert not any(secret[:8] in str(error.value) for secret in SECRETS)


def test_neither_keyring_nor_key_shows_a_secret() -> None:
    keyring = parse([SEARCH, FIRST])
    assert repr(keyring) == "Keyring(2026-01-01; current 2026-01-01)"
    assert repr(keyring.current) == "Key('2026-01-01', 'aes-256-gcm')"


def test_a_first_run_makes_development_keys_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keyring = read_keyring({}, tmp_path)
    told = capsys.readouterr().err
    assert "切勿用于真实老年人的数据" in told and "FOR DEVELOPMENT ONLY" in told
    assert keyring.is_for_development
    assert stat.S_IMODE((tmp_path / "var" / "development-keys").stat().st_mode) == 0o600


def test_a_second_run_finds_the_same_keys_and_still_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = read_keyring({}, tmp_path)
    assert read_keyring({}, tmp_path) == first
    assert "using development keys" in caplog.text


def test_development_keys_are_of_the_cipher_that_is_set(tmp_path: Path) -> None:
    assert read_keyring({"SONGHE_CIPHER": "sm4-gcm"}, tmp_path).current.cipher == "sm4-gcm"
    with pytest.raises(KeyringError, match="SONGHE_CIPHER=des"):
        read_keyring({"SONGHE_CIPHER": "des"}, tmp_path / "other")


def test_processes_that_start_at_once_agree_on_their_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keyrings = list(threads.map(lambda _: read_keyring({}, tmp_path), range(8)))
    assert keyrings == [keyrings[0]] * 8
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["development-keys"]


def test_production_without_keys_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match=r"python -m songhe.common.keyring"):
        read_keyring({"SONGHE_PRODUCTION": "1"}, tmp_path)
    assert not (tmp_path / "var").exists()


def test_production_refuses_development_keys_wherever_they_lie(tmp_path: Path) -> None:
    read_keyring({}, tmp_path)
    path = tmp_path / "var" / "development-keys"
    for environment in ({"SONGHE_KEYS_FILE": str(path)}, {"SONGHE_KEYS": path.read_text()}):
        with pytest.raises(KeyringError, match="refuses development keys"):
            read_keyring({"SONGHE_PRODUCTION": "1", **environment}, tmp_path)


def test_django_does_not_start_in_production_without_keys(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("SONGHE_")}
    environment = {**own, "SONGHE_PRODUCTION": "1", "SONGHE_HOME": str(tmp_path)}
    code = "import songhe.web.settings"
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "Production has no keys" in result.stderr


def test_a_new_key_makes_the_file_and_rotates_it_later(tmp_path: Path) -> None:
    path = tmp_path / "secret" / "keys"
    environment = {"SONGHE_KEYS_FILE": str(path), "SONGHE_PRODUCTION": "1"}
    first = add_key(path)
    before = read_keyring(environment, tmp_path)
    second = add_key(path, "sm4-gcm")
    after = read_keyring(environment, tmp_path)
    assert (before.current, after.current) == (first, second)
    assert after.keys == {first.id: first, second.id: second}
    assert after.search == before.search
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_command_writes_a_key(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    command = [sys.executable, "-m", "songhe.common.keyring", str(path)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "aes-256-gcm" in made.stdout
    assert add_key(path).written() not in made.stdout
    refused = subprocess.run([*command, "des"], capture_output=True, text=True, check=False)
    assert (refused.returncode, "Unknown cipher" in refused.stderr) == (1, True)


def test_what_is_derived_differs_by_purpose_and_by_keyring() -> None:
    keyring = parse([SEARCH, FIRST])
    other: Keyring = parse([SEARCH.replace("c2Vh", "d2Vh"), FIRST])
    derived = {keyring.derive("django"), keyring.derive("other"), other.derive("django")}
    assert len(derived) == 3
    assert keyring.derive("django") == parse([SEARCH, SECOND]).derive("django")
