//! The demonstration province: Thanh Hóa with its centre, departments and communes, two places
//! staffed in full, the starter catalogue and its processes.

use domain::ids::{CounterId, PointId, StaffId, UnitId};
use domain::office::{Role, Unit, UnitKind};
use store::{AuditLine, Counter, ReceptionPoint};

use crate::catalogue::publish::publish;
use crate::catalogue::{starter, units};
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

/// What an account of each role is called.
const LOGINS: [(Role, &str); 7] = [
    (Role::ReceptionClerk, "tiepnhan"),
    (Role::CaseOfficer, "chuyenvien"),
    (Role::Leader, "lanhdao"),
    (Role::SealClerk, "vanthu"),
    (Role::CentreDirector, "giamdoc"),
    (Role::PostAgent, "buudien"),
    (Role::Volunteer, "tinhnguyen"),
];

/// Invented people, in the order in which accounts are made.
const PEOPLE: [&str; 26] = [
    "Hoàng Thị Ngân",
    "Lê Thị Minh Thu",
    "Nguyễn Văn Bình",
    "Trần Thu Hà",
    "Phạm Quốc Khánh",
    "Vũ Đức Long",
    "Đỗ Ngọc Mai",
    "Lê Thị Hồng Vân",
    "Nguyễn Hữu Phước",
    "Trịnh Xuân Đạt",
    "Mai Thị Lan",
    "Lường Văn Hưng",
    "Cao Thị Quỳnh",
    "Hà Đức Thịnh",
    "Đào Thị Kim Oanh",
    "Nguyễn Mạnh Cường",
    "Lê Văn Tú",
    "Phùng Thị Yến",
    "Trương Công Định",
    "Lê Bá Sơn",
    "Nguyễn Thị Tuyết",
    "Hoàng Anh Dũng",
    "Ngô Thị Phượng",
    "Lê Khắc Hiếu",
    "Bùi Thanh Tùng",
    "Đặng Hải Yến",
];

fn province() -> UnitId {
    UnitId::parse(PROVINCE).expect("the constant is an identifier")
}

/// The accounts, in the order in which they are printed.
pub fn accounts(app: &App) -> Vec<DemoAccount> {
    let mut places: Vec<(Unit, String, Role)> = Vec::new();
    for (unit, suffix) in staffed(app) {
        for (role, login) in LOGINS.iter().filter(|(role, _)| works_at(*role, unit.kind)) {
            places.push((unit.clone(), format!("{login}.{suffix}"), *role));
        }
    }
    if let Some(unit) = app.unit(&province()) {
        places.push((
            unit.clone(),
            "kiemsoat".to_owned(),
            Role::ProvinceController,
        ));
        places.push((unit, "quantri".to_owned(), Role::Administrator));
    }
    // A ward has an administrator of its own, who changes nothing of the province's.
    let mut wards = staffed(app).into_iter();
    let ward = wards.find(|(unit, _)| unit.kind == UnitKind::Commune);
    places.extend(ward.map(|(unit, suffix)| {
        let login = format!("quantri.{suffix}");
        (unit, login, Role::Administrator)
    }));
    let people = PEOPLE.iter().cycle();
    places
        .into_iter()
        .zip(people)
        .map(|((unit, login, role), name)| account(unit, login, role, name))
        .collect()
}

fn account(unit: Unit, login: String, role: Role, name: &'static str) -> DemoAccount {
    const BINDING: [Role; 4] = [
        Role::Leader,
        Role::SealClerk,
        Role::ProvinceController,
        Role::Administrator,
    ];
    DemoAccount {
        login,
        name,
        role,
        totp: BINDING.contains(&role),
        unit_name: unit.name,
        unit: unit.id,
    }
}

/// Centres receive, departments decide, communes do both.
fn works_at(role: Role, kind: UnitKind) -> bool {
    let decides = matches!(role, Role::CaseOfficer | Role::Leader | Role::SealClerk);
    match kind {
        UnitKind::Commune => true,
        UnitKind::Department => decides,
        UnitKind::ProvincialCentre => !decides,
        UnitKind::Province => false,
    }
}

/// Two wards of the press reports in full, the province's centre, and two of its departments.
fn staffed(app: &App) -> Vec<(Unit, &'static str)> {
    const PLACES: [(&str, UnitKind, &str); 5] = [
        ("Phường Hạc Thành", UnitKind::Commune, "hacthanh"),
        ("Phường Nguyệt Viên", UnitKind::Commune, "nguyetvien"),
        ("", UnitKind::ProvincialCentre, "tinh"),
        ("Sở Tư pháp", UnitKind::Department, "sotuphap"),
        ("Sở Xây dựng", UnitKind::Department, "soxaydung"),
    ];
    let (units, province) = (app.units(), province());
    let find = |name: &str, kind: UnitKind| {
        let named = |unit: &&Unit| name.is_empty() || unit.name == name;
        let mut here = units
            .iter()
            .filter(|u| u.kind == kind && u.parent.as_ref() == Some(&province));
        here.find(named).cloned()
    };
    let found = PLACES
        .into_iter()
        .map(|(name, kind, suffix)| find(name, kind).map(|u| (u, suffix)));
    found.flatten().collect()
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
    let (starter, origin) = (starter::procedures().to_vec(), "demo");
    publish(app.store(), starter, now, origin).await?;
    for (unit, suffix) in staffed(app) {
        open_counters(app, &unit, suffix).await?;
    }
    for account in accounts(app) {
        enrol(app, new_staff(&account), "demo").await?;
    }
    Ok(true)
}

fn new_staff(account: &DemoAccount) -> NewStaff {
    let staff = account.login.replace('.', "-");
    NewStaff {
        staff: StaffId::parse(&staff).expect("logins of the demonstration are plain"),
        name: account.name.to_owned(),
        login: account.login.clone(),
        password: PASSWORD.to_owned(),
        totp: account.totp,
        posts: vec![(account.unit.clone(), account.role)],
        title: title(account).map(ToOwned::to_owned),
    }
}

/// The title of the posts that sign: one leader is the head, the other one her deputy.
fn title(account: &DemoAccount) -> Option<&'static str> {
    match account.role {
        Role::Leader if account.login.ends_with(".nguyetvien") => Some("Phó Chủ tịch UBND phường"),
        Role::Leader if account.unit_name.starts_with("Sở") => Some("Giám đốc Sở"),
        Role::Leader => Some("Chủ tịch UBND phường"),
        Role::CentreDirector => Some("Giám đốc Trung tâm"),
        _ => None,
    }
}

/// A centre has its hall with four counters and one outlying reception point with two.
async fn open_counters(app: &App, unit: &Unit, suffix: &str) -> Result<(), No> {
    if !unit.receives() {
        return Ok(());
    }
    for (point, name, counters) in [
        ("1", "Trụ sở Trung tâm", 4),
        ("2", "Điểm tiếp nhận số 2", 2),
    ] {
        let id = PointId::parse(&format!("{suffix}-{point}")).expect("suffixes are plain");
        let new = ReceptionPoint {
            id: id.clone(),
            unit: unit.id.clone(),
            name: name.to_owned(),
        };
        app.store().save_point(new).await?;
        for number in 1..=counters {
            let counter = CounterId::parse(&format!("{id}-{number}")).expect("suffixes are plain");
            let name = format!("Quầy {number}");
            app.store()
                .save_counter(Counter {
                    id: counter,
                    point: id.clone(),
                    name,
                })
                .await?;
        }
    }
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
