// The local service of a government token at the leader's desk, with her name on its certificate.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const PATIENCE_MS = 20_000

export class Token {
  #folder
  #port
  #whose
  #service = null
  #control = ''
  /** SHA-256 of the key under which its program listens, for a browser that is to trust it. */
  fingerprint = ''

  constructor (folder, port, whose) {
    this.#folder = folder
    this.#port = port
    this.#whose = whose
  }

  /** A token of somebody's, whose service is started at that port of this machine. */
  static async of (whose, port) {
    const token = new Token(await mkdtemp(join(tmpdir(), 'motcua-token-')), port, whose)
    await token.plugIn()
    return token
  }

  async plugIn () {
    const program = join(dirname(process.env.MOTCUA_BIN ?? ''), 'motcua-simulators')
    const service = spawn(program, ['0', this.#folder, String(this.#port), this.#whose], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#service = service
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => { reject(new Error('the service of the token is silent')) }, PATIENCE_MS)
      service.once('exit', code => { reject(new Error(`the service of the token ended with ${code}`)) })
      createInterface({ input: service.stdout }).on('line', line => {
        const found = /Simulators: (http:\S+)/.exec(line)
        if (found) this.#control = found[1]
        const door = /Local service of a token: wss:\S+ (\S+)/.exec(line)
        if (!door) return
        this.fingerprint = door[1]
        clearTimeout(late)
        resolve()
      })
    })
  }

  /** Its certificate with those of its issuers, PEM. */
  async certificate () {
    return await readFile(join(this.#folder, 'token.pem'), 'utf8')
  }

  /** What goes wrong with the next signature. */
  async fault (name) {
    const answer = await fetch(`${this.#control}/_sim/token/faults`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([`${name}@SignApproved`])
    })
    assert.equal(answer.status, 204)
  }

  async pullOut () {
    const service = this.#service
    service.removeAllListeners('exit')
    if (service.exitCode !== null || service.signalCode !== null) return
    const ended = new Promise(resolve => { service.once('exit', resolve) })
    service.kill()
    await ended
  }

  async forget () {
    await this.pullOut()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
