// The main job with the keyboard alone, by the keys that stand on the pages.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openBrowser } from './support/browser.mjs'
import { Day } from './support/day.mjs'
import { Keys } from './support/hands.mjs'
import { Office } from './support/office.mjs'
import { CLERK, enter } from './support/people.mjs'

const MOST_INTERACTIONS = 12

let office, browser
before(async () => { [office, browser] = await Promise.all([Office.open(), openBrowser()]) })
after(async () => {
  await browser?.close()
  await office?.close()
})

test('a dossier is received, settled and returned with the keyboard alone', async () => {
  await new Day(browser, office, Keys).run()
  assert.match(await office.check(), /\b0 differences/)
})

test('the reception of a known citizen takes at most twelve interactions', async () => {
  const page = await enter(browser, office, CLERK)
  await page.goto('/tiep-nhan')
  const hands = new Keys(page)
  await new Day(browser, office, Keys).reception({ page, hands })
  console.log(`interactions: ${hands.interactions}`)
  assert.ok(hands.interactions <= MOST_INTERACTIONS, `${hands.interactions} interactions`)
  await page.leave()
})
