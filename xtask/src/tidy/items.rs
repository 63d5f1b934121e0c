//! Functions and public items of a parsed file.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Physical lines from its signature to its closing brace.
    pub(crate) lines: usize,
    /// Parameters without the receiver.
    pub(crate) parameters: usize,
    /// Whether an attribute has it run as a test.
    pub(crate) is_test: bool,
}

pub(crate) struct Public {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) documented: bool,
    pub(crate) is_type: bool,
}

pub(crate) fn of(file: &syn::File) -> (Vec<Function>, Vec<Public>) {
    let mut seen = Seen::default();
    seen.visit_file(file);
    (seen.functions, seen.publics)
}

/// `#[test]`, `#[tokio::test]`.
fn is_test(attribute: &syn::Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "test")
}

#[derive(Default)]
struct Seen {
    functions: Vec<Function>,
    publics: Vec<Public>,
}

impl Seen {
    fn function(
        &mut self,
        attrs: &[syn::Attribute],
        signature: &syn::Signature,
        block: &syn::Block,
    ) {
        let line = signature.span().start().line;
        let receivers = signature
            .inputs
            .iter()
            .filter(|i| matches!(i, syn::FnArg::Receiver(_)));
        self.functions.push(Function {
            name: signature.ident.to_string(),
            line,
            lines: block.brace_token.span.close().end().line + 1 - line,
            parameters: signature.inputs.len() - receivers.count(),
            is_test: attrs.iter().any(is_test),
        });
    }

    fn public(&mut self, vis: &syn::Visibility, attrs: &[syn::Attribute], name: &syn::Ident) {
        self.item(vis, attrs, name, false);
    }

    fn item(
        &mut self,
        vis: &syn::Visibility,
        attrs: &[syn::Attribute],
        name: &syn::Ident,
        is_type: bool,
    ) {
        if matches!(vis, syn::Visibility::Public(_)) {
            self.publics.push(Public {
                name: name.to_string(),
                line: name.span().start().line,
                documented: attrs
                    .iter()
                    .any(|attribute| attribute.path().is_ident("doc")),
                is_type,
            });
        }
    }
}

impl<'a> Visit<'a> for Seen {
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        self.public(&item.vis, &item.attrs, &item.sig.ident);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        self.public(&item.vis, &item.attrs, &item.sig.ident);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'a syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
        self.item(&item.vis, &item.attrs, &item.ident, true);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        self.item(&item.vis, &item.attrs, &item.ident, true);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_trait(&mut self, item: &'a syn::ItemTrait) {
        self.item(&item.vis, &item.attrs, &item.ident, true);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'a syn::ItemType) {
        self.item(&item.vis, &item.attrs, &item.ident, true);
    }

    fn visit_item_const(&mut self, item: &'a syn::ItemConst) {
        self.public(&item.vis, &item.attrs, &item.ident);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> (Vec<Function>, Vec<Public>) {
        of(&syn::parse_file(text).unwrap())
    }

    #[test]
    fn a_function_is_measured_with_its_signature_and_without_its_receiver() {
        let (functions, _) = scan("impl A {\n/// Doc.\npub fn b(&self, c: C, d: D) {\n c;\n}\n}");
        let [function] = functions.as_slice() else {
            panic!("one function")
        };
        assert_eq!(
            (function.line, function.lines, function.parameters),
            (3, 3, 2)
        );
    }

    #[test]
    fn public_items_are_counted_with_their_docs() {
        let text = "/// Doc.\n#[derive(Debug)] pub struct A; pub(crate) enum B {}
            pub fn c() {}";
        let (_, publics) = scan(text);
        let told: Vec<_> = publics
            .iter()
            .map(|p| (p.name.as_str(), p.documented))
            .collect();
        assert_eq!(told, [("A", true), ("c", false)]);
    }
}
