"""What must not be set, and which adapter stands behind the port."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from madoguchi.adapters.jpki.checks import TAG
from madoguchi.adapters.jpki.proof import CardProof
from madoguchi.adapters.jpki.tests.authority import REAL_NAME, Authority, Revoked
from madoguchi.infra.wiring import adapter_of
from madoguchi.kiosk.ports import IdentityProof


@pytest.fixture
def anchors(tmp_path, settings):
    settings.MADOGUCHI_JPKI_ANCHORS = str(tmp_path)
    settings.MADOGUCHI_DEMO = False
    return tmp_path


def found():
    return [one.id for one in run_checks(tags=[TAG])]


def test_the_port_is_filled_at_start():
    assert isinstance(adapter_of(IdentityProof), CardProof)


def test_a_real_authority_and_no_authority_may_start(anchors):
    assert found() == []
    (anchors / "a.pem").write_bytes(Authority(name=REAL_NAME).pem())
    assert found() == []


def test_j4_a_test_authority_outside_the_demo_is_refused(anchors, settings):
    (anchors / "a.pem").write_bytes(Authority(name=REAL_NAME).pem() + Authority().pem())
    assert found() == ["madoguchi.jpki.E002"]
    settings.MADOGUCHI_DEMO = True
    assert found() == []


@pytest.mark.parametrize(
    "data", [b"", b"nothing", Revoked().der(), Authority(is_authority=False).pem()]
)
def test_what_is_no_authority_is_said_in_words(anchors, data):
    (anchors / "a.der").write_bytes(data)
    assert found() == ["madoguchi.jpki.E001"]
    (error,) = run_checks(tags=[TAG])
    assert "「a.der」" in error.msg
    assert error.hint


def test_a_file_that_is_not_there_waits_in_the_demo_only(anchors, settings):
    settings.MADOGUCHI_JPKI_ANCHORS = str(anchors / "ca.pem")
    assert found() == ["madoguchi.jpki.E001"]
    settings.MADOGUCHI_DEMO = True
    assert found() == []


@pytest.mark.parametrize("policy", ["", "auth", "1.2.", "3.1"])
def test_a_policy_that_is_none_is_refused(anchors, settings, policy):
    settings.MADOGUCHI_JPKI_POLICY = policy
    assert found() == ["madoguchi.jpki.E003"]
