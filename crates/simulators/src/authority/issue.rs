//! How the test authority certifies.

use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
    date_time_ymd,
};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::status::Revoked;
use super::{Clock, Identity, KeyKind, now, other, since_1970};

/// One day.
const DAY: Duration = Duration::from_hours(24);
/// Object identifier of the address of the responder and of the issuer.
const AUTHORITY_ACCESS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 1];
/// A responder's own certificate is not asked about.
const NO_CHECK: [u64; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 5];

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signatures of a person or of an agency.
    Signature,
    /// Time stamps.
    TimeStamps,
    /// Answers about revocation.
    Revocation,
}

/// Whom a certificate names, and how long it is good.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Common name.
    pub name: String,
    /// Organisation; none when empty.
    pub organisation: String,
    /// Personal or agency number; none when empty.
    pub number: String,
    /// What for.
    pub purpose: Purpose,
    /// The first moment.
    pub from: SystemTime,
    /// The last moment.
    pub until: SystemTime,
}

impl Subject {
    /// A name with a purpose, good from yesterday for a year.
    pub fn new(name: &str, purpose: Purpose) -> Self {
        let from = now().checked_sub(DAY).unwrap_or(SystemTime::UNIX_EPOCH);
        Self {
            name: name.to_owned(),
            organisation: String::new(),
            number: String::new(),
            purpose,
            from,
            until: from.checked_add(DAY.saturating_mul(365)).unwrap_or(from),
        }
    }
}

/// The root and the intermediate.
#[derive(Debug)]
pub struct Authority {
    name: String,
    /// Where certificates say that they can be asked about, as `http://127.0.0.1:1`; nowhere when none.
    pub address: Option<String>,
    pub(super) root: Identity,
    pub(super) intermediate: Identity,
    pub(super) revoked: Mutex<Vec<Revoked>>,
    pub(crate) clock: Clock,
}

impl Authority {
    /// A new authority with that name.
    ///
    /// # Errors
    /// When a key cannot be made.
    pub fn generate(name: &str, address: Option<&str>) -> io::Result<Self> {
        let (root, intermediate) = (params_of(name, Level::Root)?, KeyPair::generate());
        let key = KeyPair::generate().map_err(other)?;
        let own = root.self_signed(&key).map_err(other)?.der().to_vec();
        let root_identity = Identity {
            key,
            chain: vec![own.clone()],
        };
        let intermediate = intermediate.map_err(other)?;
        let mut params = params_of(name, Level::Intermediate)?;
        place(&mut params, address, Level::Root);
        let issuer = Issuer::from_params(&root, &root_identity.key);
        let signed = params.signed_by(&intermediate, &issuer).map_err(other)?;
        Ok(Self {
            name: name.to_owned(),
            address: address.map(str::to_owned),
            root: root_identity,
            intermediate: Identity {
                key: intermediate,
                chain: vec![signed.der().to_vec(), own],
            },
            revoked: Mutex::default(),
            clock: now,
        })
    }

    /// The same by another clock than the machine's.
    #[must_use]
    pub fn by_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The authority kept in that folder; one is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn open(folder: &Path, name: &str, address: Option<&str>) -> io::Result<Self> {
        let kept = folder.join("authority.name");
        if !kept.exists() {
            let new = Self::generate(name, address)?;
            new.root.save(folder, "root")?;
            new.intermediate.save(folder, "intermediate")?;
            std::fs::write(&kept, name)?;
            return Ok(new);
        }
        Ok(Self {
            name: std::fs::read_to_string(&kept)?,
            address: address.map(str::to_owned),
            root: Identity::load(folder, "root")?,
            intermediate: Identity::load(folder, "intermediate")?,
            revoked: Mutex::default(),
            clock: now,
        })
    }

    /// The certificate kept in that folder under `file`; one is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn kept(&self, folder: &Path, file: &str, subject: &Subject) -> io::Result<Identity> {
        if folder.join(format!("{file}.key")).exists() {
            return Identity::load(folder, file);
        }
        let new = self.issue(subject, &KeyKind::P256)?;
        new.save(folder, file)?;
        Ok(new)
    }

    /// Certifies a new key, or the given one.
    ///
    /// # Errors
    /// When the key cannot be read or made.
    pub fn issue(&self, subject: &Subject, key: &KeyKind) -> io::Result<Identity> {
        let key = match key {
            KeyKind::P256 => KeyPair::generate(),
            KeyKind::Given(pem) => KeyPair::from_pem(pem),
        };
        let key = key.map_err(other)?;
        let mut params = params_for(subject)?;
        if subject.purpose != Purpose::Revocation {
            place(&mut params, self.address.as_deref(), Level::Intermediate);
        }
        let above = params_of(&self.name, Level::Intermediate)?;
        let issuer = Issuer::from_params(&above, &self.intermediate.key);
        let signed = params.signed_by(&key, &issuer).map_err(other)?;
        let above = self.intermediate.chain.iter().cloned();
        Ok(Identity {
            key,
            chain: std::iter::once(signed.der().to_vec())
                .chain(above)
                .collect(),
        })
    }

    /// The root, which trust starts from, in DER.
    pub fn root(&self) -> &[u8] {
        self.root
            .chain
            .first()
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The issuer of everybody's certificates, in DER.
    pub fn intermediate(&self) -> &[u8] {
        let own = self.intermediate.chain.first();
        own.map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn params(&self, level: Level) -> io::Result<CertificateParams> {
        params_of(&self.name, level)
    }
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Root,
    Intermediate,
}

fn base(name: &str) -> io::Result<CertificateParams> {
    let mut serial = [0_u8; 12];
    SystemRandom::new().fill(&mut serial).map_err(other)?;
    // Neither negative nor with a leading zero, so that it reads the same everywhere.
    serial[0] = (serial[0] & 0x3f) | 0x40;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let mut push = |kind, value: &str| params.distinguished_name.push(kind, value);
    push(DnType::CountryName, "VN");
    push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn params_of(name: &str, level: Level) -> io::Result<CertificateParams> {
    let (name, depth) = match level {
        Level::Root => (format!("{name} (root)"), 1),
        Level::Intermediate => (name.to_owned(), 0),
    };
    let mut params = base(&name)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(depth));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    Ok(params)
}

fn params_for(subject: &Subject) -> io::Result<CertificateParams> {
    let mut params = base(&subject.name)?;
    let named = &mut params.distinguished_name;
    if !subject.organisation.is_empty() {
        named.push(DnType::OrganizationName, subject.organisation.as_str());
    }
    if !subject.number.is_empty() {
        let user = DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 1]);
        named.push(user, subject.number.as_str());
    }
    let epoch = date_time_ymd(1970, 1, 1);
    params.not_before = epoch + since_1970(subject.from);
    params.not_after = epoch + since_1970(subject.until);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
    ];
    match subject.purpose {
        Purpose::Signature => {}
        Purpose::TimeStamps => params.custom_extensions.push(critical_time_stamping()),
        Purpose::Revocation => {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
            let null = vec![5, 0];
            let no_check = CustomExtension::from_oid_content(&NO_CHECK, null);
            params.custom_extensions.push(no_check);
        }
    }
    Ok(params)
}

/// RFC 3161 wants the one extended usage of a time-stamp key to be critical.
fn critical_time_stamping() -> CustomExtension {
    let usage = vec![0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 8];
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], usage);
    extension.set_criticality(true);
    extension
}

/// Says in the certificate where its state is told; `issuer` is who signs it.
fn place(params: &mut CertificateParams, address: Option<&str>, issuer: Level) {
    let Some(address) = address else {
        return;
    };
    let name = match issuer {
        Level::Root => "root",
        Level::Intermediate => "intermediate",
    };
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![format!("{address}/crl/{name}.crl")],
    }];
    let responder = access(1, &format!("{address}/ocsp"));
    let issuer = access(2, &format!("{address}/ca/{name}.cer"));
    let content = sequence(&[responder, issuer].concat());
    let access = CustomExtension::from_oid_content(&AUTHORITY_ACCESS, content);
    params.custom_extensions.push(access);
}

/// An access description: method 1 is the responder, 2 the issuer's certificate.
fn access(method: u8, uri: &str) -> Vec<u8> {
    let method = [6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, method];
    let uri = tagged(0x86, uri.as_bytes());
    sequence(&[method.as_slice(), &uri].concat())
}

fn sequence(content: &[u8]) -> Vec<u8> {
    tagged(0x30, content)
}

/// DER of less than 64 KiB.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    let [high, low] = length.to_be_bytes();
    let mut der = match (high, low) {
        (0, low @ ..0x80) => vec![tag, low],
        (0, low) => vec![tag, 0x81, low],
        (high, low) => vec![tag, 0x82, high, low],
    };
    der.extend_from_slice(content);
    der
}
