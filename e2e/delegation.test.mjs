// A leader goes on leave: with the keyboard alone she names a deputy, who approves with both names on
// the act, and can no more once the leave is over.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible } from './support/axe.mjs'
import { field, see } from './support/browser.mjs'
import { Keys, Pointer, sign } from './support/hands.mjs'
import { CLERK, DIRECTOR, LEADER, OFFICER, enter, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const LEADER_NAME = 'Nguyễn Văn Bình'
const DIRECTOR_NAME = 'Phạm Quốc Khánh'
const BOTH = `${DIRECTOR_NAME} thay ${LEADER_NAME}`

/** A dossier that waits for the leader's approval. */
async function drafted () {
  const clerk = await enter(here.browser, here.office, CLERK)
  const address = await receive(clerk)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(`${address}/draft_result`)
  await field(officer, 'Nội dung kết quả').fill('Chứng thực 02 bản sao đúng với bản chính.')
  await officer.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(officer, 'Đã lưu dự thảo kết quả')
  await officer.getByRole('button', { name: 'Trình: Lãnh đạo ký duyệt' }).click()
  await see(officer, 'Đã chuyển bước sau')
  await officer.leave()
  return address
}

/** The office's today as forms have it, in Viet Nam. */
function today () {
  const now = Date.now() + here.office.daysAhead * 86_400_000
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(now)
}

test('during a leave the deputy approves with both names, and not after it, with the keyboard', async () => {
  const [first, second] = [await drafted(), await drafted()]
  await onLeave(first)
  await here.office.later(1)
  await afterwards(second)
  assert.match(await here.office.check(), /\b0 differences/)
})

/** The day of the leave: it is given, and the deputy approves. */
async function onLeave (first) {
  const leader = await enter(here.browser, here.office, LEADER)
  const deputy = await enter(here.browser, here.office, DIRECTOR)
  const [leads, stands] = [new Keys(leader), new Keys(deputy)]
  await deputy.goto(first)
  assert.equal(await deputy.locator('main').getByRole('link', { name: 'Ký duyệt' }).count(), 0, 'not before the leave')

  await leader.goto('/vang-mat')
  assert.match(await field(leader, 'Người vắng và vị trí').locator('option:checked').innerText(), new RegExp(LEADER_NAME))
  await leads.type('Người thay', 'P')
  assert.equal(await field(leader, 'Ngày đầu').inputValue(), today())
  await leads.type('Ngày cuối', today())
  await leads.type('Được ký duyệt thay', ' ')
  await accessible(leader)
  await leads.act('Ghi vắng mặt')
  await see(leader, 'Đã ghi vắng mặt.')
  await accessible(leader)
  const row = leader.getByRole('row', { name: new RegExp(`${LEADER_NAME}.*${DIRECTOR_NAME}`) })
  assert.match(await row.innerText(), /Đang vắng/)

  await deputy.goto('/ky-duyet')
  await see(deputy, `Đang thay: ${LEADER_NAME}`)
  await stands.open()
  await deputy.getByRole('heading', { level: 1, name: /Chứng thực bản sao/ }).waitFor()
  assert.equal(new URL(deputy.url()).pathname, first)
  await accessible(deputy)
  await sign(deputy, stands)
  await see(deputy, BOTH)
  await accessible(deputy)
  await leader.leave()
  await deputy.leave()
}

/** The day after: nobody undid anything, and the work is the leader's alone. */
async function afterwards (second) {
  const leader = await enter(here.browser, here.office, LEADER)
  const deputy = await enter(here.browser, here.office, DIRECTOR)
  await leader.goto('/vang-mat')
  await see(leader, 'Đã hết')
  await deputy.goto(second)
  assert.equal(await deputy.locator('main').getByRole('link', { name: 'Ký duyệt' }).count(), 0, 'not after the leave')
  assert.equal(await deputy.getByText('Đang thay').count(), 0)
  await leader.goto(second)
  await sign(leader, new Keys(leader))
  assert.doesNotMatch(await leader.locator('main').innerText(), new RegExp(BOTH))
  await leader.leave()
  await deputy.leave()
}

test('a leave is given and ended without script, and what is wrong stands at its field', async () => {
  const leader = await enter(here.browser, here.office, LEADER, { javaScriptEnabled: false })
  leader.provoke(422)
  const hands = new Pointer(leader)
  await leader.goto('/vang-mat')
  await field(leader, 'Người thay').selectOption({ label: 'Lê Thị Minh Thu' })
  await hands.type('Ngày đầu', today())
  await hands.type('Ngày cuối', today())
  await field(leader, 'Được ký duyệt thay').check()
  await hands.act(/^Ghi vắng mặt/)
  await see(leader, 'Người thay không giữ vị trí ký duyệt')
  assert.ok(await field(leader, 'Được ký duyệt thay').isChecked(), 'what was ticked stays')
  await field(leader, 'Được ký duyệt thay').uncheck()
  await hands.act(/^Ghi vắng mặt/)
  await see(leader, 'Đã ghi vắng mặt.')
  await leader.getByRole('button', { name: /Kết thúc ủy quyền/ }).first().click()
  await see(leader, 'Đã kết thúc.')
  await leader.leave()
})
