"""What the pages post, turned into commands (入力)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from madoguchi.certificates.domain.asking import (
    OTHER_DOCUMENTS,
    PHOTO_DOCUMENTS,
    Applicant,
    Evidence,
)
from madoguchi.certificates.domain.definition import Spread
from madoguchi.certificates.domain.definitions import definition_of, kinds_on
from madoguchi.certificates.domain.fees import YEN_MAX
from madoguchi.certificates.domain.issue import COPIES_MAX, Compared, Disposal, DrawCommand, FeeFree
from madoguchi.certificates.domain.kinds import (
    OMITTED_FROM_ITEMS_ONLY,
    OMITTED_UNLESS_ASKED,
    Channel,
    Kind,
    Omit,
)
from madoguchi.certificates.domain.letters import LetterCommand, Part
from madoguchi.certificates.domain.words import year_words
from madoguchi.kernel.dates import parse_day
from madoguchi.register.api import PersonRow
from madoguchi.web.messages import word

_FOREIGN_ONLY = frozenset(
    {
        Omit.NATIONALITY,
        Omit.RESIDENCE_CLASS,
        Omit.RESIDENCE_STATUS,
        Omit.RESIDENCE_PERIOD,
        Omit.RESIDENCE_EXPIRY,
        Omit.CARD_NUMBER,
        Omit.ALIAS,
    }
)
#: The one most people bring comes first, so that it stands where the eye begins.
_PHOTO = sorted(
    PHOTO_DOCUMENTS,
    key=lambda one: (one is not Evidence.DRIVING_LICENCE, list(Evidence).index(one)),
)
_OTHER = (*(e for e in Evidence if e in OTHER_DOCUMENTS), Evidence.QUESTIONS_ANSWERED)
_PAPERS = (
    Evidence.LETTER_OF_PROXY,
    Evidence.GUARDIANSHIP_PROOF,
    Evidence.OFFICIAL_REQUEST,
    Evidence.REASON_PROOF,
)
#: By which filing somebody leaves; for a 転出証明書 one of them is asked for.
_FILINGS = (Evidence.MOVE_OUT_NOTIFIED, Evidence.SPECIAL_MOVE_OUT)
PURPOSES = ("自動車の登録", "年金の手続き", "学校へ提出", "勤め先へ提出", "金融機関へ提出")


def _choices(kind: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(code), word(kind=kind, code=str(code))) for code in codes]


def items_for(people: Iterable[PersonRow]) -> list[Omit]:
    """List the items that can be asked for: those of foreign residents only where one is there."""
    foreign = any(one.nationality_group == "FOREIGN" for one in people)
    return [
        item
        for item in Omit
        if item in OMITTED_UNLESS_ASKED and (foreign or item not in _FOREIGN_ONLY)
    ]


class IdentityForm(forms.Form):
    """Who asks, and what was seen of them (請求者・本人確認)."""

    applicant = forms.ChoiceField(label="来ている人", widget=forms.RadioSelect)
    photo = forms.MultipleChoiceField(
        label="A 顔写真つき（1点）", required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.MultipleChoiceField(
        label="B 顔写真なし（2点）", required=False, widget=forms.CheckboxSelectMultiple
    )
    papers = forms.MultipleChoiceField(
        label="そのほかに確かめたもの", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._offer("applicant", _choices("applicant", Applicant))
        self._offer("photo", _choices("evidence", _PHOTO))
        self._offer("other", _choices("evidence", _OTHER))
        self._offer("papers", _choices("evidence", _PAPERS))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def seen(self) -> frozenset[Evidence]:
        """Return every document ticked (確かめた書類)."""
        names = ("photo", "other", "papers")
        return frozenset(Evidence(one) for name in names for one in self.cleaned_data[name])


class DrawForm(IdentityForm):
    """The desk's one page: who asks, what, and how many (交付申請)."""

    person = forms.CharField(max_length=20, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="種類", widget=forms.RadioSelect)
    chosen = forms.MultipleChoiceField(
        label="載せる人", required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.MultipleChoiceField(
        label="記載する事項", required=False, widget=forms.CheckboxSelectMultiple
    )
    left_out = forms.MultipleChoiceField(
        label="省く事項", required=False, widget=forms.CheckboxSelectMultiple
    )
    year = forms.ChoiceField(label="年度", required=False)
    filing = forms.ChoiceField(label="転出の届出", required=False, widget=forms.RadioSelect)
    seal_card = forms.BooleanField(label="印鑑登録証を預かりました", required=False)
    copies = forms.IntegerField(label="通数", min_value=1, max_value=COPIES_MAX, initial=1)
    purpose = forms.CharField(
        label="使いみち",
        required=False,
        max_length=1_000,
        widget=forms.TextInput(attrs={"list": "purposes", "autocomplete": "off"}),
    )
    fee_free = forms.ChoiceField(label="手数料", required=False)
    accepts_alerts = forms.BooleanField(label="印字を見て、このまま交付します", required=False)

    def __init__(
        self,
        *args: object,
        people: Iterable[PersonRow],
        channel: Channel,
        years: Iterable[int] = (),
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = tuple(people)
        self.channel = channel
        kinds = kinds_on(channel)
        self._offer("kind", [(k.value, word(kind="certificate_form", code=k.value)) for k in kinds])
        self._offer("chosen", [(one.person_id, _person(one)) for one in self.people])
        self._offer("shown", _choices("certificate_item", items_for(self.people)))
        self._offer(
            "left_out",
            _choices("certificate_item", (o for o in Omit if o in OMITTED_FROM_ITEMS_ONLY)),
        )
        self._offer("filing", _choices("evidence", _FILINGS))
        found = [(str(year), year_words(year)) for year in years]
        self._offer("year", found or [("", "課税の記録がありません")])
        free = [("", "かかります"), *((f.value, word(kind="fee_free", code=f)) for f in FeeFree)]
        self._offer("fee_free", free)

    def command(self, *, sample: bool = False) -> DrawCommand:
        """Return what was chosen, as one value (申請の内容)."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        members = {one.person_id for one in self.people if one.status.is_resident}
        definition = definition_of(kind)
        chosen = tuple(given["chosen"]) if definition.spread is Spread.HOUSEHOLD else ()
        applicant = Applicant(given["applicant"])
        return DrawCommand(
            asked_person_id=given["person"],
            kind=kind,
            channel=self.channel,
            applicant=applicant,
            seen=self.seen()
            | ({Evidence.SEAL_CARD} if given["seal_card"] else set())
            | ({Evidence(given["filing"])} if given["filing"] and kind is Kind.MOVE_OUT else set()),
            # What this kind cannot show or leave out is not on the page just now.
            asked_for=frozenset(Omit(one) for one in given["shown"]) & definition.items,
            left_out=frozenset(Omit(one) for one in given["left_out"]) & definition.omittable,
            year=given["year"] if definition.of_a_year else "",
            # Everybody ticked is the whole household, whoever joins it meanwhile.
            chosen_ids=() if set(chosen) == members else chosen,
            copies=given["copies"],
            purpose=given["purpose"],
            official_use=applicant is Applicant.PUBLIC_BODY,
            sample=sample,
            fee_free=FeeFree(given["fee_free"]) if given["fee_free"] else None,
            accepts_alerts=given["accepts_alerts"],
        )


def _person(row: PersonRow) -> SafeString:
    from madoguchi.web.templatetags.madoguchi import name

    shown = row.name or row.name_alphabet
    return format_html(
        "{} <small>{}</small>", name(shown), row.relationship if row.status.is_resident else "除票"
    )


class HandOverForm(forms.Form):
    """The money taken with the paper (交付と手数料)."""

    paid_yen = forms.IntegerField(label="受け取った額", min_value=0, max_value=1_000_000)


class VoidForm(forms.Form):
    """Why a paper is not used and what became of it (廃棄)."""

    disposal = forms.ChoiceField(label="紙をどうしましたか", widget=forms.RadioSelect)
    note_text = forms.CharField(label="理由", max_length=1_000, required=False)

    def __init__(self, *args: object, was_printed: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["disposal"]
        assert isinstance(field, forms.ChoiceField)
        ways = [one for one in Disposal if was_printed is not (one is Disposal.NEVER_PRINTED)]
        field.choices = _choices("disposal", ways)
        field.initial = ways[0].value


class CaseForm(forms.Form):
    """What was found out about a failure (失敗の調査)."""

    compared = forms.ChoiceField(label="だれのものでしたか", widget=forms.RadioSelect)
    note_text = forms.CharField(label="わかったこと", max_length=1_000, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["compared"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _choices("compared", Compared)


class UnlockForm(forms.Form):
    """What was examined before a second officer is asked (解除の申請)."""

    reason = forms.CharField(label="本人と確かめたこと、必要な理由", max_length=400)
    is_perpetrator = forms.BooleanField(
        label="加害者か、その代わりの人から求められています", required=False
    )


class StopForm(forms.Form):
    """Which kind is stopped, where, and why (停止)."""

    kind = forms.ChoiceField(label="止める種類")
    channel = forms.ChoiceField(label="止めるところ", required=False)
    reason = forms.CharField(label="理由", max_length=1_000, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds, channels = self.fields["kind"], self.fields["channel"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(channels, forms.ChoiceField)
        kinds.choices = [(k.value, word(kind="certificate_kind", code=k.value)) for k in Kind]
        channels.choices = [("", "すべて"), *_choices("certificate_channel", Channel)]

    def given(self) -> dict[str, Any]:
        """Return what the action asks for; no channel stands for all of them."""
        kind, channel = Kind(self.cleaned_data["kind"]), self.cleaned_data["channel"]
        reason = self.cleaned_data["reason"]
        return {"kind": kind, "channel": Channel(channel) if channel else None, "reason": reason}


class FeeForm(forms.Form):
    """What a copy costs from a day on (手数料の改定)."""

    kind = forms.ChoiceField(label="証明書")
    channel = forms.ChoiceField(label="経路")
    yen = forms.IntegerField(label="1通の手数料（円）", min_value=0, max_value=YEN_MAX)
    valid_from = forms.CharField(label="いつから", max_length=20, help_text="例 R9.4.1")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds, channels = self.fields["kind"], self.fields["channel"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(channels, forms.ChoiceField)
        kinds.choices = [(k.value, word(kind="certificate_kind", code=k.value)) for k in Kind]
        channels.choices = _choices("certificate_channel", Channel)

    def clean_valid_from(self) -> object:
        """Read the day in either calendar (いつから)."""
        return _day_of(self.cleaned_data["valid_from"])


def _day_of(text: str) -> object:
    found = parse_day(text)
    if not hasattr(found, "isoformat"):
        raise forms.ValidationError("day", code="invalid")
    return found


class LetterForm(IdentityForm):
    """A letter as it is opened (郵送請求の受付)."""

    arrived_on = forms.CharField(label="届いた日", max_length=20)
    about = forms.CharField(
        label="だれの証明か",
        max_length=200,
        required=False,
        help_text="請求書に書かれたとおりに、氏名と生年月日",
    )
    kind = forms.ChoiceField(label="種類", widget=forms.RadioSelect)
    copies = forms.IntegerField(label="通数", min_value=1, max_value=COPIES_MAX, initial=1)
    enclosed = forms.MultipleChoiceField(
        label="入っていたもの", required=False, widget=forms.CheckboxSelectMultiple
    )
    enclosed_yen = forms.IntegerField(
        label="定額小為替の合計（円）", min_value=0, max_value=100_000, initial=0
    )
    purpose = forms.CharField(label="使いみち", required=False, max_length=1_000)
    note = forms.CharField(label="ひとこと", required=False, max_length=1_000)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_on(Channel.MAIL)
        self._offer("kind", [(k.value, word(kind="certificate_form", code=k.value)) for k in kinds])
        parts = (Part.FORM, Part.ENVELOPE)
        self._offer("enclosed", _choices("letter_part", parts))

    def clean_arrived_on(self) -> object:
        """Read the day in either calendar (届いた日)."""
        return _day_of(self.cleaned_data["arrived_on"])

    def command(self) -> LetterCommand:
        """Return the letter as one value (郵送請求)."""
        given = self.cleaned_data
        seen = self.seen()
        return LetterCommand(
            arrived_on=given["arrived_on"],
            applicant=Applicant(given["applicant"]),
            about=given["about"],
            kind=Kind(given["kind"]),
            asked_for=frozenset(),
            copies=given["copies"],
            seen=seen,
            enclosed=frozenset(Part(one) for one in given["enclosed"]),
            enclosed_yen=given["enclosed_yen"],
            purpose=given["purpose"],
            note=given["note"],
        )


class ArrivalForm(forms.Form):
    """What has come after it was asked for (補正)."""

    seen = forms.MultipleChoiceField(
        label="本人確認書類の写し・そのほかの書類",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.MultipleChoiceField(
        label="そのほか", required=False, widget=forms.CheckboxSelectMultiple
    )
    added_yen = forms.IntegerField(
        label="届いた小為替（円）", min_value=0, max_value=100_000, initial=0
    )
    note = forms.CharField(label="ひとこと（いつ、何が届いたか）", max_length=500, required=False)

    def __init__(self, *args: object, missing: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        wanted = set(missing)
        seen, parts = self.fields["seen"], self.fields["parts"]
        assert isinstance(seen, forms.ChoiceField)
        assert isinstance(parts, forms.ChoiceField)
        seen.choices = _choices("evidence", [*_PHOTO, *_OTHER[:-1], *_PAPERS])
        parts.choices = _choices(
            "letter_part", (p for p in (Part.FORM, Part.ENVELOPE) if p in wanted)
        )
        if not wanted & {Part.ID_COPY, Part.PAPERS}:
            del self.fields["seen"]
        if Part.FEE not in wanted:
            self.fields["added_yen"].widget = forms.HiddenInput()
        if not parts.choices:
            del self.fields["parts"]


class VerifyForm(forms.Form):
    """What somebody holds in hand: a file, or the text of a QR code (証明書の確認)."""

    token = forms.CharField(label="QRコードの文字", required=False, max_length=2_000)
    name = forms.CharField(
        label="氏名",
        required=False,
        max_length=200,
        help_text="紙に印字されたとおりに。例 山田　花子",
    )
    birth_date = forms.CharField(
        label="生年月日", required=False, max_length=60, help_text="例 平成2年4月12日"
    )
