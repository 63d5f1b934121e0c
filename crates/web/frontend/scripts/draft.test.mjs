import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { PAUSE_MS, Saver, waitAfter } = await load('saver.ts')
const { Copies, LIFE_MS } = await load('copies.ts')

/** A desk whose clock and network are moved by hand. */
function desk () {
  const seen = { sent: 0, kept: 0, forgotten: 0, aborted: 0, looks: [] }
  let now = 0
  let timers = []
  let answer = null
  const saver = new Saver({
    send: () => { seen.sent++; return new Promise(resolve => { answer = resolve }) },
    abort: () => { seen.aborted++; answer('failed') },
    keep: () => { seen.kept++ },
    forget: () => { seen.forgotten++ },
    show: look => { seen.looks.push(look) },
    after: (ms, run) => { const timer = { at: now + ms, run }; timers.push(timer); return timer },
    cancel: timer => { timers = timers.filter(other => other !== timer) }
  })
  const pass = ms => {
    now += ms
    const due = timers.filter(timer => timer.at <= now)
    timers = timers.filter(timer => timer.at > now)
    for (const timer of due) timer.run()
  }
  const reply = async outcome => { answer(outcome); await new Promise(resolve => setImmediate(resolve)) }
  return { saver, seen, pass, reply }
}

test('a draft is sent once after a pause, and the copy goes when the server has it', async () => {
  const { saver, seen, pass, reply } = desk()
  saver.typed(); pass(PAUSE_MS - 1); saver.typed(); pass(PAUSE_MS - 1)
  assert.equal(seen.sent, 0)
  pass(1)
  assert.equal(seen.sent, 1)
  await reply('saved')
  assert.deepEqual(seen.looks, ['saving', 'saved'])
  assert.equal(seen.forgotten, 1)
  assert.equal(saver.unsaved, false)
})

test('what is typed while a draft travels is sent after it, never beside it', async () => {
  const { saver, seen, pass, reply } = desk()
  saver.typed(); pass(PAUSE_MS)
  saver.typed(); pass(PAUSE_MS)
  assert.equal(seen.sent, 1)
  await reply('saved')
  assert.equal(seen.forgotten, 0)
  pass(PAUSE_MS)
  assert.equal(seen.sent, 2)
  await reply('saved')
  assert.equal(seen.forgotten, 1)
})

test('a failure keeps a copy and tries again after longer and longer waits', async () => {
  const { saver, seen, pass, reply } = desk()
  saver.typed(); pass(PAUSE_MS)
  await reply('failed')
  assert.equal(seen.kept, 1)
  assert.equal(seen.looks.at(-1), 'unsaved')
  pass(999)
  assert.equal(seen.sent, 1)
  pass(1)
  await reply('failed')
  pass(1999)
  assert.equal(seen.sent, 2)
  saver.typed()
  assert.equal(seen.kept, 3, 'typing without a line is kept at once')
  saver.flush()
  assert.equal(seen.sent, 3, 'the line is back')
  await reply('saved')
  assert.equal(seen.forgotten, 1)
  assert.deepEqual([1, 2, 3, 5, 6, 60].map(waitAfter), [1000, 2000, 4000, 16_000, 30_000, 30_000])
})

test('an ended session waits for a new sign-in, a refused draft for new words', async () => {
  const { saver, seen, pass, reply } = desk()
  saver.typed(); pass(PAUSE_MS)
  await reply('expired')
  saver.typed(); pass(60_000)
  assert.equal(seen.sent, 1)
  saver.flush()
  assert.equal(seen.sent, 2)
  await reply('gone')
  pass(60_000)
  assert.equal(seen.sent, 2)
  saver.typed(); pass(PAUSE_MS)
  assert.equal(seen.sent, 3)
  assert.ok(saver.unsaved)
})

test('nothing is sent beside a form that is on its way', async () => {
  const { saver, seen, pass } = desk()
  saver.typed()
  saver.stop()
  pass(60_000)
  assert.equal(seen.sent, 0)
  saver.resume()
  assert.equal(seen.sent, 1)
})

test('what is being sent when the form leaves is stopped, and is no news', async () => {
  const { saver, seen, pass } = desk()
  saver.typed(); pass(PAUSE_MS)
  saver.stop()
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(seen.aborted, 1)
  assert.deepEqual(seen.looks, ['saving'])
  saver.resume()
  assert.equal(seen.sent, 2)
})

test('a page that another has overtaken says so, keeps nothing and sends nothing more', async () => {
  const { saver, seen, pass, reply } = desk()
  saver.typed(); pass(PAUSE_MS)
  await reply('stale')
  assert.deepEqual(seen.looks, ['saving', 'gone'])
  assert.equal(seen.kept, 0)
  assert.equal(seen.forgotten, 1)
  saver.typed(); pass(60_000); saver.flush()
  assert.equal(seen.sent, 1)
  assert.equal(saver.unsaved, false)
})

function shelf () {
  const kept = new Map()
  return {
    kept,
    get: key => kept.get(key) ?? null,
    set: (key, value) => { kept.set(key, value); return true },
    remove: key => { kept.delete(key) },
    keys: () => [...kept.keys()]
  }
}
const copy = (at, base = 0, owner = 'ngan') => ({ owner, url: '/drafts/7', at, base, fields: [['name', 'Đặng Thị Ngọc Quỳnh']] })

test('a copy is offered to its owner while it says more than the server', () => {
  const copies = new Copies(shelf())
  copies.keep('7', copy(5000, 3000))
  assert.equal(copies.newer('7', 'thu', 3000), null)
  assert.equal(copies.newer('8', 'ngan', 3000), null)
  assert.deepEqual(copies.newer('7', 'ngan', 3000)?.fields, [['name', 'Đặng Thị Ngọc Quỳnh']])
  assert.equal(copies.newer('7', 'ngan', 6000), null, 'the server has later words')
  copies.forgetOf('7', 'thu')
  assert.ok(copies.newer('7', 'ngan', 3000), 'it is not hers to forget')
  copies.forgetOf('7', 'ngan')
  assert.equal(copies.newer('7', 'ngan', 3000), null)
  copies.keep('7', copy(5000, 3000))
  copies.forget('7')
  assert.equal(copies.newer('7', 'ngan', 3000), null)
})

test('a copy lives twelve hours, and what nobody can read goes at once', () => {
  const place = shelf()
  const copies = new Copies(place)
  copies.keep('old', copy(1000))
  copies.keep('new', copy(2000))
  place.set('motcua.draft:torn', '{"at":')
  place.set('motcua.keys', 'off')
  copies.sweep(1001 + LIFE_MS)
  assert.deepEqual([...place.kept.keys()].sort(), ['motcua.draft:new', 'motcua.keys'])
})

test('only words of a page that has just closed are sent again by the next page', () => {
  const copies = new Copies(shelf())
  copies.keep('just', copy(100_000))
  copies.keep('long ago', copy(1000))
  copies.keep('another', copy(100_000, 0, 'thu'))
  assert.deepEqual(copies.leftBehind('ngan', 130_000).map(found => found.id), ['just'])
})

test('who signs out leaves no copy behind, and only copies go', () => {
  const kept = new Map([['motcua.keys', 'off']])
  const shelf = { get: key => kept.get(key) ?? null, set: (key, value) => { kept.set(key, value); return true }, remove: key => { kept.delete(key) }, keys: () => [...kept.keys()] }
  const copies = new Copies(shelf)
  copies.keep('a', { owner: 'ngan', url: '/x', at: 1, base: 0, fields: [] })
  shelf.set('motcua.draft:b', 'no copy at all')
  copies.clear()
  assert.deepEqual([...kept.keys()], ['motcua.keys'])
})
