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
