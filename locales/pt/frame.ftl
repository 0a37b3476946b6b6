# O que está em todas as páginas.
skip = Ir para o conteúdo
menu = Menu
nav-today = Hoje
nav-ratings = Avaliações
nav-low = Avaliações baixas
nav-operators = Atendentes
nav-me = Minhas avaliações
nav-lines = Linhas
nav-recipients = Destinatários
nav-connections = Conexões
nav-deliveries = Envios
nav-alerts = Alertas
nav-audit = Registro
nav-people = Pessoas e chaves
role-admin = Administrador
role-supervisor = Supervisor
role-operator = Atendente
theme = Aparência
theme-auto = Auto
theme-light = Claro
theme-dark = Escuro
language = Idioma
sign-out = Sair
login-ended = Você saiu da conta.
n-waiting = { $n ->
    [one] { $n } avaliação baixa espera resposta
   *[other] { $n } avaliações baixas esperam resposta
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
score-good = Bom
score-bad = Ruim
score-stars = { $n } de 5 estrelas
problem-home = Ir para o início
problem-id = O registro do servidor conhece esta chamada por { $id }.
problem-missing-title = Não há nada aqui
problem-missing = O endereço está errado, o link não vale mais ou não é para a sua conta.
problem-forbidden-title = Não permitido
problem-forbidden = A sua função não permite isto, ou o formulário era antigo demais. Volte, carregue a página de novo e tente outra vez.
problem-large-title = Demais para este arquivo
problem-large = A lista é longa demais para este arquivo. Baixe o arquivo CSV ou restrinja o filtro, por exemplo a um período mais curto.
problem-often-title = Chamadas demais
problem-often = Espere um momento e tente de novo.
problem-busy-title = Ocupado no momento
problem-busy = Nada se perdeu. Tente de novo em alguns segundos.
problem-internal-title = Algo deu errado do nosso lado
problem-internal = Nada ficou pela metade. Tente de novo; se continuar, avise quem cuida deste servidor.
problem-conflict-title = Alguém foi mais rápido
problem-conflict = O que você queria mudar já está diferente. Volte, carregue a página de novo e olhe.
problem-wrong-title = Assim não dá
problem-wrong = Algo no formulário ou no endereço não faz sentido aqui. Volte e olhe de novo.
table-scrolls = Há mais colunas: deslize a tabela para o lado.
