//! The catalogue held against the real file and the shipped data.

mod faults;
mod imports;
mod records;
mod shipped;
mod words;

use std::sync::LazyLock;

use super::national::{FileFault, Limits, Record, read_file};

/// 2,642 real records of July 2026, as dirty as the real thing.
pub(super) static NATIONAL: &[u8] =
    include_bytes!("../../../tests/data/national-procedures-2026-07.jsonl.gz");

/// The real file, read once.
pub(super) static RECORDS: LazyLock<Vec<Record>> =
    LazyLock::new(|| read(NATIONAL).expect("the real file is sound"));

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Record>, FileFault> {
    read_file(bytes, &Limits::default())
}

/// A sound record as JSON, for one thing to be wrong with.
pub(super) fn sound(code: &str) -> serde_json::Value {
    serde_json::json!({
        "MATTHC": code, "TENTTHC": "Đăng ký khai sinh", "QUYETDINH": "163/QĐ-BTP", "TRANGTHAI": "1",
        "LINHVUCTHUCHIEN": [{"TENLINHVUC": "Hộ tịch"}],
        "CAPTHUCHIEN": [{"TENCAP": "Cấp xã"}],
        "DOITUONGTHUCHIEN": [{"TENDOITUONG": "Công dân Việt Nam"}],
        "CACHTHUCTHUCHIEN": [{"KENH": "1", "THOIGIAN": [{
            "THOIGIANGIAIQUYET": "5", "DONVITINH": "Ngày làm việc", "MOTA": "",
            "PHILEPHI": [{"SOTIEN": "8,000 Việt Nam Đồng", "DONVI": "VND", "MOTA": ""}]}]}],
        "THANHPHANHOSO": [{"TRUONGHOP": "", "GIAYTO": [
            {"TENGIAYTO": "Tờ khai", "SOBANCHINH": "1", "SOBANSAO": "0"}]}],
        "KETQUATHUCHIEN": [{"MAKETQUA": "KQ.G15.000031", "TENKETQUA": "Giấy khai sinh"}],
        "CANCUPHAPLY": [{"SOVANBAN": "", "TENVANBAN": "Luật Hộ tịch"}],
        "COQUANTHUCHIEN": [{"TENDONVI": "Ủy ban nhân dân cấp xã"}],
        "YEUCAU": "Không"
    })
}

/// The record as the one line of a file, judged.
pub(super) fn judged(record: &serde_json::Value) -> Record {
    let mut records = read(format!("{record}\n").as_bytes()).expect("one record is a sound file");
    records.remove(0)
}
