// The main job in a browser that runs no script.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './support/browser.mjs'
import { Day } from './support/day.mjs'
import { Pointer } from './support/hands.mjs'
import { Office } from './support/office.mjs'

let office, browser
before(async () => { [office, browser] = await Promise.all([Office.open(), openBrowser()]) })
after(async () => {
  await browser?.close()
  await office?.close()
})

test('a dossier is received, settled and returned without script', async () => {
  await new Day(browser, office, Pointer, { javaScriptEnabled: false }).run()
  assert.match(await office.check(), /\b0 differences/)
})

test('the same with script and a pointer', async () => {
  const second = await Office.open()
  try {
    await new Day(browser, second, Pointer).run()
  } finally {
    await second.close()
  }
})
