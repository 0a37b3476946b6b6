//! Metrics of ratings by line and channel, and the dashboard and alert rules over them.

use crate::on_both_databases;
use crate::personal::put;
use crate::rig::root;
use crate::rig::world::{World, messenger};
use lastword::app::metrics_task::{self, measure, measure_places};
use lastword::domain::access::audit::By;
use lastword::domain::session::ClosedBy;
use lastword::life::review::act::{ReviewAct, act};
use lastword::life::session::close_batch::{Close, Closed};
use lastword::metrics::Metrics;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::Command;

on_both_databases! {
    ratings_and_outcomes_are_counted_by_line_and_channel => counted;
    every_expression_of_the_dashboard_and_the_rules_finds_its_metrics => expressions;
}

const HOUR: i64 = 3_600_000;

fn has(page: &str, series: &str) {
    assert!(page.lines().any(|line| line == series), "{series} is not in\n{page}");
}

async fn read(world: &World, metrics: &Metrics) -> String {
    measure(&world.engine, metrics).await;
    measure_places(&world.engine, metrics).await;
    metrics.encode()
}

async fn counted(url: String) {
    let world = World::on(&url, messenger()).await;
    let metrics = Metrics::new("test");
    let page = read(&world, &metrics).await;
    has(&page, r#"lastword_ratings_total{line="support",channel="parrot",scale="binary",grade="good"} 0"#);
    has(&page, r#"lastword_questions_total{line="support",channel="parrot",outcome="expired"} 0"#);
    has(&page, r#"lastword_low_ratings_open{line="support",channel="parrot"} 0"#);

    let (_, question) = world.ask("good").await;
    world.tap(&question, "👍").await;
    let (low, question) = world.ask("bad").await;
    world.tap(&question, "👎").await;
    let (_, changed) = world.ask("changed").await;
    world.tap(&changed, "👎").await;
    world.pass(60_000).await;
    world.tap(&changed, "👍").await;
    world.ask("silent").await;
    let closed = world.tell(Close { closed_by: ClosedBy::Bot, ..world.close_of("bot") }).await;
    assert!(matches!(closed, Closed::Kept { decision: Err(_), .. }), "nobody is asked: {closed:?}");
    world.pass(80 * HOUR).await;
    let page = read(&world, &metrics).await;
    has(&page, r#"lastword_ratings_total{line="support",channel="parrot",scale="binary",grade="good"} 2"#);
    has(&page, r#"lastword_ratings_total{line="support",channel="parrot",scale="binary",grade="bad"} 2"#);
    has(&page, r#"lastword_questions_total{line="support",channel="parrot",outcome="answered"} 3"#);
    has(&page, r#"lastword_questions_total{line="support",channel="parrot",outcome="expired"} 1"#);
    has(&page, r#"lastword_questions_total{line="support",channel="parrot",outcome="not_asked"} 1"#);
    has(&page, r#"lastword_low_ratings_open{line="support",channel="parrot"} 1"#);

    act(&world.engine, &By::command(), low.parse().unwrap(), ReviewAct::Reply("We are sorry.".to_owned()), None, world.now())
        .await
        .unwrap()
        .expect("it is kept");
    let again = read(&world, &metrics).await;
    has(&again, r#"lastword_low_ratings_open{line="support",channel="parrot"} 0"#);
    has(&again, r#"lastword_ratings_total{line="support",channel="parrot",scale="binary",grade="bad"} 2"#);
    assert_eq!(metrics.encode(), again, "reading counts nothing");

    alarm(&url).await;
    let page = read(&world, &metrics).await;
    has(&page, r#"lastword_alarm_state{line="support",channel="parrot",kind="score"} 1"#);
    has(&page, r#"lastword_alarm_state{line="support",channel="mailer",kind="score"} 0"#);
    for label in ["operator", "client", "session", "chat"] {
        assert!(!page.contains(&format!("{label}=\"")), "no metric has the label {label}");
    }
}

/// A watched share with an active alarm, and one without.
async fn alarm(url: &str) {
    let columns = "line_id, channel, kind, basis, since, looked_at, clients, cases, bad, days, learnt_at, adds, takes, sum_limit, alarm_id";
    for (channel, alarm) in [("parrot", "'a'"), ("mailer", "NULL")] {
        let values = format!("'support', '{channel}', 'score', 'b', 1, 1, 9, 9, 1, 9, 1, 3, 1, 9, {alarm}");
        put(url, &format!("DELETE FROM share_watch WHERE channel = '{channel}' AND kind = 'score'")).await;
        put(url, &format!("INSERT INTO share_watch ({columns}) VALUES ({values})")).await;
    }
}

/// A selector of an expression: the metric, and its conditions (label, operator, value).
type Selector = (String, Vec<(String, String, String)>);

fn selectors(expression: &str) -> Vec<Selector> {
    let mut found = Vec::new();
    for (at, _) in expression.match_indices("lastword_") {
        let name: String = expression[at..].chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
        let conditions =
            expression[at + name.len()..].strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or("", |(inside, _)| inside);
        let conditions = conditions.split("\",").filter(|condition| !condition.is_empty()).map(|condition| {
            let operator = ["=~", "!~", "!=", "="].into_iter().find(|operator| condition.contains(operator)).expect("an operator");
            let (label, value) = condition.split_once(operator).expect("just found");
            (label.trim().to_owned(), operator.to_owned(), value.trim_matches('"').to_owned())
        });
        found.push((name.clone(), conditions.collect()));
    }
    found
}

/// The labels by which an expression groups.
fn grouped(expression: &str) -> BTreeSet<String> {
    let lists = expression.split("by (").skip(1).filter_map(|rest| rest.split(')').next());
    lists.flat_map(|list| list.split(',').map(|label| label.trim().to_owned())).collect()
}

/// The labels named in a text as `{{ $labels.line }}` or `{{line}}`.
fn shown(text: &str) -> BTreeSet<String> {
    let named = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim);
    named.filter(|name| !name.starts_with("$value")).map(|name| name.trim_start_matches("$labels.").to_owned()).collect()
}

/// The labels of each metric, with their values.
fn served(page: &str) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut all: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let end = line.find(['{', ' ']).expect("a value follows");
        let labels = all.entry(line[..end].to_owned()).or_default();
        let inside = line[end..].strip_prefix('{').and_then(|rest| rest.rsplit_once('}')).map_or("", |(inside, _)| inside);
        for pair in inside.split("\",").filter(|pair| !pair.is_empty()) {
            let (label, value) = pair.split_once("=\"").expect("a label has a value");
            labels.entry(label.to_owned()).or_default().insert(value.trim_end_matches('"').to_owned());
        }
    }
    all
}

/// Errors of an expression and of the text shown with its result.
fn wrong(expression: &str, text: &str, served: &BTreeMap<String, BTreeMap<String, BTreeSet<String>>>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut labels = BTreeSet::from(["le".to_owned()]);
    let found = selectors(expression);
    if found.is_empty() {
        wrong.push(format!("no metric in {expression}"));
    }
    for (name, conditions) in found {
        let Some(metric) = served.get(&name) else {
            wrong.push(format!("{name} is not served: {expression}"));
            continue;
        };
        labels.extend(metric.keys().cloned());
        for (label, operator, value) in conditions {
            match metric.get(&label) {
                None => wrong.push(format!("{name} has no label {label}: {expression}")),
                Some(_) if value.starts_with('$') => {}
                Some(values) if operator == "=" || operator == "=~" => {
                    let missing = value.split('|').filter(|one| !values.contains(*one));
                    wrong.extend(missing.map(|one| format!("{name} has no {label}=\"{one}\": {expression}")));
                }
                Some(_) => {}
            }
        }
    }
    let by = grouped(expression);
    wrong.extend(by.difference(&labels).map(|label| format!("none of the metrics has the label {label}: {expression}")));
    // The text is shown with the labels that are left.
    wrong.extend(shown(text).difference(&by).map(|label| format!("{label} is not left by {expression}")));
    wrong
}

async fn expressions(url: String) {
    let world = World::on(&url, messenger()).await;
    let metrics = Metrics::new("test");
    metrics_task::begin(&metrics, ["bot", "mail"].into_iter());
    let (_, question) = world.ask("one").await;
    world.tap(&question, "👎").await;
    alarm(&url).await;
    let served = served(&read(&world, &metrics).await);
    assert!(served.len() > 20 && served["lastword_ratings_total"]["grade"].contains("good"), "{served:?}");

    let mut errors = Vec::new();
    let rules = std::fs::read_to_string(root().join("docs/prometheus/rules.yml")).unwrap();
    let rules: Vec<&str> = rules.split("- alert: ").skip(1).collect();
    for rule in &rules {
        let expression = rule.lines().find_map(|line| line.trim().strip_prefix("expr: ")).expect("one line");
        let summary = rule.lines().find_map(|line| line.trim().strip_prefix("summary: ")).expect("one line");
        errors.extend(wrong(expression, summary, &served));
    }
    let text = std::fs::read_to_string(root().join("docs/prometheus/dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&dashboard["uid"], &dashboard["id"], dashboard["schemaVersion"].as_i64()), (&"lastword".into(), &Value::Null, Some(39)));
    let (mut places, mut panels) = (BTreeSet::new(), 0);
    for panel in dashboard["panels"].as_array().unwrap() {
        assert_eq!(panel["datasource"]["uid"], "${datasource}", "{panel}");
        assert!(places.insert((panel["gridPos"]["x"].as_i64(), panel["gridPos"]["y"].as_i64())), "two panels in one place: {panel}");
        for target in panel["targets"].as_array().unwrap() {
            errors.extend(wrong(target["expr"].as_str().unwrap(), target["legendFormat"].as_str().unwrap(), &served));
            panels += 1;
        }
    }
    for variable in dashboard["templating"]["list"].as_array().unwrap().iter().filter(|variable| variable["type"] == "query") {
        let query = variable["definition"].as_str().unwrap();
        let (metric, label) = query.strip_prefix("label_values(").unwrap().trim_end_matches(')').split_once(", ").unwrap();
        assert!(served[metric].contains_key(label), "{query}");
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(rules.len() >= 8 && panels >= 14, "{} rules, {panels} expressions", rules.len());
    // The check itself finds what is wrong.
    let bad = [
        "lastword_rating_total",
        "sum by (operator) (lastword_ratings_total)",
        "lastword_ratings_total{grade=\"fine\"}",
        "lastword_ratings_total{client=~\"$line\"}",
    ];
    for expression in bad {
        assert_eq!(wrong(expression, "", &served).len(), 1, "{expression}");
    }
    assert_eq!(wrong("sum by (line) (lastword_ratings_total)", "{{channel}}", &served).len(), 1);
}

/// Prometheus' own tool reads the rules and plays their tests.
#[test]
fn promtool_accepts_the_rules_and_their_tests() {
    let folder = root().join("docs/prometheus");
    for arguments in [["check", "rules", "rules.yml"], ["test", "rules", "rules.test.yml"]] {
        match Command::new("promtool").args(arguments).current_dir(&folder).output() {
            Ok(output) => assert!(
                output.status.success(),
                "{arguments:?}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ),
            // Not through the captured output of tests, so that it is seen.
            Err(error) => {
                let skipped = format!(
                    "\n\n*** SKIPPED: promtool {}: {error}; ./test installs Debian's package prometheus ***\n\n",
                    arguments.join(" ")
                );
                std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            }
        }
    }
}
