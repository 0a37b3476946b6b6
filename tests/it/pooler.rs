//! A pooler in front of PostgreSQL: PgBouncer in session mode works as PostgreSQL itself; in transaction mode it is said what is wrong.

use crate::rig::postgres;
use crate::rig::world::{World, messenger};
use lastword::store::Db;
use lastword::store::sql::Sql;
use lastword::values;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A PgBouncer before the server of `url`. It ends with this.
struct Pooler {
    child: Child,
    _folder: tempfile::TempDir,
    /// The same database through it.
    url: String,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Pooler {
    async fn before(url: &str, mode: &str, ignores: &str, sessions: u32) -> Self {
        let direct = url::Url::parse(url).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
        let folder = tempfile::Builder::new().prefix("lastword-pooler").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {mode}\nignore_startup_parameters = {ignores}\nmax_client_conn = 100\ndefault_pool_size = {sessions}\n[users]\n",
            direct.host_str().unwrap(),
            direct.port().unwrap(),
        );
        let text = text.replace("* = host", &format!("* = user={} host", direct.username()));
        std::fs::write(&settings, text).unwrap();
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"].into_iter().find(|path| std::path::Path::new(path).exists());
        let program = program.expect("this test needs PgBouncer: run ./test, which installs it, or `apt-get install pgbouncer`");
        // It does not run as root.
        let user = if rustix::process::getuid().is_root() {
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"].as_slice()
        } else {
            &[]
        };
        let mut words = user.iter().copied().chain([program, settings.to_str().unwrap()]);
        let mut command = Command::new(words.next().unwrap());
        let child = command.args(words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut through = direct;
        through.set_port(Some(port)).unwrap();
        Self { child, _folder: folder, url: through.into() }
    }
}

#[tokio::test]
async fn session_mode_works_and_our_settings_hold() {
    static SETTING: Sql = Sql::new("SELECT current_setting('lock_timeout') || ' ' || current_setting('enable_seqscan')");
    let pooler = Pooler::before(&postgres::database().await, "session", "extra_float_digits", 20).await;
    let world = World::on(&pooler.url, messenger()).await;
    let mut rows = world.engine.db.read(&SETTING, values![]).await.unwrap();
    assert_eq!(rows[0].text().unwrap(), "5s off");
    let (_, question) = world.ask("one").await;
    world.tap(&question, "\u{1f44e}").await;
    world.work().await;
    assert_eq!(world.staff.take().iter().filter(|message| message.text.contains("one")).count(), 1);
}

#[tokio::test]
async fn transaction_mode_is_refused_with_its_remedy() {
    let pooler = Pooler::before(&postgres::database().await, "transaction", "extra_float_digits", 20).await;
    let said = Db::open(&pooler.url, 4).await.err().expect("refused").to_string();
    assert!(said.contains("pooler in transaction mode") && said.contains("pool_mode = session"), "{said}");
}

#[tokio::test]
async fn a_parameter_that_the_pooler_refuses_is_named_with_its_setting() {
    let pooler = Pooler::before(&postgres::database().await, "session", "", 20).await;
    let said = Db::open(&pooler.url, 4).await.err().expect("refused").to_string();
    assert!(said.contains("extra_float_digits") && said.contains("ignore_startup_parameters"), "{said}");
}

#[tokio::test]
async fn a_pooler_with_one_session_is_named_and_does_not_hold_up_the_start() {
    let pooler = Pooler::before(&postgres::database().await, "session", "extra_float_digits", 1).await;
    let said = Db::open(&pooler.url, 4).await.err().expect("refused").to_string();
    assert!(said.contains("no second connection within 5 seconds") && said.contains("pool size"), "{said}");
}
