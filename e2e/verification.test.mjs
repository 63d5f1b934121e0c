// A citizen verifies a paper by the code on it, with a telephone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, openPage, see } from './support/browser.mjs'
import { CLERK, enter, receive } from './support/people.mjs'
import { code } from './support/paper.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

/** The receipt of a dossier received a moment ago. */
async function receipt () {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  let answer = await clerk.request.get(`${address}/phieu/01`)
  for (let tries = 0; answer.status() === 202 && tries < 20; tries++) {
    answer = await clerk.request.get(`${address}/phieu/01`)
  }
  const pdf = await answer.body()
  await clerk.leave()
  return pdf
}

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a citizen verifies a paper on the telephone, ${how}`, async () => {
    const pdf = await receipt()
    const read = new URL(code(pdf))
    assert.match(read.pathname, /^\/xac-thuc\/[\w-]{36}$/)
    assert.match(read.hash, /^#tthc=[\d.]+&giay=01$/)
    const page = await openPage(here.browser, here.office.base, { viewport: PHONE, javaScriptEnabled })
    page.provoke(404, 422)
    await page.goto(read.pathname)
    await page.getByRole('heading', { level: 1, name: 'Giấy tờ do cơ quan phát hành' }).waitFor()
    await see(page, 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả')
    const html = await page.content()
    for (const secret of ['Nguyễn', 'Thị An', '038199000017', 'Hoàng Thị Ngân', '0912']) {
      assert.ok(!html.includes(secret), `the page says ${secret}`)
    }
    await page.getByRole('button', { name: 'So tệp' }).click()
    await see(page, 'Chọn tệp cần so')
    await page.getByLabel('Tệp cần so').setInputFiles({ name: 'giay.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.getByRole('button', { name: 'So tệp' }).click()
    await see(page, 'Đúng tệp đã phát hành')
    const other = Buffer.concat([pdf, Buffer.from('\n% thêm\n')])
    await page.getByLabel('Tệp cần so').setInputFiles({ name: 'giay.pdf', mimeType: 'application/pdf', buffer: other })
    await page.getByRole('button', { name: 'So tệp' }).click()
    await see(page, 'Tệp đã bị sửa sau khi ký hoặc phát hành')
    await page.goto(`${read.pathname}x`)
    await page.getByRole('heading', { level: 1, name: 'Không xác thực được' }).waitFor()
    await page.getByRole('link', { name: 'Tra cứu tiến độ hồ sơ' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tra cứu' }).waitFor()
    await page.leave()
  })
}
