//! The program accepts every example of settings in a README, so newcomers can copy it.

use crate::rig::folder::Folder;
use crate::rig::root;
use lastword::app::mailbox::EngineMailbox;
use lastword::app::vault::EngineVault;
use lastword::app::{ChannelDeps, Connections, connections, http_client};
use lastword::domain::question::token::TokenKeys;
use lastword::id::Ids;
use lastword::settings::Settings;
use lastword::store::Db;
use lastword::time::SetClock;
use lastword_contract::{Address, phone};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Settings that the READMEs leave to the environment, by the missing key.
const SECRETS: &[(&str, &str)] = &[
    ("token", "123456:AAEexample-of-a-token-of-a-bot-00000"),
    ("webhook_secret", "a-secret-of-the-webhook"),
    ("access_token", "EAAexample"),
    ("app_secret", "0123456789abcdef0123456789abcdef"),
    ("verify_token", "saved-at-meta"),
    ("secret", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ("password", "hush"),
];

/// The TOML blocks of a page that contain connections, without their list indent.
pub(crate) fn examples(page: &str) -> Vec<String> {
    let (mut found, mut open): (Vec<String>, Option<(usize, String)>) = (Vec::new(), None);
    for line in page.lines() {
        let (indent, text) = (line.len() - line.trim_start().len(), line.trim_start());
        match open.take() {
            None => {
                open = text
                    .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')
                    .starts_with("```toml")
                    .then(|| (indent, String::new()))
            }
            Some((_, block)) if text.starts_with("```") => found.push(block),
            Some((first, block)) => open = Some((first, format!("{block}{}\n", &line[first.min(indent)..]))),
        }
    }
    found.retain(|block| block.contains("[connections."));
    found
}

/// Merges `over` into `under`, section by section: later examples of a page extend earlier ones.
fn merge(under: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) => merge(under, over),
            (_, value) => drop(under.insert(key, value)),
        }
    }
}

/// Creates the connections of `settings`, with the secrets that the page leaves out.
fn make(folder: &Path, settings: &toml::Table, deps: &ChannelDeps) -> Result<Connections, String> {
    let file = folder.join("lastword.toml");
    std::fs::write(&file, settings.to_string()).unwrap();
    let mut env: Vec<(String, String)> = Vec::new();
    loop {
        let read = Settings::load(Some(&file), env.iter().cloned()).map_err(|problems| problems.to_string());
        let problem = match read.and_then(|settings| connections(&settings.connections, deps).map_err(|error| error.to_string())) {
            Ok(made) => return Ok(made),
            Err(problem) => problem,
        };
        // "connections.shop.token …: is missing", "`webhook_secret` is needed with …": according to the page, from the environment.
        let name = problem.split("connections.").nth(1).and_then(|rest| rest.split(['.', ' ', ':']).next()).unwrap_or_default();
        let wanted = |key: &str| {
            problem.contains(&format!(".{key} in ")) && problem.contains("is missing")
                || [format!("`{key}` is needed"), format!("but {key} is not")].iter().any(|words| problem.contains(words))
        };
        let Some((key, value)) = SECRETS.iter().find(|(key, _)| wanted(key)) else { return Err(problem) };
        let variable = format!("LASTWORD__CONNECTIONS__{}__{key}", name.replace('-', "_")).to_uppercase();
        if env.iter().any(|(name, _)| *name == variable) {
            return Err(problem);
        }
        env.push((variable, (*value).to_owned()));
    }
}

async fn deps() -> ChannelDeps {
    let db = Db::open("sqlite::memory:", 1).await.unwrap();
    let mailbox = EngineMailbox::new(db.clone(), broadcast::channel(16).0, Arc::new(SetClock::at(0)));
    let vault =
        EngineVault::new(db, TokenKeys::new(b"a key of thirty-two bytes, or so", None), Arc::new(Ids::random()), Arc::new(SetClock::at(0)));
    ChannelDeps {
        http: http_client().unwrap(),
        mailbox: Arc::new(mailbox),
        vault: Arc::new(vault),
        visitor_key: [0_u8; 32].as_slice().into(),
        public_url: Some("https://rate.example.com/".parse().unwrap()),
    }
}

/// The country of numbers without a country code: that of the connection to a desk or to WhatsApp, otherwise of the organisation.
#[tokio::test]
async fn national_numbers_are_of_the_country_that_is_set() {
    let (deps, folder) = (deps().await, Folder::new());
    for page in ["bitrix24", "chatwoot", "desk", "rocketchat", "zammad", "meta"] {
        let text = std::fs::read_to_string(root().join("adapters").join(page).join("README.md")).unwrap();
        let plain = "[connections.desk]\nkind = \"desk\"\nline = \"support\"\n".to_owned();
        let example: toml::Table = if page == "desk" { plain } else { examples(&text).remove(0) }.parse().unwrap();
        let kind = if page == "meta" { "whatsapp" } else { page };
        let all = example["connections"].as_table().unwrap();
        let (name, section) =
            all.iter().find(|(_, section)| section["kind"].as_str() == Some(kind)).unwrap_or_else(|| panic!("{page}: {all}"));
        for (own, everywhere, number) in [
            (None, None, None),
            (Some("DE"), None, Some("4915123456789")),
            (None, Some("de"), Some("4915123456789")),
            (Some("DE"), Some("BR"), Some("4915123456789")),
        ] {
            let mut section = section.as_table().unwrap().clone();
            section.extend(own.map(|own| ("default_country".to_owned(), own.into())));
            let mut settings = toml::Table::new();
            settings.insert("connections".to_owned(), toml::Table::from_iter([(name.clone(), section.into())]).into());
            settings.extend(
                everywhere
                    .map(|code| ("organisation".to_owned(), toml::Table::from_iter([("default_country".to_owned(), code.into())]).into())),
            );
            let made = make(folder.path(), &settings, &deps).unwrap_or_else(|problem| panic!("{page}: {problem}"));
            let read = match made.help_desks.get(&name.as_str().into()) {
                Some(desk) => phone::read("0151 23456789", desk.routing.country).ok(),
                None => {
                    made.channels.get(&name.as_str().into()).unwrap().admit(Address::chat("0151 23456789")).ok().map(|address| address.chat)
                }
            };
            assert_eq!(read.as_deref(), number, "{page}: {own:?}, {everywhere:?}");
        }
        let mut wrong = section.as_table().unwrap().clone();
        wrong.insert("default_country".to_owned(), "Germany".into());
        let settings = toml::Table::from_iter([("connections".to_owned(), toml::Table::from_iter([(name.clone(), wrong.into())]).into())]);
        let problem = make(folder.path(), &settings, &deps).map(drop).unwrap_err();
        assert!(problem.contains("default_country") && problem.contains("ISO 3166-1"), "{page}: {problem}");
    }
}

#[tokio::test]
async fn every_example_of_settings_is_taken_as_it_stands() {
    let deps = deps().await;
    let folder = Folder::new();
    let beneath = |folder: &str| std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path().join("README.md"));
    let pages = beneath("adapters").chain(beneath("adapters/desk/recipes")).chain([root().join("README.md")]);
    let pages: Vec<PathBuf> = pages.filter(|page| page.exists()).collect();
    let mut tried = 0;
    for page in pages {
        let mut so_far = toml::Table::new();
        for example in examples(&std::fs::read_to_string(&page).unwrap()) {
            let table: toml::Table = example.parse().unwrap_or_else(|error| panic!("{}: {error}\n{example}", page.display()));
            merge(&mut so_far, table);
            if let Err(problem) = make(folder.path(), &so_far, &deps) {
                panic!("{}:\n{example}\n{problem}", page.display());
            }
            tried += 1;
        }
    }
    assert!(tried >= 12, "only {tried} examples were found");
}
