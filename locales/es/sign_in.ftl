# La entrada y la propia cuenta.
sign-in = Iniciar sesión
sign-in-empty = Escriba su usuario y su contraseña.
sign-in-wrong = Usuario o contraseña incorrectos.
sign-in-wait-seconds = { $n ->
    [one] Demasiados intentos. Inténtelo de nuevo en { $n } segundo.
   *[other] Demasiados intentos. Inténtelo de nuevo en { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Demasiados intentos. Inténtelo de nuevo en { $n } minuto.
   *[other] Demasiados intentos. Inténtelo de nuevo en { $n } minutos.
}
sign-in-plain = Esta conexión no está cifrada: otras personas de la red pueden leer su contraseña. Use una dirección que empiece por https.
sign-in-nobody = Aún no hay cuentas. La consola del servidor muestra un enlace para crear el primer administrador; reinicie el servidor para volver a verlo.
sign-in-forgot = ¿Olvidó su contraseña? Un administrador puede darle un enlace para elegir otra.
field-login = Usuario
field-login-hint = Letras, números y - _ . @ +
field-name = Su nombre
field-name-hint = Lo que ven los demás.
field-password = Contraseña
field-password-now = Contraseña actual
field-password-new = Contraseña nueva
field-password-again = Repita la contraseña nueva
field-password-hint = Al menos 12 caracteres. Cuatro palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.
first-title = Crear el primer administrador
first-lead = Esta es su propia instalación de Lastword. La primera cuenta puede hacerlo todo y añade las demás.
first-make = Crear la cuenta
choose-title = Elegir una contraseña
choose-keep = Guardar la contraseña
account-who = Su usuario es { $login }.
account-title = Mi cuenta
account-password = Contraseña
account-logins = Sesiones abiertas
account-logins-lead = La sesión se cierra tras 30 minutos sin actividad y, en cualquier caso, a las 12 horas.
account-this = este navegador
account-since = desde
account-seen = última actividad
account-end-others = Cerrar todas las demás sesiones
password-short = La contraseña debe tener al menos { $n } caracteres.
password-long = La contraseña puede tener como máximo { $n } caracteres.
password-common = Es una de las contraseñas más comunes. Elija otra.
password-holds-login = La contraseña no puede contener su usuario.
password-differs = Las dos contraseñas no coinciden.
password-now-wrong = Esta no es su contraseña actual.
name-wrong = Escriba un nombre de 1 a 100 caracteres en un solo renglón.
login-wrong = Escriba de 1 a 100 letras, números o - _ . @ +, sin espacios.
done-password = Contraseña cambiada. Se han cerrado todas las demás sesiones.
done-logins = Se cerraron todas las demás sesiones.
done-signed-out = Ha cerrado la sesión.
manual-title = Manual
manual-steps = Paso a paso, en el manual
