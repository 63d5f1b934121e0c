import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { isSingle, matches, parseStroke, parseStrokes } = await load('keycode.ts')
const { fits, fold } = await load('fold.ts')
const { maySend } = await load('submit-once.ts')
const press = (code, also = {}) => ({ code, altKey: false, ctrlKey: false, shiftKey: false, metaKey: false, ...also })

test('every key of the key table is understood', () => {
  for (const written of ['F2', 'F4', 'F8', 'F9', 'Alt+B', 'Alt+K', 'Alt+H', '/', '?', 'Esc', 'Ctrl+Enter', 'J', 'x', '1', '9', '[', ']']) {
    assert.ok(parseStroke(written), written)
  }
  for (const wrong of ['', 'F13', 'Hyper+A', 'AB', '+']) assert.equal(parseStroke(wrong), null, wrong)
  assert.equal(parseStrokes('T  Alt+T nonsense').length, 2)
})

test('a key matches its place on the keyboard with exactly its modifiers', () => {
  assert.ok(matches(parseStroke('Alt+B'), press('KeyB', { altKey: true })))
  assert.ok(!matches(parseStroke('Alt+B'), press('KeyB')))
  assert.ok(!matches(parseStroke('B'), press('KeyB', { ctrlKey: true })))
  assert.ok(!matches(parseStroke('B'), press('KeyB', { metaKey: true })))
  assert.ok(matches(parseStroke('3'), press('Numpad3')))
  assert.ok(matches(parseStroke('Ctrl+Enter'), press('NumpadEnter', { ctrlKey: true })))
  assert.ok(matches(parseStroke('?'), press('Slash', { shiftKey: true })))
  assert.ok(!matches(parseStroke('/'), press('Slash', { shiftKey: true })))
})

test('only keys that type something can be turned off', () => {
  for (const written of ['J', '1', '/', '?', '[']) assert.ok(isSingle(parseStroke(written)), written)
  for (const written of ['F9', 'Alt+B', 'Esc', 'Ctrl+Enter']) assert.ok(!isSingle(parseStroke(written)), written)
})

test('names are found without tone marks, in any order', () => {
  assert.equal(fold('  Đăng  KÝ khai sinh '), 'dang ky khai sinh')
  assert.equal(fold('Nguyễn Thị Hường'), 'nguyen thi huong')
  assert.ok(fits('1.004873 Cấp Giấy xác nhận tình trạng hôn nhân', 'hôn xác'))
  assert.ok(fits('1.004873 Cấp Giấy xác nhận tình trạng hôn nhân', '1.0048'))
  assert.ok(!fits('Đăng ký khai tử', 'khai sinh'))
})

test('a form is sent once in ten seconds', () => {
  assert.ok(maySend(undefined, 5))
  assert.ok(!maySend(1000, 10_999))
  assert.ok(maySend(1000, 11_000))
})
