<?php
return [
    'id' => 'lastword:close',
    'version' => '1.0',
    // osTicket 1.18 does not start a plugin that does not say this, and does not say so either.
    'ost_version' => '1.18',
    'name' => 'Lastword',
    'author' => 'Lastword',
    'description' => 'Tells Lastword when a ticket is closed or opened again.',
    'plugin' => 'class.lastword.php:LastwordPlugin',
];
