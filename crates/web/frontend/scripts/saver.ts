// When to send a draft: a pause after typing, one request at a time, again after a failure with
// longer and longer waits. Knows nothing of the page or the network; both are handed in.

/**
 * `gone`: the server took the draft away or will never take it. `expired`: someone must sign in.
 * `stale`: the draft was saved elsewhere since the page was drawn; nothing of this page may lie over it.
 */
export type Outcome = 'saved' | 'failed' | 'expired' | 'gone' | 'stale'
export type Look = 'saving' | 'saved' | 'unsaved' | 'expired' | 'gone'

export interface Surroundings {
  /** Sends what the form holds now. Never throws. */
  send (): Promise<Outcome>
  /** Stops what is being sent. */
  abort (): void
  /** Keeps what the form holds now on this machine. */
  keep (): void
  /** The server has it: what was kept here goes. */
  forget (): void
  show (look: Look): void
  after (ms: number, run: () => void): unknown
  cancel (timer: unknown): void
}

export const PAUSE_MS = 400
const LONGEST_MS = 30_000

/** The wait before try number `failures + 1`: 1, 2, 4, 8, 16, then every 30 seconds. */
export function waitAfter (failures: number): number {
  return Math.min(LONGEST_MS, 1000 * 2 ** (failures - 1))
}

export class Saver {
  readonly #around: Surroundings
  #timer: unknown = null
  #dirty = false
  #sending = false
  #failures = 0
  #expired = false
  #stopped = false
  #stale = false

  constructor (around: Surroundings) {
    this.#around = around
  }

  /** True while something typed is not known to be on the server. */
  get unsaved (): boolean {
    return !this.#stale && (this.#dirty || this.#sending)
  }

  typed (): void {
    if (this.#stale) return
    this.#dirty = true
    if (this.#stopped) return this.#around.keep()
    // While the line is down the copy follows every stroke, not only every try.
    if (this.#failures > 0) this.#around.keep()
    if (this.#failures === 0 || (this.#timer === null && !this.#expired)) this.#wait(PAUSE_MS)
  }

  /** Sends now whatever waits: the line is back, someone signed in, a copy was restored. */
  flush (): void {
    if (!this.#dirty || this.#stopped || this.#stale) return
    this.#clear()
    void this.#send()
  }

  /** The form itself is on its way; nothing more is sent from here, nor may arrive after it. */
  stop (): void {
    this.#stopped = true
    this.#clear()
    if (this.#sending) this.#around.abort()
  }

  /** The form did not leave after all (the page was shown again). */
  resume (): void {
    this.#stopped = false
    this.flush()
  }

  async #send (): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    this.#dirty = false
    this.#expired = false
    this.#around.show('saving')
    const outcome = await this.#around.send()
    this.#sending = false
    // What was under way is no news of a form that has left.
    if (this.#stopped) this.#dirty = true
    else if (outcome === 'saved') this.#saved()
    else this.#failed(outcome)
  }

  #saved (): void {
    this.#failures = 0
    if (this.#dirty) return this.#wait(PAUSE_MS)
    this.#around.forget()
    this.#around.show('saved')
  }

  #failed (outcome: Exclude<Outcome, 'saved'>): void {
    this.#dirty = true
    this.#failures++
    if (outcome === 'stale') return this.#lost()
    this.#around.keep()
    this.#expired = outcome === 'expired'
    this.#around.show(outcome === 'failed' ? 'unsaved' : outcome)
    // When someone must sign in first, asking again is for flush; a draft refused waits for new words.
    if (outcome === 'failed') this.#wait(waitAfter(this.#failures))
  }

  #lost (): void {
    this.#stale = true
    this.#around.forget()
    this.#around.show('gone')
  }

  #wait (ms: number): void {
    this.#clear()
    if (!this.#stopped) this.#timer = this.#around.after(ms, () => { this.#timer = null; void this.#send() })
  }

  #clear (): void {
    if (this.#timer !== null) this.#around.cancel(this.#timer)
    this.#timer = null
  }
}
