// A batch is signed with the token at the desk, one document after the other: [data-desk-batch] on the
// page has the button that begins, one that stops after the document at hand, a bar and what is said
// ([data-desk-words]; its sentences are in data-say-*). Each [data-desk-item] says where its document is
// given out, and shows beside it what came of it ([data-desk-said]). The program keeps the token open or
// asks for the PIN again, as its owner set it; nothing of that is known here.
//
// What the server says of an attempt counts, never what the program says: it is asked at the address
// that came with the document. Who is cut off in between finds signed what is signed.
import { ask, isThere, sign } from './local-signing'

interface Came { readonly state?: string, readonly words?: string }
type End = 'signed' | 'stays' | 'cut'

const EVERY_MS = 1000
/** The server has the document before the program says so; a few askings are for a slow line. */
const TIMES = 5

function fill (words: string, i: number, n: number): string {
  return words.replace('{i}', String(i)).replace('{n}', String(n))
}

async function came (url: string, times = TIMES): Promise<Came> {
  for (let turn = 0; turn < times; turn++) {
    try {
      const response = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store' })
      const said = response.ok ? await response.json() as Came : {}
      if (said.state !== undefined && said.state !== 'waiting') return said
    } catch { /* a dropped line is a reason to ask again */ }
    if (turn + 1 < times) await new Promise(resolve => setTimeout(resolve, EVERY_MS))
  }
  return {}
}

/** Signs one document; what is to be said of it stands beside it. */
async function one (item: HTMLElement, place: HTMLElement, address: string): Promise<End> {
  const say = (words: string): void => {
    for (const part of item.querySelectorAll('[data-desk-said]')) part.textContent = words
  }
  say('')
  const given = await ask(item.dataset['deskItem'] ?? '', new URLSearchParams())
  if (typeof given === 'string') {
    say(given || (place.dataset['sayCut'] ?? ''))
    return given ? 'stays' : 'cut'
  }
  if (given.signed) return 'signed'
  const whole = (path: string): string => new URL(path, location.href).href
  const outcome = await sign(address, {
    run: given.function, file: whole(given.file), upload: whole(given.upload), session: ''
  })
  if (outcome.state === 'absent') return 'cut'
  if (outcome.state === 'refused') {
    // The program refused it, and nothing came to the server: whoever cancels once is asked for the next.
    say(outcome.words)
    const said = await came(whole(given.done), 1)
    return said.state === 'approved' ? 'signed' : 'stays'
  }
  const said = await came(whole(given.done))
  if (said.state === 'approved') return 'signed'
  say(said.words || (place.dataset[outcome.state === 'lost' ? 'sayLost' : 'sayOver'] ?? ''))
  return outcome.state === 'lost' ? 'cut' : 'stays'
}

async function all (place: HTMLElement, stopped: () => boolean): Promise<void> {
  const address = place.dataset['address'] ?? ''
  const words = place.querySelector('[data-desk-words]')
  const say = (text: string): void => { if (words) words.textContent = text }
  if (!await isThere(address)) return say(place.dataset['sayAbsent'] ?? '')
  const items = [...document.querySelectorAll<HTMLElement>('[data-desk-item]:not([data-desk-signed])')]
  const bar = place.querySelector<HTMLProgressElement>('[data-desk-bar]')
  if (bar) { bar.hidden = false; bar.max = Math.max(items.length, 1); bar.value = 0 }
  let signed = 0
  for (const [at, item] of items.entries()) {
    if (stopped()) return say(fill(place.dataset['sayStopped'] ?? '', signed, items.length))
    say(fill(place.dataset['sayFar'] ?? '', at + 1, items.length))
    item.scrollIntoView({ block: 'nearest' })
    const end = await one(item, place, address)
    if (end === 'signed') {
      signed++
      item.dataset['deskSigned'] = ''
    }
    if (bar) bar.value = at + 1
    if (end === 'cut') return say(fill(place.dataset['sayStopped'] ?? '', signed, items.length))
  }
  // The page shows the batch as the server has it.
  if (signed === items.length) return location.reload()
  say(fill(place.dataset['sayEnded'] ?? '', signed, items.length))
}

export function start (): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-desk-batch]')) {
    const button = place.querySelector<HTMLButtonElement>('button[data-desk-sign]')
    const stop = place.querySelector<HTMLButtonElement>('button[data-desk-stop]')
    if (!button || !stop) continue
    let stops = false
    button.hidden = false
    stop.addEventListener('click', () => { stops = true })
    // The button stays live, so that focus stays where it is; a second press changes nothing.
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-busy') === 'true') return
      button.setAttribute('aria-busy', 'true')
      stops = false
      stop.hidden = false
      void all(place, () => stops).finally(() => {
        button.removeAttribute('aria-busy')
        if (document.activeElement === stop) button.focus() // what is hidden loses the focus
        stop.hidden = true
      })
    })
  }
}
