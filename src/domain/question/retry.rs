//! Times of retries.

use crate::Millis;

/// The pause before each further try; after the last one it is given up.
const PAUSES: [Millis; 7] = [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 21_600_000];

/// The pause after `attempts` tries, spread by `fraction` (0 to 1) so that many rows do not become due at the same time. `None` if
/// it is given up.
pub fn pause_after(attempts: i64, fraction: f64) -> Option<Millis> {
    let index = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    PAUSES.get(index).map(|&pause| spread(pause, fraction))
}

/// Maximum pause between two tries.
pub const LAST_PAUSE: Millis = PAUSES[PAUSES.len() - 1];

/// A pause, extended by up to a fifth according to `fraction` (0 to 1).
pub fn spread(pause: Millis, fraction: f64) -> Millis {
    pause + (pause as f64 * 0.2 * fraction) as Millis
}

/// Interval at which a failing connection is probed with one of its waiting deliveries.
const PROBE_EVERY: Millis = 20_000;

/// Maximum pause between two probes.
pub const PROBE_PAUSE_MAX: Millis = PROBE_EVERY + PROBE_EVERY / 5;

/// The pause before a failing connection is probed with one delivery, spread by `fraction` (0 to 1). The delivery's own schedule
/// does not change.
pub fn probe_pause(fraction: f64) -> Millis {
    PROBE_EVERY + ((PROBE_PAUSE_MAX - PROBE_EVERY) as f64 * fraction.clamp(0.0, 1.0)) as Millis
}

/// Maximum pause before a desk is tried again, as for Telegram's own webhooks.
const DESK_PAUSE_MAX: Millis = 60_000;

/// The pause after a desk did not accept a request, `failures` times in a row (from 1): 1, 2, 4 … seconds, at most a minute, spread
/// by `fraction` (0 to 1).
pub fn desk_pause(failures: i64, fraction: f64) -> Millis {
    let doubled = 1_000_i64 << failures.clamp(1, 7).saturating_sub(1);
    spread(doubled.min(DESK_PAUSE_MAX), fraction)
}

/// A row whose node died this many times while preparing it is given up.
pub const CRASHES_MAX: i64 = 3;
