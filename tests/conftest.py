"""What all tests share."""

import datetime as dt
import ipaddress
import logging
import ssl
import urllib.request
import uuid

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, settings

# Before Arrow, as in every process of a user's: what is measured here is measured on the same heap.
from pipelines import prelude
from tests.scripted import ScriptedServer

assert prelude

# Not by the clock: a machine that others use makes any test late, and no test wrong. What `make test` draws is the
# same each time, so that a change is blamed for what it broke alone; `make test-long` looks further.
_UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _UNTIMED, derandomize=True)
settings.register_profile("anew", _UNTIMED, max_examples=1000, print_blob=True)
settings.load_profile("same")


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their size: compressed ones hold the time, and processes of one run must agree on the names."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None


@pytest.fixture
def serve():
    servers = []

    def start(script, tls=None, hosts=1):
        servers.append(ScriptedServer(script, tls, hosts))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """Return a function: names, whether expired → the server's TLS context and the file of its authority."""
    folder = tmp_path_factory.mktemp("certificates")

    def make(*names, expired=False):
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        ends = now + dt.timedelta(days=-1 if expired else 1)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
        others = [_alternative(name) for name in names]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(ends)
            .add_extension(x509.SubjectAlternativeName(others), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        place = folder / f"{'-'.join(names)}-{expired}.pem".replace(":", "_")
        own = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        place.write_bytes(own + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(place)
        return context, str(place)

    return make


@pytest.fixture(scope="session")
def s3_endpoint():
    """Serve S3 on loopback: moto's server, which holds objects in memory and knows conditional requests."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  costs half a second, and few tests ask for it

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_endpoint, monkeypatch, tmp_path):
    """Return the URL of a new bucket, with the environment and a cache folder by which it is reached."""
    name = f"bucket-{uuid.uuid4().hex}"
    told = {"ENDPOINT_URL": s3_endpoint, "ACCESS_KEY_ID": "key", "SECRET_ACCESS_KEY": "secret", "REGION": "us-east-1"}
    for key, value in told.items():
        monkeypatch.setenv(f"AWS_{key}", value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}
    urllib.request.urlopen(urllib.request.Request(f"{s3_endpoint}/{name}", method="PUT", headers=signed)).close()
    return f"s3://{name}"


def _alternative(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
