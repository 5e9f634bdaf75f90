"""The living style page: every widget with fictional data, to be looked at (部品帳)."""

from __future__ import annotations

from datetime import date

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from madoguchi.kernel.outcome import Problem
from madoguchi.web import manual
from madoguchi.web.access import open_to_all, signed_in
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page


class StyleForm(forms.Form):
    """One of each kind of input, with words of the desk."""

    visitor = forms.CharField(label="窓口に来た人の氏名", help_text="本人確認書類のとおりに")
    born_on = forms.CharField(label="生年月日", help_text="例: 昭和61年4月2日、S61.4.2、1986-04-02")
    papers = forms.MultipleChoiceField(
        label="本人確認書類",
        choices=[
            ("A1", "マイナンバーカード"),
            ("A2", "運転免許証"),
            ("A3", "旅券"),
            ("B1", "健康保険の資格確認書"),
            ("B2", "年金手帳"),
            ("B3", "社員証・学生証"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(
        label="証明書の種類",
        choices=[
            ("household", "世帯全員の写し"),
            ("individual", "個人の写し"),
            ("removed", "除票の写し"),
        ],
        widget=forms.RadioSelect,
        initial="household",
    )
    purpose = forms.CharField(
        label="使いみち", required=False, help_text="提出先だけでもかまいません"
    )


HITS = (
    ("a1", "髙﨑　あおい", "タカサキ　アオイ", date(1986, 4, 2), "古仁屋", "ok", "現住"),
    ("a2", "湊　陽太", "ミナト　ヨウタ", date(2015, 11, 30), "加計呂麻島", "ok", "現住"),
    ("a3", "𠮷永　うめ", "ヨシナガ　ウメ", date(1938, 1, 15), "与路島", "info", "除票"),
    ("a4", "グエン　ソラ", "グエン　ソラ", date(1999, 7, 7), "請島", "wait", "転出予定"),
)
STEPS = (
    ("done", "届出書を受け取る", "9:41 かえで"),
    ("done", "本人を確かめる", "9:43 かえで"),
    ("now", "新しい住所を確かめる", ""),
    ("", "マイナンバーカードを書きかえる", ""),
    ("", "ほかの課への案内を渡す", ""),
)
AGENDA = (
    ("9:40", "転入の届出", "湊さん ほか4人・待ち 12分", "look", "待っています"),
    ("10:30", "マイナンバーカードの交付", "予約・髙﨑さん", "info", "予約"),
    ("11:00", "郵送請求の回答", "きょうが期限・2件", "wait", "きょうまで"),
    ("13:15", "証明書の交付", "住所の漢字を確認中・なぎ", "stop", "止まっています"),
)


@open_to_all(reason="fictional data only, and only in the demonstration town")
def style(request: HttpRequest) -> HttpResponse:
    """Show every widget; posting the form shows problems (部品帳)."""
    if not settings.MADOGUCHI_DEMO:
        raise Http404
    form = StyleForm(request.POST if request.method == "POST" else None)
    found: tuple[Problem, ...] = ()
    if form.is_bound:
        found = (*problems_of(form), Problem(code="BUSY"))
        mark(form, found)
    return page(
        request,
        "web/style.html",
        {
            "form": form,
            "problems": found,
            "hits": HITS,
            "steps": STEPS,
            "agenda": AGENDA,
            "born": date(1986, 4, 2),
            "today": date(2026, 11, 23),
            "tints": [f"sample-{n}" for n in range(6)],
        },
        status=422 if found else 200,
    )


@signed_in(
    reason="how the screens are used: words and pictures of a fictional town, no right wanted"
)
def helps(request: HttpRequest) -> HttpResponse:
    """List every screen with what it is for, a room after another (使い方の一覧)."""
    return page(request, "web/helps.html", {"rooms": manual.by_room(manual.helps())})


@open_to_all(
    reason="how a screen is used, sign-in included: words and a picture of a fictional town"
)
def help_of(request: HttpRequest, room: str, screen: str) -> HttpResponse:
    """Show how one screen is used, with its picture (画面の使い方)."""
    found = manual.helps().get(f"{room}/{screen}.html")
    if found is None:
        raise Http404
    return page(request, "web/help.html", {"shown": found})
