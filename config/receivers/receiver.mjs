// Receives agents' answers and events from genesys-bridge. Node 18 or newer, no packages.
//
//   BRIDGE_SECRETS='whsec_… whsec_…' RECEIVER_STORE=./answers node receiver.mjs 9000
//
// It answers 200 once the event is on the disk, 200 to a repeat, 400 to what it cannot read, 401 to what is not
// signed by one of the secrets within five minutes. It does not start unless each secret is whsec_ and the base64 of
// at least 24 bytes. Put a web server with TLS before it.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { mkdir, open, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

const TOLERANCE = 300
const MAX_BODY = 1 << 20
// Eight times four characters are 24 bytes; what follows may be padded or not.
const SECRET = /^whsec_([A-Za-z0-9+/]{4}){8,}([A-Za-z0-9+/]{2}={0,2}|[A-Za-z0-9+/]{3}=?)?$/
const keys = (process.env.BRIDGE_SECRETS ?? '').trim().split(/\s+/).map(keyOf)
const store = process.env.RECEIVER_STORE ?? './answers'
const underWay = new Set()

// Your shop's code goes here. An exception lets the bridge post the event again; where the machine stops between this
// and the mark that the event was seen, it comes again as well: let the shop keep an answer by its id.
async function handle(event) {
  if (event.type === 'agent.reply') {
    const { conversation, reply } = event.data
    await keep(`answer-${reply.id}.json`, { id: reply.id, thread: conversation.key, body: reply.body })
  }
  // Other types, of today or tomorrow: nothing to do, and no reason to fail.
}

// With an empty key anybody could sign, and a short one can be guessed: either ends the program.
function keyOf(secret, index) {
  if (!SECRET.test(secret)) {
    console.error(`BRIDGE_SECRETS: secret ${index + 1} is missing, or not whsec_ and the base64 of at least 24 bytes.` +
      ` Make one, for here and for the bridge's callbackSecrets: printf 'whsec_%s\\n' "$(openssl rand -base64 32)"`)
    process.exit(1)
  }
  return Buffer.from(secret.slice('whsec_'.length), 'base64')
}

function isSigned(headers, body) {
  const id = headers['webhook-id'] ?? ''
  const at = headers['webhook-timestamp'] ?? ''
  if (!id || !/^\d{1,12}$/.test(at) || Math.abs(Date.now() / 1000 - Number(at)) > TOLERANCE) return false
  const given = (headers['webhook-signature'] ?? '').split(' ').filter(s => s.startsWith('v1,'))
  const expected = keys.map(key => createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest())
  // Every pair is compared, so that the time tells nothing.
  return given.map(s => Buffer.from(s.slice(3), 'base64')).flatMap(one =>
    expected.map(other => one.length === other.length && timingSafeEqual(one, other))).includes(true)
}

// Returns when it is on the disk; with the flag wx only where there is none of that name.
async function keep(name, value, flag = 'w') {
  const file = await open(join(store, name), flag)
  await file.writeFile(JSON.stringify(value))
  await file.sync()
  await file.close()
  const folder = await open(store)
  await folder.sync()
  await folder.close()
}

// True if it is new. What is under way is known to this process only: run one of it.
async function take(id, event) {
  if (underWay.has(id)) throw new Error('it is being taken')
  underWay.add(id)
  try {
    const mark = `seen-${Buffer.from(id).toString('hex')}`
    if (await stat(join(store, mark)).then(() => true, () => false)) return false
    await handle(event)
    await keep(mark, { at: new Date() }, 'wx')
    return true
  } finally {
    underWay.delete(id)
  }
}

async function receive(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_BODY) return [400, 'too large']
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  if (!isSigned(request.headers, body)) {
    return [401, 'not signed by one of our secrets, or not within five minutes']
  }
  let event
  try { event = JSON.parse(body) } catch { return [400, 'no event'] }
  if (typeof event?.type !== 'string' || typeof event?.data !== 'object' || !event.data) return [400, 'no event']
  return [200, await take(request.headers['webhook-id'], event) ? 'taken' : 'known']
}

await mkdir(store, { recursive: true })
createServer(async (request, response) => {
  const [status, text] = await receive(request).catch(error => {
    console.error('bridge event not taken:', error.code ?? error.name)
    return [500, 'not taken; post it again']
  })
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
}).listen(Number(process.argv[2]), '127.0.0.1')
