# Chats do chat web próprio.
nav-chats = Chats
chats-title = Chats
chats-lead = Os visitantes do seu site escrevem aqui. Quando um chat é encerrado, pedimos uma avaliação ao cliente.
chats-open = Chats abertos
chats-closed = Encerrados nas últimas 24 horas
chats-visitor = Visitante { $code }
chats-waits = Aguarda resposta
chats-n-waiting = { $n ->
    [one] { $n } chat aguarda resposta
   *[other] { $n } chats aguardam resposta
}
chats-no-text = Sem texto
chats-not-rated = sem avaliação
chats-none-title = Nenhum chat aberto
chats-none = Novos chats aparecem aqui automaticamente.
chats-no-site-title = Ainda não há chat web
chats-no-site = Conecte um chat web e inclua uma linha de HTML no seu site. Depois disso, os visitantes poderão escrever para você aqui.
chats-connect = Conectar um chat web
chats-choose-title = Selecione um chat
chats-choose = A conversa aparecerá aqui.
chats-messages = Mensagens
chats-close = Encerrar chat
chats-is-closed = Chat encerrado:
chats-write = Sua mensagem
chats-as = O visitante vê seu nome: { $name }.
chats-keys = Enter envia; Shift+Enter começa uma nova linha.
chats-send = Enviar
chats-not-sent = A mensagem não foi enviada. Verifique a conexão e envie de novo.
chats-wrong-empty = Escreva uma mensagem.
chats-wrong-long = Escreva no máximo { $n } caracteres.
chats-wrong-closed = Não enviada: este chat foi encerrado enquanto isso.
chats-news = Um visitante aguarda resposta
chats-notify-on = Avisar neste navegador
chats-notify-off = Avisos ativados
chats-notify-denied = Este navegador bloqueia avisos
done-chat-closed = Chat encerrado.
connection-chats = Responder aos visitantes
connection-chats-words = As mensagens dos visitantes chegam à página “Chats”. Responda e encerre os chats por lá; nenhum outro programa é necessário.
