// A leader reads and signs ten results with one PIN, by the keys that stand on the pages, and gives an
// eleventh back to its drafter; and the same work without script.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessibleInBoth } from './support/axe.mjs'
import { field, see, until } from './support/browser.mjs'
import { Keys, Pointer } from './support/hands.mjs'
import { PIN } from './support/office.mjs'
import { LEADER, OFFICER, enter } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const MANY = 10
const WHY = 'Tên người nộp viết thiếu chữ đệm.'

/** Results that wait for the leader. */
async function waiting (many) {
  const already = new Already(here)
  const dossiers = []
  for (let i = 0; i < many; i++) dossiers.push(await already.toSign())
  await already.leave()
  return dossiers
}

const rows = (page, state) => page.locator('tr[data-row]').filter({ hasText: state })

test('a leader reads eleven results, gives one back, and signs ten with one PIN by the keyboard', async () => {
  const dossiers = await waiting(MANY + 1)
  const leader = await enter(here.browser, here.office, LEADER)
  // The viewer beside the list asks for its own picture, which the server does not have.
  leader.provoke(404, 422)
  const hands = new Keys(leader)
  await leader.goto('/ky-so')
  await see(leader, `${MANY + 1} văn bản chờ bạn ký`)
  await accessibleInBoth(leader)
  await hands.act('Lập danh sách ký')
  await leader.waitForURL(/\/ky-so\/[0-9a-f]+$/)
  await see(leader, `Chờ đọc và ký: ${MANY + 1} văn bản`)
  await accessibleInBoth(leader)
  assert.equal(await leader.locator('input[name="ky"]:not(:disabled)').count(), 0, 'nothing unread is ticked')

  await readAll(leader, hands, MANY + 1)
  await accessibleInBoth(leader)
  const back = await giveBack(leader, hands)
  assert.ok(dossiers.includes(back))
  await sign(leader, hands)
  await see(leader, `Xong: đã ký ${MANY} trên ${MANY + 1}`)
  assert.equal(await rows(leader, 'Đã ký').count(), MANY)
  assert.equal(await rows(leader, 'Đã trả lại').count(), 1)
  await accessibleInBoth(leader)
  await leader.goto('/ky-so')
  await see(leader, 'Không còn văn bản nào chờ bạn ký')
  await see(leader, `đã ký ${MANY} trên ${MANY + 1}`)
  await accessibleInBoth(leader)
  await leader.leave()
  await drafterReads(back)
  assert.match(await here.office.check(), /\b0 differences/)
})

/** Opens one after the other beside the list. */
async function readAll (page, hands, many) {
  for (let i = 1; i <= many; i++) {
    await hands.press('j')
    await hands.press('Enter')
    await until(`${i} are read`, async () => await rows(page, 'Đã đọc').count() === i)
    const place = await page.locator('tr.is-here a[data-read]').getAttribute('href')
    const shown = page.locator('iframe[data-reading-frame]')
    assert.ok((await shown.getAttribute('src')).includes(place), 'what is read is what stands beside the list')
    const answer = await page.request.get(place)
    assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-')
  }
  assert.equal(await page.locator('input[name="ky"]:checked').count(), many, 'what was read is ticked')
}

/** The last document has a fault: it goes back with the reason. Gives its dossier. */
async function giveBack (page, hands) {
  await hands.press('r')
  await page.locator('form[data-return] textarea:focus').waitFor()
  await hands.press('Control+Enter')
  await see(page, 'Chưa trả lại được')
  await accessibleInBoth(page)
  await hands.press('Tab')
  await hands.press('Enter')
  await page.locator('#reason:focus').waitFor()
  await page.keyboard.type(WHY)
  await hands.press('Control+Enter')
  await rows(page, 'Đã trả lại').waitFor()
  assert.equal(await page.locator('input[name="ky"]:checked').count(), MANY, 'what was read stays read')
  await accessibleInBoth(page)
  const link = await rows(page, 'Đã trả lại').getByRole('link').getAttribute('href')
  return link.split('/').at(-1)
}

/** A wrong PIN first: it is said at the field, and nothing is lost. */
async function sign (page, hands) {
  await hands.press('p')
  await page.keyboard.type('000000')
  await hands.press('Control+Enter')
  await see(page, 'Chưa ký văn bản nào')
  const pin = field(page, 'Mã PIN khóa ký')
  assert.equal(await pin.getAttribute('aria-invalid'), 'true')
  assert.match(await page.locator('#pin-e').innerText(), /PIN/)
  assert.equal(await page.locator('input[name="ky"]:checked').count(), MANY, 'what was ticked stays')
  assert.equal(await rows(page, 'Đã đọc').count(), MANY)
  await accessibleInBoth(page)
  await hands.type('Mã PIN khóa ký', PIN)
  await hands.press('Control+Enter')
}

/** The drafter finds the dossier among her work, with the leader's words. */
async function drafterReads (dossier) {
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto('/viec-cua-toi')
  await officer.locator(`a[href^="/ho-so/${dossier}"]`).first().press('Enter')
  await officer.waitForURL(url => url.pathname === `/ho-so/${dossier}`)
  await see(officer, WHY)
  await accessibleInBoth(officer)
  await officer.leave()
}

test('two results are read, signed and given back without script', async () => {
  await waiting(2)
  const leader = await enter(here.browser, here.office, LEADER, { javaScriptEnabled: false })
  leader.provoke(422)
  const hands = new Pointer(leader)
  await leader.goto('/ky-so')
  await hands.act(/^Lập danh sách ký/)
  // The page loads itself anew while it changes.
  await see(leader, 'Chờ đọc và ký: 2 văn bản')
  for (const place of [1, 2]) {
    const answer = await leader.request.get(`${new URL(leader.url()).pathname}/${place}/van-ban`)
    assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-')
  }
  await leader.reload()
  await leader.locator('summary').filter({ hasText: 'Trả lại người soạn' }).click()
  await leader.locator('form[action$="/2/tra-lai"] textarea').fill(WHY)
  await leader.locator('form[action$="/2/tra-lai"] button').click()
  await rows(leader, 'Đã trả lại').waitFor()
  await hands.act(/^Ký số văn bản đã chọn/)
  await see(leader, 'Chưa ký văn bản nào')
  await hands.type('Mã PIN khóa ký', PIN)
  await hands.act(/^Ký số văn bản đã chọn/)
  await see(leader, 'Xong: đã ký 1 trên 2')
  await leader.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})
