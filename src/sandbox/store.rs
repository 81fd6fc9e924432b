//! The state: tables of rows of text, kept in memory and optionally in a file.
//!
//! Rows are stored under the sandbox's own logical names, never under the names of the dialect, so
//! a state file and `export_state` mean the same whatever the dialect seed.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One record. An absent column and an empty one are the same.
pub(crate) type Row = BTreeMap<String, String>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) last_id: u64,
    pub(crate) rows: BTreeMap<u64, Row>,
}

/// Everything that outlives a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    format: u32,
    pub(crate) tables: BTreeMap<String, Table>,
    /// Stored filters: `user`, then the list's function, then column to text.
    pub(crate) filters: BTreeMap<String, BTreeMap<String, Row>>,
}

const FORMAT: u32 = 1;

/// A state file that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error("cannot read the sandbox state `{path}`")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("`{path}` is not a sandbox state")]
    Parse { path: PathBuf, source: serde_json::Error },
    #[error("`{path}` is a sandbox state of format {found}; this version reads format {FORMAT}")]
    Format { path: PathBuf, found: u32 },
    #[error("cannot write the sandbox state `{path}`")]
    Write { path: PathBuf, source: std::io::Error },
}

/// The state with the place it is kept in.
#[derive(Debug, Default)]
pub(crate) struct Store {
    state: State,
    path: Option<PathBuf>,
}

impl Store {
    /// Opens the state kept at `path`. `None` if there is none yet: the caller seeds it then.
    pub(crate) fn open(path: Option<&Path>) -> Result<Option<Self>, StateError> {
        let Some(path) = path else { return Ok(None) };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let path = path.to_owned();
                return Err(StateError::Read { path, source });
            }
        };
        let state: State = serde_json::from_slice(&text)
            .map_err(|source| StateError::Parse { path: path.to_owned(), source })?;
        if state.format != FORMAT {
            return Err(StateError::Format { path: path.to_owned(), found: state.format });
        }
        Ok(Some(Self { state, path: Some(path.to_owned()) }))
    }

    /// An empty state to be kept at `path`.
    pub(crate) fn empty(path: Option<&Path>) -> Self {
        Self { state: State { format: FORMAT, ..State::default() }, path: path.map(Path::to_owned) }
    }

    /// Writes the state: to a temporary file beside the target, then renamed over it, so a killed
    /// sandbox leaves the old state or the new one and never half of either.
    pub(crate) fn save(&self) -> Result<(), StateError> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        self.write_to(path).map_err(|source| StateError::Write { path: path.clone(), source })
    }

    fn write_to(&self, path: &Path) -> std::io::Result<()> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, &self.state)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    /// All there is, to be put back later.
    pub(crate) fn state(&self) -> State {
        self.state.clone()
    }

    pub(crate) fn restore(&mut self, state: State) {
        self.state = state;
    }

    /// The tables as JSON, in a stable order, for tests.
    pub(crate) fn export(&self) -> serde_json::Value {
        let tables = self.state.tables.iter().map(|(name, table)| {
            let rows = table.rows.iter().map(|(id, row)| {
                let cells = row
                    .iter()
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(key, value)| (key.clone(), value.clone().into()));
                (id.to_string(), serde_json::Value::Object(cells.collect()))
            });
            (name.clone(), serde_json::Value::Object(rows.collect()))
        });
        serde_json::Value::Object(tables.collect())
    }

    pub(crate) fn rows(&self, table: &str) -> impl Iterator<Item = (u64, &Row)> {
        let table = self.state.tables.get(table);
        table.into_iter().flat_map(|table| table.rows.iter().map(|(id, row)| (*id, row)))
    }

    /// The ids of rows whose `column` is `value`.
    pub(crate) fn ids_where(&self, table: &str, column: &str, value: &str) -> Vec<u64> {
        let rows = self.rows(table);
        rows.filter(|(_, row)| cell(row, column) == value).map(|(id, _)| id).collect()
    }

    pub(crate) fn row(&self, table: &str, id: u64) -> Option<&Row> {
        self.state.tables.get(table)?.rows.get(&id)
    }

    /// One cell by ids written as text, empty when anything is missing.
    pub(crate) fn lookup(&self, table: &str, id: &str, column: &str) -> &str {
        let row = id.parse().ok().and_then(|id| self.row(table, id));
        row.map_or("", |row| cell(row, column))
    }

    /// A fresh id. Resources are rows of the tariff plans' table in the panel's database, so the
    /// two share one sequence.
    pub(crate) fn next_id(&mut self, table: &str) -> u64 {
        let sequence = if table == "resource" { "pricelist" } else { table };
        let table = self.state.tables.entry(sequence.to_owned()).or_default();
        table.last_id += 1;
        table.last_id
    }

    /// Lets the ids of a table start after `id`.
    pub(crate) fn start_after(&mut self, table: &str, id: u64) {
        let table = self.state.tables.entry(table.to_owned()).or_default();
        table.last_id = table.last_id.max(id);
    }

    pub(crate) fn insert(&mut self, table: &str, row: Row) -> u64 {
        let id = self.next_id(table);
        self.put(table, id, row);
        id
    }

    pub(crate) fn put(&mut self, table: &str, id: u64, row: Row) {
        let table = self.state.tables.entry(table.to_owned()).or_default();
        table.last_id = table.last_id.max(id);
        table.rows.insert(id, row);
    }

    /// Changes one cell; false if there is no such row.
    pub(crate) fn set(&mut self, table: &str, id: u64, column: &str, value: &str) -> bool {
        let table = self.state.tables.get_mut(table);
        let Some(row) = table.and_then(|table| table.rows.get_mut(&id)) else {
            return false;
        };
        row.insert(column.to_owned(), value.to_owned());
        true
    }

    pub(crate) fn remove(&mut self, table: &str, id: u64) -> bool {
        let table = self.state.tables.get_mut(table);
        table.is_some_and(|table| table.rows.remove(&id).is_some())
    }

    /// Removes every row whose `column` is `value`.
    pub(crate) fn remove_where(&mut self, table: &str, column: &str, value: &str) {
        for id in self.ids_where(table, column, value) {
            self.remove(table, id);
        }
    }

    pub(crate) fn filter(&self, user: &str, func: &str) -> Option<&Row> {
        self.state.filters.get(user)?.get(func)
    }

    /// Stores a filter; one without any text is no filter.
    pub(crate) fn set_filter(&mut self, user: &str, func: &str, mut filter: Row) {
        filter.retain(|_, value| !value.is_empty());
        let filters = self.state.filters.entry(user.to_owned()).or_default();
        if filter.is_empty() {
            filters.remove(func);
        } else {
            filters.insert(func.to_owned(), filter);
        }
    }
}

/// A cell's text, empty when absent.
pub(crate) fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

/// Builds a row.
pub(crate) fn row<const N: usize>(cells: [(&str, &str); N]) -> Row {
    let owned = cells.map(|(key, value)| (key.to_owned(), value.to_owned()));
    Row::from(owned)
}
