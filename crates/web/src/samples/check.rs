//! Mechanical checks of a page: it parses, ids are unique, every field has a label, every
//! reference leads somewhere, nothing is inline that the policy forbids, no words are missing.

use std::collections::BTreeMap;

const VOID: [&str; 8] = ["meta", "link", "input", "img", "br", "hr", "col", "wbr"];

struct Tag<'a> {
    name: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
    inside_label: bool,
    in_summary: bool,
}

/// What is wrong with a page.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let tags = parse(html, &mut found);
    let ids: Vec<&str> = tags
        .iter()
        .filter_map(|tag| tag.attributes.get("id").copied())
        .collect();
    for (index, id) in ids.iter().enumerate() {
        if ids[..index].contains(id) {
            found.push(format!("id {id} is there twice"));
        }
    }
    let labelled: Vec<&str> = tags
        .iter()
        .filter_map(|tag| tag.attributes.get("for").copied())
        .collect();
    for tag in &tags {
        references(tag, &ids, &mut found);
        unlabelled(tag, &labelled, &mut found);
        inline(tag, &mut found);
        unexplained(tag, &tags, &mut found);
    }
    found
}

fn parse<'a>(html: &'a str, found: &mut Vec<String>) -> Vec<Tag<'a>> {
    let (mut open, mut tags): (Vec<&str>, Vec<Tag<'a>>) = (Vec::new(), Vec::new());
    let (mut rest, mut summary) = (html, None);
    while let Some(at) = rest.find('<') {
        words(&rest[..at], found);
        let Some(end) = rest[at..].find('>') else {
            found.push("a tag is not closed".to_owned());
            break;
        };
        let inner = &rest[at + 1..at + end];
        rest = &rest[at + end + 1..];
        if inner.starts_with('!') {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            if open.pop() != Some(name) {
                found.push(format!("</{name}> closes nothing"));
            }
            summary = summary.filter(|depth| open.len() > *depth);
            continue;
        }
        let (name, attributes) = attributes(inner.trim_end_matches('/'));
        let inside_label = open.contains(&"label");
        if attributes.get("class") == Some(&"govuk-error-summary") {
            summary = Some(open.len());
        }
        if !inner.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
        tags.push(Tag {
            name,
            attributes,
            inside_label,
            in_summary: summary.is_some(),
        });
    }
    if !open.is_empty() {
        found.push(format!("never closed: {open:?}"));
    }
    tags
}

fn attributes(inner: &str) -> (&str, BTreeMap<&str, &str>) {
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name, attributes);
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        let Some(quoted) = rest.strip_prefix("=\"") else {
            attributes.insert(key, "");
            continue;
        };
        let (value, after) = quoted.split_once('"').unwrap_or((quoted, ""));
        attributes.insert(key, value);
        rest = after;
    }
}

/// A key in place of words, or a place that was not filled; the places of notices are shown as such.
fn words(text: &str, found: &mut Vec<String>) {
    let text = text.trim();
    let of_notices = domain::notice::Placeholder::ALL;
    let unfilled = of_notices.iter().fold(text.to_owned(), |text, place| {
        text.replace(&format!("{{{}}}", place.as_str()), "")
    });
    let keyed = [
        "web.", "rule.", "refusal.", "state.", "urgency.", "fault.", "dossier.", "act.",
    ];
    if keyed.iter().any(|prefix| text.starts_with(prefix)) || unfilled.contains(['{', '}']) {
        found.push(format!("words are missing: {text}"));
    }
}

fn references(tag: &Tag<'_>, ids: &[&str], found: &mut Vec<String>) {
    for key in ["for", "aria-labelledby", "aria-describedby", "form", "list"] {
        let Some(value) = tag.attributes.get(key) else {
            continue;
        };
        for id in value.split_whitespace().filter(|id| !ids.contains(id)) {
            found.push(format!("{} {key} leads to no {id}", tag.name));
        }
    }
    let href = tag
        .attributes
        .get("href")
        .and_then(|href| href.strip_prefix('#'));
    if let Some(id) = href.filter(|id| !ids.contains(id)) {
        found.push(format!("a link leads to no #{id}"));
    }
}

/// A line of an error summary leads to a field that says itself what is wrong with it.
fn unexplained(tag: &Tag<'_>, tags: &[Tag<'_>], found: &mut Vec<String>) {
    let href = tag.attributes.get("href").filter(|_| tag.in_summary);
    let Some(id) = href.and_then(|href| href.strip_prefix('#')) else {
        return;
    };
    let Some(field) = tags
        .iter()
        .find(|tag| tag.attributes.get("id") == Some(&id))
    else {
        return;
    };
    let typed = ["input", "select", "textarea"].contains(&field.name);
    let marked = !typed || field.attributes.get("aria-invalid") == Some(&"true");
    if !marked || !field.attributes.contains_key("aria-describedby") {
        found.push(format!("#{id} does not say what is wrong with it"));
    }
}

fn unlabelled(tag: &Tag<'_>, labelled: &[&str], found: &mut Vec<String>) {
    let silent = ["hidden", "submit"].contains(tag.attributes.get("type").unwrap_or(&""));
    if !["input", "select", "textarea"].contains(&tag.name) || silent {
        return;
    }
    let named = tag.attributes.contains_key("aria-label")
        || tag.attributes.contains_key("aria-labelledby")
        || tag
            .attributes
            .get("id")
            .is_some_and(|id| labelled.contains(id))
        || tag.inside_label;
    if !named {
        found.push(format!(
            "a field has no label: {:?}",
            tag.attributes.get("name")
        ));
    }
}

fn inline(tag: &Tag<'_>, found: &mut Vec<String>) {
    let handler = tag.attributes.keys().any(|key| key.starts_with("on"));
    let script = tag.name == "script" && !tag.attributes.contains_key("src");
    if handler || script || tag.name == "style" || tag.attributes.contains_key("style") {
        found.push(format!("{} has something inline", tag.name));
    }
}

#[test]
fn the_checks_find_what_they_are_for() {
    let bad = "<p id=\"a\"><b></p><i id=\"a\"></i><input name=\"x\"><a href=\"#no\"></a>\
         <div style=\"x\" onclick=\"y\">web.no_words</div>";
    let found = faults(bad).join("; ");
    for part in [
        "closes nothing",
        "twice",
        "no label",
        "#no",
        "inline",
        "words are missing",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    let summary = "<div class=\"govuk-error-summary\"><a href=\"#x\">A</a></div>";
    let field = "<p id=\"e\">A</p><input id=\"x\" aria-label=\"X\" aria-describedby=\"e\"";
    let silent = faults(&format!("{summary}{field}>"));
    assert_eq!(silent, ["#x does not say what is wrong with it"]);
    assert!(faults(&format!("{summary}{field} aria-invalid=\"true\">")).is_empty());
    assert!(faults("<!doctype html><label>A<input name=\"x\"></label><br>").is_empty());
}
