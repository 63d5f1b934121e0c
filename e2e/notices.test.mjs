// What applicants are told: the administrator words it, the director sees what came of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { see } from './support/browser.mjs'
import { ADMIN, CLERK, enter, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const TEXT = '/thong-bao/mau?loai=received&kenh=sms&tieng=vi'

test('a text is checked at its field, previewed and kept, with the keyboard', async () => {
  const page = await enter(here.browser, here.office, ADMIN)
  page.provoke(422)
  await page.goto('/thong-bao')
  await page.getByRole('heading', { name: 'Thông báo', exact: true }).waitFor()
  await page.goto(TEXT)
  const body = page.getByLabel('Nội dung', { exact: true })
  await body.fill('{don_vi}: {ma_ho_so}, {ho_ten}')
  await page.keyboard.press('F9')
  await see(page, 'không có chỗ điền ho_ten')
  assert.equal(await body.getAttribute('aria-invalid'), 'true')
  assert.equal(await body.inputValue(), '{don_vi}: {ma_ho_so}, {ho_ten}')
  await body.fill('{don_vi}: da nhan {ma_ho_so}, hen {hen_tra}')
  await page.keyboard.press('F8')
  await see(page, 'hen 17:00 27/11/2026')
  await see(page, /\d+ ký tự, 1 tin/)
  await page.keyboard.press('F9')
  await see(page, 'Đã lưu.')
  await page.goto(TEXT)
  assert.match(await body.inputValue(), /da nhan/)
  await page.leave()
})

test('what the law wants has no switch, and what may be switched off is', async () => {
  const page = await enter(here.browser, here.office, ADMIN)
  await page.goto('/thong-bao')
  const row = name => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) })
  await row('Đã tiếp nhận').getByText('Bắt buộc').waitFor()
  assert.equal(await row('Đã tiếp nhận').getByRole('button').count(), 0)
  await row('Đã rút hồ sơ').getByRole('button', { name: /^Tắt/ }).click()
  await row('Đã rút hồ sơ').getByText('Đã tắt').waitFor()
  await page.leave()
})

test('whoever could not be reached is on the log, and on the page of the dossier', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  const dossier = await receive(clerk)
  const director = await enter(here.browser, here.office, 'giamdoc.hacthanh')
  const line = director.getByRole('row').filter({ hasText: 'Thôi gửi' })
  for (let look = 0; look < 40 && await line.count() === 0; look++) {
    await director.goto('/thong-bao/nhat-ky?tinh-trang=given_up')
    await director.waitForTimeout(100)
  }
  await line.getByText('Hãy báo trực tiếp').waitFor()
  await line.getByRole('button', { name: /^Gửi lại/ }).click()
  await see(director, 'Thông báo sẽ được gửi lại.')
  await clerk.goto(dossier)
  await see(clerk, /Báo người nộp: Đã tiếp nhận/)
  await clerk.leave()
  await director.leave()
})
