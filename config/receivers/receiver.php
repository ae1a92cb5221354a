<?php
// Receives agents' answers and events from genesys-bridge. PHP 7.4 or newer with pdo_sqlite, no packages.
//
// Put it where your shop's web server runs PHP, with BRIDGE_SECRETS='whsec_… whsec_…' and RECEIVER_STORE, a path
// outside of what the web server shows, in its environment. To try it:
//   BRIDGE_SECRETS='whsec_…' RECEIVER_STORE=/tmp/answers.sqlite php -S 127.0.0.1:9000 receiver.php
//
// It answers 200 once the event is on the disk, 200 to a repeat, 400 to what it cannot read, 401 to what is not
// signed by one of the secrets within five minutes. It answers 500 to everything, and says why in the error log, unless
// each secret is whsec_ and the base64 of at least 24 bytes, and RECEIVER_STORE is given.
declare(strict_types=1);

const TOLERANCE = 300;
// Eight times four characters are 24 bytes; what follows may be padded or not.
const SECRET = '~^whsec_([A-Za-z0-9+/]{4}){8,}([A-Za-z0-9+/]{2}={0,2}|[A-Za-z0-9+/]{3}=?)?$~D';

/** Your shop's code goes here. It runs once for each event, in the transaction that marks it as seen: what you write
 *  with $database is kept with it, and an exception lets the bridge post the event again. */
function handle(array $event, PDO $database): void
{
    if ($event['type'] === 'agent.reply') {
        $data = $event['data'];
        $database->prepare('INSERT INTO answer VALUES (?, ?, ?)')
            ->execute([$data['reply']['id'], $data['conversation']['key'], $data['reply']['body']]);
    }
    // Other types, of today or tomorrow: nothing to do, and no reason to fail.
}

/** With an empty key anybody could sign, and a short one can be guessed: either is an exception. */
function keys_of(string $secrets): array
{
    $keys = [];
    foreach (preg_split('/\s+/', trim($secrets)) as $index => $secret) {
        if (preg_match(SECRET, $secret) !== 1) {
            throw new DomainException('BRIDGE_SECRETS: secret ' . ($index + 1)
                . ' is missing, or not whsec_ and the base64 of at least 24 bytes. Make one, for here and for the'
                . ' bridge\'s callbackSecrets: printf \'whsec_%s\n\' "$(openssl rand -base64 32)"');
        }
        $keys[] = base64_decode(substr($secret, strlen('whsec_')));
    }
    return $keys;
}

function is_signed(string $body, array $keys): bool
{
    $id = $_SERVER['HTTP_WEBHOOK_ID'] ?? '';
    $at = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if ($id === '' || !ctype_digit($at) || abs(time() - (int) $at) > TOLERANCE) {
        return false;
    }
    $found = false;
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        foreach ($keys as $key) {
            $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$at.$body", $key, true));
            // Every pair is compared, so that the time tells nothing.
            $found = hash_equals($expected, $given) || $found;
        }
    }
    return $found;
}

/** True if it is new. */
function take(string $id, array $event, string $path): bool
{
    $database = new PDO("sqlite:$path", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_TIMEOUT => 10]);
    $database->exec('BEGIN IMMEDIATE'); // One transaction: all of it, or none.
    $database->exec('CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at INTEGER)');
    $database->exec('CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, thread TEXT, body TEXT)');
    $insert = $database->prepare('INSERT OR IGNORE INTO seen VALUES (?, ?)');
    $insert->execute([$id, time()]);
    $new = $insert->rowCount() === 1;
    if ($new) {
        handle($event, $database);
    }
    $database->exec('COMMIT');
    return $new;
}

function answer(int $status, string $text): void
{
    http_response_code($status);
    header('Content-Type: text/plain');
    echo $text;
}

try {
    $keys = keys_of((string) getenv('BRIDGE_SECRETS'));
    $store = (string) getenv('RECEIVER_STORE');
    if ($store === '') {
        // SQLite would keep it all in a file that is gone with this request.
        throw new DomainException('RECEIVER_STORE is missing: give the path of a file that PHP may write');
    }
} catch (DomainException $error) {
    error_log($error->getMessage());
    answer(500, 'not set up; post it again');
    return;
}
$body = file_get_contents('php://input');
if (!is_signed($body, $keys)) {
    answer(401, 'not signed by one of our secrets, or not within five minutes');
    return;
}
$event = json_decode($body, true, 64, JSON_BIGINT_AS_STRING);
if (!is_string($event['type'] ?? null) || !is_array($event['data'] ?? null)) {
    answer(400, 'no event');
    return;
}
try {
    $new = take($_SERVER['HTTP_WEBHOOK_ID'], $event, $store);
    answer(200, $new ? 'taken' : 'known');
} catch (Throwable $error) {
    error_log('bridge event not taken: ' . get_class($error));
    answer(500, 'not taken; post it again');
}
