<?php
/**
 * Tells Lastword of closed and reopened chats, from any desk in PHP 7.4 or newer.
 *
 * `lastword_closed` and `lastword_reopened` never throw and never hold up the desk: each event becomes a file of the outbox, and one
 * try of two seconds follows. What was not taken is sent by cron:
 *
 *     * * * * * LASTWORD_URL=… LASTWORD_SECRET=… LASTWORD_OUTBOX=… php /path/to/lastword.php send
 *
 * The environment, or constants of the same names:
 *   LASTWORD_URL     https://rate.example.com/hooks/NAME
 *   LASTWORD_SECRET  whsec_…
 *   LASTWORD_OUTBOX  a folder outside the web root that the web server and cron may write to; without it, one below the system's
 *                    folder for temporary files, which a restart may empty
 */

/** A chat was closed. `$more` holds further fields of close.v1, and wins: `closed_at`, `event_key`, `client_email` … */
function lastword_closed($session, array $operator = [], array $more = []): bool
{
    $now = time();
    return lastword_tell('session.closed', $more + ['session' => (string) $session, 'closed_at' => $now, 'operator' => $operator ?: null]);
}

/** A chat is open again. */
function lastword_reopened($session, array $more = []): bool
{
    return lastword_tell('session.reopened', $more + ['session' => (string) $session, 'reopened_at' => time()]);
}

/** Keeps an event, and tries to send it. False when it could not even be kept; that is in the error log. */
function lastword_tell(string $type, array $data): bool
{
    try {
        $at = $data['closed_at'] ?? $data['reopened_at'] ?? $data['at'] ?? time();
        $data += ['event_key' => substr($type, 8) . "-{$data['session']}-$at"];
        $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES;
        $body = json_encode(['type' => $type, 'data' => $data], $flags);
        $box = lastword_outbox();
        // Files are sent in the order of their names.
        $file = sprintf('%s/%017.0f-%s.json', $box, microtime(true) * 10000, bin2hex(random_bytes(4)));
        if ($body === false || file_put_contents("$file.new", $body) !== strlen($body) || !rename("$file.new", $file)) {
            error_log("Lastword is not told of chat {$data['session']}: $file could not be written");
            return false;
        }
        // A desk whose agents wait must not wait for a server that hangs: after a failure, cron alone sends for a minute.
        if (@filemtime("$box/failed") < time() - 60) {
            lastword_send(2);
        }
        return true;
    } catch (\Throwable $error) {
        error_log('Lastword is not told: ' . $error->getMessage());
        return false;
    }
}

/** Sends what waits, oldest first, until one is not taken. Gives how many still wait. */
function lastword_send(int $timeout): int
{
    $box = lastword_outbox();
    $lock = fopen("$box/lock", 'c');
    $waiting = glob("$box/*.json") ?: [];
    if (!$lock || !flock($lock, LOCK_EX | LOCK_NB)) {
        return count($waiting);
    }
    clearstatcache();
    foreach ($waiting as $at => $file) {
        $body = is_file($file) ? file_get_contents($file) : '';
        if ($body === false || $body === '') {
            continue;
        }
        $why = lastword_post($body, basename($file, '.json'), $timeout);
        if (in_array(substr($why, 0, 15), ['it answered 400', 'it answered 413', 'it answered 422'], true)) {
            // This one is never taken: it must not hold up those behind it.
            error_log("Lastword does not take $file.refused: $why");
            rename($file, "$file.refused");
            continue;
        }
        if ($why !== '') {
            error_log("Lastword was not told, and is told again by cron: $why");
            touch("$box/failed");
            flock($lock, LOCK_UN);
            return count($waiting) - $at;
        }
        unlink($file);
    }
    @unlink("$box/failed");
    flock($lock, LOCK_UN);
    return 0;
}

/** Posts one event; gives why it was not taken. It is signed now: a signature is worth five minutes. */
function lastword_post(string $body, string $id, int $timeout): string
{
    $now = time();
    $key = base64_decode(preg_replace('/^whsec_/', '', lastword_setting('LASTWORD_SECRET')));
    $signature = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$now.$body", $key, true));
    $headers = ['Content-Type: application/json', "webhook-id: $id", "webhook-timestamp: $now", "webhook-signature: $signature"];
    $call = curl_init(lastword_setting('LASTWORD_URL'));
    curl_setopt_array($call, [
        CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => $timeout, CURLOPT_CONNECTTIMEOUT => $timeout,
    ]);
    $answer = curl_exec($call);
    $status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);
    if ($answer === false) {
        return curl_error($call);
    }
    return $status >= 200 && $status < 300 ? '' : "it answered $status: " . substr($answer, 0, 200);
}

function lastword_outbox(): string
{
    $box = lastword_setting('LASTWORD_OUTBOX') ?: sys_get_temp_dir() . '/lastword-outbox';
    if (!is_dir($box) && !@mkdir($box, 0770, true) && !is_dir($box)) {
        throw new \RuntimeException("the outbox $box could not be made");
    }
    return $box;
}

function lastword_setting(string $name): string
{
    return (string) (defined($name) ? constant($name) : getenv($name));
}

// By hand and by cron: `php lastword.php send`, `php lastword.php closed SESSION OPERATOR`.
if (PHP_SAPI === 'cli' && isset($argv[1]) && realpath($argv[0]) === __FILE__) {
    $waiting = 0;
    if ($argv[1] === 'send') {
        $waiting = lastword_send(10);
    } elseif ($argv[1] === 'closed' && isset($argv[2])) {
        $waiting = lastword_closed($argv[2], isset($argv[3]) ? ['id' => $argv[3]] : []) ? 0 : 1;
    } else {
        fwrite(STDERR, "usage: php lastword.php send | closed SESSION [OPERATOR]\n");
        $waiting = 1;
    }
    exit($waiting === 0 ? 0 : 1);
}
