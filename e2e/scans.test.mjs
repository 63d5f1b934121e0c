// A clerk scans at reception with the keyboard alone: the file is chosen in the form, a wrong one is
// asked for again, and the scan opens in the browser's own viewer; a better one takes its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible } from './support/axe.mjs'
import { PHONE, see } from './support/browser.mjs'
import { Keys } from './support/hands.mjs'
import { CARD, CLERK, COPIES, OFFICER, POST, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'
import { scanned } from './support/paper.mjs'

const here = setting()
/** Served by post, one paper. */
const PARKING = '1.013313'

/** Opens what is folded and chooses a file at the component, with the keyboard. */
async function choose (hands, page, component, file) {
  // The page's own script may set the focus as long as it loads.
  await page.waitForLoadState('load')
  const place = page.locator(`#scan-${component}`)
  if (!await place.isVisible()) {
    await page.locator(`details:has(> #scan-${component}) > summary`).focus()
    await hands.press('Enter')
  }
  await hands.file(place, file)
}

/** The scan opens under a policy that lets it run nothing. */
async function opens (page, address) {
  const answer = await page.context().request.get(address)
  assert.equal(answer.status(), 200)
  assert.match(answer.headers()['content-security-policy'], /^sandbox; default-src 'none'/)
  assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-')
}

test('a clerk scans a paper at reception with the keyboard alone, and whoever examines opens it', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(422)
  await page.goto('/tiep-nhan')
  const hands = new Keys(page)
  await hands.scan('Quét thẻ căn cước', CARD)
  await see(page, '0381****0017')
  await hands.choose('Tên hoặc mã thủ tục', COPIES)
  await hands.act('Đã đủ giấy tờ')
  await see(page, 'đủ giấy tờ bắt buộc')
  await hands.type('Số trang 1', '1')
  await choose(hands, page, 1, { name: 'thu.txt', mimeType: 'text/plain', buffer: Buffer.from('thư') })
  await accessible(page)
  await hands.act('Tiếp nhận, in giấy hẹn')
  await see(page, 'Giấy tờ số 1: chọn tệp PDF, PNG hoặc JPEG')
  await see(page, 'chưa được lưu')
  await accessible(page)
  await choose(hands, page, 1, scanned(2))
  await page.setViewportSize(PHONE)
  await accessible(page)
  await page.setViewportSize({ width: 1366, height: 768 })
  await hands.act('Tiếp nhận, in giấy hẹn')
  await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  const address = new URL(page.url()).pathname
  await page.goto(address)
  await see(page, 'Bản giấy và bản quét 2 trang')
  await accessible(page)
  await opens(page, `${address}/ban-quet/1`)

  await hands.press('h')
  await see(page, 'bản cũ vẫn ở phần quá trình')
  await accessible(page)
  await choose(hands, page, 1, scanned(3))
  await hands.act('Lưu bản quét')
  await see(page, 'Đã lưu bản quét')
  await see(page, 'Bản giấy và bản quét 3 trang')
  await see(page, 'Quét giấy tờ số 1: 3 trang')
  await hands.act('Chuyển giải quyết')
  await see(page, 'Đã chuyển giải quyết')

  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(address)
  await see(officer, 'Bản giấy và bản quét 3 trang')
  await opens(officer, `${address}/ban-quet/1`)
  await officer.leave()
  await page.leave()
})

test('an agent of the post scans what is with her, with the keyboard alone', async () => {
  const page = await enter(here.browser, here.office, POST)
  await page.goto('/tiep-nhan')
  const hands = new Keys(page)
  await hands.scan('Quét thẻ căn cước', CARD)
  await see(page, '0381****0017')
  await hands.choose('Tên hoặc mã thủ tục', PARKING)
  await hands.act('Đã đủ giấy tờ')
  await see(page, 'đủ giấy tờ bắt buộc')
  await hands.act('Nộp về Trung tâm')
  await see(page, 'Đã nộp về Trung tâm')
  await accessible(page)
  await page.getByRole('link', { name: /^Quét giấy tờ/ }).first().focus()
  await page.keyboard.press('Enter')
  await see(page, 'Quét bản giấy đang giữ')
  await choose(hands, page, 1, scanned(2))
  await accessible(page)
  await hands.act('Lưu bản quét')
  await see(page, 'Bản giấy và bản quét 2 trang')
  await accessible(page)
  const scan = await page.locator('.files a').getAttribute('href')
  await opens(page, scan)
  await page.leave()
})
