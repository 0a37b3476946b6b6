# The page "Clients": find, hand out, erase.
nav-clients = Clientes
clients-title = Clientes
clients-lead = Todo lo que se guarda sobre un cliente: para entregarlo o borrarlo.
clients-find = Cliente
clients-find-hint = El identificador de la persona en su sistema, un chat, un teléfono o un correo, tal como los conoce el mensajero. No se guardan nombres.
clients-search = Buscar
clients-none-yet = ¿A quién busca?
clients-none-yet-lead = Escriba arriba lo que sabe del cliente.
clients-nobody = No se conoce a nadie así
clients-nobody-lead = No se guarda nada de ese cliente, o sus datos personales ya se eliminaron.
clients-found = { $n ->
    [one] { $n } cliente encontrado
   *[other] { $n } clientes encontrados
}
clients-id = Cliente
clients-sessions = Sesiones
clients-last = Última vez
client-held = Lo que se guarda
client-held-clients = Ficha del cliente
client-held-sessions = Sesiones
client-held-rating-requests = Cierres
client-held-ratings = Valoraciones
client-held-answers = Respuestas
client-held-supervisor-scores = Puntuaciones del supervisor
client-held-deliveries = Mensajes enviados
client-held-earlier-addresses = Direcciones anteriores
client-held-conversations = Conversaciones
client-held-messages = Mensajes del chat
client-held-visitors = Visitante del chat web
client-held-session-events = Eventos de las sesiones
client-file = Descargar todo
client-file-hint = Un archivo JSON para el cliente. En el registro consta que se creó, sin el identificador del cliente.
client-erase = Borrar a este cliente
client-erase-lead = Las preguntas abiertas se cancelan. Quién es el cliente, dónde se le escribió y lo que escribió se elimina en todas partes. Las puntuaciones y los contadores quedan y no dicen nada de la persona. No se puede deshacer; quien vuelve es nuevo.
client-erase-backups = En las copias de seguridad anteriores los datos siguen hasta que se borren.
client-confirm = Escriba { $id } para confirmar
client-confirm-wrong = Ese no es el identificador del cliente. No se borró nada.
client-erase-now = Borrar todo
done-client-erased = Todo sobre el cliente está borrado.
