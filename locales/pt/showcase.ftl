# The public showcase of a line.
showcase-client = Cliente
showcase-good = boas
showcase-ratings = { $n ->
    [one] { $n } avaliação
   *[other] { $n } avaliações
}
showcase-rule = Todas as avaliações, na escala atual, de chats encerrados nos últimos doze meses, sem hoje e os três dias anteriores. Os comentários aparecem três dias depois de enviados. Todos os clientes que recebem a pergunta podem avaliar.
showcase-none = Ainda não há avaliações.
showcase-reply = Resposta de
showcase-older = Avaliações anteriores
showcase-index = O que os clientes dizem sobre nós
showcase-order = Em ordem pelo limite inferior do intervalo de 95% de avaliações boas, para que poucas avaliações não bastem para ficar no topo.
showcase-at-least = pelo menos { $share } boas
