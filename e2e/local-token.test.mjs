// The leader signs with the government's token at her own desk, with the keyboard alone: the program
// on her machine is away, she cancels there, what it hands back is altered, and at last it signs. And
// without script she signs with a program of her own and hands the file in.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Already } from './support/already.mjs'
import { accessible } from './support/axe.mjs'
import { PHONE, openBrowser, see } from './support/browser.mjs'
import { Keys } from './support/hands.mjs'
import { Office } from './support/office.mjs'
import { ADMIN, LEADER, enter } from './support/people.mjs'
import { Token } from './support/token.mjs'

/** Not where a real service listens: a developer may have one. */
const PORT = 18987
const WHO = 'lanhdao-hacthanh'
const NAME = 'Nguyễn Văn Bình'
const here = { office: null, browser: null, token: null }
const shots = process.env.SHOTS

/** A picture for people to look at, where a folder is named for them. */
async function shot (page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}


before(async () => {
  process.env.MOTCUA_LOCAL_TOKEN = `wss://127.0.0.1:${PORT}`
  // The program on her machine listens under a key of its own, which her browser was told to trust.
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
  const ask = async (path, data) => {
    const answer = data
      ? await page.request.post(path, { data, headers: { 'x-csrf-token': secret } })
      : await page.request.get(path)
    const said = await answer.text()
    assert.ok(answer.ok(), `${path}: ${answer.status()} ${said}`)
    return said === '' ? {} : JSON.parse(said)
  }
  const { items } = await ask('/api/v1/certificates')
  const own = items.find(one => one.staff === WHO)
  assert.equal(own?.name, NAME, `a certificate of ${WHO}`)
  await ask('/api/v1/certificates', {
    unit: own.unit, staff: own.staff, role: own.role, key: 'local_token', certificate: await here.token.certificate()
  })
  await ask(`/api/v1/certificates/${own.id}/end`, { why: 'replaced' })
  await page.leave()
}

test('a leader signs with the token at her desk, with the keyboard alone', async () => {
  await registered()
  const already = new Already(here)
  const id = await already.toSign()
  const page = await enter(here.browser, here.office, LEADER)
  page.provokeCuts()
  const hands = new Keys(page)
  await page.goto(`/ho-so/${id}`)
  await hands.act('Ký duyệt')
  await see(page, 'Khóa ký nằm trên thiết bị')
  await accessible(page)
  await shot(page, 'desk')

  await here.token.fault('cancelled')
  await hands.act('Ký bằng thiết bị, duyệt')
  await see(page, 'Người dùng hủy ký số')
  await accessible(page)

  await here.token.fault('altered')
  await hands.act('Ký bằng thiết bị, duyệt')
  await see(page, 'Văn bản đã ký không được nhận')
  await accessible(page)
  await shot(page, 'refused')
  await hands.act('Ký lại')
  await see(page, 'Khóa ký nằm trên thiết bị')

  await here.token.pullOut()
  await hands.act('Ký bằng thiết bị, duyệt')
  await see(page, 'Không thấy chương trình ký số')
  await accessible(page)
  await shot(page, 'absent')
  await page.setViewportSize(PHONE)
  await accessible(page)
  await shot(page, 'absent-390')
  await page.setViewportSize({ width: 1366, height: 768 })

  await here.token.plugIn()
  await hands.act('Ký bằng thiết bị, duyệt')
  await see(page, 'Ký số văn bản kết quả')
  assert.equal(new URL(page.url()).pathname, `/ho-so/${id}`)
  await accessible(page)
  await page.leave()
  await already.leave()
})

test('without script the form says so, and a file that is not signed is not taken', async () => {
  const already = new Already(here)
  const id = await already.toSign()
  const page = await enter(here.browser, here.office, LEADER, { javaScriptEnabled: false })
  page.provoke(422)
  await page.goto(`/ho-so/${id}/sign_result`)
  const said = page.locator('noscript .flash') // no text of such an element is looked at by its words
  await said.waitFor()
  assert.match(await said.textContent(), /Trình duyệt đang tắt script/)
  assert.equal(await page.getByRole('button', { name: 'Ký bằng thiết bị, duyệt' }).isVisible(), false)
  await page.locator('summary', { hasText: 'Ký bằng chương trình riêng' }).click()
  const document = await page.request.get(`/ho-so/${id}/van-ban-ky`)
  const unsigned = { name: 'van-ban-ky.pdf', mimeType: 'application/pdf', buffer: await document.body() }
  await page.getByLabel('Tệp PDF đã ký').setInputFiles(unsigned)
  await page.getByRole('button', { name: 'Nộp tệp đã ký, duyệt' }).click()
  await see(page, 'Không ghi gì; ký lại')
  await page.getByRole('button', { name: 'Nộp tệp đã ký, duyệt' }).click()
  await see(page, 'Chọn tệp PDF đã ký')
  await shot(page, 'without-script')
  await page.leave()
  await already.leave()
})
