// What happens beside the steps: a request to supplement from its draft to what came, a withdrawal
// with its charge, an apology with a new date. By the keys that stand on the pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible } from './support/axe.mjs'
import { PHONE, field, openPage, see, until } from './support/browser.mjs'
import { isPdf, pdfText } from './support/day.mjs'
import { Keys } from './support/hands.mjs'
import { CARD, CLERK, DIRECTOR, LEADER, OFFICER, enter, numberOn } from './support/people.mjs'
import { setting } from './support/setting.mjs'
import { scanned } from './support/paper.mjs'

const here = setting()
/** Three working days, and a paper that the population database holds. */
const BIRTH = '1.000689'
/** Charged 150.000 đ, and in a green lane. */
const BUSINESS = '1.001612'

/** Receives a dossier of the procedure at the counter; gives its address. */
async function received (page, procedure) {
  await page.goto('/tiep-nhan')
  await page.getByLabel('Quét thẻ căn cước').fill(CARD)
  await page.getByRole('button', { name: 'Điền' }).click()
  await see(page, 'Quét thẻ căn cước lúc')
  await field(page, 'Tên hoặc mã thủ tục').fill(procedure)
  await page.getByRole('button', { name: 'Chọn', exact: true }).click()
  await see(page, 'còn thiếu')
  await page.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(page, 'đủ giấy tờ bắt buộc')
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  return new URL(page.url()).pathname
}

async function handedOver (procedure) {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await received(clerk, procedure)
  const number = await numberOn(clerk)
  await new Keys(clerk).act('Chuyển giải quyết')
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  return { address, number }
}

/** Goes on by Tab until the element has the cursor. */
async function reach (page, selector) {
  const wanted = page.locator(selector)
  for (let tries = 0; tries < 60; tries++) {
    if (await wanted.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${selector}`)
}

/** An act below the buttons, whose key stands beside it. */
async function aside (hands, page, name) {
  const act = page.locator('main').getByRole('link', { name, exact: true })
  await hands.press((await act.getAttribute('data-key')).toLowerCase())
}

async function type (page, selector, words) {
  await reach(page, selector)
  await page.keyboard.type(words)
}

test('a request is drafted, approved by the leader, sent by the centre, and supplied', async () => {
  const { address } = await handedOver(BIRTH)
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(address)
  await new Keys(officer).act('Soạn yêu cầu bổ sung')
  await see(officer, 'Giấy tờ đã có nhưng phải sửa')
  await accessible(officer)
  assert.equal(await officer.locator('#ask-3').count(), 0, 'what is there is asked for with what is wrong')
  await type(officer, '#w1', 'Tờ khai ghi sai tên mẹ')
  await type(officer, '#w3', 'Chứng cứ mờ')
  await type(officer, '#reason', 'Chứng cứ chưa rõ, tờ khai có chỗ sai.')
  await new Keys(officer).act('Lưu dự thảo để lãnh đạo duyệt')
  await see(officer, 'Đã lưu dự thảo; lãnh đạo duyệt rồi Trung tâm gửi')
  await see(officer, 'Sửa: Tờ khai ghi sai tên mẹ')
  await accessible(officer)
  await officer.goto('/viec-cua-toi')
  assert.equal(await officer.getByRole('link', { name: /^Bổ sung chờ duyệt/ }).count(), 0, 'who drafts does not review')

  const leader = await enter(here.browser, here.office, LEADER)
  await leader.goto('/viec-cua-toi')
  await leader.getByRole('link', { name: 'Bổ sung chờ duyệt, chờ gửi 1' }).press('Enter')
  await leader.waitForURL(/phan=review/)
  const leading = new Keys(leader)
  await leading.open()
  await leader.waitForURL(url => url.pathname === address)
  assert.equal(await leader.getByRole('link', { name: /Xem, gửi yêu cầu/ }).count(), 0, 'the centre sends')
  await leading.act('Duyệt yêu cầu bổ sung')
  await see(leader, 'Duyệt đúng những giấy tờ này')
  await see(leader, 'Sửa: Tờ khai ghi sai tên mẹ')
  await accessible(leader)
  await leading.act('Duyệt yêu cầu bổ sung')
  await see(leader, 'Đã duyệt; Trung tâm tiếp nhận gửi cho người nộp')
  await see(leader, 'chờ Trung tâm gửi')
  await accessible(leader)

  const clerk = await enter(here.browser, here.office, CLERK)
  const hands = new Keys(clerk)
  await clerk.goto('/viec-cua-toi')
  await clerk.getByRole('link', { name: 'Bổ sung chờ duyệt, chờ gửi 1' }).press('Enter')
  await clerk.waitForURL(/phan=review/)
  await accessible(clerk)
  await hands.open()
  await clerk.waitForURL(url => url.pathname === address)
  await hands.act('Xem, gửi yêu cầu bổ sung')
  await see(clerk, 'Sửa: Tờ khai ghi sai tên mẹ')
  await see(clerk, 'Chứng cứ chưa rõ')
  await accessible(clerk)
  await hands.act('Yêu cầu bổ sung, dừng đồng hồ')
  await see(clerk, 'Đã lập phiếu yêu cầu bổ sung')
  const slip = await pdfText(clerk, `${address}/phieu/02`)
  assert.match(slip, /Nội dung phải sửa trong giấy tờ đã nộp/)
  assert.match(slip, /Tờ khai ghi sai tên mẹ/)
  assert.match(slip, /Chứng cứ chưa rõ/)
  await clerk.goto(address)
  await see(clerk, 'Hạn bổ sung của người nộp')
  await see(clerk, 'tính lại từ đầu khi nhận đủ')
  await accessible(clerk)
  clerk.provoke(422)
  await hands.act('Đóng hồ sơ không bổ sung')
  await see(clerk, 'Quy tắc')
  await clerk.goto(address)
  await hands.act('Nhận giấy tờ bổ sung')
  for (const paper of [1, 3]) {
    await reach(clerk, `#c-${paper}`)
    await clerk.keyboard.press('Space')
  }
  await accessible(clerk)
  await hands.act('Nhận giấy tờ đã đánh dấu')
  await see(clerk, 'Đã nhận giấy tờ bổ sung; đồng hồ chạy tiếp')
  assert.match(await here.office.check(), /\b0 differences/)
  for (const page of [officer, leader, clerk]) await page.leave()
})

test('a lookup that failed opens the paper and is counted', async () => {
  const { address } = await handedOver(BIRTH)
  const officer = await enter(here.browser, here.office, OFFICER)
  const hands = new Keys(officer)
  await officer.goto(`${address}/draft_supplement`)
  assert.equal(await officer.locator('#ask-4').count(), 0, 'a database holds it')
  await officer.goto(address)
  await aside(hands, officer, 'Ghi kết quả tra cứu')
  await see(officer, 'CSDL dân cư')
  await accessible(officer)
  await reach(officer, '#component-4')
  await officer.keyboard.press('Space')
  await type(officer, '#note', 'Hệ thống báo lỗi 500.')
  await hands.act('Ghi kết quả tra cứu')
  await see(officer, 'Đã ghi kết quả tra cứu')
  await see(officer, 'Tra cứu CSDL dân cư: không tra được')
  await officer.goto(`${address}/draft_supplement`)
  assert.equal(await officer.locator('#ask-4').count(), 1)
  const director = await enter(here.browser, here.office, DIRECTOR)
  await director.goto('/thong-ke/tra-cuu')
  await see(director, 'CSDL dân cư')
  await accessible(director)
  assert.match(await here.office.check(), /\b0 differences/)
  for (const page of [officer, director]) await page.leave()
})

test('a withdrawal needs the signed request and says what becomes of the charge', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  const hands = new Keys(clerk)
  const address = await received(clerk, BUSINESS)
  clerk.provoke(422)
  await clerk.goto(address)
  await aside(hands, clerk, 'Rút hồ sơ theo yêu cầu')
  await see(clerk, 'Đã thu 150.000 đ. Kết thúc lúc này: không hoàn 150.000 đ theo quy định của khoản thu.')
  await hands.press('F9')
  await see(clerk, 'Quy tắc')
  await accessible(clerk)
  const request = { ...scanned(1), name: 'don.pdf' }
  await clerk.locator('#request').setInputFiles(request)
  await hands.press('F9')
  await see(clerk, 'Đã rút hồ sơ theo yêu cầu')
  await see(clerk, 'Không hoàn')
  await see(clerk, 'Đơn rút hồ sơ')
  await isPdf(clerk, `${address}/phieu/05`)
  await accessible(clerk)
  await clerk.leave()
})

/** A Wednesday well after any date promised now. */
function later () {
  const day = new Date(Date.now() + 30 * 86_400_000)
  day.setUTCDate(day.getUTCDate() + (10 - day.getUTCDay()) % 7)
  const two = number => String(number).padStart(2, '0')
  return `${two(day.getUTCDate())}/${two(day.getUTCMonth() + 1)}/${day.getUTCFullYear()}`
}

test('an apology gives a new date, keeps the first, and is told to the citizen', async () => {
  const { address, number } = await handedOver(BIRTH)
  const leader = await enter(here.browser, here.office, LEADER)
  const hands = new Keys(leader)
  leader.provoke(422)
  await leader.goto(address)
  await aside(hands, leader, 'Xin lỗi, hẹn lại')
  await see(leader, 'Ngày hẹn ban đầu')
  await accessible(leader)
  await type(leader, '#until', 'mai')
  await type(leader, '#reason', 'Chờ kết quả xác minh của nơi cư trú cũ.')
  await hands.act('Xin lỗi, hẹn ngày mới')
  await see(leader, 'Nhập ngày có thật')
  await accessible(leader)
  await leader.locator('#until').fill(later())
  await leader.keyboard.press('F9')
  await see(leader, 'Đã xin lỗi, hẹn ngày mới')
  await see(leader, 'Ngày hẹn mới, có xin lỗi')
  await see(leader, 'Tính theo ngày hẹn ban đầu')
  await accessible(leader)
  await isPdf(leader, `${address}/phieu/04`)
  const citizen = await openPage(here.browser, here.office.base, { viewport: PHONE })
  await citizen.goto(`/tra-cuu/${number}`)
  await see(citizen, 'xin lỗi vì chậm trả kết quả và hẹn lại')
  await see(citizen, later())
  await accessible(citizen)
  assert.ok(!(await citizen.content()).includes('xác minh'), 'the reason is for the applicant alone')
  for (const page of [leader, citizen]) await page.leave()
})

test('a dossier in a green lane has both dates, and is stopped with its decision', async () => {
  const { address } = await handedOver(BUSINESS)
  const director = await enter(here.browser, here.office, DIRECTOR)
  const decides = new Keys(director)
  await director.goto(address)
  await aside(decides, director, 'Cho vào luồng xanh')
  await see(director, 'Thời hạn theo luật')
  await accessible(director)
  await type(director, '#ground', 'Hộ kinh doanh trong danh mục của kế hoạch.')
  await decides.act('Cho vào luồng xanh')
  await see(director, 'Hạn công bố của luồng xanh')
  await see(director, 'Hạn theo luật')
  await accessible(director)
  const leader = await enter(here.browser, here.office, LEADER)
  const hands = new Keys(leader)
  leader.provoke(422)
  await leader.goto(address)
  await aside(hands, leader, 'Dừng giải quyết')
  await type(leader, '#reason', 'Người nộp không còn đủ điều kiện.')
  const picture = { name: 'anh.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG', 'latin1') }
  await leader.locator('#document').setInputFiles(picture)
  await hands.act('Dừng giải quyết, lập Mẫu 05')
  await see(leader, 'Chọn tệp PDF')
  await accessible(leader)
  const decision = { ...scanned(1), name: 'quyet-dinh.pdf' }
  await leader.locator('#document').setInputFiles(decision)
  await hands.act('Dừng giải quyết, lập Mẫu 05')
  await see(leader, 'Đã dừng giải quyết')
  await see(leader, 'Không hoàn')
  await until('the decision can be read', async () => {
    const answer = await leader.context().request.get(`${address}/giay-to/stop`)
    return answer.status() === 200
  })
  await isPdf(leader, `${address}/phieu/05`)
  for (const page of [director, leader]) await page.leave()
})
