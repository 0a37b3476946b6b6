<?php

namespace Modules\Lastword\Providers;

use App\Conversation;
use Illuminate\Support\ServiceProvider;

// Its functions never throw: an exception in a hook is the agent's "Server Error", after the status is saved.
require_once __DIR__ . '/../lastword.php';

class LastwordServiceProvider extends ServiceProvider
{
    public function boot()
    {
        \Eventy::addAction('conversation.status_changed', [self::class, 'changed'], 20, 4);
        \Eventy::addAction('conversation.customer_replied', [self::class, 'wrote'], 20, 2);
    }

    public function register()
    {
    }

    /** Comes from the menu, with a reply that changes the status, and from incoming mail. */
    public static function changed($conversation, $user = null, $changed_on_reply = false, $prev_status = null)
    {
        try {
            $is_closed = $conversation->status == Conversation::STATUS_CLOSED;
            if ($is_closed && $prev_status != Conversation::STATUS_CLOSED) {
                self::closed($conversation, $user);
            } elseif (!$is_closed && $prev_status == Conversation::STATUS_CLOSED) {
                lastword_reopened($conversation->id);
            }
        } catch (\Throwable $error) {
            error_log('Lastword is not told of a conversation: ' . $error->getMessage());
        }
    }

    /** The client wrote: whatever the status says, the next close ends another conversation. */
    public static function wrote($conversation, $thread = null)
    {
        try {
            $at = $thread && $thread->created_at ? $thread->created_at->getTimestamp() : time();
            lastword_tell('session.message', ['session' => (string) $conversation->id, 'by' => 'client', 'at' => $at]);
        } catch (\Throwable $error) {
            error_log('Lastword is not told of a message: ' . $error->getMessage());
        }
    }

    private static function closed($conversation, $user)
    {
        $closed_at = $conversation->closed_at ?: null;
        $closed_at = $closed_at instanceof \DateTimeInterface ? $closed_at->getTimestamp() : time();
        $agent = $conversation->user;
        $more = [
            'closed_at' => $closed_at,
            'event_key' => "fs-{$conversation->id}-$closed_at",
            'line' => (string) $conversation->mailbox_id,
            'closed_by' => $user || $conversation->closed_by_user_id ? 'operator' : 'timeout',
            'closed_by_id' => (string) ($conversation->closed_by_user_id ?: ''),
            'client' => (string) $conversation->customer_id,
            'client_email' => (string) $conversation->customer_email,
            'client_name' => $conversation->customer ? (string) $conversation->customer->getFullName() : '',
        ];
        $agent = $agent ?: $user;
        lastword_closed($conversation->id, $agent ? ['id' => (string) $agent->id, 'name' => (string) $agent->getFullName()] : [], $more);
    }
}
