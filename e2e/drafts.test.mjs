// What was typed is never lost: reload, killed page, killed server, cut line, ended session.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, see, until } from './support/browser.mjs'
import { PASSWORD } from './support/office.mjs'
import { CARD, CLERK, OFFICER, enter, fillIn, receive, signIn } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const copies = page => page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith('motcua.draft')).length)

/** Types a telephone number and waits until the server has it. */
async function typeSafely (page, text) {
  const saved = page.waitForResponse(answer => answer.url().includes('/tiep-nhan/nhap/') && answer.ok())
  await field(page, 'Điện thoại').fill(text)
  await saved
  await page.locator('[data-saved]:not(.is-saving):not(.is-unsaved)').waitFor()
  await see(page, /^Đã lưu \d\d:\d\d$/)
}

test('typed text survives a reload', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  await page.goto('/tiep-nhan')
  await typeSafely(page, '0912000001')
  await page.reload()
  assert.equal(await field(page, 'Điện thoại').inputValue(), '0912000001')
  assert.equal(await copies(page), 0)
  await page.leave()
})

test('the last words before a reload arrive as well', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  await fillIn(page)
  await field(page, 'Điện thoại').fill('0912000002')
  await page.reload()
  await until('the words are back', async () => await field(page, 'Điện thoại').inputValue() === '0912000002')
  await page.leave()
})

test('a page that is killed leaves its words to the next counter', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  await page.goto('/tiep-nhan')
  await field(page, 'Quét thẻ căn cước').fill(CARD.replace('Nguyễn Thị An', 'Phạm Thị Dừng'))
  await page.keyboard.press('Enter')
  await see(page, 'Phạm Thị Dừng')
  await typeSafely(page, '0912000003')
  await page.leave()
  const other = await enter(here.browser, here.office, CLERK)
  await other.goto('/tiep-nhan')
  await other.getByText(/^Đang giữ \d+/).click()
  await other.getByRole('link', { name: /Phạm Thị Dừng/ }).click()
  await see(other, '0381****0017')
  assert.equal(await field(other, 'Điện thoại').inputValue(), '0912000003')
  await other.leave()
})

test('typed text survives the death of the server and is sent when it is back', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provokeCuts()
  await fillIn(page)
  await typeSafely(page, '0912000004')
  await here.office.kill()
  await field(page, 'Điện thoại').fill('0912000005')
  await page.locator('[data-saved].is-unsaved').waitFor()
  await see(page, 'Chưa lưu được, bản đang nhập vẫn còn ở quầy này')
  assert.equal(await copies(page), 1)
  await here.office.start()
  await page.locator('[data-saved]:not(.is-saving):not(.is-unsaved)').waitFor()
  assert.equal(await copies(page), 0)
  await page.reload()
  assert.equal(await field(page, 'Điện thoại').inputValue(), '0912000005')
  await see(page, 'Nguyễn Thị An')
  await page.leave()
})

test('a cut line is said at once, every stroke is kept, and the copy comes back after a restart of the page', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provokeCuts()
  await fillIn(page)
  const address = page.url()
  await page.context().setOffline(true)
  await field(page, 'Điện thoại').fill('0912000006')
  await page.locator('[data-saved].is-unsaved').waitFor()
  await page.close()
  const again = await page.context().newPage()
  await page.context().setOffline(false)
  await again.goto(address)
  await until('the copy is back', async () => await field(again, 'Điện thoại').inputValue() === '0912000006')
  await until('the copy is sent', async () => await copies(again) === 0)
  await again.reload()
  assert.equal(await field(again, 'Điện thoại').inputValue(), '0912000006')
  await page.leave()
})

test('the end of a session is said in a dialog; after signing in elsewhere the words are saved', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(401, 403)
  await fillIn(page)
  const cookies = await page.context().cookies()
  await page.context().clearCookies({ name: 'motcua' })
  await field(page, 'Điện thoại').fill('0912000007')
  await page.getByRole('dialog', { name: /đăng nhập/i }).waitFor()
  assert.equal(await field(page, 'Điện thoại').inputValue(), '0912000007')
  assert.equal(await copies(page), 1)
  const other = Object.assign(await page.context().newPage(), { provoke: page.provoke })
  await signIn(other, here.office, CLERK)
  await other.close()
  await page.keyboard.press('Escape')
  await page.evaluate(() => { dispatchEvent(new Event('focus')) })
  await until('the words are saved', async () => await copies(page) === 0)
  await page.reload()
  assert.equal(await field(page, 'Điện thoại').inputValue(), '0912000007')
  assert.ok(cookies.length > 0)
  await page.leave()
})

test('a form sent after the end of its session is kept whole, and sent again after signing in', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(401, 422)
  await fillIn(page)
  await typeSafely(page, '0912000008')
  await page.context().clearCookies({ name: 'motcua' })
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await see(page, 'Nội dung đã nhập vẫn được giữ ở trang này')
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Đăng nhập ở thẻ mới' }).click()
  const other = await opened
  await other.getByLabel('Tên đăng nhập').fill(CLERK)
  await other.getByLabel('Mật khẩu').fill(PASSWORD)
  await other.getByRole('button', { name: 'Đăng nhập' }).click()
  await other.getByRole('navigation').first().waitFor()
  await other.close()
  await page.getByRole('button', { name: 'Gửi lại' }).click()
  await see(page, 'Không tiếp nhận được vì chưa đủ giấy tờ')
  assert.equal(await field(page, 'Điện thoại').inputValue(), '0912000008')
  await page.leave()
})

/** A dossier at its officer's step; gives its address. */
async function handedOver () {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  return address
}

const summary = page => field(page, 'Nội dung kết quả')

test('what an officer types for a result survives the death of the browser, until it is done', async () => {
  const address = await handedOver()
  const first = await enter(here.browser, here.office, OFFICER)
  await first.goto(`${address}/draft_result`)
  const saved = first.waitForResponse(answer => answer.url().endsWith('/draft_result/nhap') && answer.ok())
  await summary(first).fill('Chứng thực 02 bản sao đúng với bản chính.')
  await saved
  await first.locator('[data-saved]:not(.is-saving):not(.is-unsaved)').waitFor()
  await see(first, /^Đã lưu \d\d:\d\d$/)
  assert.equal(await copies(first), 0, 'nothing stays on a machine that is shared')
  await first.leave()
  const second = await enter(here.browser, here.office, OFFICER)
  await second.goto(`${address}/draft_result`)
  assert.equal(await summary(second).inputValue(), 'Chứng thực 02 bản sao đúng với bản chính.')
  await see(second, /^Đã lưu \d\d:\d\d$/)
  await second.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(second, 'Đã lưu dự thảo kết quả')
  // What was typed is the draft now: a new one begins with it, and nothing typed is kept beside it.
  await second.goto(`${address}/draft_result`)
  assert.equal(await summary(second).inputValue(), 'Chứng thực 02 bản sao đúng với bản chính.')
  assert.equal(await second.getByText(/^Đã lưu \d\d:\d\d$/).filter({ visible: true }).count(), 0)
  assert.equal(await copies(second), 0)
  await second.leave()
})

test('what an officer types survives the death of the server and a cut line', async () => {
  const address = await handedOver()
  const page = await enter(here.browser, here.office, OFFICER)
  page.provokeCuts()
  await page.goto(`${address}/draft_supplement`)
  await here.office.kill()
  await field(page, 'Lý do').fill('Bản chính mờ, không đọc được.')
  await page.locator('[data-saved].is-unsaved').waitFor()
  await see(page, 'Chưa lưu được, bản đang nhập vẫn còn ở máy này')
  await here.office.start()
  await page.locator('[data-saved]:not(.is-saving):not(.is-unsaved)').waitFor()
  await page.reload()
  assert.equal(await field(page, 'Lý do').inputValue(), 'Bản chính mờ, không đọc được.')
  await page.leave()
})
