//! A certification authority for tests: root, intermediate, signers, time stamps, revocation. It
//! answers on loopback through `openssl`, which is not ours.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RevocationReason, RevokedCertParams, SerialNumber,
    date_time_ymd,
};

use crate::tools::{self, path};

/// How a signer's key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Rsa,
    Ec,
}

/// When a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Now,
    /// Ended in 2021.
    Past,
    /// Begins in 2040.
    Future,
}

/// Where a certificate says that its revocation is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Nowhere,
    ByList,
    ByResponder,
    /// A responder at that port of this machine, and the list.
    AtOrByList(u16),
}

/// A certificate, its key, and the way to the root.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    /// The key in PKCS #8, DER.
    pub(crate) key: Vec<u8>,
    /// The certificate and the intermediate's, in DER.
    pub(crate) chain: Vec<Vec<u8>>,
    serial: u64,
}

impl Issued {
    pub(crate) fn certificate(&self) -> &[u8] {
        self.chain.first().unwrap()
    }
}

/// The authority; its responder ends with the process.
pub(crate) struct Authority {
    folder: PathBuf,
    root: Ca,
    intermediate: Arc<Ca>,
    address: String,
    revoked: Arc<Mutex<Vec<u64>>>,
}

struct Ca {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
}

static SERIAL: AtomicU64 = AtomicU64::new(0x1000);

impl Authority {
    /// A new authority of that name, with its own folder.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("authority")
            .join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(folder.join("roots")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let root = ca(&format!("Root {name}"), None, Vec::new());
        let told = vec![point(&address, "root")];
        let intermediate = Arc::new(ca(&format!("CA {name}"), Some(&root), told));
        let authority = Self {
            folder,
            root,
            intermediate,
            address,
            revoked: Arc::default(),
        };
        authority.write("roots/root.der", &authority.root.der);
        authority.prepare_services();
        authority.answer(listener);
        authority
    }

    /// The folder that holds the root's certificate in DER.
    pub(crate) fn roots(&self) -> PathBuf {
        self.folder.join("roots")
    }

    pub(crate) fn root(&self) -> &[u8] {
        &self.root.der
    }

    /// Where time stamps are given.
    pub(crate) fn stamps(&self) -> String {
        format!("{}/tsa", self.address)
    }

    /// A signer's certificate.
    pub(crate) fn issue(&self, name: &str, kind: Kind, term: Term, told: Told) -> Issued {
        let key = self.key(kind);
        let mut params = params(name, term);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
        ];
        match told {
            Told::Nowhere => {}
            Told::ByList => params.crl_distribution_points = vec![point(&self.address, "ca")],
            Told::ByResponder => {
                params.custom_extensions = vec![access(&format!("{}/ocsp", self.address))];
            }
            Told::AtOrByList(port) => {
                params.custom_extensions = vec![access(&format!("http://127.0.0.1:{port}/"))];
                params.crl_distribution_points = vec![point(&self.address, "ca")];
            }
        }
        self.sign(params, &key)
    }

    /// Revokes a certificate in lists and answers to come.
    pub(crate) fn revoke(&self, issued: &Issued) {
        self.revoked.lock().unwrap().push(issued.serial);
    }

    /// Revokes so many more that nobody has.
    pub(crate) fn revoke_many(&self, count: u64) {
        let serials = 0x1000_0000..0x1000_0000 + count;
        self.revoked.lock().unwrap().extend(serials);
    }

    /// A certificate of the intermediate's name with another key.
    pub(crate) fn namesake(&self) -> Vec<u8> {
        let name = self.folder.file_name().unwrap().to_str().unwrap();
        ca(&format!("CA {name}"), None, Vec::new()).der
    }

    /// The intermediate's list now.
    pub(crate) fn list(&self) -> Vec<u8> {
        list(&self.intermediate, &self.revoked.lock().unwrap())
    }

    fn key(&self, kind: Kind) -> KeyPair {
        match kind {
            Kind::Ec => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
            Kind::Rsa => {
                let nth = SERIAL.fetch_add(1, Ordering::Relaxed);
                let text = self.folder.join(format!("rsa-{nth}.pem"));
                let file = text.with_extension("der");
                let made = [
                    "genpkey",
                    "-quiet",
                    "-algorithm",
                    "RSA",
                    "-out",
                    path(&text),
                ];
                tools::run("openssl", &made);
                let plain = [
                    "pkcs8",
                    "-topk8",
                    "-nocrypt",
                    "-outform",
                    "DER",
                    "-in",
                    path(&text),
                    "-out",
                    path(&file),
                ];
                tools::run("openssl", &plain);
                let der = fs::read(&file).unwrap();
                KeyPair::from_pkcs8_der_and_sign_algo(&der.into(), &PKCS_RSA_SHA256).unwrap()
            }
        }
    }

    fn sign(&self, mut params: CertificateParams, key: &KeyPair) -> Issued {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        params.serial_number = Some(serial.into());
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(key, &self.intermediate.issuer).unwrap();
        Issued {
            key: key.serialize_der(),
            chain: vec![certificate.der().to_vec(), self.intermediate.der.clone()],
            serial,
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.folder.join(name);
        fs::write(&file, bytes).unwrap();
        file
    }

    /// Keys and files for `openssl ts` and `openssl ocsp`.
    fn prepare_services(&self) {
        for (name, usage) in [
            ("tsa", ExtendedKeyUsagePurpose::TimeStamping),
            ("ocsp", ExtendedKeyUsagePurpose::OcspSigning),
        ] {
            let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
            let mut params = params(&format!("Service {name}"), Term::Now);
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.extended_key_usages = vec![usage];
            if name == "tsa" {
                let mut critical = time_stamping();
                critical.set_criticality(true);
                params.extended_key_usages.clear();
                params.custom_extensions.push(critical);
                params.crl_distribution_points = vec![point(&self.address, "ca")];
            } else {
                // id-pkix-ocsp-nocheck: who answers on revocation is not asked about.
                let nocheck =
                    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], vec![5, 0]);
                params.custom_extensions.push(nocheck);
            }
            let issued = self.sign(params, &key);
            self.write(&format!("{name}.key"), key.serialize_pem().as_bytes());
            self.write(&format!("{name}.pem"), pem(issued.certificate()).as_bytes());
        }
        self.write("ca.pem", pem(&self.intermediate.der).as_bytes());
        self.write("tsa.serial", b"01");
        let settings = format!(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = {0}/tsa.serial\nsigner_cert = {0}/tsa.pem\n\
             certs = {0}/ca.pem\nsigner_key = {0}/tsa.key\nsigner_digest = sha256\n\
             default_policy = 1.2.3.4.1\ndigests = sha256\nordering = yes\n\
             ess_cert_id_alg = sha256\naccuracy = secs:1\n",
            self.folder.display()
        );
        self.write("tsa.cnf", settings.as_bytes());
    }

    fn answer(&self, listener: TcpListener) {
        let folder = self.folder.clone();
        let revoked = Arc::clone(&self.revoked);
        let root = list(&self.root, &[]);
        let intermediate = Arc::clone(&self.intermediate);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some((path, body)) = request(&stream) else {
                    continue;
                };
                let revoked = revoked.lock().unwrap().clone();
                let answer = match path.as_str() {
                    "/tsa" => Some(stamp(&folder, &body)),
                    "/ocsp" => Some(ocsp(&folder, &body, &revoked)),
                    "/root.crl" => Some(root.clone()),
                    "/ca.crl" => Some(list(&intermediate, &revoked)),
                    _ => None,
                };
                let kind = match path.as_str() {
                    "/tsa" => "application/timestamp-reply",
                    _ => "application/octet-stream",
                };
                reply(stream, (kind, answer));
            }
        });
    }
}

fn ca(name: &str, above: Option<&Ca>, points: Vec<CrlDistributionPoint>) -> Ca {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let mut params = ca_params(name);
    params.crl_distribution_points = points;
    params.serial_number = Some(SERIAL.fetch_add(1, Ordering::Relaxed).into());
    params.use_authority_key_identifier_extension = above.is_some();
    let certificate = match above {
        Some(above) => params.signed_by(&key, &above.issuer),
        None => params.self_signed(&key),
    };
    Ca {
        der: certificate.unwrap().der().to_vec(),
        issuer: Issuer::new(params, key),
    }
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = params(name, Term::Now);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn params(name: &str, term: Term) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "VN");
    params.distinguished_name.push(DnType::CommonName, name);
    let (from, to) = match term {
        Term::Now => (2025, 2045),
        Term::Past => (2020, 2021),
        Term::Future => (2040, 2045),
    };
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    params
}

fn point(address: &str, name: &str) -> CrlDistributionPoint {
    CrlDistributionPoint {
        uris: vec![format!("{address}/{name}.crl")],
    }
}

/// Authority information access: the responder's address.
fn access(uri: &str) -> CustomExtension {
    let method = [6, 8, 0x2B, 6, 1, 5, 5, 7, 0x30, 1];
    let name = [&[0x86, u8::try_from(uri.len()).unwrap()], uri.as_bytes()].concat();
    let way = sequence(&[&method[..], &name].concat());
    CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], sequence(&way))
}

/// The only usage of a time-stamp authority's key, which RFC 3161 wants critical.
fn time_stamping() -> CustomExtension {
    let usage = sequence(&[6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 8]);
    CustomExtension::from_oid_content(&[2, 5, 29, 37], usage)
}

fn sequence(content: &[u8]) -> Vec<u8> {
    [&[0x30, u8::try_from(content.len()).unwrap()], content].concat()
}

fn list(ca: &Ca, revoked: &[u64]) -> Vec<u8> {
    let revoked = revoked.iter().map(|serial| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2026, 1, 2),
        reason_code: Some(RevocationReason::KeyCompromise),
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 1, 3),
        next_update: date_time_ymd(2044, 1, 1),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    params.signed_by(&ca.issuer).unwrap().der().to_vec()
}

fn stamp(folder: &Path, query: &[u8]) -> Vec<u8> {
    let (asked, answer) = (folder.join("tsa.tsq"), folder.join("tsa.tsr"));
    fs::write(&asked, query).unwrap();
    let settings = folder.join("tsa.cnf");
    let arguments = [
        "ts",
        "-reply",
        "-config",
        path(&settings),
        "-queryfile",
        path(&asked),
        "-out",
        path(&answer),
    ];
    tools::run("openssl", &arguments);
    fs::read(answer).unwrap()
}

fn ocsp(folder: &Path, query: &[u8], revoked: &[u64]) -> Vec<u8> {
    let (asked, answer, index) = (
        folder.join("ocsp.req"),
        folder.join("ocsp.res"),
        folder.join("index.txt"),
    );
    fs::write(&asked, query).unwrap();
    let line = |serial: u64| {
        let (state, at) = if revoked.contains(&serial) {
            ("R", "260102000000Z")
        } else {
            ("V", "")
        };
        format!("{state}\t450101000000Z\t{at}\t{serial:04X}\tunknown\t/CN={serial}\n")
    };
    let lines: String = (0x1000..SERIAL.load(Ordering::Relaxed)).map(line).collect();
    fs::write(&index, lines).unwrap();
    let file = |name: &str| path(&folder.join(name)).to_owned();
    let arguments = [
        "ocsp",
        "-index",
        path(&index),
        "-CA",
        &file("ca.pem"),
        "-rsigner",
        &file("ocsp.pem"),
        "-rkey",
        &file("ocsp.key"),
        "-reqin",
        path(&asked),
        "-respout",
        path(&answer),
        "-ndays",
        "7",
    ];
    tools::run("openssl", &arguments);
    fs::read(answer).unwrap()
}

fn request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first.split(' ').nth(1)?.to_owned(), body))
}

fn reply(mut stream: TcpStream, (kind, answer): (&str, Option<Vec<u8>>)) {
    let (status, body) = answer.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever went away does not want the answer.
    let _ = stream.write_all(&[head.into_bytes(), body].concat());
}

pub(crate) fn pem(der: &[u8]) -> String {
    let text = base64(der);
    let lines = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned());
    let lines: Vec<String> = lines.collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
