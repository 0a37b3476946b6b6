# Quarentena: uma base de dados que veio de uma cópia.
quarantine-title = Quarentena
quarantine-lead = Um banco de dados que veio de uma cópia não sabe o que foi enviado desde então. Ele aceita tudo e não envia nada até que você o libere.
quarantine-now = Status
quarantine-none = O banco de dados não está em quarentena; as mensagens são enviadas normalmente.
quarantine-cause-backup = Este banco de dados é um backup.
quarantine-cause-restored = Este banco de dados foi restaurado de um backup.
quarantine-cause-elsewhere = Este banco de dados foi copiado ou movido de outro lugar.
quarantine-cause-dump = Este banco de dados foi criado a partir de um dump.
quarantine-cause-older = Este banco de dados é mais antigo do que o que funcionava aqui.
quarantine-cause-asleep = Este banco de dados ficou muito tempo parado e pode ser uma cópia antiga.
quarantine-banner = Tudo é aceito, nada é enviado.
quarantine-look = Conferir e liberar
quarantine-due = { $n ->
    [one] { $n } mensagem aguarda envio.
   *[other] { $n } mensagens aguardam envio.
}
quarantine-choose = O que fazer com as mensagens em espera?
quarantine-cancel = Cancelar tudo o que devia sair até agora: talvez já tenha sido enviado
quarantine-moved = Enviar tudo: a instalação mudou para cá e nada funcionou nesse meio-tempo
quarantine-keep = Enviar tudo mesmo assim
quarantine-twice = Antes de liberar, confirme que o outro banco de dados não está mais em uso. Senão os clientes receberão a mesma pergunta duas vezes.
quarantine-release = Liberar
done-quarantine-released = O banco de dados voltou a enviar. Mensagens canceladas: { $name }.
