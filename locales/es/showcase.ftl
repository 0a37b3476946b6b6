# The public showcase of a line.
showcase-client = Cliente
showcase-good = buenas
showcase-ratings = { $n ->
    [one] { $n } valoración
   *[other] { $n } valoraciones
}
showcase-rule = Todas las valoraciones de los últimos doce meses, mostradas a los tres días. Puede valorar todo cliente al que se pregunta.
showcase-none = Todavía no hay valoraciones.
showcase-reply = Respuesta de
showcase-older = Valoraciones anteriores
showcase-index = Lo que dicen de nosotros los clientes
showcase-order = Ordenado por el extremo inferior del intervalo del 95 % de valoraciones buenas, para que unas pocas valoraciones no basten para ir en cabeza.
showcase-at-least = al menos { $share } buenas
