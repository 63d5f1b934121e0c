// The leader reads three results and works them through with the token at her own desk, by the keys
// that stand on the page: she cancels the first one in the program's window, the others are signed, the
// refused one stays, and pressed once more it is signed too. Without script the page sends her to each
// dossier.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessible, accessibleInBoth } from './support/axe.mjs'
import { openBrowser, see, until } from './support/browser.mjs'
import { Keys } from './support/hands.mjs'
import { Office } from './support/office.mjs'
import { ADMIN, LEADER, enter } from './support/people.mjs'
import { Token } from './support/token.mjs'

/** Not where a real service listens, nor where another journey's does. */
const PORT = 18988
const WHO = 'lanhdao-hacthanh'
const NAME = 'Nguyễn Văn Bình'
const MANY = 3
const here = { office: null, browser: null, token: null }

before(async () => {
  process.env.MOTCUA_LOCAL_TOKEN = `wss://127.0.0.1:${PORT}`
  here.token = await Token.of(NAME, PORT)
  ;[here.office, here.browser] = await Promise.all([Office.open(), openBrowser(here.token.fingerprint)])
})
after(async () => {
  await here.token?.forget()
  await here.browser?.close()
  await here.office?.close()
})

/** The leader's certificate is the one on her token from now on. */
async function registered () {
  const page = await enter(here.browser, here.office, ADMIN)
  await page.goto('/chung-thu')
  const secret = await page.locator('meta[name="csrf"]').getAttribute('content')
  const headers = { 'x-csrf-token': secret }
  const { items } = await (await page.request.get('/api/v1/certificates')).json()
  const own = items.find(one => one.staff === WHO)
  const data = {
    unit: own.unit, staff: own.staff, role: own.role, key: 'local_token', certificate: await here.token.certificate()
  }
  const made = await page.request.post('/api/v1/certificates', { data, headers })
  assert.equal(made.status(), 201, await made.text())
  const ended = await page.request.post(`/api/v1/certificates/${own.id}/end`, { data: { why: 'replaced' }, headers })
  assert.equal(ended.status(), 204)
  await page.leave()
}

const rows = (page, state) => page.locator('tr[data-row]').filter({ hasText: state })

async function waiting () {
  const already = new Already(here)
  for (let i = 0; i < MANY; i++) await already.toSign()
  await already.leave()
}

test('a leader works a batch through with the token at her desk, by the keyboard', async () => {
  await registered()
  await waiting()
  const leader = await enter(here.browser, here.office, LEADER)
  // The viewer beside the list asks for its own picture, which the server does not have.
  leader.provoke(404)
  leader.provokeCuts()
  const hands = new Keys(leader)
  await leader.goto('/ky-so')
  await hands.act('Lập danh sách ký')
  await leader.waitForURL(/\/ky-so\/[0-9a-f]+$/)
  await see(leader, `Chờ đọc và ký: ${MANY} văn bản`)
  await see(leader, 'Chứng thư của bạn nằm trên thiết bị')
  await accessibleInBoth(leader)
  for (let i = 1; i <= MANY; i++) {
    await hands.press('j')
    await hands.press('Enter')
    await until(`${i} are read`, async () => await rows(leader, 'Đã đọc').count() === i)
  }
  await here.token.fault('cancelled')
  await hands.act('Ký lần lượt bằng thiết bị')
  await see(leader, `Đã ký ${MANY - 1} trên ${MANY} văn bản`)
  await see(leader, 'Người dùng hủy ký số')
  await accessible(leader)
  await hands.act('Ký lần lượt bằng thiết bị')
  await see(leader, `Xong: đã ký ${MANY} trên ${MANY}`)
  assert.equal(await rows(leader, 'Đã ký').count(), MANY)
  await leader.leave()
  assert.match(await here.office.check(), /\b0 differences/)
})

test('without script a batch at the desk leads to each dossier', async () => {
  await waiting()
  const leader = await enter(here.browser, here.office, LEADER, { javaScriptEnabled: false })
  await leader.goto('/ky-so')
  await leader.getByRole('button', { name: 'Lập danh sách ký' }).click()
  await see(leader, 'Chứng thư của bạn nằm trên thiết bị')
  const said = leader.locator('noscript .flash')
  await said.waitFor()
  assert.match(await said.textContent(), /Ký từng văn bản ở trang của hồ sơ/)
  assert.equal(await leader.getByRole('button', { name: 'Ký lần lượt' }).isVisible(), false)
  await leader.getByRole('link', { name: 'Ký văn bản này' }).first().click()
  await see(leader, 'Khóa ký nằm trên thiết bị')
  await leader.leave()
})
