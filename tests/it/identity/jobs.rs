use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::Chain;
use innkeeper::db::identity::jobs as rows;
use innkeeper::domain::identity::JobState;
use innkeeper::error::Error;
use innkeeper::services::jobs::*;

fn promise(house: &House, subject: i64) -> bool {
    let promise = |tx: &mut innkeeper::db::Tx| enqueue(tx, JobKind::RunMonth, subject, "", NOW);
    house.db.write(Chain::Operator, promise).unwrap()
}

fn count(house: &House, state: JobState) -> i64 {
    rows::count(&mut house.db.get().unwrap(), None, state).unwrap()
}

on_both! {
    fn the_same_job_waits_once(house: &House) {
        assert!(promise(house, 1) && !promise(house, 1) && promise(house, 2));
        let first = claim(&house.db, NOW).unwrap().unwrap();
        assert_eq!((first.subject_id, first.attempts), (1, 1));
        assert!(promise(house, 1), "while one runs, another may wait");
        complete(&house.db, &first).unwrap();
        assert_eq!((count(house, JobState::Done), count(house, JobState::Waiting)), (1, 2));
    }

    fn a_dead_process_loses_its_lease(house: &House) {
        promise(house, 1);
        let dead = claim(&house.db, NOW).unwrap().unwrap();
        assert!(claim(&house.db, NOW.plus_seconds(59)).unwrap().is_none());
        assert!(renew(&house.db, &dead, NOW.plus_seconds(30)).unwrap());
        assert!(claim(&house.db, NOW.plus_seconds(60)).unwrap().is_none());
        let heir = claim(&house.db, NOW.plus_seconds(90)).unwrap().unwrap();
        assert_eq!((heir.id, heir.attempts), (dead.id, 2));
        assert!(!renew(&house.db, &dead, NOW.plus_seconds(91)).unwrap());
        complete(&house.db, &dead).unwrap();
        assert_eq!(count(house, JobState::Running), 1, "only the heir ends it");
        house.db.write(Chain::Operator, |tx| ensure_held(tx, &heir)).unwrap();
        assert!(house.db.write(Chain::Operator, |tx| ensure_held(tx, &dead)).is_err());
        complete(&house.db, &heir).unwrap();
        house.assert_no_jobs_left();
    }

    fn a_failed_job_is_tried_again_and_given_up_at_last(house: &House) {
        promise(house, 1);
        let mut now = NOW;
        for wait in [30, 120, 600, 3_600] {
            let job = claim(&house.db, now).unwrap().unwrap();
            fail(&house.db, &job, &Error::NotFound, now).unwrap();
            assert!(claim(&house.db, now.plus_seconds(wait - 1)).unwrap().is_none());
            now = now.plus_seconds(wait);
        }
        let job = claim(&house.db, now).unwrap().unwrap();
        fail(&house.db, &job, &Error::NotFound, now).unwrap();
        let row = rows::get(&mut house.db.get().unwrap(), job.id).unwrap();
        assert_eq!((row.state, row.last_error.as_str()), (JobState::Failed, "not found"));
    }

    fn a_process_that_died_is_no_failed_try(house: &House) {
        promise(house, 1);
        let mut now = NOW;
        for _ in 0..7 {
            claim(&house.db, now).unwrap().unwrap();
            now = now.plus_seconds(LEASE_SECONDS);
        }
        let job = claim(&house.db, now).unwrap().unwrap();
        fail(&house.db, &job, &Error::NotFound, now).unwrap();
        assert_eq!(count(house, JobState::Waiting), 1, "its first failure, whatever died before");
    }

    fn a_job_asked_for_again_is_due_at_once_and_stands_for_both(house: &House) {
        promise(house, 1);
        let job = claim(&house.db, NOW).unwrap().unwrap();
        fail(&house.db, &job, &Error::NotFound, NOW).unwrap();
        assert!(!promise(house, 1));
        let job = claim(&house.db, NOW).unwrap().expect("brought forward");
        assert!(promise(house, 1));
        fail(&house.db, &job, &Error::NotFound, NOW).unwrap();
        assert_eq!((count(house, JobState::Waiting), count(house, JobState::Failed)), (1, 1));
    }

    fn processes_side_by_side_do_each_job_once(house: &House) {
        for subject in 0..20 {
            promise(house, subject);
        }
        let work = || {
            let mut done = 0;
            while let Some(job) = claim(&house.db, NOW).unwrap() {
                complete(&house.db, &job).unwrap();
                done += 1;
            }
            done
        };
        let done: i64 = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!((done, count(house, JobState::Done)), (20, 20));
    }
}
