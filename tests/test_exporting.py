import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from pytest import LogCaptureFixture, MonkeyPatch, fixture, mark
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Normalize, Pooling, StaticEmbedding, Transformer
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from index.encoder import SentenceEncoder
from index.exporting import encoded, loaded
from index.model_cache import found, place

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"the ferry ran two hours late on friday because fog lay water query : bees".split(),
]
TEXTS = [
    "the ferry ran late",
    "bees",
    "fog lay on the water on friday because the ferry ran two hours late",
    "unheard of",
]


@fixture(autouse=True)
def _own_cache(monkeypatch: MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOOTNOTE_CACHE", str(tmp_path / "cache"))


def tokenizer() -> Tokenizer:
    made = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return made


def transformer(folder: Path, pooling: str, *, prompt: str = "") -> Path:
    """Write a small model of random weights as sentence-transformers does."""
    body = folder / "body"
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=64, **sizes)).save_pretrained(body)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer(), pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(body)
    first = Transformer(str(body), max_seq_length=48)
    model = SentenceTransformer(
        modules=[first, Pooling(32, pooling_mode=pooling), Normalize()],
        device="cpu",
        prompts={"all": prompt} if prompt else None,
        default_prompt_name="all" if prompt else None,
    )
    model.save(str(folder / "model"))
    return folder / "model"


@mark.parametrize("pooling", ["mean", "cls", "max"])
def test_the_graph_of_a_model_gives_the_vectors_of_the_model(tmp_path: Path, pooling: str) -> None:
    model = transformer(tmp_path, pooling)
    vectors = SentenceEncoder(str(model)).encode(TEXTS)
    assert found(place(model.resolve())).about.inputs
    assert ((vectors * encoded(loaded(model, "small"), TEXTS)).sum(axis=1) > 0.98).all()


def test_a_prompt_stands_before_every_text(tmp_path: Path) -> None:
    model = transformer(tmp_path, "mean", prompt="query : ")
    vectors = SentenceEncoder(str(model)).encode(TEXTS)
    assert found(place(model.resolve())).about.prompt == "query : "
    assert ((vectors * encoded(loaded(model, "small"), TEXTS)).sum(axis=1) > 0.98).all()


def test_a_model_that_is_no_graph_runs_as_it_is(tmp_path: Path, caplog: LogCaptureFixture) -> None:
    static = SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_dim=16)], device="cpu")
    static.save(str(tmp_path / "static"))
    model = tmp_path / "static"
    for _ in range(2):
        vectors = SentenceEncoder(str(model)).encode(TEXTS)
        assert np.allclose(vectors, encoded(loaded(model, "static"), TEXTS), atol=1e-5)
    export = found(place(model.resolve()))
    assert not export.about.inputs
    assert [file.name for file in export.folder.iterdir()] == ["about.json"]
    assert "runs through sentence-transformers" in caplog.text


def test_asking_again_loads_neither_torch_nor_transformers(tmp_path: Path) -> None:
    model = transformer(tmp_path, "mean")
    vectors = SentenceEncoder(str(model)).encode(TEXTS)
    script = f"""
import json, sys
from index.encoder import SentenceEncoder
vectors = SentenceEncoder({str(model)!r}).encode({TEXTS!r})
heavy = [name for name in ("torch", "transformers", "sentence_transformers", "onnx") if name in sys.modules]
print(json.dumps([vectors.tolist(), heavy]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    again, heavy = json.loads(done.stdout)
    assert heavy == []
    assert np.allclose(again, vectors, atol=1e-6)
