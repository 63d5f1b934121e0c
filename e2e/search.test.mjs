// Searching at the counter: whatever a person says of herself finds her dossier, and nothing of it
// stays in an address.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { see } from './support/browser.mjs'
import { CLERK, enter, fillIn, finish, search } from './support/people.mjs'
import { field } from './support/browser.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a dossier is found by name, number and telephone, ${how}`, async () => {
    const page = await enter(here.browser, here.office, CLERK, { javaScriptEnabled })
    const asked = []
    page.on('request', request => { asked.push(decodeURIComponent(request.url())) })
    await fillIn(page)
    await field(page, 'Điện thoại').fill('0912 345 678')
    const address = await finish(page)
    for (const words of ['nguyễn thị', '038199000017', '0912.345.678']) {
      await search(page, words)
      await page.locator(`a[href="${address}"]`).waitFor()
      assert.equal(await page.locator('main').getByRole('searchbox').inputValue(), words)
    }
    // The way back from a dossier leads to what was found.
    await page.locator(`a[href="${address}"]`).click()
    await page.getByRole('heading', { level: 1, name: /Chứng thực bản sao/ }).waitFor()
    await page.goBack()
    await see(page, /khớp với “0912\.345\.678”/)
    await page.reload()
    await see(page, /khớp với “0912\.345\.678”/)
    const named = asked.filter(url => /nguy|0381|0912/i.test(url))
    assert.deepEqual(named, [])
    await page.leave()
  })
}
