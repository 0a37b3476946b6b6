//! osTicket's plugin and FreeScout's module, run as they stand in the recipes, by what those desks call in their order: signals for
//! every column, hooks from several places, times that are no times.

use crate::outbox::{Does, Receiver, recipe};
use crate::senders::must_be_there;
use lastword_contract::{CloseBy, Closing, DeskEvent, DeskEventKind, Means};
use std::time::Duration;

/// What osTicket 1.18 has around a plugin.
const OSTICKET: &str = r#"
define('INCLUDE_DIR', sys_get_temp_dir() . '/lastword-osticket-' . getmypid() . '/');
@mkdir(INCLUDE_DIR);
foreach (['class.plugin.php', 'class.signal.php'] as $name) { file_put_contents(INCLUDE_DIR . $name, '<?php'); }
class PluginConfig { function get($name) { return ['url' => getenv('LASTWORD_URL'), 'secret' => getenv('LASTWORD_SECRET'), 'outbox' => getenv('LASTWORD_OUTBOX')][$name]; } }
class Plugin { function getConfig() { $class = $this->config_class; return new $class; } }
class TextboxField { function __construct($options) {} }
class Signal {
    static $to = [];
    static function connect($name, $to) { self::$to[$name][] = $to; }
    static function send($name, $object, &$data = null) { foreach (self::$to[$name] as $to) { call_user_func_array($to, [$object, &$data]); } }
}
class Word { function __construct($word) { $this->word = $word; } function getState() { return $this->word; } function __toString() { return $this->word; } }
class Staff { function getUserName() { return 'ann'; } function getName() { return new Word('Ann Lee'); } }
class TicketStatus { function __construct($state) { $this->state = $state; } function getState() { return $this->state; } }
class Session {}
class Ticket {
    public $state = 'open', $staff = null;
    function getNumber() { return '482913'; }
    function getStatus() { return new TicketStatus($this->state); }
    function getStaff() { return $this->staff; }
    function getDeptId() { return 4; }
    function getOwnerId() { return 31; }
    function getName() { return new Word('Jane Roe'); }
    function getEmail() { return new Word('jane@example.com'); }
    function getCloseDate() { return 'NOW()'; }
    // As setStatus does: the columns one by one, the agent who closes becomes the ticket's.
    function moved($state) {
        $this->state = $state;
        $this->staff = $state === 'closed' ? new Staff : $this->staff;
        foreach (['isoverdue', 'staff_id', 'closed', 'status_id', 'reopened'] as $key) {
            $type = ['type' => 'edited', 'key' => $key, 'orm_audit' => true];
            Signal::send('object.edited', $this, $type);
        }
    }
}
$named = require RECIPE . '/plugin.php';
list($file, $class) = explode(':', $named['plugin']);
assert($named['ost_version'] === '1.18');
require RECIPE . '/' . $file;
$plugin = new $class;
$plugin->bootstrap();
$type = ['type' => 'edited', 'key' => 'status_id', 'orm_audit' => true];
Signal::send('object.edited', new Session, $type);
$ticket = new Ticket;
$ticket->moved('closed');
$ticket->moved('open');
$ticket->moved('closed');
$type = ['type' => 'edited', 'key' => 'notes'];
Signal::send('object.edited', $ticket, $type);
array_map('unlink', glob(INCLUDE_DIR . '*'));
rmdir(INCLUDE_DIR);
echo 'the desk goes on';
"#;

/// What FreeScout 1.8 has around a module.
const FREESCOUT: &str = r#"
namespace Illuminate\Support { class ServiceProvider {} }
namespace App { class Conversation {
    const STATUS_ACTIVE = 1, STATUS_PENDING = 2, STATUS_CLOSED = 3, STATUS_SPAM = 4;
    public $id = 12, $mailbox_id = 3, $status = 1, $closed_at, $closed_by_user_id, $user, $customer_id = 8, $customer_email = 'jane@example.com', $customer;
} }
namespace {
class Eventy {
    static $to = [];
    static function addAction($name, $to, $priority, $arguments) { self::$to[$name] = [$to, $arguments]; }
    static function action($name, ...$given) { list($to, $arguments) = self::$to[$name]; call_user_func_array($to, array_slice($given, 0, $arguments)); }
}
class Person { public $id; function __construct($id, $name) { $this->id = $id; $this->name = $name; } function getFullName() { return $this->name; } }
require RECIPE . '/Lastword/Providers/LastwordServiceProvider.php';
(new Modules\Lastword\Providers\LastwordServiceProvider)->boot();
$one = new App\Conversation;
$one->customer = new Person(8, 'Jane &amp; Co');
$one->user = $ann = new Person(5, 'Ann Lee');
$ben = new Person(6, 'Ben');
$closes = function ($at, $user, $on_reply) use ($one) {
    list($before, $one->status) = [$one->status, 3];
    $one->closed_at = new DateTime("@$at");
    $one->closed_by_user_id = $user ? $user->id : null;
    Eventy::action('conversation.status_changed', $one, $user, $on_reply, $before);
};
$closes(1795339187, $ben, true);
// A workflow tells of the same status once more.
Eventy::action('conversation.status_changed', $one, $ben, false, 3);
// The client answers by mail: the conversation is active again.
$thread = new stdClass;
$thread->created_at = new DateTime('@1795342787');
Eventy::action('conversation.customer_replied', $one, $thread, $one->customer);
$one->status = 1;
Eventy::action('conversation.status_changed', $one, null, false, 3);
$closes(1795346387, null, false);
echo 'the desk goes on';
}
"#;

async fn run(receiver: &Receiver, desk: &str, code: &str) -> Duration {
    // The recipe as a whole: the sender beside the desk's own files, as the README says.
    let folder =
        std::env::temp_dir().join(format!("lastword-recipe-{}-{}", std::process::id(), receiver.outbox.file_name().unwrap().display()));
    let _ = std::fs::remove_dir_all(&folder);
    let sender = std::fs::read(recipe("php/lastword.php")).unwrap();
    for (file, beside) in [
        ("osticket/plugin.php", ""),
        ("osticket/class.lastword.php", ""),
        ("freescout/Lastword/Providers/LastwordServiceProvider.php", "Lastword"),
    ] {
        let Some(name) = file.strip_prefix(desk).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let to = folder.join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(recipe(file), to).unwrap();
        std::fs::write(folder.join(beside).join("lastword.php"), &sender).unwrap();
    }
    let defined = format!("define('RECIPE', '{}');", folder.display());
    let script = folder.join("run.php");
    let code = match code.strip_prefix("\nnamespace") {
        Some(_) => format!("<?php namespace {{ {defined} }} {code}"),
        None => format!("<?php {defined} {code}"),
    };
    std::fs::write(&script, code).unwrap();
    let (output, took) = receiver.run("php", &["-d", "display_errors=stderr", &script.display().to_string()]).await;
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("the desk goes on"), "{output:?}");
    took
}

fn closed(event: &DeskEvent) -> &Closing {
    match &event.kind {
        DeskEventKind::Closed(closing) => closing,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn osticket_tells_of_closes_and_of_reopening_by_its_plugin() {
    must_be_there("php");
    let receiver = Receiver::start("osticket").await;
    run(&receiver, "osticket", OSTICKET).await;
    let heard = receiver.heard();
    let kinds: Vec<String> = heard.iter().map(|event| format!("{:?} {}", event.kind, event.session)).collect();
    assert_eq!(
        kinds,
        ["Closed(by Operator) 482913", "Reopened 482913", "Closed(by Operator) 482913"],
        "once each, though every column is told"
    );
    let chat = &closed(&heard[0]).chat;
    let ann = chat.operator.as_ref().unwrap();
    assert_eq!((ann.id.as_str(), ann.name.as_deref(), chat.queue.as_deref()), ("ann", Some("Ann Lee"), Some("4")));
    assert_eq!((&chat.reach[0].by, chat.reach[0].address.chat.as_str()), (&Means::Email, "jane@example.com"));
    assert!(heard[0].notes.is_empty(), "{:?}", heard[0].notes);
}

#[tokio::test]
async fn freescout_tells_of_closes_messages_and_reopening_by_its_module() {
    must_be_there("php");
    let receiver = Receiver::start("freescout").await;
    run(&receiver, "freescout", FREESCOUT).await;
    let heard = receiver.heard();
    let kinds: Vec<String> = heard.iter().map(|event| format!("{:?}", event.kind)).collect();
    assert_eq!(kinds, ["Closed(by Operator)", "Wrote(…)", "Reopened", "Closed(by Timeout)"]);
    let (first, second) = (&heard[0], &heard[3]);
    assert_eq!((first.key.as_str(), first.at, second.at), ("fs-12-1795339187", 1_795_339_187_000, 1_795_346_387_000));
    let closing = closed(first);
    assert_eq!(closing.by_person.as_ref().map(|one| one.id.as_str()), Some("6"));
    assert_eq!((closing.chat.operator.as_ref().unwrap().id.as_str(), closing.chat.client_name.as_deref()), ("5", Some("Jane & Co")));
    assert_eq!(closed(second).by, CloseBy::Timeout);
}

#[tokio::test]
async fn a_desk_goes_on_while_lastword_is_away() {
    must_be_there("php");
    for (desk, code, events) in [("osticket", OSTICKET, 3), ("freescout", FREESCOUT, 4)] {
        let receiver = Receiver::start(&format!("{desk}-away")).await;
        receiver.now(Does::Hangs);
        let took = run(&receiver, desk, code).await;
        assert!(took < Duration::from_secs(5), "{desk}: {took:?}");
        assert_eq!(receiver.waiting(), events, "{desk}");
        receiver.now(Does::Takes);
        assert!(receiver.run("php", &[&recipe("php/lastword.php"), "send"]).await.0.status.success());
        assert_eq!((receiver.heard().len(), receiver.waiting()), (events, 0), "{desk}");
    }
}
