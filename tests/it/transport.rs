//! The way to the panel: certificates, proxies and redirects, with nothing but this machine in between.

use std::{
    future::Future,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer},
    },
};

use crate::harness::{Bench, SEED, SMALL, all_at_once, spellings};

/// A name that only a proxy resolves.
const NOWHERE: &str = "panel.billform.test";

/// When a certificate is valid.
#[derive(Clone, Copy)]
enum When {
    Now,
    Past,
    Future,
}

/// A certificate authority that nobody knows.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, "billform's tests");
        let pair = KeyPair::generate().unwrap();
        let (pem, key) = (params.self_signed(&pair).unwrap().pem(), pair.serialize_pem());
        Self { issuer: Issuer::new(params, pair), pem, key }
    }

    /// A server that proves to be `name`.
    fn server(&self, name: &str, when: When) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let (from, to) = match when {
            When::Now => (2020, 2090),
            When::Past => (2020, 2021),
            When::Future => (2089, 2090),
        };
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let pair = KeyPair::generate().unwrap();
        let certificate: CertificateDer<'static> = params.signed_by(&pair, &self.issuer).unwrap().into();
        let key = PrivateKeyDer::try_from(pair.serialize_der()).unwrap();
        let ring = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Something that listens on loopback, until it is dropped.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    /// What was said to it in plain text, connection by connection.
    heard: Arc<Mutex<Vec<String>>>,
    runtime: Option<Runtime>,
}

impl Server {
    fn start<F>(handle: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, heard) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counter, log) = (Arc::clone(&connections), Arc::clone(&heard));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(handle(stream, Arc::clone(&log)));
            }
        });
        Self { address, connections, heard, runtime: Some(runtime) }
    }

    /// Takes TLS off what comes and hands the rest on.
    fn tls(acceptor: TlsAcceptor, behind: SocketAddr) -> Self {
        Self::start(move |stream, _| {
            let acceptor = acceptor.clone();
            async move {
                let Ok(mut client) = acceptor.accept(stream).await else { return };
                let mut server = TcpStream::connect(behind).await.unwrap();
                drop(copy_bidirectional(&mut client, &mut server).await);
            }
        })
    }

    /// A forward proxy that connects everybody to the same place, whatever they ask for.
    fn proxy(to: SocketAddr) -> Self {
        Self::start(move |mut client, log| async move {
            hear(&mut client, &log).await;
            let mut server = TcpStream::connect(to).await.unwrap();
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
            drop(copy_bidirectional(&mut client, &mut server).await);
        })
    }

    /// Answers everything with the same head and page.
    fn answering(head: String, page: &'static str) -> Self {
        Self::start(move |mut client, log| {
            let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
            async move {
                hear(&mut client, &log).await;
                drop(client.write_all(answer.as_bytes()).await);
                // What is still on its way would have the connection reset before the answer is read.
                drop(client.shutdown().await);
                drop(client.read_to_end(&mut Vec::new()).await);
            }
        })
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

/// Takes down a request's head.
async fn hear(client: &mut TcpStream, log: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { break };
        head.push(byte);
    }
    log.lock().unwrap().push(String::from_utf8(head).unwrap());
}

/// A panel behind TLS that proves to be `name`, and is called so.
fn behind_tls(authority: &Authority, name: &str, when: When) -> (Bench, Server) {
    let bench = Bench::new().sandbox(SEED).config(SMALL);
    let front = Server::tls(authority.server(name, when), sandbox(&bench));
    let port = front.address.port();
    bench.write("ca.pem", &authority.pem);
    let bench = bench.env("BILLFORM_URL", &format!("https://127.0.0.1:{port}/billmgr"));
    (bench, front)
}

fn sandbox(bench: &Bench) -> SocketAddr {
    let url = bench.panel().url();
    url.trim_start_matches("http://").trim_end_matches("/billmgr").parse().unwrap()
}

#[test]
fn a_panel_with_a_private_certificate_needs_its_authority_named() {
    let authority = Authority::new();
    let (bench, front) = behind_tls(&authority, "127.0.0.1", When::Now);
    bench.run("plan config").exits(8).says("certificate");
    assert_eq!(front.connections(), 1, "a certificate does not get better by trying again");
    assert!(bench.panel().requests().is_empty());
    bench.run("plan config --ca-file ca.pem --detailed-exitcode").exits(2).says("Plan: ");
    let bench = bench.env("BILLFORM_CA_FILE", "ca.pem");
    bench.settle();
    bench.run("plan config --auth session --detailed-exitcode").exits(0);
}

#[test]
fn a_file_of_several_authorities_counts_whole() {
    let (first, second) = (Authority::new(), Authority::new());
    let (bench, _front) = behind_tls(&first, "127.0.0.1", When::Now);
    bench.write("ca.pem", &format!("The other one:\n{}\nOurs:\n{}", second.pem, first.pem));
    bench.run("plan config --ca-file ca.pem").exits(0);
}

#[test]
fn a_certificate_that_proves_nothing_ends_with_8() {
    let (authority, other) = (Authority::new(), Authority::new());
    let cases = [
        ("another.billform.test", When::Now, &authority.pem, "not valid for name"),
        ("127.0.0.2", When::Now, &authority.pem, "not valid for name"),
        ("127.0.0.1", When::Past, &authority.pem, "expired"),
        ("127.0.0.1", When::Future, &authority.pem, "not valid yet"),
        // The same name and another key.
        ("127.0.0.1", When::Now, &other.pem, "certificate"),
    ];
    all_at_once(cases, |(name, when, trusted, words)| {
        let (bench, front) = behind_tls(&authority, name, when);
        bench.write("ca.pem", trusted);
        let bench = bench.env("BILLFORM_CA_FILE", "ca.pem");
        for command in ["plan config", "apply config --yes", "drift config", "export"] {
            bench.run(command).exits(8).says("certificate").says(words).says("panel::unreachable");
        }
        assert_eq!(front.connections(), 4, "each run tries once");
        assert!(bench.panel().requests().is_empty());
    });
}

#[test]
fn a_damaged_file_of_authorities_ends_with_3_before_a_connection() {
    let authority = Authority::new();
    let lines: Vec<&str> = authority.pem.lines().collect();
    let cut = lines[..lines.len() / 2].join("\n");
    let not_a_certificate = [lines[0], "AAAA", lines[lines.len() - 1], ""].join("\n");
    let half = [lines[0], lines[1], lines[lines.len() - 1], ""].join("\n");
    let (none, damaged) = ("holds no PEM certificates", "holds a damaged certificate");
    let files = [
        ("", none),
        ("not PEM\n", none),
        (&authority.key, none),
        (&cut, damaged),
        (&not_a_certificate, damaged),
        (&half, damaged),
        (&format!("{}{half}", authority.pem), damaged),
    ];
    let (bench, front) = behind_tls(&authority, "127.0.0.1", When::Now);
    for (text, words) in files {
        bench.write("ca.pem", text);
        let run = bench.run("plan config --ca-file ca.pem").exits(3).says("panel::settings");
        let _run = run.says(&format!("the CA file ca.pem {words}"));
    }
    assert_eq!(front.connections(), 0);
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_told_no_secret() {
    let authority = Authority::new();
    let secret = "canary proxy/&=+%pass";
    let written = "canary%20proxy%2F%26%3D%2B%25pass";
    let cases = [("", "BILLFORM_PROXY"), ("", "HTTPS_PROXY"), ("user:SECRET@", "BILLFORM_PROXY")];
    all_at_once(cases, |(login, variable)| {
        let bench = Bench::new().sandbox(SEED).config(SMALL).secret(secret);
        let front = Server::tls(authority.server(NOWHERE, When::Now), sandbox(&bench));
        let proxy = Server::proxy(front.address);
        bench.write("ca.pem", &authority.pem);
        let url = format!("http://{}{}", login.replace("SECRET", written), proxy.address);
        let bench = bench.env("BILLFORM_URL", &format!("https://{NOWHERE}/billmgr"));
        let bench = bench.env(variable, &url).env("BILLFORM_CA_FILE", "ca.pem");
        bench.settle();
        let heard = proxy.heard();
        assert!(heard.len() >= 2, "{}", heard.len());
        for head in heard {
            assert!(head.starts_with(&format!("CONNECT {NOWHERE}:443 HTTP/1.1\r\n")), "{head}");
            assert_eq!(
                head.to_lowercase().contains("proxy-authorization: basic "),
                !login.is_empty(),
                "{head}"
            );
            for spelling in spellings(&bench.panel().admin_password()) {
                assert!(!head.contains(&spelling), "{head}");
            }
        }
    });
}

#[test]
fn plain_http_never_leaves_this_machine_through_a_proxy() {
    let proxy = Server::answering("200 OK".to_owned(), "{}");
    let url = format!("http://{}", proxy.address);
    for variable in ["BILLFORM_PROXY", "HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let bench = Bench::new().sandbox(SEED).config(SMALL).env(variable, &url);
        bench.run("plan config").exits(0);
    }
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_that_does_not_let_through_ends_with_8() {
    let secret = "canary-of-the-proxy";
    let page = "<!DOCTYPE html><html><body>The proxy is not amused</body></html>";
    let answers = ["502 Bad Gateway", "407 Proxy Authentication Required", "403 Forbidden", "200 OK"];
    let answers = answers.map(Some).into_iter().chain([None]);
    let commands = ["plan config", "apply config --yes --format json"];
    all_at_once(answers.flat_map(|answer| commands.map(|command| (answer, command))), |(answer, command)| {
        let server = answer.map(|head| Server::answering(format!("{head}\r\nContent-Type: text/html"), page));
        let address = server.as_ref().map_or_else(closed, |server| server.address);
        let bench = Bench::new().sandbox(SEED).config(SMALL).secret(secret);
        let bench = bench.env("BILLFORM_URL", &format!("https://{NOWHERE}/billmgr"));
        let bench = bench.env("BILLFORM_PROXY", &format!("http://user:{secret}@{address}"));
        bench.run(command).exits(8).says("panel::unreachable").says("and the proxy");
        let asked = server.as_ref().map_or(0, Server::connections);
        if answer.is_some_and(|head| head.starts_with("407")) {
            assert_eq!(asked, 1, "a refused login is not tried again");
        } else if answer.is_some_and(|head| head.starts_with("502")) {
            assert!(asked > 1, "{asked}");
        }
        for head in server.iter().flat_map(Server::heard) {
            assert!(head.starts_with("CONNECT "), "{head}");
        }
    });
}

/// An address where nobody listens.
fn closed() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn a_proxy_that_is_no_address_ends_with_3() {
    let secret = "canary-of-the-proxy";
    for proxy in
        ["http://", &format!("http://user:{secret}@:x"), &format!("nonsense://user:{secret}@127.0.0.1:1")]
    {
        let bench = Bench::new().sandbox(SEED).config(SMALL).secret(secret);
        let bench =
            bench.env("BILLFORM_URL", &format!("https://{NOWHERE}/billmgr")).env("BILLFORM_PROXY", proxy);
        bench.run("plan config").exits(3).says("panel::settings").says("proxy");
    }
}

#[test]
fn a_redirect_is_not_followed_and_takes_no_password_along() {
    let codes =
        ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"];
    for code in codes {
        let other = Server::answering("200 OK".to_owned(), "{}");
        let head = format!("{code}\r\nLocation: http://{}/billmgr?from=here", other.address);
        let panel = Server::answering(head, "");
        let bench = Bench::new().sandbox(SEED).config(SMALL);
        let bench = bench.env("BILLFORM_URL", &format!("http://{}/billmgr", panel.address));
        for auth in ["authinfo", "session"] {
            for command in ["plan config", "apply config --yes", "export"] {
                let run = bench.run(&format!("{command} --auth {auth}")).exits(8);
                let _run = run.says(code.split(' ').next().unwrap()).says("redirects to http://127.0.0.1");
            }
        }
        assert_eq!(panel.connections(), 6, "a redirect is no reason to try again");
        assert_eq!(other.connections(), 0, "{code}");
    }
}
