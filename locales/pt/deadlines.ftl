# Deadlines for replies to low ratings.
low-due = Por prazo
low-due-by = responder até
low-late-for = atrasada há { $time }
low-late = { $n ->
    [one] { $n } atrasada
   *[other] { $n } atrasadas
}
alert-kind-late = Sem resposta a tempo
set-part-deadline = Prazo para avaliações baixas
set-part-deadline-lead = Até quando alguém deve responder a uma avaliação baixa ou marcá-la como resolvida. Quando o prazo acaba, são avisadas as pessoas para quem os alertas são escalados.
set-deadline = Prazo para avaliações baixas
set-deadline-hours = Responder em
set-deadline-hours-hint = Vazio: sem prazo.
set-unit-working-hours = horas úteis
set-deadline-days = Dias úteis
set-deadline-days-hint = Nenhum escolhido: todos os dias.
set-deadline-from = Início do expediente
set-deadline-to = Fim do expediente
set-deadline-to-hint = Ambos vazios: todas as horas contam.
set-deadline-days_off = Dias de folga
set-deadline-days_off-hint = Um por linha: 2026-12-24, 2026-12-24/2026-12-31 ou 12-25 para todos os anos. Também é possível colar o conteúdo de um arquivo iCalendar (.ics): seus eventos de dia inteiro viram dias de folga. Eles não têm horas úteis.
set-calendar-left-out = { $n ->
    [one] { $n } evento não pode ser usado. Os outros dias de folga estão no campo: salve de novo para mantê-los. Fora: { $events }
   *[other] { $n } eventos não podem ser usados. Os outros dias de folga estão no campo: salve de novo para mantê-los. Fora: { $events }
}
set-bad-day-off = Não é um dia de folga: { $line }. Escreva 2026-12-24, 2026-12-24/2026-12-31 (um ano no máximo) ou 12-25 para todos os anos.
set-bad-calendar = O calendário não pode ser usado: { $problem }.
set-deadline-time_zone = Fuso horário do expediente
set-bad-deadline-from = Informe um horário, como 09:00.
set-bad-deadline-to = O expediente deve terminar depois de começar, no mesmo dia.
set-bad-deadline-time-zone = Esse fuso horário não existe. Informe, por exemplo, America/Sao_Paulo.
replies-title = Respostas às avaliações baixas
replies-replied = respondidas
replies-in-time = a tempo
replies-first = primeira resposta, mediana
replies-recovered = recuperadas
replies-took = { $time } (provavelmente { $likely })
replies-hint = A tempo: respondidas ou marcadas como resolvidas dentro do prazo da linha. A mediana é das respondidas. Ao perguntar de novo: parte das segundas avaliações que são boas.
