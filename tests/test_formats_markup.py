from hypothesis import given
from hypothesis import strategies as st

from index.formats.markup import html_text, local_name, xml_tree


def test_blocks_are_paragraphs_and_what_is_not_seen_is_left_out() -> None:
    html = (
        "<title>Page</title><style>x</style><nav>Home</nav><h2>Snow</h2>in<p>One\n two<br>three</p>"
        "<script>y</script><ul><li>a<li>b</ul><table><tr><td>c</td><td>d</td></tr></table>tail"
    )
    assert html_text(html) == ("Snow", "Snow\n\nin\n\nOne two\nthree\n\na\n\nb\n\nc\td\n\ntail")


def test_the_title_of_the_page_stands_in_for_a_heading() -> None:
    assert html_text("<title> A \n page</title><p>x") == ("A page", "x")


def test_an_xml_declaration_and_characters_by_name_are_understood() -> None:
    assert (
        html_text('<?xml version="1.0" encoding="utf-8"?><html><body>caf&eacute; &#8212; é</body></html>')[1]
        == "café — é"
    )


def test_names_are_without_their_namespace() -> None:
    root = xml_tree(b"<a xmlns='u' xmlns:p='v'><p:b/><?x y?></a>", "here")
    assert [local_name(node) for node in root.iter()] == ["a", "b", ""]


@given(st.text())
def test_any_text_gives_text_without_empty_paragraphs(html: str) -> None:
    text = html_text(html)[1]
    assert "\n\n\n" not in text
    assert text == text.strip()
