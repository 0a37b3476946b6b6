# Lines: their settings, what the client sees, the dry run.
said-yes = sim
said-no = não
lines-lead = Cada linha pergunta aos clientes com as suas próprias regras.
lines-none = Ainda não há linhas
lines-none-words = Uma linha é uma fila de conversas com as suas próprias definições. Crie a primeira com o identificador que o seu sistema usa.
line-word = Linha
line-session = Sessão
line-older = Anteriores
line-asks = Pergunta
line-today = Hoje
line-on = ativa
line-off = inativa
line-archived = arquivada
line-new = Nova linha
line-make = Criar a linha
line-name = Nome
line-name-hint = Como as pessoas o leem.
line-id = Identificador
line-id-hint = Como o seu sistema o chama; não muda nunca.
line-scale-hint = Tudo o resto ajusta-se depois.
line-scale-binary = 👍 ou 👎
line-scale-five-star = cinco estrelas
line-at-once = de imediato
line-n-seconds = { $n ->
    [one] { $n } segundo
   *[other] { $n } segundos
}
line-n-minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
}
line-n-hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
}
line-n-days = { $n ->
    [one] { $n } dia
   *[other] { $n } dias
}
line-n-closed = { $n ->
    [one] { $n } encerrada
   *[other] { $n } encerradas
}
line-asked-answered = { $asked } perguntadas, { $answered } respondidas
line-good-share = { $share } boas
line-archive = Arquivar a linha
line-archive-hint = Uma linha arquivada não pergunta a ninguém. As avaliações e os números ficam, e pode ser recuperada.
line-restore = Recuperar a linha
line-restore-hint = A linha está arquivada e não pergunta a ninguém.
line-tab-rating = Avaliação
line-tab-plan = Simulação
line-tab-versions = Versões
line-texts-own = textos próprios
line-texts-built-in = textos incluídos
line-texts-add = Outro idioma
line-texts-add-button = Adicionar
line-texts-add-hint = O código, como fr ou pt-BR. O que ficar vazio vai no idioma da linha.
line-versions-lead = Cada alteração fica guardada. Voltar atrás cria uma nova versão; os encerramentos anteriores mantêm as suas definições.
line-version-n = Versão { $n }
line-version-present = atual
line-version-back = Voltar a esta
line-version-first = A linha foi criada.
line-version-same = Guardada sem alteração de definições.
line-warning-no-recipient = Ninguém é avisado de uma avaliação baixa nesta linha.
line-warning-no-supervisors = São avisados os supervisores da linha, mas não tem nenhum.
line-warning-unknown-recipient = Não existe o destinatário { $name }.
line-warning-empty-group = O grupo { $name } está vazio.
line-warning-not-reached = Não é possível avisar { $name }: desativado ou sem ligação para avisos.
line-warning-no-fallback = O canal alternativo { $name } não está entre as ligações.
line-warning-fallback-cannot = O canal alternativo { $name } não consegue perguntar nesta escala.
done-line-made = A linha { $name } está pronta. Indique quem é avisado das avaliações baixas.
done-line-saved = Guardado. Vale para os encerramentos a partir de agora.
done-line-archived = { $name } está arquivada.
done-line-restored = { $name } está de volta.
done-line-back = As definições da versão { $name } voltam a valer.
set-save = Guardar
set-save-hint = Os encerramentos anteriores mantêm as definições com que se decidiu.
set-form-wrong = { $n ->
    [one] { $n } definição não é válida; ao lado diz porquê. Nada foi guardado.
   *[other] { $n } definições não são válidas; ao lado diz porquê. Nada foi guardado.
}
set-clash-title = { $name } alterou esta linha entretanto
set-clash-words = Nada seu se perdeu e nada do outro foi substituído: em baixo está o que escreveu, aqui o que foi alterado. Escolha.
set-clash-both = Juntar as duas
set-clash-mine = Guardar o meu por cima
set-clash-theirs = Descartar o meu
set-part-asking = Perguntar
set-part-asking-lead = Se se pergunta após um encerramento, quando e em que escala.
set-part-texts = Textos
set-part-texts-lead = Decide o idioma do cliente. O que ficar vazio usa os textos incluídos, que aparecem a cinzento.
set-part-low = Avaliações baixas
set-part-low-lead = O que conta como baixa e o que se pergunta então.
set-part-alerts = Avisos
set-part-alerts-lead = Quem é logo avisado de uma avaliação baixa, e quem se ninguém reagir.
set-part-answering = Responder
set-part-answering-lead = Quanto tempo tem o cliente e de quem é a avaliação.
set-part-leaving-out = Quando não perguntar
set-part-leaving-out-lead = Cada encerramento omitido guarda o motivo, e os números mostram-no.
set-part-windows = Horas de silêncio e janelas
set-part-windows-lead = Alguns canais só deixam escrever durante algum tempo após a última mensagem do cliente. Tenta-se por esta ordem: antes, modelo, outro canal. Senão, não se pergunta.
set-enabled = Perguntar aos clientes desta linha
set-name = Nome da linha
set-archived = Arquivada
set-scale = Escala
set-delay_secs = Espera após o encerramento
set-delay_secs-hint = O chat web pergunta de imediato, enquanto o visitante está.
set-language = Idioma da linha
set-language-hint = Quando o do cliente não é conhecido ou não tem textos.
set-ask_after_timeout = Também quando a conversa fechou por silêncio
set-ask_after_bot = Também quando um bot fechou a conversa
set-texts-question = Pergunta
set-texts-reminder = Lembrete
set-texts-thanks_good = Agradecimento após boa nota
set-texts-thanks_low = Agradecimento após nota baixa
set-texts-expired = Quando o prazo termina
set-texts-resolved = Ficou resolvido?
set-texts-comment = Texto do campo de comentário
set-texts-reasons = Motivos à escolha
set-texts-reasons-hint = Um por linha, no máximo oito. Após uma nota baixa tornam-se botões.
set-low_max = É baixa até
set-low-usual = o habitual: 👎 ou duas estrelas
set-low-stars = { $n ->
    [one] { $n } estrela
   *[other] { $n } estrelas
}
set-follow_up-reasons = Oferecer motivos após nota baixa
set-follow_up-comment = Convidar a comentar após nota baixa
set-follow_up-resolved = Perguntar se o problema foi resolvido
set-resolved-never = nunca
set-resolved-after-low = após nota baixa
set-resolved-always = após cada nota
set-alerts-recipients = Avisados de imediato
set-alerts-recipients-hint = Os destinatários criam-se na sua página, com um botão de teste.
set-alerts-supervisors = Supervisores desta linha
set-alerts-text = Texto do aviso
set-alerts-text-hint = São preenchidos: #LINE#, #OPERATOR#, #SCORE#, #SESSION#, #CHANNEL#, #TIME#, #LINK#
set-alerts-escalate_after_minutes = Escalar se ninguém o viu após
set-alerts-escalate_after_minutes-hint = Vazio: nunca.
set-alerts-escalate_to = Depois avisados, nível a nível
alert-to-operator = o operador responsável
alert-to-supervisors = os supervisores da linha
alert-nobody = ninguém
set-expires_after_hours = A pergunta fica aberta
set-expires_after_hours-hint = Uma resposta tardia é agradecida e guardada à parte.
set-change_minutes = A nota pode ser alterada durante
set-reminder_after_hours = Um lembrete após
set-reminder_after_hours-hint = Vazio: nenhum. Só dentro da janela.
set-other_text = Se o cliente escreve outra coisa
set-other-text-keep-open = a pergunta continua aberta
set-other-text-cancel = a pergunta termina
set-attribution = De quem é a avaliação
set-attribution-closing = do operador que fechou a conversa
set-attribution-shared = de todos os que escreveram
set-skip-no_operator = Quando nenhum agente participou
set-skip-no_operator-hint = Desligado: pergunta-se ao cliente mesmo que nem o encerramento nem a sessão indiquem um agente.
set-skip-operator_silent = Quando nenhum operador escreveu
set-skip-client_silent = Quando o cliente não escreveu
set-skip-min_messages = Menos mensagens do que
set-skip-min_messages-hint = 0 pergunta após qualquer conversa.
set-once_per_client_hours = O mesmo cliente no máximo uma vez em
set-once_per_client_hours-hint = Em todas as linhas e canais; 0 pergunta sempre.
set-sampling_percent = Perguntar sobre
set-sampling_percent-hint = De todos os encerramentos; a escolha é repetível.
set-quiet_hours = Respeitar horas de silêncio
set-quiet_hours-from = Das
set-quiet_hours-to = Até
set-quiet_hours-time_zone = Fuso horário
set-quiet_hours-time_zone-hint = Como Europe/Berlin; vazio: o da organização.
set-quiet_hours-shut_out = Se a pergunta não pode esperar tanto
set-shut-out-early = perguntar antes de começarem
set-shut-out-skip = não perguntar
set-window-ask_early = Perguntar antes, com a janela aberta
set-window-template = Usar um modelo aprovado, se existir
set-window-fallback = Perguntar por outro canal
set-no-fallback = nenhum
set-unit-seconds = segundos
set-unit-minutes = minutos
set-unit-hours = horas
set-unit-days = dias
set-bad-number = Escreva um número inteiro de { $min } a { $max }.
set-bad-duration = Escreva um número inteiro e escolha a unidade.
set-bad-id = Escreva de 1 a 64 letras, algarismos ou - _ . :
set-bad-id-taken = Este identificador já existe. Escolha outro.
set-bad-line-name = Escreva de 1 a 200 caracteres numa linha.
set-bad-alert-text = No máximo 2000 caracteres.
set-bad-language = Escreva o código de um idioma, como en ou pt-BR.
set-bad-text = No máximo 640 caracteres, para caber em todos os canais.
set-bad-reasons = No máximo oito motivos de 1 a 40 caracteres, um por linha.
set-bad-sampling-percent = Escreva de 0 a 100.
set-bad-low-max = Esta nota não existe na escala da linha.
set-bad-scale = Essa escala não existe. Escolha polegares ou estrelas.
set-bad-expires-after-hours = Escreva de 1 hora a 90 dias.
set-bad-delay-secs = A pergunta terminaria antes de ser enviada: encurte a espera.
set-bad-reminder-after-hours = O lembrete fica entre a pergunta e o fim: pelo menos 1 hora e menos do que o prazo.
set-bad-alerts-escalate-to = Indique pelo menos um nível ou deixe o tempo vazio.
set-bad-quiet-hours-from = Escreva uma hora de 00:00 a 23:59.
set-bad-quiet-hours-to = Escreva uma hora diferente do início.
set-bad-quiet-hours-time-zone = Esse fuso horário não existe. Escreva por exemplo Europe/Berlin.
preview-title = Pré-visualização
preview-moment = Mensagem
preview-show = Mostrar
preview-none = Nenhum canal desta versão leva mensagens a clientes.
preview-not-connected = ainda não ligado
preview-cannot-ask = Este canal não pergunta nesta escala: os seus clientes não são perguntados.
preview-cut = O texto é demasiado longo para este canal e é encurtado.
preview-cut-labels = { $n ->
    [one] { $n } botão é demasiado longo para este canal e é encurtado.
   *[other] { $n } botões são demasiado longos para este canal e são encurtados.
}
preview-left-out = { $n ->
    [one] Não há espaço para { $n } opção.
   *[other] Não há espaço para { $n } opções.
}
preview-typed = Também se pode escrever: { $hint }
preview-new-message = O agradecimento vem noutra mensagem: este canal não substitui a pergunta.
preview-no-link = #LINK# fica vazio: http.public_url não está definido e nenhum endereço leva até aqui de fora.
preview-moment-question = Pergunta
preview-moment-thanks-good = Agradecimento após boa nota
preview-moment-thanks-low = Agradecimento após nota baixa
preview-moment-reminder = Lembrete
preview-moment-expired = O prazo terminou
preview-moment-alert = Aviso de uma avaliação baixa
preview-channel-telegram = Telegram
preview-channel-whatsapp = WhatsApp
preview-channel-messenger = Messenger
preview-channel-instagram = Instagram
preview-channel-webchat = Chat web
preview-channel-email = E-mail
preview-channel-webhook = Só texto (SMS e outros)
plan-lead = O que esta linha teria perguntado sobre encerramentos passados, decidido de novo com as definições guardadas, como se estivesse ativa. Nada é enviado.
plan-since = Encerradas desde
plan-limit = Listadas
plan-look = Ver
plan-wrong = Não é um dia até hoje. Mostram-se os últimos sete dias.
plan-truncated = Há mais encerramentos do que uma simulação vê: faltam os posteriores.
plan-none = Nenhuma conversa foi encerrada nesse período
plan-none-words = Escolha um dia anterior ou encerre uma conversa no seu sistema.
plan-closes = Encerramentos
plan-asked = Seriam perguntadas
plan-not = Não seriam perguntadas
plan-closed = Encerrada
plan-result = Resultado
plan-due = A pergunta sairia
plan-way-in-time = perguntada a tempo
plan-way-early = perguntada antes
plan-way-template = perguntada com modelo
plan-way-fallback = perguntada por outro canal
plan-way-window-unknown = perguntada sem conhecer a janela
plan-not-asked-line-off = linha inativa
plan-not-asked-line-archived = a linha está arquivada
plan-not-asked-spam = encerrado como spam
plan-not-asked-forced = encerramento forçado
plan-not-asked-by-choice = escolheu-se não perguntar
plan-not-asked-timeout-close = encerrado por silêncio
plan-not-asked-bot-close = encerrado por um bot
plan-not-asked-no-client = sem endereço do cliente
plan-not-asked-channel-off = o canal não pergunta
plan-not-asked-no-operator = sem operador
plan-not-asked-operator-silent = o operador não escreveu
plan-not-asked-client-silent = o cliente não escreveu
plan-not-asked-too-short = poucas mensagens
plan-not-asked-opted-out = o cliente não quer perguntas
plan-not-asked-blocked = o cliente bloqueou-nos
plan-not-asked-already-rated = já avaliado
plan-not-asked-throttled = perguntado há pouco
plan-not-asked-sampled-out = fora da amostra
plan-not-asked-window-shut = janela fechada
plan-not-asked-template-missing = não há modelo para fora da janela
plan-not-asked-template-refused = a plataforma não aceitou o modelo
plan-not-asked-no-form = o formulário da plataforma não serve aqui
plan-not-asked-quiet-hours = horas de silêncio
plan-not-asked-too-late = comunicado tarde demais
plan-not-asked-flapping = fecha e reabre sem parar
set-part-keeping = Mostrar e guardar
set-part-keeping-lead = O que os outros veem das avaliações, e durante quanto tempo se sabe de quem são.
set-publication = Mostrar em público o que dizem os clientes
set-publication-hint = Três dias depois, numa página e num selo desta linha.
set-retention_months = Remover os dados pessoais após
set-retention_months-hint = As notas e os contadores ficam; 0 guarda-os para sempre.
set-unit-months = meses
set-bad-retention-months = Escreva de 1 a 1200 meses, ou 0 para sempre.
set-alerts = Avisos
set-follow_up = Perguntas após nota baixa
set-window = O que fazer quando a janela fecha
set-skip = Quando não perguntar
