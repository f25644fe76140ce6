"""Exports as survey tools write them, filled with what nobody sent or said."""

AR = "صوتوا يوم الاقتراع على رمز الوردة، مرشحكم بدائرة سلا الجديدة"
FR = "Soldes chez Magasin Étoile : jusqu'à -50% ce week-end à Rabat"
NUMBERS = ("0661000101", "0662000102")

_FR = {
    "text": "Quel est le texte du message reçu ?",
    "recipient": "Quel numéro l'a reçu ?",
    "received_at": "À quelle date avez-vous reçu le message ?",
    "sender": "Quel numéro vous a envoyé le message ?",
    "declared_operator": "Votre opérateur actuel ?",
    "consent": "Avez-vous donné votre accord pour recevoir ce message ?",
    "member": "Êtes-vous membre du parti ?",
}
_AR = {
    "text": "ما هو نص الرسالة التي توصلت بها؟",
    "recipient": "ما هو رقم هاتفك الذي توصل بالرسالة؟",
    "received_at": "متى توصلت بها؟",
    "sender": "من أي رقم توصلت بالرسالة؟",
    "declared_operator": "ما هو متعهد الاتصالات الخاص بك؟",
    "consent": "هل وافقت على التوصل بهذه الرسالة؟",
    "member": "هل أنت عضو في الحزب؟",
}
QUESTIONS = {"fr": _FR, "ar": _AR}
_ANSWERS = [
    (AR, NUMBERS[0], "02/09/2021", "+212661999999", "Inwi", "Non", "Non"),
    (FR, NUMBERS[1], "03/09/2021", "Promo", "Orange", "Oui", "Non"),
]


def google_forms(language):
    stamp = {"fr": "Horodateur", "ar": "طابع زمني"}[language]
    mail = {"fr": "Adresse e-mail", "ar": "عنوان البريد الإلكتروني"}[language]
    comment = {"fr": "Votre message à la fédération", "ar": "هل لديك ملاحظات؟"}[language]
    head = [stamp, mail, *QUESTIONS[language].values(), comment]
    body = [["03/09/2021 14:05:11", "a@exemple.ma", *answers, "Merci de votre aide précieuse"] for answers in _ANSWERS]
    return [head, *body], {"complaint_id": None}


def kobo(language):
    before = ["start", "end", "today", "deviceid", "phonenumber", "username"]
    after = [
        "_id",
        "_uuid",
        "_submission_time",
        "_validation_status",
        "_notes",
        "_status",
        "_submitted_by",
        "__version__",
        "_tags",
        "_index",
    ]
    moment = "2021-09-03T14:05:11.000+01:00"
    body = [
        [moment, moment, "2021-09-03", "collect:abc", "phonenumber not found", "agent", *answers,
         str(100 + at), "3f2504e0-4f89-41d3-9a0c-0305e82c330" + str(at), "2021-09-03T13:06:11", "", "", "submitted_via_web", "", "v1", "", str(at)]
        for at, answers in enumerate(_ANSWERS)
    ]  # fmt: skip
    return [[*before, *QUESTIONS[language].values(), *after], *body], {"complaint_id": "_id"}


def kobo_paths(_language):
    names = [
        "message",
        "numero_telephone",
        "date_reception",
        "numero_expediteur",
        "operateur",
        "consentement",
        "membre_parti",
    ]
    rows, expected = kobo("fr")
    head = rows[0]
    for place, name in enumerate(names):
        head[6 + place] = f"groupe_{place % 2}/{name}"
    return rows, expected


def limesurvey(language):
    before = {
        "fr": [
            "ID de la réponse",
            "Date de soumission",
            "Dernière page",
            "Langue de départ",
            "Tête de série",
            "Adresse IP",
        ],
        "ar": ["معرف الاستجابة", "تاريخ الإرسال", "آخر صفحة", "لغة البدء", "Seed", "عنوان IP"],
    }[language]
    head = [*before, *(f"G01Q{at:02}. {question}" for at, question in enumerate(QUESTIONS[language].values()))]
    body = [
        [str(at), "2021-09-03 14:05:11", "3", language, "12345", "192.0.2.1", *answers]
        for at, answers in enumerate(_ANSWERS, 1)
    ]
    return [head, *body], {"complaint_id": before[0]}


_QUALTRICS = [
    "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientLastName",
    "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage",
]  # fmt: skip
_QUALTRICS_SAID = [
    "Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Recipient Last Name",
    "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language",
]  # fmt: skip


def qualtrics(language, codes=None):
    codes = codes or [f"Q{at}" for at in range(1, 8)]
    import_ids = [f'{{"ImportId":"{name}"}}' for name in _QUALTRICS] + [
        f'{{"ImportId":"QID{at}_TEXT"}}' for at in range(1, 8)
    ]
    answers = [
        ["2021-09-03 14:05:11", "2021-09-03 14:09:11", "IP Address", "192.0.2.1", "100", "240", "True", "2021-09-03 14:09:12", f"R_{at}", "", "", "", "", "33.9",
         "-6.8", "anonymous", language.upper(), *given]
        for at, given in enumerate(_ANSWERS)
    ]  # fmt: skip
    said = [f"<p>{question}</p>" for question in QUESTIONS[language].values()]
    rows = [[*_QUALTRICS, *codes], [*_QUALTRICS_SAID, *said], import_ids, *answers]
    return rows, {"complaint_id": "Response ID"}


def qualtrics_named(language):
    rows, _ = qualtrics(
        language, ["message", "téléphone", "date_reception", "expediteur", "operateur", "consentement", "membre"]
    )
    return rows, {"complaint_id": "ResponseId"}


def surveymonkey(language):
    before = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    ]
    if language == "fr":
        before = [
            "ID du répondant",
            "ID du collecteur",
            "Date de début",
            "Date de fin",
            "Adresse IP",
            "Adresse e-mail",
            "Prénom",
            "Nom",
            "Données personnalisées 1",
        ]
    words = {"fr": ["Réponse ouverte"] * 5 + ["Réponse"] * 2, "ar": ["Open-Ended Response"] * 5 + ["Response"] * 2}[
        language
    ]
    body = [
        [
            f"11800000000{at}",
            "400000001",
            "09/03/2021 02:05:11 PM",
            "09/03/2021 02:09:11 PM",
            "192.0.2.1",
            "",
            "",
            "",
            "",
            *answers,
        ]
        for at, answers in enumerate(_ANSWERS)
    ]
    return [[*before, *QUESTIONS[language].values()], [""] * 9 + words, *body], {"complaint_id": before[0]}


def microsoft_forms(language):
    before = {
        "fr": ["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"],
        "ar": ["ID", "وقت البدء", "وقت الإكمال", "البريد الإلكتروني", "الاسم"],
    }[language]
    body = [
        [str(at), "9/3/21 14:05:11", "9/3/21 14:09:11", "anonymous", "", *answers]
        for at, answers in enumerate(_ANSWERS)
    ]
    return [[*before, *QUESTIONS[language].values()], *body], {"complaint_id": "ID"}


def typeform(language):
    body = [
        [f"k{at}", *answers, "2021-09-03 14:05:11", "2021-09-03 14:06:11", "n1"] for at, answers in enumerate(_ANSWERS)
    ]
    return [["#", *QUESTIONS[language].values(), "Start Date (UTC)", "Submit Date (UTC)", "Network ID"], *body], {
        "complaint_id": "#"
    }


def jotform(language):
    body = [["Sep 3, 2021", *answers, "192.0.2.1", f"50{at}"] for at, answers in enumerate(_ANSWERS)]
    return [["Submission Date", *QUESTIONS[language].values(), "IP", "Submission ID"], *body], {
        "complaint_id": "Submission ID"
    }


def framaforms(_language):
    body = [
        [str(at), f"10{at}", "03/09/2021 - 14:05", "0", "192.0.2.1", "", "", *answers]
        for at, answers in enumerate(_ANSWERS, 1)
    ]
    head = [
        "Numéro de série",
        "SID",
        "Heure de soumission",
        "Brouillon",
        "Adresse IP",
        "UID",
        "Nom d'utilisateur",
        *_FR.values(),
    ]
    return [head, *body], {"complaint_id": "Numéro de série"}


TOOLS = (
    google_forms,
    kobo,
    kobo_paths,
    limesurvey,
    qualtrics,
    qualtrics_named,
    surveymonkey,
    microsoft_forms,
    typeform,
    jotform,
    framaforms,
)
