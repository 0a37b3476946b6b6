# Alarms: watched shares that fell.
line-tab-alarms = Alarmas de tendencia
line-alarms-stand = { $n ->
    [one] alarma de tendencia: peor de lo habitual
   *[other] { $n } alarmas de tendencia: peor de lo habitual
}
wait-alarms = { $n ->
    [one] alarma de tendencia: peor de lo habitual
   *[other] alarmas de tendencia: peor de lo habitual
}
alarms-line-lead = En cada canal se vigilan tres porcentajes, caso por caso. Si uno empeora, los destinatarios de esta línea reciben una sola alerta, y otra cuando todo vuelve a lo habitual.
alarm-watched = Indicador
alarm-usual = Nivel habitual
alarm-share-score = Valoraciones bajas
alarm-share-response = Preguntas sin respuesta
alarm-share-delivery = Preguntas que no llegaron
alarm-channel-none = canal desconocido
alarm-stands = alarma de tendencia
alarm-as-usual = como siempre
alarm-off = aún no se vigila
alarm-between = entre { $low } y { $high }
alarm-learnt-score = { $n ->
    [one] { $bad } bajas, de { $n } cliente,
   *[other] { $bad } bajas, de { $n } clientes,
}
alarm-learnt-response = { $n ->
    [one] { $bad } sin respuesta, de { $n } cliente,
   *[other] { $bad } sin respuesta, de { $n } clientes,
}
alarm-learnt-messages = { $n ->
    [one] { $bad } perdidas de { $n } pregunta,
   *[other] { $bad } perdidas de { $n } preguntas,
}
alarm-learnt-on = calculado el
alarm-how = Cómo funciona
alarm-sum = Un caso malo suma { $adds }, cualquier otro resta { $takes }; la alarma salta en { $limit }. Ahora: { $sum }.
alarm-promise = Si nada cambia, solo el azar produce unas { $all } alarmas de tendencia al año entre todas las tasas vigiladas; esta, una en { $n } casos o menos. Se tiene en cuenta que los días difieren como hasta ahora.
alarm-days = { $n ->
    [one] Visto en { $n } día.
   *[other] Visto en { $n } días.
}
alarm-few-days = Faltan días para un nivel habitual: { $n } de { $min }. Menos días no muestran cuánto difieren entre sí.
alarm-few-clients = Faltan datos para fijar el nivel habitual: { $n } de { $min } clientes en los últimos 180 días. Con menos, el azar haría saltar demasiadas alarmas.
alarm-few-messages = Faltan datos para fijar el nivel habitual: { $n } de { $min } preguntas en los últimos 180 días. Con menos, el azar haría saltar demasiadas alarmas.
alarm-never = Los casos malos son demasiado frecuentes para una alarma fiable.
alarm-none-yet = Todavía no hay nada que vigilar
alarm-none-yet-words = En cuanto se pregunte a los clientes, aquí aparecerá cada canal. La vigilancia empieza con 500 clientes en 180 días.
alarm-learn = Recalcular el nivel habitual
alarm-learn-hint = Los últimos 180 días pasan a ser lo habitual, hasta donde la pregunta no haya cambiado. Si hay una alarma activa, termina.
alarm-history = Alarmas de tendencia hasta ahora
alarm-history-none = Ninguna alarma de tendencia hasta ahora.
alarm-figures-score = { $bad } de { $cases } valoraciones fueron bajas; lo habitual era hasta un { $usual }.
alarm-figures-response = { $bad } de { $cases } preguntas quedaron sin respuesta; lo habitual era hasta un { $usual }.
alarm-figures-delivery = { $bad } de { $cases } preguntas no llegaron; lo habitual era hasta un { $usual }.
alarm-end-all-clear = fin de la alarma
alarm-end-learnt-anew = terminada: nivel habitual recalculado
alarm-chats = Los chats que la causaron
alarm-chats-newest = Los { $n } más recientes.
alert-kind-alarm = Alarma de tendencia: peor de lo habitual
alert-kind-all-clear = Fin de la alarma
audit-act-line-baseline-learnt = Nivel habitual recalculado:
done-baseline-learnt = Se ha recalculado el nivel habitual de { $name }.
