"""What is pressed and typed on the laptop, as payloads of operations (入力)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings

from madoguchi.advice.api import Strength, Visitor, rule_book
from madoguchi.cards.api import away as cards
from madoguchi.certificates.api import away as certificates
from madoguchi.infra import clock
from madoguchi.journeys.api import away as surveys
from madoguchi.kernel.ids import new_id
from madoguchi.kit.domain.trips import OfficerAlong
from madoguchi.residence.api import away as checks
from madoguchi.web.forms import offer
from madoguchi.web.messages import label

#: Of the photograph each point is ticked, so that it was there is said already.
PHOTO = "face_photo"


def _words(kind: str, codes: Any) -> list[tuple[str, str]]:
    return [(str(one), label(kind=kind, code=str(one))) for one in codes]


def _ticks(words: str, **more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=words, required=False, widget=forms.CheckboxSelectMultiple, **more
    )


class KitForm(forms.Form):
    """A form whose press has a name of its own: pressed twice, it is done once (二度押し)."""

    op_id = forms.CharField(max_length=26, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"op_id": new_id(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def payload(self) -> dict[str, Any]:
        """Return what is written down (書き残すもの)."""
        return {name: value for name, value in self.cleaned_data.items() if name != "op_id"}


class VisitorForm(KitForm):
    """Who came, and what they showed; what is asked of a proxy alone is asked of no other (来た人)."""

    documents = _ticks("本人の書類")
    visitor_documents = _ticks("来た人の書類")
    papers = _ticks("受け取ったもの")
    holder_present = forms.BooleanField(label="本人もいっしょに来ている", required=False)

    #: Which visit of the tables it is.
    visit = ""

    def __init__(self, *args: Any, visitor: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visitor = visitor
        book, today = rule_book(settings.MADOGUCHI_CARD_RULES), clock.today()
        shown = [
            (row.code, label(kind="card_document", code=row.code))
            for row in book.documents
            if row.days.hold(today) and row.strength is not Strength.N
        ]
        papers = dict.fromkeys(
            row.code
            for row in book.papers
            if self.visit in row.visits
            and visitor in row.visitors
            and row.days.hold(today)
            and row.code != PHOTO
        )
        offer(self, "documents", shown)
        offer(self, "visitor_documents", shown)
        offer(self, "papers", _words("card_need", papers))
        if not papers:
            del self.fields["papers"]
        if visitor is Visitor.SELF:
            del self.fields["visitor_documents"]
        if visitor is not Visitor.STATUTORY_AGENT:
            del self.fields["holder_present"]

    def payload(self) -> dict[str, Any]:
        """Return what is written down; what was not asked is not so (書き残すもの)."""
        nothing = {"visitor_documents": [], "papers": [], "holder_present": False}
        return {**nothing, **super().payload(), "visitor": self.visitor.value}


class HandOverForm(VisitorForm):
    """A card that goes into its holder's hands (交付)."""

    reason = forms.ChoiceField(label="本人が来られない理由", required=False)
    face_seen = forms.BooleanField(label="カードの写真と顔が同じ", required=False)
    pin_set = forms.BooleanField(
        label="暗証番号を本人が設定した（番号はどこにも書きません）", required=False
    )
    old_card = forms.ChoiceField(label="これまでのカード", widget=forms.RadioSelect)
    certificates = _ticks("電子証明書")
    fee_paid = forms.BooleanField(label="手数料を受け取った", required=False)

    def __init__(self, *args: Any, visit: str, **kwargs: Any) -> None:
        self.visit = visit
        kwargs["initial"] = {"certificates": ["AUTH"]}
        super().__init__(*args, **kwargs)
        reasons = [row.code for row in rule_book(settings.MADOGUCHI_CARD_RULES).reasons]
        offer(self, "reason", [("", "選んでください"), *_words("card_reason", reasons)])
        offer(self, "old_card", _words("old_card", cards.OLD_CARDS))
        offer(self, "certificates", _words("card_certificate", cards.CERTIFICATES))
        if self.visitor is not Visitor.PROXY:
            del self.fields["reason"]


class ApplicationForm(VisitorForm):
    """An application for a card (申請)."""

    visit = "application"

    delivery = forms.ChoiceField(label="受け取り方", widget=forms.RadioSelect)
    photo = _ticks("写真を見て", help_text="写真は端末に残しません")
    conditions = _ticks("郵送の条件", help_text="窓口で受け取るときは、いりません")
    sheet_label = forms.CharField(
        label="暗証番号の封筒の番号", max_length=20, required=False, help_text="郵送のときだけ"
    )
    sheet_closed = forms.BooleanField(label="封筒は、本人が封をした", required=False)
    has_licence = forms.BooleanField(label="運転免許の情報が、いまのカードにある", required=False)
    knows_lost_licence = forms.BooleanField(
        label="免許の情報が新しいカードに移らないことを伝えた", required=False
    )
    application_no = forms.CharField(
        label="申請書の番号", max_length=40, required=False, help_text="23けた。役場で入れてもよい"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "delivery", _words("card_delivery", cards.DELIVERIES))
        offer(self, "photo", _words("photo_rule", cards.PHOTO_RULES))
        offer(self, "conditions", _words("mail_condition", cards.MAIL_CONDITIONS))


class VisitForm(KitForm):
    """What two officers found at the door (訪問)."""

    seen = forms.ChoiceField(label="分かったこと", widget=forms.RadioSelect)
    officers = forms.CharField(label="職員（2人以上、読点で区切る）", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "seen", _words("residence_seen", checks.SEEN))

    def payload(self) -> dict[str, Any]:
        """Return the visit, of today (訪問の記録)."""
        names = str(self.cleaned_data["officers"]).replace(",", "、").split("、")
        return {
            "on": clock.today().isoformat(), "seen": self.cleaned_data["seen"],
            "officers": [one.strip() for one in names if one.strip()],
        }  # fmt: skip


class SurveyForm(KitForm):
    """Three faces and one sentence (アンケート)."""

    face = forms.ChoiceField(label="きょうの窓口は", widget=forms.RadioSelect)
    sentence = forms.CharField(label="ひとこと", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "face", _words("journey_face", surveys.FACES))


class OfficerForm(forms.Form):
    """Who works on the laptop now, and their own word (職員)."""

    officer = forms.ChoiceField(label="あなたは", widget=forms.RadioSelect)
    word = forms.CharField(
        label="あなたの合言葉", max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="出かける前に、役場の画面で自分で決めたもの",
    )  # fmt: skip

    def __init__(self, *args: Any, officers: Iterable[OfficerAlong], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "officer", [(one.staff_id, one.name) for one in officers])


class WordForm(forms.Form):
    """An officer's own word for the next trip, typed twice (合言葉を決める)."""

    word = forms.CharField(
        label="新しい合言葉", max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="10文字以上。ことばを四つ並べると、覚えやすく、当てられにくい",
    )  # fmt: skip
    again = forms.CharField(
        label="もう一度", max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """Whom of one area to take along, and why (持ち出しの解除)."""

    person_ids = _ticks("だれを")
    reason = forms.CharField(
        label="理由", max_length=400, help_text="本人が望んでいること、島で何をするか"
    )

    def __init__(self, *args: Any, people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person_ids", list(people.items()))


class CertificateForm(KitForm):
    """Who asks for a certificate, what they showed, what stands on it (証明書の請求)."""

    applicant = forms.ChoiceField(label="来た人", widget=forms.RadioSelect)
    seen = _ticks("見た書類", help_text="写真のあるもの一つ、または写真のないもの二つ")
    asked_for = _ticks("載せる事項", help_text="えらばない事項は【省略】になります")

    def __init__(self, *args: Any, items: Iterable[str], alone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = [one for one in certificates.APPLICANTS if not (alone and one.value == "HOUSEHOLD")]
        offer(self, "applicant", _words("applicant", [one.value for one in who]))
        offer(self, "seen", _words("evidence", certificates.EVIDENCE))
        offer(self, "asked_for", _words("certificate_item", items))


class GivenForm(KitForm):
    """A certificate that was given, and paid for (証明書の交付)."""

    fee_paid = forms.BooleanField(required=True)

    def __init__(self, *args: Any, fee_yen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = f"手数料 {fee_yen:,}円を受け取り、紙を渡した" if fee_yen else "紙を渡した（無料）"
        self.fields["fee_paid"].label = words


class SpoiltForm(KitForm):
    """A certificate that was not given: what became of the paper (証明書を使わなかった)."""

    disposal = forms.ChoiceField(label="紙は", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "disposal", _words("disposal", certificates.DISPOSALS))
