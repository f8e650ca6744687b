//! `openloop RATE SECONDS CONNECTIONS WRITES_PER_1000 BODIES ADDRESS...`: fetches snapshots, and sometimes leaves a trace, at
//! a fixed rate, whatever the server does.
//!
//! The n-th request is due n / RATE seconds after the start, and its time is measured from then and not from when a connection
//! was free for it: otherwise a server that stalls would get fewer requests, and its slow responses would be missing from the
//! percentiles. With RATE 0 nothing is due: each connection sends its next request as soon as it has a response.
//!
//! Each connection has a thread, which sleeps more precisely than an asynchronous timer. Prints a JSON object; times in ms.

mod client;

use std::{
    error::Error,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use client::Client;
use hdrhistogram::Histogram;

/// State that the connections share.
struct Plan {
    start: Instant,
    rate: f64,
    length: Duration,
    writes_per_1000: u64,
    bodies: Vec<String>,
    next: AtomicU64,
}

/// The results of one connection, or of all together.
struct Seen {
    reads: Histogram<u64>,
    writes: Histogram<u64>,
    errors: u64,
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, rate, seconds, connections, writes_per_1000, bodies, addresses @ ..] = &arguments[..] else {
        return Err("usage: openloop RATE SECONDS CONNECTIONS WRITES_PER_1000 BODIES ADDRESS...".into());
    };
    let addresses = addresses.iter().map(|address| address.parse()).collect::<Result<Vec<SocketAddr>, _>>()?;
    let plan = Arc::new(Plan {
        start: Instant::now() + Duration::from_millis(100),
        rate: rate.parse()?,
        length: Duration::from_secs_f64(seconds.parse()?),
        writes_per_1000: writes_per_1000.parse()?,
        bodies: std::fs::read_to_string(bodies)?.lines().map(str::to_owned).collect(),
        next: AtomicU64::new(0),
    });
    let threads = addresses.iter().copied().cycle().take(connections.parse()?).map(|address| {
        let plan = Arc::clone(&plan);
        thread::spawn(move || ask(&plan, address))
    });
    let mut all = Seen::new()?;
    for thread in threads.collect::<Vec<_>>() {
        let seen = thread.join().map_err(|_| "a connection's thread panicked")??;
        all.reads.add(&seen.reads)?;
        all.writes.add(&seen.writes)?;
        all.errors += seen.errors;
    }
    let took = plan.start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = (all.reads.len() + all.writes.len()) as f64 / took;
    let (reads, writes, errors) = (times(&all.reads), times(&all.writes), all.errors);
    println!(r#"{{"rate": {rate:.1}, "errors": {errors}, "reads": {reads}, "writes": {writes}}}"#);
    Ok(())
}

impl Seen {
    /// Times in µs up to a minute, to three digits.
    fn new() -> Outcome<Self> {
        let empty = Histogram::new_with_max(60_000_000, 3)?;
        Ok(Self { reads: empty.clone(), writes: empty, errors: 0 })
    }
}

/// One connection: takes the next request, waits until it is due, and sends it.
fn ask(plan: &Plan, address: SocketAddr) -> Outcome<Seen> {
    let (mut seen, mut client) = (Seen::new()?, Client::connect(address)?);
    sleep_until(plan.start);
    loop {
        let n = plan.next.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let due =
            if plan.rate > 0.0 { plan.start + Duration::from_secs_f64(n as f64 / plan.rate) } else { Instant::now() };
        if due >= plan.start + plan.length {
            return Ok(seen);
        }
        sleep_until(due);
        // Spread evenly: 50 in 1,000 is each 20th.
        let write = (n + 1) * plan.writes_per_1000 / 1000 > n * plan.writes_per_1000 / 1000;
        let answered =
            if write { client.post(&plan.bodies[usize::try_from(n)? % plan.bodies.len()]) } else { client.get() };
        let expected = if write { 201 } else { 200 };
        if answered.is_ok_and(|status| status == expected) {
            let took = u64::try_from(due.elapsed().as_micros())?;
            if write { &mut seen.writes } else { &mut seen.reads }.saturating_record(took);
        } else {
            seen.errors += 1;
            client = Client::connect(address)?;
        }
    }
}

fn sleep_until(due: Instant) {
    thread::sleep(due.saturating_duration_since(Instant::now()));
}

fn times(seen: &Histogram<u64>) -> String {
    let ms = |micros: u64| Duration::from_micros(micros).as_secs_f64() * 1000.0;
    let at = |quantile: f64| ms(seen.value_at_quantile(quantile));
    let (count, p50, p90, p99, most) = (seen.len(), at(0.5), at(0.9), at(0.99), ms(seen.max()));
    format!(r#"{{"count": {count}, "p50": {p50:.3}, "p90": {p90:.3}, "p99": {p99:.3}, "max": {most:.3}}}"#)
}
