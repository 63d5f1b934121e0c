//! One Rust file, scanned: words, string literals, functions, what is public, what is a test.

use std::ops::RangeInclusive;

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};

use super::items::{self, Function, Public};

/// Something at a line.
pub(crate) struct At<T> {
    pub(crate) what: T,
    pub(crate) line: usize,
}

/// A string literal.
pub(crate) struct Text {
    pub(crate) what: String,
    pub(crate) line: usize,
    /// The function or macro whose argument it is; empty when it is none's.
    pub(crate) call: String,
}

#[derive(Default)]
pub(crate) struct RustFile {
    pub(crate) path: String,
    pub(crate) lines: usize,
    /// Whether the whole file is a test.
    pub(crate) is_test: bool,
    pub(crate) words: Vec<At<String>>,
    pub(crate) texts: Vec<Text>,
    /// Calls of `unwrap` without arguments.
    pub(crate) unwraps: Vec<usize>,
    /// Attributes that allow a lint.
    pub(crate) allows: Vec<usize>,
    pub(crate) functions: Vec<Function>,
    pub(crate) publics: Vec<Public>,
    /// How many tests it has.
    pub(crate) test_count: usize,
    tests: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

impl RustFile {
    pub(crate) fn scan(path: &str, text: &str) -> Result<Self> {
        let parsed = syn::parse_file(text).map_err(|error| anyhow!("no Rust: {error}"))?;
        let stream: TokenStream = text.parse().map_err(|error| anyhow!("no Rust: {error}"))?;
        let mut file = Self {
            path: path.to_owned(),
            lines: text.lines().count(),
            is_test: path.contains("/tests/") || path.ends_with("/tests.rs"),
            ..Self::default()
        };
        file.walk(stream, "");
        (file.functions, file.publics) = items::of(&parsed);
        Ok(file)
    }

    /// The crate's folder name, or `xtask`.
    pub(crate) fn krate(&self) -> &str {
        let path = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        path.split('/').next().unwrap_or_default()
    }

    /// Whether that line belongs to a test.
    pub(crate) fn tests_at(&self, line: usize) -> bool {
        self.is_test || self.tests.iter().any(|range| range.contains(&line))
    }

    fn walk(&mut self, stream: TokenStream, call: &str) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let [first, after @ ..] = rest {
            if is_punct(first, '#')
                && let Some((attribute, inner, after)) = attribute(after)
            {
                self.attribute(attribute, inner, after);
                rest = after;
                continue;
            }
            if let [dot, TokenTree::Ident(name), TokenTree::Group(arguments), ..] = rest
                && is_punct(dot, '.')
                && name == "unwrap"
                && arguments.stream().is_empty()
            {
                self.unwraps.push(name.span().start().line);
            }
            if let [TokenTree::Ident(name), TokenTree::Group(arguments), ..] = rest
                && arguments.delimiter() == Delimiter::Parenthesis
            {
                self.token(first, call);
                self.walk(arguments.stream(), &name.to_string());
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            self.token(first, call);
            rest = after;
        }
    }

    fn token(&mut self, token: &TokenTree, call: &str) {
        let line = token.span().start().line;
        match token {
            TokenTree::Group(group) => self.walk(group.stream(), ""),
            TokenTree::Ident(word) => self.words.push(At {
                what: word.to_string(),
                line,
            }),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    let call = call.to_owned();
                    self.texts.push(Text {
                        what: text.value(),
                        line,
                        call,
                    });
                }
            }
            TokenTree::Punct(_) => {}
        }
    }

    fn attribute(&mut self, attribute: &Group, inner: bool, after: &[TokenTree]) {
        let words = words_of(attribute.stream());
        let names = |name: &str| words.iter().any(|word| word == name);
        let first = words.first().map_or("", String::as_str);
        if first == "doc" {
            return;
        }
        let line = attribute.span().start().line;
        if names("allow") {
            self.allows.push(line);
        }
        let is_cfg = first == "cfg" && names("test") && !names("not");
        let is_test = first == "test" || (first == "tokio" && names("test"));
        self.test_count += usize::from(is_test);
        if inner && is_cfg {
            self.is_test = true;
        } else if is_cfg || is_test {
            self.test_item(line, after);
        }
        self.walk(attribute.stream(), "");
    }

    /// Remembers the item after a test attribute.
    fn test_item(&mut self, from: usize, after: &[TokenTree]) {
        let mut name = None;
        for token in after {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let LineColumn { line, .. } = group.span_close().end();
                    self.tests.push(from..=line);
                    return;
                }
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    self.test_modules.extend(name);
                    return;
                }
                TokenTree::Ident(word) => name = Some(word.to_string()),
                TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Where a module declared here lies: without the `.rs`.
    fn module_path(&self, name: &str) -> String {
        let stem = self.path.trim_end_matches(".rs");
        let folder = ["/mod", "/lib", "/main"]
            .iter()
            .find_map(|end| stem.strip_suffix(end));
        format!("{}/{name}", folder.unwrap_or(stem))
    }
}

/// A module declared under `#[cfg(test)]` is a test although its file does not say so.
pub(crate) fn mark_test_modules(mut files: Vec<RustFile>) -> Vec<RustFile> {
    let declared = |file: &RustFile| -> Vec<String> {
        file.test_modules
            .iter()
            .map(|name| file.module_path(name))
            .collect()
    };
    let modules: Vec<String> = files.iter().flat_map(declared).collect();
    for file in &mut files {
        let inside = |module: &String| {
            let rest = file.path.strip_prefix(module.as_str());
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        file.is_test |= modules.iter().any(inside);
    }
    files
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// The attribute after a `#`, whether it is an inner one, and what follows it.
fn attribute(tokens: &[TokenTree]) -> Option<(&Group, bool, &[TokenTree])> {
    match tokens {
        [TokenTree::Group(group), rest @ ..] if is_bracket(group) => Some((group, false, rest)),
        [bang, TokenTree::Group(group), rest @ ..] if is_punct(bang, '!') && is_bracket(group) => {
            Some((group, true, rest))
        }
        _ => None,
    }
}

fn is_bracket(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
}

fn words_of(stream: TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    for token in stream {
        match token {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Group(group) => words.extend(words_of(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r##"
//! Docs say SELECT.
/// So do these.
#[allow(dead_code)]
fn a() -> &'static str { b().unwrap(); vec!["in a macro"]; r#"raw"# }
fn c() { d.unwrap_or(1) }
#[cfg(test)]
mod tests {
    fn e() { f.unwrap(); }
}
#[cfg(not(test))]
fn g() { h.unwrap(); }
#[tokio::test]
async fn i() { j.unwrap(); }
"##;

    #[test]
    fn words_and_texts_are_found_in_macros_and_not_in_docs() {
        let file = RustFile::scan("crates/web/src/a.rs", SOURCE).unwrap();
        let texts: Vec<_> = file.texts.iter().map(|text| text.what.as_str()).collect();
        assert_eq!(texts, ["in a macro", "raw"]);
        assert_eq!(file.allows, [4]);
        assert_eq!(file.krate(), "web");
    }

    #[test]
    fn a_text_knows_whose_argument_it_is() {
        let source = r#"fn a() { t(language, "b"); fill("c", &[("d", "e")]); "f" }"#;
        let file = RustFile::scan("crates/web/src/a.rs", source).unwrap();
        let calls: Vec<_> = file
            .texts
            .iter()
            .map(|text| (text.what.as_str(), text.call.as_str()))
            .collect();
        assert_eq!(
            calls,
            [("b", "t"), ("c", "fill"), ("d", ""), ("e", ""), ("f", "")]
        );
    }

    #[test]
    fn what_is_under_a_test_attribute_is_a_test() {
        let file = RustFile::scan("crates/web/src/a.rs", SOURCE).unwrap();
        let outside: Vec<_> = file
            .unwraps
            .iter()
            .filter(|line| !file.tests_at(**line))
            .collect();
        assert_eq!(file.unwraps, [5, 9, 12, 14]);
        assert_eq!(outside, [&5, &12]);
        assert_eq!(file.test_count, 1);
    }

    #[test]
    fn a_module_declared_as_a_test_is_one() {
        let scan = |path, text| RustFile::scan(path, text).unwrap();
        let files = mark_test_modules(vec![
            scan(
                "crates/web/src/lib.rs",
                "#[cfg(test)] mod support; mod real;",
            ),
            scan("crates/web/src/support.rs", ""),
            scan("crates/web/src/support/more.rs", ""),
            scan("crates/web/src/real.rs", ""),
        ]);
        let tests: Vec<_> = files.iter().map(|file| file.is_test).collect();
        assert_eq!(tests, [false, true, true, false]);
    }
}
