# La entrada y la propia cuenta.
sign-in = Entrar
sign-in-empty = Escriba su usuario y su contraseña.
sign-in-wrong = El usuario o la contraseña no son correctos.
sign-in-wait-seconds = { $n ->
    [one] Demasiados intentos. Pruebe otra vez en { $n } segundo.
   *[other] Demasiados intentos. Pruebe otra vez en { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Demasiados intentos. Pruebe otra vez en { $n } minuto.
   *[other] Demasiados intentos. Pruebe otra vez en { $n } minutos.
}
sign-in-plain = Esta conexión no está cifrada: otros pueden leer su contraseña por el camino. Use una dirección que empiece por https.
sign-in-nobody = Todavía nadie tiene cuenta. La consola del servidor muestra un enlace que crea el primer administrador; vuelve a mostrarse al arrancar el servidor.
sign-in-forgot = ¿Olvidó su contraseña? Un administrador puede darle un enlace para elegir otra.
field-login = Usuario
field-login-hint = Lo que escribe para entrar: letras, cifras y - _ . @ +
field-name = Su nombre
field-name-hint = Como lo ven los demás.
field-password = Contraseña
field-password-now = Contraseña actual
field-password-new = Contraseña nueva
field-password-again = Contraseña nueva otra vez
field-password-hint = 12 caracteres o más. Cuatro palabras sin relación se recuerdan bien y son difíciles de adivinar.
first-title = Crear el primer administrador
first-lead = Esta es su propia instalación de Lastword. La primera cuenta puede hacerlo todo y añade las demás.
first-make = Crear la cuenta
choose-title = Elegir una contraseña
choose-keep = Guardar la contraseña
account-who = Entra como { $login }.
account-title = Mi cuenta
account-password = Contraseña
account-logins = Dónde tiene la cuenta abierta
account-logins-lead = Se cierra tras 30 minutos sin uso y, en todo caso, tras 12 horas.
account-this = este navegador
account-since = desde
account-seen = último uso
account-end-others = Cerrar en todos los demás
password-short = La contraseña necesita al menos { $n } caracteres.
password-long = La contraseña puede tener como máximo { $n } caracteres.
password-common = Esta contraseña es de las primeras que se prueban. Elija otra.
password-holds-login = La contraseña no puede contener el usuario.
password-differs = Las dos contraseñas no son iguales.
password-now-wrong = Esta no es su contraseña actual.
name-wrong = Escriba un nombre de 1 a 100 caracteres en una línea.
login-wrong = De 1 a 100 letras, cifras o - _ . @ +, sin espacios.
done-password = La contraseña nueva vale desde ahora. Los demás accesos se han cerrado.
done-logins = Cerrado allí.
done-signed-out = Ha salido de su cuenta.
