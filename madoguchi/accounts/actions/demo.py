"""The demo town's staff, with sign-ins that anybody may know (デモの職員)."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings

from madoguchi.accounts.actions.staff import make_password
from madoguchi.accounts.domain import Role
from madoguchi.accounts.models import Staff
from madoguchi.audit import api as audit
from madoguchi.infra import files, unit
from madoguchi.kernel.actor import Actor

#: The named people of the town hall; all are fictional.
DEMO_STAFF: tuple[tuple[str, str, Role], ...] = (
    ("kaede", "川畑 かえで", Role.CLERK),
    ("nagi", "森 なぎ", Role.SENIOR),
    ("kai", "碇山 かい", Role.CHIEF),
    ("sango", "叶 さんご", Role.OFFICER),
    ("tsuru", "泉 つる", Role.OTHER),
)

SYSTEM = Actor(
    staff_id="system",
    name="システム",
    rights=frozenset(),
    place="",
    terminal="",
    purpose="デモの準備",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSignIn:
    """What ``./run demo`` prints for one of the town's staff (デモのサインイン)."""

    staff_id: str
    display_name: str
    role: str
    password: str
    totp_secret: str


def create_demo_staff() -> tuple[DemoSignIn, ...]:
    """Make the demo town's staff once and return their sign-ins each time (デモの職員).

    Passwords and secrets are made by chance and kept in a private file of the demo's data
    folder, since the database holds only their hashes. Refused outside the demo.
    """
    assert settings.MADOGUCHI_DEMO, "demo sign-ins exist in the demo only"
    path = files.private_folder("accounts") / "demo-sign-ins.json"
    known = _read(path)
    if known and Staff.objects.filter(is_demo=True).count() == len(DEMO_STAFF):
        return known
    made = known or tuple(
        DemoSignIn(
            staff_id=staff_id,
            display_name=name,
            role=role.value,
            password=make_password(),
            totp_secret=totp.generate_totp_secret(),
        )
        for staff_id, name, role in DEMO_STAFF
    )
    unit.run(_settle, made)
    if not known:
        # After the commit: a file of sign-ins that open nothing would be worse than none.
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        text = json.dumps([asdict(one) for one in made], ensure_ascii=False, indent=1)
        files.create_exclusively(draft, text.encode())
        draft.replace(path)
    return made


def _settle(sign_ins: tuple[DemoSignIn, ...]) -> None:
    for one in sign_ins:
        member = Staff.objects.filter(staff_id=one.staff_id).first() or Staff(staff_id=one.staff_id)
        member.display_name = one.display_name
        member.role = one.role
        member.is_demo = member.is_active = True
        member.password_is_initial = False
        member.set_password(one.password)
        member.save()
        Authenticator.objects.filter(user_id=member.pk).delete()
        totp.TOTP.activate(member, one.totp_secret)
    audit.record(
        actor=SYSTEM,
        action="DEMO_STAFF_MADE",
        subjects=[],
        detail={"staff": [one.staff_id for one in sign_ins]},
    )


def _read(path: Path) -> tuple[DemoSignIn, ...]:
    if not path.exists():
        return ()
    return tuple(DemoSignIn(**one) for one in json.loads(path.read_text(encoding="utf-8")))
