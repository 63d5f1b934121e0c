// Something is being made (a slip): [data-poll] asks once a second and goes there when it is ready.
// [data-far] asks how far a longer work is, and loads the page anew at its next stage.
const EVERY_MS = 1000
const TIMES = 30

interface Answer { readonly ready?: boolean, readonly url?: string }

async function ask (url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store' })
    return response.ok ? await response.json() as Answer : {}
  } catch {
    return {} // a dropped line is a reason to ask again
  }
}

async function poll (place: HTMLElement): Promise<void> {
  for (let i = 0; i < TIMES; i++) {
    const answer = await ask(place.dataset['poll'] ?? '')
    if (answer.ready) {
      const next = answer.url ?? place.dataset['pollThen']
      if (next) location.replace(next)
      else location.reload()
      return
    }
    await new Promise(resolve => setTimeout(resolve, EVERY_MS))
  }
  for (const late of place.querySelectorAll<HTMLElement>('[data-poll-late]')) late.hidden = false
}

interface Far { readonly stage?: string, readonly words?: string, readonly value?: number, readonly most?: number }

async function follow (place: HTMLElement): Promise<void> {
  for (;;) {
    const far = await ask(place.dataset['far'] ?? '') as Far
    if (far.stage !== undefined && far.stage !== place.dataset['farStage']) return location.reload()
    const words = place.querySelector('[data-far-words]')
    if (words && far.words !== undefined && words.textContent !== far.words) words.textContent = far.words
    const bar = place.querySelector('progress')
    if (bar && far.value !== undefined) bar.value = far.value
    await new Promise(resolve => setTimeout(resolve, EVERY_MS))
  }
}

export function start (): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-poll]')) void poll(place)
  for (const place of document.querySelectorAll<HTMLElement>('[data-far]')) void follow(place)
}
