# Lo que está en todas las páginas.
skip = Ir al contenido
menu = Menú
nav-work = Trabajo
nav-numbers = Cifras
nav-setup = Configuración
nav-today = Hoy
nav-ratings = Valoraciones
nav-low = Valoraciones bajas
nav-operators = Agentes
nav-me = Mis valoraciones
nav-lines = Líneas
nav-recipients = Destinatarios
nav-connections = Conexiones
nav-deliveries = Mensajes
nav-alerts = Alertas
nav-audit = Registro de cambios
nav-people = Personas y claves de API
role-admin = Administrador
role-supervisor = Supervisor
role-operator = Agente
theme = Apariencia
theme-auto = Automática
theme-light = Clara
theme-dark = Oscura
language = Idioma
sign-out = Cerrar sesión
login-ended = Su sesión ha caducado.
n-waiting = { $n ->
    [one] { $n } valoración baja por responder
   *[other] { $n } valoraciones bajas por responder
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
problem-home = Ir a la página de inicio
problem-id = Referencia para el registro: { $id }
problem-missing-title = Página no encontrada
problem-missing = La dirección no es correcta, el enlace ha caducado o su cuenta no tiene acceso a la página.
problem-forbidden-title = No permitido
problem-forbidden = Su rol no lo permite, o el formulario ha caducado. Vuelva atrás, recargue la página e inténtelo de nuevo.
problem-large-title = Demasiado para un archivo
problem-large = La lista es demasiado larga para este tipo de archivo. Descárguela como CSV o acote el filtro, por ejemplo a un periodo más corto.
problem-often-title = Demasiadas peticiones
problem-often = Espere un momento e inténtelo de nuevo.
problem-busy-title = El servidor está ocupado
problem-busy = No se ha perdido nada. Inténtelo de nuevo en unos segundos.
problem-internal-title = Algo ha fallado
problem-internal = No se ha cambiado nada. Inténtelo de nuevo; si se repite, avise a quien administra este servidor.
problem-conflict-title = Otra persona se adelantó
problem-conflict = Lo que quería modificar ha cambiado mientras tanto. Vuelva atrás, recargue la página y compruébelo.
problem-wrong-title = Petición no válida
problem-wrong = Hay algo que no es válido en el formulario o en la dirección. Vuelva atrás y compruébelo.
table-scrolls = Desplácese hacia los lados para ver más columnas.
