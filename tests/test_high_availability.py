"""The files of three machines: whole, without a gap, and what they promise stands in them.

That they work is tried by ``./run bench ha``, with the real programs and real failures.
"""

from __future__ import annotations

import re
import stat
import subprocess

import pytest

from deploy.ha import make

EXAMPLE = make.HERE / "cluster.toml"


@pytest.fixture
def written(tmp_path):
    make.main([str(EXAMPLE), str(tmp_path / "out")])
    return tmp_path / "out"


def values(text):
    """Read what a template of ours says, line by line: the name and the value."""
    found = re.findall(r"^ *([\w-]+): *(\S.*)$", text, re.MULTILINE)
    return dict(found)


def test_every_machine_gets_its_files_and_no_word_is_left_open(written):
    names = {str(one.relative_to(written)) for one in written.rglob("*") if one.is_file()}
    for node in "abc":
        assert {f"{node}/{one}" for one in (
            "etcd.env", "patroni.yml", "patroni.env", "authority.pem", "node.pem", "postgres.key.pem",
            "etcd.key.pem")} <= names  # fmt: skip
    assert {"client/haproxy.cfg", "client/authority.pem"} <= names
    assert not [one for one in names if one.endswith((".csr", ".ext"))]
    texts = [(written / one).read_text() for one in names if not one.endswith((".pem", ".srl"))]
    assert not any(re.search(r"\$\w|\$\{", one) for one in texts)
    # No path of a machine but the ones that stand in the example.
    assert not any(re.search(r"/(home|root|work|tmp)\b", one) for one in texts)


def test_what_is_acknowledged_lies_on_two_machines_and_service_is_back_in_time(written):
    found = values((written / "a" / "patroni.yml").read_text())
    assert (found["synchronous_mode"], found["synchronous_mode_strict"]) == ("true", "true")
    assert found["synchronous_commit"] == "'on'" and found["fsync"] == "'on'"
    ttl, wait, retry = (int(found[one]) for one in ("ttl", "loop_wait", "retry_timeout"))
    assert wait + 2 * retry <= ttl <= 20


def test_a_node_that_is_no_longer_the_primary_loses_its_lines(written):
    text = (written / "client" / "haproxy.cfg").read_text()
    assert "on-marked-down shutdown-sessions" in text and "GET /primary" in text
    assert re.findall(r"^    server (\w) (\S+)$", text, re.MULTILINE) == [
        ("a", "192.0.2.11:5432"), ("b", "192.0.2.12:5432"), ("c", "192.0.2.13:5432"),
    ]  # fmt: skip


def test_nobody_comes_in_without_tls_a_certificate_or_a_password(written):
    patroni, etcd = ((written / "b" / one).read_text() for one in ("patroni.yml", "etcd.env"))
    lines = patroni.partition("  pg_hba:\n")[2].partition("\n\n")[0].splitlines()
    assert lines[0].split() == ["-", "local", "all", "postgres", "peer"]
    for line in lines[1:]:
        words = line.split()
        assert words[1] == "hostssl" and words[-1] in ("scram-sha-256", "reject")
    assert "ETCD_CLIENT_CERT_AUTH=true" in etcd and "ETCD_PEER_CLIENT_CERT_AUTH=true" in etcd
    assert "http://" not in etcd + patroni
    assert not re.search(r"password:", patroni)
    for one in written.rglob("*"):
        if one.is_file() and one.suffix in (".env", ".pem", ".yml"):
            assert stat.S_IMODE(one.stat().st_mode) & 0o077 == 0, one


def test_each_certificate_is_of_its_address_and_of_this_authority(written):
    for node, address in zip("abc", ("192.0.2.11", "192.0.2.12", "192.0.2.13"), strict=True):
        said = subprocess.run(
            ["openssl", "verify", "-CAfile", written / "authority.pem", "-verify_ip", address,
             written / node / "node.pem"], capture_output=True, text=True, check=False)  # fmt: skip
        assert said.returncode == 0, said.stderr


def test_a_second_run_keeps_every_secret(written):
    before = {one: one.read_bytes() for one in written.rglob("*") if one.suffix in (".pem", ".env")}
    make.main([str(EXAMPLE), str(written)])
    assert {one: one.read_bytes() for one in before} == before


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = EXAMPLE.read_text().replace('address = "192.0.2.12"', 'address = "192.0.2.11"')
    text = text.replace("192.0.2.20/32", "192.0.2.20/99").replace('data = "', 'date = "')
    (tmp_path / "c.toml").write_text(text.rpartition("[[node]]")[0])
    with pytest.raises(make.Wrong) as wrong:
        make.read(tmp_path / "c.toml")
    said = str(wrong.value)
    for part in ("3 nodes", "one address", "192.0.2.20/99", "no data"):
        assert part in said


def test_the_templates_name_no_word_that_nobody_fills():
    cluster, nodes = make.read(EXAMPLE)
    known = (
        set(cluster) | set(nodes[0]) | {"cluster", "etcd_hosts", "etcd_cluster", "hba", "servers"}
    )
    for name in ("etcd.env", "patroni.yml", "haproxy.cfg"):
        assert set(re.findall(r"\$(\w+)", (make.HERE / name).read_text())) <= known
