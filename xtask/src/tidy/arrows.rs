//! Who may depend on whom, read from the manifests.

use super::tree::Tree;

/// Our crates in the order of the arrows, and what each may use of ours.
const ARROWS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("app", &["domain", "store"]),
    ("gateways", &["domain", "app"]),
    ("web", &["domain", "app"]),
    // The demonstration's own authority is a stand-in.
    (
        "server",
        &["domain", "store", "app", "gateways", "web", "simulators"],
    ),
    ("simulators", &[]),
    // Takes the parsers of the others from their place.
    ("fuzz", &["domain", "store", "app"]),
];

/// Stand-ins for outside systems, which every test may use and no product.
const SIMULATORS: &str = "simulators";

/// Third-party crates that belong to some crates alone.
const CONFINED: [(&str, &[&str]); 7] = [
    ("sqlx", &["store"]),
    ("typst", &["gateways"]),
    ("askama", &["web"]),
    ("axum", &["web", "server", "simulators", "fuzz"]),
    ("lettre", &["gateways"]),
    ("hyper-rustls", &["gateways"]),
    ("anyhow", &["server", "xtask"]),
];

/// What the core is made of: nothing that waits, draws lots or looks at the clock.
const CORE: [&str; 4] = ["jiff", "serde", "thiserror", "unicode-normalization"];

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let manifests = tree
        .files
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml"));
    manifests
        .flat_map(|(path, text)| manifest(path, text))
        .collect()
}

fn manifest(path: &str, text: &str) -> Vec<String> {
    let krate = path
        .trim_end_matches("/Cargo.toml")
        .trim_start_matches("crates/");
    let Ok(table) = text.parse::<toml::Table>() else {
        return vec![format!("{path}: not readable")];
    };
    let mut faults = Vec::new();
    for name in names(&table, "dependencies").chain(names(&table, "build-dependencies")) {
        faults.extend(dependency(krate, name).map(|fault| format!("{path}: {fault}")));
    }
    for name in names(&table, "dev-dependencies") {
        if is_ours(name) && name != SIMULATORS && !reachable(krate).contains(&name) {
            faults.push(format!("{path}: tests of {krate} may not use {name}"));
        }
    }
    faults
}

fn dependency(krate: &str, name: &str) -> Option<String> {
    if is_ours(name) && !allowed(krate).contains(&name) {
        return Some(format!("{krate} may not depend on {name}"));
    }
    if krate == "domain" && !CORE.contains(&name) {
        return Some(format!("the core may not depend on {name}"));
    }
    let (_, owners) = CONFINED.iter().find(|(confined, _)| *confined == name)?;
    (!owners.contains(&krate)).then(|| format!("{name} belongs to {}", owners.join(", ")))
}

fn names<'a>(table: &'a toml::Table, section: &str) -> impl Iterator<Item = &'a str> {
    table
        .get(section)
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(keys)
}

fn keys(table: &toml::Table) -> impl Iterator<Item = &str> {
    table.keys().map(String::as_str)
}

fn is_ours(name: &str) -> bool {
    name == "xtask" || ARROWS.iter().any(|(ours, _)| *ours == name)
}

fn allowed(krate: &str) -> &'static [&'static str] {
    ARROWS
        .iter()
        .find(|(ours, _)| *ours == krate)
        .map_or(&[], |(_, allowed)| allowed)
}

/// What the crate uses, directly or not.
fn reachable(krate: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = allowed(krate).to_vec();
    for next in allowed(krate) {
        found.extend(reachable(next));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(krate: &str, text: &str) -> usize {
        check(&Tree::of(&[(&format!("crates/{krate}/Cargo.toml"), text)])).len()
    }

    #[test]
    fn an_arrow_against_the_order_is_found() {
        assert_eq!(faults("web", "[dependencies]\napp.workspace = true"), 0);
        assert_eq!(faults("web", "[dependencies]\nstore.workspace = true"), 1);
        assert_eq!(
            faults("gateways", "[dependencies]\nweb.workspace = true"),
            1
        );
        assert_eq!(
            faults("simulators", "[dependencies]\ndomain.workspace = true"),
            1
        );
        let simulated = "simulators.workspace = true";
        assert_eq!(
            faults("gateways", &format!("[dev-dependencies]\n{simulated}")),
            0
        );
        assert_eq!(
            faults("gateways", &format!("[dependencies]\n{simulated}")),
            1
        );
        assert_eq!(
            faults("unheard-of", "[dependencies]\ndomain.workspace = true"),
            1
        );
        assert_eq!(
            faults("web", "[dev-dependencies]\nstore.workspace = true"),
            0
        );
        assert_eq!(
            faults("store", "[dev-dependencies]\nweb.workspace = true"),
            1
        );
    }

    #[test]
    fn the_core_stays_lean_and_confined_crates_stay_home() {
        assert_eq!(faults("domain", "[dependencies]\njiff.workspace = true"), 0);
        assert_eq!(faults("domain", "[dependencies]\nrand = \"0.9\""), 1);
        assert_eq!(faults("app", "[dependencies]\nsqlx = \"0.9\""), 1);
        assert_eq!(faults("app", "not a manifest ="), 1);
    }
}
