//! A real installation from nothing: units, procedures, staff; and what to do about stuck messages.

use std::io::Write as _;
use std::process::Stdio;

use app::intake::Ending;
use app::keys::Keyring;
use app::people::{Credentials, NotSignedIn, sign_in};
use app::words::Language;
use domain::ids::UnitId;
use domain::office::Role;
use server::wiring;

use crate::program::Installation;
use crate::support::{Engine, actor, key, on_both_engines, typed};

on_both_engines!(
    an_installation_begins_from_what_ships,
    messages_put_aside_are_listed_and_tried_again,
);

const CLERK: [&str; 8] = [
    "enrol",
    "Ngan.HacThanh",
    "--name",
    "Hoàng Thị Ngân",
    "--unit",
    "H56.102",
    "--role",
    "reception_clerk",
];

impl Installation {
    /// Prepared, with units, procedures and a key.
    pub(crate) fn begun(engine: Engine) -> Self {
        let at = Self::new(engine);
        let key = at.file("motcua.key");
        at.run(&["new-key", key.to_str().unwrap()]).succeeds();
        at.run(&["migrate"]).succeeds();
        let units = at.run(&["import", "units"]);
        assert!(units.succeeds().out().contains("units were written"));
        let starter = at.run(&["import", "starter"]);
        let out = starter.succeeds().out();
        assert_eq!(out, "170 procedures were published.\n");
        at
    }

    /// Runs a command that reads `input`; whether it succeeded, and what it said.
    fn told(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut command = self.motcua(arguments);
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        // Who refuses before reading may have closed the pipe.
        let mut pipe = running.stdin.take().unwrap();
        pipe.write_all(input.as_bytes()).ok();
        drop(pipe);
        let ended = running.wait_with_output().unwrap();
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.success(), String::from_utf8(said).unwrap())
    }

    pub(crate) async fn app(&self) -> app::App {
        let keys = std::fs::read_to_string(self.file("motcua.key")).unwrap();
        let keys = Keyring::parse(&keys).unwrap();
        let files = self.file("files");
        let app = wiring::app(self.store().await, keys, &files, "http://motcua.test");
        app.await.unwrap()
    }
}

async fn an_installation_begins_from_what_ships(engine: Engine) {
    let at = Installation::begun(engine);
    let again = at.run(&["import", "starter"]);
    assert_eq!(again.succeeds().out(), "0 procedures were published.\n");
    at.run(&["import", "units"]).succeeds();
    for (change, password, words) in [
        (None, "motcua-2026", "at least 12"),
        (Some((5, "H56.999")), "một cửa 2026", "no unit H56.999"),
        (Some((7, "clerk")), "một cửa 2026", "reception_clerk"),
        (Some((1, "a b")), "một cửa 2026", "cannot name an account"),
    ] {
        let mut arguments = CLERK;
        if let Some((place, text)) = change {
            arguments[place] = text;
        }
        let (good, said) = at.told(&arguments, password);
        assert!(!good && said.contains(words), "{said}");
    }
    let both = [&CLERK[..], &["--role", "centre_director", "--totp"]].concat();
    let (good, said) = at.told(&both, "một cửa 2026\nignored\n");
    assert!(good && said.contains("otpauth://totp/"), "{said}");
    let (good, said) = at.told(&both, "một cửa 2027\n");
    assert!(!good && said.contains("already"), "{said}");
    let app = at.app().await;
    let given = |code: &str| Credentials {
        login: "ngan.hacthanh".to_owned(),
        password: "một cửa 2026".to_owned(),
        code: code.to_owned(),
        language: Language::Vi,
    };
    let asked = sign_in(&app, given("")).await;
    assert!(matches!(asked, Err(NotSignedIn::CodeNeeded)), "{asked:?}");
    let code = at.run(&["totp", "ngan.hacthanh"]);
    let opened = sign_in(&app, given(code.succeeds().out().trim()))
        .await
        .unwrap();
    let session = app::people::session(&app, &opened.token).await.unwrap();
    let mut posts = session.unwrap().actor.posts;
    posts.sort_by_key(|(_, role)| role.as_str());
    let unit = UnitId::parse("H56.102").unwrap();
    let roles = [Role::CentreDirector, Role::ReceptionClerk];
    assert_eq!(posts, roles.map(|role| (unit.clone(), role)));
    app.store().close().await;
    at.run(&["check"]).succeeds();
}

async fn messages_put_aside_are_listed_and_tried_again(engine: Engine) {
    let at = Installation::begun(engine);
    assert_eq!(
        at.run(&["outbox"]).succeeds().out(),
        "0 messages were put aside.\n"
    );
    let app = at.app().await;
    let input = app::intake::AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: typed(&[
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", "2.000815"),
            ("c1", "paper"),
            ("pages1", "1"),
        ]),
        draft: None,
        key: key(),
    };
    let clerk = actor(Role::ReceptionClerk, &UnitId::parse("H56.102").unwrap());
    app::intake::receive(&app, &clerk, input).await.unwrap();
    let waiting = app.store().claim(app.clock().now(), 0, 9).await.unwrap();
    for message in &waiting {
        let why = "no printer".to_owned();
        app.store().bury(message.id, why).await.unwrap();
    }
    let buried = waiting.len();
    assert!(buried > 0);
    let listed = at.run(&["outbox"]);
    let listed = listed.succeeds().out();
    assert!(listed.contains(": no printer\n"), "{listed}");
    assert_eq!(app.store().messages_left().await.unwrap(), 0);
    let revived = at.run(&["outbox", "--revive"]);
    let words = format!("{buried} messages will be tried again.");
    assert!(revived.succeeds().out().contains(&words));
    assert_eq!(app.store().stuck().await.unwrap(), Vec::new());
    while app::jobs::work_off(&app).await.unwrap() > 0 {}
    assert_eq!(app.store().messages_left().await.unwrap(), 0);
    app.store().close().await;
}
