import socket
from pathlib import Path

from pytest import MonkeyPatch, raises

from index.encoder import SentenceEncoder
from ui import doctor
from ui.doctor import examinations


def test_all_is_well_here(seed_folder: Path) -> None:
    found = {finding.what: finding for finding in examinations(seed_folder)}
    assert all(finding.well for finding in found.values()), found
    assert "built in 1721" in found["a question"].detail
    assert "16 articles" in found[f"library {seed_folder}"].detail
    assert found["without a network"].detail.startswith("no attempt")


def test_whatever_reaches_for_the_network_is_refused_and_named() -> None:
    with doctor._cut_off() as attempts:
        with raises(OSError, match="refuses"):
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        with raises(OSError, match="refuses"):
            socket.getaddrinfo("example.org", 443)
        ours, theirs = socket.socketpair()
        ours.sendall(b"here")
        assert theirs.recv(4) == b"here"
        ours.close()
        theirs.close()
    assert any("192.0.2.1" in attempt for attempt in attempts)
    assert any("example.org" in attempt for attempt in attempts)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_a_missing_package_and_a_changed_model_are_named(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PACKAGES", ("no-such-package",))
    monkeypatch.setattr(SentenceEncoder, "_hashed", lambda self: "0" * 64)
    found = {finding.what: finding for finding in examinations(tmp_path / "none")}
    assert not found["no-such-package"].well
    assert "pip install" in found["no-such-package"].detail
    assert not found["model all-MiniLM-L6-v2"].well
