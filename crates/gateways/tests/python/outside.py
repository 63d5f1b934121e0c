"""Signs a PDF as a person does with a program of her own: pyHanko, in a field that is there or a new one.

Usage: outside.py GIVEN SIGNED FIELD KEY CHAIN [STAMP]

KEY is a private key (PKCS #8); CHAIN are certificates in PEM, her own first. STAMP is the address of a
time-stamp authority, or the word `stranger` for one that nobody trusts.
"""

import datetime
import io
import sys

from asn1crypto import keys, pem, x509
from cryptography import x509 as cx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore


def stranger():
    """An authority of its own, with everything right but that nobody knows it."""
    key = rsa.generate_private_key(65537, 2048)
    name = cx.Name([cx.NameAttribute(NameOID.COMMON_NAME, "Nobody's TSA")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (cx.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(cx.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=400))
            .not_valid_after(now + datetime.timedelta(days=4000))
            .add_extension(cx.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
            .sign(key, hashes.SHA256()))
    certificate = x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
    private = keys.PrivateKeyInfo.load(key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return DummyTimeStamper(certificate, private)


def main():
    given, signed, field, key, chain, *stamp = sys.argv[1:]
    with open(key, "rb") as file:
        written = file.read()
    private = keys.PrivateKeyInfo.load(
        pem.unarmor(written)[2] if pem.detect(written) else written)
    with open(chain, "rb") as file:
        listed = [x509.Certificate.load(der) for _, _, der in pem.unarmor(file.read(), multiple=True)]
    signer = signers.SimpleSigner(
        signing_cert=listed[0], signing_key=private,
        cert_registry=SimpleCertificateStore.from_certs(listed))
    with open(given, "rb") as file:
        writer = IncrementalPdfFileWriter(io.BytesIO(file.read()))
    about = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
    stamper = None
    if stamp:
        stamper = stranger() if stamp[0] == "stranger" else HTTPTimeStamper(stamp[0])
    out = signers.PdfSigner(about, signer, timestamper=stamper).sign_pdf(writer)
    with open(signed, "wb") as file:
        file.write(out.getvalue())


main()
