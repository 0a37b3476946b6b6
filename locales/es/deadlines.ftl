# Deadlines for replies to low ratings.
low-due = Por plazo
low-due-by = responder antes de
low-late-for = fuera de plazo desde hace { $time }
low-late = { $n ->
    [one] { $n } fuera de plazo
   *[other] { $n } fuera de plazo
}
alert-kind-late = Sin respuesta a tiempo
set-part-deadline = Plazo para las valoraciones bajas
set-part-deadline-lead = Hasta cuándo hay que responder a una valoración baja o marcarla como resuelta. Si se acaba el plazo, se avisa a las personas a las que se escalan las alertas.
set-deadline = Plazo para las valoraciones bajas
set-deadline-hours = Responder en
set-deadline-hours-hint = Vacío: sin plazo.
set-unit-working-hours = horas laborables
set-deadline-days = Días laborables
set-deadline-days-hint = Sin elegir ninguno: todos los días.
set-deadline-from = Empieza la jornada
set-deadline-to = Termina la jornada
set-deadline-to-hint = Ambos vacíos: cuentan todas las horas.
set-deadline-days_off = Días libres
set-deadline-days_off-hint = Uno por renglón: 2026-12-24, 2026-12-24/2026-12-31 o 12-25 para cada año. También puede pegar el contenido de un archivo iCalendar (.ics): sus eventos de día completo serán días libres. No tienen horas laborables.
set-calendar-left-out = { $n ->
    [one] { $n } evento no se puede usar. Los demás días libres están en el campo: guarde otra vez para conservarlos. Omitido: { $events }
   *[other] { $n } eventos no se pueden usar. Los demás días libres están en el campo: guarde otra vez para conservarlos. Omitidos: { $events }
}
set-bad-day-off = No es un día libre: { $line }. Escriba 2026-12-24, 2026-12-24/2026-12-31 (un año como máximo) o 12-25 para cada año.
set-bad-calendar = El calendario no se puede usar: { $problem }.
set-deadline-time_zone = Zona horaria de la jornada
set-bad-deadline-from = Escriba una hora, por ejemplo 09:00.
set-bad-deadline-to = La jornada debe terminar después de empezar, el mismo día.
set-bad-deadline-time-zone = No existe esa zona horaria. Escriba, por ejemplo, Europe/Madrid.
replies-title = Respuestas a las valoraciones bajas
replies-replied = respondidas
replies-in-time = a tiempo
replies-first = primera respuesta, mediana
replies-recovered = recuperadas
replies-took = { $time } (probablemente { $likely })
replies-hint = A tiempo: respondidas o marcadas como resueltas dentro del plazo de la línea. La mediana es de las respondidas. Al volver a preguntar: porcentaje de segundas valoraciones buenas.
