# Páginas de números: hoje, relatórios, operadores, os próprios.
nav-reports = Relatórios
num-download = Baixar tabela
num-show = Aplicar
num-period = Período
num-from = De
num-until = Até
num-filter-line = Linha
num-filter-operator = Atendente
num-filter-channel = Canal
num-filter-handled-by = Atendido por
num-filter-label = Etiqueta
num-filter-scale = Escala
num-filter-by = Agrupar por
num-all-lines = Todas as linhas
num-all-operators = Todos os atendentes
num-all-channels = Todos os canais
num-all-handled = Todos os chats
num-all-labels = Qualquer etiqueta
handled-by-human = uma pessoa
handled-by-program = um bot
handled-by-both = um bot e uma pessoa
handled-by-nobody = desconhecido
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
by-handled-by = Atendido por
by-label = Etiqueta
by-day = Dia
by-week = Semana
by-month = Mês
ask-day-wrong = Digite uma data como 2026-09-30.
ask-ends-before = A data final é anterior à inicial.
ask-too-long = Escolha um período de até dez anos.
ask-period-unknown = Esse período não existe. Escolha as datas aqui.
ask-line-unknown = Esta linha não existe. Escolha outra.
ask-scale-unknown = Esta escala não existe. Escolha outra.
ask-handled-unknown = Essa opção não existe. Escolha outra.
ask-label-unknown = Essa etiqueta não existe. Escolha outra.
num-label-other = outros
ask-by-unknown = A tabela não pode ser agrupada assim. Escolha outro agrupamento.
ask-by-too-many = Dias demais para uma tabela. Agrupe por semana ou mês.
ask-wrong = Confira o campo destacado.
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
num-few = amostra pequena
num-few-hint = Menos de 30 respostas: algumas a mais podem mudar muito a porcentagem
num-response-of = { $of ->
    [one] { $part } de { $of } pergunta cujo prazo terminou
   *[other] { $part } de { $of } perguntas cujo prazo terminou
}
num-place = { $from } de { $of }
num-places = { $from }–{ $to } de { $of }
num-empty-title = Sem dados neste período
num-empty-words = Nenhum chat encerrado nestes dias corresponde a estes filtros. Escolha outros dias ou menos filtros.
num-choose-others = Escolha outros dias ou menos filtros.
num-split-none = Nenhum destes chats tem etiqueta
num-supervisor-scored = Nota do supervisor: { $n } de 5
took-secs = { $n } s
took-mins = { $n } min
took-hours = { $n } h
change-up = ▲ { $points } pontos
change-down = ▼ { $points } pontos
change-higher = ▲ { $points } pontos, dificilmente por acaso
change-lower = ▼ { $points } pontos, dificilmente por acaso
change-cannot-tell = ≈ sem mudança clara
rule-thumbs = Boa: 👍 · ruim: 👎 ({ $lines })
rule-stars = Boa: { $good } ★ · ruim: { $bad } ★ ({ $lines })
raw-score = { $n ->
    [one] Incluindo { $n } anulada: { $score }
   *[other] Incluindo { $n } anuladas: { $score }
}
compared-with = Comparado com { $days }
figure-score = Avaliações boas
figure-response = Taxa de resposta
figure-closed = Encerrados
figure-asked = Avaliação pedida
figure-delivered = Entregues
figure-answered = Respondidas
figure-not-asked = Avaliação não pedida
figure-kept-back = Excluídos pelo sistema de atendimento
figure-canceled = Canceladas
figure-open = Ainda abertas
figure-expired = Expiradas
figure-unreachable = Cliente inacessível
figure-unsure = Entrega não confirmada
figure-late = Respondidas fora do prazo
figure-good = Boas
figure-neutral = Neutras
figure-bad = Ruins
figure-bad-ratings = Avaliações ruins
figure-voided = Anuladas
figure-average = Média de estrelas
figure-silent = Faixa possível com quem não respondeu
figure-silent-of = de todas ruins a todas boas
figure-resolved = Problema resolvido
figure-unresolved = Problema não resolvido
figure-commented = Com comentário
figure-took-median = Tempo até a avaliação, mediana
figure-took-average = Tempo até a avaliação, média
figure-supervised = Com nota do supervisor
of-answered = { $share } das avaliações
median-under = menos de { $time }
average-of-5 = média { $mean } de 5
before-was = antes: { $n }
overall-is = no total: { $n } { $of }
reports-title = Relatórios
trend-title = Avaliações boas ao longo do tempo
trend-stars = Média de estrelas ao longo do tempo
trend-none = Sem avaliações neste período.
trend-higher = { $now } são boas, contra { $before } antes: melhorou, e dificilmente por acaso.
trend-lower = { $now } são boas, contra { $before } antes: piorou, e dificilmente por acaso.
trend-cannot-tell = { $now } são boas; no período anterior, { $before }. A diferença pode ser obra do acaso.
trend-same = { $now } são boas, como no período anterior.
legend-period = este período
legend-interval = intervalo de 95%
legend-few = amostra pequena
legend-before = período anterior
trend-last-days = os últimos { $n } dias
trend-last-months = os últimos { $n } meses
legend-closes = de menos a mais chats encerrados
legend-bad = claramente mais avaliações ruins que em outros horários
legend-faint = incompleto
legend-changed = as configurações de uma linha mudaram
chart-table = Ver como tabela
head-time = Período
head-interval = Intervalo de 95%
head-good-of = Boas / avaliadas
head-score = Nota
head-ratings = Avaliações
head-share = Proporção
head-step = Etapa
head-chats = Chats
head-of-before = % da etapa anterior
head-operator = Atendente
head-stars = Média ★
head-place = Posição possível
head-id = Identificador
head-response-percent = Taxa de resposta, %
head-score-percent = Boas, %
head-low = Intervalo de 95%, limite inferior
head-high = Intervalo de 95%, limite superior
head-raw-percent = Boas incluindo anuladas, %
head-resolved-percent = Resolvidos, %
head-took-secs = Tempo até a avaliação, s
head-beside = Comparação com o resto da equipe
head-stars-low = Média ★, limite inferior (95%)
head-stars-high = Média ★, limite superior (95%)
head-kept-back-percent = Excluídos pelo sistema de atendimento, %
head-kept-back-low = Excluídos, limite inferior (95%)
head-kept-back-high = Excluídos, limite superior (95%)
head-stars-of = Média ★, avaliações
head-raw-good = Boas incluindo anuladas
head-raw-neutral = Neutras incluindo anuladas
head-raw-bad = Ruins incluindo anuladas
distribution-thumbs = Polegares
distribution-stars = Estrelas
funnel-title = Do chat encerrado à avaliação
funnel-finding = De { $closed ->
    [one] { $closed } chat encerrado
   *[other] { $closed } chats encerrados
    }, { $asked ->
    [one] { $asked } teve pedido de avaliação
   *[other] { $asked } tiveram pedido de avaliação
    }; { $delivered ->
    [one] chegou { $delivered } pergunta
   *[other] chegaram { $delivered } perguntas
    } e { $answered ->
    [one] { $answered } foi respondida
   *[other] { $answered } foram respondidas
    }.
heat-title = Horas da semana
heat-none = Nenhum chat foi encerrado neste período.
heat-finding = Horário de maior movimento: { $day }, a partir de { $time }, com { $n } encerrados neste período.
heat-said = encerrados: { $closes }, ruins: { $bad }
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
whiskers-title = Notas dos atendentes com intervalos de 95%
whiskers-one = Só um atendente foi avaliado: não há com quem comparar.
way-title = O que aconteceu com os chats encerrados
said-title = Avaliações
more-title = Mais números
reasons-title = Por que o pedido de avaliação não foi feito ou não chegou
split-by-operator = Por atendente
split-by-line = Por linha
split-by-channel = Por canal
split-by-handled-by = Por quem atendeu
split-by-label = Por etiqueta
split-by-day = Por dia
split-by-week = Por semana
split-by-month = Por mês
split-hint = Cada número conta os mesmos chats encerrados; selecione um para ver a lista.
mixes-differ = Pessoas e bots dividem o trabalho de forma diferente em cada linha da tabela: parte da diferença pode vir disso. Filtre por quem atendeu os chats para comparar o que é comparável.
mixes-differ-before = No período anterior, pessoas e bots dividiam o trabalho de outra forma
low-reasons-title = Por que as avaliações são baixas
low-reasons-download = Baixar motivos
low-reasons-reason = Motivo
low-reasons-low = Avaliações baixas
low-reasons-reasoned = Com um motivo do cliente
low-reasons-without = Sem motivo
low-reasons-with-tag = Com etiqueta por palavras-chave
low-reasons-without-tag = Sem etiqueta, embora regras tenham sido aplicadas
low-reasons-chosen = Escolhido por clientes
low-reasons-tagged = Encontrado por palavras-chave
low-reasons-before = Antes
low-reasons-rule = { $part ->
    [0] Em nenhuma das avaliações baixas ({ $of }) o cliente escolheu um motivo.
    [one] As parcelas são da única avaliação baixa (de { $of }) cujo cliente escolheu pelo menos um motivo; uma avaliação pode ter vários. Cada uma tem seu intervalo de 95%; uma mudança só é apontada quando é improvável que seja acaso entre todos os motivos juntos. Avaliações anuladas ficam de fora.
   *[other] As parcelas são das { $part } avaliações baixas (de { $of }) cujo cliente escolheu pelo menos um motivo; uma avaliação pode ter vários. Cada uma tem seu intervalo de 95%; uma mudança só é apontada quando é improvável que seja acaso entre todos os motivos juntos. Avaliações anuladas ficam de fora.
}
low-reasons-left-out = As mudanças não incluem linhas em que outras notas contavam como baixas no período anterior.
low-reasons-tags-rule = { $part ->
    [one] As etiquetas foram encontradas nos comentários pelas regras de palavras-chave das linhas, nenhum cliente as escolheu: suas parcelas são da única avaliação baixa (de { $of }) com um comentário que as regras olharam.
   *[other] As etiquetas foram encontradas nos comentários pelas regras de palavras-chave das linhas, nenhum cliente as escolheu: suas parcelas são das { $part } avaliações baixas (de { $of }) com um comentário que as regras olharam.
}
low-reasons-split = Por que as avaliações são baixas: { $by }
low-reasons-left-off = { $n ->
    [one] Mais { $n } com menos avaliações baixas ficou de fora.
   *[other] Mais { $n } com menos avaliações baixas ficaram de fora.
}
low-reasons-all = Todas
low-reasons-code = Código
low-reasons-origin = Origem
low-reasons-part = Avaliações com ele
low-reasons-of = De
low-reasons-percent = Parcela, %
low-reasons-before-part = Antes: avaliações com ele
low-reasons-before-of = Antes: de
low-reasons-before-percent = Antes: parcela, %
low-reasons-points = Mudança, pontos
low-reasons-verdict = O que os dados dizem
num-outcome-canceled = Pergunta cancelada
num-outcome-unreachable = Cliente inacessível
num-reason-line-off = Avaliações desativadas na linha
num-reason-line-archived = A linha está arquivada
num-reason-spam = Encerrado como spam
num-reason-forced = Encerrado à força
num-reason-by-choice = O sistema de atendimento optou por não perguntar
num-reason-timeout-close = Encerrado por inatividade
num-reason-bot-close = Encerrado por um bot
num-reason-no-client = Endereço do cliente desconhecido
num-reason-group = Conversa em grupo
num-reason-nobody-reads = Ninguém lê o endereço
num-reason-channel-off = O canal não permite pedir avaliações
num-reason-no-operator = Nenhum atendente participou
num-reason-operator-silent = O atendente não escreveu nada
num-reason-client-silent = O cliente não escreveu nada
num-reason-too-short = Poucas mensagens
num-reason-opted-out = O cliente recusou pedidos de avaliação
num-reason-blocked = O cliente nos bloqueou
num-reason-already-rated = Já avaliado
num-reason-throttled = Avaliação pedida há pouco tempo
num-reason-sampled-out = Fora da amostra
num-reason-handled-otherwise = Atendido por alguém sobre quem a linha não pergunta
num-reason-by-rule = Uma regra por etiquetas o exclui
num-reason-window-shut = A janela de mensagens do canal estava fechada
num-reason-template-missing = Não há modelo para escrever fora da janela de mensagens
num-reason-template-refused = A plataforma recusou o modelo
num-reason-no-form = O formulário da plataforma está desligado ou não serve aqui
num-reason-quiet-hours = Horário de silêncio
num-reason-too-late = Informado tarde demais
num-reason-flapping = Encerrado e reaberto várias vezes
num-reason-reopened = Reaberto
num-reason-restored = Restaurado de um backup
num-reason-merged = Unido a outro chat
num-reason-recipient-gone = Não é mais possível contatar o cliente por ali
num-reason-engagement-limit = A plataforma reteve a mensagem: muitas mensagens para este cliente
num-reason-client-in-experiment = O cliente faz parte de um experimento da plataforma
num-reason-marketing-stopped = O cliente recusou mensagens comerciais
num-reason-too-many-tries = Tentativas demais
num-reason-refused = Recusado pela plataforma
operators-title = Atendentes
operators-empty = Nenhum chat de atendentes encontrado
operators-all = Todos os atendentes com seus números
compared-title = Comparação com o resto da equipe
compared-higher = ▲ acima do resto
compared-lower = ▼ abaixo do resto
compared-same = ≈ sem diferença clara
compared-nothing = não pode ser comparado
compared-same-mix = { $points } pontos ({ $low } a { $high }), em igualdade de condições
compared-raw = Sem ajuste: { $points } pontos ({ $low } a { $high })
compared-clients = clientes: { $clients }, avaliações: { $ratings }
compared-of = comparáveis: { $n }
compared-counted = Clientes contados: { $clients }. Avaliações deles: { $ratings }.
compared-scales = Polegares e estrelas são comparados separadamente; a coluna de avaliações boas reúne ambos.
compared-wait = A comparação dos atendentes está sendo calculada.
compared-wait-now = Esperar pelo resultado
labels-wait = Contar tantos chats com etiqueta leva um momento.
compared-hint = Cada cliente conta uma vez por atendente. Compara-se o que é comparável: a mesma linha, canal e escala. No máximo 1 página em 20 mostra uma diferença falsa. Os intervalos não são corrigidos pelo número de atendentes.
head-estimate = Estimativa
compared-estimate = Estimativa: { $share }
estimate-hint = A estimativa é a porcentagem aproximada do que os colegas têm nas mesmas linhas, canais e escalas, tanto mais quanto menos respostas há; as listas de operadores seguem essa ordem, para que poucas respostas de sorte não fiquem no topo. Onde mais ninguém foi avaliado, a porcentagem fica como está.
operator-kind = Pessoa ou bot
operator-kind-told = como informa o sistema de atendimento ({ $kind })
operator-kind-human = pessoa
operator-kind-program = bot
operator-kind-hint = Vale para os chats encerrados a partir de agora. Um chat que um bot passa a uma pessoa conta para a pessoa.
done-operator-kind = Salvo. Vale para os chats encerrados a partir de agora.
latest-title = Últimas avaliações
latest-none = Nenhuma até agora. As novas aparecem aqui automaticamente.
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
first-connect-words = Adicione um bot, um chat web, um número ou uma caixa de e-mail, e o seu sistema de atendimento. O Lastword os testa antes de salvar.
first-line = Crie uma linha
first-line-words = Uma linha é uma fila de chats com sua própria pergunta: escala, texto e momento.
first-recipient = Adicione um destinatário de alertas
first-recipient-words = Essa pessoa fica sabendo de uma avaliação baixa em segundos, no aplicativo de mensagens que já usa.
first-try = Experimente consigo
first-try-words = Escreva para o seu bot, receba a pergunta, responda mal e veja o alerta chegar.
today-usual = Hoje até agora. “Normalmente” é a média de até quatro semanas ({ $weekday }) até { $time }; na proporção de boas, do dia inteiro.
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
    [one] de { $n } resposta
   *[other] de { $n } respostas
}
took-days = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
trend-alone = { $n ->
    [one] Boas: { $score } de { $n } avaliação.
   *[other] Boas: { $score } de { $n } avaliações.
}
trend-changed = configurações alteradas: { $lines }
distribution-finding = { $n ->
    [one] Em { $n } avaliação: { $good } boas e { $bad } ruins.
   *[other] Em { $n } avaliações: { $good } boas e { $bad } ruins.
}
whiskers-together = { $n ->
    [one] { $n } atendente: sem diferença clara.
   *[other] Sem diferença clara entre estes { $n } atendentes.
}
whiskers-few = Menos de { $n } avaliações
whiskers-above = Acima do resto da equipe: { $names }.
whiskers-below = Abaixo do resto da equipe: { $names }.
whiskers-both = Acima do resto da equipe: { $above }. Abaixo: { $below }.
whiskers-others = Os demais não mostram diferença clara.
whiskers-nothing = Nada pode ser comparado: em nenhuma linha, canal e escala há avaliações suficientes de dois atendentes que difiram.
whiskers-redefined = Nada pode ser comparado.
whiskers-apart = Não comparáveis: { $n }.
compared-rule = Linhas cuja definição de boa mudou nestes dias não entram na comparação.
num-left-off = { $n ->
    [one] Mais { $n } com menos avaliações não aparece.
   *[other] Mais { $n } com menos avaliações não aparecem.
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
    [one] avaliação baixa a responder
   *[other] avaliações baixas a responder
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
    [one] mensagem travada
   *[other] mensagens travadas
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
num-response-open = ainda no prazo: { $n }
num-still-open = ainda abertas: { $n }
num-pooled = polegares e estrelas juntos
num-each-scale = cada escala separadamente
num-other-clock = Os dias ainda estão contados pelo relógio de { $zone }, não de { $ours }: execute lastword recount
target-title = Metas
target-wanted = meta: { $percent } boas
target-reached = ▲ atingida
target-missed = ▼ não atingida
target-cannot-tell = ≈ ainda não está claro
target-redefined = porque a escala ou a definição de boa mudou nestes dias
target-none = ≠ sem veredito
target-no-cases = nenhuma avaliação de clientes cujo prazo terminou
target-answers = ficará claro com cerca de { $n } clientes no total, se a proporção se mantiver
since-look = Desde a sua última visita,
since-week = Desde
since-all = Todas as avaliações baixas
since-nothing = Nenhum chat encerrado e nenhuma avaliação baixa recebida.
since-closed = { $n ->
    [one] { $n } chat encerrado, { $rated } avaliados.
   *[other] { $n } chats encerrados, { $rated } avaliados.
}
since-good = { $n } de { $of } boas.
since-low = { $n ->
    [0] Nenhuma avaliação baixa recebida.
    [one] Uma avaliação baixa recebida, contada pelo momento da avaliação.
   *[other] { $n } avaliações baixas recebidas, contadas pelo momento da avaliação.
}
since-worst = Avaliações baixas, primeiro as com comentário
wait-late = { $n ->
    [one] atrasada
   *[other] atrasadas
}
wait-slipped = { $n ->
    [one] sem resposta há mais de um dia
   *[other] sem resposta há mais de um dia
}
tab-overview = Resumo
tab-compare = Comparação
tab-reasons = Motivos
tab-week = Dias e horas
tab-details = Todos os números
changes-title = O que mudou
changes-none = Nenhuma mudança clara em comparação com { $days }.
changes-hint = { $n ->
    [0] Em comparação com { $days }: todos os chats. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
    [one] Em comparação com { $days }: todos os chats e uma linha, um canal ou um atendente. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
   *[other] Em comparação com { $days }: todos os chats e { $n } linhas, canais e atendentes. Cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou, e só dentro da mesma linha, canal e escala. No máximo 1 relatório em 20 aponta uma mudança que não existe.
}
change-scale = ≠ outra escala: sem comparação
change-rule = ≠ outra definição de “boa”: sem comparação
change-rule-some = sem linhas com outra definição de boa
changes-rule = Linhas que agora definem “boa” de outra forma ficam fora da comparação das avaliações.
changes-reasons-rule = Os motivos das avaliações baixas são comparados sem as linhas em que outras notas contavam como baixas no período anterior.
changes-all = todos os chats
changes-ends = intervalo de 95%: de { $low } a { $high }
changes-mix = { $share }: dentro das mesmas linhas, canais e escalas, { $points } pontos (intervalo de 95%: de { $low } a { $high }). Outra mistura deles responde por { $mix } pontos.
changes-mix-few = { $share }: dentro das mesmas linhas, canais e escalas, { $points } pontos. Clientes insuficientes para dizer por quanto responde outra mistura deles.
changes-scale = { $now ->
    [one] Os clientes não avaliaram com as mesmas escalas nos dois períodos. Polegares e estrelas nunca são comparados entre si: { $compared } de { $now } cliente agora e { $comparedBefore } de { $before } antes têm com quem ser comparados.
   *[other] Os clientes não avaliaram com as mesmas escalas nos dois períodos. Polegares e estrelas nunca são comparados entre si: { $compared } de { $now } clientes agora e { $comparedBefore } de { $before } antes têm com quem ser comparados.
}
changes-wait = A comparação com o período anterior está sendo calculada.
changes-case = O que conta
case-counts = Contagens
case-counts-words = Cada número de chats encerrados, perguntas e avaliações conta todos eles e leva à lista deles. Uma contagem não afirma nada.
case-over = Só perguntas cujo prazo terminou
case-over-words = Uma pergunta conta na taxa de resposta, e em tudo o que se afirma, quando o prazo para responder passou, tenha sido respondida ou não. De outra forma, uma pergunta de ontem só contaria se tivesse sido respondida.
case-vote = Um voto por cliente e período
case-vote-words = Onde algo é afirmado, cada cliente conta uma vez por período, com a última pergunta cujo prazo terminou: as respostas de um mesmo cliente se parecem.
case-like = O comparável com o comparável
case-like-words = Só são comparados clientes da mesma linha, canal e escala. O que outra mistura deles faz de uma parcela é dito à parte. Polegares e estrelas nunca são comparados entre si.
case-sure = Quão certo é um número
case-sure-words = Os intervalos valem também para clientes que voltam: muitas respostas de poucos clientes dizem menos do que outras tantas de muitos. Se nada mudou, no máximo um em cada vinte relatórios aponta uma mudança.
case-daily = Lido todos os dias
case-daily-words = Os vereditos sobre metas e experimentos cumprem o que prometem por mais que sejam vistos. Todas as cartas de um mês juntas apontam uma mudança que não existe em no máximo um em cada vinte meses.
figure-arrived = Perguntas entregues
changes-line = linha
changes-channel = canal
changes-operator = atendente
changes-reason = motivo de avaliações baixas
own-past-title = Comparação com o próprio passado
own-past-points = { $points } pontos (intervalo de 95%: de { $low } a { $high })
own-past-few = { $points } pontos; casos insuficientes para um intervalo
own-past-hint = Cada cliente conta uma vez e só dentro da mesma linha, canal e escala. Outros clientes, assuntos ou configurações também podem explicar uma diferença.
heat-alike = Nenhum horário tem claramente mais avaliações ruins que os outros.
heat-nothing = As horas não podem ser comparadas, porque a definição de ruim mudou nestes dias.
heat-rule = Linhas cuja definição de ruim mudou nestes dias não entram na comparação.
heat-worse = Claramente mais avaliações ruins que em outros horários: { $hours }.
legend-more = Outros sinais
num-columns = Colunas
num-add-filter = Filtro
