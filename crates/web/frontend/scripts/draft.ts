// A form with [data-draft] saves itself while one types. What the server has not confirmed stays on
// this machine, so that neither a dropped line nor an ended session costs a word.
import { Copies } from './copies'
import { pairsOf, restore, type Pair } from './fields'
import { csrf, renewCsrf, storage } from './page'
import { Saver, type Look, type Outcome } from './saver'
import { leavesPage } from './submit-once'

interface Answer { readonly message?: string, readonly at?: number, readonly version?: number, readonly own?: boolean }

const SENT = 'motcua.sent'
/** The field with the version of the draft that the page shows. */
const SEEN = '_luot'
/** The most a browser sends for a page that is closing. */
const KEEPALIVE_BYTES = 60_000

const copies = new Copies(storage)
const owner = (): string => document.querySelector<HTMLMetaElement>('meta[name="user"]')?.content ?? ''

export function start (): void {
  copies.sweep(Date.now())
  forgetSent()
  const forms = [...document.querySelectorAll<HTMLFormElement>('form[data-draft]')]
  void sendLastWords(forms.map(idOf))
  for (const form of forms) new Draft(form)
  // After the drafts: what they send last goes to the server, and nothing stays here.
  document.addEventListener('submit', event => {
    if (isSignOut(event)) copies.clear()
  })
}

const isSignOut = (event: SubmitEvent): boolean =>
  event.target instanceof HTMLFormElement && event.target.getAttribute('action') === '/dang-xuat' && !event.defaultPrevented

const idOf = (form: HTMLFormElement): string => form.dataset['draftId'] ?? form.dataset['draft'] ?? ''

/** A form this tab sent has been answered by the page now open, so its copy is of no more use. */
function forgetSent (): void {
  try {
    const id = sessionStorage.getItem(SENT)
    sessionStorage.removeItem(SENT)
    const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    // Going back or reloading is what one does when no answer came; a refusal or the sign-in page
    // (which names no user) is no answer either.
    const answered = how?.type === 'navigate' && (how.responseStatus ?? 0) < 400 && owner() !== ''
    if (id !== null && answered) copies.forget(id)
  } catch { /* no session storage: the copy ends by age */ }
}

/** Pages that closed with words unsent tried to send them; what arrived need not stay on this machine. */
async function sendLastWords (here: readonly string[]): Promise<void> {
  for (const { id, copy } of copies.leftBehind(owner(), Date.now())) {
    if (here.includes(id)) continue // its own form decides
    const seen = Number(copy.fields.find(([name]) => name === SEEN)?.[1])
    let response = await post(copy.url, bodyOf(copy.fields), false).catch(() => null)
    const version = response?.status === 409 ? ownSave(await answerOf(response), seen) : null
    if (version !== null) {
      const fields = copy.fields.map(([name, value]): Pair => [name, name === SEEN ? String(version) : value])
      response = await post(copy.url, bodyOf(fields), false).catch(() => null)
    }
    if (response && (response.ok || [404, 409, 410].includes(response.status))) copies.forget(id)
  }
}

const answerOf = async (response: Response): Promise<Answer> => await response.json().catch(() => ({})) as Answer

/** The version to go on from, when what came in between was this page's own save without an answer. */
function ownSave (answer: Answer, seen: number): number | null {
  return answer.own === true && answer.version === seen + 1 ? answer.version : null
}

function bodyOf (pairs: readonly Pair[]): string {
  return new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()
}

async function post (url: string, body: string, keepalive: boolean, signal: AbortSignal | null = null, again = true): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', accept: 'application/json', 'x-csrf-token': csrf() },
    body,
    keepalive,
    signal,
    redirect: 'manual' // a redirect to the sign-in page is not a saved draft
  })
  const token = response.headers.get('x-csrf-token')
  if (!token || token === csrf()) return response
  renewCsrf(token)
  return response.status === 403 && again ? await post(url, body, keepalive, signal, false) : response
}

class Draft {
  readonly #form: HTMLFormElement
  readonly #url: string
  readonly #saver: Saver
  #serverAt: number
  #message = ''
  #sent = false
  #aborter: AbortController | null = null
  /** Whether a save was sent of which nobody knows whether it arrived. */
  #unanswered = false

  constructor (form: HTMLFormElement) {
    this.#form = form
    this.#url = form.dataset['draft'] ?? ''
    this.#serverAt = Number(form.dataset['draftAt'] ?? 0)
    this.#saver = new Saver({
      send: async () => await this.#send(false),
      abort: () => { this.#aborter?.abort() },
      keep: () => { this.#keep() },
      forget: () => { copies.forget(this.#id) },
      show: look => { this.#show(look) },
      after: (ms, run) => setTimeout(run, ms),
      cancel: timer => { clearTimeout(timer as number) }
    })
    this.#restore()
    this.#listen()
  }

  get #id (): string {
    return idOf(this.#form)
  }

  #listen (): void {
    const typed = (event: Event): void => {
      if (!(event.target as Element).closest('[data-draft-skip]')) this.#saver.typed()
    }
    this.#form.addEventListener('input', typed)
    this.#form.addEventListener('change', typed)
    const flush = (): void => { this.#saver.flush() }
    addEventListener('online', flush)
    addEventListener('focus', flush) // signed in again in the other tab
    document.addEventListener('submit', event => {
      if (isSignOut(event)) this.#signOut()
      if (event.target === this.#form && !event.defaultPrevented && leavesPage(this.#form, event.submitter)) this.#leave()
    })
    addEventListener('pageshow', event => {
      if (!event.persisted) return
      this.#sent = false
      this.#saver.resume()
    })
    addEventListener('pagehide', () => { this.#close() })
  }

  #restore (): void {
    const copy = copies.newer(this.#id, owner(), this.#serverAt)
    if (!copy) return copies.forgetOf(this.#id, owner()) // the page shows later words
    if (!restore(this.#form, copy.fields)) return copies.forget(this.#id)
    for (const note of document.querySelectorAll<HTMLElement>('[data-restored]')) note.hidden = false
    this.#unanswered = true // the page that closed sent them as its last thing
    this.#saver.typed()
    this.#saver.flush()
  }

  #keep (): void {
    const fields = pairsOf(this.#form, csrf())
    copies.keep(this.#id, { owner: owner(), url: this.#url, at: Date.now(), base: this.#serverAt, fields })
  }

  /** The form is sent: its copy stays until a page answers, in case none does. */
  #leave (): void {
    this.#sent = true
    this.#keep()
    this.#saver.stop()
    try { sessionStorage.setItem(SENT, this.#id) } catch { /* the copy ends by age */ }
  }

  /** The person leaves: the last words go to the server, none stay on this machine. */
  #signOut (): void {
    if (this.#saver.unsaved) void this.#send(true)
    this.#sent = true
    this.#saver.stop()
  }

  /** The page closes with words unsent: keep them, and send them as the last thing. */
  #close (): void {
    if (this.#sent || !this.#saver.unsaved) return
    this.#keep()
    void this.#send(true)
  }

  async #send (closing: boolean): Promise<Outcome> {
    const body = bodyOf(pairsOf(this.#form, csrf()))
    if (closing && body.length > KEEPALIVE_BYTES) return 'failed'
    this.#aborter = new AbortController()
    try {
      const response = await post(this.#url, body, closing, closing ? null : this.#aborter.signal)
      if (!response.ok) return await this.#refused(response)
      const answer = await response.json() as Answer
      this.#message = answer.message ?? ''
      this.#serverAt = answer.at ?? this.#serverAt
      this.#seen(answer.version)
      this.#unanswered = false
      return 'saved'
    } catch {
      this.#unanswered = true
      return 'failed'
    }
  }

  /** The page shows this version from now on. */
  #seen (version: number | undefined): void {
    const field = this.#form.elements.namedItem(SEEN)
    if (version !== undefined && field instanceof HTMLInputElement) field.value = String(version)
  }

  async #refused (response: Response): Promise<Outcome> {
    if (response.status === 401 || response.type === 'opaqueredirect') return 'expired'
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      this.#unanswered = true
      return 'failed'
    }
    const answer = await answerOf(response)
    this.#message = answer.message ?? ''
    if (response.status !== 409 || answer.version === undefined) return 'gone'
    const field = this.#form.elements.namedItem(SEEN)
    const version = ownSave(answer, field instanceof HTMLInputElement ? Number(field.value) : NaN)
    if (!this.#unanswered || version === null) return 'stale'
    this.#unanswered = false
    this.#seen(version)
    return await this.#send(false)
  }

  #show (look: Look): void {
    const place = document.querySelector<HTMLElement>('[data-saved]')
    if (look === 'expired') this.#askToSignIn()
    // Signed in again in the other tab: the question is answered.
    if (look === 'saved') document.querySelector<HTMLDialogElement>('dialog[data-expired][open]')?.close()
    if (!place) return
    const unsaved = place.dataset['unsavedText'] ?? ''
    const words = look === 'saved' || look === 'gone' ? this.#message || (look === 'gone' ? unsaved : '') : look === 'saving' ? '' : unsaved
    const text = place.querySelector('[data-saved-text]') ?? place
    if (words !== '' && text.textContent !== words) text.textContent = words
    place.hidden = false
    place.classList.toggle('is-saving', look === 'saving')
    if (look !== 'saving') place.classList.toggle('is-unsaved', look !== 'saved')
  }

  #askToSignIn (): void {
    const dialog = document.querySelector<HTMLDialogElement>('dialog[data-expired]')
    if (dialog && !dialog.open) dialog.showModal()
  }
}
