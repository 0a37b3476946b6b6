# Páginas de números: hoje, relatórios, operadores, os próprios.
nav-reports = Relatórios
num-download = baixar a tabela
num-show = Mostrar
num-period = Período
num-from = De
num-until = Até
num-filter-line = Linha
num-filter-operator = Operador
num-filter-channel = Canal
num-filter-scale = Escala
num-filter-by = Tabela por
num-all-lines = Todas as linhas
num-all-operators = Todos os operadores
num-all-channels = Todos os canais
num-all-scales = Todas as escalas
num-scale-binary = Polegares
num-scale-five-star = Estrelas
num-channel-webchat = Chat do site
num-channel-email = E-mail
num-channel-none = Sem canal
num-operator-none = Sem operador
by-operator = Operador
by-line = Linha
by-channel = Canal
by-day = Dia
by-week = Semana
by-month = Mês
ask-day-wrong = Escreva um dia como 2026-09-30.
ask-ends-before = O fim é anterior ao início.
ask-too-long = Mais de dez anos. Escolha menos dias.
ask-period-unknown = Esse período não existe. Escolha dias aqui.
ask-line-unknown = Essa linha não existe.
ask-scale-unknown = Essa escala não existe.
ask-by-unknown = A tabela não pode ser feita por isso.
ask-by-too-many = Dias demais para uma tabela. Escolha semanas ou meses.
ask-wrong = Isso ainda não faz sentido: veja o campo marcado.
period-today = Hoje
period-yesterday = Ontem
period-7 = 7 dias
period-30 = 30 dias
period-90 = 90 dias
period-month = Este mês
period-last-month = Mês passado
period-quarter = Este trimestre
period-year = Este ano
num-n-of-n = { $part } de { $of }
num-day-month = { $day } { $month }
num-no-ratings = sem avaliações
num-few = poucas respostas
num-few-hint = Menos de 30 respostas: pouco se pode dizer
num-response-of = { $part } de { $of } entregues
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = Nada neste período
num-empty-words = Nenhum chat foi encerrado nestes dias com estes filtros. Escolha outros dias ou menos filtros.
num-supervisor-scored = Nota do supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-higher = ▲ { $points } pontos, mais que acaso
change-lower = ▼ { $points } pontos, mais que acaso
change-cannot-tell = ≈ sem mudança clara
rule-thumbs = Bom: 👍 · ruim: 👎 ({ $lines })
rule-stars = Bom: { $good } ★ · ruim: { $bad } ★ ({ $lines })
raw-score = Com as { $n } anuladas: { $score }
compared-with = Comparado com { $days }
figure-score = Avaliações boas
figure-response = Taxa de resposta
figure-closed = Encerrados
figure-asked = Perguntados
figure-delivered = Entregues
figure-answered = Respondidas
figure-not-asked = Não perguntados
figure-kept-back = Retidos
figure-canceled = Retiradas
figure-open = Ainda podem responder
figure-expired = Expiradas
figure-unreachable = Não alcançados
figure-unsure = Talvez tenha chegado
figure-late = Responderam tarde demais
figure-good = Boas
figure-neutral = Neutras
figure-bad = Ruins
figure-bad-ratings = Avaliações ruins
figure-adjusted-good = Boas, sem anuladas
figure-adjusted-neutral = Neutras, sem anuladas
figure-adjusted-bad = Ruins, sem anuladas
figure-voided = Anuladas
figure-average = Média de estrelas
figure-silent = Se os calados respondessem
figure-silent-of = todas ruins – todas boas
figure-resolved = Problema resolvido
figure-unresolved = Problema não resolvido
figure-commented = Com comentário
figure-took-median = Tempo até avaliar, mediana
figure-took-average = Tempo até avaliar, média
figure-supervised = Com nota do supervisor
of-answered = { $share } das avaliações
median-under = menos de { $time }
median-between = { $from }–{ $to }
average-of-5 = média { $mean } de 5
before-was = antes: { $n }
overall-is = no total: { $n } { $of }
reports-title = Relatórios
trend-title = Avaliações boas ao longo do tempo
trend-stars = Média de estrelas ao longo do tempo
trend-none = Ninguém avaliou neste período.
trend-higher = { $now } são boas, antes { $before }: melhor, e mais que acaso.
trend-lower = { $now } são boas, antes { $before }: pior, e mais que acaso.
trend-cannot-tell = { $now } são boas, antes { $before }: os dados não dizem se é uma mudança.
legend-period = este período
legend-interval = intervalo de 95 %
legend-few = poucas respostas
legend-before = período anterior
legend-closes = de menos a mais chats encerrados
legend-bad = proporção de más avaliações acima do habitual
chart-table = O mesmo em tabela
head-time = Tempo
head-interval = Intervalo 95 %
head-good-of = Boas de avaliadas
head-score = Avaliação
head-ratings = Avaliações
head-share = Parte
head-step = Passo
head-chats = Chats
head-of-before = Do passo anterior
head-operator = Operador
head-stars = Média ★
head-place = Posição
head-id = Código
head-response-percent = Taxa de resposta, %
head-score-percent = Boas, %
head-low = 95 % de
head-high = 95 % até
head-raw-percent = Boas com anuladas, %
head-resolved-percent = Resolvidos, %
head-took-secs = Tempo até avaliar, s
distribution-thumbs = Polegares
distribution-stars = Estrelas
funnel-title = Do encerramento à resposta
funnel-finding = De { $closed ->
    [one] { $closed } chat encerrado
   *[other] { $closed } chats encerrados
    }, perguntou-se sobre { $asked }; { $delivered ->
    [one] chegou { $delivered } pergunta
   *[other] chegaram { $delivered } perguntas
    } e { $answered ->
    [one] { $answered } foi respondida
   *[other] { $answered } foram respondidas
    }.
heat-title = A semana por horas
heat-none = Nenhum chat foi encerrado neste período.
heat-finding = A maioria dos chats termina: { $day }, a partir das { $time }; { $n } nestes dias.
heat-said = encerrados { $closes }, ruins { $bad }
num-weekday-1 = Seg
num-weekday-2 = Ter
num-weekday-3 = Qua
num-weekday-4 = Qui
num-weekday-5 = Sex
num-weekday-6 = Sáb
num-weekday-7 = Dom
num-weekday-long-1 = segunda-feira
num-weekday-long-2 = terça-feira
num-weekday-long-3 = quarta-feira
num-weekday-long-4 = quinta-feira
num-weekday-long-5 = sexta-feira
num-weekday-long-6 = sábado
num-weekday-long-7 = domingo
whiskers-title = Operadores, e com que certeza
whiskers-one = Um operador foi avaliado: não há com quem comparar.
whiskers-same = Não se distinguem do primeiro destes
whiskers-apart = À parte
way-title = O que houve com os encerramentos
said-title = O que dizem as avaliações
more-title = O que mais se sabe
reasons-title = Não perguntado, não entregue: por quê
split-title = Por: { $by }
split-hint = Cada número conta os mesmos encerramentos e leva à sua lista. Posições: as que os dados deixam abertas; quem as divide não se distingue.
num-outcome-canceled = Retirada
num-outcome-unreachable = Não entregue
num-reason-line-off = Avaliação desligada na linha
num-reason-line-archived = A linha está arquivada
num-reason-spam = Encerrado como spam
num-reason-forced = Encerrado à força
num-reason-by-choice = Quem encerrou escolheu não perguntar
num-reason-timeout-close = Encerrado por tempo
num-reason-bot-close = Encerrado por um bot
num-reason-no-client = Cliente desconhecido
num-reason-channel-off = O canal não pode perguntar
num-reason-no-operator = Sem operador
num-reason-operator-silent = O operador não escreveu
num-reason-client-silent = O cliente não escreveu
num-reason-too-short = Mensagens de menos
num-reason-opted-out = O cliente não quer perguntas
num-reason-blocked = O cliente nos bloqueou
num-reason-already-rated = Já avaliado
num-reason-throttled = Perguntado há pouco
num-reason-sampled-out = Fora da amostra
num-reason-window-shut = Janela do canal fechada
num-reason-template-missing = Não há modelo para fora da janela
num-reason-template-refused = A plataforma não aceitou o modelo
num-reason-no-form = O formulário da plataforma não serve aqui
num-reason-quiet-hours = Horas de silêncio
num-reason-too-late = Encerramento antigo demais
num-reason-flapping = Encerrado repetidas vezes
num-reason-reopened = reaberto
num-reason-merged = unido a outro
num-reason-recipient-gone = o cliente não está mais
operators-title = Operadores
operators-empty = Ninguém trabalhou neste período
operators-all = Todos os operadores com seus números
compared-title = Ao lado dos outros da linha
compared-own = Próprias:
compared-rest = Os demais:
compared-higher = ▲ melhor com certeza
compared-lower = ▼ pior com certeza
compared-same = ≈ não se distinguem
latest-title = Últimas avaliações
latest-none = Ainda nenhuma. As novas aparecem aqui sozinhas.
latest-all = Todas as avaliações
me-title = Minhas avaliações
me-lead = O que os clientes dizem dos chats com você.
me-empty = Ainda não há respostas suficientes
me-groups = Ao longo do tempo
me-comments = O que os clientes escreveram
me-comments-not = Os comentários não são mostrados a você. Um administrador pode mudar isso.
me-comments-none = Ninguém escreveu nada nestas semanas.
first-title-steps = Primeiros passos
first-done = feito
first-connect = Conecte um canal
first-connect-words = Indique um bot, um chat do site ou um número em [connections] do lastword.toml e reinicie o servidor. Ali os clientes são perguntados.
first-line = Crie uma linha
first-line-words = Uma linha é uma fila de chats com sua própria pergunta: escala, palavras e momento.
first-recipient = Indique um destinatário de alertas
first-recipient-words = Uma avaliação baixa chega a essa pessoa em segundos, onde ela já lê mensagens.
today-usual = Até agora. “Normalmente” é o dia inteiro, média dos quatro últimos: { $weekday }.
usually = normalmente { $n }
waits-title = O que espera
waits-nothing = Nada espera por ninguém.
of-closed = { $n ->
    [one] de { $n } chat encerrado
   *[other] de { $n } chats encerrados
}
of-ratings = { $n ->
    [one] de { $n } avaliação
   *[other] de { $n } avaliações
}
of-said = { $n ->
    [one] de { $n } que disse
   *[other] de { $n } que disseram
}
took-days = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
trend-alone = { $n ->
    [one] { $score } de { $n } avaliação são boas.
   *[other] { $score } de { $n } avaliações são boas.
}
distribution-finding = { $n ->
    [one] De { $n } avaliação, { $good } são boas e { $bad } ruins.
   *[other] De { $n } avaliações, { $good } são boas e { $bad } ruins.
}
whiskers-together = { $n ->
    [one] Os dados não distinguem { $n } operador.
   *[other] Os dados não distinguem estes { $n } operadores.
}
whiskers-groups = { $n ->
    [one] { $n } grupo: nele os dados não distinguem ninguém do primeiro.
   *[other] { $n } grupos: em cada um os dados não distinguem ninguém do primeiro.
}
num-left-off = { $n ->
    [one] Falta mais { $n } com menos avaliações.
   *[other] Faltam mais { $n } com menos avaliações.
}
me-gathered = { $n ->
    [one] Os números aparecem em grupos de semanas inteiras com pelo menos { $n } resposta, para que nenhum cliente seja reconhecido. Uma semana conta três dias após o fim.
   *[other] Os números aparecem em grupos de semanas inteiras com pelo menos { $n } respostas, para que nenhum cliente seja reconhecido. Uma semana conta três dias após o fim.
}
me-empty-words = { $n ->
    [one] Assim que { $n } cliente avaliar chats com você, os números aparecem aqui.
   *[other] Assim que { $n } clientes avaliarem chats com você, os números aparecem aqui.
}
wait-low = { $n ->
    [one] avaliação baixa sem resposta
   *[other] avaliações baixas sem resposta
}
wait-held = { $n ->
    [one] nota baixada está retida: ainda há tempo de resolver
   *[other] notas baixadas estão retidas: ainda há tempo de resolver
}
wait-alerts = { $n ->
    [one] alerta que não chegou a ninguém
   *[other] alertas que não chegaram a ninguém
}
wait-deliveries = { $n ->
    [one] envio que precisa de alguém
   *[other] envios que precisam de alguém
}
wait-connections = { $n ->
    [one] conexão parada
   *[other] conexões paradas
}
wait-lines = { $n ->
    [one] linha sem destinatário de alertas
   *[other] linhas sem destinatário de alertas
}
num-reason-imported = Importado de um arquivo
num-reason-erased = Apagado a pedido do cliente
