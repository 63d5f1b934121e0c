//! The trust list: anchors as data, in a file of PEM certificates with comments before each.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use x509_cert::Certificate;
use x509_cert::der::Decode;

/// Which root an anchor stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The national root of public certification services (NEAC).
    National,
    /// The root of the specialised service of the government (Ban Cơ yếu).
    Government,
    /// Trusted by this operator for something else, such as the demonstration.
    Other,
}

/// A certificate that is trusted by itself.
#[derive(Clone, Debug)]
pub struct Anchor {
    pub name: String,
    pub root: Root,
    /// DER.
    pub certificate: Vec<u8>,
}

/// The anchors on which validation rests.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    pub anchors: Vec<Anchor>,
}

/// A trust list that cannot be read; the number is that of the certificate, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("certificate {0} of the trust list cannot be read")]
pub struct BadTrust(pub usize);

impl Trust {
    /// Reads a trust list. Before a certificate, `# name: …` and `# root: national` or
    /// `government` say what it is; without them it is nameless and of another root.
    pub fn parse(text: &str) -> Result<Self, BadTrust> {
        let mut anchors = Vec::new();
        let (mut name, mut root) = (String::new(), Root::Other);
        let mut block = String::new();
        for line in text.lines() {
            if let Some(said) = line.strip_prefix("# name:") {
                said.trim().clone_into(&mut name);
            } else if let Some(said) = line.strip_prefix("# root:") {
                root = Root::named(said.trim()).ok_or(BadTrust(anchors.len() + 1))?;
            } else if !line.starts_with('#') {
                block.push_str(line);
                block.push('\n');
            }
            if line.starts_with("-----END") {
                let certificate = certificate(&block).ok_or(BadTrust(anchors.len() + 1))?;
                let name = std::mem::take(&mut name);
                anchors.push(Anchor {
                    name,
                    root,
                    certificate,
                });
                root = Root::Other;
                block.clear();
            }
        }
        if block.trim().is_empty() {
            Ok(Self { anchors })
        } else {
            Err(BadTrust(anchors.len() + 1))
        }
    }
}

impl Root {
    fn named(name: &str) -> Option<Self> {
        match name {
            "national" => Some(Self::National),
            "government" => Some(Self::Government),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}

fn certificate(block: &str) -> Option<Vec<u8>> {
    let der = CertificateDer::from_pem_slice(block.as_bytes()).ok()?;
    Certificate::from_der(&der).ok()?;
    Some(der.to_vec())
}
