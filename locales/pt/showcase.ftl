# The public showcase of a line.
showcase-client = Cliente
showcase-good = satisfeitos
showcase-ratings = { $n ->
    [one] { $n } avaliação
   *[other] { $n } avaliações
}
showcase-rule = Todas as avaliações dos últimos doze meses, mostradas três dias depois. Pode avaliar todo o cliente a quem se pergunta.
showcase-none = Ainda não há avaliações.
showcase-reply = Resposta de
showcase-older = Avaliações anteriores
