// Attachments of a result in files of their own: the officer adds them to the draft, the leader reads
// and signs them with it, the agency seals each. By the keys.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { openPage, see } from './support/browser.mjs'
import { sealed } from './support/day.mjs'
import { Keys, sign } from './support/hands.mjs'
import { code, scanned, signatures } from './support/paper.mjs'
import { LEADER, OFFICER, SEAL, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

test('an officer adds an attachment, the leader signs it with the result and it is handed out sealed, by the keyboard', async () => {
  const already = new Already(here)
  const id = await already.received()
  await already.handedOver(id)
  await already.leave()
  const address = `/ho-so/${id}`
  const officer = await enter(here.browser, here.office, OFFICER)
  officer.provoke(422)
  await officer.goto(address)
  const drafts = new Keys(officer)
  await drafts.act('Soạn kết quả')
  await drafts.type('Nội dung kết quả', 'Đồng ý với đề nghị của người nộp.')
  await officer.getByText('Thêm phụ lục', { exact: true }).focus()
  await drafts.press('Enter')
  await drafts.type('Tên phụ lục 1', 'Bản vẽ vị trí')
  await accessibleInBoth(officer)
  await drafts.act('Lưu dự thảo, lập văn bản')
  await see(officer, 'Chọn tệp PDF của phụ lục')
  await accessibleInBoth(officer)
  await drafts.file('Tệp PDF của phụ lục 1', scanned(2))
  await drafts.act('Lưu dự thảo, lập văn bản')
  await see(officer, 'Đã lưu dự thảo kết quả')
  await see(officer, 'Phụ lục 1: Bản vẽ vị trí')
  await accessibleInBoth(officer)

  // A second one is added and taken off again: the first stays.
  await drafts.act('Soạn kết quả')
  await officer.getByText('Thêm phụ lục', { exact: true }).focus()
  await drafts.press('Enter')
  await drafts.type('Tên phụ lục 2', 'Danh sách')
  await drafts.file('Tệp PDF của phụ lục 2', scanned(3))
  await drafts.act('Lưu dự thảo, lập văn bản')
  await see(officer, 'Phụ lục 2: Danh sách')
  await drafts.act('Soạn kết quả')
  await officer.getByLabel('Bỏ phụ lục 2').focus()
  await drafts.press('Space')
  await accessibleInBoth(officer)
  await drafts.act('Lưu dự thảo, lập văn bản')
  await see(officer, 'Phụ lục 1: Bản vẽ vị trí')
  assert.equal(await officer.getByText('Phụ lục 2: Danh sách').count(), 0)
  await drafts.act('Trình: Lãnh đạo ký duyệt')
  await see(officer, 'Đã chuyển bước sau')
  await officer.leave()

  const leader = await enter(here.browser, here.office, LEADER)
  await leader.goto(address)
  const hands = new Keys(leader)
  await hands.act('Ký duyệt')
  await see(leader, 'Phụ lục được ký cùng văn bản')
  await accessibleInBoth(leader)
  const drafted = await leader.request.get(`${address}/phu-luc/1`)
  assert.deepEqual(await drafted.body(), scanned(2).buffer, 'she reads what was added')
  await leader.goto(address)
  await sign(leader, hands)
  const seal = await enter(here.browser, here.office, SEAL)
  await seal.goto(address)
  await new Keys(seal).act('Vào sổ, phát hành')
  await see(seal, 'Đã vào sổ, phát hành kết quả')
  await sealed(seal)
  await seal.goto(address)
  await see(seal, 'Phụ lục 1: Bản vẽ vị trí')
  await accessibleInBoth(seal)
  const link = seal.getByRole('link', { name: 'Phụ lục 1: Bản vẽ vị trí' }).first()
  const attachment = await (await seal.request.get(await link.getAttribute('href'))).body()
  assert.ok(attachment.subarray(0, scanned(2).buffer.length).equals(scanned(2).buffer), 'nothing is rewritten')
  assert.match(signatures(attachment), /Signature is Valid/)

  const result = await (await seal.request.get(`${address}/ket-qua`)).body()
  const page = await openPage(here.browser, here.office.base)
  await page.goto(new URL(code(result)).pathname)
  await see(page, '1 phụ lục trong tệp riêng')
  await new Keys(page).file('Tệp cần so', { name: 'phu-luc.pdf', mimeType: 'application/pdf', buffer: attachment })
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('status').waitFor()
  await see(page, 'Đúng tệp phụ lục đã phát hành cùng văn bản')
  await accessibleInBoth(page)
  await page.leave()
  await leader.leave()
  await seal.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
