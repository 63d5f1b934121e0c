// Every key that stands beside an action on the page does it: [data-key], [data-main], [data-back].
import { isSingle, matches, parseStroke, parseStrokes, type Stroke } from './keycode'
import { activate, isField, isReachable, storage, topDialog } from './page'

const OFF = 'motcua.keys'

export function singlesOn (): boolean {
  return storage.get(OFF) !== 'off'
}

const strokes = new Map<string, Stroke[]>()
function strokesOf (element: HTMLElement): Stroke[] {
  const written = element.dataset['key'] ?? ''
  const known = strokes.get(written)
  if (known) return known
  const read = parseStrokes(written)
  strokes.set(written, read)
  return read
}

function byKey (event: KeyboardEvent): HTMLElement | undefined {
  const active = document.activeElement
  const typing = isField(active)
  // Enter belongs to whatever has focus; it is a key of the page only while nothing has.
  const taken = event.code === 'Enter' && !event.ctrlKey && active !== document.body && active !== null
  if (taken) return undefined
  return [...document.querySelectorAll<HTMLElement>('[data-key]')].find(element =>
    strokesOf(element).some(stroke => matches(stroke, event) && (!isSingle(stroke) || (!typing && singlesOn()))) &&
    isReachable(element))
}

/** The main act of the form in hand, of the dialog, or of the page. */
function mainAct (): HTMLElement | undefined {
  const active = document.activeElement
  const form = active instanceof HTMLElement ? active.closest('form') : null
  const acts = [...document.querySelectorAll<HTMLElement>('[data-main]')].filter(isReachable)
  return acts.find(act => form && (form.contains(act) || (act as HTMLButtonElement).form === form)) ?? acts[0]
}

const question = parseStroke('?') as Stroke
const ctrlEnter = parseStroke('Ctrl+Enter') as Stroke

/** Esc leaves the field first, then the page; a dialog closes by itself. */
function escape (event: KeyboardEvent): void {
  if (topDialog()) return
  const menu = document.querySelector<HTMLDetailsElement>('details.menu[open]')
  const active = document.activeElement
  if (menu) {
    menu.open = false
    menu.querySelector('summary')?.focus()
  } else if (isField(active)) {
    (active as HTMLElement).blur()
  } else {
    const back = byKey(event) ?? [...document.querySelectorAll<HTMLElement>('[data-back]')].find(isReachable)
    if (!back) return
    activate(back)
  }
  event.preventDefault()
}

function onKey (event: KeyboardEvent): void {
  // An access key has already clicked when its event is marked so; once is enough.
  if (event.defaultPrevented || event.repeat) return
  if (event.code === 'Escape' && !event.isComposing) return escape(event)
  if (matches(question, event) && !isField(document.activeElement) && singlesOn() && showKeys()) return event.preventDefault()
  const target = matches(ctrlEnter, event) ? mainAct() : byKey(event)
  if (!target) return
  event.preventDefault()
  activate(target)
}

/** What a key does, in the words on its button. */
export function wordsOf (element: HTMLElement): string {
  if (element.dataset['keyLabel']) return element.dataset['keyLabel']
  const copy = element.cloneNode(true) as HTMLElement
  for (const part of copy.querySelectorAll('kbd, svg, .count')) part.remove()
  const label = (element as HTMLInputElement).labels?.[0]?.firstChild?.textContent ?? ''
  return (copy.textContent?.trim() || element.getAttribute('aria-label') || label).replace(/\s+/g, ' ').trim()
}

function keyRow (key: string, words: string): HTMLElement {
  const row = document.createElement('div')
  const cap = document.createElement('dt')
  for (const part of key.split(/\s+/)[0]?.split(/\+(?=.)/) ?? []) {
    const kbd = document.createElement('kbd')
    kbd.textContent = part
    cap.append(kbd, ' ')
  }
  const text = document.createElement('dd')
  text.textContent = words
  row.append(cap, text)
  return row
}

/** Opens the list of keys. The page gives what holds everywhere; the acts on the page are added here. */
function showKeys (): boolean {
  const dialog = document.querySelector<HTMLDialogElement>('dialog[data-keys-dialog]')
  if (!dialog || dialog.open) return false
  const list = dialog.querySelector('[data-keys-list]')
  const found = [...document.querySelectorAll<HTMLElement>('[data-key]')].filter(act => !dialog.contains(act) && isReachable(act))
  list?.replaceChildren(...found.map(act => keyRow(act.dataset['key'] ?? '', wordsOf(act))))
  for (const part of dialog.querySelectorAll<HTMLElement>('[data-keys-for]')) {
    part.hidden = !document.querySelector(part.dataset['keysFor'] ?? '')
  }
  dialog.showModal()
  return true
}

function showSetting (): void {
  const on = singlesOn()
  document.documentElement.classList.toggle('keys-off', !on)
  for (const control of document.querySelectorAll<HTMLElement>('[data-keys-toggle]')) {
    if (control instanceof HTMLInputElement) control.checked = on
    else control.setAttribute('aria-pressed', String(on))
  }
}

function onClick (event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('[data-keys-toggle]')) {
    if (singlesOn()) storage.set(OFF, 'off')
    else storage.remove(OFF)
    showSetting()
  } else if (target?.closest('[data-keys-open]')) {
    if (showKeys()) event.preventDefault()
  } else if (target?.closest('[data-close]')) {
    target.closest('dialog')?.close()
  }
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    if (!target || !menu.contains(target)) menu.open = false
  }
}

export function start (): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-key]')) {
    element.toggleAttribute('data-key-single', strokesOf(element).every(isSingle))
  }
  showSetting()
  document.addEventListener('keydown', onKey)
  document.addEventListener('click', onClick)
}
