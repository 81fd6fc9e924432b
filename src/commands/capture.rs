//! `capture`: a recording of what is read on a panel, shown before it is written.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::{
    connect,
    exit::{Exit, Stop},
    files,
    today::today,
};
use crate::{
    billmgr::Tape,
    capture::{About, FailedPart, INDEX, READS, Recording, What},
    cli::Capture,
    config,
    dialect::DialectSpec,
    kinds::{self, Reads, Scope},
    language::{t, tn},
    model::Name,
    plan::Target,
    terminal::Terminal,
};

pub(super) async fn run(terminal: &Terminal, args: &Capture) -> Result<Exit, Stop> {
    vacant(&args.directory)?;
    let config = args.path.as_deref().map(config::load).transpose()?;
    let spec = config.map(|config| config.spec).unwrap_or_default();
    let tape = Tape::default();
    let (session, level) = connect::listened(terminal, &args.panel, &spec, Some(tape.clone())).await?;
    let spinner = terminal.spinner(t!("Reading {url}", url = session.target.url));
    let (snapshot, reads) = kinds::read_each(&session.site, Scope::Everything).await;
    kinds::read_blank_forms(&session.site, &snapshot).await;
    spinner.finish_and_clear();
    // What the panel did not answer at all is missing from the tape: half a recording would mislead.
    let heard = tape.reads()?;
    let about = About {
        tool: concat!("billform ", env!("CARGO_PKG_VERSION")).to_owned(),
        date: today().to_string(),
        panel_version: session.target.panel_version.clone(),
        level,
        failed: failed(&reads),
    };
    let recording = Recording::new(&heard, &named(&spec.dialect), about);
    show(terminal, args, &session.target, &recording);
    confirm(terminal, args)?;
    write(&args.directory, &recording)?;
    terminal.say(&tn!(
        recording.files.len() + 1,
        "Wrote {n} file to {directory}. Look through them before you pass them on.",
        "Wrote {n} files to {directory}. Look through them before you pass them on.",
        directory = args.directory.display()
    ));
    Ok(Exit::Done)
}

/// Refuses a directory that has something in it.
fn vacant(directory: &Path) -> Result<(), Stop> {
    let empty = match fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if empty {
        return Ok(());
    }
    let text = t!("{directory} is not an empty directory", directory = directory.display());
    let help = t!("name a directory that is empty or does not exist; nothing there is written over");
    Err(Stop::new(Exit::Usage, "capture::not_empty", text, Some(&help)))
}

fn failed(reads: &Reads) -> Vec<FailedPart> {
    let failed = reads.iter().filter_map(|(about, read)| Some((about, read.as_ref().err()?)));
    failed
        .map(|(about, error)| FailedPart { about: (*about).to_owned(), code: error.code().to_owned() })
        .collect()
}

/// Functions that the configuration names.
fn named(dialect: &DialectSpec) -> Vec<&str> {
    let functions = &dialect.functions;
    let names = [
        &functions.item_prices,
        &functions.item_price_edit,
        &functions.currencies,
        &functions.data_centres,
        &functions.processor_add,
    ];
    names.into_iter().flatten().map(Name::as_str).collect()
}

/// Says which files there will be; with `--verbose` what is in them, too. Whoever is asked is always told.
fn show(terminal: &Terminal, args: &Capture, target: &Target, recording: &Recording) {
    let say = |line: &str| if args.yes { terminal.say(line) } else { terminal.complain(line) };
    let version = target.panel_version.clone().unwrap_or_else(|| t!("of unknown version"));
    say(&t!(
        "Recording of {url} (BILLmanager {version}), to be written to {directory}:",
        url = target.url,
        version = version,
        directory = args.directory.display()
    ));
    say(&t!(
        "  {index}  {size}: versions, the day, and which question each file answers",
        index = INDEX,
        size = size(recording.index.text().len())
    ));
    let mut kinds: BTreeMap<What, BTreeMap<&str, (usize, usize)>> = BTreeMap::new();
    for file in &recording.files {
        let (count, bytes) = kinds.entry(file.what).or_default().entry(&file.func).or_default();
        *count += 1;
        *bytes += file.text.len();
    }
    let column = recording.files.iter().map(|file| file.func.len()).max().unwrap_or_default();
    for (what, functions) in kinds {
        say(&format!("  {READS}/: {}", what.words()));
        for (func, (count, bytes)) in functions {
            let files = tn!(count, "{n} file", "{n} files");
            say(&format!("    {func:column$}  {files:>10}  {:>8}", size(bytes)));
        }
    }
    for part in &recording.index.failed {
        say(&t!(
            "  {part} could not be read ({code}); what the panel answered is recorded",
            part = part.about,
            code = part.code
        ));
    }
    for func in &recording.index.left_out {
        say(&t!("  {func} is left out: it is no function of a configuration", func = func));
    }
    say(&t!("Names, logins, addresses, amounts and texts are replaced; passwords are not recorded."));
    if terminal.verbosity() > 0 {
        for (name, text) in recording.texts() {
            say(&format!("\n{name}\n{}", text.trim_end()));
        }
    }
}

fn size(bytes: usize) -> String {
    if bytes < 10_000 { format!("{bytes} B") } else { format!("{} kB", bytes.div_ceil(1000)) }
}

fn confirm(terminal: &Terminal, args: &Capture) -> Result<(), Stop> {
    let not = |text: String, help: &str| Stop::new(Exit::Refused, "capture::not_confirmed", text, Some(help));
    if args.yes {
        return Ok(());
    }
    if !terminal.can_ask() {
        let help = t!(
            "see with -v what would be written, and give --yes to write it without being asked; nothing was written"
        );
        return Err(not(t!("nobody is here to confirm the recording"), &help));
    }
    let question =
        t!("\nWrite this to {directory}? Only `yes` writes:", directory = args.directory.display());
    if terminal.ask(&question)? { Ok(()) } else { Err(not(t!("not confirmed"), &t!("nothing was written"))) }
}

/// Writes all files under another name first, so that there is a whole recording or none.
fn write(directory: &Path, recording: &Recording) -> Result<(), Stop> {
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let draft = tempfile::Builder::new().prefix(".billform-").tempdir_in(parent)?;
    let whole = draft.path().join("recording");
    fs::create_dir_all(whole.join(READS))?;
    for (name, text) in recording.texts() {
        files::write(&whole.join(name), |out| out.write_all(text.as_bytes()))?;
    }
    // Somebody may have filled it while the panel was read.
    vacant(directory)?;
    if directory.exists() {
        fs::remove_dir(directory)?;
    }
    Ok(fs::rename(whole, directory)?)
}
