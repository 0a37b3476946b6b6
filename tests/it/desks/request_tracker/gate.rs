//! A proxy from a desk to us, which forwards requests, or answers 200 and drops them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Debug)]
pub(super) struct Gate {
    pub(super) address: SocketAddr,
    loses: Arc<AtomicBool>,
    lost: watch::Receiver<usize>,
}

impl Gate {
    /// A proxy to `to`, whose server may be down.
    pub(super) async fn open(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (counter, lost) = watch::channel(0);
        let loses = Arc::new(AtomicBool::new(false));
        let losing = loses.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (counter, loses) = (counter.clone(), losing.load(Ordering::Relaxed));
                tokio::spawn(async move {
                    if loses {
                        lose(&mut stream).await?;
                        counter.send_modify(|lost| *lost += 1);
                    } else {
                        tokio::io::copy_bidirectional(&mut stream, &mut TcpStream::connect(to).await?).await?;
                    }
                    std::io::Result::Ok(())
                });
            }
        });
        Self { address, loses, lost }
    }

    /// Drops all requests from now on, or none.
    pub(super) fn loses(&self, loses: bool) {
        self.loses.store(loses, Ordering::Relaxed);
    }

    /// Waits until `wanted` requests were dropped in total.
    pub(super) async fn lost(&self, wanted: usize) {
        let wait = async { self.lost.clone().wait_for(|lost| *lost >= wanted).await.map(|_| ()) };
        let waited = tokio::time::timeout(super::PATIENCE, wait).await;
        waited.unwrap_or_else(|_| panic!("{} requests were lost, not {wanted}", *self.lost.borrow())).expect("the gate is there");
    }
}

/// Reads a request completely and acknowledges it.
async fn lose(stream: &mut TcpStream) -> std::io::Result<()> {
    let (mut request, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        let read = stream.read(&mut chunk).await?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request);
        let length = |head: &str| head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.trim().parse::<usize>().ok());
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, _)| request.len() >= head.len() + 4 + length(head).unwrap_or(0));
        if whole || read == 0 {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?;
    stream.shutdown().await
}
