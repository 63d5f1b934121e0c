// Keys as they are written on the page ("F9", "Alt+B", "/", "?") matched by place on the keyboard:
// with a Vietnamese input method on, event.key says nothing useful.

export interface Stroke {
  readonly code: string
  readonly alt: boolean
  readonly ctrl: boolean
  readonly shift: boolean
}

export interface KeyLike {
  readonly code: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  readonly metaKey: boolean
}

const CODES: Readonly<Record<string, string>> = {
  '/': 'Slash', '?': 'Slash', '[': 'BracketLeft', ']': 'BracketRight', ESC: 'Escape', ENTER: 'Enter'
}

function codeOf (name: string): string | null {
  if (/^[A-Z]$/.test(name)) return `Key${name}`
  if (/^[0-9]$/.test(name)) return `Digit${name}`
  if (/^F([1-9]|1[0-2])$/.test(name)) return name
  return CODES[name] ?? null
}

/** Reads one key as written, null if it names no key. */
export function parseStroke (written: string): Stroke | null {
  const parts = written.trim().toUpperCase().split('+')
  const name = parts.pop() ?? ''
  const code = codeOf(name)
  if (!code || parts.some(part => !['ALT', 'CTRL', 'SHIFT'].includes(part))) return null
  return { code, alt: parts.includes('ALT'), ctrl: parts.includes('CTRL'), shift: name === '?' || parts.includes('SHIFT') }
}

/** The keys of one attribute: alternatives stand apart by a space. */
export function parseStrokes (written: string): Stroke[] {
  return written.split(/\s+/).map(parseStroke).filter(stroke => stroke !== null)
}

export function matches (stroke: Stroke, event: KeyLike): boolean {
  const code = event.code.replace(/^Numpad(?=[0-9]$)/, 'Digit').replace('NumpadEnter', 'Enter')
  return stroke.code === code && stroke.alt === event.altKey && stroke.ctrl === event.ctrlKey &&
    stroke.shift === event.shiftKey && !event.metaKey
}

/** Keys that type something: they act outside fields only, and a person may turn them off. */
export function isSingle (stroke: Stroke): boolean {
  return !stroke.alt && !stroke.ctrl && /^(Key|Digit|Slash|Bracket)/.test(stroke.code)
}
