# Lo que está en todas las páginas.
skip = Ir al contenido
menu = Menú
nav-today = Hoy
nav-ratings = Valoraciones
nav-low = Valoraciones bajas
nav-operators = Agentes
nav-me = Mis valoraciones
nav-lines = Líneas
nav-recipients = Destinatarios
nav-connections = Conexiones
nav-deliveries = Envíos
nav-alerts = Alertas
nav-audit = Registro
nav-people = Personas y claves
role-admin = Administrador
role-supervisor = Supervisor
role-operator = Agente
theme = Apariencia
theme-auto = Auto
theme-light = Claro
theme-dark = Oscuro
language = Idioma
sign-out = Cerrar sesión
login-ended = Ha salido de su cuenta.
n-waiting = { $n ->
    [one] { $n } valoración baja espera respuesta
   *[other] { $n } valoraciones bajas esperan respuesta
}
just-now = ahora mismo
ago-minutes = { $n ->
    [one] hace { $n } minuto
   *[other] hace { $n } minutos
}
ago-hours = { $n ->
    [one] hace { $n } hora
   *[other] hace { $n } horas
}
ago-days = { $n ->
    [one] hace { $n } día
   *[other] hace { $n } días
}
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
today-at = hoy, { $time }
month-short-1 = ene.
month-short-2 = feb.
month-short-3 = mar.
month-short-4 = abr.
month-short-5 = may.
month-short-6 = jun.
month-short-7 = jul.
month-short-8 = ago.
month-short-9 = sept.
month-short-10 = oct.
month-short-11 = nov.
month-short-12 = dic.
score-good = Bien
score-bad = Mal
score-stars = { $n } de 5 estrellas
problem-home = Ir al inicio
problem-id = El registro del servidor conoce esta llamada por { $id }.
problem-missing-title = Aquí no hay nada
problem-missing = La dirección no es correcta, el enlace ya no vale o no es para su cuenta.
problem-forbidden-title = No permitido
problem-forbidden = Su función no lo permite, o el formulario era demasiado antiguo. Vuelva atrás, cargue la página de nuevo e inténtelo otra vez.
problem-large-title = Demasiado para este archivo
problem-large = La lista es demasiado larga para este archivo. Tome el archivo CSV o reduzca el filtro, por ejemplo a un periodo más corto.
problem-often-title = Demasiadas llamadas
problem-often = Espere un momento e inténtelo otra vez.
problem-busy-title = Ocupado en este momento
problem-busy = No se ha perdido nada. Inténtelo otra vez en unos segundos.
problem-internal-title = Algo ha fallado por nuestra parte
problem-internal = Nada ha quedado a medias. Inténtelo otra vez; si sigue igual, avise a quien lleva este servidor.
problem-conflict-title = Alguien fue más rápido
problem-conflict = Lo que quería cambiar ya es distinto. Vuelva atrás, cargue la página de nuevo y mírelo.
problem-wrong-title = Así no se puede
problem-wrong = Algo en el formulario o en la dirección no tiene sentido aquí. Vuelva atrás y mírelo otra vez.
table-scrolls = Hay más columnas: desplace la tabla hacia un lado.
