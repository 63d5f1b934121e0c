// What the law refuses is an answer with its rule, and costs nothing that was typed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, see } from './support/browser.mjs'
import { isPdf } from './support/day.mjs'
import { CLERK, OFFICER, enter, fillIn, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a dossier with a missing paper is refused with the rule and ends in a supplement slip, ${how}`, async () => {
    const page = await enter(here.browser, here.office, CLERK, { javaScriptEnabled })
    page.provoke(422)
    await fillIn(page)
    await field(page, 'Điện thoại').fill('0912 345 678')
    await field(page, 'Số bộ').fill('3')
    await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
    await see(page, 'Không tiếp nhận được vì chưa đủ giấy tờ')
    await see(page, 'Còn thiếu giấy tờ bắt buộc số 1')
    assert.match(await page.locator('.rule').innerText(), /^Quy tắc TN-03 · .*Điều \d+/)
    assert.equal(await field(page, 'Điện thoại').inputValue(), '0912 345 678')
    assert.equal(await field(page, 'Số bộ').inputValue(), '3')
    await see(page, 'Nguyễn Thị An')
    assert.ok(await page.getByRole('checkbox', { name: /^1\. Bản chính/ }).isChecked())
    await page.getByLabel('Lý do, nội dung cần bổ sung').fill('Chưa có bản chính để đối chiếu.')
    await page.getByRole('button', { name: 'Lập và in phiếu' }).click()
    await page.getByRole('heading', { name: 'Đã lập phiếu yêu cầu bổ sung' }).waitFor()
    await see(page, 'Chưa cấp số, vì chưa tiếp nhận')
    await isPdf(page, `${new URL(page.url()).pathname}/phieu/02`)
    await page.leave()
  })
}

test('the rule of a refusal can be read in the rule book', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(422)
  await fillIn(page)
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await page.getByRole('link', { name: /^Quy tắc TN-03/ }).click()
  await page.waitForURL(/quy-tac#TN-03$/)
  await page.locator('#TN-03').waitFor()
  await page.leave()
})

test('faults stand at their fields, the summary leads there, and every wrong word is kept', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(422)
  await page.goto('/tiep-nhan')
  const wrong = { 'Họ và tên': 'Trần Văn Cư', 'Ngày sinh': '31/02/1990', 'Số định danh': '03819900001', 'Điện thoại': '12' }
  for (const [label, text] of Object.entries(wrong)) await field(page, label).fill(text)
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await page.waitForFunction(() => document.activeElement?.classList.contains('govuk-error-summary'))
  assert.match(await page.title(), /^Lỗi:/)
  for (const [label, text] of Object.entries(wrong)) assert.equal(await field(page, label).inputValue(), text)
  const said = await page.locator('.govuk-error-summary a').allInnerTexts()
  assert.ok(said.includes('Nhập đủ 12 chữ số định danh, đang có 11'), said.join('\n'))
  for (const words of said) assert.ok(await page.locator('.govuk-error-message').filter({ hasText: words }).count() > 0, `not at its field: ${words}`)
  await page.getByRole('link', { name: 'Nhập đủ 12 chữ số định danh, đang có 11' }).click()
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'number')
  await page.leave()
})

test('a card that cannot be read says what to do and stays in its field', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(422)
  await page.goto('/tiep-nhan')
  await field(page, 'Họ và tên').fill('Đã gõ trước')
  await field(page, 'Quét thẻ căn cước').fill('038199000017||Nguyễn')
  await page.keyboard.press('Enter')
  await see(page, 'Mã trên thẻ có 3 phần, cần ít nhất 6; quét lại thẻ')
  assert.equal(await field(page, 'Quét thẻ căn cước').inputValue(), '038199000017||Nguyễn')
  assert.equal(await field(page, 'Họ và tên').inputValue(), 'Đã gõ trước')
  await page.leave()
})

test('an officer who asks for nothing is refused and keeps the words typed', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  const officer = await enter(here.browser, here.office, OFFICER)
  officer.provoke(422)
  await officer.goto(`${address}/draft_supplement`)
  await field(officer, 'Lý do, nội dung cần bổ sung').fill('Bản chụp mờ trang 2.')
  await officer.getByRole('button', { name: 'Lưu dự thảo để lãnh đạo duyệt' }).click()
  await see(officer, 'Phiếu yêu cầu bổ sung chưa nêu giấy tờ nào')
  assert.equal(await field(officer, 'Lý do, nội dung cần bổ sung').inputValue(), 'Bản chụp mờ trang 2.')
  await officer.leave()
})
