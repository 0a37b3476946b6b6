//! Hashing on two dedicated threads that reuse their memory: a block per try would let the process grow by what the allocator keeps
//! of them, hundreds of MiB, and a flood of tries would fill the machine.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use subtle::ConstantTimeEq;
use tokio::sync::{Semaphore, oneshot};

/// Number of parallel hashes. Each takes 19 MiB and a core: a flood of sign-ins waits here, and everything else continues.
const THREADS: usize = 2;
/// Maximum number of waiting hashes.
const WAITING_MAX: usize = 64;
static WAITING: Semaphore = Semaphore::const_new(WAITING_MAX);

/// Hashing was refused: too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// Memory for hashes, reused and overwritten.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// As much of it as `params` require.
    fn blocks(&mut self, params: &Params) -> &mut [Block] {
        let wanted = params.block_count();
        if self.0.len() < wanted {
            self.0.resize_with(wanted, Block::default);
        }
        &mut self.0[..wanted]
    }
}

/// Argon2id with 19 MiB and two passes, as OWASP recommends.
fn params() -> Params {
    Params::new(19_456, 2, 1, None).unwrap_or_else(|error| unreachable!("fixed parameters: {error}"))
}

/// Hashes a checked password, as a PHC string.
pub(super) fn hash(password: &str, salt: [u8; 16], memory: &mut Memory) -> String {
    let (params, mut out) = (params(), [0; Params::DEFAULT_OUTPUT_LEN]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hashed = argon2.hash_password_into_with_memory(password.as_bytes(), &salt, &mut out, memory.blocks(&params));
    hashed.unwrap_or_else(|error| unreachable!("a checked password and a salt of 16 bytes: {error}"));
    let written = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).unwrap_or_else(|error| unreachable!("fixed parameters: {error}")),
        salt: Salt::new(&salt).ok(),
        hash: Output::new(&out).ok(),
    };
    written.to_string()
}

/// True if `password` matches `kept`.
pub(super) fn matches(password: &str, kept: &PasswordHash, memory: &mut Memory) -> bool {
    let (Some(salt), Some(expected)) = (&kept.salt, &kept.hash) else { return false };
    let (Ok(algorithm), Ok(params)) = (Algorithm::try_from(kept.algorithm.as_str()), Params::try_from(kept)) else { return false };
    let Ok(version) = kept.version.map_or(Ok(Version::V0x13), Version::try_from) else { return false };
    let mut out = vec![0; expected.len()];
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let hashed = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory.blocks(&params));
    hashed.is_ok() && out.ct_eq(expected.as_bytes()).into()
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Runs `work` on one of the threads.
///
/// # Errors
/// If too many are waiting.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T, TooMany> {
    static JOBS: LazyLock<Sender<Job>> = LazyLock::new(|| {
        let (jobs, queue) = channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for number in 0..THREADS {
            let queue = queue.clone();
            let thread = std::thread::Builder::new().name(format!("password-{number}")).spawn(move || hash_on(&queue));
            if let Err(error) = thread {
                tracing::error!(%error, "could not start a thread for password hashing");
            }
        }
        jobs
    });
    let _waiting = WAITING.try_acquire().map_err(|_| TooMany)?;
    let (done, is_done) = oneshot::channel();
    let job: Job = Box::new(move |memory| {
        let _ = done.send(work(memory));
    });
    JOBS.send(job).map_err(|_| TooMany)?;
    is_done.await.map_err(|_| TooMany)
}

fn hash_on(queue: &Mutex<Receiver<Job>>) {
    let mut memory = Memory::default();
    loop {
        // The other thread waits for this lock.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job(&mut memory);
    }
}
