import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { load } from './load.mjs'

const { ask, exchange, isThere, read, sign } = await load('local-signing.ts')
const AT = 'ws://127.0.0.1:8987'
const ORDER = { run: 'SignIssued', file: 'https://o.test/f?w=1', upload: 'https://o.test/u?w=2', session: '', number: '12', date: '' }

/** A service that answers as told: by function, null for silence, undefined for nobody there. */
function service (answers) {
  const asked = []
  globalThis.WebSocket = class {
    constructor (url) {
      this.run = url.slice(AT.length + 1)
      setTimeout(() => (this.run in answers ? this.onopen() : this.onerror()), 0)
    }

    send (text) {
      asked.push([this.run, text])
      const answer = answers[this.run]
      if (answer !== null) setTimeout(() => this.onmessage({ data: answer }), 0)
    }

    close () {}
  }
  return asked
}

afterEach(() => { delete globalThis.WebSocket })

test('a service is asked for its version, then told where the document is and where it goes', async () => {
  const asked = service({ GetVersion: '{}', SignIssued: JSON.stringify({ Status: 0, FileServer: 'kept' }) })
  assert.ok(await isThere(AT))
  assert.deepEqual(await sign(AT, ORDER), { state: 'done', said: 'kept' })
  assert.deepEqual(asked[0], ['GetVersion', 'version'])
  const told = JSON.parse(asked[1][1])
  assert.equal(told.FileName, ORDER.file)
  assert.equal(told.FileUploadHandler, ORDER.upload)
  assert.equal(told.DocNumber, '12')
  assert.ok(!('IssuedDate' in told))
})

test('who cancels, who is away and what is no answer are told apart', async () => {
  service({ GetVersion: '{}', SignIssued: JSON.stringify({ Status: 1, Message: 'Người dùng hủy' }) })
  assert.deepEqual(await sign(AT, ORDER), { state: 'refused', words: 'Người dùng hủy' })
  service({})
  assert.equal(await isThere(AT), false)
  service({ GetVersion: '{}' })
  assert.deepEqual(await sign(AT, ORDER), { state: 'lost' })
  assert.deepEqual(read('<html>'), { state: 'lost' })
  assert.deepEqual(read('{}'), { state: 'refused', words: '' })
})

test('silence ends, and nothing but signing is asked for', async () => {
  const asked = service({ GetVersion: null, Config: '{}' })
  assert.equal(await exchange(`${AT}/GetVersion`, 'version', 20), null)
  assert.deepEqual(await sign(AT, { ...ORDER, run: 'Config' }), { state: 'absent' })
  assert.deepEqual(asked.map(([run]) => run), ['GetVersion'])
})

test('the server is asked with the secret of the page, once more with a new one, and its words are kept', async () => {
  const meta = { content: 'old' }
  globalThis.document = { querySelector: () => meta, querySelectorAll: () => [] }
  const sent = []
  const answers = [
    { status: 403, ok: false, headers: new Headers({ 'x-csrf-token': 'new' }), json: async () => ({}) },
    { status: 200, ok: true, headers: new Headers(), json: async () => ({ file: '/f' }) },
    { status: 409, ok: false, headers: new Headers(), json: async () => ({ message: 'Hồ sơ đã thay đổi' }) }
  ]
  globalThis.fetch = async (url, options) => {
    sent.push([url, options.headers['x-csrf-token'], String(options.body)])
    return answers.shift()
  }
  const form = new URLSearchParams({ version: '5' })
  assert.deepEqual(await ask('/ho-so/1/ky-tai-cho', form), { file: '/f' })
  assert.deepEqual(sent.map(([, secret]) => secret), ['old', 'new'])
  assert.equal(sent[0][2], 'version=5')
  assert.equal(await ask('/ho-so/1/ky-tai-cho', form), 'Hồ sơ đã thay đổi')
  globalThis.fetch = async () => { throw new TypeError('cut') }
  assert.equal(await ask('/ho-so/1/ky-tai-cho', form), '')
  delete globalThis.document
  delete globalThis.fetch
})
