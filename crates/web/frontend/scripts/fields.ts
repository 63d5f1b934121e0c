// The fields of a form as name and value, out and in.

export type Pair = readonly [string, string]

/** What a draft holds: everything but files, passwords, the page's token and what the page excludes. */
export function pairsOf (form: HTMLFormElement, token: string): Pair[] {
  const out = new Set([...form.elements].filter(isPrivate).map(part => (part as HTMLInputElement).name))
  return [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' && !out.has(name) && (token === '' || value !== token) ? [[name, value] as const] : [])
}

function isPrivate (part: Element): boolean {
  return part.matches('input[type="password"], input[type="file"], [data-draft-skip], [data-draft-skip] *')
}

/** Puts the pairs back. True if that changed anything on the page. */
export function restore (form: HTMLFormElement, pairs: readonly Pair[]): boolean {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value])
  let changed = false
  for (const part of form.elements) {
    if (part instanceof HTMLInputElement || part instanceof HTMLTextAreaElement || part instanceof HTMLSelectElement) {
      if (part.name !== '' && !isPrivate(part)) changed = put(part, values) || changed
    }
  }
  return changed
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

function put (part: Field, values: Map<string, string[]>): boolean {
  const given = values.get(part.name) ?? []
  if (part instanceof HTMLInputElement && (part.type === 'checkbox' || part.type === 'radio')) {
    const checked = given.includes(part.value)
    const changed = part.checked !== checked
    part.checked = checked
    return changed
  }
  if (part instanceof HTMLInputElement && ['hidden', 'submit', 'button', 'reset'].includes(part.type)) return false // the server's own
  // Several fields may share a name; they take their values in order.
  const value = given.shift()
  if (value === undefined || part.value === value) return false
  part.value = value
  return true
}
