"""What language a text is in, or that this is not sure."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.languages import detect_language

TEXTS = {
    "en": "The two sides discussed extended deterrence and the security of the region.",
    "de": "Die Bundesregierung verurteilt den Start der ballistischen Rakete auf das Schärfste.",
    "fr": "Le ministre des affaires étrangères a condamné avec la plus grande fermeté ce tir de missile.",
    "es": "El Gobierno condena el lanzamiento de un misil balístico y pide que se respeten las resoluciones.",
    "pt": "O governo brasileiro condena o lançamento e pede que as resoluções não sejam ignoradas.",
    "it": "Il governo italiano condanna il lancio del missile e chiede il rispetto delle risoluzioni.",
    "ru": "Министерство иностранных дел заявило, что стороны обсудили санкции против Северной Кореи.",
    "uk": "Міністерство закордонних справ заявило, що сторони обговорили санкції проти Північної Кореї.",
    "ar": "أكدت وزارة الخارجية أن الجانبين ناقشا العقوبات المفروضة على كوريا الشمالية وسبل تحقيق السلام.",
    "fa": "وزارت امور خارجه اعلام کرد که دو طرف درباره تحریم‌ها گفتگو کردند و این گفتگوها ادامه دارد.",
    "ja": "外務省は、北朝鮮による弾道ミサイルの発射を強く非難した。",
    "zh": "外交部发言人表示，中方坚决反对单边制裁，敦促有关方面保持克制。",
    "ko": "외교부는 북한의 탄도미사일 발사를 강력히 규탄하였다.",
    "el": "Το υπουργείο καταδίκασε την εκτόξευση του πυραύλου.",
    "he": "משרד החוץ גינה את שיגור הטיל.",
    "th": "กระทรวงการต่างประเทศประณามการยิงขีปนาวุธ",
    "hi": "विदेश मंत्रालय ने मिसाइल प्रक्षेपण की निंदा की और कहा कि यह शांति के लिए खतरा है।",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_tells_the_language(language: str, text: str) -> None:
    assert detect_language(text) == language
    assert detect_language(f"{text}\n" * 50) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 345 678 901 234 567 890",
        "Kim Jong Un",
        "Tokyo, Japan",
        "日米首脳共同声明",  # Japanese, but all its letters are Chinese as well
        "☃ 😀 — …",
        "\ud800",
    ],
)
def test_says_nothing_of_a_text_that_is_too_short_to_be_sure(text: str) -> None:
    assert detect_language(text) is None


def test_a_licence_before_the_text_and_its_markup_change_nothing() -> None:
    assert detect_language(f"{TEXTS['en'] * 20}{TEXTS['ja'] * 400}{TEXTS['en'] * 20}") == "ja"
    assert detect_language(TEXTS["ja"].replace("は", '</td>\n<td class="statement paragraph">')) == "ja"


def test_says_nothing_of_a_text_in_two_writings() -> None:
    assert detect_language(f"{TEXTS['ru']} {TEXTS['en']}") is None


def test_a_few_words_in_another_language_change_nothing() -> None:
    assert detect_language(f"{TEXTS['en'] * 5} 北朝鮮 Бундестаг") == "en"
    assert detect_language(f"{TEXTS['ja'] * 3}（U.S. Department of State）") == "ja"


@given(st.text())
def test_any_text_has_a_code_or_none(text: str) -> None:
    found = detect_language(text)
    assert found is None or (len(found) == 2 and found.islower())


def test_english_does_not_wait_for_the_classifier() -> None:
    text = f"{TEXTS['en']} The talks of the two were held in the capital."
    code = (
        "import sys; from index.languages import detect_language;"
        f"assert detect_language({text!r}) == 'en';"
        "assert 'py3langid' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
