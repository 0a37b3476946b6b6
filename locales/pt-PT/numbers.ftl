# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
num-download = Transferir a tabela
num-filter-operator = Operador
num-all-operators = Todos os operadores
num-operator-none = Sem operador
by-operator = Operador
ask-day-wrong = Escreva uma data como 2026-09-30.
ask-by-too-many = Demasiados dias para uma tabela. Agrupe por semanas ou meses.
ask-wrong = Verifique o campo assinalado.
rule-thumbs = Boa: 👍 · má: 👎 ({ $lines })
rule-stars = Boa: { $good } ★ · má: { $bad } ★ ({ $lines })
figure-bad = Más
figure-bad-ratings = Avaliações más
figure-silent-of = de todas más a todas boas
legend-bad = mais avaliações más do que o normal
head-operator = Operador
heat-said = { $closes } encerrados, { $bad } más
whiskers-title = Operadores e a certeza das suas notas
whiskers-one = Só um operador foi avaliado: não há com quem comparar.
reasons-title = Porque é que o cliente não foi consultado ou alcançado
num-reason-no-operator = Nenhum operador participou
num-reason-operator-silent = O operador não escreveu
num-reason-blocked = O cliente bloqueou-nos
num-reason-restored = Restaurado de uma cópia de segurança
num-reason-recipient-gone = O cliente já não pode ser alcançado ali
num-reason-too-many-tries = Demasiadas tentativas
operators-title = Operadores
operators-empty = Nenhum operador trabalhou neste período
operators-all = Todos os operadores com os seus números
me-title = As minhas avaliações
me-lead = O que os clientes dizem dos chats consigo.
me-comments-not = Não tem acesso aos comentários. Um administrador pode mudar isso.
first-connect = Ligue um canal
first-line-words = Uma linha é uma fila de chats com a sua própria pergunta: escala, texto e momento.
first-recipient-words = Essa pessoa fica a saber de uma avaliação baixa em segundos, no serviço de mensagens que já usa.
today-usual = Hoje até agora. «Normalmente» é a média dos quatro últimos dias completos: { $weekday }.
distribution-finding = { $n ->
    [one] De { $n } avaliação, { $good } são boas e { $bad } más.
   *[other] De { $n } avaliações, { $good } são boas e { $bad } más.
}
whiskers-together = { $n ->
    [one] Os dados não mostram diferença clara com { $n } operador.
   *[other] Os dados não mostram diferença clara entre estes { $n } operadores.
}
me-empty-words = { $n ->
    [one] Assim que { $n } cliente tiver avaliado chats consigo, os números aparecem aqui.
   *[other] Assim que { $n } clientes tiverem avaliado chats consigo, os números aparecem aqui.
}
wait-held = { $n ->
    [one] nota baixada em espera: ainda há tempo para resolver
   *[other] notas baixadas em espera: ainda há tempo para resolver
}
wait-deliveries = { $n ->
    [one] entrega presa
   *[other] entregas presas
}
wait-connections = { $n ->
    [one] ligação parada
   *[other] ligações paradas
}
num-reason-imported = Importado de um ficheiro
