# Páginas de números: hoje, relatórios, operadores, os próprios.
nav-reports = Relatórios
num-download = Baixar a tabela
num-show = Aplicar
num-period = Período
num-from = De
num-until = Até
num-filter-line = Linha
num-filter-operator = Atendente
num-filter-channel = Canal
num-filter-scale = Escala
num-filter-by = Agrupar por
num-all-lines = Todas as linhas
num-all-operators = Todos os atendentes
num-all-channels = Todos os canais
num-all-scales = Todas as escalas
num-scale-binary = Polegares
num-scale-five-star = Estrelas
num-channel-webchat = Chat web
num-channel-email = E-mail
num-channel-none = Sem canal
num-operator-none = Sem atendente
by-operator = Atendente
by-line = Linha
by-channel = Canal
by-day = Dia
by-week = Semana
by-month = Mês
ask-day-wrong = Digite uma data como 2026-09-30.
ask-ends-before = A data final é anterior à inicial.
ask-too-long = Escolha dez anos no máximo.
ask-period-unknown = Esse período não existe. Escolha dias aqui.
ask-line-unknown = Essa linha não existe.
ask-scale-unknown = Essa escala não existe.
ask-by-unknown = A tabela não pode ser agrupada assim.
ask-by-too-many = Dias demais para uma tabela. Agrupe por semanas ou meses.
ask-wrong = Confira o campo marcado.
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
num-few-hint = Menos de 30 respostas: poucas para tirar conclusões
num-response-of = { $part } de { $of } perguntas concluídas
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = Sem dados neste período
num-empty-words = Nenhum chat foi encerrado nestes dias com estes filtros. Escolha outros dias ou menos filtros.
num-supervisor-scored = Nota do supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-higher = ▲ { $points } pontos, dificilmente por acaso
change-lower = ▼ { $points } pontos, dificilmente por acaso
change-cannot-tell = ≈ sem mudança clara
rule-thumbs = Boa: 👍 · ruim: 👎 ({ $lines })
rule-stars = Boa: { $good } ★ · ruim: { $bad } ★ ({ $lines })
raw-score = Com as { $n } anuladas: { $score }
compared-with = Comparado com { $days }
figure-score = Avaliações boas
figure-response = Taxa de resposta
figure-closed = Encerrados
figure-asked = Consultados
figure-delivered = Entregues
figure-answered = Respondidas
figure-not-asked = Não consultados
figure-kept-back = Excluídos pelo sistema de atendimento
figure-canceled = Canceladas
figure-open = Ainda abertas
figure-expired = Expiradas
figure-unreachable = Cliente inacessível
figure-unsure = Entrega não confirmada
figure-late = Respondidas tarde demais
figure-good = Boas
figure-neutral = Neutras
figure-bad = Ruins
figure-bad-ratings = Avaliações ruins
figure-voided = Anuladas
figure-average = Média de estrelas
figure-silent = Se todos tivessem respondido
figure-silent-of = de todas ruins a todas boas
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
trend-none = Sem avaliações neste período.
trend-higher = { $now } são boas, antes { $before }: melhor, e dificilmente por acaso.
trend-lower = { $now } são boas, antes { $before }: pior, e dificilmente por acaso.
trend-cannot-tell = { $now } são boas; no período anterior, { $before }. A diferença pode ser acaso.
legend-period = este período
legend-interval = intervalo de 95 %
legend-few = poucas respostas
legend-before = período anterior
legend-closes = de menos a mais chats encerrados
legend-bad = mais avaliações ruins que o normal
legend-faint = perguntas ainda abertas, ou intervalo incompleto
legend-changed = as configurações de uma linha mudaram
chart-table = Ver como tabela
head-time = Tempo
head-interval = Intervalo 95 %
head-good-of = Boas / avaliadas
head-score = Avaliação
head-ratings = Avaliações
head-share = Proporção
head-step = Etapa
head-chats = Chats
head-of-before = % da etapa anterior
head-operator = Atendente
head-stars = Média ★
head-place = Posições possíveis
head-id = Identificador
head-response-percent = Taxa de resposta, %
head-score-percent = Boas, %
head-low = Intervalo 95 % de
head-high = Intervalo 95 % até
head-raw-percent = Boas com anuladas, %
head-resolved-percent = Resolvidos, %
head-took-secs = Tempo até avaliar, s
head-beside = Ao lado do resto da equipe
head-stars-low = Média ★, 95 % de
head-stars-high = Média ★, 95 % até
head-kept-back-percent = Excluídos pelo sistema de atendimento, %
head-kept-back-low = Excluídos, 95 % de
head-kept-back-high = Excluídos, 95 % até
head-stars-of = Média ★, avaliações
head-raw-good = Boas com anuladas
head-raw-neutral = Neutras com anuladas
head-raw-bad = Ruins com anuladas
distribution-thumbs = Polegares
distribution-stars = Estrelas
funnel-title = Do chat encerrado à avaliação
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
heat-title = Horas da semana
heat-none = Nenhum chat foi encerrado neste período.
heat-finding = A maioria dos chats termina: { $day }, a partir das { $time }; { $n } neste período.
heat-said = { $closes } encerrados, { $bad } ruins
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
whiskers-title = Atendentes e a certeza das suas notas
whiskers-one = Só um atendente foi avaliado: não há com quem comparar.
way-title = O que aconteceu com os chats encerrados
said-title = O que dizem as avaliações
more-title = Mais números
reasons-title = Por que o cliente não foi consultado ou alcançado
split-title = Detalhamento: { $by }
split-hint = Cada número conta os mesmos encerramentos e leva à sua lista.
num-outcome-canceled = Cancelada
num-outcome-unreachable = Cliente inacessível
num-reason-line-off = Avaliações desligadas na linha
num-reason-line-archived = A linha está arquivada
num-reason-spam = Encerrado como spam
num-reason-forced = Encerrado à força
num-reason-by-choice = O sistema de atendimento escolheu não perguntar
num-reason-timeout-close = Encerrado por inatividade
num-reason-bot-close = Encerrado por um bot
num-reason-no-client = Cliente desconhecido
num-reason-group = Conversa em grupo
num-reason-channel-off = O canal não pode perguntar
num-reason-no-operator = Nenhum atendente participou
num-reason-operator-silent = O atendente não escreveu
num-reason-client-silent = O cliente não escreveu
num-reason-too-short = Poucas mensagens
num-reason-opted-out = O cliente não quer ser consultado
num-reason-blocked = O cliente nos bloqueou
num-reason-already-rated = Já avaliado
num-reason-throttled = Consultado há pouco
num-reason-sampled-out = Fora da amostra
num-reason-window-shut = A janela de mensagens do canal estava fechada
num-reason-template-missing = Não há modelo para escrever fora da janela
num-reason-template-refused = A plataforma recusou o modelo
num-reason-no-form = O formulário da plataforma não serve aqui
num-reason-quiet-hours = Horas de silêncio
num-reason-too-late = Comunicado tarde demais
num-reason-flapping = Encerrado e reaberto várias vezes
num-reason-reopened = Reaberto
num-reason-restored = Restaurado de um backup
num-reason-merged = Unido a outra sessão
num-reason-recipient-gone = O cliente não pode mais ser alcançado ali
num-reason-engagement-limit = A plataforma reteve: mensagens demais para este cliente
num-reason-client-in-experiment = O cliente faz parte de um experimento da plataforma
num-reason-marketing-stopped = O cliente recusou mensagens comerciais
num-reason-too-many-tries = Tentativas demais
num-reason-refused = Recusado pela plataforma
operators-title = Atendentes
operators-empty = Nenhum atendente trabalhou neste período
operators-all = Todos os atendentes com seus números
compared-title = Ao lado do resto da equipe
compared-higher = ▲ acima do resto
compared-lower = ▼ abaixo do resto
compared-same = ≈ os dados não mostram diferença
compared-same-mix = em igualdade de condições: { $points } pontos ({ $low } … { $high })
compared-raw = todas as linhas, canais e escalas juntos: { $points } pontos ({ $low } … { $high })
compared-clients = clientes: { $clients }, avaliações: { $ratings }
compared-of = comparáveis: { $n }
compared-counted = Contados: { $clients } clientes de { $ratings } avaliações.
compared-scales = Polegares e estrelas são comparados à parte; a coluna de avaliações boas reúne ambos.
compared-wait = A comparação dos operadores está sendo calculada.
compared-wait-now = Esperar por ela
compared-hint = Cada cliente conta uma vez por operador, com a última avaliação. Compara-se dentro de cada linha, canal e escala; de vinte páginas sobre equipes iguais, no máximo uma aponta alguém. Os intervalos das diferenças não corrigem pelo número de operadores.
latest-title = Últimas avaliações
latest-none = Ainda nenhuma. As novas aparecem aqui automaticamente.
latest-all = Todas as avaliações
me-title = Minhas avaliações
me-lead = O que os clientes dizem dos chats com você.
me-empty = Ainda não há respostas suficientes
me-groups = Ao longo do tempo
me-comments = O que os clientes escreveram
me-comments-not = Você não tem acesso aos comentários. Um administrador pode mudar isso.
me-comments-none = Não houve comentários nestas semanas.
first-title-steps = Primeiros passos
first-done = feito
first-connect = Conecte um canal
first-connect-words = Adicione um bot, um chat web ou um número em [connections] no lastword.toml e reinicie o servidor. É ali que os clientes são consultados.
first-line = Crie uma linha
first-line-words = Uma linha é uma fila de chats com sua própria pergunta: escala, texto e momento.
first-recipient = Adicione um destinatário de alertas
first-recipient-words = Essa pessoa fica sabendo de uma avaliação baixa em segundos, no mensageiro que já usa.
today-usual = Hoje até agora. “Normalmente” é a média dos quatro últimos dias completos: { $weekday }.
usually = normalmente { $n }
waits-title = Precisa de atenção
waits-nothing = Nada precisa de atenção.
of-closed = { $n ->
    [one] de { $n } chat encerrado
   *[other] de { $n } chats encerrados
}
of-ratings = { $n ->
    [one] de { $n } avaliação
   *[other] de { $n } avaliações
}
of-said = { $n ->
    [one] de { $n } que respondeu
   *[other] de { $n } que responderam
}
took-days = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
trend-alone = { $n ->
    [one] { $score } de { $n } avaliação é boa.
   *[other] { $score } de { $n } avaliações são boas.
}
trend-changed = configurações alteradas: { $lines }
distribution-finding = { $n ->
    [one] De { $n } avaliação, { $good } são boas e { $bad } ruins.
   *[other] De { $n } avaliações, { $good } são boas e { $bad } ruins.
}
whiskers-together = { $n ->
    [one] { $n } operador: os dados não mostram diferença.
   *[other] Entre estes { $n } operadores os dados não mostram diferença.
}
whiskers-few = Menos de { $n } avaliações
whiskers-above = Acima do resto da equipe: { $names }. Dos demais, os dados não mostram diferença.
whiskers-below = Abaixo do resto da equipe: { $names }. Dos demais, os dados não mostram diferença.
whiskers-both = Acima do resto da equipe: { $above }. Abaixo: { $below }. Dos demais, os dados não mostram diferença.
num-left-off = { $n ->
    [one] Mais { $n } com menos avaliações não é mostrado.
   *[other] Mais { $n } com menos avaliações não são mostrados.
}
me-gathered = { $n ->
    [one] Os números abrangem semanas inteiras com pelo menos { $n } resposta, para que nenhum cliente seja reconhecido. Uma semana conta três dias depois de terminar.
   *[other] Os números abrangem semanas inteiras com pelo menos { $n } respostas, para que nenhum cliente seja reconhecido. Uma semana conta três dias depois de terminar.
}
me-empty-words = { $n ->
    [one] Assim que { $n } cliente tiver avaliado chats com você, os números aparecem aqui.
   *[other] Assim que { $n } clientes tiverem avaliado chats com você, os números aparecem aqui.
}
wait-low = { $n ->
    [one] avaliação baixa sem resposta
   *[other] avaliações baixas sem resposta
}
wait-held = { $n ->
    [one] nota reduzida em espera: ainda dá tempo de resolver
   *[other] notas reduzidas em espera: ainda dá tempo de resolver
}
wait-alerts = { $n ->
    [one] alerta que não chegou a ninguém
   *[other] alertas que não chegaram a ninguém
}
wait-deliveries = { $n ->
    [one] entrega travada
   *[other] entregas travadas
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
num-response-open = ainda abertas: { $n }
num-pooled = polegares e estrelas juntos
target-title = Metas
target-wanted = meta: { $percent } boas
target-reached = ▲ atingida
target-missed = ▼ não atingida
target-cannot-tell = ≈ ainda não se pode dizer
target-answers = cerca de { $n } avaliações no total diriam, se a proporção continuar assim
