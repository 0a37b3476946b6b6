//! Rooms: no folder contains more files than fit at a glance, and files do not depend on each other in cycles. A file and
//! the folder of its name count as one: references between them are ignored.

use super::files::{ours, read};
use super::{LAYERS, none};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use syn::visit::{self, Visit};

/// Maximum number of files in a folder.
const ROOM_FILES_MAX: usize = 20;
/// Permitted longer lists: one file per command.
const LISTS: &[&str] = &["src/cli"];

#[test]
fn no_room_is_crowded() {
    none(&crowded(&ours(&[".rs"])));
}

#[test]
fn no_files_know_each_other_in_a_circle() {
    none(&circles(&knows(&sources())));
}

#[test]
fn no_rooms_know_each_other_in_a_ring() {
    none(&circles(&by_room(&knows(&sources()))));
}

/// Every source file with its text.
fn sources() -> BTreeMap<String, String> {
    let is_source = |path: &String| path.starts_with("src/") || path.starts_with("adapters/") && path.contains("/src/");
    let sources: BTreeMap<String, String> = ours(&[".rs"]).into_iter().filter(is_source).map(|path| (path.clone(), read(&path))).collect();
    assert!(sources.contains_key("src/life/session/close.rs"), "the walk finds the sources");
    sources
}

/// Folders of sources with more than [`ROOM_FILES_MAX`] files.
fn crowded(paths: &[String]) -> Vec<String> {
    let mut rooms: BTreeMap<&str, usize> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.starts_with("src/") || path.contains("/src/")) {
        let Some((room, _)) = path.rsplit_once('/') else { continue };
        *rooms.entry(room).or_default() += 1;
    }
    let over = rooms.into_iter().filter(|(room, files)| *files > ROOM_FILES_MAX && !LISTS.contains(room));
    over.map(|(room, files)| format!("{room}: {files} files, and {ROOM_FILES_MAX} are much: give those that belong together a room"))
        .collect()
}

/// `life`, `session`, `close` of `src/life/session/close.rs`.
type Module = Vec<String>;

/// The modules that each file names, other than its own folder and itself.
type Knows = BTreeMap<Module, BTreeSet<Module>>;

/// What the files name.
fn knows(sources: &BTreeMap<String, String>) -> Knows {
    let files: BTreeMap<Module, syn::File> = sources
        .iter()
        .map(|(path, text)| (module(path), syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"))))
        .collect();
    let handed_on: BTreeMap<Module, Module> =
        files.iter().filter(|(here, _)| **here == root(here)).flat_map(|(here, file)| handed_on(here, file)).collect();
    let known = |name: &Module| {
        let name =
            (0..=name.len()).rev().find_map(|end| Some([handed_on.get(&name[..end])?, &name[end..]].concat())).unwrap_or(name.clone());
        (0..=name.len()).rev().map(|end| name[..end].to_vec()).find(|module| files.contains_key(module))
    };
    let named = |(here, file): (&Module, &syn::File)| {
        let mut names = Names { here: here.clone(), root: root(here), found: Vec::new() };
        names.visit_file(file);
        (here.clone(), names.found.iter().filter_map(known).filter(|other| !other.starts_with(here) && !here.starts_with(other)).collect())
    };
    files.iter().map(named).collect()
}

/// What a crate's root hands on from its modules: its name there, and where it comes from.
fn handed_on(root: &Module, file: &syn::File) -> Vec<(Module, Module)> {
    let mut names = Names { here: root.clone(), root: root.clone(), found: Vec::new() };
    let uses = file.items.iter().filter_map(|item| if let syn::Item::Use(item) = item { Some(item) } else { None });
    uses.filter(|item| !matches!(item.vis, syn::Visibility::Inherited)).for_each(|item| {
        let mut before = Vec::new();
        let is_own = matches!(&item.tree, syn::UseTree::Path(path) if ["self", "crate"].contains(&path.ident.to_string().as_str()));
        if !is_own {
            before.push("self".to_owned());
        }
        names.tree(&item.tree, &mut before);
    });
    let short = |from: Module| Some(([root.clone(), vec![from.last()?.clone()]].concat(), from));
    names.found.into_iter().filter_map(short).filter(|(name, from)| name != from).collect()
}

/// The same for rooms: the modules of a crate's root.
fn by_room(knows: &Knows) -> Knows {
    let room = |module: &Module| module.get(..=root(module).len()).map(<[String]>::to_vec);
    let mut rooms = Knows::new();
    for (here, others) in knows {
        let Some(here) = room(here) else { continue };
        let others = others.iter().filter(|other| root(other) == root(&here)).filter_map(room).filter(|other| *other != here);
        rooms.entry(here.clone()).or_default().extend(others);
    }
    rooms
}

/// One cycle for each member of a cycle: `a -> b -> a`.
fn circles(knows: &Knows) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ways = knows.keys().filter_map(|start| way_back(start, knows));
    let new = ways.filter(|way| seen.insert(way.iter().copied().collect::<BTreeSet<_>>()));
    new.map(|way| way.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" -> ")).collect()
}

/// The crate that a module belongs to.
fn root(module: &Module) -> Module {
    if module.first().is_some_and(|first| first == "adapters") {
        return module[..3.min(module.len())].to_vec();
    }
    let layers = (0..=module.len()).rev().map(|end| &module[..end]);
    layers.into_iter().find(|path| LAYERS.iter().any(|layer| path.join("/") == layer.name)).map(<[String]>::to_vec).unwrap_or_default()
}

fn module(path: &str) -> Module {
    let name = path.trim_start_matches("src/").trim_end_matches(".rs");
    match name.strip_suffix("/lib").unwrap_or(name) {
        "lib" | "main" => vec![String::new()],
        name => name.split('/').map(str::to_owned).collect(),
    }
}

/// The shortest path from a module through others back to itself.
fn way_back<'m>(start: &'m Module, knows: &'m Knows) -> Option<Vec<&'m Module>> {
    let mut before: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(here) = next.pop_front() {
        for other in knows.get(here).into_iter().flatten() {
            if other == start {
                let mut way = vec![start, here];
                while let Some(&earlier) = before.get(way[way.len() - 1]) {
                    way.push(earlier);
                }
                way.reverse();
                way.push(start);
                way.dedup();
                return Some(way);
            }
            if !before.contains_key(other) {
                before.insert(other, here);
                next.push_back(other);
            }
        }
    }
    None
}

/// Collects every path of ours that a file names, its tests excluded.
struct Names {
    here: Module,
    /// The meaning of `crate` in this file.
    root: Module,
    found: Vec<Module>,
}

impl Names {
    fn name(&mut self, segments: &[String]) {
        let supers = segments.iter().take_while(|segment| *segment == "super").count();
        let base = match segments.first().map(String::as_str) {
            Some("crate") => self.root.clone(),
            Some("self") => self.here.clone(),
            Some("super") => self.here[..self.here.len().saturating_sub(supers)].to_vec(),
            _ => return,
        };
        self.found.push(base.into_iter().chain(segments[supers.max(1)..].iter().cloned()).collect());
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Module) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Name(syn::UseName { ident }) | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                let segments: Module = before.iter().cloned().chain([ident.to_string()]).collect();
                self.name(&segments);
            }
            syn::UseTree::Glob(_) => self.name(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() || item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            return;
        }
        self.here.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.here.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Module = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.name(&segments);
        visit::visit_path(self, path);
    }
}

#[test]
fn a_crowded_room_is_found() {
    let files = |room: &str, count: usize| (0..count).map(|number| format!("{room}/file{number}.rs")).collect::<Vec<_>>();
    assert_eq!(crowded(&files("src/life/session", 20)), [""; 0]);
    assert_eq!(crowded(&files("src/life/session", 21)).len(), 1);
    assert_eq!(crowded(&files("adapters/some/src", 21)).len(), 1);
    assert_eq!(crowded(&files("src/cli", 30)), [""; 0]);
}

#[test]
fn a_circle_is_found_however_long_and_however_it_is_written() {
    let found = |files: &[(&str, &str)]| circles(&knows(&planted(files)));
    let two = [("src/a.rs", "use crate::b::B;"), ("src/b.rs", "fn f() { crate::a::f() }")];
    assert_eq!(found(&two), ["a -> b -> a"]);
    let three = [
        ("src/room/a.rs", "use super::{b::{self, X}, other};"),
        ("src/room/b.rs", "use crate::room::c::*;"),
        ("src/room/c.rs", "mod inner { use super::super::a::A; }"),
    ];
    assert_eq!(found(&three), ["room::a -> room::b -> room::c -> room::a"]);
    let in_a_crate = [("src/life/a.rs", "use crate::b::B;"), ("src/life/b.rs", "use super::a::A;")];
    assert_eq!(found(&in_a_crate), ["life::a -> life::b -> life::a"]);
    let line =
        [("src/a.rs", "use crate::b::B;"), ("src/b.rs", "use crate::c::C;"), ("src/c.rs", "#[cfg(test)] mod tests { use crate::a::A; }")];
    assert_eq!(found(&line), [""; 0], "a test may know what its file must not");
    let family = [("src/a.rs", "use self::b::B;"), ("src/a/b.rs", "use super::A;")];
    assert_eq!(found(&family), [""; 0], "a file and its folder are one thing");
}

#[test]
fn a_ring_of_rooms_is_found_although_no_files_form_a_circle() {
    let found = |files: &[(&str, &str)]| circles(&by_room(&knows(&planted(files))));
    let ring = [
        ("src/life/lib.rs", "pub mod a; pub mod b;"),
        ("src/life/a/one.rs", "use crate::b::two::B;"),
        ("src/life/a/other.rs", ""),
        ("src/life/b/two.rs", "use crate::a::other::A;"),
    ];
    assert_eq!(found(&ring), ["life::a -> life::b -> life::a"]);
    assert_eq!(circles(&knows(&planted(&ring))), [""; 0]);
    let handed_on = [
        ("adapters/some/src/lib.rs", "mod a; mod b; pub use a::one::A;"),
        ("adapters/some/src/a/one.rs", "use crate::b::B;"),
        ("adapters/some/src/b.rs", "use super::A;"),
    ];
    assert_eq!(found(&handed_on), ["adapters::some::src::a -> adapters::some::src::b -> adapters::some::src::a"]);
    let line = [("src/life/a/one.rs", "use crate::b::B; use crate::a::two::C;"), ("src/life/a/two.rs", ""), ("src/life/b.rs", "")];
    assert_eq!(found(&line), [""; 0]);
}

fn planted(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}
