# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
recipient-person-hint = Alertada por uma ligação, num endereço.
recipient-connection = Ligação
recipient-connection-hint = Só ligações que levam alertas.
recipient-operator = Identificador de operador
recipient-operator-hint = Como no sistema de atendimento, para que alertas para «o operador responsável» cheguem a esta pessoa.
recipient-bad-name = Escreva de 1 a 200 caracteres numa linha.
recipient-bad-connection = Escolha uma ligação que leve alertas.
recipient-bad-operator = Escreva um identificador de 1 a 200 caracteres ou deixe vazio.
recipient-bad-operator-taken = Outro destinatário já tem este identificador de operador.
tested-sending = o teste está a ser enviado…
tested-dead = abandonado após demasiadas tentativas
tested-channel-unlinked = a ligação não existe ou não leva alertas
tested-operator-not-linked = nenhum destinatário tem este identificador de operador
done-recipient-saved = { $name } foi guardado.
connections-none = Ainda não há ligações
connections-none-words = As ligações são definidas no ficheiro de definições do servidor. Veja abaixo o que escrever.
connection-gone = não está nas definições
connection-gone-words = O nó que respondeu não a tem nas definições. Outros nós talvez a tenham.
connection-stopped-words = As mensagens estão à espera. Da plataforma:
connection-resume-hint = Depois de resolvida a causa. As mensagens em espera são enviadas de imediato.
connection-waits = À espera de envio
connection-stuck = Presas
connection-desk-waits = { $n ->
    [one] { $n } pedido em espera
   *[other] { $n } pedidos em espera
}
connection-new = Configurar uma nova ligação
connection-secrets = Os segredos ficam no ambiente: nunca na base de dados, nunca mostrados
connection-kind-webchat = Chat web num site
link-guessed = http.public_url não está definido: o endereço começa como aquele com que abriu esta página. Verifique-o antes de o usar.
recipient-delete = Eliminar este destinatário
recipient-delete-words = Só se nenhuma linha e nenhum grupo o usar. Os alertas passados ficam no registo.
recipient-delete-sure = Sim, eliminar este destinatário.
recipient-hangs = Não pode ser eliminado por causa de: { $what }.
done-recipient-deleted = { $name } foi eliminado.
