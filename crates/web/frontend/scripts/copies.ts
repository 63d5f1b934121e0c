// Copies of drafts the server has not confirmed, on this machine only. A counter is shared: a copy
// goes as soon as the server has it, twelve hours at most, and is offered to its owner alone.

export interface Copy {
  readonly owner: string
  /** Where it is saved. */
  readonly url: string
  /** Clock of this machine, milliseconds. */
  readonly at: number
  /** The server's time of the version it was typed over, milliseconds, 0 if there was none. */
  readonly base: number
  readonly fields: ReadonlyArray<readonly [string, string]>
}

export interface Shelf {
  get (key: string): string | null
  set (key: string, value: string): boolean
  remove (key: string): void
  keys (): string[]
}

const PREFIX = 'motcua.draft:'
/** A page that closed sends its last words itself; for so long the next page makes sure of it. */
const LAST_WORDS_MS = 120_000
export const LIFE_MS = 12 * 3600 * 1000

function read (text: string | null): Copy | null {
  if (text === null) return null
  try {
    const copy = JSON.parse(text) as Copy
    return typeof copy.at === 'number' && typeof copy.base === 'number' && Array.isArray(copy.fields) ? copy : null
  } catch {
    return null
  }
}

export class Copies {
  readonly #shelf: Shelf
  constructor (shelf: Shelf) {
    this.#shelf = shelf
  }

  keep (id: string, copy: Copy): boolean {
    return this.#shelf.set(PREFIX + id, JSON.stringify(copy))
  }

  forget (id: string): void {
    this.#shelf.remove(PREFIX + id)
  }

  /** The same, when the copy is this owner's. */
  forgetOf (id: string, owner: string): void {
    if (read(this.#shelf.get(PREFIX + id))?.owner === owner) this.forget(id)
  }

  /** Nothing of anybody stays: the person leaves this machine. */
  clear (): void {
    for (const [key] of this.#all()) this.#shelf.remove(key)
  }

  /** The copy of this draft, if it is its owner's and still says more than the server's version. */
  newer (id: string, owner: string, serverAt: number): Copy | null {
    const copy = read(this.#shelf.get(PREFIX + id))
    if (!copy || copy.owner !== owner) return null
    // Typed over the very version the server still has; or, by the clocks, later than what it has.
    return copy.base === serverAt || copy.at > serverAt ? copy : null
  }

  /** Copies of this owner left behind by pages that have just closed. */
  leftBehind (owner: string, now: number): Array<{ id: string, copy: Copy }> {
    return this.#all().flatMap(([key, copy]) =>
      copy && copy.owner === owner && now - copy.at < LAST_WORDS_MS ? [{ id: key.slice(PREFIX.length), copy }] : [])
  }

  #all (): Array<[string, Copy | null]> {
    return this.#shelf.keys().filter(name => name.startsWith(PREFIX)).map(key => [key, read(this.#shelf.get(key))])
  }

  /** Removes what is too old, and what nobody can read. */
  sweep (now: number): void {
    for (const [key, copy] of this.#all()) {
      if (!copy || now - copy.at > LIFE_MS || copy.at > now + LIFE_MS) this.#shelf.remove(key)
    }
  }
}
