"""Time stamps beside a record, made by an authority of our own with openssl."""

import shutil
import subprocess

import pytest

from tasrib.case.stamps import read_stamp

RECORD = b'{"kind": "report"}\n'
CONFIG = """[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[signing]
default_tsa = own
[own]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""
MAKE = """openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=root -days 30 -config c -extensions ca
openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=tsa -config c
openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile c -extensions tsa"""
# As docs/custody.md says it.
STAMP = """openssl ts -query -data run.json -{digest} -cert -out run.json.tsq
openssl ts -reply -config c -section own -queryfile run.json.tsq -out run.json.tsr"""


def work(folder, lines):
    for line in lines.splitlines():
        subprocess.run(line.split(), cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "c").write_text(CONFIG)
    (folder / "serial").write_text("01")
    (folder / "run.json").write_bytes(RECORD)
    work(folder, MAKE)
    return folder


@pytest.fixture(params=["sha256", "sha512"])
def stamp(authority, tmp_path, request):
    work(authority, STAMP.format(digest=request.param))
    return shutil.copy(authority / "run.json.tsr", tmp_path / "run.json.tsr")


def has_library():
    try:
        import rfc3161_client  # noqa: F401
    except ImportError:
        return False
    return True


def test_a_stamp_is_of_this_record_or_not(stamp):
    found = read_stamp(stamp, RECORD)
    assert found.state == "unknown"
    assert found.said.startswith("run.json.tsr is a time stamp of this record")
    assert found.said.endswith("its signature was not checked: use openssl ts -verify")
    assert read_stamp(stamp, RECORD + b" ").state == "differs"


def test_what_is_no_stamp_is_of_nothing(tmp_path):
    (tmp_path / "run.json.tsr").write_bytes(b"x")
    assert (
        read_stamp(tmp_path / "run.json.tsr", RECORD).said
        == "run.json.tsr is a time stamp of something else than this record"
    )


@pytest.mark.skipif(not has_library(), reason="rfc3161-client, which is optional, is not installed")
def test_with_the_library_and_a_certificate_the_signature_is_checked(stamp, authority):
    (stamp.parent / "notes.pem").write_text("no certificate")
    assert "made at 20" in read_stamp(stamp, RECORD).said
    shutil.copy(authority / "ca.pem", stamp.parent)
    assert read_stamp(stamp, RECORD).state == "holds"
    data = bytearray(stamp.read_bytes())
    data[-20] ^= 1
    stamp.write_bytes(bytes(data))
    assert read_stamp(stamp, RECORD).state == "differs"
