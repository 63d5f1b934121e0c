// The government's token signs through a service on the signer's own machine, at wss://127.0.0.1:8987:
// one text out, one text in, then the connection is closed.
//   1. GetVersion, text "version": whoever answers in time is there.
//   2. SignApproved (a person) or SignIssued (the agency's clerk, with number and date), as JSON. The
//      service knows nothing of this page: FileName and FileUploadHandler are whole addresses, each with a
//      word that is good once and for minutes, for it brings no cookies.
//   3. It downloads FileName, asks for the PIN, signs, and posts the document to FileUploadHandler as the
//      field "uploadfile" of a form. The server judges what it is given there, and what it answers comes
//      back to us in FileServer.
//   4. It answers Status 0, or another with Message. The page decides nothing by it: it goes to data-done,
//      and the server says what it was given.
//
// [data-local-signing] says at data-begin where the server gives the document out: what the form holds is
// posted there, and the answer has the function and the addresses. data-address is the service's own.
// Its button[data-local-sign] begins; [data-local-state=STATE] shows what came of it (unready, signing,
// done, refused, absent, lost), [data-local-words] what was said, [data-local-done] leads to what the
// server was given.
import { csrf, renewCsrf } from './page'

export interface Order {
  readonly run: string
  readonly file: string
  readonly upload: string
  readonly session: string
  readonly number?: string
  readonly date?: string
}

export type Outcome =
  | { readonly state: 'done', readonly said: string }
  | { readonly state: 'refused', readonly words: string }
  | { readonly state: 'absent' }
  | { readonly state: 'lost' }

const ADDRESS = 'wss://127.0.0.1:8987'
/** A service that is there answers at once. */
const PROBE_MS = 3500
/** The signer looks for the token, reads, and types a PIN. */
const SIGN_MS = 10 * 60_000
/** What may be asked for; nothing else is taken from the page. */
const FUNCTIONS = ['SignApproved', 'SignIssued', 'SignCopy', 'SignAppendix']

/** One text out, one text in; null when the service is away, closes, or does not answer in time. */
export async function exchange (url: string, text: string, ms: number): Promise<string | null> {
  return await new Promise(resolve => {
    let socket: WebSocket
    try {
      socket = new WebSocket(url)
    } catch {
      resolve(null) // the address is none, or the page's policy forbids it
      return
    }
    const end = (answer: string | null): void => {
      clearTimeout(timer)
      resolve(answer)
      socket.close()
    }
    const timer = setTimeout(() => { end(null) }, ms)
    socket.onopen = () => { socket.send(text) }
    socket.onmessage = event => { end(String(event.data)) }
    socket.onerror = () => { end(null) }
    socket.onclose = () => { end(null) }
  })
}

/** What the service says of a signature. */
export function read (answer: string): Outcome {
  try {
    const said = JSON.parse(answer) as { Status?: unknown, Message?: unknown, FileServer?: unknown }
    if (Number(said.Status ?? NaN) === 0) return { state: 'done', said: String(said.FileServer ?? '') }
    return { state: 'refused', words: String(said.Message ?? '') }
  } catch {
    return { state: 'lost' }
  }
}

export async function isThere (address: string): Promise<boolean> {
  return await exchange(`${address}/GetVersion`, 'version', PROBE_MS) !== null
}

export async function sign (address: string, order: Order): Promise<Outcome> {
  if (!FUNCTIONS.includes(order.run)) return { state: 'absent' }
  const message = {
    FileUploadHandler: order.upload,
    SessionId: order.session,
    JWTToken: '',
    FileName: order.file,
    MetaData: [],
    ...(order.number ? { DocNumber: order.number } : {}),
    ...(order.date ? { IssuedDate: order.date } : {})
  }
  const answer = await exchange(`${address}/${order.run}`, JSON.stringify(message), SIGN_MS)
  return answer === null ? { state: 'lost' } : read(answer)
}

/** Where the server gives a document out, and takes the signed one. */
interface Given {
  /** Of a batch: it is signed already, and nothing is given out. */
  readonly signed?: boolean
  readonly function: string
  readonly file: string
  readonly upload: string
  readonly done: string
}

/** Asks for the document that was read; the words of the server when it does not give it. */
export async function ask (begin: string, form: URLSearchParams, again = true): Promise<Given | string> {
  let response: Response
  try {
    response = await fetch(begin, {
      method: 'POST',
      headers: { accept: 'application/json', 'x-csrf-token': csrf() },
      body: form
    })
  } catch {
    return ''
  }
  const fresh = response.headers.get('x-csrf-token')
  if (response.status === 403 && fresh && again) {
    renewCsrf(fresh)
    return await ask(begin, form, false)
  }
  try {
    const said = await response.json() as Given & { message?: string, detail?: string }
    return response.ok ? said : said.message ?? said.detail ?? ''
  } catch {
    return ''
  }
}

/** The fields of the form round the place that are no secret of its own and no file. */
function fieldsOf (place: HTMLElement): URLSearchParams {
  const form = new URLSearchParams()
  for (const field of place.closest('form')?.querySelectorAll<HTMLInputElement>('input[type="hidden"]') ?? []) {
    form.set(field.name, field.value)
  }
  return form
}

function show (place: HTMLElement, state: string, words = ''): void {
  for (const part of place.querySelectorAll<HTMLElement>('[data-local-words]')) part.textContent = words
  for (const part of place.querySelectorAll<HTMLElement>('[data-local-state]')) {
    part.hidden = part.dataset['localState'] !== state
  }
}

async function act (place: HTMLElement): Promise<void> {
  const address = place.dataset['address'] ?? ADDRESS
  show(place, 'signing')
  // Whether somebody is there is asked first: words for nobody would only lie about.
  if (!await isThere(address)) return show(place, 'absent')
  const given = await ask(place.dataset['begin'] ?? '', fieldsOf(place))
  if (typeof given === 'string') return show(place, 'unready', given || place.dataset['cut'])
  // Addresses are whole: the service knows nothing of this page.
  const whole = (path: string): string => new URL(path, location.href).href
  for (const link of place.querySelectorAll<HTMLAnchorElement>('[data-local-done]')) link.href = whole(given.done)
  const outcome = await sign(address, {
    run: given.function, file: whole(given.file), upload: whole(given.upload), session: ''
  })
  show(place, outcome.state, outcome.state === 'refused' ? outcome.words : '')
  // What counts is what the server was given: it says so on the page that comes next.
  if (outcome.state === 'done') location.assign(whole(given.done))
}

export function start (): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-local-signing]')) {
    const button = place.querySelector<HTMLButtonElement>('button[data-local-sign]')
    if (!button) continue
    button.hidden = false
    // The button stays live, so that focus stays where it is; a second press changes nothing.
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-busy') === 'true') return
      button.setAttribute('aria-busy', 'true')
      void act(place).finally(() => { button.removeAttribute('aria-busy') })
    })
  }
}
