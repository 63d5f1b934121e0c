//! Reads pages as a browser without script does: elements, and forms with what they would send.

use std::collections::BTreeSet;

/// Elements that have no end.
const VOID: [&str; 8] = ["br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// An element: its name, its attributes, and the text up to the next tag.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    /// The value of an attribute; empty when it stands alone.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn value_of(&self, name: &str) -> String {
        self.attribute(name).unwrap_or_default().to_owned()
    }
}

/// Every tag of the page in its order; ends are named `/form`.
pub(crate) fn elements(page: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let (element, after) = element(rest);
        let end = after.find('<').unwrap_or(after.len());
        found.push(Element {
            text: plain(&after[..end]),
            ..element
        });
        rest = after;
    }
    found
}

/// One tag, from behind its `<` to behind its `>`.
fn element(tag: &str) -> (Element, &str) {
    let end = tag
        .find(|c: char| c.is_whitespace() || c == '>')
        .unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .unwrap_or_else(|| panic!("a tag without an end: <{name} {rest}"));
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => quoted.split_once('"').expect("a value has an end"),
            None => ("", after),
        };
        attributes.push((attribute.to_owned(), plain(value)));
        rest = after;
    }
    let name = name.to_lowercase();
    let text = String::new();
    let element = Element {
        name,
        attributes,
        text,
    };
    (element, rest)
}

/// Text without its escapes.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (name, after) = after.split_once(';').expect("an escape has an end");
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "nbsp" => '\u{a0}',
            number => {
                let number = number.strip_prefix('#').expect("a known escape");
                char::from_u32(number.parse().unwrap()).unwrap()
            }
        });
        rest = after;
    }
    plain + rest
}

/// All words of a page, one blank between them.
pub(crate) fn words(page: &str) -> String {
    let elements = elements(page);
    let texts: Vec<&str> = elements.iter().map(|element| element.text.trim()).collect();
    texts
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is wrong with a page by the rules that every page obeys: tags close, ids are unique, labels
/// and descriptions have their elements.
pub(crate) fn defects(page: &str) -> Vec<String> {
    let elements = elements(page);
    let mut defects = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for element in &elements {
        let name = element.name.trim_end_matches('/');
        if let Some(closed) = name.strip_prefix('/') {
            if open.pop() != Some(closed) {
                defects.push(format!("</{closed}> closes nothing"));
            }
        } else if !VOID.contains(&name) && !element.attributes.iter().any(|(a, _)| a == "/") {
            open.push(name);
        }
    }
    defects.extend(open.iter().map(|name| format!("<{name}> is not closed")));
    let mut ids = BTreeSet::new();
    for id in elements
        .iter()
        .filter_map(|element| element.attribute("id"))
    {
        if !ids.insert(id) {
            defects.push(format!("id {id} stands twice"));
        }
    }
    for element in &elements {
        for (name, value) in &element.attributes {
            let refers = ["for", "aria-describedby", "aria-labelledby"].contains(&name.as_str());
            for id in value.split_whitespace().filter(|_| refers) {
                if !ids.contains(id) {
                    defects.push(format!("{name} {id} refers to nothing"));
                }
            }
        }
    }
    defects
}

/// A form, as it would be sent.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) multipart: bool,
    /// What is filled in, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// Fields into which something may be typed.
    typed: BTreeSet<String>,
    /// Values among which one may choose, or which may be ticked.
    choices: Vec<(String, String)>,
    /// Boxes: several of one name may be ticked.
    boxes: BTreeSet<String>,
    buttons: Vec<(String, String)>,
}

impl Form {
    /// Types `value` into a field, or chooses it among those offered.
    pub(crate) fn fill(mut self, name: &str, value: &str) -> Self {
        let choice = (name.to_owned(), value.to_owned());
        let known = self.typed.contains(name) || self.choices.contains(&choice);
        assert!(known, "{} has no {name} = {value}: {self:#?}", self.action);
        if !self.boxes.contains(name) {
            self.fields.retain(|(field, _)| field != name);
        }
        self.fields.push(choice);
        self
    }

    /// Presses a button that has a name.
    pub(crate) fn press(mut self, name: &str, value: &str) -> Self {
        let button = (name.to_owned(), value.to_owned());
        assert!(
            self.buttons.contains(&button),
            "{} has no button {name} = {value}: {:?}",
            self.action,
            self.buttons
        );
        self.fields.push(button);
        self
    }

    /// What stands in a field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Buttons with a name, and their values.
    pub(crate) fn buttons(&self) -> &[(String, String)] {
        &self.buttons
    }

    fn take(&mut self, element: &Element, select: &str) {
        let (name, value) = (element.value_of("name"), element.value_of("value"));
        match element.name.as_str() {
            "option" => self.choose(select.to_owned(), value, element.attribute("selected")),
            "input" => self.input(element, (name, value)),
            "textarea" => {
                self.typed.insert(name.clone());
                self.fields.push((name, element.text.clone()));
            }
            "button" if !name.is_empty() => self.buttons.push((name, value)),
            _ => {}
        }
    }

    fn input(&mut self, element: &Element, (name, value): (String, String)) {
        match element.attribute("type").unwrap_or("text") {
            "hidden" => self.fields.push((name, value)),
            "radio" => self.choose(name, value, element.attribute("checked")),
            "checkbox" => {
                self.boxes.insert(name.clone());
                self.choose(name, value, element.attribute("checked"));
            }
            "file" => {
                self.typed.insert(name);
            }
            _ => {
                self.typed.insert(name.clone());
                self.fields.push((name, value));
            }
        }
    }

    fn choose(&mut self, name: String, value: String, on: Option<&str>) {
        if on.is_some() {
            self.fields.push((name.clone(), value.clone()));
        }
        self.choices.push((name, value));
    }

    /// A select without a chosen option sends its first.
    fn settle(&mut self, select: &str) {
        if self.value(select).is_none() {
            let first = self
                .choices
                .iter()
                .find(|(name, _)| name == select)
                .cloned();
            self.fields.extend(first);
        }
    }
}

/// Every form of a page.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut inside, mut select) = (false, String::new());
    for element in elements(page) {
        match element.name.as_str() {
            "form" => {
                inside = true;
                forms.push(Form {
                    action: element.value_of("action"),
                    multipart: element.attribute("enctype") == Some("multipart/form-data"),
                    fields: Vec::new(),
                    typed: BTreeSet::new(),
                    choices: Vec::new(),
                    boxes: BTreeSet::new(),
                    buttons: Vec::new(),
                });
            }
            "/form" => inside = false,
            _ => {}
        }
        let Some(form) = forms.last_mut().filter(|_| inside) else {
            continue;
        };
        match element.name.as_str() {
            "select" => select = element.value_of("name"),
            "/select" => form.settle(&select),
            _ => form.take(&element, &select),
        }
    }
    forms
}

#[test]
fn a_form_sends_what_a_browser_would_send() {
    let page = r#"<form action="/a" method="post"><input type="hidden" name="k" value="1&#38;2">
        <label for="n">Tên</label><input id="n" name="n" value="An"><input type="checkbox" name="c" value="x">
        <input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">
        <select name="s"><option value="p">P</option><option value="q">Q</option></select>
        <textarea name="t">a &lt; b</textarea><button name="go" value="on">Go</button></form>"#;
    let forms = forms(page);
    assert_eq!(defects(page), Vec::<String>::new());
    let sent = forms[0]
        .clone()
        .fill("r", "2")
        .fill("c", "x")
        .press("go", "on");
    let sent: Vec<String> = sent
        .fields
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    assert_eq!(
        sent,
        ["k=1&2", "n=An", "s=p", "t=a < b", "r=2", "c=x", "go=on"]
    );
}

#[test]
fn a_defect_is_found() {
    let page = r#"<div id="a"><p id="a"></div><label for="b"></label>"#;
    assert_eq!(defects(page).len(), 4, "{:?}", defects(page));
}
