# Notifications in browsers.
push-lead = Este navegador mostra uma avaliação baixa das suas linhas mesmo sem nenhuma página aberta. A linha, a nota, os motivos e as primeiras palavras são enviados pelo serviço de push do fabricante do navegador, cifrados de modo que só este navegador os consegue ler. Ao terminar a sessão aqui, as notificações são desativadas.
push-keep = Guardar
push-gone = Já não está acessível e foi desativado:
push-insecure = Isto só funciona com https. Use um endereço que comece por https.
push-unsupported = Este navegador não consegue mostrar notificações. No iPhone ou iPad, adicione primeiro o Lastword ao ecrã principal e abra-o a partir daí.
push-denied = Este navegador bloqueia as notificações deste site. Permita-as nas definições e tente novamente.
push-failed = Não foi possível ativar. Verifique a ligação e tente novamente.
done-push-kept = Guardado.
