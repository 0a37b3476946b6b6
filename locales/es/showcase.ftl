# The public showcase of a line.
showcase-client = Cliente
showcase-good = buenas
showcase-ratings = { $n ->
    [one] { $n } valoración
   *[other] { $n } valoraciones
}
showcase-rule = Todas las valoraciones, en la escala actual, de los chats cerrados en los últimos doce meses, sin hoy ni los tres días anteriores. Los comentarios se publican a los tres días de recibirlos. Todos los clientes a los que se pregunta pueden valorar.
showcase-none = Todavía no hay valoraciones.
showcase-reply = Respuesta de
showcase-older = Valoraciones anteriores
showcase-index = Lo que dicen de nosotros los clientes
showcase-order = Ordenado por el extremo inferior del intervalo del 95 % de valoraciones buenas, para que no baste con unas pocas valoraciones para ir en cabeza.
showcase-at-least = al menos { $share } buenas
