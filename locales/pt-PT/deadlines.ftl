# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
set-deadline-from = Início do horário de trabalho
set-deadline-to = Fim do horário de trabalho
set-deadline-time_zone = Fuso horário do horário de trabalho
set-bad-deadline-from = Indique uma hora, como 09:00.
set-bad-deadline-to = O horário de trabalho tem de acabar depois de começar, no mesmo dia.
set-bad-deadline-time-zone = Esse fuso horário não existe. Indique, por exemplo, Europe/Lisbon.
replies-recovered = recuperadas
set-deadline-days_off-hint = Um por linha: 2026-12-24, 2026-12-24/2026-12-31 ou 12-25 para todos os anos. Também pode colar o conteúdo de um ficheiro iCalendar (.ics): os eventos de dia inteiro passam a dias de folga. Não têm horas úteis.
