//! The demonstration province: Thanh Hóa with its centre, departments and communes, two places
//! staffed in full, the starter catalogue and its processes.

use domain::ids::{StaffId, UnitId};
use domain::office::{Role, UnitKind};
use jiff::civil::DateTime;
use store::{AuditLine, NewProcedure};

use crate::catalogue::{import, processes, starter, units};
use crate::no::No;
use crate::people::{NewStaff, enrol};
use crate::state::App;

/// The province of the demonstration.
pub const PROVINCE: &str = "H56";
/// The first password of every demonstration account.
pub const PASSWORD: &str = "motcua-2026";

/// An account of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// Name of the account.
    pub login: String,
    /// Name of the person, invented.
    pub name: &'static str,
    /// Role.
    pub role: Role,
    /// Where.
    pub unit: UnitId,
    /// Name of the unit.
    pub unit_name: String,
    /// Whether a one-time code is asked for.
    pub totp: bool,
}

/// Invented names, one a role.
const PEOPLE: [(Role, &str, &str); 7] = [
    (Role::ReceptionClerk, "tiepnhan", "Hoàng Thị Ngân"),
    (Role::CaseOfficer, "chuyenvien", "Lê Thị Minh Thu"),
    (Role::Leader, "lanhdao", "Nguyễn Văn Bình"),
    (Role::SealClerk, "vanthu", "Trần Thu Hà"),
    (Role::CentreDirector, "giamdoc", "Phạm Quốc Khánh"),
    (Role::PostAgent, "buudien", "Vũ Đức Long"),
    (Role::Volunteer, "tinhnguyen", "Đỗ Ngọc Mai"),
];

/// The accounts, in the order in which they are printed.
pub fn accounts(app: &App) -> Vec<DemoAccount> {
    let mut accounts = Vec::new();
    for (unit, suffix) in staffed(app) {
        for (role, login, name) in PEOPLE {
            accounts.push(DemoAccount {
                login: format!("{login}.{suffix}"),
                name,
                role,
                unit_name: app.unit_name(&unit),
                unit: unit.clone(),
                totp: matches!(role, Role::Leader | Role::SealClerk),
            });
        }
    }
    let province = UnitId::parse(PROVINCE).expect("the constant is an identifier");
    for (role, login, name) in [
        (Role::ProvinceController, "kiemsoat", "Bùi Thanh Tùng"),
        (Role::Administrator, "quantri", "Đặng Hải Yến"),
    ] {
        accounts.push(DemoAccount {
            login: login.to_owned(),
            name,
            role,
            unit_name: app.unit_name(&province),
            unit: province.clone(),
            totp: true,
        });
    }
    accounts
}

/// The two wards of the reports and the province's centre; the officers of provincial procedures
/// sit in the departments.
fn staffed(app: &App) -> Vec<(UnitId, &'static str)> {
    let named = [
        ("Phường Hạc Thành", "hacthanh"),
        ("Phường Nguyệt Viên", "nguyetvien"),
    ];
    let province = UnitId::parse(PROVINCE).expect("the constant is an identifier");
    let units = app.units();
    let mut staffed: Vec<(UnitId, &'static str)> = named
        .iter()
        .filter_map(|(name, suffix)| {
            let found = units
                .iter()
                .find(|unit| unit.parent.as_ref() == Some(&province) && unit.name == *name);
            found.map(|unit| (unit.id.clone(), *suffix))
        })
        .collect();
    let centre = units.iter().find(|unit| {
        unit.kind == UnitKind::ProvincialCentre && unit.parent.as_ref() == Some(&province)
    });
    staffed.extend(centre.map(|unit| (unit.id.clone(), "tinh")));
    staffed
}

/// Fills an empty database; does nothing to one that has accounts. Says whether it was empty.
///
/// # Errors
/// [`No::Broken`].
pub async fn seed(app: &App) -> Result<bool, No> {
    if app.store().find_account("quantri").await?.is_some() {
        return Ok(false);
    }
    let now = app.clock().now();
    app.store()
        .save_units(units::all(), now, line("units.saved"))
        .await?;
    app.reload().await?;
    publish_starter(app, now).await?;
    for account in accounts(app) {
        enrol(app, new_staff(&account, departments(app, &account)), "demo").await?;
    }
    Ok(true)
}

fn new_staff(account: &DemoAccount, more: Vec<(UnitId, Role)>) -> NewStaff {
    let staff = account.login.replace('.', "-");
    let mut posts = vec![(account.unit.clone(), account.role)];
    posts.extend(more);
    NewStaff {
        staff: StaffId::parse(&staff).expect("logins of the demonstration are plain"),
        name: account.name.to_owned(),
        login: account.login.clone(),
        password: PASSWORD.to_owned(),
        totp: account.totp,
        posts,
    }
}

/// Officers, leaders and clerks of the seal at the provincial centre also serve the departments,
/// so that provincial procedures can be tried from end to end.
fn departments(app: &App, account: &DemoAccount) -> Vec<(UnitId, Role)> {
    let deciding = [Role::CaseOfficer, Role::Leader, Role::SealClerk];
    if account.login.rsplit('.').next() != Some("tinh") || !deciding.contains(&account.role) {
        return Vec::new();
    }
    let province = UnitId::parse(PROVINCE).expect("the constant is an identifier");
    let units = app.units();
    let deciding = units.iter().filter(|unit| {
        unit.id == province
            || (unit.kind == UnitKind::Department && unit.parent.as_ref() == Some(&province))
    });
    deciding
        .map(|unit| (unit.id.clone(), account.role))
        .collect()
}

async fn publish_starter(app: &App, now: DateTime) -> Result<(), No> {
    let records = starter::procedures().iter().map(|procedure| NewProcedure {
        procedure: procedure.clone(),
        content_hash: import::content_hash(procedure),
    });
    app.store()
        .publish_procedures(records.collect(), now, line("catalogue.published"))
        .await?;
    let published: Vec<_> = starter::procedures()
        .iter()
        .map(processes::default_process)
        .collect();
    app.store()
        .publish_processes(published, now, line("processes.published"))
        .await?;
    Ok(())
}

fn line(action: &str) -> AuditLine {
    AuditLine {
        actor: "demo".to_owned(),
        action: action.to_owned(),
        subject: PROVINCE.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}
