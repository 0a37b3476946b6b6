# Notifications in browsers.
push-title = Notificaciones en este navegador
push-lead = Este navegador muestra una valoración baja de sus líneas aunque no haya ninguna página abierta. La línea, la puntuación, los motivos y las primeras palabras se envían por el servicio push del fabricante del navegador, cifrados de modo que solo este navegador puede leerlos. Al cerrar la sesión aquí, se desactivan.
push-low = Valoraciones bajas
push-late = Valoraciones bajas sin respuesta a tiempo
push-on = Activar en este navegador
push-keep = Guardar
push-off = Desactivar
push-remove = Quitar
push-gone = Ya no se puede acceder a él y se desactivó:
push-insecure = Solo funciona con https. Use una dirección que empiece por https.
push-unsupported = Este navegador no puede mostrar notificaciones. En un iPhone o iPad, añada primero Lastword a la pantalla de inicio y ábralo desde allí.
push-denied = Este navegador bloquea las notificaciones de este sitio. Permítalas en sus ajustes y vuelva a intentarlo.
push-failed = No se pudieron activar. Compruebe la conexión y vuelva a intentarlo.
push-no-script = Las notificaciones necesitan JavaScript.
done-push-on = Las notificaciones están activadas en este navegador.
done-push-kept = Guardado.
done-push-off = Las notificaciones están desactivadas allí.
