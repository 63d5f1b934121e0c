// The main job in a browser that runs no script.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Day } from './support/day.mjs'
import { Pointer } from './support/hands.mjs'
import { Office } from './support/office.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

test('a dossier is received, settled and returned without script', async () => {
  await new Day(here.browser, here.office, Pointer, { javaScriptEnabled: false }).run()
  assert.match(await here.office.check(), /\b0 differences/)
})

test('the same with script and a pointer', async () => {
  const second = await Office.open()
  try {
    await new Day(here.browser, second, Pointer).run()
  } finally {
    await second.close()
  }
})
