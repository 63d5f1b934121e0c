// A paper that the person got as a signed result is not asked for again: once the person agrees, the
// clerk is offered the digital one and files without the paper. Once it is withdrawn it is offered to
// nobody; once it has expired it is shown and not offered.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { PHONE, DESK, field, see } from './support/browser.mjs'
import { Keys } from './support/hands.mjs'
import { CARD, CLERK, LEADER, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
/** Gives a `Giấy xác nhận khuyết tật`. */
const GIVES = { procedure: '1.001699', c1: 'paper', c2: 'paper' }
/** Asks for one, as its second paper. */
const TAKES = '1.001776'
const OFFER = /^Dùng lại Giấy xác nhận khuyết tật số 01\//

/** The counter's form for the procedure that asks for the paper. */
async function ask (clerk) {
  await clerk.goto('/tiep-nhan')
  const hands = new Keys(clerk)
  await hands.scan('Quét thẻ căn cước', CARD)
  await see(clerk, '0381****0017')
  await hands.choose('Tên hoặc mã thủ tục', TAKES)
  await see(clerk, 'còn thiếu 1 giấy tờ bắt buộc')
  return hands
}

test('a clerk reuses a signed result with the person\'s consent, by the keyboard, until it is withdrawn', async () => {
  const already = new Already(here)
  const given = await already.toSign(GIVES)
  await already.issued(given)
  await already.sealed(given)

  const clerk = await enter(here.browser, here.office, CLERK)
  clerk.provoke(422)
  const dossier = await file(clerk)
  const scan = await clerk.request.get(`${dossier}/ban-quet/2`)
  assert.equal((await scan.body()).subarray(0, 5).toString(), '%PDF-', 'the reused document can be read')
  await clerk.goto(`${dossier}/kho`)
  await see(clerk, 'Thay giấy tờ số 2')
  await see(clerk, 'Chưa bị thu hồi')
  await see(clerk, 'Không ghi thời hạn')
  await accessibleInBoth(clerk)

  await withdraw(already, given)
  await already.leave()
  await look(clerk, await ask(clerk))
  await see(clerk, 'Không tìm được trong kho')
  assert.equal(await clerk.getByRole('radio', { name: OFFER }).count(), 0, 'what was withdrawn is not offered')
  await clerk.goto(`${dossier}/kho`)
  await see(clerk, 'Đã thu hồi')
  await accessibleInBoth(clerk)
  await clerk.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})

/** The person agrees, and the store is looked into. */
async function look (clerk, hands) {
  await field(clerk, 'Người nộp đồng ý dùng lại').focus()
  await hands.press('Space')
  await hands.push('Tra kho')
}

/** Files without the paper; without the person's word nobody sees what there is. Gives the dossier's address. */
async function file (clerk) {
  const hands = await ask(clerk)
  const offer = clerk.getByRole('radio', { name: OFFER })
  assert.equal(await offer.count(), 0, 'nothing is shown before the person agrees')
  await look(clerk, hands)
  await offer.waitFor()
  await accessibleInBoth(clerk)
  await clerk.setViewportSize(PHONE)
  await accessibleInBoth(clerk)
  await clerk.setViewportSize(DESK)
  await clerk.locator('input[name="c1"][value="paper"]').focus()
  await hands.press('Space')
  await offer.focus()
  await hands.press('Space')
  await field(clerk, 'Người nộp đồng ý dùng lại').focus()
  await hands.press('Space')
  await hands.act('Tiếp nhận, in giấy hẹn')
  await see(clerk, 'Chọn ô người nộp đồng ý trước khi dùng lại')
  await accessibleInBoth(clerk)
  await look(clerk, hands)
  await offer.waitFor()
  await offer.focus()
  await hands.press('Space')
  await hands.act('Tiếp nhận, in giấy hẹn')
  await clerk.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  const address = new URL(clerk.url()).pathname
  await clerk.goto(address)
  await see(clerk, 'Dùng lại')
  await accessibleInBoth(clerk)
  return address
}

/** The agency withdraws the result that it gave. */
async function withdraw (already, given) {
  const leader = await enter(here.browser, here.office, LEADER)
  const wrong = { correction: 'withdraw', reason: 'Kết luận của hội đồng bị hủy.', apology: 'Xin lỗi ông, bà.' }
  const by = await already.corrected(given, wrong)
  await already.drafted(by)
  await already.issued(by)
  await already.sealed(by)
  await leader.goto(`/ho-so/${given}`)
  await see(leader, 'Kết quả đã bị thu hồi')
  await leader.leave()
}

test('a result that has expired is shown, not offered, and says so where it is kept', async () => {
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' })
  await here.office.terms([{
    procedure: GIVES.procedure,
    decision: '9/QĐ-UBND',
    decided: today,
    valid_from: today,
    terms: { validity: [{ own_day: true, basis: 'thời hạn ghi trên giấy' }] }
  }])
  const already = new Already(here)
  const given = await already.toSign(GIVES, { last_day: today })
  await already.issued(given)
  await already.sealed(given)
  await already.leave()
  let clerk = await enter(here.browser, here.office, CLERK)
  await look(clerk, await ask(clerk))
  const offer = clerk.getByRole('radio', { name: /Có hiệu lực đến hết ngày/ })
  await offer.waitFor()
  await clerk.leave()

  await here.office.later(1)
  clerk = await enter(here.browser, here.office, CLERK)
  await look(clerk, await ask(clerk))
  await see(clerk, 'Hết hiệu lực từ ngày')
  assert.equal(await clerk.getByRole('radio', { name: OFFER }).count(), 0, 'what has expired is not offered')
  await accessibleInBoth(clerk)
  await clerk.setViewportSize(PHONE)
  await accessibleInBoth(clerk)
  await clerk.setViewportSize(DESK)
  await clerk.goto(`/ho-so/${given}`)
  await see(clerk, 'Hết hiệu lực từ ngày')
  await accessibleInBoth(clerk)
  await clerk.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
