//! More than memory may hold while the disk refuses everything: the oldest records go, whichever files they are for.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::Path;
use std::sync::Arc;

use fault_disk::FaultDisk;
use obs_native::monitor::Monitor;
use seeds::{Random, each_seed};

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;

/// What the documents promise to hold.
const HELD: usize = 8 << 20;

#[test]
fn w1_of_records_for_several_files_the_oldest_are_dropped_and_counted() {
    each_seed(10, |seed| {
        let mut random = Random::new(seed);
        let disk = FaultDisk::new(Path::new(ROOT));
        let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
        disk.set_free(Some(0));
        let pad = "x".repeat(20_000);
        let count = 1_200;
        for number in 0..count {
            let text = &pad[..=random.below(pad.len() - 1)];
            match random.below(3) {
                0 => {
                    let fields = format!(
                        r#"{{"cuj_id":"A","success":true,"duration_ms":{number},"error":null,"metadata":{{"t":"{text}"}}}}"#
                    );
                    monitor.record_execution(fields.as_bytes(), NOW).unwrap();
                }
                1 => {
                    let fields = format!(
                        r#"{{"run_id":"r","step":{number},"status":"running","percentage":5,"message":"{text}","metadata":{{}}}}"#
                    );
                    monitor.record_progress(fields.as_bytes(), NOW).unwrap();
                }
                _ => {
                    let fields = format!(
                        r#"{{"provider":"p","success":true,"latency_ms":{number},"error":null,"metadata":{{"t":"{text}"}}}}"#
                    );
                    monitor.record_provider_call(fields.as_bytes(), NOW).unwrap();
                }
            }
        }
        let dropped = usize::try_from(monitor.health().counts.dropped.total).unwrap();
        disk.set_free(None);
        monitor.flush();
        let mut kept: Vec<usize> = disk
            .files()
            .values()
            .flat_map(|content| String::from_utf8_lossy(content).lines().map(str::to_owned).collect::<Vec<_>>())
            .filter_map(|line| {
                let value: serde_json::Value = serde_json::from_str(&line).unwrap();
                let number = ["duration_ms", "latency_ms", "step"].iter().find_map(|key| value[key].as_u64())?;
                Some(usize::try_from(number).unwrap())
            })
            .collect();
        kept.sort_unstable();
        assert_eq!(kept, (dropped..count).collect::<Vec<_>>(), "the newest, without a gap");
        let bytes: usize = disk.files().values().map(Vec::len).sum();
        assert!(bytes <= HELD + pad.len() + 200 && dropped > 0 && bytes > HELD - pad.len() - 200, "{bytes} bytes");
    });
}
