//! `motcua serve` and `motcua demo`.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use app::words::{Language, t};
use app::{App, demo as province};
use clap::Args;
use store::{Database, Store};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use web::{LocalToken, WebConfig};

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::demonstration;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Where to listen.
    #[arg(long, env = "MOTCUA_ADDRESS", default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// The address under which people reach the server, for codes on slips.
    #[arg(
        long,
        env = "MOTCUA_PUBLIC_ADDRESS",
        default_value = "http://127.0.0.1:8080"
    )]
    public_address: String,
    /// Do not work off the outbox here; another process does.
    #[arg(long)]
    no_worker: bool,
    /// A proxy of our own stands in front and writes `X-Forwarded-For`.
    #[arg(long, env = "MOTCUA_BEHIND_PROXY")]
    behind_proxy: bool,
    /// Where the program of a token at a clerk's own desk listens, on her machine.
    #[arg(long, env = "MOTCUA_LOCAL_TOKEN", default_value_t)]
    local_token: LocalToken,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// Show the province so many days later: what is late, what silence has ended.
    #[arg(long, default_value_t = 0)]
    days_ahead: u16,
    /// Begin without any dossier; else some results are issued and signed at the first start.
    #[arg(long, env = "MOTCUA_DEMO_EMPTY")]
    empty: bool,
    /// Where simulators answer for the certificates of the demonstration.
    #[arg(long, env = "MOTCUA_DEMO_AUTHORITY", hide = true)]
    authority: Option<String>,
    /// Where the program of a token at a clerk's own desk listens, on her machine.
    #[arg(long, env = "MOTCUA_LOCAL_TOKEN", default_value_t)]
    local_token: LocalToken,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn serve(database: &DatabaseArgs, args: ServeArgs) -> anyhow::Result<ExitCode> {
    log();
    let store = wiring::prepared(&database.parse()?).await?;
    let keys = args.data.keys()?;
    let app = wiring::app(store, keys, args.data.shelf()?, &args.public_address).await?;
    let secure = args.public_address.starts_with("https://");
    let door = Door::open(args.address).await?;
    say(&format!("Listening on {}", door.address()?));
    let config = WebConfig {
        secure_cookies: secure,
        behind_proxy: args.behind_proxy,
        local_token: args.local_token,
    };
    let worker = if args.no_worker {
        Worker::Elsewhere
    } else {
        Worker::Here
    };
    run(app, door, config, worker).await?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn demo(database: &DatabaseArgs, args: DemoArgs) -> anyhow::Result<ExitCode> {
    log();
    let named = &database.database;
    let database = database.parse()?;
    if let Database::SqliteFile(file) = &database
        && let Some(folder) = file.parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    let store = Store::open(&database)
        .await
        .context("cannot open the database")?;
    store
        .migrate()
        .await
        .context("cannot prepare the database")?;
    args.data.make_key()?;
    let keys = args.data.keys()?;
    let door = Door::open(args.address).await?;
    let address = door.address()?;
    let days = args.days_ahead;
    let signing = demonstration::folder_beside(&args.data.files);
    let soft = demonstration::soft_keys(&signing);
    let app = wiring::demo(store, keys, args.data.shelf()?, (&address, days, soft)).await?;
    let fresh = province::seed(&app).await?;
    demonstration::certify(&app, &signing, args.authority.as_deref()).await?;
    introduce(&app, &address, fresh);
    say(&code_command(named, &args.data, days)?);
    say("Ctrl C stops.");
    let config = WebConfig {
        secure_cookies: false,
        behind_proxy: false,
        local_token: args.local_token,
    };
    let filling = (!args.empty).then(|| tokio::spawn(fill(app.clone())));
    run(app, door, config, Worker::Here).await?;
    // What was begun is gone on with at the next start.
    if let Some(filling) = filling {
        filling.abort();
    }
    Ok(ExitCode::SUCCESS)
}

/// Has the results of the province issued, while it is served already.
async fn fill(app: App) {
    let begun = Instant::now();
    match Box::pin(demonstration::results::issue(&app)).await {
        Ok(many) => tracing::info!(
            many,
            milliseconds = begun.elapsed().as_millis(),
            "The results of the province are issued, signed and sealed"
        ),
        Err(cause) => tracing::error!(%cause, "The results of the province are not all there"),
    }
}

fn introduce(app: &App, address: &str, fresh: bool) {
    say(&format!(
        "Một Cửa, demonstration province Thanh Hóa: {address}"
    ));
    say(if fresh {
        "The province was filled anew."
    } else {
        "The province keeps its data."
    });
    say(&format!(
        "Password of every account: {}",
        province::PASSWORD
    ));
    say(&format!("PIN of every signing key: {}", demonstration::PIN));
    for account in province::accounts(app) {
        let code = if account.totp { ", one-time code" } else { "" };
        let key = format!("role.{}", account.role.as_str());
        let role = t(Language::Vi, &key);
        say(&format!(
            "  {:<24} {role}, {}{code}",
            account.login, account.unit_name
        ));
    }
}

/// The command that shows a one-time code, whole, to be pasted into another terminal.
fn code_command(database: &str, data: &DataArgs, days: u16) -> anyhow::Result<String> {
    let program = std::env::current_exe()?;
    let ahead = if days == 0 {
        String::new()
    } else {
        format!(" --days-ahead {days}")
    };
    Ok(format!(
        "One-time code: {} totp LOGIN --database {database} --key-file {} --files {}{ahead}",
        program.display(),
        data.key_file.display(),
        data.files.display()
    ))
}

/// Where requests come in, and what says that no more shall.
struct Door {
    listener: TcpListener,
    interrupted: Signal,
    terminated: Signal,
}

impl Door {
    /// Opens the door. Signals are heard from now on, so that a server told to stop while it says
    /// where it listens stops in order.
    async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let interrupted = signal(SignalKind::interrupt())?;
        let terminated = signal(SignalKind::terminate())?;
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        Ok(Self {
            listener,
            interrupted,
            terminated,
        })
    }

    fn address(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.listener.local_addr()?))
    }
}

/// Whether this process works off the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worker {
    Here,
    Elsewhere,
}

/// Serves and works until the process is told to stop, then finishes what is at hand.
async fn run(app: App, door: Door, config: WebConfig, worker: Worker) -> anyhow::Result<()> {
    let Door {
        listener,
        mut interrupted,
        mut terminated,
    } = door;
    let (stop, stopped) = watch::channel(false);
    let router = web::router(app.clone(), config);
    let reread = app.clone();
    let working = tokio::spawn({
        let mut stopped = stopped.clone();
        async move {
            if worker == Worker::Here {
                Box::pin(app::jobs::run(&app, async move {
                    stopped.wait_for(|stop| *stop).await.ok();
                }))
                .await;
            }
        }
    });
    let reading = tokio::spawn(keep_reading(reread));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            stop.send(true).ok();
        })
        .await;
    reading.abort();
    working.await?;
    Ok(served?)
}

/// Reads calendars and units anew now and then: another node may have published some.
async fn keep_reading(app: App) {
    const BETWEEN: Duration = Duration::from_mins(3);
    loop {
        tokio::time::sleep(BETWEEN).await;
        if let Err(cause) = app.reload().await {
            tracing::error!(%cause, "Could not read settings and units anew");
        }
    }
}

fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| "info,sqlx=warn,tower_http=warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
