# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
line-alarms-stand = { $n ->
    [one] alarme de tendência: pior do que o habitual
   *[other] { $n } alarmes de tendência: pior do que o habitual
}
wait-alarms = { $n ->
    [one] alarme de tendência: pior do que o habitual
   *[other] alarmes de tendência: pior do que o habitual
}
alarms-line-lead = Em cada canal são observadas três percentagens, caso a caso. Se uma piora, os destinatários desta linha são avisados uma vez, e outra quando tudo volta ao habitual.
alarm-usual = Nível habitual
alarm-learn = Recalcular nível habitual
alarm-end-learnt-anew = encerrado: nível habitual recalculado
alarm-as-usual = habitual
alarm-sum = Um caso mau soma { $adds }, qualquer outro tira { $takes }; o alarme dispara em { $limit }. Agora: { $sum }.
alarm-few-clients = Ainda não se sabe o que é habitual: { $n } de { $min } clientes nos últimos 180 dias. Com menos, só o acaso dispararia demasiados alarmes.
alarm-few-messages = Ainda não se sabe o que é habitual: { $n } de { $min } perguntas nos últimos 180 dias. Com menos, só o acaso dispararia demasiados alarmes.
alarm-never = Os casos maus são demasiado frequentes para um alarme fiável.
alarm-learn-hint = Os últimos 180 dias passam a ser o habitual, até onde a pergunta não mudou. Um alarme em aberto termina.
alarm-figures-score = { $bad } de { $cases } avaliações foram baixas; o habitual era até { $usual }.
alarm-figures-response = { $bad } de { $cases } perguntas ficaram sem resposta; o habitual era até { $usual }.
alarm-figures-delivery = { $bad } de { $cases } perguntas não chegaram; o habitual era até { $usual }.
alert-kind-alarm = Alarme de tendência: pior do que o habitual
audit-act-line-baseline-learnt = Nível habitual recalculado:
done-baseline-learnt = O nível habitual de { $name } foi recalculado.
