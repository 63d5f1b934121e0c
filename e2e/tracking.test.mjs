// What anybody with the number sees: the progress, and nothing about the person.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, field, openPage, see } from './support/browser.mjs'
import { CLERK, enter, numberOn, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

/** A dossier of the citizen of the card, and its number. */
async function dossier () {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  const number = await numberOn(clerk)
  await clerk.leave()
  return { address, number }
}

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a citizen follows a dossier on the telephone, ${how}`, async () => {
    const { number } = await dossier()
    const page = await openPage(here.browser, here.office.base, { viewport: PHONE, javaScriptEnabled })
    await page.goto('/tra-cuu')
    await field(page, 'Mã hồ sơ').fill(number.toLowerCase())
    await page.getByRole('button', { name: 'Tra cứu' }).click()
    await page.getByRole('heading', { level: 1, name: 'Đã tiếp nhận, đúng tiến độ' }).waitFor()
    await see(page, /^(Thứ|Chủ)/)
    await see(page, 'Trang này không hiện thông tin cá nhân')
    const html = await page.content()
    for (const secret of ['Nguyễn', 'Thị An', '038199000017', '0381****0017', '31/12/1999', 'Thôn 1', 'Hoàng Thị Ngân', '0912']) {
      assert.ok(!html.includes(secret), `the page says ${secret}`)
    }
    await page.leave()
  })
}

test('a number that is none, or nobody’s, is answered at its field and kept', async () => {
  const page = await openPage(here.browser, here.office.base, { viewport: PHONE })
  page.provoke(404, 422)
  await page.goto('/tra-cuu')
  await field(page, 'Mã hồ sơ').fill('H56-12')
  await page.getByRole('button', { name: 'Tra cứu' }).click()
  await see(page, /Nhập đủ mã hồ sơ như trên giấy hẹn/)
  assert.equal(await field(page, 'Mã hồ sơ').inputValue(), 'H56-12')
  assert.equal(await field(page, 'Mã hồ sơ').getAttribute('aria-invalid'), 'true')
  await field(page, 'Mã hồ sơ').fill('H56.14-261122-9999')
  await page.getByRole('button', { name: 'Tra cứu' }).click()
  await see(page, /Không có hồ sơ mang mã này/)
  await page.leave()
})

test('a stranger is led to sign in, and comes to the dossier asked for', async () => {
  const { address } = await dossier()
  const page = await openPage(here.browser, here.office.base)
  await page.goto(address)
  await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor()
  await page.getByLabel('Tên đăng nhập').fill(CLERK)
  await page.getByLabel('Mật khẩu').fill('motcua-2026')
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.waitForURL(new RegExp(`${address}$`))
  await page.leave()
})

test('a wrong password is not said to be the password, and the name is kept', async () => {
  const page = await openPage(here.browser, here.office.base)
  page.provoke(422)
  await page.goto('/dang-nhap')
  await page.getByLabel('Tên đăng nhập').fill(CLERK)
  await page.getByLabel('Mật khẩu').fill('sai')
  await page.keyboard.press('Enter')
  await see(page, 'Kiểm tra lại tên đăng nhập, mật khẩu và mã xác thực')
  assert.equal(await page.getByLabel('Tên đăng nhập').inputValue(), CLERK)
  assert.equal(await page.getByLabel('Mật khẩu').inputValue(), '')
  await page.leave()
})
