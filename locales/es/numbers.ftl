# Páginas de números: hoy, informes, agentes, los propios.
nav-reports = Informes
num-download = Descargar la tabla
num-show = Aplicar
num-period = Periodo
num-from = Desde
num-until = Hasta
num-filter-line = Línea
num-filter-operator = Agente
num-filter-channel = Canal
num-filter-handled-by = Atendido por
num-filter-label = Etiqueta
num-filter-scale = Escala
num-filter-by = Agrupar por
num-all-lines = Todas las líneas
num-all-operators = Todos los agentes
num-all-channels = Todos los canales
num-all-handled = Todos los chats
num-all-labels = Cualquier etiqueta
handled-by-human = una persona
handled-by-program = un bot
handled-by-both = un bot y una persona
handled-by-nobody = desconocido
num-all-scales = Todas las escalas
num-scale-binary = Pulgares
num-scale-five-star = Estrellas
num-channel-webchat = Chat web
num-channel-email = Correo
num-channel-none = Sin canal
num-operator-none = Sin agente
by-operator = Agente
by-line = Línea
by-channel = Canal
by-handled-by = Atendido por
by-label = Etiqueta
by-day = Día
by-week = Semana
by-month = Mes
ask-day-wrong = Escriba una fecha como 2026-09-30.
ask-ends-before = La fecha final es anterior a la inicial.
ask-too-long = Elija diez años como máximo.
ask-period-unknown = Periodo desconocido. Elija las fechas aquí.
ask-line-unknown = No existe esa línea.
ask-scale-unknown = No existe esa escala.
ask-handled-unknown = Esa opción no existe. Elija otra.
ask-label-unknown = Esa etiqueta no existe. Elija otra.
num-label-other = otros
ask-by-unknown = La tabla no se puede agrupar así.
ask-by-too-many = Demasiados días para una tabla. Agrupe por semanas o meses.
ask-wrong = Revise el campo marcado.
period-today = Hoy
period-yesterday = Ayer
period-7 = 7 días
period-30 = 30 días
period-90 = 90 días
period-month = Este mes
period-last-month = Mes pasado
period-quarter = Este trimestre
period-year = Este año
num-n-of-n = { $part } de { $of }
num-day-month = { $day } { $month }
num-no-ratings = sin valoraciones
num-few = muestra pequeña
num-few-hint = Menos de 30 respuestas: unas pocas más pueden cambiar mucho el porcentaje
num-response-of = { $of ->
    [one] { $part } de { $of } pregunta cuyo plazo terminó
   *[other] { $part } de { $of } preguntas cuyo plazo terminó
}
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = No hay datos para este periodo
num-empty-words = En estos días no se cerró ningún chat que coincida con estos filtros. Elija otros días o quite filtros.
num-choose-others = Elija otros días o quite filtros.
num-split-none = Ninguno de estos chats tiene etiquetas
num-supervisor-scored = Puntuación del supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-up = ▲ { $points } puntos
change-down = ▼ { $points } puntos
change-higher = ▲ { $points } puntos, difícilmente por azar
change-lower = ▼ { $points } puntos, difícilmente por azar
change-cannot-tell = ≈ sin cambio claro
rule-thumbs = Buena: 👍 · mala: 👎 ({ $lines })
rule-stars = Buena: { $good } ★ · mala: { $bad } ★ ({ $lines })
raw-score = { $n ->
    [one] Con la { $n } anulada: { $score }
   *[other] Con las { $n } anuladas: { $score }
}
compared-with = Comparado con { $days }
figure-score = Valoraciones buenas
figure-response = Tasa de respuesta
figure-closed = Cerrados
figure-asked = Con pregunta
figure-delivered = Entregadas
figure-answered = Respondidas
figure-not-asked = Sin pregunta
figure-kept-back = Excluidos por la mesa de ayuda
figure-canceled = Canceladas
figure-open = Aún abiertas
figure-expired = Caducadas
figure-unreachable = Cliente no localizable
figure-unsure = Entrega sin confirmar
figure-late = Respondidas tarde
figure-good = Buenas
figure-neutral = Neutras
figure-bad = Malas
figure-bad-ratings = Valoraciones malas
figure-voided = Anuladas
figure-average = Media de estrellas
figure-silent = Rango posible contando a quienes no respondieron
figure-silent-of = de todas malas a todas buenas
figure-resolved = Asunto resuelto
figure-unresolved = Asunto no resuelto
figure-commented = Con comentario
figure-took-median = Tiempo hasta la valoración, mediana
figure-took-average = Tiempo hasta la valoración, media
figure-supervised = Puntuadas por un supervisor
of-answered = { $share } de las valoraciones
median-under = menos de { $time }
average-of-5 = media { $mean } de 5
before-was = antes: { $n }
overall-is = en total: { $n } { $of }
reports-title = Informes
trend-title = Evolución de las valoraciones buenas
trend-stars = Evolución de la media de estrellas
trend-none = No hay valoraciones en este periodo.
trend-higher = El { $now } son buenas; antes, el { $before }: mejor, y difícilmente por azar.
trend-lower = El { $now } son buenas; antes, el { $before }: peor, y difícilmente por azar.
trend-cannot-tell = El { $now } son buenas; en el periodo anterior, el { $before }. La diferencia puede ser casual.
trend-same = El { $now } son buenas, como en el periodo anterior.
legend-period = este periodo
legend-interval = intervalo del 95 %
legend-few = muestra pequeña
legend-before = periodo anterior
trend-last-days = los últimos { $n } días
trend-last-months = los últimos { $n } meses
legend-closes = de menos a más chats cerrados
legend-bad = claramente más valoraciones malas que en otras horas
legend-faint = incompleto
legend-changed = cambiaron los ajustes de una línea
chart-table = Ver como tabla
head-time = Momento
head-interval = Intervalo del 95 %
head-good-of = Buenas / total
head-score = Puntuación
head-ratings = Valoraciones
head-share = Proporción
head-step = Paso
head-chats = Chats
head-of-before = % del paso anterior
head-operator = Agente
head-stars = Media ★
head-place = Puesto posible
head-id = Identificador
head-response-percent = Tasa de respuesta, %
head-score-percent = Buenas, %
head-low = Intervalo del 95 %, desde
head-high = Intervalo del 95 %, hasta
head-raw-percent = Buenas con anuladas, %
head-resolved-percent = Resueltos, %
head-took-secs = Tiempo hasta la valoración, s
head-beside = Frente al resto del equipo
head-stars-low = Media ★, 95 % desde
head-stars-high = Media ★, 95 % hasta
head-kept-back-percent = Excluidos por la mesa de ayuda, %
head-kept-back-low = Excluidos, 95 % desde
head-kept-back-high = Excluidos, 95 % hasta
head-stars-of = Media ★, valoraciones
head-raw-good = Buenas con anuladas
head-raw-neutral = Neutras con anuladas
head-raw-bad = Malas con anuladas
distribution-thumbs = Pulgares
distribution-stars = Estrellas
funnel-title = Del chat cerrado a la valoración
funnel-finding = De { $closed ->
    [one] { $closed } chat cerrado
   *[other] { $closed } chats cerrados
    }, se preguntó por { $asked }; { $delivered ->
    [one] llegó { $delivered } pregunta
   *[other] llegaron { $delivered } preguntas
    } y { $answered ->
    [one] se respondió { $answered }
   *[other] se respondieron { $answered }
    }.
heat-title = Horas de la semana
heat-none = No se cerró ningún chat en este periodo.
heat-finding = La hora con más chats cerrados: { $day }, { $time } ({ $n } en este periodo).
heat-said = cerrados: { $closes }, malas: { $bad }
num-weekday-1 = Lun
num-weekday-2 = Mar
num-weekday-3 = Mié
num-weekday-4 = Jue
num-weekday-5 = Vie
num-weekday-6 = Sáb
num-weekday-7 = Dom
num-weekday-long-1 = lunes
num-weekday-long-2 = martes
num-weekday-long-3 = miércoles
num-weekday-long-4 = jueves
num-weekday-long-5 = viernes
num-weekday-long-6 = sábado
num-weekday-long-7 = domingo
whiskers-title = Puntuación de los agentes con intervalos del 95 %
whiskers-one = Solo se valoró a un agente, así que no hay con quién comparar.
way-title = Qué pasó con los chats cerrados
said-title = Valoraciones
more-title = Más cifras
reasons-title = Por qué no se preguntó o no se pudo localizar al cliente
split-by-operator = Por agente
split-by-line = Por línea
split-by-channel = Por canal
split-by-handled-by = Por quién atendió
split-by-label = Por etiqueta
split-by-day = Por día
split-by-week = Por semana
split-by-month = Por mes
split-hint = Todos los números cuentan los mismos cierres y llevan a su lista.
mixes-differ = Personas y bots se reparten el trabajo de forma distinta en cada fila: parte de la diferencia puede deberse a eso. Filtre por quién atendió los chats para comparar lo comparable.
mixes-differ-before = En el periodo anterior, personas y bots se repartían el trabajo de otra forma
low-reasons-title = Por qué las valoraciones son bajas
low-reasons-download = Descargar los motivos
low-reasons-reason = Motivo
low-reasons-low = Valoraciones bajas
low-reasons-reasoned = Con un motivo del cliente
low-reasons-without = Sin motivo
low-reasons-with-tag = Con una etiqueta de las reglas
low-reasons-without-tag = Sin etiqueta, aunque se aplicaron reglas
low-reasons-chosen = Elegido por clientes
low-reasons-tagged = Hallado por palabras clave
low-reasons-before = Antes
low-reasons-rule = { $part ->
    [0] En ninguna de las valoraciones bajas ({ $of }) el cliente eligió un motivo.
    [one] Los porcentajes son de la única valoración baja (de { $of }) cuyo cliente eligió al menos un motivo; una valoración puede tener varios. Cada uno lleva su intervalo del 95 %; un cambio solo se nombra si es improbable que sea azar entre todos los motivos juntos. Las valoraciones anuladas no cuentan.
   *[other] Los porcentajes son de las { $part } valoraciones bajas (de { $of }) cuyo cliente eligió al menos un motivo; una valoración puede tener varios. Cada uno lleva su intervalo del 95 %; un cambio solo se nombra si es improbable que sea azar entre todos los motivos juntos. Las valoraciones anuladas no cuentan.
}
low-reasons-left-out = Los cambios no incluyen las líneas donde otras puntuaciones contaban como bajas en el periodo anterior.
low-reasons-tags-rule = { $part ->
    [one] Las etiquetas las hallaron en los comentarios las reglas de palabras clave de las líneas, ningún cliente las eligió: sus porcentajes son de la única valoración baja (de { $of }) con un comentario que las reglas miraron.
   *[other] Las etiquetas las hallaron en los comentarios las reglas de palabras clave de las líneas, ningún cliente las eligió: sus porcentajes son de las { $part } valoraciones bajas (de { $of }) con un comentario que las reglas miraron.
}
low-reasons-split = Por qué las valoraciones son bajas: { $by }
low-reasons-left-off = { $n ->
    [one] Se omite { $n } más con menos valoraciones bajas.
   *[other] Se omiten { $n } más con menos valoraciones bajas.
}
low-reasons-all = Todas
low-reasons-code = Código
low-reasons-origin = Origen
low-reasons-part = Valoraciones con él
low-reasons-of = De
low-reasons-percent = Porcentaje, %
low-reasons-before-part = Antes: valoraciones con él
low-reasons-before-of = Antes: de
low-reasons-before-percent = Antes: porcentaje, %
low-reasons-points = Cambio, puntos
low-reasons-verdict = Qué dicen los datos
num-outcome-canceled = Cancelada
num-outcome-unreachable = Cliente no localizable
num-reason-line-off = Las valoraciones están desactivadas en la línea
num-reason-line-archived = La línea está archivada
num-reason-spam = Cerrado como spam
num-reason-forced = Cierre forzado
num-reason-by-choice = La mesa de ayuda decidió no preguntar
num-reason-timeout-close = Cerrado por inactividad
num-reason-bot-close = Cerrado por un bot
num-reason-no-client = Cliente desconocido
num-reason-group = Conversación de grupo
num-reason-nobody-reads = Nadie lee la dirección
num-reason-channel-off = El canal no puede preguntar
num-reason-no-operator = No participó ningún agente
num-reason-operator-silent = El agente no escribió nada
num-reason-client-silent = El cliente no escribió nada
num-reason-too-short = Muy pocos mensajes
num-reason-opted-out = El cliente pidió que no se le pregunte más
num-reason-blocked = El cliente nos bloqueó
num-reason-already-rated = Ya valorado
num-reason-throttled = Se le preguntó hace poco
num-reason-sampled-out = Fuera de la muestra
num-reason-handled-otherwise = Atendido por alguien por quien la línea no pregunta
num-reason-by-rule = Una regla por etiquetas lo excluye
num-reason-window-shut = La ventana de mensajes del canal se había cerrado
num-reason-template-missing = No hay plantilla para escribir fuera de la ventana de mensajes
num-reason-template-refused = La plataforma rechazó la plantilla
num-reason-no-form = El formulario propio de la plataforma está desactivado o no sirve aquí
num-reason-quiet-hours = Horas de silencio
num-reason-too-late = Comunicado demasiado tarde
num-reason-flapping = Cerrado y reabierto una y otra vez
num-reason-reopened = Reabierto
num-reason-restored = Restaurado desde una copia de seguridad
num-reason-merged = Fusionado con otro chat
num-reason-recipient-gone = Ya no se puede localizar al cliente ahí
num-reason-engagement-limit = La plataforma retuvo el mensaje: este cliente ya recibió demasiados
num-reason-client-in-experiment = El cliente participa en un experimento de la plataforma
num-reason-marketing-stopped = El cliente rechazó los mensajes comerciales
num-reason-too-many-tries = Demasiados intentos
num-reason-refused = Rechazado por la plataforma
operators-title = Agentes
operators-empty = No se encontraron chats de agentes
operators-all = Todos los agentes con sus cifras
compared-title = Frente al resto del equipo
compared-higher = ▲ por encima del resto
compared-lower = ▼ por debajo del resto
compared-same = ≈ los datos no muestran diferencias
compared-nothing = no se puede comparar
compared-same-mix = { $points } puntos ({ $low } a { $high }), en igualdad de condiciones
compared-raw = Sin ajustar: { $points } puntos ({ $low } a { $high })
compared-clients = clientes: { $clients }, valoraciones: { $ratings }
compared-of = comparables: { $n }
compared-counted = Clientes contados: { $clients }. Sus valoraciones: { $ratings }.
compared-scales = Pulgares y estrellas se comparan por separado; la columna de valoraciones buenas los reúne.
compared-wait = Se está calculando la comparación de los agentes.
compared-wait-now = Esperar el resultado
labels-wait = Contar tantos chats con etiqueta lleva un momento.
compared-hint = Cada cliente cuenta una vez por agente. Se compara lo comparable: la misma línea, canal y escala. Como mucho 1 de cada 20 páginas muestra una diferencia falsa. Los intervalos no están corregidos por el número de agentes.
head-estimate = Estimación
compared-estimate = Estimación: { $share }
estimate-hint = La estimación es el porcentaje acercado a lo que obtienen los compañeros en las mismas líneas, canales y escalas, tanto más cuantas menos respuestas hay; las listas de operadores siguen este orden, para que unas pocas respuestas con suerte no encabecen. Donde nadie más fue valorado, el porcentaje queda como está.
operator-kind = Persona o bot
operator-kind-told = lo que indica la mesa de ayuda ({ $kind })
operator-kind-human = persona
operator-kind-program = bot
operator-kind-hint = Se aplica a los chats que se cierren a partir de ahora. Un chat que un bot pasa a una persona cuenta para la persona.
done-operator-kind = Guardado. Se aplica a los chats que se cierren a partir de ahora.
latest-title = Últimas valoraciones
latest-none = Todavía no hay ninguna. Las nuevas aparecen aquí automáticamente.
latest-all = Todas las valoraciones
me-title = Mis valoraciones
me-lead = Lo que dicen los clientes de sus chats con usted.
me-empty = Todavía no hay suficientes respuestas
me-groups = Evolución
me-comments = Lo que escribieron los clientes
me-comments-not = No tiene acceso a los comentarios. Un administrador puede cambiarlo.
me-comments-none = No hay comentarios en estas semanas.
first-title-steps = Primeros pasos
first-done = hecho
first-connect = Conecte un canal
first-connect-words = Añada un bot, un chat web, un número o un buzón, y su mesa de ayuda. Lastword los prueba antes de guardarlos.
first-line = Cree una línea
first-line-words = Una línea es una cola de chats con su propia pregunta: su escala, su texto y cuándo se hace.
first-recipient = Añada un destinatario de alertas
first-recipient-words = Se entera de una valoración baja en segundos, en la aplicación de mensajería que ya usa.
first-try = Pruébelo con usted mismo
first-try-words = Escriba a su bot, reciba la pregunta, responda mal y vea llegar la alerta.
today-usual = Hoy, hasta ahora. «Normalmente» es la media de hasta cuatro semanas ({ $weekday }) hasta las { $time }; en la proporción de buenas, del día completo.
usually = normalmente { $n }
waits-title = Por atender
waits-nothing = Nada requiere atención.
of-closed = { $n ->
    [one] de { $n } chat cerrado
   *[other] de { $n } chats cerrados
}
of-ratings = { $n ->
    [one] de { $n } valoración
   *[other] de { $n } valoraciones
}
of-said = { $n ->
    [one] de { $n } respuesta
   *[other] de { $n } respuestas
}
took-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
trend-alone = { $n ->
    [one] { $n } valoración: { $score } buenas.
   *[other] El { $score } de { $n } valoraciones son buenas.
}
trend-changed = ajustes cambiados: { $lines }
distribution-finding = { $n ->
    [one] { $n } valoración: { $good } buenas y { $bad } malas.
   *[other] De { $n } valoraciones, el { $good } son buenas y el { $bad }, malas.
}
whiskers-together = { $n ->
    [one] { $n } agente: los datos no muestran diferencias.
   *[other] Los datos no muestran diferencias entre estos { $n } agentes.
}
whiskers-few = Menos de { $n } valoraciones
whiskers-above = Por encima del resto del equipo: { $names }.
whiskers-below = Por debajo del resto del equipo: { $names }.
whiskers-both = Por encima del resto del equipo: { $above }. Por debajo: { $below }.
whiskers-others = Entre los demás, los datos no muestran diferencias.
whiskers-nothing = No se puede comparar nada: en ninguna línea, canal y escala hay bastantes valoraciones de dos agentes que difieran.
whiskers-redefined = No se puede comparar nada.
whiskers-apart = No comparables: { $n }.
compared-rule = No se incluyen las líneas cuya definición de buena cambió en estos días.
num-left-off = { $n ->
    [one] No se muestra { $n } más, con menos valoraciones.
   *[other] No se muestran { $n } más, con menos valoraciones.
}
me-gathered = { $n ->
    [one] Las cifras abarcan semanas enteras con al menos { $n } respuesta, para que no se pueda reconocer a ningún cliente. Cada semana se cuenta tres días después de terminar.
   *[other] Las cifras abarcan semanas enteras con al menos { $n } respuestas, para que no se pueda reconocer a ningún cliente. Cada semana se cuenta tres días después de terminar.
}
me-empty-words = { $n ->
    [one] En cuanto { $n } cliente haya valorado chats con usted, aquí aparecerán las cifras.
   *[other] En cuanto { $n } clientes hayan valorado chats con usted, aquí aparecerán las cifras.
}
wait-low = { $n ->
    [one] valoración baja sin respuesta
   *[other] valoraciones bajas sin respuesta
}
wait-held = { $n ->
    [one] valoración rebajada en espera: aún hay tiempo para solucionarlo
   *[other] valoraciones rebajadas en espera: aún hay tiempo para solucionarlo
}
wait-alerts = { $n ->
    [one] alerta que no llegó a nadie
   *[other] alertas que no llegaron a nadie
}
wait-deliveries = { $n ->
    [one] mensaje atascado
   *[other] mensajes atascados
}
wait-connections = { $n ->
    [one] conexión detenida
   *[other] conexiones detenidas
}
wait-lines = { $n ->
    [one] línea sin destinatarios de alertas
   *[other] líneas sin destinatarios de alertas
}
num-reason-imported = Importado de un archivo
num-reason-erased = Borrado a petición del cliente
num-response-open = aún en plazo: { $n }
num-still-open = aún abiertas: { $n }
num-pooled = pulgares y estrellas juntos
num-each-scale = cada escala por separado
num-other-clock = Los días aún se cuentan según el reloj de { $zone }, no { $ours }: ejecute lastword recount
target-title = Objetivos
target-wanted = objetivo: { $percent } buenas
target-reached = ▲ alcanzado
target-missed = ▼ no alcanzado
target-cannot-tell = ≈ aún no se puede saber
target-redefined = porque la escala o la definición de buena cambió en estos días
target-none = ≠ sin veredicto
target-no-cases = sin valoraciones de clientes cuyo plazo haya terminado
target-answers = harían falta unos { $n } clientes en total para saberlo, si la proporción se mantiene
since-look = Desde su última visita,
since-week = Desde el
since-all = Todas las valoraciones bajas
since-nothing = Ningún chat cerrado y ninguna valoración baja recibida.
since-closed = { $n ->
    [one] { $n } chat cerrado, { $rated } valorados.
   *[other] { $n } chats cerrados, { $rated } valorados.
}
since-good = { $n } de { $of } buenas.
since-low = { $n ->
    [0] No se recibió ninguna valoración baja.
    [one] Se recibió una valoración baja, contada por el momento de la valoración.
   *[other] Se recibieron { $n } valoraciones bajas, contadas por el momento de la valoración.
}
since-worst = Valoraciones bajas, primero las que tienen comentario
wait-late = { $n ->
    [one] fuera de plazo
   *[other] fuera de plazo
}
wait-slipped = { $n ->
    [one] sin respuesta desde hace más de un día
   *[other] sin respuesta desde hace más de un día
}
tab-overview = Resumen
tab-compare = Comparación
tab-reasons = Motivos
tab-week = Días y horas
tab-details = Todas las cifras
changes-title = Qué ha cambiado
changes-none = Sin cambios claros en comparación con { $days }.
changes-hint = { $n ->
    [0] En comparación con { $days }: todos los chats. Cada cliente cuenta una vez por periodo, con la última pregunta cuyo plazo ha terminado, y solo dentro de la misma línea, canal y escala. Como mucho 1 informe de cada 20 señala un cambio que no existe.
    [one] En comparación con { $days }: todos los chats y una línea, un canal o un agente. Cada cliente cuenta una vez por periodo, con la última pregunta cuyo plazo ha terminado, y solo dentro de la misma línea, canal y escala. Como mucho 1 informe de cada 20 señala un cambio que no existe.
   *[other] En comparación con { $days }: todos los chats y { $n } líneas, canales y agentes. Cada cliente cuenta una vez por periodo, con la última pregunta cuyo plazo ha terminado, y solo dentro de la misma línea, canal y escala. Como mucho 1 informe de cada 20 señala un cambio que no existe.
}
change-scale = ≠ otra escala: no se compara
change-rule = ≠ otra definición de «buena»: no se compara
change-rule-some = sin líneas con otra definición de buena
changes-rule = Las líneas que ahora definen «buena» de otro modo quedan fuera de la comparación de valoraciones.
changes-reasons-rule = Los motivos de las valoraciones bajas se comparan sin las líneas donde otras puntuaciones contaban como bajas en el periodo anterior.
changes-all = todos los chats
changes-ends = intervalo del 95 %: de { $low } a { $high }
changes-mix = { $share }: dentro de las mismas líneas, canales y escalas, { $points } puntos (intervalo del 95 %: de { $low } a { $high }). Otra mezcla de ellos supone { $mix } puntos.
changes-mix-few = { $share }: dentro de las mismas líneas, canales y escalas, { $points } puntos. Muy pocos clientes para decir cuánto supone otra mezcla de ellos.
changes-scale = { $now ->
    [one] Los clientes no valoraron con las mismas escalas en los dos periodos. Los pulgares y las estrellas nunca se comparan entre sí: { $compared } de { $now } cliente ahora y { $comparedBefore } de { $before } antes tienen con quién compararse.
   *[other] Los clientes no valoraron con las mismas escalas en los dos periodos. Los pulgares y las estrellas nunca se comparan entre sí: { $compared } de { $now } clientes ahora y { $comparedBefore } de { $before } antes tienen con quién compararse.
}
changes-wait = Se está calculando la comparación con el periodo anterior.
changes-case = Qué cuenta
case-counts = Recuentos
case-counts-words = Cada número de chats cerrados, preguntas y valoraciones las cuenta todas y lleva a su lista. Un recuento no afirma nada.
case-over = Solo preguntas cuyo plazo ha terminado
case-over-words = Una pregunta cuenta en la tasa de respuesta, y en todo lo que se afirma, cuando ha pasado el plazo para responder, se haya respondido o no. De otro modo, una pregunta de ayer solo contaría si se hubiera respondido.
case-vote = Un voto por cliente y periodo
case-vote-words = Donde se afirma algo, cada cliente cuenta una vez por periodo, con la última pregunta cuyo plazo ha terminado: las respuestas de un mismo cliente se parecen.
case-like = Lo comparable con lo comparable
case-like-words = Solo se comparan clientes de la misma línea, canal y escala. Lo que supone otra mezcla de ellos se dice aparte. Los pulgares y las estrellas nunca se comparan entre sí.
case-sure = Qué seguridad tiene una cifra
case-sure-words = Los intervalos valen también para clientes que vuelven: muchas respuestas de pocos clientes dicen menos que otras tantas de muchos. Si nada cambió, como mucho uno de cada veinte informes señala un cambio.
case-daily = Leído cada día
case-daily-words = Los veredictos sobre objetivos y experimentos cumplen lo que prometen por mucho que se miren. Todas las cartas de un mes juntas señalan un cambio inexistente como mucho en uno de cada veinte meses.
figure-arrived = Preguntas entregadas
changes-line = línea
changes-channel = canal
changes-operator = agente
changes-reason = motivo de valoraciones bajas
own-past-title = Comparado con su propio pasado
own-past-points = { $points } puntos (intervalo del 95 %: de { $low } a { $high })
own-past-few = { $points } puntos; muy pocos casos para un intervalo
own-past-hint = Cada cliente cuenta una vez y solo dentro de la misma línea, canal y escala. Detrás de una diferencia también puede haber otros clientes, temas o ajustes.
heat-alike = Ninguna hora tiene claramente más valoraciones malas que las demás.
heat-nothing = Las horas no se pueden comparar, porque la definición de mala cambió en estos días.
heat-rule = No se incluyen las líneas cuya definición de mala cambió en estos días.
heat-worse = Claramente más valoraciones malas que en otras horas: { $hours }.
legend-more = Otros signos
num-columns = Columnas
num-add-filter = Filtro
