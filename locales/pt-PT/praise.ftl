# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
set-praise = Avisar o operador dos elogios
set-praise-hint = A melhor nota com comentário: na página do próprio operador e numa mensagem, se ele for destinatário. Não se diz quem a deu.
set-review_link-hint = Aparece com o agradecimento a todos os que responderam, seja qual for a nota. Deixe vazio para não o mostrar a ninguém.
set-bad-review-link = Escreva um endereço com 200 caracteres no máximo que comece por https://.
set-texts-review-hint = Todos leem o mesmo. Marcadores: #NAME#, #OPERATOR#, #LINE#, #ORGANISATION#, #SESSION#
