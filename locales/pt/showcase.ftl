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
showcase-index = O que os clientes dizem de nós
showcase-order = A ordem segue o que é seguro: o limite inferior do intervalo de 95 % da proporção de boas avaliações, para que poucas avaliações não levem ao primeiro lugar.
showcase-at-least = pelo menos { $share } boas
