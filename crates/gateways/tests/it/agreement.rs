//! Our verdict on signed documents of every kind is that of pyHanko, which also made them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use gateways::verify::{
    Chain, Changes, Conclusion, Coverage, Doubt, Evidence, Fault, Overall, Revocation, Root,
    Signature, Trust, Verdict, validate,
};
use jiff::Timestamp;
use serde_json::Value;

/// The fixed time of `signed.py`.
fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

/// A document, its material, and what pyHanko says.
struct Case {
    name: String,
    document: Vec<u8>,
    evidence: Evidence,
    theirs: Value,
}

/// Where we know better, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "rsa-pss-long-salt",
        "our library checks salts as long as the digest alone; we say so and do not call it wrong",
    ),
    (
        "lists-ended-revoked",
        "a revocation is not undone by the end of the list that says so",
    ),
    (
        "appended-garbage",
        "some readers find objects behind the last revision; we refuse the file",
    ),
    (
        "attack-cover",
        "an unsigned field that is seen is no signature, and shows what its maker likes",
    ),
    (
        "attack-cover-signed",
        "a signature over the whole page hides what was signed before",
    ),
    (
        "attack-final-faces",
        "new faces and values drawn anew may show other words",
    ),
    (
        "names-all-written-anew",
        "the same name in other bytes fills no field",
    ),
    (
        "stamp-two-purposes",
        "RFC 3161 wants a certificate that is for stamps alone",
    ),
    (
        "stamp-empty",
        "an attribute for a stamp without one is not the same as none",
    ),
];

/// What the comparison does not tell apart: the worst of the signatures.
const CONCLUSIONS: &[(&str, Conclusion)] = &[
    // Authorities forget certificates that have ended.
    ("ended-listed-later", Conclusion::RevocationUnknown),
    ("ended-answered-later", Conclusion::RevocationUnknown),
    ("ended-kept-too-short", Conclusion::RevocationUnknown),
    ("ended-listed-in-time", Conclusion::Valid),
    ("ended-kept-on-list", Conclusion::Valid),
    ("ended-revoked-later", Conclusion::Revoked),
    ("stamp-ended", Conclusion::Indeterminate(Doubt::TimeStamp)),
    ("stamp-ended-archived", Conclusion::Valid),
    (
        "stamp-ended-archived-late",
        Conclusion::Indeterminate(Doubt::TimeStamp),
    ),
    ("archive-ended-archived", Conclusion::Valid),
    ("stamp-garbage", Conclusion::Indeterminate(Doubt::TimeStamp)),
    ("stamp-empty", Conclusion::Indeterminate(Doubt::TimeStamp)),
    (
        "binding-twice",
        Conclusion::Broken(Fault::SigningCertificate),
    ),
    (
        "binding-two-attributes",
        Conclusion::Broken(Fault::SigningCertificate),
    ),
    ("digest-twice", Conclusion::Broken(Fault::Digest)),
];

#[test]
fn our_verdict_is_that_of_pyhanko_on_every_generated_document() {
    let (trust, cases) = (trust(), cases(generated()));
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let ours = validate(&case.document, &trust, now(), &case.evidence);
        let found = differences(&ours, &case.theirs);
        let known = DIFFERENT.iter().find(|(name, _)| *name == case.name);
        if found.is_empty() == known.is_some() {
            writeln!(
                wrong,
                "{}: {:?} {}",
                case.name,
                ours.overall,
                found.join("; ")
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn where_pyhanko_says_otherwise_we_are_the_stricter() {
    let (trust, cases) = (trust(), cases(generated()));
    // The one in which nothing is seen or said otherwise than before.
    let harmless = "names-all-written-anew";
    for (name, why) in DIFFERENT.iter().filter(|(name, _)| *name != harmless) {
        let case = cases.iter().find(|case| case.name == *name).unwrap();
        let ours = validate(&case.document, &trust, now(), &case.evidence);
        let good = match ours.overall {
            Overall::Signed(conclusion) => conclusion <= Conclusion::RevocationUnknown,
            Overall::NotSigned | Overall::Unreadable(_) => false,
        };
        assert!(!good, "{name}: {why}");
    }
}

#[test]
fn what_the_comparison_does_not_tell_apart_is_concluded_rightly() {
    let (trust, cases) = (trust(), cases(generated()));
    let mut wrong = String::new();
    for (name, conclusion) in CONCLUSIONS {
        let case = cases.iter().find(|case| case.name == *name).unwrap();
        let ours = validate(&case.document, &trust, now(), &case.evidence);
        if ours.overall != Overall::Signed(*conclusion) {
            writeln!(wrong, "{name}: {:?}", ours.overall).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn no_attack_on_what_is_shown_passes() {
    let (trust, cases) = (trust(), cases(generated()));
    let attacks = cases.iter().filter(|case| case.name.starts_with("attack-"));
    let mut passed = Vec::new();
    let mut tried = 0;
    for case in attacks {
        tried += 1;
        let ours = validate(&case.document, &trust, now(), &case.evidence);
        let noticed = match ours.overall {
            Overall::Unreadable(_) => true,
            Overall::Signed(conclusion) => conclusion >= Conclusion::Changed,
            Overall::NotSigned => false,
        };
        if !noticed {
            passed.push(&case.name);
        }
    }
    assert!(passed.is_empty(), "{passed:?}");
    assert!(tried >= 30, "{tried} attacks");
}

fn trust() -> Trust {
    let list = fs::read_to_string(generated().join("trust.pem")).unwrap();
    Trust::parse(&list).unwrap()
}

/// The folder in which `signed.py` made its documents.
pub(crate) fn generated() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(generate)
}

fn generate() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agreement");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/signed.py");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("test-python/bin/python");
    let done = Command::new(&python).arg(&script).arg(&folder).output();
    let done = done.unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{complaint}");
    folder
}

fn cases(folder: &Path) -> Vec<Case> {
    let lines = fs::read_to_string(folder.join("verdicts.json")).unwrap();
    let ders = |value: &Value| -> Vec<Vec<u8>> {
        let each = value.as_array().unwrap().iter();
        each.map(|one| hex::decode(one.as_str().unwrap()).unwrap())
            .collect()
    };
    let case = |line: &str| {
        let theirs: Value = serde_json::from_str(line).unwrap();
        let name = theirs["name"].as_str().unwrap().to_owned();
        Case {
            document: fs::read(folder.join(&name).with_extension("pdf")).unwrap(),
            evidence: Evidence {
                lists: ders(&theirs["lists"]),
                answers: ders(&theirs["answers"]),
                ..Evidence::default()
            },
            name,
            theirs,
        }
    };
    lines.lines().map(case).collect()
}

/// Where the two verdicts differ, field by field.
fn differences(ours: &Verdict, theirs: &Value) -> Vec<String> {
    let Some(theirs) = theirs["signatures"].as_array() else {
        // They could not read the file at all.
        return match ours.overall {
            Overall::Unreadable(_)
            | Overall::Signed(Conclusion::Changed | Conclusion::Broken(_)) => Vec::new(),
            _ => vec![format!("they cannot read it: {}", theirs["fault"])],
        };
    };
    if let Overall::Unreadable(refused) = ours.overall {
        let good = theirs.iter().any(|one| one["bottom_line"] == true);
        return good
            .then(|| format!("we cannot read it: {refused}"))
            .into_iter()
            .collect();
    }
    if theirs.len() != ours.signatures.len() {
        return vec![format!("{} and {}", ours.signatures.len(), theirs.len())];
    }
    let pairs = ours.signatures.iter().zip(theirs);
    pairs
        .filter(|(ours, theirs)| !both_do_not_know(ours, theirs))
        .flat_map(|(ours, theirs)| differing(ours, theirs))
        .collect()
}

/// Where material at hand says nothing of use, they call a signature untrusted for the moment;
/// we say that its revocation is unknown.
fn both_do_not_know(ours: &Signature, theirs: &Value) -> bool {
    let their_words = ["TRY_LATER", "CERTIFICATE_CHAIN_GENERAL_FAILURE"];
    ours.conclusion == Conclusion::RevocationUnknown
        && their_words.iter().any(|word| theirs["problem"] == *word)
}

fn differing(ours: &Signature, theirs: &Value) -> Vec<String> {
    let good = ours.conclusion <= Conclusion::RevocationUnknown;
    let mut pairs = vec![
        ("field", Value::from(ours.field.clone())),
        ("bottom_line", Value::from(good)),
    ];
    if theirs["fault"].is_null() {
        let revoked = matches!(ours.revocation, Revocation::Revoked(_));
        let trusted = matches!(ours.chain, Chain::Trusted { .. }) && !revoked;
        pairs.extend([
            ("intact", Value::from(ours.intact)),
            ("valid", Value::from(ours.genuine)),
            ("revoked", Value::from(revoked)),
            ("coverage", coverage(ours.coverage, &theirs["coverage"])),
        ]);
        // They put weak algorithms among what is not trusted.
        let weak = ours.conclusion == Conclusion::Indeterminate(Doubt::WeakAlgorithm);
        if ours.genuine && ours.intact && !weak {
            pairs.push(("trusted", Value::from(trusted)));
            pairs.push(("problem", problem(ours, &theirs["problem"])));
        }
        if !theirs["changes"].is_null() {
            pairs.push(("changes", Value::from(changes(ours.changes))));
        }
        if !theirs["permitted"].is_null() {
            pairs.push(("permitted", Value::from(ours.permitted)));
        }
    }
    pairs
        .into_iter()
        .filter(|(name, ours)| theirs[*name] != *ours)
        .map(|(name, ours)| {
            let fault = &theirs["fault"];
            format!("{name}: we {ours}, they {} {fault}", theirs[name])
        })
        .collect()
}

/// What proves nothing has two names with them.
fn coverage(coverage: Coverage, theirs: &Value) -> Value {
    match coverage {
        Coverage::WholeFile => "ENTIRE_FILE".into(),
        Coverage::WholeRevision => "ENTIRE_REVISION".into(),
        Coverage::Unclear if theirs == "CONTIGUOUS_BLOCK_FROM_START" => theirs.clone(),
        Coverage::Unclear => "UNCLEAR".into(),
    }
}

fn changes(changes: Changes) -> &'static str {
    match changes {
        Changes::None => "NONE",
        Changes::Archival => "LTA_UPDATES",
        Changes::Forms => "FORM_FILLING",
        Changes::Suspicious => "OTHER",
    }
}

/// The indication of ETSI EN 319 102-1 for what we found about the certificate. Why there is no
/// path they say in one of three ways.
fn problem(ours: &Signature, theirs: &Value) -> Value {
    let pathless = [
        "NO_CERTIFICATE_CHAIN_FOUND",
        "CHAIN_CONSTRAINTS_FAILURE",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    ];
    match (&ours.chain, ours.revocation) {
        (Chain::Doubtful(Doubt::Expired), _) => "OUT_OF_BOUNDS_NO_POE".into(),
        (Chain::Doubtful(Doubt::WrongUsage), _) => "CHAIN_CONSTRAINTS_FAILURE".into(),
        (Chain::Doubtful(_), _) if pathless.iter().any(|name| theirs == name) => theirs.clone(),
        (Chain::Doubtful(_), _) => "NO_CERTIFICATE_CHAIN_FOUND".into(),
        (_, Revocation::Revoked(_)) if theirs == "REVOKED_CA_NO_POE" => theirs.clone(),
        (_, Revocation::Revoked(_)) => "REVOKED_NO_POE".into(),
        _ => Value::Null,
    }
}

#[test]
fn a_signature_says_who_signed_under_which_root_and_when() {
    let (folder, trust) = (generated(), trust());
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let verdict = |name| validate(&read(name), &trust, now(), &Evidence::default());
    let one = verdict("government.pdf").signatures.remove(0);
    let signer = one.signer.unwrap();
    assert_eq!(signer.common_name.as_deref(), Some("Trần Thị Bình"));
    assert!(signer.issuer.contains("Government Root (test)"));
    assert!(matches!(
        one.chain,
        Chain::Trusted {
            root: Root::Government,
            ..
        }
    ));
    assert_eq!(one.proven, None);
    let one = verdict("stamped.pdf").signatures.remove(0);
    assert_eq!(one.proven, Some("2026-05-31T00:00:00Z".parse().unwrap()));
    assert!(matches!(
        one.chain,
        Chain::Trusted {
            root: Root::National,
            ..
        }
    ));
}
