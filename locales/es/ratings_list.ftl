# La lista de valoraciones: varios valores en un filtro, totales, la valoración al lado, vistas guardadas.
sift-too-many-values = Elija como máximo 50 valores.
sift-several = { $n } elegidos
sift-operator-other = ID de otro agente
ratings-all = Todas
ratings-with-words = Con texto
sums-title = Esta lista en cifras
sums-closes = { $n ->
    [one] chat cerrado
   *[other] chats cerrados
}
sums-ratings = { $n ->
    [one] valoración
   *[other] valoraciones
}
sums-good = buenas
sums-low = bajas
sums-commented = con comentario
sums-waiting = pendientes de nuestra respuesta
sums-wait = Contando…
sums-wait-now = Contar ahora
sums-since = Contado desde el { $day }. Los chats anteriores no se incluyen.
drawer-close = Cerrar
shortcut-open = Abrir la valoración
shortcut-close = Cerrar la valoración
views-title = Vistas guardadas
views-lead = Una vista es un filtro con nombre. Las vistas compartidas las ve todo el que puede ver valoraciones, pero con los chats de sus propias líneas.
views-new = Guardar esta vista
views-edit = Gestionar vistas
views-name = Nombre
views-words = Se guarda todo el filtro, salvo las palabras buscadas.
views-share = Compartir con el equipo
views-shared = compartida
views-save = Guardar
views-delete = Eliminar
views-all = Todas las vistas
views-none = Aún no hay vistas guardadas. Filtre las valoraciones y elija «Guardar esta vista».
views-by = de { $name }
views-no-name = Escriba un nombre.
views-long-name = Como máximo { $n } caracteres.
views-same-name = Ya hay una vista con este nombre. Elija otro.
views-too-many = Ya tiene { $n } vistas. Elimine una primero.
views-too-many-shared = El equipo ya comparte { $n } vistas. Deje de compartir una primero.
done-view-saved = Vista «{ $name }» guardada.
done-view-deleted = Vista «{ $name }» eliminada.
audit-act-view-saved = Vista guardada:
audit-act-view-deleted = Vista eliminada:
