# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
ratings-wrong = Verifique o campo destacado. Nada do que escreveu se perdeu.
ratings-cut = Muitos chats foram verificados e nenhum corresponde ao filtro. Procure mais antigos ou filtre por data, linha ou operador.
ratings-empty = Aparecem aqui automaticamente assim que o primeiro cliente responder.
sift-operator = Operador
sift-operator-none = Sem operador
sift-not-a-day = Escreva uma data como 2026-09-30.
sift-not-a-score = Escreva uma nota de 0 a 5.
sift-only-answered = Só chats avaliados têm isso: escolha o resultado «Avaliado».
sift-no-word = Escreva pelo menos uma palavra.
sift-too-many-words = Escreva no máximo 8 palavras.
sift-unreadable = Demasiado longo ou com caracteres não permitidos.
ratings-grade-bad = má
ratings-reason-no-operator = nenhum operador participou
ratings-reason-operator-silent = o operador não escreveu nada
ratings-reason-blocked = o cliente bloqueou-nos
ratings-reason-restored = a base de dados foi restaurada de uma cópia de segurança
ratings-column-operator = Operador
ratings-column-operator-name = Nome do operador
ratings-column-close = Encerramento n.º
rating-talk-elsewhere = As mensagens deste chat estão no sistema de atendimento onde decorreu.
rating-own-hint = Visível só para a equipa, nunca para os clientes. Até 10.000 caracteres.
rating-own-keep = Guardar nota
rating-score-outrun = { $name } avaliou esta conversa enquanto escrevia. A nota dessa pessoa está abaixo; guarde a sua de novo para a substituir.
done-scored = Nota guardada.
rating-ask-lead = A avaliação deste chat não foi pedida ao cliente. Pode pedi-la agora, uma única vez.
session-ask-lead = Pode pedir a avaliação enquanto o chat decorre. Será o único pedido sobre este chat.
told-way-mail = pela aplicação de e-mail
told-way-person = definido por alguém da equipa
told-closed = Encerrado por: { $by } (encerramento { $close }), operador { $operator }.
told-closed-alone = Encerrado por: { $by } (encerramento { $close }), sem operador.
told-decided = Decisão: pedir avaliação (versão { $version } das definições da linha).
told-decided-early = Decisão: pedir avaliação antes, porque depois a janela de mensagens ou o horário de silêncio impediriam o envio (versão { $version } das definições da linha).
told-decided-unknown = Decisão: pedir avaliação, embora não se saiba quando o cliente escreveu pela última vez; a janela de mensagens pode ter fechado (versão { $version } das definições da linha).
told-typing-ended = O cliente escreveu outra coisa. A partir de agora só os botões contam; o que ele escrever vai para o sistema de atendimento.
told-foreign = Alguém carregou num botão desta pergunta a partir de outro endereço. Não conta.
told-by-operator = operador
told-alert-state-digested = num resumo
rating-comment-long = { $n ->
    [one] Escreva no máximo { $n } carácter.
   *[other] Escreva no máximo { $n } caracteres.
}
told-data-removed = Dados pessoais removidos: quem era o cliente, o seu endereço e o que escreveu.
told-imported = Importado de um ficheiro como pedido de avaliação { $request }. Nada foi perguntado e ninguém foi alertado.
ratings-reason-imported = importado de um ficheiro
