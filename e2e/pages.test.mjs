// Every page in every look: axe-core in both schemes, narrow and enlarged, sound and printable.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { DESK } from './support/browser.mjs'
import { CLERK, enter, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'
import { tour } from './support/tour.mjs'

const here = setting()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Looks in which an open menu covers what it may cover. */
const COVERING = ['intake-held', 'intake-picker', 'menu']
/** Tall, so that nothing is covered: what is covered counts as too small. */
const TALL = { width: 1366, height: 2400 }
/** 320 px, and a desk enlarged to 200 %. */
const NARROW = [{ width: 320, height: 640 }, { width: 683, height: 384 }]

async function faults (name, page) {
  const found = []
  await page.waitForLoadState('load') // elements are there before the styles are
  await page.setViewportSize(TALL)
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    // As a tool of the browser's owner, axe is not bound by the page's policy.
    await page.evaluate(axe)
    const { violations } = await page.evaluate(async tags => await globalThis.axe.run({ runOnly: tags }), RULES)
    for (const one of violations) {
      const wrong = one.nodes.filter(node => !(one.id === 'target-size' && COVERING.includes(name) && /partially obscured/.test(node.any[0]?.message)))
      if (wrong.length === 0) continue
      const nodes = wrong.slice(0, 3).map(node => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`)
      found.push(`${colorScheme}: ${one.id}: ${nodes.join(' | ')}`)
    }
  }
  for (const size of NARROW) {
    await page.setViewportSize(size)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (over > 0) found.push(`${over} px too wide at ${size.width} px`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(DESK)
  found.push(...await page.evaluate(unsound))
  return found
}

/** Runs in the page: ids that are not unique, labels without a field, fields without a name. */
function unsound () {
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id)
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map(id => `two elements are called ${id}`)
  const lone = [...document.querySelectorAll('label')].filter(label => !label.control).map(label => `no field for the label ${label.textContent.trim()}`)
  const styled = [...document.querySelectorAll('[style]')].map(element => `${element.tagName} has a style of its own`)
  return [...twice, ...lone, ...styled]
}

test('no page has a fault that axe can find, scrolls sideways when narrow or enlarged, or is unsound', async () => {
  const found = []
  let count = 0
  await tour(here.browser, here.office, async (name, page) => {
    count++
    found.push(...(await faults(name, page)).map(fault => `${name}: ${fault}`))
  })
  console.log(`pages checked: ${count}`)
  assert.deepEqual(found, [])
  assert.ok(count > 40)
})

test('a printed dossier has its facts and its story, and none of the desk round it', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  const address = await receive(page)
  await page.goto(address)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  for (const gone of ['header.top', '.split aside .button-tall', 'dialog', '.govuk-skip-link']) {
    assert.equal(await page.locator(gone).filter({ visible: true }).count(), 0, `${gone} is printed`)
  }
  for (const words of ['Nguyễn Thị An', 'Vì sao hẹn', 'Thành phần hồ sơ', 'Diễn biến']) {
    assert.ok(await page.getByText(words).first().isVisible(), `${words} is not printed`)
  }
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.ok(['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)'].includes(paper), paper)
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
  await page.leave()
})
