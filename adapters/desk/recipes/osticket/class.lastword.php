<?php
require_once INCLUDE_DIR . 'class.plugin.php';
require_once INCLUDE_DIR . 'class.signal.php';
// Its functions never throw: an exception in a signal is the agent's error page, and osTicket loses its own entry of the close.
require_once __DIR__ . '/lastword.php';

class LastwordConfig extends PluginConfig
{
    function getOptions()
    {
        $field = function ($label, $hint) {
            return new TextboxField(['label' => $label, 'hint' => $hint, 'required' => true, 'configuration' => ['size' => 60, 'length' => 300]]);
        };
        return [
            'url' => $field('Address', 'https://rate.example.com/hooks/osticket'),
            'secret' => $field('Secret', 'The secret of the connection, whsec_…'),
            'outbox' => $field('Outbox', 'A folder outside the web root that the web server and cron may write to'),
        ];
    }
}

class LastwordPlugin extends Plugin
{
    // Without it osTicket starts no instance of the plugin.
    var $config_class = 'LastwordConfig';

    function bootstrap()
    {
        foreach (['LASTWORD_URL' => 'url', 'LASTWORD_SECRET' => 'secret', 'LASTWORD_OUTBOX' => 'outbox'] as $name => $setting) {
            defined($name) || define($name, (string) $this->getConfig()->get($setting));
        }
        Signal::connect('object.edited', ['LastwordPlugin', 'edited']);
    }

    /** Comes once for each changed column, and for objects of every kind. */
    static function edited($object, $data = [])
    {
        if (!$object instanceof Ticket || ($data['key'] ?? '') !== 'status_id') {
            return;
        }
        try {
            $number = (string) $object->getNumber();
            $state = $object->getStatus() ? $object->getStatus()->getState() : '';
            if ($state === 'open') {
                lastword_reopened($number);
            } elseif ($state === 'closed') {
                // The close date is an expression of SQL at this moment, not a time: now is right. Closing makes the closer the
                // ticket's agent.
                $staff = $object->getStaff();
                lastword_closed($number, $staff ? ['id' => $staff->getUserName(), 'name' => (string) $staff->getName()] : [], [
                    'line' => (string) $object->getDeptId(),
                    'closed_by' => $staff ? 'operator' : 'timeout',
                    'client' => (string) $object->getOwnerId(),
                    'client_name' => (string) $object->getName(),
                    'client_email' => (string) $object->getEmail(),
                ]);
            }
        } catch (\Throwable $error) {
            error_log('Lastword is not told of a ticket: ' . $error->getMessage());
        }
    }
}
