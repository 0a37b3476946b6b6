# The public showcase of a line.
showcase-client = Cliente
showcase-good = boas
showcase-ratings = { $n ->
    [one] { $n } avaliação
   *[other] { $n } avaliações
}
showcase-rule = Todas as avaliações dos últimos doze meses, mostradas três dias depois. Todo cliente consultado pode avaliar.
showcase-none = Ainda não há avaliações.
showcase-reply = Resposta de
showcase-older = Avaliações anteriores
showcase-index = O que os clientes dizem de nós
showcase-order = Ordenado pelo limite inferior do intervalo de 95 % de avaliações boas, para que poucas avaliações não bastem para liderar.
showcase-at-least = pelo menos { $share } boas
