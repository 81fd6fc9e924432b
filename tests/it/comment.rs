//! `comment`: one comment and its labels, on receivers that behave like the three platforms.

use crate::{
    forges::{ALL, Answer, Forge, Kind, NUMBER, TOKEN},
    harness::{Bench, Run, SEED, SMALL, in_parallel},
};

const MARKER: &str = "<!-- billform:plan -->";

/// A bench with plans of a new panel, of one price that moved, and of nothing.
struct Desk {
    bench: Bench,
    forge: Forge,
}

impl Desk {
    fn new(kind: Kind) -> Self {
        let bench = Bench::new().sandbox(SEED).config(SMALL).secret(TOKEN);
        bench.run("plan config --out new.json --quiet").exits(0);
        let forge = Forge::start(kind);
        let bench = match kind {
            Kind::Github => bench.env("GITHUB_ACTIONS", "true").env("GITHUB_TOKEN", TOKEN),
            Kind::Gitea => {
                bench.env("GITHUB_ACTIONS", "true").env("GITEA_ACTIONS", "true").env("GITEA_TOKEN", TOKEN)
            }
            Kind::Gitlab => bench.env("GITLAB_CI", "true").env("GITLAB_TOKEN", TOKEN),
        };
        let number = NUMBER.to_string();
        let bench = match kind {
            Kind::Gitlab => bench
                .env("CI_API_V4_URL", &forge.api)
                .env("CI_PROJECT_ID", kind.repository())
                .env("CI_MERGE_REQUEST_IID", &number),
            _ => bench
                .env("GITHUB_API_URL", &forge.api)
                .env("GITHUB_REPOSITORY", kind.repository())
                .env("GITHUB_REF", &format!("refs/pull/{number}/merge")),
        };
        Self { bench, forge }
    }

    fn run(&self, arguments: &str) -> Run {
        self.bench.run(&format!("comment {arguments}"))
    }

    /// The plan of the configuration as it is now.
    fn plan(&self, name: &str) {
        self.bench.run(&format!("plan config --out {name} --quiet")).exits(0);
    }

    fn labels(&self) -> Vec<String> {
        let mut labels = self.forge.state().labels.clone();
        labels.sort();
        labels
    }
}

#[test]
fn one_comment_is_created_updated_and_left_alone() {
    in_parallel(ALL, |kind| {
        let desk = Desk::new(kind);
        desk.forge.wrote("anna", "Looks good to me.");
        desk.forge.state().labels = vec!["urgent".to_owned(), "billform-docs".to_owned()];
        desk.run("new.json")
            .exits(0)
            .says("Created the comment")
            .says("added: billform: changes, billform: prices");
        let bodies = desk.forge.bodies("robot");
        assert_eq!(bodies.len(), 1);
        let markdown = desk.bench.run("show new.json --format markdown").exits(0).stdout;
        let (_, shown) = markdown.split_once('\n').unwrap();
        assert_eq!(bodies[0].trim(), format!("{MARKER}\n{}", shown.trim()));
        assert_eq!(desk.labels(), ["billform-docs", "billform: changes", "billform: prices", "urgent"]);

        let writes = desk.forge.writes().len();
        desk.run("new.json").exits(0).says("Left alone");
        assert_eq!(desk.forge.writes().len(), writes, "the same again writes nothing: {kind:?}");

        desk.bench.settle();
        desk.plan("none.json");
        desk.run("none.json").exits(0).says("Updated the comment").says("removed: ");
        let bodies = desk.forge.bodies("robot");
        assert!(bodies.len() == 1 && bodies[0].contains("No changes"), "{bodies:#?}");
        assert_eq!(desk.labels(), ["billform-docs", "billform: no changes", "urgent"]);
        assert_eq!(desk.forge.bodies("anna"), ["Looks good to me."]);
    });
}

#[test]
fn all_pages_are_read_and_nobody_elses_comment_is_touched() {
    in_parallel(ALL, |kind| {
        let desk = Desk::new(kind);
        let quoted = format!("{MARKER}\nmine, copied");
        desk.forge.wrote("mallory", &quoted);
        desk.forge.wrote("robot", &format!("> {MARKER}\nan answer"));
        desk.forge.wrote("robot", "<!-- billform:plan staging -->\nanother plan's");
        for index in 0..230 {
            desk.forge.wrote("anna", &format!("comment {index}"));
        }
        let ours = desk.forge.wrote("robot", &format!("{MARKER}\r\nold"));
        desk.run("new.json").exits(0).says("Updated");
        let state = desk.forge.state();
        let comment = state.comments.iter().find(|comment| comment.id == ours).unwrap();
        assert!(comment.body.contains("Plan for "), "{kind:?}: {}", comment.body);
        assert_eq!(state.comments.len(), 234, "{kind:?}");
        assert_eq!(state.comments[0].body, quoted);
        let pages =
            state.seen.iter().filter(|seen| seen.method == "GET" && seen.path.contains("page=")).count();
        assert!(pages >= 3, "{kind:?}: {pages}");
    });
}

#[test]
fn plans_have_a_comment_each() {
    let desk = Desk::new(Kind::Gitlab);
    desk.run("new.json --marker staging").exits(0).says("Created");
    desk.run("new.json --marker eu/production").exits(0).says("Created");
    desk.run("new.json --marker staging").exits(0).says("Left alone");
    let firsts: Vec<String> =
        desk.forge.bodies("robot").iter().map(|body| body.lines().next().unwrap().to_owned()).collect();
    assert_eq!(firsts, ["<!-- billform:plan staging -->", "<!-- billform:plan eu/production -->"]);
    for wrong in ["a--b", "a-->", "a>b", ""] {
        let run = desk.bench.run_with("comment new.json", &["--marker", wrong]);
        run.exits(64).says("letters, digits");
    }
}

#[test]
fn the_token_of_a_workflow_finds_its_own_comments_by_their_robot() {
    let desk = Desk::new(Kind::Github);
    desk.forge.state().me = None;
    desk.forge.wrote("mallory", &format!("{MARKER}\nmine, copied"));
    desk.run("new.json").exits(0).says("Created");
    desk.run("new.json").exits(0).says("Left alone");
    assert_eq!(desk.forge.bodies("github-actions[bot]").len(), 1);
    assert_eq!(desk.forge.bodies("mallory"), [format!("{MARKER}\nmine, copied")]);
}

#[test]
fn a_delete_gets_its_label() {
    let desk = Desk::new(Kind::Gitea);
    desk.bench.settle();
    let text = desk.bench.read("config/billform.yaml");
    let text = text.replace("version: 1\n", "version: 1\nprune: [period-mapping]\n");
    desk.bench.write(
        "config/billform.yaml",
        &text.replace("    - {sold: 1m, bought: 1m, tariff: vds-start}\n", ""),
    );
    desk.plan("delete.json");
    desk.run("delete.json --label-prefix bf/").exits(0);
    assert_eq!(desk.labels(), ["bf/changes", "bf/deletes"]);
    assert_eq!(desk.forge.state().known, ["bf/changes", "bf/deletes"]);
    // Those of another prefix stay.
    desk.run("delete.json").exits(0);
    assert_eq!(desk.labels().len(), 4);
    let labels = desk.labels();
    desk.run("new.json --no-labels").exits(0);
    assert_eq!(desk.labels(), labels);
}

#[test]
fn update_only_wants_a_comment_and_a_dry_run_writes_none() {
    in_parallel(ALL, |kind| {
        let desk = Desk::new(kind);
        desk.run("new.json --update-only").exits(4).says("forge::no_comment");
        desk.run("new.json --dry-run")
            .exits(0)
            .says("Would create")
            .says("would be added: billform: changes");
        assert_eq!(desk.forge.writes(), Vec::<String>::new());
        desk.run("new.json").exits(0);
        let writes = desk.forge.writes().len();
        desk.run("new.json --dry-run").exits(0).says("Would leave alone");
        desk.run("new.json --update-only").exits(0);
        assert_eq!(desk.forge.writes().len(), writes);
    });
}

#[test]
fn a_comment_that_is_not_there_afterwards_is_an_error() {
    for kind in ALL {
        let desk = Desk::new(kind);
        let ends = if kind == Kind::Gitlab { "/notes" } else { "/comments" };
        desk.forge.can("POST", ends, 1, Answer::Forgets);
        desk.run("new.json").exits(6).says("forge::not_kept");
    }
    let desk = Desk::new(Kind::Github);
    desk.forge.wrote("robot", &format!("{MARKER}\nold"));
    let id = desk.forge.state().comments[0].id;
    let row = format!("{{\"id\": {id}, \"body\": \"{MARKER}\\nold\", \"user\": {{\"login\": \"robot\"}}}}");
    desk.forge.can("PATCH", "", 1, Answer::Says(200, String::new(), row));
    desk.run("new.json").exits(6).says("forge::not_kept").says("its text is another one");
}

#[test]
fn an_answer_that_got_lost_makes_no_second_comment() {
    in_parallel(ALL, |kind| {
        let ends = if kind == Kind::Gitlab { "/notes" } else { "/comments" };
        for answer in [Answer::Lost, Answer::Garbles] {
            let desk = Desk::new(kind);
            desk.forge.can("POST", ends, 1, answer);
            desk.run("new.json").exits(0).says("Created");
            assert_eq!(desk.forge.bodies("robot").len(), 1, "{kind:?}");
        }

        let desk = Desk::new(kind);
        desk.forge.can("POST", ends, 1, Answer::Hangs);
        desk.run("new.json").exits(6).says("forge::unclear");
        assert_eq!(desk.forge.writes().len(), 1, "nothing is written twice: {kind:?}");
        desk.run("new.json").exits(0).says("Created");
        assert_eq!(desk.forge.bodies("robot").len(), 1, "{kind:?}");
    });
}

#[test]
fn pauses_are_as_the_platform_asks_for_them() {
    for (status, headers) in
        [(429, "Retry-After: 2\r\n"), (403, "Retry-After: 2\r\n"), (503, "Retry-After: 2\r\n")]
    {
        let desk = Desk::new(Kind::Github);
        desk.forge.says("POST", "/comments", 1, status, headers);
        let start = std::time::Instant::now();
        desk.run("new.json").exits(0).says("Created");
        assert!(start.elapsed() >= std::time::Duration::from_secs(2), "{status}");
        assert_eq!(desk.forge.bodies("robot").len(), 1, "{status}");
    }
    let desk = Desk::new(Kind::Gitlab);
    desk.forge.says("GET", "/notes", 2, 502, "");
    desk.run("new.json").exits(0).says("Created");
}

#[test]
fn refusals_end_with_their_exit_codes_and_never_show_the_token() {
    for (method, ends, status, code, exit) in [
        ("GET", "/user", 401, "forge::denied", 7),
        ("GET", "/comments", 404, "forge::not_found", 7),
        ("POST", "/comments", 403, "forge::denied", 7),
        ("POST", "/comments", 422, "forge::refused", 4),
        ("POST", "/labels", 403, "forge::labels", 6),
        ("GET", "/comments", 500, "forge::unreachable", 8),
    ] {
        let desk = Desk::new(Kind::Github);
        desk.forge.says(method, ends, 99, status, "");
        // The receiver repeats the token; the harness looks for it in all output.
        desk.run("new.json -vv").exits(exit).says(code);
        assert_eq!(desk.forge.bodies("robot").len(), usize::from(code == "forge::labels"), "{method} {ends}");
    }
    let desk = Desk::new(Kind::Github);
    desk.forge.can("GET", "/comments", 1, Answer::Says(200, String::new(), "{}".to_owned()));
    desk.run("new.json").exits(4).says("forge::unreadable");
    let desk = Desk::new(Kind::Gitea);
    desk.forge.can("POST", "/17/labels", 1, Answer::Forgets);
    desk.run("new.json").exits(6).says("forge::labels");
}

#[test]
fn the_token_goes_to_no_other_host() {
    let other = Forge::start(Kind::Github);
    let desk = Desk::new(Kind::Github);
    for status in [301, 302, 307, 308] {
        desk.forge.says("GET", "/comments", 1, status, &format!("Location: {}/x\r\n", other.api));
        desk.run("new.json").exits(4).says("forge::redirected");
    }
    let link = format!("Link: <{}/repos/acme/config/issues/17/comments?page=2>; rel=\"next\"\r\n", other.api);
    desk.forge.can("GET", "/comments", 1, Answer::Says(200, link, "[]".to_owned()));
    desk.run("new.json").exits(4).says("forge::redirected");
    assert_eq!(other.state().seen.len(), 0);
    let plain = "--api-url http://git.example.com/api/v1";
    desk.run(&format!("new.json {plain}")).exits(3).says("forge::settings");
    desk.run("new.json --repository acme/../x").exits(3).says("forge::settings");
}

#[test]
fn a_circle_of_pages_ends() {
    let desk = Desk::new(Kind::Github);
    let link =
        format!("Link: <{}/repos/acme/config/issues/17/comments?page=2>; rel=\"next\"\r\n", desk.forge.api);
    desk.forge.can("GET", "/comments", 9999, Answer::Says(200, link, "[]".to_owned()));
    desk.run("new.json").exits(4).says("a list without an end");
}

#[test]
fn what_is_not_known_is_asked_for() {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.run("plan config --out new.json --quiet").exits(0);
    bench.run("comment new.json").exits(64).says("forge::unknown_place").says("--platform");
    let all = "comment new.json --platform github --repository a/b --number 1";
    bench.run(all).exits(3).says("forge::no_token").says("GITHUB_TOKEN or GH_TOKEN");
    bench.run(&format!("{all} --token-env NONE")).exits(3).says("forge::no_token");
    let unreachable = format!("{all} --api-url http://127.0.0.1:9 --token-file token");
    bench.run(&unreachable).exits(3).says("forge::no_token");
    bench.write("token", "abc\n");
    bench.run(&unreachable).exits(8).says("forge::unreachable");
    bench.run("comment none.json --platform github").exits(3).says("saved::unreadable");
}

#[test]
fn the_command_line_goes_before_the_environment() {
    let desk = Desk::new(Kind::Gitea);
    let forge = Forge::start(Kind::Gitlab);
    desk.bench.write("token", TOKEN);
    desk.bench.write("event.json", "{\"pull_request\": {\"number\": 17}}");
    let place = format!(
        "--platform gitlab --api-url {}/ --repository {} --number {NUMBER} --token-file token",
        forge.api,
        forge.kind.repository()
    );
    desk.run(&format!("new.json {place}")).exits(0).says("merge request 17 of acme/infra/config");
    assert_eq!(forge.bodies("robot").len(), 1);
    assert_eq!(desk.forge.state().seen.len(), 0);
    let Desk { bench, forge } = desk;
    let desk = Desk {
        bench: bench.env("GITHUB_REF", "refs/heads/main").env("GITHUB_EVENT_PATH", "event.json"),
        forge,
    };
    desk.run("new.json").exits(0).says("pull request 17");
}

#[test]
fn a_comment_in_another_language_is_the_same_comment() {
    let desk = Desk::new(Kind::Github);
    desk.run("new.json --lang ru").exits(0);
    let labels = desk.labels();
    let body = desk.forge.bodies("robot").remove(0);
    assert!(body.starts_with(&format!("{MARKER}\n### План для ")), "{body}");
    desk.run("new.json --lang en").exits(0);
    let bodies = desk.forge.bodies("robot");
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(bodies[0].starts_with(&format!("{MARKER}\n### Plan for ")), "{}", bodies[0]);
    assert_eq!(desk.labels(), labels);
}

#[test]
fn what_a_forge_says_is_text_on_one_line() {
    let bad = "no\\u001b[2J\\u001b]8;;https://evil.example\\u0007\\r\\n::error::forged\\u202e";
    let long = "x".repeat(100_000);
    for message in [bad, &long] {
        let desk = Desk::new(Kind::Github);
        let answer = format!("{{\"message\": \"{message}\"}}");
        desk.forge.can("POST", "/comments", 9, Answer::Says(422, String::new(), answer));
        let run = desk.run("new.json").exits(4).says("forge::refused");
        let hidden = |ch: char| ch != '\n' && (ch.is_control() || ch == '\u{202e}');
        assert!(!run.stderr.contains(hidden), "{:?}", run.stderr);
        assert!(!run.stderr.lines().any(|line| line.starts_with("::")), "{}", run.stderr);
        assert!(run.stderr.len() < 5_000, "{}", run.stderr.len());
    }
}
