# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
letters-lead = Um breve resumo para quem responde pelos números: o resultado com o seu intervalo, o que mudou segundo os dados e o que pede atenção.
letters-none-words = Uma carta vai para um destinatário, na língua dele, uma vez para cada dia, semana ou mês.
letter-every-weekly = todas as segundas-feiras
letter-every-monthly = no dia 1 de cada mês
letter-weekly = todas as segundas-feiras às { $hour }
letter-monthly = no dia 1 de cada mês às { $hour }
letter-preview = Pré-visualização
letter-send-hint = Envia este texto agora. A carta habitual virá na mesma.
letter-delete = Eliminar esta carta
letter-bad-hour = Indique uma hora, de 0 a 23.
letter-bad-lines = Escolha linhas que possa ver.
done-letter-deleted = Carta { $name } eliminada.
done-letter-nobody = Não é possível chegar a ninguém: verifique o destinatário.
audit-act-letter-saved = Carta guardada:
audit-act-letter-deleted = Carta eliminada:
