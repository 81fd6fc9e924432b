//! Asking: the only part that talks to a panel. It cannot write.

use super::{
    Amount, Licence, Services, Upstream,
    cells::{amount, filled},
    licences, services,
};
use crate::{
    billmgr::{Failure, Listing, Reader},
    codes::CodeTable,
    dialect::{ColumnNames, func},
    kinds::KindError,
    language::t,
};

/// What the licence server sells, also what it sells no more.
pub(crate) async fn catalogue(
    reader: &Reader,
    account_currency: Option<&str>,
    table: &CodeTable,
) -> Result<Upstream, KindError> {
    let answer = reader.answer(func::CATALOGUE, &[("onlyavailable", "off")]).await?;
    Upstream::of(answer.innermost(), account_currency, table)
        .map_err(|why| Failure::Incomplete { func: func::CATALOGUE.to_owned(), why }.into())
}

/// The licences of the account.
pub(crate) async fn licences(reader: &Reader, own: &ColumnNames) -> Result<Vec<Licence>, KindError> {
    let listing = whole(reader, func::LICENCES).await?;
    let columns = licences::Columns::of(&listing.columns, own)?;
    listing.rows.iter().map(|row| columns.read(row)).collect::<Result<_, _>>().map_err(KindError::Unreadable)
}

/// What the account holds; nothing where the server does not show it.
pub(crate) async fn balance(reader: &Reader) -> Result<Vec<Amount>, KindError> {
    let listing = match whole(reader, func::ACCOUNTS).await {
        Err(error) if error.is_unknown_function() => return Ok(Vec::new()),
        listing => listing?,
    };
    Ok(listing.rows.iter().filter_map(|row| amount(filled(row, "balance")?)).collect())
}

/// The services that may have a licence.
pub(crate) async fn services(reader: &Reader, own: &ColumnNames) -> Result<Services, KindError> {
    let mut services = Services::default();
    for list in func::SERVICES {
        // A provider that sells no dedicated servers may have no such list.
        let listing = match whole(reader, list).await {
            Err(error) if error.is_unknown_function() => {
                services.unread.push(list.to_owned());
                continue;
            }
            listing => listing?,
        };
        let columns = services::Columns::of(list, &listing.columns, own)?;
        services.list.extend(listing.rows.iter().map(|row| columns.read(list, row)));
    }
    Ok(services)
}

/// A list that is proven to be read to its end.
async fn whole(reader: &Reader, func: &str) -> Result<Listing, KindError> {
    let listing = reader.list(func, &[]).await?;
    if listing.certificate.complete() {
        return Ok(listing);
    }
    let why = t!("the panel does not say how many rows there are");
    Err(Failure::Incomplete { func: func.to_owned(), why }.into())
}
