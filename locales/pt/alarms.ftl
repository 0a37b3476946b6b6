# Alarms: watched shares that fell.
line-tab-alarms = Alarmes de tendência
line-alarms-stand = { $n ->
    [one] alarme de tendência: pior que o normal
   *[other] { $n } alarmes de tendência: pior que o normal
}
wait-alarms = { $n ->
    [one] alarme de tendência: pior que o normal
   *[other] alarmes de tendência: pior que o normal
}
alarms-line-lead = Em cada canal são observados três percentuais, caso a caso. Se um piora, os destinatários desta linha são avisados uma vez, e outra quando tudo volta ao normal.
alarm-watched = Indicador
alarm-usual = Nível normal
alarm-share-score = Avaliações baixas
alarm-share-response = Perguntas sem resposta
alarm-share-delivery = Perguntas que não chegaram
alarm-channel-none = canal desconhecido
alarm-stands = alarme de tendência
alarm-as-usual = normal
alarm-off = ainda não observado
alarm-between = entre { $low } e { $high }
alarm-learnt-score = { $n ->
    [one] { $bad } baixas, de { $n } cliente,
   *[other] { $bad } baixas, de { $n } clientes,
}
alarm-learnt-response = { $n ->
    [one] { $bad } sem resposta, de { $n } cliente,
   *[other] { $bad } sem resposta, de { $n } clientes,
}
alarm-learnt-messages = { $n ->
    [one] { $bad } perdidas de { $n } pergunta,
   *[other] { $bad } perdidas de { $n } perguntas,
}
alarm-learnt-on = calculado em
alarm-how = Como funciona
alarm-sum = Um caso ruim soma { $adds }, qualquer outro tira { $takes }; o alarme dispara em { $limit }. Agora: { $sum }.
alarm-promise = Se nada mudar, só o acaso gera cerca de { $all } alarmes de tendência por ano em todas as taxas monitoradas; esta, um em { $n } casos ou menos. Leva em conta que os dias diferem como até agora.
alarm-days = { $n ->
    [one] Visto em { $n } dia.
   *[other] Visto em { $n } dias.
}
alarm-few-days = Faltam dias para um nível normal: { $n } de { $min }. Menos dias não mostram o quanto os dias diferem.
alarm-few-clients = Ainda não se sabe o que é normal: { $n } de { $min } clientes nos últimos 180 dias. Com menos, o acaso sozinho dispararia alarmes demais.
alarm-few-messages = Ainda não se sabe o que é normal: { $n } de { $min } perguntas nos últimos 180 dias. Com menos, o acaso sozinho dispararia alarmes demais.
alarm-never = Casos ruins são frequentes demais aqui para um alarme confiável.
alarm-none-yet = Ainda não há o que observar
alarm-none-yet-words = Quando os clientes começarem a receber perguntas, cada canal aparecerá aqui. A observação começa com 500 clientes em 180 dias.
alarm-learn = Recalcular nível normal
alarm-learn-hint = Os últimos 180 dias passam a ser o normal, até onde a pergunta não mudou. Um alarme em aberto termina.
alarm-history = Alarmes de tendência até agora
alarm-history-none = Nenhum alarme de tendência até agora.
alarm-figures-score = { $bad } de { $cases } avaliações foram baixas; o normal era até { $usual }.
alarm-figures-response = { $bad } de { $cases } perguntas ficaram sem resposta; o normal era até { $usual }.
alarm-figures-delivery = { $bad } de { $cases } perguntas não chegaram; o normal era até { $usual }.
alarm-end-all-clear = fim do alarme
alarm-end-learnt-anew = encerrado: nível normal recalculado
alarm-chats = Os chats por trás dele
alarm-chats-newest = Os { $n } mais recentes.
alert-kind-alarm = Alarme de tendência: pior que o normal
alert-kind-all-clear = Fim do alarme
audit-act-line-baseline-learnt = Nível normal recalculado:
done-baseline-learnt = O nível normal de { $name } foi recalculado.
