# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
b24-lead = As mesmas definições com os nomes do Bitrix24, como imopenlines.config.get as devolve e imopenlines.config.update as aceita.
b24-in-words = Cole a resposta de imopenlines.config.get ou só os campos dela. Verá uma pré-visualização antes de qualquer alteração.
b24-look = Pré-visualização
b24-file = Transferir
b24-none-of-it = Não são definições de uma linha aberta do Bitrix24: não há nenhum campo VOTE_…
b24-why-one-text-for-all = Aqui todos os canais usam um só texto; a forma de responder a escrever é acrescentada onde for precisa.
b24-why-alerts-are-ours = Escolha destinatários em «Alertas», no separador Avaliação.
b24-why-unknown-macro = Contém um marcador desconhecido; escreva as palavras.
