// What becomes of a result that was issued: a citizen verifies it with a telephone, the clerk returns
// it once it is sealed, and the agency replaces it when it was issued in error. By the keys.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { PHONE, openPage, see, until } from './support/browser.mjs'
import { sealed } from './support/day.mjs'
import { Keys, identify, sign } from './support/hands.mjs'
import { CLERK, LEADER, OFFICER, SEAL, enter } from './support/people.mjs'
import { code } from './support/paper.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const WRONG = 'Văn bản ghi sai số tờ.'
const SORRY = 'Ủy ban nhân dân phường xin lỗi ông, bà.'
const AUTHENTIC = 'Giấy tờ do cơ quan phát hành'

/** An issued result: its dossier's address and its sealed document. */
async function issued () {
  const already = new Already(here)
  const id = await already.toSign()
  await already.issued(id)
  const document = await already.sealed(id)
  await already.leave()
  return { id, address: `/ho-so/${id}`, document }
}

/** A citizen's telephone on the page that the code of a paper names. */
async function verify (document) {
  const read = new URL(code(document))
  assert.match(read.pathname, /^\/xac-thuc\/[\w-]{36}$/)
  const page = await openPage(here.browser, here.office.base, { viewport: PHONE })
  await page.goto(read.pathname)
  return page
}

async function compare (page, buffer) {
  const hands = new Keys(page)
  await hands.file('Tệp cần so', { name: 'ket-qua.pdf', mimeType: 'application/pdf', buffer })
  await hands.press('Tab')
  await hands.press('Enter')
  await page.getByRole('status').waitFor()
}

test('a citizen verifies a result with a telephone, by the keyboard', async () => {
  const { document } = await issued()
  const page = await verify(document)
  await page.getByRole('heading', { level: 1, name: AUTHENTIC }).waitFor()
  await see(page, 'Kết quả giải quyết thủ tục hành chính')
  await see(page, 'tệp nguyên vẹn từ khi ký')
  const html = await page.content()
  for (const secret of ['Thị An', '0381', 'Đồng ý', 'Chứng thực']) assert.ok(!html.includes(secret), secret)
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it fits the screen')
  await accessibleInBoth(page)

  await compare(page, document)
  await see(page, 'Đúng tệp đã phát hành')
  await accessibleInBoth(page)

  const changed = Buffer.from(document)
  changed[changed.indexOf('/MediaBox') + 12] ^= 1
  await compare(page, changed)
  await see(page, 'Tệp đã bị sửa sau khi ký hoặc phát hành')
  await see(page, 'tệp bị sửa sau chữ ký này')
  await accessibleInBoth(page)
  await page.leave()
})

test('an agency replaces a result that was issued in error, by the keyboard', async () => {
  const { address, document } = await issued()
  const leader = await enter(here.browser, here.office, LEADER)
  await leader.goto(address)
  const link = leader.locator('main').getByRole('link', { name: 'Mở hồ sơ đính chính' })
  const hands = new Keys(leader)
  await hands.press((await link.getAttribute('data-key')).toLowerCase())
  await see(leader, 'Cách xử lý kết quả đã cấp')
  await accessibleInBoth(leader)
  await leader.locator('input[value="replace"]').focus()
  await hands.press('Space')
  await hands.type('Sai sót trong kết quả', WRONG)
  await hands.type('Lời xin lỗi người nộp', SORRY)
  await hands.press('F9')
  await see(leader, 'Thay thế bằng kết quả mới, đang xử lý')
  await accessibleInBoth(leader)
  const by = await leader.getByRole('link', { name: /^H56/ }).filter({ visible: true }).last().getAttribute('href')
  const waiting = await verify(document)
  await see(waiting, 'Cơ quan đang xem lại kết quả này')
  await accessibleInBoth(waiting)
  await waiting.leave()

  await decide(leader, hands, by)
  const old = await verify(document)
  await old.getByRole('heading', { level: 1, name: 'Đã được thay bằng bản mới' }).waitFor()
  await accessibleInBoth(old)
  await compare(old, document)
  await accessibleInBoth(old)
  await old.leave()
  const fresh = await leader.request.get(`${by}/ket-qua`)
  const anew = await verify(await fresh.body())
  await anew.getByRole('heading', { level: 1, name: AUTHENTIC }).waitFor()
  await compare(anew, await fresh.body())
  await see(anew, 'Đúng tệp đã phát hành')
  await anew.leave()

  await leader.goto(address)
  await see(leader, 'Kết quả đã được thay thế')
  await accessibleInBoth(leader)
  await leader.goto(`${by}/kho`)
  const row = leader.getByRole('row', { name: /Đã được thay thế/ })
  assert.equal(await row.count(), 1, 'the store says what was replaced')
  await accessibleInBoth(leader)
  await leader.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})

/** The officer drafts the new result, the leader signs it, the agency seals it. */
async function decide (leader, hands, by) {
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(by)
  await see(officer, 'Đính chính kết quả của hồ sơ')
  const drafts = new Keys(officer)
  await drafts.act('Soạn kết quả')
  await drafts.type('Nội dung kết quả', 'Chứng thực 02 bản sao, mỗi bản 03 tờ.')
  await drafts.act('Lưu dự thảo, lập văn bản')
  await see(officer, 'Đã lưu dự thảo kết quả')
  await drafts.act('Trình: Lãnh đạo ký duyệt')
  await see(officer, 'Đã chuyển bước sau')
  await officer.leave()
  await leader.goto(by)
  await sign(leader, hands)
  const seal = await enter(here.browser, here.office, SEAL)
  await seal.goto(by)
  await new Keys(seal).act('Vào sổ, phát hành')
  await see(seal, 'Đã vào sổ, phát hành kết quả')
  await sealed(seal)
  await accessibleInBoth(seal)
  await seal.leave()
}

test('a result is returned once it bears the seal, and not before', async () => {
  const already = new Already(here)
  const id = await already.toSign()
  await already.signed(id)
  await here.office.pullKeys()
  await already.numbered(id)
  await already.leave()
  const clerk = await enter(here.browser, here.office, CLERK)
  await clerk.goto(`/ho-so/${id}`)
  await see(clerk, 'Kết quả đang chờ đóng dấu của cơ quan')
  const offer = clerk.locator('main').getByRole('link', { name: 'Trả kết quả' })
  assert.equal(await offer.count(), 0, 'not before the seal')
  await accessibleInBoth(clerk)
  await clerk.leave()

  await here.office.later(1)
  const seal = await enter(here.browser, here.office, SEAL)
  await seal.goto('/ket-qua-chua-ky-so')
  await see(seal, 'Còn 1 kết quả')
  await here.office.putKeysBack()
  await accessibleInBoth(seal)
  await new Keys(seal).push(/^Ký số lại/)
  await see(seal, /Đã giao ký số lại|vừa có chữ ký số/)
  await accessibleInBoth(seal)
  await seal.leave()
  const again = await enter(here.browser, here.office, CLERK)
  await until('the result is sealed', async () => {
    await again.goto(`/ho-so/${id}`)
    return await again.locator('main').getByRole('link', { name: 'Trả kết quả' }).count() > 0
  })
  const hands = new Keys(again)
  await hands.act('Trả kết quả')
  await see(again, 'Người nhận')
  await identify(again, hands)
  await accessibleInBoth(again)
  await hands.act('Trả kết quả')
  await see(again, 'Đã trả kết quả')
  await accessibleInBoth(again)
  await again.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
