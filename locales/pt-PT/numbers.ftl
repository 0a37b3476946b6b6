# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
num-download = Transferir tabela
num-filter-operator = Operador
num-all-operators = Todos os operadores
num-operator-none = Sem operador
by-operator = Operador
ask-day-wrong = Escreva uma data como 2026-09-30.
ask-by-too-many = Demasiados dias para uma tabela. Agrupe por semana ou mês.
ask-wrong = Verifique o campo destacado.
rule-thumbs = Boa: 👍 · má: 👎 ({ $lines })
rule-stars = Boa: { $good } ★ · má: { $bad } ★ ({ $lines })
figure-bad = Más
figure-bad-ratings = Avaliações más
figure-silent-of = de todas más a todas boas
figure-took-median = Tempo até à avaliação, mediana
figure-took-average = Tempo até à avaliação, média
legend-bad = claramente mais avaliações más do que noutras horas
legend-changed = as definições de uma linha mudaram
head-operator = Operador
head-took-secs = Tempo até à avaliação, s
head-beside = Comparação com o resto da equipa
head-raw-bad = Más incluindo anuladas
heat-said = encerrados: { $closes }, más: { $bad }
whiskers-title = Notas dos operadores com intervalos de 95%
whiskers-one = Só um operador foi avaliado: não há com quem comparar.
reasons-title = Porque é que o pedido de avaliação não foi feito ou não chegou
split-by-operator = Por operador
num-reason-no-operator = Nenhum operador participou
num-reason-operator-silent = O operador não escreveu nada
num-reason-blocked = O cliente bloqueou-nos
num-reason-restored = Restaurado de uma cópia de segurança
num-reason-recipient-gone = Já não é possível contactar o cliente por aí
num-reason-client-in-experiment = O cliente faz parte de uma experiência da plataforma
num-reason-too-many-tries = Demasiadas tentativas
operators-title = Operadores
operators-empty = Nenhum chat de operadores encontrado
operators-all = Todos os operadores com os seus números
compared-title = Comparação com o resto da equipa
compared-wait = A comparação dos operadores está a ser calculada.
compared-hint = Cada cliente conta uma vez por operador. Compara-se o que é comparável: a mesma linha, canal e escala. No máximo 1 página em 20 mostra uma diferença falsa. Os intervalos não são corrigidos pelo número de operadores.
estimate-hint = A estimativa é a percentagem aproximada do que os colegas têm nas mesmas linhas, canais e escalas, tanto mais quanto menos respostas há; as listas de operadores seguem essa ordem, para que poucas respostas de sorte não fiquem no topo. Onde mais ninguém foi avaliado, a percentagem fica como está.
me-title = As minhas avaliações
me-lead = O que os clientes dizem dos chats consigo.
me-comments-not = Não tem acesso aos comentários. Um administrador pode mudar isso.
first-connect = Ligue um canal
first-line-words = Uma linha é uma fila de chats com a sua própria pergunta: escala, texto e momento.
first-recipient-words = Essa pessoa fica a saber de uma avaliação baixa em segundos, na aplicação de mensagens que já usa.
today-usual = Hoje até agora. «Normalmente» é a média de até quatro semanas ({ $weekday }) até às { $time }; na proporção de boas, do dia inteiro.
trend-changed = definições alteradas: { $lines }
distribution-finding = { $n ->
    [one] Em { $n } avaliação: { $good } boas e { $bad } más.
   *[other] Em { $n } avaliações: { $good } boas e { $bad } más.
}
whiskers-together = { $n ->
    [one] { $n } operador: sem diferença clara.
   *[other] Sem diferença clara entre estes { $n } operadores.
}
whiskers-above = Acima do resto da equipa: { $names }.
whiskers-below = Abaixo do resto da equipa: { $names }.
whiskers-both = Acima do resto da equipa: { $above }. Abaixo: { $below }.
whiskers-others = Os restantes não mostram diferença clara.
me-empty-words = { $n ->
    [one] Assim que { $n } cliente tiver avaliado chats consigo, os números aparecem aqui.
   *[other] Assim que { $n } clientes tiverem avaliado chats consigo, os números aparecem aqui.
}
wait-held = { $n ->
    [one] nota reduzida em espera: ainda há tempo para resolver
   *[other] notas reduzidas em espera: ainda há tempo para resolver
}
wait-deliveries = { $n ->
    [one] mensagem presa
   *[other] mensagens presas
}
wait-connections = { $n ->
    [one] ligação parada
   *[other] ligações paradas
}
num-reason-imported = Importado de um ficheiro
low-reasons-download = Transferir motivos
low-reasons-rule = { $part ->
    [0] Em nenhuma das avaliações baixas ({ $of }) o cliente escolheu um motivo.
    [one] As parcelas são da única avaliação baixa (de { $of }) cujo cliente escolheu pelo menos um motivo; uma avaliação pode ter vários. Cada uma tem o seu intervalo de 95%; uma mudança só é apontada quando é improvável que seja acaso entre todos os motivos juntos. Avaliações anuladas ficam de fora.
   *[other] As parcelas são das { $part } avaliações baixas (de { $of }) cujo cliente escolheu pelo menos um motivo; uma avaliação pode ter vários. Cada uma tem o seu intervalo de 95%; uma mudança só é apontada quando é improvável que seja acaso entre todos os motivos juntos. Avaliações anuladas ficam de fora.
}
low-reasons-tags-rule = { $part ->
    [one] As etiquetas foram encontradas nos comentários pelas regras de palavras-chave das linhas, nenhum cliente as escolheu: as suas parcelas são da única avaliação baixa (de { $of }) com um comentário que as regras olharam.
   *[other] As etiquetas foram encontradas nos comentários pelas regras de palavras-chave das linhas, nenhum cliente as escolheu: as suas parcelas são das { $part } avaliações baixas (de { $of }) com um comentário que as regras olharam.
}
done-operator-kind = Guardado. Vale para os chats encerrados a partir de agora.
operator-kind-hint = Vale para os chats encerrados a partir de agora. Um chat que um bot passe a uma pessoa conta para a pessoa.
changes-operator = operador
changes-hint = { $n ->
    [0] Em comparação com { $days }: todos os chats. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
    [one] Em comparação com { $days }: todos os chats e uma linha, um canal ou um operador. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
   *[other] Em comparação com { $days }: todos os chats e { $n } linhas, canais e operadores. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
}
changes-wait = A comparação com o período anterior está a ser calculada.
own-past-hint = Cada cliente conta uma vez e só dentro da mesma linha, canal e escala. Outros clientes, assuntos ou definições também podem explicar uma diferença.
first-connect-words = Adicione um bot, um chat web, um número ou uma caixa de e-mail, e o seu sistema de atendimento. O Lastword testa-os antes de guardar.
heat-alike = Nenhuma hora tem claramente mais avaliações más do que as outras.
heat-worse = Claramente mais avaliações más do que noutras horas: { $hours }.
