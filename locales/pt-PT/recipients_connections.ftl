# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
recipient-person-hint = Alertada por uma ligação, num endereço.
recipient-connection = Ligação
recipient-connection-hint = Só ligações que levam alertas.
recipient-operator = Identificador do operador
recipient-operator-hint = Como no sistema de atendimento, para que os alertas para «o operador responsável» cheguem a esta pessoa.
recipient-bad-name = Escreva de 1 a 200 caracteres numa só linha.
recipient-bad-connection = Escolha uma ligação que leve alertas.
recipient-bad-operator = Escreva um identificador de 1 a 200 caracteres ou deixe em branco.
recipient-bad-operator-taken = Outro destinatário já tem este identificador de operador.
tested-sending = a enviar o teste…
tested-dead = abandonado após demasiadas tentativas
tested-channel-unlinked = a ligação não existe ou não leva alertas
tested-operator-not-linked = nenhum destinatário tem este identificador de operador
done-recipient-saved = Destinatário { $name } guardado.
connections-lead = As contas por onde passam as mensagens e se estão a funcionar.
connections-none = Ainda não há ligações
connections-none-words = Adicione um bot, um número, um site ou um sistema de atendimento. Depois os clientes podem ser questionados.
connection-deaf-words = Nada chega por ela, por isso podem perder-se respostas. Motivo:
connection-gone-words = O nó que respondeu não a tem, nem nas definições nem na base de dados. Outros nós talvez a tenham.
connection-resume-hint = Retome quando a causa estiver resolvida. As mensagens em espera são enviadas de imediato.
connection-stuck = Presas
connection-desk-waits = { $n ->
    [one] { $n } pedido em espera
   *[other] { $n } pedidos em espera
}
connection-desk-passed = último aceite
connection-desk-dropped = Expirados antes de chegar ao sistema de atendimento
connection-kind-webchat = Chat web num site
done-connection-resumed = Ligação { $name } retomada.
refused-words = Chamadas de aplicações de mensagens e sistemas de atendimento que não puderam ser aceites, tal como foram enviadas. Cada uma fica guardada durante 30 dias, no máximo.
link-guessed = Criado a partir do endereço desta página, porque public_url não está definido. Verifique-o antes de o usar.
recipient-delete = Eliminar este destinatário
recipient-delete-words = Só se nenhuma linha e nenhum grupo o usar. Os alertas passados ficam no registo.
recipient-delete-sure = Sim, eliminar este destinatário.
recipient-hangs = Não pode ser eliminado por causa de: { $what }.
done-recipient-deleted = Destinatário { $name } eliminado.
