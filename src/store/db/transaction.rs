//! Writes a transaction as a block of code. A future that borrows from its closure cannot be required to be `Send` yet, and a
//! transaction may run on another thread and be repeated: so each run gets its own clones, in this one place.

/// Runs a block in one transaction of a database, see [`Db::write`](crate::Db::write), and returns its future.
///
/// The names in brackets are cloned for each run, so the block owns them; it copies numbers and IDs by itself. It may borrow nothing
/// else. It ends with a [`StoreError`](crate::StoreError), or with the error that is written behind the closure:
///
/// ```ignore
/// transaction!(engine.db, [engine, by], async |tx| {
///     api_key::revoke(tx, id, now).await?;
///     audit::write(tx, engine.ids.next(now), now, &by, &entry).await
/// })
/// .await
/// ```
#[macro_export]
macro_rules! transaction {
    ($db:expr, async |$tx:ident| $($block:tt)+) => { $crate::transaction!($db, [], async |$tx| $($block)+) };
    ($db:expr, [$($name:ident),*], async |$tx:ident| -> Result<_, $error:ty> $block:block) => {{
        let db = &$db;
        $(let $name = $name.to_owned();)*
        db.write::<_, $error, _>(move |$tx| {
            $(let $name = $name.clone();)*
            Box::pin(async move $block)
        })
    }};
    ($db:expr, [$($name:ident),*], async |$tx:ident| $block:block) => {
        $crate::transaction!($db, [$($name),*], async |$tx| -> Result<_, $crate::StoreError> $block)
    };
}
