# Lines: their settings, what the client sees, the dry run.
said-yes = sí
said-no = no
lines-lead = Cada línea pregunta a sus clientes con sus propias reglas.
lines-none = Todavía no hay líneas
lines-none-words = Una línea es una cola de chats con su propia configuración. Cree la primera con el identificador que usa su mesa de ayuda.
line-word = Línea
line-session = Sesión
line-older = Anteriores
line-asks = Pregunta
line-today = Hoy
line-on = activa
line-off = inactiva
line-archived = archivada
line-new = Nueva línea
line-make = Crear la línea
line-name = Nombre
line-name-hint = Como lo lee la gente.
line-id = Identificador
line-id-hint = Como lo llama su mesa de ayuda; no cambia nunca.
line-scale-hint = Todo lo demás se ajusta después.
line-scale-binary = 👍 o 👎
line-scale-five-star = cinco estrellas
line-at-once = al instante
line-n-seconds = { $n ->
    [one] { $n } segundo
   *[other] { $n } segundos
}
line-n-minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
}
line-n-hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
}
line-n-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
line-n-closed = { $n ->
    [one] { $n } cerrada
   *[other] { $n } cerradas
}
line-asked-answered = { $asked } preguntadas, { $answered } respondidas
line-good-share = { $share } buenas
line-archive = Archivar la línea
line-archive-hint = Una línea archivada no pregunta a nadie. Sus valoraciones y cifras se conservan y se puede recuperar.
line-restore = Recuperar la línea
line-restore-hint = La línea está archivada y no pregunta a nadie.
line-tab-rating = Valoración
line-tab-plan = Simulacro
line-tab-versions = Versiones
line-texts-own = textos propios
line-texts-built-in = textos incluidos
line-texts-add = Otro idioma
line-texts-add-button = Añadir
line-texts-add-hint = Su código, como fr o pt-BR. Lo que quede vacío se pregunta en el idioma de la línea.
line-versions-lead = Se conserva cada cambio. Volver atrás crea una versión nueva; los cierres anteriores conservan su configuración.
line-version-n = Versión { $n }
line-version-present = actual
line-version-back = Volver a esta
line-version-first = Se creó la línea.
line-version-same = Guardada sin cambios de configuración.
line-warning-no-recipient = Nadie se entera de una valoración baja en esta línea.
line-warning-no-supervisors = Se avisa a los supervisores de la línea y no tiene ninguno.
line-warning-unknown-recipient = No hay ningún destinatario { $name }.
line-warning-empty-group = El grupo { $name } está vacío.
line-warning-not-reached = No se puede avisar a { $name }: desactivado o sin conexión para avisos.
line-warning-no-fallback = El canal alternativo { $name } no está entre las conexiones.
line-warning-fallback-cannot = El canal alternativo { $name } no puede preguntar con esta escala.
done-line-made = La línea { $name } está lista. Indique a quién se avisa de las valoraciones bajas.
done-line-saved = Guardado. Vale para los cierres desde ahora.
done-line-archived = { $name } está archivada.
done-line-restored = { $name } está de vuelta.
done-line-back = Vuelve a regir la configuración de la versión { $name }.
set-save = Guardar
set-save-hint = Los cierres anteriores conservan la configuración con la que se decidió.
set-form-wrong = { $n ->
    [one] { $n } ajuste no es válido; al lado dice por qué. No se guardó nada.
   *[other] { $n } ajustes no son válidos; al lado dice por qué. No se guardó nada.
}
set-clash-title = { $name } cambió esta línea mientras tanto
set-clash-words = No se perdió nada suyo ni se sobrescribió nada ajeno: abajo está lo que escribió, aquí lo que cambió la otra persona. Elija.
set-clash-both = Combinar ambos
set-clash-mine = Guardar lo mío encima
set-clash-theirs = Descartar lo mío
set-part-asking = Preguntar
set-part-asking-lead = Si se pregunta tras un cierre, cuándo y con qué escala.
set-part-texts = Textos
set-part-texts-lead = Decide el idioma del cliente. Lo que quede vacío usa los textos incluidos, que aparecen en gris.
set-part-low = Valoraciones bajas
set-part-low-lead = Qué cuenta como baja y qué se pregunta entonces.
set-part-alerts = Avisos
set-part-alerts-lead = Quién se entera enseguida de una valoración baja, y quién si nadie reacciona.
set-part-answering = Responder
set-part-answering-lead = Cuánto tiempo tiene el cliente y de quién es la valoración.
set-part-leaving-out = Cuándo no preguntar
set-part-leaving-out-lead = Cada cierre omitido conserva su motivo y las cifras lo muestran.
set-part-windows = Horas de silencio y ventanas
set-part-windows-lead = Algunos canales solo dejan escribir un tiempo tras el último mensaje del cliente. Se intenta en este orden: antes, plantilla, otro canal. Si no, no se pregunta.
set-enabled = Preguntar a los clientes de esta línea
set-name = Nombre de la línea
set-archived = Archivada
set-scale = Escala
set-delay_secs = Espera tras el cierre
set-delay_secs-hint = El chat web pregunta al instante, mientras el visitante está.
set-language = Idioma de la línea
set-language-hint = Cuando no se conoce el del cliente o no tiene textos.
set-ask_after_timeout = También si el chat se cerró porque nadie escribía
set-ask_after_bot = También si el chat lo cerró un bot
set-texts-question = Pregunta
set-texts-reminder = Recordatorio
set-texts-thanks_good = Gracias tras una buena nota
set-texts-thanks_low = Gracias tras una nota baja
set-texts-expired = Cuando se acaba el plazo
set-texts-resolved = ¿Se resolvió?
set-texts-comment = Texto del campo de comentario
set-texts-reasons = Motivos para elegir
set-texts-reasons-hint = Uno por línea, ocho como máximo. Tras una nota baja son botones.
set-low_max = Es baja hasta
set-low-usual = lo habitual: 👎 o dos estrellas
set-low-stars = { $n ->
    [one] { $n } estrella
   *[other] { $n } estrellas
}
set-follow_up-reasons = Ofrecer motivos tras una nota baja
set-follow_up-comment = Invitar a comentar tras una nota baja
set-follow_up-resolved = Preguntar si se resolvió el problema
set-resolved-never = nunca
set-resolved-after-low = tras una nota baja
set-resolved-always = tras cada nota
set-alerts-recipients = Avisados al instante
set-alerts-recipients-hint = Los destinatarios se crean en su propia página, con un botón de prueba.
set-alerts-supervisors = Supervisores de esta línea
set-alerts-text = Texto del aviso
set-alerts-text-hint = Se rellenan: #LINE#, #OPERATOR#, #SCORE#, #SESSION#, #CHANNEL#, #TIME#, #LINK#
set-alerts-escalate_after_minutes = Escalar si nadie lo ha visto tras
set-alerts-escalate_after_minutes-hint = Vacío: nunca.
set-alerts-escalate_to = Después se avisa, nivel tras nivel
alert-to-operator = el operador responsable
alert-to-supervisors = los supervisores de la línea
alert-nobody = nadie
set-expires_after_hours = La pregunta está abierta
set-expires_after_hours-hint = Una respuesta tardía se agradece y se guarda aparte.
set-change_minutes = La nota se puede cambiar durante
set-reminder_after_hours = Un recordatorio tras
set-reminder_after_hours-hint = Vacío: ninguno. Solo dentro de la ventana.
set-other_text = Si el cliente escribe otra cosa
set-other-text-keep-open = la pregunta sigue abierta
set-other-text-cancel = la pregunta termina
set-attribution = De quién es la valoración
set-attribution-closing = del operador que cerró el chat
set-attribution-shared = de todos los que escribieron
set-skip-no_operator = Si no participó ningún agente
set-skip-no_operator-hint = Desactivado: se pregunta al cliente aunque ni el cierre ni la sesión nombren a un agente.
set-skip-operator_silent = Si ningún operador escribió nada
set-skip-client_silent = Si el cliente no escribió nada
set-skip-min_messages = Menos mensajes que
set-skip-min_messages-hint = 0 pregunta tras cualquier conversación.
set-once_per_client_hours = Al mismo cliente como máximo una vez cada
set-once_per_client_hours-hint = En todas las líneas y canales; 0 pregunta siempre.
set-sampling_percent = Preguntar por
set-sampling_percent-hint = De todos los cierres; la selección es repetible.
set-quiet_hours = Respetar horas de silencio
set-quiet_hours-from = Desde
set-quiet_hours-to = Hasta
set-quiet_hours-time_zone = Zona horaria
set-quiet_hours-time_zone-hint = Como Europe/Berlin; vacío: la de la organización.
set-quiet_hours-shut_out = Si la pregunta no puede esperar tanto
set-shut-out-early = preguntar antes de que empiecen
set-shut-out-skip = no preguntar
set-window-ask_early = Preguntar antes, mientras la ventana está abierta
set-window-template = Usar una plantilla aprobada, si la hay
set-window-fallback = Preguntar por otro canal
set-no-fallback = ninguno
set-unit-seconds = segundos
set-unit-minutes = minutos
set-unit-hours = horas
set-unit-days = días
set-bad-number = Escriba un número entero de { $min } a { $max }.
set-bad-duration = Escriba un número entero y elija la unidad.
set-bad-id = Escriba de 1 a 64 letras, cifras o - _ . :
set-bad-id-taken = Este identificador está ocupado. Elija otro.
set-bad-line-name = Escriba de 1 a 200 caracteres en una línea.
set-bad-alert-text = Como máximo 2000 caracteres.
set-bad-language = Escriba el código de un idioma, como en o pt-BR.
set-bad-text = Como máximo 640 caracteres, para que quepa en todos los canales.
set-bad-reasons = Como máximo ocho motivos de 1 a 40 caracteres, uno por línea.
set-bad-sampling-percent = Escriba de 0 a 100.
set-bad-low-max = Esta nota no está en la escala de la línea.
set-bad-scale = No existe esa escala. Elija pulgares o estrellas.
set-bad-expires-after-hours = Escriba de 1 hora a 90 días.
set-bad-delay-secs = La pregunta terminaría antes de enviarse: acorte la espera.
set-bad-reminder-after-hours = El recordatorio va entre la pregunta y su final: al menos 1 hora y menos que el plazo.
set-bad-alerts-escalate-to = Indique al menos un nivel o deje el tiempo vacío.
set-bad-quiet-hours-from = Escriba una hora de 00:00 a 23:59.
set-bad-quiet-hours-to = Escriba una hora distinta del comienzo.
set-bad-quiet-hours-time-zone = No existe esa zona horaria. Escriba por ejemplo Europe/Berlin.
preview-title = Vista previa
preview-moment = Mensaje
preview-show = Mostrar
preview-none = Ningún canal de esta versión lleva mensajes a clientes.
preview-not-connected = aún sin conectar
preview-cannot-ask = Este canal no puede preguntar con esta escala: no se pregunta a sus clientes.
preview-cut = El texto es demasiado largo para este canal y se acorta.
preview-cut-labels = { $n ->
    [one] { $n } botón es demasiado largo para este canal y se acorta.
   *[other] { $n } botones son demasiado largos para este canal y se acortan.
}
preview-left-out = { $n ->
    [one] No hay sitio para { $n } opción.
   *[other] No hay sitio para { $n } opciones.
}
preview-typed = También se puede escribir: { $hint }
preview-new-message = Las gracias llegan en otro mensaje: este canal no puede reemplazar la pregunta.
preview-no-link = #LINK# queda vacío: http.public_url no está definido y ninguna dirección lleva aquí desde fuera.
preview-moment-question = Pregunta
preview-moment-thanks-good = Gracias tras una buena nota
preview-moment-thanks-low = Gracias tras una nota baja
preview-moment-reminder = Recordatorio
preview-moment-expired = Se acabó el plazo
preview-moment-alert = Aviso de una valoración baja
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Chat web
preview-channel-email = Correo
preview-channel-webhook = Solo texto (SMS y otros)
plan-lead = Lo que esta línea habría preguntado sobre cierres pasados, decidido de nuevo con la configuración guardada, como si estuviera activa. No se envía nada.
plan-since = Cerradas desde
plan-limit = Listadas
plan-look = Mirar
plan-wrong = No es un día hasta hoy. Se muestran los últimos siete días.
plan-truncated = Hay más cierres de los que mira un simulacro: faltan los posteriores.
plan-none = No se cerró ningún chat en ese tiempo
plan-none-words = Elija un día anterior o cierre un chat en su mesa de ayuda.
plan-closes = Cierres
plan-asked = Se preguntarían
plan-not = No se preguntarían
plan-closed = Cerrada
plan-result = Resultado
plan-due = La pregunta saldría
plan-way-in-time = preguntada a tiempo
plan-way-early = preguntada antes
plan-way-template = preguntada con plantilla
plan-way-fallback = preguntada por otro canal
plan-way-window-unknown = preguntada sin conocer la ventana
plan-not-asked-line-off = línea inactiva
plan-not-asked-line-archived = la línea está archivada
plan-not-asked-spam = cerrado como spam
plan-not-asked-forced = cierre forzado
plan-not-asked-by-choice = se eligió no preguntar
plan-not-asked-timeout-close = cerrado por silencio
plan-not-asked-bot-close = cerrado por un bot
plan-not-asked-no-client = sin dirección del cliente
plan-not-asked-channel-off = el canal no puede preguntar
plan-not-asked-no-operator = sin operador
plan-not-asked-operator-silent = el operador no escribió
plan-not-asked-client-silent = el cliente no escribió
plan-not-asked-too-short = muy pocos mensajes
plan-not-asked-opted-out = el cliente no quiere preguntas
plan-not-asked-blocked = el cliente nos bloqueó
plan-not-asked-already-rated = ya valorado
plan-not-asked-throttled = preguntado hace poco
plan-not-asked-sampled-out = fuera de la muestra
plan-not-asked-window-shut = ventana cerrada
plan-not-asked-template-missing = no hay plantilla para fuera de la ventana
plan-not-asked-template-refused = la plataforma no aceptó la plantilla
plan-not-asked-no-form = el formulario de la plataforma no sirve aquí
plan-not-asked-quiet-hours = horas de silencio
plan-not-asked-too-late = comunicado demasiado tarde
plan-not-asked-flapping = se cierra y reabre sin parar
set-part-keeping = Mostrar y conservar
set-part-keeping-lead = Qué ven otros de las valoraciones y cuánto tiempo se sabe de quién son.
set-publication = Mostrar en público lo que dicen los clientes
set-publication-hint = Tres días después, en una página y un distintivo de esta línea.
set-retention_months = Borrar los datos personales tras
set-retention_months-hint = Las notas y los contadores quedan; 0 los conserva siempre.
set-unit-months = meses
set-bad-retention-months = Escriba de 1 a 1200 meses, o 0 para siempre.
set-alerts = Avisos
set-follow_up = Preguntas tras una nota baja
set-window = Qué hacer cuando se cierra la ventana
set-skip = Cuándo no preguntar
