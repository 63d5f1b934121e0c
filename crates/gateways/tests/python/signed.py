"""Signed PDFs of every kind, good and bad, and what pyHanko says of each.

Usage: signed.py FOLDER

Makes authorities, signs, tampers, and writes for each case NAME.pdf into the folder, with the
trust list (trust.pem) and all verdicts with their revocation material as JSON lines
(verdicts.json). In the folder `parts` are messages, lists and answers alone, as seeds for fuzzing.
Time is fixed at NOW.
"""

import datetime
import io
import itertools
import json
import logging
import pathlib
import sys

from asn1crypto import algos, cms, core, keys, pem, x509
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
            purposes = purpose if isinstance(purpose, tuple) else (purpose,)
            builder = builder.add_extension(cx.ExtendedKeyUsage(purposes), True)
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


def crl(issuer, revoked=(), made=NOW - DAY, until=NOW + 7 * DAY, key=None, since=None):
    builder = (cx.CertificateRevocationListBuilder().issuer_name(issuer.cert.subject)
               .last_update(made).next_update(until)
               .add_extension(cx.CRLNumber(1), False)
               .add_extension(cx.AuthorityKeyIdentifier.from_issuer_public_key(
                   issuer.key.public_key()), False))
    if since:
        # Certificates that ended since then are kept on it (expiredCertsOnCRL).
        time = core.GeneralizedTime(since).dump()
        builder = builder.add_extension(cx.UnrecognizedExtension(
            cx.ObjectIdentifier("2.5.29.60"), time), False)
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


def every_name(written):
    """Names of unsigned fields, written so."""
    def change(writer):
        listed = writer.root["/AcroForm"]["/Fields"]
        for place in range(len(listed)):
            if "/V" not in listed[place]:
                listed[place][pdf_name("/T")] = written(str(listed[place]["/T"]))
                writer.mark_update(listed.raw_get(place))
    return change


def place_of(left):
    """The left edge of the field of the person."""
    def change(writer):
        listed = writer.root["/AcroForm"]["/Fields"]
        for place in range(len(listed)):
            if listed[place]["/T"] == "person":
                listed[place]["/Rect"][0] = generic.FloatObject(left)
                writer.mark_update(listed.raw_get(place))
    return change


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


def resigned_attributes(document, identity, change):
    """Other signed attributes, and a signature that is right for them."""
    def edit(data):
        signer = data["signer_infos"][0]
        kept = change(list(signer["signed_attrs"]))
        signer["signed_attrs"] = cms.CMSAttributes(kept)
        tbs = b"\x31" + signer["signed_attrs"].untag().dump(force=True)[1:]
        signer["signature"] = identity.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return edit_message(document, edit)


def drop_signing_certificate(document, identity):
    """Signs anew without the attribute that names the certificate."""
    return resigned_attributes(document, identity, lambda kept: [
        one for one in kept if not one["type"].native.startswith("signing_certificate")])


OTHER_BINDING = {"certs": [{"cert_hash": b"\0" * 32}]}


def twice(name, other):
    """An attribute with two values."""
    def change(kept):
        return [cms.CMSAttribute({"type": name, "values": [one["values"][0], other]})
                if one["type"].native == name else one for one in kept]
    return change


def garbage_stamp(data):
    info = cms.ContentInfo({"content_type": "data", "content": b"no stamp"})
    data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute({
        "type": "signature_time_stamp_token", "values": [info]})])


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
    # What a certificate is for.
    for name, purpose in (("mail", ExtendedKeyUsageOID.EMAIL_PROTECTION),
                          ("documents", cx.ObjectIdentifier("1.3.6.1.5.5.7.3.36")),
                          ("any", ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE),
                          ("server", ExtendedKeyUsageOID.SERVER_AUTH)):
        yield f"purpose-{name}", sign(plain, Identity(name, CA, purpose=purpose))
    yield "purpose-responder", sign(plain, RESPONDER)
    yield "purpose-stamps", sign(plain, signer=TSA.signer())
    both = Identity("Two purposes", CA, key=STAMPING, usage=("digital_signature",),
                    purpose=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH))
    yield "stamp-two-purposes", sign(plain, stamp=stamper(both))
    # Material of the time after a certificate's end.
    late = sign(plain, past, stamp=stamper(at=before))
    yield "ended-listed-later", late, good
    yield "ended-answered-later", late, [crl(ROOT)], [answer(past), answer(TSA)]
    yield "ended-listed-in-time", late, [
        crl(CA, made=before + DAY, until=before + 8 * DAY), *good]
    yield "ended-kept-on-list", late, [crl(CA, since=before), crl(ROOT)]
    yield "ended-kept-too-short", late, [crl(CA, since=NOW - 5 * DAY), crl(ROOT)]
    yield "ended-revoked-later", late, [crl(CA, [(past, NOW - 60 * DAY)]), crl(ROOT)]
    # Stamps that outlive their certificate.
    first = Identity("Former TSA", CA, key=STAMPING, purpose=ExtendedKeyUsageOID.TIME_STAMPING,
                     usage=("digital_signature",), days=(-400, -10))
    then = [crl(one, made=before + DAY, until=before + 8 * DAY) for one in (CA, ROOT)]
    then += good
    kept = store(sign(plain, stamp=stamper(first, before)), then, certs=[CA, ROOT])
    yield "stamp-ended", kept
    yield "stamp-ended-archived", doc_stamp(kept, at=before + 2 * DAY)
    yield "stamp-ended-archived-late", doc_stamp(kept)
    yield "archive-ended", doc_stamp(store(sign(plain), then), first, before)
    yield "archive-ended-archived", doc_stamp(
        doc_stamp(store(sign(plain), then), first, before), at=before + 2 * DAY)
    # What cannot be read.
    yield "stamp-garbage", edit_message(stamped, garbage_stamp)
    yield "stamp-empty", edit_message(stamped, lambda data: data["signer_infos"][0][
        "unsigned_attrs"][0].__setitem__("values", []))
    yield "binding-twice", resigned_attributes(
        signed, LEADER, twice("signing_certificate_v2", OTHER_BINDING))
    yield "binding-two-attributes", resigned_attributes(signed, LEADER, lambda kept: [
        *kept, cms.CMSAttribute({"type": "signing_certificate_v2", "values": [OTHER_BINDING]})])
    yield "digest-twice", resigned_attributes(
        signed, LEADER, twice("message_digest", b"\0" * 32))
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
    # The last signature closes everything; an empty field that was left stays empty.
    spare = empty_field(form, SigFieldSpec("person", box=(300, 100, 500, 200)))
    closed = sign(sign(spare), CLERK, "Seal", spec=SigFieldSpec(
        "Seal", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)))
    yield "closed", closed
    yield "closed-stored", store(closed, good)
    yield "closed-stamped", doc_stamp(closed)
    yield "attack-closed-empty-signed", sign(closed, CITIZEN, "person")
    yield "attack-closed-filled", update(closed, fill("number", "1"))
    final = SigFieldSpec("Seal", box=(60, 590, 210, 630), field_mdp_spec=FieldMDPSpec(
        FieldMDPAction.ALL), doc_mdp_update_value=MDPPerm.NO_CHANGES)
    ended = sign(sign(empty_field(spare, final)), CLERK, "Seal")
    yield "ended", ended
    yield "ended-stored", store(ended, good)
    yield "attack-ended-signed", sign(ended, CITIZEN, "person")
    # A name that is written otherwise is the same name, another one is not.
    wide = update(spare, every_name(lambda name: generic.ByteStringObject(
        b"\xfe\xff" + name.encode("utf-16-be"))))
    once = sign(wide)
    yield "names-wide", once
    yield "names-written-anew", sign(once, CLERK, "person")
    yield "names-all-written-anew", update(sign(once, CLERK, "person"), every_name(pdf_string))
    yield "names-changed", update(once, every_name(lambda name: pdf_string(name + "1")))
    yield "place-written-anew", sign(update(sign(update(spare, place_of("300.10"))), place_of(
        "300.1000")), CLERK, "Seal")
    yield "place-changed", update(sign(update(spare, place_of("300.10"))), place_of("300.20"))
    but = SigFieldSpec("Leader", field_mdp_spec=FieldMDPSpec(FieldMDPAction.EXCLUDE, ["date"]))
    yield "but-locked-filled", update(sign(form, spec=but), fill("date", "1"))


# Attacks: what was signed shows something else afterwards.

EVIL = b"BT /F1 18 Tf 72 700 Td (Gia mao) Tj ET"
NUMBER, ARRAY, DICT = generic.NumberObject, generic.ArrayObject, generic.DictionaryObject


def numbers(*each):
    return ARRAY(map(NUMBER, each))


def reference(writer, number, generation=0):
    return generic.IndirectObject(number, generation, writer)


def look(data=b"BT ET", **more):
    return generic.StreamObject(stream_data=data, dict_data={
        pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): numbers(0, 0, 595, 842)} | {
            pdf_name("/" + key): value for key, value in more.items()})


def with_form(writer, *listed):
    writer.root[pdf_name("/AcroForm")] = writer.add_object(DICT({
        pdf_name("/Fields"): ARRAY(listed)}))
    writer.update_root()


def text_field(writer, **more):
    return writer.add_object(DICT({
        pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string("number")} | {
            pdf_name("/" + key): value for key, value in more.items()}))


def stream(data, head=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(data), data)


def append(document, objects, generations=(), freed=(), root=None):
    """Another revision of raw objects, with a table."""
    reader = PdfFileReader(io.BytesIO(document))
    start = int(document[document.rindex(b"startxref") + 9:].split()[0])
    root = root or reader.trailer.raw_get("/Root").idnum
    size = max(max(objects, default=0) + 1, int(reader.trailer["/Size"]))
    known = dict(generations)
    out = bytearray(document.rstrip(b"\n") + b"\n")
    table = b"".join(b"%d 1\n0000000000 00001 f \n" % number for number in freed)
    for number in sorted(objects):
        generation = known.get(number, 0)
        table += b"%d 1\n%010d %05d n \n" % (number, len(out), generation)
        out += b"%d %d obj\n%s\nendobj\n" % (number, generation, objects[number])
    at = len(out)
    out += b"xref\n%strailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        table, size, root, start, at)
    return bytes(out)


def packed(members, head=b"/Type/ObjStm"):
    """An object stream."""
    listed, body = b"", b""
    for number, value in members.items():
        listed += b"%d %d " % (number, len(body))
        body += value + b" "
    return stream(listed + body, b"%s/N %d/First %d" % (head, len(members), len(listed)))


def streamed(objects, inside, start=b"%PDF-1.7\n", previous=b""):
    """A document, or another revision of one, with cross references in a stream; `inside` says in
    which stream and at which place an object is."""
    out, rows = bytearray(start), {0: b"\0" * 6}
    for number, value in objects.items():
        rows[number] = b"\1" + len(out).to_bytes(4, "big") + b"\0"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    for number, (holder, place) in inside.items():
        rows[number] = b"\2" + holder.to_bytes(4, "big") + bytes([place])
    own, at = max(rows) + 1, len(out)
    while own in rows or previous and own < 800:
        own += 1
    rows[own] = b"\1" + at.to_bytes(4, "big") + b"\0"
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    table = stream(b"".join(rows[number] for number in sorted(rows)),
                   b"/Type/XRef/W[1 4 1]/Size %d/Index[%s]/Root 1 0 R%s" % (own + 1, index, previous))
    out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, table, at)
    return bytes(out)


def append_streamed(document, objects):
    start = int(document[document.rindex(b"startxref") + 9:].split()[0])
    return streamed(objects, {}, document.rstrip(b"\n") + b"\n", b"/Prev %d" % start)


def in_object_stream(head):
    """The list of contents stands in an object stream, which is replaced."""
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    document = streamed({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources" + font + b">>",
        4: stream(b"BT /F1 18 Tf 72 720 Td (Ket qua) Tj ET"), 5: stream(EVIL),
        6: packed({7: b"[4 0 R]"}, head)}, {7: (6, 0)})
    signed = sign(document)
    return append_streamed(signed, {6: packed({7: b"[5 0 R]"}, head)})


def contents(writer):
    reference, found = page(writer)
    return reference, found, found.raw_get("/Contents")


def refer_to(number, generation=0):
    """The page shows an object that there is not."""
    def change(writer):
        own, found, content = contents(writer)
        found[pdf_name("/Contents")] = ARRAY([content, reference(writer, number, generation)])
        writer.mark_update(own)
    return change


def hidden_object(writer):
    """The page names another generation of an object that shows something else."""
    own, found, content = contents(writer)
    hidden = writer.add_object(generic.StreamObject(stream_data=EVIL))
    found[pdf_name("/Contents")] = ARRAY([content, reference(writer, hidden.idnum, 1)])
    writer.mark_update(own)


def value_is_content(writer):
    content = contents(writer)[2]
    with_form(writer, text_field(writer, V=reference(writer, content.idnum)))


def field_is_content(writer):
    content = contents(writer)[2]
    inside = content.get_object()
    inside[pdf_name("/FT")], inside[pdf_name("/T")] = pdf_name("/Tx"), pdf_string("number")
    writer.mark_update(content)
    with_form(writer, reference(writer, content.idnum))


def fields_are_contents(writer):
    own, found, content = contents(writer)
    both = writer.add_object(ARRAY([reference(writer, content.idnum)]))
    found[pdf_name("/Contents")] = both
    writer.mark_update(own)
    writer.root[pdf_name("/AcroForm")] = writer.add_object(DICT({pdf_name("/Fields"): both}))
    writer.update_root()


def field_is_resources(writer):
    """The dictionary of a field is that of the page's forms, and `/V Do` stands in the page."""
    own, found, content = contents(writer)
    inside = content.get_object()
    inside._data, inside._encoded_data = inside.data + b" /V Do", None
    writer.mark_update(content)
    field = text_field(writer, V=writer.add_object(look()))
    found["/Resources"][pdf_name("/XObject")] = field
    writer.mark_update(own)
    with_form(writer, field)


def new_value(writer):
    listed = writer.root["/AcroForm"]["/Fields"]
    listed[0][pdf_name("/V")] = writer.add_object(look(EVIL))
    writer.mark_update(listed.raw_get(0))


def content_in(key, value):
    """The list of contents is reached from the catalogue, too, in the store or elsewhere."""
    def change(writer):
        own, found, content = contents(writer)
        listed = writer.add_object(ARRAY([content]))
        found[pdf_name("/Contents")] = listed
        writer.mark_update(own)
        writer.root[pdf_name(key)] = value(listed)
        writer.update_root()
    return change


def evil_contents(writer):
    own, found, content = contents(writer)
    content.get_object().append(writer.add_object(generic.StreamObject(stream_data=EVIL)))
    writer.mark_update(content)


def metadata_is_content(writer):
    content = contents(writer)[2]
    content.get_object()[pdf_name("/Type")] = pdf_name("/Metadata")
    writer.mark_update(content)
    writer.root[pdf_name("/Metadata")] = content
    writer.update_root()


def information_is_font(writer):
    font = page(writer)[1]["/Resources"]["/Font"].raw_get("/F1")
    writer.set_info(font)


def field_at(place, change):
    def changed(writer):
        listed = writer.root["/AcroForm"]["/Fields"]
        change(writer, listed[place])
        writer.mark_update(listed.raw_get(place))
    return changed


def new_look(writer, field):
    field[pdf_name("/AP")] = DICT({pdf_name("/N"): writer.add_object(look(b"BT (99) Tj ET"))})


def in_place_look(writer):
    within = writer.root["/AcroForm"]["/Fields"][0]["/AP"].raw_get("/N")
    inside = within.get_object()
    inside._data, inside._encoded_data = b"BT (99) Tj ET", None
    writer.mark_update(within)


def face_of_look(writer):
    """The appearance has a face of its own."""
    listed = writer.root["/AcroForm"]["/Fields"]
    font = writer.add_object(DICT({
        pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
        pdf_name("/BaseFont"): pdf_name("/Helvetica")}))
    inside = look(b"BT /F 9 Tf (07) Tj ET", Resources=DICT({
        pdf_name("/Font"): DICT({pdf_name("/F"): font})}))
    listed[0][pdf_name("/AP")] = DICT({pdf_name("/N"): writer.add_object(inside)})
    listed[0][pdf_name("/V")] = pdf_string("07")
    writer.mark_update(listed.raw_get(0))


def new_face(writer):
    inside = writer.root["/AcroForm"]["/Fields"][0]["/AP"]["/N"]
    font = inside["/Resources"]["/Font"].raw_get("/F")
    font.get_object()[pdf_name("/BaseFont")] = pdf_name("/Symbol")
    writer.mark_update(font)


def one_look_for_both(writer):
    listed = writer.root["/AcroForm"]["/Fields"]
    both = writer.add_object(look(b"BT (07) Tj ET"))
    for place in range(2):
        listed[place][pdf_name("/AP")] = DICT({pdf_name("/N"): both})
        listed[place][pdf_name("/V")] = pdf_string("07")
        writer.mark_update(listed.raw_get(place))


def set_of_field(key, value):
    return lambda writer, field: field.__setitem__(pdf_name(key), value)


def set_of_form(**more):
    def change(writer):
        form = writer.root["/AcroForm"]
        for key, value in more.items():
            form[pdf_name("/" + key)] = value
        writer.update_container(form["/Fields"])
        if isinstance(writer.root.raw_get("/AcroForm"), generic.IndirectObject):
            writer.mark_update(writer.root.raw_get("/AcroForm"))
        else:
            writer.update_root()
    return change


def signature_widget(writer):
    """A field for a signature over the whole page, which shows something else."""
    own, found = page(writer)
    inside = look(b"1 1 1 rg 0 0 595 842 re f " + EVIL)
    return writer.add_object(DICT({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Sig"), pdf_name("/T"): pdf_string("Cover"),
        pdf_name("/F"): NUMBER(4), pdf_name("/P"): own, pdf_name("/Rect"): numbers(0, 0, 595, 842),
        pdf_name("/AP"): DICT({pdf_name("/N"): writer.add_object(inside)})}))


def to_form(writer, field):
    form = writer.root["/AcroForm"]
    form["/Fields"].append(field)
    writer.update_container(form["/Fields"])


def to_page(writer, field):
    own, found = page(writer)
    known = found.get("/Annots", ARRAY())
    found[pdf_name("/Annots")] = ARRAY([*(known.raw_get(place) for place in range(len(known))), field])
    writer.mark_update(own)


def cover(writer):
    field = signature_widget(writer)
    to_form(writer, field)
    to_page(writer, field)


def without_page(document, spec):
    """An empty field that does not say on which page it is."""
    def change(writer):
        fields.append_signature_field(writer, spec)
        listed = writer.root["/AcroForm"]["/Fields"]
        del listed[0]["/P"]
    return update(document, change)


def waiting_cover(writer):
    """The covering field is in the form, but not on the page yet."""
    with_form(writer, signature_widget(writer))


def show_cover(writer):
    to_page(writer, writer.root["/AcroForm"]["/Fields"].raw_get(0))


def look_of(subtype, **more):
    """An annotation whose look is an object of its own."""
    def change(writer):
        own, found = page(writer)
        note = writer.add_object(DICT({
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype),
            pdf_name("/Rect"): numbers(0, 0, 500, 800),
            pdf_name("/AP"): DICT({pdf_name("/N"): writer.add_object(look())})} | more))
        found[pdf_name("/Annots")] = ARRAY([note])
        writer.mark_update(own)
    return change


def other_look(place):
    def change(writer):
        within = page(writer)[1]["/Annots"][place]["/AP"].raw_get("/N")
        within.get_object()._data, within.get_object()._encoded_data = EVIL, None
        writer.mark_update(within)
    return change


def look_in_page(writer):
    """The look of the field is drawn by the page, too."""
    own, found, content = contents(writer)
    field = writer.root["/AcroForm"]["/Fields"][0]
    found["/Resources"][pdf_name("/XObject")] = DICT({
        pdf_name("/X"): field["/AP"].raw_get("/N")})
    writer.mark_update(own)


def another_widget(writer, field):
    """The field is seen at another place."""
    field[pdf_name("/Kids")] = ARRAY([writer.add_object(DICT({
        pdf_name("/Subtype"): pdf_name("/Widget"), pdf_name("/Rect"): numbers(0, 0, 500, 800),
        pdf_name("/AP"): DICT({pdf_name("/N"): writer.add_object(look(EVIL))})}))])


def direct_field():
    """The field that has the value is written into the list, only its widget is an object."""
    form = (b"<</Fields[6 0 R<</FT/Tx/T(number)/V(%s)/Kids[4 0 R]>>]/SigFlags 3"
            b"/NeedAppearances true>>")
    signed = sign(streamed({
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R 6 0 R]>>",
        4: b"<</Type/Annot/Subtype/Widget/Rect[72 600 200 620]/F 4/DA(/F1 12 Tf 0 g)>>",
        5: form % b"07",
        6: b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Leader)/Rect[0 0 0 0]/F 132/P 3 0 R>>"}, {}),
                  certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    return append_streamed(signed, {5: form % b"99"})


def cut_by_length():
    """The length of the contents is an object of its own, which is changed."""
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    shown = b"BT /F1 18 Tf 72 720 Td (Ket qua) Tj ET"
    document = streamed({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources" + font + b">>",
        4: b"<</Length 5 0 R>>\nstream\n" + shown + b"\nendstream", 5: b"%d" % len(shown)}, {})
    return sign(document)


def attacks():
    plain, form = base(), base(form=True)
    fonts = DICT({pdf_name("/Font"): DICT({pdf_name("/F1"): DICT({
        pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
        pdf_name("/BaseFont"): pdf_name("/Symbol")})})})
    lock = SigFieldSpec("Leader", field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, ["number"]))
    nothing = {"certify": True, "docmdp_permissions": MDPPerm.NO_CHANGES}
    seven = update(form, fill("number", "07"))
    locked = sign(seven, spec=lock)
    # A locked field looks otherwise.
    yield "attack-lock-look-in-place", update(locked, in_place_look)
    yield "attack-lock-look", update(locked, field_at(0, new_look))
    yield "attack-lock-hidden", update(locked, field_at(0, set_of_field("/F", NUMBER(2))))
    yield "attack-lock-read-only", update(locked, field_at(0, set_of_field("/Ff", NUMBER(1))))
    yield "attack-lock-letters", update(locked, set_of_form(
        DA=pdf_string("/F9 1 Tf"), NeedAppearances=generic.BooleanObject(True)))
    yield "attack-lock-faces", update(locked, set_of_form(DR=fonts))
    yield "attack-lock-shared-look", update(
        sign(update(form, one_look_for_both), spec=lock), in_place_look)
    yield "attack-lock-face-of-look", update(sign(update(form, face_of_look), spec=lock), new_face)
    yield "attack-lock-covered", sign(locked, CLERK, "Seal", spec=SigFieldSpec(
        "Seal", box=(60, 590, 210, 630)))
    yield "fill-face-of-look", update(sign(update(form, face_of_look)), new_face)
    yield "fill-look-in-place", update(sign(seven), in_place_look)
    yield "attack-final-faces", update(sign(seven, **nothing), set_of_form(
        DR=fonts, NeedAppearances=generic.BooleanObject(True)))
    yield "attack-direct-field", direct_field()
    # What was not there comes into being.
    yield "attack-undefined", append(sign(update(plain, refer_to(900))), {900: stream(EVIL)})
    hidden = sign(update(plain, hidden_object))
    number = int(hidden[:hidden.index(b" 1 R")].split()[-1])
    yield "attack-generation", append(hidden, {number: stream(EVIL)}, [(number, 1)])
    yield "attack-generation-in-place", append(hidden, {number: stream(b"BT ET")})
    # An object with two roles.
    yield "attack-value-is-content", update(sign(update(plain, value_is_content)), replace_content)
    field = sign(update(plain, field_is_content))
    content = PdfFileReader(io.BytesIO(field)).root["/Pages"]["/Kids"][0].raw_get("/Contents")
    yield "attack-field-is-content", append(field, {
        content.idnum: stream(EVIL, b"/FT/Tx/T(number)/V(x)")})
    both = sign(update(plain, fields_are_contents))
    listed = PdfFileReader(io.BytesIO(both)).root["/AcroForm"].raw_get("/Fields")
    known = b" ".join(b"%d 0 R" % listed.get_object().raw_get(place).idnum
                      for place in range(len(listed.get_object())))
    yield "attack-fields-are-contents", append(both, {
        listed.idnum: b"[%s 900 0 R]" % known, 900: stream(EVIL, b"/FT/Sig/T(Other)")})
    yield "attack-field-is-resources", update(sign(update(plain, field_is_resources)), new_value)
    yield "attack-store-is-content", update(sign(update(plain, content_in(
        "/DSS", lambda listed: DICT({pdf_name("/Certs"): listed})))), evil_contents)
    yield "attack-metadata-is-content", update(
        sign(update(plain, metadata_is_content)), replace_content)
    yield "attack-information-is-font", update(sign(update(plain, information_is_font)), change_font)
    yield "attack-length", append_streamed(cut_by_length(), {5: b"9"})
    yield "attack-look-in-page", update(sign(update(seven, look_in_page)), in_place_look)
    # Others.
    signed = sign(plain)
    shown = PdfFileReader(io.BytesIO(signed)).root["/Pages"]["/Kids"][0].raw_get("/Contents")
    yield "attack-freed", append(signed, {}, freed=[shown.idnum])
    yield "attack-null", append(signed, {shown.idnum: b"null"})
    field = PdfFileReader(io.BytesIO(signed)).root["/AcroForm"]["/Fields"].raw_get(0)
    yield "attack-root", append(signed, {
        900: b"<</Type/Catalog/Pages 901 0 R/AcroForm<</Fields[%d 0 R]/SigFlags 3>>>>" % field.idnum,
        901: b"<</Type/Pages/Count 1/Kids[902 0 R]>>",
        902: b"<</Type/Page/Parent 901 0 R/MediaBox[0 0 595 842]>>"}, root=900)
    yield "attack-annotation-look", update(sign(update(plain, look_of("/Stamp"))), other_look(0))
    seen = SigFieldSpec("Leader", box=(300, 100, 500, 200))
    yield "attack-signature-look", update(sign(plain, spec=seen), other_look(0))
    yield "attack-another-widget", update(sign(seven), field_at(0, another_widget))
    # Containers.
    for name, head in (("typed", b"/Type/ObjStm"), ("untyped", b"")):
        yield f"attack-object-stream-{name}", in_object_stream(head)
    # Fields over the page.
    covering = SigFieldSpec("Cover", box=(0, 0, 595, 842))
    small = SigFieldSpec("Seal", box=(60, 590, 210, 630))
    yield "attack-cover", update(sign(plain), cover)
    yield "attack-cover-certified", update(sign(plain, certify=True), cover)
    yield "attack-cover-signed", sign(sign(plain), CLERK, "Cover", spec=covering)
    yield "attack-cover-certified-signed", sign(
        sign(plain, certify=True), CLERK, "Seal", spec=small)
    yield "attack-cover-waiting", update(sign(update(plain, waiting_cover)), show_cover)
    yield "field-without-page", sign(sign(without_page(plain, small)), CLERK, "Seal")
    yield "later-marked", update(sign(plain), root_key("/MarkInfo", DICT({
        pdf_name("/Marked"): generic.BooleanObject(True)})))
    yield "certified-empty-field", sign(
        sign(empty_field(plain, small), certify=True), CLERK, "Seal")


# Judgement.

def usage(certificate):
    """A certificate that names purposes must name one for documents."""
    named = certificate.extended_key_usage_value
    open_to_all = named is None or "any_extended_key_usage" in named.native
    return KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False,
        extd_key_usage=None if open_to_all else {
            "email_protection", "1.3.6.1.5.5.7.3.36", "microsoft_document_signing"})


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


def status_of(signature, reader, lists, answers, moment, later):
    stamps = context(reader, lists, answers, later or NOW)
    if signature.sig_object.get("/Type") == "/DocTimeStamp":
        return validate_pdf_timestamp(signature, stamps)
    return validate_pdf_signature(signature, context(reader, lists, answers, moment), stamps,
                                  key_usage_settings=usage(signature.signer_cert))


def judge_one(signature, reader, lists, answers, proven):
    said = {"field": signature.field_name}
    stamp = signature.sig_object.get("/Type") == "/DocTimeStamp"
    try:
        status = status_of(signature, reader, lists, answers, proven or NOW, proven)
        attached = None if stamp else status.timestamp_validity
        stamped = attached is not None and attached.valid and attached.trusted
        if stamped and (proven is None or attached.timestamp < proven):
            status = status_of(signature, reader, lists, answers, attached.timestamp,
                               proven)
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
        for name, document, *material in itertools.chain(cases(), attacks()):
            lists, answers = (material + [[], []])[:2]
            (folder / f"{name}.pdf").write_bytes(document)
            parts(folder / "parts", name, document, [*lists, *answers])
            given = {"name": name, "lists": [one.hex() for one in lists],
                     "answers": [one.hex() for one in answers]}
            print(json.dumps(given | judge(document, lists, answers)), file=verdicts)


if __name__ == "__main__":
    main()
