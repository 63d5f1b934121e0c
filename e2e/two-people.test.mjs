// Two people, one dossier: the second is told who did what and when, and nothing is done twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, see } from './support/browser.mjs'
import { CLERK, OFFICER, enter, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a page that has grown old names who changed the dossier, ${how}`, async () => {
    const first = await enter(here.browser, here.office, CLERK, { javaScriptEnabled })
    const second = await enter(here.browser, here.office, CLERK, { javaScriptEnabled })
    second.provoke(409)
    const address = await receive(first)
    await second.goto(address)
    await first.getByRole('button', { name: 'Chuyển giải quyết' }).click()
    await see(first, 'Đã chuyển giải quyết')
    await second.getByRole('button', { name: 'Chuyển giải quyết' }).click()
    await second.getByRole('heading', { name: 'Hồ sơ vừa có thay đổi' }).waitFor()
    const said = await second.locator('main').innerText()
    assert.match(said, /Hoàng Thị Ngân/)
    assert.match(said, /chuyển giải quyết/)
    assert.match(said, /\d\d:\d\d/)
    await second.getByRole('link', { name: 'Xem bản mới' }).click()
    await second.waitForURL(new RegExp(`${address}$`))
    await second.getByRole('heading', { level: 1, name: /Chứng thực bản sao/ }).waitFor()
    await first.leave()
    await second.leave()
  })
}

test('words typed on a page that has grown old are shown, not thrown away', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  const first = await enter(here.browser, here.office, OFFICER)
  const second = await enter(here.browser, here.office, OFFICER)
  second.provoke(409)
  for (const page of [first, second]) await page.goto(`${address}/draft_result`)
  await field(first, 'Nội dung kết quả').fill('Bản của người thứ nhất.')
  await first.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(first, 'Đã lưu dự thảo kết quả')
  await field(second, 'Nội dung kết quả').fill('Bản của người thứ hai.')
  await second.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(second, 'Hồ sơ vừa có thay đổi')
  const kept = await second.evaluate(() => `${document.querySelector('main')?.innerText} ${[...document.querySelectorAll('textarea')].map(area => area.value)}`)
  assert.match(kept, /Bản của người thứ hai\./)
  await first.leave()
  await second.leave()
})
