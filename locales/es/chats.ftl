# Chats del chat web propio.
nav-chats = Chats
chats-title = Chats
chats-lead = Aquí escriben los visitantes de su sitio web. Al cerrar un chat, se pide al cliente una valoración.
chats-open = Chats abiertos
chats-closed = Cerrados en las últimas 24 horas
chats-visitor = Visitante { $code }
chats-waits = Espera respuesta
chats-n-waiting = { $n ->
    [one] { $n } chat espera respuesta
   *[other] { $n } chats esperan respuesta
}
chats-no-text = Sin texto
chats-not-rated = sin valoración
chats-none-title = No hay chats abiertos
chats-none = Los chats nuevos aparecen aquí automáticamente.
chats-no-site-title = Todavía no hay un chat web
chats-no-site = Conecte un chat web y añada una línea de HTML a su sitio. Después, los visitantes podrán escribirle aquí.
chats-connect = Conectar un chat web
chats-choose-title = Elija un chat
chats-choose = La conversación aparecerá aquí.
chats-messages = Mensajes
chats-close = Cerrar el chat
chats-is-closed = Chat cerrado:
chats-write = Su mensaje
chats-as = El visitante ve su nombre: { $name }.
chats-keys = Intro envía; Mayús+Intro empieza otra línea.
chats-send = Enviar
chats-not-sent = El mensaje no se ha enviado. Compruebe la conexión y envíelo de nuevo.
chats-wrong-empty = Escriba un mensaje.
chats-wrong-long = Escriba { $n } caracteres como máximo.
chats-wrong-closed = No se ha enviado: este chat se ha cerrado mientras tanto.
chats-news = Un visitante espera respuesta
chats-notify-on = Avisarme en este navegador
chats-notify-off = Avisos activados
chats-notify-denied = Este navegador bloquea los avisos
done-chat-closed = Chat cerrado.
connection-chats = Responder a los visitantes
connection-chats-words = Los mensajes de los visitantes llegan a la página «Chats». Responda y cierre los chats allí; no hace falta otro programa.
