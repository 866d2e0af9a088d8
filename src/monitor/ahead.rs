//! Makes one thing after the other on several threads; the calling thread, which makes some of them itself, takes them in
//! their order.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// More threads than this do not make the one that takes any faster.
const MAX_THREADS: usize = 4;

/// Makes `count` things and takes them in order until `take` fails. A panic of `make` comes out of here.
///
/// # Errors
/// What `take` says.
pub(super) fn in_order<T: Send, E>(
    count: usize,
    make: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    if count <= 1 {
        // On Linux the number of cores is read from several files, which takes longer than some of what is made.
        return (0..count).try_for_each(|number| take(number, make(number)));
    }
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get().min(MAX_THREADS)).min(count);
    let next = AtomicUsize::new(0);
    let make_next = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        (number < count).then(|| (number, catch_unwind(AssertUnwindSafe(|| make(number)))))
    };
    let (sender, made) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 1..threads {
            let (sender, make_next) = (sender.clone(), &make_next);
            // Where no thread is to be had, the others make more.
            _ = thread::Builder::new().spawn_scoped(scope, move || {
                while let Some(one) = make_next() {
                    if sender.send(one).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        for number in 0..count {
            let one = loop {
                waiting.extend(made.try_iter());
                if let Some(one) = waiting.remove(&number) {
                    break one;
                }
                // When none is left to be made, a thread is at the one that is waited for.
                waiting.extend(make_next().or_else(|| made.recv().ok()));
            };
            let taken = one.map(|one| take(number, one));
            if !matches!(taken, Ok(Ok(()))) {
                next.store(count, Ordering::Relaxed);
                return taken.unwrap_or_else(|panic| resume_unwind(panic));
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn all_come_in_their_order_however_long_each_takes() {
        for count in [0, 1, 2, 3, 50] {
            let mut taken = Vec::new();
            let make = |number: usize| {
                std::thread::sleep(std::time::Duration::from_micros((number as u64 * 7919) % 700));
                number * 2
            };
            let done: Result<(), ()> = in_order(count, make, |number, made| {
                taken.push((number, made));
                Ok(())
            });
            assert_eq!((done, taken), (Ok(()), (0..count).map(|number| (number, number * 2)).collect()));
        }
    }

    #[test]
    fn nothing_is_taken_behind_the_first_that_fails() {
        let mut taken = Vec::new();
        let done = in_order(
            100,
            |number| number,
            |number, _| {
                taken.push(number);
                if number == 5 { Err("no") } else { Ok(()) }
            },
        );
        assert_eq!((done, taken), (Err("no"), (0..6).collect()));
    }

    #[test]
    fn a_panic_comes_out_in_its_turn() {
        let mut taken = Vec::new();
        let make = |number: usize| assert!(number != 3, "the third");
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            in_order(10, make, |number, ()| -> Result<(), ()> {
                taken.push(number);
                Ok(())
            })
        }));
        assert!(caught.is_err());
        assert_eq!(taken, [0, 1, 2]);
    }
}
