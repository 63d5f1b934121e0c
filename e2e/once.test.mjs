// Pressed twice, done once; and the back button repeats nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { field, see } from './support/browser.mjs'
import { sealed } from './support/day.mjs'
import { Pointer, identify } from './support/hands.mjs'
import { PIN } from './support/office.mjs'
import { CLERK, LEADER, OFFICER, SEAL, enter, fillIn, finish } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

/** Counts what leaves the page for the server to change something. */
function sent (page) {
  const posts = []
  page.on('request', request => {
    if (request.method() === 'POST' && request.isNavigationRequest()) posts.push(new URL(request.url()).pathname)
  })
  return posts
}

/** Presses a button three times before any answer can come, as impatient hands do. */
async function hammer (page, name) {
  const button = page.getByRole('button', { name }).filter({ visible: true }).first()
  await button.evaluate(element => { for (let i = 0; i < 3; i++) element.click() })
}

test('every act of the main job, pressed three times, has its effect once', async () => {
  const clerk = await enter(here.browser, here.office, CLERK)
  const posts = sent(clerk)
  await fillIn(clerk)
  await clerk.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(clerk, 'đủ giấy tờ bắt buộc')
  await clerk.getByLabel('Số trang 1').fill('1')
  posts.length = 0
  await hammer(clerk, 'Tiếp nhận, in giấy hẹn')
  await clerk.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  const address = new URL(clerk.url()).pathname
  await hammer(clerk, 'Chuyển giải quyết')
  await see(clerk, 'Đã chuyển giải quyết')
  assert.deepEqual(posts, ['/tiep-nhan', `${address}/hand_over`])
  await work(OFFICER, address, async page => {
    await page.goto(`${address}/draft_result`)
    await field(page, 'Nội dung kết quả').fill('Chứng thực 02 bản sao.')
    await hammer(page, 'Lưu dự thảo')
    await see(page, 'Đã lưu dự thảo kết quả')
    await hammer(page, /^Trình/)
    await see(page, 'Đã chuyển bước sau')
  })
  await work(LEADER, address, async page => {
    await page.goto(`${address}/sign_result`)
    await field(page, 'Mã PIN khóa ký').fill(PIN)
    await hammer(page, 'Ký số và duyệt')
    await see(page, 'Ký số văn bản kết quả')
  })
  await work(SEAL, address, async page => {
    await hammer(page, 'Vào sổ, phát hành')
    await see(page, 'Đã vào sổ')
    await sealed(page)
  })
  await clerk.goto(`${address}/return`)
  await identify(clerk, new Pointer(clerk))
  await hammer(clerk, 'Trả kết quả')
  await see(clerk, 'Hồ sơ đã kết thúc')
  const story = await clerk.locator('.story').innerText()
  for (const told of ['Tiếp nhận, cấp số', 'Chuyển Phường Hạc Thành', 'Soạn kết quả', 'Ký số văn bản kết quả', 'Ký duyệt dự thảo', 'Phát hành kết quả', 'Trả kết quả']) {
    assert.equal(story.split(told).length - 1, 1, `${told}:\n${story}`)
  }
  await clerk.leave()
})

async function work (login, address, act) {
  const page = await enter(here.browser, here.office, login)
  const posts = sent(page)
  await page.goto(address)
  await act(page)
  assert.equal(new Set(posts).size, posts.length, posts.join('\n'))
  await page.leave()
}

test('going back after a reception finds nothing to send once more', async () => {
  const page = await enter(here.browser, here.office, CLERK)
  page.provoke(404)
  await page.goto('/viec-don-vi')
  const before = await page.locator('[data-row]').count()
  await fillIn(page)
  await finish(page)
  await page.goBack()
  await page.getByRole('heading', { name: 'Không tìm thấy trang này' }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).count(), 0)
  await page.goto('/viec-don-vi')
  assert.equal(await page.locator('[data-row]').count(), before + 1)
  await page.leave()
})

test('two clicks without script give one dossier', async () => {
  const page = await enter(here.browser, here.office, CLERK, { javaScriptEnabled: false })
  await page.goto('/viec-don-vi')
  const before = await page.locator('[data-row]').count()
  await fillIn(page)
  await page.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(page, 'đủ giấy tờ bắt buộc')
  await page.getByLabel('Số trang 1').fill('1')
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).dblclick({ noWaitAfter: true })
  await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  await page.goto('/viec-don-vi')
  assert.equal(await page.locator('[data-row]').count(), before + 1)
  await page.leave()
})
