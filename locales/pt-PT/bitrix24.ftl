# Where Portugal's Portuguese differs from Brazil's; everything else is in ../pt.
b24-lead = As definições desta linha com os nomes do Bitrix24, como imopenlines.config.get as devolve e imopenlines.config.update as aceita.
b24-in-words = Cole a resposta de imopenlines.config.get ou só os campos dela. Verá uma pré-visualização antes de qualquer alteração.
b24-look = Pré-visualizar
b24-file = Transferir
b24-unreadable = Isto não é um JSON válido. Cole a resposta completa, com as chavetas.
b24-none-of-it = Estas não são definições de uma linha aberta do Bitrix24: nenhum campo VOTE_… foi encontrado. Cole a resposta de imopenlines.config.get.
b24-why-one-text-for-all = Aqui todos os canais usam um só texto; a instrução para responder por escrito é acrescentada onde for preciso.
b24-why-alerts-are-ours = Escolha os destinatários em «Alertas», no separador «Avaliação».
b24-why-empty-is-built-in = Vazio: valem os textos predefinidos.
b24-why-unknown-macro = Contém um marcador desconhecido; escreva as palavras por extenso.
