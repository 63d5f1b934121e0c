"""Seeds for the fuzz targets: signed PDFs of every kind, and what the other parsers read.

Usage: seeds.py FOLDER

Beside what signed.py writes, each target that reads no documents has a folder of its name. In the
folder `known` are a certificate, its key and its issuer, made for this run.
"""

import base64
import gzip
import json
import pathlib
import sys
import zlib

import signed
from asn1crypto import algos, cms, pem, tsp
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# What the target of time stamps asks for.
DIGEST = b"d" * 32
NONCE = int.from_bytes(b"A" * 8, "big")
ROOT = pathlib.Path(__file__).resolve().parents[4]


def text(der):
    return base64.b64encode(der).decode()


def stamps():
    def asked(nonce=NONCE, digest=DIGEST):
        imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                   "hashed_message": digest}
        return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce,
                                 "cert_req": True})

    for name, who in (("good", signed.TSA), ("other", signed.OTHER_TSA),
                      ("no-stamping", signed.PLAIN_TSA)):
        yield name, signed.stamper(who).request_tsa_response(asked()).dump()
    yield "nonce", signed.stamper().request_tsa_response(asked(nonce=5)).dump()
    yield "digest", signed.stamper().request_tsa_response(asked(digest=b"e" * 32)).dump()
    for status in ("rejection", "waiting"):
        told = tsp.PKIStatusInfo({
            "status": status, "status_string": ["not now"], "fail_info": {"bad_alg"}}).dump()
        yield status, b"\x30" + bytes([len(told)]) + told


def certificates():
    all_of_them = [signed.LEADER, signed.RSA, signed.P384, signed.CA, signed.TSA, signed.RESPONDER]
    for number, one in enumerate(all_of_them):
        yield f"{number}.der", one.der
    armoured = [pem.armor("CERTIFICATE", one.der) for one in all_of_them]
    yield "one.pem", armoured[0]
    yield "all.pem", b"".join(armoured)
    yield "one.txt", text(signed.CITIZEN.der).encode()
    held = cms.SignedData({
        "version": "v1", "digest_algorithms": [], "signer_infos": [],
        "encap_content_info": {"content_type": "data"},
        "certificates": [cms.CertificateChoices("certificate", one.asn1) for one in all_of_them]})
    message = cms.ContentInfo({"content_type": "signed_data", "content": held}).dump()
    yield "all.p7b", message
    yield "all.p7b.pem", pem.armor("PKCS7", message)


def revocation():
    leader, day = signed.LEADER, signed.NOW - 3 * signed.DAY
    about = [
        signed.answer(leader), signed.answer(leader, revoked=day),
        signed.answer(leader, responder=signed.CA),
        signed.answer(leader, responder=signed.FALSE_RESPONDER), signed.answer(signed.CLERK),
        signed.crl(signed.CA), signed.crl(signed.CA, [(leader, day)]),
        signed.crl(signed.CA, [(signed.CLERK, day)], since=day),
        signed.crl(signed.OTHER_CA), signed.crl(signed.CA, key=signed.OTHER_CA),
        signed.crl(signed.CA, until=signed.NOW - signed.DAY / 2),
    ]
    for number, one in enumerate(about):
        yield f"said-{number}", b"\0" + one
    for number, one in enumerate((leader, signed.RSA, signed.CA, signed.ROOT)):
        yield f"asked-{number}", b"\1" + one.der


def services():
    key, own = signed.LEADER.key, text(signed.LEADER.der)
    signatures = [text(key.sign(f"attributes of {name}".encode(), ec.ECDSA(hashes.SHA256())))
                  for name in ("one", "two")]
    login = {"access_token": "word", "expires_in": 3600}
    chain = {"certificates": [own, text(signed.CA.der)], "status": "valid", "serialNumber": "01"}
    named = [{"doc_id": f"{number}. {name}", "signature_value": one}
             for number, name, one in zip((1, 2), ("one", "two"), signatures)]
    described = {"cert_data": own, "cert_id": "a", "serial_number": "01",
                 "cert_status_code": "VALID", "chain_data": {"ca_cert": text(signed.CA.der)}}
    documents = [{"doc_id": str(number), "file_base64": text(f"%PDF-{number} more".encode())}
                 for number in (1, 2)]
    for name, whom, what, *answers in (
        ("csc-sign", 0, 0, login, {"SAD": "sad"}, {"signatures": signatures}),
        ("csc-again", 0, 0, login, {"error": "invalid_token"}, login, {"SAD": "sad"},
         {"error": "invalid_request", "error_description": "SAD expired"}, {"SAD": "sad"},
         {"signatures": signatures}),
        ("csc-locked", 0, 0, login, {"error": "invalid_pin", "error_description": "locked"}),
        ("csc-keys", 0, 3, login, {"credentialIDs": ["a"]}, {
            "cert": chain, "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"]},
            "multisign": 20, "OTP": {"presence": "true"}}),
        ("csc-code", 0, 2, login, {}),
        ("smart-sign", 1, 0, {"status_code": 200, "data": {"transaction_id": "a"}}),
        ("smart-poll", 1, 1, {"status_code": 200, "message": "SUCCESS",
                              "data": {"signatures": named}}),
        ("smart-wait", 1, 1, {"status_code": "200", "message": "PENDING", "data": None}),
        ("smart-rejected", 1, 1, {"status_code": 1, "message": "REJECTED"}),
        ("smart-keys", 1, 3, {"status_code": 0, "data": {"user_certificates": [described]}}),
        ("my-sign", 2, 0, login, {"transactionId": "a"}),
        ("my-at-once", 2, 0, login, {"transactionId": "", "signatures": signatures}),
        ("my-poll", 2, 1, login, {"status": 1, "signatures": signatures}),
        ("my-expired", 2, 1, login, {"status": "3"}),
        ("my-error", 2, 1, login, {"error": 59033}),
        ("my-keys", 2, 3, login, [{"cert": chain, "credential_id": "a"}]),
        ("gate-keys", 3, 0, {"status_code": 200, "data": {"user_certificates": [described]}}),
        ("gate-sign", 3, 1, {"status_code": 200, "data": {"signFiles": documents}}),
    ):
        told = b"\xff".join(b"\0" + json.dumps(one).encode() for one in answers)
        yield name, bytes([whom, what]) + told
    yield "services.json", json.dumps({"services": [
        {"name": "a", "service": "csc", "url": "https://a.test/csc/v1", "login": "a",
         "password": "b", "asked": {"times": 2}}]}).encode()
    for number, address in enumerate(("https://a.test/x/", "http://127.0.0.1:9/x",
                                      "http://localhost", "http://127.0.0.1@a.test")):
        yield f"address-{number}", address.encode()


def envelope():
    yield "plain", b"\x3c\1\1\1" + bytes(range(90))
    yield "long", b"\x3c\1\0\x80" + bytes(range(200))
    yield "object", b"\x3c\1\1\1" + b"MCF1" + bytes(8) + b"\x3c" + bytes(60) + bytes(40)


def texts():
    card = "038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa|01012022"
    lines = [
        card, card + "|990000017|Nguyễn Văn Ba|Lê Thị Tư", card.rsplit("|", 1)[0],
        "038199000017", "14/08/1996", "00081996", "1996", "+84 912.345-678", "1.500.000",
        "15wd", "2.5wd", "8h", "30d", "3mo", "sameday", "07:00-11:30,13:30-17:00", "08:00, 15:30",
        "12.5", "-3.0192f3a4b5c6d7e8f9000102030405ff", "5.2.d-1", "H56.14-261122-0001",
        "000.00.06.H56-231027-0361", "1.012753.H19", "KQ.G15.000031", "key-0001:a.b",
        "Hồ sơ {ma_ho_so} của Ông/Bà: hẹn trả {hen_tra} tại {don_vi}. {tra_cuu}",
        "Hồ sơ {ma_ho_so}\1Kính gửi Ông/Bà, {don_vi} đã tiếp nhận {ma_ho_so}, hẹn trả {hen_tra}.",
        "a7" * 32, "a7" * 32 + "\n" + "b8" * 32 + "\nlasting " + "c9" * 32,
        "Đặng Thị NGỌC Quỳnh", "hòa hoà e\u0302\u0301",
    ]
    for number, line in enumerate(lines):
        yield f"line-{number}", line.encode()
    for table in sorted((ROOT / "crates/domain/data").glob("*.csv")):
        yield table.name, table.read_bytes()[:8_000]
    yield "overrides.csv", "Tỉnh 1,version,–,–,–\n2026-11-24,off,Nghỉ,Closed,QĐ 1\n".encode()


def catalogue():
    with gzip.open(ROOT / "crates/app/tests/data/national-procedures-2026-07.jsonl.gz") as file:
        short = sorted(file.read().splitlines(), key=len)[:40]
    for number, line in enumerate(short):
        yield f"record-{number}", line
    lines = b"\n".join(short[:3])
    yield "three", lines
    yield "twice", b"\n".join([short[0], short[0], short[1]])
    yield "three.gz", gzip.compress(lines, mtime=0)
    yield "marked", b"\xef\xbb\xbf" + lines + b"\r\n\r\n"


def posted():
    yield "plain", "ask=1&ask=2&name=Nguy%E1%BB%85n+An&number=03%00x&_csrf=s".encode()
    yield "multipart", (
        '--motcuaboundary\r\nContent-Disposition: form-data; name="reason"\r\n\r\nRút đơn\r\n'
        '--motcuaboundary\r\nContent-Disposition: form-data; name="s1"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--motcuaboundary--\r\n").encode()
    yield "pairs", "reason\0Rút đơn\0file\0%PDF-1.7\0a\0b".encode()


def token():
    yield "made-up", b"AAGS86S1xtfo-QABAgMEBf-" + b"A" * 13
    yield "own", bytes((0, 35, 65)) + bytes.fromhex("0192f3a4b5c6d7e8f9000102030405ff")
    yield "written", bytes((1, 3, 45)) + b"0192f3a4b5c6d7e8f9000102030405ff"
    yield "short", b"\2\0=d-1"


def drawing():
    for name, kind, channels in (("grey", 0, 1), ("colour", 2, 3), ("veiled", 4, 2), ("all", 6, 4)):
        yield name, picture((40, 12), (8, kind), (b"\x10" * channels + b"\xff" * channels) * 20)
    yield "bits", picture((64, 8), (1, 0), b"\xaa" * 8)
    palette = chunk(b"PLTE", bytes(6) + b"\xff" * 6) + chunk(b"tRNS", b"\xff\0")
    yield "palette", picture((40, 12), (8, 3), b"\0\1" * 20, palette)


def chunk(name, content):
    summed = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + summed


def picture(size, kind, row, more=b""):
    head = b"".join(edge.to_bytes(4, "big") for edge in size) + bytes(kind) + bytes(3)
    lines = zlib.compress((b"\0" + row) * size[1])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", lines)
            + chunk(b"IEND", b""))


def main():
    folder = pathlib.Path(sys.argv[1])
    signed.main()
    known = folder / "known"
    known.mkdir(exist_ok=True)
    (known / "leader.der").write_bytes(signed.LEADER.der)
    (known / "issuer.der").write_bytes(signed.CA.der)
    (known / "leader.p8").write_bytes(signed.LEADER.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    for target, seeds in (
        ("stamp", stamps), ("certificates", certificates), ("revocation", revocation),
        ("services", services), ("envelope", envelope), ("texts", texts),
        ("catalogue", catalogue), ("posted", posted), ("drawing", drawing),
        ("token", token),
    ):
        (folder / target).mkdir(exist_ok=True)
        for name, content in seeds():
            (folder / target / name).write_bytes(content)


if __name__ == "__main__":
    main()
