// The main job with the keyboard alone, by the keys that stand on the pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field } from './support/browser.mjs'
import { Day } from './support/day.mjs'
import { Keys } from './support/hands.mjs'
import { CLERK, enter, fillIn, finish } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const MOST_INTERACTIONS = 12

const here = setting()

test('a dossier is received, settled and returned with the keyboard alone', async () => {
  await new Day(here.browser, here.office, Keys).run()
  assert.match(await here.office.check(), /\b0 differences/)
})

test('the reception of a known citizen takes at most twelve interactions', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  await fillIn(page)
  await field(page, 'Điện thoại').fill('0912345678')
  await finish(page)
  await page.goto('/tiep-nhan')
  const hands = new Keys(page)
  await new Day(here.browser, here.office, Keys).reception({ page, hands })
  console.log(`interactions: ${hands.interactions}`)
  assert.ok(hands.interactions <= MOST_INTERACTIONS, `${hands.interactions} interactions`)
  await page.leave()
})

test('a card scanned again brings the telephone number that the citizen gave before', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  await fillIn(page)
  assert.match((await field(page, 'Điện thoại').inputValue()).replaceAll(' ', ''), /^(0|\+84)912345678$/)
  await page.leave()
})
