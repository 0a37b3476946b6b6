# O painel dentro do sistema de atendimento.
panel-title = Avaliação
panel-no-script = Este painel precisa de JavaScript.
panel-sign-in-lead = Com a sua conta do Lastword. Você continua conectado enquanto esta aba estiver aberta.
panel-waiting = Escolha um chat para ver aqui a avaliação.
panel-failed = Não foi possível conectar ao servidor. Tente de novo.
panel-chat = Chat { $id }
panel-unknown = Ainda não se sabe nada deste chat, ou ele não é das suas linhas. Ele aparece aqui quando o sistema de atendimento o informar.
panel-open = Abrir no Lastword
panel-hold = Não perguntar
panel-hold-lead = A pergunta ainda não foi enviada. Ainda é possível deixar este chat de fora.
panel-held = A avaliação deste chat não será pedida ao cliente.
panel-too-late = Não é mais possível: o chat mudou nesse meio-tempo.
panel-earlier = Avaliações anteriores deste cliente
panel-earlier-none = Nenhuma que você possa ver.
