// Copies with the value of the original: a result closed before anybody signed is worked off its list as an
// electronic copy of its paper, and an electronic result is copied on paper. By the keys.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { PHONE, field, openPage, see, until } from './support/browser.mjs'
import { Keys } from './support/hands.mjs'
import { code, scanned, signatures } from './support/paper.mjs'
import { LEADER, SEAL, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const LIST = '/ket-qua-chua-ky-so'

/** A result that was issued while the seal was away, as an earlier release closed it. */
async function closedUnsigned () {
  const already = new Already(here)
  const id = await already.toSign()
  await already.signed(id)
  await here.office.pullKeys()
  await already.numbered(id)
  await already.leave()
  await here.office.closedEarlier(id)
  await here.office.putKeysBack()
  return id
}

function text (pdf) {
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString().replace(/\s+/g, ' ')
}

test('a result that nobody signed leaves the list as an electronic copy of its paper, by the keyboard', async () => {
  const id = await closedUnsigned()
  const seal = await enter(here.browser, here.office, SEAL)
  seal.provoke(422)
  const hands = new Keys(seal)
  await seal.goto(LIST)
  await see(seal, 'Còn 1 kết quả')
  await see(seal, 'Chưa ai ký số')
  await accessibleInBoth(seal)
  await hands.push(/^Số hóa bản giấy/)
  await see(seal, 'Số kết quả trên bản giấy')
  await accessibleInBoth(seal)

  await hands.file('Bản quét từ bản giấy', scanned(2))
  await hands.act('Ghi nhận bản quét, ký số cơ quan')
  await see(seal, 'Chưa đối chiếu với bản giấy')
  await see(seal, 'SY-03')
  await accessibleInBoth(seal)

  await hands.file('Bản quét từ bản giấy', scanned(2))
  await seal.getByRole('checkbox', { name: /^Tôi đã đối chiếu/ }).focus()
  await hands.press('Space')
  await seal.getByRole('radio').first().focus()
  await hands.press('Space')
  await hands.act('Ghi nhận bản quét, ký số cơ quan')
  await seal.waitForURL(url => url.pathname === LIST)
  await until('the copy is sealed', async () => {
    await seal.goto(LIST)
    return await seal.getByText('Mọi kết quả đều có chữ ký số của cơ quan').count() > 0
  })
  await accessibleInBoth(seal)

  const answer = await seal.request.get(`/api/v1/dossiers/${id}/result`)
  const copy = await answer.body()
  assert.match(text(copy), /SAO Y: .*\d\d-\d\d-\d{4} \d\d:\d\d:\d\d \+07:00/)
  assert.match(signatures(copy), /Signature is Valid/)
  await seal.goto(`/ho-so/${id}`)
  await see(seal, 'đã đối chiếu với bản giấy')
  await accessibleInBoth(seal)
  await seal.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})

test('a leader decides on two copies on paper, which are printed with their form, by the keyboard', async () => {
  const already = new Already(here)
  const id = await already.toSign()
  await already.issued(id)
  const original = await already.sealed(id)
  await already.leave()
  const leader = await enter(here.browser, here.office, LEADER)
  leader.provoke(422)
  const hands = new Keys(leader)
  await leader.goto(`/ho-so/${id}`)
  const link = leader.locator('main').getByRole('link', { name: 'Cấp bản sao y trên giấy' })
  await link.waitFor()
  await hands.press((await link.getAttribute('data-key')).toLowerCase())
  await see(leader, 'Số bản')
  await accessibleInBoth(leader)
  await field(leader, 'Số bản').focus()
  await hands.press('Control+a')
  await leader.keyboard.type('0')
  await hands.act('Quyết định sao y, lấy số')
  await see(leader, 'Nhập số bản từ 1 đến 100')
  await accessibleInBoth(leader)
  await field(leader, 'Số bản').focus()
  await hands.press('Control+a')
  await leader.keyboard.type('2')
  await hands.act('Quyết định sao y, lấy số')
  await see(leader, 'Đã cấp số bản sao y')

  let print = null
  await until('the copy is made', async () => {
    const answer = await leader.request.get(`/ho-so/${id}/phieu/sao-y`)
    if (answer.status() === 200) print = await answer.body()
    return print !== null
  })
  await leader.goto(`/ho-so/${id}`)
  await see(leader, 'Bản sao y')
  await accessibleInBoth(leader)
  const said = text(print)
  assert.match(said, /SAO Y/)
  assert.match(said, /Số: 01\/SY-/)
  assert.match(said, /Số bản sao: 02/)
  const number = /Số: *(\d+)\/KQ-/.exec(text(original))
  assert.ok(number && said.includes(number[1]), 'the number that the agency gave is on the print')
  // Whoever holds the print verifies the original by its code.
  const page = await openPage(here.browser, here.office.base, { viewport: PHONE })
  await page.goto(new URL(code(print)).pathname)
  await page.getByRole('heading', { level: 1, name: 'Giấy tờ do cơ quan phát hành' }).waitFor()
  await accessibleInBoth(page)
  await page.leave()
  await leader.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
