# Páginas de números: hoy, informes, operadores, los propios.
nav-reports = Informes
num-download = Descargar la tabla
num-show = Aplicar
num-period = Periodo
num-from = Desde
num-until = Hasta
num-filter-line = Línea
num-filter-operator = Agente
num-filter-channel = Canal
num-filter-scale = Escala
num-filter-by = Agrupar por
num-all-lines = Todas las líneas
num-all-operators = Todos los agentes
num-all-channels = Todos los canales
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
by-day = Día
by-week = Semana
by-month = Mes
ask-day-wrong = Escriba una fecha como 2026-09-30.
ask-ends-before = La fecha final es anterior a la inicial.
ask-too-long = Elija diez años como máximo.
ask-period-unknown = No existe ese periodo. Elija días aquí.
ask-line-unknown = No existe esa línea.
ask-scale-unknown = No existe esa escala.
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
num-few = pocas respuestas
num-few-hint = Menos de 30 respuestas: muy pocas para sacar conclusiones
num-response-of = { $part } de { $of } preguntas concluidas
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = No hay datos de este periodo
num-empty-words = En estos días no se cerró ningún chat con estos filtros. Elija otros días o menos filtros.
num-supervisor-scored = Puntuación del supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-higher = ▲ { $points } puntos, difícilmente por azar
change-lower = ▼ { $points } puntos, difícilmente por azar
change-cannot-tell = ≈ sin cambio claro
rule-thumbs = Buena: 👍 · mala: 👎 ({ $lines })
rule-stars = Buena: { $good } ★ · mala: { $bad } ★ ({ $lines })
raw-score = Con las { $n } anuladas: { $score }
compared-with = Comparado con { $days }
figure-score = Valoraciones buenas
figure-response = Tasa de respuesta
figure-closed = Cerrados
figure-asked = Consultados
figure-delivered = Entregadas
figure-answered = Respondidas
figure-not-asked = No consultados
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
figure-silent = Si todos hubieran respondido
figure-silent-of = de todas malas a todas buenas
figure-resolved = Asunto resuelto
figure-unresolved = Asunto no resuelto
figure-commented = Con comentario
figure-took-median = Tiempo hasta valorar, mediana
figure-took-average = Tiempo hasta valorar, media
figure-supervised = Puntuadas por un supervisor
of-answered = { $share } de las valoraciones
median-under = menos de { $time }
median-between = { $from }–{ $to }
average-of-5 = media { $mean } de 5
before-was = antes: { $n }
overall-is = en total: { $n } { $of }
reports-title = Informes
trend-title = Evolución de las valoraciones buenas
trend-stars = Evolución de la media de estrellas
trend-none = No hay valoraciones en este periodo.
trend-higher = El { $now } son buenas, antes { $before }: mejor, y difícilmente por azar.
trend-lower = El { $now } son buenas, antes { $before }: peor, y difícilmente por azar.
trend-cannot-tell = El { $now } son buenas; en el periodo anterior, { $before }. La diferencia puede deberse al azar.
legend-period = este periodo
legend-interval = intervalo del 95 %
legend-few = pocas respuestas
legend-before = periodo anterior
legend-closes = de menos a más chats cerrados
legend-bad = más valoraciones malas que de costumbre
legend-faint = preguntas aún abiertas, o tramo incompleto
legend-changed = cambiaron los ajustes de una línea
chart-table = Ver como tabla
head-time = Tiempo
head-interval = Intervalo 95 %
head-good-of = Buenas / valoradas
head-score = Valoración
head-ratings = Valoraciones
head-share = Proporción
head-step = Paso
head-chats = Chats
head-of-before = % del paso anterior
head-operator = Agente
head-stars = Media ★
head-place = Puestos posibles
head-id = Identificador
head-response-percent = Tasa de respuesta, %
head-score-percent = Buenas, %
head-low = Intervalo 95 % desde
head-high = Intervalo 95 % hasta
head-raw-percent = Buenas con anuladas, %
head-resolved-percent = Resueltos, %
head-took-secs = Tiempo hasta valorar, s
head-beside = Junto al resto del equipo
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
    } se preguntó por { $asked }; { $delivered ->
    [one] llegó { $delivered } pregunta
   *[other] llegaron { $delivered } preguntas
    } y { $answered ->
    [one] se respondió { $answered }
   *[other] se respondieron { $answered }
    }.
heat-title = Horas de la semana
heat-none = No se cerró ningún chat en este periodo.
heat-finding = La mayoría de los chats terminan el { $day } desde las { $time }: { $n } en este periodo.
heat-said = { $closes } cerrados, { $bad } malas
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
whiskers-title = Agentes y certeza de sus resultados
whiskers-one = Solo se valoró a un agente, no hay con quién comparar.
way-title = Qué pasó con los chats cerrados
said-title = Qué dicen las valoraciones
more-title = Más cifras
reasons-title = Por qué no se preguntó o no se localizó al cliente
split-title = Desglose: { $by }
split-hint = Cada número cuenta los mismos cierres y lleva a su lista.
num-outcome-canceled = Cancelada
num-outcome-unreachable = Cliente no localizable
num-reason-line-off = Valoraciones desactivadas en la línea
num-reason-line-archived = La línea está archivada
num-reason-spam = Cerrado como spam
num-reason-forced = Cierre forzado
num-reason-by-choice = La mesa de ayuda eligió no preguntar
num-reason-timeout-close = Cerrado por inactividad
num-reason-bot-close = Cerrado por un bot
num-reason-no-client = Cliente desconocido
num-reason-group = Conversación de grupo
num-reason-channel-off = El canal no puede preguntar
num-reason-no-operator = No participó ningún agente
num-reason-operator-silent = El agente no escribió
num-reason-client-silent = El cliente no escribió
num-reason-too-short = Muy pocos mensajes
num-reason-opted-out = El cliente no quiere que se le pregunte
num-reason-blocked = El cliente nos bloqueó
num-reason-already-rated = Ya valorado
num-reason-throttled = Consultado hace poco
num-reason-sampled-out = Fuera de la muestra
num-reason-window-shut = La ventana de mensajes del canal estaba cerrada
num-reason-template-missing = No hay plantilla para escribir fuera de la ventana
num-reason-template-refused = La plataforma rechazó la plantilla
num-reason-no-form = El formulario de la plataforma no sirve aquí
num-reason-quiet-hours = Horas de silencio
num-reason-too-late = Comunicado demasiado tarde
num-reason-flapping = Cerrado y reabierto una y otra vez
num-reason-reopened = Reabierto
num-reason-restored = Restaurado de una copia de seguridad
num-reason-merged = Fusionado con otra sesión
num-reason-recipient-gone = Ya no se puede localizar al cliente ahí
num-reason-engagement-limit = La plataforma lo retuvo: demasiados mensajes a este cliente
num-reason-client-in-experiment = El cliente está en un experimento de la plataforma
num-reason-marketing-stopped = El cliente rechazó los mensajes comerciales
num-reason-too-many-tries = Demasiados intentos
num-reason-refused = Rechazado por la plataforma
operators-title = Agentes
operators-empty = Ningún agente trabajó en este periodo
operators-all = Todos los agentes con sus cifras
compared-title = Junto al resto del equipo
compared-higher = ▲ por encima del resto
compared-lower = ▼ por debajo del resto
compared-same = ≈ los datos no muestran diferencia
compared-same-mix = en igualdad de condiciones: { $points } puntos ({ $low } … { $high })
compared-raw = todas las líneas, canales y escalas juntos: { $points } puntos ({ $low } … { $high })
compared-clients = clientes: { $clients }, valoraciones: { $ratings }
compared-of = comparables: { $n }
compared-counted = Contados: { $clients } clientes de { $ratings } valoraciones.
compared-scales = Pulgares y estrellas se comparan por separado; la columna de valoraciones buenas los reúne.
compared-wait = La comparación de los operadores se está calculando.
compared-wait-now = Esperarla
compared-hint = Cada cliente cuenta una vez por operador, con su última valoración. Se compara dentro de cada línea, canal y escala; de veinte páginas sobre equipos iguales, a lo sumo una señala a alguien. Los intervalos de las diferencias no corrigen por el número de operadores.
latest-title = Últimas valoraciones
latest-none = Aún ninguna. Las nuevas aparecen aquí automáticamente.
latest-all = Todas las valoraciones
me-title = Mis valoraciones
me-lead = Lo que dicen los clientes de sus chats con usted.
me-empty = Aún no hay respuestas suficientes
me-groups = Evolución
me-comments = Lo que escribieron los clientes
me-comments-not = Usted no tiene acceso a los comentarios. Un administrador puede cambiarlo.
me-comments-none = No hubo comentarios en estas semanas.
first-title-steps = Primeros pasos
first-done = hecho
first-connect = Conecte un canal
first-connect-words = Añada un bot, un chat web o un número en [connections] de lastword.toml y reinicie el servidor. Ahí se pregunta a los clientes.
first-line = Cree una línea
first-line-words = Una línea es una cola de chats con su propia pregunta: escala, texto y momento.
first-recipient = Añada un destinatario de alertas
first-recipient-words = Esta persona se entera de una valoración baja en segundos, en el mensajero que ya usa.
today-usual = Hoy hasta ahora. «Normalmente» es la media de los cuatro últimos días completos: { $weekday }.
usually = normalmente { $n }
waits-title = Por atender
waits-nothing = No hay nada por atender.
of-closed = { $n ->
    [one] de { $n } chat cerrado
   *[other] de { $n } chats cerrados
}
of-ratings = { $n ->
    [one] de { $n } valoración
   *[other] de { $n } valoraciones
}
of-said = { $n ->
    [one] de { $n } que respondió
   *[other] de { $n } que respondieron
}
took-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
trend-alone = { $n ->
    [one] El { $score } de { $n } valoración es buena.
   *[other] El { $score } de { $n } valoraciones son buenas.
}
trend-changed = ajustes cambiados: { $lines }
distribution-finding = { $n ->
    [one] De { $n } valoración, el { $good } son buenas y el { $bad } malas.
   *[other] De { $n } valoraciones, el { $good } son buenas y el { $bad } malas.
}
whiskers-together = { $n ->
    [one] { $n } operador: los datos no muestran diferencia.
   *[other] Entre estos { $n } operadores los datos no muestran diferencias.
}
whiskers-few = Menos de { $n } valoraciones
whiskers-above = Por encima del resto del equipo: { $names }. De los demás, los datos no muestran diferencias.
whiskers-below = Por debajo del resto del equipo: { $names }. De los demás, los datos no muestran diferencias.
whiskers-both = Por encima del resto del equipo: { $above }. Por debajo: { $below }. De los demás, los datos no muestran diferencias.
num-left-off = { $n ->
    [one] No se muestra { $n } más con menos valoraciones.
   *[other] No se muestran { $n } más con menos valoraciones.
}
me-gathered = { $n ->
    [one] Las cifras abarcan semanas enteras con al menos { $n } respuesta, para que no se reconozca a ningún cliente. Una semana cuenta tres días después de terminar.
   *[other] Las cifras abarcan semanas enteras con al menos { $n } respuestas, para que no se reconozca a ningún cliente. Una semana cuenta tres días después de terminar.
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
    [one] valoración rebajada en espera: aún se puede arreglar
   *[other] valoraciones rebajadas en espera: aún se puede arreglar
}
wait-alerts = { $n ->
    [one] alerta que no llegó a nadie
   *[other] alertas que no llegaron a nadie
}
wait-deliveries = { $n ->
    [one] entrega atascada
   *[other] entregas atascadas
}
wait-connections = { $n ->
    [one] conexión detenida
   *[other] conexiones detenidas
}
wait-lines = { $n ->
    [one] línea sin destinatario de alertas
   *[other] líneas sin destinatario de alertas
}
num-reason-imported = Importado de un archivo
num-reason-erased = Borrado a petición del cliente
num-response-open = aún abiertas: { $n }
num-pooled = pulgares y estrellas juntos
target-title = Objetivos
target-wanted = objetivo: { $percent } buenas
target-reached = ▲ alcanzado
target-missed = ▼ no alcanzado
target-cannot-tell = ≈ aún no se puede decir
target-answers = unas { $n } valoraciones en total lo dirían, si la proporción se mantiene
