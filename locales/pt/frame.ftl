# O que está em todas as páginas.
skip = Ir para o conteúdo
menu = Menu
nav-work = Trabalho
nav-numbers = Números
nav-setup = Configuração
nav-today = Hoje
nav-ratings = Avaliações
nav-low = Avaliações baixas
nav-operators = Atendentes
nav-me = Minhas avaliações
nav-lines = Linhas
nav-recipients = Destinatários
nav-connections = Conexões
nav-deliveries = Mensagens
nav-alerts = Alertas
nav-audit = Registro de alterações
nav-people = Pessoas e chaves de API
role-admin = Administrador
role-supervisor = Supervisor
role-operator = Atendente
theme = Aparência
theme-auto = Auto
theme-light = Claro
theme-dark = Escuro
language = Idioma
sign-out = Sair
login-ended = Sua conta foi desconectada.
n-waiting = { $n ->
    [one] { $n } avaliação baixa a responder
   *[other] { $n } avaliações baixas a responder
}
just-now = agora mesmo
ago-minutes = { $n ->
    [one] há { $n } minuto
   *[other] há { $n } minutos
}
ago-hours = { $n ->
    [one] há { $n } hora
   *[other] há { $n } horas
}
ago-days = { $n ->
    [one] há { $n } dia
   *[other] há { $n } dias
}
date = { $day } de { $month } de { $year }
date-time = { $date }, { $time }
today-at = hoje, { $time }
month-short-1 = jan.
month-short-2 = fev.
month-short-3 = mar.
month-short-4 = abr.
month-short-5 = mai.
month-short-6 = jun.
month-short-7 = jul.
month-short-8 = ago.
month-short-9 = set.
month-short-10 = out.
month-short-11 = nov.
month-short-12 = dez.
score-good = Boa
score-bad = Ruim
score-stars = { $n } de 5 estrelas
problem-home = Ir para a página inicial
problem-id = Referência para o log: { $id }
problem-missing-title = Página não encontrada
problem-missing = O endereço está errado, o link expirou ou sua conta não tem acesso.
problem-forbidden-title = Não permitido
problem-forbidden = Seu perfil não permite isso ou o formulário expirou. Volte, recarregue a página e tente de novo.
problem-large-title = Grande demais para um arquivo
problem-large = A lista é longa demais para este tipo de arquivo. Baixe em CSV ou restrinja o filtro, por exemplo a um período mais curto.
problem-often-title = Muitas solicitações
problem-often = Espere um momento e tente de novo.
problem-busy-title = O servidor está ocupado
problem-busy = Nada foi perdido. Tente de novo em alguns segundos.
problem-internal-title = Algo deu errado
problem-internal = Nada foi alterado. Tente de novo; se continuar acontecendo, avise quem administra este servidor.
problem-conflict-title = Outra pessoa fez uma alteração antes
problem-conflict = O que você queria alterar mudou nesse meio-tempo. Volte, recarregue a página e confira.
problem-wrong-title = Solicitação inválida
problem-wrong = Algo no formulário ou no endereço não é válido. Volte e confira.
table-scrolls = Role para o lado para ver mais colunas.
