"""The words that name a document: statement, declaration, communiqué, 声明."""

import re

# In the languages that official statements are most often in.
_KIND = re.compile(
    r"\b(?:statements?|declarations?|communiqu[eé]s?|read-?outs?|remarks|fact\s?sheets?|memorand(?:um|a)|"
    r"proclamations?|resolutions?|agreements?|treat(?:y|ies)(?! room)|protocols?|charters?|letters?|"
    r"messages?|conventions? (?:on|of|for|between|against)|notices?|orders?|speech|address|reports?|"
    r"principles|action plan|road\s?map|vision|press (?:call|conference|release|availability)|"
    r"briefings?|gaggle|transcripts?|interview|outcomes?|conclusions|summary|note verbale|guidelines|"
    r"compact|accord|pact|"
    r"testimony|announcements?|déclaration|discours|allocution|compte[ -]rendu|point de presse|conférence|"
    r"entretien|\w*erklärung|\w*rede|\w*mitteilung|stellungnahme|ansprache|\w*abkommen|declaración|"
    r"comunicado|discurso|acuerdo|declaração|nota|acordo|dichiarazione|comunicato|discorso|verklaring|"
    r"oświadczenie|prohlášení|заявлени[ея]|выступлени[ея]|коммюнике|сообщени[ея]|деклараци[яи]|указ|"
    r"обращени[ея]|açıklama\w*|bildiri\w*)\b|"
    r"声明|聲明|談話|谈话|共同|宣言|発言|演説|会見|會談|会談|概要|結果|公报|公報|讲话|致辞|答记者问|挨拶|"
    r"성명|담화|선언|연설|발표문|بيان|كلمة|إعلان|تصريح",
    re.IGNORECASE,
)


def find_document_kind(words: str) -> re.Match[str] | None:
    """Return where a document is named first, or None."""
    return _KIND.search(words)
