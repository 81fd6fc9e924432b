//! `drift --watch`: looks again and again, for those without cron.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use super::super::exit::{Exit, Stop};
use crate::{cli::Drift, terminal::Terminal};

/// Looks at the panel until somebody ends it. A look that fails is told and the next one made; only what no
/// later look can mend ends the watch: a wrong configuration or wrong arguments.
pub(super) async fn run(terminal: &Terminal, args: &Drift, every: Duration) -> Result<Exit, Stop> {
    let mut end = std::pin::pin!(ended());
    loop {
        // A look only reads, so that it may be dropped at any point.
        let result = tokio::select! {
            exit = &mut end => return Ok(exit?),
            result = super::once(terminal, args) => result,
        };
        if let Err(stop) = result {
            if is_final(&stop) {
                return Err(stop);
            }
            stop.diagnostics().into_iter().for_each(|one| terminal.complain(&terminal.report(one)));
        }
        tokio::select! {
            exit = &mut end => return Ok(exit?),
            () = tokio::time::sleep(every + jitter(every)) => {}
        }
    }
}

fn is_final(stop: &Stop) -> bool {
    matches!(stop, Stop::Config(_)) || stop.exit() == Exit::Usage
}

/// Up to a tenth of the pause, so that many watchers do not knock at once.
fn jitter(every: Duration) -> Duration {
    let tenth = u64::try_from(every.as_millis() / 10).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(RandomState::new().build_hasher().finish() % tenth)
}

/// Waits until somebody asks for the end, and says with which code: an interrupt ends as everywhere, while to
/// be terminated is how a watch ends in order.
#[cfg(unix)]
async fn ended() -> std::io::Result<Exit> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => Ok(Exit::Done),
        _ = interrupt.recv() => Ok(Exit::Interrupted),
    }
}

#[cfg(not(unix))]
async fn ended() -> std::io::Result<Exit> {
    tokio::signal::ctrl_c().await?;
    Ok(Exit::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_is_a_small_part_of_the_pause() {
        for _ in 0..100 {
            assert!(jitter(Duration::from_secs(300)) < Duration::from_secs(30));
            assert!(jitter(Duration::from_millis(1)) < Duration::from_millis(2));
        }
    }
}
