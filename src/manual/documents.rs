//! The documents, by their path in the repository.

macro_rules! documents {
    ($($path:literal)*) => { &[$(($path, include_str!(concat!("../../", $path)))),*] };
}

/// The contents of the documentation.
pub(crate) const SUMMARY: &str = include_str!("../../docs/SUMMARY.md");

pub(crate) const DOCUMENTS: &[(&str, &str)] = documents! {
    "CHANGELOG.md"
    "SECURITY.md"
    "adapters/README.md"
    "adapters/bitrix24/README.md"
    "adapters/chatwoot/README.md"
    "adapters/desk/recipes/freescout/README.md"
    "adapters/desk/recipes/live_helper_chat/README.md"
    "adapters/desk/recipes/osticket/README.md"
    "adapters/desk/recipes/request_tracker/README.md"
    "adapters/email/README.md"
    "adapters/meta/README.md"
    "adapters/rocketchat/README.md"
    "adapters/telegram/README.md"
    "adapters/webchat/README.md"
    "adapters/webhook/README.md"
    "adapters/zammad/README.md"
    "docs/api.md"
    "docs/api_rules.md"
    "docs/bi.md"
    "docs/close.md"
    "docs/closes.md"
    "docs/compare.md"
    "docs/desks.md"
    "docs/import.md"
    "docs/install.md"
    "docs/numbers.md"
    "docs/operations.md"
    "docs/privacy.md"
    "docs/tutorial.md"
    "docs/xray.md"
};
