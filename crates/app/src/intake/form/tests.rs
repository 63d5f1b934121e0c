//! Forms read, with every fault at its field.

use super::*;

fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed::new(
        fields
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
    )
}

#[test]
fn a_good_form_is_read_whole() {
    let form = typed(&[
        ("name", "  Nguyễn  Thị An "),
        ("number", "0381 9900 0017"),
        ("birth", "31/12/1999"),
        ("phone", "+84 912 345 678"),
        ("procedure", "2.000815 · Chứng thực bản sao"),
        ("c1", "paper"),
        ("c2", ""),
    ]);
    let counter = Read::new(&form).counter().unwrap();
    assert_eq!(counter.applicant.name, "Nguyễn Thị An");
    assert_eq!(counter.applicant.phone.as_deref(), Some("0912345678"));
    assert_eq!(
        counter.handed,
        vec![Handed {
            component: 1,
            handed: HandedAs::Paper
        }]
    );
    assert_eq!(
        (counter.case, counter.sets, counter.mandate),
        (1, 1, Mandate::Own)
    );
}

#[test]
fn every_fault_is_named_at_its_field_at_once() {
    let form = typed(&[
        ("number", "03819900001"),
        ("birth", "30/02/1991"),
        ("phone", "12"),
        ("email", "an"),
        ("procedure", "chứng thực"),
        ("sets", "0"),
        ("mandate", "authorised"),
    ]);
    let faults = Read::new(&form).counter().unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(
        fields,
        [
            "name",
            "number",
            "birth",
            "phone",
            "email",
            "owner_name",
            "owner_number",
            "procedure",
            "sets"
        ]
    );
    assert_eq!(faults[1].values, vec![("there", "11".to_owned())]);
}

const SOUND: [(&str, &str); 3] = [
    ("name", "Công ty Hạc Thành"),
    ("number", "2800123456"),
    ("procedure", "2.000815"),
];

#[test]
fn what_no_list_offers_is_a_fault_and_no_guess() {
    let chosen = [
        "kind", "sex", "mandate", "case", "channel", "payment", "delivery",
    ];
    let mut form = typed(&SOUND);
    for field in chosen {
        form.set(field, "khác");
    }
    form.set("number", "038199000017");
    let mut reason = "ý".repeat(2_000);
    form.set("reason", reason.as_str());
    let read = |form: &Typed| {
        let faults = Read::new(form).counter().unwrap_err().into_iter();
        faults.map(|fault| (fault.field, fault.key)).collect()
    };
    let mut expected: Vec<_> = chosen.map(|field| (field, "fault.choice")).into();
    let found: Vec<(&str, &str)> = read(&form);
    assert_eq!(found, expected);
    reason.push('ý');
    form.set("reason", reason);
    expected.push(("reason", "fault.long"));
    let found: Vec<(&str, &str)> = read(&form);
    assert_eq!(found, expected);
}

#[test]
fn an_enterprise_applies_with_its_tax_code() {
    let mut form = typed(&SOUND);
    assert!(Read::new(&form).counter().is_err());
    form.set("kind", "enterprise");
    form.set("birth", "khi thành lập");
    form.set("sex", "male");
    let applicant = Read::new(&form).counter().unwrap().applicant;
    assert_eq!(applicant.kind, PartyKind::Enterprise);
    assert_eq!(applicant.number.as_deref(), Some("2800123456"));
    assert_eq!((applicant.birth, applicant.sex), (None, None));
}
