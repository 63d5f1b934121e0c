// A result goes from hand to hand: who comes shows who that is, signs on the screen and takes the
// papers along; somebody without an authorisation does not get it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { field, see, until } from './support/browser.mjs'
import { pdfText } from './support/day.mjs'
import { Keys, identify } from './support/hands.mjs'
import { scanned } from './support/paper.mjs'
import { CLERK, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

/** A result that bears its seal; gives the address of its dossier. */
async function sealed () {
  const already = new Already(here)
  const id = await already.toSign()
  await already.issued(id)
  await already.sealed(id)
  await already.leave()
  return `/ho-so/${id}`
}

/** Draws a wave on the pad with the mouse. */
async function draw (page) {
  const pad = page.locator('canvas')
  await page.waitForLoadState('load') // the script takes what is drawn
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  await page.mouse.move(box.x + 40, box.y + 100)
  await page.mouse.down()
  for (let step = 1; step <= 20; step++) {
    await page.mouse.move(box.x + 40 + step * 15, box.y + 100 + 40 * Math.sin(step))
  }
  await page.mouse.up()
}

test('a result is returned at the counter, signed for on the screen, with the papers', async () => {
  const address = await sealed()
  const clerk = await enter(here.browser, here.office, CLERK)
  clerk.provoke(422)
  await clerk.goto(`${address}/return`)
  const hands = new Keys(clerk)
  await accessibleInBoth(clerk)

  await hands.act('Trả kết quả')
  await see(clerk, 'Chưa xem giấy tờ của người nhận')
  await see(clerk, 'TR-02')
  await accessibleInBoth(clerk)

  await identify(clerk, hands)
  assert.ok(await clerk.getByRole('checkbox', { name: /^1\. / }).isChecked(), 'papers go back')
  await clerk.getByRole('radio', { name: 'Trên màn hình' }).check()
  await hands.act('Trả kết quả')
  await see(clerk, 'còn trống')
  await accessibleInBoth(clerk)

  await draw(clerk)
  await clerk.getByRole('checkbox', { name: /^1\. / }).uncheck()
  await hands.act('Trả kết quả')
  await see(clerk, 'Còn giấy tờ chưa trả lại')
  await until('what was signed is on the pad still', async () => await clerk.locator('canvas').evaluate(pad => {
    const { data } = pad.getContext('2d').getImageData(0, 0, pad.width, pad.height)
    return data.some((value, at) => at % 4 === 3 && value > 0)
  }))
  await clerk.getByRole('checkbox', { name: /^1\. / }).check()
  await accessibleInBoth(clerk)
  await hands.act('Trả kết quả')
  await see(clerk, 'Đã trả kết quả')

  const said = await pdfText(clerk, `${address}/phieu/bien-nhan`)
  for (const words of ['Thẻ căn cước, số cuối 0017, khớp với hồ sơ', 'Đã ký trên màn hình', 'nay trả lại']) {
    assert.ok(said.includes(words), `${words}: ${said}`)
  }
  await clerk.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})

test('who is authorised by nobody does not get a result', async () => {
  const address = await sealed()
  const clerk = await enter(here.browser, here.office, CLERK)
  clerk.provoke(422)
  await clerk.goto(`${address}/return`)
  const hands = new Keys(clerk)
  await clerk.getByRole('radio', { name: 'Người được ủy quyền' }).check()
  await field(clerk, 'Họ và tên').fill('Lê Văn Bình')
  await field(clerk, 'Số định danh').fill('038096004321')
  await field(clerk, 'Giấy tờ của người nhận đã xem').selectOption('vneid')
  await accessibleInBoth(clerk)
  await hands.act('Trả kết quả')
  await see(clerk, 'Không trả kết quả cho người chưa có ủy quyền')
  await see(clerk, 'TR-01')
  await accessibleInBoth(clerk)
  await clerk.getByRole('checkbox', { name: /văn bản ủy quyền/ }).check()
  await hands.act('Trả kết quả')
  await see(clerk, 'Đã trả kết quả')
  await see(clerk, 'Trả kết quả cho người được ủy quyền')
  await clerk.leave()
})

test('a receipt that was signed on paper is scanned in later', async () => {
  const address = await sealed()
  const clerk = await enter(here.browser, here.office, CLERK)
  clerk.provoke(422)
  await clerk.goto(`${address}/return`)
  const hands = new Keys(clerk)
  await identify(clerk, hands)
  await hands.act('Trả kết quả')
  await see(clerk, 'Đã trả kết quả')
  await see(clerk, 'Giấy biên nhận ký trên giấy chưa có bản quét')
  await accessibleInBoth(clerk)

  await hands.act('Lưu bản quét giấy biên nhận')
  await see(clerk, 'Bản quét giấy biên nhận có chữ ký người nhận')
  await accessibleInBoth(clerk)
  await hands.act('Lưu bản quét')
  await see(clerk, 'Chưa chọn bản quét giấy biên nhận')
  await see(clerk, 'TR-05')
  await accessibleInBoth(clerk)
  const scan = scanned(1)
  await clerk.locator('#document').setInputFiles(scan)
  await hands.act('Lưu bản quét')
  await see(clerk, 'Đã lưu bản quét giấy biên nhận')
  await see(clerk, 'Giấy biên nhận đã ký, bản quét')
  assert.equal(await clerk.getByText('chưa có bản quét').count(), 0)
  const kept = await clerk.request.get(`${address}/giay-to/receipt`)
  assert.deepEqual(await kept.body(), scan.buffer)
  await accessibleInBoth(clerk)
  await clerk.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
