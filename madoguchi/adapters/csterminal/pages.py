"""The screens of the emulated terminal (模擬端末の画面): plain forms, as such terminals have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from pathlib import Path

from madoguchi.adapters.csterminal.machine import Entry, Fault, TerminalCard
from madoguchi.kernel import wareki

#: The operator of the fiction: printed on the sign-on screen, good for nothing else.
OPERATOR, OPERATOR_CODE = "900001", "mihon-0001"
FAULT_WORDS: Mapping[Fault, str] = {
    Fault.SLOW: "画面が遅い",
    Fault.SESSION_LOST: "読取りで時間切れ",
    Fault.SESSION_LOST_AFTER: "設定した直後に時間切れ",
    Fault.HANGS_AFTER: "設定したが、結果の画面が出ない",
    Fault.WRONG_CARD: "別のカードが置かれている",
    Fault.UNREADABLE: "カードが読めない",
    Fault.NOT_FOUND: "該当する申請がない",
    Fault.DIFFERS: "カナがちがう",
    Fault.REFUSED: "受け付けない",
    Fault.DUPLICATE: "2回押されたことになる",
    Fault.LAYOUT: "項目名とボタンが変わった",
    Fault.BOX: "小窓が前に出る",
    Fault.NOT_LISTED: "終わったと言うが、一覧にない",
    Fault.OFF: "答えない",
}


#: Parts of every screen, and what they are.
PARTS = {
    "/terminal.css": "text/css; charset=utf-8",
    "/terminal.js": "text/javascript; charset=utf-8",
}
SCRIPT = '<script src="/terminal.js"></script>'


@cache
def part(path: str) -> bytes:
    """Return the style sheet, or the script of screens that change in place (部品)."""
    return Path(__file__).with_name(path.removeprefix("/")).read_bytes()


def sign_on(*, message: str = "") -> str:
    """操作者のログイン."""
    return _page(
        "操作者のログイン",
        _told(message)
        + _form(
            "/sign-on",
            _field("操作者番号", "operator") + _field("操作者コード", "code", kind="password"),
            "ログイン",
        )
        + f'<p class="note">見本の操作者：番号 {OPERATOR}　コード {OPERATOR_CODE}</p>',
        signed_on=False,
    )


def timed_out() -> str:
    """時間切れ."""
    return _page(
        "時間切れ",
        "<p>操作がなかったため、業務を終わりました。もう一度ログインしてください。</p>"
        '<p><a class="key" href="/">ログインの画面へ</a></p>',
        signed_on=False,
    )


def signed_off() -> str:
    """業務の終了."""
    return _page(
        "業務の終了",
        '<p>ログオフしました。</p><p><a class="key" href="/">ログインの画面へ</a></p>',
        signed_on=False,
    )


def menu() -> str:
    """業務メニュー."""
    return _page(
        "業務メニュー",
        "<p>左の業務を選んでください。</p><table><tr><th>業務</th><th>内容</th></tr>"
        "<tr><td>カードの設定</td><td>個人番号カードの交付前設定を1枚ずつ行います。</td></tr>"
        "<tr><td>結果の照会</td><td>きょう設定したカードを調べます。</td></tr></table>",
    )


def place(*, message: str = "") -> str:
    """カードを置く."""
    return _page(
        "カードを置いてください",
        _told(message)
        + "<p>カードを読取り機に置き、「読み取り」を押してください。</p>"
        + _form("/setup/read", "", "読み取り"),
    )


def card(one: TerminalCard, *, is_set: bool, fault: Fault | None) -> str:
    """券面の確認."""
    changed = fault is Fault.LAYOUT
    kana = "ミホン　チガウ" if fault is Fault.DIFFERS else one.kana
    rows = {
        "交付通知書番号": one.notice_no,
        "氏名": one.name,
        "氏名（カタカナ）" if changed else "カナ": kana,
        "生年月日": wareki.format_long(one.birth_on),
        "申請書ID": one.application_no,
        "状態": "設定済" if is_set else "未設定",
    }
    body = _table(rows)
    if is_set:
        body += "<p>このカードは、すでに設定されています。</p>"
    else:
        button = "登録" if changed else "設定する"
        hidden = f'<input type="hidden" name="notice_no" value="{escape(one.notice_no)}">'
        body += _form("/setup/ask", hidden, button)
    box = (
        '<dialog open class="box"><h2>お知らせ</h2><p>本日17時15分から保守を行います。</p>'
        '<form method="dialog"><button class="key">閉じる</button></form></dialog>'
        if fault is Fault.BOX
        else ""
    )
    return _page("券面の確認", body + box)


def ask(notice_no: str, *, press: str) -> str:
    """設定の確認."""
    hidden = (
        f'<input type="hidden" name="notice_no" value="{escape(notice_no)}">'
        f'<input type="hidden" name="press" value="{escape(press)}">'
    )
    return _page(
        "設定してよろしいですか",
        _table({"交付通知書番号": notice_no})
        + '<div class="row">'
        + _form("/setup/set", hidden, "はい")
        + '<p><a class="key" href="/setup">いいえ</a></p></div>',
    )


def done(notice_no: str) -> str:
    """設定の終わり."""
    return _page(
        "設定が終わりました",
        _table({"交付通知書番号": notice_no, "結果": "設定済"})
        + "<p>カードを読取り機から取ってください。</p>",
    )


def refused(heading: str, words: str) -> str:
    """受け付けられない."""
    return _page(heading, f"<p>{escape(words)}</p>")


def listed(entries: Iterable[Entry]) -> str:
    """設定結果の一覧."""
    rows = "".join(
        f"<tr><td>{place}</td><td>{escape(one.notice_no)}</td><td>{escape(one.outcome)}</td>"
        f"<td>{escape(one.at)}</td><td>{escape(one.operator)}</td></tr>"
        for place, one in enumerate(entries, start=1)
    )
    return _page(
        "設定結果の一覧",
        _form("/list/find", _field("さがす番号", "notice_no"), "照会")
        + '<table class="list"><tr><th>番</th><th>交付通知書番号</th><th>結果</th><th>時刻</th>'
        f"<th>操作者</th></tr>{rows}</table>",
    )


def found(one: Entry) -> str:
    """設定結果の照会."""
    return _page(
        "設定結果の照会",
        _table(
            {
                "交付通知書番号": one.notice_no,
                "結果": one.outcome,
                "時刻": one.at,
                "操作者": one.operator,
            }
        ),
    )


def not_found(notice_no: str) -> str:
    """設定結果がない."""
    return _page("設定結果がありません", _table({"交付通知書番号": notice_no}))


def hands(*, laid: str, numbers: Iterable[str], faults: Mapping[str, Fault]) -> str:
    """Show what a person before the terminal can do; the demonstration's page (手もと)."""
    options = "".join(
        f"<option{' selected' if number == laid else ''}>{escape(number)}</option>"
        for number in numbers
    )
    choose = f'<p><label for="notice_no">カード</label> <select id="notice_no" name="notice_no">{options}</select></p>'
    words = "".join(
        f'<option value="{one.value}">{escape(word)}</option>' for one, word in FAULT_WORDS.items()
    )
    planned = "".join(
        f"<tr><td>{escape(number)}</td><td>{escape(FAULT_WORDS[one])}</td></tr>"
        for number, one in faults.items()
    )
    return _page(
        "読取り機と異常",
        f"<p>いま置かれているカード：<b>{escape(laid) or 'なし'}</b></p>"
        + _form("/hands/lay", choose, "カードを置く")
        + _form("/hands/take", "", "カードを取る")
        + _form(
            "/hands/fault",
            choose.replace("notice_no", "number").replace('name="number"', 'name="notice_no"')
            + '<p><label for="fault">異常</label> <select id="fault" name="fault">'
            f'<option value="">なし</option>{words}</select></p>',
            "異常を決める",
        )
        + f"<table><tr><th>カード</th><th>異常</th></tr>{planned}</table>"
        + '<p><a class="key" href="/">端末の画面へ</a></p>',
        signed_on=False,
    )


def _page(heading: str, body: str, *, signed_on: bool = True) -> str:
    side = (
        '<nav><a class="key" href="/menu">業務メニュー</a>'
        '<a class="key" href="/setup">カードの設定</a><a class="key" href="/list">結果の照会</a>'
        f"{_form('/sign-off', '', 'ログオフ')}</nav>"
        if signed_on
        else ""
    )
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{escape(heading)}</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/terminal.css"></head><body>'
        '<header><b>統合端末（模擬）</b><span class="sample">見本 — 架空のカードだけを扱います。'
        f"本物の端末ではありません。</span></header>{side}"
        f"<main><h1>{escape(heading)}</h1>{body}</main></body></html>"
    )


def _form(action: str, inside: str, button: str) -> str:
    return (
        f'<form method="post" action="{action}">{inside}'
        f'<p><button class="key key--go">{escape(button)}</button></p></form>'
    )


def _field(label: str, name: str, *, kind: str = "text") -> str:
    return (
        f'<p><label for="{name}">{escape(label)}</label> '
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="off"></p>'
    )


def _table(rows: Mapping[str, str]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items()
    )
    return f'<table class="pairs">{cells}</table>'


def _told(message: str) -> str:
    return f'<p class="told" role="alert">{escape(message)}</p>' if message else ""
