import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from './load.mjs'

const { charge } = await load('pages.ts')
const COPIES = { first: 2000, firstPages: 2, next: 1000, most: 200000 }

test('a copy is charged by its pages up to the most, as the server counts', () => {
  for (const [pages, copies, fee] of [
    [5, 1, 7000], [300, 1, 200000], [1, 1, 2000], [2, 1, 4000], [3, 1, 5000], [197, 1, 199000], [198, 1, 200000],
    [300, 3, 600000], [5, 4, 28000]
  ]) assert.equal(charge(COPIES, pages, copies), fee, `${pages} × ${copies}`)
})
