"""Signed PDFs of every kind, good and bad, and what pyHanko says of each.

Usage: signed.py FOLDER

Makes authorities, signs, tampers, and writes for each case NAME.pdf into the folder, with the
trust list (trust.pem) and all verdicts with their revocation material as JSON lines
(verdicts.json). In the folder `parts` are messages, lists and answers alone, as seeds for fuzzing.
Time is fixed at NOW.
"""

import datetime
import io
import json
import logging
import pathlib
import sys

from asn1crypto import algos, cms, keys, pem, x509
from cryptography import x509 as cx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    KeyUsageConstraints,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

logging.disable(logging.CRITICAL)
UTC = datetime.timezone.utc
NOW = datetime.datetime(2026, 6, 1, tzinfo=UTC)
DAY = datetime.timedelta(days=1)
PADES = fields.SigSeedSubFilter.PADES
ADOBE = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED


class Identity:
    """A certificate with its key and the certificates above it."""

    def __init__(self, name, issuer=None, key=None, ca=False, days=(-400, 3000), usage=None,
                 purpose=None):
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        self.issuer = issuer
        signer = issuer or self
        subject = cx.Name([cx.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                           cx.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            cx.CertificateBuilder().subject_name(subject)
            .issuer_name(issuer.cert.subject if issuer else subject)
            .public_key(self.key.public_key()).serial_number(cx.random_serial_number())
            .not_valid_before(NOW + days[0] * DAY).not_valid_after(NOW + days[1] * DAY)
            .add_extension(cx.BasicConstraints(ca=ca, path_length=None), True)
            .add_extension(cx.SubjectKeyIdentifier.from_public_key(self.key.public_key()), False)
        )
        if issuer:
            above = cx.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
            builder = builder.add_extension(above, False)
            # Where revocation would be asked: without these nobody looks at lists at hand.
            place = cx.UniformResourceIdentifier("http://crl.invalid/list")
            builder = builder.add_extension(cx.CRLDistributionPoints(
                [cx.DistributionPoint([place], None, None, None)]), False)
            asked = cx.AccessDescription(cx.oid.AuthorityInformationAccessOID.OCSP,
                                         cx.UniformResourceIdentifier("http://ocsp.invalid"))
            builder = builder.add_extension(cx.AuthorityInformationAccess([asked]), False)
        usage = usage or (("key_cert_sign", "crl_sign") if ca
                          else ("digital_signature", "content_commitment"))
        every = ("digital_signature", "content_commitment", "key_encipherment",
                 "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                 "encipher_only", "decipher_only")
        builder = builder.add_extension(cx.KeyUsage(**{one: one in usage for one in every}), True)
        if purpose:
            builder = builder.add_extension(cx.ExtendedKeyUsage([purpose]), True)
        if purpose == ExtendedKeyUsageOID.OCSP_SIGNING:
            builder = builder.add_extension(cx.OCSPNoCheck(), False)
        self.cert = builder.sign(signer.key, hashes.SHA256())

    @property
    def der(self):
        return self.cert.public_bytes(serialization.Encoding.DER)

    @property
    def asn1(self):
        return x509.Certificate.load(self.der)

    @property
    def private(self):
        return keys.PrivateKeyInfo.load(self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))

    def above(self):
        found, one = [], self.issuer
        while one:
            found.append(one.asn1)
            one = one.issuer
        return found

    def signer(self, chain=None, **more):
        certs = self.above() if chain is None else chain
        return signers.SimpleSigner(
            signing_cert=self.asn1, signing_key=self.private,
            cert_registry=SimpleCertificateStore.from_certs(certs + [self.asn1]), **more)


ROOT = Identity("Vietnam National Root CA (test)", ca=True)
GOVERNMENT = Identity("Government Root (test)", ca=True)
CA = Identity("Public CA (test)", ROOT, ca=True)
SUB = Identity("Sub CA (test)", CA, ca=True)
OTHER_ROOT = Identity("Unknown Root", ca=True)
OTHER_CA = Identity("Unknown CA", OTHER_ROOT, ca=True)
NO_SIGN_CA = Identity("CA that may not issue", ROOT, ca=True, usage=("crl_sign",))
LEADER = Identity("Nguyễn Văn An", CA)
CLERK = Identity("UBND phường Hạc Thành", CA)
CITIZEN = Identity("Trần Thị Bình", GOVERNMENT)
RSA = Identity("Lê RSA", CA, key=rsa.generate_private_key(65537, 2048))
P384 = Identity("P-384", CA, key=ec.generate_private_key(ec.SECP384R1()))
# The time stamper of pyHanko signs with RSA alone.
STAMPING = rsa.generate_private_key(65537, 2048)
TSA = Identity("TSA (test)", CA, key=STAMPING, purpose=ExtendedKeyUsageOID.TIME_STAMPING,
               usage=("digital_signature",))
OTHER_TSA = Identity("Unknown TSA", OTHER_CA, key=STAMPING, purpose=ExtendedKeyUsageOID.TIME_STAMPING,
                     usage=("digital_signature",))
PLAIN_TSA = Identity("Not a TSA", CA, key=STAMPING, usage=("digital_signature",))
RESPONDER = Identity("Responder", CA, purpose=ExtendedKeyUsageOID.OCSP_SIGNING,
                     usage=("digital_signature",))
FALSE_RESPONDER = Identity("Not a responder", CA, usage=("digital_signature",))


PSS = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams({
    "hash_algorithm": {"algorithm": "sha256"}, "salt_length": 32, "mask_gen_algorithm": {
        "algorithm": "mgf1", "parameters": {"algorithm": "sha256"}}})})


def stamper(identity=TSA, at=NOW - DAY):
    store = SimpleCertificateStore.from_certs(identity.above())
    return DummyTimeStamper(identity.asn1, identity.private, store, fixed_dt=at)


def crl(issuer, revoked=(), made=NOW - DAY, until=NOW + 7 * DAY, key=None):
    builder = (cx.CertificateRevocationListBuilder().issuer_name(issuer.cert.subject)
               .last_update(made).next_update(until)
               .add_extension(cx.CRLNumber(1), False)
               .add_extension(cx.AuthorityKeyIdentifier.from_issuer_public_key(
                   issuer.key.public_key()), False))
    for identity, when in revoked:
        entry = cx.RevokedCertificateBuilder().serial_number(identity.cert.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(when).build())
    made = builder.sign((key or issuer).key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def answer(identity, revoked=None, responder=RESPONDER, made=NOW - DAY, until=NOW + 7 * DAY):
    status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=identity.cert, issuer=identity.issuer.cert, algorithm=hashes.SHA1(),
        cert_status=status, this_update=made, next_update=until, revocation_time=revoked,
        revocation_reason=None)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.cert)
    if responder is not identity.issuer:
        builder = builder.certificates([responder.cert])
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


# Documents.

def base(form=False, streams=False, pages=1):
    writer = PdfFileWriter(stream_xrefs=streams)
    for number in range(pages):
        text = f"BT /F1 18 Tf 72 720 Td (Ket qua so {number}) Tj ET".encode()
        content = writer.add_object(generic.StreamObject(stream_data=text))
        font = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
            pdf_name("/BaseFont"): pdf_name("/Helvetica")})
        resources = generic.DictionaryObject({pdf_name("/Font"): generic.DictionaryObject({
            pdf_name("/F1"): writer.add_object(font)})})
        from pyhanko.pdf_utils.writer import PageObject
        page = PageObject(contents=content, resources=resources, media_box=(0, 0, 595, 842))
        reference = writer.insert_page(page)
    if form:
        texts = []
        for place, name in enumerate(("number", "date")):
            field = generic.DictionaryObject({
                pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string(name),
                pdf_name("/F"): generic.NumberObject(4), pdf_name("/P"): reference,
                pdf_name("/DA"): pdf_string("/F1 12 Tf 0 g"),
                pdf_name("/Rect"): generic.ArrayObject(map(
                    generic.NumberObject, (72, 600 - 40 * place, 200, 620 - 40 * place)))})
            texts.append(writer.add_object(field))
        page = reference.get_object()
        page[pdf_name("/Annots")] = generic.ArrayObject(texts)
        writer.root[pdf_name("/AcroForm")] = writer.add_object(generic.DictionaryObject({
            pdf_name("/Fields"): generic.ArrayObject(texts)}))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign(document, identity=LEADER, field="Leader", filter=PADES, stamp=None, spec=None,
         signer=None, **more):
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    digest = more.pop("digest", "sha256")
    made = signer or identity.signer()
    about = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest, subfilter=filter,
                                         signer_key_usage=set(), **more)
    out = signers.PdfSigner(about, made, timestamper=stamp, new_field_spec=spec).sign_pdf(writer)
    return out.getvalue()


def doc_stamp(document, identity=TSA, at=NOW - DAY):
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    made = signers.PdfTimeStamper(stamper(identity, at))
    return made.timestamp_pdf(writer, "sha256").getvalue()


def store(document, crls=(), answers=(), certs=()):
    out = io.BytesIO(document)
    from asn1crypto import crl as acrl, ocsp as aocsp
    DocumentSecurityStore.add_dss(
        out, sig_contents=None, certs=[one.asn1 for one in certs],
        crls=[acrl.CertificateList.load(one) for one in crls],
        ocsps=[aocsp.OCSPResponse.load(one) for one in answers])
    return out.getvalue()


def update(document, change):
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(writer, number=0):
    kids = writer.root["/Pages"]["/Kids"]
    return kids.raw_get(number), kids[number]


def fill(name, text):
    def change(writer):
        for reference in writer.root["/AcroForm"]["/Fields"]:
            pass
        listed = writer.root["/AcroForm"]["/Fields"]
        for place in range(len(listed)):
            field = listed[place]
            if field.get("/T") == name:
                field[pdf_name("/V")] = pdf_string(text)
                look = generic.StreamObject(stream_data=b"BT ET", dict_data={
                    pdf_name("/Type"): pdf_name("/XObject"),
                    pdf_name("/Subtype"): pdf_name("/Form"),
                    pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9)))})
                field[pdf_name("/AP")] = generic.DictionaryObject({
                    pdf_name("/N"): writer.add_object(look)})
                writer.mark_update(listed.raw_get(place))
    return change


def replace_content(writer):
    reference, found = page(writer)
    content = found.raw_get("/Contents")
    stream = content.get_object()
    stream._data = b"BT /F1 18 Tf 72 720 Td (Gia mao) Tj ET"
    stream._encoded_data = None
    writer.mark_update(content)


def new_content(writer):
    reference, found = page(writer)
    added = writer.add_object(generic.StreamObject(stream_data=b"BT (Gia mao) Tj ET"))
    found[pdf_name("/Contents")] = generic.ArrayObject([found.raw_get("/Contents"), added])
    writer.mark_update(reference)


def annotate(writer, subtype="/FreeText"):
    reference, found = page(writer)
    note = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype),
        pdf_name("/Contents"): pdf_string("Gia mao"),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))}))
    known = found.get("/Annots", generic.ArrayObject())
    found[pdf_name("/Annots")] = generic.ArrayObject([*known, note])
    writer.mark_update(reference)


def change_font(writer):
    reference, found = page(writer)
    font = found["/Resources"]["/Font"].raw_get("/F1")
    font.get_object()[pdf_name("/BaseFont")] = pdf_name("/Symbol")
    writer.mark_update(font)


def change_box(writer):
    reference, found = page(writer)
    found[pdf_name("/MediaBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 1, 1)))
    writer.mark_update(reference)


def rotate(writer):
    reference, found = page(writer)
    found[pdf_name("/Rotate")] = generic.NumberObject(180)
    writer.mark_update(reference)


def add_page(writer):
    from pyhanko.pdf_utils.writer import PageObject
    content = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))


def drop_page(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"].pop()
    pages[pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.mark_update(writer.root.raw_get("/Pages"))


def open_action(writer):
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject({
        pdf_name("/S"): pdf_name("/URI"), pdf_name("/URI"): pdf_string("https://example.vn")})
    writer.update_root()


def root_key(key, value):
    def change(writer):
        writer.root[pdf_name(key)] = value
        writer.update_root()
    return change


def metadata(writer):
    stream = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", dict_data={
        pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")})
    writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
    writer.update_root()


def information(writer):
    writer.set_info(writer.add_object(generic.DictionaryObject({
        pdf_name("/Title"): pdf_string("Khac")})))


def drop_field(writer):
    form = writer.root["/AcroForm"]
    form["/Fields"].pop()
    writer.mark_update(form["/Fields"]) if isinstance(
        form.raw_get("/Fields"), generic.IndirectObject) else None
    writer.update_container(form["/Fields"])


def move_field(writer):
    listed = writer.root["/AcroForm"]["/Fields"]
    field = listed[0]
    field[pdf_name("/Rect")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842)))
    writer.mark_update(listed.raw_get(0))


def rename_field(writer):
    listed = writer.root["/AcroForm"]["/Fields"]
    listed[0][pdf_name("/T")] = pdf_string("other")
    writer.mark_update(listed.raw_get(0))


def new_text_field(writer):
    reference, found = page(writer)
    field = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string("added"),
        pdf_name("/V"): pdf_string("Gia mao"), pdf_name("/P"): reference,
        pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))}))
    form = writer.root["/AcroForm"]
    form["/Fields"].append(field)
    writer.update_container(form["/Fields"])


def resign_value(writer):
    """Changes the reason inside an existing signature."""
    listed = writer.root["/AcroForm"]["/Fields"]
    field = listed[len(listed) - 1]
    value = field["/V"]
    value[pdf_name("/Reason")] = pdf_string("Gia mao")
    writer.mark_update(field.raw_get("/V"))


def empty_field(document, spec):
    return update(document, lambda writer: fields.append_signature_field(writer, spec))


# Bytes.

def hole(document, last=True):
    find = document.rfind if last else document.find
    at = find(b"/Contents <")
    start = at + len(b"/Contents ")
    return start, document.index(b">", start) + 1


def flip(document, at):
    changed = bytearray(document)
    changed[at] ^= 1
    return bytes(changed)


def message(document):
    start, end = hole(document)
    return bytes.fromhex(document[start + 1:end - 1].decode())


def with_message(document, der):
    start, end = hole(document)
    room = (end - start - 2) // 2
    assert len(der) <= room, (len(der), room)
    return document[:start + 1] + der.ljust(room, b"\0").hex().encode() + document[end - 1:]


def edit_message(document, edit):
    info = cms.ContentInfo.load(message(document))
    edit(info["content"])
    return with_message(document, info.dump(force=True))


def flip_signature(data):
    signer = data["signer_infos"][0]
    value = bytearray(signer["signature"].native)
    value[-1] ^= 1
    signer["signature"] = bytes(value)


def drop_signing_certificate(document, identity):
    """Signs anew without the attribute that names the certificate."""
    def edit(data):
        signer = data["signer_infos"][0]
        kept = [one for one in signer["signed_attrs"]
                if not one["type"].native.startswith("signing_certificate")]
        signer["signed_attrs"] = cms.CMSAttributes(kept)
        tbs = cms.CMSAttributes(kept).dump()
        tbs = b"\x31" + signer["signed_attrs"].untag().dump(force=True)[1:]
        signer["signature"] = identity.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return edit_message(document, edit)


def swap_certificate(document, other):
    """Names another certificate with the same key."""
    def edit(data):
        signer = data["signer_infos"][0]
        signer["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": {
            "issuer": other.asn1.issuer, "serial_number": other.asn1.serial_number}})
        data["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices({"certificate": one}) for one in [other.asn1, *other.above()]])
    return edit_message(document, edit)


def drop_certificates(document):
    return edit_message(document, lambda data: data.__setitem__(
        "certificates", cms.CertificateSet([])))


def range_of(document):
    at = document.rindex(b"/ByteRange [")
    start = at + len(b"/ByteRange [")
    end = document.index(b"]", start)
    return start, end, [int(one) for one in document[start:end].split()]


def with_range(document, numbers):
    start, end, _ = range_of(document)
    text = b" ".join(str(one).encode() for one in numbers)
    assert len(text) <= end - start, (numbers, end - start)
    return document[:start] + text.ljust(end - start) + document[end:]


def resigned_range(document, change, identity=LEADER):
    """Another range, and a signature that is right for it."""
    _, _, numbers = range_of(document)
    numbers = change(numbers)
    document = with_range(document, numbers)
    a, b, c, d = numbers
    covered = document[a:a + b] + document[c:c + d]
    digest = hashes.Hash(hashes.SHA256())
    digest.update(covered)
    value = digest.finalize()

    def edit(data):
        signer = data["signer_infos"][0]
        for one in signer["signed_attrs"]:
            if one["type"].native == "message_digest":
                one["values"] = [value]
        tbs = b"\x31" + signer["signed_attrs"].untag().dump(force=True)[1:]
        signer["signature"] = identity.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return edit_message(document, edit)


# Cases: name -> (document, lists, answers).

def cases():
    plain, form, two = base(), base(form=True), base(pages=2)
    signed = sign(plain)
    filled = sign(form)
    before = NOW - 30 * DAY
    yield "unsigned", plain
    # How it is signed.
    yield "pades-ec", signed
    yield "adobe-ec", sign(plain, filter=ADOBE)
    yield "pades-rsa", sign(plain, RSA)
    yield "adobe-rsa-sha512", sign(plain, RSA, filter=ADOBE, digest="sha512")
    yield "rsa-pss", sign(plain, signer=RSA.signer(signature_mechanism=PSS))
    yield "rsa-pss-long-salt", sign(plain, signer=RSA.signer(prefer_pss=True))
    yield "rsa-sha384", sign(plain, RSA, digest="sha384")
    yield "rsa-sha1", sign(plain, RSA, filter=ADOBE, digest="sha1")
    yield "p384-sha384", sign(plain, P384, digest="sha384")
    yield "cross-reference-streams", sign(base(streams=True))
    yield "form-untouched", filled
    yield "government", sign(plain, CITIZEN)
    yield "three-levels", sign(plain, Identity("Deep", SUB))
    visible = SigFieldSpec("Leader", box=(300, 100, 500, 200))
    yield "visible", sign(plain, spec=visible)
    yield "existing-field", sign(empty_field(plain, visible))
    yield "two-signatures", sign(signed, CLERK, "Seal")
    yield "two-visible", sign(sign(plain, spec=visible), CLERK, "Seal",
                              spec=SigFieldSpec("Seal", box=(100, 100, 200, 200)))
    yield "three-signatures", sign(sign(signed, CLERK, "Seal"), CITIZEN, "Citizen")
    yield "two-streams", sign(sign(base(streams=True)), CLERK, "Seal")
    yield "field-between", sign(empty_field(signed, SigFieldSpec("Seal")), CLERK, "Seal")
    # Time.
    stamped = sign(plain, stamp=stamper())
    yield "stamped", stamped
    yield "stamped-twice", sign(stamped, CLERK, "Seal", stamp=stamper())
    yield "stamp-untrusted", sign(plain, stamp=stamper(OTHER_TSA))
    yield "stamp-not-a-tsa", sign(plain, stamp=stamper(PLAIN_TSA))
    yield "document-stamp", doc_stamp(signed)
    yield "document-stamp-alone", doc_stamp(plain)
    yield "document-stamp-untrusted", doc_stamp(signed, OTHER_TSA)

    def other_stamp(data):
        token = cms.ContentInfo.load(message(stamped))["content"]
        data["signer_infos"][0]["unsigned_attrs"] = token["signer_infos"][0]["unsigned_attrs"]
    yield "stamp-of-another", edit_message(sign(plain, CLERK, stamp=stamper()), other_stamp)
    # Certificates.
    past = Identity("Expired", CA, days=(-400, -10))
    yield "expired", sign(plain, past)
    yield "expired-stamped-in-time", sign(plain, past, stamp=stamper(at=before))
    yield "expired-stamped-late", sign(plain, past, stamp=stamper())
    yield "expired-document-stamp", doc_stamp(sign(plain, past), at=before)
    yield "expired-stamp-untrusted", sign(plain, past, stamp=stamper(OTHER_TSA, before))
    yield "not-yet-valid", sign(plain, Identity("Early", CA, days=(10, 400)))
    yield "self-signed", sign(plain, Identity("Self"))
    yield "unknown-root", sign(plain, Identity("Stranger", OTHER_CA))
    yield "missing-between", sign(plain, signer=LEADER.signer(chain=[]))
    yield "same-names-other-key", sign(plain, Identity("Impostor", Identity(
        "Public CA (test)", OTHER_ROOT, ca=True)))
    yield "issuer-no-authority", sign(plain, Identity("Below a person", CLERK))
    yield "issuer-may-not-issue", sign(plain, Identity("Below", NO_SIGN_CA))
    yield "usage-encipherment", sign(plain, Identity("Cipher", CA, usage=("key_encipherment",)))
    yield "usage-agreement", sign(plain, Identity("Agreement", CA, usage=("key_agreement",)))
    yield "usage-digital-signature", sign(plain, Identity(
        "Digital", CA, usage=("digital_signature",)))
    yield "two-one-untrusted", sign(signed, Identity("Stranger", OTHER_CA), "Second")
    yield "two-one-expired", sign(sign(plain, past), CLERK, "Seal")
    # Revocation.
    good = [crl(CA), crl(ROOT)]
    yield "lists-good", signed, good
    yield "lists-revoked", signed, [crl(CA, [(LEADER, before)]), crl(ROOT)]
    yield "lists-other-revoked", signed, [crl(CA, [(CLERK, before)]), crl(ROOT)]
    yield "lists-authority-revoked", signed, [crl(CA), crl(ROOT, [(CA, before)])]
    yield "lists-ended", signed, [crl(CA, made=NOW - 60 * DAY, until=before), crl(ROOT)]
    yield "lists-ended-revoked", signed, [
        crl(CA, [(LEADER, NOW - 70 * DAY)], made=NOW - 60 * DAY, until=before), crl(ROOT)]
    yield "lists-false", signed, [crl(CA, [(LEADER, before)], key=CLERK), crl(ROOT)]
    yield "answer-good", signed, [crl(ROOT)], [answer(LEADER)]
    yield "answer-by-issuer", signed, [crl(ROOT)], [answer(LEADER, responder=CA)]
    yield "answer-revoked", signed, [crl(ROOT)], [answer(LEADER, revoked=before)]
    yield "answer-false", signed, [crl(ROOT)], [
        answer(LEADER, revoked=before, responder=FALSE_RESPONDER)]
    yield "answer-of-another", signed, [crl(ROOT)], [answer(CLERK, revoked=before)]
    yield "revoked-after-stamp", sign(plain, stamp=stamper(at=NOW - 40 * DAY)), [
        crl(CA, [(LEADER, before)]), crl(ROOT)]
    yield "revoked-before-stamp", stamped, [crl(CA, [(LEADER, before)]), crl(ROOT)]
    yield "stamp-authority-revoked", stamped, [crl(CA, [(TSA, before)]), crl(ROOT)]
    yield "store-good", store(stamped, good, certs=[CA, ROOT])
    yield "store-answer", store(stamped, [crl(ROOT), crl(CA)], [answer(LEADER)])
    yield "store-revoked", store(signed, [crl(CA, [(LEADER, before)]), crl(ROOT)])
    yield "store-and-stamp", doc_stamp(store(stamped, good))
    yield "store-twice", store(store(stamped, good), [crl(GOVERNMENT)])
    # Changed bytes.
    start, end = hole(signed)
    yield "flipped-before", flip(signed, signed.index(b"Helvetica"))
    yield "flipped-after", flip(signed, signed.index(b"/M ", end) + 8) if b"/M " in signed[
        end:] else flip(signed, signed.index(b"/Filter", start - 400) + 3)
    yield "flipped-signature", edit_message(signed, flip_signature)
    yield "message-garbage", with_message(signed, b"\x30\x03\x02\x01\x05")
    yield "message-empty", with_message(signed, b"")
    yield "message-cut", with_message(signed, message(signed).rstrip(b"\0")[:-40])
    yield "message-without-certificate", drop_certificates(signed)
    yield "message-other-certificate", swap_certificate(
        signed, Identity("Twin", CA, key=LEADER.key))
    yield "message-without-binding", drop_signing_certificate(signed, LEADER)
    other = sign(base(pages=2))
    yield "signature-of-another", with_message(signed, message(other).rstrip(b"\0"))
    yield "range-short", resigned_range(signed, lambda r: [r[0], r[1], r[2], r[3] - 60])
    yield "range-late", resigned_range(signed, lambda r: [9, r[1] - 9, r[2], r[3]])
    yield "range-wide-hole", resigned_range(signed, lambda r: [0, r[1] - 40, r[2], r[3]])
    yield "range-hole-after", resigned_range(signed, lambda r: [0, r[1], r[2] + 20, r[3] - 20])
    yield "range-inside-hole", with_range(signed, [0, start + 9, end - 9, len(signed) - end + 9])
    yield "range-beyond", with_range(signed, [0, start, end, len(signed) - end + 9])
    yield "cut", signed[:-300]
    yield "cut-one-line", signed[:signed.rindex(b"startxref")]
    yield "appended-garbage", signed + b"\n9 0 obj\n<</Gia /mao>>\nendobj\n"
    yield "appended-blank", signed + b"\n\n"
    # Later revisions.
    yield "later-metadata", update(signed, metadata)
    yield "later-information", update(signed, information)
    yield "later-fill", update(filled, fill("number", "123"))
    yield "later-fill-twice", update(update(filled, fill("number", "1")), fill("date", "2"))
    yield "later-fill-and-seal", sign(update(filled, fill("number", "1")), CLERK, "Seal")
    yield "later-content", update(signed, replace_content)
    yield "later-content-added", update(signed, new_content)
    yield "later-content-and-seal", sign(update(signed, replace_content), CLERK, "Seal")
    yield "later-annotation", update(signed, annotate)
    yield "later-annotation-stamp", update(signed, lambda w: annotate(w, "/Stamp"))
    yield "later-font", update(signed, change_font)
    yield "later-box", update(signed, change_box)
    yield "later-rotation", update(signed, rotate)
    yield "later-page", update(signed, add_page)
    yield "later-page-dropped", update(sign(two), drop_page)
    yield "later-open-action", update(signed, open_action)
    yield "later-layers", update(signed, root_key("/OCProperties", generic.DictionaryObject()))
    yield "later-names", update(signed, root_key("/Names", generic.DictionaryObject()))
    yield "later-version", update(signed, root_key("/Version", pdf_name("/2.0")))
    yield "later-field-moved", update(filled, move_field)
    yield "later-field-renamed", update(filled, rename_field)
    yield "later-field-dropped", update(filled, drop_field)
    yield "later-field-added", update(filled, new_text_field)
    yield "later-signature-edited", update(signed, resign_value)
    yield "later-changed-back", update(update(signed, rotate), lambda w: (
        page(w)[1].pop("/Rotate"), w.mark_update(page(w)[0])))
    # What signatures permit.
    certify = {"certify": True}
    nothing = {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES}
    yield "certified", sign(form, **certify)
    yield "certified-filled", update(sign(form, **certify), fill("number", "1"))
    yield "certified-signed", sign(sign(form, **certify), CLERK, "Seal")
    yield "certified-annotated", update(sign(form, **certify), annotate)
    yield "final", sign(form, **nothing)
    yield "final-filled", update(sign(form, **nothing), fill("number", "1"))
    yield "final-stored", store(sign(form, **nothing), good)
    yield "final-stamped", doc_stamp(sign(form, **nothing))
    lock = SigFieldSpec("Leader", field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, ["number"]))
    locked = sign(form, spec=lock)
    yield "locked", locked
    yield "locked-filled", update(locked, fill("number", "1"))
    yield "locked-other-filled", update(locked, fill("date", "1"))
    everything = SigFieldSpec("Leader", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL))
    yield "all-locked-filled", update(sign(form, spec=everything), fill("date", "1"))
    yield "all-locked-signed", sign(sign(form, spec=everything), CLERK, "Seal")
    but = SigFieldSpec("Leader", field_mdp_spec=FieldMDPSpec(FieldMDPAction.EXCLUDE, ["date"]))
    yield "but-locked-filled", update(sign(form, spec=but), fill("date", "1"))


# Judgement.

USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"},
                            match_all_key_usages=False)


def context(reader, lists, answers, moment):
    given = {
        "trust_roots": [ROOT.asn1, GOVERNMENT.asn1], "allow_fetching": False, "moment": moment,
        "revocation_mode": "soft-fail", "retroactive_revinfo": True}
    certs, crls, ocsps = [], list(lists), list(answers)
    try:
        found = DocumentSecurityStore.read_dss(reader)
        certs = list(found.load_certs())
        crls += [one.get_object().data for one in found.crls]
        ocsps += [one.get_object().data for one in found.ocsps]
    except NoDSSFoundError:
        pass
    return ValidationContext(other_certs=certs, crls=crls, ocsps=ocsps, **given)


def status_of(signature, reader, lists, answers, moment):
    stamps = context(reader, lists, answers, NOW)
    if signature.sig_object.get("/Type") == "/DocTimeStamp":
        return validate_pdf_timestamp(signature, stamps)
    return validate_pdf_signature(signature, context(reader, lists, answers, moment), stamps,
                                  key_usage_settings=USAGE)


def judge_one(signature, reader, lists, answers, proven):
    said = {"field": signature.field_name}
    stamp = signature.sig_object.get("/Type") == "/DocTimeStamp"
    try:
        status = status_of(signature, reader, lists, answers, proven or NOW)
        attached = None if stamp else status.timestamp_validity
        stamped = attached is not None and attached.valid and attached.trusted
        if stamped and (proven is None or attached.timestamp < proven):
            status = status_of(signature, reader, lists, answers, attached.timestamp)
    except Exception as error:
        return said | {"fault": f"{type(error).__name__}: {error}", "bottom_line": False}
    problem = status.trust_problem_indic
    level = getattr(status, "modification_level", None)
    return said | {
        "bottom_line": status.intact and status.valid and status.trusted if stamp
        else status.bottom_line,
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "problem": problem.name if problem else None,
        "revoked": bool(status.revocation_details),
        "coverage": status.coverage.name,
        "changes": level.name if level is not None else None,
        "permitted": getattr(status, "docmdp_ok", None),
        "stamped": stamped,
        "time": status.timestamp.isoformat() if stamp else None,
    }


def judge(document, lists, answers):
    try:
        reader = PdfFileReader(io.BytesIO(document))
        signatures = list(reader.embedded_signatures)
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}"}
    judged, proven = [], None
    for signature in reversed(signatures):
        one = judge_one(signature, reader, lists, answers, proven)
        if one.get("time") and one["bottom_line"]:
            at = datetime.datetime.fromisoformat(one["time"])
            proven = min(at, proven) if proven else at
        judged.append(one)
    return {"signatures": judged[::-1]}


def parts(folder, name, document, material):
    folder.mkdir(exist_ok=True)
    for number, one in enumerate(material):
        (folder / f"{name}.{number}").write_bytes(one)
    if b"/Contents <" in document:
        # The first byte names the kind of signature for the fuzz target of messages.
        kind = b"\2" if b"/ETSI.RFC3161" in document else b"\0"
        (folder / f"{name}.cms").write_bytes(kind + message(document).rstrip(b"\0"))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    trust = ""
    for identity, root in ((ROOT, "national"), (GOVERNMENT, "government")):
        name = identity.cert.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        trust += f"# name: {name}\n# root: {root}\n{pem.armor('CERTIFICATE', identity.der).decode()}"
    (folder / "trust.pem").write_text(trust)
    with open(folder / "verdicts.json", "w") as verdicts:
        for name, document, *material in cases():
            lists, answers = (material + [[], []])[:2]
            (folder / f"{name}.pdf").write_bytes(document)
            parts(folder / "parts", name, document, [*lists, *answers])
            given = {"name": name, "lists": [one.hex() for one in lists],
                     "answers": [one.hex() for one in answers]}
            print(json.dumps(given | judge(document, lists, answers)), file=verdicts)


main()
