# A lista de avaliações: vários valores num filtro, totais, a avaliação ao lado, visualizações salvas.
sift-too-many-values = Escolha no máximo 50 valores.
sift-several = { $n } escolhidos
sift-operator-other = ID de outro atendente
ratings-all = Todas
ratings-with-words = Com texto
sums-title = Esta lista em números
sums-closes = { $n ->
    [one] chat encerrado
   *[other] chats encerrados
}
sums-ratings = { $n ->
    [one] avaliação
   *[other] avaliações
}
sums-good = boas
sums-low = baixas
sums-commented = com comentário
sums-waiting = aguardam resposta
sums-wait = Contando…
sums-wait-now = Contar agora
sums-since = Contado desde { $day }. Chats anteriores não estão incluídos.
drawer-close = Fechar
shortcut-open = Abrir a avaliação
shortcut-close = Fechar a avaliação
views-title = Visualizações salvas
views-lead = Uma visualização é um filtro com nome. As compartilhadas são vistas por todos que podem ver avaliações, mas só com os chats das próprias linhas.
views-new = Salvar esta visualização
views-edit = Gerenciar visualizações
views-name = Nome
views-words = O filtro inteiro é salvo, menos as palavras procuradas.
views-share = Compartilhar com a equipe
views-shared = compartilhada
views-save = Salvar
views-delete = Excluir
views-all = Todas as visualizações
views-none = Ainda não há visualizações salvas. Filtre as avaliações e escolha “Salvar esta visualização”.
views-by = de { $name }
views-no-name = Digite um nome.
views-long-name = No máximo { $n } caracteres.
views-same-name = Já existe uma visualização com esse nome. Escolha outro.
views-too-many = Você já tem { $n } visualizações. Exclua uma primeiro.
views-too-many-shared = A equipe já compartilha { $n } visualizações. Deixe de compartilhar uma primeiro.
done-view-saved = Visualização “{ $name }” salva.
done-view-deleted = Visualização “{ $name }” excluída.
audit-act-view-saved = Visualização salva:
audit-act-view-deleted = Visualização excluída:
