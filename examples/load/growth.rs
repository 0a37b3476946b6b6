//! Cost of a close in a large database: the same figures over a database that grows tenfold from step to step.

use crate::disk::PAGE;
use crate::figures::Figures;
use crate::server::{Server, Stub, array, close_body};
use std::time::Duration;

/// The first step.
const SMALLEST: u64 = 10_000;

/// Time for which an idle server is measured, after the same time to finish the work of the load.
const IDLE: Duration = Duration::from_secs(15);

/// Measures single closes at 10⁴ closes, 10⁵ … up to `most`, and the idle server's use: all these questions are open and scheduled.
pub(crate) async fn measure(figures: &mut Figures, seconds: u64, database: &str, most: u64) {
    let (_stub, stub_url) = Stub::start().await;
    let server = Server::start(database, &stub_url, "").await;
    let (mut there, mut first) = (0, None);
    let steps = std::iter::successors(Some(SMALLEST), |step| Some(step * 10)).take_while(|step| *step <= most);
    for size in steps {
        while there < size {
            // In short runs, so that no step is overshot by much.
            let run = server.closes(4, if size - there > 200_000 { 5 } else { 1 }, |number| array("later", number)).await;
            assert_eq!(run.refused, 0, "every array is taken");
            there += run.millis.len() as u64 * 500;
        }
        let mut add = |name: &str, value: f64| figures.add(&format!("{database}: at {size:.0e} closes, {name}"), value);
        let (commits, written, cpu) = (server.commits().await, server.written().await, server.cpu().await);
        let run = server.closes(64, seconds, |number| close_body("later", number)).await;
        let (count, used) = (run.millis.len() as f64, server.cpu().await);
        assert_eq!(run.refused, 0, "every close is taken");
        there += run.millis.len() as u64;
        let commits = (server.commits().await - commits).max(1.0);
        add("single closes/s", run.per_second);
        add("single closes p99 ms", run.percentile(0.99));
        add("closes per commit", count / commits);
        add("pages written per commit", (server.written().await - written) / PAGE / commits);
        let used = used.since(cpu, count);
        for (part, micros) in used {
            add(&format!("single close, CPU µs of {part}"), micros);
        }
        // The load's own time is not part of the close.
        let micros: f64 = used.iter().filter(|(part, _)| *part != "load").map(|(_, micros)| micros).sum();
        add("CPU of a close, times that of the first step", micros / *first.get_or_insert(micros));
        tokio::time::sleep(IDLE).await;
        let before = server.cpu().await;
        tokio::time::sleep(IDLE).await;
        for (part, micros) in server.cpu().await.since(before, IDLE.as_secs_f64()).into_iter().filter(|(part, _)| *part != "load") {
            add(&format!("idle, % of a core, {part}"), micros / 10_000.0);
        }
    }
}
