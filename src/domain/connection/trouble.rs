//! Messages to admins about a connection that stopped or receives nothing.

use lastword_language::nearest;

/// Problem of a connection, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its platform reported an error that stops it: nothing is sent.
    Stopped,
    /// Nothing arrives.
    Deaf,
    /// Something arrives again.
    HearsAgain,
    /// It was resumed and has not stopped again.
    RunsAgain,
    /// A chat room that gets alerts is no longer there: its service said so, which is the reason.
    RoomGone,
    /// Its platform asked for a long pause: nothing is sent before its end, which is the reason text.
    Waits,
}

impl Trouble {
    /// The text in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Trouble::Stopped => "stopped",
            Trouble::Deaf => "deaf",
            Trouble::HearsAgain => "hears_again",
            Trouble::RunsAgain => "runs_again",
            Trouble::Waits => "waits",
            Trouble::RoomGone => "room_gone",
        }
    }

    /// True if it reports the end of a problem.
    pub fn is_over(self) -> bool {
        matches!(self, Trouble::HearsAgain | Trouble::RunsAgain)
    }
}

/// The message about the connection `name`, in `language` or in English; `reason` is the platform's text.
pub fn words(language: &str, trouble: Trouble, name: &str, reason: &str) -> String {
    let nearest = nearest(language).to_ascii_lowercase();
    match (nearest.as_str(), trouble) {
        (language, Trouble::RunsAgain) => runs_again(language, name),
        (language, Trouble::RoomGone) => room_gone(language, name, reason),
        ("ru", Trouble::Stopped) => {
            format!("⚠ Подключение {name} остановлено: {reason}\nЧерез него ничего не уходит: устраните причину и возобновите работу.")
        }
        ("ru", Trouble::Deaf) => {
            format!("⚠ Через подключение {name} ничего не приходит: {reason}\nПока причину не устранят, ответы клиентов могут теряться.")
        }
        ("ru", Trouble::HearsAgain) => format!("✓ Через подключение {name} снова приходят сообщения."),
        ("ru", Trouble::Waits) => {
            format!("⚠ Платформа подключения {name} просит подождать до {reason}\nДо этого времени через него ничего не уходит.")
        }
        ("de", Trouble::Stopped) => format!(
            "⚠ Die Verbindung {name} wurde angehalten: {reason}\nÜber sie wird nichts gesendet, bis jemand die Ursache behebt und sie fortsetzt."
        ),
        ("de", Trouble::Deaf) => format!(
            "⚠ Über die Verbindung {name} kommt nichts an: {reason}\nAntworten von Kunden können verloren gehen, bis jemand die Ursache behebt."
        ),
        ("de", Trouble::HearsAgain) => format!("✓ Über die Verbindung {name} kommen wieder Nachrichten an."),
        ("de", Trouble::Waits) => {
            format!("⚠ Die Plattform der Verbindung {name} verlangt eine Pause bis {reason}\nBis dahin wird über sie nichts gesendet.")
        }
        ("es", Trouble::Stopped) => {
            format!("⚠ La conexión {name} está detenida: {reason}\nNo saldrá nada por ella hasta que alguien la arregle y la reanude.")
        }
        ("es", Trouble::Deaf) => format!(
            "⚠ No llega nada por la conexión {name}: {reason}\nHasta que alguien la arregle, pueden perderse respuestas de los clientes."
        ),
        ("es", Trouble::HearsAgain) => format!("✓ Por la conexión {name} vuelven a llegar mensajes."),
        ("es", Trouble::Waits) => {
            format!("⚠ La plataforma de la conexión {name} pide esperar hasta: {reason}\nHasta entonces no saldrá nada por ella.")
        }
        ("pt-br", Trouble::Stopped) => {
            format!("⚠ A conexão {name} parou: {reason}\nNada sai por ela até que alguém resolva o problema e a retome.")
        }
        ("pt-br", Trouble::Deaf) => {
            format!("⚠ Nada chega pela conexão {name}: {reason}\nRespostas de clientes podem se perder até que alguém resolva o problema.")
        }
        ("pt-br", Trouble::HearsAgain) => format!("✓ A conexão {name} voltou a receber mensagens."),
        ("pt-br", Trouble::Waits) => {
            format!("⚠ A plataforma da conexão {name} pede para esperar até {reason}\nAté lá, nada sai por ela.")
        }
        ("pt-pt", Trouble::Stopped) => {
            format!("⚠ A ligação {name} parou: {reason}\nNada sai por ela até que alguém resolva o problema e a retome.")
        }
        ("pt-pt", Trouble::Deaf) => {
            format!("⚠ Nada chega pela ligação {name}: {reason}\nPodem perder-se respostas de clientes até que alguém resolva o problema.")
        }
        ("pt-pt", Trouble::HearsAgain) => format!("✓ A ligação {name} voltou a receber mensagens."),
        ("pt-pt", Trouble::Waits) => {
            format!("⚠ A plataforma da ligação {name} pede para esperar até {reason}\nAté lá, nada sai por ela.")
        }
        (_, Trouble::Stopped) => format!(
            "⚠ The connection {name} has stopped: {reason}\nNothing leaves through it until somebody mends it and lets it run again."
        ),
        (_, Trouble::Deaf) => {
            format!("⚠ Nothing arrives through the connection {name}: {reason}\nClients' answers may be lost until somebody mends it.")
        }
        (_, Trouble::HearsAgain) => format!("✓ Messages arrive through the connection {name} again."),
        (_, Trouble::Waits) => {
            format!("⚠ The platform of the connection {name} asked us to wait until {reason}\nNothing leaves through it before.")
        }
    }
}

fn runs_again(language: &str, name: &str) -> String {
    match language {
        "ru" => format!("✓ Подключение {name} снова работает."),
        "de" => format!("✓ Die Verbindung {name} läuft wieder."),
        "es" => format!("✓ La conexión {name} vuelve a funcionar."),
        "pt-br" => format!("✓ A conexão {name} voltou a funcionar."),
        "pt-pt" => format!("✓ A ligação {name} voltou a funcionar."),
        _ => format!("✓ The connection {name} runs again."),
    }
}

fn room_gone(language: &str, name: &str, reason: &str) -> String {
    match language {
        "ru" => {
            format!("⚠ Чата «{name}» больше нет: {reason}\nОповещения туда не уходят, пока на странице «Получатели» не указан новый адрес.")
        }
        "de" => format!(
            "⚠ Den Chatraum {name} gibt es nicht mehr: {reason}\nEr bekommt keine Benachrichtigungen, bis er auf der Seite Empfänger eine neue Adresse hat."
        ),
        "es" => format!(
            "⚠ La sala {name} ya no existe: {reason}\nNo recibirá alertas hasta que tenga una dirección nueva en la página Destinatarios."
        ),
        "pt-br" => {
            format!("⚠ A sala {name} não existe mais: {reason}\nEla não recebe alertas até ter um novo endereço na página Destinatários.")
        }
        "pt-pt" => format!("⚠ A sala {name} já não existe: {reason}\nNão recebe alertas até ter um novo endereço na página Destinatários."),
        _ => format!("⚠ The chat room {name} is gone: {reason}\nIt gets no alerts until it has a new address on the page Recipients."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_words_of_its_own_for_each_trouble() {
        for trouble in [Trouble::Stopped, Trouble::Deaf, Trouble::HearsAgain, Trouble::RunsAgain, Trouble::Waits, Trouble::RoomGone] {
            let tags = ["en", "ru", "de-AT", "es", "pt_BR", "pt-PT"];
            let all: Vec<String> = tags.iter().map(|tag| words(tag, trouble, "shop", "why")).collect();
            assert!(all.iter().all(|text| text.contains("shop")), "{all:?}");
            assert!(trouble.is_over() || all.iter().all(|text| text.contains("why")), "{all:?}");
            let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
            assert_eq!(distinct.len(), all.len());
            assert_eq!(words("xx", trouble, "shop", "why"), all[0]);
        }
    }
}
