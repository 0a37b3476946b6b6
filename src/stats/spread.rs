//! Interval of a share whose answers are not independent: clients return, and the answers of one client are correlated. The variance is
//! that between clients, and the interval is that of the number of independent answers with the same variance (the effective number).

use crate::beta;
use crate::share::{Share, wilson};
use crate::{ALPHA, Z};

/// Sums over clients from which the interval is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    clients: i64,
    answers: i64,
    good: i64,
    /// The sums over clients of answers × answers, good × answers and good × good.
    squares: [i64; 3],
}

/// Number of answers of the rarer kind at which the observed correlation has half of the weight. With fewer, answers of one client count
/// mostly as one.
const SHOWN: f64 = 2.0;

impl Spread {
    /// Adds a client with the share of their good answers.
    pub fn add(&mut self, client: Share) {
        let Share { part, whole } = client;
        self.clients += 1;
        self.answers += whole;
        self.good += part;
        for (sum, product) in self.squares.iter_mut().zip([whole * whole, part * whole, part * part]) {
            *sum += product;
        }
    }

    /// Good of all answers.
    pub fn share(&self) -> Share {
        Share::of(self.good, self.answers)
    }

    /// Number of independent answers with the same information; `None` without answers.
    fn effective(&self) -> Option<f64> {
        if self.answers <= 0 {
            return None;
        }
        let n = self.answers as f64;
        Some(n / self.design_effect())
    }

    /// Variance divided by that of independent answers.
    fn design_effect(&self) -> f64 {
        let (k, n, x) = (self.clients as f64, self.answers as f64, self.good as f64);
        let [nn, xn, xx] = self.squares.map(|sum| sum as f64);
        // The value if all answers of a client are the same.
        let most = nn / n;
        let rarer = x.min(n - x);
        if most <= 1.0 || self.clients < 2 || rarer <= 0.0 {
            return most;
        }
        let p = x / n;
        let between = k / (k - 1.0) * (xx - 2.0 * p * xn + p * p * nn) / (n * n);
        let shown = (between / (p * (1.0 - p) / n)).clamp(1.0, most.max(1.0));
        let weight = rarer / (rarer + SHOWN);
        weight * shown + (1.0 - weight) * most
    }

    /// 95 % interval in percent: the Wilson interval of the effective number, with the quantile of Student's distribution, because the
    /// variance is an estimate from the clients. If every client answered once, it is the Wilson interval of the answers.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let effective = self.effective()?;
        if self.squares[0] == self.answers {
            return self.share().interval();
        }
        if self.clients < 2 {
            return Some((0.0, 100.0));
        }
        let (low, high) = wilson(self.good as f64 / self.answers as f64, effective, student(self.clients - 1).max(Z));
        Some((low * 100.0, high * 100.0))
    }
}

/// The quantile of Student's distribution that leaves 2.5 % above.
fn student(degrees: i64) -> f64 {
    let degrees = degrees as f64;
    let x = beta::quantile(degrees / 2.0, 0.5, ALPHA);
    (degrees * (1.0 / x - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(clients: &[(i64, i64)]) -> Spread {
        let mut spread = Spread::default();
        clients.iter().for_each(|&(good, of)| spread.add(Share::of(good, of)));
        spread
    }

    #[test]
    fn quantiles_are_students() {
        for (degrees, expected) in [(1, 12.706), (2, 4.303), (5, 2.571), (19, 2.093), (59, 2.001), (1_000, 1.962)] {
            assert!((student(degrees) - expected).abs() < 0.001, "{degrees}: {}", student(degrees));
        }
    }

    #[test]
    fn clients_who_answered_once_are_independent() {
        let once = of(&[(1, 1), (0, 1), (1, 1), (1, 1)]);
        assert_eq!((once.effective(), once.interval()), (Some(4.0), Share::of(3, 4).interval()));
        assert_eq!((Spread::default().effective(), Spread::default().interval()), (None, None));
    }

    #[test]
    fn answers_of_one_client_are_one() {
        assert_eq!(of(&[(0, 60)]).interval(), Some((0.0, 100.0)), "sixty times the same client");
        // Twenty clients with four equal answers each count as twenty.
        let same: Vec<(i64, i64)> = (0..20).map(|client| if client < 3 { (0, 4) } else { (4, 4) }).collect();
        assert!((of(&same).effective().unwrap() - 20.0).abs() < 1e-9);
        // With answers that differ as if by chance, they count as nearly eighty.
        let mixed: Vec<(i64, i64)> = (0..20).map(|client| (2 + i64::from(client % 2 == 0), 4)).collect();
        assert!(of(&mixed).effective().unwrap() > 65.0);
        // If all are good, the correlation is unknown.
        assert_eq!(of(&[(4, 4); 20]).effective(), Some(20.0));
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_share_and_is_no_narrower_than_of_independent_ones(
            clients in proptest::collection::vec((0_i64..6, 1_i64..6), 1..40)
        ) {
            let clients: Vec<(i64, i64)> = clients.into_iter().map(|(good, of)| (good.min(of), of)).collect();
            let spread = of(&clients);
            let (low, high) = spread.interval().unwrap();
            let percent = spread.share().percent().unwrap();
            prop_assert!(0.0 <= low && low <= percent + 1e-9 && percent <= high + 1e-9 && high <= 100.0);
            let (narrow, wide) = spread.share().interval().unwrap();
            prop_assert!(high - low >= wide - narrow - 1e-9);
            let effective = spread.effective().unwrap();
            prop_assert!(0.99 <= effective && effective <= spread.share().whole as f64 + 1e-9);
        }
    }
}
