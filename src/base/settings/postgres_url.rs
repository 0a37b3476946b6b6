//! A PostgreSQL URL as libpq reads it: one host or several, and the kind of server that is looked for among them
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS>).

use std::borrow::Cow;

/// A PostgreSQL URL, split into what its hosts share and the hosts.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    /// `user:password@` as it was written, or nothing.
    user: String,
    /// The hosts, in the order in which they are tried; at least one.
    hosts: Vec<PostgresHost>,
    /// `/name`, as it was written.
    path: String,
    /// The other parameters, as they were written.
    query: Vec<String>,
    /// `true` if only a server that takes writes will do.
    writable: bool,
}

/// A host of a [`PostgresUrl`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresHost {
    /// Its name or address, or the folder of a Unix socket; empty for the default.
    name: String,
    /// Its port; `None` for the default.
    port: Option<u16>,
}

impl PostgresHost {
    /// Name and port, fit for logs.
    pub fn shown(&self) -> String {
        let name = if self.name.is_empty() { "localhost" } else { &self.name };
        self.port.map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
    }
}

impl PostgresUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// The problem and the remedy, without any part that may be secret.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")).ok_or("is not a PostgreSQL URL")?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, hosts) = authority.rfind('@').map_or(("", authority), |at| authority.split_at(at + 1));
        let mut hosts = hosts.split(',').map(host).collect::<Result<Vec<_>, _>>()?;
        let (mut writable, mut kept, mut names, mut ports) = (None, Vec::new(), None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "target_session_attrs" => writable = Some(is_writable(&decoded(value))?),
                "host" | "hostaddr" => names = Some(decoded(value).into_owned()),
                "port" => ports = Some(decoded(value).into_owned()),
                _ => kept.push(pair.to_owned()),
            }
        }
        if let Some(names) = names {
            let port = |at: usize| hosts.get(at).or_else(|| hosts.first()).and_then(|host| host.port);
            hosts = names.split(',').enumerate().map(|(at, name)| PostgresHost { name: name.to_owned(), port: port(at) }).collect();
        }
        if let Some(ports) = ports {
            give_ports(&mut hosts, &ports)?;
        }
        if path.len() < 2 {
            return Err("names no database; write postgres://USER:PASSWORD@HOST/NAME".to_owned());
        }
        let writable = writable.unwrap_or(hosts.len() > 1);
        let url = Self { user: user.to_owned(), hosts, path: path.to_owned(), query: kept, writable };
        let fits = url.each().all(|(_, url)| url::Url::parse(&url).is_ok());
        if fits {
            Ok(url)
        } else {
            Err("is not a URL; write postgres://USER:PASSWORD@HOST/NAME, with %40 for an @ in the password".to_owned())
        }
    }

    /// Each host with the URL that leads to it alone, in the order in which they are tried. The URLs hold the password.
    pub fn each(&self) -> impl Iterator<Item = (&PostgresHost, String)> {
        self.hosts.iter().map(|host| {
            let (mut authority, mut query) = (String::new(), self.query.clone());
            if host.name.starts_with('/') {
                query.insert(0, format!("host={}", encoded(&host.name)));
                query.extend(host.port.map(|port| format!("port={port}")));
            } else {
                authority.push_str(&if host.name.contains(':') { format!("[{}]", host.name) } else { host.name.clone() });
                authority.extend(host.port.map(|port| format!(":{port}")));
            }
            // A user or a port needs a host to stand at.
            if authority.is_empty() && !self.user.is_empty() || authority.starts_with(':') {
                authority.insert_str(0, "localhost");
            }
            let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
            (host, format!("postgres://{}{authority}{}{query}", self.user, self.path))
        })
    }

    /// The whole URL as PostgreSQL's own tools read it, without the password, and the password.
    pub fn for_tools(&self) -> (String, Option<String>) {
        let (user, password) = match self.user.trim_end_matches('@').split_once(':') {
            Some((user, password)) => (format!("{user}@"), Some(decoded(password).into_owned())),
            None => (self.user.clone(), None),
        };
        let hosts = self.hosts.iter().map(|host| {
            let name = if host.name.contains(':') { format!("[{}]", host.name) } else { host.name.replace('/', "%2F") };
            host.port.map_or_else(|| name.clone(), |port| format!("{name}:{port}"))
        });
        let attrs = self.writable.then_some("target_session_attrs=read-write");
        let query: Vec<&str> = self.query.iter().map(String::as_str).chain(attrs).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        (format!("postgres://{user}{}{}{query}", hosts.collect::<Vec<_>>().join(","), self.path), password)
    }

    /// `true` if only a server that takes writes will do: `target_session_attrs` is `read-write` or `primary`, or there are several
    /// hosts and nothing is said.
    pub fn wants_writable(&self) -> bool {
        self.writable
    }

    /// The role that it signs in as. `None` if it does not say.
    pub fn role(&self) -> Option<String> {
        let user = self.user.trim_end_matches('@').split(':').next().unwrap_or_default();
        let user = if user.is_empty() { self.query.iter().find_map(|pair| pair.strip_prefix("user="))? } else { user };
        Some(decoded(user).into_owned())
    }

    /// The name of the database.
    pub fn database(&self) -> String {
        decoded(self.path.trim_start_matches('/')).into_owned()
    }

    /// Its hosts and its name, without user and password.
    pub fn shown(&self) -> String {
        let hosts: Vec<String> = match &self.hosts[..] {
            // The port of a single one is no news.
            [one] if !one.name.is_empty() && !one.name.starts_with('/') => vec![one.name.clone()],
            [one] => vec![PostgresHost { port: None, name: one.name.clone() }.shown()],
            several => several.iter().map(PostgresHost::shown).collect(),
        };
        format!("{}{}", hosts.join(","), self.path)
    }
}

fn host(text: &str) -> Result<PostgresHost, String> {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, rest)) => (name, rest.strip_prefix(':')),
        None => text.rsplit_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
    };
    Ok(PostgresHost { name: decoded(name).into_owned(), port: port.filter(|port| !port.is_empty()).map(port_of).transpose()? })
}

fn port_of(text: &str) -> Result<u16, String> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| format!("has the port \"{text}\"; write a number from 1 to 65535"))
}

/// The ports of a parameter: one for all hosts, or one for each.
fn give_ports(hosts: &mut [PostgresHost], ports: &str) -> Result<(), String> {
    let ports = ports.split(',').map(|port| if port.is_empty() { Ok(None) } else { port_of(port).map(Some) });
    let ports = ports.collect::<Result<Vec<_>, _>>()?;
    if ports.len() != 1 && ports.len() != hosts.len() {
        return Err(format!("has {} hosts and {} ports; write one port for all, or one for each", hosts.len(), ports.len()));
    }
    for (at, host) in hosts.iter_mut().enumerate() {
        host.port = ports.get(at).or_else(|| ports.first()).copied().flatten();
    }
    Ok(())
}

fn is_writable(attrs: &str) -> Result<bool, String> {
    match attrs {
        "any" => Ok(false),
        "read-write" | "primary" => Ok(true),
        "read-only" | "standby" | "prefer-standby" => {
            Err(format!("has target_session_attrs={attrs}, and Lastword writes; write target_session_attrs=read-write"))
        }
        _ => Err("has an unknown target_session_attrs; write target_session_attrs=read-write, or leave it out".to_owned()),
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    // A form's decoding but for the plus sign, which is itself here.
    let pair = format!("p={}", text.replace('+', "%2B").replace('&', "%26"));
    let value = url::form_urlencoded::parse(pair.as_bytes()).map(|(_, value)| value.into_owned()).next();
    Cow::Owned(value.unwrap_or_default())
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Vec<String> {
        PostgresUrl::parse(text).unwrap_or_else(|problem| panic!("{text} {problem}")).each().map(|(_, url)| url).collect()
    }

    #[test]
    fn hosts_are_tried_in_their_order_each_with_its_port() {
        for (text, found) in [
            ("postgres://me:p@a/lw", &["postgres://me:p@a/lw"][..]),
            (
                "postgresql://me:p@a:5433,b,[::1]:5434/lw?sslmode=require",
                &[
                    "postgres://me:p@a:5433/lw?sslmode=require",
                    "postgres://me:p@b/lw?sslmode=require",
                    "postgres://me:p@[::1]:5434/lw?sslmode=require",
                ],
            ),
            ("postgres://me@/lw?host=a,b&port=5433,5434", &["postgres://me@a:5433/lw", "postgres://me@b:5434/lw"]),
            ("postgres:///lw?host=a,b&port=5433", &["postgres://a:5433/lw", "postgres://b:5433/lw"]),
            ("postgresql:///lw?host=/run/postgresql", &["postgres:///lw?host=%2Frun%2Fpostgresql"]),
            ("postgresql://me@%2Frun%2Fpg:5433/lw", &["postgres://me@localhost/lw?host=%2Frun%2Fpg&port=5433"]),
            ("postgres:///lw", &["postgres:///lw"]),
            (
                "postgres://me:p%40ss@a,b/lw?target_session_attrs=read-write&application_name=x",
                &["postgres://me:p%40ss@a/lw?application_name=x", "postgres://me:p%40ss@b/lw?application_name=x"],
            ),
        ] {
            assert_eq!(urls(text), found, "{text}");
        }
    }

    #[test]
    fn a_leader_is_looked_for_among_several_hosts_and_where_it_is_said() {
        for (text, writable) in [
            ("postgres://a/lw", false),
            ("postgres://a,b/lw", true),
            ("postgres://a,b/lw?target_session_attrs=any", false),
            ("postgres://a/lw?target_session_attrs=read-write", true),
            ("postgres://a/lw?target_session_attrs=primary", true),
        ] {
            assert_eq!(PostgresUrl::parse(text).unwrap().wants_writable(), writable, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_remedy() {
        for (text, words) in [
            ("postgres://a:x,b/lw", "the port \"x\"; write a number"),
            ("postgres://a:70000/lw", "write a number from 1 to 65535"),
            ("postgres:///lw?host=a,b,c&port=1,2", "3 hosts and 2 ports; write one port for all"),
            ("postgres://a,b/lw?target_session_attrs=standby", "Lastword writes; write target_session_attrs=read-write"),
            ("postgres://a,b/lw?target_session_attrs=leader", "unknown target_session_attrs; write"),
            ("postgres://a,b", "names no database"),
            ("postgres://a b/lw", "is not a URL"),
        ] {
            let said = PostgresUrl::parse(text).err().unwrap_or_else(|| panic!("{text} is taken"));
            assert!(said.contains(words), "{text}: {said}");
        }
    }

    #[test]
    fn role_and_database_are_read_as_they_are_called() {
        for (text, role, database) in [
            ("postgres://App%20User:x@a/lw", Some("App User"), "lw"),
            ("postgres:///l%2Fw?user=me", Some("me"), "l/w"),
            ("postgres://a/lw", None, "lw"),
        ] {
            let url = PostgresUrl::parse(text).unwrap();
            assert_eq!((url.role().as_deref(), url.database().as_str()), (role, database));
        }
    }

    #[test]
    fn tools_get_all_hosts_and_the_password_apart() {
        for (text, url, password) in [
            ("postgres://me:hu%2Fsh+1@a/lw?sslmode=require", "postgres://me@a/lw?sslmode=require", Some("hu/sh+1")),
            ("postgres://me:x@a:1,[::1]:2/lw", "postgres://me@a:1,[::1]:2/lw?target_session_attrs=read-write", Some("x")),
            ("postgres://me@/lw?host=/run/pg", "postgres://me@%2Frun%2Fpg/lw", None),
        ] {
            assert_eq!(PostgresUrl::parse(text).unwrap().for_tools(), (url.to_owned(), password.map(str::to_owned)));
        }
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        for (text, shown) in [
            ("postgres://me:hush@a/lw", "a/lw"),
            ("postgres://me:hush@a:1,b:2/lw", "a:1,b:2/lw"),
            ("postgresql:///lw?host=/run/pg", "/run/pg/lw"),
            ("postgres:///lw", "localhost/lw"),
        ] {
            assert_eq!(PostgresUrl::parse(text).unwrap().shown(), shown);
        }
    }
}
