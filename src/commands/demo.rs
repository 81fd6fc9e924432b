//! `demo`: the whole tool at work on a sandbox of its own.
//!
//! Each step is this very program, run as a person would run it, so what is shown is what it prints. A
//! step that ends with another exit code than the story needs ends the demo.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    apply::{applying, on_record},
    connect::{connecting, reading},
    exit::{Exit, Stop},
    hosting::HOSTING,
    sandbox,
};
use crate::{
    cli::Demo,
    language::{Language, t},
    sandbox::{ADMIN, Options, Sandbox, Seed},
    terminal::Terminal,
};

/// The panel that the example is for.
const EXAMPLE_URL: &str = "https://bill.example.com/billmgr";

/// What the configuration takes from the environment. They open nothing.
const PASSWORDS: [&str; 3] = ["LICENCE_PASSWORD", "VMMANAGER_PASSWORD", "DCIMANAGER_PASSWORD"];

/// The price that is changed behind the tool's back.
const TARIFF: &str = "vds-pro";
const ITEM: &str = "55228";
const WRONG: &str = "69.00";

/// How many lines of a long output are shown at its beginning and at its end.
#[derive(Clone, Copy)]
struct Excerpt {
    head: usize,
    tail: usize,
}

const LONG: Excerpt = Excerpt { head: 30, tail: 14 };
const END: Excerpt = Excerpt { head: 0, tail: 6 };
const WHOLE: Excerpt = Excerpt { head: usize::MAX, tail: 0 };

pub(super) fn run(terminal: &Terminal, args: &Demo) -> Result<Exit, Stop> {
    let begun = Instant::now();
    let mut stage = Stage::set(terminal, args)?;
    stage.headline(&t!("A panel to work on"))?;
    let listens = t!("It listens on {url}.", url = stage.sandbox.url());
    stage.write(&format!("{}\n{listens}\n", sandbox::notice(&stage.sandbox)))?;

    stage.headline(&t!("The configuration is checked without a panel"))?;
    stage.billform("validate hosting", Exit::Done, WHOLE)?;

    stage.headline(&t!("The plan: what would change; nothing is written"))?;
    stage.billform("plan hosting --detailed-exitcode", Exit::Changes, LONG)?;

    stage.headline(&t!("The plan is carried out, and each object is read back"))?;
    stage.billform("apply hosting --yes", Exit::Done, END)?;

    stage.headline(&t!("Planned again, there is nothing left to do"))?;
    stage.billform("plan hosting --detailed-exitcode", Exit::Done, WHOLE)?;

    stage.headline(&t!("Somebody changes a price in the panel by hand, and cron notices"))?;
    let was = lose_a_zero(&stage.sandbox)?;
    let edit = t!(
        "On {tariff}, the price of {item} for one month is now {wrong} RUB; it was {was}.",
        tariff = TARIFF,
        item = ITEM,
        wrong = WRONG,
        was = was
    );
    stage.write(&format!("{edit}\n\n"))?;
    stage.billform("drift hosting", Exit::Changes, WHOLE)?;

    stage.headline(&t!("A price that moves so far is refused until somebody allows it"))?;
    stage.billform("apply hosting --yes --quiet", Exit::Refused, WHOLE)?;

    stage.headline(&t!("Allowed by name, applying repairs exactly that"))?;
    let repair = format!("apply hosting --yes --quiet --allow-price-move {TARIFF}/{ITEM}");
    stage.billform(&repair, Exit::Done, WHOLE)?;

    stage.headline(&t!("The panel is as the configuration says"))?;
    stage.billform("plan hosting --detailed-exitcode", Exit::Done, WHOLE)?;

    let seconds = format!("{:.1}", begun.elapsed().as_secs_f32());
    let done = t!(
        "Done in {seconds} s. Your turn: `billform sandbox --help` serves such a panel to play with,\nand README.md tells how to begin with a real one.",
        seconds = seconds
    );
    stage.write(&format!("\n{done}\n"))?;
    Ok(Exit::Done)
}

/// A panel, a directory with the configuration, and where to tell about them.
struct Stage<'a> {
    terminal: &'a Terminal,
    sandbox: Sandbox,
    directory: TempDir,
    step: usize,
}

impl<'a> Stage<'a> {
    fn set(terminal: &'a Terminal, args: &Demo) -> Result<Self, Stop> {
        let options = Options { seed: Seed::Hosting, dialect_seed: args.dialect_seed, ..Options::default() };
        let sandbox = Sandbox::start(options).map_err(|error| {
            let help = t!("the demo needs a free port on 127.0.0.1");
            Stop::new(Exit::Invalid, "sandbox::start", sandbox::told(&error), Some(&help))
        })?;
        let directory = tempfile::tempdir()?;
        let hosting = directory.path().join("hosting");
        fs::create_dir(&hosting)?;
        for (name, text) in HOSTING {
            // The configuration is for one panel, and apply refuses any other.
            fs::write(hosting.join(name), text.replace(EXAMPLE_URL, sandbox.url()))?;
        }
        Ok(Self { terminal, sandbox, directory, step: 0 })
    }

    fn headline(&mut self, text: &str) -> Result<(), Stop> {
        self.step += 1;
        let gap = if self.step == 1 { "" } else { "\n" };
        let bold = anstyle::Style::new().bold();
        let title = self.styled(bold, &format!("{}. {text}", self.step));
        self.write(&format!("{gap}{title}\n\n"))
    }

    /// Runs this program on the stage's panel and shows what it prints.
    fn billform(&self, arguments: &str, expected: Exit, excerpt: Excerpt) -> Result<(), Stop> {
        self.write(&format!(
            "{}\n",
            self.styled(anstyle::Style::new().bold(), &format!("$ billform {arguments}"))
        ))?;
        let (code, text) = self.output(&std::env::current_exe()?, arguments)?;
        let expected = expected as i32;
        let whole = code != Some(expected) || self.terminal.style().verbose;
        self.write(&shorten(&text, if whole { WHOLE } else { excerpt }))?;
        let ended = code.map_or_else(|| t!("killed"), |code| t!("exit code {code}", code = code));
        self.write(&format!("{}\n", self.styled(anstyle::Style::new().dimmed(), &format!("[{ended}]"))))?;
        if code == Some(expected) {
            return Ok(());
        }
        let text = t!(
            "step {step}, `billform {arguments}`, should end with exit code {expected}: {ended}",
            step = self.step,
            arguments = arguments,
            expected = expected,
            ended = ended
        );
        let help =
            t!("its whole output is above; this is a bug of billform or of its sandbox, please report it");
        Err(Stop::new(Exit::Bug, "demo::step", text, Some(&help)))
    }

    /// The exit code, and both streams as a terminal would show them.
    fn output(&self, program: &Path, arguments: &str) -> io::Result<(Option<i32>, String)> {
        let (mut reader, writer) = io::pipe()?;
        let style = self.terminal.style();
        let mut command = Command::new(program);
        command
            .args(arguments.split_whitespace())
            .args(["--color", if style.color { "always" } else { "never" }])
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        // The settings of a real panel and the proxy to it are none of the sandbox's business.
        let own = std::env::vars_os().map(|(name, _)| name);
        for name in own.filter(|name| name.to_string_lossy().starts_with("BILLFORM_")) {
            command.env_remove(name);
        }
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        command.env("COLUMNS", style.width.to_string());
        command.env("BILLFORM_LANG", Language::spoken().tag());
        command.env("BILLFORM_URL", self.sandbox.url());
        command.env("BILLFORM_USER", ADMIN);
        command.env("BILLFORM_PASSWORD", self.sandbox.admin_password());
        command.env("BILLFORM_STATE_DIR", self.directory.path().join("state"));
        command.envs(PASSWORDS.map(|name| (name, "opens-nothing")));
        let mut child = command.spawn()?;
        // It holds our ends of the pipe, which would otherwise never close.
        drop(command);
        let mut text = Vec::new();
        reader.read_to_end(&mut text)?;
        let text = String::from_utf8_lossy(&text);
        // Signs of life: spinners in a terminal, gone by the time the result is there. And the number of
        // an apply, which is another one each time.
        const ANY: &str = "\0";
        let passing = [connecting(ANY), reading(ANY), applying(&ANY), on_record(ANY)];
        let starts = passing.map(|text| text.split(ANY).next().unwrap_or_default().to_owned());
        let lasting = |line: &&str| !starts.iter().any(|start| line.starts_with(start));
        let lasting: String = text.split_inclusive('\n').filter(lasting).collect();
        Ok((child.wait()?.code(), lasting))
    }

    fn styled(&self, style: anstyle::Style, text: &str) -> String {
        if self.terminal.style().color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn write(&self, text: &str) -> Result<(), Stop> {
        Ok(self.terminal.data(|out| out.write_all(text.as_bytes()))?)
    }
}

/// Edits the panel's own records, as a person with the panel open would, and gives the old price.
fn lose_a_zero(sandbox: &Sandbox) -> Result<String, Stop> {
    let state = sandbox.export_state();
    let found = || {
        let tariff = row(&state, "pricelist", &[("intname", TARIFF)])?;
        let item = row(&state, "enumerationitem", &[("intname", ITEM)])?;
        let currency = row(&state, "currency", &[("iso", "RUB")])?;
        let resources = state["resource"].as_object()?.iter();
        let mut resources = resources.filter(|(_, cells)| cells["pricelist"] == *tariff);
        let price = resources.find_map(|(resource, _)| {
            row(&state, "item_price", &[("resource", resource), ("enumerationitem", item)])
        })?;
        let field = format!("monthly.{currency}");
        let was = state["item_price"][price][&field].as_str()?;
        sandbox.edit("item_price", price.parse().ok()?, &field, WRONG).then(|| was.to_owned())
    };
    found().ok_or_else(|| {
        let text = t!("the sandbox has no price of {item} on {tariff}", item = ITEM, tariff = TARIFF);
        Stop::new(Exit::Bug, "demo::step", text, Some(&t!("please report it")))
    })
}

/// The id of the first row of a table with these cells.
fn row<'a>(state: &'a Value, table: &str, cells: &[(&str, &str)]) -> Option<&'a str> {
    let mut rows = state[table].as_object()?.iter();
    let fits = |row: &Value| cells.iter().all(|(name, value)| row[*name] == **value);
    rows.find(|(_, row)| fits(row)).map(|(id, _)| id.as_str())
}

/// The beginning and the end of a long text, cut between paragraphs where there are any.
fn shorten(text: &str, Excerpt { head, tail }: Excerpt) -> String {
    let lines: Vec<&str> = text.lines().collect();
    // A line or two less are not worth the notice.
    if lines.len() <= head.saturating_add(tail).saturating_add(3) {
        return text.to_owned();
    }
    let blank = |line: &&str| line.trim().is_empty();
    let head = lines[..head].iter().rposition(blank).unwrap_or(head);
    let tail = lines.len() - tail;
    let tail = tail + lines[tail..].iter().position(blank).map_or(0, |at| at + 1);
    let left_out = tail - head;
    let mut shown: Vec<String> = lines[..head].iter().map(|line| (*line).to_owned()).collect();
    if head > 0 {
        shown.push(String::new());
    }
    let notice = t!("{count} lines are left out here; --verbose shows them all", count = left_out);
    shown.push(format!("    … {notice} …"));
    shown.push(String::new());
    shown.extend(lines[tail..].iter().map(|line| (*line).to_owned()));
    shown.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, HOSTING, WHOLE, shorten};

    #[test]
    fn the_story_has_every_file_of_the_example() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hosting");
        let files = std::fs::read_dir(directory).expect("the example is there");
        let mut names: Vec<_> = files
            .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, HOSTING.map(|(name, _)| name.to_owned()));
    }

    #[test]
    fn a_long_text_is_cut_between_paragraphs_and_says_by_how_much() {
        let text = "a\nb\n\nc\nd\n\ne\nf\n\ng\nh\n";
        assert_eq!(
            shorten(text, Excerpt { head: 4, tail: 3 }),
            "a\nb\n\n    … 7 lines are left out here; --verbose shows them all …\n\ng\nh\n"
        );
        assert_eq!(shorten(text, Excerpt { head: 6, tail: 3 }), text);
        assert_eq!(shorten(text, WHOLE), text);
    }
}
