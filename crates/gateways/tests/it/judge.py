"""What pyHanko says about the signatures of PDF files: one line of JSON for each file.

Usage: judge.py ROOTS FILE...   where ROOTS is a folder of trusted certificates in DER.

Without material for validation inside the file, revocation is not judged. With it, every
certificate must be proved good by that material alone: nothing is fetched.
"""

import json
import logging
import pathlib
import sys

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)


def context(reader, roots):
    """A fresh context: one that has judged a signature is not used for another."""
    trusted = {"trust_roots": roots, "allow_fetching": False}
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ValidationContext(revocation_mode="soft-fail", **trusted)
    return store.as_validation_context({"revocation_mode": "require", **trusted})


def judge(signature, reader, roots):
    said = {
        "field": signature.field_name,
        "kind": str(signature.sig_object["/Type"]),
        "format": str(signature.sig_object["/SubFilter"]),
        "signer": signature.signer_cert.subject.native.get("common_name"),
    }
    stamp = said["kind"] == "/DocTimeStamp"
    validate = validate_pdf_timestamp if stamp else validate_pdf_signature
    try:
        status = validate(signature, context(reader, roots))
    except Exception as error:
        return said | {"bottom_line": False, "fault": f"{type(error).__name__}: {error}"}
    # A time stamp of the document forbids nothing itself: what happens after it must only be
    # something that signing may do.
    level = status.modification_level
    allowed = level is not ModificationLevel.OTHER if stamp else status.docmdp_ok
    whole = status.valid and status.intact and status.trusted
    attached = None if stamp else status.timestamp_validity
    return said | {
        "bottom_line": whole and allowed if stamp else status.bottom_line,
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "trust_problem": str(status.trust_problem_indic),
        "coverage": status.coverage.name,
        "changed": level.name if level else None,
        "allowed": allowed,
        "stamped": None if attached is None else attached.valid and attached.trusted,
    }


def main():
    folder, *files = sys.argv[1:]
    roots = [x509.Certificate.load(path.read_bytes()) for path in pathlib.Path(folder).glob("*.der")]
    for name in files:
        with open(name, "rb") as file:
            reader = PdfFileReader(file)
            signatures = reader.embedded_signatures
            print(json.dumps([judge(signature, reader, roots) for signature in signatures]))


main()
