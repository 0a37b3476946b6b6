# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
clients-find-hint = Um nome ou o início dele, o identificador do cliente no sistema de atendimento, o de um chat, um telefone ou um e-mail.
clients-none-yet-lead = Escreva acima um nome, um identificador, um telefone ou um e-mail.
clients-nobody-lead = Nenhum chat das suas linhas tem este nome, identificador ou endereço, ou os dados pessoais já foram removidos. Verifique o que escreveu.
clients-last = Último contacto
client-held-clients = Registo do cliente
client-file-hint = Um ficheiro JSON para entregar ao cliente. A exportação fica no registo de alterações, sem o identificador do cliente.
client-erase-lead = As perguntas abertas são canceladas. A identidade do cliente, os endereços e tudo o que escreveu são removidos de todo o lado. As notas e os contadores ficam, mas já não apontam para a pessoa. Não é possível desfazer; se o cliente voltar, será tratado como novo.
client-erase-backups = As cópias de segurança anteriores continuam com os dados até serem apagadas.
client-confirm = Escreva { $id } para confirmar
client-confirm-wrong = Este não é o identificador do cliente, por isso nada foi apagado. Escreva-o exatamente como aparece.
client-is-asked = Este cliente recebe pedidos de avaliação conforme as definições das linhas.
client-opt-out-hint = Em todos os canais, até que o cliente ou alguém da equipa o desfaça. As perguntas abertas são canceladas. Continua a valer mesmo depois de apagar o cliente.
client-told-by-button = o cliente carregou no botão
client-told-by-mail = o cliente, pela aplicação de e-mail
done-client-opted-out = Este cliente já não receberá pedidos de avaliação.
