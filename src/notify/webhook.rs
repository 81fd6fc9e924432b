//! News for programs: the document as JSON, signed.

use ring::hmac;
use secrecy::{ExposeSecret as _, SecretString};

use super::http;
use crate::{net::Way, news::News};

/// The header with the signature: HMAC-SHA256 (RFC 2104) over the body, in hexadecimal digits.
const SIGNATURE: &str = "x-billform-signature-256";

pub(super) async fn send(
    url: &SecretString,
    secret: &SecretString,
    news: &News,
    way: &Way<'_>,
) -> Result<(), String> {
    let message = serde_json::to_value(news).map_err(|error| error.to_string())?;
    let signature = signature(secret.expose_secret(), message.to_string().as_bytes());
    http::post(url, &message, &[(SIGNATURE, signature)], way).await
}

fn signature(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let digits = hmac::sign(&key, body);
    digits.as_ref().iter().fold("sha256=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_vector_of_the_standard_holds() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
