# Onde o português de Portugal difere do do Brasil; o resto está em ../pt.
chats-no-site = Ligue um chat web e inclua uma linha de HTML no seu site. Depois, os visitantes podem escrever-lhe aqui.
chats-connect = Ligar um chat web
chats-write = A sua mensagem
chats-as = O visitante vê o seu nome: { $name }.
chats-not-sent = A mensagem não foi enviada. Verifique a ligação e envie de novo.
chats-wrong-closed = Não enviada: este chat foi entretanto encerrado.
