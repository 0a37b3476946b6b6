# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
lines-lead = Cada linha pergunta aos clientes segundo as suas próprias regras.
lines-none-words = Uma linha é uma fila de chats com as suas próprias definições de avaliação. Crie a primeira, com o identificador que o seu sistema de atendimento usa.
line-scale-hint = O resto pode ser definido depois.
line-at-once = de imediato
line-delete = Eliminar esta linha
line-delete-hint = Só pode ser eliminada uma linha que nunca foi usada; as outras podem ser arquivadas.
line-delete-sure = Sim, eliminar esta linha.
line-hangs = { $name } não pode ser eliminada por causa de: { $what }.
line-versions-lead = Todas as alterações são guardadas. Voltar atrás cria uma nova versão; os chats encerrados antes mantêm as suas definições.
line-version-same = Guardada sem alterações.
line-warning-not-reached = { $name } não pode ser alertado: desativado ou sem ligação que leve alertas.
line-warning-no-fallback = O canal alternativo { $name } não está entre as ligações.
done-line-saved = Guardado. Vale para os chats encerrados a partir de agora.
done-line-deleted = { $name } foi eliminada.
done-line-back = As definições da versão { $name } voltam a valer.
set-save = Guardar
set-save-hint = Os chats encerrados antes mantêm as definições com que se decidiu.
set-form-wrong = { $n ->
    [one] { $n } definição não é válida; veja a nota ao lado. Nada foi guardado.
   *[other] { $n } definições não são válidas; veja as notas ao lado. Nada foi guardado.
}
set-clash-title = { $name } alterou esta linha entretanto
set-clash-mine = Guardar a minha versão
set-part-texts-lead = No idioma do cliente. Onde um campo está vazio vale o texto incluído, mostrado a cinzento.
set-part-alerts-lead = Quem é alertado de imediato sobre uma avaliação baixa, e quem se ninguém reagir.
set-bad-idle-minutes = Escreva de 1 minuto a 31 dias ou deixe em branco.
set-bad-while-talking-time-limit-secs = Escreva de 10 segundos a 90 dias ou deixe em branco.
set-delay_secs-hint = O chat web pergunta de imediato, enquanto o visitante está ali.
set-texts-question-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-reminder-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-thanks_good-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-thanks_low-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-expired-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-texts-resolved-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-comment-hint = Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#, #SCORE#
set-texts-reasons-hint = Um por linha, no máximo oito. Depois de uma nota baixa passam a ser botões.
set-alerts-recipients = Alertar de imediato
set-alerts-text-hint = Marcadores: #SCORE#, #LINE#, #CLIENT#, #OPERATOR#, #REASONS#, #COMMENT#, #SESSION#, #CHANNEL#, #TIME#, #LINK#, #ORGANISATION#. Uma linha cujos campos estejam todos vazios é omitida.
alert-to-operator = o operador responsável
set-attribution-closing = o operador que encerrou o chat
set-skip-no_operator = Quando nenhum operador participou
set-skip-no_operator-hint = Desligado: o cliente é consultado mesmo que nem o encerramento nem a sessão indiquem um operador.
set-skip-operator_silent = Quando nenhum operador escreveu
set-skip-min_messages = Menos mensagens do que
set-sampling_percent-hint = Percentagem dos chats encerrados, escolhida sempre da mesma forma.
set-bad-number = Escreva um número inteiro de { $min } a { $max }.
set-bad-duration = Escreva um número inteiro e escolha a unidade.
set-bad-id = Escreva de 1 a 64 letras, números ou - _ . :
set-bad-line-name = Escreva de 1 a 200 caracteres numa linha.
set-bad-language = Escreva o código de um idioma, como en ou pt-BR.
wrong-macro = Marcador desconhecido: { $name }. Aqui valem: { $known }.
wrong-macro-none = Marcadores como { $name } não valem aqui.
set-bad-reasons = Escreva no máximo oito motivos de 1 a 40 caracteres, um por linha.
set-bad-sampling-percent = Escreva de 0 a 100.
set-bad-expires-after-hours = Escreva de 1 hora a 90 dias.
set-bad-quiet-hours-from = Escreva uma hora de 00:00 a 23:59.
set-bad-quiet-hours-to = Escreva uma hora diferente do início.
set-bad-quiet-hours-time-zone = Fuso horário desconhecido. Escreva por exemplo Europe/Berlin.
preview-title = Pré-visualização
preview-show = Mostrar pré-visualização
preview-not-connected = ainda não ligado
preview-cut = O texto é demasiado longo para este canal e será encurtado.
preview-cut-labels = { $n ->
    [one] { $n } botão é demasiado longo para este canal e será encurtado.
   *[other] { $n } botões são demasiado longos para este canal e serão encurtados.
}
preview-typed = Também se pode escrever: { $hint }
plan-lead = O que esta linha teria perguntado sobre chats passados com as definições guardadas, como se estivesse ativa. Nada é enviado.
plan-not-asked-no-operator = nenhum operador participou
plan-not-asked-operator-silent = o operador não escreveu
plan-not-asked-blocked = o cliente bloqueou-nos
set-publication-hint = Numa página e um selo desta linha, três dias depois da avaliação.
set-bad-retention-months = Escreva de 1 a 1200 meses, ou 0 para sem limite.
