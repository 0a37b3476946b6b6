# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
ratings-wrong = Veja o campo assinalado. Nada do que escreveu se perdeu.
ratings-cut = Muitos chats foram verificados e nenhum corresponde. Procure mais para trás ou filtre por data, linha ou operador.
sift-operator = Operador
sift-unanswered = À espera da nossa resposta
sift-operator-none = Sem operador
sift-not-a-day = Escreva uma data como 2026-09-30.
sift-only-answered = Só chats avaliados têm isso: escolha o resultado «Avaliado».
sift-no-word = Escreva pelo menos uma palavra.
sift-too-many-words = Escreva no máximo 8 palavras.
sift-unreadable = Demasiado longo ou com caracteres não permitidos.
ratings-grade-bad = má
ratings-reason-no-operator = nenhum operador participou
ratings-reason-operator-silent = o operador não escreveu
ratings-reason-blocked = o cliente bloqueou-nos
ratings-reason-restored = a base de dados foi restaurada
ratings-column-operator = Operador
ratings-column-operator-name = Nome do operador
ratings-column-close = Encerramento n.º
rating-own-hint = Visível só para a equipa, nunca para os clientes. Até 10 000 caracteres.
rating-own-keep = Guardar a nota
rating-score-outrun = { $name } avaliou esta conversa enquanto escrevia. A nota dessa pessoa está abaixo; guarde a sua de novo para a substituir.
done-scored = Nota guardada.
done-asked-by-hand = O cliente está a ser consultado.
rating-ask-lead = O cliente não foi consultado sobre este chat. Pode mandar perguntar agora, uma vez.
told-opted-out = O cliente pediu para não voltar a ser consultado: { $way }.
told-way-person = indicado por alguém da equipa
told-closed = Encerrado por { $by } (encerramento { $close }), operador { $operator }.
told-closed-alone = Encerrado por { $by } (encerramento { $close }), sem operador.
told-decided = Decidiu-se perguntar (versão { $version } das definições da linha).
told-decided-early = Decidiu-se perguntar antes, porque a janela ou as horas de silêncio impediriam depois (versão { $version } das definições da linha).
told-decided-unknown = Decidiu-se perguntar embora não se saiba quando o cliente escreveu pela última vez; a janela pode estar fechada (versão { $version } das definições da linha).
told-typing-ended = O cliente escreveu outra coisa. A partir de agora só os botões contam; o que ele escrever vai para o sistema de atendimento.
told-foreign = Alguém carregou num botão desta pergunta a partir de outro endereço. Não conta.
told-state-sending = a ser enviado
told-by-operator = operador
told-alert-state-digested = num resumo
rating-comment-long = { $n ->
    [one] No máximo { $n } carácter.
   *[other] No máximo { $n } caracteres.
}
told-data-removed = Dados pessoais removidos: quem era o cliente, os seus endereços e o que escreveu.
told-imported = Importado de um ficheiro como pedido de avaliação { $request }. Ninguém foi consultado nem alertado.
ratings-reason-imported = importado de um ficheiro
