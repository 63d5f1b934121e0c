import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { Lines } = await load('lines.ts')

/** A pad that notes what is drawn on it. */
function pad () {
  const drawn = []
  const lines = new Lines()
  return { lines, drawn, draw: (from, to) => drawn.push([from.x, from.y, to.x, to.y]) }
}

test('a pen draws from where it was to where it goes, and only while it is down', () => {
  const { lines, drawn, draw } = pad()
  lines.go({ x: 1, y: 1 }, draw)
  assert.deepEqual(drawn, [])
  lines.begin({ x: 10, y: 20 }, draw)
  lines.go({ x: 12, y: 22 }, draw)
  lines.go({ x: 15, y: 20 }, draw)
  assert.ok(lines.end())
  lines.go({ x: 90, y: 90 }, draw)
  assert.deepEqual(drawn, [[10, 20, 10, 20], [10, 20, 12, 22], [12, 22, 15, 20]])
  assert.ok(!lines.end(), 'it was up already')
})

test('nothing is drawn before the first line, after clearing, and something is when it was restored', () => {
  const { lines, draw } = pad()
  assert.ok(!lines.drawn)
  lines.begin({ x: 1, y: 1 }, draw)
  assert.ok(!lines.drawn, 'the pen is still down')
  lines.end()
  assert.ok(lines.drawn)
  lines.clear()
  assert.ok(!lines.drawn)
  lines.restored()
  assert.ok(lines.drawn)
})
