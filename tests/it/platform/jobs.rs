//! Durable work, with kinds of jobs of the tests' own.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use cairn::{
    app::Services,
    platform::{
        clock,
        jobs::{Filter, Job, JobError, JobKind, JobOutcome, NewJob, Work},
    },
};
use cairn_test_macros::cairn_test;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::support::{Backend, Place, eventually, plans, run_in};

const KIND: JobKind = JobKind {
    name: "test",
    at_once: 4,
    time_limit: Duration::from_secs(20),
    first_delay: Duration::from_millis(20),
    max_delay: Duration::from_millis(50),
    retry_for: Duration::from_hours(1),
    max_uncertain: 2,
};

/// The services without HTTP, which do these jobs.
async fn services(place: &Place, work: Vec<Work>) -> Box<Services> {
    services_with(place, &[("CAIRN_JOB_LEASE_SECS", "1")], work).await
}

async fn services_with(place: &Place, settings: &[(&str, &str)], work: Vec<Work>) -> Box<Services> {
    let services = Box::new(Box::pin(Services::start(&place.config(settings))).await.unwrap());
    services.jobs.start(work);
    services
}

/// Counts how often each job was done.
#[derive(Clone, Default)]
struct Counted(Arc<Mutex<BTreeMap<i64, usize>>>);

impl Counted {
    fn add(&self, job: &Job) {
        *self.0.lock().unwrap().entry(job.payload().unwrap()).or_default() += 1;
    }

    fn all(&self) -> BTreeMap<i64, usize> {
        self.0.lock().unwrap().clone()
    }

    fn work(&self) -> Work {
        let counted = self.clone();
        Work::new(KIND, move |job| {
            counted.add(&job);
            async { Ok(JobOutcome::Finished) }
        })
    }
}

async fn waiting(services: &Services) -> usize {
    services.jobs.list(None, &Filter::default()).await.unwrap().len()
}

#[cairn_test]
async fn a_job_is_done_if_its_transaction_is_committed_and_not_otherwise(place: &Place) {
    let counted = Counted::default();
    let services = services(place, vec![counted.work()]).await;
    let control = services.database.control();
    for (number, is_committed) in [(1, false), (2, true)] {
        let transaction = control.begin().await.unwrap();
        let queued = services.jobs.enqueue(&transaction, NewJob::new(&KIND, &number)).await.unwrap();
        if is_committed {
            control.commit(transaction).await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        queued.wake().await;
    }
    eventually("it is done and gone", async || counted.all().len() == 1 && waiting(&services).await == 0).await;
    assert_eq!(counted.all(), BTreeMap::from([(2, 1)]));
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_nobody_has_told_of_is_found(place: &Place) {
    let counted = Counted::default();
    let services = services(place, vec![counted.work()]).await;
    let control = services.database.control();
    let transaction = control.begin().await.unwrap();
    let _never_woken = services.jobs.enqueue(&transaction, NewJob::new(&KIND, &1)).await.unwrap();
    control.commit(transaction).await.unwrap();
    eventually("it is done", async || counted.all().len() == 1).await;
    services.stop().await;
}

#[cairn_test]
async fn a_job_waits_for_its_time(place: &Place) {
    let counted = Counted::default();
    let services = services(place, vec![counted.work()]).await;
    let due_ms = clock::ms_from_now(Duration::from_millis(1500));
    services.jobs.enqueue_now(NewJob::new(&KIND, &1).at(due_ms)).await.unwrap();
    services.jobs.enqueue_now(NewJob::new(&KIND, &2)).await.unwrap();
    eventually("the other is done", async || counted.all().contains_key(&2)).await;
    assert!(!counted.all().contains_key(&1));
    eventually("it is done", async || counted.all().contains_key(&1)).await;
    assert!(clock::now_ms() >= due_ms);
    services.stop().await;
}

#[cairn_test]
async fn of_two_jobs_with_one_key_only_one_waits(place: &Place) {
    let services = services(place, Vec::new()).await;
    for key in ["a", "a", "b"] {
        services.jobs.enqueue_now(NewJob::new(&KIND, &1).unique(key)).await.unwrap();
    }
    assert_eq!(waiting(&services).await, 2);
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_fails_is_tried_again_until_it_succeeds(place: &Place) {
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let work = Work::new(KIND, move |_| {
        let before = counted.fetch_add(1, Ordering::AcqRel);
        async move {
            match before {
                0 => Err(JobError::Failed("no".to_owned())),
                1 => panic!("on purpose"),
                _ => Ok(JobOutcome::Finished),
            }
        }
    });
    let services = services(place, vec![work]).await;
    services.jobs.enqueue_now(NewJob::new(&KIND, &1)).await.unwrap();
    eventually("it is gone", async || waiting(&services).await == 0).await;
    assert_eq!(attempts.load(Ordering::Acquire), 3);
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_is_given_up_can_be_replayed_and_discarded(place: &Place) {
    let is_hopeless = Arc::new(Mutex::new(true));
    let answer = Arc::clone(&is_hopeless);
    let work = Work::new(KIND, move |_| {
        let is_hopeless = *answer.lock().unwrap();
        async move {
            if is_hopeless { Err(JobError::Hopeless("not this one".to_owned())) } else { Ok(JobOutcome::Finished) }
        }
    });
    let services = services(place, vec![work]).await;
    let dead = Filter { only_dead: true, ..Filter::default() };
    for number in 1..=2 {
        services.jobs.enqueue_now(NewJob::new(&KIND, &number).unique(number.to_string())).await.unwrap();
    }
    eventually("both are given up", async || services.jobs.list(None, &dead).await.unwrap().len() == 2).await;
    let listed = services.jobs.list(None, &dead).await.unwrap();
    assert!(listed.iter().all(|job| job.error == "not this one" && job.attempts == 1), "{listed:?}");
    // What was given up is not in the way of the next.
    *is_hopeless.lock().unwrap() = false;
    services.jobs.enqueue_now(NewJob::new(&KIND, &1).unique("1")).await.unwrap();
    eventually("the next is done", async || waiting(&services).await == 2).await;

    let of = |id| Filter { id: Some(id), ..Filter::default() };
    assert_eq!(services.jobs.discard(None, &of(listed[0].id)).await.unwrap(), 1);
    assert_eq!(services.jobs.replay(None, &of(listed[0].id)).await.unwrap(), 0);
    assert_eq!(services.jobs.replay(None, &of(listed[1].id)).await.unwrap(), 1);
    eventually("it is done", async || waiting(&services).await == 0).await;
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_fails_for_too_long_is_given_up(place: &Place) {
    let kind = JobKind { retry_for: Duration::from_millis(200), ..KIND };
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let work = Work::new(kind, move |_| {
        counted.fetch_add(1, Ordering::AcqRel);
        async { Err(JobError::Failed("still no".to_owned())) }
    });
    let services = services(place, vec![work]).await;
    services.jobs.enqueue_now(NewJob::new(&kind, &1)).await.unwrap();
    let dead = Filter { only_dead: true, ..Filter::default() };
    eventually("it is given up", async || services.jobs.list(None, &dead).await.unwrap().len() == 1).await;
    assert!(attempts.load(Ordering::Acquire) > 1);
    services.stop().await;
}

#[cairn_test]
async fn an_effect_of_which_nobody_knows_how_it_ended_begins_as_often_as_the_kind_allows(place: &Place) {
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&begun);
    let work = Work::new(KIND, move |job: Job| {
        let counted = Arc::clone(&counted);
        async move {
            job.begin_uncertain().await?;
            // The first attempt is known to have failed: it does not count.
            if counted.fetch_add(1, Ordering::AcqRel) == 0 {
                return Err(JobError::Failed("refused".to_owned()));
            }
            Err(JobError::Uncertain("no answer".to_owned()))
        }
    });
    let services = services(place, vec![work]).await;
    services.jobs.enqueue_now(NewJob::new(&KIND, &1)).await.unwrap();
    let dead = Filter { only_dead: true, ..Filter::default() };
    eventually("it is given up", async || services.jobs.list(None, &dead).await.unwrap().len() == 1).await;
    assert_eq!(begun.load(Ordering::Acquire), 3);
    services.stop().await;
}

/// Whoever has lost the lease can't commit, though it has worked to the end.
#[cairn_test]
async fn what_finishes_its_job_with_its_effect_has_it_once(place: &Place) {
    let (begun, go_on) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let database = Arc::new(Mutex::new(None::<cairn::platform::db::Database>));
    let (counted, gate, found) = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&database));
    let work = Work::new(KIND, move |job: Job| {
        let (counted, gate, found) = (Arc::clone(&counted), Arc::clone(&gate), Arc::clone(&found));
        async move {
            if counted.fetch_add(1, Ordering::AcqRel) == 0 {
                gate.acquire().await.unwrap().forget();
            }
            let database = found.lock().unwrap().clone().unwrap();
            let control = database.control();
            let transaction = control.begin().await?;
            // Here is the effect, which is rolled back with the rest where the lease is lost.
            job.finish(&transaction).await?;
            control.commit(transaction).await?;
            Ok(JobOutcome::Finished)
        }
    });
    // So that the lease is not prolonged while another attempt takes it.
    let services = services_with(place, &[("CAIRN_JOB_LEASE_SECS", "600")], vec![work]).await;
    *database.lock().unwrap() = Some(services.database.clone());
    services.jobs.enqueue_now(NewJob::new(&KIND, &1)).await.unwrap();
    eventually("it has begun", async || begun.load(Ordering::Acquire) == 1).await;
    place.execute_control("UPDATE job SET lease = 'expired', due_ms = 0").await;
    eventually("another attempt has done it", async || waiting(&services).await == 0).await;
    go_on.add_permits(1);
    let metrics = async || services.metrics.registry.render().unwrap();
    eventually("the first one is refused", async || {
        metrics().await.contains(r#"cairn_job_attempts_total{kind="test",outcome="lease_lost"} 1"#)
    })
    .await;
    assert!(metrics().await.contains(r#"cairn_job_attempts_total{kind="test",outcome="done"} 1"#));
    services.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_do_each_job_once_and_wake_each_other() {
    Box::pin(run_in(Backend::Server, async |place| {
        let counted = Counted::default();
        // The second does no jobs: what is asked of it is told to the first.
        let worker = services(place, vec![counted.work()]).await;
        let third = services(place, vec![counted.work()]).await;
        let asker = Box::new(Box::pin(Services::start(&place.config(&[]))).await.unwrap());
        eventually("they have found their cache", async || {
            let begun = Instant::now();
            let number = clock::now_ms();
            asker.jobs.enqueue_now(NewJob::new(&KIND, &number)).await.unwrap();
            eventually("it is done", async || counted.all().contains_key(&number)).await;
            begun.elapsed() < Duration::from_millis(100)
        })
        .await;
        // Nobody is that fast ten times by looking once in two seconds.
        for number in 0..10 {
            let begun = Instant::now();
            asker.jobs.enqueue_now(NewJob::new(&KIND, &number)).await.unwrap();
            eventually("it is done", async || counted.all().contains_key(&number)).await;
            assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        }
        for number in 1000..1200 {
            asker.jobs.enqueue_now(NewJob::new(&KIND, &number)).await.unwrap();
        }
        eventually("all are done", async || waiting(&asker).await == 0).await;
        let all = counted.all();
        assert!((1000..1200).all(|number| all[&number] == 1), "{all:?}");
        for services in [worker, third, asker] {
            services.stop().await;
        }
    }))
    .await;
}

#[cairn_test]
async fn what_crosses_from_a_studio_arrives_once(place: &Place) {
    let counted = Counted::default();
    let services = services(place, vec![counted.work()]).await;
    let (studio, _) = services.studios.open_world();
    let tenant = services.database.tenant(studio).await.unwrap();
    for (id, number) in [("a", 1), ("b", 2), ("a", 3)] {
        let transaction = tenant.begin().await.unwrap();
        let job = NewJob::new(&KIND, &number);
        let queued = services.jobs.enqueue_across(&tenant, &transaction, (1, id), job).await.unwrap();
        tenant.commit(transaction).await.unwrap();
        queued.wake().await;
        let is_empty = async || services.jobs.list(Some(studio), &Filter::default()).await.unwrap().is_empty();
        eventually("it has left the studio", is_empty).await;
    }
    eventually("they are done", async || waiting(&services).await == 0).await;
    assert_eq!(counted.all(), BTreeMap::from([(1, 1), (2, 1)]));
    services.stop().await;
}

#[cairn_test]
async fn an_idle_server_asks_once_a_second(place: &Place) {
    let counted = Counted::default();
    let services = services(place, vec![counted.work()]).await;
    let asked = || plans::times(r#"FROM "job""#) + plans::times(r#""."job""#);
    eventually("it has begun", async || asked() > 1).await;
    let (before, begun) = (asked(), Instant::now());
    eventually("it has asked five times", async || asked() >= before + 5).await;
    assert!(begun.elapsed() > Duration::from_secs(4), "{:?}", begun.elapsed());
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_is_under_way_when_the_program_stops_is_done_by_the_next(place: &Place) {
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&begun);
    let stuck = Work::new(KIND, move |_| {
        counted.fetch_add(1, Ordering::AcqRel);
        std::future::pending()
    });
    let services = services_with(place, &[("CAIRN_JOB_LEASE_SECS", "600")], vec![stuck]).await;
    services.jobs.enqueue_now(NewJob::new(&KIND, &json!(1))).await.unwrap();
    eventually("it has begun", async || begun.load(Ordering::Acquire) == 1).await;
    services.stop().await;

    let counted = Counted::default();
    let services = services_with(place, &[("CAIRN_JOB_LEASE_SECS", "600")], vec![counted.work()]).await;
    eventually("it is done", async || counted.all().len() == 1).await;
    services.stop().await;
}

#[cairn_test]
async fn a_job_that_comes_again_is_tried_as_long_as_a_new_one(place: &Place) {
    let kind = JobKind { retry_for: Duration::from_millis(500), ..KIND };
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let work = Work::new(kind, move |_| {
        let attempt = counted.fetch_add(1, Ordering::AcqRel);
        async move {
            // Each time after a failure, and in all for longer than it may fail.
            if attempt.is_multiple_of(2) {
                return Err(JobError::Failed("once".to_owned()));
            }
            Ok(JobOutcome::Again(clock::ms_from_now(Duration::from_millis(100))))
        }
    });
    let services = services(place, vec![work]).await;
    let begun = Instant::now();
    services.jobs.enqueue_now(NewJob::new(&kind, &1)).await.unwrap();
    eventually("it has come again and again", async || begun.elapsed() > 3 * kind.retry_for).await;
    let before = attempts.load(Ordering::Acquire);
    eventually("it still comes", async || attempts.load(Ordering::Acquire) > before + 2).await;
    services.stop().await;
}
