# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
quarantine-lead = Uma base de dados que veio de uma cópia não sabe o que foi enviado desde então. Aceita tudo e não envia nada até que a liberte.
quarantine-now = Estado
quarantine-none = A base de dados não está em quarentena; as mensagens são enviadas normalmente.
quarantine-cause-backup = Esta base de dados é uma cópia de segurança.
quarantine-cause-restored = Esta base de dados foi restaurada de uma cópia de segurança.
quarantine-cause-elsewhere = Esta base de dados foi copiada ou movida de outro lugar.
quarantine-cause-dump = Esta base de dados foi criada a partir de um dump.
quarantine-cause-older = Esta base de dados é mais antiga do que a que funcionava aqui.
quarantine-cause-asleep = Esta base de dados esteve muito tempo parada e pode ser uma cópia antiga.
quarantine-banner = Tudo é aceite, nada é enviado.
quarantine-look = Verificar e libertar
quarantine-moved = Enviar tudo: a instalação mudou-se para aqui e entretanto nada funcionou
quarantine-twice = Antes de libertar, confirme que a outra base de dados já não está em uso. Caso contrário, os clientes recebem a mesma pergunta duas vezes.
quarantine-release = Libertar
done-quarantine-released = A base de dados voltou a enviar. Mensagens canceladas: { $name }.
