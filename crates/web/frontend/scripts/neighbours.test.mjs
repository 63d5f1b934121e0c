import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { around } = await load('neighbours.ts')

test('a dossier stands between its neighbours of the list, and alone where it is in none', () => {
  const list = ['/ho-so/1', '/ho-so/2', '/ho-so/3']
  assert.deepEqual(around(list, '/ho-so/2'), { previous: '/ho-so/1', next: '/ho-so/3' })
  assert.deepEqual(around(list, '/ho-so/1'), { previous: undefined, next: '/ho-so/2' })
  assert.deepEqual(around(list, '/ho-so/3'), { previous: '/ho-so/2', next: undefined })
  assert.deepEqual(around(list, '/ho-so/9'), {})
  assert.deepEqual(around([], '/ho-so/1'), {})
})
