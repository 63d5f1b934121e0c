// A walk past every page in every look it has. `visit(name, page)` is called at each.
import { field, see } from './browser.mjs'
import { sealed } from './day.mjs'
import { Pointer, identify } from './hands.mjs'
import { PIN } from './office.mjs'
import { ADMIN, CARD, CLERK, DIRECTOR, LEADER, OFFICER, POST, SEAL, VOLUNTEER, enter, fillIn, numberOn, receive, search } from './people.mjs'
import { openPage } from './browser.mjs'
import { signing } from './tour-signing.mjs'

const OTHER_CARD = '038096004321||Lê Văn Bình|05021996|Nam|Thôn 2, Xã Ví Dụ, Tỉnh Thanh Hóa|15082021'

export async function tour (browser, office, visit) {
  const clerk = await enter(browser, office, CLERK)
  clerk.provoke(404, 422)
  await counter(clerk, visit)
  const dossier = await receive(clerk)
  const number = await numberOn(clerk)
  await clerk.goto(`${dossier}/phieu/01/trang-thai`)
  await clerk.goto(`${dossier}?moi=1`)
  await visit('filed', clerk)
  await lists(clerk, number, visit)
  await strangers(browser, office, number, visit)
  await late(browser, office, visit)
  await processing(browser, office, dossier, visit)
  await ending(clerk, dossier, visit)
  await signing(browser, office, visit)
  await agents(browser, office, visit)
  await accounts(browser, office, visit)
  await absences(browser, office, visit)
  await notices(browser, office, visit)
  await watching(browser, office, visit)
  await clerk.leave()
}

async function counter (clerk, visit) {
  await clerk.goto('/tra-ket-qua')
  await visit('returns-empty', clerk)
  await clerk.goto('/tiep-nhan')
  await visit('intake-empty', clerk)
  await field(clerk, 'Quét thẻ căn cước').fill('038199000017|Nguyễn Thị An')
  await clerk.getByRole('button', { name: 'Điền' }).click()
  await see(clerk, 'quét lại thẻ')
  await visit('intake-bad-card', clerk)
  await clerk.goto('/tiep-nhan')
  await clerk.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await see(clerk, /Cần sửa/)
  await visit('intake-faults', clerk)
  await fillIn(clerk, OTHER_CARD)
  await visit('intake-missing', clerk)
  await field(clerk, 'Nộp cho').selectOption('authorised')
  await field(clerk, 'Tên hoặc mã thủ tục').fill('khai sinh')
  await clerk.locator('.combo-option').first().waitFor()
  await visit('intake-picker', clerk)
  await fillIn(clerk, OTHER_CARD)
  await clerk.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await see(clerk, 'Quy tắc')
  await visit('intake-refused', clerk)
  await clerk.goto('/tiep-nhan')
  await clerk.getByText(/Đang giữ/).click()
  await visit('intake-held', clerk)
  await fillIn(clerk)
  await clerk.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(clerk, 'đủ giấy tờ bắt buộc')
  await visit('intake-complete', clerk)
}

async function lists (clerk, number, visit) {
  for (const [name, path] of [
    ['mine', '/viec-cua-toi'], ['unit', '/viec-don-vi'], ['mine-empty', '/viec-cua-toi?phan=late'],
    ['register', '/so-theo-doi'], ['register-other', '/so-theo-doi?nam=2020'], ['search', '/tim'], ['rules-desk', '/quy-tac'], ['missing', '/khong-co-trang']
  ]) {
    await clerk.goto(path)
    await visit(name, clerk)
  }
  await search(clerk, 'nguyen')
  await visit('search-hits', clerk)
  await search(clerk, 'khong')
  await visit('search-none', clerk)
  await clerk.locator('summary').filter({ hasText: 'Hoàng Thị Ngân' }).click()
  await visit('menu', clerk)
  await clerk.goto('/viec-cua-toi')
  await clerk.keyboard.press('Shift+Slash')
  await clerk.getByRole('dialog').waitFor()
  await visit('keys', clerk)
}

async function strangers (browser, office, number, visit) {
  const citizen = await openPage(browser, office.base)
  citizen.provoke(404, 422)
  for (const [name, path] of [
    ['sign-in', '/dang-nhap'], ['track', '/tra-cuu'], ['track-found', `/tra-cuu?ma=${number}`],
    ['track-fault', '/tra-cuu?ma=12'], ['track-english', `/tra-cuu?ma=${number}&ngon-ngu=en`], ['rules', '/quy-tac?ngon-ngu=vi'], ['procedure', '/thu-tuc/1.001612']
  ]) {
    await citizen.goto(path)
    await visit(name, citizen)
  }
  await citizen.goto('/dang-nhap')
  await citizen.getByLabel('Tên đăng nhập').fill(LEADER)
  await citizen.getByLabel('Mật khẩu').fill('motcua-2026')
  await citizen.getByRole('button', { name: 'Đăng nhập' }).click()
  await citizen.getByLabel('Mã xác thực').waitFor()
  await visit('sign-in-code', citizen)
  await citizen.getByLabel('Mật khẩu').fill('sai')
  await citizen.getByLabel('Mã xác thực').fill('000000')
  await citizen.getByRole('button', { name: 'Đăng nhập' }).click()
  await see(citizen, 'Chưa đăng nhập được')
  await visit('sign-in-wrong', citizen)
  await citizen.leave()
}

/** A form that arrived after the end of its session. */
async function late (browser, office, visit) {
  const page = await enter(browser, office, CLERK)
  page.provoke(401)
  await page.goto('/tiep-nhan')
  await page.context().clearCookies({ name: 'motcua' })
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await page.getByRole('button', { name: 'Gửi lại' }).waitFor()
  await visit('kept', page)
  await page.leave()
}

async function processing (browser, office, dossier, visit) {
  const officer = await enter(browser, office, OFFICER)
  const leader = await enter(browser, office, LEADER)
  const clerk = await enter(browser, office, CLERK)
  for (const page of [officer, leader, clerk]) page.provoke(404, 409, 422)
  await clerk.goto(dossier)
  await visit('dossier-clerk', clerk)
  const stale = await enter(browser, office, CLERK)
  stale.provoke(409)
  await stale.goto(dossier)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await visit('dossier-done', clerk)
  await stale.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(stale, 'Hồ sơ vừa có thay đổi')
  await visit('conflict', stale)
  await stale.leave()
  await officer.goto(dossier)
  await visit('dossier-officer', officer)
  for (const act of ['draft_result', 'draft_result?outcome=refused', 'draft_supplement', 'assign', 'withdraw']) {
    await officer.goto(`${dossier}/${act}`)
    if (new URL(officer.url()).pathname !== dossier) await visit(`act-${act.replace('?outcome=', '-')}`, officer)
  }
  await officer.goto(`${dossier}/draft_supplement`)
  await officer.getByRole('button', { name: 'Lưu dự thảo để lãnh đạo duyệt' }).click()
  await see(officer, /Cần sửa|Quy tắc/)
  await visit('act-faults', officer)
  await officer.goto(`${dossier}/draft_result`)
  await field(officer, 'Nội dung kết quả').fill('Chứng thực 02 bản sao đúng với bản chính.')
  await officer.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(officer, 'Đã lưu dự thảo')
  await visit('dossier-drafted', officer)
  await officer.getByRole('button', { name: /^Trình/ }).click()
  await see(officer, 'Đã chuyển bước sau')
  await leader.goto('/ky-duyet')
  await visit('approvals', leader)
  await leader.goto(dossier)
  await visit('dossier-leader', leader)
  await leader.goto(`${dossier}/send_back`)
  await visit('act-send_back', leader)
  await leader.goto(dossier)
  await leader.locator('main').getByRole('link', { name: /^Ký duyệt/ }).click()
  await see(leader, 'Đọc văn bản sẽ ký')
  await visit('act-sign_result', leader)
  await field(leader, 'Mã PIN khóa ký').fill('000000')
  await leader.getByRole('button', { name: 'Ký số và duyệt' }).click()
  await see(leader, /Cần sửa|Chưa lưu/)
  await visit('act-sign_result-wrong', leader)
  await field(leader, 'Mã PIN khóa ký').fill(PIN)
  await leader.getByRole('button', { name: 'Ký số và duyệt' }).click()
  await see(leader, 'Ký số văn bản kết quả')
  const seal = await enter(browser, office, SEAL)
  await seal.goto(dossier)
  await visit('dossier-seal', seal)
  await seal.getByRole('button', { name: 'Vào sổ, phát hành' }).click()
  await see(seal, 'Đã vào sổ')
  await sealed(seal)
  for (const page of [officer, leader, clerk, seal]) await page.leave()
}

async function ending (clerk, dossier, visit) {
  await clerk.goto('/tra-ket-qua')
  await visit('returns', clerk)
  await clerk.goto(`${dossier}/return`)
  await visit('act-return', clerk)
  await clerk.getByLabel('Người được ủy quyền').check()
  await visit('act-return-authorised', clerk)
  await clerk.goto(`${dossier}/return`)
  await clerk.getByLabel('Người nộp hoặc chủ hồ sơ').check() // what was chosen before is kept
  await identify(clerk, new Pointer(clerk))
  await clerk.getByRole('button', { name: 'Trả kết quả' }).click()
  await see(clerk, 'Đã trả kết quả')
  await visit('dossier-returned', clerk)
}

/** Who fills in without deciding, and a centre that receives for others. */
async function agents (browser, office, visit) {
  const post = await enter(browser, office, POST)
  await post.goto('/da-nop')
  await visit('submissions-empty', post)
  await post.goto('/tiep-nhan')
  await field(post, 'Quét thẻ căn cước').fill(OTHER_CARD)
  await post.getByRole('button', { name: 'Điền' }).click()
  await field(post, 'Tên hoặc mã thủ tục').fill('1.013313')
  await post.getByRole('button', { name: 'Chọn', exact: true }).click()
  await post.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(post, 'đủ giấy tờ bắt buộc')
  await visit('intake-post', post)
  await post.getByRole('button', { name: 'Nộp về Trung tâm' }).click()
  await see(post, 'Đã nộp về Trung tâm')
  await visit('submissions', post)
  await post.goto('/giao-nhan')
  await visit('post-records', post)
  await post.leave()
  const volunteer = await enter(browser, office, VOLUNTEER)
  await volunteer.goto('/tiep-nhan')
  await visit('intake-help', volunteer)
  await volunteer.leave()
  const centre = await enter(browser, office, 'tiepnhan.tinh')
  await centre.goto('/tiep-nhan')
  await field(centre, 'Tên hoặc mã thủ tục').fill('2.000815')
  await centre.getByRole('button', { name: 'Chọn', exact: true }).click()
  await see(centre, 'Chọn cơ quan giải quyết')
  await visit('intake-agency', centre)
  await centre.leave()
}

async function accounts (browser, office, visit) {
  const admin = await enter(browser, office, ADMIN)
  admin.provoke(422)
  await admin.goto('/')
  await visit('staff', admin)
  await field(admin, 'Đơn vị').selectOption({ label: await admin.locator('option', { hasText: 'Phường Hạc Thành' }).innerText() })
  await admin.getByRole('button', { name: 'Xem đơn vị' }).click()
  await see(admin, VOLUNTEER)
  await visit('staff-ward', admin)
  await admin.getByRole('row', { name: VOLUNTEER }).getByRole('link').click()
  await see(admin, 'Nhật ký gần đây')
  await visit('person', admin)
  await admin.getByRole('button', { name: 'Giao vị trí' }).click()
  await see(admin, 'Chưa lưu, cần sửa')
  await visit('person-faults', admin)
  await admin.getByRole('button', { name: 'Khóa, đăng xuất mọi nơi' }).click()
  await see(admin, 'Đã khóa tài khoản')
  await visit('person-locked', admin)
  await admin.getByRole('button', { name: 'Mở khóa' }).click()
  await see(admin, 'Đã mở khóa tài khoản')
  await admin.goto('/tai-khoan')
  await visit('account', admin)
  await admin.getByRole('button', { name: 'Đổi mật khẩu' }).click()
  await see(admin, 'Chưa lưu, cần sửa')
  await visit('account-faults', admin)
  await admin.goto('/tai-khoan/ma-xac-thuc')
  await visit('totp', admin)
  await admin.leave()
}

async function absences (browser, office, visit) {
  const leader = await enter(browser, office, LEADER)
  const deputy = await enter(browser, office, DIRECTOR)
  leader.provoke(422)
  await leader.goto('/vang-mat')
  await visit('absence-none', leader)
  await leader.getByRole('button', { name: /^Ghi vắng mặt/ }).click()
  await see(leader, 'Chọn người thay')
  await visit('absence-faults', leader)
  const today = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(new Date())
  await field(leader, 'Người thay').selectOption({ label: 'Phạm Quốc Khánh' })
  await field(leader, 'Ngày đầu').fill(today)
  await field(leader, 'Ngày cuối').fill(today)
  await field(leader, 'Được ký duyệt thay').check()
  await leader.getByRole('button', { name: /^Ghi vắng mặt/ }).click()
  await see(leader, 'Đã ghi vắng mặt.')
  await visit('absence', leader)
  await deputy.goto('/ky-duyet')
  await see(deputy, 'Đang thay')
  await visit('standing-in', deputy)
  await leader.getByRole('button', { name: /^Kết thúc/ }).first().click()
  await see(leader, 'Đã kết thúc.')
  await visit('absence-ended', leader)
  await leader.leave()
  await deputy.leave()
}

async function notices (browser, office, visit) {
  const admin = await enter(browser, office, ADMIN)
  admin.provoke(422)
  for (const [name, path] of [
    ['notices', '/thong-bao'], ['notices-log', '/thong-bao/nhat-ky'],
    ['notices-log-none', '/thong-bao/nhat-ky?tinh-trang=sent'],
    ['notice-mail', '/thong-bao/mau?loai=received&kenh=mail&tieng=vi'],
    ['notice-sms', '/thong-bao/mau?loai=supplement_asked&kenh=sms']
  ]) {
    await admin.goto(path)
    await visit(name, admin)
  }
  await admin.getByLabel('Nội dung', { exact: true }).fill('{don_vi} {ho_ten}')
  await admin.getByRole('button', { name: 'Lưu mẫu' }).click()
  await see(admin, 'không có chỗ điền')
  await visit('notice-faults', admin)
  await admin.leave()
}

/** What a centre watches over: the pages of its clerk and of its director. */
async function watching (browser, office, visit) {
  const clerk = await enter(browser, office, CLERK)
  await clerk.goto('/giao-nhan')
  await visit('post-records-clerk', clerk)
  await clerk.leave()
  const director = await enter(browser, office, DIRECTOR)
  for (const [name, path] of [
    ['alerts', '/canh-bao'], ['lookups', '/thong-ke/tra-cuu'], ['register-director', '/so-theo-doi'], ['repin', '/chuyen-quy-trinh'], ['repin-preview', '/chuyen-quy-trinh?procedure=2.000815'],
    ['tasks', '/viec-phoi-hop'], ['notices-director', '/thong-bao'], ['absence-director', '/vang-mat']
  ]) {
    await director.goto(path)
    await visit(name, director)
  }
  await director.leave()
}
