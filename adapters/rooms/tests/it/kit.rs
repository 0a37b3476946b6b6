//! The kit, for a room at each service.

use crate::stub::{KEY, Platform, SECRET, room, rooms};
use lastword_contract::kit::{Call, Harness, HttpStub, Played, Remote};
use lastword_contract::{Address, Channel, RawRequest};
use lastword_rooms::{Rooms, Service};

struct At<const SERVICE: usize> {
    stub: HttpStub,
    rooms: Rooms,
}

impl<const SERVICE: usize> At<SERVICE> {
    const fn service() -> Service {
        Service::ALL[SERVICE]
    }
}

#[async_trait::async_trait]
impl<const SERVICE: usize> Harness for At<SERVICE> {
    async fn start() -> Self {
        Self { stub: HttpStub::start(Platform(Self::service())).await, rooms: rooms() }
    }

    fn channel(&self) -> &dyn Channel {
        &self.rooms
    }

    async fn play(&self, remote: Remote) -> Played {
        self.stub.play(remote).await
    }

    async fn calls(&self) -> Vec<Call> {
        self.stub.calls()
    }

    fn client(&self) -> Address {
        room(Self::service(), &self.stub.url())
    }

    fn press(&self, _: &str, _: &Address, _: Option<&str>) -> Option<RawRequest> {
        None
    }

    fn signed(&self, _: &[u8]) -> Option<RawRequest> {
        None
    }

    fn forgeries(&self, _: &RawRequest) -> Vec<RawRequest> {
        Vec::new()
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned(), KEY.to_owned()]
    }
}

macro_rules! each {
    ($($name:ident = $at:literal),* $(,)?) => {$(
        mod $name {
            lastword_contract::channel_cases!(super::At<$at>);
        }
    )*

        #[test]
        fn no_service_is_left_out() {
            let cases = [$((stringify!($name), $at)),*];
            assert_eq!(cases.len(), Service::ALL.len());
            for (name, at) in cases {
                assert_eq!(Service::ALL[at].as_str(), name);
            }
        }
    };
}

each! {
    slack = 0,
    mattermost = 1,
    rocketchat = 2,
    zulip = 3,
    teams = 4,
    discord = 5,
    google_chat = 6,
    ntfy = 7,
    gotify = 8,
    matrix = 9,
    pagerduty = 10,
}
