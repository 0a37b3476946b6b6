# A entrada e a própria conta.
sign-in = Entrar
sign-in-empty = Digite o seu usuário e a sua senha.
sign-in-wrong = O usuário ou a senha está errado.
sign-in-wait-seconds = { $n ->
    [one] Tentativas demais. Tente de novo em { $n } segundo.
   *[other] Tentativas demais. Tente de novo em { $n } segundos.
}
sign-in-wait-minutes = { $n ->
    [one] Tentativas demais. Tente de novo em { $n } minuto.
   *[other] Tentativas demais. Tente de novo em { $n } minutos.
}
sign-in-plain = Esta conexão não é criptografada: outros podem ler a sua senha no caminho. Use um endereço que comece com https.
sign-in-nobody = Ninguém tem conta ainda. O console do servidor mostra um link que cria o primeiro administrador; ele aparece de novo quando o servidor inicia.
sign-in-forgot = Esqueceu a senha? Um administrador pode lhe dar um link para escolher outra.
field-login = Usuário
field-login-hint = O que você digita para entrar: letras, números e - _ . @ +
field-name = Seu nome
field-name-hint = Como os outros o veem.
field-password = Senha
field-password-now = Senha atual
field-password-new = Nova senha
field-password-again = Nova senha outra vez
field-password-hint = 12 caracteres ou mais. Quatro palavras sem relação são fáceis de lembrar e difíceis de adivinhar.
first-title = Criar o primeiro administrador
first-lead = Esta é a sua própria instalação do Lastword. A primeira conta pode tudo e adiciona as outras.
first-make = Criar a conta
choose-title = Escolher uma senha
choose-keep = Guardar a senha
account-who = Você entra como { $login }.
account-title = Minha conta
account-password = Senha
account-logins = Onde a sua conta está aberta
account-logins-lead = Ela se fecha após 30 minutos sem uso e, em todo caso, após 12 horas.
account-this = este navegador
account-since = desde
account-seen = último uso
account-end-others = Sair em todos os outros
password-short = A senha precisa de pelo menos { $n } caracteres.
password-long = A senha pode ter no máximo { $n } caracteres.
password-common = Esta senha é uma das primeiras que se tentam. Escolha outra.
password-holds-login = A senha não pode conter o usuário.
password-differs = As duas senhas não são iguais.
password-now-wrong = Esta não é a sua senha atual.
name-wrong = Escreva um nome de 1 a 100 caracteres em uma linha.
login-wrong = De 1 a 100 letras, números ou - _ . @ +, sem espaços.
done-password = A nova senha vale a partir de agora. Os outros acessos foram encerrados.
done-logins = Encerrado lá.
done-signed-out = Você saiu da conta.
