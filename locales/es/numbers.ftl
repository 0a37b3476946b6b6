# Páginas de números: hoy, informes, operadores, los propios.
nav-reports = Informes
num-download = descargar la tabla
num-show = Mostrar
num-period = Periodo
num-from = Desde
num-until = Hasta
num-filter-line = Línea
num-filter-operator = Operador
num-filter-channel = Canal
num-filter-scale = Escala
num-filter-by = Tabla por
num-all-lines = Todas las líneas
num-all-operators = Todos los operadores
num-all-channels = Todos los canales
num-all-scales = Todas las escalas
num-scale-binary = Pulgares
num-scale-five-star = Estrellas
num-channel-webchat = Chat web
num-channel-email = Correo
num-channel-none = Sin canal
num-operator-none = Sin operador
by-operator = Operador
by-line = Línea
by-channel = Canal
by-day = Día
by-week = Semana
by-month = Mes
ask-day-wrong = Escriba un día como 2026-09-30.
ask-ends-before = El final es anterior al inicio.
ask-too-long = Más de diez años. Elija menos días.
ask-period-unknown = No existe ese periodo. Elija días aquí.
ask-line-unknown = No existe esa línea.
ask-scale-unknown = No existe esa escala.
ask-by-unknown = La tabla no puede hacerse por esto.
ask-by-too-many = Demasiados días para una tabla. Elija semanas o meses.
ask-wrong = Esto aún no tiene sentido: mire el campo marcado.
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
num-few-hint = Menos de 30 respuestas: poco se puede decir
num-response-of = { $part } de { $of } entregadas
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = Nada en este periodo
num-empty-words = En estos días no se cerró ningún chat con estos filtros. Elija otros días o menos filtros.
num-supervisor-scored = Puntuación del supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-higher = ▲ { $points } puntos, más que azar
change-lower = ▼ { $points } puntos, más que azar
change-cannot-tell = ≈ sin cambio claro
rule-thumbs = Bueno: 👍 · malo: 👎 ({ $lines })
rule-stars = Bueno: { $good } ★ · malo: { $bad } ★ ({ $lines })
raw-score = Con las { $n } anuladas: { $score }
compared-with = Comparado con { $days }
figure-score = Valoraciones buenas
figure-response = Tasa de respuesta
figure-closed = Cerrados
figure-asked = Preguntados
figure-delivered = Entregadas
figure-answered = Respondidas
figure-not-asked = No preguntados
figure-kept-back = Retenidos
figure-canceled = Retiradas
figure-open = Aún pueden responder
figure-expired = Caducadas
figure-unreachable = Sin poder entregar
figure-unsure = Quizá llegó
figure-late = Respondieron tarde
figure-good = Buenas
figure-neutral = Neutras
figure-bad = Malas
figure-bad-ratings = Valoraciones malas
figure-adjusted-good = Buenas, sin anuladas
figure-adjusted-neutral = Neutras, sin anuladas
figure-adjusted-bad = Malas, sin anuladas
figure-voided = Anuladas
figure-average = Media de estrellas
figure-silent = Si los callados respondieran
figure-silent-of = todas malas – todas buenas
figure-resolved = Asunto resuelto
figure-unresolved = Asunto no resuelto
figure-commented = Con comentario
figure-took-median = Tiempo hasta valorar, mediana
figure-took-average = Tiempo hasta valorar, media
figure-supervised = Puntuados por el supervisor
of-answered = { $share } de las valoraciones
median-under = menos de { $time }
median-between = { $from }–{ $to }
average-of-5 = media { $mean } de 5
before-was = antes: { $n }
overall-is = en total: { $n } { $of }
reports-title = Informes
trend-title = Valoraciones buenas en el tiempo
trend-stars = Media de estrellas en el tiempo
trend-none = Nadie valoró en este periodo.
trend-higher = El { $now } son buenas, antes { $before }: mejor, y más que azar.
trend-lower = El { $now } son buenas, antes { $before }: peor, y más que azar.
trend-cannot-tell = El { $now } son buenas, antes { $before }: los datos no dicen si es un cambio.
legend-period = este periodo
legend-interval = intervalo del 95 %
legend-few = pocas respuestas
legend-before = periodo anterior
legend-closes = de menos a más chats cerrados
legend-bad = mayor proporción de malas valoraciones que de costumbre
chart-table = Lo mismo como tabla
head-time = Tiempo
head-interval = Intervalo 95 %
head-good-of = Buenas de valoradas
head-score = Valoración
head-ratings = Valoraciones
head-share = Parte
head-step = Paso
head-chats = Chats
head-of-before = Del paso anterior
head-operator = Operador
head-stars = Media ★
head-place = Puesto
head-id = Código
head-response-percent = Tasa de respuesta, %
head-score-percent = Buenas, %
head-low = 95 % desde
head-high = 95 % hasta
head-raw-percent = Buenas con anuladas, %
head-resolved-percent = Resueltos, %
head-took-secs = Tiempo hasta valorar, s
distribution-thumbs = Pulgares
distribution-stars = Estrellas
funnel-title = Del cierre a la respuesta
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
heat-title = La semana por horas
heat-none = No se cerró ningún chat en este periodo.
heat-finding = La mayoría de chats termina el { $day } desde las { $time }: { $n } en estos días.
heat-said = cerrados { $closes }, malas { $bad }
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
whiskers-title = Operadores, y cuánta seguridad hay
whiskers-one = Se valoró a un operador: no hay con quién comparar.
whiskers-same = No se distinguen del primero de estos
whiskers-apart = Aparte
way-title = Qué fue de los cierres
said-title = Qué dicen las valoraciones
more-title = Qué más se sabe
reasons-title = No preguntado, no entregado: por qué
split-title = Por: { $by }
split-hint = Cada número cuenta los mismos cierres y lleva a su lista. Puestos: los que los datos dejan abiertos; quienes los comparten no se distinguen.
num-outcome-canceled = Retirada
num-outcome-unreachable = No entregada
num-reason-line-off = Valoración desactivada en la línea
num-reason-line-archived = La línea está archivada
num-reason-spam = Cerrado como spam
num-reason-forced = Cerrado a la fuerza
num-reason-by-choice = Quien cerró eligió no preguntar
num-reason-timeout-close = Cerrado por tiempo
num-reason-bot-close = Cerrado por un bot
num-reason-no-client = Cliente desconocido
num-reason-channel-off = El canal no puede preguntar
num-reason-no-operator = Sin operador
num-reason-operator-silent = El operador no escribió
num-reason-client-silent = El cliente no escribió
num-reason-too-short = Muy pocos mensajes
num-reason-opted-out = El cliente no quiere preguntas
num-reason-blocked = El cliente nos bloqueó
num-reason-already-rated = Ya valorado
num-reason-throttled = Preguntado hace poco
num-reason-sampled-out = Fuera de la muestra
num-reason-window-shut = Ventana del canal cerrada
num-reason-template-missing = No hay plantilla para fuera de la ventana
num-reason-template-refused = La plataforma no aceptó la plantilla
num-reason-no-form = El formulario de la plataforma no sirve aquí
num-reason-quiet-hours = Horas de silencio
num-reason-too-late = Cierre demasiado antiguo
num-reason-flapping = Cerrado una y otra vez
num-reason-reopened = reabierto
num-reason-merged = unido a otro
num-reason-recipient-gone = el cliente ya no está
operators-title = Operadores
operators-empty = Nadie trabajó en este periodo
operators-all = Todos los operadores con sus números
compared-title = Junto a los demás de la línea
compared-own = Propias:
compared-rest = Los demás:
compared-higher = ▲ mejor con certeza
compared-lower = ▼ peor con certeza
compared-same = ≈ no se distinguen
latest-title = Últimas valoraciones
latest-none = Aún ninguna. Las nuevas aparecen aquí solas.
latest-all = Todas las valoraciones
me-title = Mis valoraciones
me-lead = Lo que dicen los clientes de sus chats con usted.
me-empty = Aún no hay respuestas suficientes
me-groups = En el tiempo
me-comments = Lo que escribieron los clientes
me-comments-not = No se le muestran los comentarios. Un administrador puede cambiarlo.
me-comments-none = Nadie escribió nada en estas semanas.
first-title-steps = Primeros pasos
first-done = hecho
first-connect = Conecte un canal
first-connect-words = Indique un bot, un chat web o un número en [connections] de lastword.toml y reinicie el servidor. Allí se pregunta a los clientes.
first-line = Cree una línea
first-line-words = Una línea es una cola de chats con su propia pregunta: escala, palabras y momento.
first-recipient = Nombre un destinatario de avisos
first-recipient-words = Una valoración baja llega a esta persona en segundos, donde ya lee mensajes.
today-usual = Hasta ahora. «Normalmente» es el día entero, media de los cuatro últimos: { $weekday }.
usually = normalmente { $n }
waits-title = Qué espera
waits-nothing = Nada espera a nadie.
of-closed = { $n ->
    [one] de { $n } chat cerrado
   *[other] de { $n } chats cerrados
}
of-ratings = { $n ->
    [one] de { $n } valoración
   *[other] de { $n } valoraciones
}
of-said = { $n ->
    [one] de { $n } que lo dijo
   *[other] de { $n } que lo dijeron
}
took-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
trend-alone = { $n ->
    [one] El { $score } de { $n } valoración son buenas.
   *[other] El { $score } de { $n } valoraciones son buenas.
}
distribution-finding = { $n ->
    [one] De { $n } valoración, el { $good } son buenas y el { $bad } malas.
   *[other] De { $n } valoraciones, el { $good } son buenas y el { $bad } malas.
}
whiskers-together = { $n ->
    [one] Los datos no distinguen a { $n } operador.
   *[other] Los datos no distinguen a estos { $n } operadores.
}
whiskers-groups = { $n ->
    [one] { $n } grupo: en él los datos no distinguen a nadie del primero.
   *[other] { $n } grupos: en cada uno los datos no distinguen a nadie del primero.
}
num-left-off = { $n ->
    [one] Falta { $n } más con menos valoraciones.
   *[other] Faltan { $n } más con menos valoraciones.
}
me-gathered = { $n ->
    [one] Los números se muestran en grupos de semanas enteras con al menos { $n } respuesta, para que no se reconozca a ningún cliente. Una semana cuenta tres días después de terminar.
   *[other] Los números se muestran en grupos de semanas enteras con al menos { $n } respuestas, para que no se reconozca a ningún cliente. Una semana cuenta tres días después de terminar.
}
me-empty-words = { $n ->
    [one] En cuanto { $n } cliente valore chats con usted, aquí aparecerán números.
   *[other] En cuanto { $n } clientes valoren chats con usted, aquí aparecerán números.
}
wait-low = { $n ->
    [one] valoración baja sin atender
   *[other] valoraciones bajas sin atender
}
wait-held = { $n ->
    [one] nota rebajada está retenida: aún se puede arreglar
   *[other] notas rebajadas están retenidas: aún se puede arreglar
}
wait-alerts = { $n ->
    [one] aviso que no llegó a nadie
   *[other] avisos que no llegaron a nadie
}
wait-deliveries = { $n ->
    [one] envío que necesita a alguien
   *[other] envíos que necesitan a alguien
}
wait-connections = { $n ->
    [one] conexión parada
   *[other] conexiones paradas
}
wait-lines = { $n ->
    [one] línea sin destinatario de avisos
   *[other] líneas sin destinatario de avisos
}
num-reason-imported = Importado de un archivo
num-reason-erased = Borrado a petición del cliente
