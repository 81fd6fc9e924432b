//! The bench: a directory, an emulated panel, and the program run between the two.
//!
//! Whatever a test is about, each run is also held against what must never happen: a panic, the exit
//! code of a bug, or a secret in the output.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use billform::sandbox::{ADMIN, Fault, FaultKind, Hostile, Options, Sandbox, Seed};
use serde_json::Value;
use tempfile::TempDir;

/// Names for a test that needs a panel and does not care which.
pub(crate) const SEED: u64 = 3;

/// The smallest configuration with an object of every kind.
pub(crate) const SMALL: &str = r#"version: 1
processors:
  licences:
    product_type: soft
    module: billmanager
    url: https://licences.example.com/billmgr
    username: provider
    password: {env: LICENCE_PASSWORD}
enumerations:
  panel:
    name: {en: Control panel, ru: Панель управления}
    items:
      nopanel: {name: {en: No panel, ru: Без панели}}
      "55227": {name: {en: Panel lite}}
prices:
  vds-start:
    resource: {enumeration: panel, default: nopanel, billing: by_order, client_change: up_only}
    items:
      nopanel: free
      "55227": {RUB: {1m: "350.00", 12m: "3500.00"}, EUR: {1m: "4.50"}}
period_mappings:
  licences:
    - {sold: [1m, 3m], bought: 12m}
    - {sold: 1m, bought: 1m, tariff: vds-start}
"#;

/// Secrets with characters that are spelt differently in a URL, in JSON and in a form.
const SECRETS: [(&str, &str); 3] = [
    ("LICENCE_PASSWORD", "canary licence/&=+%'\"pass"),
    ("VMMANAGER_PASSWORD", "canary-vm\\<pass>#1"),
    ("DCIMANAGER_PASSWORD", "canary-пароль:dci?"),
];

/// The panel that the examples are for.
const EXAMPLE_URL: &str = "https://bill.example.com/billmgr";

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A panel, a directory with a configuration, and an environment.
pub(crate) struct Bench {
    directory: TempDir,
    env: BTreeMap<String, String>,
    panel: Option<Sandbox>,
    secrets: Vec<String>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut env = BTreeMap::from(SECRETS.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let state = directory.path().join("state").to_str().unwrap().to_owned();
        env.insert("BILLFORM_STATE_DIR".to_owned(), state);
        Self { directory, env, panel: None, secrets: SECRETS.map(|(_, value)| value.to_owned()).to_vec() }
    }

    /// A hosting provider's panel that speaks the dialect of `seed`.
    pub(crate) fn sandbox(self, seed: u64) -> Self {
        self.hostile_sandbox(seed, &[])
    }

    pub(crate) fn hostile_sandbox(self, seed: u64, hostile: &[Hostile]) -> Self {
        let hostile = hostile.iter().copied().collect();
        self.start(Options { dialect_seed: seed, hostile, ..Options::default() })
    }

    /// A panel whose administrator has this password.
    pub(crate) fn locked_sandbox(self, seed: u64, password: &str) -> Self {
        let password = Some(password.to_owned());
        self.start(Options { dialect_seed: seed, password, ..Options::default() })
    }

    /// A panel that answers from a recording.
    pub(crate) fn replaying(self, recording: &Path) -> Self {
        self.start(Options { replay: Some(recording.to_owned()), ..Options::default() })
    }

    fn start(mut self, options: Options) -> Self {
        let options = Options { seed: Seed::Hosting, ..options };
        let panel = Sandbox::start(options).unwrap();
        self.secrets.push(panel.admin_password());
        self.set("BILLFORM_URL", panel.url());
        self.set("BILLFORM_USER", ADMIN);
        self.set("BILLFORM_PASSWORD", &panel.admin_password());
        self.panel = Some(panel);
        self
    }

    /// Copies a file or directory of `examples/` to `config`, as the configuration of the bench's panel.
    pub(crate) fn example(self, name: &str) -> Self {
        let from = root().join("examples").join(name);
        let files = if from.is_dir() {
            fs::read_dir(&from).unwrap().map(|entry| entry.unwrap().path()).collect()
        } else {
            vec![from]
        };
        self.clear_config();
        for file in files {
            let name = format!("config/{}", file.file_name().unwrap().to_str().unwrap());
            let text = fs::read_to_string(file).unwrap();
            let panel = self.panel.as_ref().map_or(EXAMPLE_URL, Sandbox::url);
            self.write(&name, &text.replace(EXAMPLE_URL, panel));
        }
        self
    }

    /// A configuration of one file, in `config`.
    pub(crate) fn config(self, text: &str) -> Self {
        self.clear_config();
        self.write("config/billform.yaml", text);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Something else that no output may contain.
    pub(crate) fn secret(mut self, value: &str) -> Self {
        self.secrets.push(value.to_owned());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.to_owned(), value.to_owned());
    }

    /// Makes the panel one that nothing was ever applied to, as far as anybody knows.
    pub(crate) fn forget_applies(&self) {
        fs::remove_dir_all(self.path("state")).unwrap();
    }

    fn clear_config(&self) {
        drop(fs::remove_dir_all(self.path("config")));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Changes the configuration, which is one file, as an editor would.
    pub(crate) fn change(&self, from: &str, to: &str) {
        let text = self.read("config/billform.yaml");
        assert!(text.contains(from), "the configuration does not say {from:?}:\n{text}");
        self.write("config/billform.yaml", &text.replace(from, to));
    }

    pub(crate) fn panel(&self) -> &Sandbox {
        self.panel.as_ref().expect("the bench was given a sandbox")
    }

    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// The journals of applies, oldest first.
    pub(crate) fn journals(&self) -> Vec<PathBuf> {
        let shelves =
            fs::read_dir(self.path("state")).into_iter().flatten().map(|shelf| shelf.unwrap().path());
        let files = shelves.flat_map(|shelf| fs::read_dir(shelf).unwrap()).map(|file| file.unwrap().path());
        let mut files: Vec<_> =
            files.filter(|file| file.extension().is_some_and(|end| end == "jsonl")).collect();
        files.sort();
        files
    }

    /// Everything the panel holds.
    pub(crate) fn state(&self) -> Value {
        self.panel().export_state()
    }

    /// The rows of a table, by id.
    pub(crate) fn rows(&self, table: &str) -> BTreeMap<u64, Value> {
        let state = self.state();
        let rows = state[table].as_object().into_iter().flatten();
        rows.map(|(id, row)| (id.parse().unwrap(), row.clone())).collect()
    }

    /// The id of the one row whose cells are these.
    pub(crate) fn row(&self, table: &str, cells: &[(&str, &str)]) -> u64 {
        let rows = self.rows(table);
        let fits = |row: &Value| cells.iter().all(|(name, value)| row[*name] == **value);
        let found: Vec<u64> = rows.iter().filter(|(_, row)| fits(row)).map(|(id, _)| *id).collect();
        assert_eq!(found.len(), 1, "rows of {table} with {cells:?}: {found:?} of {rows:#?}");
        found[0]
    }

    /// The id of the price row of an item on a tariff plan.
    pub(crate) fn price_row(&self, tariff: &str, item: &str) -> u64 {
        let tariff = self.row("pricelist", &[("intname", tariff)]).to_string();
        let item = self.row("enumerationitem", &[("intname", item)]);
        let resources = self.rows("resource");
        let own =
            resources.iter().filter(|(_, row)| row["pricelist"] == *tariff).map(|(id, _)| id.to_string());
        let rows = self.rows("item_price");
        let own: Vec<String> = own.collect();
        let of_item = |row: &Value| {
            row["enumerationitem"] == *item.to_string() && own.iter().any(|id| row["resource"] == **id)
        };
        *rows.iter().find(|(_, row)| of_item(row)).unwrap().0
    }

    /// The panel's number of a currency.
    pub(crate) fn currency(&self, iso: &str) -> u64 {
        self.row("currency", &[("iso", iso)])
    }

    /// A human hand.
    pub(crate) fn edit(&self, table: &str, id: u64, field: &str, value: &str) -> &Self {
        assert!(self.panel().edit(table, id, field, value), "no row {id} in {table}");
        self
    }

    pub(crate) fn fault(&self, func: Option<&str>, skip: usize, times: usize, kind: FaultKind) -> &Self {
        self.panel().inject(Fault { func: func.map(str::to_owned), skip, times, kind });
        self
    }

    /// How many requests have tried to change the panel.
    pub(crate) fn writes(&self) -> usize {
        self.panel().requests().iter().filter(|request| request.mutating).count()
    }

    /// The program with arguments separated by blanks, ready to be started.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_billform"));
        command.args(arguments.split_whitespace());
        command
    }

    /// Any program, in the bench's directory and environment.
    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.directory.path()).stdin(Stdio::null());
        // Nothing of the environment the tests run in, except what Windows needs to open a socket.
        command.env_clear().env("COLUMNS", "100").env("NO_COLOR", "1").env("RUST_BACKTRACE", "0");
        command.envs(std::env::var_os("SYSTEMROOT").map(|value| ("SYSTEMROOT", value)));
        command.envs(&self.env);
        command
    }

    /// Runs the program with arguments separated by blanks.
    #[must_use = "say how the run is to end"]
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, &[])
    }

    /// The same, with arguments that have blanks of their own behind the others.
    #[must_use = "say how the run is to end"]
    pub(crate) fn run_with(&self, arguments: &str, more: &[&str]) -> Run {
        let output = self.command(arguments).args(more).output().unwrap();
        let run = Run {
            what: format!("billform {arguments} {}", more.join(" ")),
            code: output.status.code().expect("the program was not killed"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        run.never_does_wrong(&self.secrets);
        run
    }

    /// Applies the configuration and expects it to hold then.
    pub(crate) fn settle(&self) -> &Self {
        self.run("apply config --yes --quiet").exits(0);
        self.in_sync()
    }

    /// Expects the panel to be as the configuration says.
    pub(crate) fn in_sync(&self) -> &Self {
        self.run("plan config --detailed-exitcode --quiet").exits(0);
        self
    }
}

/// One run of the program.
pub(crate) struct Run {
    what: String,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code of {self}");
        self
    }

    /// Expects words in the output; line breaks and indentation do not count.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let all = squeezed(&format!("{} {}", self.stdout, self.stderr));
        assert!(all.contains(&squeezed(words)), "{words:?} is not in the output of {self}");
        self
    }

    #[track_caller]
    pub(crate) fn silent(self, words: &str) -> Self {
        let all = format!("{} {}", self.stdout, self.stderr);
        assert!(!all.contains(words), "{words:?} is in the output of {self}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in the output of {self}"))
    }

    #[track_caller]
    fn never_does_wrong(&self, secrets: &[String]) {
        assert!(self.code != 1 && self.code != 101, "a bug ended {self}");
        assert!(!self.stderr.contains("panicked at"), "a panic in {self}");
        for secret in secrets {
            for spelling in spellings(secret) {
                let shown = self.stdout.contains(&spelling) || self.stderr.contains(&spelling);
                assert!(!shown, "the secret {secret:?} is in the output of {self}");
            }
        }
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, code, stdout, stderr } = self;
        write!(out, "`{what}`, which ended with {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// A secret as it is, and as a URL, a form, JSON and a header of basic authentication spell it.
pub(crate) fn spellings(secret: &str) -> Vec<String> {
    let percent = |plain: &[u8], space: &str| -> String {
        let spell = |byte: u8| match byte {
            b' ' => space.to_owned(),
            byte if byte.is_ascii_alphanumeric() || plain.contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        secret.bytes().map(spell).collect()
    };
    let quoted = serde_json::to_string(secret).unwrap();
    let mut all = vec![
        secret.to_owned(),
        percent(b"-_.~", "%20"),
        percent(b"*-._", "+"),
        percent(b"-_.~!$'()*,;:@/?=&+", "%20"),
        quoted[1..quoted.len() - 1].to_owned(),
    ];
    // Base64 depends on where in the whole the secret begins, so each of the three offsets is tried.
    all.extend((0..3).map(|offset| base64(&[&vec![b'x'; offset], secret.as_bytes()].concat(), offset)));
    all.sort();
    all.dedup();
    all
}

/// The characters of a base64 text that depend on nothing but what comes after `skip` bytes.
fn base64(bytes: &[u8], skip: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks_exact(3) {
        let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        text.extend([18, 12, 6, 0].map(|shift| char::from(ALPHABET[bits >> shift & 63])));
    }
    text[if skip == 0 { 0 } else { 4 }..].to_owned()
}

/// Runs `test` on each of `inputs`, on as many threads as there are processors.
pub(crate) fn in_parallel<T: Send>(inputs: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    in_threads(threads, inputs, test);
}

/// Runs `test` on each of `inputs`, on so many threads: for tests that wait half of their time.
pub(crate) fn in_threads<T: Send>(
    threads: usize,
    inputs: impl IntoIterator<Item = T>,
    test: impl Fn(T) + Sync,
) {
    let inputs = std::sync::Mutex::new(inputs.into_iter().collect::<Vec<_>>().into_iter());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = inputs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                    let Some(input) = next else { break };
                    test(input);
                }
            });
        }
    });
}

/// Runs `test` on all of `inputs` at the same time: for tests that mostly wait.
pub(crate) fn all_at_once<T: Send>(inputs: impl IntoIterator<Item = T>, test: impl Fn(T) + Sync) {
    let test = &test;
    std::thread::scope(|scope| {
        for input in inputs {
            scope.spawn(move || test(input));
        }
    });
}
