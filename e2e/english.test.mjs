// The same pages in English, for whoever asks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, see } from './support/browser.mjs'
import { CLERK, enter, numberOn, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const VIETNAMESE = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/i

for (const [how, javaScriptEnabled] of [['with script', true], ['without script', false]]) {
  test(`a clerk switches to English where she is, and back, ${how}`, async () => {
    const page = await enter(here.browser, here.office, CLERK, { javaScriptEnabled })
    await page.goto('/viec-cua-toi?phan=late')
    assert.equal(await page.locator('html').getAttribute('lang'), 'vi')
    await page.locator('.bar-right details.menu > summary').click()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'My work' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    assert.match(page.url(), /phan=late$/)
    await page.goto('/tiep-nhan')
    await page.getByRole('heading', { name: 'Receive a dossier' }).waitFor()
    for (const words of await page.locator('main label, main legend, main h2, main button').allInnerTexts()) {
      assert.doesNotMatch(words, VIETNAMESE)
    }
    await page.locator('.bar-right details.menu > summary').click()
    await page.getByRole('button', { name: 'Tiếng Việt' }).click()
    await page.getByRole('heading', { name: 'Tiếp nhận hồ sơ' }).waitFor()
    await page.leave()
  })
}

test('a refusal speaks English with its rule and citation', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(422)
  await receive(page)
  await page.locator('.bar-right details.menu > summary').click()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Hand over' }).waitFor()
  await page.goto('/tiep-nhan')
  await page.getByLabel('Name or code of the procedure').and(page.locator('input')).fill('2.000815')
  await page.getByRole('button', { name: 'Choose', exact: true }).click()
  await see(page, '1 mandatory missing')
  await page.getByLabel('Scan the card').fill('038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1|01012022')
  await page.keyboard.press('Enter')
  await see(page, 'Card scanned at')
  await page.getByRole('button', { name: 'Receive and print the slip' }).click()
  await see(page, 'Mandatory components 1 are missing')
  assert.match(await page.locator('.rule').innerText(), /^Rule TN-03/)
  await page.locator('.bar-right details.menu > summary').click()
  await page.getByRole('button', { name: 'Tiếng Việt' }).click()
  await see(page, 'Tiếp nhận hồ sơ')
  await page.leave()
})

test('a citizen reads the progress in English and stays in English', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  await receive(clerk)
  const number = await numberOn(clerk)
  await clerk.leave()
  const page = await openPage(here.browser, here.office.base)
  await page.goto(`/tra-cuu?ma=${number}`)
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Look up' }).waitFor()
  await page.goto(`/tra-cuu?ma=${number}`)
  await see(page, 'Received, on time')
  await page.leave()
})
