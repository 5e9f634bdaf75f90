"""Write what three machines need to hold one town's database together (三台構成のファイル).

    python3 make.py cluster.toml OUT

The templates beside this file are filled from ``cluster.toml``: OUT/NODE for each node, OUT/client for
the machine of the desk's server. Certificates and passwords are made once and kept in OUT, which
belongs in the safe afterwards; a second run changes the files and not the secrets. Nothing but the
standard library and the openssl program: a node needs no Madoguchi.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import secrets
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).resolve().parent
#: With two, a majority needs both; more would be more machines for the same promise.
NODES = 3
_DAYS = "3650"
_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_DEFAULTS = {"client_folder": "/etc/madoguchi-ha", "wal_keep": "1GB", "wal_slot_max": "4GB"}
_WORDS = ("SUPERUSER", "REPLICATION", "REWIND")


class Wrong(SystemExit):
    """What is wrong with the list of machines; all of it (誤り)."""


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Read the cluster and its nodes; ``Wrong`` with everything that cannot be (一覧の読み取り)."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    cluster, nodes = _DEFAULTS | given.get("cluster", {}), given.get("node", [])
    wanted = ("name", "programs", "clients", "listen")
    found = [f"[cluster] has no {one}" for one in wanted if not cluster.get(one)]
    if len(nodes) != NODES:
        found.append(f"{NODES} nodes are wanted, {len(nodes)} are listed")
    whole = [cluster | node for node in nodes]
    found += [f"node {number}: no {one}" for number, node in enumerate(nodes, 1)
              for one in ("name", "address") if not node.get(one)]  # fmt: skip
    found += [f"node {number}: no {one}, and [cluster] names none" for number, node in enumerate(whole, 1)
              for one in ("data", "etcd", "folder", "sockets") if not node.get(one)]  # fmt: skip
    for one in ("name", "address"):
        if len({node.get(one) for node in nodes}) != len(nodes):
            found.append(f"two nodes have one {one}")
    for one in cluster.get("clients", []):
        try:
            ipaddress.ip_network(one)
        except ValueError:
            found.append(f"clients: {one!r} is no network")
    if found:
        raise Wrong("\n".join(found))
    return cluster, whole


def files(cluster: Mapping[str, Any], nodes: list[dict[str, Any]]) -> dict[str, str]:
    """Return every file without a secret, by its name below OUT (ファイル一式)."""
    found = {
        "client/haproxy.cfg": _fill("haproxy.cfg", {
            **cluster, "servers": "\n".join(
                f"    server {node['name']} {node['address']}:5432" for node in nodes)})
    }  # fmt: skip
    shared = {
        "cluster": cluster["name"],
        "etcd_hosts": ",".join(f"{node['address']}:2379" for node in nodes),
        "etcd_cluster": ",".join(f"{node['name']}=https://{node['address']}:2380" for node in nodes),
        "hba": "\n".join(f"    - {line}" for line in _who_may(cluster, nodes)),
    }  # fmt: skip
    for node in nodes:
        for name in ("etcd.env", "patroni.yml"):
            found[f"{node['name']}/{name}"] = _fill(name, {**node, **shared})
    return found


def _fill(template: str, words: Mapping[str, Any]) -> str:
    return Template((HERE / template).read_text(encoding="utf-8")).substitute(words)


def _who_may(cluster: Mapping[str, Any], nodes: list[dict[str, Any]]) -> Iterator[str]:
    """Nobody without TLS and a password: the nodes among themselves, then the desk's machines."""
    for node in nodes:
        at = _network(node["address"])
        yield f"hostssl replication replicator {at} scram-sha-256"
        yield f"hostssl all rewinder,postgres {at} scram-sha-256"
    for at in cluster["clients"]:
        # Never the superuser; replication is that of the town's backups.
        yield f"hostssl all postgres,rewinder,replicator {at} reject"
        yield f"hostssl all all {at} scram-sha-256"
        yield f"hostssl replication all {at} scram-sha-256"


def _network(address: str) -> str:
    try:
        return str(ipaddress.ip_network(address))
    except ValueError:
        return address  # a name: PostgreSQL looks it up


# -- secrets -----------------------------------------------------------------------------------


def write_secrets(nodes: list[dict[str, Any]], out: Path) -> None:
    """Make the authority, a certificate a node, and the passwords, where there are none yet (秘密)."""
    words = out / "patroni.env"
    if not words.exists():
        _write(
            words, "".join(f"PATRONI_{one}_PASSWORD={secrets.token_hex(24)}\n" for one in _WORDS)
        )
    authority = out / "authority.pem"
    if not authority.exists():
        _openssl("req", "-x509", *_EC, "-days", _DAYS, "-subj", "/CN=Madoguchi database authority",
                 "-keyout", str(out / "authority.key.pem"), "-out", str(authority))  # fmt: skip
    for node in nodes:
        folder = out / node["name"]
        _write(folder / "patroni.env", words.read_text())
        _write(folder / "authority.pem", authority.read_text())
        if not (folder / "node.pem").exists():
            _certify(folder, node, out)
    _write(out / "client" / "authority.pem", authority.read_text())


def _certify(folder: Path, node: Mapping[str, Any], out: Path) -> None:
    key, asked, said = folder / "postgres.key.pem", folder / "node.csr", folder / "node.ext"
    _openssl("req", *_EC, "-subj", f"/CN={node['name']}", "-keyout", str(key), "-out", str(asked))
    kind = "DNS" if "/" not in _network(node["address"]) else "IP"
    # etcd speaks to itself with it, as a client too.
    said.write_text(
        f"subjectAltName={kind}:{node['address']}\nextendedKeyUsage=serverAuth,clientAuth\n"
    )
    _openssl("x509", "-req", "-in", str(asked), "-CA", str(out / "authority.pem"), "-CAkey",
             str(out / "authority.key.pem"), "-CAcreateserial", "-days", _DAYS, "-extfile", str(said),
             "-out", str(folder / "node.pem"))  # fmt: skip
    # The same key for another account: each file has one owner.
    _write(folder / "etcd.key.pem", key.read_text())
    asked.unlink()
    said.unlink()


def _openssl(*words: str) -> None:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"openssl: {done.stderr.strip()[-300:]}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def main(given: list[str]) -> int:
    """Write everything (作成)."""
    words = argparse.ArgumentParser(prog="make.py", description=__doc__.split("\n", 1)[0])
    words.add_argument("cluster", type=Path)
    words.add_argument("out", type=Path)
    asked = words.parse_args(given)
    cluster, nodes = read(asked.cluster)
    before = os.umask(0o077)
    try:
        for name, text in files(cluster, nodes).items():
            _write(asked.out / name, text)
        write_secrets(nodes, asked.out)
    finally:
        os.umask(before)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
