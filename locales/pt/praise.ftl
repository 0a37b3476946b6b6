# Praise for operators, and the public review link.
set-praise = Avisar o atendente sobre elogios
set-praise-hint = A melhor nota com comentário: na página do próprio atendente e em uma mensagem, se ele for destinatário. Não se diz quem a deu.
set-review_link = Link para avaliações públicas
set-review_link-hint = Aparece com o agradecimento para todos os que responderam, seja qual for a nota. Deixe vazio para não mostrar a ninguém.
set-bad-review-link = Escreva um endereço de no máximo 200 caracteres que comece com https://.
set-texts-review = Texto antes do link de avaliação
set-texts-review-hint = Todos leem o mesmo. Campos automáticos: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
set-bad-review-gated = Este texto depende da nota, por isso não pode levar ao site de avaliações: o link vai para todos os que responderam ou para ninguém.
alert-kind-praise = Elogio
me-praise = Elogios
me-praise-none = Ninguém deu a melhor nota com comentário nos últimos 90 dias.
