# The public showcase of a line.
showcase-client = Cliente
showcase-good = satisfechos
showcase-ratings = { $n ->
    [one] { $n } valoración
   *[other] { $n } valoraciones
}
showcase-rule = Todas las valoraciones de los últimos doce meses, mostradas a los tres días. Puede valorar todo cliente al que se pregunta.
showcase-none = Todavía no hay valoraciones.
showcase-reply = Respuesta de
showcase-older = Valoraciones anteriores
showcase-index = Lo que dicen de nosotros los clientes
showcase-order = El orden sigue lo que es seguro: el extremo inferior del intervalo del 95 % de la proporción de buenas valoraciones, para que unas pocas no lleven al primer puesto.
showcase-at-least = al menos { $share } buenas
