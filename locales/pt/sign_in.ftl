# A entrada e a própria conta.
sign-in = Entrar
sign-in-empty = Digite o seu usuário e a sua senha.
sign-in-wrong = Usuário ou senha incorretos.
sign-in-wait-seconds = { $n ->
    [one] Tentativas demais. Tente de novo em { $n } segundo.
   *[other] Tentativas demais. Tente de novo em { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Tentativas demais. Tente de novo em { $n } minuto.
   *[other] Tentativas demais. Tente de novo em { $n } minutos.
}
sign-in-plain = Esta conexão não é criptografada: outros na rede podem ler a sua senha. Use um endereço que comece com https.
sign-in-nobody = Ainda não há contas. O console do servidor mostra um link para criar o primeiro administrador; reinicie o servidor para vê-lo de novo.
sign-in-forgot = Esqueceu a senha? Um administrador pode lhe dar um link para escolher outra.
field-login = Usuário
field-login-hint = Letras, números e - _ . @ +
field-name = Seu nome
field-name-hint = O que os outros veem.
field-password = Senha
field-password-now = Senha atual
field-password-new = Nova senha
field-password-again = Repita a nova senha
field-password-hint = Pelo menos 12 caracteres. Quatro palavras sem relação são fáceis de lembrar e difíceis de adivinhar.
first-title = Criar o primeiro administrador
first-lead = Esta é a sua própria instalação do Lastword. A primeira conta pode fazer tudo e adiciona as outras.
first-make = Criar a conta
choose-title = Escolher uma senha
choose-keep = Salvar a senha
account-who = O seu usuário é { $login }.
account-title = Minha conta
account-password = Senha
account-logins = Sessões abertas
account-logins-lead = A sessão termina após 30 minutos sem atividade e, em todo caso, após 12 horas.
account-this = este navegador
account-since = desde
account-seen = última atividade
account-end-others = Encerrar todas as outras sessões
password-short = A senha precisa de pelo menos { $n } caracteres.
password-long = A senha pode ter no máximo { $n } caracteres.
password-common = Esta é uma das senhas mais comuns. Escolha outra.
password-holds-login = A senha não pode conter o usuário.
password-differs = As duas senhas não coincidem.
password-now-wrong = Esta não é a sua senha atual.
name-wrong = Digite um nome de 1 a 100 caracteres em uma linha.
login-wrong = Digite de 1 a 100 letras, números ou - _ . @ +, sem espaços.
done-password = Senha alterada. Todas as outras sessões foram encerradas.
done-logins = Sessão encerrada lá.
done-signed-out = Você saiu da conta.
