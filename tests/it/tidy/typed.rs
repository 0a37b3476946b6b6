//! Values of tables are types: decisions match on variants, so that the compiler finds every place that a new one affects.
//! The value of a column is parsed or refused, never replaced with a default.

use super::files::{ours, read};
use super::none;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

/// Columns with a fixed set of values.
const TYPED: &[&str] = &["kind", "state", "outcome", "scale", "status", "disposition"];
/// Error kinds of channels are open, because third parties can write channels.
const OPEN: &[&str] = &["src/life/question/send.rs"];
/// Places that make decisions.
const DECIDE: &[&str] = &["src/life", "src/queue", "src/http"];

#[test]
fn no_word_of_a_table_is_compared_with_a_text() {
    let paths = ours(&[".rs"]).into_iter().filter(|path| DECIDE.iter().any(|room| path.starts_with(room)));
    none(&paths.filter(|path| !OPEN.contains(&path.as_str())).flat_map(|path| compared(&path, &read(&path))).collect::<Vec<_>>());
}

#[test]
fn no_result_holds_a_result() {
    let paths = ours(&[".rs"]).into_iter().filter(|path| DECIDE.iter().any(|room| path.starts_with(room)));
    none(&paths.flat_map(|path| nested(&path, &read(&path))).collect::<Vec<_>>());
}

#[test]
fn no_column_that_is_read_has_a_default() {
    let paths = ours(&[".rs"]).into_iter().filter(|path| path.starts_with("src/store"));
    none(&paths.flat_map(|path| defaulted(&path, &read(&path))).collect::<Vec<_>>());
}

#[test]
fn no_document_that_cannot_be_read_is_taken_for_none() {
    let rooms = ["src/life", "src/queue", "src/app"];
    let paths = ours(&[".rs"]).into_iter().filter(|path| rooms.iter().any(|room| path.starts_with(room)));
    none(&paths.flat_map(|path| swallowed(&path, &read(&path))).collect::<Vec<_>>());
}

/// Discarded JSON errors: `serde_json::from_str(…).ok()`.
fn swallowed(path: &str, text: &str) -> Vec<String> {
    struct Swallowed(usize);
    impl<'ast> Visit<'ast> for Swallowed {
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
                visit::visit_item_mod(self, item);
            }
        }

        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            let reads = |expression: &syn::Expr| match expression {
                syn::Expr::Call(call) => matches!(&*call.func, syn::Expr::Path(path) if is_json(&path.path)),
                _ => false,
            };
            self.0 += usize::from(call.method == "ok" && reads(&call.receiver));
            visit::visit_expr_method_call(self, call);
        }
    }
    fn is_json(path: &syn::Path) -> bool {
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        matches!(words.iter().map(String::as_str).collect::<Vec<_>>()[..], ["serde_json", "from_str"] | ["from_str"])
    }
    let mut found = Swallowed(0);
    found.visit_file(&parsed(path, text));
    let what = format!("{path}: what cannot be read is taken for none: name its row with document_in or document_or_said");
    (found.0 > 0).then_some(what).into_iter().collect()
}

fn parsed(path: &str, text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Comparisons of a typed value with a string.
fn compared(path: &str, text: &str) -> Vec<String> {
    let mut found = Texts::default();
    found.visit_file(&parsed(path, text));
    found.0.iter().map(|word| format!("{path}: \"{word}\" is compared as text: give it a type, and match its variant")).collect()
}

#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
    fn look(&mut self, one: &syn::Expr, other: &syn::Expr) {
        if let (true, Some(text)) = (is_typed(one), text_in(other)) {
            self.0.push(text);
        }
    }
}

impl<'ast> Visit<'ast> for Texts {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_binary(&mut self, expression: &'ast syn::ExprBinary) {
        if matches!(expression.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) {
            self.look(&expression.left, &expression.right);
            self.look(&expression.right, &expression.left);
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
        if is_typed(&expression.expr) {
            self.0.extend(expression.arms.iter().filter_map(|arm| text_of(&arm.pat)));
        }
        visit::visit_expr_match(self, expression);
    }

    // Patterns of strings parse as an expression: `"low" | "more"`.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let arguments = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        if call.path.is_ident("matches")
            && let Ok(arguments) = call.parse_body_with(arguments)
            && let (Some(expression), Some(pattern)) = (arguments.first(), arguments.get(1))
        {
            self.look(expression, pattern);
        }
    }
}

/// True if an expression is a field with a typed name, however it is borrowed.
fn is_typed(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Field(field) => matches!(&field.member, syn::Member::Named(name) if TYPED.contains(&name.to_string().as_str())),
        syn::Expr::MethodCall(call) => {
            matches!(call.method.to_string().as_str(), "as_str" | "as_deref" | "as_ref" | "map") && is_typed(&call.receiver)
        }
        syn::Expr::Reference(lent) => is_typed(&lent.expr),
        syn::Expr::Paren(inner) => is_typed(&inner.expr),
        _ => false,
    }
}

fn text_in(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        syn::Expr::Call(call) => call.args.first().filter(|_| call.args.len() == 1).and_then(text_in),
        syn::Expr::Binary(any) => text_in(&any.left),
        _ => None,
    }
}

fn text_of(pattern: &syn::Pat) -> Option<String> {
    match pattern {
        syn::Pat::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        syn::Pat::Or(any) => any.cases.iter().find_map(text_of),
        syn::Pat::TupleStruct(some) => some.elems.iter().find_map(text_of),
        _ => None,
    }
}

/// Nested results.
fn nested(path: &str, text: &str) -> Vec<String> {
    struct Nested(usize);
    impl<'ast> Visit<'ast> for Nested {
        fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
            let is = |expression: &syn::Expr, name: &str| matches!(expression, syn::Expr::Path(path) if path.path.is_ident(name));
            let inner = |inner: &syn::Expr| matches!(inner, syn::Expr::Call(inner) if is(&inner.func, "Ok"));
            self.0 += usize::from(is(&call.func, "Ok") && call.args.first().is_some_and(inner));
            visit::visit_expr_call(self, call);
        }
    }
    let mut found = Nested(0);
    found.visit_file(&parsed(path, text));
    let what = format!("{path}: a result in a result: end the step with `Stop::Refused` and `?`");
    (found.0 > 0).then_some(what).into_iter().collect()
}

/// Columns whose value is replaced if it cannot be parsed.
fn defaulted(path: &str, text: &str) -> Vec<String> {
    struct Defaulted(usize);
    impl<'ast> Visit<'ast> for Defaulted {
        fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
            if call.method.to_string().starts_with("unwrap_or") {
                self.0 += usize::from(parses(&call.receiver));
            }
            visit::visit_expr_method_call(self, call);
        }
    }
    let mut found = Defaulted(0);
    found.visit_file(&parsed(path, text));
    (found.0 > 0).then(|| format!("{path}: a default for what was parsed: refuse it with StoreError::Inconsistent")).into_iter().collect()
}

/// True if an expression parses one of our values, or tries to.
fn parses(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Call(call) => match &*call.func {
            syn::Expr::Path(path) => path.path.segments.len() > 1 && path.path.segments.last().is_some_and(|name| name.ident == "parse"),
            _ => false,
        },
        syn::Expr::MethodCall(call) => {
            let by_name = |argument: &syn::Expr| matches!(argument, syn::Expr::Path(path) if path.path.segments.last().is_some_and(|name| name.ident == "parse"));
            (call.method == "and_then" || call.method == "map") && call.args.iter().any(by_name) || parses(&call.receiver)
        }
        _ => false,
    }
}

mod proven {
    use super::*;

    #[test]
    fn planted_violations_are_found() {
        let one = |body: &str| format!("fn f() {{ {body} }}");
        for body in [
            r#"if request.outcome.as_deref() == Some("answered") {}"#,
            r#"if "open" == session.status {}"#,
            r#"match row.state.as_str() { "sent" => {} _ => {} }"#,
            r#"let _ = matches!(one.kind.as_str(), "low" | "more");"#,
        ] {
            assert_eq!(compared("a.rs", &one(body)).len(), 1, "{body}");
        }
        assert!(compared("a.rs", &one(r#"if request.reason.as_deref() == Some("by_hand") {}"#)).is_empty());
        assert_eq!(nested("a.rs", &one("Ok(Ok(1))")).len(), 1);
        assert!(nested("a.rs", &one("Ok(1)")).is_empty());
        assert_eq!(swallowed("a.rs", &one("let to: Option<Address> = serde_json::from_str(&row.address).ok();")).len(), 1);
        assert_eq!(swallowed("a.rs", &one("let to = serde_json::from_str::<Address>(&row.address).ok()?;")).len(), 1);
        assert!(swallowed("a.rs", &one("let at = NaiveTime::parse_from_str(text, form).ok()?;")).is_empty());
        assert_eq!(defaulted("a.rs", &one("let scale = Scale::parse(&row.text()?).unwrap_or_default();")).len(), 1);
        assert_eq!(defaulted("a.rs", &one("let scale = word.and_then(Scale::parse).unwrap_or(Scale::Binary);")).len(), 1);
        assert!(defaulted("a.rs", &one("let text = row.text_or_null()?.unwrap_or_default();")).is_empty());
    }
}
