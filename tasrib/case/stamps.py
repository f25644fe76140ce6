"""
Time stamps by RFC 3161 beside a record: somebody else's word that the record existed at a moment.

A stamp holds the hash of what was stamped, as bytes within its own. Whether it is of this record can be told from them alone; whether the
authority really said so takes its certificate and the library rfc3161-client, which tasrib does not bring along, or ``openssl ts -verify``.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SUFFIX = ".tsr"
_HASHES = ("sha256", "sha384", "sha512")
# A response with its chain of certificates has some thousand bytes.
_MOST = 1_000_000


@dataclass(frozen=True)
class Stamp:
    """
    What a time stamp tells.

    Attributes
    ----------
    state : {"holds", "unknown", "differs"}
        ``unknown`` where it is of the record and its signature was not checked.
    said : str
        A sentence.
    """

    state: Literal["holds", "unknown", "differs"]
    said: str


def read_stamp(path: Path, stamped: bytes) -> Stamp:
    """
    Look whether a time stamp is of a file.

    Parameters
    ----------
    path : pathlib.Path
        The stamp; the authority's certificates are looked for beside it (``.pem``, ``.crt``).
    stamped : bytes
        Content of the file.

    Returns
    -------
    Stamp
        What it tells.
    """
    data = path.read_bytes()[:_MOST]
    if not any(hashlib.new(name, stamped).digest() in data for name in _HASHES):
        return Stamp("differs", f"{path.name} is a time stamp of something else than this record")
    try:
        from rfc3161_client import decode_timestamp_response
    except ImportError:
        return _unknown(path, "")
    try:
        response = decode_timestamp_response(data)
    except ValueError:
        # It wants certificates in an order that OpenSSL, and authorities that use it, do not keep to.
        return _unknown(path, "")
    moment = response.tst_info.gen_time.isoformat()
    certificates = _certificates(path.parent)
    if not certificates:
        return _unknown(path, f", made at {moment} as it says")
    return _checked(path, response, certificates, stamped, moment)


def _unknown(path: Path, when: str) -> Stamp:
    return Stamp(
        "unknown",
        f"{path.name} is a time stamp of this record{when}; its signature was not checked: use openssl ts -verify",
    )


def _certificates(folder: Path) -> list[Any]:
    from cryptography.x509 import load_pem_x509_certificates

    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() in (".pem", ".crt") and file.is_file():
            # One that is none is some other file of the user's.
            with contextlib.suppress(ValueError):
                found += load_pem_x509_certificates(file.read_bytes())
    return found


def _checked(path: Path, response: Any, certificates: list[Any], stamped: bytes, moment: str) -> Stamp:
    from rfc3161_client import VerificationError, VerifierBuilder

    builder = VerifierBuilder()
    for certificate in certificates:
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, stamped)
    except (VerificationError, ValueError) as error:
        return Stamp("differs", f"{path.name} does not hold with the certificate beside it: {error}")
    return Stamp(
        "holds", f"this record existed at {moment}, as {path.name} says, signed by whom the certificate beside it names"
    )
