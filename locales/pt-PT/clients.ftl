# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
clients-find-hint = O identificador da pessoa no sistema de atendimento, um chat, um telefone ou um e-mail, como o serviço de mensagens os conhece. Não é possível procurar pelo nome.
clients-none-yet-lead = Escreva acima o que sabe do cliente.
clients-last = Último contacto
client-held-clients = Registo do cliente
client-file-hint = Um ficheiro JSON para o cliente. A exportação consta no registo de alterações, sem o identificador do cliente.
client-erase-lead = As perguntas abertas são canceladas. A identidade do cliente, os endereços e tudo o que escreveu são removidos em todo o lado. As notas e os contadores ficam e já não apontam para a pessoa. Isto não pode ser desfeito; se o cliente voltar, será novo.
client-erase-backups = As cópias de segurança anteriores ainda contêm os dados até serem apagadas.
client-confirm = Escreva { $id } para confirmar
client-is-asked = Este cliente é consultado conforme as definições das linhas.
client-opt-out-hint = Em todos os canais, até que o cliente ou alguém da equipa o desfaça. As perguntas abertas são canceladas. Continua a valer mesmo depois de apagar o cliente.
client-told-by-button = o cliente carregou no botão
done-client-opted-out = Este cliente já não será consultado.
