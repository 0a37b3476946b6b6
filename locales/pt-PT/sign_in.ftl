# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
sign-in-empty = Escreva o seu utilizador e a sua palavra-passe.
sign-in-wrong = Utilizador ou palavra-passe incorretos.
sign-in-wait-seconds = { $n ->
    [one] Demasiadas tentativas. Tente de novo dentro de { $n } segundo.
   *[other] Demasiadas tentativas. Tente de novo dentro de { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Demasiadas tentativas. Tente de novo dentro de { $n } minuto.
   *[other] Demasiadas tentativas. Tente de novo dentro de { $n } minutos.
}
sign-in-plain = Esta ligação não é encriptada: outras pessoas na rede podem ler a sua palavra-passe. Use um endereço que comece por https.
sign-in-nobody = Ainda não há contas. A consola do servidor mostra um link para criar o primeiro administrador; reinicie o servidor para o ver de novo.
sign-in-forgot = Esqueceu-se da palavra-passe? Um administrador pode dar-lhe um link para escolher outra.
field-login = Utilizador
field-name = O seu nome
field-password = Palavra-passe
field-password-now = Palavra-passe atual
field-password-new = Nova palavra-passe
field-password-again = Repita a nova palavra-passe
choose-title = Escolha uma palavra-passe
choose-keep = Guardar palavra-passe
account-who = O seu utilizador é { $login }.
account-title = A minha conta
account-password = Palavra-passe
account-logins = Dispositivos com acesso
account-logins-lead = O acesso termina após 30 minutos sem atividade e, em todo o caso, após 12 horas.
password-short = A palavra-passe precisa de pelo menos { $n } caracteres.
password-long = A palavra-passe pode ter no máximo { $n } caracteres.
password-common = Esta é uma das palavras-passe mais comuns. Escolha outra.
password-holds-login = A palavra-passe não pode conter o seu utilizador.
password-differs = As duas palavras-passe não coincidem.
password-now-wrong = Esta não é a sua palavra-passe atual.
name-wrong = Escreva um nome de 1 a 100 caracteres numa só linha.
login-wrong = Escreva de 1 a 100 letras, números ou - _ . @ +, sem espaços.
done-password = Palavra-passe alterada. O acesso foi terminado em todos os outros dispositivos.
done-logins = O acesso foi terminado nos outros dispositivos.
done-signed-out = Saiu da conta.
manual-title = Manual
manual-steps = Passo a passo, no manual
