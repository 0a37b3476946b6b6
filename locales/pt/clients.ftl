# The page "Clients": find, hand out, erase.
nav-clients = Clientes
clients-title = Clientes
clients-lead = Tudo o que é guardado sobre um cliente: para entregar ou apagar.
clients-find = Cliente
clients-find-hint = O identificador da pessoa no seu sistema, um chat, um telefone ou um e-mail, como o mensageiro os conhece. Nomes não são guardados.
clients-search = Procurar
clients-none-yet = Quem procura?
clients-none-yet-lead = Escreva acima o que sabe do cliente.
clients-nobody = Ninguém é conhecido assim
clients-nobody-lead = Nada é guardado sobre este cliente, ou os dados pessoais já foram removidos.
clients-found = { $n ->
    [one] { $n } cliente encontrado
   *[other] { $n } clientes encontrados
}
clients-id = Cliente
clients-sessions = Sessões
clients-last = Última vez
client-held = O que é guardado
client-held-clients = Registro do cliente
client-held-sessions = Sessões
client-held-rating-requests = Encerramentos
client-held-ratings = Avaliações
client-held-answers = Respostas
client-held-supervisor-scores = Notas do supervisor
client-held-deliveries = Mensagens enviadas
client-held-earlier-addresses = Endereços anteriores
client-held-conversations = Conversas
client-held-messages = Mensagens do chat
client-held-visitors = Visitante do chat do site
client-held-session-events = Eventos das sessões
client-file = Baixar tudo
client-file-hint = Um arquivo JSON para o cliente. O registro diz que foi criado, sem o identificador do cliente.
client-erase = Apagar este cliente
client-erase-lead = As perguntas abertas são canceladas. Quem é o cliente, onde lhe escreveram e o que ele escreveu é removido em toda parte. As notas e os contadores ficam e nada dizem da pessoa. Não pode ser desfeito; quem volta é novo.
client-erase-backups = Nas cópias de segurança anteriores os dados ficam até que elas sejam apagadas.
client-confirm = Escreva { $id } para confirmar
client-confirm-wrong = Este não é o identificador do cliente. Nada foi apagado.
client-erase-now = Apagar tudo
done-client-erased = Tudo sobre o cliente foi apagado.
