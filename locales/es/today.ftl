# La página «Hoy».
today-title = Hoy
verdict-better = Los últimos 7 días son mejores que los 7 anteriores: { $now } buenas, antes { $before }.
verdict-worse = Los últimos 7 días son peores que los 7 anteriores: { $now } buenas, antes { $before }.
verdict-same = Sin cambios claros en los últimos 7 días: { $now } buenas, antes { $before }.
verdict-better-within = Los últimos 7 días son mejores que los 7 anteriores: { $points } puntos de valoraciones buenas en las mismas líneas, canales y escalas.
verdict-worse-within = Los últimos 7 días son peores que los 7 anteriores: { $points } puntos de valoraciones buenas en las mismas líneas, canales y escalas.
verdict-same-within = Sin cambios claros en los últimos 7 días: { $points } puntos de valoraciones buenas en las mismas líneas, canales y escalas.
verdict-scale = Los últimos 7 días no se pueden comparar con los 7 anteriores: los clientes valoraron en otra escala.
verdict-rule = Los últimos 7 días no se pueden comparar con los 7 anteriores: «buena» se define ahora de otro modo.
verdict-few = Hay muy pocas preguntas terminadas para decir si los últimos 7 días son mejores o peores que los 7 anteriores.
verdict-report = Abrir el informe
