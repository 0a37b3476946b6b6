# Notifications in browsers.
push-title = Notificações neste navegador
push-lead = Este navegador mostra uma avaliação baixa das suas linhas mesmo sem nenhuma página aberta. A linha, a nota, os motivos e as primeiras palavras são enviados pelo serviço de push do fabricante do navegador, criptografados de modo que só este navegador consegue ler. Ao sair da conta aqui, as notificações são desativadas.
push-low = Avaliações baixas
push-late = Avaliações baixas sem resposta no prazo
push-on = Ativar neste navegador
push-keep = Salvar
push-off = Desativar
push-remove = Remover
push-gone = Não pode mais ser alcançado e foi desativado:
push-insecure = Isso só funciona com https. Use um endereço que comece com https.
push-unsupported = Este navegador não consegue mostrar notificações. No iPhone ou iPad, adicione primeiro o Lastword à tela de início e abra-o por lá.
push-denied = Este navegador bloqueia as notificações deste site. Permita-as nas configurações e tente de novo.
push-failed = Não foi possível ativar. Verifique a conexão e tente de novo.
push-no-script = As notificações precisam de JavaScript.
done-push-on = As notificações estão ativadas neste navegador.
done-push-kept = Salvo.
done-push-off = As notificações estão desativadas lá.
