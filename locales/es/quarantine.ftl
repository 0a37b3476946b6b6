# Cuarentena: una base de datos que viene de una copia.
quarantine-title = Cuarentena
quarantine-lead = Una base de datos que procede de una copia no sabe qué se envió desde entonces. Lo acepta todo y no envía nada hasta que usted la libere.
quarantine-now = Estado
quarantine-none = La base de datos no está en cuarentena; los mensajes se envían con normalidad.
quarantine-cause-backup = Esta base de datos es una copia de seguridad.
quarantine-cause-restored = Esta base de datos se restauró de una copia de seguridad.
quarantine-cause-elsewhere = Esta base de datos se copió o se trasladó desde otro sitio.
quarantine-cause-dump = Esta base de datos se creó a partir de un volcado.
quarantine-cause-older = Esta base de datos es más antigua que la que funcionaba aquí.
quarantine-cause-asleep = Esta base de datos lleva mucho tiempo sin funcionar y puede ser una copia antigua.
quarantine-banner = Se acepta todo y no se envía nada.
quarantine-look = Revisar y liberar
quarantine-due = { $n ->
    [one] { $n } mensaje está pendiente de envío.
   *[other] { $n } mensajes están pendientes de envío.
}
quarantine-choose = ¿Qué hacer con los mensajes pendientes?
quarantine-cancel = Cancelar todo lo que debía salir hasta ahora: quizá ya se envió
quarantine-moved = Enviar todo: la instalación se trasladó aquí y entretanto no funcionó en ningún sitio
quarantine-keep = Enviar todo de todos modos
quarantine-twice = Antes de liberar, compruebe que la otra base de datos ya no funciona. Si no, se preguntará dos veces a los clientes.
quarantine-release = Liberar
done-quarantine-released = La base de datos vuelve a enviar. Mensajes cancelados: { $name }.
