# A entrada e a própria conta.
sign-in = Entrar
sign-in-empty = Digite seu usuário e sua senha.
sign-in-wrong = Usuário ou senha incorretos.
sign-in-wait-seconds = { $n ->
    [one] Muitas tentativas. Tente de novo em { $n } segundo.
   *[other] Muitas tentativas. Tente de novo em { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Muitas tentativas. Tente de novo em { $n } minuto.
   *[other] Muitas tentativas. Tente de novo em { $n } minutos.
}
sign-in-plain = Esta conexão não é criptografada: outras pessoas na rede podem ler sua senha. Use um endereço que comece com https.
sign-in-nobody = Ainda não há contas. O console do servidor mostra um link para criar o primeiro administrador; reinicie o servidor para vê-lo de novo.
sign-in-forgot = Esqueceu a senha? Um administrador pode dar a você um link para escolher outra.
field-login = Usuário
field-login-hint = Letras, números e - _ . @ +
field-name = Seu nome
field-name-hint = Aparece para os outros.
field-password = Senha
field-password-now = Senha atual
field-password-new = Nova senha
field-password-again = Repita a nova senha
field-password-hint = Pelo menos 12 caracteres. Quatro palavras sem relação são fáceis de lembrar e difíceis de adivinhar.
first-title = Criar o primeiro administrador
first-lead = Esta é a sua instalação do Lastword. A primeira conta pode fazer tudo e adiciona as outras.
first-make = Criar conta
choose-title = Escolha uma senha
choose-keep = Salvar senha
account-who = Seu usuário é { $login }.
account-title = Minha conta
account-password = Senha
account-logins = Dispositivos conectados
account-logins-lead = O acesso termina após 30 minutos sem atividade e, em todo caso, após 12 horas.
account-this = este navegador
account-since = desde
account-seen = última atividade
account-end-others = Sair de todos os outros dispositivos
password-short = A senha precisa de pelo menos { $n } caracteres.
password-long = A senha pode ter no máximo { $n } caracteres.
password-common = Esta é uma das senhas mais comuns. Escolha outra.
password-holds-login = A senha não pode conter seu usuário.
password-differs = As duas senhas não coincidem.
password-now-wrong = Esta não é sua senha atual.
name-wrong = Digite um nome de 1 a 100 caracteres em uma só linha.
login-wrong = Digite de 1 a 100 letras, números ou - _ . @ +, sem espaços.
done-password = Senha alterada. O acesso foi encerrado em todos os outros dispositivos.
done-logins = O acesso foi encerrado nos outros dispositivos.
done-signed-out = Você saiu da conta.
manual-title = Manual
manual-steps = Passo a passo, no manual
