"""A machine with two towns, as a fleet lists it: made for tests (複数の町の見本)."""

import json
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madoguchi.entry import fleet_check
from madoguchi.entry.fleet import read_fleet
from madoguchi.infra import clock

CODES = {"setouchi": "465259", "midori": "465992"}
PORTS = {"setouchi": 18401, "midori": 18402}


def host(name):
    return f"{name}.madoguchi.example"


def make_certificate(name):
    """Make a key and a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = clock.now()
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return pem_of(key), made.public_bytes(serialization.Encoding.PEM).decode()


def pem_of(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def lay_certificate(folder, name):
    key, chain = make_certificate(host(name))
    (folder / "chain.pem").write_text(chain)
    secret(folder / "tls.pem", key)


def lay_keys(folder):
    """Lay a town's own keys, as MADOGUCHI_KEYS wants them: not the demo's."""
    key, chain = make_certificate("the-mayor.example")
    token = Ed25519PrivateKey.generate()
    public = token.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for name, text in {
        "signer.pem": chain, "authority.pem": chain, "signer.key.pem": key,
        "token.key.pem": pem_of(token), "token.pub.pem": public.decode(),
    }.items():  # fmt: skip
        secret(folder / name, text)


def secret(path, text):
    path.write_text(text)
    path.chmod(0o600)


class Machine:
    """A machine with two towns that share nothing; a test then lets them share one thing."""

    def __init__(self, top):
        self.top = top
        self.values = {}
        self.head = {"program": "/opt/madoguchi", "logs": str(top), "https_port": 18443,
                     "http_port": 18480}  # fmt: skip
        self.rows = {}
        for name, code in CODES.items():
            folder = top / name
            (folder / "keys").mkdir(parents=True)
            (folder / "home").mkdir(mode=0o700)
            lay_certificate(folder, name)
            lay_keys(folder / "keys")
            for one in ("secret", "audit", "backup"):
                secret(folder / one, f"{one} of {name}, forty letters and more for a key")
            url = f"postgresql://{name}:word@127.0.0.1:{PORTS[name] + 10}/madoguchi"
            secret(folder / "url", url)
            self.values[name] = {
                "HOME": folder / "home", "DATABASE_URL_FILE": folder / "url",
                "SECRET_KEY_FILE": folder / "secret", "AUDIT_KEY_FILE": folder / "audit",
                "KEYS": folder / "keys", "HOSTS": host(name), "HTTPS": 1, "FRONTS": "127.0.0.1",
                "TOWN_NAME": f'"{name} 町"', "TOWN_CODE": code,
                "BACKUP_TO": top / f"backup-{name}", "BACKUP_KEY": folder / "backup",
            }  # fmt: skip
            self.rows[name] = {
                "name": name, "host": host(name), "port": PORTS[name], "account": f"town-{name}",
                "settings": f"{folder}/settings.env", "certificate": f"{folder}/chain.pem",
                "certificate_key": f"{folder}/tls.pem",
            }  # fmt: skip

    def write(self):
        for name, values in self.values.items():
            lines = [f"MADOGUCHI_{key}={value}" for key, value in values.items()]
            secret(self.top / name / "settings.env", "\n".join(["# a comment", *lines]) + "\n")
        parts = [("[fleet]", self.head), *(("[[town]]", row) for row in self.rows.values())]
        lines = [line for head, row in parts for line in
                 (head, *(f"{key} = {json.dumps(value)}" for key, value in row.items()))]  # fmt: skip
        (self.top / "fleet.toml").write_text("\n".join(lines))
        return self.top / "fleet.toml"

    def problems(self):
        return [
            (one.code, one.where, *one.facts.values())
            for one in fleet_check.check_fleet(read_fleet(self.write()))
        ]

    def codes(self):
        return sorted(code for code, *_ in self.problems())


def pretend_accounts(monkeypatch):
    """Let the towns' accounts exist: ``town-…``, each of its own."""

    class Somebody:
        pw_gid = 4_000_001

        def __init__(self, name):
            self.pw_uid = 4_000_000 + len(name)

    def known(name):
        if name.startswith("town-"):
            return Somebody(name)
        raise KeyError(name)

    monkeypatch.setattr(fleet_check.pwd, "getpwnam", known)


def nginx_conf(top):
    """Nginx's own file around ours: nothing of it lies outside the test's folder."""
    temporary = "".join(
        f"{one}_temp_path {top}/{one};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (top / "nginx.conf").write_text(
        f"user root; pid {top}/nginx.pid; error_log {top}/error.log; worker_processes 1; events {{}}\n"
        f"http {{ {temporary} include {top}/out/nginx/*.conf; }}\n"
    )
    return top / "nginx.conf"
