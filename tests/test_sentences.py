"""Where sentences end, in the languages of the statements; the English ones are in test_passages.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import split_sentences


def split(text: str) -> list[str]:
    return [sentence.of(text) for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        [
            "Die Bundesregierung beruft sich auf Art. 5 Abs. 2 des Grundgesetzes. ",
            "Nach § 7 Abs. 1 S. 2 Nr. 3 gilt das auch für Sanktionen.",
        ],
        [
            "Das betrifft z. B. den Handel, u. a. mit Öl. ",
            "Am 28. Juli 2024 trafen sich die Minister in Berlin. ",
            "Sie sprachen über Atomwaffen.",
        ],
        [
            "Am 3. Oktober feiern wir die Einheit. ",
            "Bundeskanzler Dr. h. c. Müller und Prof. Dr. Weber nahmen teil. ",
            "Die 2. Kammer tagte am 1. 7. 2024.",
        ],
        ["„Wir verurteilen den Angriff.“ ", "Das sagte die Ministerin am 24. Februar."],
        ["„Das ist nicht hinnehmbar. Wir handeln.“, sagte der Sprecher. ", "Danach schwieg er."],
        [
            "Die Truppen, d. h. rund 3.000 Soldaten, blieben bis zum 31. 12. 2023. ",
            "Etwa 1,5 Mio. Euro wurden gezahlt, ca. 20 Mrd. folgen.",
        ],
        ["Im 20. Jahrhundert gab es zwei Kriege. ", "Heute ist das anders."],
        [
            "Vgl. Bundestagsdrucksache Nr. 20/1234 vom 5. März 2024, S. 17 ff. der Anlage. ",
            "Die Zahlen stimmen.",
        ],
        ["Die USA, Japan usw. sind Partner. ", "Der sog. Islamische Staat ist besiegt."],
        ["Ist das ein Bruch des Vertrags? ", "Ja! ", "Und zwar ein schwerer."],
        ["Der UN-Sicherheitsrat hat am 15. Sept. 2017 getagt. ", "Er beschloss die Resolution 2375."],
        [
            "Gem. Art. 24 Abs. 2 GG kann sich der Bund einordnen. ",
            "Das gilt i. d. R. auch für Einsätze i. S. d. Vertrages.",
        ],
        ["Herr Präsident, Sie waren in St. Petersburg bzw. in Moskau. ", "Was sagten Sie?"],
        [
            "M. Macron a reçu Mme Meloni à l’Élysée. ",
            "Il a rappelé l’art. 5 du traité. ",
            "MM. Dupont et Durand étaient présents.",
        ],
        ["« Nous condamnons ce tir. » ", "Le ministre l’a dit le 28 juillet 2024."],
        [
            "Le président a dit : « Nous ne céderons pas. La France est prête. » avant de quitter la salle. ",
            "Personne n’a répondu.",
        ],
        [
            "Que veut la Corée du Nord ? ",
            "Nous l’ignorons ! ",
            "Mais nous restons vigilants ; la paix l’exige.",
        ],
        ["Voir p. 12, al. 3, et n° 4 du décret. ", "L’art. L. 123-4 du code s’applique."],
        ["Le 1er janv. 2024, l’accord est entré en vigueur. ", "Les sanctions, etc. restent en place."],
        ["Le général de division J.-P. Martin et le Pr. Lefèvre ont signé. ", "S. E. M. Kim était absent."],
        ["Les É.-U. et le Japon ont signé. ", "L’O.T.A.N. approuve."],
        ["La séance est ouverte à 9 h. 30. ", "Elle dure env. deux heures."],
        ["« La paix est possible. », a-t-il dit. ", "Il a raison."],
        [
            "В 2024 г. Россия и Китай подписали договор. ",
            "Это важно, т. е. имеет значение, и т. д. для всех.",
        ],
        ["А. С. Пушкин родился в 1799 г. в Москве. ", "Президент В. В. Путин выступил с речью."],
        ["«Мы осуждаем пуск ракеты. Это угроза миру», — заявил министр. ", "Затем он уехал."],
        ["Он сказал: «Мы готовы к диалогу!» ", "Ответа не было."],
        ["См. ст. 5, п. 2 и рис. 3 на стр. 14 доклада. ", "Там всё сказано."],
        ["Ущерб составил 5 млн. долл. США и 3 тыс. руб. за год. ", "Это много."],
        ["На ул. Ленина, д. 5 и др. объектах ведутся работы. ", "Жители довольны."],
        ["Что это значит? ", "Мы не знаем! ", "Но будем следить."],
        ["Договор подписан в 1990-х гг. ", "Он действует до н. э. и в XX в. тоже."],
        ["Встреча с акад. Ивановым и проф. Петровым состоялась. ", "Тов. Ким не приехал."],
        ["Это произошло в 2023 г. Россия ответила в 2024 г."],
        ["Встреча прошла в г. Москва 28 июля 2024 г. Стороны обсудили санкции. ", "Это важно."],
        [
            "عقد الوزراء اجتماعا في الرياض يوم 28 يوليو 2024. ",
            "وناقشوا برنامج كوريا الشمالية النووي. ",
            "هل هذا تهديد؟ ",
            "نعم بالتأكيد!",
        ],
        ["قال د. أحمد إن السلام ممكن. ", "وأضاف م. خالد أن الحوار ضروري؛ فلا بديل عنه."],
        ["وأكد البيان: «ندين هذا الإطلاق. إنه تهديد للسلام.» ", "ثم غادر الوزير."],
        ["في عام 2024 م. وقعت الاتفاقية. ", "وبلغت النسبة 3.5 في المائة."],
        ["صدر القرار في سنة 1445 هـ. ", "وهو ملزم للجميع."],
        ["قال أ. د. محمود والسيد ص. ب. علي كلمة. ", "انتهى الاجتماع."],
        ["本日、北朝鮮が弾道ミサイルを発射しました。", "断じて容認できません。"],
        ["総理は「断じて許さない。強く抗議する。」と述べた。", "会見は終わった。"],
        ["日米両国（以下「両国」という。）は、次のとおり合意した。", "第一に、抑止力を強化する。"],
        ["我が国は非核三原則を堅持する（これは国是である。）。", "今後も変わらない。"],
        ["本当にそうでしょうか？　", "そうではありません！　", "平和を守ります。"],
        ["「平和は尊い。」", "彼はそう信じていた。"],
        ["令和６年７月28日、Ｇ７首脳は声明を発出した。", "U.S.との協力も重要だ。"],
        ["『核なき世界。』という言葉がある。", "忘れてはならない。"],
        ["首相は、「断固として守る。」とした上で、協力を求めた。", "各国は応じた。"],
        ["「戦争は終わったのか。」との問いに、「そうだ。」と答えた。", "沈黙があった。"],
        ["法律（昭和二十年法律第一号。以下「法」という。）に基づく。", "以上。"],
        ["外交部发言人表示：“中方坚决反对。我们敦促有关方面保持克制。”", "会议随后结束。"],
        ["“中方坚决反对。”发言人说。", "会议结束。"],
        ["双方就朝鲜半岛问题交换了意见。", "这有什么意义？", "意义重大！", "我们将继续努力。"],
        ["根据《不扩散核武器条约》（以下简称“条约”。），双方同意合作。", "合作将继续。"],
        ["2024年7月28日，双方在东京会晤。", "增长率为3.5％。"],
        ["臺灣外交部表示：「我們強烈譴責。」", "並呼籲各方克制。"],
        ["第一条 本法所称武器，是指导弹等。", "第二条 国家保护公民。"],
        ["“我们反对制裁。”外交部发言人毛宁在例行记者会上表示。", "她没有多说。"],
        ["他说：“和平是可能的。”", "没有人回答。"],
        [
            "북한은 오늘 탄도미사일을 발사하였다. ",
            "우리 정부는 이를 강력히 규탄한다. ",
            "대화의 문은 열려 있습니다.",
        ],
        ["회담은 2024. 7. 28. 도쿄에서 열렸다. ", "양측은 제재에 합의했다."],
        ["대통령은 “우리는 결코 용납하지 않을 것이다. 단호히 대응하겠다.”라고 말했다. ", "회견은 끝났다."],
        ['외교부 대변인은 "유감이다."라고 밝혔다. ', "이어 추가 조치를 예고했다."],
        ["제3조(정의) 이 법에서 사용하는 용어의 뜻은 다음과 같다. ", '1. "무기"란 미사일 등을 말한다.'],
        ["이것이 사실입니까? ", "그렇습니다! ", "우리는 준비되어 있습니다."],
        ["시행일은 2024. 1. 1.이다. ", "다만, 제5조는 예외로 한다."],
        ["2024.7.28.(일) 회의가 열렸다. ", "참석자는 50명이다."],
        ["‘평화는 가능하다.’고 그는 말했다. ", "모두가 박수를 쳤다."],
    ],
)
def test_sentences_of_seven_languages_are_whole(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["I am 15. ", "Kim is older."],
        ["It was a gem. ", "We saw it in 2024. ", "Kammer said no. ", "Five are left."],
        ["People die. ", "Nothing was done."],
        ["See Pub. L. 104 and Art. 5. ", "It is clear."],
        ["» Read more. ", "It goes on."],
        ["He left. ", "“We stay,” she said."],
    ],
)
def test_what_other_languages_need_changes_nothing_in_english(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("ဒါဟာ ငြိမ်းချမ်းရေး။ နောက်တစ်ခု။", 2),
        ("ሁሉም ሰው ነጻ ነው። ክብር አለው።", 2),
        ("Բոլոր մարդիկ ազատ են։ Նրանք հավասար են։", 2),
        ("सभी मनुष्य स्वतंत्र हैं। वे समान हैं।", 2),
        ("これは重要である．また、次のとおりである．", 2),
    ],
)
def test_the_full_stops_of_other_writings_end_sentences(text: str, count: int) -> None:
    assert len(split(text)) == count


@given(st.text(alphabet='aB1. 。「」“”„«»‘’"()（）؟!：г다', max_size=80))
def test_sentences_tile_the_text(text: str) -> None:
    assert "".join(split(text)) == text
    assert all(split(text)) or not text
