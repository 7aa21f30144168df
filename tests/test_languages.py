from pytest import mark

import seeds
from index.languages import language


@mark.parametrize(
    ("text", "name"),
    [
        ("Der Fährmann wartete, weil der Nebel auf dem Wasser lag, und die Leute sind nicht gekommen.", "German"),
        ("Le bac est parti avec deux heures de retard, parce que la brume était sur les eaux.", "French"),
        ("El barco salió con dos horas de retraso porque la niebla cubría las aguas del puerto.", "Spanish"),
        ("Il traghetto è partito con due ore di ritardo per la nebbia che era sulle acque del porto.", "Italian"),
        ("A balsa partiu com duas horas de atraso porque não se via nada nas águas do porto.", "Portuguese"),
        ("De pont vertrok twee uur te laat, omdat er mist op het water lag en niemand iets zag.", "Dutch"),
        ("Färjan gick två timmar för sent, för att dimman låg på vattnet och det var mörkt.", "Swedish"),
        ("Prom odpłynął dwie godziny za późno, bo nad wodą była mgła i nie było nic widać na rzece.", "Polish"),
        ("Паром опоздал на два часа.", "in Cyrillic letters"),
        ("渡し船は霧のため二時間遅れた。", "Japanese"),
        ("因为有雾,渡船晚了两个小时。", "Chinese"),
        ("안개 때문에 배가 늦었다.", "Korean"),
        ("12 345 — 67 %", "unknown"),
        ("", "unknown"),
        ("Xylophon Quarz Jazz Zwerg Pfau", "unknown"),
    ],
)
def test_a_language_is_known_by_script_and_commonest_words(text: str, name: str) -> None:
    assert language(text) == name


def test_the_demo_articles_are_english() -> None:
    files = sorted(seeds.ARTICLES.iterdir())
    assert {language(file.read_text("utf-8")[:1000]) for file in files} == {"English"}
